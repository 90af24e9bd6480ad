//! What is learnt from a message's text while it passes through; then the text is dropped. Knows no format and no policy.
//! A new feature is a field of [`Facts`], filled in the same pass. The pass counts the digits and a few signs of a piece of text; the
//! search for sensitive data goes only where there are some, that for business words only through a sample of each conversation.

pub mod elsewhere;
mod lexicon;
pub mod sensitive;
pub mod words;

use sensitive::Kinds;
use words::Signs;

/// Facts about one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Unicode scalar values.
    pub chars: u32,
    /// Hash of the text without white space, format marks and ASCII case; 0 for an empty text.
    pub hash: u32,
    /// What else it shows.
    pub signs: Signs,
}

const K: u64 = 0x9e37_79b9_7f4a_7c15;
/// One in each byte of a word, and the high bit of each.
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH << 7;

/// First bytes of the characters of which some are dropped.
const LEADS: [u8; 3] = [0xc2, 0xe2, 0xef];

/// High bit set for the bytes of a word that are 0; right up to the first one.
#[inline]
#[must_use]
pub const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(EACH) & !word & HIGH
}

#[inline]
const fn mix(h: u64, word: u64) -> u64 {
    let h = (h ^ word).wrapping_mul(K);
    h ^ (h >> 29)
}

/// Facts of a text in one pass over its bytes. Invalid UTF-8 is counted by its start bytes and hashed as it is.
/// `sample`: whether its words are looked at.
#[must_use]
pub fn facts(text: &[u8], sample: bool) -> Facts {
    let mut gather = Gather::of(sample);
    gather.add(text);
    gather.facts()
}

/// The same over a text that comes in pieces (a body decoded by blocks); pieces end at character borders. Length and hash are those of
/// the whole; sensitive data and business words are found within a piece.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gather {
    sum: Sum,
    signs: Signs,
    /// Bytes of which the words may still be looked at.
    left: u16,
    weak: u16,
    elsewhere: elsewhere::Progress,
}

/// Fewest marks with which sensitive data is looked for: one key in six of Amazon's has a single digit.
const FEWEST_MARKS: u32 = 1;

/// Length and hash so far.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    hash: u64,
    word: u64,
    /// Wraps beyond four thousand million characters, which no record has.
    chars: u32,
    held: u32,
}

/// One pass over a piece: the sum, and the marks of the piece, which are digits and `: ; < =`, their neighbours in ASCII.
struct Pass {
    sum: Sum,
    marks: u32,
}

impl Gather {
    /// `sample`: whether the words of this text are looked at.
    #[must_use]
    pub fn of(sample: bool) -> Self {
        Self { left: if sample { words::BEGINNING } else { 0 }, signs: Signs { looked: sample, ..Signs::default() }, ..Self::default() }
    }

    /// The next piece.
    #[inline]
    pub fn add(&mut self, text: &[u8]) {
        let marks = self.sum.add(text);
        if marks >= FEWEST_MARKS || self.left > 0 || text.first() == Some(&b'-') {
            self.look(text, marks);
        }
        self.elsewhere.look(text, &mut self.signs.elsewhere);
    }

    /// Looks for what the marks and the sample ask for.
    #[inline(never)]
    fn look(&mut self, text: &[u8], marks: u32) {
        if marks >= FEWEST_MARKS {
            self.signs.sensitive = self.signs.sensitive.with(sensitive::look(text, u64::from(marks)));
        } else if sensitive::framed(text) {
            self.signs.sensitive = self.signs.sensitive.with(Kinds::CREDENTIAL);
        }
        if self.left > 0 {
            let part = text.get(..text.len().min(usize::from(self.left))).unwrap_or_default();
            words::look(part, &mut self.weak, &mut self.signs);
            self.left = if self.signs.settled() { 0 } else { self.left.saturating_sub(u16::try_from(part.len()).unwrap_or(u16::MAX)) };
        }
    }

