//! Retention rules: those chosen, with period, clock and reference; adding a known one, changing one, or writing one's own.

use crate::ui::node::prelude::*;

use super::text;
use crate::model::answer::PolicySaid;
use crate::model::matter::{CLOCKS, Rule};
use crate::report::words;
use crate::ui::state::App;

/// The section.
pub fn section(app: App) -> AnyView {
    let draft = RwSignal::new(None::<Rule>);
    // Chosen and added are two steps: with the keyboard a closed list changes with every letter.
    let picked = RwSignal::new(String::new());
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let id = picked.get_untracked();
        if !id.is_empty() {
            app.change_settings(|s| {
                if !s.policy.presets.contains(&id) {
                    s.policy.presets.push(id);
                }
            });
            picked.set(String::new());
        }
    };
    let options = move || {
        let chosen = app.matter.with(|m| owned(m.settings.policy.ids()));
        words::PRESETS
            .iter()
            .filter(|p| !chosen.iter().any(|c| c == p.0))
            .map(|p| view! { <option value=p.0 prop:selected=move || picked.with(|id| id == p.0)>{p.1}</option> })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="b b32"><header><h2>"Retention rules"</h2><p>"Several hold at once; the one that reaches back furthest sets what is required. Research notes, not legal advice: check each with counsel."</p></header>
            {move || chosen(app, draft)}
            <div class="set"><form on:submit=add><label class="field">"Add a rule"<select data-testid="add-rule" on:change=move |e| picked.set(event_target_value(&e))><option value="" prop:selected=move || picked.with(String::is_empty)>"Choose a rule…"</option>{options}</select></label><div class="acts gap8"><button class="btn" type="submit">"Add this rule"</button></div></form>
                <div class="field">"Or one of your own"<div class="acts"><button class="btn" type="button" data-testid="own-rule" on:click=move |_| draft.set(Some(Rule { clock: "created".to_owned(), ..Rule::default() }))>"Write a rule…"</button></div></div></div>
            {move || draft.get().map(|rule| form(app, draft, rule))}
        </section>
    }
}

fn months(n: Option<u32>) -> String {
    match n {
        None => "no verified number".to_owned(),
        Some(n) if n % 12 == 0 => crate::report::phrase::count(u64::from(n / 12), "year", "years"),
        Some(n) => crate::report::phrase::count(u64::from(n), "month", "months"),
    }
}

/// The word of the files for a clock said in words.
fn clock_word(words: &str) -> String {
    CLOCKS.iter().find(|c| c.1 == words || c.0 == words).map(|c| c.0.to_owned()).unwrap_or_default()
}

fn owned(ids: Vec<&str>) -> Vec<String> {
    ids.into_iter().map(str::to_owned).collect()
}

/// The rules of the matter, as the answers know them; before anything was read, by the facts of the presets.
fn chosen(app: App, draft: RwSignal<Option<Rule>>) -> AnyView {
    let (ids, own) = app.matter.with(|m| (owned(m.settings.policy.ids()), m.settings.policy.rules.clone()));
    if ids.is_empty() {
        return view! { <p class="s q">"No rule is chosen: how far back records must reach is not known."</p> };
    }
    let said = app.answers.with(|a| a.as_ref().map(|a| a.basis.policies.clone())).unwrap_or_default();
    let rows: Vec<AnyView> = ids
        .into_iter()
        .map(|id| {
            let policy = said.iter().find(|p| p.id == id).cloned().unwrap_or_else(|| {
                let title = PolicySaid { id: id.clone(), title: id.clone(), ..PolicySaid::default() };
                let fact = || words::FACTS.iter().find(|f| f.id == id).map_or(title, known);
                own.iter().find(|rule| rule.id == id).map_or_else(fact, stated)
            });
            row(app, draft, policy)
        })
        .collect();
    view! {
        <table class="dl"><caption class="vh">"Rules chosen"</caption><thead><tr><th scope="col">"Rule"</th><th scope="col">"Keep"</th><th scope="col">"Within reach"</th><th scope="col">"Delete after"</th><th scope="col">"Counted from"</th><th scope="col">"Checked"</th><th scope="col"><span class="vh">"Change"</span></th></tr></thead>
            <tbody>{rows}</tbody></table>
    }
}

/// A rule of the matter before anything was read.
fn stated(rule: &Rule) -> PolicySaid {
    let title = if rule.title.is_empty() { &rule.id } else { &rule.title };
    let clock = CLOCKS.iter().find(|c| c.0 == rule.clock).map_or("", |c| c.1);
    PolicySaid {
        id: rule.id.clone(),
        title: title.clone(),
        citation: rule.citation.clone(),
        months: rule.months,
        accessible: rule.accessible,
        maximum: rule.maximum,
        clock: clock.to_owned(),
        scope: rule.scope.clone(),
        url: rule.url.clone(),
        last_checked: rule.last_checked.clone(),
        confidence: "edited".to_owned(),
        ..PolicySaid::default()
    }
}

