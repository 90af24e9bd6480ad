//! Sensitive data that is invented, with right check digits, and what looks like it and is none. Made here by the rules of the issuing
//! bodies, apart from the checks that look for it.

use crate::sample::random::Random;

/// Kinds, as the answers name them.
pub const KINDS: [&str; 5] = ["card", "iban", "health_id", "national_id", "credential"];

/// The kind that a seed gives.
#[must_use]
pub fn kind(seed: u64) -> &'static str {
    KINDS.get(((seed >> 7) % KINDS.len() as u64) as usize).copied().unwrap_or_default()
}

fn digits(random: &mut Random, n: usize) -> Vec<u32> {
    (0..n).map(|_| u32::try_from(random.below(10)).unwrap_or(0)).collect()
}

fn written(digits: &[u32]) -> String {
    digits.iter().filter_map(|d| char::from_digit(*d, 10)).collect()
}

fn grouped(digits: &str, size: usize, between: &str) -> String {
    let chars: Vec<char> = digits.chars().collect();
    chars.chunks(size).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join(between)
}

/// The digit that makes the sum of ISO/IEC 7812 end with 0.
fn luhn_digit(number: &[u32]) -> u32 {
    let sum: u32 = number.iter().rev().enumerate().map(|(at, d)| if at % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { *d }).sum();
    (10 - sum % 10) % 10
}

fn card(random: &mut Random) -> String {
    let mut number: Vec<u32> = match random.below(3) {
        0 => vec![4, 9],
        1 => vec![5, 3],
        _ => vec![3, 7],
    };
    let american = number.first() == Some(&3);
    let more = digits(random, if american { 12 } else { 13 });
    number.extend(more);
    number.push(luhn_digit(&number));
    let plain = written(&number);
    match random.below(3) {
        0 => plain,
        _ if american => plain,
        1 => grouped(&plain, 4, " "),
        _ => grouped(&plain, 4, "-"),
    }
}

fn iban(random: &mut Random) -> String {
    // A German account: eight digits of the bank, ten of the account; D = 13, E = 14.
    let account = written(&digits(random, 18));
    let remainder = format!("{account}131400").chars().filter_map(|c| c.to_digit(10)).fold(0, |n, d| (n * 10 + d) % 97);
    let plain = format!("DE{:02}{account}", 98 - remainder);
    if random.chance(0.5) { grouped(&plain, 4, " ") } else { plain }
}

fn nhs(random: &mut Random) -> String {
    loop {
        let mut number = vec![9];
        number.extend(digits(random, 8));
        let sum: u32 = number.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
        match 11 - sum % 11 {
            10 => {}
            check => {
                number.push(check % 11);
                let plain = written(&number);
                return if random.chance(0.5) { plain } else { format!("{} {} {}", &cut(&plain, 0, 3), &cut(&plain, 3, 6), &cut(&plain, 6, 10)) };
            }
        }
    }
}

fn cut(text: &str, from: usize, to: usize) -> String {
    text.chars().skip(from).take(to - from).collect()
}

fn national(random: &mut Random) -> String {
    match random.below(3) {
        0 => {
            let n = random.between(10_000_000, 99_999_999);
            let letter = "TRWAGMYFPDXBNJZSQVHLCKE".chars().nth((n % 23) as usize).unwrap_or('T');
            format!("my DNI is {n}{letter}")
        }
        1 => {
            let mut number = vec![3, 1, 0, 1, 0, 1, 1, 9, 8];
            number.push(u32::try_from(random.below(10)).unwrap_or(0));
            number.extend([0, 1 + u32::try_from(random.below(9)).unwrap_or(0), 1]);
            let tail = digits(random, 4);
            number.extend(tail);
            // GB 11643: the weights are powers of two modulo 11.
            let sum: u32 = number.iter().enumerate().map(|(at, d)| d * (2u32.pow(17 - at as u32) % 11)).sum();
            let check = (12 - sum % 11) % 11;
            format!("身份证 {}{}", written(&number), if check == 10 { "X".to_owned() } else { check.to_string() })
        }
        _ => {
            let mut number = digits(random, 9);
            for n in [10, 11] {
                let sum: u32 = number.iter().zip((2..=n).rev()).map(|(d, w)| d * w).sum();
                number.push(sum * 10 % 11 % 10);
            }
            let plain = written(&number);
            format!("CPF {}.{}.{}-{}", cut(&plain, 0, 3), cut(&plain, 3, 6), cut(&plain, 6, 9), cut(&plain, 9, 11))
        }
    }
}

fn credential(random: &mut Random) -> String {
    let word = random.word(&["Harbour", "Lighthouse", "Copper", "Sommer", "Zebra"]);
    let n = random.between(100, 9999);
    match random.below(5) {
        0 => format!("Portal login as before, password: {word}{n}!"),
        1 => format!("the password is {word}-{n}"),
        2 => format!("Das Passwort lautet {word}{n}"),
        3 => format!("密码是{word}{n}"),
        _ => {
            let tail: String = (0..16).map(|_| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".get(random.below(32)).copied().unwrap_or(b'A'))).collect();
            format!("use the key AKIA{tail} for the upload")
        }
    }
}

/// Appends a text with sensitive data of the kind its seed gives.
pub fn write(seed: u64, random: &mut Random, out: &mut String) {
    out.push_str(&match kind(seed) {
        "card" => format!("Please charge the deposit to {} exp 09/28", card(random)),
        "iban" => format!("New account for the payment: {}", iban(random)),
        "health_id" => format!("For the port clinic, his NHS number is {}", nhs(random)),
        "national_id" => format!("For the visa form: {}", national(random)),
        _ => credential(random),
    });
}

/// Appends a text that looks like one with sensitive data and is none.
pub fn decoy(random: &mut Random, out: &mut String) {
    let n = |random: &mut Random, from: i64, to: i64| random.between(from, to);
    out.push_str(&match random.below(9) {
        0 => format!("Call me on +44 7700 900{:03} or +44 20 7946 0{:03}", n(random, 0, 999), n(random, 0, 999)),
        1 => format!(
            "Parcel 9400 1{:03} {:04} {:04} {:04} {:02}",
            n(random, 0, 999),
            n(random, 0, 9999),
            n(random, 0, 9999),
            n(random, 0, 9999),
            n(random, 0, 99)
        ),
        2 => format!("Logged at {} ms", n(random, 1_700_000_000_000, 1_799_999_999_999)),
        3 => {
            // A card number with a wrong last digit.
            let mut number = vec![4, 5];
            let more = digits(random, 13);
            number.extend(more);
            number.push((luhn_digit(&number) + 1 + u32::try_from(random.below(8)).unwrap_or(0)) % 10);
            format!("Order {} is on its way", written(&number))
        }
        4 => format!("Container MSKU{:07}, seal {:08}", n(random, 0, 9_999_999), n(random, 0, 99_999_999)),
        5 => format!("Article 4{:012}, batch {:010}", n(random, 0, 999_999_999_999), n(random, 0, 9_999_999_999)),
        6 => format!("I reset my password on 0{}/0{}/2026, please reset yours", n(random, 1, 9), n(random, 1, 9)),
        7 => format!("Reference 2026{:04}-{:04}, page 1{:03} to 2{:03}", n(random, 0, 9999), n(random, 0, 9999), n(random, 0, 999), n(random, 0, 999)),
        _ => format!("password: ask Pat at 0{}:30", n(random, 7, 9)),
    });
}
