//! The channel register: allowed or not, captured or not, the accounts for which capture holds, since when, and departments with
//! another status.

use crate::ui::node::prelude::*;

use super::{cell, day, day_text, parts, pick};
use crate::model::matter::{ChannelRule, ChannelStatus, Exception};
use crate::report::words;
use crate::ui::state::App;

const STATUSES: [ChannelStatus; 4] = [ChannelStatus::Unknown, ChannelStatus::Approved, ChannelStatus::Tolerated, ChannelStatus::Prohibited];

fn status_of(word: &str) -> ChannelStatus {
    STATUSES.into_iter().find(|s| s.word() == word).unwrap_or_default()
}

/// The section.
pub fn section(app: App) -> AnyView {
    let rows = move || {
        let known = app.matter.with(|m| m.settings.policy.channels.clone());
        let seen = app.answers.with(|a| a.as_ref().map(|a| a.channels.by_channel.iter().map(|c| c.channel.clone()).collect::<Vec<_>>())).unwrap_or_default();
        let mut seen = seen;
        for row in app.rows.get() {
            row.row.with(|row| seen.extend(row.sources.iter().map(|s| s.channel.clone())));
        }
        crate::order::sort_by(&mut seen, Ord::cmp);
        seen.dedup();
        seen.retain(|slug| !slug.is_empty());
        let mut rules = known.clone();
        rules.extend(seen.into_iter().filter(|s| !known.iter().any(|k| k.id == *s)).map(|id| ChannelRule { id, ..ChannelRule::default() }));
        if rules.is_empty() {
            return view! { <p class="s q">"Channels appear here when files have been read."</p> };
        }
        let rows: Vec<AnyView> = rules.into_iter().map(|rule| row(app, rule)).collect();
        view! {
            <table class="dl form"><caption class="vh">"Channel register"</caption><thead><tr><th scope="col">"Channel"</th><th scope="col">"Status"</th><th scope="col">"Captured"</th><th scope="col">"Only these accounts"</th><th scope="col">"In use since"</th><th scope="col">"Other status in departments"</th></tr></thead><tbody>{rows}</tbody></table>
        }
    };
    view! {
        <section class="b"><header><h2>"Channel register"</h2><p>"WhatsApp on a number of the firm is not WhatsApp on a private one: name the accounts that are captured, by number, address or id, with commas between. Empty means all."</p></header>{rows}</section>
    }
}

/// Changes the line of a channel; makes it when it is not there.
fn change(app: App, id: &str, put: impl FnOnce(&mut ChannelRule)) {
    app.change_settings(|s| {
        if !s.policy.channels.iter().any(|c| c.id == id) {
            s.policy.channels.push(ChannelRule { id: id.to_owned(), ..ChannelRule::default() });
        }
        if let Some(rule) = s.policy.channels.iter_mut().find(|c| c.id == id) {
            put(rule);
        }
    });
}

fn row(app: App, rule: ChannelRule) -> AnyView {
    let name = words::channel(&rule.id);
    let id = move || rule.id.clone();
    let (status_id, captured_id, accounts_id, adopted_id, exceptions_id, testid) = (id(), id(), id(), id(), id(), id());
    let statuses =
        STATUSES.iter().map(|s| (s.word().to_owned(), if *s == ChannelStatus::Unknown { "not stated".to_owned() } else { s.word().to_owned() })).collect();
    let captured = match rule.captured {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let choices = [("", "not stated"), ("yes", "yes"), ("no", "no")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
    let exceptions = rule.exceptions.iter().map(|e| format!("{}: {}", e.department, e.status.word())).collect::<Vec<_>>().join(", ");
    let status = pick(format!("Status of {name}"), "cell", statuses, rule.status.word(), move |v| change(app, &status_id, |c| c.status = status_of(&v)));
    let captured = pick(format!("{name} captured"), "cell", choices, captured, move |v| {
        change(app, &captured_id, |c| c.captured = if v.is_empty() { None } else { Some(v == "yes") });
    });
    let accounts =
        cell(format!("Accounts of {name} that are captured"), "text", rule.accounts.join(", "), move |v| change(app, &accounts_id, |c| c.accounts = parts(&v)));
    let adopted = cell(format!("{name} in use since"), "date", day_text(rule.adopted), move |v| {
        let adopted = day(app, &v);
        change(app, &adopted_id, |c| c.adopted = adopted);
    });
    let exceptions = cell(format!("Departments with another status for {name}, as in Legal: prohibited"), "text", exceptions, move |v| {
        let read: Vec<Exception> = parts(&v)
            .iter()
            .filter_map(|part| part.split_once(':'))
            .map(|(department, status)| Exception { department: department.trim().to_owned(), status: status_of(status.trim()) })
            .collect();
        if read.len() < parts(&v).len() {
            app.say("Write departments as Legal: prohibited, Sales: approved".to_owned());
        }
        change(app, &exceptions_id, |c| c.exceptions = read);
    });
    view! {
        <tr data-testid="register-row" data-class=testid><th scope="row" class="lead0">{name}</th><td data-l="Status">{status}</td><td data-l="Captured">{captured}</td><td data-l="Only these accounts">{accounts}</td>
            <td data-l="In use since">{adopted}</td><td data-l="Other status in departments">{exceptions}</td></tr>
    }
}
