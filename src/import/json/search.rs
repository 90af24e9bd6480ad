//! Finding the next byte that matters, eight bytes at a time: between two such bytes of JSON stand a few letters or a few blanks,
//! too few for a search that has to be set up first.

const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

/// High bit set for the bytes that are 0; right up to the first one, which is all that is asked.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

#[inline]
const fn every(byte: u8) -> u64 {
    byte as u64 * ONES
}

/// First quote or backslash.
#[inline]
pub fn quote_or_escape(bytes: &[u8]) -> Option<usize> {
    /// Longer strings are worth a search with wider steps.
    const NEAR: usize = 48;
    let mut rest = bytes;
    while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let hit = zeros(word ^ every(b'"')) | zeros(word ^ every(b'\\'));
        let done = bytes.len() - rest.len();
        if hit != 0 {
            return Some(done + hit.trailing_zeros() as usize / 8);
        }
        rest = tail;
        if done >= NEAR {
            return memchr::memchr2(b'"', b'\\', rest).map(|n| n + done + 8);
        }
    }
    rest.iter().position(|b| *b == b'"' || *b == b'\\').map(|n| n + bytes.len() - rest.len())
}

/// First quote or bracket.
#[inline]
pub fn quote_or_bracket(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        // `[` and `{`, `]` and `}` differ in one bit.
        let braced = word | every(0x20);
        let hit = zeros(word ^ every(b'"')) | zeros(braced ^ every(b'{')) | zeros(braced ^ every(b'}'));
        if hit != 0 {
            return Some(bytes.len() - rest.len() + hit.trailing_zeros() as usize / 8);
        }
        rest = tail;
    }
    rest.iter().position(|b| matches!(b, b'"' | b'{' | b'}' | b'[' | b']')).map(|n| n + bytes.len() - rest.len())
}

/// First byte that is no white space. Indentation is passed over eight blanks at a time.
#[inline]
pub fn not_blank(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        while let Some((eight, tail)) = rest.split_first_chunk::<8>()
            && u64::from_le_bytes(*eight) == every(b' ')
        {
            rest = tail;
        }
        match rest.split_first() {
            Some((b' ' | b'\n' | b'\r' | b'\t', tail)) => rest = tail,
            Some(_) => return Some(bytes.len() - rest.len()),
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn found_is_what_a_plain_search_finds(text in "[ \n\t\"\\\\{}\\[\\]Zz;é\\u{7a}\\u{1}\u{7f}]{0,80}", blank in " {0,40}[a\n]{0,2} {0,40}") {
            for bytes in [text.as_bytes(), blank.as_bytes()] {
                for from in 0..bytes.len() {
                    let rest = &bytes[from..];
                    assert_eq!(quote_or_escape(rest), rest.iter().position(|b| b"\"\\".contains(b)));
                    assert_eq!(quote_or_bracket(rest), rest.iter().position(|b| b"\"{}[]".contains(b)));
                    assert_eq!(not_blank(rest), rest.iter().position(|b| !b" \n\r\t".contains(b)));
                }
            }
        }
    }
}
