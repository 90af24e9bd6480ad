//! Objects within a record that is in view as a whole: members and elements one after the other.

use crate::import::json::{Scanner, Value};

/// Calls `f` with each member of an object, as far as it can be read.
pub fn members<'a>(object: &'a [u8], mut f: impl FnMut(&'a [u8], Value<'a>)) {
    let mut s = Scanner::new(object);
    let Ok(mut members) = s.object() else { return };
    while let Ok(Some(key)) = members.key(&mut s) {
        let Ok(value) = s.value() else { return };
        f(key.raw, value);
    }
}

/// Calls `f` with each member of a value that is an object.
pub fn within<'a>(value: Value<'a>, f: impl FnMut(&'a [u8], Value<'a>)) {
    if let Value::Object(raw) = value {
        members(raw, f);
    }
}

/// Calls `f` with each element of a value that is an array.
pub fn elements<'a>(value: Value<'a>, mut f: impl FnMut(Value<'a>)) {
    let Value::Array(raw) = value else { return };
    let mut s = Scanner::new(raw);
    let Ok(mut items) = s.array() else { return };
    while matches!(items.more(&mut s), Ok(true)) {
        let Ok(value) = s.value() else { return };
        f(value);
    }
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

/// Bytes of a base64 text (either alphabet); `None` when it is none. For keys and digests, which are short.
pub fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len()), 0u32, 0u32);
    for b in text.iter().take_while(|b| **b != b'=') {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        (bits, held) = ((bits << 6) | u32::from(digit), held + 6);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}

/// The UUID that 16 bytes in base64 stand for, as Signal shows it: `0a6c4e0e-...`.
pub fn uuid(text: &[u8]) -> Option<String> {
    let bytes = base64(text).filter(|b| b.len() == 16)?;
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
