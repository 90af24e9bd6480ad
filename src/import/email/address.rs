//! Address lists of mail headers, leniently: quoted names, comments, groups, lists without commas, and the ` at ` of public archives.

use std::borrow::Cow;

use mail_parser::MessageParser;

use crate::text;

/// Encoding of bytes above ASCII that stand in headers without being encoded: mailers use that of the body.
pub type Hint = Option<&'static encoding_rs::Encoding>;

/// One address as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mailbox<'a> {
    /// `a@b.example`, or what stands in its place; empty when there is only a name.
    pub address: &'a [u8],
    /// Name before it, quotes included, or the comment behind it.
    pub name: &'a [u8],
}

/// Calls `found` for every address of a list.
pub fn each<'a>(value: &'a [u8], mut found: impl FnMut(Mailbox<'a>)) {
    let quotes = memchr::memchr_iter(b'"', value).count().is_multiple_of(2);
    list(value, quotes, &mut found);
}

fn list<'a>(value: &'a [u8], quotes: bool, found: &mut impl FnMut(Mailbox<'a>)) {
    let (mut start, mut quoted, mut escaped, mut depth) = (0, false, false, 0u32);
    let mut item = Item::default();
    for (i, b) in value.iter().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match b {
            b'\\' if quoted || depth > 0 => escaped = true,
            b'"' if quotes && depth == 0 => quoted = !quoted,
            _ if quoted => {}
            b'(' => {
                if depth == 0 && item.comment.is_none() {
                    item.comment = Some((i, value.len()));
                }
                depth += 1;
            }
            b')' if depth > 0 => {
                depth -= 1;
                if let (0, Some((_, end))) = (depth, &mut item.comment)
                    && *end == value.len()
                {
                    *end = i;
                }
            }
            _ if depth > 0 => {}
            b'<' if item.open.is_none() => item.open = Some(i),
            b'>' if item.open.is_some() && item.close.is_none() => item.close = Some(i),
            b',' | b':' if item.open.is_some() && item.close.is_none() => {}
            // The name of a group: `undisclosed recipients: ;`
            b':' => (start, item) = (i + 1, Item::default()),
            b',' | b';' => {
                item.tell(value, start, i, found);
                (start, item) = (i + 1, Item::default());
            }
            _ => {}
        }
    }
    item.tell(value, start, value.len(), found);
}

#[derive(Default)]
struct Item {
    open: Option<usize>,
    close: Option<usize>,
    comment: Option<(usize, usize)>,
}

impl Item {
    fn tell<'a>(&self, value: &'a [u8], start: usize, end: usize, found: &mut impl FnMut(Mailbox<'a>)) {
        let part = |a: usize, b: usize| value.get(a..b).unwrap_or_default().trim_ascii();
        if let Some(open) = self.open {
            let address = part(open + 1, self.close.unwrap_or(end));
            let name = part(start, open);
            if !address.is_empty() || !name.is_empty() {
                found(Mailbox { address, name });
            }
            return;
        }
        let note = self.comment.map_or(&b""[..], |(a, b)| part(a + 1, b.min(end)));
        let bare = match self.comment {
            Some((a, _)) if !part(start, a).is_empty() => part(start, a),
            Some((_, b)) => part((b + 1).min(end), end),
            None => part(start, end),
        };
        if bare.is_empty() {
            return;
        }
        let signs = bare.iter().filter(|b| **b == b'@').count();
        if signs == 0 && obfuscated(bare) {
            return found(Mailbox { address: bare, name: note });
        }
        if !bare.iter().any(u8::is_ascii_whitespace) {
            return found(Mailbox { address: bare, name: note });
        }
        if signs == 0 || bare.first() == Some(&b'"') {
            return found(Mailbox { address: b"", name: bare });
        }
        // `a@b c@d` without a comma, or `Name a@b` without brackets.
        for word in bare.split(u8::is_ascii_whitespace).filter(|w| w.contains(&b'@')) {
            found(Mailbox { address: word, name: note });
        }
    }
}

/// `a.b at host.org`, as Mailman's public archives write addresses.
fn obfuscated(bare: &[u8]) -> bool {
    let mut words = bare.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty());
    let (local, at, host) = (words.next(), words.next(), words.next());
    local.is_some() && at == Some(b"at") && host.is_some_and(|h| h.contains(&b'.')) && words.next().is_none()
}

