//! Kept too long: records older than the maximum of a rule, unless a legal hold or another rule asks for them. A question of privacy,
//! never a merit. Private conversations are left alone here as everywhere.

use std::collections::BTreeMap;

use super::findings::{channel_name, counted};
use super::horizon::{self, Asked};
use super::presets::Clock;
use super::{Context, Needs, Question, places};
use crate::model::answer::{Answers, Finding};
use crate::time;

/// Over-retention.
pub const QUESTION: Question = Question { id: "retention", title: "What is kept too long?", needs: Needs { dates: true, lists: true, policy: true }, run };

/// Custodians of one channel who are still told one by one.
const SINGLE: usize = 3;
/// Places kept per group.
const PLACES: usize = 4;

/// Messages of one group that are too old.
#[derive(Debug, Clone, Default)]
struct Old {
    messages: u64,
    oldest: Option<i32>,
    latest: Option<i32>,
    /// Row of the first message of each conversation, with its day.
    rows: Vec<(i32, u32)>,
}

impl Old {
    fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.oldest = self.oldest.into_iter().chain(other.oldest).min();
        self.latest = self.latest.max(other.latest);
        self.rows.extend(&other.rows);
        if self.rows.len() > 64 * PLACES {
            self.rows.sort_unstable();
            self.rows.truncate(PLACES);
        }
    }
}

/// The strictest rule: the one before whose day nothing may be left. No rule may ask for what another one forbids: what is still
/// required is not too old.
fn strictest<'a>(context: &'a Context<'a>) -> Option<Telling<'a>> {
    // The first of equals.
    let (limit, rule) = context.rules.iter().rev().filter_map(|a| Some((a.maximum?, a))).max_by_key(|(day, _)| *day)?;
    let keeps = horizon::furthest(context).filter(|(day, _)| *day < limit);
    Some(Telling {
        context,
        limit: keeps.map_or(limit, |(day, _)| day),
        rule,
        keeps: keeps.and_then(|(_, ix)| Some(context.rules.get(ix)?.rule.title.as_str())),
    })
}

/// What one conversation holds before the day: what is too old, and messages on hold.
fn too_old(context: &Context, conversation: u32, limit: i32) -> (Old, u64) {
    let (mut old, mut on_hold) = (Old::default(), 0);
    let Some(talk) = context.talks.get(conversation) else { return (old, on_hold) };
    let slug = context.talks.slug(talk.channel);
    let covers = |h: &&super::holds::Held| h.covers(None, slug) || talk.employees.iter().any(|e| h.covers(Some(*e), slug));
    let holds: Vec<_> = context.holds.iter().filter(covers).collect();
    for row in context.dataset.rows_of(conversation) {
        let Some(day) = context.days.get(row).copied() else { continue };
        // Rows of a conversation lie in order of time.
        if day >= limit {
            break;
        }
        if !context.is_message(row) || !context.window.has(day) {
            continue;
        }
        if holds.iter().any(|h| h.has(day)) {
            on_hold += 1;
            continue;
        }
        if old.messages == 0 {
            old.rows.extend(u32::try_from(row).ok().map(|r| (day, r)));
        }
        old.messages += 1;
        old.oldest = old.oldest.or(Some(day));
        old.latest = Some(day);
    }
    (old, on_hold)
}

/// Per channel: per custodian (`None` = nobody known), all together, and messages on hold.
#[derive(Default)]
struct Channel {
    by: BTreeMap<Option<u32>, Old>,
    all: Old,
    on_hold: u64,
}

fn gather(context: &Context, limit: i32) -> BTreeMap<u16, Channel> {
    let mut channels: BTreeMap<u16, Channel> = BTreeMap::new();
    for (conversation, talk) in (0u32..).zip(&context.talks.of) {
        if !talk.counts() || !context.asks(talk.channel) {
            continue;
        }
        let (old, on_hold) = too_old(context, conversation, limit);
        if old.messages + on_hold == 0 {
            continue;
        }
        let channel = channels.entry(talk.channel).or_default();
        channel.on_hold += on_hold;
        if old.messages > 0 {
            channel.all.add(&old);
            let nobody = talk.employees.is_empty().then_some(None);
            for who in talk.employees.iter().map(|e| Some(*e)).chain(nobody) {
                channel.by.entry(who).or_default().add(&old);
            }
        }
    }
    channels
}

struct Telling<'a> {
    context: &'a Context<'a>,
    /// First day that is not too old.
    limit: i32,
    rule: &'a Asked,
    /// The rule that still requires some of what the other wants gone.
    keeps: Option<&'a str>,
}

