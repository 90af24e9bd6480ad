//! Horizon: from when to when records of a custodian on a channel are required, by which rule, and how late the first may be.
//! All rules of the matter hold at once; the one that reaches back furthest sets the day. A legal hold reaches back to its own first day.

use super::conversations::rule;
use super::coverage::Line;
use super::findings::counted;
use super::holds::Held;
use super::presets::{self, Clock, Preset};
use super::streams::Cell;
use super::{Context, holds};
use crate::model::answer::PolicySaid;
use crate::model::matter::Matter;
use crate::time::{self, Days};

/// Months that weigh more when no rule chosen says which must be readily accessible.
const ACCESSIBLE: u32 = 24;

/// A rule on the day of the question. Days are those from which a record must be there.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The rule.
    pub rule: Preset,
    /// First day it requires; `None` = it has no number.
    pub from: Option<i32>,
    /// First day of the readily accessible period it states.
    pub accessible: Option<i32>,
    /// First day that is not older than its maximum.
    pub maximum: Option<i32>,
}

/// First day of the year that begins in this month and holds the day.
fn year_begin(day: i32, month: u32) -> i32 {
    let (year, of_day, _) = time::civil(day);
    time::day_of(if of_day >= month { year } else { year - 1 }, month, 1).unwrap_or(day)
}

/// First day whose records a period of so many months still covers. A year's clock starts at its end: records of the whole year are
/// covered. For an event nobody has told the day of, it is the least that must be there: from the day of the record.
fn reach(clock: Clock, as_of: i32, months: u32) -> i32 {
    let day = time::months_before(as_of, months);
    if let Clock::YearEnd(month) = clock { year_begin(day, month) } else { day }
}

/// The rules of a matter on a day.
#[must_use]
pub fn asked(matter: &Matter, as_of: i32) -> Vec<Asked> {
    let rules = presets::chosen(matter).into_iter();
    rules
        .map(|rule| {
            let clock = rule.clock(matter.policy.fiscal_year_month);
            let day = |months: Option<u32>| months.map(|m| reach(clock, as_of, m));
            let accessible = rule.accessible.filter(|_| rule.months.is_some()).map(|m| time::months_before(as_of, m));
            Asked { from: day(rule.months), accessible, maximum: day(rule.maximum), rule }
        })
        .collect()
}

/// What asks for a first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Nothing.
    #[default]
    Nobody,
    /// A rule: index into the rules of the context.
    Rule(usize),
    /// A legal hold: index into the holds of the matter.
    Hold(usize),
}

/// What is required of one custodian on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Required {
    /// Day from which records are required; `None` = nothing says so.
    pub from: Option<i32>,
    /// Last day required.
    pub to: i32,
    /// What asks for the first day.
    pub by: By,
    /// What makes it begin later than that: `hired`, `adopted`, `scope`, or nothing.
    pub limit: &'static str,
    /// Day before which nothing is required, whatever a rule says; `None` = none.
    pub floor: Option<i32>,
    /// Days between for which nothing asks: after a legal hold that ended, before the first day of a rule.
    pub free: Days,
}

impl Required {
    /// The days expected: from the required day, or from the first record when no policy tells.
    #[must_use]
    pub fn expected(&self, window_from: Option<i32>, first: Option<i32>) -> Option<(i32, i32)> {
        let from = self.from.or_else(|| first.map(|f| window_from.map_or(f, |w| w.max(f))))?;
        (from <= self.to).then_some((from, self.to))
    }

    /// The days required between two days.
    #[must_use]
    pub fn between(&self, from: i32, to: i32) -> Days {
        Days::span(from, to).difference(&self.free)
    }
}

/// The rule that reaches back furthest; the first of equals.
#[must_use]
pub fn furthest(context: &Context) -> Option<(i32, usize)> {
    context.rules.iter().enumerate().filter_map(|(ix, asked)| Some((asked.from?, ix))).min()
}

