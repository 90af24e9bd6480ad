//! What a text is about, by its words: business words, names of documents, domains it mentions. Only a sample of each conversation is
//! looked at, and only the beginning of a text: a share is asked for, and a share needs no more.

use std::sync::LazyLock;

use super::lexicon::{STRONG, WEAK};
use super::sensitive::Kinds;
use crate::model::elsewhere::Elsewhere;
use crate::text;

/// Domains kept of one text.
pub const DOMAINS: usize = 2;
/// Bytes of one text that are looked at.
pub const BEGINNING: u16 = 1024;
/// The first messages of a conversation that are looked at; up to the second number every sixteenth, then one of 128.
const FIRST: u32 = 64;
const SECOND: u32 = 8192;

/// Whether the message with this number (from 0) belongs to the sample of its conversation.
#[must_use]
pub const fn in_sample(number: u32) -> bool {
    number < FIRST || number.is_multiple_of(if number < SECOND { 16 } else { 128 })
}

/// What a text shows beside length and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signs {
    /// Whether it was looked at: it belongs to the sample.
    pub looked: bool,
    /// A business word stands in it.
    pub business: bool,
    /// The name of a document stands in it, before any business word.
    pub document: bool,
    /// Kinds of sensitive data in it. Told of every text; kept here because these records are moved about by the million.
    pub sensitive: Kinds,
    /// Channels it refers to. Told of every text, as the kinds are.
    pub elsewhere: Elsewhere,
    /// Hashes of the domains it mentions ([`text::domain_hash`]), those of public mail and social sites left out; 0 = none.
    pub domains: [u32; DOMAINS],
}

impl Signs {
    /// Whether nothing more is to be learnt.
    #[must_use]
    pub const fn settled(&self) -> bool {
        self.business || self.document
    }

    fn domain(&mut self, hash: u32) {
        if !self.domains.contains(&hash)
            && let Some(room) = self.domains.iter_mut().find(|d| **d == 0)
        {
            *room = hash;
        }
    }
}

/// Looks at a text or a piece of one. `weak`: the first weak word so far, plus one; 0 = none yet.
pub fn look(text: &[u8], weak: &mut u16, about: &mut Signs) {
    let lexicon = &*LEXICON;
    let mut inside = false;
    for (at, byte) in text.iter().enumerate() {
        let class = class(*byte);
        // A word begins after what is no letter; in scripts without blanks at every character.
        let begins = match class {
            Class::Word => !std::mem::replace(&mut inside, true),
            Class::Wide => {
                inside = true;
                true
            }
            Class::Inner => false,
            Class::Dot => {
                if document(text, at) {
                    about.document = true;
                    return;
                }
                inside = false;
                false
            }
            Class::At | Class::Other => {
                inside = false;
                false
            }
        };
        if (class == Class::At && inside_address(text, at)) || (begins && matches!(byte, b'h' | b'H' | b'w' | b'W')) {
            mention(text, at, about);
        }
        if begins && lexicon.hit(text.get(at..).unwrap_or_default(), weak) {
            about.business = true;
            return;
        }
    }
}

fn inside_address(text: &[u8], at: usize) -> bool {
    at > 0 && text.get(at - 1).is_some_and(u8::is_ascii_alphanumeric)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Begins or goes on with a word of letters.
    Word,
    /// First byte of a character of a script where words are found anywhere: Arabic, CJK, Hangul.
    Wide,
    /// Goes on with a character.
    Inner,
    Dot,
    At,
    Other,
}

const fn class(byte: u8) -> Class {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0xc3..=0xd7 => Class::Word,
        0xd8..=0xdb | 0xe3..=0xed => Class::Wide,
        0x80..=0xbf => Class::Inner,
        b'.' => Class::Dot,
        b'@' => Class::At,
        _ => Class::Other,
    }
}

/// Endings of documents.
const DOCUMENTS: &[&str] = &["pdf", "doc", "docx", "xls", "xlsx", "xlsm", "ppt", "pptx", "csv", "zip", "eml", "msg", "odt", "ods", "dwg", "vsdx", "7z", "rtf"];

/// Whether the name of a document stands around a dot: a letter or digit before it, one of the endings after it, and no letter then.
fn document(text: &[u8], dot: usize) -> bool {
    let name = dot.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || matches!(b, b')' | b'_' | b'-'));
    let rest = text.get(dot + 1..).unwrap_or_default();
    let len = rest.iter().take(6).take_while(|b| b.is_ascii_alphanumeric()).count();
    let ending = rest.get(..len).unwrap_or_default();
    // `report.pdf`, and no `x.csv.example`: a dot and a letter after the ending make it a part of a longer name.
    let ended = !(rest.get(len) == Some(&b'.') && rest.get(len + 1).is_some_and(u8::is_ascii_alphanumeric)) && rest.get(len) != Some(&b'@');
    name && ended && DOCUMENTS.iter().any(|d| ending.eq_ignore_ascii_case(d.as_bytes()))
}

