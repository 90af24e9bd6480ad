//! The frame of a chart: title and sentence, drawing, the same numbers as a table, and as CSV.

use std::fmt::Write as _;

use crate::ui::node::prelude::*;

use super::table::{Head, Line, table};
use crate::text;
use crate::ui::state::offer;

/// A drawing from SVG text made by us: numbers and constant words only, or text escaped by [`crate::text::html`].
/// Hidden from assistive technology: the caption and the table say the same.
#[must_use]
pub fn drawing(class: &'static str, view_box: String, stretch: bool, content: String) -> AnyView {
    let ratio = if stretch { "none" } else { "xMidYMid" };
    view! { <svg class=class viewBox=view_box preserveAspectRatio=ratio aria-hidden="true" inner_html=content></svg> }.into_any()
}

/// A figure with its title (the finding), a quiet line (measure, unit, period), the drawing, and its table.
#[must_use]
pub fn figure(title: String, about: String, content: AnyView, rows: AnyView) -> AnyView {
    view! { <figure><figcaption><h2>{title}</h2><p>{about}</p></figcaption>{content}{rows}</figure> }.into_any()
}

/// "Show as table" with the same numbers in the same order, and "Save as CSV".
#[must_use]
pub fn shown_as_table(caption: &'static str, file: &'static str, heads: Vec<Head>, lines: Vec<Line>) -> AnyView {
    let csv = csv_of(&heads, &lines);
    let save = move |_| offer(file, csv.as_bytes(), "text/csv");
    view! {
        <details class="tab"><summary>"Show as table"</summary>
            {table("", caption, heads, lines)}
            <p class="xs"><button class="ln" type="button" on:click=save>"Save as CSV"</button></p>
        </details>
    }
    .into_any()
}

/// The table as CSV, guarded against formulas.
#[must_use]
pub fn csv_of(heads: &[Head], lines: &[Line]) -> String {
    let mut out = String::from("\u{feff}");
    let mut row = |cells: Vec<String>| {
        let _ = writeln!(out, "{}\r", cells.join(","));
    };
    row(heads.iter().map(|h| text::csv_cell(h.label)).collect());
    for line in lines {
        row(line.cells.iter().map(|c| text::csv_cell(&c.text.replace(super::number::THIN, ""))).collect());
    }
    out
}
