//! A large dataset without texts or files: what the answers take over many people, channels and years. Everybody writes on every
//! channel; one channel in two is an archive for all, the others are exports of each person. Every tenth stream loses four weeks.

use super::random::Random;
use crate::features::Facts;
use crate::features::words::Signs;
use crate::import::sink::{Body, Clock, Draft, Id, Sink};
use crate::model::HandleIx;
use crate::model::batch::Batch;
use crate::model::ledger::{Basis, Decided};
use crate::model::matter::{ChannelRule, ChannelStatus, Matter, Rule, Scope};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::model::roster::{Client, Contact, Person};
use crate::time::{self, DAY, MINUTE};

/// Channels, archives and exports in turn.
const CHANNELS: [&str; 12] = ["email", "whatsapp", "slack", "telegram", "teams", "wechat", "sms", "signal", "google_chat", "imessage", "discord", "line"];
/// Counterparts of a person.
const WITH: usize = 4;

/// How large.
#[derive(Debug, Clone, Copy)]
pub struct Volume {
    /// Messages, about.
    pub messages: usize,
    /// Custodians.
    pub people: usize,
    /// Channels, at most twelve.
    pub channels: usize,
    /// Years.
    pub years: i32,
    /// Seed.
    pub seed: u64,
}

/// Last day of all records.
const LAST: i32 = 20_726;

fn key(slug: &str, person: usize, with: Option<usize>) -> String {
    match (slug, with) {
        ("email", None) => format!("p{person}@volume.example"),
        ("email", Some(with)) => format!("a@c{person}-{with}.example"),
        (_, None) => format!("{slug}-p{person}"),
        (_, Some(with)) => format!("{slug}-p{person}-c{with}"),
    }
}

