//! Finding the next byte that matters, some bytes at a time: between two such bytes of JSON or of a table stand a few letters or
//! a few blanks, too few for a search that has to be set up first.

/// First quote or backslash.
#[inline]
pub fn quote_or_escape(bytes: &[u8]) -> Option<usize> {
    words::quote_or_escape(bytes)
}

/// Calls `f` with the place of every quote, backslash and bracket, in order, until it gives something.
#[inline]
pub fn each_mark<T>(bytes: &[u8], f: impl FnMut(usize) -> Option<T>) -> Option<T> {
    words::each(bytes, words::marks, f)
}

/// The same for four bytes of one's choice.
#[inline]
pub fn each_of<T>(four: [u8; 4], bytes: &[u8], f: impl FnMut(usize) -> Option<T>) -> Option<T> {
    words::each(bytes, |piece| words::any(four, piece), f)
}

/// Sixteen bytes at a time in WebAssembly, whose vectors every browser has that we ask for.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod words {
    use super::filled;
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128, v128_or};

    #[inline]
    fn find(bytes: &[u8], hits: impl Fn(v128) -> v128, plain: impl Fn(u8) -> bool) -> Option<usize> {
        let mut rest = bytes;
        while let Some((chunk, tail)) = rest.split_first_chunk::<16>() {
            if let ([low, high], _) = chunk.as_chunks::<8>() {
                let mask = u8x16_bitmask(hits(u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high))));
                if mask != 0 {
                    return Some(bytes.len() - rest.len() + mask.trailing_zeros() as usize);
                }
            }
            rest = tail;
        }
        rest.iter().position(|b| plain(*b)).map(|n| n + bytes.len() - rest.len())
    }

    #[inline]
    fn is(v: v128, byte: u8) -> v128 {
        u8x16_eq(v, u8x16_splat(byte))
    }

    #[inline]
    pub fn quote_or_escape(bytes: &[u8]) -> Option<usize> {
        find(bytes, |v| v128_or(is(v, b'"'), is(v, b'\\')), |b| matches!(b, b'"' | b'\\'))
    }

    #[inline]
    pub fn each<T>(bytes: &[u8], hits: impl Fn(v128) -> v128, mut f: impl FnMut(usize) -> Option<T>) -> Option<T> {
        let (chunks, tail) = bytes.as_chunks::<16>();
        let mut last = [0; 16];
        for n in 0..=chunks.len() {
            let chunk = chunks.get(n).unwrap_or_else(|| filled(&mut last, tail));
            let ([low, high], _) = chunk.as_chunks::<8>() else { continue };
            let mut mask = u8x16_bitmask(hits(u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high))));
            while mask != 0 {
                let at = n * 16 + mask.trailing_zeros() as usize;
                // What fills up the last piece is none of the bytes.
                if let Some(found) = if at < bytes.len() { f(at) } else { None } {
                    return Some(found);
                }
                mask &= mask - 1;
            }
        }
        None
    }

    #[inline]
    pub fn marks(v: v128) -> v128 {
        // `[` and `{`, `]` and `}` differ in one bit.
        let braced = v128_or(v, u8x16_splat(0x20));
        v128_or(v128_or(is(v, b'"'), is(v, b'\\')), v128_or(is(braced, b'{'), is(braced, b'}')))
    }

    #[inline]
    pub fn any([a, b, c, d]: [u8; 4], v: v128) -> v128 {
        v128_or(v128_or(is(v, a), is(v, b)), v128_or(is(v, c), is(v, d)))
    }
}

/// Eight bytes at a time elsewhere.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod words {
    use super::{every, filled};
    use crate::features::zeros;

    const HIGH: u64 = 0x8080_8080_8080_8080;

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

    /// High bit set for exactly the bytes that are 0.
    #[inline]
    const fn exactly(word: u64) -> u64 {
        !(((word & !HIGH) + !HIGH) | word) & HIGH
    }

    #[inline]
    pub fn each<T>(bytes: &[u8], hits: impl Fn(u64) -> u64, mut f: impl FnMut(usize) -> Option<T>) -> Option<T> {
        let (chunks, tail) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        for n in 0..=chunks.len() {
            let mut mask = hits(u64::from_le_bytes(*chunks.get(n).unwrap_or_else(|| filled(&mut last, tail))));
            while mask != 0 {
                let at = n * 8 + mask.trailing_zeros() as usize / 8;
                // What fills up the last piece is none of the bytes.
                if let Some(found) = if at < bytes.len() { f(at) } else { None } {
                    return Some(found);
                }
                mask &= mask - 1;
            }
        }
        None
    }

    #[inline]
    pub const fn marks(word: u64) -> u64 {
        // `[` and `{`, `]` and `}` differ in one bit.
        let braced = word | every(0x20);
        exactly(word ^ every(b'"')) | exactly(word ^ every(b'\\')) | exactly(braced ^ every(b'{')) | exactly(braced ^ every(b'}'))
    }

    #[inline]
    pub const fn any([a, b, c, d]: [u8; 4], word: u64) -> u64 {
        exactly(word ^ every(a)) | exactly(word ^ every(b)) | exactly(word ^ every(c)) | exactly(word ^ every(d))
    }
}

/// The last few bytes as a whole piece, filled up with zeros.
#[inline]
fn filled<'a, const N: usize>(last: &'a mut [u8; N], tail: &[u8]) -> &'a [u8; N] {
    last.iter_mut().zip(tail).for_each(|(to, from)| *to = *from);
    last
}

#[inline]
const fn every(byte: u8) -> u64 {
    byte as u64 * 0x0101_0101_0101_0101
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
                    assert_eq!(each_of([b';', b'Z', 0xa9, 0xa9], rest, Some), rest.iter().position(|b| b";Z\xa9".contains(b)));
                    let mut marks = Vec::new();
                    assert_eq!(each_mark(rest, |n| { marks.push(n); None::<()> }), None);
                    let mut four = Vec::new();
                    assert_eq!(each_of([b';', 0, b'"', b'\n'], rest, |n| { four.push(n); (four.len() > 5).then_some(n) }).is_some(), four.len() > 5);
                    assert_eq!(four, (0..rest.len()).filter(|n| b";\0\"\n".contains(&rest[*n])).take(6).collect::<Vec<_>>());
                    assert_eq!(marks, (0..rest.len()).filter(|n| b"\"\\{}[]".contains(&rest[*n])).collect::<Vec<_>>());
                    assert_eq!(not_blank(rest), rest.iter().position(|b| !b" \n\r\t".contains(b)));
                }
            }
        }
    }
}
