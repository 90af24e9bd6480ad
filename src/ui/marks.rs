//! Signs of the product: channel with its mark, gap class, status, tables behind charts. Built as short markup with every text
//! escaped, because hundreds of them stand on one page; views put them in place.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::model::Answers;
use crate::report::chart::{mark, slot_class};
use crate::report::veil::{Names, Veil};
use crate::report::{phrase, words};
use crate::text::html;

/// Markup made here or by `report::chart`: its texts are escaped already.
pub fn raw(class: &'static str, markup: String) -> AnyView {
    view! { <span class=class inner_html=markup></span> }.into_any()
}

/// The same as a block.
pub fn raw_block(class: &'static str, markup: String) -> AnyView {
    view! { <div class=class inner_html=markup></div> }.into_any()
}

/// Colour slot of a channel; 6 when it has none.
#[must_use]
pub fn slot(answers: &Answers, slug: &str) -> u8 {
    answers.channels.by_channel.iter().find(|row| row.channel == slug).map_or(6, |row| row.slot)
}

/// Mark and name of a channel, as markup.
#[must_use]
pub fn channel_markup(answers: &Answers, slug: &str) -> String {
    if slug.is_empty() {
        return String::new();
    }
    let slot = slot(answers, slug);
    format!("<span class=\"ch\"><svg class=\"mk {}\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">{}</svg>{}</span>", slot_class(slot), mark(slot), html(&words::channel(slug)))
}

/// Mark and name of a channel.
pub fn channel(answers: &Answers, slug: &str) -> AnyView {
    raw("", channel_markup(answers, slug))
}

/// Letter of a gap class in its box.
#[must_use]
pub const fn class_markup(class: &str) -> &'static str {
    match class.as_bytes() {
        b"A" => "<span class=\"cls A\" aria-hidden=\"true\">A</span>",
        b"B" => "<span class=\"cls B\" aria-hidden=\"true\">B</span>",
        b"C" => "<span class=\"cls C\" aria-hidden=\"true\">C</span>",
        _ => "<span class=\"cls U\" aria-hidden=\"true\">U</span>",
    }
}

/// Letter and word of a gap class.
pub fn class(class: &str) -> AnyView {
    raw("ch", format!("{} {}", class_markup(class), phrase::class_word(class)))
}

/// How a status reads: icon, word and colour together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Needs action.
    Danger,
    /// In doubt.
    Warn,
    /// Settled.
    Good,
    /// Not known.
    Unknown,
    /// To know.
    Info,
}

/// A status as markup.
#[must_use]
pub fn status_markup(tone: Tone, word: &str) -> String {
    let (class, icon) = match tone {
        Tone::Danger => ("st d", "<path d=\"M6 .5 11.5 6 6 11.5.5 6z\" fill=\"currentColor\"/>"),
        Tone::Warn => (
            "st w",
            "<path d=\"M6 1 11.5 11H.5z\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/><path d=\"M6 4.5v3M6 9v.1\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linecap=\"round\"/>",
        ),
        Tone::Good => (
            "st g",
            "<circle cx=\"6\" cy=\"6\" r=\"5.5\" fill=\"currentColor\"/><path class=\"k-bg\" d=\"m3.5 6.2 1.8 1.8 3.3-3.8\" fill=\"none\" stroke-width=\"1.5\"/>",
        ),
        Tone::Unknown => (
            "st u",
            "<rect x=\".75\" y=\".75\" width=\"10.5\" height=\"10.5\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.2\"/><path d=\"M1 7 7 1M1 11 11 1M5 11l6-6\" stroke=\"currentColor\" stroke-width=\"1\"/>",
        ),
        Tone::Info => ("st i", "<circle cx=\"6\" cy=\"6\" r=\"5.2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"/><path d=\"M6 5.4v3M6 3.4v.1\" stroke=\"currentColor\" stroke-width=\"1.5\" stroke-linecap=\"round\"/>"),
    };
    format!("<span class=\"{class}\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\">{icon}</svg>{}</span>", html(word))
}

/// A status.
pub fn status(tone: Tone, word: &str) -> AnyView {
    raw("", status_markup(tone, word))
}

