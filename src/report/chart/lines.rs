//! Lines over weeks with labels at their ends.

use std::fmt::Write as _;

use plotters::prelude::{ChartBuilder, Color, DrawingAreaErrorKind, IntoDrawingArea, LineSeries, RGBColor, SVGBackend};

use super::{mark, month_ticks, px, slot_class, value_ticks};
use crate::text::html;

/// One line: a value per week, `None` where nothing is held (the line breaks, it is never carried across).
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Name at the end of the line.
    pub name: String,
    /// Value at the end, as it should read; may be empty.
    pub end: String,
    /// Colour slot.
    pub slot: u8,
    /// Values, one per week.
    pub values: Vec<Option<f64>>,
}

/// A shaded stretch of weeks, e.g. a gap, with its letter.
#[derive(Debug, Clone, Copy)]
pub struct Shade {
    /// First day.
    pub from: i32,
    /// Last day, inclusive.
    pub to: i32,
    /// Class letter.
    pub letter: char,
}

/// A vertical rule with a label.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Day.
    pub day: i32,
    /// Label.
    pub label: String,
    /// Solid for a fact, dotted for the end of the sources.
    pub solid: bool,
}

/// Size and axes.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// Units of the view box: 1016 on wide screens, 358 on narrow ones.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Room for the labels at the right.
    pub labels: u32,
    /// Mondays of the weeks, rising.
    pub weeks: &'a [i32],
    /// Id of the caption that names the drawing.
    pub caption: &'a str,
}

/// Left edge of the plot: room for the numbers of the axis.
pub(super) const LEFT: f64 = 34.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 24.0;
/// The library works in whole units; drawing ten times as large keeps the lines smooth.
const FINE: u32 = 10;

struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    first: i32,
    last: i32,
}

impl Plot {
    fn x(&self, day: i32) -> f64 {
        let span = f64::from((self.last - self.first).max(1));
        self.left + (self.right - self.left) * (f64::from(day - self.first) / span).clamp(0.0, 1.0)
    }
    fn y(&self, value: f64, top: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value / top).clamp(0.0, 1.0)
    }
}

/// The drawing. Empty text when there are fewer than two weeks or no line: a line needs two points.
#[must_use]
pub fn lines(frame: &Frame, lines: &[Line], shades: &[Shade], rules: &[Rule]) -> String {
    let (Some(first), Some(last)) = (frame.weeks.first().copied(), frame.weeks.last().copied()) else { return String::new() };
    if first >= last || lines.is_empty() {
        return String::new();
    }
    let max = lines.iter().flat_map(|line| line.values.iter().flatten()).fold(0.0f64, |a, b| a.max(*b));
    let ticks = value_ticks(max, if frame.height > 200 { 4 } else { 3 });
    let top = ticks.last().copied().unwrap_or(1.0);
    let plot = Plot {
        left: LEFT,
        right: f64::from(frame.width.saturating_sub(frame.labels)).max(LEFT + 40.0),
        top: TOP,
        bottom: f64::from(frame.height) - BOTTOM,
        first,
        last,
    };
    let mut out = String::with_capacity(8192);
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 {} {}\" width=\"100%\" role=\"img\" aria-labelledby=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        frame.width,
        frame.height,
        html(frame.caption)
    );
    axes(&mut out, &plot, &ticks, top, frame.width < 600);
    for shade in shades {
        let (x0, x1) = (plot.x(shade.from), plot.x(shade.to + 1));
        let _ = write!(
            out,
            "<rect class=\"f-dt\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/><text class=\"d\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            px(x0),
            px(plot.top),
            px((x1 - x0).max(2.0)),
            px(plot.bottom - plot.top),
            px(f64::midpoint(x0, x1)),
            px(plot.top + 14.0),
            html(&shade.letter.to_string())
        );
    }
    for rule in rules {
        let x = plot.x(rule.day);
        let anchor = if x > f64::midpoint(plot.left, plot.right) { "end" } else { "start" };
        let dash = if rule.solid { "" } else { " stroke-dasharray=\"1 3\"" };
        let _ = write!(
            out,
            "<path class=\"k-t\"{dash} d=\"M{0} {1}V{2}\"/><text class=\"t halo\" x=\"{3}\" y=\"12\" text-anchor=\"{anchor}\">{4}</text>",
            px(x),
            px(TOP - 4.0),
            px(plot.bottom),
            px(if anchor == "end" { x + 4.0 } else { x - 4.0 }),
            html(&rule.label)
        );
    }
    let _ = write!(out, "<g transform=\"translate({} {}) scale(.1)\">", px(plot.left), px(plot.top));
    out.push_str(&drawn(lines, frame.weeks, &plot, top).unwrap_or_default());
    out.push_str("</g>");
    ends(&mut out, lines, &plot, top);
    out.push_str("</svg>");
    out
}

