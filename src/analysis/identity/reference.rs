//! How a handle is named where its own name must not be shown: by a digest that stays the same from session to session, so that a decision about
//! it can be kept in the matter without the name. A digest can be tried against guessed names; it cannot be read.

use sha2::{Digest, Sha256};

use crate::model::Dataset;
use crate::model::batch::Handle;
use crate::text;

/// Digits of the digest.
const DIGITS: usize = 16;

/// The opaque reference of a handle: `h` and 16 hexadecimal digits.
#[must_use]
pub fn of(h: &Handle) -> String {
    let mut digest = Sha256::new();
    digest.update(h.channel.as_bytes());
    digest.update([0]);
    digest.update(h.key.as_bytes());
    format!("h{}", text::bounded(&text::hex(&digest.finalize()), DIGITS))
}

/// Whether a text has the shape of an opaque reference.
#[must_use]
pub fn is(text: &str) -> bool {
    text.strip_prefix('h').is_some_and(|d| d.len() == DIGITS && d.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

/// What a decision about a handle keeps as its key: a native key and an opaque reference as they are, the number of a handle in this dataset
/// (`h12`) as its opaque reference. Never the name behind a reference.
#[must_use]
pub fn key_of(dataset: &Dataset, reference: &str) -> String {
    let number = reference.strip_prefix('h').filter(|d| d.len() < DIGITS && !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
    let handle = number.and_then(|d| d.parse::<usize>().ok()).and_then(|ix| dataset.handles.get(ix));
    handle.filter(|_| !dataset.handles.iter().any(|h| h.key == reference)).map_or_else(|| reference.to_owned(), of)
}

/// Letters a reader may see of a name that must not be shown: the first of every word.
#[must_use]
pub fn masked(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    // A name of one letter would be shown whole.
    let mut inside = name.chars().nth(1).is_none();
    for c in name.chars() {
        let hidden = inside && !c.is_whitespace();
        inside = !c.is_whitespace();
        out.push(if hidden { '•' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_stable_and_say_nothing() {
        let h = Handle { channel: "whatsapp".into(), key: "Mum".into(), ..Handle::default() };
        let reference = of(&h);
        assert!(is(&reference) && reference == of(&h) && !reference.contains("Mum"));
        assert_ne!(reference, of(&Handle { channel: "sms".into(), ..h.clone() }));
        let dataset = Dataset { handles: vec![h.clone(), Handle { key: "h0".into(), ..h.clone() }], ..Dataset::default() };
        assert_eq!(key_of(&dataset, &reference), reference);
        assert_eq!(key_of(&dataset, "h1"), of(&dataset.handles[1]));
        // A name that looks like a number of a handle stays that name.
        assert_eq!(key_of(&dataset, "h0"), "h0");
        assert_eq!(key_of(&dataset, "Ana Ruiz"), "Ana Ruiz");
        assert_eq!(key_of(&dataset, "h99"), "h99");
    }

    #[test]
    fn masks_keep_first_letters() {
        assert_eq!(masked("Jo (climbing)"), "J• (•••••••••");
        assert_eq!(masked("+44 7700"), "+•• 7•••");
        assert_eq!(masked("阿姨"), "阿•");
        assert_eq!(masked("妈"), "•");
        assert_eq!(masked(""), "");
    }
}
