//! Check digits. Numbers come as digits 0 to 9, words as they are written. Nothing else of a value is looked at.

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, d)| match (place % 2, u32::from(*d)) {
            (0, d) => d,
            (_, d) => 2 * d - if d > 4 { 9 } else { 0 },
        })
        .sum();
    sum.is_multiple_of(10)
}

fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |n, d| n * 10 + u64::from(*d))
}

fn part(digits: &[u8], from: usize, to: usize) -> u64 {
    value(digits.get(from..to).unwrap_or_default())
}

fn weighed(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(d, w)| u32::from(*d) * w).sum()
}

/// A payment card: an issuer's prefix and length, the check digit, and not one digit all over.
pub fn card(digits: &[u8]) -> bool {
    let (two, three, four) = (part(digits, 0, 2), part(digits, 0, 3), part(digits, 0, 4));
    let issuer = match digits.len() {
        13 => two / 10 == 4,
        14 => matches!(two, 36 | 38 | 39) || (300..=305).contains(&three),
        15 => matches!(two, 34 | 37),
        16 => {
            matches!(two, 40..=49 | 51..=55 | 62 | 65)
                || (2221..=2720).contains(&four)
                || (3528..=3589).contains(&four)
                || (644..=649).contains(&three)
                || matches!(four, 6011 | 5018 | 5020 | 5038 | 6304 | 6759 | 6761..=6763)
        }
        17 | 18 => two == 62,
        19 => two / 10 == 4 || two == 62,
        _ => false,
    };
    issuer && digits.iter().any(|d| Some(d) != digits.first()) && luhn(digits)
}

/// UK NHS number (NHS Data Dictionary): modulus 11, a remainder of 10 is no number.
pub fn nhs(digits: &[u8]) -> bool {
    let Some((check, number)) = digits.split_last().filter(|_| digits.len() == 10) else { return false };
    let rest = 11 - weighed(number, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    rest != 10 && rest % 11 == u32::from(*check) && number.iter().any(|d| Some(d) != number.first())
}

/// French NIR: sex, year, month, department, and a key of 97 less the remainder.
pub fn nir(digits: &[u8]) -> bool {
    let (month, place) = (part(digits, 3, 5), part(digits, 5, 7));
    digits.len() == 15
        && matches!(digits.first(), Some(1 | 2))
        && matches!(month, 1..=12 | 20 | 30..=42 | 50..=99)
        && (1..=99).contains(&place)
        && part(digits, 13, 15) == 97 - part(digits, 0, 13) % 97
}

/// The same of those born in Corsica: departments `2A` and `2B` are reckoned as 19 and 18.
pub fn nir_of_corsica(word: &[u8]) -> bool {
    let as_digit = |(at, b): (usize, &u8)| match (at, b) {
        (_, b'0'..=b'9') => Some(b - b'0'),
        (6, b'A') => Some(9),
        (6, b'B') => Some(8),
        _ => None,
    };
    let mut digits: Vec<u8> = word.iter().enumerate().map_while(as_digit).collect();
    if digits.len() != 15 || word.get(6).is_none_or(u8::is_ascii_digit) || digits.get(5) != Some(&2) {
        return false;
    }
    if let Some(tens) = digits.get_mut(5) {
        *tens = 1;
    }
    nir(&digits)
}

fn date(year: u64, month: u64, day: u64) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(leap),
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

/// Chinese resident identity number (GB 11643): region, day of birth, ISO 7064 MOD 11-2.
pub fn resident(digits: &[u8]) -> bool {
    let sum = weighed(digits, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let check = (12 - sum % 11) % 11;
    digits.len() == 18
        && matches!(part(digits, 0, 2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
        && (1900..=2035).contains(&part(digits, 6, 10))
        && date(part(digits, 6, 10), part(digits, 10, 12), part(digits, 12, 14))
        && digits.get(17).is_some_and(|d| u32::from(*d) == check)
}

/// The same with `X`, which stands for ten.
pub fn resident_with_x(word: &[u8]) -> bool {
    let Some((last, number)) = word.split_last() else { return false };
    let mut digits: Vec<u8> = number.iter().map_while(|b| b.is_ascii_digit().then(|| b - b'0')).collect();
    if digits.len() != 17 || !last.eq_ignore_ascii_case(&b'X') {
        return false;
    }
    digits.push(10);
    resident(&digits)
}

/// Brazilian CPF: two digits modulo 11.
pub fn cpf(digits: &[u8]) -> bool {
    let check = |n: usize| {
        let sum: u32 = digits.iter().take(n).enumerate().map(|(at, d)| u32::from(*d) * (n + 1 - at) as u32).sum();
        digits.get(n).is_some_and(|d| u32::from(*d) == sum * 10 % 11 % 10)
    };
    digits.len() == 11 && check(9) && check(10) && digits.iter().any(|d| Some(d) != digits.first())
}

/// Norwegian birth number: day of birth (also D-numbers, day plus 40), two digits modulo 11.
pub fn norwegian(digits: &[u8]) -> bool {
    let (day, month) = (part(digits, 0, 2), part(digits, 2, 4));
    let day = if day > 40 { day - 40 } else { day };
    let ok = |weights: &[u32]| weighed(digits, weights).is_multiple_of(11);
    digits.len() == 11 && date(2000, month, day) && ok(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) && ok(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])
}

/// Swedish personal number: day of birth (also coordination numbers, day plus 60) and Luhn over its last ten digits.
pub fn swedish(digits: &[u8]) -> bool {
    let ten = digits.last_chunk::<10>().filter(|_| matches!(digits.len(), 10 | 12));
    ten.is_some_and(|ten| {
        let day = part(ten, 4, 6);
        date(2000, part(ten, 2, 4), if day > 60 { day - 60 } else { day }) && luhn(ten)
    })
}

/// US social security number: only which numbers are never given out.
pub fn ssn(digits: &[u8]) -> bool {
    let area = part(digits, 0, 3);
    digits.len() == 9 && (1..900).contains(&area) && area != 666 && part(digits, 3, 5) > 0 && part(digits, 5, 9) > 0
}

fn digits_of(word: &[u8]) -> Option<u64> {
    word.iter().try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))))
}

