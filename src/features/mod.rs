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
    /// The next piece.
    #[inline]
    pub fn add(&mut self, text: &[u8]) {
        let (mut hash, mut word, mut held) = (self.hash, self.word, self.held);
        let mut chars = 0u64;
        let mut rest = text;
        while let Some((&b, tail)) = rest.split_first() {
            rest = tail;
            chars += u64::from(b & 0xc0 != 0x80);
            let mut byte = b;
            if b <= b' ' {
                continue;
            }
            if b.is_ascii_uppercase() {
                byte |= 0x20;
            } else if b >= 0xc2 {
                // U+00A0, U+200B..200F, U+202A..202F, U+2060..2069, U+FEFF are dropped whole.
                let drop = match (b, tail.first(), tail.get(1)) {
                    (0xc2, Some(0xa0), _) => 1,
                    (0xe2, Some(0x80), Some(0x80..=0x8f | 0xa8..=0xaf)) | (0xe2, Some(0x81), Some(0xa0..=0xa9)) | (0xef, Some(0xbb), Some(0xbf)) => 2,
                    _ => 0,
                };
                if drop > 0 {
                    rest = rest.get(drop..).unwrap_or_default();
                    continue;
                }
            }
            word |= u64::from(byte) << (8 * held);
            held += 1;
            if held == 8 {
                hash = mix(hash, word);
                (word, held) = (0, 0);
            }
        }
        self.chars += chars;
        (self.hash, self.word, self.held) = (hash, word, held);
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

    proptest::proptest! {
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