    /// The name of a file that comes with the text: looked at, and no text itself.
    pub fn file(&mut self, name: &[u8]) {
        if self.left > 0 {
            self.look(name, 0);
        }
    }

    /// The facts so far.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let (chars, hash) = self.sum.chars_and_hash();
        // An empty text is no text of the sample, unless a document comes with it.
        let signs = if chars == 0 && !self.signs.settled() { Signs::default() } else { self.signs };
        Facts { chars, hash, signs }
    }
}

impl Pass {
    /// Up to eight bytes, the low ones of a word whose others are 0: lower case, without blanks and controls. Which bytes are
    /// dropped cannot be foretold, so nothing here branches on it: the bytes that stay move down together, by one, two and four
    /// places, each by the number of dropped bytes below it (Warren, Hacker's Delight, section 7-4).
    #[inline]
    const fn eight(&mut self, word: u64, bytes: u32) {
        let (high, low) = (word & HIGH, word & !HIGH);
        // Bytes that go on with a character: 10xxxxxx.
        self.sum.chars = self.sum.chars.wrapping_add(bytes - (high & !(word << 1)).count_ones());
        // A sum sets the high bit of a byte when the byte is at least `A`, above `Z`, above a blank; no byte carries into the next.
        let upper = ((low + EACH * 0x3f) ^ (low + EACH * 0x25)) & HIGH & !high;
        // The same for `0` up to `=`.
        self.marks += (((low + EACH * 0x50) ^ (low + EACH * 0x42)) & HIGH & !high).count_ones();
        let keep = (((low + EACH * 0x5f) & HIGH) | high) >> 7;
        let kept = keep.count_ones();
        let all = keep * 0xff;
        let mut word = (word | (upper >> 2)) & all;
        // In each byte, how many bytes below it are dropped.
        let mut moves = (keep ^ EACH).wrapping_mul(EACH) & all;
        let mut step = 0;
        while step < 3 {
            let far = (moves >> step & EACH) * 0xff;
            word = (word & !far) | ((word & far) >> (8 << step));
            moves = (moves & !far) | ((moves & far) >> (8 << step));
            step += 1;
        }
        self.append(word, kept);
    }

    /// The low `n` bytes (at most eight) of a word whose others are 0.
    #[inline]
    const fn append(&mut self, bytes: u64, n: u32) {
        let held = self.sum.held + n;
        self.sum.word |= bytes << (8 * self.sum.held);
        if held < 8 {
            self.sum.held = held;
            return;
        }
        self.sum.hash = mix(self.sum.hash, self.sum.word);
        // What did not fit; a shift by the whole width in two parts.
        self.sum.word = (bytes >> 8) >> (56 - 8 * self.sum.held);
        self.sum.held = held - 8;
    }

    /// One of [`LEADS`], and with it the rest of a character that is dropped. Gives what is left.
    #[inline]
    fn lead<'a>(&mut self, lead: u8, tail: &'a [u8]) -> &'a [u8] {
        self.sum.chars = self.sum.chars.wrapping_add(1);
        // U+00A0, U+200B..200F, U+202A..202F, U+2060..2069, U+FEFF are dropped whole.
        let drop = match (lead, tail.first(), tail.get(1)) {
            (0xc2, Some(0xa0), _) => 1,
            (0xe2, Some(0x80), Some(0x80..=0x8f | 0xa8..=0xaf)) | (0xe2, Some(0x81), Some(0xa0..=0xa9)) | (0xef, Some(0xbb), Some(0xbf)) => 2,
            _ => 0,
        };
        if drop > 0 {
            return tail.get(drop..).unwrap_or_default();
        }
        self.append(u64::from(lead), 1);
        tail
    }
}

