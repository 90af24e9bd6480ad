//! Small multiples by channel on one scale: traffic per week, the strip of what the archive holds below it.

use std::fmt::Write as _;

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::model::answer::ChannelRow;
use crate::report::words;
use crate::ui::parts::{Cell, Head, Line, drawing, grouped, number, number_link, owner_mark, percent, points, shown_as_table};
use crate::ui::state::App;

/// Most channels drawn; the table has all.
const DRAWN: usize = 11;

/// The section.
pub fn section(app: App, a: &Answers) -> Option<AnyView> {
    let channels = &a.channels.by_channel;
    if channels.is_empty() {
        return None;
    }
    // Client turns when clients are known, work messages otherwise: never both on one scale.
    let by_client = a.basis.clients.is_some();
    let measure = if by_client { "Client turns" } else { "Work messages" };
    let mut weeks: Vec<&str> = a.channels.over_time.iter().map(|w| w.week.as_str()).collect();
    crate::order::sort_by(&mut weeks, Ord::cmp);
    weeks.dedup();
    let series: Vec<Vec<u64>> = channels.iter().take(DRAWN).map(|c| series(a, &c.channel, &weeks, by_client)).collect();
    let top = round_up(series.iter().flatten().copied().max().unwrap_or(0));
    let span = (month(weeks.first()), month(weeks.last()));
    let panels = channels.iter().zip(&series).map(|(c, s)| panel(app, c, s, top, &span)).collect::<Vec<_>>();
    let about = format!("{measure} per week and channel, in order of share; change between first and last quarter in points");
    Some(
        view! {
            <section class="b"><header><h2>{title(channels)}</h2><p>{about}</p></header>
                <figure aria-label=format!("{measure} per week by channel")><div class="sm">{panels}{how_to_read(measure, top)}</div>
                    {table_of(channels, measure, by_client)}</figure></section>
        }
        .into_any(),
    )
}

fn series(a: &Answers, channel: &str, weeks: &[&str], by_client: bool) -> Vec<u64> {
    let mut out = vec![0; weeks.len()];
    for row in a.channels.over_time.iter().filter(|r| r.channel == channel) {
        if let Some(slot) = weeks.binary_search(&row.week.as_str()).ok().and_then(|i| out.get_mut(i)) {
            *slot += if by_client { row.client_turns } else { row.work_messages };
        }
    }
    out
}

/// The finding as title, or the question when nothing stands out.
fn title(channels: &[ChannelRow]) -> String {
    let grown = |c: &&ChannelRow| c.first_quarter_share.zip(c.last_quarter_share).is_some_and(|(a, b)| b - a >= 0.03);
    let names: Vec<String> = channels.iter().filter(grown).take(3).map(|c| words::channel(&c.channel)).collect();
    let worst = |c: &ChannelRow| c.covered.unwrap_or(1.0);
    let least = channels.iter().filter(|c| !grown(c)).map(worst).fold(1.0, f64::min);
    let also = channels.iter().filter(grown).all(|c| c.covered.is_some() && worst(c) <= least);
    match names.as_slice() {
        [] => "Which channels carry the work, and what the archive holds of them".to_owned(),
        [one] if also => format!("{one} grows; it is also covered least"),
        [one] => format!("{one} grows"),
        [first @ .., last] => format!("{} and {last} grow{}", first.join(", "), if also { "; they are also covered least" } else { "" }),
    }
}

/// The month of a week is that of its Thursday, as in the ISO calendar.
fn month(week: Option<&&str>) -> String {
    week.and_then(|w| crate::time::parse_week(w)).map(|d| crate::time::day_name(d + 3).chars().take(7).collect()).unwrap_or_default()
}

/// A round number at or above the value, for the top line of the scale.
fn round_up(value: u64) -> u64 {
    let mut step = 10;
    loop {
        for top in [step, step * 2, step * 5] {
            if value <= top {
                return top;
            }
        }
        if step > u64::MAX / 100 {
            return value;
        }
        step *= 10;
    }
}

fn panel(app: App, c: &ChannelRow, values: &[u64], top: u64, span: &(String, String)) -> AnyView {
    let share = c.share.map(|s| number_link(number::whole(s), app.link_now("/channels")));
    let change = c.first_quarter_share.zip(c.last_quarter_share).map(|(a, b)| points(a, b));
    let firm = match c.status.as_str() {
        "unknown" => None,
        _ => Some(c.captured.unwrap_or(c.status == "approved")),
    };
    let covered = c.covered.map_or_else(|| view! { "coverage unknown" }.into_any(), |s| view! { "covered "<b>{percent(s)}</b> }.into_any());
    view! {
        <div class="p"><h3>{words::channel(&c.channel)}<span>{share}</span></h3><div class="sub">{owner_mark(firm)}<span>{change}</span></div>
            {drawing("plot", format!("0 0 {} 64", values.len().max(1)), true, plot(values, top))}{drawing("strip", "0 0 234 6".to_owned(), true, strip(&c.strip))}
            <div class="ax"><span>{span.0.clone()}</span><span>{covered}</span><span>{span.1.clone()}</span></div></div>
    }
    .into_any()
}

