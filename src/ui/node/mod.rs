//! What the page is made of: one type for every piece of markup, drawn into the document and patched in place when something it
//! reads has changed. The reactive part is that of Leptos; its own views make a type and a dozen functions for each piece of markup,
//! which were two thirds of the program a browser has to load.

mod drawn;
mod focus;
mod keyed;
mod value;

use std::borrow::Cow;

use leptos::prelude::*;
use leptos::tachys::html::element::ElementType;
use leptos::tachys::html::node_ref::NodeRefContainer;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

pub use drawn::mount;
pub use focus::keep_focus;
pub use keyed::keyed;
pub use value::{IntoValue, Value};

/// What a view needs: signals of Leptos, and the pieces of this folder in place of Leptos' own.
pub mod prelude {
    pub use super::{IntoAny, Node as AnyView, watch};
    pub use leptos::prelude::*;
    pub use retention_audit_view::view;
}

/// A piece of the page.
pub enum Node {
    /// Nothing.
    Nothing,
    /// Text.
    Text(Cow<'static, str>),
    /// An element.
    Tag(Box<Tag>),
    /// One after the other.
    Many(Vec<Node>),
    /// Drawn anew when a signal it reads has changed.
    Live(Box<dyn FnMut() -> Node>),
    /// A list whose items keep their place in the document: see [`keyed`].
    Keyed(Box<keyed::Keyed>),
}

/// An element: constant markup with holes, written by `view!`. Hole 0 is the element itself, the others are the descendants with the
/// attribute `_`, in the order of the document.
pub struct Tag {
    markup: &'static str,
    holes: Vec<(u32, Hole)>,
}

enum Hole {
    /// Something of the element that is computed.
    Part(Part),
    /// Content in place of the marked element.
    Child(Node),
}

struct Part {
    kind: Kind,
    name: &'static str,
    value: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Attribute,
    Class,
    Property,
    Markup,
    Event,
    Reach,
}

impl Tag {
    /// From constant markup.
    #[must_use]
    pub const fn new(markup: &'static str) -> Self {
        Self { markup, holes: Vec::new() }
    }

    #[inline(never)]
    fn part(&mut self, at: u32, kind: Kind, name: &'static str, value: Value) {
        self.holes.push((at, Hole::Part(Part { kind, name, value })));
    }

    /// An attribute.
    #[inline(never)]
    pub fn attr(&mut self, at: u32, name: &'static str, value: impl IntoValue) {
        self.part(at, Kind::Attribute, name, value.into_value());
    }

    /// A class that is there or not.
    #[inline(never)]
    pub fn class(&mut self, at: u32, name: &'static str, value: impl IntoValue) {
        self.part(at, Kind::Class, name, value.into_value());
    }

    /// A property of the element's object.
    #[inline(never)]
    pub fn prop(&mut self, at: u32, name: &'static str, value: impl IntoValue) {
        self.part(at, Kind::Property, name, value.into_value());
    }

    /// Content as markup made by this program.
    #[inline(never)]
    pub fn html(&mut self, at: u32, value: impl IntoValue) {
        self.part(at, Kind::Markup, "", value.into_value());
    }

    /// What happens on an event.
    pub fn on(&mut self, at: u32, name: &'static str, handler: Box<dyn FnMut(Event)>) {
        self.part(at, Kind::Event, name, Value::Handler(handler));
    }

    /// Gives the element to a reference.
    pub fn reach<E>(&mut self, at: u32, place: NodeRef<E>)
    where
        E: ElementType + 'static,
        E::Output: JsCast + Clone + 'static,
    {
        self.part(at, Kind::Reach, "", Value::Reach(Box::new(move |element: &Element| NodeRefContainer::<E>::load(place, element))));
    }

    /// Content.
    #[inline(never)]
    pub fn child(&mut self, at: u32, child: impl IntoNode) {
        self.holes.push((at, Hole::Child(child.into_node())));
    }
}

/// Constant text.
#[must_use]
pub fn text(text: &'static str) -> Node {
    Node::Text(Cow::Borrowed(text))
}

fn typed<E: JsCast>(mut handler: impl FnMut(E) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(move |event| handler(event.unchecked_into()))
}

/// A handler of a click and the like.
pub fn mouse(handler: impl FnMut(web_sys::MouseEvent) + 'static) -> Box<dyn FnMut(Event)> {
    typed(handler)
}

/// A handler of a pointer.
pub fn pointer(handler: impl FnMut(web_sys::PointerEvent) + 'static) -> Box<dyn FnMut(Event)> {
    typed(handler)
}

/// A handler of a key.
pub fn key(handler: impl FnMut(web_sys::KeyboardEvent) + 'static) -> Box<dyn FnMut(Event)> {
    typed(handler)
}

/// A handler of a form that is sent.
pub fn submit(handler: impl FnMut(web_sys::SubmitEvent) + 'static) -> Box<dyn FnMut(Event)> {
    typed(handler)
}

/// A handler of any other event.
pub fn plain(handler: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(handler)
}

/// Does something now and whenever a signal it reads has changed. One kind of effect for the whole page.
pub fn watch(act: impl FnMut() + 'static) {
    boxed(Box::new(act));
}

fn boxed(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// Whatever can be shown.
pub trait IntoNode {
    /// As a piece of the page.
    fn into_node(self) -> Node;
}

/// The same under the name that Leptos uses.
pub trait IntoAny {
    /// As a piece of the page.
    fn into_any(self) -> Node;
}

impl<T: IntoNode> IntoAny for T {
    fn into_any(self) -> Node {
        self.into_node()
    }
}

impl IntoNode for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl IntoNode for Tag {
    fn into_node(self) -> Node {
        Node::Tag(Box::new(self))
    }
}

impl IntoNode for () {
    fn into_node(self) -> Node {
        Node::Nothing
    }
}

impl IntoNode for &str {
    fn into_node(self) -> Node {
        Node::Text(Cow::Owned(self.to_owned()))
    }
}

impl IntoNode for String {
    fn into_node(self) -> Node {
        Node::Text(Cow::Owned(self))
    }
}

impl<T: IntoNode> IntoNode for Option<T> {
    fn into_node(self) -> Node {
        self.map_or(Node::Nothing, T::into_node)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn into_node(self) -> Node {
        Node::Many(self.into_iter().map(T::into_node).collect())
    }
}

impl<A: IntoNode, B: IntoNode> IntoNode for (A, B) {
    fn into_node(self) -> Node {
        Node::Many(vec![self.0.into_node(), self.1.into_node()])
    }
}

impl<F: FnMut() -> T + 'static, T: IntoNode> IntoNode for F {
    fn into_node(mut self) -> Node {
        Node::Live(Box::new(move || self().into_node()))
    }
}
