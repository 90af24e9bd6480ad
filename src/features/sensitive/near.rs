//! Words that name what follows. Lower case; ASCII or UTF-8 as typed.

/// Bytes before a value in which such a word may stand.
const REACH: usize = 48;

/// Before a UK health number.
pub const NHS: &[&str] = &["nhs"];
/// Before a card number.
pub const CARD: &[&str] = &["card", "visa", "karte", "tarjeta", "carte", "carta", "cartão", "kaart", "卡", "بطاقة"];
/// Before a Brazilian CPF.
pub const CPF: &[&str] = &["cpf"];
/// Before a Swedish personal number.
pub const SWEDISH: &[&str] = &["personnummer", "personnr", "pnr", "personal identity", "samordningsnummer"];
/// Before a US social security number: it has no check digit.
pub const SSN: &[&str] = &["ssn", "social security", "social-security", "soc sec"];
/// Before a Spanish identity number.
pub const DNI: &[&str] = &["dni", "nif", "nie", "documento", "identidad"];

/// Whether one of the words stands shortly before, as a word of its own where it is written in ASCII letters.
pub fn any(before: &[u8], words: &[&str]) -> bool {
    let near = before.get(before.len().saturating_sub(REACH)..).unwrap_or_default();
    words.iter().any(|word| {
        near.windows(word.len()).enumerate().any(|(at, w)| {
            let part = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
            let inside = (at > 0 && part(near.get(at - 1))) || (word.len() < 4 && part(near.get(at + word.len())));
            (!word.is_ascii() || !inside) && w.eq_ignore_ascii_case(word.as_bytes())
        })
    })
}
