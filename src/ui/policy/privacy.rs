//! What counts as work, what may be opened, how small a group may be shown, the reveal log, and the notices made from these settings.

use crate::ui::node::prelude::*;

use super::text;
use crate::model::matter::{Division, WorkRules};
use crate::report::groups::PROTECTED;
use crate::report::phrase::{count, grouped, kind_word};
use crate::report::words;
use crate::ui::state::App;

/// The sections.
pub fn section(app: App) -> AnyView {
    view! { {work(app)}{seen(app)}{log(app)}{notices(app)} }
}

fn check(label: &'static str, on: bool, change: impl Fn(bool) + 'static) -> AnyView {
    view! { <label class="check s"><input type="checkbox" prop:checked=on on:change=move |e| change(event_target_checked(&e))/>{label}</label> }
}

fn work(app: App) -> AnyView {
    let body = move || {
        let w = app.matter.with(|m| m.settings.work.clone());
        let rule = |label, on, put: fn(&mut WorkRules, bool)| check(label, on, move |on| app.change_settings(|s| put(&mut s.work, on)));
        let threshold = format!("{:.0}", 100.0 * w.threshold);
        view! {
            {rule("A client takes part", w.client, |w, on| w.client = on)}
            {rule("A service takes part", w.service, |w, on| w.service = on)}
            {rule("At least two employees take part", w.employees, |w, on| w.employees = on)}
            {rule("Its messages speak of business: words of the trade, mail domains of the firm and of clients, names of documents", w.text, |w, on| w.text = on)}
            <div class="set">{text("Share of messages that must do so, in percent", "number", threshold, move |v| {
                if let Some(share) = v.parse::<f64>().ok().filter(|n| (1.0..=100.0).contains(n)) {
                    app.change_settings(|s| s.work.threshold = share / 100.0);
                } else {
                    app.say("Write a number from 1 to 100".to_owned());
                }
            })}
            {text("Own mail domains (with commas)", "text", app.matter.with(|m| m.settings.own_domains.join(", ")), move |v| app.change_settings(|s| s.own_domains = super::parts(&v.to_lowercase())))}</div>
        }
    };
    view! {
        <section class="b"><header><h2>"Work or private"</h2><p>"A conversation is work if one of these holds. Everything else is private or undecided; private conversations are counted, never listed by counterpart, never opened. Markers such as private, privé, personal or 私人 are honoured."</p></header>{body}</section>
    }
}

fn seen(app: App) -> AnyView {
    let body = move || {
        let p = app.matter.with(|m| m.settings.privacy.clone());
        let mode = move |content: bool| move |_: web_sys::Event| app.change_settings(|s| s.privacy.content = content);
        view! {
            <fieldset class="opt"><legend class="vh">"Mode"</legend>
                <label><span class="h"><input type="radio" name="mode" data-testid="mode-flow" prop:checked=!p.content on:change=mode(false)/>"Flow mode"</span><p>"No text is read out anywhere. Findings rest on who wrote when, and on counted features."</p></label>
                <label><span class="h"><input type="radio" name="mode" data-testid="mode-content" prop:checked=p.content on:change=mode(true)/>"Content mode"</span><p>"Text of a few records of one work conversation at a time, after a typed reason. Every opening is noted in the log below."</p></label>
            </fieldset>
            <div class="set">{text("Smallest group in charts by department, region or grade", "number", p.min_group.to_string(), move |v| {
                if let Some(n) = v.parse::<u32>().ok().filter(|n| (1..=1000).contains(n)) {
                    app.change_settings(|s| s.privacy.min_group = n);
                }
            })}
            <label class="field">"Groups are shown by"<select on:change=move |e| if let Some(by) = Division::of(&event_target_value(&e)) { app.change_settings(|s| s.privacy.division = by) }>
                {Division::ALL.map(|by| view! { <option value=by.word() prop:selected=p.division == by>{kind_word(by.word())}</option> }).into_iter().collect::<Vec<_>>()}</select></label></div>
            <p class="xs q gap8">{PROTECTED}</p>
            {check("Executives read pseudonyms (such as Employee 4271) instead of names: in coverage, findings, import and the report", p.pseudonyms, move |on| app.change_settings(|s| s.privacy.pseudonyms = on))}
            <p class="xs q">"A pseudonym is the same in every view and document of this matter. Clients, counterparts and files are then not named to executives at all; leavers are counted only. Switched off, executives read the names in these views and in the report."</p>
        }
    };
    view! { <section class="b"><header><h2>"What may be seen"</h2></header>{body}</section> }
}

fn log(app: App) -> AnyView {
    let body = move || {
        let reveals = app.reveals.get();
        if reveals.is_empty() {
            return view! { <p class="s q" data-testid="reveal-log">"No text was opened in this matter."</p> };
        }
        let rows: Vec<AnyView> = reveals
            .iter()
            .rev()
            .map(|r| {
                view! {
                    <tr><th scope="row" class="lead0">{r.at.replace('T', " ").chars().take(16).collect::<String>()}</th><td data-l="By">{r.by.clone()}</td><td data-l="Reason" class="wrap">{r.reason.clone()}</td>
                        <td data-l="Conversation"><span>{r.conversation.clone()}<small class="xs q sub">{words::channel(&r.channel)}</small></span></td><td data-l="Range">{format!("{} to {}", r.from, r.to)}</td><td data-l="Messages">{grouped(r.messages)}</td></tr>
                }
            })
            .collect();
        view! {
            <p class="s q">{format!("Text was opened {}.", count(reveals.len() as u64, "time", "times"))}</p>
            <table class="dl" data-testid="reveal-log"><caption class="vh">"Reveal log"</caption><thead><tr><th scope="col">"When"</th><th scope="col">"By"</th><th scope="col">"Reason"</th><th scope="col">"Conversation"</th><th scope="col">"Range"</th><th scope="col">"Messages"</th></tr></thead><tbody>{rows}</tbody></table>
        }
    };
    view! { <section class="b" id="reveals"><header><h2>"Reveal log"</h2><p>"Part of the report and of a saved matter."</p></header>{body}</section> }
}

fn notices(app: App) -> AnyView {
    view! {
        <section class="b"><header><h2>"Notices"</h2><p>"Made from the settings above: what is analysed, what is not, who can open content."</p></header>
            <div class="acts"><button class="btn" type="button" data-testid="notice-employees" on:click=move |_| app.download("notice:employees")>"Notice for employees"</button><button class="btn" type="button" data-testid="notice-council" on:click=move |_| app.download("notice:council")>"Sheet for the works council"</button></div></section>
    }
}
