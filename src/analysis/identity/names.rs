//! Names taken apart: words, given and family name, and every form in which a list name may stand in a chat, each with how much it says.

use super::letters::{push_plain, sounded, transliterated, unspaced};
use super::nicknames::Nicknames;

/// Most words of a name that are looked at.
const WORDS: usize = 8;

/// Titles and additions that say nothing about who it is.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "sir",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "senor",
    "senora",
    "sr",
    "sra",
    "jr",
    "ing",
    "dipl",
    "phd",
    "mba",
    "cfa",
    "esq",
    "ext",
    "external",
    "extern",
    "contractor",
    "mag",
    "hr",
    "pan",
    "pani",
    "bey",
    "hanim",
    "先生",
    "女士",
    "小姐",
    "さん",
    "様",
];

/// Words that begin a family name of several words.
const PARTICLES: &[&str] = &[
    "al", "el", "bin", "ibn", "abu", "von", "vom", "zu", "zur", "van", "de", "den", "der", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ter",
    "ten", "st", "san", "mac", "mc", "o",
];

/// Words people add to a name in their address books: no part of it and no contradiction.
const ADDITIONS: &[&str] = &[
    "work",
    "office",
    "mobile",
    "cell",
    "phone",
    "new",
    "old",
    "private",
    "personal",
    "home",
    "wa",
    "whatsapp",
    "tg",
    "business",
    "biz",
    "main",
    "uk",
    "us",
    "hk",
    "sg",
    "uae",
    "dubai",
    "london",
    "singapore",
    "arbeit",
    "privat",
    "buro",
    "handy",
    "neu",
    "alt",
    "trabajo",
    "movil",
    "nuevo",
    "travail",
    "perso",
    "nouveau",
    "bureau",
];

/// The words of a name in plain letters: titles dropped, marks and symbols dropped, unspaced scripts as one word.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![String::new()];
    let mut before_unspaced = false;
    for c in name.chars() {
        if matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´') {
            continue;
        }
        let mark = matches!(c, '\u{300}'..='\u{36f}');
        let letter = mark || c.is_alphanumeric();
        if letter && out.last().is_some_and(|w| !w.is_empty()) && unspaced(c) != before_unspaced && !mark {
            out.push(String::new());
        }
        if !letter {
            // Blanks inside unspaced scripts part nothing; a blank before another script does, above.
            if !(before_unspaced && (c.is_whitespace() || matches!(c, '·' | '・'))) && out.last().is_some_and(|w| !w.is_empty()) {
                out.push(String::new());
                before_unspaced = false;
            }
            continue;
        }
        if !mark {
            before_unspaced = unspaced(c);
        }
        if let Some(word) = out.last_mut() {
            push_plain(c, word);
        }
    }
    out.retain(|w| !w.is_empty() && !w.bytes().all(|b| b.is_ascii_digit()));
    if out.iter().filter(|w| !TITLES.contains(&w.as_str())).count() >= 2 {
        out.retain(|w| !TITLES.contains(&w.as_str()));
    }
    out.truncate(WORDS);
    out
}

/// Whether a display name is complete: at least two words, or two letters of a script that has no blanks.
#[must_use]
pub fn complete(name: &str) -> bool {
    let words = words(name);
    words.iter().filter(|w| w.chars().count() > 1).count() >= 2
        || words.iter().any(|w| w.chars().next().is_some_and(unspaced) && (2..=6).contains(&w.chars().count()))
}

/// First and last word in plain letters: what stays of a name whatever is done with its middle.
#[must_use]
pub fn skeleton(name: &str) -> String {
    let person = Name::parse(name);
    format!("{} {}", person.given.first().map_or("", String::as_str), person.family.join(""))
}

/// Whether a word beside a name is an addition: of a kind with `work`, or letters in capitals as firms shorten themselves.
#[must_use]
pub fn addition(word: &str, raw: &str) -> bool {
    let capitals = raw
        .split(|c: char| !c.is_alphanumeric())
        .any(|r| (2..=4).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_uppercase()) && r.eq_ignore_ascii_case(word));
    capitals || ADDITIONS.contains(&word)
}