impl Sum {
    /// Bytes go eight at a time, up to where a character begins that may have to be dropped. Gives the marks of this piece.
    #[inline]
    fn add(&mut self, text: &[u8]) -> u32 {
        let mut state = Pass { sum: *self, marks: 0 };
        let mut rest = vectors::add(&mut state, text);
        while !rest.is_empty() {
            let (word, len, tail) = match rest.split_first_chunk::<8>() {
                Some((eight, tail)) => (u64::from_le_bytes(*eight), 8, tail),
                None => (rest.iter().rev().fold(0, |w, b| w << 8 | u64::from(*b)), rest.len() as u32, &[][..]),
            };
            let doubtful = LEADS.iter().fold(0, |hits, lead| hits | zeros(word ^ (EACH * *lead as u64)));
            if doubtful == 0 {
                state.eight(word, len);
                rest = tail;
                continue;
            }
            let run = doubtful.trailing_zeros() / 8;
            state.eight(word & !(u64::MAX << (8 * run)), run);
            let Some((&lead, tail)) = rest.get(run as usize..).and_then(<[u8]>::split_first) else { break };
            let tail = state.lead(lead, tail);
            rest = vectors::add(&mut state, tail);
        }
        *self = state.sum;
        state.marks
    }

    fn chars_and_hash(&self) -> (u32, u32) {
        if self.hash == 0 && self.held == 0 {
            return (self.chars, 0);
        }
        let h = mix(mix(self.hash, self.word), u64::from(self.held) + 1);
        (self.chars, ((h >> 32) as u32 ^ h as u32).max(1))
    }
}

/// Sixteen bytes at a time, up to a character that may have to be dropped: lower case and places come by vectors, and a table tells
/// for each pattern of eight bytes where those that stay come from.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vectors {
    use core::arch::wasm32::{
        u8x16_add, u8x16_bitmask, u8x16_eq, u8x16_ge, u8x16_gt, u8x16_le, u8x16_splat, u8x16_swizzle, u64x2, u64x2_extract_lane, v128_and, v128_any_true,
        v128_or,
    };

    /// For each set of bytes that stay (one bit each): their places, then places out of range, which give 0.
    const PLACES: [u64; 256] = {
        let mut table = [0; 256];
        let mut set = 0;
        while set < 256 {
            let (mut places, mut n, mut at) = (u64::MAX / 255 * 0x80, 0, 0);
            while at < 8 {
                if set >> at & 1 == 1 {
                    places = places & !(0xff << (8 * n)) | (at << (8 * n));
                    n += 1;
                }
                at += 1;
            }
            #[allow(clippy::indexing_slicing)] // Computed while compiling.
            {
                table[set as usize] = places;
            }
            set += 1;
        }
        table
    };

    /// Takes those of sixteen bytes whose bit is set. `false`: a character begins in them that may have to be dropped.
    #[inline]
    fn sixteen(state: &mut super::Pass, chunk: &[u8; 16], wanted: u32) -> bool {
        let ([low, high], _) = chunk.as_chunks::<8>() else { return false };
        let v = u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high));
        let [a, b, c] = super::LEADS.map(|lead| u8x16_eq(v, u8x16_splat(lead)));
        if v128_any_true(v128_or(v128_or(a, b), c)) {
            return false;
        }
        let later = u8x16_bitmask(u8x16_eq(v128_and(v, u8x16_splat(0xc0)), u8x16_splat(0x80)));
        let upper = v128_and(u8x16_ge(v, u8x16_splat(b'A')), u8x16_le(v, u8x16_splat(b'Z')));
        let lower = v128_or(v, v128_and(upper, u8x16_splat(0x20)));
        let kept = u32::from(u8x16_bitmask(u8x16_gt(v, u8x16_splat(b' ')))) & wanted;
        let of = |set: u32| PLACES.get(set as usize & 0xff).copied().unwrap_or_default();
        let places = u8x16_add(u64x2(of(kept), of(kept >> 8)), u64x2(0, u64::MAX / 255 * 8));
        let moved = u8x16_swizzle(lower, places);
        state.sum.chars = state.sum.chars.wrapping_add((wanted & !u32::from(later) & 0xffff).count_ones());
        let marks = v128_and(u8x16_ge(v, u8x16_splat(b'0')), u8x16_le(v, u8x16_splat(b'=')));
        state.marks += (u32::from(u8x16_bitmask(marks)) & wanted).count_ones();
        state.append(u64x2_extract_lane::<0>(moved), (kept & 0xff).count_ones());
        state.append(u64x2_extract_lane::<1>(moved), (kept >> 8 & 0xff).count_ones());
        true
    }

    #[inline]
    pub fn add<'a>(state: &mut super::Pass, text: &'a [u8]) -> &'a [u8] {
        let mut rest = text;
        while let Some((chunk, tail)) = rest.split_first_chunk::<16>() {
            if !sixteen(state, chunk, 0xffff) {
                return rest;
            }
            rest = tail;
        }
        // The last few: the last sixteen once more, without those that were counted.
        let counted = 16 - rest.len();
        let last = text.last_chunk::<16>().filter(|_| !rest.is_empty());
        if last.is_some_and(|last| sixteen(state, last, 0xffff << counted)) { &[] } else { rest }
    }
}

