//! JSON text to a tree. Texts without escapes are borrowed from the text.

use std::borrow::Cow;

/// A JSON value. Maps keep the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// `null`, or absent.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number written without point and exponent.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Value<'a>>),
    /// Names with values.
    Map(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Takes a field out; [`Value::Null`] when there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Self {
        let Value::Map(items) = self else { return Value::Null };
        items.iter_mut().find(|(n, _)| n == name).map_or(Value::Null, |(_, value)| std::mem::replace(value, Value::Null))
    }

    /// The text, empty for anything else.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Value::Text(text) = self { text } else { "" }
    }

    /// The whole number, 0 for anything else.
    #[must_use]
    pub fn whole(&self) -> i64 {
        match self {
            Value::Whole(n) => *n,
            Value::Number(n) => *n as i64,
            _ => 0,
        }
    }

    /// The items of a list, none for anything else.
    pub fn into_list(self) -> std::vec::IntoIter<Value<'a>> {
        if let Value::List(items) = self { items } else { Vec::new() }.into_iter()
    }
}

/// Deepest nesting read.
const DEPTH: u32 = 64;

/// Reads a text; `None` when it is not JSON, or nested deeper than 64.
#[must_use]
pub fn parse(text: &str) -> Option<Value<'_>> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEPTH)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Steps over a byte if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self, depth: u32) -> Option<Value<'a>> {
        self.space();
        match self.peek() {
            b'{' => self
                .items(depth, b'}', |me, out: &mut Vec<_>, depth| {
                    me.space();
                    let name = me.string()?;
                    me.eat(b':').then_some(())?;
                    out.push((name, me.value(depth)?));
                    Some(())
                })
                .map(Value::Map),
            b'[' => self
                .items(depth, b']', |me, out: &mut Vec<_>, depth| {
                    out.push(me.value(depth)?);
                    Some(())
                })
                .map(Value::List),
            b'"' => self.string().map(Value::Text),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn items<T>(&mut self, depth: u32, end: u8, one: impl Fn(&mut Self, &mut Vec<T>, u32) -> Option<()>) -> Option<Vec<T>> {
        let depth = depth.checked_sub(1)?;
        self.at += 1;
        let mut out = Vec::new();
        if self.eat(end) {
            return Some(out);
        }
        loop {
            one(self, &mut out, depth)?;
            if self.eat(end) {
                return Some(out);
            }
            self.eat(b',').then_some(())?;
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        (self.peek() == b'"').then_some(())?;
        let rest = self.text.get(self.at + 1..)?;
        let stop = rest.bytes().position(|b| b == b'"' || b == b'\\')?;
        self.at += 1 + stop;
        if self.peek() == b'"' {
            self.at += 1;
            return rest.get(..stop).map(Cow::Borrowed);
        }
        let mut out = rest.get(..stop)?.to_owned();
        loop {
            let rest = self.text.get(self.at..)?;
            let stop = rest.bytes().position(|b| b == b'"' || b == b'\\')?;
            out.push_str(rest.get(..stop)?);
            self.at += stop + 1;
            if rest.as_bytes().get(stop) == Some(&b'"') {
                return Some(Cow::Owned(out));
            }
            out.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let byte = self.peek();
        self.at += 1;
        Some(match byte {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => char::from(byte),
            b'u' => {
                let high = self.hex()?;
                if (0xd800..0xdc00).contains(&high) {
                    self.word("\\u", Value::Null)?;
                    let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)?
                } else {
                    char::from_u32(high)?
                }
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut value = 0;
        for _ in 0..4 {
            value = value * 16 + char::from(self.peek()).to_digit(16)?;
            self.at += 1;
        }
        Some(value)
    }

    fn number(&mut self) -> Option<Value<'a>> {
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).unwrap_or(rest.len());
        let text = rest.get(..length)?;
        self.at += length;
        match text.parse::<i64>() {
            Ok(whole) => Some(Value::Whole(whole)),
            Err(_) => float(text).map(Value::Number),
        }
    }
}

/// The browser reads numbers with a point: the program need not carry the tables for it.
#[cfg(all(target_arch = "wasm32", feature = "ui"))]
fn float(text: &str) -> Option<f64> {
    Some(js_sys::Number::parse_float(text)).filter(|n| n.is_finite())
}

#[cfg(not(all(target_arch = "wasm32", feature = "ui")))]
fn float(text: &str) -> Option<f64> {
    text.parse().ok()
}