/// A name of a list, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Given names, in plain letters.
    pub given: Vec<String>,
    /// Family name, with its particles.
    pub family: Vec<String>,
    /// Whether it stands in another alphabet.
    pub foreign: bool,
}

impl Name {
    /// `Ana Al Farsi`, `Al Farsi, Ana`. A name of one word is a family name without given names, and has few forms.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let foreign = name.chars().any(transliterated);
        if let Some((family, given)) = name.split_once(',') {
            let (family, given) = (words(family), words(given));
            if !family.is_empty() && !given.is_empty() {
                return Self { given, family, foreign };
            }
        }
        // What stands in brackets is beside the name.
        let bare = name.split(['(', '[']).next().filter(|b| !b.trim().is_empty()).unwrap_or(name);
        let mut given = words(bare);
        let particle = given.iter().enumerate().skip(1).find(|(i, w)| i + 1 < given.len() && PARTICLES.contains(&w.as_str())).map(|(i, _)| i);
        let family = given.split_off(particle.unwrap_or(given.len().saturating_sub(1)));
        Self { given, family, foreign }
    }
}

/// How a form comes from the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// All of it.
    Full,
    /// All of it, family name first.
    Reversed,
    /// Without blanks.
    Joined,
    /// Without middle names.
    NoMiddle,
    /// Alike in sound across alphabets.
    Sound,
    /// A short form of the given name.
    Nickname,
    /// Initial and family name.
    Initial,
    /// Given name and initial of the family name.
    FamilyInitial,
    /// The given name alone.
    Given,
    /// The family name alone.
    Family,
    /// A short form of the given name alone.
    NicknameAlone,
}

impl Form {
    /// What it says by itself, 0 to 1. Single names say something only beside the name of a company.
    #[must_use]
    pub const fn weight(self) -> f64 {
        match self {
            Self::Full => 0.95,
            Self::Reversed => 0.93,
            Self::Joined => 0.90,
            Self::NoMiddle => 0.89,
            Self::Nickname => 0.84,
            Self::Sound => 0.80,
            Self::Initial => 0.77,
            Self::FamilyInitial => 0.72,
            Self::Given => 0.42,
            Self::Family => 0.42,
            Self::NicknameAlone => 0.36,
        }
    }

    /// The reason, about the one proposed; never a word of the handle.
    #[must_use]
    pub fn reason(self, whom: &str) -> String {
        match self {
            Self::Full => format!("The name shown is the complete name of {whom}."),
            Self::Reversed => format!("The name shown is that of {whom} with the family name first."),
            Self::Joined => format!("The name shown is that of {whom} written as one word."),
            Self::NoMiddle => format!("The name shown is that of {whom} with a middle name or initial more or less."),
            Self::Sound => format!("The name shown sounds like {whom} written in another alphabet."),
            Self::Nickname => format!("The given name shown is another form of the one of {whom}; the family name is the same."),
            Self::Initial => format!("The name shown is the initial and the family name of {whom}."),
            Self::FamilyInitial => format!("The name shown is the given name of {whom} with the initial of the family name."),
            Self::Given => format!("The name shown is the given name of {whom}."),
            Self::Family => format!("The name shown is the family name of {whom}."),
            Self::NicknameAlone => format!("The name shown is another form of the given name of {whom}."),
        }
    }
}

fn initial(word: &str) -> String {
    word.chars().next().map(String::from).unwrap_or_default()
}

