//! Client turns over accounts the firm does not keep, by department, region or grade: one division in a matter, chosen here by those who
//! may change its settings. Groups that are too small do not reach the page.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::period;
use crate::model::Answers;
use crate::model::answer::Groups;
use crate::model::matter::Division;
use crate::report::groups as said;
use crate::report::phrase::{count, grouped, kind_word, percent};
use crate::text::html;
use crate::ui::marks;
use crate::ui::state::{App, Role};

/// Bars in one drawing; the table has all.
const DRAWN: usize = 20;

/// The section; nothing when a list or the register is missing.
pub(super) fn section(app: App, answers: &Arc<Answers>) -> AnyView {
    let Some(groups) = &answers.channels.groups else { return ().into_any() };
    let about = format!("{} {}.", said::about(groups), kind_word(&period(answers)));
    let more = groups.rows.len().saturating_sub(DRAWN);
    let rest = if more > 0 { format!(" {} in the table.", count(more as u64, "smaller group", "smaller groups")) } else { String::new() };
    let drawing = (!groups.withheld).then(|| {
        let heads = [kind_word(&groups.by), "#Employees".to_owned(), "#Client turns".to_owned(), "#Share".to_owned()].to_vec();
        let rows = groups.rows.iter().map(|row| {
            let share = row.share.map_or_else(|| "–".to_owned(), percent);
            vec![said::name(groups, row), grouped(row.people), grouped(row.off_client_turns), share]
        });
        view! { <div inner_html=bars(groups)></div>{marks::as_table(app, "Client turns on other accounts, by group", heads, rows.collect(), "csv:groups")} }
    });
    view! {
        <section class="b"><figure class="split">
            <figcaption><h2>{title(groups)}</h2><p class="gap4">{about}{rest}</p>{choice(app, groups)}<p class="xs q gap12">{said::merged(groups)}" "{said::PROTECTED}</p></figcaption>
            <div data-testid="group-chart" data-by=groups.by.clone()>{drawing}</div>
        </figure></section>
    }
    .into_any()
}

/// The group that writes most, when it is one.
fn title(groups: &Groups) -> String {
    let most = groups.rows.iter().filter(|row| row.name != "Other" && row.off_client_turns > 0).max_by_key(|row| row.off_client_turns);
    match most {
        Some(row) if !groups.withheld => {
            let share = row.share.map(percent).unwrap_or_default();
            format!("{}: {share} of what employees write to clients outside the firm's channels", said::name(groups, row))
        }
        _ => format!("Outside the firm's channels, by {}", groups.by),
    }
}

/// The choice of the division, which is a setting of the matter.
fn choice(app: App, groups: &Groups) -> AnyView {
    if app.role.get() == Role::Executive {
        return ().into_any();
    }
    let change = move |event: web_sys::Event| {
        if let Some(division) = Division::of(&event_target_value(&event)) {
            app.change_settings(|s| s.privacy.division = division);
        }
    };
    let options: Vec<AnyView> = Division::ALL
        .into_iter()
        .map(|division| {
            let selected = groups.by == division.word();
            view! { <option value=division.word() prop:selected=selected>{kind_word(division.word())}</option> }.into_any()
        })
        .collect();
    view! { <label class="s pick gap12 no-print" data-key="division"><span class="q">"Divided by"</span><select data-testid="division" on:change=change>{options}</select></label> }.into_any()
}

fn bars(groups: &Groups) -> String {
    let most = groups.rows.iter().map(|row| row.off_client_turns).max().unwrap_or(1).max(1);
    let mut out = String::from("<div class=\"rk rg\">");
    for row in groups.rows.iter().take(DRAWN) {
        let width = (row.off_client_turns as f64 / most as f64 * 1000.0).round().max(if row.off_client_turns > 0 { 3.0 } else { 0.0 }) as u64;
        let _ = write!(
            out,
            "<span>{}</span><svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect x=\".5\" y=\".5\" width=\"{width}\" height=\"15\" class=\"f-s1 k-cov vx\"/></svg><span class=\"v\"><b>{}</b><span class=\"q\">{}, {}</span></span>",
            html(&said::name(groups, row)),
            html(&row.share.map_or_else(|| "–".to_owned(), percent)),
            count(row.off_client_turns, "turn", "turns"),
            count(row.people, "employee", "employees"),
        );
    }
    out.push_str("</div>");
    out
}