/// Severity of a finding or gap.
pub fn severity(severity: &str) -> AnyView {
    let tone = match severity {
        "high" => Tone::Danger,
        "medium" => Tone::Warn,
        "low" => Tone::Unknown,
        _ => Tone::Info,
    };
    status(tone, phrase::severity_word(severity))
}

/// Filled dot for the firm's own accounts, open dot for personal ones.
#[must_use]
pub fn owner_markup(owner: &str) -> String {
    let (class, word) = match owner {
        "firm" => ("own f", "firm-owned"),
        "personal" => ("own p", "personal account"),
        _ => ("own", "owner not stated"),
    };
    format!("<span class=\"{class}\">{word}</span>")
}

/// The table behind a chart, folded. Headings that start with `#` are columns of numbers.
#[must_use]
pub fn table_markup(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::with_capacity(256 + rows.len() * 64);
    let _ = write!(out, "<div class=\"grid-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption class=\"vh\">{0}</caption><thead><tr>", html(caption));
    for head in heads {
        let _ = match head.strip_prefix('#') {
            Some(head) => write!(out, "<th scope=\"col\" class=\"r\">{}</th>", html(head)),
            None => write!(out, "<th scope=\"col\">{}</th>", html(head)),
        };
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let right = heads.get(i).is_some_and(|head| head.starts_with('#'));
            let _ = match (i, right) {
                (0, _) => write!(out, "<th scope=\"row\">{}</th>", html(cell)),
                (_, true) => write!(out, "<td class=\"r\">{}</td>", html(cell)),
                _ => write!(out, "<td>{}</td>", html(cell)),
            };
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

/// "Show as table" under a chart; the rows are made when it is first opened. `csv` names the table to be saved.
pub fn as_table(caption: &'static str, heads: &'static [&'static str], rows: impl Fn() -> Vec<Vec<String>> + 'static, csv: &'static str) -> AnyView {
    let open = RwSignal::new(false);
    let body = move || {
        open.get().then(|| {
            let save = (!csv.is_empty()).then(|| {
                let app = crate::ui::state::app();
                view! { <p class="xs"><button class="btn t" type="button" on:click=move |_| app.download(csv)>"Save as CSV"</button></p> }
            });
            (raw_block("", table_markup(caption, heads, &rows())), save).into_any()
        })
    };
    view! { <details class="tab" on:toggle=move |_| open.set(true)><summary>"Show as table"</summary>{body}</details> }.into_any()
}

/// Title, question and actions of a view.
pub fn head(title: &str, question: &str, actions: AnyView) -> AnyView {
    let (title, question) = (title.to_owned(), question.to_owned());
    view! { <div class="head"><div><h1 tabindex="-1">{title}</h1><p class="q">{question}</p></div><div class="acts">{actions}</div></div> }.into_any()
}

/// What a view shows before anything was read: what belongs here, one action.
pub fn first_use(what: &'static str) -> AnyView {
    let app = crate::ui::state::app();
    view! {
        <section class="b">
            <p class="lead">{what}</p>
            <p class="s q m">"Nothing was read yet. Files are read on this device and are not sent anywhere."</p>
            <p class="formrow plain"><a class="btn p l" href=move || app.link("/import")>"Add files"</a></p>
        </section>
    }
    .into_any()
}

/// Who may be named in the role that is looking.
pub fn veil(app: super::state::App, answers: &Answers) -> Veil {
    use super::state::Role;
    let names = match app.role.get() {
        Role::Compliance => Names::All,
        Role::Hr => Names::Leavers,
        Role::Executive => Names::Nobody,
    };
    Veil::new(names, answers)
}

/// The attribute of the element at or above an event's target, searched by a selector.
#[must_use]
pub fn hit(event: &web_sys::Event, selector: &str, attribute: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()?.get_attribute(attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_behind_charts_hold_text_only() {
        let markup = table_markup("<b>", &["Name", "#Days"], &[vec!["<img src=x>".to_owned(), "3".to_owned()]]);
        assert!(!markup.contains("<img") && !markup.contains("<b>"));
        assert!(markup.contains("<th scope=\"row\">&lt;img src=x&gt;</th><td class=\"r\">3</td>"));
    }
}
