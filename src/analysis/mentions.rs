//! Channels that work conversations refer to: "as I wrote on WhatsApp" is traffic on WhatsApp within a few days of that message
//! (gap-detection, section 4.5). Where the sources hold a person's other records and nothing there, the channel was never supplied; where
//! they hold it and the person is silent there, the reference supports the silence. Phrases were counted while reading; invitations to go
//! elsewhere only accompany what was said to be written, and a name alone is nothing (`features::elsewhere`).

use std::collections::{BTreeMap, BTreeSet};

use super::conversations::{Class, rule};
use super::findings::{channel_name, counted};
use super::gaps::Draft;
use super::parties::Party;
use super::{Context, places};
use crate::model::Flags;
use crate::model::answer::Benign;
use crate::model::batch::NONE;
use crate::model::elsewhere::Elsewhere;
use crate::model::matter::ChannelStatus;
use crate::time;

/// Fewest references, and days with one, before a channel is said to be absent: a single one may mean another person's messages.
const FEWEST: (usize, usize) = (3, 2);
/// What of the references makes a gap: people say where they wrote, but sometimes to somebody else, or with another app.
const CONFIDENCE: f64 = 0.8;
/// Channels that people call by one name.
const ALIKE: [(&str, &str); 2] = [("sms", "imessage"), ("wechat", "wecom")];

/// Chats of a phone: whoever says that he *texted* may mean any of them.
const PHONE: [&str; 9] = ["sms", "imessage", "whatsapp", "wechat", "telegram", "signal", "line", "viber", "kakaotalk"];

/// A reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    day: i32,
    row: u32,
    client: bool,
}

/// References of one custodian to one channel.
#[derive(Debug, Clone, Default)]
struct Referred {
    /// In order of days.
    written: Vec<Mention>,
    invited: u64,
}

impl Referred {
    fn days(&self) -> usize {
        self.written.iter().map(|m| m.day).collect::<BTreeSet<_>>().len()
    }
}

/// By custodian and channel.
type All = BTreeMap<(u32, u16), Referred>;

/// Channels that anything read refers to.
pub fn slugs(references: &[(u32, u32)]) -> impl Iterator<Item = &'static str> {
    Elsewhere(references.iter().fold(0, |all, (_, channels)| all | channels)).written()
}

/// Whose traffic a reference speaks of: the sender's, or of one from outside that of the only custodian it was sent to.
fn whom(context: &Context, sender: u32, conversation: u32) -> Option<u32> {
    let talk = context.talks.get(conversation)?;
    context.parties.employee(sender).or(match talk.employees.as_slice() {
        [one] if talk.few => Some(*one),
        _ => None,
    })
}

/// References in work conversations. A text that comes again counts once, and so does a conversation on one day.
fn all(context: &Context) -> All {
    let (mut all, mut texts, mut days) = (All::new(), BTreeSet::new(), BTreeSet::new());
    for (row, channels) in &context.dataset.elsewhere {
        let Some(r) = context.dataset.row(*row as usize).filter(|r| r.flags.is_message() && !r.flags.has(Flags::AUTOMATIC)) else { continue };
        let Some(talk) = context.talks.get(r.conversation).filter(|t| t.class == Class::Work) else { continue };
        let Some(day) = context.days.get(*row as usize).copied().filter(|d| context.window.has(*d)) else { continue };
        let Some(custodian) = whom(context, r.sender, r.conversation) else { continue };
        let hash = context.dataset.columns.hash.get(*row as usize).copied().unwrap_or(NONE);
        let said = Elsewhere(*channels);
        let asked = |slug: &'static str| context.talks.channel(slug).filter(|c| *c != talk.channel && context.asks(*c));
        let meant = |slug: &&'static str| !(said.only_texted(slug) && phones(context, custodian));
        for channel in said.written().filter(meant).filter_map(asked) {
            if texts.insert((custodian, channel, hash)) && days.insert((custodian, channel, r.conversation, day)) {
                let mention = Mention { day, row: *row, client: !talk.clients.is_empty() };
                all.entry((custodian, channel)).or_default().written.push(mention);
            }
        }
        for channel in said.invited().filter_map(asked) {
            all.entry((custodian, channel)).or_default().invited += 1;
        }
    }
    for referred in all.values_mut() {
        referred.written.sort_unstable();
    }
    all
}

