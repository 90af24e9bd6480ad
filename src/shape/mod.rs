//! The shapes of `model` read from and written as JSON without a visitor per shape: one reader makes a tree, a line per shape takes
//! its fields. Only the page uses it, where the size of the program counts; the worker and the command line use serde on the same
//! shapes. The lists of fields are complete by the compiler (a shape is built field by field); the tests compare both ways.

mod list;
mod read;
mod write;

pub use read::{Value, parse};
pub use write::Written;
pub(crate) use write::written;

use std::borrow::Cow;

/// Something that can be taken out of a tree. What is absent or of another kind becomes the empty value: both ends of the page are of
/// one version, and a message of another version is refused before it is read.
pub trait Shape: Sized {
    /// From the tree.
    fn shape(value: Value<'_>) -> Self;
}

/// A shape from JSON text; `None` when the text is not JSON.
#[must_use]
pub fn from_json<T: Shape>(text: &str) -> Option<T> {
    parse(text).map(T::shape)
}

/// Says which fields make a shape; a name in the text that differs from the field's stands behind it.
macro_rules! fields {
    ($shape:ty: $($field:ident $(= $name:literal)?),* $(,)?) => {
        impl $crate::shape::Shape for $shape {
            fn shape(mut value: $crate::shape::Value<'_>) -> Self {
                Self { $($field: $crate::shape::Shape::shape(value.take($crate::shape::name!($field $(= $name)?)))),* }
            }
        }
    };
}
/// The name of a field in the text.
macro_rules! name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident = $name:literal) => {
        $name
    };
}
/// Says by which words an enumeration is written; the first one is taken for an unknown word.
macro_rules! words {
    ($shape:ty: $first:ident = $first_word:literal, $($item:ident = $word:literal),* $(,)?) => {
        impl $crate::shape::Shape for $shape {
            fn shape(value: $crate::shape::Value<'_>) -> Self {
                // Fails to compile when a word is missing.
                let _complete = |one: &Self| match one {
                    Self::$first $(| Self::$item)* => (),
                };
                match value.text() {
                    $($word => Self::$item,)*
                    _ => Self::$first,
                }
            }
        }
    };
}
pub(crate) use {fields, name, words};

impl Shape for String {
    fn shape(value: Value<'_>) -> Self {
        match value {
            Value::Text(text) => text.into_owned(),
            _ => Self::new(),
        }
    }
}

impl Shape for Cow<'static, str> {
    fn shape(value: Value<'_>) -> Self {
        Cow::Owned(String::shape(value))
    }
}

impl Shape for bool {
    fn shape(value: Value<'_>) -> Self {
        matches!(value, Value::Bool(true))
    }
}

impl Shape for f64 {
    fn shape(value: Value<'_>) -> Self {
        match value {
            Value::Whole(n) => n as Self,
            Value::Number(n) => n,
            _ => 0.0,
        }
    }
}

/// Whole numbers of every width.
macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Shape for $kind {
            fn shape(value: Value<'_>) -> Self {
                value.whole() as Self
            }
        }
    )*};
}
whole!(u8, u32, u64, i32, i64);

impl<T: Shape> Shape for Option<T> {
    fn shape(value: Value<'_>) -> Self {
        if matches!(value, Value::Null) { None } else { Some(T::shape(value)) }
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn shape(value: Value<'_>) -> Self {
        value.into_list().map(T::shape).collect()
    }
}

/// Tuples are written as lists.
macro_rules! tuples {
    ($(($($kind:ident),*)),*) => {$(
        impl<$($kind: Shape),*> Shape for ($($kind,)*) {
            fn shape(value: Value<'_>) -> Self {
                let mut items = value.into_list();
                ($($kind::shape(items.next().unwrap_or(Value::Null)),)*)
            }
        }
    )*};
}
tuples!((A, B), (A, B, C), (A, B, C, D));

/// Parts of the answers without a shape of their own stay with the worker: the ledger as JSON, and what later versions count.
impl Shape for serde_json::Value {
    fn shape(_: Value<'_>) -> Self {
        Self::Null
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as serde's, to compare with.
    fn serde(value: Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => b.into(),
            Value::Whole(n) => n.into(),
            Value::Number(n) => n.into(),
            Value::Text(text) => text.into(),
            Value::List(items) => items.into_iter().map(serde).collect(),
            Value::Map(items) => items.into_iter().map(|(name, value)| (name.into_owned(), serde(value))).collect(),
        }
    }

    #[test]
    fn odd_texts_are_read_as_serde_reads_them() {
        let texts = [
            r#"{"a":[1,-2,3.25,1e3,-0.5e-2,0.1,123456789.123456789,9007199254740993,0.30000000000000004],"b":{"c":null,"d":true,"e":false}}"#,
            r#" [ "a\"b\\c\/d\n\t\u0041\ud83d\ude00\u00e9", "", "é漢😀" , [] , {} ] "#,
            "\"x\"",
            "17",
        ];
        for text in texts {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(parse(text).map(serde), Some(expected), "{text}");
        }
        for text in ["", "{", "[1,", "{\"a\"}", "[1 2]", "\"abc", "tru", "\"\\u12\"", "\"\\ud800\"", "[1]x", "-", &"[".repeat(10_000)] {
            assert!(parse(text).is_none(), "{text:.20}");
        }
    }
}
