//! Chats between two colleagues on their own phones, both handed in: two exports of one conversation.

use std::collections::BTreeSet;

use super::sessions::Writer;
use super::{Channel, Note, Party, Shape, Talk};
use crate::sample::calendar::{Clocks, Region, first_day, last_day, working_second};
use crate::sample::people::Employee;
use crate::sample::random::Random;
use crate::sample::texts::{Kind, Language};
use crate::sample::write::whatsapp::{Phone, phone};

/// Pairs: one copy loses a run of messages, one some here and there, and one is whole.
const PAIRS: usize = 3;
/// Chance of a session on a day both are at work.
const SESSION: f64 = 0.3;

impl Writer<'_> {
    /// Draws the chats after everything else and with randomness of their own: what else is written stays as it is. Each is written twice, as
    /// the conversation of either phone.
    pub(super) fn colleagues(&mut self, mut random: Random) {
        std::mem::swap(&mut self.random, &mut random);
        let mut clocks = Clocks::default();
        for (one, two) in self.pairs() {
            let (a, b) = (Party::Staff(one), Party::Staff(two));
            let talk = |members: Vec<Party>| Talk {
                channel: Channel::WhatsApp,
                shape: Shape::Direct,
                name: String::new(),
                members,
                language: Language::English,
                company: None,
            };
            let (own, other) = (self.add_talk(talk(vec![a, b])), self.add_talk(talk(vec![b, a])));
            let start = self.out.notes.len();
            for day in first_day()..=last_day() {
                if self.at_work(one, day) && self.at_work(two, day) && self.random.chance(SESSION) {
                    let second = working_second(&mut self.random);
                    let at = clocks.utc(Region::London, i64::from(day) * 86_400 + second);
                    let kind = if self.random.chance(0.7) { Kind::Work } else { Kind::Inside };
                    let (from, to) = if self.random.chance(0.5) { (a, b) } else { (b, a) };
                    let length = 1 + self.random.poisson(2.0);
                    self.chat(own, (from, to), at, kind, length);
                }
            }
            let copies: Vec<Note> = self.out.notes.get(start..).unwrap_or_default().to_vec();
            for note in copies {
                let root = u32::try_from(self.out.notes.len()).unwrap_or(u32::MAX);
                self.out.notes.push(Note { talk: other, root, ..note });
            }
        }
        std::mem::swap(&mut self.random, &mut random);
    }

    /// Two and two of those who write with no client and have no other chat on this channel; the first of each exports no media, so that
    /// no counter tells what that phone has lost.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let busy: BTreeSet<Party> = self.out.talks.iter().filter(|t| t.channel == Channel::WhatsApp).flat_map(|t| t.members.iter().copied()).collect();
        let fits = |(ix, e): &(usize, &Employee)| {
            !e.desk
                && e.role.is_none()
                && e.last_day.is_none()
                && e.start <= first_day()
                && !busy.contains(&Party::Staff(*ix))
                && !self.people.unlisted(Party::Staff(*ix), Channel::WhatsApp)
        };
        let staff: Vec<usize> = self.people.staff.iter().enumerate().filter(fits).map(|(ix, _)| ix).collect();
        let (mut first, mut second): (Vec<usize>, Vec<usize>) = staff.into_iter().partition(|s| phone(*s) != Phone::IosMedia);
        second.extend(first.split_off(PAIRS.min(first.len())));
        first.into_iter().zip(second).collect()
    }
}
