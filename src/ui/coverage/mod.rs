//! Coverage: who is covered on what and when; the gaps; one gap with its evidence. The open gap and the custodian of the
//! timeline stand in the URL by ids that mean nothing once the page is closed.

mod basis;
mod calendar;
mod copies;
mod detail;
mod explain;
mod gaps;
mod matrix;
mod sifted;
mod timeline;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::ui::node::prelude::*;
use leptos_router::hooks::use_query_map;

use super::marks;
use super::marks::rules::{Rules, takes};
use super::state::{App, Role, Sieve, app};
use crate::model::Answers;
use crate::report::custodians::{Custodian, Part, parts};

/// What is open in this view.
#[derive(Clone, Copy)]
pub(super) struct Open {
    /// Gap whose detail is shown; the first one when none was chosen.
    pub(super) gap: Memo<Option<String>>,
    /// Custodian whose timeline is shown; `None` = the worst three.
    pub(super) who: Memo<Option<String>>,
    /// Custodian and channel whose days are shown.
    pub(super) days: Memo<Option<(String, String)>>,
    /// Part of a name that is looked for. Not in the URL: browser history must not collect people.
    pub(super) find: RwSignal<String>,
    /// What is being explained.
    pub(super) explain: explain::Draft,
    /// What of the timeline is in sight.
    pub(super) sight: timeline::Sight,
    /// Groups of custodians that are folded, by name.
    pub(super) folded: RwSignal<BTreeSet<String>>,
}

impl Open {
    /// Folds a group, or opens it.
    pub(super) fn fold(self, name: &str) {
        self.folded.update(|folded| {
            if !folded.remove(name) {
                folded.insert(name.to_owned());
            }
        });
    }
}

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let query = use_query_map();
    let asked = move |name: &'static str| query.with(|q| q.get_str(name).map(str::to_owned));
    let open = Open {
        gap: Memo::new(move |_| asked("gap").or_else(|| app.answers.with(|answers| app.sieve.with(|sieve| first(sieve, answers.as_deref()?))))),
        who: Memo::new(move |_| asked("who")),
        days: Memo::new(move |_| asked("days").and_then(|days| days.split_once('~').map(|(who, on)| (who.to_owned(), on.to_owned())))),
        find: RwSignal::new(String::new()),
        explain: explain::Draft::new(),
        sight: timeline::Sight::new(),
        folded: RwSignal::new(BTreeSet::new()),
    };
    open.sight.follow();
    // Counted by the worker, for the one row that is looked at, and again with every new answer.
    watch(move || {
        if let Some((person, channel)) = open.days.get()
            && app.answers.with(Option::is_some)
        {
            app.ask_daily(&person, &channel);
        }
    });
    let page = move || match app.answers.get() {
        Some(answers) => body(app, open, &answers),
        None => (
            marks::head("Coverage", "Is what the policy requires in the archive, and can every absence be explained?", ().into_any()),
            marks::first_use("Coverage shows, for each custodian and channel, which required days the sources hold, and every gap with its reasons."),
        )
            .into_any(),
    };
    page.into_any()
}

fn body(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let actions = move || {
        (app.role.get() == Role::Compliance).then(|| {
            view! { {marks::csv(app, "Gaps as CSV", "csv:gaps")}{marks::csv(app, "Coverage as CSV", "csv:coverage")} }
        })
    };
    view! {
        <div on:pointerdown=move |ev| open.sight.carry(&ev) on:click=move |ev| open.sight.carry(&ev)>
        {marks::head("Coverage", "Is what the policy requires in the archive, and can every absence be explained?", view! { {actions} }.into_any())}
        {marks::bar_of_gaps(app, answers)}
        {matrix::section(app, open, answers)}
        {timeline::section(app, open, answers)}
        {calendar::section(app, open, answers)}
        {gaps::section(app, open, answers)}
        {detail::section(app, open, answers)}
        {copies::section(app, answers)}
        {explain::list(app, open, answers)}
        </div>
    }
    .into_any()
}

/// The most severe gap that the filters show.
fn first(sieve: &Sieve, answers: &Answers) -> Option<String> {
    let rules = Rules::new(sieve, answers);
    answers.gaps.iter().find(|gap| takes(sieve, &rules, gap)).map(|gap| gap.id.clone())
}

/// Address of the days of one row.
pub(super) fn days_link(app: App, person: &str, channel: &str) -> String {
    format!("{}#calendar", app.link_now(&format!("/coverage?who={person}&days={person}~{channel}")))
}

/// Custodians by the division chosen; who may not see small groups sees them as the settings divide and merge them. Tracks the choice and
/// the role.
pub(super) fn parts_of<'a, 'b>(app: App, list: &[&'b Custodian<'a>]) -> Option<Vec<Part<'a, 'b>>> {
    let least = app.matter.with(|matter| matter.settings.privacy.min_group) as usize;
    let least = (app.role.get() != Role::Compliance).then_some(least);
    app.sieve.with(|sieve| parts(list, &sieve.group, least))
}

/// In small letters, by the browser: tables of letters would make the page larger.
fn folded(text: &str) -> js_sys::JsString {
    js_sys::JsString::from(text).to_lower_case()
}

/// Whether a name is among those looked for.
pub(super) fn is_found(name: &str, looked: &str) -> bool {
    looked.is_empty() || folded(name).index_of(looked, 0) >= 0
}

/// What is looked for, ready to be compared. Tracks the field.
pub(super) fn looked(open: Open) -> String {
    open.find.with(|text| String::from(folded(text.trim())))
}

/// Address of one gap in this view.
pub(super) fn gap_link(app: App, id: &str) -> String {
    format!("{}#gap", app.link_now(&format!("/coverage?gap={id}")))
}
