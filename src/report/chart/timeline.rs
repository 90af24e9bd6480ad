//! Timeline of coverage: a row per channel, grouped by custodian. Whole for paper ([`timeline`]), a part of thousands of lines for a frame
//! that scrolls ([`rows`]).

mod rows;

use std::fmt::Write as _;

pub use rows::{Drawn, Placed, Screen, frame_axis, frame_rows};

use super::{month_ticks, px, shortened};
use crate::text::html;

/// A bar of one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// First day.
    pub from: i32,
    /// Last day, inclusive.
    pub to: i32,
    /// `covered`, `silence`, `A`, `B`, `C`, `unknown`, as in the answers.
    pub state: String,
    /// Gap id, if it can be opened.
    pub gap: Option<String>,
    /// Name of the link.
    pub label: String,
}

/// A row: one channel of one custodian.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// Channel name.
    pub name: String,
    /// Name of the link to the days.
    pub label: String,
    /// Day from which records are required.
    pub required_from: Option<i32>,
    /// Stands for the row in `data-key`: the same for the same row of other answers, and no name.
    pub key: String,
    /// What opens the days of this row, if they can be opened.
    pub days: Option<String>,
    /// Bars in time order.
    pub bars: Vec<Bar>,
}

/// The rows of one custodian.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Name of the custodian.
    pub title: String,
    /// Last day of work, if known.
    pub last_day: Option<i32>,
    /// Rows.
    pub tracks: Vec<Track>,
}

/// Days shown and size.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    /// First day.
    pub from: i32,
    /// Last day of the axis.
    pub to: i32,
    /// Last day of any source.
    pub sources_end: Option<i32>,
    /// 358 units wide instead of 1016.
    pub narrow: bool,
    /// Id of the caption.
    pub caption: &'a str,
    /// Start of all link addresses; the gap id follows.
    pub link: &'a str,
    /// Start of the addresses of the days of a row.
    pub days: &'a str,
    /// Gap that is open.
    pub selected: Option<&'a str>,
}

/// The word of a state, for names and tables.
#[must_use]
pub fn state_word(state: &str) -> &'static str {
    match state {
        "covered" => "covered",
        "silence" => "silence, explained",
        "A" => "missing",
        "B" => "unexplained silence",
        "C" => "not covered",
        "other" => "a gap outside the filters",
        _ => "unknown",
    }
}

/// Where days lie.
struct Geometry {
    width: f64,
    left: f64,
    right: f64,
    row: f64,
    name_x: f64,
    /// First day, and the end of the last one.
    days: (f64, f64),
    /// The bar lies below the name, not beside it.
    narrow: bool,
}

impl Geometry {
    fn of(span: &Span) -> Self {
        let days = (f64::from(span.from), f64::from(span.to.max(span.from + 1) + 1));
        Self { days, ..Self::sized(if span.narrow { 358.0 } else { 1016.0 }, span.narrow) }
    }
    const fn sized(width: f64, narrow: bool) -> Self {
        let (left, right, row, name_x) = if narrow { (8.0, width - 8.0, 38.0, 0.0) } else { (176.0, width - 16.0, 24.0, 16.0) };
        Self { width, left, right, row, name_x, days: (0.0, 1.0), narrow }
    }
    fn x(&self, day: i32) -> f64 {
        let share = (f64::from(day) - self.days.0) / (self.days.1 - self.days.0);
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0)
    }
    fn shows(&self, day: i32) -> bool {
        (self.days.0..self.days.1).contains(&f64::from(day))
    }
}

/// What links lead to, and how patterns are called.
struct Look<'a> {
    /// Start of the ids of patterns, escaped.
    id: String,
    link: &'a str,
    days: &'a str,
    selected: Option<&'a str>,
}

impl<'a> Look<'a> {
    fn of(span: &Span<'a>) -> Self {
        Self { id: format!("{}{}", html(span.caption), if span.narrow { "n" } else { "w" }), link: span.link, days: span.days, selected: span.selected }
    }

