//! Writes `matter.toml`: every section with what its keys mean, so that the file explains itself. Openings of message text are not part of it,
//! and neither are the lists.

use std::fmt::Write as _;

use super::matter::{DAYS, VERDICTS};
use crate::model::Matter;
use crate::model::decision::{ClassDecision, Explanation, IdentityDecision, Mapping, mark};
use crate::model::matter::{CLOCKS, ChannelRule, ChannelStatus, Hold, RegionDays, Rule};
use crate::text::is_format;
use crate::time::day_name;

/// The matter as `matter.toml`: read again it gives the same settings and decisions. Lists (people, clients …) are files of their own.
#[must_use]
pub fn matter_toml(matter: &Matter) -> String {
    let mut out = Sheet(String::from("# Settings of one matter. Dates are year-month-day; what is left out keeps its default.\n"));
    out.scope(matter);
    out.policy(matter);
    out.calendar(matter);
    out.seen(matter);
    out.decisions(matter);
    out.0
}

/// Lines of the file.
struct Sheet(String);

impl Sheet {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn set(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    /// A text, left out when empty.
    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.set(key, quoted(text));
        }
    }

    /// A list, left out when empty.
    fn list<S: AsRef<str>>(&mut self, key: &str, items: &[S]) {
        if !items.is_empty() {
            self.set(key, list(items));
        }
    }

    fn day(&mut self, key: &str, day: Option<i32>) {
        if let Some(day) = day {
            self.set(key, day_name(day));
        }
    }

    fn days(&mut self, key: &str, days: &[i32]) {
        if !days.is_empty() {
            let days: Vec<String> = days.iter().map(|d| day_name(*d)).collect();
            self.set(key, format_args!("[{}]", days.join(", ")));
        }
    }

    fn number(&mut self, key: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.set(key, number);
        }
    }

    fn scope(&mut self, matter: &Matter) {
        self.line("\n[matter]");
        self.set("name", quoted(&matter.name));
        if !matter.zone.is_empty() {
            self.line("# Days are counted in this zone.");
            self.text("zone", &matter.zone);
        }
        let scope = &matter.scope;
        for (key, day, why) in [
            ("from", scope.from, "First day of the scope."),
            ("to", scope.to, "Last day of the scope, inclusive."),
            ("as_of", scope.as_of, "The day on which the questions are asked."),
        ] {
            if day.is_some() {
                let _ = writeln!(self.0, "# {why}");
                self.day(key, day);
            }
        }
        if !scope.channels.is_empty() {
            self.line("# Only these channels.");
            self.list("channels", &scope.channels);
        }
        let week = DAYS.get(usize::from(matter.calendar.week_start)).unwrap_or(&"monday");
        self.set("week_start", quoted(week));
        self.line("# Mail domains of the firm itself.");
        self.set("own_domains", list(&matter.own_domains));
    }

    fn policy(&mut self, matter: &Matter) {
        let p = &matter.policy;
        self.line("\n[policy]\n# Retention rules by id. All hold at once and each is checked; the one that reaches back furthest sets the horizon.");
        self.set("presets", list(&p.presets));
        self.line("# Business days a record may begin late.");
        self.set("tolerance_days", p.tolerance_days);
        self.line("# How often, per run, silence may be called a gap by chance.");
        self.set("alpha", float(p.alpha));
        self.line("# Month in which the fiscal year begins, for rules whose clock starts at its end.");
        self.set("fiscal_year_month", p.fiscal_year_month);
        self.line("\n# Rules of this matter. A rule with the id of a preset takes its place. months: how long to keep; accessible: how long readily at hand;");
        self.line("# maximum: after how long records must be gone. clock: what starts the period, one of");
        for (word, means) in CLOCKS {
            let _ = writeln!(self.0, "#   {word}: {means}");
        }
        if p.rules.is_empty() {
            self.line("# [[rule]]\n# id = \"own-schedule\"\n# title = \"Our retention schedule\"\n# months = 84\n# maximum = 120\n# clock = \"created\"");
        }
        for rule in &p.rules {
            self.rule(rule);
        }
        self.line("\n# Legal holds. What they cover must not be deleted, whatever a maximum says, and records reach back to their first day.");
        self.line("# people: id, e-mail or name; left out = everybody. channels left out = all. to left out = open.");
        if p.holds.is_empty() {
            self.line("# [[hold]]\n# name = \"Harbour\"\n# people = [\"jo.quay@firm.example\"]\n# channels = [\"whatsapp\"]\n# from = 2024-01-01\n# reason = \"Claim of 2025\"");
        }
        for hold in &p.holds {
            self.hold(hold);
        }
        self.line("\n# The channel register. status: approved, tolerated or prohibited. captured: whether an archive keeps it. accounts: the handles for");
        self.line("# which capture holds, left out = all. adopted: since when the firm uses it. exceptions: departments with another status.");
        if p.channels.is_empty() {
            self.line("# [[channel]]\n# id = \"whatsapp\"\n# status = \"tolerated\"\n# captured = true\n# accounts = [\"+44 7700 900142\"]");
            self.line("# exceptions = [{ department = \"Research\", status = \"prohibited\" }]");
        }
        for channel in &p.channels {
            self.channel(channel);
        }
    }

    fn rule(&mut self, rule: &Rule) {
        self.line("\n[[rule]]");
        self.set("id", quoted(&rule.id));
        self.text("title", &rule.title);
        self.text("citation", &rule.citation);
        self.number("months", rule.months);
        self.number("accessible", rule.accessible);
        self.number("maximum", rule.maximum);
        self.text("clock", &rule.clock);
        self.text("scope", &rule.scope);
        self.text("url", &rule.url);
        self.text("last_checked", &rule.last_checked);
    }

    fn hold(&mut self, hold: &Hold) {
        self.line("\n[[hold]]");
        self.set("name", quoted(&hold.name));
        self.list("people", &hold.people);
        self.list("channels", &hold.channels);
        self.day("from", hold.from);
        self.day("to", hold.to);
        self.text("reason", &hold.reason);
    }

    fn channel(&mut self, channel: &ChannelRule) {
        self.line("\n[[channel]]");
        self.set("id", quoted(&channel.id));
        if channel.status != ChannelStatus::Unknown {
            self.set("status", quoted(channel.status.word()));
        }
        if let Some(captured) = channel.captured {
            self.set("captured", captured);
        }
        self.list("accounts", &channel.accounts);
        self.day("adopted", channel.adopted);
        if !channel.exceptions.is_empty() {
            let one = |e: &crate::model::matter::Exception| format!("{{ department = {}, status = {} }}", quoted(&e.department), quoted(e.status.word()));
            let all: Vec<String> = channel.exceptions.iter().map(one).collect();
            self.set("exceptions", format_args!("[{}]", all.join(", ")));
        }
    }

    fn calendar(&mut self, matter: &Matter) {
        let c = &matter.calendar;
        self.line("\n[calendar]\n# Days that are not worked, each week. Left out: the weekend of the country where it is known, else Saturday and Sunday.");
        if c.weekend_stated || c.weekend != crate::model::weekend::USUAL {
            self.set("weekend", list(&weekdays(&c.weekend)));
        } else {
            self.line("# weekend = [\"saturday\", \"sunday\"]");
        }
        self.line("# Country whose public holidays are not worked, or a part of it: \"GB\", \"GB-SCT\", \"DE-BY\". Further days under holidays.");
        if c.country.is_empty() {
            self.line("# country = \"GB\"");
        }
        self.text("country", &c.country);
        self.days("holidays", &c.holidays);
        self.line("\n# Offices with days of their own, by the region of the people list. A weekend left out is that of the country.");
        if c.regions.is_empty() {
            self.line("# [[region]]\n# region = \"Dubai\"\n# country = \"AE\"\n# weekend = [\"saturday\", \"sunday\"]");
        }
        for region in &c.regions {
            self.region(region);
        }
    }

    fn region(&mut self, region: &RegionDays) {
        self.line("\n[[region]]");
        self.set("region", quoted(&region.region));
        self.text("country", &region.country);
        self.list("weekend", &weekdays(&region.weekend));
        self.days("holidays", &region.holidays);
    }

    fn seen(&mut self, matter: &Matter) {
        let w = &matter.work;
        self.line("\n[work]\n# A conversation is work when one of these holds: a client takes part; a service takes part; at least two employees take part;");
        self.line("# or a share of its messages with text, from threshold on, is about work. Otherwise it is private or undecided.");
        for (key, yes) in [("client", w.client), ("service", w.service), ("employees", w.employees), ("text", w.text)] {
            self.set(key, yes);
        }
        self.set("threshold", float(w.threshold));
        let privacy = &matter.privacy;
        self.line("\n[privacy]\n# flow: who wrote when; content: text may be opened for a stated reason, and each opening is logged.");
        self.set("mode", quoted(if privacy.content { "content" } else { "flow" }));
        self.line("# No chart or table shows a group of fewer people than this; executive views show pseudonyms.");
        self.set("min_group", privacy.min_group);
        self.set("pseudonyms", privacy.pseudonyms);
        self.line("# Groups are shown by department, region or grade, one way in a matter: two ways can be compared.");
        self.set("division", quoted(privacy.division.word()));
    }

    fn decisions(&mut self, matter: &Matter) {
        if !matter.identities.is_empty() {
            self.line("\n# Who is who, as a person decided it. verdict: same, different, service or other.");
        }
        for decision in &matter.identities {
            self.identity(decision);
        }
        if !matter.classes.is_empty() {
            self.line("\n# Which conversation is work, as a person decided it. A private one is named by a digest only.");
        }
        for decision in &matter.classes {
            self.class(decision);
        }
        self.line("\n# Gaps that a reviewer explained, by days of a custodian on a channel. custodian: id, e-mail or name as on the people list; left out =");
        self.line("# gaps that name nobody, such as outages; owner: a digest of whose exports it concerns where nobody on the list is.");
        self.line("# channel left out = all. kind: leave, closure, reassignment, moved, client_ended,");
        self.line("# device_replaced, deletion or other. Leave is leave of the person, a closure closes the office (without a custodian the firm): the");
        self.line("# tests run again without these days. The others mark the gaps of which every business day lies inside. The note goes into the report.");
        if matter.explained.is_empty() {
            self.line("# [[explained]]\n# custodian = \"jo.quay@firm.example\"\n# channel = \"whatsapp\"\n# from = 2024-03-04\n# to = 2024-03-15\n# kind = \"device_replaced\"");
            self.line("# note = \"Telephone replaced, see ticket 4711\"\n# by = \"C. Officer\"");
        }
        for explanation in &matter.explained {
            self.explanation(explanation);
        }
        if !matter.mappings.is_empty() {
            self.line("\n# How lists with these headings are read: pairs of heading and field, an empty field is not used.");
        }
        for mapping in &matter.mappings {
            self.mapping(mapping);
        }
    }

    fn identity(&mut self, decision: &IdentityDecision) {
        self.line("\n[[identity]]");
        self.set("channel", quoted(&decision.channel));
        self.set("handle", quoted(&decision.handle));
        let word = VERDICTS.iter().find(|(_, v)| *v == decision.verdict).map_or("same", |(word, _)| *word);
        self.set("verdict", quoted(word));
        self.text("whom", &decision.whom);
        self.made(&decision.reason, &decision.by, &decision.at);
    }

    fn class(&mut self, decision: &ClassDecision) {
        self.line("\n[[class]]");
        self.set("channel", quoted(&decision.channel));
        let marked = decision.work || decision.conversation.starts_with('#');
        let conversation = if marked { decision.conversation.clone() } else { mark(&decision.channel, &decision.conversation) };
        self.set("conversation", quoted(&conversation));
        self.set("work", decision.work);
        self.made(&decision.reason, &decision.by, &decision.at);
    }

    fn explanation(&mut self, explanation: &Explanation) {
        self.line("\n[[explained]]");
        self.text("custodian", &explanation.custodian);
        // The key of a handle or conversation may be the number or name of somebody outside.
        let marked = |key: &String| if key.is_empty() || key.starts_with('#') { key.clone() } else { mark(&explanation.channel, key) };
        self.text("owner", &marked(&explanation.owner));
        self.text("channel", &explanation.channel);
        self.text("conversation", &marked(&explanation.conversation));
        self.day("from", explanation.from);
        self.day("to", explanation.to);
        self.set("kind", quoted(explanation.kind.word()));
        self.text("note", &explanation.note);
        self.text("by", &explanation.by);
        self.text("at", &explanation.at);
    }

    fn made(&mut self, reason: &str, by: &str, at: &str) {
        self.text("reason", reason);
        self.text("by", by);
        self.text("at", at);
    }

    fn mapping(&mut self, mapping: &Mapping) {
        self.line("\n[[mapping]]");
        self.set("list", quoted(&mapping.list));
        self.set("fingerprint", quoted(&mapping.fingerprint));
        if !mapping.columns.is_empty() {
            self.line("columns = [");
            for (heading, field) in &mapping.columns {
                let _ = writeln!(self.0, "  [{}, {}],", quoted(heading), quoted(field));
            }
            self.line("]");
        }
    }
}

fn weekdays(days: &[u8]) -> Vec<&'static str> {
    days.iter().filter_map(|d| DAYS.get(usize::from(*d)).copied()).collect()
}

fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<String> = items.iter().map(|s| quoted(s.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// In quotes. What does not show, or turns the direction of writing, is written as a number: the file reads as it looks.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() || is_format(c) => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// TOML wants a point or an exponent in a float.
fn float(value: f64) -> String {
    let text = format!("{value}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}
