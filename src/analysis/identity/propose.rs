//! Likely joins: what a handle shows is read in every way it may be meant, looked up among the forms of the lists, weighed against what
//! contradicts it, and proposed where one candidate is clearly ahead. Nothing here joins anything.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{domain_of, public};
use super::catalogue::Catalogue;
use super::letters::{one_edit, transliterated};
use super::lists::{agree, mail_of, name_of, named_only};
use super::names::{self, Form, heard};
use super::phone::same_but_for_country;
use crate::analysis::parties::Party;
use crate::model::batch::Handle;

/// Lowest score that is proposed.
pub const LEAST: f64 = 0.6;
/// How far the best candidate must be ahead of the next.
pub const LEAD: f64 = 0.1;
/// What a name with one letter wrong says.
const TYPO: f64 = 0.78;

/// A candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who.
    pub party: Party,
    /// 0 to 1.
    pub score: f64,
    /// Why, sentences; never a word of the handle.
    pub reasons: Vec<String>,
}

/// One way to read what is shown: words of a name, beside them a company, words left out.
struct Reading<'a> {
    words: &'a [String],
    companies: &'a [u32],
    factor: f64,
    address: bool,
    left_out: bool,
}

/// Candidates while they are gathered: the best of each.
#[derive(Default)]
struct Found(BTreeMap<Party, (f64, Vec<String>)>);

impl Found {
    fn add(&mut self, party: Party, score: f64, reasons: impl FnOnce() -> Vec<String>) {
        if score >= 0.3 && self.0.get(&party).is_none_or(|(s, _)| *s < score) {
            self.0.insert(party, (score, reasons()));
        }
    }
}

/// What is known of the channel: who has a certain handle there.
pub type Known<'a> = BTreeSet<(&'a str, Party)>;

/// The candidate that is clearly ahead, if there is one. `refused` tells whom people have ruled out.
#[must_use]
pub fn propose(catalogue: &Catalogue, known: &Known, h: &Handle, refused: &dyn Fn(Party) -> bool) -> Option<Candidate> {
    let mail = mail_of(h);
    let shown = name_of(h);
    let mut found = Found::default();
    if !shown.contains('@') && !shown.chars().any(|c| c.is_ascii_digit()) || shown.chars().filter(|c| c.is_alphabetic()).count() > 2 && !shown.contains('@') {
        let words = names::words(shown);
        read(catalogue, shown, &words, false, &mut found);
    }
    if let Some((local, _)) = mail.rsplit_once('@') {
        let words = names::words(local.split('+').next().unwrap_or(local).trim_matches(|c: char| c.is_ascii_digit()));
        read(catalogue, local, &words, true, &mut found);
    }
    numbers(catalogue, h, &mut found);
    let mut all: Vec<Candidate> = found
        .0
        .into_iter()
        .filter(|(party, _)| !(refused(*party) || h.external && matches!(party, Party::Employee(_))))
        .filter_map(|(party, (score, reasons))| weigh(catalogue, known, h, &mail, Candidate { party, score, reasons }))
        .collect();
    all.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.party.cmp(&b.party)));
    let best = all.first()?;
    let next = all.iter().skip(1).find(|c| !agree(c.party, best.party)).map_or(0.0, |c| c.score);
    (best.score >= LEAST && best.score - next >= LEAD - 1e-9).then(|| Candidate { score: (best.score * 100.0).round() / 100.0, ..best.clone() })
}

/// All readings of a text.
fn read(catalogue: &Catalogue, raw: &str, words: &[String], address: bool, found: &mut Found) {
    let n = words.len();
    if n == 0 {
        return;
    }
    let whole = Reading { words, companies: &[], factor: 1.0, address, left_out: false };
    look_up(catalogue, &whole, found);
    typos(catalogue, &whole, found);
    if address || catalogue.has_foreign() || raw.chars().any(transliterated) {
        by_sound(catalogue, words, found);
    }
    if address {
        return;
    }
    let all = catalogue.companies(words);
    if let [one] = all {
        found.add(Party::Client(*one, None), 0.86, || vec![format!("The name shown is that of the client {}, its legal form aside.", catalogue.entity(*one))]);
    }
    for k in 1..n {
        let (head, tail) = words.split_at_checked(k).unwrap_or_default();
        for (rest, beside) in [(head, tail), (tail, head)] {
            let companies = catalogue.companies(beside);
            if companies.is_empty() {
                left_out(catalogue, raw, rest, beside, found);
            } else {
                let before = found.0.len();
                let reading = Reading { words: rest, companies, factor: 1.0, address, left_out: false };
                look_up(catalogue, &reading, found);
                typos(catalogue, &reading, found);
                if let ([one], true) = (companies, found.0.len() == before) {
                    found.add(Party::Client(*one, None), 0.72, || {
                        vec![format!("The name of the client {} stands beside a name that is on no list.", catalogue.entity(*one))]
                    });
                }
            }
        }
    }
}

/// The name with one or two words left out at an end.
fn left_out(catalogue: &Catalogue, raw: &str, rest: &[String], beside: &[String], found: &mut Found) {
    if rest.len() < 2 || beside.len() > 2 {
        return;
    }
    let factor = if beside.iter().all(|w| names::addition(w, raw)) {
        0.93
    } else if beside.iter().any(|w| catalogue.is_name(w)) {
        // Another name beside a name: another person.
        0.6
    } else {
        0.78
    };
    look_up(catalogue, &Reading { words: rest, companies: &[], factor, address: false, left_out: true }, found);
}