/// Sites everybody uses, beside the providers of mail: to mention them says nothing of a firm.
const SITES: &[&str] = &[
    "youtube.com",
    "youtu.be",
    "facebook.com",
    "instagram.com",
    "twitter.com",
    "x.com",
    "tiktok.com",
    "linkedin.com",
    "google.com",
    "goo.gl",
    "bit.ly",
    "wikipedia.org",
    "amazon.com",
    "apple.com",
    "netflix.com",
    "spotify.com",
    "whatsapp.com",
    "wa.me",
    "t.me",
    "zoom.us",
    "microsoft.com",
    "github.com",
    "booking.com",
    "airbnb.com",
    "reddit.com",
];

/// Notes the domain of an address (`@` at `at`) or of a web address that begins there.
fn mention(text: &[u8], at: usize, about: &mut Signs) {
    let rest = text.get(at..).unwrap_or_default();
    let after = |prefix: &str| rest.get(..prefix.len()).filter(|h| h.eq_ignore_ascii_case(prefix.as_bytes())).and_then(|_| rest.get(prefix.len()..));
    let Some(host) = after("@").or_else(|| after("https://")).or_else(|| after("http://")).or_else(|| after("www.")) else { return };
    let len = host.iter().take(254).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')).count();
    let Ok(host) = std::str::from_utf8(host.get(..len).unwrap_or_default()) else { return };
    let host = host.trim_end_matches('.');
    let site = text::registrable(host);
    if host.contains('.') && !text::mail_provider(site) && !SITES.iter().any(|s| site.eq_ignore_ascii_case(s)) {
        about.domain(text::domain_hash(host));
    }
}

/// A word of the lexicon.
struct Entry {
    /// Its first four bytes, or all with zeros behind where it is shorter.
    key: u32,
    word: &'static [u8],
    /// The beginning of a word, or a word of a script where words are found anywhere.
    open: bool,
    strong: bool,
}

/// The lexicon: entries sorted by their first bytes, and which of 4,096 classes of first bytes have any.
struct Lexicon {
    entries: Vec<Entry>,
    some: [u64; 64],
}

/// The words of a list.
fn words_of(list: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    list.iter().flat_map(|line| line.split(", "))
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// Lower case of ASCII.
const fn lower(byte: u8) -> u8 {
    byte.to_ascii_lowercase()
}

/// Whether a word goes on with this byte.
const fn goes_on(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// First four bytes of a word, lower case, zeros where the word has ended. Words joined by a blank or sign are one word here.
fn key(text: &[u8]) -> u32 {
    let key = match text.first_chunk::<4>() {
        Some(four) if four.iter().all(|b| goes_on(*b)) => u32::from_le_bytes(four.map(lower)),
        _ => text.iter().take(4).take_while(|b| goes_on(**b)).enumerate().fold(0, |key, (at, b)| key | u32::from(lower(*b)) << (8 * at)),
    };
    // `É` begins as `é` does.
    if key & 0xff == 0xc3 && matches!(key >> 8 & 0xff, 0x80..=0x9e) { key | 0x2000 } else { key }
}

const fn place(key: u32) -> (usize, u64) {
    let h = key.wrapping_mul(0x9e37_79b1) >> 20;
    ((h >> 6) as usize, 1 << (h & 63))
}

impl Lexicon {
    fn new() -> Self {
        let entry = |strong: bool| {
            move |word: &'static str| {
                let (word, star) = word.strip_suffix('*').map_or((word, false), |w| (w, true));
                let open = star || word.bytes().next().is_some_and(|b| class(b) == Class::Wide);
                Entry { key: key(word.as_bytes()), word: word.as_bytes(), open, strong }
            }
        };
        let mut entries: Vec<Entry> = words_of(STRONG).map(entry(true)).chain(words_of(WEAK).map(entry(false))).collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key).then(b.strong.cmp(&a.strong)).then(a.word.cmp(b.word)));
        let mut some = [0; 64];
        for entry in &entries {
            let (word, bit) = place(entry.key);
            if let Some(slot) = some.get_mut(word) {
                *slot |= bit;
            }
        }
        Self { entries, some }
    }

    /// Whether the word that begins here is a strong one, or the second weak one.
    #[inline]
    fn hit(&self, text: &[u8], weak: &mut u16) -> bool {
        let key = key(text);
        let (word, bit) = place(key);
        self.some.get(word).is_some_and(|w| w & bit != 0) && self.find(key, text, weak)
    }

    fn find(&self, key: u32, text: &[u8], weak: &mut u16) -> bool {
        let from = self.entries.partition_point(|e| e.key < key);
        for (ix, entry) in self.entries.iter().enumerate().skip(from).take_while(|(_, e)| e.key == key) {
            let Some((word, rest)) = text.split_at_checked(entry.word.len()) else { continue };
            if !same(word, entry.word) || !(entry.open || rest.first().is_none_or(|b| !goes_on(*b))) {
                continue;
            }
            let number = u16::try_from(ix + 1).unwrap_or(u16::MAX);
            if entry.strong || (*weak != 0 && *weak != number) {
                return true;
            }
            *weak = number;
            return false;
        }
        false
    }
}

