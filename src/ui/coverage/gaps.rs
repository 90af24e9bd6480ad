//! The gaps as a table, most severe first; sortable by column, the order in the URL. Beyond [`MANY`] rows only those near the sight are in
//! the document, in a frame that scrolls.

use std::sync::Arc;

use crate::ui::node::keyed;
use crate::ui::node::prelude::*;

use super::{Open, basis, gap_link, is_found, looked};
use crate::model::Answers;
use crate::model::answer::Gap;
use crate::report::custodians::class_rank;
use crate::report::explained;
use crate::report::phrase;
use crate::report::phrase::{count, grouped};
use crate::report::veil::Veil;
use crate::ui::marks;
use crate::ui::marks::rules::{Rules, takes};
use crate::ui::parts;
use crate::ui::state::App;

/// Rows shown at first.
const FIRST: usize = 10;
const STEP: usize = 100;
/// Rows above which a list is drawn by parts.
const MANY: usize = 200;
/// Rows drawn above and below what is in sight.
const AROUND: usize = 20;

/// What rows are sorted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Severity,
    Class,
    Period,
    Custodian,
    Channel,
    Estimate,
}

impl By {
    /// The word in the URL.
    const fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Class => "class",
            Self::Period => "period",
            Self::Custodian => "custodian",
            Self::Channel => "channel",
            Self::Estimate => "estimate",
        }
    }

    /// Column and whether it descends, from the URL. Tracks it.
    fn now(app: App) -> (Self, bool) {
        app.sieve.with(|sieve| {
            let down = sieve.sort.strip_prefix('-');
            let word = down.unwrap_or(&sieve.sort);
            let by = [Self::Class, Self::Period, Self::Custodian, Self::Channel, Self::Estimate].into_iter().find(|by| by.word() == word);
            (by.unwrap_or(Self::Severity), down.is_some())
        })
    }
}

/// The section.
pub(super) fn section(app: App, open: Open, answers: &Arc<Answers>) -> AnyView {
    let kept = Arc::clone(answers);
    if answers.gaps.is_empty() {
        let title = if answers.coverage.is_empty() {
            "Gaps are not known".to_owned()
        } else {
            let days = answers.coverage.iter().map(|row| row.expected_days).sum();
            format!("No gaps found{} in {}", if marks::filtered(app) { " for these filters" } else { "" }, count(days, "required day", "required days"))
        };
        let clear = marks::filtered(app).then(|| marks::clear(app));
        return view! { <section class="b"><header><h2>{title}</h2><p>"No gap found is not proof that nothing is missing: a message that no source holds, names or counts leaves no trace."</p></header>{clear}</section> }.into_any();
    }
    let list = List { shown: RwSignal::new(FIRST), rows: RwSignal::new((0, 2 * AROUND)), frame: NodeRef::new(), height: RwSignal::new(57.0) };
    let content = move || {
        let sieve = app.sieve.get();
        let all = &kept.gaps;
        let rules = Rules::new(&sieve, &kept);
        let sifted: Vec<u32> = (0..).zip(all).filter(|(_, gap)| takes(&sieve, &rules, gap)).map(|(at, _)| at).collect();
        let title = title(&kept, &sifted, sieve.narrows());
        if sifted.is_empty() {
            let said = format!("{} found; the filters leave all of them out.", count(all.len() as u64, "gap was", "gaps were"));
            return view! { <section class="b" data-testid="no-gaps"><header><h2>{title}</h2><p>{said}</p></header>{marks::clear(app)}</section> }.into_any();
        }
        view! {
            <section class="b">
                <header><h2>{title}</h2><p>"Ordered by severity: required days, certainty, estimated messages, client contact, recency. "<a href=move || format!("{}#gaps", app.link("/method"))>"How severity is counted"</a></p></header>
                {table(app, open, &kept, sifted, list)}
            </section>
        }
        .into_any()
    };
    view! { {content} }.into_any()
}

fn title(answers: &Answers, shown: &[u32], narrowed: bool) -> String {
    let gaps = || shown.iter().filter_map(|at| answers.gaps.get(*at as usize));
    let counts = explained::counted(gaps());
    let said = match (counts.open(), counts.untestable) {
        _ if shown.is_empty() => return "No gaps for these filters".to_owned(),
        (0, 0) => format!("No open gap; {} explained", count(counts.explained, "gap is", "gaps are")),
        (0, u) => format!("{} that cannot be tested", count(u, "stream", "streams")),
        (n, 0) if counts.explained == 0 => count(n, "open gap", "open gaps"),
        (n, 0) => format!("{}, {} explained", count(n, "open gap", "open gaps"), grouped(counts.explained)),
        (n, u) => format!("{}, {} that cannot be tested", count(n, "open gap", "open gaps"), count(u, "stream", "streams")),
    };
    if narrowed { format!("{said}, of {} in all", grouped(answers.gaps.len() as u64)) } else { said }
}