/// Whether the sources hold anything of a person on a channel, or on one that people call the same.
fn holds(context: &Context, custodian: u32, channel: u16) -> bool {
    let slug = context.talks.slug(channel);
    let alike = ALIKE.iter().filter_map(|(a, b)| if slug == *a { Some(*b) } else { (slug == *b).then_some(*a) }).filter_map(|s| context.talks.channel(s));
    std::iter::once(channel).chain(alike).any(|c| context.streams.get(custodian, c).is_some_and(|s| !s.cells.is_empty()))
}

/// Whether the sources hold any chat of a person's phone.
fn phones(context: &Context, custodian: u32) -> bool {
    context.streams.of(custodian).iter().any(|s| !s.cells.is_empty() && PHONE.contains(&context.talks.slug(s.channel)))
}

/// Channels of which a source belongs to somebody of whom nobody has said who it is: it may be the one that seems absent.
fn unclaimed<'a>(context: &'a Context<'_>) -> BTreeSet<&'a str> {
    let sources = context.dataset.sources.iter();
    sources.filter(|s| s.owner_handle.is_some_and(|h| context.parties.party(h) == Party::Unknown)).map(|s| s.channel.as_str()).collect()
}

fn spoken(n: usize) -> String {
    counted(n as u64, "message of work conversations refers", "messages of work conversations refer")
}

fn reasons(context: &Context, channel: u16, referred: &Referred, held: bool) -> Vec<String> {
    let (slug, first, last) = (context.talks.slug(channel), referred.written.first(), referred.written.last());
    let name = channel_name(slug);
    let (Some(first), Some(last)) = (first.map(|m| time::day_name(m.day)), last.map(|m| time::day_name(m.day))) else { return Vec::new() };
    let whose = if held { " for the person" } else { "" };
    let refer = spoken(referred.written.len());
    let mut out = vec![format!("{refer} to messages written on {name}, from {first} to {last}; no source supplied holds this channel{whose}")];
    if referred.invited > 0 {
        out.push(format!("{} to write there", counted(referred.invited, "more asks", "more ask")));
    }
    if rule(context.matter, slug).is_some_and(|r| r.status == ChannelStatus::Prohibited) {
        out.push("The register says that this channel is prohibited".to_owned());
    }
    out
}

fn draft(context: &Context, (custodian, channel): (u32, u16), referred: &Referred, held: bool) -> Draft {
    Draft {
        custodian: Some(custodian),
        channel,
        class: 'C',
        kind: "channel_never_supplied",
        from: referred.written.first().map(|m| m.day),
        to: referred.written.last().map(|m| m.day),
        confidence: CONFIDENCE,
        client: referred.written.iter().any(|m| m.client),
        reasons: reasons(context, channel, referred, held),
        benign: vec![Benign::new(
            "out_of_scope",
            "Private, or with others",
            "What is referred to may have been private, or written with people outside the scope; its text is not here",
            "not_excluded",
        )],
        evidence: places::rows(context.dataset, referred.written.iter().map(|m| m.row)),
        ..Draft::default()
    }
}

/// Adds what the references say to a gap that is there already.
fn support(context: &Context, draft: &mut Draft, reason: String, rows: impl Iterator<Item = u32>) {
    draft.reasons.push(reason);
    places::add(&mut draft.evidence, places::rows(context.dataset, rows));
}

/// Days of a silence that references fall in: those of the gap itself, for at its ends the other days around a reference are held.
fn during(draft: &Draft, referred: &Referred) -> Vec<Mention> {
    let (Some(from), Some(to)) = (draft.from, draft.to) else { return Vec::new() };
    referred.written.iter().copied().filter(|m| (from..=to).contains(&m.day)).collect()
}

