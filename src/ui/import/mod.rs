//! Import: what was given, was it read? Rows in three groups (needs you, reading, done), a ledger for each, open questions as short
//! forms, lists and policy below. `row`: one file; `question`: the forms; `ledger`: what became of every record; `lists`: the supporting files.

mod ledger;
mod lists;
mod question;
mod row;

use crate::ui::node::keyed;
use crate::ui::node::prelude::*;

use super::parts::{Take, dialog, file_button, glyph, grouped, icon};
use super::state::{App, Row, app};
use crate::worker::protocol::{FileRow, Status};

/// Rows of a group shown at once.
const SHOWN: usize = 200;

/// Groups of rows, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    NeedsYou,
    Reading,
    Done,
}

fn group_of(row: &FileRow) -> Group {
    match row.status {
        Status::Question | Status::Failed => Group::NeedsYou,
        Status::Waiting | Status::Reading => Group::Reading,
        Status::Done | Status::Cancelled => Group::Done,
    }
}

/// The view.
#[must_use]
pub fn page() -> AnyView {
    let app = app();
    let sure = RwSignal::new(false);
    let something = move || !app.is_empty();
    let over = move || something().then(|| view! { <button class="btn" type="button" on:click=move |_| sure.set(true)>"Start over…"</button> });
    let save = move || {
        app.answers
            .with(Option::is_some)
            .then(|| view! { <button class="btn" type="button" data-testid="save-matter" on:click=move |_| app.save()>"Save matter"</button> })
    };
    view! {
        <div class="head"><div><h1 tabindex="-1">"Import"</h1>
            <p class="q">"Add the exports you hold. They are read in this window; nothing is uploaded, and closing the page forgets them."</p></div>
            <div class="acts">
                {file_button("Open matter file…", "btn", "open-matter", Take::One, move |files| files.into_iter().for_each(|(_, file)| app.open(file)))}
                {save}{over}
            </div></div>
        {drop_zone(app)}
        {move || if something() { None } else { Some(first_use(app)) }}
        {move || app.rows.with(|r| !r.is_empty()).then(|| summary(app))}
        {group(app, Group::NeedsYou, "Needs you")}
        {group(app, Group::Reading, "Reading")}
        {group(app, Group::Done, "Done")}
        {lists::section(app)}
        {dialog(sure, "Start over", start_over(app, sure))}
    }
}

fn start_over(app: App, open: RwSignal<bool>) -> AnyView {
    let press = move |_| {
        open.set(false);
        app.start_over();
        // The button that opened the dialog is gone.
        request_animation_frame(super::shell::focus_heading);
    };
    view! {
        <p class="m">"This forgets all files, lists, answers and settings of this matter. Your files stay where they are. A matter that was not saved is gone."</p>
        <div class="acts gap"><button class="btn p" type="button" on:click=press>"Forget everything"</button><button class="btn" type="button" on:click=move |_| open.set(false)>"Keep it"</button></div>
    }
    .into_any()
}

fn drop_zone(app: App) -> AnyView {
    view! {
        <div class="drop">{icon(glyph::IMPORT)}
            <div><h2 class="h3">"Drop files or folders anywhere on this page"</h2>
                <p class="s q">"WhatsApp, WeChat, Telegram, Signal, iMessage, SMS and other chats; e-mail and Outlook files; Slack, Teams, Google Chat; discovery packages; CSV and JSON. Folders, zip, tar and gz as they are. "<a href=move || app.link("/method")>"All formats"</a></p></div>
            <div class="acts">
                {file_button("Choose files", "btn p l", "files-input", Take::Many, move |files| app.add(files))}
                {file_button("Choose folder", "btn l", "folder-input", Take::Folder, move |files| app.add(files))}
            </div></div>
    }
    .into_any()
}

fn first_use(app: App) -> AnyView {
    view! {
        <section class="empty"><h2>"Nothing has been added yet"</h2>
            <p class="q m">"With exports alone the page shows which channels carry the work and where records are missing. With a people list and a client list it also shows who leaves and which client conversations they hold. To see how it looks, load a synthetic firm: invented people, invented messages."</p>
            <div class="acts"><button class="btn" type="button" data-testid="sample-data" on:click=move |_| app.sample()>"Try with sample data"</button></div></section>
    }
    .into_any()
}

/// What worked first, then what did not. Counts are sums over the rows on screen.
fn summary(app: App) -> AnyView {
    let sums = Memo::new(move |_| {
        let mut sums = Sums::default();
        for row in app.rows.get() {
            row.row.with(|r| sums.add(r));
        }
        sums
    });
    let head = move || {
        let s = sums.get();
        let files = if s.files == 1 { "file" } else { "files" };
        format!("{} messages read from {} of {} {files}", grouped(s.messages), grouped(s.done), grouped(s.files))
    };
    let rest = move || {
        let s = sums.get();
        let mut parts = Vec::new();
        for (n, word) in [
            (s.reading, "reading"),
            (s.questions, if s.questions == 1 { "needs an answer" } else { "need an answer" }),
            (s.failed, "not read"),
            (s.cancelled, "cancelled"),
        ] {
            if n > 0 {
                parts.push(format!("{} {word}", grouped(n)));
            }
        }
        if s.skipped > 0 {
            parts.push(format!("{} records skipped", grouped(s.skipped)));
        }
        if parts.is_empty() { "No record skipped".to_owned() } else { parts.join(", ") }
    };
    let counting = move || app.counting.get().then(|| view! { <span class="s q">"Counting…"</span> });
    view! { <div class="sum"><h2>{head}</h2>{counting}<span class="s q" role="status">{rest}</span></div> }.into_any()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sums {
    files: u64,
    done: u64,
    messages: u64,
    skipped: u64,
    reading: u64,
    questions: u64,
    failed: u64,
    cancelled: u64,
}

impl Sums {
    fn add(&mut self, row: &FileRow) {
        let files = row.files.max(1);
        self.files += files;
        self.messages += row::messages(row);
        self.skipped += row.sources.iter().map(crate::model::Source::skipped_total).sum::<u64>();
        match row.status {
            Status::Done if row.files > 0 => {
                self.done += files - row.unread().min(files);
                self.failed += row.unread().min(files);
            }
            Status::Done => self.done += 1,
            Status::Waiting | Status::Reading => self.reading += files,
            Status::Question => self.questions += files,
            Status::Failed => self.failed += files,
            Status::Cancelled => self.cancelled += files,
        }
    }
}

fn group(app: App, which: Group, title: &'static str) -> AnyView {
    let all = RwSignal::new(false);
    let rows = Memo::new(move |_| app.rows.get().into_iter().filter(|r| r.row.with(|row| group_of(row) == which)).collect::<Vec<Row>>());
    let bounded = move || {
        let mut rows = rows.get();
        if !all.get() {
            rows.truncate(SHOWN);
        }
        rows
    };
    let head = move || {
        let n = rows.with(Vec::len);
        (n > 0).then(|| view! { <h3 class="grp">{format!("{title}, {}", grouped(n as u64))}</h3> })
    };
    let more = move || {
        let n = rows.with(Vec::len);
        (n > SHOWN && !all.get())
            .then(|| view! { <p class="s gap"><button class="ln" type="button" on:click=move |_| all.set(true)>{format!("Show {} more", grouped((n - SHOWN) as u64))}</button></p> })
    };
    view! { {head}<ul>{keyed(bounded, |r: &Row| r.id, move |r| row::row(app, r))}</ul>{more} }.into_any()
}
