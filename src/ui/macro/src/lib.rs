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
        other => {
            let inner = hole(other);
            quote! { crate::ui::node::IntoNode::into_node(#inner) }
        }
    }
}

/// The expression of a block.
fn hole(node: &Node) -> TokenStream {
    let Node::Block(block) = node else {
        return syn::Error::new_spanned(node, "only elements, text and blocks").to_compile_error();
    };
    match block.try_block() {
        Some(inner) if inner.stmts.len() == 1 => {
            let stmts = &inner.stmts;
            quote! { #(#stmts)* }
        }
        _ => quote! { #block },
    }
}

/// An element: its constant parts become one markup, every place that is computed a hole of it. A hole is an element with the
/// attribute `_`: the element itself for its attributes, a `template` where content comes. Number 0 is the outermost element.
fn tag(element: &NodeElement<rstml::Infallible>) -> TokenStream {
    let mut out = Written { markup: String::new(), calls: Vec::new(), marked: 0 };
    out.element(element, true);
    let Written { markup, calls, .. } = out;
    quote! {{
        let mut __tag = crate::ui::node::Tag::new(#markup);
        #(__tag.#calls;)*
        crate::ui::node::IntoNode::into_node(__tag)
    }}
}

struct Written {
    markup: String,
    calls: Vec<TokenStream>,
    marked: u32,
}

impl Written {
    fn element(&mut self, element: &NodeElement<rstml::Infallible>, outermost: bool) {
        let name = element.name().to_string();
        self.markup.push_str(&format!("<{name}"));
        let mut computed = Vec::new();
        for attribute in element.attributes() {
            let NodeAttribute::Attribute(attribute) = attribute else {
                self.calls.push(syn::Error::new_spanned(attribute, "only name=value").to_compile_error());
                continue;
            };
            let key = attribute.key.to_string();
            let value = attribute.value();
            match (constant(value), value) {
                (Some(text), _) if !key.contains(':') && key != "inner_html" => {
                    let quoted = if text.is_empty() { String::new() } else { format!("=\"{}\"", escaped(&text)) };
                    self.markup.push_str(&format!(" {key}{quoted}"));
                }
                (_, Some(value)) => computed.push((key, value)),
                _ => {}
            }
        }
        if !computed.is_empty() {
            let at = if outermost { 0 } else { self.mark() };
            self.calls.extend(computed.into_iter().map(|(key, value)| part(at, &key, value)));
        }
        self.markup.push('>');
        if matches!(name.as_str(), "br" | "hr" | "input" | "wbr" | "col") {
            return;
        }
        for child in &element.children {
            match child {
                Node::Text(text) => self.markup.push_str(&escaped(&text.value.value())),
                Node::Element(element) => self.element(element, false),
                other => {
                    self.markup.push_str("<template");
                    let at = self.mark();
                    self.markup.push_str("></template>");
                    let node = hole(other);
                    self.calls.push(quote! { child(#at, #node) });
                }
            }
        }
        self.markup.push_str(&format!("</{name}>"));
    }

    fn mark(&mut self) -> u32 {
        self.markup.push_str(" _");
        self.marked += 1;
        self.marked
    }
}

fn part(at: u32, key: &str, value: &Expr) -> TokenStream {
    match key.split_once(':') {
        Some(("on", event)) => {
            let take = match event {
                "click" | "mouseover" | "mouseleave" => quote!(mouse),
                "pointermove" => quote!(pointer),
                "keydown" => quote!(key),
                "submit" => quote!(submit),
                _ => quote!(plain),
            };
            quote! { on(#at, #event, crate::ui::node::#take(#value)) }
        }
        Some(("class", name)) => quote! { class(#at, #name, #value) },
        Some(("prop", name)) => quote! { prop(#at, #name, #value) },
        None if key == "inner_html" => quote! { html(#at, #value) },
        None if key == "node_ref" => quote! { reach(#at, #value) },
        _ => quote! { attr(#at, #key, #value) },
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
