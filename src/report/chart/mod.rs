//! Drawings as SVG text, by pure functions. The only place that names the drawing library (for lines, with the page's feature); lines are
//! drawn on the page's main thread or natively, never in a worker. Colours are CSS classes (`pl0` to `pl6`, `f-*` fills, `k-*` strokes), so that
//! a change of theme needs no second drawing; no `style` attribute is written, because the page's content policy refuses
//! them. Names from files are escaped here. What is a table or a grid (matrix, heat map, ranked bars) belongs to the views, except the calendar of days.

mod calendar;
#[cfg(any(feature = "ui", test))]
mod lines;
mod scale;
mod timeline;

use std::fmt::Write as _;

use crate::text::html;

pub use calendar::{Day, calendar, days};
#[cfg(any(feature = "ui", test))]
pub use lines::{Frame, Line, Rule, Shade, lines};
pub use scale::{day_ticks, month_ticks, value_ticks};
pub use timeline::{Bar, Drawn, Group, Placed, Screen, Span, Track, frame_axis, frame_rows, state_word, timeline};

/// The mark of a channel slot in a box of 10 by 10: the second sign beside its colour.
#[must_use]
pub const fn mark(slot: u8) -> &'static str {
    match slot {
        0 => "<circle cx=\"5\" cy=\"5\" r=\"4.2\"/>",
        1 => "<rect x=\"1\" y=\"1\" width=\"8\" height=\"8\"/>",
        2 => "<path d=\"M5 1 9.3 9H.7z\"/>",
        3 => "<path d=\"M5 .3 9.7 5 5 9.7.3 5z\"/>",
        4 => "<path d=\"M3.5 0h3v3.5H10v3H6.5V10h-3V6.5H0v-3h3.5z\"/>",
        5 => "<path fill-rule=\"evenodd\" d=\"M5 .5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm0 2.3a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z\"/>",
        _ => "<path d=\"M0 4h10v2H0z\"/>",
    }
}

/// The slot as a colour class: slots beyond the sixth share the grey of "other".
#[must_use]
pub const fn slot_class(slot: u8) -> &'static str {
    match slot {
        0 => "pl0",
        1 => "pl1",
        2 => "pl2",
        3 => "pl3",
        4 => "pl4",
        5 => "pl5",
        _ => "pl6",
    }
}

/// Stands for a text in a `data-key`: the same for the same text, and no name in the document.
#[must_use]
pub fn tag(text: &str) -> String {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:x}")
}

/// A coordinate with one decimal, without `-0`.
fn px(value: f64) -> String {
    let tenths = (value * 10.0).round();
    let tenths = if tenths.is_finite() { tenths as i64 } else { 0 };
    if tenths % 10 == 0 { format!("{}", tenths / 10) } else { format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10) }
}

/// At most `limit` characters; the middle gives way, because both ends of a name tell people apart.
#[must_use]
pub fn shortened(name: &str, limit: usize) -> String {
    let count = name.chars().count();
    if count <= limit {
        return name.to_owned();
    }
    let head = limit / 2;
    let tail = limit.saturating_sub(head + 1);
    let mut out: String = name.chars().take(head).collect();
    out.push('…');
    out.extend(name.chars().skip(count - tail));
    out
}

/// Per cent of all, mean of the week and its neighbours; `None` before the first week with any, and where nothing at all was counted.
#[must_use]
pub fn shares(values: &[u64], totals: &[u64]) -> Vec<Option<f64>> {
    let first = values.iter().position(|n| *n > 0).unwrap_or(usize::MAX);
    (0..values.len())
        .map(|i| {
            if i < first {
                return None;
            }
            let window = i.saturating_sub(1)..(i + 2).min(values.len());
            let part: u64 = values.get(window.clone()).unwrap_or_default().iter().sum();
            let whole: u64 = totals.get(window).unwrap_or_default().iter().sum();
            (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
        })
        .collect()
}

/// A table as markup for what stands behind a chart. Headings that start with `#` are columns of numbers.
#[must_use]
pub fn table_markup(caption: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = String::with_capacity(256 + rows.len() * 64);
    let _ = write!(
        out,
        "<div class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption class=\"vh\">{0}</caption><thead><tr>",
        html(caption)
    );
    for head in heads {
        let _ = match head.strip_prefix('#') {
            Some(head) => write!(out, "<th scope=\"col\" class=\"r\">{}</th>", html(head)),
            None => write!(out, "<th scope=\"col\">{}</th>", html(head)),
        };
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let right = heads.get(i).is_some_and(|head| head.starts_with('#'));
            let _ = match (i, right) {
                (0, _) => write!(out, "<th scope=\"row\">{}</th>", html(cell)),
                (_, true) => write!(out, "<td class=\"r\">{}</td>", html(cell)),
                _ => write!(out, "<td>{}</td>", html(cell)),
            };
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_broken() {
        assert_eq!([px(1.0), px(-0.04), px(-0.5), px(12.34), px(f64::NAN)], ["1", "0", "-0.5", "12.3", "0"]);
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("Oluwaseun Adeyemi-Featherstonehaugh", 24), "Oluwaseun Ad…rstonehaugh");
        assert_eq!(shortened("陈立", 24), "陈立");
    }

    #[test]
    fn a_channel_has_no_share_before_its_first_record() {
        let got = shares(&[0, 0, 5, 5], &[10, 10, 10, 10]);
        assert_eq!(got[0], None);
        assert_eq!(got[1], None);
        assert!((got[3].unwrap() - 50.0).abs() < 1e-9);
        assert_eq!(shares(&[0, 1, 0], &[0, 0, 0]), [None, None, None]);
    }

    #[test]
    fn tables_behind_charts_hold_text_only() {
        let markup = table_markup("<b>", &["Name", "#Days"], &[vec!["<img src=x>".to_owned(), "3".to_owned()]]);
        assert!(!markup.contains("<img") && !markup.contains("<b>"));
        assert!(markup.contains("<th scope=\"row\">&lt;img src=x&gt;</th><td class=\"r\">3</td>"));
    }
}
