//! A table that sorts: caption, `scope`, `aria-sort`, buttons in the heads; a definition list under 600 px (class `dl`).

use std::cmp::Ordering;
use std::sync::Arc;

use crate::ui::node::prelude::*;

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Heading; also the label on narrow screens.
    pub label: &'static str,
    /// Right-aligned.
    pub number: bool,
    /// Whether the heading is a button that sorts.
    pub sorts: bool,
}

impl Head {
    /// A column of text.
    #[must_use]
    pub const fn text(label: &'static str) -> Self {
        Self { label, number: false, sorts: false }
    }
    /// A column of numbers.
    #[must_use]
    pub const fn number(label: &'static str) -> Self {
        Self { label, number: true, sorts: false }
    }
    /// The same column with a heading that sorts.
    #[must_use]
    pub const fn sorting(self) -> Self {
        Self { sorts: true, ..self }
    }
}

/// How a cell is drawn when it is more than its text.
pub type Draw = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// A cell: its text (for CSV, sorting, and drawing when nothing else is given).
#[derive(Clone, Default)]
pub struct Cell {
    /// Text.
    pub text: String,
    /// What a column of numbers sorts by; NaN = by text.
    pub key: f64,
    /// How it is drawn, if not as text.
    pub draw: Option<Draw>,
    /// Further classes.
    pub class: &'static str,
}

impl Cell {
    /// Text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), key: f64::NAN, ..Self::default() }
    }
    /// A number with its text.
    #[must_use]
    pub fn number(key: f64, text: impl Into<String>) -> Self {
        Self { text: text.into(), key, ..Self::default() }
    }
    /// The same cell, drawn otherwise.
    #[must_use]
    pub fn drawn(self, draw: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self { draw: Some(Arc::new(draw)), ..self }
    }
    /// The same cell with classes.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }
}

/// A row of cells; the first one is the heading of the row.
#[derive(Clone, Default)]
pub struct Line {
    /// Cells.
    pub cells: Vec<Cell>,
    /// `data-testid`.
    pub testid: Option<&'static str>,
    /// One more `data-` attribute: value of `data-class`.
    pub data_class: Option<String>,
    /// Value of `data-person`.
    pub data_person: Option<String>,
    /// Whether the row is the chosen one.
    pub on: bool,
}

impl Line {
    /// A plain row.
    #[must_use]
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }
}

fn order(a: Option<&Cell>, b: Option<&Cell>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if a.key.is_nan() || b.key.is_nan() => a.text.cmp(&b.text),
        (Some(a), Some(b)) => a.key.total_cmp(&b.key),
        _ => Ordering::Equal,
    }
}

fn cell(head: Head, first: bool, cell: &Cell) -> AnyView {
    let content = cell.draw.as_ref().map_or_else(|| cell.text.clone().into_any(), |draw| draw());
    // An empty cell is left out where the table is a list.
    let class = match (head.number, cell.class) {
        (_, _) if !first && cell.text.is_empty() && cell.draw.is_none() => "e".to_owned(),
        (true, "") => "r".to_owned(),
        (true, class) => format!("r {class}"),
        (false, class) => class.to_owned(),
    };
    if first {
        view! { <th scope="row" class=format!("lead0 {class}")>{content}</th> }.into_any()
    } else {
        view! { <td class=class data-l=head.label><span>{content}</span></td> }.into_any()
    }
}

fn line(heads: &[Head], line: &Line) -> AnyView {
    let cells: Vec<AnyView> = heads.iter().zip(&line.cells).enumerate().map(|(i, (h, c))| cell(*h, i == 0, c)).collect();
    view! { <tr class:on=line.on data-testid=line.testid data-class=line.data_class.clone() data-person=line.data_person.clone()>{cells}</tr> }.into_any()
}

/// A table. `class` is added to `dl`; the caption is read aloud, not shown.
#[must_use]
pub fn table(class: &'static str, caption: &'static str, heads: Vec<Head>, lines: Vec<Line>) -> AnyView {
    // Column and direction, none as given.
    let sort = RwSignal::new(None::<(usize, bool)>);
    let head = heads.iter().enumerate().map(|(i, h)| heading(sort, i, *h)).collect::<Vec<_>>();
    let body = move || {
        let mut order_of: Vec<&Line> = lines.iter().collect();
        if let Some((column, down)) = sort.get() {
            crate::order::sort_by(&mut order_of, |a, b| {
                let o = order(a.cells.get(column), b.cells.get(column));
                if down { o.reverse() } else { o }
            });
        }
        order_of.into_iter().map(|l| line(&heads, l)).collect::<Vec<_>>()
    };
    view! { <table class=format!("dl {class}")><caption class="vh">{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table> }.into_any()
}

fn heading(sort: RwSignal<Option<(usize, bool)>>, column: usize, head: Head) -> AnyView {
    let class = if head.number { "r" } else { "" };
    if !head.sorts {
        return view! { <th scope="col" class=class>{head.label}</th> }.into_any();
    }
    let mine = move || sort.get().filter(|(c, _)| *c == column).map(|(_, down)| down);
    let aria = move || mine().map(|down| if down { "descending" } else { "ascending" });
    let arrow = move || mine().map_or("", |down| if down { "↓" } else { "↑" });
    let press = move |_| {
        sort.update(|s| {
            *s = match *s {
                Some((c, down)) if c == column => Some((column, !down)),
                _ => Some((column, head.number)),
            }
        });
    };
    view! { <th scope="col" class=class aria-sort=aria><button type="button" on:click=press>{head.label}<span aria-hidden="true">{arrow}</span></button></th> }
        .into_any()
}
