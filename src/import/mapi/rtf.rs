//! Bodies kept as packed RTF ([MS-OXRTFCP]), which may hold HTML within ([MS-OXRTFEX]). Used only where an item has no other body.

use encoding_rs::Encoding;

use super::codepage;
use crate::import::pages::u32_at;

/// What the window of the packing holds at the start.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// Size of the window.
const WINDOW: usize = 4096;
/// Most bytes unpacked.
const LIMIT: usize = 32 << 20;
/// Deepest groups whose state is kept.
const DEPTH: usize = 500;

/// Unpacks a body; `None` when it is no packed RTF.
#[must_use]
pub fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let data = packed.get(16..)?;
    match packed.get(8..12)? {
        b"MELA" => return Some(data.get(..data.len().min(u32_at(packed, 4) as usize)).unwrap_or_default().to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [0; WINDOW];
    for (slot, b) in window.iter_mut().zip(DICTIONARY) {
        *slot = *b;
    }
    let mut write = DICTIONARY.len();
    let mut out = Vec::new();
    let mut bytes = data.iter().copied();
    while out.len() < LIMIT {
        let Some(control) = bytes.next() else { break };
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(b) = bytes.next() else { return Some(out) };
                put(&mut window, &mut write, b, &mut out);
                continue;
            }
            let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return Some(out) };
            let word = usize::from(high) << 8 | usize::from(low);
            let from = word >> 4;
            if from == write % WINDOW {
                return Some(out);
            }
            for n in 0..(word & 15) + 2 {
                let b = window.get((from + n) % WINDOW).copied().unwrap_or(0);
                put(&mut window, &mut write, b, &mut out);
            }
        }
    }
    Some(out)
}

fn put(window: &mut [u8; WINDOW], write: &mut usize, b: u8, out: &mut Vec<u8>) {
    if let Some(slot) = window.get_mut(*write % WINDOW) {
        *slot = b;
    }
    *write += 1;
    out.push(b);
}

/// What an RTF says.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// The text, or the HTML it was made from.
    pub text: String,
    /// Whether it is HTML.
    pub html: bool,
}

#[derive(Clone, Copy)]
struct Group {
    /// Nothing here is text.
    hidden: bool,
    /// A tag of the HTML within.
    tag: bool,
    /// What RTF added to the HTML.
    added: bool,
    /// Bytes that stand for readers without Unicode after each character.
    stand_ins: usize,
}

/// Reads an RTF.
#[must_use]
pub fn read(rtf: &[u8]) -> Told {
    let html = memchr::memmem::find(rtf.get(..rtf.len().min(2000)).unwrap_or_default(), b"\\fromhtml").is_some();
    let mut reader = Reader { html, ..Reader::default() };
    reader.all(rtf);
    reader.flush();
    Told { text: reader.out, html }
}

struct Reader {
    html: bool,
    out: String,
    narrow: Vec<u8>,
    encoding: Option<&'static Encoding>,
    group: Group,
    stack: Vec<Group>,
    /// Groups beyond the deepest that is kept.
    deeper: usize,
    skip: usize,
    star: bool,
    fresh: bool,
}

impl Default for Reader {
    fn default() -> Self {
        let group = Group { hidden: false, tag: false, added: false, stand_ins: 1 };
        Self { html: false, out: String::new(), narrow: Vec::new(), encoding: None, group, stack: Vec::new(), deeper: 0, skip: 0, star: false, fresh: false }
    }
}

impl Reader {
    fn all(&mut self, rtf: &[u8]) {
        let mut rest = rtf;
        while let Some((b, tail)) = rest.split_first() {
            rest = tail;
            match b {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => rest = self.control(tail),
                b'\r' | b'\n' => {}
                b => self.byte(*b),
            }
            if !matches!(b, b'{' | b'\\' | b'\r' | b'\n') {
                (self.fresh, self.star) = (false, false);
            }
        }
    }

    fn open(&mut self) {
        if self.stack.len() < DEPTH {
            self.stack.push(self.group)
        } else {
            self.deeper += 1
        }
        (self.fresh, self.star, self.skip) = (true, false, 0);
    }

    fn close(&mut self) {
        self.skip = 0;
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(group) = self.stack.pop() {
            self.group = group;
        }
    }

    fn shows(&self) -> bool {
        let g = self.group;
        let added = self.html && g.added && !g.tag;
        !(g.hidden || added)
    }

    fn byte(&mut self, b: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.shows() {
            self.narrow.push(b);
        }
    }

    fn flush(&mut self) {
        if !self.narrow.is_empty() {
            self.out.push_str(&codepage::text(&self.narrow, self.encoding.or(Some(encoding_rs::WINDOWS_1252))));
            self.narrow.clear();
        }
    }

    fn letter(&mut self, c: char) {
        if self.shows() {
            self.flush();
            self.out.push(c);
        }
    }

    fn control<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let Some((first, tail)) = rest.split_first() else { return rest };
        if !first.is_ascii_alphabetic() {
            return self.symbol(*first, tail);
        }
        let end = rest.iter().position(|b| !b.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, b""));
        let sign = usize::from(tail.first() == Some(&b'-'));
        let digits = tail.iter().skip(sign).take(10).take_while(|b| b.is_ascii_digit()).count();
        let (number, tail) = if digits == 0 { (&b""[..], tail) } else { tail.split_at_checked(sign + digits).unwrap_or((tail, b"")) };
        let number = std::str::from_utf8(number).ok().and_then(|n| n.parse::<i64>().ok());
        self.word(word, number);
        (self.fresh, self.star) = (false, false);
        tail.strip_prefix(b" ").unwrap_or(tail)
    }

    fn symbol<'a>(&mut self, symbol: u8, tail: &'a [u8]) -> &'a [u8] {
        match symbol {
            b'\'' => {
                let digit = |at: usize| tail.get(at).and_then(|b| char::from(*b).to_digit(16));
                if let (Some(a), Some(b)) = (digit(0), digit(1)) {
                    self.byte((a << 4 | b) as u8);
                    return tail.get(2..).unwrap_or_default();
                }
            }
            b'*' if self.fresh => {
                self.star = true;
                return tail;
            }
            b'~' => self.letter(' '),
            b'{' | b'}' | b'\\' => self.byte(symbol),
            b'\r' | b'\n' if !self.html => self.letter('\n'),
            _ => {}
        }
        (self.fresh, self.star) = (false, false);
        tail
    }

    fn word(&mut self, word: &[u8], number: Option<i64>) {
        match word {
            b"htmltag" => self.group.tag = true,
            b"htmlrtf" => self.group.added = number != Some(0),
            b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"footer" | b"listtable" => self.group.hidden = true,
            _ if self.star => self.group.hidden = true,
            b"ansicpg" => self.encoding = number.and_then(codepage::encoding),
            b"uc" => self.group.stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(0).min(10),
            b"u" => {
                // Numbers above 32767 are written as negative ones; the halves of a pair come one after the other and are given up.
                let code = number.and_then(|n| u32::try_from(if n < 0 { n + 65_536 } else { n }).ok()).and_then(char::from_u32);
                self.letter(code.unwrap_or(char::REPLACEMENT_CHARACTER));
                self.skip = self.group.stand_ins;
            }
            b"par" | b"line" | b"row" => self.letter('\n'),
            b"tab" | b"cell" => self.letter('\t'),
            b"lquote" | b"rquote" => self.letter('\''),
            b"ldblquote" | b"rdblquote" => self.letter('"'),
            b"endash" | b"emdash" => self.letter('-'),
            _ => {}
        }
    }
}
