//! Sensitive data in a text: which kinds stand in it, never what they are. A value counts only where its check digits, its length and
//! its grouping agree; kinds whose check digit lets more than one number in fifty through count only behind a word that names them.

mod checks;
mod credentials;
mod near;

/// Kinds of sensitive data, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Kinds(pub u8);

impl Kinds {
    /// None.
    pub const NONE: Self = Self(0);
    /// A payment card number.
    pub const CARD: Self = Self(1);
    /// An international bank account number.
    pub const IBAN: Self = Self(2);
    /// A national health number.
    pub const HEALTH: Self = Self(4);
    /// A national or social number.
    pub const NATIONAL: Self = Self(8);
    /// A password or a key.
    pub const CREDENTIAL: Self = Self(16);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are there.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Fewest digits of anything numeric that is looked for: the seven of a Singapore NRIC or an Italian codice fiscale.
const FEWEST: u64 = 7;
/// Most groups of one number: a French NIR is written in seven.
const GROUPS: usize = 8;
/// Longest stretch of one text that is looked at, in bytes: a table of numbers pasted into a chat must not stop the reading.
const LONGEST: usize = 64 << 10;

/// The kinds in a text. `marks`: how many of its bytes are digits or one of `: ; < =`; without any nothing is looked for but a key in
/// its frame (`-----BEGIN ... PRIVATE KEY-----`).
#[must_use]
pub fn look(text: &[u8], marks: u64) -> Kinds {
    let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let found = credentials::look(text);
    if marks < FEWEST { found } else { found.with(numbers(text)) }
}

/// Whether a text begins as a framed key does. Such a line may hold no digit.
#[must_use]
pub fn framed(text: &[u8]) -> bool {
    text.first() == Some(&b'-') && credentials::private_key(text)
}

/// A run of ASCII letters and digits.
#[derive(Debug, Clone, Copy, Default)]
struct Token {
    from: usize,
    to: usize,
    digits: usize,
}

impl Token {
    const fn len(&self) -> usize {
        self.to - self.from
    }

    /// Digits only.
    const fn number(&self) -> bool {
        self.digits == self.len()
    }
}

/// The token that holds the first digit at or after a place; nothing before the place belongs to it.
fn next(text: &[u8], at: usize) -> Option<Token> {
    let rest = text.get(at..)?;
    let digit = rest.iter().position(u8::is_ascii_digit)?;
    let from = rest.get(..digit)?.iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |p| p + 1);
    token(text, at + from)
}

/// The token that begins here.
fn token(text: &[u8], from: usize) -> Option<Token> {
    let run = text.get(from..)?.iter().take_while(|b| b.is_ascii_alphanumeric());
    let (len, digits) = run.fold((0, 0), |(len, digits), b| (len + 1, digits + usize::from(b.is_ascii_digit())));
    (len > 0).then_some(Token { from, to: from + len, digits })
}

/// A number in groups: `4111 1111 1111 1111` has four.
struct Number<'a> {
    text: &'a [u8],
    groups: [Token; GROUPS],
    /// The byte between a group and the next one.
    between: [u8; GROUPS],
    count: usize,
}

