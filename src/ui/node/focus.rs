//! Focus and place over a redraw. Pieces are patched by their order and grids are replaced as a whole: what had the focus is found
//! again by its `data-key`, which says the same of the same thing in old and new answers. Keys hold no names.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

/// What can have the focus inside a keyed row.
const STOPS: &str = "a,button,input,select,summary,textarea";
/// Boxes that scroll by themselves.
const BOXES: &str = ".scrolls,.mx-fit,.places";

/// What had the focus.
struct Held {
    key: String,
    /// Which stop of a keyed row; `None` when the keyed element itself.
    stop: Option<u32>,
    /// Distance from the top of the window.
    top: f64,
}

fn active() -> Option<Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

fn held() -> Option<Held> {
    let element = active()?;
    let keyed = element.closest("[data-key]").ok()??;
    let key = keyed.get_attribute("data-key")?;
    let stop = if keyed == element {
        None
    } else {
        let stops = keyed.query_selector_all(STOPS).ok()?;
        (0..stops.length()).find(|at| stops.item(*at).is_some_and(|node| node.is_same_node(Some(&element))))
    };
    Some(Held { key, stop, top: element.get_bounding_client_rect().top() })
}

/// The keyed element that is on the screen; a drawing may be there twice, wide and narrow.
fn found(held: &Held) -> Option<Element> {
    let all = document().query_selector_all("[data-key]").ok()?;
    let keyed = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<Element>().ok()).find(|element| {
        element.get_attribute("data-key").as_deref() == Some(&held.key) && {
            let place = element.get_bounding_client_rect();
            place.width() > 0.0 && place.height() > 0.0
        }
    })?;
    match held.stop {
        None => Some(keyed),
        Some(at) => keyed.query_selector_all(STOPS).ok()?.item(at)?.dyn_into().ok(),
    }
}

fn restore(held: &Held) {
    let Some(element) = found(held) else { return };
    if active().as_ref() != Some(&element) {
        // One stop per grid.
        if element.get_attribute("tabindex").as_deref() == Some("-1")
            && let Some(grid) = element.closest("[role=grid]").ok().flatten()
        {
            if let Some(old) = grid.query_selector("[tabindex='0']").ok().flatten() {
                let _ = old.set_attribute("tabindex", "-1");
            }
            let _ = element.set_attribute("tabindex", "0");
        }
        focus(&element);
    }
    let moved = element.get_bounding_client_rect().top() - held.top;
    if moved.abs() > 1.0 {
        window().scroll_by_with_x_and_y(0.0, moved);
    }
}

/// Gives the focus without scrolling.
fn focus(element: &Element) {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &JsValue::from_str("preventScroll"), &JsValue::TRUE);
    if let Some(focus) = js_sys::Reflect::get(element, &JsValue::from_str("focus")).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok()) {
        let _ = focus.call1(element, &options);
    }
}

/// Boxes that were scrolled, by their order.
fn scrolled() -> Vec<(u32, i32, i32)> {
    let Ok(all) = document().query_selector_all(BOXES) else { return Vec::new() };
    let place = |at: u32| {
        let element: HtmlElement = all.item(at)?.dyn_into().ok()?;
        let (left, top) = (element.scroll_left(), element.scroll_top());
        (left != 0 || top != 0).then_some((at, left, top))
    };
    (0..all.length()).filter_map(place).collect()
}

fn scroll_back(places: &[(u32, i32, i32)]) {
    let Ok(all) = document().query_selector_all(BOXES) else { return };
    for (at, left, top) in places {
        if let Some(element) = all.item(*at).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
            element.set_scroll_left(*left);
            element.set_scroll_top(*top);
        }
    }
}

/// Makes a change that redraws a view a moment later, and finds the place again before the next picture.
pub fn keep_focus(change: impl FnOnce()) {
    let (held, places) = (held(), scrolled());
    change();
    if held.is_some() || !places.is_empty() {
        request_animation_frame(move || {
            scroll_back(&places);
            if let Some(held) = &held {
                restore(held);
            }
        });
    }
}

/// Replaces the content of an element; what had the focus inside has it again.
pub(super) fn replace(element: &Element, markup: &str) {
    let inside = active().filter(|active| element.contains(Some(active))).and_then(|_| held());
    element.set_inner_html(markup);
    if let Some(held) = inside {
        restore(&held);
    }
}
