//! Channels: which ones carry the work, how the share moves over time, when personal accounts are used. Groups and counts only:
//! no person is named here.

mod groups;
mod hours;
mod over_time;
mod ranked;

use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::marks;
use super::state::{App, app};
use crate::model::Answers;

const QUESTION: &str = "Which channels carry the work, and where is conversation moving?";

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let page = move || match app.answers.get() {
        Some(answers) => body(app, &answers),
        None => (
            marks::head("Channels", QUESTION, ().into_any()),
            marks::first_use("Channels shows which means of conversation people really use with clients, and how that changes."),
        )
            .into_any(),
    };
    page.into_any()
}

fn body(app: App, answers: &Arc<Answers>) -> AnyView {
    view! {
        {marks::head("Channels", QUESTION, marks::csv(app, "Figures as CSV", "csv:channels"))}
        {marks::bar(app, answers)}
        {ranked::section(app, answers)}
        {over_time::section(app, answers)}
        {groups::section(app, answers)}
        {hours::section(app, answers)}
    }
    .into_any()
}

/// Whether client turns are known; without a client list work messages are counted instead.
pub(super) fn by_turns(answers: &Answers) -> bool {
    answers.channels.by_channel.iter().any(|row| row.client_turns > 0)
}

/// Period and zone, for the quiet lines.
pub(super) fn period(answers: &Answers) -> String {
    let scope = &answers.scope;
    let zone = if scope.zone.is_empty() { "UTC" } else { &scope.zone };
    match (&scope.from, &scope.to) {
        (None, None) => format!("all records, {zone}"),
        (from, to) => format!("{}, {zone}", crate::report::phrase::period(from.as_deref(), to.as_deref())),
    }
}
