//! Letters made plain for comparing: lower case, accents left out, Cyrillic and Greek in Latin letters. One letter may become several.

/// Latin letters with marks, by the plain letter.
const LATIN: &[(&str, &str)] = &[
    ("àáâãäåāăąǎạảấầẩẫậắằẳẵặ", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęěẹẻẽếềểễệ", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıǐỉị", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏőǒọỏốồổỗộơớờởỡợ", "o"),
    ("œ", "oe"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("þ", "th"),
    ("ùúûüũūŭůűųǔủụưứừửữự", "u"),
    ("ŵ", "w"),
    ("ýÿŷỳỵỷỹ", "y"),
    ("źżž", "z"),
];

/// Cyrillic as passports write it (ICAO 9303), with the common short forms; Greek by ISO 843 without marks.
const OTHER: &[(char, &str)] = &[
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('ґ', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('є', "ie"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('і', "i"),
    ('ї', "i"),
    ('й', "i"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "iu"),
    ('я', "ia"),
    ('α', "a"),
    ('ά', "a"),
    ('β', "v"),
    ('γ', "g"),
    ('δ', "d"),
    ('ε', "e"),
    ('έ', "e"),
    ('ζ', "z"),
    ('η', "i"),
    ('ή', "i"),
    ('θ', "th"),
    ('ι', "i"),
    ('ί', "i"),
    ('κ', "k"),
    ('λ', "l"),
    ('μ', "m"),
    ('ν', "n"),
    ('ξ', "x"),
    ('ο', "o"),
    ('ό', "o"),
    ('π', "p"),
    ('ρ', "r"),
    ('σ', "s"),
    ('ς', "s"),
    ('τ', "t"),
    ('υ', "y"),
    ('ύ', "y"),
    ('φ', "f"),
    ('χ', "ch"),
    ('ψ', "ps"),
    ('ω', "o"),
    ('ώ', "o"),
];

/// A letter made plain, appended.
pub fn push_plain(c: char, out: &mut String) {
    for c in c.to_lowercase() {
        if c.is_ascii() {
            out.push(c);
        } else if matches!(c, '\u{300}'..='\u{36f}') {
            // A mark of its own, after the letter it belongs to.
        } else if let Some((_, plain)) = LATIN.iter().find(|(set, _)| set.contains(c)) {
            out.push_str(plain);
        } else if let Some((_, plain)) = OTHER.iter().find(|(o, _)| *o == c) {
            out.push_str(plain);
        } else {
            out.push(c);
        }
    }
}

/// Han, kana, hangul: names without blanks between their parts.
#[must_use]
pub const fn unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}')
}

/// Cyrillic or Greek.
#[must_use]
pub const fn transliterated(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{4ff}')
}

/// A word from another alphabet in the one spelling its usual Latin spellings share: `Aleksandr`, `Alexandr`; `Yulia`, `Iuliia`, `Julia`.
#[must_use]
pub fn sounded(word: &str) -> String {
    let word = word.replace("ks", "x").replace("kh", "h").replace("ph", "f").replace("tz", "ts");
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = match c {
            'y' | 'j' => 'i',
            'w' => 'v',
            'c' => 'k',
            c => c,
        };
        // Runs of one letter differ most of all.
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out.strip_suffix('i').filter(|w| w.len() > 3).map(str::to_owned).unwrap_or(out)
}

/// Whether two words differ by one letter: one wrong, one too many, or two neighbours exchanged.
#[must_use]
pub fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let head = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let tail = short.iter().rev().zip(long.iter().rev()).take(short.len() - head).take_while(|(x, y)| x == y).count();
    let (s, l) = (short.get(head..short.len() - tail).unwrap_or_default(), long.get(head..long.len() - tail).unwrap_or_default());
    match (s, l) {
        ([], [_]) | ([_], [_]) => true,
        ([x, y], [z, w]) => x == w && y == z,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        text.chars().for_each(|c| push_plain(c, &mut out));
        out
    }

    #[test]
    fn letters_are_made_plain() {
        assert_eq!(plain("Sofía Müller-Łukasz Straße Nguyễn"), "sofia muller-lukasz strasse nguyen");
        assert_eq!(plain("e\u{301}"), "e");
        assert_eq!(plain("Александр Иванов"), "aleksandr ivanov");
        assert_eq!(plain("Γιώργος"), "giorgos");
        assert_eq!(sounded("aleksandr"), sounded("alexandr"));
        assert_eq!(sounded("iuliia"), sounded("yulia"));
        assert_eq!(sounded("dmitrii"), sounded("dmitry"));
    }

    #[test]
    fn one_edit_is_one() {
        for (a, b) in [("hartley", "hartly"), ("hartley", "hartlay"), ("hartley", "hratley"), ("hartley", "hartleyy"), ("ab", "ba")] {
            assert!(one_edit(a, b) && one_edit(b, a), "{a} {b}");
        }
        for (a, b) in [("hartley", "hartley"), ("hartley", "hrtly"), ("abcd", "badc"), ("ab", "abcd"), ("abc", "cba")] {
            assert!(!one_edit(a, b) && !one_edit(b, a), "{a} {b}");
        }
    }
}
