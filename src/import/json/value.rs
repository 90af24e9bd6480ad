//! Looking into values: members of an object, items of an array, words.

use super::{Scanner, Text, Value};

/// A string, or a number as it is written.
pub fn word(value: Value<'_>) -> Text<'_> {
    match value {
        Value::Text(text) => text,
        Value::Number(raw) => Text { raw, escaped: false },
        _ => Text::default(),
    }
}

/// Calls `f` with each member of an object; broken ends are left.
pub fn each<'a>(object: Value<'a>, mut f: impl FnMut(&'a [u8], Value<'a>)) {
    let Value::Object(raw) = object else { return };
    let mut s = Scanner::new(raw);
    let Ok(mut members) = s.object() else { return };
    while let Ok(Some(key)) = members.key(&mut s) {
        let Ok(value) = s.value() else { return };
        f(key.raw, value);
    }
}

/// Calls `f` with each item of an array.
pub fn items<'a>(array: Value<'a>, mut f: impl FnMut(Value<'a>)) {
    let Value::Array(raw) = array else { return };
    let mut s = Scanner::new(raw);
    let Ok(mut list) = s.array() else { return };
    while let Ok(true) = list.more(&mut s) {
        let Ok(value) = s.value() else { return };
        f(value);
    }
}

/// Items of an array.
pub fn count(array: Value<'_>) -> usize {
    let mut n = 0;
    items(array, |_| n += 1);
    n
}
