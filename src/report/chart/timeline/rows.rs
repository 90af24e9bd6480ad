//! The timeline in a frame that scrolls: the lines near what is in sight, each at its place, in pixels of the screen; the axis apart,
//! because it stays where it is. Lines are rows of a table for those who do not see it: each says which of how many it is.

use std::fmt::Write as _;

use super::{Geometry, Look, Track, anchor, last_day_name, marks, name};
use crate::report::chart::{day_ticks, px, shortened};
use crate::text::html;

/// What is in sight, and the size of the frame.
#[derive(Debug, Clone, Copy)]
pub struct Screen<'a> {
    /// First day in sight, and the end of the last one.
    pub days: (f64, f64),
    /// Width in pixels.
    pub width: f64,
    /// Height of all lines.
    pub height: f64,
    /// Number of all lines.
    pub lines: usize,
    /// Bars below the names.
    pub narrow: bool,
    /// Last day of any source.
    pub sources_end: Option<i32>,
    /// Id of the caption.
    pub caption: &'a str,
    /// Start of all link addresses; the gap id follows.
    pub link: &'a str,
    /// Start of the addresses of the days of a row.
    pub link_days: &'a str,
    /// Gap that is open.
    pub selected: Option<&'a str>,
}

/// A line and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// From the top.
    pub y: f64,
    /// Height.
    pub height: f64,
    /// Which of all lines, from 0.
    pub index: usize,
    /// Last day of work of the custodian, if known.
    pub last_day: Option<i32>,
    /// What it shows.
    pub drawn: Drawn,
}

/// What a line shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// A group of custodians, which can be folded.
    Group {
        /// Its name.
        name: String,
        /// What it holds, in words.
        sums: String,
        /// Whether its custodians are shown.
        open: bool,
    },
    /// The name of a custodian; the rows follow.
    Person(String),
    /// One channel of that custodian.
    Row(Track),
}

fn geometry(frame: &Screen) -> Geometry {
    Geometry { days: frame.days, ..Geometry::sized(frame.width, frame.narrow) }
}

/// Labels of the axis, as an SVG of 24 pixels.
#[must_use]
pub fn frame_axis(frame: &Screen) -> String {
    let at = geometry(frame);
    let mut out = format!("<svg width=\"{0}\" height=\"24\" viewBox=\"0 0 {0} 24\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\">", px(at.width));
    for (day, label) in ticks(&at) {
        let (x, anchor) = (at.x(day), anchor(&at, at.x(day)));
        let _ = write!(out, "<path class=\"k-hair\" d=\"M{0} 18v6\"/><text x=\"{0}\" y=\"13\" text-anchor=\"{anchor}\">{label}</text>", px(x));
    }
    out.push_str("</svg>");
    out
}

/// Room for a label every 100 pixels.
fn ticks(at: &Geometry) -> Vec<(i32, String)> {
    let most = ((at.right - at.left) / 100.0).clamp(3.0, 10.0) as usize;
    day_ticks(at.days.0.ceil() as i32, (at.days.1 - 1.0).floor() as i32, most)
}

/// The lines given, in a drawing as high as all of them.
#[must_use]
pub fn frame_rows(frame: &Screen, lines: &[Placed]) -> String {
    let at = geometry(frame);
    let look = Look { id: format!("{}f", html(frame.caption)), link: frame.link, days: frame.link_days, selected: frame.selected };
    let mut out = String::with_capacity(4096 + lines.len() * 1024);
    let _ = write!(
        out,
        "<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"table\" aria-labelledby=\"{2}\" aria-rowcount=\"{3}\" xmlns=\"http://www.w3.org/2000/svg\">",
        px(at.width),
        px(frame.height),
        html(frame.caption),
        frame.lines
    );
    look.patterns(&mut out);
    rules(&mut out, frame, &at, lines);
    for line in lines {
        draw(&mut out, &at, &look, line);
    }
    out.push_str("</svg>");
    out
}

/// Ticks and the end of the sources, behind the lines.
fn rules(out: &mut String, frame: &Screen, at: &Geometry, lines: &[Placed]) {
    let top = lines.iter().map(|line| line.y).fold(f64::INFINITY, f64::min);
    let bottom = lines.iter().map(|line| line.y + line.height).fold(0.0, f64::max);
    if bottom <= top {
        return;
    }
    out.push_str("<g aria-hidden=\"true\">");
    for (day, _) in ticks(at) {
        let _ = write!(out, "<path class=\"k-hair\" d=\"M{} {}V{}\"/>", px(at.x(day)), px(top), px(bottom));
    }
    if let Some(day) = frame.sources_end.filter(|day| at.shows(*day)) {
        let _ = write!(out, "<path class=\"k-t\" stroke-dasharray=\"1 3\" d=\"M{} {}V{}\"/>", px(at.x(day + 1)), px(top), px(bottom));
    }
    out.push_str("</g>");
}