impl Number<'_> {
    /// Digits of `n` groups from the `first` when their sizes are these and the bytes between are those.
    fn digits<'b>(&self, first: usize, sizes: &[usize], between: &[u8], room: &'b mut [u8; 24]) -> Option<&'b [u8]> {
        let groups = self.groups.get(first..first + sizes.len()).filter(|_| first + sizes.len() <= self.count)?;
        let mut len = 0;
        for (ix, (group, size)) in groups.iter().zip(sizes).enumerate() {
            let same = ix == 0 || between.get((ix - 1).min(between.len().checked_sub(1)?)).is_some_and(|b| self.between.get(first + ix - 1) == Some(b));
            if group.len() != *size || !same {
                return None;
            }
            let to = room.get_mut(len..len + size)?;
            to.iter_mut().zip(self.text.get(group.from..group.to)?).for_each(|(to, digit)| *to = digit - b'0');
            len += size;
        }
        room.get(..len)
    }

    /// Text before a group.
    fn before(&self, group: usize) -> &[u8] {
        self.groups.get(group).and_then(|g| self.text.get(..g.from)).unwrap_or_default()
    }

    fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::NONE;
        for first in 0..self.count {
            kinds = kinds.with(self.kinds_from(first));
        }
        kinds
    }

    fn kinds_from(&self, first: usize) -> Kinds {
        let before = self.before(first);
        if first == 0 && !stands_alone(before) {
            return Kinds::NONE;
        }
        let mut room = [0; 24];
        let mut kinds = Kinds::NONE;
        if self.card(first, before) {
            kinds = kinds.with(Kinds::CARD);
        }
        for separator in [b" ", b"-"] {
            for sizes in [&[10][..], &[3, 3, 4]] {
                if self.digits(first, sizes, separator, &mut room).is_some_and(checks::nhs) && near::any(before, near::NHS) {
                    kinds = kinds.with(Kinds::HEALTH);
                }
            }
        }
        if self.national(first, before) { kinds.with(Kinds::NATIONAL) } else { kinds }
    }

    fn card(&self, first: usize, before: &[u8]) -> bool {
        let mut room = [0; 24];
        let whole = self.groups.get(first).map_or(0, Token::len);
        if (13..=19).contains(&whole) {
            // Thirteen digits are an article number (EAN) more often than one of the old Visa cards.
            return self.digits(first, &[whole], b" ", &mut room).is_some_and(checks::card) && (whole > 13 || near::any(before, near::CARD));
        }
        let shapes: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 4, 4, 4, 3], &[4, 6, 5], &[4, 6, 4]];
        let found = shapes.iter().any(|sizes| [b" ", b"-"].iter().any(|s| self.digits(first, sizes, *s, &mut room).is_some_and(checks::card)));
        // `4100 4200 4350 4400` is a row of prices.
        let round = self.groups.iter().skip(first).take(4).filter(|g| g.to.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&b'0')).count();
        found && round < 3
    }

    fn national(&self, first: usize, before: &[u8]) -> bool {
        let mut room = [0; 24];
        let mut is = |sizes: &[usize], between: &[u8], check: fn(&[u8]) -> bool| self.digits(first, sizes, between, &mut room).is_some_and(check);
        is(&[15], b" ", checks::nir)
            || is(&[13, 2], b" ", checks::nir)
            || is(&[1, 2, 2, 2, 3, 3, 2], b" ", checks::nir)
            || is(&[1, 2, 2, 2, 3, 3, 2], b"-", checks::nir)
            || is(&[18], b" ", checks::resident)
            || is(&[11], b" ", checks::norwegian)
            || is(&[6, 5], b" ", checks::norwegian)
            || is(&[3, 3, 3, 2], b"..-", checks::cpf)
            || is(&[11], b" ", checks::cpf) && near::any(before, near::CPF)
            || (is(&[6, 4], b"-", checks::swedish)
                || is(&[8, 4], b"-", checks::swedish)
                || is(&[10], b"-", checks::swedish)
                || is(&[12], b"-", checks::swedish))
                && near::any(before, near::SWEDISH)
            || (is(&[3, 2, 4], b"-", checks::ssn) || is(&[3, 2, 4], b" ", checks::ssn) || is(&[9], b"-", checks::ssn)) && near::any(before, near::SSN)
    }
}

/// Whether what precedes lets a number begin: no sign of a longer name, an address or a phone number.
fn stands_alone(before: &[u8]) -> bool {
    before.last().is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'+' | b'/' | b'_' | b'-' | b'.' | b'@' | b'%' | b'&' | b'?' | b'$'))
}

/// Numbers and numbers with letters, one after the other.
fn numbers(text: &[u8]) -> Kinds {
    let mut kinds = Kinds::NONE;
    let mut at = 0;
    while let Some(token) = next(text, at) {
        at = token.to;
        if !token.number() {
            kinds = kinds.with(mixed(text, token));
            continue;
        }
        let (number, end) = grouped(text, token);
        at = end;
        if number.groups.iter().take(number.count).map(Token::len).sum::<usize>() >= 9 {
            kinds = kinds.with(number.kinds());
        }
        kinds = kinds.with(with_last_letter(&number));
    }
    kinds
}

