//! What is learnt from a message's text while it passes through; then the text is dropped. Knows no format and no policy.
//! A new feature is a field of [`Facts`], filled in the same pass. The lexicon scanner takes its place here when it has word lists.

/// Facts about one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Unicode scalar values.
    pub chars: u32,
    /// Hash of the text without white space, format marks and ASCII case; 0 for an empty text.
    pub hash: u32,
}

const K: u64 = 0x9e37_79b9_7f4a_7c15;
/// One in each byte of a word, and the high bit of each.
const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH << 7;

#[inline]
const fn mix(h: u64, word: u64) -> u64 {
    let h = (h ^ word).wrapping_mul(K);
    h ^ (h >> 29)
}

/// Facts of a text in one pass over its bytes. Invalid UTF-8 is counted by its start bytes and hashed as it is.
#[must_use]
pub fn facts(text: &[u8]) -> Facts {
    let mut gather = Gather::default();
    gather.add(text);
    gather.facts()
}

/// The same over a text that comes in pieces (a body decoded by blocks); pieces end at character borders.
#[derive(Debug, Clone, Copy, Default)]
pub struct Gather {
    chars: u64,
    hash: u64,
    word: u64,
    held: u32,
}

impl Gather {
    /// The next piece. ASCII goes eight bytes at a time.
    #[inline]
    pub fn add(&mut self, text: &[u8]) {
        let mut state = *self;
        let mut rest = text;
        loop {
            while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
                let word = u64::from_le_bytes(*eight);
                if word & HIGH != 0 {
                    break;
                }
                state.ascii(word);
                rest = tail;
            }
            let Some((&byte, tail)) = rest.split_first() else { break };
            rest = state.other(byte, tail);
        }
        *self = state;
    }

    /// Eight ASCII bytes: lower case, without blanks and controls.
    #[inline]
    const fn ascii(&mut self, word: u64) {
        self.chars += 8;
        // A sum sets the high bit of a byte when the byte is at least `A`, above `Z`, above a blank; no byte carries into the next.
        let upper = ((word + EACH * 0x3f) ^ (word + EACH * 0x25)) & HIGH;
        let mut word = word | (upper >> 2);
        let mut drop = !(word + EACH * 0x5f) & HIGH;
        let mut left = 8;
        while drop != 0 {
            let run = drop.trailing_zeros() / 8;
            self.append(word, run);
            // The run and the dropped byte behind it; eight bytes in all would be no valid shift.
            left -= run + 1;
            if left == 0 {
                return;
            }
            word >>= 8 * (run + 1);
            drop >>= 8 * (run + 1);
        }
        self.append(word, left);
    }

    /// The low `n` bytes (at most eight) of a word.
    #[inline]
    const fn append(&mut self, bytes: u64, n: u32) {
        if n == 0 {
            return;
        }
        let bytes = bytes & (u64::MAX >> (64 - 8 * n));
        self.word |= bytes << (8 * self.held);
        let held = self.held + n;
        if held < 8 {
            self.held = held;
            return;
        }
        self.hash = mix(self.hash, self.word);
        self.word = if self.held == 0 { 0 } else { bytes >> (64 - 8 * self.held) };
        self.held = held - 8;
    }

    /// One byte, and with it the rest of a character that is dropped. Gives what is left.
    #[inline]
    fn other<'a>(&mut self, byte: u8, tail: &'a [u8]) -> &'a [u8] {
        self.chars += u64::from(byte & 0xc0 != 0x80);
        if byte <= b' ' {
            return tail;
        }
        if byte >= 0xc2 {
            // U+00A0, U+200B..200F, U+202A..202F, U+2060..2069, U+FEFF are dropped whole.
            let drop = match (byte, tail.first(), tail.get(1)) {
                (0xc2, Some(0xa0), _) => 1,
                (0xe2, Some(0x80), Some(0x80..=0x8f | 0xa8..=0xaf)) | (0xe2, Some(0x81), Some(0xa0..=0xa9)) | (0xef, Some(0xbb), Some(0xbf)) => 2,
                _ => 0,
            };
            if drop > 0 {
                return tail.get(drop..).unwrap_or_default();
            }
        }
        self.append(u64::from(byte.to_ascii_lowercase()), 1);
        tail
    }

    /// The facts so far.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let chars = u32::try_from(self.chars).unwrap_or(u32::MAX);
        if self.hash == 0 && self.held == 0 {
            return Facts { chars, hash: 0 };
        }
        let h = mix(mix(self.hash, self.word), u64::from(self.held) + 1);
        Facts { chars, hash: ((h >> 32) as u32 ^ h as u32).max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_marks_and_case_do_not_change_the_hash() {
        let a = facts("Hello\u{202f}World\r\nagain".as_bytes());
        let b = facts("\u{200e}hello world again".as_bytes());
        assert_eq!(a.hash, b.hash);
        assert_ne!(a.hash, facts(b"hello world agai").hash);
        assert_eq!(facts("\u{200e} \u{a0}".as_bytes()).hash, 0);
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
            proptest::prop_assert_eq!(facts(text.as_bytes()).hash, plainly(&text));
        }

        #[test]
        fn pieces_give_the_same_facts_as_the_whole(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let mut g = Gather::default();
            g.add(a.as_bytes());
            g.add(b.as_bytes());
            let whole = facts(format!("{a}{b}").as_bytes());
            assert_eq!(g.facts(), whole);
            assert_eq!(whole.chars as usize, a.chars().count() + b.chars().count());
        }
    }
}
