//! The clause around a name: cut into words, and compared with the phrases.

use std::sync::LazyLock;

use super::Manner;
use super::names::{Name, Use, VOICED, WECOM};
use super::phrases::{DENIED, DENIED_ANYWHERE, FOLLOWS, INVITED, NEGATED, TURNED, WRITTEN};
use super::spoken::{CALLS, CALLS_ANYWHERE, OBJECTS, SPOKEN};

/// Bytes before and behind a name that are looked at.
const BEFORE: usize = 160;
const BEHIND: usize = 120;
/// What stands for a break within a sentence.
const BREAK: &str = ",";

/// An element of a phrase.
#[derive(Debug)]
enum Element {
    /// One of these words; at its end `*` = any that begins so.
    Word { any: Vec<(String, bool)>, optional: bool },
    /// Up to so many words.
    Up(usize),
}

/// A phrase around a name: what stands before it, the nearest first, and what stands behind.
#[derive(Debug)]
struct Phrase {
    manner: Manner,
    /// The word itself, or any channel.
    word: Option<String>,
    before: Vec<Element>,
    behind: Vec<Element>,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let of = |list: &'static [&'static str], manner: Manner| list.iter().filter_map(move |line| Phrase::new(line, manner));
    of(WRITTEN, Manner::Written).chain(of(INVITED, Manner::Invited)).collect()
});

/// Without the marks over letters: people leave them out.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ę' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' | 'ć' => 'c',
        'ñ' => 'n',
        'ł' => 'l',
        'ś' | 'ş' => 's',
        'ğ' => 'g',
        'ё' => 'е',
        'أ' | 'إ' | 'آ' => 'ا',
        other => other,
    }
}

/// Written without blanks: each letter is a word.
fn wide(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Words and breaks of a text; marks that only join letters are dropped.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars().flat_map(char::to_lowercase) {
        if wide(letter) {
            out.push(letter.to_string());
            open = false;
        } else if letter.is_alphanumeric() {
            if !open {
                out.push(String::new());
            }
            if let Some(word) = out.last_mut() {
                word.push(plain(letter));
            }
            open = true;
        } else if letter == '\u{307}' || ('\u{64b}'..='\u{652}').contains(&letter) || letter == '\u{640}' {
            // The dot of a Turkish capital, Arabic vowels, the stretch of a line.
        } else {
            open = false;
            if matches!(letter, ',' | ';' | '(' | ')' | '[' | ']' | '"' | '，' | '、' | '；' | '،' | '–' | '—' | '|' | '\u{201c}' | '\u{201d}' | ':') {
                out.push(BREAK.to_owned());
            }
        }
    }
    out
}

fn ends_a_sentence(letter: char, next: Option<char>) -> bool {
    match letter {
        '。' | '！' | '？' | '؟' | '\u{2026}' => true,
        '.' | '!' | '?' => next.is_none_or(|n| !n.is_alphanumeric()),
        '\n' => next == Some('\n') || next == Some('\r'),
        _ => false,
    }
}

