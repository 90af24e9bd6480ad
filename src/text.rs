//! Text from files is hostile: bounded here, control characters made visible here, guarded for CSV here.

pub mod base64;
mod providers;

pub use providers::mail_provider;

/// Longest name kept, in bytes.
pub const NAME_LIMIT: usize = 200;

/// Bounds a name from a file and makes control and direction characters visible (`U+202E` as `␣` is never silent:
/// C0/C1 controls become `·`, bidi controls and zero-width marks are dropped when harmless at the ends and shown as `◌` inside).
#[must_use]
pub fn clean_name(raw: &str) -> String {
    clean(raw, NAME_LIMIT)
}

/// The same for a longer text: at most `limit` bytes and a mark that it was cut.
#[must_use]
pub fn clean(raw: &str, limit: usize) -> String {
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || is_format(c));
    let mut out = String::with_capacity(trimmed.len().min(limit));
    for c in trimmed.chars() {
        let c = match c {
            '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t' | '\n' | '\r' => ' ',
            c if c.is_control() => '·',
            c if is_format(c) && !matches!(c, '\u{200d}' | '\u{200c}') => '◌',
            c => c,
        };
        if out.len() + c.len_utf8() > limit {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

/// Direction controls, zero-width characters, byte order mark.
#[must_use]
pub const fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Cuts at a character border, at most `limit` bytes.
#[must_use]
pub fn bounded(text: &str, limit: usize) -> &str {
    text.get(..text.floor_char_boundary(limit)).unwrap_or(text)
}

/// The key of a phone number, mail address or sender's name: digits of the number, the address in lower case, the name as it is.
#[must_use]
pub fn address_key(address: &str) -> String {
    let address = address.trim();
    match phone(address) {
        Some(phone) => phone,
        None if address.contains('@') => clean_name(&address.to_lowercase()),
        None => clean_name(address),
    }
}

/// Digits of a phone number with a leading `+` when written internationally (`+` or `00`); `None` when it has fewer
/// than 7 or more than 15 digits, or letters.
#[must_use]
pub fn phone(raw: &str) -> Option<String> {
    let mut digits = String::new();
    let mut plus = false;
    for c in raw.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if digits.is_empty() => plus = true,
            ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' | '\u{202f}' | '\u{2011}' => {}
            c if is_format(c) => {}
            _ => return None,
        }
    }
    if !plus && let Some(rest) = digits.strip_prefix("00") {
        digits = rest.to_owned();
        plus = true;
    }
    if !(7..=15).contains(&digits.len()) {
        return None;
    }
    Some(if plus { format!("+{digits}") } else { digits })
}

/// A CSV cell: quoted when needed, and never a formula: a cell that starts with `= + - @`, tab or return gets a quote mark before it.
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let guarded = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    let text = if guarded { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Whether a character may stand in the name of a file that is offered: letters and digits, and whatever is not ASCII but shows.
#[must_use]
pub fn in_file_names(c: char) -> bool {
    c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_control() || c.is_whitespace() || is_format(c))
}

/// Whether a cell is a plain number with a sign: digits with at most one point. Written out, since the library's reader of numbers
/// brings large tables into the page.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.bytes().any(|b| b.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && digits.bytes().filter(|b| *b == b'.').count() < 2
}

/// Whether a character may stand in an address of the web as it is written: it shows, and closes neither a quotation nor a tag.
#[must_use]
pub fn in_url(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || is_format(c) || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\'))
}

/// Text for HTML and SVG.
#[must_use]
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).filter_map(|n| DIGITS.get(usize::from(n))).map(|d| char::from(*d)).collect()
}

/// For comparing names: lower case, inner runs of white space as one blank, format characters dropped.
#[must_use]
pub fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if word.is_ascii() {
            let at = out.len();
            out.push_str(word);
            out.get_mut(at..).unwrap_or_default().make_ascii_lowercase();
        } else {
            out.extend(word.chars().filter(|c| !is_format(*c)).flat_map(char::to_lowercase));
        }
    }
    out
}

/// The part of a host name that is registered: its last two labels, or three where the last but one is short (`co.uk`, `com.br`).
#[must_use]
pub fn registrable(host: &str) -> &str {
    let mut ends = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (ends.next(), ends.next()) else { return host };
    let cut = if last - second - 1 <= 3 { ends.next() } else { Some(second) };
    cut.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

/// Hash of the registered part of a domain, ASCII case aside, never 0: what is kept of a domain that a text mentions, and what a domain
/// of a list is compared by (FNV-1a).
#[must_use]
pub fn domain_hash(host: &str) -> u32 {
    registrable(host).bytes().fold(0x811c_9dc5u32, |h, b| (h ^ u32::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0193)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless_and_bounded() {
        assert_eq!(clean_name("\u{200e}Ana\u{202e}gpj\u{7} B\u{200f}"), "Ana◌gpj· B");
        assert!(clean_name(&"x".repeat(1_000_000)).len() <= NAME_LIMIT + 3);
    }

    #[test]
    fn formulas_are_quoted_and_numbers_are_not() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("-12.5"), "-12.5");
        assert_eq!(csv_cell("a\"b,c"), "\"a\"\"b,c\"");
    }

    #[test]
    fn domains_are_compared_by_what_is_registered() {
        assert_eq!(registrable("mail.acme.example"), "acme.example");
        assert_eq!(registrable("www.acme.co.uk"), "acme.co.uk");
        assert_eq!(registrable("acme.co.uk"), "acme.co.uk");
        assert_eq!(registrable("localhost"), "localhost");
        assert_eq!(domain_hash("WWW.Acme.example"), domain_hash("acme.example"));
        assert_ne!(domain_hash("acme.example"), domain_hash("acne.example"));
    }

    #[test]
    fn phones_keep_digits_only() {
        assert_eq!(phone("\u{202a}+44\u{a0}7700 900142\u{202c}").as_deref(), Some("+447700900142"));
        assert_eq!(phone("0044 7700 900142").as_deref(), Some("+447700900142"));
        assert_eq!(phone("Ana 5551234"), None);
    }
}