/// Equal but for the case of ASCII and of the accented letters of Latin 1.
fn same(text: &[u8], word: &[u8]) -> bool {
    let mut before = 0;
    text.iter().zip(word).all(|(t, w)| {
        let t = if before == 0xc3 && matches!(t, 0x80..=0x9e) { t | 0x20 } else { lower(*t) };
        before = t;
        t == *w
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> Signs {
        let (mut weak, mut about) = (0, Signs::default());
        look(text.as_bytes(), &mut weak, &mut about);
        about
    }

    #[test]
    fn texts_about_work_are_known_in_many_languages() {
        for text in [
            "Please send the INVOICE for March",
            "the shipment left Antwerp",
            "Can you confirm the delivery?",
            "Der Lieferant hat geschrieben",
            "Wann kommt die Rechnung? Der Vertrag ist da.",
            "Le fournisseur demande un acompte",
            "Échéance au 30",
            "El proveedor no contesta",
            "请把合同发给我",
            "شكراً، وصلت الفاتورة",
            "Q3 numbers look good",
            "see the purchase order",
            "Пришла накладная",
        ] {
            assert!(about(text).business, "{text}");
        }
        for text in [
            "Are you coming for dinner on Friday?",
            "I ordered pizza",
            "Happy birthday!!",
            "in a meeting, call you later",
            "the price is crazy",
            "Wann kommst du nach Hause?",
            "on va au cinéma ?",
            "¿Vamos al cine?",
            "晚上吃什么",
            "كيف حالك؟",
            "supplied nothing",
            "a cargoship is no word of the list but cars are",
        ] {
            let a = about(text);
            assert!(!a.business || text.contains("cargoship"), "{text}");
        }
    }

    #[test]
    fn documents_have_a_name_and_an_ending() {
        for text in ["Q.pdf", "see Offer_3.PDF, thanks", "报价单.xlsx", "(final).docx", "a.csv"] {
            assert!(about(text).settled(), "{text}");
        }
        for text in [".pdf", "see x.pdfs", "doc.", "www.zip.example", "a .csv"] {
            assert!(!about(text).document, "{text}");
        }
    }

    #[test]
    fn domains_are_hashes_and_public_ones_are_left_out() {
        let a = about("write to ana@mail.acme.example or https://www.acme.example/x and bo@gmail.com");
        assert_eq!(a.domains, [text::domain_hash("acme.example"), 0]);
        assert_eq!(about("meet @ the park, love. @jo").domains, [0; DOMAINS]);
    }

    #[test]
    fn the_first_messages_are_looked_at_and_then_a_few() {
        assert_eq!((0..64).filter(|n| in_sample(*n)).count(), 64);
        assert_eq!((64..1664).filter(|n| in_sample(*n)).count(), 100);
        assert_eq!((8192..8192 + 12_800).filter(|n| in_sample(*n)).count(), 100);
    }

    #[test]
    fn every_word_of_the_lexicon_is_found_by_itself() {
        for word in words_of(STRONG).chain(words_of(WEAK)) {
            let text = word.trim_end_matches('*');
            let (mut weak, mut a) = (0, Signs::default());
            look(text.as_bytes(), &mut weak, &mut a);
            assert!(a.business || weak > 0, "{word}");
            assert!(word.trim_end_matches('*').len() >= 4 || !word.ends_with('*'), "{word}: too short for the beginning of a word");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_harm(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let (mut weak, mut about) = (0, Signs::default());
            look(&bytes, &mut weak, &mut about);
        }

        #[test]
        fn pieces_at_blanks_find_what_the_whole_finds(words in proptest::collection::vec("[a-z]{2,7}|invoice|合同|price|order|x\\.pdf", 0..12)) {
            let whole = about(&words.join(" "));
            let (mut weak, mut pieces) = (0, Signs::default());
            for word in &words {
                if !pieces.settled() {
                    look(word.as_bytes(), &mut weak, &mut pieces);
                }
            }
            proptest::prop_assert_eq!(whole.settled(), pieces.settled());
        }
    }
}