/// Whether the party belongs to one of the companies.
fn of_company(party: Party, companies: &[u32]) -> bool {
    matches!(party, Party::Client(ix, Some(_)) if companies.contains(&ix))
}

fn beside_company(form: Form) -> f64 {
    match form {
        Form::Given => 0.80,
        Form::Family => 0.78,
        Form::NicknameAlone => 0.74,
        form => (form.weight() + 0.04).min(0.97),
    }
}

fn look_up(catalogue: &Catalogue, reading: &Reading, found: &mut Found) {
    let text = reading.words.join(" ");
    for (ix, form) in catalogue.meant(&text) {
        let Some(person) = catalogue.person(*ix) else { continue };
        let company = of_company(person.party, reading.companies);
        if !reading.companies.is_empty() && !company {
            continue;
        }
        // `johns` is a family name too; only addresses are made that way.
        if *form == Form::FamilyInitial && reading.words.len() == 1 && !reading.address {
            continue;
        }
        let score = if company { beside_company(*form) } else { form.weight() } * reading.factor;
        found.add(person.party, score, || {
            let mut reasons = vec![form.reason(person.name)];
            if reading.address {
                reasons = vec![format!("The part of the address before the @ is a form of the name of {}.", person.name)];
            }
            if company && let Party::Client(ix, _) = person.party {
                reasons.push(format!("The name of {} stands beside it.", catalogue.entity(ix)));
            }
            if reading.left_out {
                reasons.push("Further words stand beside the name.".into());
            }
            reasons
        });
    }
}

/// Names of nine letters and more in which one letter of a long word is wrong.
fn typos(catalogue: &Catalogue, reading: &Reading, found: &mut Found) {
    let words = reading.words;
    if !(2..=4).contains(&words.len()) || words.iter().map(String::len).sum::<usize>() < 9 {
        return;
    }
    for word in words {
        for ix in catalogue.with_word(word) {
            let of = catalogue.words_of(*ix);
            let mine: Vec<&String> = words.iter().filter(|w| !of.contains(w)).collect();
            let theirs: Vec<&String> = of.iter().filter(|w| !words.contains(w)).collect();
            let ([a], [b]) = (mine.as_slice(), theirs.as_slice()) else { continue };
            if of.len() != words.len() || a.len().min(b.len()) < 5 || !one_edit(a, b) {
                continue;
            }
            let Some(person) = catalogue.person(*ix) else { continue };
            let company = of_company(person.party, reading.companies);
            if reading.companies.is_empty() || company {
                found.add(person.party, TYPO + if company { 0.06 } else { 0.0 }, || {
                    vec![format!("The name shown is that of {} but for one letter.", person.name)]
                });
            }
        }
    }
}

fn by_sound(catalogue: &Catalogue, words: &[String], found: &mut Found) {
    if words.len() < 2 {
        return;
    }
    for (ix, form) in catalogue.meant(&heard(&words.join(" "))) {
        if let Some(person) = catalogue.person(*ix) {
            found.add(person.party, form.weight(), || vec![form.reason(person.name)]);
        }
    }
}

fn numbers(catalogue: &Catalogue, h: &Handle, found: &mut Found) {
    let Some(number) = catalogue.lists.number_of(h) else { return };
    for ix in catalogue.numbered(&number) {
        let Some(person) = catalogue.person(*ix) else { continue };
        if person.numbers.iter().any(|n| same_but_for_country(n, &number)) {
            found.add(person.party, 0.86, || {
                vec![format!("The number is that of {} but for the country code, which stands in one of the two only.", person.name)]
            });
        }
    }
}

/// Takes off what contradicts a candidate; `None` where it rules it out.
fn weigh(catalogue: &Catalogue, known: &Known, h: &Handle, mail: &str, mut c: Candidate) -> Option<Candidate> {
    let domain = domain_of(mail);
    let person = catalogue.of(c.party);
    let elsewhere = known.contains(&(h.channel.as_str(), c.party));
    let mut less = |by: f64, why: &str| {
        c.score -= by;
        c.reasons.push(why.into());
    };
    if domain.is_empty() {
        if elsewhere && named_only(h) {
            less(0.12, "Another handle of this channel is certainly theirs; a name in an address book may stand beside it.");
        } else if elsewhere {
            less(0.4, "Another account of this channel is certainly theirs.");
        }
    } else if catalogue.lists.is_own(domain) {
        if !matches!(c.party, Party::Employee(_)) {
            return None;
        }
        less(if elsewhere { 0.02 } else { -0.08 }, "The address is one of the firm's.");
    } else if public(domain) {
        less(if elsewhere { 0.2 } else { 0.08 }, "The mailbox is with a public provider.");
    } else {
        let listed = person.is_some_and(|p| p.emails.iter().any(|e| !public(domain_of(e)) && domain_of(e) != domain));
        less(if elsewhere || listed { 0.4 } else { 0.12 }, "The address belongs to a domain that is on no list.");
    }
    if let (Some(number), Some(person)) = (catalogue.lists.number_of(h), person) {
        let same = |n: &super::phone::Number| n.digits == number.digits || same_but_for_country(n, &number);
        if !person.numbers.is_empty() && !person.numbers.iter().any(same) {
            c.score -= 0.15;
            c.reasons.push("Its number is none of those on the list.".into());
        }
    }
    c.score = c.score.clamp(0.0, 0.99);
    Some(c)
}