fn draw(out: &mut String, at: &Geometry, look: &Look, line: &Placed) {
    let (y, bottom) = (line.y, line.y + line.height);
    let number = line.index + 1;
    let leaves = line.last_day.filter(|day| at.shows(*day));
    match &line.drawn {
        Drawn::Group { name, sums, open } => {
            let _ = write!(
                out,
                "<g role=\"row\" aria-rowindex=\"{number}\" data-line=\"{}\"><g role=\"rowheader\"><g role=\"button\" class=\"fold\" tabindex=\"0\" aria-expanded=\"{open}\" aria-label=\"{1}: {2}\" data-fold=\"{1}\" data-key=\"f:{1}\"><rect class=\"f-surface\" x=\"0\" y=\"{3}\" width=\"{4}\" height=\"28\"/><path class=\"nf k-t\" stroke-width=\"1.5\" d=\"M{5}\"/><text class=\"b\" x=\"18\" y=\"{6}\">{7}</text><text x=\"{8}\" y=\"{6}\" text-anchor=\"end\">{9}</text></g></g></g>",
                line.index,
                html(name),
                html(sums),
                px(y + 4.0),
                px(at.width),
                chevron(y, *open),
                px(y + 22.0),
                html(&shortened(name, if at.narrow { 20 } else { 40 })),
                px(at.width - 8.0),
                html(if at.narrow { sums.split(',').next().unwrap_or_default() } else { sums })
            );
        }
        Drawn::Person(title) => {
            let _ = write!(
                out,
                "<g role=\"row\" aria-rowindex=\"{number}\" data-line=\"{}\"><g role=\"rowheader\"><path class=\"k-line\" d=\"M0 {1}H{2}\"/><text class=\"b\" x=\"0\" y=\"{3}\">{4}</text></g>",
                line.index,
                px(y + 3.5),
                px(at.width),
                px(y + 24.0),
                html(&shortened(title, 30))
            );
            if let Some(day) = leaves {
                out.push_str("<g role=\"cell\">");
                last_day_name(out, at, day, bottom);
                out.push_str("</g>");
            }
            out.push_str("</g>");
        }
        Drawn::Row(track) => {
            let (mut words, mut head, mut bars, mut links) = (String::new(), String::new(), String::new(), String::new());
            name(&mut words, &mut head, look, at, track, y);
            marks(&mut bars, &mut links, look, at, track, y);
            if let Some(day) = leaves {
                let _ = write!(bars, "<path class=\"k-t\" stroke-width=\"1.5\" d=\"M{} {}V{}\"/>", px(at.x(day + 1)), px(y), px(bottom));
            }
            let _ = write!(
                out,
                "<g role=\"row\" aria-rowindex=\"{number}\" data-line=\"{}\"><g role=\"rowheader\"><g aria-hidden=\"true\">{words}</g>{head}</g><g role=\"cell\"><g aria-hidden=\"true\">{bars}</g>{links}</g></g>",
                line.index
            );
        }
    }
}

/// An arrow down for what is open, to the right for what is folded.
fn chevron(y: f64, open: bool) -> String {
    if open { format!("4 {}l4 4 4 -4", px(y + 16.0)) } else { format!("6 {}l4 4 -4 4", px(y + 14.0)) }
}

#[cfg(test)]
mod tests {
    use super::super::Bar;
    use super::*;

    fn frame() -> Screen<'static> {
        Screen {
            days: (20_000.0, 20_100.0),
            width: 992.0,
            height: 120_000.0,
            lines: 5_000,
            narrow: false,
            sources_end: Some(20_090),
            caption: "tl",
            link: "?gap=",
            link_days: "?days=",
            selected: None,
        }
    }

    fn line(index: usize, drawn: Drawn) -> Placed {
        Placed { y: index as f64 * 24.0, height: 24.0, index, last_day: Some(20_050), drawn }
    }

    fn row(from: i32, to: i32) -> Drawn {
        let bar = Bar { from, to, state: "B".to_owned(), gap: Some("g1".to_owned()), label: "WeChat, <Mei>".to_owned() };
        Drawn::Row(Track { name: "WeChat".to_owned(), key: "k".to_owned(), days: Some("p1~wechat".to_owned()), bars: vec![bar], ..Track::default() })
    }

    #[test]
    fn lines_say_which_of_how_many_they_are() {
        let svg = frame_rows(&frame(), &[line(4_000, Drawn::Person("Mei Tan".to_owned())), line(4_001, row(20_010, 20_020))]);
        assert!(svg.contains("aria-rowcount=\"5000\"") && svg.contains("aria-rowindex=\"4001\"") && svg.contains("aria-rowindex=\"4002\""), "{svg}");
        assert!(svg.contains("height=\"120000\"") && svg.contains("y=\"96024\"") && svg.contains("data-line=\"4001\""), "{svg}");
        assert!(svg.contains("last day 2024-11-23") && svg.contains("url(#tlfB)"));
    }

    #[test]
    fn what_lies_outside_the_days_in_sight_is_not_drawn() {
        let svg = frame_rows(&frame(), &[line(0, row(19_000, 19_999)), line(1, row(20_100, 20_200))]);
        assert!(!svg.contains("data-gap"), "{svg}");
        let half = frame_rows(&frame(), &[line(0, row(19_000, 20_000))]);
        assert!(half.contains("data-gap"));
    }

    #[test]
    fn names_stay_text_in_lines_too() {
        let evil = || "<img src=x>\" onfocus=\"x".to_owned();
        let svg = frame_rows(&frame(), &[line(0, Drawn::Person(evil())), line(1, Drawn::Group { name: evil(), sums: evil(), open: true })]);
        assert!(!svg.contains("<img") && !svg.contains("\" onfocus") && !svg.contains("style="), "{svg}");
    }

    #[test]
    fn the_axis_goes_from_months_over_weeks_to_days() {
        let labels = |days| -> Vec<String> { ticks(&Geometry { days, ..Geometry::sized(992.0, false) }).into_iter().map(|(_, label)| label).collect() };
        assert_eq!(labels((20_089.0, 20_454.0)), ["2025-01", "03", "05", "07", "09", "11"]);
        let weeks = labels((20_089.0, 20_145.0));
        assert_eq!((weeks[0].as_str(), weeks[1].as_str()), ("2025-01-06", "01-13"));
        assert_eq!(labels((20_089.0, 20_096.0)), ["2025-01-01", "02 Thu", "03 Fri", "04 Sat", "05 Sun", "06 Mon", "07 Tue"]);
    }
}