/// Every form of a name, in plain letters, words parted by one blank. Forms without blanks stand for how addresses and user names are made.
#[must_use]
pub fn forms(name: &Name, nicknames: &Nicknames) -> Vec<(String, Form)> {
    let (given, family, one) = (name.given.join(" "), name.family.join(" "), name.family.concat());
    let mut out = Vec::new();
    let Some(first) = name.given.first() else {
        // One word: in a script without blanks a complete name, else a family name at most.
        let whole = if family.chars().next().is_some_and(unspaced) && family.chars().count() > 1 { Form::Full } else { Form::Family };
        return if family.is_empty() { out } else { vec![(family, whole)] };
    };
    let mut add = |text: String, form: Form| out.push((text, form));
    let joined = name.given.concat();
    add(format!("{given} {family}"), Form::Full);
    add(format!("{family} {given}"), Form::Reversed);
    for (g, f) in [(&given, &one), (&joined, &family), (&joined, &one)] {
        add(format!("{g} {f}"), Form::Full);
        add(format!("{f} {g}"), Form::Reversed);
    }
    for text in [format!("{joined}{one}"), format!("{one}{joined}"), format!("{first}{one}"), format!("{one}{first}")] {
        add(text, Form::Joined);
    }
    if name.given.len() > 1 {
        for f in [&family, &one] {
            add(format!("{first} {f}"), Form::NoMiddle);
            add(format!("{f} {first}"), Form::NoMiddle);
        }
        let initials: String = name.given.iter().map(|g| initial(g)).collect();
        add(format!("{initials} {family}"), Form::Initial);
        add(format!("{initials}{one}"), Form::Initial);
        add(name.given.iter().map(|g| initial(g) + " ").collect::<String>() + &family, Form::Initial);
        add(format!("{first} {} {family}", name.given.iter().skip(1).map(|g| initial(g)).collect::<Vec<_>>().join(" ")), Form::NoMiddle);
    }
    let i = initial(first);
    for f in [&family, &one] {
        add(format!("{i} {f}"), Form::Initial);
        add(format!("{f} {i}"), Form::Initial);
        add(format!("{i}{f}"), Form::Initial);
        add(format!("{f}{i}"), Form::Initial);
    }
    for g in [&given, first, &joined] {
        for f in [name.family.first(), name.family.last()].into_iter().flatten() {
            add(format!("{g} {}", initial(f)), Form::FamilyInitial);
            add(format!("{}{}", g.replace(' ', ""), initial(f)), Form::FamilyInitial);
        }
        add(g.clone(), Form::Given);
    }
    add(family.clone(), Form::Family);
    for nick in nicknames.forms(first) {
        add(format!("{nick} {family}"), Form::Nickname);
        add(format!("{family} {nick}"), Form::Nickname);
        add(format!("{nick}{one}"), Form::Nickname);
        add((*nick).to_owned(), Form::NicknameAlone);
    }
    add(heard(&format!("{given} {family}")), Form::Sound);
    out.sort();
    out.dedup_by(|b, a| a.0 == b.0);
    out
}

/// The key of a name by its sound; marked, so that it meets nothing but other such keys.
#[must_use]
pub fn heard(name: &str) -> String {
    let mut words: Vec<String> = name.split(' ').map(sounded).collect();
    words.sort_unstable();
    format!("~{}", words.join(" "))
}

/// Legal forms of companies and words that companies share.
const LEGAL: &[&str] = &[
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "slu",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "oyj",
    "aps",
    "pte",
    "pty",
    "sdn",
    "bhd",
    "fze",
    "fzco",
    "fzc",
    "dmcc",
    "jlt",
    "kk",
    "kft",
    "zrt",
    "doo",
    "ooo",
    "oao",
    "zao",
    "pao",
    "sp",
    "zoo",
    "holding",
    "holdings",
    "group",
    "the",
    "and",
    "und",
    "et",
    "y",
    "有限公司",
    "股份有限公司",
    "公司",
    "集团",
    "株式会社",
];

/// A company by its own words, without legal forms; all of them where nothing else is left.
#[must_use]
pub fn company(name: &str) -> Vec<String> {
    without_legal_form(&words(&name.replace(['.', '\''], "")))
}

