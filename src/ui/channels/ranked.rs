//! Ranked bars: solid for the firm's own channels, light with an outline for the others.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::ui::node::prelude::*;

use super::{by_turns, period};
use crate::model::Answers;
use crate::model::answer::ChannelRow;
use crate::report::phrase::{count, grouped, listed, percent};
use crate::report::words;
use crate::text::html;
use crate::ui::marks;
use crate::ui::state::App;

const KEY: &str = "<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><rect y=\"1\" width=\"20\" height=\"8\" class=\"f-cov\"/></svg>Firm-owned</span><span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><rect x=\".5\" y=\"1.5\" width=\"19\" height=\"7\" class=\"f-s1 k-cov\"/></svg>Other accounts</span>";

/// The section.
pub(super) fn section(app: App, answers: &Arc<Answers>) -> AnyView {
    let channels = &answers.channels;
    if channels.by_channel.is_empty() {
        return view! { <section class="b b32" data-testid="channel-chart"><header><h2>"No messages in this period"</h2><p>"Widen the dates, or add sources."</p></header>{marks::filtered(app).then(|| marks::clear(app))}</section> }.into_any();
    }
    let turns = by_turns(answers);
    let value = |row: &ChannelRow| if turns { row.client_turns } else { row.work_messages };
    let most = channels.by_channel.iter().map(value).max().unwrap_or(1).max(1);
    let total: u64 = channels.by_channel.iter().map(value).sum();
    let unit = if turns { ("client turn", "client turns") } else { ("work message", "work messages") };
    let firm = channels.firm_owned_client_share.as_ref().map(|share| format!(", {} on channels the firm owns", percent(share.value))).unwrap_or_default();
    let about = if turns {
        format!(
            "Client turns by channel, {}. {} in all{firm}. A turn is one or more messages by one sender within 5 minutes.",
            period(answers),
            count(total, unit.0, unit.1)
        )
    } else {
        format!(
            "Messages of work conversations by channel, {}. {} in all. Client turns are not known: no client list was supplied, or no client was met.",
            period(answers),
            count(total, unit.0, unit.1)
        )
    };
    let mut bars = String::from("<div class=\"rk\">");
    for row in &channels.by_channel {
        bar(&mut bars, row, value(row), most, total, if turns { "turns" } else { "messages" });
    }
    bars.push_str("</div>");
    let heads = ["Channel", "#Client turns", "#Work messages", "#Messages", "#Share", "Standing", "Captured"].map(str::to_owned).to_vec();
    let rows = channels.by_channel.iter().map(table_row).collect();
    view! {
        <section class="b b32"><figure class="split">
            <figcaption><h2>{title(&channels.by_channel)}</h2><p class="gap4">{about}</p>{marks::block("key gap12", KEY.to_owned())}</figcaption>
            <div data-testid="channel-chart"><div inner_html=bars></div>{marks::as_table(app, "Use by channel", heads, rows, "csv:channels")}</div>
        </figure></section>
    }
    .into_any()
}

fn table_row(row: &ChannelRow) -> Vec<String> {
    vec![
        words::channel(&row.channel),
        grouped(row.client_turns),
        grouped(row.work_messages),
        grouped(row.messages),
        row.share.map_or_else(|| "–".to_owned(), percent),
        words::status(&row.status),
        row.captured.map_or("not stated", |yes| if yes { "yes" } else { "no" }).to_owned(),
    ]
}

/// "E-mail leads, WhatsApp is second", with channels that nobody allowed named when they rank high.
fn title(rows: &[ChannelRow]) -> String {
    let not_allowed: Vec<String> =
        rows.iter().take(4).filter(|row| row.status == "prohibited" && row.client_turns > 0).map(|row| words::channel(&row.channel)).collect();
    match rows {
        [] => String::new(),
        [only] => format!("All of it runs on {}", words::channel(&only.channel)),
        [first, second, ..] if not_allowed.is_empty() => format!("{} leads, {} is second", words::channel(&first.channel), words::channel(&second.channel)),
        [first, ..] => {
            let verb = if not_allowed.len() == 1 { "is" } else { "are" };
            format!("{} leads; {} {verb} used with clients and not allowed", words::channel(&first.channel), listed(&not_allowed))
        }
    }
}

fn bar(out: &mut String, row: &ChannelRow, value: u64, most: u64, total: u64, unit: &str) {
    let width = (value as f64 / most as f64 * 1000.0).round().max(if value > 0 { 3.0 } else { 0.0 }) as u64;
    let class = if owned(row) { "f-cov" } else { "f-s1 k-cov vx" };
    let share = row.share.or_else(|| crate::report::phrase::ratio(value, total)).map_or_else(|| "–".to_owned(), percent);
    let _ = write!(
        out,
        "<span class=\"ch\">{}</span><svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect x=\".5\" y=\".5\" width=\"{width}\" height=\"15\" class=\"{class}\"/></svg><span class=\"v\"><b>{}</b><span class=\"q\">{} {unit}</span></span>",
        html(&words::channel(&row.channel)),
        html(&share),
        grouped(value)
    );
}

/// Whether the firm owns a channel: it captures it, or has approved it and nothing says that it is not captured.
pub(super) fn owned(row: &ChannelRow) -> bool {
    row.captured.unwrap_or(row.status == "approved")
}