/// Area and line in a box of one unit a week and 64 high; the top line of the scale is at 4.
fn plot(values: &[u64], top: u64) -> String {
    let width = values.len().max(1);
    let mut points = String::new();
    for (i, value) in values.iter().enumerate() {
        // Tenths of a unit, in whole numbers.
        let y = 640 - (value * 600).checked_div(top).unwrap_or(0);
        let _ = write!(points, "{i}.5,{}.{} ", y / 10, y % 10);
    }
    let last = width - 1;
    format!(
        "<path class=\"k-hair vx nf\" d=\"M0 4H{width}M0 34H{width}\"/><polygon class=\"f-s1\" points=\"0.5,64 {points}{last}.5,64\"/>\
         <polyline class=\"nf k-cov vx\" stroke-width=\"1.5\" points=\"{points}\"/><path class=\"k-ctl vx nf\" d=\"M0 64H{width}\"/>"
    )
}

/// One run of equal weeks after the other, in a box as wide as it is on screen: a stretched hatch would lie.
fn strip(weeks: &str) -> String {
    let mut out = String::from("<path class=\"k-line vx\" d=\"M0 3H234\"/>");
    let count = weeks.len().max(1);
    let mut rest = weeks;
    let mut at = 0;
    while let Some(state) = rest.chars().next() {
        let run = rest.chars().take_while(|c| *c == state).count();
        let look = match state {
            'c' => "class=\"f-cov\"",
            's' => "class=\"f-sil\"",
            'A' => "class=\"f-d\"",
            'B' => "class=\"k-d vx\" fill=\"url(#hB)\"",
            'C' => "class=\"f-bg k-d vx\" stroke-dasharray=\"3 2\"",
            'u' => "class=\"k-ctl vx\" fill=\"url(#hU)\"",
            _ => "",
        };
        let (x, end) = (at * 234 / count, (at + run) * 234 / count);
        let width = end.saturating_sub(x).max(1);
        // Outlined marks keep their outline inside the strip.
        if matches!(state, 'B' | 'C' | 'u') && width > 1 {
            let _ = write!(out, "<rect x=\"{x}.5\" y=\".5\" width=\"{}\" height=\"5\" {look}/>", width - 1);
        } else if !look.is_empty() {
            let _ = write!(out, "<rect x=\"{x}\" width=\"{width}\" height=\"6\" {look}/>");
        }
        at += run;
        rest = rest.get(run..).unwrap_or_default();
    }
    out
}

const KEYS: [(&str, &str); 7] = [
    (r#"<rect width="20" height="6" y="2" class="f-cov"/>"#, "Covered"),
    (r#"<rect width="20" height="6" y="2" class="f-sil"/>"#, "Covered, no messages"),
    (r#"<rect width="20" height="6" y="2" class="f-d"/>"#, "Missing, proved"),
    (r#"<rect x=".5" width="19" height="5" y="2.500" fill="url(#hB)" class="k-d"/>"#, "Unexplained silence"),
    (r#"<rect width="19" height="5" x=".5" y="2.500" class="nf k-d" stroke-dasharray="3 2"/>"#, "Not covered"),
    (r#"<rect x=".5" width="19" height="5" y="2.500" fill="url(#hU)" class="k-ctl"/>"#, "Unknown"),
    (r#"<path d="M0 5h20" class="k-line"/>"#, "Not expected"),
];

fn how_to_read(measure: &'static str, top: u64) -> AnyView {
    let keys = KEYS
        .into_iter()
        .map(|(mark, word)| view! { <li><svg viewBox="0 0 20 10" aria-hidden="true" inner_html=mark></svg>{word}</li> }.into_any())
        .collect::<Vec<_>>();
    let text = format!(
        "{measure} per week; every panel has the same scale, top line {} a week. Strip below: what the archive holds of most custodians; a gap shows from a third of them on.",
        grouped(top)
    );
    view! { <div class="how"><h3>"How to read"</h3><p>{text}</p><ul>{keys}</ul></div> }.into_any()
}

fn table_of(channels: &[ChannelRow], measure: &'static str, by_client: bool) -> AnyView {
    let share = |s: Option<f64>| s.map_or_else(|| Cell::text("unknown"), |s| Cell::number(s, percent(s)));
    let lines = channels
        .iter()
        .map(|c| {
            let count = if by_client { c.client_turns } else { c.work_messages };
            Line::new(vec![
                Cell::text(words::channel(&c.channel)),
                Cell::number(count as f64, grouped(count)),
                share(c.share),
                share(c.first_quarter_share),
                share(c.last_quarter_share),
                share(c.covered),
            ])
        })
        .collect();
    let heads = vec![
        Head::text("Channel"),
        Head::number(measure),
        Head::number("Share"),
        Head::number("First quarter"),
        Head::number("Last quarter"),
        Head::number("Required days covered"),
    ];
    shown_as_table("Traffic and coverage by channel", "channels.csv", heads, lines)
}
