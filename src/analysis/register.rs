//! The channel register, person by person: a department may have another status than the firm, and capture holds for the accounts named,
//! not for the channel.

use super::Context;
use super::conversations::{Talk, rule};
use crate::model::matter::{ChannelRule, ChannelStatus, Matter};
use crate::text;

/// Whether a channel is allowed in a department.
#[must_use]
pub fn status_in(rule: &ChannelRule, department: &str) -> ChannelStatus {
    if rule.exceptions.is_empty() || department.trim().is_empty() {
        return rule.status;
    }
    let department = text::folded(department);
    rule.exceptions.iter().find(|e| text::folded(&e.department) == department).map_or(rule.status, |e| e.status)
}

/// Whether a channel is allowed for a custodian.
#[must_use]
pub fn status_for(context: &Context, rule: &ChannelRule, custodian: u32) -> ChannelStatus {
    status_in(rule, department(context.matter, context, custodian))
}

fn department<'a>(matter: &'a Matter, context: &Context, custodian: u32) -> &'a str {
    let person = context.parties.custodians.get(custodian as usize).and_then(|c| c.person);
    person.and_then(|ix| matter.people.as_ref()?.get(ix)).map_or("", |p| p.department.as_str())
}

/// Whether the channel is not allowed for somebody of the firm who takes part.
fn prohibited(context: &Context, rule: &ChannelRule, talk: &Talk) -> bool {
    let mut statuses = talk.employees.iter().map(|e| status_for(context, rule, *e));
    if talk.employees.is_empty() { rule.status == ChannelStatus::Prohibited } else { statuses.any(|s| s == ChannelStatus::Prohibited) }
}

/// Whether a conversation runs over an account the firm owns. Not owned only because the channel is not allowed elsewhere: the exception of
/// a department lifts that, and nothing is known.
#[must_use]
pub fn owned(context: &Context, talk: &Talk) -> Option<bool> {
    let rule = rule(context.matter, context.talks.slug(talk.channel));
    let lifted = |r: &ChannelRule| r.captured.is_none() && r.status == ChannelStatus::Prohibited && !prohibited(context, r, talk);
    talk.owned.filter(|_| !rule.is_some_and(lifted))
}

/// Whether a conversation runs where the firm does not keep it: over accounts it does not own by the register, or in a department for
/// which the channel is not allowed. Where nothing is said, nothing is claimed.
#[must_use]
pub fn off(context: &Context, talk: &Talk) -> bool {
    let Some(rule) = rule(context.matter, context.talks.slug(talk.channel)) else { return false };
    prohibited(context, rule, talk) || owned(context, talk) == Some(false)
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::matter::{ChannelStatus, Exception};

    /// Mei writes with a client from the firm's WhatsApp number, Li from her own.
    fn two() -> Firm {
        let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]);
        f = f.channel("whatsapp", ChannelStatus::Approved, true);
        f.matter.policy.channels[0].accounts = vec!["Mei Tan".to_owned()];
        f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-09-30", 1);
        f.chat("whatsapp", "Li Chen", "Huang").daily("Huang Wei", "Li Chen", "2026-09-01", "2026-09-30", 1);
        f
    }

    #[test]
    fn capture_holds_for_the_accounts_named_not_for_the_channel() {
        let a = two().answers();
        let row = &a.channels.by_channel[0];
        let off = row.off_client_turns.unwrap();
        assert!(off > 0 && off < row.client_turns, "{row:?}");
        let firm = a.channels.firm_owned_client_share.as_ref().unwrap().value;
        assert!((firm - 1.0 + off as f64 / row.client_turns as f64).abs() < 1e-9, "channels and findings say the same");
        let finding = a.findings.iter().find(|f| f.question == "channels").unwrap();
        assert!(finding.sentence.starts_with("WhatsApp (in part) carries"), "{}", finding.sentence);
        assert_eq!((finding.quantity, finding.from.as_deref()), (off, Some("2026-09-01")));
        let mut all = two();
        all.matter.policy.channels[0].accounts.clear();
        assert!(all.answers().findings.iter().all(|f| f.question != "channels"));
    }

    #[test]
    fn a_department_may_differ_from_the_firm() {
        let with = |status: ChannelStatus, department: &str, exception: ChannelStatus| {
            let mut f = two();
            let rule = &mut f.matter.policy.channels[0];
            (rule.status, rule.captured) = (status, None);
            rule.accounts.clear();
            rule.exceptions = vec![Exception { department: department.to_owned(), status: exception }];
            f.matter.people.as_mut().unwrap()[1].department = "Sales".to_owned();
            let a = f.answers();
            (a.channels.by_channel[0].off_client_turns.unwrap(), a.channels.by_channel[0].client_turns)
        };
        let (off, all) = with(ChannelStatus::Approved, "sales", ChannelStatus::Prohibited);
        assert!(off > 0 && off < all);
        let (lifted, all) = with(ChannelStatus::Prohibited, "sales", ChannelStatus::Approved);
        assert_eq!(lifted + off, all, "only the department of the exception is let off");
        assert_eq!(with(ChannelStatus::Prohibited, "other", ChannelStatus::Approved).0, all);
    }

    #[test]
    fn leavers_hold_clients_off_the_archive_by_the_same_rule() {
        let leaving = |exception: Option<ChannelStatus>| {
            let mut f = two();
            let rule = &mut f.matter.policy.channels[0];
            (rule.status, rule.captured) = (ChannelStatus::Prohibited, None);
            rule.accounts.clear();
            rule.exceptions.extend(exception.map(|status| Exception { department: "Sales".to_owned(), status }));
            let li = &mut f.matter.people.as_mut().unwrap()[1];
            (li.department, li.last_day) = ("Sales".to_owned(), Some(super::super::testkit::day("2026-10-09")));
            let leaver = f.answers().leavers.remove(0);
            (leaver.clients[0].main_channel_owner.clone(), leaver.main_channel_off_archive)
        };
        assert_eq!(leaving(None), ("personal".to_owned(), Some(1)));
        assert_eq!(leaving(Some(ChannelStatus::Approved)), ("unknown".to_owned(), Some(0)));
    }
}