/// How much of the list is in the document. Outlives a change of its order.
#[derive(Clone, Copy)]
struct List {
    /// Rows shown without a frame.
    shown: RwSignal<usize>,
    /// Rows drawn in the frame: the first, and the one behind the last.
    rows: RwSignal<(usize, usize)>,
    frame: NodeRef<leptos::html::Div>,
    /// Height of a row: known when one is drawn.
    height: RwSignal<f64>,
}

impl List {
    /// Draws other rows when those drawn do not reach any more.
    fn measure(self, total: usize) {
        // The view may have been left since this was asked for.
        let Some(frame) = self.frame.try_get_untracked().flatten() else { return };
        if let Some(row) = frame.query_selector("[data-testid=gap-row]").ok().flatten() {
            let height = row.get_bounding_client_rect().height().max(20.0);
            if (height - self.height.get_untracked()).abs() > 0.1 {
                self.height.set(height);
            }
        }
        let height = self.height.get_untracked();
        let first = (f64::from(frame.scroll_top()) / height) as usize;
        let last = first + (f64::from(frame.client_height()) / height) as usize + 1;
        let (from, to) = self.rows.get_untracked();
        if (from > 0 && first < from + 5) || (to < total && last + 5 > to) || first >= to {
            self.rows.set((first.saturating_sub(AROUND), (last + AROUND).min(total)));
        }
    }
}

/// The row that has the focus: its place in the list.
fn focused() -> Option<usize> {
    document().active_element()?.closest("[data-testid=gap-row]").ok()??.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(2)
}