fn axes(out: &mut String, plot: &Plot, ticks: &[f64], top: f64, narrow: bool) {
    for (i, tick) in ticks.iter().enumerate() {
        let y = plot.y(*tick, top);
        let class = if i == 0 { "k-ctl" } else { "k-hair" };
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{} {}H{}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            px(plot.left),
            px(y),
            px(plot.right),
            px(plot.left - 8.0),
            px(y + 4.0),
            tick_label(*tick)
        );
    }
    let mut free = f64::MIN;
    for (i, (day, label)) in month_ticks(plot.first, plot.last, if narrow { 4 } else { 7 }).into_iter().enumerate() {
        let x = plot.x(day);
        let (anchor, start) = if i == 0 && x < plot.left + 24.0 { ("start", x) } else { ("middle", x - label.len() as f64 * 3.5) };
        // Labels that would touch the one before are left out.
        if start < free {
            continue;
        }
        free = start + label.len() as f64 * 7.0 + 8.0;
        let _ = write!(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{label}</text>", px(x), px(plot.bottom + 18.0));
    }
}

/// Whole numbers without decimals, thousands as `12k`.
fn tick_label(value: f64) -> String {
    if value >= 10_000.0 {
        format!("{}k", px(value / 1000.0))
    } else if value.fract().abs() < 1e-9 {
        crate::report::phrase::fixed(value, 0)
    } else {
        px(value)
    }
}

