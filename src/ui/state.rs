//! What the page knows, as signals, each with its reason. The only place that talks to the worker.
//!
//! `answers` is replaced as a whole; rows change one by one, so each has its own signal; the scope lives in the URL (days and
//! channels, never names), so that a reload or the back button keeps it; theme and single keys are the only things stored.

mod browser;
mod choice;
mod heard;
mod names;
mod sieve;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

use crate::model::Answers;
use crate::model::decision::{IdentityDecision, Reveal};
use crate::model::matter::Scope;
use crate::time;
use crate::worker::page::{Client, Stated, Why};
use crate::worker::protocol::{Daily, Excerpt, FileId, FileRow, FormatSaid, List, MatterSaid, Settings, Status};
pub use browser::offer;
use browser::{store, stored};
pub use choice::{Role, Theme};
pub use sieve::Sieve;

/// A file row with a signal of its own: a row that moves does not redraw the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Id.
    pub id: FileId,
    /// The row.
    pub row: RwSignal<FileRow>,
}

/// A document made by the worker: file name, type, text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// File name.
    pub name: String,
    /// Media type.
    pub kind: String,
    /// Text.
    pub text: String,
}

/// Goes to a path; `true` replaces the entry of the history.
type Go = Box<dyn Fn(&str, bool)>;

/// All of the page's state. Copied into every component through the context: [`app`].
#[derive(Clone, Copy)]
pub struct App {
    /// The answers; kept on screen while new ones are counted.
    pub answers: RwSignal<Option<Arc<Answers>>>,
    /// Files, in the order given.
    pub rows: RwSignal<Vec<Row>>,
    /// The matter in short.
    pub matter: RwSignal<MatterSaid>,
    /// The worker is counting.
    pub counting: RwSignal<bool>,
    /// Something was asked of the worker and it has not said `Idle` yet.
    pub busy: RwSignal<bool>,
    /// Who is looking.
    pub role: RwSignal<Role>,
    /// Colours.
    pub theme: RwSignal<Theme>,
    /// Whether single keys (`g`, `/`, `?`) do something (WCAG 2.1.4).
    pub keys: RwSignal<bool>,
    /// The excerpt last asked for.
    pub excerpt: RwSignal<Option<Arc<Excerpt>>>,
    /// The days last asked for.
    pub daily: RwSignal<Option<Arc<Daily>>>,
    /// Every opening of text in this matter.
    pub reveals: RwSignal<Vec<Reveal>>,
    /// All formats that are read, as soon as the worker has said them.
    pub formats: RwSignal<Vec<FormatSaid>>,
    /// People and clients found by name last: reference and words.
    pub found: RwSignal<Vec<(String, String)>>,
    /// Who decides and opens text: asked once, kept while the page is open.
    pub by: RwSignal<String>,
    /// A failure to be shown.
    pub trouble: RwSignal<Option<String>>,
    /// What screen readers hear next.
    pub said: RwSignal<String>,
    /// The document last made, for the report's preview.
    pub document: RwSignal<Option<Arc<Made>>>,
    /// The scope, from the URL.
    pub scope: Memo<Scope>,
    /// What the coverage view shows, from the URL.
    pub sieve: Memo<Sieve>,
    query: Memo<ParamsMap>,
    /// The scope was changed and has not been counted yet.
    recount: StoredValue<bool>,
    /// Documents that were asked for as a download and have not come yet.
    awaited: StoredValue<u32>,
    client: StoredValue<Option<Client>, LocalStorage>,
    go: StoredValue<Go, LocalStorage>,
    root: StoredValue<Owner>,
}

/// The state, from the context.
#[must_use]
pub fn app() -> App {
    expect_context::<App>()
}

