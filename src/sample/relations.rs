//! Who looks after which client, how intensely, and on which channels: decided before anybody writes.

use super::calendar::{Region, first_day, last_day, on};
use super::people::{People, Role};
use super::random::Random;
use super::traffic::{Channel, busy};
use crate::math::exp;

/// How a relationship's sessions are spread over channels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Plan {
    /// On what the firm captures.
    Captured,
    /// Mostly on a personal account.
    Personal(Channel),
    /// Captured until a day, then mostly on a personal account.
    Moves {
        /// First day on the other channel.
        day: i32,
        /// Where to.
        to: Channel,
        /// Whether the client asked.
        by_client: bool,
    },
}

/// One employee and one client.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Employee.
    pub staff: usize,
    /// Client.
    pub company: usize,
    /// Sessions a day, before scaling.
    pub weight: f64,
    /// First day.
    pub from: i32,
    /// Last day.
    pub to: i32,
    /// From a day on, the weight times a factor.
    pub fade: Option<(i32, f64)>,
    /// Channels.
    pub plan: Plan,
}

/// Relationships and what a reader of the truth must know of them.
#[derive(Debug, Clone, Default)]
pub struct Relations {
    /// All.
    pub list: Vec<Relation>,
    /// Clients that ended their business: client, last day.
    pub ended: Vec<(usize, i32)>,
    /// Employee who changed jobs, and the day.
    pub job_change: Option<(usize, i32)>,
    /// Leaver, successor.
    pub successors: Vec<(usize, usize)>,
}

/// Share of the weight of relationships on personal accounts from the start, and of those that move there later. With a few e-mails beside the chats
/// this makes the share of client turns on personal accounts rise from about 26 % to about 43 %.
const PERSONAL: f64 = 0.29;
const MOVING: f64 = 0.175;

/// Decides all relationships.
#[must_use]
pub fn decide(people: &People, random: &mut Random) -> Relations {
    let mut out = Relations::default();
    let level: Vec<f64> = (0..people.staff.len()).map(|s| busy(s) * exp(random.normal() * 0.3)).collect();
    for (c, company) in people.companies.iter().enumerate() {
        let weight = 0.16 * level.get(company.owner).copied().unwrap_or(1.0) * exp(random.normal() * 0.6);
        let relation = |staff, weight| Relation { staff, company: c, weight, from: first_day(), to: last_day(), fade: None, plan: Plan::Captured };
        out.list.push(relation(company.owner, weight));
        let alone = people.staff.get(company.owner).is_some_and(|e| matches!(e.role, Some(Role::SoleHolder | Role::Unanswered)));
        if !alone
            && random.chance(0.45)
            && let Some(second) = colleague(people, company.owner, random)
        {
            out.list.push(relation(second, weight * 0.3));
        }
    }
    leavers(people, &mut out, random);
    controls(people, &mut out, random);
    plans(people, &mut out, random);
    out
}

/// A desk colleague in the same office who stays.
fn colleague(people: &People, of: usize, random: &mut Random) -> Option<usize> {
    let region = people.staff.get(of)?.region;
    let able: Vec<usize> = people
        .staff
        .iter()
        .enumerate()
        .filter(|(i, e)| *i != of && e.desk && e.region == region && e.role.is_none() && e.start < first_day())
        .map(|(i, _)| i)
        .collect();
    able.get(random.below(able.len())).copied()
}

fn leavers(people: &People, out: &mut Relations, random: &mut Random) {
    for (s, e) in people.staff.iter().enumerate() {
        let (Some(role), Some(last), Some(notice)) = (e.role, e.last_day, e.notice) else { continue };
        for r in out.list.iter_mut().filter(|r| r.staff == s) {
            r.to = r.to.min(last);
            // A leaver's book is not an idle one.
            r.weight = r.weight.max(0.12);
        }
        let from = match role {
            Role::HandedOver => notice - 60,
            Role::Succeeded => notice - 20,
            _ => continue,
        };
        let Some(successor) = colleague(people, s, random) else { continue };
        out.successors.push((s, successor));
        let book: Vec<_> = out.list.iter().filter(|r| r.staff == s).map(|r| (r.company, r.weight)).collect();
        for (company, weight) in book {
            out.list.retain(|r| r.company != company || r.staff == s);
            out.list.push(Relation { staff: successor, company, weight, from, to: last_day(), fade: None, plan: Plan::Captured });
        }
        for r in out.list.iter_mut().filter(|r| r.staff == s) {
            r.fade = Some((from + 21, 0.2));
        }
    }
}