/// Finnish personal identity code: day of birth, number, and a sign by modulus 31.
pub fn finnish(birth: &[u8], tail: &[u8]) -> bool {
    let Some((sign, number)) = tail.split_last().filter(|_| birth.len() == 6 && tail.len() == 4) else { return false };
    let (Some(birth), Some(number)) = (digits_of(birth), digits_of(number)) else { return false };
    date(2000, birth / 100 % 100, birth / 10_000)
        && number >= 2
        && b"0123456789ABCDEFHJKLMNPRSTUVWXY".get(((birth * 1000 + number) % 31) as usize) == Some(&sign.to_ascii_uppercase())
}

/// Spanish DNI: eight digits and a letter by modulus 23.
pub fn dni(number: &[u8], letter: &[u8]) -> bool {
    let (Some(n), [letter]) = (digits_of(number).filter(|_| number.len() == 8), letter) else { return false };
    b"TRWAGMYFPDXBNJZSQVHLCKE".get((n % 23) as usize) == Some(&letter.to_ascii_uppercase())
}

/// Spanish NIE: X, Y or Z for the first digit.
pub fn nie(word: &[u8]) -> bool {
    let ([first, number @ .., letter], 9) = (word, word.len()) else { return false };
    let lead = match first.to_ascii_uppercase() {
        b'X' => 0,
        b'Y' => 1,
        b'Z' => 2,
        _ => return false,
    };
    digits_of(number).is_some_and(|n| b"TRWAGMYFPDXBNJZSQVHLCKE".get(((lead * 10_000_000 + n) % 23) as usize) == Some(&letter.to_ascii_uppercase()))
}

/// Singapore NRIC and FIN: a letter by modulus 11, of one series or another.
pub fn nric(word: &[u8]) -> bool {
    let ([first, number @ .., letter], 9) = (word, word.len()) else { return false };
    if digits_of(number).is_none() {
        return false;
    }
    let sum: usize = number.iter().zip([2, 7, 6, 5, 4, 3, 2]).map(|(b, w)| usize::from(b - b'0') * w).sum();
    let (offset, letters): (usize, &[u8; 11]) = match first {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        // FIN of the series M (since 2022): its letters run the other way.
        b'M' => (3, b"XWUTRQPNJLK"),
        _ => return false,
    };
    letters.get((sum + offset) % 11) == Some(letter)
}

/// Italian codice fiscale (DM 23 December 1976): shape, month, day and control letter.
pub fn codice_fiscale(word: &[u8]) -> bool {
    const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let Ok(word) = <[u8; 16]>::try_from(word) else { return false };
    let word = word.map(|b| b.to_ascii_uppercase());
    // Where two people would have the same code, digits give way to letters (`omocodia`).
    let digit = |b: &u8| b.is_ascii_digit() || b"LMNPQRSTUV".contains(b);
    let shape = word.iter().enumerate().all(|(at, b)| match at {
        6 | 7 | 9 | 10 | 12..=14 => digit(b),
        _ => b.is_ascii_uppercase(),
    });
    let number = |b: u8| u64::from(if b.is_ascii_digit() { b - b'0' } else { b"LMNPQRSTUV".iter().position(|l| *l == b).map_or(0, |at| at as u8) });
    let [.., month, d1, d0, _, _, _, _, control] = word;
    let day = number(d1) * 10 + number(d0);
    let day = if day > 40 { day - 40 } else { day };
    let sum: u32 = word
        .iter()
        .take(15)
        .enumerate()
        .map(|(at, b)| {
            let n = if b.is_ascii_digit() { b - b'0' } else { b.wrapping_sub(b'A') };
            if at % 2 == 0 { ODD.get(usize::from(n)).copied().unwrap_or(0) } else { u32::from(n) }
        })
        .sum();
    shape && b"ABCDEHLMPRST".contains(&month) && (1..=31).contains(&day) && u32::from(control - b'A') == sum % 26
}

/// Length of the IBANs of a country (SWIFT IBAN registry, release 98); `None` = it has none.
pub fn iban_length(country: [u8; 2]) -> Option<usize> {
    const LENGTHS: &[(usize, &str)] = &[
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FO GL NL SD FK"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU XK MN"),
        (21, "CH CR HR LI LV"),
        (22, "BG BH DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ TL OM SO"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "LY PT ST"),
        (26, "IS TR"),
        (27, "BI DJ FR GR IT MC MR SM"),
        (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU YE"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    ];
    LENGTHS.iter().find(|(_, list)| list.as_bytes().chunks(3).any(|c| c.starts_with(&country))).map(|(n, _)| *n)
}

/// ISO 13616: the head moved behind, letters as numbers, remainder 1 by 97.
pub fn iban(word: &[u8]) -> bool {
    let (head, rest) = word.split_at_checked(4).unwrap_or_default();
    let remainder = rest.iter().chain(head).fold(0u32, |n, b| match b {
        b'0'..=b'9' => (n * 10 + u32::from(b - b'0')) % 97,
        _ => (n * 100 + u32::from(b.to_ascii_uppercase().wrapping_sub(b'A')) + 10) % 97,
    });
    remainder == 1
}