/// The part of the sentence behind a place.
fn behind(text: &str) -> &str {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if ends_a_sentence(letter, letters.peek().map(|(_, c)| *c)) {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The part of the sentence before a place.
fn before(text: &str) -> &str {
    let mut next = None;
    for (at, letter) in text.char_indices().rev() {
        // A point before the name itself ends nothing: such a name was refused.
        if ends_a_sentence(letter, next) {
            return text.get(at + letter.len_utf8()..).unwrap_or_default();
        }
        next = Some(letter);
    }
    text
}

impl Phrase {
    fn new(line: &str, manner: Manner) -> Option<Self> {
        let elements: Vec<&str> = line.split_whitespace().collect();
        let at = elements.iter().position(|e| *e == "{}" || e.starts_with('@'))?;
        let word = elements.get(at).and_then(|e| e.strip_prefix('@')).map(str::to_owned);
        let of = |e: &&str| Element::new(e);
        let before = elements.iter().take(at).rev().map(of).collect();
        Some(Self { manner, word, before, behind: elements.iter().skip(at + 1).map(of).collect() })
    }

    fn fits(&self, word: &str, noun: bool, left: &[String], right: &[String]) -> bool {
        match &self.word {
            Some(own) if noun || own != word.strip_suffix('s').unwrap_or(word) => return false,
            None if !noun => return false,
            _ => {}
        }
        let Some(from) = reach(&self.before, left) else { return false };
        let Some(to) = reach(&self.behind, right) else { return false };
        let open = self.behind.is_empty() && right.first().is_some_and(|next| next != BREAK && !FOLLOWS.contains(&next.as_str()) && !number(next));
        let turned = right.get(to).is_some_and(|w| TURNED.contains(&w.as_str()));
        // The word before the name is a preposition: `no WhatsApp` is Portuguese.
        let near = left.iter().take(from + 3).skip(1).chain(right.iter().take(to + 1));
        !open && !turned && !near.into_iter().any(|w| NEGATED.contains(&w.as_str()))
    }
}

fn number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

impl Element {
    fn new(text: &str) -> Self {
        if let Some(n) = text.strip_prefix('.').and_then(|n| n.parse().ok()) {
            return Self::Up(n);
        }
        let optional = text.ends_with('?');
        let word = |w: &str| {
            let w = w.trim_end_matches('?');
            let (w, open) = w.strip_suffix('*').map_or((w, false), |w| (w, true));
            (w.chars().flat_map(char::to_lowercase).map(plain).collect(), open)
        };
        Self::Word { any: text.split('/').map(word).collect(), optional }
    }
}

/// How many words a list of elements takes; `None` = they do not stand there.
fn reach(elements: &[Element], words: &[String]) -> Option<usize> {
    let Some((first, rest)) = elements.split_first() else { return Some(0) };
    match first {
        Element::Up(most) => {
            let free = words.iter().take(*most).take_while(|w| *w != BREAK).count();
            (0..=free).find_map(|n| Some(n + reach(rest, words.get(n..)?)?))
        }
        Element::Word { any, optional } => {
            let fits = |word: &String| any.iter().any(|(w, open)| if *open { word.starts_with(w.as_str()) } else { word == w });
            let taken = words.split_first().filter(|(w, _)| fits(w)).and_then(|(_, more)| Some(1 + reach(rest, more)?));
            taken.or_else(|| if *optional { reach(rest, words) } else { None })
        }
    }
}

fn arabic(letter: char) -> bool {
    ('\u{621}'..='\u{64a}').contains(&letter)
}

/// What is written before the name in the same word: nothing, or the article and particles of Arabic.
fn stands_alone(head: &str) -> bool {
    match head.chars().next_back() {
        None => true,
        Some('.' | '/' | '@' | '_' | '#') => false,
        Some(c) if wide(c) => true,
        Some(c) if arabic(c) => {
            let letters: String = head.chars().rev().take_while(|c| arabic(*c)).collect();
            matches!(letters.as_str(), "لا" | "لاب" | "لاو" | "لل" | "ب" | "و" | "لابو")
        }
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Letters of the name's word behind it, and what follows; `None` where it is another word, or part of an address.
fn ending<'a>(name: &Name, tail: &'a str) -> Option<&'a str> {
    let more: usize = tail.chars().take_while(|c| c.is_alphabetic() && !wide(*c)).map(char::len_utf8).sum();
    let (word, rest) = tail.split_at_checked(more)?;
    let letters = word.chars().count();
    // `واتس اب` and `واتساب` are one name.
    let particle = name.text.chars().next_back().is_some_and(wide) || name.text.ends_with(' ');
    let ends = particle || letters <= usize::from(name.ending);
    let address = rest.strip_prefix(['.', '/', '@', '_']).is_some_and(|r| r.starts_with(|c: char| c.is_alphanumeric()));
    (ends && !address && !rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// The line in which a place stands, up to it.
fn line(text: &[u8], at: usize) -> &[u8] {
    let head = text.get(..at).unwrap_or_default();
    head.rsplit(|b| matches!(b, b'\n' | b'\r')).next().unwrap_or_default()
}

/// Whether the name heads what a mail quotes. Words such as `Sent:` do at the beginning of a line; `wrote:` does at its end.
pub fn heads_a_quote(text: &[u8], from: usize, name: &Name) -> bool {
    if name.text.ends_with(": ") {
        // Looked at backwards, up to the first letter: such words may come again and again in one line.
        let mut head = text.get(..from).unwrap_or_default().iter().rev().take_while(|b| !matches!(b, b'\n' | b'\r'));
        return head.all(|b| matches!(b, b' ' | b'*' | b'>' | b'\t'));
    }
    let behind = text.get(from + name.text.len()..).unwrap_or_default();
    // Where a piece of text ends with it, what is quoted comes in the next one.
    let ends = behind.iter().find(|b| **b != b' ').is_none_or(|b| matches!(b, b'\n' | b'\r'));
    ends || !name.text.ends_with([':', '：'])
}

/// Whether a place lies in a line quoted from another mail, or behind the mark of a signature.
fn borrowed(text: &[u8], from: usize) -> bool {
    let head = text.get(..from).unwrap_or_default();
    let signed = head.split(|b| *b == b'\n').rev().skip(1).take(20).any(|l| matches!(l, b"-- " | b"--" | b"-- \r" | b"--\r"));
    signed || line(text, from).iter().find(|b| **b != b' ') == Some(&b'>')
}

fn one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|d| d.strip_suffix('*').map_or(word == *d, |d| word.starts_with(d)))
}

/// Whether a call or a meeting is named right behind the channel.
fn called(right: &[String], rest: &str) -> bool {
    let near: String = rest.chars().take(4).collect();
    right.first().is_some_and(|w| one_of(w, CALLS)) || CALLS_ANYWHERE.iter().any(|c| near.contains(c))
}

/// Whether the clause tells what was discussed, agreed or said, and nothing that is written: before the name, or in the words right behind it.
fn only_spoken(left: &[String], right: &[String]) -> bool {
    let before = || left.iter().take_while(|w| *w != BREAK);
    let spoken = before().chain(right.iter().take_while(|w| *w != BREAK)).any(|w| one_of(w, SPOKEN));
    spoken && !before().chain(right.iter().take(3).take_while(|w| *w != BREAK)).any(|w| one_of(w, OBJECTS))
}

/// What the clause around a name says of its channel.
pub fn said(text: &[u8], from: usize, name: &Name) -> Option<(u8, Manner)> {
    let to = from + name.text.len();
    if name.used == Use::Capital && !text.get(from)?.is_ascii_uppercase() || borrowed(text, from) {
        return None;
    }
    let head = String::from_utf8_lossy(text.get(from.saturating_sub(BEFORE)..from)?);
    let tail = String::from_utf8_lossy(text.get(to..text.len().min(to + BEHIND))?);
    if !stands_alone(&head) {
        return None;
    }
    let rest = ending(name, &tail)?;
    // The particle that belongs to a Japanese name is a word of the clause.
    let particle: String = name.text.chars().skip_while(char::is_ascii).filter(|_| name.text.is_char_boundary(4) && name.text.starts_with("line")).collect();
    // The article of an Arabic name belongs to it.
    let head = if name.text.starts_with(arabic) { head.trim_end_matches(arabic) } else { &head };
    let (head, rest) = (before(head), behind(rest));
    let mut left = words(head);
    left.reverse();
    let mut right = words(&particle);
    right.extend(words(rest));
    let clause = left.iter().take_while(|w| *w != BREAK).chain(right.iter().take_while(|w| *w != BREAK));
    if clause.into_iter().any(|w| one_of(w, DENIED)) || DENIED_ANYWHERE.iter().any(|d| head.contains(d) || rest.contains(d)) {
        return None;
    }
    let mut channel = name.channel;
    // 企业微信 is another channel than 微信.
    if name.text == "微信" && left.first().is_some_and(|w| w == "业") {
        channel = WECOM;
    }
    if called(&right, rest) {
        return None;
    }
    let noun = name.used != Use::Word;
    let phrase = PHRASES.iter().find(|p| p.fits(name.text, noun, &left, &right))?;
    let voiced = phrase.manner == Manner::Written && VOICED.contains(&channel) && only_spoken(&left, &right);
    (!voiced).then_some((channel, phrase.manner))
}

/// Number of phrases that could be read, for tests.
#[cfg(test)]
pub fn phrases() -> usize {
    PHRASES.len()
}
