//! The frame of the timeline: scrolled lines, and the days in sight, moved by mouse, touch, keys and buttons alike.

use std::sync::Arc;

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::plan::Plan;
use super::zoom::{Days, within};
use crate::report::chart::{Placed, Screen, frame_axis, frame_rows};
use crate::time::day_name;

/// Lines drawn above and below what is in sight.
const AROUND: usize = 20;
/// Fewest days in sight.
const FEWEST: f64 = 14.0;
/// Pixels a pointer moves before it drags.
const STILL: f64 = 4.0;

/// A finger or a mouse button that is down.
#[derive(Clone, Copy)]
struct Touch {
    id: i32,
    start: f64,
    now: f64,
}

/// What is in sight. Outlives new answers.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Sight {
    /// First day and end of the last; `None` = all.
    pub(super) days: RwSignal<Option<Days>>,
    /// Lines drawn: the first one, and the one behind the last.
    lines: RwSignal<(usize, usize)>,
    /// Width of the frame in pixels.
    width: RwSignal<f64>,
    /// What is said of the place under the pointer or the focus.
    pub(super) readout: RwSignal<String>,
    frame: NodeRef<leptos::html::Div>,
    plan: StoredValue<Option<Arc<Plan>>>,
    touches: StoredValue<Vec<Touch>>,
    /// Days in sight when a movement began.
    began: StoredValue<(f64, f64)>,
    dragged: StoredValue<bool>,
}

impl Sight {
    /// Everything in sight.
    pub(in crate::ui) fn new() -> Self {
        let width = window().inner_width().ok().and_then(|w| w.as_f64()).unwrap_or(1280.0);
        let inside = if width > 900.0 {
            width.min(1464.0) - 264.0
        } else if width > 600.0 {
            width - 48.0
        } else {
            width - 32.0
        };
        let this = Self {
            days: RwSignal::new(None),
            lines: RwSignal::new((0, 2 * AROUND)),
            width: RwSignal::new(inside),
            readout: RwSignal::new(String::new()),
            frame: NodeRef::new(),
            plan: StoredValue::new(None),
            touches: StoredValue::new(Vec::new()),
            began: StoredValue::new((0.0, 1.0)),
            dragged: StoredValue::new(false),
        };
        let handle = window_event_listener(leptos::ev::resize, move |_| this.measure());
        on_cleanup(move || handle.remove());
        this
    }

    /// Whether the bars lie below the names. Tracks the width.
    pub(super) fn narrow(self) -> bool {
        self.width.get() < 600.0
    }

    fn element(self) -> Option<web_sys::HtmlElement> {
        // The view may have been left since this was asked for.
        self.frame.try_get_untracked().flatten().map(|frame| frame.unchecked_into())
    }

    fn whole(self) -> Days {
        self.plan.with_value(|plan| plan.as_ref().map_or((0.0, 1.0), |plan| plan.days))
    }

    fn seen(self) -> Days {
        within(self.days.get_untracked(), self.whole(), FEWEST)
    }

    /// Takes the size of the frame, and draws other lines when those drawn do not reach any more.
    pub(super) fn measure(self) {
        let Some(frame) = self.element() else { return };
        // Hidden because it was drawn for a wide window: the window says what there is.
        let inside = || window().inner_width().ok().and_then(|w| w.as_f64()).map_or(0.0, |w| w - 32.0);
        let width = if frame.client_width() > 0 { f64::from(frame.client_width()) } else { inside() };
        if width > 0.0 && (width - self.width.get_untracked()).abs() > 0.5 {
            self.width.set(width);
        }
        let Some(plan) = self.plan.get_value() else { return };
        let top = f64::from(frame.scroll_top());
        let (first, last) = (plan.at(top), plan.at(top + f64::from(frame.client_height())));
        let (from, to) = self.lines.get_untracked();
        if (from > 0 && first < from + 5) || (to < plan.len() && last + 5 > to) || first >= to {
            self.lines.set((first.saturating_sub(AROUND), last + AROUND));
        }
    }

    /// Lets other days be in sight.
    fn look(self, from: f64, length: f64) {
        let (first, end) = self.whole();
        let length = length.max(FEWEST);
        if length >= end - first {
            self.days.set(None);
            return;
        }
        let from = from.clamp(first, end - length);
        self.days.set(Some((from, from + length)));
    }

    /// Closer by a factor; the day at this share of the width stays where it is.
    fn zoom(self, factor: f64, share: f64) {
        let (from, to) = self.seen();
        let length = ((to - from) / factor).max(FEWEST);
        self.look(from + (to - from - length) * share, length);
    }

