//! Sensitive data on channels that are not approved: how many messages of work conversations hold card numbers, account numbers,
//! health and national numbers, passwords and keys. Kinds were counted while reading; no value was kept.

use std::collections::{BTreeMap, BTreeSet};

use super::conversations::{Class, Talk, rule};
use super::findings::{self, channel_name, counted};
use super::{Context, Needs, Question, places};
use crate::model::answer::{Answers, Finding, SensitiveRow};
use crate::model::matter::ChannelStatus;
use crate::time;

/// Sensitive data where it should not be.
pub const QUESTION: Question = Question {
    id: "sensitive",
    title: "Which sensitive data runs over channels that are not approved?",
    needs: Needs { dates: true, lists: true, policy: true },
    run,
};

/// Kinds as they are stored (`features::sensitive::Kinds`): bit, word in the answers, what it is called with one and with many messages.
const KINDS: [(u32, &str, &str); 5] = [
    (1, "card", "payment card numbers"),
    (2, "iban", "bank account numbers (IBAN)"),
    (4, "health_id", "health numbers"),
    (8, "national_id", "national or social numbers"),
    (16, "credential", "passwords or keys"),
];

/// Messages of one kind on one channel.
struct Found {
    status: ChannelStatus,
    rows: Vec<u32>,
    people: BTreeSet<u32>,
    days: (i32, i32),
}

/// Why a conversation runs over something that is not approved; `None` = it is, or nobody has said what is.
fn unapproved(context: &Context, talk: &Talk) -> Option<ChannelStatus> {
    if context.matter.policy.channels.is_empty() {
        return None;
    }
    let register = rule(context.matter, context.talks.slug(talk.channel));
    match register.map_or(ChannelStatus::Unknown, |r| r.status) {
        // Approved for some accounts, and this is another one.
        ChannelStatus::Approved if register.is_some_and(|r| !r.accounts.is_empty()) && talk.owned == Some(false) => Some(ChannelStatus::Unknown),
        ChannelStatus::Approved => None,
        status => Some(status),
    }
}

/// By channel index and kind.
fn found(context: &Context) -> BTreeMap<(u16, usize), Found> {
    let mut all: BTreeMap<(u16, usize), Found> = BTreeMap::new();
    for (row, kinds) in &context.dataset.sensitive {
        let Some(r) = context.dataset.row(*row as usize) else { continue };
        let Some(talk) = context.talks.get(r.conversation).filter(|t| t.class == Class::Work && context.asks(t.channel)) else { continue };
        let Some(day) = context.days.get(*row as usize).copied().filter(|d| context.window.has(*d)) else { continue };
        let Some(status) = unapproved(context, talk).filter(|_| r.flags.is_message()) else { continue };
        for (kind, _) in KINDS.iter().enumerate().filter(|(_, (bit, ..))| kinds & bit != 0) {
            let found = all.entry((talk.channel, kind)).or_insert(Found { status, rows: Vec::new(), people: BTreeSet::new(), days: (day, day) });
            found.rows.push(*row);
            found.days = (found.days.0.min(day), found.days.1.max(day));
            match context.parties.employee(r.sender) {
                Some(sender) => {
                    found.people.insert(sender);
                }
                None => found.people.extend(&talk.employees),
            }
        }
    }
    all
}

fn run(context: &Context, answers: &mut Answers) {
    let row = |((channel, kind), found): (&(u16, usize), &Found)| SensitiveRow {
        channel: context.talks.slug(*channel).to_owned(),
        kind: KINDS.get(*kind).map_or("", |k| k.1).to_owned(),
        messages: found.rows.len() as u64,
        people: found.people.len() as u64,
    };
    answers.sensitive = found(context).iter().map(row).collect();
}

/// One finding per channel and kind. Nobody is named: whose messages they are stands in the evidence.
pub fn findings(context: &Context, out: &mut Vec<Finding>) {
    for ((channel, kind), found) in found(context) {
        let Some((_, word, name)) = KINDS.get(kind) else { continue };
        let slug = context.talks.slug(channel);
        let (n, people) = (found.rows.len(), found.people.len());
        let (status, severity) = match (found.status, *word) {
            (ChannelStatus::Prohibited, _) => ("prohibited", "high"),
            (ChannelStatus::Tolerated, "credential" | "card" | "health_id") => ("tolerated, not approved", "high"),
            (ChannelStatus::Tolerated, _) => ("tolerated, not approved", "medium"),
            _ => ("not known to be approved", "medium"),
        };
        let messages = counted(n as u64, "message of work conversations shows", "messages of work conversations show");
        let sentence = format!("{}: {messages} {name}; the channel is {status}", channel_name(slug));
        out.push(Finding {
            question: "sensitive".into(),
            severity: severity.into(),
            sentence_without_names: sentence.clone(),
            sentence,
            whom: findings::people(people),
            channel: Some(slug.to_owned()),
            from: Some(time::day_name(found.days.0)),
            to: Some(time::day_name(found.days.1)),
            quantity: n as u64,
            unit: "messages".into(),
            evidence: places::rows(context.dataset, found.rows),
            ..Finding::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::testkit::{Firm, firm};
    use crate::model::matter::ChannelStatus::{Approved, Prohibited, Tolerated};

    fn chats() -> Firm {
        let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
        f = f.channel("whatsapp", Tolerated, false).channel("wechat", Prohibited, false).channel("email", Approved, true);
        f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-06-30", 1);
        f.chat("whatsapp", "Mei Tan", "Mum").daily("Mum", "Mei Tan", "2026-06-01", "2026-06-30", 1);
        f.chat("wechat", "Li Chen", "Huang").daily("Huang Wei", "Li Chen", "2026-06-01", "2026-06-30", 1);
        f.mail("plans").daily("Mei Tan", "Li Chen", "2026-06-01", "2026-06-30", 1);
        f
    }

    #[test]
    fn sensitive_data_is_told_of_work_on_channels_that_are_not_approved() {
        let mut f = chats();
        for (title, kinds) in [("Huang Wei", 1), ("Huang Wei", 16), ("Mum", 1), ("Huang", 3), ("plans", 1)] {
            f.sensitive(title, kinds);
        }
        let a = f.answers();
        let rows: Vec<_> = a.sensitive.iter().map(|r| (r.channel.as_str(), r.kind.as_str(), r.messages, r.people)).collect();
        assert_eq!(rows, [("wechat", "card", 1, 1), ("wechat", "iban", 1, 1), ("whatsapp", "card", 1, 1), ("whatsapp", "credential", 1, 1)]);
        let told: Vec<_> = a.findings.iter().filter(|f| f.question == "sensitive").collect();
        assert_eq!(told.len(), 4);
        assert!(told.iter().all(|f| f.evidence.len() == 1 && f.evidence[0].row.is_some() && f.quantity == 1));
        assert!(
            told.iter()
                .any(|f| f.severity == "high" && f.sentence == "WeChat: 1 message of work conversations shows payment card numbers; the channel is prohibited")
        );
    }

    #[test]
    fn without_a_register_nobody_has_said_what_is_approved() {
        let mut f = chats();
        f.sensitive("Huang", 1);
        f.matter.policy.channels.clear();
        let a = f.answers();
        assert!(a.sensitive.is_empty() && a.findings.iter().all(|f| f.question != "sensitive"));
    }
}