impl App {
    /// Makes the state, starts the client and offers the state to all components. Needs the router.
    #[must_use]
    pub fn provide() -> Self {
        let query = use_query_map();
        let scope = Memo::new(move |_| {
            let day = |name: &str| query.with(|q| q.get_str(name).and_then(time::parse_day));
            let channels = query.with(|q| q.get_str("channels").map(|c| c.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect()));
            Scope { from: day("from"), to: day("to"), as_of: day("as_of"), channels: channels.unwrap_or_default() }
        });
        let navigate = use_navigate();
        let go = move |path: &str, replace: bool| navigate(path, NavigateOptions { replace, scroll: !replace, ..NavigateOptions::default() });
        let this = Self {
            answers: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            matter: RwSignal::new(MatterSaid::default()),
            counting: RwSignal::new(false),
            busy: RwSignal::new(false),
            role: RwSignal::new(Role::default()),
            theme: RwSignal::new(stored("theme").map_or(Theme::System, |t| if t == "dark" { Theme::Dark } else { Theme::Light })),
            keys: RwSignal::new(stored("keys").is_none()),
            excerpt: RwSignal::new(None),
            daily: RwSignal::new(None),
            reveals: RwSignal::new(Vec::new()),
            formats: RwSignal::new(Vec::new()),
            found: RwSignal::new(Vec::new()),
            by: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            document: RwSignal::new(None),
            scope,
            sieve: Memo::new(move |_| query.with(Sieve::of)),
            query,
            recount: StoredValue::new(false),
            awaited: StoredValue::new(0),
            client: StoredValue::new_local(None),
            go: StoredValue::new_local(Box::new(go)),
            root: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        provide_context(this);
        this.client.set_value(Some(Client::start(move |event| this.hear(event))));
        Effect::new(move |before: Option<Scope>| {
            let now = scope.get();
            if before.map_or(now != Scope::default(), |b| b != now) {
                this.recount.set_value(true);
                this.tell(|c| c.set_scope(now.clone()));
            }
            now
        });
        #[cfg(debug_assertions)]
        this.load_example();
        this
    }

    /// For looking at the page without a worker: answers as JSON in `window.__answers`, rows in `window.__rows`, a matter in
    /// `window.__matter`. Not in a release.
    #[cfg(debug_assertions)]
    fn load_example(self) {
        use crate::worker::protocol::Event;
        let text = |name: &str| js_sys::Reflect::get(&window(), &name.into()).ok().and_then(|v| v.as_string());
        if let Some(answers) = text("__answers").and_then(|t| serde_json::from_str::<Answers>(&t).ok()) {
            self.hear(Event::Answers(Box::new(answers)));
        }
        for row in text("__rows").and_then(|t| serde_json::from_str::<Vec<FileRow>>(&t).ok()).unwrap_or_default() {
            self.hear(Event::Row(Box::new(row)));
        }
        if let Some(excerpt) = text("__excerpt").and_then(|t| serde_json::from_str::<Excerpt>(&t).ok()) {
            self.hear(Event::Excerpt(Box::new(excerpt)));
        }
        if let Some(matter) = text("__matter").and_then(|t| serde_json::from_str::<MatterSaid>(&t).ok()) {
            self.hear(Event::Matter(Box::new(matter)));
        }
    }

    /// A path inside the page with the scope kept.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        self.scope.with(|scope| self.sieve.with(|sieve| with_scope(path, scope, sieve)))
    }

    /// The same for what is drawn anew with every answer: a change of the scope alone does not draw it a second time.
    #[must_use]
    pub fn link_now(&self, path: &str) -> String {
        untrack(|| self.link(path))
    }

    /// Goes to a path inside the page, keeping the scope.
    pub fn go(&self, path: &str) {
        let path = self.link_now(path);
        self.go.with_value(|go| go(&path, false));
    }

    /// Changes the scope: the URL of the view that is open now.
    pub fn set_scope(&self, scope: &Scope) {
        let path = window().location().pathname().unwrap_or_default();
        let path = self.sieve.with_untracked(|sieve| with_scope(&path, scope, sieve));
        self.go.with_value(|go| go(&path, true));
    }

    /// Takes all filters away.
    pub fn clear_filters(&self) {
        let scope = self.scope.with_untracked(|scope| Scope { as_of: scope.as_of, ..Scope::default() });
        let sieve = self.sieve.with_untracked(|sieve| Sieve { classes: Vec::new(), severities: Vec::new(), rules: Vec::new(), ..sieve.clone() });
        let path = with_scope(&window().location().pathname().unwrap_or_default(), &scope, &sieve);
        self.go.with_value(|go| go(&path, true));
    }

