//! Draws the sessions: chats by turns, threads of mails, rooms and groups.

use std::collections::{BTreeMap, BTreeSet};

use super::days::{attendance, inside_rates, rate, spells};
use super::outside::DRAWN;
use super::{CAP_FROM, CAP_GROUP, Channel, Moved, Note, Party, Redirected, SUPERGROUP, Shape, Talk, Traffic};
use crate::sample::calendar::{self, Clocks, Region, first_day, last_day};
use crate::sample::people::{People, Role};
use crate::sample::random::Random;
use crate::sample::relations::{self, Plan, Relation};
use crate::sample::texts::{Kind, Language};
use crate::time::weekday;

const MEAN_SESSION: f64 = 2.2;
/// Dispersion of a person's days: counts of sessions are negative binomial with it.
const LEVEL: f64 = 2.5;
/// Messages of the group that reaches the export limit, before the oldest are cut off.
const CAP_TRAFFIC: f64 = 11_400.0;

pub(super) struct Writer<'a> {
    pub(super) people: &'a People,
    pub(super) random: Random,
    clocks: Clocks,
    present: Vec<Vec<bool>>,
    index: BTreeMap<(Channel, Party, Party), u32>,
    pub(super) out: Traffic,
}

/// Draws all traffic, about `messages` in number.
#[must_use]
pub fn draw(people: &People, random: &mut Random, messages: usize) -> Traffic {
    let leave = spells(people, random);
    let relations = relations::decide(people, random);
    let present = attendance(people, &leave);
    let out = Traffic { talks: Vec::new(), notes: Vec::with_capacity(messages + messages / 8), leave, relations, moves: Vec::new(), redirects: Vec::new() };
    let mut writer = Writer { people, random: random.clone(), clocks: Clocks::default(), present, index: BTreeMap::new(), out };
    writer.run(messages);
    let seeds = writer.random.clone().bits();
    writer.outside(Random::new(seeds ^ 0x0075));
    writer.out.settle();
    writer.secrets(Random::new(seeds ^ 0x5ec2));
    writer.colleagues(Random::new(seeds ^ 0xc0b1));
    writer.out.settle();
    writer.out
}
impl Writer<'_> {
    pub(super) fn at_work(&self, staff: usize, day: i32) -> bool {
        usize::try_from(day - first_day()).ok().and_then(|d| self.present.get(staff)?.get(d)).copied().unwrap_or(false)
    }

    fn desk(&self, staff: usize, day: i32) -> bool {
        self.people.staff.get(staff).is_some_and(|e| e.desk) && self.out.relations.job_change.is_none_or(|(s, d)| s != staff || day < d)
    }

    /// Expected messages of one unit of scale.
    fn expected(&self) -> f64 {
        let mut sum = 0.0;
        for day in first_day()..=last_day() {
            for staff in (0..self.people.staff.len()).filter(|s| self.at_work(*s, day)) {
                sum += calendar::weight(day) * inside_rates(staff, self.desk(staff, day)).iter().map(|(_, r)| r).sum::<f64>();
            }
            let open: f64 = self.out.relations.list.iter().filter(|r| self.at_work(r.staff, day)).map(|r| rate(r, day)).sum();
            sum += calendar::weight(day) * open;
        }
        sum * MEAN_SESSION
    }

    fn run(&mut self, messages: usize) {
        let capped = messages >= CAP_FROM;
        let fixed = if capped { CAP_TRAFFIC } else { 0.0 };
        let scale = ((messages as f64 * 0.99 - fixed) / self.expected()).max(0.0);
        let rooms = self.rooms();
        let cap = capped.then(|| self.operations_group());
        let circle = self.circle();
        let list = self.out.relations.list.clone();
        let mut by_staff: Vec<Vec<&Relation>> = vec![Vec::new(); self.people.staff.len()];
        for r in &list {
            if let Some(mine) = by_staff.get_mut(r.staff) {
                mine.push(r);
            }
        }
        for day in first_day()..=last_day() {
            for (staff, mine) in by_staff.iter().enumerate() {
                self.private(staff, day);
                if !self.at_work(staff, day) {
                    continue;
                }
                let level = self.random.level(LEVEL) * calendar::weight(day);
                for r in mine {
                    for _ in 0..self.random.poisson(rate(r, day) * level * scale) {
                        self.client_session(r, day);
                    }
                }
                for (channel, rate) in inside_rates(staff, self.desk(staff, day)) {
                    for _ in 0..self.random.poisson(rate * level * scale) {
                        self.inside_session(channel, staff, day, &rooms);
                    }
                }
            }
            for (talk, mean) in [(cap, CAP_TRAFFIC / MEAN_SESSION / 388.0), (Some(circle), 0.9 * scale.max(0.5))] {
                if let Some(talk) = talk {
                    let level = self.random.level(3.0) * calendar::weight(day);
                    for _ in 0..self.random.poisson(mean * level) {
                        self.group_session(talk, day);
                    }
                }
            }
        }
        self.after_the_last_day();
    }

    fn talk(&mut self, channel: Channel, staff: usize, other: Party) -> u32 {
        let me = Party::Staff(staff);
        // Messengers are seen from one phone; elsewhere two colleagues have one conversation.
        let key = if !channel.personal() && other < me { (channel, other, me) } else { (channel, me, other) };
        if let Some(found) = self.index.get(&key) {
            return *found;
        }
        let company = if let Party::Contact(c) = other { self.people.contacts.get(c).map(|c| c.company) } else { None };
        let language = company.and_then(|c| self.people.companies.get(c)).map_or(Language::English, |c| c.language);
        let talk = self.add_talk(Talk { channel, shape: Shape::Direct, name: String::new(), members: vec![key.1, key.2], language, company });
        self.index.insert(key, talk);
        talk
    }

    pub(super) fn add_talk(&mut self, talk: Talk) -> u32 {
        self.out.talks.push(talk);
        u32::try_from(self.out.talks.len() - 1).unwrap_or(0)
    }

    fn rooms(&mut self) -> BTreeMap<&'static str, u32> {
        let mut rooms = BTreeMap::new();
        let departments: BTreeSet<&'static str> = self.people.staff.iter().map(|e| e.department).collect();
        for room in departments.into_iter().chain(["general"]) {
            let members =
                self.people.staff.iter().enumerate().filter(|(_, e)| room == "general" || e.department == room).map(|(i, _)| Party::Staff(i)).collect();
            let name = room.to_lowercase().replace(' ', "-");
            let talk = self.add_talk(Talk { channel: Channel::Slack, shape: Shape::Room, name, members, language: Language::English, company: None });
            rooms.insert(room, talk);
        }
        rooms
    }

    fn operations_group(&mut self) -> u32 {
        let members = self.people.staff.iter().enumerate().filter(|(_, e)| e.department == "Operations").take(6).map(|(i, _)| Party::Staff(i)).collect();
        self.add_talk(Talk { channel: Channel::WhatsApp, shape: Shape::Group, name: CAP_GROUP.into(), members, language: Language::English, company: None })
    }

    fn circle(&mut self) -> u32 {
        let mut members: Vec<Party> = self
            .people
            .staff
            .iter()
            .enumerate()
            .filter(|(_, e)| e.department == "Freight desk" && e.role.is_none())
            .take(4)
            .map(|(i, _)| Party::Staff(i))
            .collect();
        let company = self.people.companies.iter().position(|c| members.first() == Some(&Party::Staff(c.owner)));
        let contact = company.and_then(|c| self.people.companies.get(c)?.contacts.first().copied());
        members.extend(contact.map(Party::Contact));
        self.add_talk(Talk { channel: Channel::Telegram, shape: Shape::Group, name: SUPERGROUP.into(), members, language: Language::English, company })
    }

    fn note(&mut self, at: i64, talk: u32, from: Party, kind: Kind, parent: Option<u32>) -> u32 {
        let id = u32::try_from(self.out.notes.len()).unwrap_or(u32::MAX);
        let root = parent.and_then(|p| self.out.notes.get(p as usize)).map_or(id, |p| p.root);
        let seed = self.random.bits();
        self.out.notes.push(Note { at, talk, from, kind, seed, parent, root, number: 0, gone: false });
        id
    }

    pub(super) fn start_of_session(&mut self, staff: usize, day: i32) -> i64 {
        let region = self.people.staff.get(staff).map_or(Region::London, |e| e.region);
        let second = calendar::working_second(&mut self.random);
        self.clocks.utc(region, i64::from(day) * 86_400 + second)
    }

    fn length(&mut self) -> usize {
        1 + self.random.poisson(MEAN_SESSION - 1.0)
    }

    fn client_session(&mut self, r: &Relation, day: i32) {
        let contacts = self.people.companies.get(r.company).map(|c| c.contacts.as_slice()).unwrap_or_default();
        let Some(&main) = contacts.first() else { return };
        let at = self.start_of_session(r.staff, day);
        let length = self.length();
        let mut channel = self.channel(r, day);
        let mut kind = Kind::Work;
        let fresh = !self.out.moves.iter().any(|m| m.pair == (r.staff, r.company));
        if let Plan::Moves { day: moves, to, by_client } = r.plan
            && day >= moves
            && fresh
        {
            self.out.moves.push(Moved { pair: (r.staff, r.company), to, day, by_client });
            let mail = self.talk(Channel::Email, r.staff, Party::Contact(main));
            let pair = (Party::Contact(main), Party::Staff(r.staff));
            let (asks, agrees) = if by_client { pair } else { (pair.1, pair.0) };
            let ask = self.note(at - 7200, mail, asks, Kind::MoveAsk, None);
            self.note(at - 3600, mail, agrees, Kind::MoveYes, Some(ask));
            channel = to;
        } else if channel == Channel::Email && self.random.chance(0.006) {
            return self.redirect(r, main, at, day);
        } else if channel == Channel::Email && !fresh && self.random.chance(0.15) {
            kind = Kind::Mention(self.named(r.plan));
        }
        let contact =
            if channel == Channel::Email && self.random.chance(0.2) { contacts.get(self.random.below(contacts.len())).copied().unwrap_or(main) } else { main };
        let talk = self.talk(channel, r.staff, Party::Contact(contact));
        let client_starts = self.random.chance(0.45);
        let pair = (Party::Staff(r.staff), Party::Contact(contact));
        let (a, b) = if client_starts { (pair.1, pair.0) } else { pair };
        if channel == Channel::Email { self.mails(talk, (a, b), at, kind, length) } else { self.chat(talk, (a, b), at, kind, length) }
    }

    fn channel(&mut self, r: &Relation, day: i32) -> Channel {
        let personal = match r.plan {
            Plan::Captured => None,
            Plan::Personal(c) => Some((c, 0.85)),
            Plan::Moves { day: moves, to, .. } => (day >= moves).then_some((to, 0.88)),
        };
        match personal {
            Some((channel, share)) if self.random.chance(share) => channel,
            Some(_) => Channel::Email,
            None => match self.random.below(20) {
                0..=3 => Channel::Sms,
                4 | 5 => Channel::Teams,
                _ => Channel::Email,
            },
        }
    }

    /// The channel a relation has moved to, as people write it.
    const fn named(&self, plan: Plan) -> &'static str {
        match plan {
            Plan::Moves { to: Channel::Telegram, .. } => "Telegram",
            Plan::Moves { to: Channel::WeChat, .. } => "WeChat",
            _ => "WhatsApp",
        }
    }

    fn redirect(&mut self, r: &Relation, contact: usize, at: i64, day: i32) {
        let (me, client) = (Party::Staff(r.staff), Party::Contact(contact));
        let talk = self.talk(Channel::Email, r.staff, client);
        let ask = self.note(at, talk, client, Kind::MoveAsk, None);
        let answer = self.note(at + 2400, talk, me, Kind::Redirect, Some(ask));
        if self.random.chance(0.7) {
            self.note(at + 9000, talk, client, Kind::Work, Some(answer));
        }
        self.out.redirects.push(Redirected { pair: (r.staff, r.company), day });
    }

    /// A burst of short messages, mostly by turns, some minutes apart.
    pub(super) fn chat(&mut self, talk: u32, (a, b): (Party, Party), start: i64, kind: Kind, length: usize) {
        let (mut at, mut from) = (start, a);
        for i in 0..length {
            let media = i > 0 && kind == Kind::Work && self.random.chance(0.12);
            self.note(at, talk, from, if media { Kind::Media } else { kind }, None);
            if self.random.chance(0.8) {
                from = if from == a { b } else { a };
            }
            at += 25 + self.random.wait(540.0) as i64;
        }
    }

    /// A thread of mails: answers after hours, at times of work, as long as the employee is there.
    fn mails(&mut self, talk: u32, (a, b): (Party, Party), start: i64, kind: Kind, length: usize) {
        let (mut at, mut from, mut parent) = (start, a, None);
        for _ in 0..length {
            let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
            if day > last_day() || [a, b].iter().any(|p| matches!(p, Party::Staff(s) if !self.at_work(*s, day))) {
                return;
            }
            parent = Some(self.note(at, talk, from, kind, parent));
            from = if from == a { b } else { a };
            at += 600 + self.random.wait(3.0 * 3600.0) as i64;
            let region = if let (Party::Staff(s), _) | (_, Party::Staff(s)) = (a, b) {
                self.people.staff.get(s).map_or(Region::London, |e| e.region)
            } else {
                Region::London
            };
            let local = self.clocks.local(region, at);
            if !(7 * 3600..20 * 3600).contains(&local.rem_euclid(86_400)) {
                let mut next = i32::try_from(local.div_euclid(86_400)).unwrap_or(0) + i32::from(local.rem_euclid(86_400) > 43_200);
                while !calendar::works(region, next) {
                    next += 1;
                }
                let second = calendar::working_second(&mut self.random);
                at = self.clocks.utc(region, i64::from(next) * 86_400 + second);
            }
        }
    }

    fn inside_session(&mut self, channel: Channel, staff: usize, day: i32, rooms: &BTreeMap<&'static str, u32>) {
        let at = self.start_of_session(staff, day);
        let length = self.length();
        let department = self.people.staff.get(staff).map_or("", |e| e.department);
        if channel == Channel::Slack && self.random.chance(0.88) {
            let room = if self.random.chance(0.8) { department } else { "general" };
            let Some(&talk) = rooms.get(room) else { return };
            return self.room_session(talk, staff, day, at, length);
        }
        for _ in 0..8 {
            let other = self.random.below(self.people.staff.len());
            let near = self.people.staff.get(other).is_some_and(|e| e.department == department) || self.random.chance(0.25);
            if other != staff && near && self.at_work(other, day) {
                let talk = self.talk(channel, staff, Party::Staff(other));
                let pair = (Party::Staff(staff), Party::Staff(other));
                return if channel == Channel::Email {
                    self.mails(talk, pair, at, Kind::Inside, length)
                } else {
                    self.chat(talk, pair, at, Kind::Inside, length)
                };
            }
        }
    }

    fn here(&self, talk: u32, day: i32) -> Vec<Party> {
        let members = self.out.talks.get(talk as usize).map(|t| t.members.as_slice()).unwrap_or_default();
        members.iter().copied().filter(|p| if let Party::Staff(s) = p { self.at_work(*s, day) } else { weekday(day) < 5 }).collect()
    }

    fn room_session(&mut self, talk: u32, staff: usize, day: i32, start: i64, length: usize) {
        let here = self.here(talk, day);
        let threaded = self.random.chance(0.55);
        let root = self.note(start, talk, Party::Staff(staff), Kind::Inside, None);
        let mut at = start;
        for _ in 1..length {
            at += 30 + self.random.wait(700.0) as i64;
            let from = here.get(self.random.below(here.len())).copied().unwrap_or(Party::Staff(staff));
            self.note(at, talk, from, Kind::Inside, threaded.then_some(root));
        }
    }

    fn group_session(&mut self, talk: u32, day: i32) {
        let here = self.here(talk, day);
        let staff: Vec<usize> = here.iter().filter_map(|p| if let Party::Staff(s) = p { Some(*s) } else { None }).collect();
        let Some(&first) = staff.get(self.random.below(staff.len())) else { return };
        let mut at = self.start_of_session(first, day);
        let mut from = Party::Staff(first);
        for _ in 0..self.length() {
            let kind = if self.random.chance(0.06) { Kind::Media } else { Kind::Inside };
            self.note(at, talk, from, kind, None);
            from = here.get(self.random.below(here.len())).copied().unwrap_or(from);
            at += 20 + self.random.wait(240.0) as i64;
        }
    }

    /// Private chats on the phones that were handed in: evenings, every day of the week.
    fn private(&mut self, staff: usize, day: i32) {
        if staff % 8 != 3 || !self.random.chance(0.06) {
            return;
        }
        let friend = Party::Friend(staff / 8 % DRAWN);
        let talk = self.talk(Channel::WhatsApp, staff, friend);
        let at = self.evening(staff, day);
        let length = self.length();
        self.chat(talk, (friend, Party::Staff(staff)), at, Kind::Private, length);
    }

    /// A time after work.
    pub(super) fn evening(&mut self, staff: usize, day: i32) -> i64 {
        let region = self.people.staff.get(staff).map_or(Region::London, |e| e.region);
        let second = self.random.between(0, 9000);
        self.clocks.utc(region, i64::from(day) * 86_400 + 66_600 + second)
    }

    /// One day of all.
    pub(super) fn any_day(&mut self) -> i32 {
        let days = usize::try_from(last_day() - first_day()).unwrap_or(0);
        first_day() + i32::try_from(self.random.below(days)).unwrap_or(0)
    }

    /// Clients of the leaver without successor go on writing; introductions of the others.
    fn after_the_last_day(&mut self) {
        let list = self.out.relations.list.clone();
        for r in &list {
            let Some((role, last)) = self.people.staff.get(r.staff).and_then(|e| Some((e.role?, e.last_day?))) else { continue };
            let contact = self.people.companies.get(r.company).and_then(|c| c.contacts.first().copied());
            let Some(contact) = contact else { continue };
            let talk = self.talk(Channel::Email, r.staff, Party::Contact(contact));
            match role {
                Role::Unanswered => {
                    for _ in 0..1 + self.random.below(2) {
                        let day = calendar::business_span(last + 1, 1 + u32::try_from(self.random.below(25)).unwrap_or(0));
                        let at = self.start_of_session(r.staff, day);
                        self.note(at, talk, Party::Contact(contact), Kind::Question, None);
                    }
                }
                Role::HandedOver | Role::Succeeded => {
                    let Some(successor) = self.out.relations.successors.iter().find(|(s, _)| *s == r.staff).map(|(_, t)| *t) else { continue };
                    let Some(from) = list.iter().find(|o| o.staff == successor && o.company == r.company).map(|o| o.from) else { continue };
                    let at = self.start_of_session(r.staff, calendar::business_span(from, 2));
                    let members = vec![Party::Staff(r.staff), Party::Contact(contact), Party::Staff(successor)];
                    let intro = self.add_talk(Talk {
                        channel: Channel::Email,
                        shape: Shape::Group,
                        name: String::new(),
                        members,
                        language: Language::English,
                        company: Some(r.company),
                    });
                    let first = self.note(at, intro, Party::Staff(r.staff), Kind::Handover, None);
                    self.note(at + 5400, intro, Party::Contact(contact), Kind::Work, Some(first));
                    self.note(at + 9000, intro, Party::Staff(successor), Kind::Work, Some(first));
                }
                _ => {}
            }
        }
    }
}