/// A preset as the page itself knows it.
fn known(fact: &words::Fact) -> PolicySaid {
    PolicySaid {
        id: fact.id.to_owned(),
        title: fact.title.to_owned(),
        citation: fact.citation.to_owned(),
        months: (fact.months > 0).then_some(u32::from(fact.months)),
        url: fact.url(),
        confidence: fact.confidence.to_owned(),
        ..PolicySaid::default()
    }
}

fn row(app: App, draft: RwSignal<Option<Rule>>, p: PolicySaid) -> AnyView {
    let id = p.id.clone();
    let remove = move |_| {
        app.change_settings(|s| {
            s.policy.presets.retain(|kept| *kept != id);
            s.policy.rules.retain(|kept| kept.id != id);
        });
    };
    let rule = Rule {
        id: p.id.clone(),
        title: p.title.clone(),
        citation: p.citation.clone(),
        months: p.months,
        accessible: p.accessible,
        maximum: p.maximum,
        clock: clock_word(&p.clock),
        scope: p.scope.clone(),
        url: p.url.clone(),
        last_checked: p.last_checked.clone(),
    };
    let citation = if p.citation.is_empty() { p.id.clone() } else { p.citation.clone() };
    let reference = if p.url.starts_with("https://") {
        view! { <a href=p.url.clone() target="_blank" rel="noopener noreferrer" data-testid="rule-reference">{citation}<span class="vh">" (opens another site)"</span></a> }
    } else {
        citation.into_any()
    };
    let sure = words::sure(&p.confidence);
    let optional = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |_| months(n));
    let label = format!("Remove {}", p.title);
    view! {
        <tr data-testid="rule-row"><th scope="row" class="lead0">{p.title.clone()}<small class="xs q sub">{reference}</small></th><td data-l="Keep" class="nb">{months(p.months)}</td><td data-l="Within reach">{optional(p.accessible)}</td><td data-l="Delete after">{optional(p.maximum)}</td>
            <td data-l="Counted from">{p.clock.clone()}</td><td data-l="Checked"><span class="nb">{p.last_checked.clone()}<small class="xs q sub">{sure}</small></span></td>
            <td class="r"><div class="acts"><button class="btn t" type="button" on:click=move |_| draft.set(Some(rule.clone()))>"Change…"</button><button class="btn t" type="button" aria-label=label on:click=remove>"Remove"</button></div></td></tr>
    }
}

/// A number of months from a field; empty = none.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n| (1..=2400).contains(n))
}

fn form(app: App, draft: RwSignal<Option<Rule>>, rule: Rule) -> AnyView {
    let kept = RwSignal::new(rule.clone());
    let change = move |put: fn(&mut Rule, String)| move |value: String| kept.update(|rule| put(rule, value));
    let shown = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let clocks: Vec<AnyView> = CLOCKS
        .iter()
        .map(|(word, words)| {
            let selected = rule.clock == *word;
            view! { <option value=*word prop:selected=selected>{*words}</option> }
        })
        .collect();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let mut rule = kept.get_untracked();
        if rule.title.is_empty() {
            app.say("A rule needs a title".to_owned());
            return;
        }
        if rule.id.is_empty() {
            let id: String = rule.title.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
            rule.id = format!("own-{}", id.trim_matches('-'));
        }
        app.change_settings(|s| {
            if !s.policy.presets.contains(&rule.id) {
                s.policy.presets.push(rule.id.clone());
            }
            s.policy.rules.retain(|known| known.id != rule.id);
            s.policy.rules.push(rule);
        });
        draft.set(None);
    };
    view! {
        <form class="panel" on:submit=send data-testid="rule-form"><header><h3>{if rule.id.is_empty() { "A rule of your own" } else { "Change this rule for this matter" }}</h3><p class="s q">"A changed rule is marked so wherever it is named."</p></header>
            <div class="in"><div class="set flush">
                {text("Title", "text", rule.title.clone(), change(|r, v| r.title = v))}
                {text("Where it stands", "text", rule.citation.clone(), change(|r, v| r.citation = v))}
                {text("Months to keep", "number", shown(rule.months), change(|r, v| r.months = number(&v)))}
                {text("Months within reach", "number", shown(rule.accessible), change(|r, v| r.accessible = number(&v)))}
                {text("Delete after months", "number", shown(rule.maximum), change(|r, v| r.maximum = number(&v)))}
                <label class="field">"Counted from"<select on:change=move |e| kept.update(|r| r.clock = event_target_value(&e))>{clocks}</select></label>
                {text("Which records", "text", rule.scope.clone(), change(|r, v| r.scope = v))}
                {text("Link to the text", "url", rule.url.clone(), change(|r, v| r.url = v))}
                {text("Last checked", "text", rule.last_checked.clone(), change(|r, v| r.last_checked = v))}
            </div><div class="acts gap"><button class="btn p" type="submit">"Use this rule"</button><button class="btn" type="button" on:click=move |_| draft.set(None)>"Cancel"</button></div></div></form>
    }
}