thread_local! {
    /// Counts the lists drawn, so that no row of an older one is taken for one of the next.
    static DRAWN: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

fn table(app: App, open: Open, answers: &Arc<Answers>, sifted: Vec<u32>, list: List) -> AnyView {
    let kept = Arc::clone(answers);
    let body = move || {
        let veil = Arc::new(marks::veil(app, &kept));
        let (by, down) = By::now(app);
        let sought = looked(open);
        let gap = |at: &u32| kept.gaps.get(*at as usize);
        let mut order: Vec<(u32, &Gap)> = sifted.iter().filter_map(|at| Some((*at, gap(at)?))).collect();
        order.retain(|(_, gap)| sought.is_empty() || is_found(&basis::whom(gap, &veil), &sought));
        sort(&mut order, by, &veil);
        if down {
            order.reverse();
        }
        let order: Arc<Vec<u32>> = Arc::new(order.into_iter().map(|(at, _)| at).collect());
        let total = order.len();
        let shown = list.shown.get().min(total);
        let framed = shown > MANY;
        let drawn = DRAWN.get().wrapping_add(1) % 2048;
        DRAWN.set(drawn);
        let (rows_of, rows_in) = (Arc::clone(&order), Arc::clone(&kept));
        let window = move || {
            let (from, to) = list.rows.get();
            if framed { (from.min(total), to.min(total)) } else { (0, shown) }
        };
        let wanted = move || {
            let (from, to) = window();
            let mut rows: Vec<usize> = (from..to).collect();
            // What has the focus stays, wherever it has been scrolled to.
            match focused().filter(|row| framed && *row < total) {
                Some(row) if row < from => rows.insert(0, row),
                Some(row) if row >= to => rows.push(row),
                _ => {}
            }
            rows
        };
        let show = move |place: usize| {
            let gap = rows_of.get(place).and_then(|at| rows_in.gaps.get(*at as usize));
            gap.map_or_else(|| ().into_any(), |gap| row(app, open, &rows_in, gap, &veil, place))
        };
        let rows = keyed(wanted, move |place| drawn << 20 | u32::try_from(*place).unwrap_or(0), show);
        let space = move |above: bool| {
            let (from, to) = window();
            let rows = if above { from } else { total - to };
            (framed && rows > 0).then(|| {
                let height = (rows as f64 * list.height.get()).round();
                view! { <tr class="space" aria-hidden="true"><td colspan="7"><svg width="1" height=height></svg></td></tr> }
            })
        };
        request_animation_frame(move || list.measure(total));
        let table = view! {
            <div class:gaps-frame=framed tabindex=framed.then_some("0") role=framed.then_some("region") aria-label=framed.then_some("Gaps") node_ref=list.frame on:scroll=move |_| if framed { list.measure(total) }>
            <table class="dl pad1 gaps" class:fixed=framed aria-rowcount=total + 1><caption class="vh">"Gaps"</caption>
                <thead><tr aria-rowindex="1">
                    {head(app, "Class", By::Class, false)}{head(app, "Period", By::Period, false)}{head(app, "Custodian", By::Custodian, false)}{head(app, "Channel", By::Channel, false)}
                    <th scope="col">"Basis"</th>{head(app, "Estimated messages", By::Estimate, true)}{head(app, "Severity", By::Severity, false)}
                </tr></thead>
                <tbody>{move || space(true)}{rows}{move || space(false)}</tbody>
            </table></div>
        };
        view! { {table}{more(app, list, total)} }.into_any()
    };
    view! { {body} }.into_any()
}

/// The way to the rows that are not shown: by steps, or all in a frame where they are many.
fn more(app: App, list: List, total: usize) -> AnyView {
    if total <= MANY {
        return marks::more(list.shown, total, STEP, ("row", "rows"));
    }
    if list.shown.get() > MANY {
        let fewer = move |_| list.shown.set(FIRST);
        return view! { <p class="s gap8 no-print"><button class="ln" type="button" on:click=fewer>"Show the first rows only"</button>" "<button class="ln" type="button" on:click=move |_| app.download("csv:gaps")>"Save all as CSV"</button></p> }.into_any();
    }
    let all = move |_| list.shown.set(usize::MAX);
    view! { <p class="s gap8"><button class="ln" type="button" data-testid="all-gaps" on:click=all>{format!("Show all {} rows", grouped(total as u64))}</button></p> }.into_any()
}

fn head(app: App, word: &'static str, which: By, right: bool) -> AnyView {
    let mine = move || Some(By::now(app)).filter(|(by, _)| *by == which).map(|(_, down)| down);
    let sorted = move || mine().map(|down| if down { "descending" } else { "ascending" });
    let arrow = move || mine().map(|down| if down { "↓" } else { "↑" });
    let press = move |_| {
        let down = untrack(|| mine() == Some(false));
        app.sift(|sieve| sieve.sort = if which == By::Severity && !down { String::new() } else { format!("{}{}", if down { "-" } else { "" }, which.word()) });
    };
    view! { <th scope="col" class:r=right aria-sort=sorted><button type="button" data-key=format!("gs:{}", which.word()) on:click=press>{word}<span aria-hidden="true">{arrow}</span></button></th> }.into_any()
}

/// Stable: equal rows keep the order of severity.
fn sort(order: &mut Vec<(u32, &Gap)>, by: By, veil: &Veil) {
    let mid = |gap: &Gap| gap.estimate.as_ref().map_or(-1.0, |e| e.mid);
    match by {
        By::Severity => {}
        By::Class => crate::order::sort_by_key(order, |(_, gap)| class_rank(&gap.class)),
        By::Period => crate::order::sort_by(order, |(_, a), (_, b)| a.from.cmp(&b.from)),
        By::Custodian => crate::order::sort_by_key(order, |(_, gap)| basis::whom(gap, veil)),
        By::Channel => crate::order::sort_by(order, |(_, a), (_, b)| a.channel.cmp(&b.channel)),
        By::Estimate => crate::order::sort_by(order, |(_, a), (_, b)| mid(b).total_cmp(&mid(a))),
    }
}

fn row(app: App, open: Open, answers: &Answers, gap: &Gap, veil: &Veil, place: usize) -> AnyView {
    let id = gap.id.clone();
    let on = Memo::new(move |_| open.gap.with(|gap| gap.as_deref() == Some(id.as_str())));
    let link = gap_link(app, &gap.id);
    let period = phrase::period(gap.from.as_deref(), gap.to.as_deref());
    let key = format!("g:{}:{}:{}:{}:{period}", gap.class, marks::tag(&gap.custodian), gap.channel, gap.kind);
    let named = veil.shows(gap.person.as_deref());
    let basis = gap.reasons.first().filter(|_| named).cloned().unwrap_or_else(|| phrase::gap_kind(&gap.kind));
    let estimate = phrase::estimate(gap);
    let none = estimate.is_none();
    let estimate = estimate.map_or_else(
        || view! { <span>"–"</span> }.into_any(),
        |(mid, range)| view! { <span>{mid}<span class="q">{if range.is_empty() { range } else { format!(" ({range})") }}</span></span> }.into_any(),
    );
    let name = basis::whom(gap, veil);
    let explained = gap.explained.is_some().then(|| view! { <span class="xs q sub">"explained"</span> });
    view! {
        <tr data-testid="gap-row" aria-rowindex=place + 2 data-key=key data-class=gap.class.clone() class:on=on aria-current=move || on.get().then_some("true")>
            <td class="lead0">{marks::class(&gap.class)}</td>
            <th scope="row" class="gap-period" data-l="Period"><a class="n" href=link>{marks::period(gap.from.as_deref(), gap.to.as_deref())}</a></th>
            <td data-l="Custodian"><span class="two-lines">{name}</span></td>
            <td data-l="Channel">{marks::channel(answers, &gap.channel)}</td>
            <td data-l="Basis"><span class="two-lines">{basis}</span></td>
            <td class="r nb" class:e=none data-l="Estimate">{estimate}</td>
            <td data-l="Severity">{parts::severity(&gap.severity)}{explained}</td>
        </tr>
    }
    .into_any()
}