    /// Later by a share of what is in sight.
    fn pan(self, share: f64) {
        let (from, to) = self.seen();
        self.look(from + (to - from) * share, to - from);
    }

    fn all(self) {
        self.days.set(None);
    }

    /// Left and right edge of the days in the frame.
    fn edges(self) -> (f64, f64) {
        let width = self.width.get_untracked();
        if width < 600.0 { (8.0, width - 8.0) } else { (176.0, width - 16.0) }
    }

    /// Share of the days at a place of the window.
    fn share(self, x: f64) -> f64 {
        let left = self.element().map_or(0.0, |frame| frame.get_bounding_client_rect().left());
        let (from, to) = self.edges();
        ((x - left - from) / (to - from).max(1.0)).clamp(0.0, 1.0)
    }
}

/// The line that has the focus.
fn focused() -> Option<usize> {
    document().active_element()?.closest("[data-line]").ok()??.get_attribute("data-line")?.parse().ok()
}

/// What the frame shows besides its lines.
pub(super) struct Shown {
    pub(super) link: String,
    pub(super) link_days: String,
    pub(super) selected: Option<String>,
}

/// Buttons and frame. `act` is told what was clicked.
pub(super) fn frame(sight: Sight, plan: Arc<Plan>, shown: Shown, act: impl Fn(&web_sys::Event) + Clone + 'static) -> AnyView {
    stay(sight, &plan);
    let (lines, axis) = (Arc::clone(&plan), Arc::clone(&plan));
    let with = move |plan: &Plan, draw: &dyn Fn(&Screen) -> String| {
        draw(&Screen {
            days: within(sight.days.get(), plan.days, FEWEST),
            width: sight.width.get(),
            height: plan.height(),
            lines: plan.len(),
            narrow: plan.narrow,
            sources_end: plan.sources_end,
            caption: "tl",
            link: &shown.link,
            link_days: &shown.link_days,
            selected: shown.selected.as_deref(),
        })
    };
    let with = Arc::new(with);
    let drawing = {
        let with = Arc::clone(&with);
        move || {
            let (from, to) = sight.lines.get();
            let (from, to) = (from.min(lines.len()), to.min(lines.len()));
            let mut wanted: Vec<usize> = (from..to).collect();
            // What has the focus stays, wherever it has been scrolled to.
            match focused().filter(|line| *line < lines.len()) {
                Some(line) if line < from => wanted.insert(0, line),
                Some(line) if line >= to => wanted.push(line),
                _ => {}
            }
            let placed: Vec<Placed> = wanted.into_iter().filter_map(|line| lines.placed(line)).collect();
            with(&lines, &|frame| frame_rows(frame, &placed))
        }
    };
    let ticks = move || with(&axis, &frame_axis);
    let period = move || {
        let (from, to) = within(sight.days.get(), plan.days, FEWEST);
        format!("{} to {}", day_name(from.floor() as i32), day_name((to.ceil() as i32) - 1))
    };
    request_animation_frame(move || sight.measure());
    let click = act.clone();
    let keys = move |event: web_sys::KeyboardEvent| key(sight, &event, &act);
    view! {
        <div class="zoom no-print" role="group" aria-label="Days in sight">
            <button class="btn" type="button" aria-label="Zoom in" data-testid="zoom-in" on:click=move |_| sight.zoom(2.0, 0.5)>"+"</button>
            <button class="btn" type="button" aria-label="Zoom out" data-testid="zoom-out" on:click=move |_| sight.zoom(0.5, 0.5)>"−"</button>
            <button class="btn" type="button" aria-label="Earlier" data-testid="pan-left" on:click=move |_| sight.pan(-0.25)>"←"</button>
            <button class="btn" type="button" aria-label="Later" data-testid="pan-right" on:click=move |_| sight.pan(0.25)>"→"</button>
            <button class="btn" type="button" data-testid="zoom-all" on:click=move |_| sight.all()>"Whole period"</button>
            <output class="s q" data-testid="days-in-sight">{period}</output>
        </div>
        <div class="tl" class:wide=move || !sight.narrow() data-testid="timeline-frame" tabindex="0" role="group" aria-labelledby="tl" aria-describedby="tl-keys" node_ref=sight.frame
            on:scroll=move |_| sight.measure() on:wheel=move |ev| wheel(sight, &ev) on:click=move |ev| if ends_drag(sight, &ev) { ev.prevent_default(); } else { click(&ev) }
            on:keydown=keys on:pointerdown=move |ev| down(sight, &ev) on:pointermove=move |ev| moved(sight, &ev) on:pointerup=move |ev| up(sight, &ev) on:pointercancel=move |ev| up(sight, &ev)
            on:dragstart=move |ev| ev.prevent_default() on:focusin=move |ev| say(sight, &ev)>
            <div class="tl-axis" inner_html=ticks></div>
            <div inner_html=drawing></div>
        </div>
    }
    .into_any()
}

