//! Messages that refer to a channel of which nothing is in the files, and messages that only speak of one. They take the place of ordinary
//! mails once everything else is drawn and planted, from a stream of random numbers of their own: nobody writes more or less for it.

use std::collections::BTreeSet;

use super::people::People;
use super::random::Random;
use super::texts::Kind;
use super::traffic::{Channel, Note, Party, Shape, Traffic};
use super::truth::ReferredTruth;
use crate::time::day_name;

/// References of one employee to one channel: slug, and the name that people write.
const PLANTS: [(&str, &str); 4] = [("signal", "Signal"), ("telegram", "Telegram"), ("whatsapp", "WhatsApp"), ("viber", "Viber")];
/// Names of products that others speak of.
const PRODUCTS: [&str; 7] = ["Signal", "Telegram", "WhatsApp", "Viber", "SMS", "Skype", "WeChat"];
/// Mails that only speak of a product.
const CONTROLS: usize = 60;
/// Fewest mails of an employee among which references are planted.
const FEWEST: usize = 60;

/// Own mails to clients, per employee: messages that nothing else needs.
fn mails(traffic: &Traffic, staff: usize) -> Vec<usize> {
    let mine = |(_, note): &(usize, &Note)| {
        let plain = note.kind == Kind::Work && !note.gone && note.from == Party::Staff(staff);
        plain && traffic.talk(note).is_some_and(|t| t.channel == Channel::Email && t.shape == Shape::Direct && t.company.is_some())
    };
    traffic.notes.iter().enumerate().filter(mine).map(|(ix, _)| ix).collect()
}

/// Employees whose phones have a part in any conversation on a channel.
fn on(traffic: &Traffic, slug: &str) -> BTreeSet<usize> {
    let members = traffic.talks.iter().filter(|t| t.channel.slug() == slug).flat_map(|t| &t.members);
    members.filter_map(|p| if let Party::Staff(s) = p { Some(*s) } else { None }).collect()
}

/// Plants references and controls; says whose references to what.
pub fn plant(people: &People, traffic: &mut Traffic, random: &mut Random) -> Vec<ReferredTruth> {
    let (mut out, mut taken) = (Vec::new(), BTreeSet::new());
    for (slug, name) in PLANTS {
        let there = on(traffic, slug);
        let free = |s: &usize| !there.contains(s) && !taken.contains(s) && people.staff.get(*s).is_some_and(|e| e.role.is_none());
        let able: Vec<(usize, Vec<usize>)> = (0..people.staff.len()).filter(free).map(|s| (s, mails(traffic, s))).filter(|(_, m)| m.len() >= FEWEST).collect();
        let Some((staff, mails)) = able.get(random.below(able.len().max(1))) else { continue };
        taken.insert(*staff);
        let wanted = 4 + random.below(6);
        // Spread over the middle half of the person's mails.
        let chosen: BTreeSet<usize> = (0..wanted).filter_map(|_| mails.get(mails.len() / 4 + random.below(mails.len() / 2)).copied()).collect();
        let mut days = Vec::new();
        for ix in &chosen {
            if let Some(note) = traffic.notes.get_mut(*ix) {
                note.kind = Kind::Mention(name);
                days.push(Traffic::day(note));
            }
        }
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { continue };
        let person = people.staff.get(*staff).map(|e| e.name.clone()).unwrap_or_default();
        out.push(ReferredTruth { person, channel: slug.to_owned(), messages: days.len() as u64, from: day_name(*first), to: day_name(*last) });
    }
    controls(traffic, random, &taken, people.staff.len());
    out
}

/// Policies, prices of shares, signatures: several by one employee, the rest by anybody.
fn controls(traffic: &mut Traffic, random: &mut Random, taken: &BTreeSet<usize>, staff: usize) {
    let able: Vec<Vec<usize>> = (0..staff).filter(|s| !taken.contains(s)).map(|s| mails(traffic, s)).filter(|m| m.len() >= FEWEST).collect();
    for n in 0..CONTROLS {
        let one = if n < 8 { 0 } else { random.below(able.len().max(1)) };
        let product = if n < 8 { "Signal" } else { PRODUCTS.get(random.below(PRODUCTS.len())).copied().unwrap_or_default() };
        let place = able.get(one).and_then(|m| m.get(random.below(m.len())).copied());
        if let Some(note) = place.and_then(|ix| traffic.notes.get_mut(ix)) {
            note.kind = Kind::Product(product);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::facts;
    use crate::model::elsewhere::CHANNELS;
    use crate::sample::{firm, texts};

    /// Counted over the texts of whole firms: of those that refer to a channel, how many are told; and of those told, how many do. The
    /// sentences of the sample are not those of the phrases; some of them no phrase covers.
    #[test]
    fn references_are_told_from_names() {
        let (mut planted, mut found, mut wrong, mut seen) = (0u32, 0u32, Vec::new(), 0u64);
        for seed in [1, 2, 3] {
            let firm = firm(seed, 20_000);
            for note in firm.traffic.notes.iter().filter(|n| !n.gone) {
                let Some(talk) = firm.traffic.talk(note) else { continue };
                let mut text = String::new();
                texts::write(note.kind, talk.language, note.seed, 1, &mut text);
                let said = facts(text.as_bytes(), false).signs.elsewhere;
                let slugs: Vec<&str> = said.written().collect();
                seen += 1;
                match note.kind {
                    Kind::Mention(name) => {
                        planted += 1;
                        let slug = PLANTS.iter().find(|p| p.1 == name).map_or("", |p| p.0);
                        assert!(CHANNELS.contains(&slug), "{name}");
                        found += u32::from(slugs == [slug]);
                        if !slugs.is_empty() && slugs != [slug] {
                            wrong.push(text);
                        }
                    }
                    // One who agrees to move says that a message is there already.
                    Kind::MoveYes => {}
                    _ if !slugs.is_empty() => wrong.push(text),
                    _ => {}
                }
            }
        }
        eprintln!("{found} of {planted} references found, {} wrong, among {seen} messages", wrong.len());
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(f64::from(found) >= 0.6 * f64::from(planted), "{found} of {planted}");
        assert!(planted > 60 && found < planted, "{found} of {planted}: a measure without a miss measures nothing");
    }

    #[test]
    fn what_was_said_in_calls_is_not_written() {
        let told = |text: &str| facts(text.as_bytes(), false).signs.elsewhere.written().count() > 0;
        let wrong: Vec<_> = texts::CALLS.iter().filter(|t| told(t)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        for text in ["See my Teams message, the price is there.", "I wrote to you on Skype yesterday.", "As I wrote on Teams, 40 lots."] {
            assert!(told(text), "{text}");
        }
    }

    #[test]
    fn references_change_nothing_but_their_texts() {
        let (firm, whole) = (firm(2, 20_000), crate::sample::complete(2, 20_000));
        assert_eq!(firm.traffic.notes.len(), whole.traffic.notes.len());
        let other = firm.traffic.notes.iter().zip(&whole.traffic.notes).filter(|(a, b)| a.kind != b.kind);
        assert!(other.clone().all(|(a, b)| b.kind == Kind::Work && (a.at, a.talk, a.from, a.seed) == (b.at, b.talk, b.from, b.seed)));
        assert!((30..120).contains(&other.count()));
        assert!(firm.truth().referred.len() >= 3, "{:?}", firm.truth().referred);
    }
}