    /// The patterns of classes B and U.
    fn patterns(&self, out: &mut String) {
        out.push_str("<defs>");
        for (name, ink, width) in [("B", "f-d", "1.6"), ("U", "f-ctl", "1.3")] {
            let _ = write!(
                out,
                "<pattern id=\"{}{name}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"f-bg\" width=\"5\" height=\"5\"/><rect class=\"{ink}\" width=\"{width}\" height=\"5\"/></pattern>",
                self.id
            );
        }
        out.push_str("</defs>");
    }
}

/// The drawing: bars below, links above them, one per gap, each with its name. `ids` of patterns start with the caption.
#[must_use]
pub fn timeline(span: &Span, groups: &[Group]) -> String {
    let (at, look) = (Geometry::of(span), Look::of(span));
    let mut bars = String::with_capacity(16_384);
    let mut links = String::new();
    let mut y = 28.0;
    for group in groups {
        let _ = write!(
            bars,
            "<path class=\"k-line\" d=\"M0 {0}H{1}\"/><text class=\"b\" x=\"0\" y=\"{2}\">{3}</text>",
            px(y),
            px(at.width),
            px(y + 20.0),
            html(&shortened(&group.title, 30))
        );
        y += 26.0;
        let top = y;
        for track in &group.tracks {
            name(&mut bars, &mut links, &look, &at, track, y);
            marks(&mut bars, &mut links, &look, &at, track, y);
            y += at.row;
        }
        if let Some(day) = group.last_day.filter(|day| at.shows(*day)) {
            last_day(&mut bars, &at, day, top, y);
        }
        y += 6.0;
    }
    let mut out = String::with_capacity(bars.len() + links.len() + 2048);
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {} {}\" width=\"100%\" role=\"group\" aria-labelledby=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        px(at.width),
        px(y),
        html(span.caption)
    );
    look.patterns(&mut out);
    out.push_str("<g aria-hidden=\"true\">");
    axis(&mut out, span, &at, y);
    out.push_str(&bars);
    out.push_str("</g>");
    out.push_str(&links);
    out.push_str("</svg>");
    out
}

fn axis(out: &mut String, span: &Span, at: &Geometry, bottom: f64) {
    for (day, label) in month_ticks(span.from, span.to, if span.narrow { 4 } else { 7 }) {
        let (x, anchor) = (at.x(day), anchor(at, at.x(day)));
        let _ = write!(out, "<path class=\"k-hair\" d=\"M{0} 20V{1}\"/><text x=\"{0}\" y=\"12\" text-anchor=\"{anchor}\">{label}</text>", px(x), px(bottom));
    }
    if let Some(day) = span.sources_end {
        let _ = write!(out, "<path class=\"k-t\" stroke-dasharray=\"1 3\" d=\"M{0} 20V{1}\"/>", px(at.x(day + 1)), px(bottom));
    }
}

/// How a label at this place stands, so that it stays in the drawing.
fn anchor(at: &Geometry, x: f64) -> &'static str {
    if x < at.left + 24.0 {
        "start"
    } else if x > at.right - 24.0 {
        "end"
    } else {
        "middle"
    }
}

