//! Explaining a gap: a short form in the panel of the open gap, and the list of everything that was explained, each of it to be taken
//! back. Compliance only: notes may carry names.

use std::sync::Arc;

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use super::Open;
use crate::model::Answers;
use crate::model::answer::{ExplanationSaid, Gap};
use crate::model::decision::{Cause, NOTE};
use crate::report::explained;
use crate::report::phrase::{self, count};
use crate::ui::marks;
use crate::ui::parts::{Kind, note, status};
use crate::ui::state::{App, Role};

/// What is being written, and where the focus goes when the answers have come. It outlives the answers.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Draft {
    /// Which gap it is about.
    of: RwSignal<String>,
    kind: RwSignal<String>,
    note: RwSignal<String>,
    /// Whether a field that must be filled is told so.
    told: RwSignal<bool>,
    sought: RwSignal<Option<Sought>>,
}

/// What was said last and is not answered yet.
#[derive(Clone)]
enum Sought {
    /// The gap at this place was explained.
    Explained(String),
    /// This explanation was taken back.
    Back(ExplanationSaid),
}

impl Draft {
    pub(super) fn new() -> Self {
        Self {
            of: RwSignal::new(String::new()),
            kind: RwSignal::new(String::new()),
            note: RwSignal::new(String::new()),
            told: RwSignal::new(false),
            sought: RwSignal::new(None),
        }
    }

    fn cause(self) -> Option<Cause> {
        self.kind.with(|word| Cause::of(word))
    }

    fn clear(self, of: String) {
        self.of.set(of);
        self.kind.set(String::new());
        self.note.set(String::new());
        self.told.set(false);
    }
}

/// What stays the same when gaps are counted anew. No names: keys stand in the document.
fn key(gap: &Gap) -> String {
    format!("x:{}:{}:{}:{}:{}", gap.class, marks::tag(&gap.custodian), gap.channel, gap.kind, phrase::period(gap.from.as_deref(), gap.to.as_deref()))
}

/// What can be said of this gap: leave is of somebody, and leave and closures have days.
fn choices(gap: &Gap) -> impl Iterator<Item = Cause> {
    let dated = gap.from.is_some() && gap.to.is_some();
    let person = gap.person.is_some();
    Cause::ALL.into_iter().filter(move |cause| match cause {
        Cause::Leave => dated && person,
        Cause::Closure => dated,
        _ => true,
    })
}

/// The part of the panel.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>, gap: &Gap) -> AnyView {
    let draft = open.explain;
    if draft.of.with_untracked(|of| *of != key(gap)) {
        draft.clear(key(gap));
    }
    let (answers, gap) = (Arc::clone(answers), gap.clone());
    let content = move || {
        (app.role.get() == Role::Compliance && gap.kind != "untestable").then(|| {
            let said: Vec<AnyView> = gap
                .explanations
                .iter()
                .filter_map(|number| Some((*number, answers.explained.get(*number as usize)?)))
                .map(|(number, said)| card(app, open, &answers, number, said))
                .collect();
            let form = gap.explained.is_none().then(|| form(app, open, &answers, &gap));
            view! { <div class="gap16" data-testid="explain" data-key=key(&gap)>{said}{form}</div> }
        })
    };
    view! { {content} }
}

/// One explanation that speaks of the open gap.
fn card(app: App, open: Open, answers: &Answers, number: u32, said: &ExplanationSaid) -> AnyView {
    let kind = explained::kind(&said.kind);
    let effect = explained::effect(answers, number as usize, said);
    let place = explained::place(said, &marks::veil(app, answers));
    let label = format!("Take back: {kind}, {place}");
    let back = take_back(app, open, number, said);
    view! {
        <h3>"Explained by the reviewer"</h3>
        <div class="said-by" data-testid="explained-gap">
            <p class="s">{status(Kind::Info, kind)}" "<span class="q">{effect}</span></p>
            <p class="gap4 wrap">{said.note.clone()}</p>
            <p class="s q">{explained::made(&said.by, &said.at)}</p>
            <div class="acts gap8"><button class="btn" type="button" data-testid="take-back" aria-label=label on:click=back>"Take back"</button></div>
        </div>
    }
}

fn take_back(app: App, open: Open, number: u32, said: &ExplanationSaid) -> impl Fn(web_sys::MouseEvent) + 'static {
    let said = said.clone();
    move |_| {
        // Numbers change with each: the next one waits for the answers.
        if open.explain.sought.with_untracked(Option::is_some) {
            return;
        }
        open.explain.sought.set(Some(Sought::Back(said.clone())));
        app.say("The explanation was taken back".to_owned());
        app.take_back(number);
    }
}

