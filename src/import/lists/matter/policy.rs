//! What must be kept: policy, rules, legal holds, channel register.

use std::ops::Range;

use toml::de::DeTable;

use super::super::column;
use super::value::number;
use super::{File, Value};
use crate::model::Matter;
use crate::model::matter::{CLOCKS, ChannelRule, ChannelStatus, Exception, Hold, Rule};
use crate::text::{clean_name, phone};

/// Words for the standing of a channel.
const STATUSES: [ChannelStatus; 4] = [ChannelStatus::Approved, ChannelStatus::Tolerated, ChannelStatus::Prohibited, ChannelStatus::Unknown];
/// Longest period, in months: a hundred years.
const MONTHS: u32 = 1_200;

impl File {
    pub(super) fn policy(&mut self, table: &DeTable<'_>, matter: &mut Matter) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "presets" => matter.policy.presets = self.names("policy.presets", value),
                "tolerance_days" => {
                    if let Some(n) = self.whole("policy.tolerance_days", value, 0..=366) {
                        matter.policy.tolerance_days = n;
                    }
                }
                "alpha" => match number(value.get_ref()) {
                    Some(alpha) if alpha > 0.0 && alpha <= 0.5 => matter.policy.alpha = alpha,
                    _ => self.wrong(&value.span(), "policy.alpha must be a number above 0 and up to 0.5, such as 0.0001".to_owned()),
                },
                "fiscal_year_month" => {
                    if let Some(n) = self.whole("policy.fiscal_year_month", value, 1..=12) {
                        matter.policy.fiscal_year_month = n;
                    }
                }
                _ => self.unknown(key, "key in [policy]", &["presets", "tolerance_days", "alpha", "fiscal_year_month"]),
            }
        }
    }

    pub(super) fn rule(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        const KEYS: [&str; 10] = ["id", "title", "citation", "months", "accessible", "maximum", "clock", "scope", "url", "last_checked"];
        let mut rule = Rule::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => {
                    rule.id = self.name("rule.id", value);
                    if rule.id.is_empty() {
                        self.wrong(&value.span(), "rule.id is empty; write that of a preset, or one of your own".to_owned());
                    } else if matter.policy.rules.iter().any(|r| r.id == rule.id) {
                        self.wrong(&value.span(), format!("the rule \"{}\" is stated twice; keep one of the two sections", rule.id));
                    }
                }
                "title" => rule.title = self.name("rule.title", value),
                "citation" => rule.citation = self.text("rule.citation", value),
                "months" => rule.months = self.whole("rule.months", value, 1..=MONTHS),
                "accessible" => rule.accessible = self.whole("rule.accessible", value, 1..=MONTHS),
                "maximum" => rule.maximum = self.whole("rule.maximum", value, 1..=MONTHS),
                "clock" => rule.clock = self.word("rule.clock", value, &CLOCKS.map(|(word, _)| word)).unwrap_or_default().to_owned(),
                "scope" => rule.scope = self.text("rule.scope", value),
                "url" => rule.url = self.url("rule.url", value),
                "last_checked" => rule.last_checked = self.name("rule.last_checked", value),
                _ => self.unknown(key, "key in [[rule]]", &KEYS),
            }
        }
        self.needs("rule", table, span, &[("id", "\"own\" or that of a preset")]);
        self.rule_numbers(table, &rule);
        matter.policy.rules.push(rule);
    }

    /// Numbers of one rule that contradict each other.
    fn rule_numbers(&mut self, table: &DeTable<'_>, rule: &Rule) {
        let more = |a: Option<u32>, b: Option<u32>| a.zip(b).is_some_and(|(a, b)| a > b);
        if let Some(at) = table.get("maximum").filter(|_| more(rule.months, rule.maximum)) {
            self.wrong(&at.span(), "rule.maximum is shorter than rule.months; nothing could be kept long enough".to_owned());
        }
        if let Some(at) = table.get("accessible").filter(|_| more(rule.accessible, rule.months)) {
            self.wrong(&at.span(), "rule.accessible is longer than rule.months".to_owned());
        }
    }

    pub(super) fn hold(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut hold = Hold::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => hold.name = self.name("hold.name", value),
                "people" => hold.people = self.names("hold.people", value),
                "channels" => hold.channels = self.slugs("hold.channels", value),
                "from" => hold.from = self.day("hold.from", value),
                "to" => hold.to = self.day("hold.to", value),
                "reason" => hold.reason = self.text("hold.reason", value),
                _ => self.unknown(key, "key in [[hold]]", &["name", "people", "channels", "from", "to", "reason"]),
            }
        }
        self.needs("hold", table, span, &[("name", "\"Matter of Harbour\"")]);
        if let Some(from) = table.get("from").filter(|_| hold.from.zip(hold.to).is_some_and(|(from, to)| to < from)) {
            self.wrong(&from.span(), "hold.to lies before hold.from; exchange the two dates".to_owned());
        }
        matter.policy.holds.push(hold);
    }

    fn status(&mut self, field: &str, value: &Value<'_>) -> Option<ChannelStatus> {
        let word = self.word(field, value, &STATUSES.map(ChannelStatus::word))?;
        STATUSES.into_iter().find(|s| s.word() == word)
    }

    pub(super) fn channel(&mut self, table: &DeTable<'_>, span: &Range<usize>, matter: &mut Matter) {
        let mut rule = ChannelRule::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "id" => {
                    let slug = self.slug("channel.id", value);
                    if matter.policy.channels.iter().any(|c| c.id == slug) {
                        self.wrong(&value.span(), format!("the channel \"{slug}\" is stated twice; keep one of the two sections"));
                    }
                    rule.id = slug;
                }
                "status" => rule.status = self.status("channel.status", value).unwrap_or_default(),
                "captured" => rule.captured = self.truth("channel.captured", value),
                "accounts" => rule.accounts = self.strings("channel.accounts", value).into_iter().map(|(s, _)| account(&s)).filter(|s| !s.is_empty()).collect(),
                "adopted" => rule.adopted = self.day("channel.adopted", value),
                "exceptions" => rule.exceptions = self.exceptions(value),
                _ => self.unknown(key, "key in [[channel]]", &["id", "status", "captured", "accounts", "adopted", "exceptions"]),
            }
        }
        self.needs("channel", table, span, &[("id", "\"whatsapp\" or another channel")]);
        matter.policy.channels.push(rule);
    }

    fn exceptions(&mut self, value: &Value<'_>) -> Vec<Exception> {
        let Some(list) = self.array("channel.exceptions", value) else { return Vec::new() };
        let mut out: Vec<Exception> = Vec::new();
        for one in list {
            let Some(table) = one.get_ref().as_table() else {
                self.wrong(&one.span(), "channel.exceptions: write { department = \"Research\", status = \"prohibited\" }".to_owned());
                continue;
            };
            let (mut department, mut status) = (String::new(), None);
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "department" => department = self.name("channel.exceptions.department", value),
                    "status" => status = self.status("channel.exceptions.status", value),
                    _ => self.unknown(key, "key in channel.exceptions", &["department", "status"]),
                }
            }
            if department.is_empty() {
                self.wrong(&one.span(), "channel.exceptions: a department is missing; write it as on the people list".to_owned());
            } else if out.iter().any(|e| e.department == department) {
                self.wrong(&one.span(), format!("channel.exceptions: the department \"{department}\" is stated twice"));
            }
            if !table.contains_key("status") {
                self.wrong(&one.span(), "channel.exceptions: a status is missing; write approved, tolerated or prohibited".to_owned());
            }
            out.push(Exception { department, status: status.unwrap_or_default() });
        }
        out
    }
}

/// An account as handles are written: address, number or name. What comes out goes in again unchanged.
fn account(written: &str) -> String {
    let once = |text: &str| column::email(text).or_else(|| phone(text)).unwrap_or_else(|| clean_name(text));
    let mut account = once(written);
    for _ in 0..8 {
        let again = once(&account);
        if again == account {
            break;
        }
        account = again;
    }
    account
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_written_as_handles_are() {
        assert_eq!(account("<Ana.Silva@Firm.example>"), "ana.silva@firm.example");
        assert_eq!(account("0044 7700 900142"), "+447700900142");
        assert_eq!(account(" ana-wx\u{202e} "), "ana-wx");
    }
}
