//! Writes down what was planted, who leaves, what moved: the content of `truth.json`.

use std::collections::{BTreeMap, BTreeSet};

use super::Firm;
use super::aliases::Alias;
use super::calendar::{first_day, last_day};
use super::people::Role;
use super::plants::conversation_name;
use super::texts::{Kind, secrets};
use super::traffic::outside::{OUTSIDE, Outsider, Standing};
use super::traffic::{Channel, Party, Shape, Talk, Traffic};
use super::truth::{AliasTruth, ClassTruth, Control, LeaverTruth, MoveTruth, SensitiveTruth, ShareTruth, StrangerTruth, Truth};
use crate::time::{day_name, quarter_name};

pub(super) fn truth(firm: &Firm, seed: u64) -> Truth {
    let company = |c: usize| firm.people.companies.get(c).map(|c| c.name.clone()).unwrap_or_default();
    let staff = |s: usize| firm.name(Party::Staff(s)).to_owned();
    let moved = |pair: (usize, usize), from: &str, to: &str, day: i32, by_client: bool| MoveTruth {
        employee: staff(pair.0),
        client: company(pair.1),
        from: from.into(),
        to: to.into(),
        date: day_name(day),
        initiated_by: if by_client { "client" } else { "employee" }.into(),
    };
    Truth {
        schema: 1,
        seed,
        messages: firm.traffic.notes.iter().filter(|n| !n.gone).count() as u64,
        from: day_name(first_day()),
        to: day_name(last_day()),
        staff: firm.people.staff.len() as u64,
        plants: firm.marks.plants.clone(),
        controls: controls(firm),
        leavers: leavers(firm),
        moves: firm.traffic.moves.iter().map(|m| moved(m.pair, "email", m.to.slug(), m.day, m.by_client)).collect(),
        redirects: firm.traffic.redirects.iter().map(|r| moved(r.pair, "email", "email", r.day, true)).collect(),
        personal_share: shares(firm),
        look_alikes: [firm.people.contacts.get(40), firm.people.contacts.get(91)].into_iter().flatten().map(|c| c.name.clone()).collect(),
        not_supplied: not_supplied(firm),
        emptied: emptied(firm),
        referred: firm.referred.clone(),
        aliases: aliases(firm),
        strangers: strangers(firm),
        private: firm
            .traffic
            .talks
            .iter()
            .filter_map(|t| match (t.members.first(), outsider(t)) {
                (Some(Party::Staff(s)), Some(o)) if !matches!(o.standing, Standing::Agent | Standing::Unclear) => Some((staff(*s), friend(firm, t))),
                _ => None,
            })
            .collect(),
        classes: classes(firm),
        sensitive: sensitive(firm),
    }
}

/// Conversations all of whose messages were taken out.
fn emptied(firm: &Firm) -> BTreeMap<String, u64> {
    let mut left: BTreeMap<u32, bool> = BTreeMap::new();
    for note in &firm.traffic.notes {
        *left.entry(note.talk).or_default() |= !note.gone;
    }
    let mut out = BTreeMap::new();
    for talk in left.iter().filter(|(_, left)| !**left).filter_map(|(talk, _)| firm.traffic.talks.get(*talk as usize)) {
        *out.entry(talk.channel.slug().to_owned()).or_default() += 1;
    }
    out
}

/// The one on no list a conversation is with.
fn outsider(talk: &Talk) -> Option<&'static Outsider> {
    talk.members.iter().find_map(|p| if let Party::Friend(f) = p { OUTSIDE.get(*f) } else { None })
}

/// The name of that one in this firm.
fn friend(firm: &Firm, talk: &Talk) -> String {
    talk.members.iter().find(|p| matches!(p, Party::Friend(_))).map(|p| firm.name(*p).to_owned()).unwrap_or_default()
}

const fn class(outsider: Option<&Outsider>) -> &'static str {
    match outsider {
        None => "work",
        Some(o) => match o.standing {
            Standing::Agent => "work",
            Standing::Unclear => "undecidable",
            Standing::Friend | Standing::Errands | Standing::Marked => "private",
        },
    }
}

/// What each conversation is, where its name in the export tells which it is.
fn classes(firm: &Firm) -> Vec<ClassTruth> {
    let mut out = BTreeSet::new();
    for (n, talk) in (0u32..).zip(&firm.traffic.talks) {
        let outsider = outsider(talk);
        let written = firm.traffic.notes.iter().any(|note| note.talk == n && !note.gone);
        let conversation = match (talk.channel, outsider) {
            (Channel::WhatsApp, Some(_)) => friend(firm, talk),
            (Channel::WhatsApp, None) => conversation_name(&firm.people, talk),
            (Channel::Telegram, _) if talk.shape == Shape::Direct => talk.members.get(1).map(|p| firm.name(*p).to_owned()).unwrap_or_default(),
            (Channel::Telegram, _) => talk.name.clone(),
            (Channel::WeChat, _) | (Channel::Sms, Some(_)) => format!("direct-{n:04}"),
            _ => continue,
        };
        if written && !conversation.is_empty() {
            out.insert(ClassTruth { channel: talk.channel.slug().into(), conversation, class: class(outsider).into(), listed: outsider.is_none() });
        }
    }
    out.into_iter().collect()
}

fn sensitive(firm: &Firm) -> Vec<SensitiveTruth> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for note in firm.traffic.notes.iter().filter(|n| !n.gone && n.kind == Kind::Secret) {
        let Some(talk) = firm.traffic.talk(note).filter(|t| t.channel.personal() && class(outsider(t)) == "work") else { continue };
        *counts.entry((talk.channel.slug(), secrets::kind(note.seed))).or_default() += 1;
    }
    counts.into_iter().map(|((channel, kind), messages)| SensitiveTruth { channel: channel.into(), kind: kind.into(), messages }).collect()
}