/// Longer than can be kept, or nothing.
fn wrong(note: &str) -> Option<&'static str> {
    let text = note.trim();
    if text.is_empty() {
        Some("Write a note: it stands in the report beside the gap")
    } else if text.len() > NOTE {
        Some("The note is too long to be kept whole; shorten it to about 4 000 letters")
    } else {
        None
    }
}

fn form(app: App, open: Open, answers: &Arc<Answers>, gap: &Gap) -> AnyView {
    let draft = open.explain;
    let proved = gap.class == "A";
    let place = gap.place();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        draft.told.set(true);
        let by = app.by.with_untracked(|by| by.trim().is_empty());
        let Some(cause) = draft.kind.with_untracked(|word| Cause::of(word)) else { return focus("#explain-kind") };
        if draft.note.with_untracked(|note| wrong(note).is_some()) {
            return focus("#explain-note");
        }
        if by {
            return focus("#explain-by");
        }
        if draft.sought.with_untracked(Option::is_some) {
            return;
        }
        draft.sought.set(Some(Sought::Explained(place.clone())));
        draft.told.set(false);
        app.say(format!("Explained: {}. Counting anew", explained::cause(cause)));
        app.explain(&place, cause.word(), draft.note.with_untracked(|note| note.trim().to_owned()));
    };
    let options: Vec<AnyView> = choices(gap)
        .map(|cause| {
            let mine = move || draft.kind.with(|word| word == cause.word());
            view! { <option value=cause.word() prop:selected=mine>{explained::cause(cause)}</option> }
        })
        .collect();
    let does = move || draft.cause().map_or("", |cause| explained::does(cause, proved));
    let others = others(answers, gap, draft);
    let no_kind = move || (draft.told.get() && draft.cause().is_none()).then_some("Choose an explanation");
    let no_note = move || draft.note.with(|note| wrong(note)).filter(|_| draft.told.get());
    let no_name = move || (draft.told.get() && app.by.with(|by| by.trim().is_empty())).then_some("Write your name: it stands in the report beside the note");
    let marked = |wrong: &dyn Fn() -> Option<&'static str>| wrong().map(|_| "true");
    let (kind_wrong, note_wrong, name_wrong) = (move || marked(&no_kind), move || marked(&no_note), move || marked(&no_name));
    let part = explained::part(gap).map(|part| note(true, format!("{part}; the gap stays open").into_any()));
    view! {
        <h3>"Explain this gap"</h3>
        {part}
        <form novalidate on:submit=send data-testid="explain-form">
            <label class="field">"Explanation"<select id="explain-kind" data-testid="explain-kind" aria-required="true" aria-describedby="explain-kind-wrong explain-does" aria-invalid=kind_wrong on:change=move |e| draft.kind.set(event_target_value(&e))>
                <option value="" prop:selected=move || draft.kind.with(String::is_empty)>"Choose…"</option>{options}</select></label>
            <p class="wrong" id="explain-kind-wrong">{no_kind}</p>
            <p class="s q gap4" id="explain-does">{does}{others}</p>
            <label class="field gap">"Note"<textarea id="explain-note" rows="3" data-testid="explain-note" aria-required="true" aria-describedby="explain-note-wrong" aria-invalid=note_wrong prop:value=draft.note on:input=move |e| draft.note.set(event_target_value(&e))></textarea></label>
            <p class="wrong" id="explain-note-wrong">{no_note}</p>
            <label class="field gap">"Reviewer"<input id="explain-by" type="text" autocomplete="name" data-testid="explain-by" aria-required="true" aria-describedby="explain-by-wrong" aria-invalid=name_wrong prop:value=app.by on:input=move |e| app.by.set(event_target_value(&e))/></label>
            <p class="wrong" id="explain-by-wrong">{no_name}</p>
            <div class="formrow plain"><button class="btn p" type="submit">"Explained"</button></div>
        </form>
    }
}

/// Other gaps on these days that the explanation would explain too: nothing is explained by the way.
fn others(answers: &Arc<Answers>, gap: &Gap, draft: Draft) -> impl Fn() -> String + 'static {
    let within = |other: &&Gap| {
        let inside = matches!((&gap.from, &gap.to, &other.from, &other.to), (Some(a), Some(b), Some(c), Some(d)) if a <= c && d <= b);
        other.id != gap.id
            && other.is_open()
            && inside
            && other.person == gap.person
            && other.channel == gap.channel
            && (gap.conversation_id.is_none() || gap.conversation_id == other.conversation_id)
    };
    let (proved, all) = answers.gaps.iter().filter(within).fold((0, 0), |(a, n), other| (a + u64::from(other.class == "A"), n + 1));
    move || match draft.cause() {
        Some(cause) if !cause.is_calendar() && all > 0 => {
            let of = if proved > 0 { format!(" ({} proved to be missing)", phrase::grouped(proved)) } else { String::new() };
            format!(" On the same days lie {}{of}: explained with it.", count(all, "more gap of this row", "more gaps of this row"))
        }
        _ => String::new(),
    }
}

