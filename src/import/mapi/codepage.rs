//! Code pages of Windows by their numbers.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::import::decode;

/// The encoding of a code page; `None` for one that is not known.
#[must_use]
pub fn encoding(page: i64) -> Option<&'static Encoding> {
    let label: &[u8] = match page {
        874 => b"windows-874",
        932 => b"shift_jis",
        936 => b"gbk",
        949 | 51949 => b"euc-kr",
        950 => b"big5",
        1250 => b"windows-1250",
        1251 => b"windows-1251",
        1252 | 20127 | 28591 => b"windows-1252",
        1253 => b"windows-1253",
        1254 | 28599 => b"windows-1254",
        1255 => b"windows-1255",
        1256 => b"windows-1256",
        1257 => b"windows-1257",
        1258 => b"windows-1258",
        10000 => b"macintosh",
        20866 => b"koi8-r",
        21866 => b"koi8-u",
        28592 => b"iso-8859-2",
        28593 => b"iso-8859-3",
        28594 => b"iso-8859-4",
        28595 => b"iso-8859-5",
        28596 => b"iso-8859-6",
        28597 => b"iso-8859-7",
        28598 | 38598 => b"iso-8859-8",
        28605 => b"iso-8859-15",
        50220..=50222 => b"iso-2022-jp",
        51932 => b"euc-jp",
        54936 => b"gb18030",
        65001 => b"utf-8",
        _ => return None,
    };
    Encoding::for_label(label)
}

/// The code page in which programs without Unicode keep what the internet sends in another encoding of the same letters.
#[must_use]
pub const fn kept_in(page: i64) -> i64 {
    match page {
        50220..=50222 | 51932 => 932,
        50225 | 51949 => 949,
        52936 | 54936 => 936,
        20866 | 21866 | 28595 => 1251,
        28592 => 1250,
        28597 => 1253,
        28599 => 1254,
        28598 | 38598 => 1255,
        28596 => 1256,
        20127 | 28591 | 28605 => 1252,
        other => other,
    }
}

/// The code page of a locale by its number (`1041` is Japanese); 0 for none.
#[must_use]
pub const fn of_locale(locale: i64) -> i64 {
    match (locale, locale & 0x3ff) {
        (0, _) => 0,
        (0x0404 | 0x0c04 | 0x1404, _) => 950,
        (_, 0x04) => 936,
        (_, 0x11) => 932,
        (_, 0x12) => 949,
        (_, 0x02 | 0x19 | 0x22 | 0x23 | 0x2f) => 1251,
        (_, 0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x1c | 0x24) => 1250,
        (_, 0x08) => 1253,
        (_, 0x1f) => 1254,
        (_, 0x0d) => 1255,
        (_, 0x01 | 0x20 | 0x29) => 1256,
        (_, 0x25..=0x27) => 1257,
        (_, 0x2a) => 1258,
        (_, 0x1e) => 874,
        _ => 1252,
    }
}

/// Text in an encoding; where none is known, UTF-8 if it is that, else what its bytes look like.
#[must_use]
pub fn text<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Cow<'a, str> {
    if bytes.is_ascii() {
        return String::from_utf8_lossy(bytes);
    }
    match encoding.or_else(|| decode::legacy(bytes)) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0,
        None => String::from_utf8_lossy(bytes),
    }
}
