//! Supply: people list, channel register and sources against each other. Whose records should be here, and no source holds any of them.

use super::conversations::rule;
use super::gaps::Draft;
use super::{Context, register};
use crate::model::matter::ChannelStatus;
use crate::text;

const LISTED: &str = "The people list gives an address on this channel, which the register says is captured; no source supplied holds it";

/// Whether any source holds records of anybody on a channel.
fn held(context: &Context, channel: u16) -> bool {
    context.streams.list.iter().any(|s| s.channel == channel && !s.cells.is_empty())
}

/// Why the lists let expect records of this person on a channel, though no source holds any: the register names an account of the
/// person, or says that the channel is captured for everybody and the people list gives an address on it.
#[must_use]
pub fn expected(context: &Context, custodian: u32, channel: u16) -> Option<&'static str> {
    let rule = rule(context.matter, context.talks.slug(channel))?;
    let status = register::status_for(context, rule, custodian);
    if status == ChannelStatus::Prohibited || status != ChannelStatus::Approved && rule.captured != Some(true) {
        return None;
    }
    let person = context.parties.custodians.get(custodian as usize).and_then(|c| c.person).and_then(|ix| context.matter.people.as_ref()?.get(ix))?;
    let on_channel = |of: &str| of == rule.id;
    if rule.accounts.is_empty() {
        let listed = on_channel("email") && !person.emails.is_empty() || person.handles.iter().any(|(c, _)| on_channel(c));
        // Where nobody's records were supplied it is the channel that is absent, not this person: see `drafts`.
        return (rule.captured == Some(true) && listed && held(context, channel)).then_some(LISTED);
    }
    let named = rule.accounts.iter().any(|account| {
        let (folded, phone) = (text::folded(account), text::phone(account));
        let handles = person.handles.iter().filter(|(c, _)| c.is_empty() || on_channel(c)).map(|(_, h)| h);
        handles.chain(&person.emails).any(|h| text::folded(h) == folded) || person.phones.iter().any(|p| phone.is_some() && text::phone(p) == phone)
    });
    named.then_some("The register names an account on this channel; no source supplied holds it")
}

/// Channels that the register says are captured and of which nothing at all was supplied: one gap each, whoever uses them.
#[must_use]
pub fn drafts(context: &Context) -> Vec<Draft> {
    let mut out = Vec::new();
    for rule in &context.matter.policy.channels {
        let Some(channel) = context.talks.channel(&rule.id).filter(|c| context.asks(*c) && !held(context, *c)) else { continue };
        if rule.captured != Some(true) || rule.status == ChannelStatus::Prohibited || context.dataset.is_empty() {
            continue;
        }
        let accounts = if rule.accounts.is_empty() {
            String::new()
        } else {
            format!(" for {}", super::findings::counted(rule.accounts.len() as u64, "account", "accounts"))
        };
        out.push(Draft {
            channel,
            class: 'C',
            kind: "channel_never_supplied",
            from: super::horizon::furthest(context).map(|(day, _)| rule.adopted.map_or(day, |a| a.max(day))).or(rule.adopted).or(context.window.from),
            to: Some(context.window.to),
            confidence: 0.9,
            reasons: vec![format!("The register says that this channel is captured{accounts}; no source supplied holds a record of anybody on it")],
            ..Draft::default()
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testkit::{Firm, firm};
    use crate::model::answer::Gap;
    use crate::model::matter::ChannelStatus;

    fn three() -> Firm {
        let mut f = firm().employee("Ana Bell").employee("Cy Dow").employee("Mei Tan").client("Northgate", &["Bo Quist"]);
        f = f.channel("email", ChannelStatus::Approved, true).channel("slack", ChannelStatus::Approved, true);
        f.mail("Quotes").daily("bo@northgate.example", "Ana Bell", "2026-03-02", "2026-06-30", 2);
        f.mail("Prices").daily("bo@northgate.example", "Cy Dow", "2026-03-02", "2026-06-30", 2);
        f
    }

    fn gaps(f: &Firm, kind: &str) -> Vec<Gap> {
        f.answers().gaps.into_iter().filter(|g| g.kind == kind).collect()
    }

    #[test]
    fn somebody_on_the_list_without_any_record_in_the_archive_is_told() {
        let found = gaps(&three().preset("us-sec-17a4-b4"), "never_supplied");
        assert_eq!(found.iter().map(|g| (g.custodian.as_str(), g.channel.as_str())).collect::<Vec<_>>(), [("Mei Tan", "email")]);
        assert!(found[0].reasons[0].contains("people list gives an address"), "{:?}", found[0].reasons);
    }

    #[test]
    fn a_captured_channel_of_which_nothing_was_supplied_is_one_gap() {
        let found = gaps(&three(), "channel_never_supplied");
        assert_eq!(found.iter().map(|g| (g.custodian.as_str(), g.channel.as_str(), g.class.as_str())).collect::<Vec<_>>(), [("", "slack", "C")]);
        let mut f = three();
        f.matter.policy.channels[1].captured = Some(false);
        assert!(gaps(&f, "channel_never_supplied").is_empty());
    }
}