fn aliases(firm: &Firm) -> Vec<AliasTruth> {
    let client = |party: Party| match party {
        Party::Contact(c) => firm.people.contacts.get(c).and_then(|c| firm.people.companies.get(c.company)).map(|c| c.name.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    let said = |a: &Alias| AliasTruth {
        channel: a.channel.slug().to_owned(),
        handle: a.handle.clone(),
        person: firm.name(a.party).to_owned(),
        client: client(a.party),
        form: a.form.to_owned(),
    };
    firm.people.aliases.iter().map(said).collect()
}

/// Namesakes by mail and on Telegram, and everyone of private life.
fn strangers(firm: &Firm) -> Vec<StrangerTruth> {
    let stranger = |channel: Channel, handle: String, name: &str| StrangerTruth { channel: channel.slug().to_owned(), handle, name: name.to_owned() };
    let written = firm.people.strangers.iter().map(|s| {
        if s.telegram > 0 { stranger(Channel::Telegram, format!("user{}", s.telegram), &s.name) } else { stranger(Channel::Email, s.email.clone(), &s.name) }
    });
    written.chain(firm.people.friends.iter().map(|f| stranger(Channel::WhatsApp, f.clone(), f))).collect()
}

/// Phones that wrote in a group and were not handed in: a messenger's export is that of the first member.
fn not_supplied(firm: &Firm) -> Vec<(String, String)> {
    let (mut wrote, mut supplied) = (BTreeSet::new(), BTreeSet::new());
    for note in firm.traffic.notes.iter().filter(|n| !n.gone) {
        let Some(talk) = firm.traffic.talk(note).filter(|t| matches!(t.channel, Channel::WhatsApp | Channel::Telegram)) else { continue };
        if let Party::Staff(s) = note.from {
            wrote.insert((s, talk.channel));
        }
        if let Some(Party::Staff(s)) = talk.members.first() {
            supplied.insert((*s, talk.channel));
        }
    }
    wrote.difference(&supplied).map(|(s, c)| (firm.name(Party::Staff(*s)).to_owned(), c.slug().to_owned())).collect()
}

fn controls(firm: &Firm) -> Vec<Control> {
    let control = |kind: &str, who: &str, from: i32, to: i32| Control { kind: kind.into(), who: who.into(), from: day_name(from), to: day_name(to) };
    let mut out = Vec::new();
    for s in &firm.traffic.leave {
        let kind = if s.listed { s.kind.to_owned() } else { format!("{} (not in leave.csv)", s.kind) };
        out.push(control(&kind, firm.name(Party::Staff(s.staff)), s.from, s.to));
    }
    let (region, from, to) = Traffic::closed();
    out.push(control("office closed", region.name(), from, to));
    for (c, day) in &firm.traffic.relations.ended {
        out.push(control("client ended", firm.people.companies.get(*c).map_or("", |c| &c.name), day + 1, last_day()));
    }
    if let Some((s, day)) = firm.traffic.relations.job_change {
        out.push(control("job change", firm.name(Party::Staff(s)), day, last_day()));
    }
    out
}

const fn part(role: Role) -> (&'static str, Option<Channel>) {
    match role {
        Role::SoleHolder => ("sole_holder", Some(Channel::WeChat)),
        Role::OffArchive => ("off_archive", Some(Channel::WhatsApp)),
        Role::HandedOver => ("handed_over", None),
        Role::Ordinary => ("ordinary", None),
        Role::Unanswered => ("unanswered", None),
        Role::Succeeded => ("succeeded", None),
    }
}

fn leavers(firm: &Firm) -> Vec<LeaverTruth> {
    let mut out = Vec::new();
    for (s, e) in firm.people.staff.iter().enumerate() {
        let (Some(role), Some(last)) = (e.role, e.last_day) else { continue };
        let (role, channel) = part(role);
        let mut clients: Vec<String> = firm.people.companies.iter().filter(|c| c.owner == s).map(|c| c.name.clone()).collect();
        clients.sort();
        let successor = firm.traffic.relations.successors.iter().find(|(l, _)| *l == s).map(|(_, t)| firm.name(Party::Staff(*t)).to_owned());
        out.push(LeaverTruth {
            person: e.name.clone(),
            role: role.into(),
            last_day: day_name(last),
            clients,
            main_channel: channel.map(|c| c.slug().to_owned()),
            successor,
        });
    }
    out
}

/// Turns with clients by quarter: messages of one sender within five minutes are one turn; every mail is one.
fn shares(firm: &Firm) -> Vec<ShareTruth> {
    let mut last: BTreeMap<u32, (Party, i64)> = BTreeMap::new();
    let mut quarters: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for note in &firm.traffic.notes {
        let Some(talk) = firm.traffic.talk(note).filter(|t| t.company.is_some()) else { continue };
        let before = last.insert(note.talk, (note.from, note.at));
        if talk.channel != Channel::Email && before.is_some_and(|(from, at)| from == note.from && note.at - at <= 300) {
            continue;
        }
        let (all, personal) = quarters.entry(quarter_name(Traffic::day(note))).or_default();
        *all += 1;
        *personal += u64::from(talk.channel.personal());
    }
    quarters
        .into_iter()
        .map(|(quarter, (turns, personal))| ShareTruth { quarter, turns, personal: (personal as f64 / turns.max(1) as f64 * 1000.0).round() / 1000.0 })
        .collect()
}