impl Telling<'_> {
    /// Why, with what is not certain about it.
    fn why(&self) -> String {
        let rule = &self.rule.rule;
        let months = counted(u64::from(rule.maximum.unwrap_or(0)), "month", "months");
        let unknown = if rule.clock(1) == Clock::Event { ", a day nobody has told, so some may still be in time" } else { "" };
        let keeps = self.keeps.map(|title| format!("; what {title} still requires is left out")).unwrap_or_default();
        format!("while {} wants records gone after {months} from {}{unknown}{keeps}", rule.title, rule.clock_words())
    }

    fn finding(&self, channel: u16, who: &str, person: Option<String>, plain: &str, old: &Old) -> Finding {
        let slug = self.context.talks.slug(channel);
        let oldest = old.oldest.map(time::day_name).unwrap_or_default();
        let messages = counted(old.messages, "message is", "messages are");
        let rest = format!("kept too long: {messages} older than {}, {}; the oldest is of {oldest}", time::day_name(self.limit), self.why());
        let mut rows = old.rows.clone();
        rows.sort_unstable();
        Finding {
            question: "retention".into(),
            severity: if self.rule.rule.clock(1) == Clock::Event { "low" } else { "medium" }.into(),
            sentence: format!("{}, {who}: {rest}", channel_name(slug)),
            sentence_without_names: format!("{}, {plain}: {rest}", channel_name(slug)),
            whom: who.to_owned(),
            person,
            channel: Some(slug.to_owned()),
            from: old.oldest.map(time::day_name),
            to: old.latest.map(time::day_name),
            quantity: old.messages,
            unit: "messages".into(),
            evidence: places::rows(self.context.dataset, rows.into_iter().map(|(_, row)| row).take(PLACES)),
            ..Finding::default()
        }
    }

    fn tell(&self, channel: u16, found: &Channel, out: &mut Vec<Finding>) {
        const NOBODY: &str = "sources without a known owner";
        let known = found.by.keys().filter(|who| who.is_some()).count();
        if known > SINGLE {
            let who = counted(known as u64, "custodian", "custodians");
            out.push(self.finding(channel, &who, None, &who, &found.all));
        } else {
            for (who, old) in &found.by {
                let custodian = who.and_then(|ix| self.context.parties.custodians.get(ix as usize));
                out.push(match custodian {
                    Some(c) => self.finding(channel, &c.name, Some(c.id.clone()), "one custodian", old),
                    None => self.finding(channel, NOBODY, None, NOBODY, old),
                });
            }
        }
        if found.on_hold > 0 {
            let slug = self.context.talks.slug(channel);
            let stay = counted(found.on_hold, "message stays", "messages stay");
            let sentence = format!("{}: {stay} beyond {} under legal hold", channel_name(slug), time::day_name(self.limit));
            out.push(Finding {
                question: "retention".into(),
                severity: "info".into(),
                sentence_without_names: sentence.clone(),
                sentence,
                channel: Some(slug.to_owned()),
                quantity: found.on_hold,
                unit: "messages".into(),
                ..Finding::default()
            });
        }
    }
}