/// Eight at a time is all there is elsewhere.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod vectors {
    #[inline]
    pub const fn add<'a>(_: &mut super::Pass, text: &'a [u8]) -> &'a [u8] {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_marks_and_case_do_not_change_the_hash() {
        let a = facts("Hello\u{202f}World\r\nagain".as_bytes(), false);
        let b = facts("\u{200e}hello world again".as_bytes(), false);
        assert_eq!(a.hash, b.hash);
        assert_ne!(a.hash, facts(b"hello world agai", false).hash);
        assert_eq!(facts("\u{200e} \u{a0}".as_bytes(), false).hash, 0);
    }

    /// The definition, byte by byte.
    fn plainly(text: &str) -> u32 {
        let kept = text
            .chars()
            .filter(|c| *c > ' ' && !matches!(c, '\u{a0}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{2069}' | '\u{feff}'));
        let bytes: Vec<u8> = kept.collect::<String>().to_ascii_lowercase().into_bytes();
        if bytes.is_empty() {
            return 0;
        }
        let word = |b: &[u8]| b.iter().rev().fold(0u64, |w, b| w << 8 | u64::from(*b));
        let (whole, rest) = bytes.as_chunks::<8>();
        let h = whole.iter().fold(0, |h, b| mix(h, word(b)));
        let h = mix(mix(h, word(rest)), rest.len() as u64 + 1);
        ((h >> 32) as u32 ^ h as u32).max(1)
    }

    proptest::proptest! {
        #[test]
        fn eight_bytes_at_a_time_is_the_same_as_one(text in "[ -~]{0,60}|[a-dA-D \n\t\u{7f}@\\[`{]{0,40}|(\\PC|[ a-zA-Z\u{200e}\u{202f}\u{a0}]){0,40}") {
            proptest::prop_assert_eq!(facts(text.as_bytes(), false).hash, plainly(&text));
        }

        #[test]
        fn marks_are_digits_and_the_signs_behind_them(text in "[ -~]{0,60}|(\\PC|[0-9:=\u{200e}\u{a0}]){0,40}") {
            let mut sum = Sum::default();
            let marks = sum.add(text.as_bytes());
            proptest::prop_assert_eq!(marks as usize, text.bytes().filter(|b| (b'0'..=b'=').contains(b)).count());
        }

        #[test]
        fn pieces_give_the_same_facts_as_the_whole(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let mut g = Gather::default();
            g.add(a.as_bytes());
            g.add(b.as_bytes());
            let whole = facts(format!("{a}{b}").as_bytes(), false);
            assert_eq!((g.facts().chars, g.facts().hash), (whole.chars, whole.hash));
            assert_eq!(whole.chars as usize, a.chars().count() + b.chars().count());
        }
    }
}
