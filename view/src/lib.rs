//! `view!` with the syntax of Leptos and another result: Leptos makes one type per piece of markup, and the program grows by the
//! functions of each; here every piece is a `Tag` of `ui::node`. What never changes becomes markup in one constant.

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{Node, NodeAttribute, NodeElement};
use syn::{Expr, ExprLit, Lit};

/// Markup with holes. Takes elements, `"text"`, `{expressions}`; attributes, `class:name`, `prop:name`, `on:event`, `inner_html`,
/// `node_ref`.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let nodes = match rstml::parse2(tokens.into()) {
        Ok(nodes) => nodes,
        Err(error) => return error.to_compile_error().into(),
    };
    let mut nodes: Vec<TokenStream> = nodes.iter().map(node).collect();
    let out = match nodes.pop() {
        Some(one) if nodes.is_empty() => one,
        Some(last) => quote! { crate::ui::node::Node::Many(::std::vec![#(#nodes,)* #last]) },
        None => quote! { crate::ui::node::Node::Nothing },
    };
    out.into()
}

fn node(node: &Node) -> TokenStream {
    match node {
        Node::Element(element) => tag(element),
        Node::Text(text) => {
            let text = &text.value;
            quote! { crate::ui::node::text(#text) }
        }
        Node::Block(block) => {
            let inner = block.try_block().map(|block| &block.stmts);
            let inner = inner.map_or_else(|| quote! { #block }, |stmts| if stmts.len() == 1 { quote! { #(#stmts)* } } else { quote! { #block } });
            quote! { crate::ui::node::IntoNode::into_node(#inner) }
        }
        other => syn::Error::new_spanned(other, "only elements, text and blocks").to_compile_error(),
    }
}

fn tag(element: &NodeElement<rstml::Infallible>) -> TokenStream {
    let name = element.name().to_string();
    let (mut fixed, mut calls) = (Vec::new(), Vec::new());
    for attribute in element.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return syn::Error::new_spanned(attribute, "only name=value").to_compile_error();
        };
        let key = attribute.key.to_string();
        let value = attribute.value();
        if let (Some(text), false) = (constant(value), key.contains(':') || key == "inner_html") {
            fixed.push(quote! { (#key, #text) });
        } else if let Some(value) = value {
            calls.push(part(&key, value));
        }
    }
    let children = &element.children;
    let markup = if name == "svg" { None } else { markup_of(children) };
    let new = match &markup {
        Some(markup) => quote! { crate::ui::node::Tag::fixed(#name, &[#(#fixed),*], #markup) },
        None => quote! { crate::ui::node::Tag::new(#name, &[#(#fixed),*]) },
    };
    let children: Vec<TokenStream> = if markup.is_some() { Vec::new() } else { children.iter().map(node).collect() };
    let children = (!children.is_empty()).then(|| quote! { .children(::std::vec![#(#children),*]) });
    quote! { crate::ui::node::IntoNode::into_node(#new #(#calls)* #children) }
}

fn part(key: &str, value: &Expr) -> TokenStream {
    match key.split_once(':') {
        Some(("on", event)) => {
            let take = match event {
                "click" | "mouseover" | "mouseleave" => quote!(mouse),
                "pointermove" => quote!(pointer),
                "keydown" => quote!(key),
                "submit" => quote!(submit),
                _ => quote!(plain),
            };
            quote! { .on(#event, crate::ui::node::#take(#value)) }
        }
        Some(("class", name)) => quote! { .class(#name, #value) },
        Some(("prop", name)) => quote! { .prop(#name, #value) },
        None if key == "inner_html" => quote! { .html(#value) },
        None if key == "node_ref" => quote! { .reach(#value) },
        _ => quote! { .attr(#key, #value) },
    }
}

/// The constant text of an attribute: a literal, or nothing (`required`).
fn constant(value: Option<&Expr>) -> Option<String> {
    match value {
        None => Some(String::new()),
        Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) => Some(text.value()),
        Some(_) => None,
    }
}

/// Children that never change, as markup.
fn markup_of(children: &[Node]) -> Option<String> {
    let mut out = String::new();
    for child in children {
        match child {
            Node::Text(text) => out.push_str(&escaped(&text.value.value())),
            Node::Element(element) => {
                let name = element.name().to_string();
                out.push_str(&format!("<{name}"));
                for attribute in element.attributes() {
                    let NodeAttribute::Attribute(attribute) = attribute else { return None };
                    let key = attribute.key.to_string();
                    if key.contains(':') || key == "inner_html" || key == "node_ref" {
                        return None;
                    }
                    out.push_str(&format!(" {key}=\"{}\"", escaped(&constant(attribute.value())?)));
                }
                out.push('>');
                if !matches!(name.as_str(), "br" | "hr" | "input" | "wbr" | "col") {
                    out.push_str(&markup_of(&element.children)?);
                    out.push_str(&format!("</{name}>"));
                }
            }
            _ => return None,
        }
    }
    Some(out)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