    /// Changes what the coverage view shows; what else is open stays open, but for a gap that may not be shown any more.
    pub fn sift(&self, how: impl FnOnce(&mut Sieve)) {
        let (mut query, mut sieve) = (self.query.get_untracked(), self.sieve.get_untracked());
        let before = sieve.clone();
        how(&mut sieve);
        if (&sieve.classes, &sieve.severities, &sieve.rules) != (&before.classes, &before.severities, &before.rules) {
            query.remove("gap");
        }
        for (name, value) in sieve.pairs() {
            query.remove(name);
            if !value.is_empty() {
                query.insert(name, value);
            }
        }
        let path = window().location().pathname().unwrap_or_default() + &query.to_query_string();
        self.go.with_value(|go| go(&path, true));
    }

    /// Chooses a role and goes where it starts.
    pub fn set_role(&self, role: Role) {
        if self.answers.with_untracked(Option::is_none) {
            return self.role.set(role);
        }
        // The view that is left must not be drawn again for the new role while it is taken down: what it holds is gone by then.
        self.go(role.landing());
        let role_of = self.role;
        request_animation_frame(move || request_animation_frame(move || role_of.set(role)));
    }

    /// Chooses colours.
    pub fn set_theme(&self, theme: Theme) {
        self.theme.set(theme);
        store("theme", (theme != Theme::System).then(|| theme.word()));
    }

    /// Turns single keys on or off.
    pub fn set_keys(&self, on: bool) {
        self.keys.set(on);
        store("keys", (!on).then_some("off"));
    }

    /// Whether text of messages stays hidden for this role.
    #[must_use]
    pub fn masked(&self) -> bool {
        self.role.get() != Role::Compliance
    }

    /// Whether names are replaced for the role that is looking: executives read pseudonyms unless the matter says otherwise.
    #[must_use]
    pub fn hides_names(&self) -> bool {
        self.role.get() == Role::Executive && self.matter.with(|matter| matter.settings.privacy.pseudonyms)
    }

