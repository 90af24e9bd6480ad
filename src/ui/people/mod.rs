//! People: leavers and the client conversations they hold; the page of one leaver. HR reads names of listed leavers and no text,
//! executives read counts only.

mod client;
mod list;
mod over_time;
mod person;

use crate::ui::node::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::marks;
use super::parts;
use super::state::{App, Role, app};
use crate::model::Answers;

const QUESTION: &str = "People on the list of leavers, and the client conversations they hold";

/// The view: the list, or one person when the path names an id.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let path = use_location().pathname;
    let query = use_query_map();
    let id = Memo::new(move |_| path.with(|path| path.strip_prefix("/people/").filter(|id| !id.is_empty()).map(str::to_owned)));
    let client = Memo::new(move |_| query.with(|q| q.get_str("client").and_then(|n| n.parse::<usize>().ok())).unwrap_or(0));
    let page = move || match (app.answers.get(), id.get()) {
        (None, _) => (
            marks::head("People", QUESTION, ().into_any()),
            marks::first_use("People shows who leaves, which clients only they speak with, and on which accounts. It needs a people list with last days."),
        )
            .into_any(),
        (Some(answers), Some(id)) if app.role.get() != Role::Executive => person::page(app, &answers, &id, client),
        (Some(answers), _) => body(app, &answers),
    };
    page.into_any()
}

fn body(app: App, answers: &Answers) -> AnyView {
    let save = (app.role.get() != Role::Executive).then(|| marks::csv(app, "List as CSV", "csv:leavers"));
    view! { {marks::head("People", QUESTION, view! { {save} }.into_any())}{marks::bar(app, answers)}{list::sections(app, answers)} }.into_any()
}

/// Note that a person cannot be shown here.
fn unknown(app: App) -> AnyView {
    view! {
        <p class="back"><a href=move || app.link("/people")>"People"</a></p><h1 tabindex="-1">"Person"</h1>
        {parts::note(true, view! { "No leaver with this id is in the present answers. Ids change when sources are read again." }.into_any())}
    }
    .into_any()
}
