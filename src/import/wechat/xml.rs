//! Small pieces of the XML that stands in cells: never parsed as a whole, never trusted.

use std::borrow::Cow;

use super::room::Target;
use crate::import::entity;

/// Farthest an element is looked for.
const REACH: usize = 256 << 10;

/// The text of the first element of this name, without `CDATA` and entities; empty when there is none.
fn element<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = rest.split_at_checked(at).unwrap_or_default();
        let body = after.get(name.len()..).unwrap_or_default();
        if before.ends_with('<') && body.starts_with(['>', ' ']) {
            let inner = body.split_once('>').map_or("", |(_, inner)| inner);
            let close = inner.find("</").unwrap_or(inner.len());
            let inner = match inner.trim_start().strip_prefix("<![CDATA[") {
                Some(data) => data.split_once("]]>").map_or(data, |(data, _)| data),
                None => inner.get(..close).unwrap_or_default(),
            };
            return inner.trim();
        }
        rest = body;
    }
    ""
}

/// As text, bounded.
fn bounded(raw: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(raw.get(..raw.len().min(REACH)).unwrap_or(raw))
}

/// `<title>` of a card, a file or an answer.
pub fn title(raw: &[u8]) -> String {
    let text = bounded(raw);
    let title = element(&text, "title");
    // Of the numbers only that of the apostrophe.
    let known = |name: &[u8]| entity::named(name).or_else(|| (name == b"#39").then_some('\''));
    let mut plain = Vec::with_capacity(title.len());
    entity::resolve(title.as_bytes(), &mut plain, |name, out| entity::put(known(name), out));
    String::from_utf8(plain).unwrap_or_default()
}

/// `<refermsg>` of an answer: `svrid` and `createtime` (seconds) of the message it quotes.
pub fn quoted(raw: &[u8]) -> Target {
    let text = bounded(raw);
    let Some((_, refer)) = text.split_once("<refermsg>") else { return Target::default() };
    let number = |name: &str| element(refer, name).parse::<u64>().ok().filter(|n| *n > 0);
    Target { server: number("svrid"), seconds: number("createtime") }
}

/// `wxid_abc:` and a line end before the text of a group message (iOS, 4.x): the sender and the text.
pub fn group_prefix(raw: &[u8]) -> (&str, &[u8]) {
    let line = raw.get(..raw.len().min(80)).unwrap_or(raw);
    let Some(end) = memchr::memchr(b'\n', line) else { return ("", raw) };
    let (head, rest) = raw.split_at_checked(end).unwrap_or((b"", raw));
    let head = head.strip_suffix(b"\r").unwrap_or(head);
    match head.strip_suffix(b":").and_then(|key| std::str::from_utf8(key).ok()) {
        Some(key) if is_account(key) && !key.contains(' ') => (key, rest.get(1..).unwrap_or_default()),
        _ => ("", raw),
    }
}

/// Whether this is an account or a group as WeChat names them, no name of a person.
pub fn is_account(key: &str) -> bool {
    let id = |s: &str| s.len() >= 4 && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'@' | b'.'));
    (key.starts_with("wxid_") || key.starts_with("gh_") || key.ends_with("@chatroom") || key.ends_with("@openim")) && id(key)
        || matches!(key, "filehelper" | "weixin" | "fmessage" | "newsapp" | "medianote" | "notifymessage")
        || is_custom(key)
}

/// An id that somebody chose: 6 to 20 letters, digits, `_` or `-`, the first a letter, and a digit or `_` among them, so that a first
/// name is not taken for one.
fn is_custom(key: &str) -> bool {
    (6..=20).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && key.bytes().any(|b| b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_xml_are_found_without_parsing_it() {
        let answer = "<msg><appmsg><title>R&amp;D agrees</title><type>57</type><refermsg><type>1</type><svrid>7437270000000000001</svrid><createtime>1700000000</createtime></refermsg>";
        assert_eq!(title(answer.as_bytes()), "R&D agrees");
        assert_eq!(quoted(answer.as_bytes()), Target { server: Some(7_437_270_000_000_000_001), seconds: Some(1_700_000_000) });
        assert_eq!(title(b"<title><![CDATA[a <b> c]]></title>"), "a <b> c");
        assert_eq!(title(b"<subtitle>no</subtitle><tit"), "");
        assert_eq!(quoted(b"<refermsg><svrid>0</svrid>"), Target::default());
    }

    #[test]
    fn the_sender_before_a_text_is_taken_off() {
        assert_eq!(group_prefix(b"wxid_abc1:\nhello"), ("wxid_abc1", &b"hello"[..]));
        assert_eq!(group_prefix(b"Note:\nhello"), ("", &b"Note:\nhello"[..]));
        assert_eq!(group_prefix(b"12345@chatroom:\r\nhi"), ("12345@chatroom", &b"hi"[..]));
        assert!(!is_account("Ana") && !is_account("Marianne") && is_account("lina_88") && is_account("filehelper"));
    }
}