/// Name of a row, and the link to its days.
fn name(words: &mut String, links: &mut String, look: &Look, at: &Geometry, track: &Track, y: f64) {
    let text_y = if at.narrow { y + 14.0 } else { y + 16.0 };
    let class = if track.days.is_some() { "t lk" } else { "t" };
    let _ = write!(words, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", px(at.name_x), px(text_y), html(&shortened(&track.name, 22)));
    let Some(days) = &track.days else { return };
    let _ = write!(
        links,
        "<a href=\"{0}{1}\" data-days=\"{1}\" data-key=\"t:{5}\" aria-label=\"{2}\"><rect class=\"hit\" x=\"{3}\" y=\"{4}\" width=\"120\" height=\"24\" fill=\"transparent\"/></a>",
        html(look.days),
        html(days),
        html(&track.label),
        px(at.name_x),
        px(text_y - 16.0),
        html(&track.key)
    );
}

/// Bars of a row, and a link over each gap.
fn marks(bars: &mut String, links: &mut String, look: &Look, at: &Geometry, track: &Track, y: f64) {
    // The bar lies below the name on narrow screens, beside it on wide ones.
    let middle = if at.narrow { y + 25.0 } else { y + 12.0 };
    if let Some(day) = track.required_from.filter(|day| at.shows(*day)) {
        let _ = write!(bars, "<path class=\"k-t\" stroke-width=\"1.5\" d=\"M{} {}v18\"/>", px(at.x(day)), px(middle - 9.0));
    }
    for bar in track.bars.iter().filter(|bar| f64::from(bar.to) >= at.days.0 && f64::from(bar.from) < at.days.1) {
        let (x0, x1) = (at.x(bar.from), at.x(bar.to + 1));
        paint(bars, look, bar, x0, (x1 - x0).max(2.0), middle);
        let Some(gap) = bar.gap.as_deref() else { continue };
        // A target is 24 units at least, wherever the bar is shorter.
        let width = (x1 - x0).max(24.0);
        let x = f64::midpoint(x0, x1) - width / 2.0;
        let current = if look.selected == Some(gap) { " aria-current=\"true\"" } else { "" };
        let _ = write!(
            links,
            "<a href=\"{}{}\" data-gap=\"{}\" data-key=\"t:{}:{}\" aria-label=\"{}\"{current}><rect class=\"hit\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"24\" fill=\"transparent\"/></a>",
            html(look.link),
            html(gap),
            html(gap),
            html(&track.key),
            bar.from,
            html(&bar.label),
            px(x),
            px(middle - 12.0),
            px(width)
        );
    }
}

fn paint(out: &mut String, look: &Look, bar: &Bar, x: f64, width: f64, middle: f64) {
    let id = &look.id;
    let (thin, thick) = (middle - 5.0, middle - 8.0);
    let inner = (width - 1.5).max(0.5);
    let _ = match bar.state.as_str() {
        "covered" => write!(out, "<rect class=\"f-cov\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"10\"/>", px(x), px(thin), px(width)),
        "silence" => write!(
            out,
            "<rect class=\"f-sil\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"10\"/><path class=\"k-cov\" d=\"M{0} {3}h{2}\"/>",
            px(x),
            px(thin),
            px(width),
            px(thin + 0.5)
        ),
        // A gap that the filters leave out: neither covered nor marked.
        "other" => write!(out, "<path class=\"k-ctl\" stroke-dasharray=\"1 3\" d=\"M{} {}h{}\"/>", px(x), px(middle), px(width)),
        // A light edge: without colour it would run into the covered days beside it.
        "A" => write!(
            out,
            "<rect class=\"f-bg\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\"/><rect class=\"f-d\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\"/>",
            px(x - 1.5),
            px(thick - 1.0),
            px(width + 3.0),
            px(x),
            px(thick),
            px(width)
        ),
        "B" => write!(
            out,
            "<rect fill=\"url(#{id}B)\" class=\"k-d\" stroke-width=\"1.5\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14.5\"/>",
            px(x + 0.75),
            px(thick + 0.75),
            px(inner)
        ),
        "C" => write!(
            out,
            "<rect class=\"f-bg k-d\" stroke-width=\"1.5\" stroke-dasharray=\"3 2\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14.5\"/>",
            px(x + 0.75),
            px(thick + 0.75),
            px(inner)
        ),
        _ => write!(out, "<rect fill=\"url(#{id}U)\" class=\"k-ctl\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"9\"/>", px(x + 0.5), px(middle - 4.5), px(inner)),
    };
    if width >= 12.0 && matches!(bar.state.as_str(), "A" | "B" | "C") {
        let centre = x + width / 2.0;
        if bar.state == "B" && width >= 18.0 {
            let _ = write!(out, "<rect class=\"f-bg\" x=\"{}\" y=\"{}\" width=\"14\" height=\"13\"/>", px(centre - 7.0), px(thick + 1.5));
        }
        let class = if bar.state == "A" { "w" } else { "dl" };
        let _ = write!(out, "<text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>", px(centre), px(middle + 4.0), bar.state);
    }
    if bar.gap.is_some() && bar.gap.as_deref() == look.selected {
        let _ = write!(
            out,
            "<rect class=\"nf k-acc\" stroke-width=\"2\" rx=\"2\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"24\"/>",
            px(x - 4.0),
            px(middle - 12.0),
            px(width + 8.0)
        );
    }
}

fn last_day(out: &mut String, at: &Geometry, day: i32, top: f64, bottom: f64) {
    let x = at.x(day + 1);
    let _ = write!(out, "<path class=\"k-t\" stroke-width=\"1.5\" d=\"M{0} {1}V{2}\"/>", px(x), px(top), px(bottom));
    last_day_name(out, at, day, top);
}

/// The mark and the words on top of the line.
fn last_day_name(out: &mut String, at: &Geometry, day: i32, top: f64) {
    let x = at.x(day + 1);
    let _ = write!(
        out,
        "<path class=\"f-t\" d=\"M{0} {1}l-4.5 -7h9z\"/><text class=\"t halo\" x=\"{2}\" y=\"{3}\" text-anchor=\"{4}\">last day {5}</text>",
        px(x),
        px(top),
        px(if x > at.left + 200.0 { x - 9.0 } else { x + 9.0 }),
        px(top - 6.0),
        if x > at.left + 200.0 { "end" } else { "start" },
        crate::time::day_name(day)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(selected: Option<&str>) -> Span<'_> {
        Span { from: 20_000, to: 20_364, sources_end: Some(20_364), narrow: false, caption: "tl", link: "coverage?gap=", days: "coverage?days=", selected }
    }

    fn group(state: &str, gap: Option<&str>) -> Group {
        let bar = Bar { from: 20_100, to: 20_130, state: state.to_owned(), gap: gap.map(str::to_owned), label: "WeChat, Mei Tan, missing".to_owned() };
        Group {
            title: "Mei Tan".to_owned(),
            last_day: Some(20_200),
            tracks: vec![Track {
                name: "WeChat".to_owned(),
                label: String::new(),
                key: "k".to_owned(),
                required_from: Some(20_000),
                days: None,
                bars: vec![bar],
            }],
        }
    }

    #[test]
    fn each_class_has_a_form_of_its_own() {
        let drawn: Vec<String> = ["covered", "silence", "A", "B", "C", "unknown"].iter().map(|state| timeline(&span(None), &[group(state, None)])).collect();
        for (i, one) in drawn.iter().enumerate() {
            assert!(drawn.iter().skip(i + 1).all(|other| one != other));
        }
        assert!(drawn[3].contains("url(#tlwB)") && drawn[5].contains("url(#tlwU)") && drawn[4].contains("stroke-dasharray=\"3 2\""));
    }

    #[test]
    fn every_gap_is_a_link_with_a_name_and_a_target_of_24_units() {
        let mut short = group("A", Some("g7"));
        short.tracks[0].bars[0].to = 20_100;
        let svg = timeline(&span(Some("g7")), &[short]);
        assert!(
            svg.contains("<a href=\"coverage?gap=g7\" data-gap=\"g7\" data-key=\"t:k:20100\" aria-label=\"WeChat, Mei Tan, missing\" aria-current=\"true\">"),
            "{svg}"
        );
        assert!(svg.contains("width=\"24\" height=\"24\" fill=\"transparent\""));
    }

    #[test]
    fn names_stay_text() {
        let mut evil = group("A", Some("g1\"><b>"));
        evil.title = "<img src=x onerror=1>".to_owned();
        evil.tracks[0].name = "</text><script>".to_owned();
        let svg = timeline(&span(None), &[evil]);
        assert!(!svg.contains("<img") && !svg.contains("<script") && !svg.contains("<b>") && !svg.contains("style="));
    }

    #[test]
    fn days_outside_the_axis_are_not_drawn() {
        let mut far = group("A", Some("g1"));
        far.tracks[0].bars[0].from = 19_000;
        far.tracks[0].bars[0].to = 19_010;
        assert!(!timeline(&span(None), &[far]).contains("data-gap"));
    }
}