/// The key of an address: lower case, without blanks. A mailbox without address is known by its name.
pub fn key(mailbox: Mailbox<'_>, hint: Hint, out: &mut String) {
    out.clear();
    let address = mailbox.address;
    if address.is_empty() {
        out.push_str(&text::folded(&name(mailbox.name, hint)));
    } else if !address.contains(&b'@') && obfuscated(address) {
        out.push_str(&String::from_utf8_lossy(address).to_lowercase().replacen(" at ", "@", 1));
        out.retain(|c| !c.is_whitespace());
    } else if address.is_ascii() {
        out.extend(address.iter().filter(|b| b.is_ascii_graphic()).map(|b| char::from(b.to_ascii_lowercase())));
    } else {
        out.extend(legacy(address, hint).chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase));
    }
    let trimmed = out.trim_matches(['\'', '"', '.', '<', '>', '\\']);
    if trimmed.len() != out.len() {
        *out = trimmed.to_owned();
    }
}

/// A display name for people: quotes and escapes removed, encoded words decoded.
#[must_use]
pub fn name(raw: &[u8], hint: Hint) -> String {
    let raw = raw.get(..raw.len().min(2000)).unwrap_or_default().trim_ascii();
    let decoded = decode(raw, hint);
    let inner = decoded.trim().trim_matches(['"', '\'']);
    text::clean_name(&inner.replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// A header text with encoded words (`=?utf-8?B?...?=`) decoded; bytes that are no UTF-8 are read as the hint says,
/// else as Windows-1252.
#[must_use]
pub fn decode(raw: &[u8], hint: Hint) -> Cow<'_, str> {
    if memchr::memmem::find(raw, b"=?").is_none() {
        return legacy(raw, hint);
    }
    let mut block = Vec::with_capacity(raw.len() + 16);
    block.extend_from_slice(b"Subject: ");
    // Quotes around an encoded word hide it from strict readers, and many mailers write them.
    block.extend(raw.iter().filter(|b| !matches!(b, b'"' | b'\r' | b'\n')));
    block.extend_from_slice(b"\r\n\r\n");
    let parsed = MessageParser::new().parse_headers(&block).and_then(|m| m.subject().map(str::to_owned));
    parsed.map_or_else(|| legacy(raw, hint), Cow::Owned)
}

fn legacy(raw: &[u8], hint: Hint) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => hint.unwrap_or(encoding_rs::WINDOWS_1252).decode_without_bom_handling(raw).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &[u8]) -> Vec<(String, String)> {
        let mut out = Vec::new();
        each(value, |m| {
            let mut k = String::new();
            key(m, None, &mut k);
            out.push((k, name(m.name, None)));
        });
        out
    }

    #[test]
    fn lists_as_mailers_write_them() {
        let pairs = |v: &[(&str, &str)]| v.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        assert_eq!(read(b"\"Li, Wei\" <Wei.Li@Firm.example>, b@c.d"), pairs(&[("wei.li@firm.example", "Li, Wei"), ("b@c.d", "")]));
        assert_eq!(read(b"undisclosed recipients: ;"), pairs(&[]));
        assert_eq!(read(b"team: a@b, \"c\" <c@d>;"), pairs(&[("a@b", ""), ("c@d", "c")]));
        assert_eq!(read(b"tim@p.com concierge@p.com"), pairs(&[("tim@p.com", ""), ("concierge@p.com", "")]));
        assert_eq!(read(b"a.b at host.org (Name of Person)"), pairs(&[("a.b@host.org", "Name of Person")]));
        assert_eq!(read(b"=?iso-8859-1?Q?J=F8rn_St=F8ylen?= <j@p.no>"), pairs(&[("j@p.no", "J\u{f8}rn St\u{f8}ylen")]));
        assert_eq!(read(b"\"=?windows-1251?B?wPLo6u7iYQ==?=\" <y@a.com>")[0].1, "\u{410}\u{442}\u{438}\u{43a}\u{43e}\u{432}a");
        assert_eq!(read(b"J\xf8rn <j@p.no>"), pairs(&[("j@p.no", "J\u{f8}rn")]));
        assert_eq!(read(b"\"unclosed <a@b>, c@d"), pairs(&[("a@b", "unclosed"), ("c@d", "")]));
        assert_eq!(read(b"Wei Li"), pairs(&[("wei li", "Wei Li")]));
        assert_eq!(read(b"<$$$.$$$>, 'x@y.z'"), pairs(&[("$$$.$$$", ""), ("x@y.z", "")]));
        assert_eq!(read(b"a@b; (only a comment), <@r1,@r2:c@d>").len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_harmless(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..120)) {
            for (k, n) in read(&bytes) {
                assert!(n.len() <= text::NAME_LIMIT + 3 && k.len() <= 400);
            }
        }

        #[test]
        fn plain_lists_are_read_back(list in proptest::collection::vec(("[a-z]{1,8}@[a-z]{1,8}\\.example", "[A-Z][a-z]{0,8}, [A-Z][a-z]{0,8}"), 0..6)) {
            let text = list.iter().map(|(a, n)| format!("\"{n}\" <{a}>")).collect::<Vec<_>>().join(",\r\n\t");
            assert_eq!(read(text.as_bytes()), list);
        }
    }
}