/// Gaps of channels that are referred to and were never supplied; and to gaps that are there, what supports them.
pub fn add(context: &Context, drafts: &mut Vec<Draft>) {
    if context.dataset.elsewhere.is_empty() {
        return;
    }
    let all = all(context);
    let mut told: BTreeSet<(u32, u16)> = BTreeSet::new();
    for draft in drafts.iter_mut() {
        let Some(key) = draft.custodian.map(|c| (c, draft.channel)) else { continue };
        let Some(referred) = all.get(&key).filter(|r| !r.written.is_empty()) else { continue };
        if draft.kind == "never_supplied" {
            // One gap may have several runs of days: the first of them says it.
            if told.insert(key) {
                let reason = format!("{} to messages written there", spoken(referred.written.len()));
                support(context, draft, reason, referred.written.iter().map(|m| m.row));
            }
        } else if draft.class == 'B' {
            let inside = during(draft, referred);
            if !inside.is_empty() {
                let reason = format!("{} in these days to messages written on this channel", spoken(inside.len()));
                support(context, draft, reason, inside.iter().map(|m| m.row));
            }
        }
    }
    let held: BTreeSet<u16> = context.streams.list.iter().filter(|s| !s.cells.is_empty()).map(|s| s.channel).collect();
    let unclaimed = unclaimed(context);
    for (key, referred) in &all {
        let enough = referred.written.len() >= FEWEST.0 && referred.days() >= FEWEST.1;
        let other = context.streams.of(key.0).iter().any(|s| !s.cells.is_empty());
        if enough && other && !told.contains(key) && !holds(context, key.0, key.1) && !unclaimed.contains(context.talks.slug(key.1)) {
            drafts.push(draft(context, *key, referred, held.contains(&key.1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::answer::Gap;
    use crate::model::matter::ChannelStatus;

    fn two() -> Firm {
        let mut f = firm().employee("Ana Bell").employee("Cy Dow").client("Northgate", &["Bo Quist"]);
        f = f.channel("email", ChannelStatus::Approved, true);
        f.mail("Quotes").daily("Bo Quist", "Ana Bell", "2026-03-02", "2026-06-30", 1);
        f.mail("Prices").daily("Ana Bell", "Bo Quist", "2026-03-02", "2026-06-30", 1);
        f.mail("Freight").daily("Cy Dow", "Bo Quist", "2026-03-02", "2026-06-30", 1);
        f
    }

    fn gaps(f: &Firm) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == "channel_never_supplied").collect()
    }

    #[test]
    fn a_channel_that_is_referred_to_and_nowhere_held_is_told_with_its_references() {
        let mut f = two();
        for day in ["2026-03-05", "2026-03-12", "2026-04-13", "2026-05-20"] {
            f.refers("Prices", day, "signal", true);
        }
        let found = gaps(&f);
        assert_eq!(found.len(), 1, "{:?}", f.answers().gaps);
        let gap = &found[0];
        assert_eq!((gap.custodian.as_str(), gap.channel.as_str(), gap.class.as_str()), ("Ana Bell", "signal", "C"));
        assert!(gap.reasons[0].starts_with("4 messages of work conversations refer to messages written on Signal, from 2026-03-05 to"), "{:?}", gap.reasons);
        assert!(gap.reasons[0].ends_with("no source supplied holds this channel"), "{:?}", gap.reasons);
        assert_eq!((gap.evidence.len(), gap.benign.len()), (4, 1));
        assert!(f.answers().coverage.iter().all(|r| r.gap_days == 0), "no day that is required is taken");
    }

    #[test]
    fn what_a_client_refers_to_is_traffic_of_the_one_custodian_there() {
        let mut f = two();
        for day in ["2026-03-05", "2026-03-12", "2026-04-13"] {
            f.refers("Quotes", day, "whatsapp", true);
        }
        f.chat("whatsapp", "Cy Dow", "Bo Quist").daily("Cy Dow", "Bo Quist", "2026-03-02", "2026-06-30", 1);
        let found = gaps(&f);
        assert_eq!(found.iter().map(|g| g.custodian.as_str()).collect::<Vec<_>>(), ["Ana Bell"]);
        assert!(found[0].reasons[0].ends_with("holds this channel for the person"), "{:?}", found[0].reasons);
    }

    #[test]
    fn a_few_references_invitations_and_channels_that_are_held_are_no_gap() {
        let mut f = two();
        f.refers("Prices", "2026-03-05", "signal", true);
        f.refers("Prices", "2026-03-12", "signal", true);
        for day in ["2026-03-05", "2026-03-12", "2026-04-13", "2026-05-20"] {
            f.refers("Freight", day, "telegram", false);
            f.refers("Quotes", day, "wechat", true);
        }
        f.chat("wechat", "Ana Bell", "Bo Quist").daily("Ana Bell", "Bo Quist", "2026-03-02", "2026-06-30", 1);
        assert!(gaps(&f).is_empty(), "{:?}", gaps(&f));
    }

    #[test]
    fn whoever_only_texted_may_have_used_any_chat_of_the_phone() {
        let referring = |named: bool| {
            let mut f = two();
            for day in ["2026-03-05", "2026-03-12", "2026-04-13", "2026-05-20"] {
                f.refers("Prices", day, "sms", true);
            }
            if named { f.sms_by_name() } else { f }
        };
        let chat = |mut f: Firm| {
            f.chat("whatsapp", "Ana Bell", "Bo Quist").daily("Ana Bell", "Bo Quist", "2026-03-02", "2026-06-30", 1);
            f
        };
        assert_eq!(gaps(&referring(false)).len(), 1, "no chat of a phone is held");
        assert!(gaps(&chat(referring(false))).is_empty());
        assert_eq!(gaps(&chat(referring(true))).len(), 1, "SMS by name is no WhatsApp");
    }

    #[test]
    fn a_source_that_nobody_claims_may_be_the_one_that_seems_absent() {
        let referring = || {
            let mut f = two();
            for day in ["2026-03-05", "2026-03-12", "2026-04-13", "2026-05-20"] {
                f.refers("Prices", day, "signal", true);
            }
            f
        };
        let mut other = referring();
        other.source("whatsapp-x.txt", "whatsapp", Some("Zed Nobody"));
        assert_eq!(gaps(&other).len(), 1, "of another channel");
        let mut same = referring();
        same.source("signal-x.txt", "signal", Some("Zed Nobody"));
        assert!(gaps(&same).is_empty(), "{:?}", gaps(&same));
    }

    #[test]
    fn private_conversations_are_not_looked_into() {
        let mut f = two();
        f.chat("whatsapp", "Ana Bell", "Mum").daily("Mum", "Ana Bell", "2026-03-02", "2026-06-30", 1);
        for day in ["2026-03-05", "2026-03-12", "2026-04-13", "2026-05-20"] {
            f.refers("Mum", day, "signal", true);
        }
        assert!(gaps(&f).is_empty(), "{:?}", gaps(&f));
    }

    #[test]
    fn a_reference_supports_a_silence_on_the_channel() {
        let mut f = two();
        let mut chat = f.chat("whatsapp", "Ana Bell", "Bo Quist");
        chat = chat.daily("Ana Bell", "Bo Quist", "2026-03-02", "2026-04-30", 6);
        chat.daily("Ana Bell", "Bo Quist", "2026-05-25", "2026-06-30", 6);
        let plain: Vec<Gap> = f.answers().gaps.into_iter().filter(|g| g.kind == "silence" && g.channel == "whatsapp").collect();
        assert_eq!(plain.len(), 1, "{:?}", f.answers().gaps);
        assert!(!plain[0].reasons.iter().any(|r| r.contains("refer")));
        f.refers("Prices", "2026-05-12", "whatsapp", true);
        let gap = f.answers().gaps.into_iter().find(|g| g.kind == "silence" && g.channel == "whatsapp").unwrap();
        assert!(
            gap.reasons.iter().any(|r| r == "1 message of work conversations refers in these days to messages written on this channel"),
            "{:?}",
            gap.reasons
        );
        assert_eq!((gap.confidence.to_bits(), gap.evidence.len()), (plain[0].confidence.to_bits(), plain[0].evidence.len() + 1));
    }
}
