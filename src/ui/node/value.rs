//! Values of attributes, classes and properties.

use std::borrow::Cow;

use leptos::prelude::*;
use web_sys::{Element, Event};

/// A value.
pub enum Value {
    /// Not there; `false` of a property.
    Absent,
    /// There without text; `true` of a property.
    Present,
    /// Text.
    Text(Cow<'static, str>),
    /// Computed anew when a signal it reads has changed.
    Live(Box<dyn FnMut() -> Value>),
    /// What happens on an event.
    Handler(Box<dyn FnMut(Event)>),
    /// What is done with the element once it is there.
    Reach(Box<dyn FnOnce(&Element)>),
}

impl Value {
    /// Whether both are the same for the document.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::Present, Self::Present) => true,
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => false,
        }
    }
}

/// Whatever an attribute takes.
pub trait IntoValue {
    /// As a value.
    fn into_value(self) -> Value;
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        if self { Value::Present } else { Value::Absent }
    }
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

/// Whole numbers.
macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl IntoValue for $kind {
            fn into_value(self) -> Value {
                self.to_string().into_value()
            }
        }
    )*};
}
numbers!(u32, u64, usize);

impl IntoValue for f64 {
    fn into_value(self) -> Value {
        // The browser's own notation, as in its documents.
        Value::Text(Cow::Owned(js_sys::Number::from(self).to_string_with_radix(10).map(String::from).unwrap_or_default()))
    }
}

impl IntoValue for Memo<bool> {
    fn into_value(self) -> Value {
        (move || self.get()).into_value()
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }
}

impl IntoValue for RwSignal<String> {
    fn into_value(self) -> Value {
        (move || self.get()).into_value()
    }
}

impl<F: FnMut() -> T + 'static, T: IntoValue> IntoValue for F {
    fn into_value(mut self) -> Value {
        Value::Live(Box::new(move || self().into_value()))
    }
}