    /// Whether anything was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.with(Vec::is_empty) && self.answers.with(Option::is_none)
    }

    /// A digest, or why there is none.
    #[must_use]
    pub fn digest(&self, sha256: &str) -> String {
        match sha256 {
            "" if self.idle() => "not known: the file could not be read a second time".to_owned(),
            "" => "being computed".to_owned(),
            known => known.to_owned(),
        }
    }

    /// Whether nothing is running.
    #[must_use]
    pub fn idle(&self) -> bool {
        !self.busy.get()
            && !self.counting.get()
            && self.rows.with(|rows| rows.iter().all(|r| r.row.with(|row| !matches!(row.status, Status::Waiting | Status::Reading))))
    }

    /// Says something to screen readers.
    pub fn say(&self, text: String) {
        self.said.set(text);
    }

    /// Adds exports; lists and matter files among them, told by their names, go where they belong.
    pub fn add(&self, files: Vec<(String, web_sys::File)>) {
        let (lists, exports): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| List::of(path).is_some());
        for (path, file) in lists {
            if let Some(list) = List::of(&path) {
                self.add_list(list, file);
            }
        }
        if exports.is_empty() {
            return;
        }
        self.trouble.set(None);
        self.busy.set(true);
        let count = exports.len();
        self.say(if count == 1 { "Reading 1 file".to_owned() } else { format!("Reading {count} files") });
        self.tell(move |c| c.add_files(exports));
    }

    /// Adds a list or a matter file.
    pub fn add_list(&self, list: List, file: web_sys::File) {
        self.trouble.set(None);
        self.busy.set(true);
        self.tell(move |c| c.add_list(list, file));
    }

    /// Reads a list again with these columns: heading and field.
    pub fn map_list(&self, list: List, columns: &[(String, String)]) {
        self.trouble.set(None);
        self.tell(|c| c.map_list(list, columns));
    }

    /// Stops a file.
    pub fn cancel(&self, file: FileId) {
        self.tell(|c| c.cancel(file));
    }

    /// Forgets a file.
    pub fn remove(&self, file: FileId) {
        self.tell(|c| c.remove(file));
    }

    /// Reads a file again, with what a person stated.
    pub fn reread(&self, file: FileId, stated: Stated) {
        self.busy.set(true);
        self.tell(|c| c.reread(file, stated));
    }

    /// Asks for the records around one; with a reason, their text.
    pub fn ask_excerpt(&self, row: u32, reason: Option<String>) {
        let why = reason.map(|reason| self.why(reason));
        self.tell(|c| c.excerpt(row, why.as_ref()));
    }

    /// A reason with who gives it and the present time.
    fn why(&self, reason: String) -> Why {
        Why { reason, by: self.by.get_untracked(), at: js_sys::Date::new_0().to_iso_string().into() }
    }

    /// Changes the settings of the matter.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.matter.with_untracked(|matter| matter.settings.clone());
        change(&mut settings);
        // What is typed next starts from what was typed last, not from what has come back.
        self.matter.update_untracked(|matter| matter.settings.clone_from(&settings));
        self.tell(|c| c.set_settings(&settings));
    }

    /// Decides whose a handle is; `decision` lacks who and when.
    pub fn decide(&self, mut decision: IdentityDecision) {
        let why = self.why(std::mem::take(&mut decision.reason));
        (decision.reason, decision.by, decision.at) = (why.reason, why.by, why.at);
        self.tell(|c| c.decide(&decision));
    }

    /// Takes the decision with this number back.
    pub fn undo(&self, number: u32) {
        self.tell(|c| c.undo(number));
    }

    /// Decides whether a conversation is work; without a reason the decision is taken back.
    pub fn decide_class(&self, conversation: &str, work: bool, reason: String) {
        let why = self.why(reason);
        self.tell(|c| c.decide_class(conversation, work, &why));
    }

    /// Explains the gap at this place (`Gap::place`), for this cause; with a note.
    pub fn explain(&self, place: &str, kind: &str, note: String) {
        let why = self.why(note);
        self.tell(|c| c.explain(place, kind, &why));
    }

    /// Takes the explanation with this number back.
    pub fn take_back(&self, number: u32) {
        self.tell(|c| c.take_back(number));
    }

    /// Goes to a path inside the page, in the place of the one that is open.
    pub fn replace(&self, path: &str) {
        let path = self.scope.with_untracked(|scope| self.sieve.with_untracked(|sieve| with_scope(path, scope, sieve)));
        self.go.with_value(|go| go(&path, true));
    }

    /// Asks for the messages per day of one custodian on one channel.
    pub fn ask_daily(&self, person: &str, channel: &str) {
        self.tell(|c| c.daily(person, channel));
    }

    /// Loads the synthetic firm.
    pub fn sample(&self) {
        self.trouble.set(None);
        self.busy.set(true);
        self.say("Loading the sample firm".to_owned());
        self.tell(Client::sample);
    }

    /// Saves the matter as a file.
    pub fn save(&self) {
        self.tell(Client::save);
    }

    /// Opens a saved matter.
    pub fn open(&self, file: web_sys::File) {
        self.trouble.set(None);
        self.busy.set(true);
        self.tell(|c| c.open(file));
    }

    /// Has a document made and offers it as a download: `json`, `html`, `csv:gaps` ... as in [`Client::document`].
    pub fn download(&self, kind: &str) {
        self.awaited.update_value(|n| *n += 1);
        self.tell(|c| c.document(kind));
    }

    /// Has a document made for `document`, without a download.
    pub fn make(&self, kind: &str) {
        self.tell(|c| c.document(kind));
    }

    /// Forgets everything that was read.
    pub fn start_over(&self) {
        self.tell(Client::start_over);
        self.rows.set(Vec::new());
        self.answers.set(None);
        self.matter.set(MatterSaid::default());
        self.excerpt.set(None);
        self.daily.set(None);
        self.reveals.set(Vec::new());
        self.document.set(None);
        self.trouble.set(None);
        self.busy.set(false);
        self.counting.set(false);
        self.set_scope(&Scope::default());
        self.go("/import");
        self.say("Everything was forgotten".to_owned());
    }

    fn tell(&self, what: impl FnOnce(&Client)) {
        if let Some(client) = self.client.with_value(Clone::clone) {
            what(&client);
        }
    }
}

/// A path with the scope as its query, and with what the coverage view shows if it leads there.
fn with_scope(path: &str, scope: &Scope, sieve: &Sieve) -> String {
    let mut out = path.to_owned();
    let mut add = |name: &str, value: &str| {
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    };
    for (name, day) in [("from", scope.from), ("to", scope.to), ("as_of", scope.as_of)] {
        if let Some(day) = day {
            add(name, &time::day_name(day));
        }
    }
    if !scope.channels.is_empty() {
        add("channels", &scope.channels.join(","));
    }
    for (name, value) in sieve.pairs().iter().filter(|(_, value)| !value.is_empty() && path.starts_with("/coverage")) {
        add(name, value);
    }
    out
}
