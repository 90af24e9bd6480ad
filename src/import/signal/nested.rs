//! Objects within a record that is in view as a whole: members and elements one after the other.

use crate::import::json::{Value, each};
use crate::text::base64;

/// Calls `f` with each member of an object that stands in these bytes.
pub fn members<'a>(object: &'a [u8], f: impl FnMut(&'a [u8], Value<'a>)) {
    each(Value::Object(object), f);
}

/// A number that cannot be negative, written as a number or as a string of digits.
pub fn number(value: Value<'_>) -> Option<u64> {
    value.integer().and_then(|n| u64::try_from(n).ok())
}

/// A text that is not empty.
pub fn words(value: Value<'_>) -> Option<String> {
    value.text().filter(|t| !t.is_empty()).map(|t| t.owned())
}

/// Whether a value says something: neither null nor an empty array or object.
pub fn filled(value: Value<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Array(raw) | Value::Object(raw) => raw.get(1..raw.len().saturating_sub(1)).is_some_and(|inner| !inner.trim_ascii().is_empty()),
        Value::Text(t) => !t.is_empty(),
        Value::Bool(b) => b,
        Value::Number(_) => true,
    }
}

/// The UUID that 16 bytes in base64 stand for, as Signal shows it: `0a6c4e0e-...`.
pub fn uuid(text: &[u8]) -> Option<String> {
    let bytes = base64::decode(text).filter(|b| b.len() == 16)?;
    let hex = crate::text::hex(&bytes);
    let mut out = String::with_capacity(36);
    for (n, c) in hex.chars().enumerate() {
        if matches!(n, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(c);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_base64_become_uuids() {
        assert_eq!(uuid(b"AAECAwQFBgcICQoLDA0ODw=="), Some("00010203-0405-0607-0809-0a0b0c0d0e0f".to_owned()));
        assert_eq!((uuid(b"AAEC"), uuid(b"!!")), (None, None));
    }

    #[test]
    fn an_empty_object_says_nothing() {
        assert!(!filled(Value::Object(b"{ }")) && filled(Value::Array(b"[1]")) && !filled(Value::Null));
    }
}
