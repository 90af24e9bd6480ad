//! Pieces in the document: drawn once, then patched in place so that focus, open details and typed text stay.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

use super::keyed::Items;
use super::{Hole, Kind, Node, Part, Tag, Value};

/// A piece in the document.
pub enum Drawn {
    /// Holds the place of nothing.
    Nothing(web_sys::Node),
    Text(web_sys::Node, Cow<'static, str>),
    Tag(Box<DrawnTag>),
    /// The comment behind the last one holds the place.
    Many(Vec<Drawn>, web_sys::Node),
    Live(Live),
    Keyed(Items),
}

/// A piece that is drawn anew. Its effect holds the piece too, and a task holds the effect's function until it is its turn to end: so what
/// is inside goes with the piece itself. Otherwise effects inside would run once more, on signals that are gone by then.
pub struct Live {
    inner: Rc<RefCell<Option<Drawn>>>,
    effect: RenderEffect<()>,
}

impl Drop for Live {
    fn drop(&mut self) {
        let inside = self.inner.try_borrow_mut().ok().and_then(|mut inner| inner.take());
        drop(inside);
    }
}

pub struct DrawnTag {
    element: Element,
    markup: &'static str,
    holes: Vec<DrawnHole>,
}

enum DrawnHole {
    Part { element: Element, kind: Kind, name: &'static str, held: Held },
    Child(Drawn),
}

/// What keeps a part as it is.
enum Held {
    Value(Value),
    /// Cancelled when dropped.
    Effect {
        _effect: RenderEffect<()>,
    },
    /// Taken off when dropped.
    Listener {
        _listener: Listener,
    },
}

struct Listener {
    element: Element,
    name: &'static str,
    heard: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.element.remove_event_listener_with_callback(self.name, self.heard.as_ref().unchecked_ref());
    }
}

/// Draws a piece into an element, for the life of the page.
pub fn mount(place: &Element, node: Node) {
    std::mem::forget(draw(node, place, None));
}

/// A comment that holds a place.
pub fn marker(parent: &web_sys::Node, before: Option<&web_sys::Node>) -> web_sys::Node {
    put(document().create_comment("").into(), parent, before)
}

fn put(node: web_sys::Node, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> web_sys::Node {
    // Fails only for a place that is not in the parent, which the callers have just asked for.
    let _ = parent.insert_before(&node, before);
    node
}

/// Draws a piece before a place in a parent.
pub fn draw(node: Node, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> Drawn {
    match node {
        Node::Nothing => Drawn::Nothing(marker(parent, before)),
        Node::Text(text) => Drawn::Text(put(document().create_text_node(&text).into(), parent, before), text),
        Node::Tag(tag) => draw_tag(*tag, parent, before),
        Node::Many(nodes) => {
            let end = marker(parent, before);
            Drawn::Many(nodes.into_iter().map(|node| draw(node, parent, Some(&end))).collect(), end)
        }
        Node::Live(compute) => {
            let inner = Rc::new(RefCell::new(Some(Drawn::Nothing(marker(parent, before)))));
            let effect = keep(compute, inner.clone());
            Drawn::Live(Live { inner, effect })
        }
        Node::Keyed(items) => Drawn::Keyed(Items::draw(*items, parent, before)),
    }
}

fn keep(mut compute: Box<dyn FnMut() -> Node>, inner: Rc<RefCell<Option<Drawn>>>) -> RenderEffect<()> {
    RenderEffect::new(move |_| {
        let node = compute();
        if let Some(drawn) = inner.borrow_mut().as_mut() {
            patch(node, drawn);
        }
    })
}

thread_local! {
    /// Markup that was parsed, by its place in the program.
    static PARSED: RefCell<BTreeMap<(usize, usize), web_sys::Node>> = const { RefCell::new(BTreeMap::new()) };
}

/// A new element from constant markup.
fn made(markup: &'static str) -> Option<Element> {
    let document = document();
    let parsed = PARSED.with_borrow_mut(|parsed| {
        let key = (markup.as_ptr() as usize, markup.len());
        if let Some(known) = parsed.get(&key) {
            return Some(known.clone());
        }
        // Content of a template may be a row or a cell by itself.
        let template = document.create_element("template").ok()?;
        template.set_inner_html(markup);
        let content: web_sys::Node = js_sys::Reflect::get(&template, &JsValue::from_str("content")).ok()?.unchecked_into();
        parsed.insert(key, content.first_child()?);
        content.first_child()
    })?;
    document.import_node_with_deep(&parsed, true).ok().map(JsCast::unchecked_into)
}

fn draw_tag(tag: Tag, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> Drawn {
    let Tag { markup, holes } = tag;
    let Some(element) = made(markup) else { return Drawn::Nothing(marker(parent, before)) };
    let marked = holes.iter().any(|(at, _)| *at > 0).then(|| element.query_selector_all("[_]").ok()).flatten();
    let place = |at: u32| -> Option<Element> {
        let Some(at) = at.checked_sub(1) else { return Some(element.clone()) };
        let place: Element = marked.as_ref()?.item(at)?.unchecked_into();
        Some(place)
    };
    let holes = holes
        .into_iter()
        .filter_map(|(at, hole)| {
            let place = place(at)?;
            Some(match hole {
                Hole::Part(Part { kind, name, value }) => {
                    let _ = place.remove_attribute("_");
                    DrawnHole::Part { held: hold(&place, kind, name, value), element: place, kind, name }
                }
                Hole::Child(child) => {
                    let drawn = draw(child, &place.parent_node()?, Some(&place));
                    place.remove();
                    DrawnHole::Child(drawn)
                }
            })
        })
        .collect();
    put(element.clone().into(), parent, before);
    Drawn::Tag(Box::new(DrawnTag { element, markup, holes }))
}

fn hold(element: &Element, kind: Kind, name: &'static str, value: Value) -> Held {
    match value {
        Value::Live(mut compute) => {
            let (element, mut last) = (element.clone(), None::<Value>);
            let effect = RenderEffect::new(move |_| {
                let now = compute();
                if !last.as_ref().is_some_and(|last| last.same(&now)) {
                    apply(&element, kind, name, &now);
                    last = Some(now);
                }
            });
            Held::Effect { _effect: effect }
        }
        Value::Handler(mut handler) => {
            let owner = Owner::current();
            let heard = Closure::<dyn FnMut(Event)>::new(move |event| match &owner {
                Some(owner) => owner.with(|| handler(event)),
                None => handler(event),
            });
            let _ = element.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
            Held::Listener { _listener: Listener { element: element.clone(), name, heard } }
        }
        Value::Reach(reach) => {
            reach(element);
            Held::Value(Value::Absent)
        }
        value => {
            apply(element, kind, name, &value);
            Held::Value(value)
        }
    }
}

fn apply(element: &Element, kind: Kind, name: &'static str, value: &Value) {
    let text = match value {
        Value::Text(text) => Some(&**text),
        Value::Present => Some(""),
        _ => None,
    };
    match kind {
        Kind::Attribute => {
            let _ = match text {
                Some(text) => element.set_attribute(name, text),
                None => element.remove_attribute(name),
            };
        }
        Kind::Class => {
            let _ = element.class_list().toggle_with_force(name, text.is_some());
        }
        Kind::Property => {
            let value = if let Value::Text(text) = value { JsValue::from_str(text) } else { JsValue::from_bool(text.is_some()) };
            let _ = js_sys::Reflect::set(element, &JsValue::from_str(name), &value);
        }
        Kind::Markup => super::focus::replace(element, text.unwrap_or_default()),
        Kind::Event | Kind::Reach => {}
    }
}

/// Makes what is drawn look like a new piece, in place where it can be.
pub fn patch(node: Node, drawn: &mut Drawn) {
    match (node, &mut *drawn) {
        (Node::Nothing, Drawn::Nothing(_)) => {}
        (Node::Text(text), Drawn::Text(place, old)) => {
            if text != *old {
                place.set_node_value(Some(&text));
                *old = text;
            }
        }
        (Node::Tag(tag), Drawn::Tag(old)) if old.takes(&tag) => old.patch(*tag),
        (Node::Many(nodes), Drawn::Many(old, end)) => patch_all(nodes, old, end),
        (Node::Live(compute), Drawn::Live(live)) => live.effect = keep(compute, live.inner.clone()),
        (Node::Keyed(items), Drawn::Keyed(old)) => old.patch(*items),
        (node, old) => {
            let mut first = None;
            old.each(&mut |node| {
                first.get_or_insert_with(|| node.clone());
            });
            if let Some((first, parent)) = first.and_then(|first| Some((first.clone(), first.parent_node()?))) {
                let new = draw(node, &parent, Some(&first));
                old.take_away();
                *drawn = new;
            }
        }
    }
}

fn patch_all(nodes: Vec<Node>, old: &mut Vec<Drawn>, end: &web_sys::Node) {
    for gone in old.drain(nodes.len().min(old.len())..) {
        gone.take_away();
    }
    let mut nodes = nodes.into_iter();
    for (drawn, node) in old.iter_mut().zip(&mut nodes) {
        patch(node, drawn);
    }
    if let Some(parent) = end.parent_node() {
        old.extend(nodes.map(|node| draw(node, &parent, Some(end))));
    }
}

impl DrawnTag {
    /// Whether a new tag comes from the same markup.
    fn takes(&self, tag: &Tag) -> bool {
        let alike = |(old, (_, new)): (&DrawnHole, &(u32, Hole))| match (old, new) {
            (DrawnHole::Part { kind, name, .. }, Hole::Part(part)) => *kind == part.kind && *name == part.name,
            (DrawnHole::Child(_), Hole::Child(_)) => true,
            _ => false,
        };
        self.markup == tag.markup && self.holes.len() == tag.holes.len() && self.holes.iter().zip(&tag.holes).all(alike)
    }

    fn patch(&mut self, tag: Tag) {
        for (old, (_, new)) in self.holes.iter_mut().zip(tag.holes) {
            match (old, new) {
                (DrawnHole::Part { element, kind, name, held }, Hole::Part(part)) => {
                    // A class is set again always: the attribute `class` may have been set before it.
                    let same = matches!(&*held, Held::Value(old) if old.same(&part.value));
                    if !same || matches!(kind, Kind::Class | Kind::Reach) {
                        *held = Held::Value(Value::Absent);
                        *held = hold(element, *kind, name, part.value);
                    }
                }
                (DrawnHole::Child(old), Hole::Child(child)) => patch(child, old),
                _ => {}
            }
        }
    }
}

impl Drawn {
    /// Visits the outermost nodes, in order.
    pub fn each(&self, visit: &mut dyn FnMut(&web_sys::Node)) {
        match self {
            Self::Nothing(node) | Self::Text(node, _) => visit(node),
            Self::Tag(tag) => visit(&tag.element),
            Self::Many(items, end) => {
                for item in items {
                    item.each(visit);
                }
                visit(end);
            }
            Self::Live(live) => {
                if let Some(inner) = live.inner.borrow().as_ref() {
                    inner.each(visit);
                }
            }
            Self::Keyed(items) => items.each(visit),
        }
    }

    /// Takes it out of the document.
    pub fn take_away(&self) {
        self.each(&mut |node| {
            if let Some(parent) = node.parent_node() {
                let _ = parent.remove_child(node);
            }
        });
    }
}
