//! The report: a print preview of the same document that is saved as HTML, and the other forms of the answers. Names follow the role
//! that is looking, on screen, on paper and in the saved file.

use crate::ui::node::prelude::*;

use super::marks;
use super::parts::note;
use super::state::{App, app};
use crate::report::csv::TABLES;
use crate::report::veil::Names;

const QUESTION: &str = "The findings on paper: verdict, figures, sources with their digests, and what was not examined";

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let page = move || match app.answers.get() {
        Some(_) => body(app),
        None => (marks::head("Report", QUESTION, ().into_any()), marks::first_use("The report puts verdict, findings, tables, sources and method on paper."))
            .into_any(),
    };
    page.into_any()
}

fn body(app: App) -> AnyView {
    let names = marks::names(app);
    let save = move |_| app.download(&format!("html:{}", names.word()));
    let print = move |_| drop(window().print());
    // The worker writes the document; it comes again whenever the answers or the role have changed.
    let wanted = format!("preview:{}", names.word());
    app.make(&wanted);
    let preview = move || app.document.with(|made| made.as_ref().filter(|made| made.name == wanted).map(|made| made.text.clone())).unwrap_or_default();
    view! {
        <div class="no-print">
            {marks::head("Report", QUESTION, view! {
                <button class="btn p" type="button" on:click=print>"Print"</button>
                <button class="btn" type="button" on:click=save>"Save HTML"</button>
            }.into_any())}
            {forms(app, names)}
            <p class="s q gap16">"Preview. On paper: A4, light, the heads of tables repeated, page numbers and the level of names on every page."</p>
        </div>
        <div class="preview" data-testid="report-preview" inner_html=preview></div>
    }
    .into_any()
}

/// Tables and JSON carry all names: only the role that may read them gets them.
fn forms(app: App, names: Names) -> AnyView {
    if names != Names::All {
        let text = if names == Names::Leavers { "Only listed leavers are named in this report." } else { "Pseudonyms stand for names in this report." };
        return note(false, view! { {text}" Tables (CSV) and JSON carry all names; they are saved in the compliance role." }.into_any());
    }
    let tables: Vec<AnyView> = TABLES
        .iter()
        .map(|(id, row)| {
            let kind = format!("csv:{id}");
            let label = phrase_of(id);
            view! { <button class="btn" type="button" title=*row on:click=move |_| app.download(&kind)>{label}</button> }.into_any()
        })
        .collect();
    view! { <div class="forms"><span class="s q">"Save as CSV"</span>{tables}<span class="s q">"or"</span><button class="btn" type="button" on:click=move |_| app.download("json")>"JSON, all answers"</button></div> }.into_any()
}

fn phrase_of(id: &str) -> String {
    crate::report::phrase::kind_word(id)
}