impl Volume {
    fn slugs(&self) -> &'static [&'static str] {
        CHANNELS.get(..self.channels).unwrap_or(&CHANNELS)
    }

    /// As readers would have read it.
    #[must_use]
    pub fn batch(&self) -> Batch {
        let mut sink = Sink::new(None);
        let mut random = Random::new(self.seed);
        let each = self.messages / (self.people * self.slugs().len()).max(1);
        for (channel, slug) in self.slugs().iter().enumerate() {
            if channel % 2 == 0 {
                sink.open_source(&format!("{slug}.csv"), 0, "csv", slug);
                for person in 0..self.people {
                    self.stream(&mut sink, slug, person, each, &mut random);
                }
                sink.close_source();
                continue;
            }
            for person in 0..self.people {
                sink.open_source(&format!("{slug}-{person}.txt"), 0, "csv", slug);
                let on = sink.channel(slug);
                let owner = sink.handle(on, &key(slug, person, None));
                let source = sink.source();
                source.owner = Some(Decided { value: key(slug, person, None), basis: Basis::Proven, why: String::new() });
                source.owner_handle = Some(owner.0);
                source.exported_at = Some(i64::from(LAST + 1) * DAY);
                self.stream(&mut sink, slug, person, each, &mut random);
                sink.close_source();
            }
        }
        sink.finish()
    }

    fn stream(&self, sink: &mut Sink, slug: &str, person: usize, messages: usize, random: &mut Random) {
        let on = sink.channel(slug);
        let me = sink.handle(on, &key(slug, person, None));
        let days = self.years * 365;
        let lost = if random.chance(0.1) { LAST - days + i32::try_from(random.below(usize::try_from(days).unwrap_or(1))).unwrap_or(0) } else { i32::MIN };
        let (mail, share) = (slug == "email", messages / WITH);
        for with in 0..WITH {
            let other = sink.handle(on, &key(slug, person, Some(with)));
            let kind = if mail { ConversationKind::Thread } else { ConversationKind::Direct };
            let conversation = sink.conversation(on, &format!("{person}-{with}"), &format!("Client {person} {with}"), kind);
            let mut last = None;
            for n in 0..share {
                // From the first day to the last in order, as files have them; two in three on the day of the one before.
                let at = i32::try_from(i64::from(days) * (n / 3 * 3 * WITH + 3 * with) as i64 / (share * WITH).max(1) as i64).unwrap_or(0);
                let day = LAST - days + at;
                let day = if time::weekday(day) >= 5 { day - 2 } else { day };
                if (lost..lost.saturating_add(28)).contains(&day) {
                    continue;
                }
                let (from, to): (HandleIx, HandleIx) = if random.chance(0.5) { (me, other) } else { (other, me) };
                let number = i64::try_from(n).unwrap_or(0);
                let audience = mail.then(|| sink.audience(&mut vec![to]));
                sink.record();
                sink.message(Draft {
                    conversation,
                    sender: Some(from),
                    time: Clock::Utc(i64::from(day) * DAY + (9 * 60 + number % 3 * 90) * MINUTE),
                    event: None,
                    flags: Flags::NONE,
                    body: Body::Facts(Facts { chars: 20, hash: random.bits() as u32, signs: Signs::default() }),
                    id: Id::Number(n as u64),
                    reply_to: last.filter(|_| n % 5 == 0).map_or(Id::None, Id::Number),
                    audience,
                    position: Position::byte(u64::try_from(number).unwrap_or(0) * 64),
                });
                last = Some(n as u64);
            }
        }
    }

    /// Lists, rule and register.
    #[must_use]
    pub fn matter(&self) -> Matter {
        let mut matter = Matter { zone: "Europe/London".into(), own_domains: vec!["volume.example".into()], ..Matter::default() };
        matter.scope = Scope { as_of: Some(LAST), ..Scope::default() };
        matter.calendar.country = "GB".into();
        matter.policy.rules = vec![Rule { id: "volume".into(), title: "Six years".into(), months: Some(72), clock: "created".into(), ..Rule::default() }];
        let register = |slug: &&str| ChannelRule { id: (*slug).to_owned(), status: ChannelStatus::Approved, captured: Some(true), ..ChannelRule::default() };
        matter.policy.channels = self.slugs().iter().map(register).collect();
        let handles =
            |person: usize, with: Option<usize>| self.slugs().iter().skip(1).map(|slug| ((*slug).to_owned(), key(slug, person, with))).collect::<Vec<_>>();
        let listed = |ix: usize| Person {
            id: format!("V{ix}"),
            name: format!("Person {ix}"),
            department: format!("Desk {}", ix % 20),
            emails: vec![key("email", ix, None)],
            handles: handles(ix, None),
            ..Person::default()
        };
        matter.people = Some((0..self.people).map(listed).collect());
        let client = |ix: usize| Client {
            name: format!("Client {ix}"),
            domains: (0..WITH).map(|with| format!("c{ix}-{with}.example")).collect(),
            contacts: (0..WITH)
                .map(|with| Contact {
                    name: format!("Contact {ix} {with}"),
                    emails: vec![key("email", ix, Some(with))],
                    handles: handles(ix, Some(with)),
                    ..Contact::default()
                })
                .collect(),
            ..Client::default()
        };
        matter.clients = Some((0..self.people).map(client).collect());
        matter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::Workbench;

    #[test]
    fn everybody_is_known_and_every_stream_is_answered() {
        let volume = Volume { messages: 120_000, people: 10, channels: 12, years: 2, seed: 1 };
        let mut workbench = Workbench::default();
        workbench.put(0, volume.batch());
        workbench.set_matter(volume.matter());
        let answers = workbench.answer(&Scope::default());
        assert_eq!(answers.coverage.len(), 120);
        assert!(answers.coverage.iter().all(|r| r.messages > 150 && r.covered_days > 400), "{:?}", answers.coverage.first());
        assert!(answers.gaps.iter().any(|g| g.class == "B"), "the planted four weeks");
    }
}
