//! Drawings as SVG text, by pure functions. The only place that names the drawing library (for lines, with the page's feature); lines are
//! drawn on the page's main thread or natively, never in a worker. Colours are CSS classes (`pl0` to `pl6`, `f-*` fills, `k-*` strokes), so that
//! a change of theme needs no second drawing; no `style` attribute is written, because the page's content policy refuses
//! them. Names from files are escaped here. What is a table or a grid (matrix, heat map, ranked bars) belongs to the views, except the calendar of days.

mod calendar;
#[cfg(feature = "ui")]
mod lines;
mod scale;
mod timeline;

pub use calendar::{Day, calendar, days};
#[cfg(feature = "ui")]
pub use lines::{Frame, Line, Rule, Shade, lines};
pub use scale::{month_ticks, value_ticks};
pub use timeline::{Bar, Group, Span, Track, state_word, timeline};

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
}