/// The groups of a number that begins with a token, and where it ends.
fn grouped(text: &[u8], first: Token) -> (Number<'_>, usize) {
    let mut number = Number { text, groups: [Token::default(); GROUPS], between: [0; GROUPS], count: 0 };
    let mut token = first;
    loop {
        if let (Some(group), Some(between)) = (number.groups.get_mut(number.count), number.between.get_mut(number.count)) {
            *group = token;
            *between = text.get(token.to).copied().unwrap_or(0);
            number.count += 1;
        }
        let separated = matches!(text.get(token.to), Some(b' ' | b'-' | b'.')) && text.get(token.to + 1).is_some_and(u8::is_ascii_digit);
        match self::token(text, token.to + 1).filter(|t| separated && number.count < GROUPS && t.number()) {
            Some(more) => token = more,
            None => return (number, token.to),
        }
    }
}

/// Numbers whose last group is a letter, or holds one: Finnish `131052-308T`, Spanish `12345678-Z`.
fn with_last_letter(number: &Number<'_>) -> Kinds {
    let Some(last) = number.count.checked_sub(1).and_then(|n| number.groups.get(n)) else { return Kinds::NONE };
    let Some((sign, rest)) = number.text.get(last.to..).and_then(<[u8]>::split_first) else { return Kinds::NONE };
    let digits = number.text.get(last.from..last.to).unwrap_or_default();
    let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let tail = rest.get(..len).unwrap_or_default();
    let before = number.text.get(..last.from).unwrap_or_default();
    let finnish = matches!(sign, b'-' | b'+') && stands_alone(before) && checks::finnish(digits, tail);
    let spanish = matches!(sign, b'-' | b' ') && len == 1 && checks::dni(digits, tail) && near::any(before, near::DNI);
    if finnish || spanish { Kinds::NATIONAL } else { Kinds::NONE }
}

/// Letters and digits in one word.
fn mixed(text: &[u8], token: Token) -> Kinds {
    let (before, word) = (text.get(..token.from).unwrap_or_default(), text.get(token.from..token.to).unwrap_or_default());
    if !stands_alone(before) {
        return Kinds::NONE;
    }
    if iban(text, token) {
        return Kinds::IBAN;
    }
    let national = match word.len() {
        9 => {
            checks::nric(word) || (near::any(before, near::DNI) && (checks::nie(word) || word.split_last_chunk::<1>().is_some_and(|(n, l)| checks::dni(n, l))))
        }
        11 => word.split_at_checked(6).is_some_and(|(date, rest)| rest.split_first().is_some_and(|(sign, tail)| *sign == b'A' && checks::finnish(date, tail))),
        15 => checks::nir_of_corsica(word),
        16 => checks::codice_fiscale(word),
        18 => checks::resident_with_x(word),
        _ => false,
    };
    if national { Kinds::NATIONAL } else { Kinds::NONE }
}

/// An IBAN from here on, whole or in groups of four.
fn iban(text: &[u8], first: Token) -> bool {
    let head = text.get(first.from..first.from + 4).unwrap_or_default();
    let [a, b, c, d] = *head else { return false };
    if !(a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit()) {
        return false;
    }
    let Some(length) = checks::iban_length([a, b]) else { return false };
    let mut all = [0; 34];
    let mut len = 0;
    let mut token = first;
    loop {
        let word = text.get(token.from..token.to).unwrap_or_default();
        let Some(room) = all.get_mut(len..len + word.len()) else { return false };
        room.copy_from_slice(word);
        len += word.len();
        if len >= length {
            break;
        }
        let blank = word.len() == 4 && text.get(token.to) == Some(&b' ');
        let Some(more) = self::token(text, token.to + 1).filter(|_| blank) else { return false };
        token = more;
    }
    len == length && all.get(..len).is_some_and(checks::iban)
}

#[cfg(test)]
mod tests;