/// Everything that was explained. A gap that is gone, since its days are leave now, is to be found here only.
pub(super) fn list(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    land(app, open, answers);
    let kept = Arc::clone(answers);
    let content = move || {
        (app.role.get() == Role::Compliance && !kept.explained.is_empty()).then(|| {
            let veil = marks::veil(app, &kept);
            let rows: Vec<AnyView> = kept
                .explained
                .iter()
                .enumerate()
                .rev()
                .map(|(number, said)| {
                    let number = u32::try_from(number).unwrap_or(u32::MAX);
                    let (place, kind) = (explained::place(said, &veil), explained::kind(&said.kind));
                    let effect = explained::effect(&kept, number as usize, said);
                    let label = format!("Take back: {kind}, {place}");
                    let back = take_back(app, open, number, said);
                    let key = format!("e:{number}");
                    view! {
                        <tr data-testid="explained-row" data-key=key><th scope="row" class="lead0 wrap">{place}<small class="xs q sub">{effect}</small></th><td data-l="Explanation">{kind}</td><td data-l="Note" class="s wrap">{said.note.clone()}</td>
                            <td data-l="By, when"><span>{explained::made(&said.by, &said.at)}</span></td>
                            <td data-l="Undo"><button class="btn t" type="button" aria-label=label on:click=back>"Take back"</button></td></tr>
                    }
                })
                .collect();
            view! {
                <section class="b" id="explained"><header><h2>"Explained by the reviewer"</h2><p>"These stand in the report with note and name, and in matter.toml. The days of an explained gap stay gap days: an explanation is not a record."</p></header>
                    <table class="dl"><caption class="vh">"Explanations, the latest first"</caption><thead><tr><th scope="col">"What"</th><th scope="col">"Explanation"</th><th scope="col">"Note"</th><th scope="col">"By, when"</th><th scope="col">"Undo"</th></tr></thead><tbody>{rows}</tbody></table>
                </section>
            }
        })
    };
    view! { {content} }
}

/// Whether a gap lies on the days that an explanation spoke of.
fn on_days(gap: &Gap, said: &ExplanationSaid) -> bool {
    let meets = |a: &Option<String>, b: &Option<String>| a.as_ref().zip(b.as_ref()).is_none_or(|(a, b)| a <= b);
    gap.person == said.person && (said.channel.is_empty() || gap.channel == said.channel) && meets(&said.from, &gap.to) && meets(&gap.from, &said.to)
}

/// After an explanation gaps are counted anew and have other ids: the one that was open is opened again, and the focus goes to it. Where
/// it is gone, since its days are leave now, the focus goes to the explanation.
fn land(app: App, open: Open, answers: &Answers) {
    let Some(sought) = open.explain.sought.get_untracked() else { return };
    open.explain.sought.set(None);
    let same = |gap: &&Gap| match &sought {
        Sought::Explained(place) => gap.place() == *place,
        Sought::Back(said) => gap.is_open() && on_days(gap, said),
    };
    let found = answers.gaps.iter().find(same).map(|gap| gap.id.clone());
    let mut query = String::new();
    let mut add = |name: &str, value: &str| {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        query.push_str(value);
    };
    if let Some(who) = open.who.get_untracked() {
        add("who", &who);
    }
    if let Some((person, channel)) = open.days.get_untracked() {
        add("days", &format!("{person}~{channel}"));
    }
    if let Some(id) = &found {
        add("gap", id);
    }
    let stop = match (&found, &sought) {
        (Some(_), _) => "[data-testid=explain] button[data-testid=take-back], #explain-kind",
        (None, Sought::Explained(_)) => "[data-testid=explained-row] button",
        (None, Sought::Back(_)) => "[data-testid=explained-row] button, main h1",
    };
    let path = open.sight.keep(&format!("/coverage{query}"));
    // When this drawing is done, and the one after the change of the address.
    request_animation_frame(move || {
        // Whoever has gone elsewhere meanwhile stays there.
        if !window().location().pathname().is_ok_and(|at| at.starts_with("/coverage")) {
            return;
        }
        app.replace(&path);
        request_animation_frame(move || request_animation_frame(move || focus(stop)));
    });
}

/// Gives the focus to the first of these that is there.
fn focus(stops: &str) {
    for stop in stops.split(", ") {
        let found = document().query_selector(stop).ok().flatten().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = found {
            if element.tag_name() == "H1" {
                let _ = element.set_attribute("tabindex", "-1");
            }
            let _ = element.focus();
            return;
        }
    }
}