/// Keeps the line that has the focus in its place when other lines stand above it.
fn stay(sight: Sight, plan: &Arc<Plan>) {
    let old = sight.plan.get_value();
    sight.plan.set_value(Some(Arc::clone(plan)));
    let (Some(old), Some(line)) = (old, focused()) else { return };
    let Some(name) = old.name(line).map(|(who, on)| (who.to_owned(), on.to_owned())) else { return };
    let Some(now) = (0..plan.len()).find(|at| plan.name(*at).is_some_and(|(who, on)| who == name.0 && on == name.1)) else { return };
    let by = plan.top(now) - old.top(line);
    if by.abs() > 0.5 {
        let (from, to) = sight.lines.get_untracked();
        let shift = |at: usize| (at + now).saturating_sub(line);
        sight.lines.set((shift(from), shift(to)));
        // When the new lines stand in the frame.
        queue_microtask(move || {
            if let Some(frame) = sight.element() {
                frame.set_scroll_top(frame.scroll_top() + by.round() as i32);
            }
        });
    }
}

fn say(sight: Sight, event: &web_sys::Event) {
    if let Some(label) = crate::ui::marks::hit(event, "[aria-label]", "aria-label") {
        sight.readout.set(label);
    }
}

fn number(event: &web_sys::Event, name: &str) -> f64 {
    js_sys::Reflect::get(event, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
}

/// With Ctrl closer and farther, sideways earlier and later; else the frame scrolls.
fn wheel(sight: Sight, event: &web_sys::Event) {
    let Some(mouse) = event.dyn_ref::<web_sys::MouseEvent>() else { return };
    let (x, y) = (number(event, "deltaX"), number(event, "deltaY"));
    if mouse.ctrl_key() || mouse.meta_key() {
        event.prevent_default();
        let steps = (y / if number(event, "deltaMode") > 0.5 { 3.0 } else { 100.0 }).clamp(-2.0, 2.0);
        // Two turns of the wheel are 2.25 times, as much closer as farther; what shows on a screen needs no last digit.
        #[expect(clippy::disallowed_methods, reason = "the page has no core, and a sight is no figure")]
        let closer = 1.5_f64.powf(-steps);
        sight.zoom(closer, sight.share(f64::from(mouse.client_x())));
    } else if (x.abs() > y.abs() || mouse.shift_key()) && sight.days.get_untracked().is_some() {
        event.prevent_default();
        let moved = if x.abs() > y.abs() { x } else { y };
        let (from, to) = sight.edges();
        sight.pan(moved / (to - from).max(1.0));
    }
}

/// Whether a click is the end of a drag. Not every drag ends with one, and a key that opens a link clicks too.
fn ends_drag(sight: Sight, event: &web_sys::Event) -> bool {
    let dragged = sight.dragged.get_value();
    sight.dragged.set_value(false);
    dragged && number(event, "detail") > 0.5
}

fn down(sight: Sight, event: &web_sys::Event) {
    let Some(pointer) = event.dyn_ref::<web_sys::PointerEvent>().filter(|pointer| pointer.button() == 0) else { return };
    let x = f64::from(pointer.client_x());
    sight.dragged.set_value(false);
    sight.touches.update_value(|touches| {
        touches.retain(|touch| touch.id != pointer.pointer_id());
        touches.push(Touch { id: pointer.pointer_id(), start: x, now: x });
        for touch in touches.iter_mut() {
            touch.start = touch.now;
        }
    });
    sight.began.set_value(sight.seen());
}

fn moved(sight: Sight, event: &web_sys::PointerEvent) {
    let x = f64::from(event.client_x());
    let touches = sight.touches.get_value();
    if !touches.iter().any(|touch| touch.id == event.pointer_id()) {
        hover(sight, event);
        return;
    }
    sight.touches.update_value(|touches| touches.iter_mut().filter(|touch| touch.id == event.pointer_id()).for_each(|touch| touch.now = x));
    let touches = sight.touches.get_value();
    let far = touches.iter().any(|touch| (touch.now - touch.start).abs() > STILL);
    if !sight.dragged.get_value() {
        if !far {
            return;
        }
        sight.dragged.set_value(true);
        if let Some(frame) = sight.element() {
            let _ = frame.set_pointer_capture(event.pointer_id());
        }
    }
    let ((from, to), (left, right)) = (sight.began.get_value(), sight.edges());
    let day = (to - from) / (right - left).max(1.0);
    match touches.as_slice() {
        [one] => sight.look(from - (one.now - one.start) * day, to - from),
        [one, two, ..] => {
            let (before, now) = ((one.start - two.start).abs().max(20.0), (one.now - two.now).abs().max(20.0));
            let length = ((to - from) * before / now).max(FEWEST);
            // The day that was between the fingers stays between them.
            let middle = from + (to - from) * sight.share(f64::midpoint(one.start, two.start));
            sight.look(middle - length * sight.share(f64::midpoint(one.now, two.now)), length);
        }
        [] => {}
    }
}

fn up(sight: Sight, event: &web_sys::Event) {
    let Some(pointer) = event.dyn_ref::<web_sys::PointerEvent>() else { return };
    sight.touches.update_value(|touches| {
        touches.retain(|touch| touch.id != pointer.pointer_id());
        for touch in touches.iter_mut() {
            touch.start = touch.now;
        }
    });
    sight.began.set_value(sight.seen());
}

/// Says what stands under the pointer.
fn hover(sight: Sight, event: &web_sys::PointerEvent) {
    let Some(rows) = sight.element().and_then(|frame| frame.last_element_child()) else { return };
    let (from, to) = sight.seen();
    let share = sight.share(f64::from(event.client_x()));
    let y = f64::from(event.client_y()) - rows.get_bounding_client_rect().top();
    let said = sight.plan.with_value(|plan| plan.as_ref()?.says(y, (from + (to - from) * share).min(to - 1.0)));
    if let Some(said) = said {
        sight.readout.set(said);
    }
}

fn key(sight: Sight, event: &web_sys::KeyboardEvent, act: &impl Fn(&web_sys::Event)) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let line = focused();
    match (event.key().as_str(), line) {
        ("+" | "=", _) => sight.zoom(2.0, 0.5),
        ("-" | "_", _) => sight.zoom(0.5, 0.5),
        ("0", _) => sight.all(),
        ("ArrowLeft", _) => sight.pan(-0.1),
        ("ArrowRight", _) => sight.pan(0.1),
        ("Escape", _) => sight.readout.set(String::new()),
        ("Enter" | " ", Some(_)) if crate::ui::marks::hit(event, "[data-fold]", "data-fold").is_some() => act(event),
        ("ArrowDown", Some(line)) => walk(sight, line, 1),
        ("ArrowUp", Some(line)) => walk(sight, line, -1),
        ("PageDown", Some(line)) => walk(sight, line, 10),
        ("PageUp", Some(line)) => walk(sight, line, -10),
        ("Home", Some(_)) => walk(sight, 0, 0),
        ("End", Some(_)) => walk(sight, usize::MAX, 0),
        _ => return,
    }
    event.prevent_default();
}