/// The lines themselves, by the drawing library: each unbroken run is one polyline. The slot travels as a colour and becomes a class.
fn drawn(lines: &[Line], weeks: &[i32], plot: &Plot, top: f64) -> Result<String, DrawingAreaErrorKind<std::io::Error>> {
    let size = (((plot.right - plot.left) as u32) * FINE, ((plot.bottom - plot.top) as u32) * FINE);
    let mut raw = String::new();
    {
        let root = SVGBackend::with_string(&mut raw, size).into_drawing_area();
        let mut chart = ChartBuilder::on(&root).build_cartesian_2d(f64::from(plot.first)..f64::from(plot.last), 0.0..top)?;
        for line in lines {
            for run in runs(&line.values, weeks) {
                chart.draw_series(LineSeries::new(run, RGBColor(0, 0, line.slot.min(6)).stroke_width(2)))?;
            }
        }
        root.present()?;
    }
    let mut out = String::with_capacity(raw.len());
    for tag in raw.lines().filter(|tag| tag.starts_with("<polyline")) {
        let slot = tag.split_once("stroke=\"#00000").and_then(|(_, rest)| rest.chars().next()).and_then(|c| c.to_digit(10)).unwrap_or(6);
        let points = tag.split_once("points=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(points, _)| points.trim_end());
        let _ = write!(out, "<polyline class=\"pl {}\" points=\"{points}\"/>", slot_class(u8::try_from(slot).unwrap_or(6)));
    }
    Ok(out)
}

/// Unbroken runs. A single week between two breaks becomes a stroke of a day, so that it is seen.
fn runs(values: &[Option<f64>], weeks: &[i32]) -> Vec<Vec<(f64, f64)>> {
    let mut out: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut open = false;
    for (value, week) in values.iter().zip(weeks) {
        match value {
            Some(value) => {
                if !open {
                    out.push(Vec::new());
                }
                open = true;
                if let Some(run) = out.last_mut() {
                    run.push((f64::from(*week), *value));
                }
            }
            None => open = false,
        }
    }
    for run in &mut out {
        if let [(x, y)] = run.as_slice() {
            let (x, y) = (*x, *y);
            run.push((x + 1.0, y));
        }
    }
    out
}

/// Mark, name and value at the end of each line, pushed apart where they would touch.
fn ends(out: &mut String, lines: &[Line], plot: &Plot, top: f64) {
    let mut labels: Vec<(f64, &Line)> =
        lines.iter().filter_map(|line| line.values.iter().rev().flatten().next().map(|value| (plot.y(*value, top), line))).collect();
    crate::order::sort_by(&mut labels, |a, b| a.0.total_cmp(&b.0));
    let mut floor = plot.top - 4.0;
    for label in &mut labels {
        label.0 = label.0.max(floor);
        floor = label.0 + 16.0;
    }
    let mut ceiling = plot.bottom;
    for label in labels.iter_mut().rev() {
        label.0 = label.0.min(ceiling);
        ceiling = label.0 - 16.0;
    }
    for (y, line) in labels {
        let _ = write!(
            out,
            "<g class=\"mk {}\" transform=\"translate({} {})\">{}</g><text x=\"{}\" y=\"{}\"><tspan class=\"b\">{}</tspan> {}</text>",
            slot_class(line.slot),
            px(plot.right + 5.0),
            px(y - 5.0),
            mark(line.slot),
            px(plot.right + 20.0),
            px(y + 4.0),
            html(&line.name),
            html(&line.end)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(count: i32) -> Vec<i32> {
        (0..count).map(|i| 20_000 + 7 * i).collect()
    }

    fn frame(weeks: &[i32]) -> Frame<'_> {
        Frame { width: 1016, height: 260, labels: 124, weeks, caption: "c1" }
    }

    fn line(slot: u8, values: &[Option<f64>]) -> Line {
        Line { name: "E-mail".to_owned(), end: "33 %".to_owned(), slot, values: values.to_vec() }
    }

    #[test]
    fn a_gap_breaks_the_line() {
        let weeks = weeks(5);
        let whole = lines(&frame(&weeks), &[line(1, &[Some(1.0); 5])], &[], &[]);
        assert_eq!(whole.matches("<polyline").count(), 1);
        let broken = lines(&frame(&weeks), &[line(1, &[Some(1.0), Some(2.0), None, Some(3.0), Some(4.0)])], &[], &[]);
        assert_eq!(broken.matches("<polyline").count(), 2);
        assert_eq!(broken.matches("class=\"pl pl1\"").count(), 2);
    }

    #[test]
    fn nothing_is_drawn_without_two_weeks() {
        assert_eq!(lines(&frame(&weeks(1)), &[line(0, &[Some(1.0)])], &[], &[]), "");
        assert_eq!(lines(&frame(&weeks(3)), &[], &[], &[]), "");
    }

    #[test]
    fn names_from_files_stay_text_and_no_style_attribute_is_written() {
        let weeks = weeks(3);
        let mut evil = line(0, &[Some(1.0), Some(2.0), Some(3.0)]);
        evil.name = "<script>alert(1)</script>".to_owned();
        let rule = Rule { day: 20_007, label: "\"><img src=x>".to_owned(), solid: true };
        let svg = lines(&frame(&weeks), &[evil], &[Shade { from: 20_007, to: 20_010, letter: '<' }], &[rule]);
        assert!(!svg.contains("<script") && !svg.contains("<img") && !svg.contains("style="), "{svg}");
    }

    #[test]
    fn labels_at_the_ends_keep_their_distance() {
        let weeks = weeks(4);
        let near: Vec<Line> = (0..4).map(|slot| line(slot, &[Some(5.0), Some(5.0), Some(5.0), Some(5.0 + f64::from(slot) / 100.0)])).collect();
        let svg = lines(&frame(&weeks), &near, &[], &[]);
        let mut ys: Vec<f64> = svg
            .split("class=\"mk ")
            .skip(1)
            .map(|part| part.split_once("translate(").unwrap().1.split_once(')').unwrap().0.split_once(' ').unwrap().1.parse().unwrap())
            .collect();
        ys.sort_by(f64::total_cmp);
        assert_eq!(ys.len(), 4);
        assert!(ys.windows(2).all(|pair| pair[1] - pair[0] > 15.5), "{ys:?}");
    }

    #[test]
    fn the_highest_value_lies_higher_than_the_lowest() {
        let weeks = weeks(2);
        let svg = lines(&frame(&weeks), &[line(0, &[Some(0.0), Some(10.0)])], &[], &[]);
        let points = svg.split_once("points=\"").unwrap().1.split_once('"').unwrap().0;
        let ys: Vec<i32> = points.split(' ').map(|p| p.split_once(',').unwrap().1.parse().unwrap()).collect();
        assert!(ys[0] > ys[1], "{ys:?}");
    }
}
