//! Custodian by channel: per cent and class letter in each cell, one form per class, arrow keys between cells.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use super::sifted::Sifted;
use super::{Open, days_link, gap_link, is_found, looked, parts_of};
use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::report::custodians::{Custodian, Part, channels, custodians, headline};
use crate::report::phrase::{count, grouped, per_cent, ratio};
use crate::report::{phrase, words};
use crate::text::html;
use crate::ui::marks;
use crate::ui::state::App;

/// Custodians shown at first, and added by each further step.
const FIRST: usize = 12;
const STEP: usize = 200;

/// The section with headline and matrix.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let shown = RwSignal::new(FIRST);
    let kept = Arc::clone(answers);
    let content = move || {
        let answers = &kept;
        let list = custodians(answers, &marks::veil(app, answers));
        if list.is_empty() {
            return unknown(app);
        }
        let title = headline(answers, &list);
        let quiet = quiet(&list);
        let sought = looked(open);
        let sifted = Sifted::new(app, answers);
        let named: Vec<&Custodian> = list.iter().filter(|custodian| is_found(&custodian.name, &sought)).collect();
        let found: Vec<&Custodian> = named.iter().copied().filter(|custodian| sifted.custodian(custodian)).collect();
        let none = if named.is_empty() {
            view! { <p class="s q gap8">"No custodian has this in the name. "<button class="ln" type="button" on:click=move |_| open.find.set(String::new())>"Show all"</button></p> }.into_any()
        } else if found.is_empty() {
            view! { <p class="s q gap8">{sifted.nobody()}{marks::clear(app)}</p> }.into_any()
        } else if sifted.narrows() {
            view! { <p class="s q gap8">{sifted.only(found.len())}{marks::clear(app)}</p> }.into_any()
        } else {
            ().into_any()
        };
        let figures: Vec<AnyView> = sifted.figures().into_iter().map(|said| view! { <p class="s gap8">{said}</p> }.into_any()).collect();
        let parts = parts_of(app, &found).unwrap_or_else(|| vec![Part { name: String::new(), members: found }]);
        let left: usize = parts.iter().map(|part| part.members.len().saturating_sub(shown.get())).sum();
        let total = shown.get() + left;
        let selected = open.gap.get();
        let grid = open.folded.with(|folded| {
            let cells = Cells { app, sifted: &sifted, selected: selected.as_deref(), channels: channels(answers) };
            grid(&cells, &parts, shown.get(), folded, &list)
        });
        let act = move |event: &web_sys::Event| {
            if let Some(fold) = marks::hit(event, "[data-fold]", "data-fold") {
                open.fold(&fold);
            }
        };
        view! {
            <section class="b b32">
                <header><h2>{title}</h2><div class="with-filter"><div><p>{quiet}</p></div><div class="picks no-print">{division(app)}<label class="s pick"><span class="q">"Find custodian"</span><input type="search" data-testid="find-custodian" autocomplete="off" prop:value=move || open.find.get() on:input=move |ev| open.find.set(event_target_value(&ev))/></label></div></div></header>
                {figures}{none}
                <div on:click=move |ev| act(&ev) on:keydown=arrows inner_html=grid></div>
                {marks::block("key gap12", KEY.to_owned())}
                {marks::more(shown, total, STEP, ("custodian", "custodians"))}
            </section>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

/// The legend.
const KEY: &str = "<span><i class=\"kx c\"></i>Covered, % of required days</span><span><i class=\"kx A\"></i>A Missing, proved</span><span><i class=\"kx B\"></i>B Unexplained silence</span><span><i class=\"kx C\"></i>C Not covered</span><span><i class=\"kx U\"></i>? Unknown, or cannot be tested</span><span><i class=\"kx N\"></i>Not expected</span>";

fn unknown(app: App) -> AnyView {
    view! {
        <section class="b b32"><header><h2>"Coverage is not known"</h2>
        <p>"No custodian could be told from the sources. A people list, or the owner of each export, says whose records these are."</p></header>
        <p><a class="btn" href=move || app.link("/import")>"Add a people list"</a></p></section>
    }
    .into_any()
}

fn quiet(list: &[Custodian]) -> String {
    let unknown: u64 = list.iter().map(|c| c.unknown).sum();
    let expected: u64 = list.iter().map(|c| c.expected).sum();
    format!(
        "Share of required business days with a record or an explained silence, per cent, worst first. Unknown days are counted apart: {} of {}.",
        grouped(unknown),
        grouped(expected)
    )
}

/// Grouped by the division of the settings, or by nothing.
fn division(app: App) -> AnyView {
    let by = app.sieve.with(|sieve| sieve.group.clone());
    // One division in a matter: two could be compared with each other.
    let word = app.matter.with(|matter| matter.settings.privacy.division.word());
    let choices = [(if by.is_empty() { word.to_owned() } else { by.clone() }, phrase::kind_word(word))];
    let options: Vec<AnyView> = std::iter::once((String::new(), "Nothing".to_owned()))
        .chain(choices)
        .map(|(value, word)| {
            let selected = value == by;
            view! { <option value=value prop:selected=selected>{word}</option> }.into_any()
        })
        .collect();
    let choose = move |event: web_sys::Event| app.sift(|sieve| sieve.group = event_target_value(&event));
    view! { <label class="s pick" data-key="group"><span class="q">"Group by"</span><select data-testid="group-by" on:change=choose>{options}</select></label> }
        .into_any()
}

/// What all cells need.
struct Cells<'a, 'b> {
    app: App,
    sifted: &'b Sifted<'a>,
    selected: Option<&'b str>,
    channels: Vec<&'a str>,
}

/// The table as markup: thousands of cells, all texts escaped. A part without a name has no row of its own.
fn grid(cells: &Cells, parts: &[Part], shown: usize, folded: &BTreeSet<String>, all: &[Custodian]) -> String {
    let mut out = String::with_capacity(4096 + shown.min(all.len()) * cells.channels.len() * 160);
    out.push_str("<div class=\"mx-fit\"><table class=\"mx\" role=\"grid\" data-testid=\"coverage-matrix\"><caption class=\"vh\">Share of required business days covered, custodian by channel, per cent. Arrow keys move between cells.</caption><thead><tr><th scope=\"col\">Custodian</th>");
    for slug in &cells.channels {
        let rows = all.iter().flat_map(|c| c.rows.iter()).filter(|row| row.channel == *slug);
        let (covered, expected) = rows.fold((0, 0), |sum, row| (sum.0 + row.covered_days, sum.1 + row.expected_days));
        let _ = write!(out, "<th scope=\"col\">{}<small>{}</small></th>", breakable(&words::channel(slug)), tenths(covered, expected));
    }
    let (covered, expected) = all.iter().fold((0, 0), |sum, c| (sum.0 + c.covered, sum.1 + c.expected));
    let _ = write!(out, "<th scope=\"col\">All<small>{}</small></th></tr></thead><tbody>", tenths(covered, expected));
    let mut y = 0;
    for part in parts {
        let open = part.name.is_empty() || !folded.contains(&part.name);
        if !part.name.is_empty() {
            group(&mut out, cells, part, open);
        }
        for custodian in part.members.iter().take(if open { shown } else { 0 }) {
            line(&mut out, cells, custodian, y);
            y += 1;
        }
    }
    out.push_str("</tbody></table></div>");
    out
}

/// The row of a group, with its sums; it folds.
fn group(out: &mut String, cells: &Cells, part: &Part, open: bool) {
    let _ = write!(
        out,
        "<tr class=\"grp\" data-testid=\"group-row\"><th scope=\"row\"><button type=\"button\" class=\"ln\" aria-expanded=\"{open}\" data-fold=\"{0}\" data-key=\"mf:{0}\">{0}</button><small>{1}</small></th>",
        html(&part.name),
        count(part.members.len() as u64, "custodian", "custodians")
    );
    for slug in cells.channels.iter().copied().chain([""]) {
        let (expected, covered) = part.days(slug);
        let _ = write!(
            out,
            "<td{}>{}</td>",
            if slug.is_empty() { " class=\"tot\"" } else { "" },
            html(&ratio(covered, expected).map(per_cent).unwrap_or_default())
        );
    }
    out.push_str("</tr>");
}

fn line(out: &mut String, cells: &Cells, custodian: &Custodian, y: usize) {
    let leaves = custodian.last_day.map(|day| format!("<small>{} {}</small>", if custodian.gone { "left" } else { "leaves" }, html(day))).unwrap_or_default();
    let name = if custodian.last_day.is_some() && custodian.name != "No owner known" {
        format!("<a class=\"rl\" href=\"{}\">{}</a>", html(&cells.app.link_now(&format!("/people/{}", custodian.person))), html(&custodian.name))
    } else {
        html(&custodian.name)
    };
    let _ = write!(out, "<tr><th scope=\"row\">{name}{leaves}</th>");
    for (x, slug) in cells.channels.iter().enumerate() {
        let _ = write!(out, "<td>{}</td>", cell(cells, custodian, slug, (x, y)));
    }
    let total = ratio(custodian.covered, custodian.expected).map(per_cent).unwrap_or_default();
    let _ = write!(out, "<td class=\"tot\">{}</td></tr>", html(&total));
}

/// Where a long channel name may break in a narrow column.
fn breakable(name: &str) -> String {
    html(name)
        .replace("WhatsApp", "Whats\u{ad}App")
        .replace("Telegram", "Tele\u{ad}gram")
        .replace("WeChat", "We\u{ad}Chat")
        .replace("iMessage", "iMes\u{ad}sage")
}

/// As on the overview: nearest tenth, 100 only when every day is covered.
fn tenths(covered: u64, expected: u64) -> String {
    ratio(covered, expected).map_or_else(|| "–".to_owned(), phrase::tenths)
}

fn cell(cells: &Cells, custodian: &Custodian, slug: &str, at: (usize, usize)) -> String {
    let (app, sifted) = (cells.app, cells.sifted);
    let key = format!("m:{}:{slug}", marks::tag(custodian.rows.first().map_or("", |row| row.custodian.as_str())));
    let place = format!("data-at=\"{}-{}\" data-key=\"{}\" tabindex=\"{}\"", at.0, at.1, html(&key), if at == (0, 0) { 0 } else { -1 });
    let who = format!("{}, {}", custodian.name, words::channel(slug));
    let row: Option<&CoverageRow> = custodian.rows.iter().find(|row| row.channel == slug).copied();
    let Some(row) = row.filter(|row| row.expected_days > 0 || !row.worst.is_empty()) else {
        return format!("<span class=\"no\" {place} aria-label=\"{}: not expected\">·</span>", html(&who));
    };
    if !sifted.required(row) {
        return format!("<span class=\"no\" {place} aria-label=\"{}: not required by the rules chosen\">·</span>", html(&who));
    }
    let value = ratio(row.covered_days, row.expected_days).map_or_else(|| "?".to_owned(), per_cent);
    let gap = sifted.gap(row);
    let link = gap.map_or_else(|| days_link(app, custodian.person, slug), |gap| gap_link(app, gap));
    let open = cells.selected.is_some_and(|id| row.spans.iter().any(|span| span.gap.as_deref() == Some(id)));
    let current = if open { " aria-current=\"true\"" } else { "" };
    let mark = if open { " sel" } else { "" };
    let whole = row.covered_days == row.expected_days || value == "99";
    // The letter is drawn by the style sheet: the name of the link says it in words.
    let (class, inside, word) = match sifted.worst(row) {
        "A" => ("gap gA", format!("{}<i data-m=\"A\"></i>", html(&value)), "missing"),
        "B" => ("gap gB", format!("<span>{}<i data-m=\"B\"></i></span>", html(&value)), "unexplained silence"),
        "C" => ("gap gC", format!("{}<i data-m=\"C\"></i>", html(&value)), "not covered"),
        "U" => ("unk0", "<span>?</span>".to_owned(), "unknown, or cannot be tested"),
        _ if row.unknown_days > 0 && row.covered_days == 0 && !sifted.narrows() => ("unk0", "<span>?</span>".to_owned(), "unknown"),
        _ if whole => ("full", html(&value), ""),
        _ => ("", html(&value), ""),
    };
    let days = format!("{} of {}", phrase::grouped(row.covered_days), count(row.expected_days, "day", "days"));
    let label = if word.is_empty() { format!("{who}: {value} % covered, {days}") } else { format!("{who}: {value} % covered, {days}, {word}") };
    format!("<a class=\"{class}{mark}\" href=\"{}\" {place} aria-label=\"{}\"{current}>{inside}</a>", html(&link), html(&label))
}

/// Arrow keys, Home, End between the cells; one cell at a time is a tab stop.
fn arrows(event: web_sys::KeyboardEvent) {
    let Some(from) = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
    let Some((x, y)) =
        from.get_attribute("data-at").and_then(|at| at.split_once('-').and_then(|(x, y)| Some((x.parse::<i32>().ok()?, y.parse::<i32>().ok()?))))
    else {
        return;
    };
    let Some(table) = from.closest("table").ok().flatten() else { return };
    let to = |x: i32, y: i32| table.query_selector(&format!("[data-at='{x}-{y}']")).ok().flatten();
    let last = |x: i32, y: i32, dx: i32, dy: i32| {
        let mut found = None;
        let (mut x, mut y) = (x, y);
        while let Some(next) = to(x, y) {
            found = Some(next);
            x += dx;
            y += dy;
        }
        found
    };
    let corner = event.ctrl_key() || event.meta_key();
    let target = match event.key().as_str() {
        "ArrowRight" => to(x + 1, y),
        "ArrowLeft" => to(x - 1, y),
        "ArrowDown" => to(x, y + 1),
        "ArrowUp" => to(x, y - 1),
        "Home" => to(0, if corner { 0 } else { y }),
        "End" if corner => last(x, y, 0, 1).and_then(|_| (0..).map_while(|row| to(0, row).map(|_| row)).last()).and_then(|row| last(0, row, 1, 0)),
        "End" => last(x, y, 1, 0),
        "PageDown" => to(x, y + 10).or_else(|| last(x, y, 0, 1)),
        "PageUp" => to(x, (y - 10).max(0)),
        _ => return,
    };
    event.prevent_default();
    if let Some(target) = target.and_then(|t| t.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = from.set_attribute("tabindex", "-1");
        let _ = target.set_attribute("tabindex", "0");
        let _ = target.focus();
    }
}
