//! A chart of lines in the page: drawn wide and narrow, a cursor that follows the pointer or a slider, the values in a line below.

use crate::ui::node::prelude::*;
use wasm_bindgen::JsCast;

use crate::report::chart::{Frame, Line, Rule, Shade, lines};

/// What is drawn.
pub struct Chart {
    /// Id of the caption.
    pub id: &'static str,
    /// Mondays.
    pub weeks: Vec<i32>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Gaps.
    pub shades: Vec<Shade>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Heights, wide and narrow.
    pub height: (u32, u32),
    /// Room for labels, wide and narrow.
    pub labels: (u32, u32),
    /// What is said of each week.
    pub says: Vec<String>,
}

/// Left edge of the plot in units of the drawing.
const LEFT: f64 = 34.0;
const WIDE: u32 = 1016;
const NARROW: u32 = 358;

/// Both drawings, the slider and the line of values.
pub fn chart(chart: Chart) -> AnyView {
    let draw = |width: u32, height: u32, labels: u32| {
        lines(&Frame { width, height, labels, weeks: &chart.weeks, caption: chart.id }, &chart.lines, &chart.shades, &chart.rules)
    };
    let (wide, narrow) = (draw(WIDE, chart.height.0, chart.labels.0), draw(NARROW, chart.height.1, chart.labels.1));
    if wide.is_empty() {
        return view! { <p class="s q">"Too few weeks to draw a line."</p> }.into_any();
    }
    let last = chart.weeks.len().saturating_sub(1);
    let at = RwSignal::new(last);
    // The cursor is drawn once somebody looks for a value; before that the last week is read out without it.
    let touched = RwSignal::new(false);
    let says = StoredValue::new(chart.says);
    let said = move || says.with_value(|says| says.get(at.get()).cloned().unwrap_or_default());
    let field = |width: u32, height: u32, labels: u32, drawing: String, class: &'static str| {
        let right = f64::from(width - labels);
        let x = move || LEFT + (right - LEFT) * at.get() as f64 / last.max(1) as f64;
        let follow = move |event: web_sys::PointerEvent| {
            let Some(frame) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else { return };
            let bounds = frame.get_bounding_client_rect();
            let units = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0) * f64::from(width);
            let share = ((units - LEFT) / (right - LEFT)).clamp(0.0, 1.0);
            touched.set(true);
            at.set((share * last as f64).round() as usize);
        };
        view! {
            <div class=class><div class="plot-field" on:pointermove=follow>
                <div inner_html=drawing></div>
                <svg class="cursor" viewBox=format!("0 0 {width} {height}") aria-hidden="true"><line class="k-q" class:off=move || !touched.get() x1=x x2=x y1="20" y2=height - 24/></svg>
            </div></div>
        }
        .into_any()
    };
    let slide = move |event: web_sys::Event| {
        touched.set(true);
        at.set(event_target_value(&event).parse().unwrap_or(last));
    };
    view! {
        {field(WIDE, chart.height.0, chart.labels.0, wide, "wide")}
        {field(NARROW, chart.height.1, chart.labels.1, narrow, "slim")}
        <div class="scrub"><input type="range" aria-label="Week" min="0" max=last prop:value=move || at.get().to_string() aria-valuetext=said on:input=slide/><p class="readout">{said}</p></div>
    }
    .into_any()
}