/// Required days of a custodian on a channel.
#[must_use]
pub fn required(context: &Context, custodian: u32, channel: u16) -> Required {
    let Some(person) = context.parties.custodians.get(custodian as usize) else { return Required::default() };
    let slug = context.talks.slug(channel);
    let adopted = rule(context.matter, slug).and_then(|r| r.adopted);
    let to = person.last_day.map_or(context.window.to, |d| d.min(context.window.to));
    let rule = furthest(context).map(|(from, ix)| (from, to, By::Rule(ix)));
    let covering = |h: &&Held| h.covers(Some(custodian), slug);
    let held = context.holds.iter().filter(covering).filter_map(|h| Some((h.from?, h.to.unwrap_or(to).min(to), By::Hold(h.hold))));
    let asking: Vec<(i32, i32, By)> = rule.into_iter().chain(held).collect();
    let Some((asked, _, by)) = asking.iter().min_by_key(|a| a.0).copied() else { return Required { to, ..Required::default() } };
    let limits = [(person.start, "hired"), (adopted, "adopted"), (context.window.from, "scope")];
    let (floor, limit) = limits.into_iter().filter_map(|(day, word)| Some((day?, word))).max_by_key(|(day, _)| *day).unzip();
    let from = floor.map_or(asked, |f| f.max(asked));
    let free = Days::span(from, to).difference(&Days::of(asking.iter().map(|(a, b, _)| (*a, *b))));
    // A hold that lies wholly before the first day is not what asks for it.
    let first = free.spans().first().filter(|(a, _)| *a == from).map_or(from, |(_, b)| b + 1);
    let limit = limit.filter(|_| from > asked && first == from).unwrap_or_default();
    let by = asking.iter().filter(|(a, b, _)| *a <= first && *b >= first).min_by_key(|a| a.0).map_or(by, |a| a.2);
    Required { from: Some(first), to, by, limit, floor, free }
}

/// What asks for the first day, as a name: the title of a rule, or the legal hold.
#[must_use]
pub fn name(context: &Context, by: By) -> String {
    match by {
        By::Nobody => String::new(),
        By::Rule(ix) => context.rules.get(ix).map(|a| a.rule.title.clone()).unwrap_or_default(),
        By::Hold(ix) => holds::name(context.matter, ix),
    }
}

/// Why the days are required, a sentence for a gap; `None` when nothing requires them.
#[must_use]
pub fn reason(context: &Context, required: &Required) -> Option<String> {
    let tail = match required.limit {
        "hired" => "; asked for from the first day of the person",
        "adopted" => "; asked for from the day on which the channel was adopted",
        "scope" => "; looked at from the first day asked for",
        _ => "",
    };
    match required.by {
        By::Nobody => None,
        By::Rule(ix) => {
            let rule = &context.rules.get(ix)?.rule;
            let unknown = if rule.clock(1) == Clock::Event { " (a day nobody has told: counted from the day of the record, the least)" } else { "" };
            let months = rule.months?;
            let months = counted(months.into(), "month", "months");
            Some(format!("Required by {}: {months} from {}{unknown}{tail}", rule.title, rule.clock_words()))
        }
        By::Hold(ix) => {
            let since = context.matter.policy.holds.get(ix)?.from.map(time::day_name)?;
            Some(format!("Required by the {} for records since {since}{tail}", holds::name(context.matter, ix)))
        }
    }
}

/// First day of the period that weighs more: what a rule states, else the last two years when any rule sets a horizon.
#[must_use]
pub fn accessible_from(context: &Context) -> Option<i32> {
    let stated = stated_accessible(context).map(|(day, _)| day);
    stated.or_else(|| furthest(context).map(|_| time::months_before(context.window.as_of, ACCESSIBLE)))
}

/// First day of the readily accessible period, and the rule that states it; the longest of several.
#[must_use]
pub fn stated_accessible<'a>(context: &'a Context) -> Option<(i32, &'a Preset)> {
    context.rules.iter().filter_map(|a| Some((a.accessible?, &a.rule))).min_by_key(|(day, _)| *day)
}