/// The words without legal forms; all of them where nothing else is left.
#[must_use]
pub fn without_legal_form(all: &[String]) -> Vec<String> {
    let own: Vec<String> = all.iter().filter(|w| !LEGAL.contains(&w.as_str())).cloned().collect();
    if own.is_empty() { all.to_vec() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Vec<(String, Form)> {
        forms(&Name::parse(name), &Nicknames::default())
    }

    fn form(name: &str, shown: &str) -> Option<Form> {
        let shown = words(shown).join(" ");
        of(name).into_iter().find(|(text, _)| *text == shown).map(|(_, f)| f)
    }

    #[test]
    fn words_are_plain_and_without_titles() {
        assert_eq!(words("Dr. Sofía O’Neil-Ruiz 🌊"), ["sofia", "oneil", "ruiz"]);
        assert_eq!(words("陈 伟 Wei Chen"), ["陈伟", "wei", "chen"]);
        assert_eq!(words("陈伟先生"), ["陈伟先生"]);
        assert_eq!(words("+44 7700 900142"), Vec::<String>::new());
        assert_eq!(words("Mr"), ["mr"]);
    }

    #[test]
    fn every_planned_form_is_there() {
        for (shown, expected) in [
            ("Elizabeth Hartley", Form::Full),
            ("HARTLEY Elizabeth", Form::Reversed),
            ("Hartley, Elizabeth", Form::Reversed),
            ("E. Hartley", Form::Initial),
            ("ehartley", Form::Initial),
            ("hartleye", Form::Initial),
            ("Elizabeth H.", Form::FamilyInitial),
            ("Liz Hartley", Form::Nickname),
            ("elizabeth.hartley", Form::Full),
            ("elizabethhartley", Form::Joined),
            ("Elizabeth", Form::Given),
            ("Liz", Form::NicknameAlone),
        ] {
            assert_eq!(form("Elizabeth Hartley", shown), Some(expected), "{shown}");
        }
        assert_eq!(form("Elizabeth Hartley", "Bob Hartley"), None);
        assert_eq!(form("Elizabeth Hartley", "Elizabeth Hartwell"), None);
    }

    #[test]
    fn orders_particles_and_middles_are_understood() {
        assert_eq!(form("Mei Ling Chen", "Chen Meiling"), Some(Form::Reversed));
        assert_eq!(form("Mei Ling Chen", "chenmeiling"), Some(Form::Joined));
        assert_eq!(form("Zhiwei Tan", "Tan Zhiwei"), Some(Form::Reversed));
        assert_eq!(form("Omar Al Mansoori", "O. Al-Mansoori"), Some(Form::Initial));
        assert_eq!(form("Omar Al Mansoori", "Omar Almansoori"), Some(Form::Full));
        assert_eq!(form("Ana B. Ruiz", "Ana Ruiz"), Some(Form::NoMiddle));
        assert_eq!(form("Ruiz, Ana", "Ana Ruiz"), Some(Form::Full));
        assert_eq!(form("Sofía Müller", "Sofia Muller"), Some(Form::Full));
        assert_eq!(form("陈伟", "陈 伟"), Some(Form::Full));
        assert!(of("Alexandr Ivanov").contains(&(heard("aleksandr ivanov"), Form::Sound)));
        assert_eq!(Name::parse("Ludwig van der Berg").family, ["van", "der", "berg"]);
    }

    #[test]
    fn complete_names_have_two_words() {
        for yes in ["Ana Ruiz", "陈伟", "O'Neil Pat"] {
            assert!(complete(yes), "{yes}");
        }
        for no in ["Ana", "A Ruiz", "陈", "", "+44 7700 900142", "Ana 2"] {
            assert!(!complete(no), "{no}");
        }
        assert_eq!(skeleton("Ana B. Ruiz"), skeleton("ana ruiz"));
    }

    #[test]
    fn companies_lose_their_legal_form() {
        assert_eq!(company("Ostrava Metals Pte. Ltd."), ["ostrava", "metals"]);
        assert_eq!(company("Müller & Söhne GmbH & Co. KG"), ["muller", "sohne"]);
        assert_eq!(company("The Company Ltd"), ["the", "company", "ltd"]);
        assert_eq!(company("S.A. Corvo"), ["corvo"]);
    }
}