fn run(context: &Context, answers: &mut Answers) {
    let Some(telling) = strictest(context) else { return };
    for (channel, found) in gather(context, telling.limit) {
        telling.tell(channel, &found, &mut answers.findings);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, day, firm};
    use crate::model::answer::Finding;
    use crate::model::matter::{Hold, Rule};
    use crate::model::message::Flags;

    fn rule(id: &str, months: Option<u32>, maximum: Option<u32>) -> Rule {
        Rule { id: id.to_owned(), title: format!("Rule {id}"), months, maximum, ..Rule::default() }
    }

    /// Mail of ten years between Mei and Li; WeChat of Mei with a client for three.
    fn old_firm() -> Firm {
        let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
        f.mail("plans").daily("Mei Tan", "Li Chen", "2016-01-04", "2016-01-29", 1).daily("Mei Tan", "Li Chen", "2026-09-01", "2026-09-30", 1);
        f.chat("wechat", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2024-01-01", "2026-09-30", 1);
        f
    }

    fn found(f: &Firm) -> Vec<Finding> {
        f.answers().findings.into_iter().filter(|f| f.question == "retention").collect()
    }

    #[test]
    fn records_older_than_the_maximum_are_kept_too_long() {
        let mut f = old_firm();
        assert!(found(&f).is_empty(), "no rule sets a maximum");
        f.matter.policy.rules.push(rule("own", None, Some(60)));
        let told = found(&f);
        assert_eq!(told.iter().map(|t| (t.whom.as_str(), t.severity.as_str())).collect::<Vec<_>>(), [("Li Chen", "medium"), ("Mei Tan", "medium")]);
        let one = &told[1];
        let mail = |f: &&crate::model::answer::CoverageRow| f.channel == "email" && f.custodian == "Mei Tan";
        let all = f.answers().coverage.iter().find(mail).unwrap().messages;
        let (quantity, evidence) = (one.quantity, one.evidence.len());
        assert!(quantity > 30 && quantity < all && evidence > 0, "{one:?}");
        assert_eq!((one.channel.as_deref(), one.from.as_deref(), one.to.as_deref()), (Some("email"), Some("2016-01-04"), Some("2016-01-29")));
        assert!(one.sentence.contains("older than 2021-09-30, while Rule own wants records gone after 60 months"), "{}", one.sentence);
        assert!(!one.sentence_without_names.contains("Mei"));
        assert!(one.evidence.iter().all(|e| e.time.as_deref().unwrap().starts_with("2016-01")));
    }

    #[test]
    fn a_legal_hold_keeps_what_it_covers_and_nothing_else() {
        let mut f = old_firm();
        f.matter.policy.rules.push(rule("own", None, Some(60)));
        let hold = Hold { name: "Harbour".to_owned(), people: vec!["MEI TAN".to_owned()], from: Some(day("2016-01-18")), ..Hold::default() };
        f.matter.policy.holds.push(hold);
        let told = found(&f);
        let on_hold = told.iter().find(|t| t.severity == "info").unwrap();
        assert!(on_hold.sentence.contains("stay beyond 2021-09-30 under legal hold") && on_hold.quantity > 15, "{}", on_hold.sentence);
        assert!(told.iter().filter(|t| t.severity != "info").all(|t| t.to.as_deref() == Some("2016-01-15")), "{told:?}");
        f.matter.policy.holds[0].channels = vec!["wechat".to_owned()];
        assert!(found(&f).iter().all(|t| t.severity != "info"), "the hold is on another channel");
        f.matter.policy.holds[0] = Hold { name: "All".to_owned(), ..Hold::default() };
        assert!(found(&f).iter().all(|t| t.severity == "info"), "a hold without names, channels and days covers everything");
    }

    #[test]
    fn what_another_rule_still_requires_is_not_too_old() {
        let mut f = old_firm();
        f.matter.policy.rules = vec![rule("short", None, Some(12)), rule("long", Some(84), None)];
        let told = found(&f);
        assert!(told.iter().all(|t| t.channel.as_deref() == Some("email")), "WeChat lies within 84 months: {told:?}");
        assert!(told[0].sentence.contains("older than 2019-09-30") && told[0].sentence.contains("what Rule long still requires is left out"));
        f.matter.policy.rules[1].months = None;
        assert!(found(&f).iter().any(|t| t.channel.as_deref() == Some("wechat")));
    }

    #[test]
    fn a_clock_that_nobody_can_read_is_said_and_weighs_less() {
        let mut f = old_firm();
        f.matter.policy.rules = vec![Rule { clock: "relationship_end".to_owned(), ..rule("own", Some(36), Some(60)) }];
        let told = found(&f);
        assert!(told.iter().all(|t| t.severity == "low" && t.sentence.contains("some may still be in time")), "{told:?}");
        assert!(f.answers().basis.missing.iter().any(|m| m.id == "clock_unknown" && m.count == 1));
    }

    #[test]
    fn private_conversations_and_other_channels_stay_out() {
        let mut f = old_firm();
        f.chat("whatsapp", "Li Chen", "Auntie").flagged("Auntie", "2012-05-01", Flags::MARKED_PRIVATE);
        f.matter.policy.rules.push(rule("own", None, Some(60)));
        assert!(found(&f).iter().all(|t| t.channel.as_deref() == Some("email")));
        f.matter.scope.channels = vec!["wechat".to_owned()];
        assert!(found(&f).is_empty());
        f.matter.scope.channels.clear();
        f.matter.scope.from = Some(day("2020-01-01"));
        assert!(found(&f).is_empty(), "older records were not asked for");
    }

    #[test]
    fn many_custodians_are_one_finding() {
        let mut f = old_firm().employee("Ada Berg").employee("Jo Quay");
        f.mail("more").daily("Ada Berg", "Jo Quay", "2016-01-04", "2016-01-08", 1);
        f.matter.policy.rules.push(rule("own", None, Some(60)));
        let told = found(&f);
        assert_eq!(told.iter().map(|t| t.whom.as_str()).collect::<Vec<_>>(), ["4 custodians"]);
        assert!(told[0].person.is_none() && told[0].sentence == told[0].sentence_without_names);
    }
}