/// Changes that are no loss: clients that end their business, one employee who changes jobs.
fn controls(people: &People, out: &mut Relations, random: &mut Random) {
    for (n, day) in [on(2025, 12, 12), on(2026, 3, 6), on(2026, 5, 22)].into_iter().enumerate() {
        let ending = out.list.iter().filter(|r| people.staff.get(r.staff).is_some_and(|e| e.role.is_none())).nth(11 + 37 * n).map(|r| r.company);
        if let Some(company) = ending {
            out.ended.push((company, day));
            for r in out.list.iter_mut().filter(|r| r.company == company) {
                r.to = r.to.min(day);
            }
        }
    }
    let mover = people.staff.iter().position(|e| e.desk && e.role.is_none() && e.grade == "Associate" && e.region == Region::London && e.start < first_day());
    if let Some(mover) = mover {
        let day = on(2026, 2, 2);
        out.job_change = Some((mover, day));
        let book: Vec<_> = out.list.iter().filter(|r| r.staff == mover).map(|r| (r.company, r.weight)).collect();
        let next = colleague(people, mover, random);
        for (company, weight) in book {
            for r in out.list.iter_mut().filter(|r| r.staff == mover) {
                r.to = r.to.min(day - 1);
            }
            if let Some(staff) = next {
                out.list.push(Relation { staff, company, weight, from: day, to: last_day(), fade: None, plan: Plan::Captured });
            }
        }
    }
}

fn plans(people: &People, out: &mut Relations, random: &mut Random) {
    let weight = |r: &Relation| r.weight * f64::from((r.to - r.from).max(0));
    let total: f64 = out.list.iter().map(weight).sum();
    let (mut personal, mut moving) = (0.0, 0.0);
    let mut order: Vec<usize> = (0..out.list.len()).collect();
    random.shuffle(&mut order);
    let mut free = Vec::new();
    for i in order {
        let Some(r) = out.list.get_mut(i) else { continue };
        let Some(e) = people.staff.get(r.staff) else { continue };
        let forced = match e.role {
            Some(Role::SoleHolder) => Some(Channel::WeChat),
            Some(Role::OffArchive) => Some(Channel::WhatsApp),
            _ => None,
        };
        match forced {
            Some(channel) => {
                r.plan = Plan::Personal(channel);
                personal += weight(r);
            }
            None if e.role.is_none() && r.from == first_day() && r.to == last_day() => free.push(i),
            None => {}
        }
    }
    let days = (on(2025, 6, 16), on(2026, 7, 31));
    for i in free {
        let Some(r) = out.list.get_mut(i) else { continue };
        let region = people.staff.get(r.staff).map_or(Region::London, |e| e.region);
        // The two kinds fill up side by side, so that neither takes the heavy relationships.
        if personal / total < PERSONAL && (moving / total >= MOVING || random.chance(0.55)) {
            personal += weight(r);
            r.plan = Plan::Personal(personal_channel(region, random));
        } else if moving / total < MOVING {
            moving += weight(r);
            let day = days.0 + random.between(0, i64::from(days.1 - days.0)) as i32;
            r.plan = Plan::Moves { day, to: Channel::WhatsApp, by_client: random.chance(0.6) };
        } else {
            break;
        }
    }
}

fn personal_channel(region: Region, random: &mut Random) -> Channel {
    let (channel, share) = match region {
        Region::Singapore => (Channel::WeChat, 0.5),
        Region::Dubai => (Channel::Telegram, 0.45),
        Region::London | Region::NewYork => (Channel::Telegram, 0.15),
    };
    if random.chance(share) { channel } else { Channel::WhatsApp }
}
