//! Signs and frames that several views of the answers share: what may be named, a channel with its mark, head of a view, the table
//! behind a chart, which mark was hit in a drawing.

mod filters;
pub mod rules;

use crate::ui::node::prelude::*;

use super::parts::{self, Kind, channel_name, class_badge};
use super::state::{App, Role, app};
use crate::model::Answers;
use crate::report::chart::table_markup;
pub use crate::report::chart::tag;
use crate::report::phrase;
use crate::report::veil::{Names, Veil};
pub use filters::{bar, bar_of_gaps, clear, filtered, said};

/// A block of markup made by this program: drawings of `report::chart` and tables of thousands of cells, all texts escaped.
pub fn block(class: &'static str, markup: String) -> AnyView {
    view! { <div class=class inner_html=markup></div> }.into_any()
}

/// Colour slot of a channel; 6 when it has none.
#[must_use]
pub fn slot(answers: &Answers, slug: &str) -> u8 {
    answers.channels.by_channel.iter().find(|row| row.channel == slug).map_or(6, |row| row.slot)
}

/// Mark and name of a channel; nothing when there is none.
pub fn channel(answers: &Answers, slug: &str) -> AnyView {
    if slug.is_empty() { ().into_any() } else { channel_name(slug, slot(answers, slug)) }
}

/// Letter and word of a gap class.
pub fn class(class: &str) -> AnyView {
    view! { <span class="ch">{class_badge(class)}{phrase::class_word(class)}</span> }.into_any()
}

/// First and last day; a day is never broken over two lines.
pub fn period(from: Option<&str>, to: Option<&str>) -> AnyView {
    match (from, to) {
        (Some(from), Some(to)) if from != to => view! { <span class="nb">{from}</span>" to "<span class="nb">{to}</span> }.into_any(),
        (from, to) => view! { <span class="nb">{phrase::period(from, to)}</span> }.into_any(),
    }
}

/// Whether an account is the firm's, from the word of the answers.
#[must_use]
pub fn firm(owner: &str) -> Option<bool> {
    match owner {
        "firm" => Some(true),
        "personal" => Some(false),
        _ => None,
    }
}

/// The words for the owner of a main channel, below its name.
#[must_use]
pub const fn account(firm: Option<bool>) -> &'static str {
    match firm {
        Some(true) => "firm-owned",
        Some(false) => "personal account",
        None => "owner not stated",
    }
}

/// How far the role that is looking may read names. Tracks the role, and the setting where the role asks for it.
pub fn names(app: App) -> Names {
    match app.role.get() {
        Role::Compliance => Names::All,
        Role::Hr => Names::Leavers,
        Role::Executive if app.hides_names() => Names::Nobody,
        Role::Executive => Names::All,
    }
}

/// Who may be named in the role that is looking. Tracks the role.
pub fn veil(app: App, answers: &Answers) -> Veil {
    Veil::new(names(app), answers)
}

/// A button that has a table saved as CSV.
pub fn csv(app: App, label: &'static str, kind: &'static str) -> AnyView {
    view! { <button class="btn" type="button" on:click=move |_| app.download(kind)>{label}</button> }.into_any()
}

/// "Show the other 48 custodians": the button under a table that was cut. `name` is one and many.
pub fn more(shown: RwSignal<usize>, total: usize, step: usize, name: (&'static str, &'static str)) -> AnyView {
    let left = total.saturating_sub(shown.get());
    if left == 0 {
        return ().into_any();
    }
    let label = if left <= step {
        format!("Show the other {}", phrase::count(left as u64, name.0, name.1))
    } else {
        format!("Show {step} more of the other {}", phrase::count(left as u64, name.0, name.1))
    };
    // Paper shows what is shown, and says what is not.
    let paper = format!("{} not printed here", phrase::count(left as u64, name.0, name.1));
    view! { <p class="s gap8"><button class="ln no-print" type="button" on:click=move |_| shown.update(|n| *n += step)>{label}</button><span class="on-paper q">{paper}</span></p> }.into_any()
}