/// Business days the first record may be late: the policy's, or the 95th percentile of the pauses of this stream.
#[must_use]
pub fn tolerance(context: &Context, custodian: u32, cells: &[Cell]) -> u64 {
    let mut pauses: Vec<u64> = cells.windows(2).filter_map(|w| Some(context.calendar_of(custodian).between(w.first()?.day, w.last()?.day))).collect();
    pauses.sort_unstable();
    let q95 = pauses.get((pauses.len() * 95 / 100).min(pauses.len().saturating_sub(1))).copied().unwrap_or(0);
    q95.max(u64::from(context.matter.policy.tolerance_days))
}

/// Each rule by itself: business days it requires over all lines, and those covered by records found. `covered`: days per line.
pub fn count_rules(context: &Context, lines: &[(&Line, &Days)], said: &mut [PolicySaid]) {
    for asked in &context.rules {
        let Some(said) = said.iter_mut().find(|s| s.id == asked.rule.id) else { continue };
        let count = |from: i32| {
            let (mut required, mut found) = (0, 0);
            for (line, covered) in lines {
                let from = line.required.floor.map_or(from, |f| f.max(from));
                let days = Days::span(from, line.required.to);
                let calendar = context.calendar_of(line.custodian);
                required += calendar.count_in(&days);
                found += calendar.count_in(&days.intersection(covered));
            }
            (required, found)
        };
        if let Some(from) = asked.from {
            let (required, found) = count(from);
            (said.required_from, said.required_days, said.covered_days) = (Some(time::day_name(from)), Some(required), Some(found));
        }
        if let Some(from) = asked.accessible {
            let (required, found) = count(from);
            (said.accessible_from, said.accessible_days, said.accessible_covered) = (Some(time::day_name(from)), Some(required), Some(found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testkit::day;
    use super::*;
    use crate::model::matter::Rule;

    fn from(clock: &str, months: u32, as_of: &str, fiscal: u32) -> String {
        let mut m = Matter::default();
        m.policy.fiscal_year_month = fiscal;
        m.policy.rules.push(Rule { id: "r".to_owned(), months: Some(months), maximum: Some(months), clock: clock.to_owned(), ..Rule::default() });
        let asked = asked(&m, day(as_of)).remove(0);
        assert_eq!(asked.from, asked.maximum);
        time::day_name(asked.from.unwrap())
    }

    #[test]
    fn each_clock_reaches_back_to_its_own_day() {
        assert_eq!(from("created", 60, "2026-09-30", 1), "2021-09-30");
        assert_eq!(from("", 1, "2026-03-31", 1), "2026-02-28");
        assert_eq!(from("last_use", 36, "2026-09-30", 1), "2023-09-30");
        // A letter of January 2020 is kept to the end of 2026: all of 2020 is required on the last day of 2026, none of it the day after.
        assert_eq!(from("calendar_year_end", 72, "2026-12-31", 4), "2020-01-01");
        assert_eq!(from("calendar_year_end", 72, "2027-01-01", 4), "2021-01-01");
        assert_eq!(from("fiscal_year_end", 60, "2026-09-30", 4), "2021-04-01");
        assert_eq!(from("fiscal_year_end", 60, "2026-03-31", 4), "2020-04-01");
        assert_eq!(from("fiscal_year_end", 60, "2026-09-30", 1), "2021-01-01");
        assert_eq!(from("fiscal_year_end", 60, "2026-09-30", 99), "2020-12-01", "a month that is none is the last one");
    }

    #[test]
    fn every_clock_word_is_one_of_three_kinds() {
        for (word, _) in crate::model::matter::CLOCKS {
            let kind = Preset { clock: word.to_owned(), ..Preset::default() }.clock(7);
            let expected = match word {
                "created" => Clock::Created,
                "calendar_year_end" => Clock::YearEnd(1),
                "fiscal_year_end" => Clock::YearEnd(7),
                _ => Clock::Event,
            };
            assert_eq!(kind, expected, "{word}");
        }
    }

    use super::super::testkit::{Firm, firm};
    use crate::model::answer::{Answers, CoverageRow};
    use crate::model::matter::{ChannelStatus, Hold};

    fn row<'a>(answers: &'a Answers, custodian: &str) -> &'a CoverageRow {
        answers.coverage.iter().find(|r| r.custodian == custodian && r.channel == "wechat").unwrap()
    }

    /// Mei and Li, hired long ago and in 2025, with WeChat since the beginning of 2026.
    fn two() -> Firm {
        let mut f = firm().employee("Mei Tan").started("2010-01-04").employee("Li Chen").started("2025-01-06").client("Northgate", &["Huang Wei"]);
        f.chat("wechat", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-01-05", "2026-09-30", 2);
        f.chat("wechat", "Li Chen", "Li").daily("Huang Wei", "Li Chen", "2026-01-05", "2026-09-30", 2);
        f
    }

    #[test]
    fn of_several_rules_each_is_checked_and_the_furthest_sets_the_day() {
        let a = two().preset("us-sec-17a4-b4").preset("us-adviser-204-2").preset("us-msrb-g9").answers();
        let mei = row(&a, "Mei Tan");
        assert_eq!((mei.horizon.required_from.as_deref(), mei.horizon.limit.as_str()), (Some("2021-01-01"), ""));
        assert_eq!(mei.horizon.rule, "Advisers Act Rule 204-2, written communications");
        let li = row(&a, "Li Chen");
        assert_eq!((li.horizon.required_from.as_deref(), li.horizon.limit.as_str()), (Some("2025-01-06"), "hired"));
        let ids: Vec<&str> = a.basis.policies.iter().map(|p| p.id.as_str()).collect();
        assert_eq!(ids, ["us-adviser-204-2", "us-sec-17a4-b4", "us-msrb-g9"], "the one that sets the horizon first");
        assert_eq!(a.basis.policy.as_ref().unwrap(), &a.basis.policies[0]);
        let (adviser, sec, open) = (&a.basis.policies[0], &a.basis.policies[1], &a.basis.policies[2]);
        assert_eq!(adviser.required_days.unwrap(), a.coverage.iter().map(|r| r.expected_days).sum::<u64>());
        assert_eq!(adviser.covered_days.unwrap(), a.coverage.iter().map(|r| r.covered_days).sum::<u64>());
        assert_eq!((sec.required_from.as_deref(), sec.accessible_from.as_deref()), (Some("2023-09-30"), Some("2024-09-30")));
        assert!(sec.required_days < adviser.required_days && sec.accessible_days < sec.required_days && sec.covered_days == adviser.covered_days);
        assert_eq!((open.required_days, open.required_from.as_deref()), (None, None), "no number, no horizon");
        assert!(a.basis.missing.iter().any(|m| m.id == "policy_open" && m.count == 1));
        let sentences: Vec<&str> = a.findings.iter().filter(|f| f.question == "coverage").map(|f| f.sentence.as_str()).collect();
        assert_eq!(sentences.len(), 2);
        let wanted = format!(
            "Records found cover {} of {} required business days under {}; in the last 24 months",
            sec.covered_days.unwrap(),
            sec.required_days.unwrap(),
            sec.title
        );
        assert!(sentences.iter().any(|s| s.starts_with(&wanted)), "{sentences:?}");
        assert!(!serde_json::to_string(&a).unwrap().to_lowercase().contains("complian"));
    }

    #[test]
    fn the_gap_names_the_rule_that_asks_and_weighs_more_where_records_must_be_at_hand() {
        let a = two().preset("us-sec-17a4-b4").answers();
        let gap = a.gaps.iter().find(|g| g.kind == "horizon" && g.custodian == "Mei Tan").unwrap();
        let reasons = gap.reasons.join("; ");
        assert!(
            reasons.contains("Required by SEC Rule 17a-4(b)(4), communications of broker-dealers: 36 months from the day the record was made"),
            "{reasons}"
        );
        assert!(reasons.contains("months that must be readily accessible under SEC Rule"), "{reasons}");
        assert_eq!(gap.severity, "high");
        let li = a.gaps.iter().find(|g| g.kind == "horizon" && g.custodian == "Li Chen").unwrap();
        assert!(li.reasons.join("; ").contains("from the first day of the person"));
        let plain = two().preset("uk-fca-sysc10a").answers();
        assert!(plain.gaps.iter().filter(|g| g.kind == "horizon").all(|g| g.severity == "medium"), "no period of access is stated");
    }

    #[test]
    fn a_clock_nobody_can_read_gives_the_least_and_says_so() {
        let a = two().preset("us-finra-2210").answers();
        assert_eq!(row(&a, "Mei Tan").horizon.required_from.as_deref(), Some("2023-09-30"));
        let missing = a.basis.missing.iter().find(|m| m.id == "clock_unknown").unwrap();
        assert!(missing.effect.contains("the day of its last use"), "{}", missing.effect);
        assert!(two().preset("uk-fca-sysc10a").answers().basis.missing.iter().all(|m| m.id != "clock_unknown"));
    }

    #[test]
    fn a_hold_reaches_back_to_its_first_day_for_those_it_names() {
        let mut f = two().preset("uk-fca-sysc10a");
        let hold =
            Hold { name: "Harbour".to_owned(), people: vec!["Mei Tan".to_owned(), "Nobody".to_owned()], from: Some(day("2018-03-01")), ..Hold::default() };
        f.matter.policy.holds.push(hold);
        let a = f.answers();
        assert_eq!(
            (row(&a, "Mei Tan").horizon.required_from.as_deref(), row(&a, "Mei Tan").horizon.rule.as_str()),
            (Some("2018-03-01"), "legal hold \"Harbour\"")
        );
        assert_eq!(row(&a, "Li Chen").horizon.required_from.as_deref(), Some("2025-01-06"));
        assert!(a.basis.missing.iter().any(|m| m.id == "hold_unmatched" && m.count == 1));
        let gap = a.gaps.iter().find(|g| g.kind == "horizon" && g.custodian == "Mei Tan").unwrap();
        assert!(gap.reasons.iter().any(|r| r.contains("legal hold \"Harbour\" for records since 2018-03-01")), "{:?}", gap.reasons);
        // A hold that ended before the rule begins leaves the days between free.
        f.matter.policy.holds[0].to = Some(day("2019-02-28"));
        let a = f.answers();
        let mei = row(&a, "Mei Tan");
        assert_eq!(mei.expected_days, mei.covered_days + mei.gap_days + mei.unknown_days);
        let heads: Vec<(&str, &str)> =
            a.gaps.iter().filter(|g| g.kind == "horizon" && g.custodian == "Mei Tan").map(|g| (g.from.as_deref().unwrap(), g.to.as_deref().unwrap())).collect();
        assert_eq!(heads, [("2021-09-30", "2026-01-04"), ("2018-03-01", "2019-02-28")]);
        f.matter.policy.presets.clear();
        let a = f.answers();
        assert_eq!(row(&a, "Mei Tan").covered_days, 0, "nothing asks for 2026: {:?}", row(&a, "Mei Tan"));
    }

    #[test]
    fn a_channel_is_required_from_its_adoption_and_by_department() {
        let f = || {
            let mut f = two().preset("uk-fca-sysc10a").channel("wechat", ChannelStatus::Approved, true);
            let rule = &mut f.matter.policy.channels[0];
            (rule.adopted, rule.accounts) = (Some(day("2025-06-02")), vec!["jo-wx".to_owned()]);
            f = f.employee("Jo Quay");
            let jo = f.matter.people.as_mut().unwrap().last_mut().unwrap();
            (jo.handles, jo.department) = (vec![("wechat".to_owned(), "jo-wx".to_owned())], "Research".to_owned());
            f
        };
        let a = f().answers();
        assert_eq!((row(&a, "Li Chen").horizon.required_from.as_deref(), row(&a, "Li Chen").horizon.limit.as_str()), (Some("2025-06-02"), "adopted"));
        let supplied = |f: Firm| f.answers().gaps.iter().any(|g| g.kind == "never_supplied" && g.custodian == "Jo Quay");
        assert!(supplied(f()), "the register names the account");
        let except = |status| {
            let mut f = f();
            f.matter.policy.channels[0].exceptions.push(crate::model::matter::Exception { department: "RESEARCH ".to_owned(), status });
            f
        };
        assert!(!supplied(except(ChannelStatus::Prohibited)), "not allowed in the department");
        assert!(supplied(except(ChannelStatus::Tolerated)), "captured all the same");
    }
}
