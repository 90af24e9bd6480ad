//! Mails as Apple Mail keeps them (`.emlx`): a line with the number of bytes, the mail, a property list with flags.

use memchr::memchr;

/// Bytes behind the mail that are looked at.
pub const TAIL: usize = 32 << 10;
/// Bits of the flags there.
pub const DELETED: u64 = 1 << 1;
/// Never sent.
pub const DRAFT: u64 = 1 << 6;

/// First line of an `.emlx` file: the number of bytes of mail that follow. Length of the line, and that number.
#[must_use]
pub fn emlx(data: &[u8]) -> Option<(usize, u64)> {
    let nl = memchr(b'\n', data.get(..data.len().min(32))?)?;
    let count = data.get(..nl)?.trim_ascii();
    if count.is_empty() || !count.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((nl + 1, std::str::from_utf8(count).ok()?.parse().ok()?))
}

/// Flags in the property list behind the mail: `<key>flags</key><integer>8590195713</integer>`.
pub fn flags(tail: &[u8]) -> u64 {
    let tail = tail.get(..tail.len().min(TAIL)).unwrap_or_default();
    let value = || {
        let at = memchr::memmem::find(tail, b"<key>flags</key>")?;
        let rest = tail.get(at..)?;
        let rest = rest.get(memchr::memmem::find(rest, b"<integer>")? + 9..)?;
        std::str::from_utf8(rest.get(..memchr(b'<', rest)?)?).ok()?.trim().parse().ok()
    };
    value().unwrap_or(0)
}