thread_local! {
    /// Tables that stand open: a redraw with new answers finds them open again, and filled.
    static OPENED: std::cell::RefCell<Vec<&'static str>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// "Show as table": the content is made while it is open.
fn fold(caption: &'static str, content: impl Fn() -> AnyView + 'static) -> AnyView {
    use wasm_bindgen::JsCast;
    let open = RwSignal::new(OPENED.with_borrow(|opened| opened.contains(&caption)));
    let toggle = move |event: web_sys::Event| {
        let now = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlDetailsElement>().ok()).is_some_and(|details| details.open());
        OPENED.with_borrow_mut(|opened| {
            opened.retain(|known| *known != caption);
            if now {
                opened.push(caption);
            }
        });
        if now != open.get_untracked() {
            open.set(now);
        }
    };
    let body = move || open.get().then(&content);
    view! { <details class="tab" prop:open=move || open.get() on:toggle=toggle><summary>"Show as table"</summary>{body}</details> }.into_any()
}

/// "Show as table" under a chart. `csv` names the table that can be saved, empty for none.
pub fn as_table(app: App, caption: &'static str, heads: Vec<String>, rows: Vec<Vec<String>>, csv: &'static str) -> AnyView {
    fold(caption, move || {
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let save = (!csv.is_empty() && app.role.get_untracked() == Role::Compliance || matches!(csv, "csv:channels" | "csv:groups"))
            .then(|| view! { <p class="xs"><button class="ln" type="button" on:click=move |_| app.download(csv)>"Save as CSV"</button></p> });
        view! { {block("", table_markup(caption, &heads, &rows))}{save} }.into_any()
    })
}

/// The same for numbers the page has itself: the table that is shown is the one that is saved.
pub fn own_table(caption: &'static str, heads: Vec<String>, rows: Vec<Vec<String>>, file: &'static str) -> AnyView {
    fold(caption, move || {
        let names: Vec<&str> = heads.iter().map(String::as_str).collect();
        let table = table_markup(caption, &names, &rows);
        let (heads, rows) = (heads.clone(), rows.clone());
        let save = move |_| {
            let line = |cells: &[String]| cells.iter().map(|cell| crate::text::csv_cell(cell.strip_prefix('#').unwrap_or(cell))).collect::<Vec<_>>().join(",");
            let lines: Vec<String> = std::iter::once(line(&heads)).chain(rows.iter().map(|row| line(row))).collect();
            super::state::offer(file, format!("\u{feff}{}\r\n", lines.join("\r\n")).as_bytes(), "text/csv");
        };
        view! { {block("", table)}<p class="xs"><button class="ln" type="button" on:click=save>"Save as CSV"</button></p> }.into_any()
    })
}

/// Title, question and actions of a view.
pub fn head(title: &'static str, question: &'static str, actions: AnyView) -> AnyView {
    view! { {print_head(title)}<div class="head"><div><h1 tabindex="-1">{title}</h1><p class="q">{question}</p></div><div class="acts">{actions}</div></div> }
        .into_any()
}

/// On paper: matter, view, dates and zone.
pub fn print_head(title: &'static str) -> AnyView {
    let app = app();
    let place =
        move || app.matter.with(|matter| if matter.settings.name.is_empty() { title.to_owned() } else { format!("{} · {title}", matter.settings.name) });
    let dates = move || {
        app.answers.with(|answers| {
            let scope = &answers.as_ref()?.scope;
            Some(format!("{}, {}", phrase::period(scope.from.as_deref(), scope.to.as_deref()), scope.zone))
        })
    };
    view! { <div class="ph"><b>{place}</b><span>{dates}</span></div> }.into_any()
}

/// What a view shows before anything was read: what belongs here, one action.
pub fn first_use(what: &'static str) -> AnyView {
    let app = app();
    let page = move || {
        parts::empty(
            if app.idle() { "Nothing was read yet" } else { "Reading the files; the answers follow" }.to_owned(),
            format!("{what} Files are read on this device; nothing is sent anywhere."),
            view! { <a class="btn p l" href=move || app.link("/import")>"Add files"</a> }.into_any(),
        )
    };
    page.into_any()
}

/// Something that is not known, for the lists of limits.
pub fn limit(title: String, text: String, kind: Kind) -> AnyView {
    view! { <div><h3>{parts::status(kind, "")}{title}</h3><p>{text}</p></div> }.into_any()
}

/// The attribute of the element at or above an event's target, searched by a selector.
#[must_use]
pub fn hit(event: &web_sys::Event, selector: &str, attribute: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest(selector).ok().flatten()?.get_attribute(attribute)
}

/// Brings an element into sight after the address has changed and the view has been drawn.
pub fn show(id: &'static str) {
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(element) = document().get_element_by_id(id) {
                element.scroll_into_view();
            }
        });
    });
}
