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

/// Eight bytes of text looked at together: each mask has the high bit of the bytes it means.
#[derive(Clone, Copy)]
struct Block(u64);

const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

impl Block {
    #[inline]
    const fn of(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// Bytes before the first that is dropped or may begin a mark that is dropped: blanks, controls, 0xC2, 0xE2, 0xEF.
    #[inline]
    const fn before_stop(self) -> u32 {
        let mut stop = !(((self.0 & !HIGH) + 0x5f * ONES) | self.0) & HIGH;
        if self.0 & HIGH != 0 {
            stop |= self.equal(0xc2) | self.equal(0xe2) | self.equal(0xef);
        }
        stop.trailing_zeros() / 8
    }

    #[inline]
    const fn equal(self, byte: u64) -> u64 {
        let differs = self.0 ^ (byte * ONES);
        !(((differs & !HIGH) + !HIGH) | differs) & HIGH
    }

    /// The first `count` bytes in lower case (ASCII), zeros behind them.
    #[inline]
    const fn lower(self, count: u32) -> u64 {
        let low = self.0 & !HIGH;
        let upper = (low + 0x3f * ONES) & !(low + 0x25 * ONES) & !self.0 & HIGH;
        (self.0 | (upper >> 2)) & first(count)
    }

    /// Characters that begin in the first `count` bytes.
    #[inline]
    const fn chars(self, count: u32) -> u64 {
        let inner = self.0 & !(self.0 << 1) & HIGH & first(count);
        (count - inner.count_ones()) as u64
    }
}

/// Mask of the first `count` bytes of eight.
#[inline]
const fn first(count: u32) -> u64 {
    if count >= 8 { u64::MAX } else { (1 << (8 * count)) - 1 }
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
        let mut rest = text;
        while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
            let block = Block::of(*eight);
            let taken = block.before_stop();
            self.chars += block.chars(taken);
            self.push(block.lower(taken), taken);
            rest = match rest.get(taken as usize..) {
                Some(at_stop) if taken < 8 => self.one(at_stop),
                _ => tail,
            };
        }
        while !rest.is_empty() {
            rest = self.one(rest);
        }
    }

    /// The first byte of `text`, or the mark it begins; returns what is behind it.
    #[inline]
    fn one<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let Some((&b, rest)) = text.split_first() else { return text };
        self.chars += u64::from(b & 0xc0 != 0x80);
        if b <= b' ' {
            return rest;
        }
        // U+00A0, U+200B..200F, U+202A..202F, U+2060..2069, U+FEFF are dropped whole.
        match (b, rest) {
            (0xc2, [0xa0, behind @ ..])
            | (0xe2, [0x80, 0x80..=0x8f | 0xa8..=0xaf, behind @ ..] | [0x81, 0xa0..=0xa9, behind @ ..])
            | (0xef, [0xbb, 0xbf, behind @ ..]) => return behind,
            _ => {}
        }
        self.push(u64::from(b.to_ascii_lowercase()), 1);
        rest
    }

    /// Adds the lowest `count` bytes of `bytes` (the others are 0) to the word, at most 8.
    #[inline]
    fn push(&mut self, bytes: u64, count: u32) {
        let held = self.held + count;
        let word = self.word | (bytes << (8 * self.held));
        if held < 8 {
            (self.word, self.held) = (word, held);
            return;
        }
        self.hash = mix(self.hash, word);
        // Bytes that did not fit into the full word begin the next; none when the word was empty.
        self.word = bytes.checked_shr(64 - 8 * self.held).unwrap_or(0);
        self.held = held - 8;
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

        #[test]
        fn eight_bytes_at_a_time_say_what_one_at_a_time_say(text in "[a-zA-Z é水\u{a0}\u{200e}\u{2028}\u{feff}@Z\\[`{\n]{0,60}") {
            let mut single = Gather::default();
            let mut rest = text.as_bytes();
            while !rest.is_empty() {
                rest = single.one(rest);
            }
            assert_eq!(single.facts(), facts(text.as_bytes()), "{text:?}");
        }
    }
}