/// Moves the focus to what stands on another line: a gap from a gap, if there is one.
fn walk(sight: Sight, line: usize, by: isize) {
    let Some(plan) = sight.plan.get_value() else { return };
    let last = plan.len().saturating_sub(1);
    let mut to = line.min(last).saturating_add_signed(by).min(last);
    // A name has nothing to be opened: the next line has.
    let back = by < 0 && to > 0;
    while matches!(plan.placed(to).map(|placed| placed.drawn), Some(crate::report::chart::Drawn::Person(_))) && if back { to > 0 } else { to < last } {
        to = if back { to - 1 } else { to + 1 };
    }
    let from = document().active_element();
    let gap = from.as_ref().is_some_and(|from| from.has_attribute("data-gap"));
    let x = from.map_or(0.0, |from| from.get_bounding_client_rect().left());
    let (first, end) = sight.lines.get_untracked();
    if to < first || to >= end {
        sight.lines.set((to.saturating_sub(AROUND + 10), to + AROUND + 10));
    }
    request_animation_frame(move || {
        let Some(frame) = sight.element() else { return };
        let all = |what: &str| -> Vec<Element> {
            let Ok(found) = frame.query_selector_all(&format!("[data-line='{to}'] {what}")) else { return Vec::new() };
            (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
        };
        let near = |found: &Element| (found.get_bounding_client_rect().left() - x).abs();
        let gaps = if gap { all("[data-gap]") } else { Vec::new() };
        let target = gaps.into_iter().min_by(|a, b| near(a).total_cmp(&near(b))).or_else(|| all("a,[tabindex]").into_iter().next());
        // Drawings take the focus as elements of a page do.
        if let Some(focus) = target.and_then(|target| {
            let focus = js_sys::Reflect::get(&target, &"focus".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
            Some((focus, target))
        }) {
            let _ = focus.0.call0(&focus.1);
        }
    });
}
