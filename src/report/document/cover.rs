//! The first page: verdict, basis, figures, ownership by quarter, what needs a decision first, signatures.

use std::fmt::Write as _;

use super::paper::{Cell, Paper};
use super::phrase::{count, grouped, percent, ratio};
use super::{Veil, phrase, scope, title};
use crate::model::Answers;
use crate::model::answer::CoverageRow;
use crate::report::explained;
use crate::report::verdict::{days, verdict};

/// Findings on the first page.
const FIRST: usize = 5;
/// Quarters drawn.
const QUARTERS: usize = 8;

/// The page. `heading` is `h1` in a document of its own and `h2` inside the program's page, which has its heading already.
pub(super) fn first_page(paper: &mut Paper, answers: &Answers, veil: &Veil, heading: &'static str) {
    paper.raw("<section class=\"cover\"><header>");
    paper.element(heading, "title", &title(answers));
    paper.p("q", &scope(answers));
    paper.raw("</header>");
    let (standing, sentence) = verdict(answers);
    paper.p("standing", standing.word());
    paper.p("verdict", &sentence);
    paper.p("basis", &basis(answers));
    paper.raw("<dl class=\"figures\">");
    for (label, figure, beside) in figures(answers) {
        paper.raw("<div>");
        paper.element("dt", "", label);
        paper.element("dd", "v", &figure);
        paper.element("dd", "q", &beside);
        paper.raw("</div>");
    }
    paper.raw("</dl>");
    quarters(paper, answers);
    decisions(paper, answers, veil);
    paper.raw("<dl class=\"sign\"><div><dt>Prepared by</dt><dd></dd></div><div><dt>Reviewed by</dt><dd></dd></div><div><dt>Date</dt><dd></dd></div></dl>");
    paper.p("q", veil.sentence_on_paper());
    paper.end();
}

/// What the verdict rests on.
fn basis(answers: &Answers) -> String {
    let basis = &answers.basis;
    let sources = &basis.sources;
    let list = |number: Option<u64>, one, many, none: &str| number.map_or_else(|| none.to_owned(), |n| count(n, one, many));
    let more = match basis.policies.len() {
        0 | 1 => String::new(),
        n => format!(" and {}", count(n as u64 - 1, "more rule", "more rules")),
    };
    let policy = basis.policy.as_ref().map_or_else(|| "no policy chosen".to_owned(), |p| format!("policy: {}{more}", p.title));
    format!(
        "Based on {} of {}, {}, {} skipped; {}; {}; {policy}.",
        grouped(sources.read),
        count(sources.given, "source", "sources"),
        count(basis.messages, "message in scope", "messages in scope"),
        count(sources.skipped, "record", "records"),
        list(basis.people, "person on the people list", "people on the people list", "no people list"),
        list(basis.clients, "client on the client list", "clients on the client list", "no client list"),
    )
}

fn figures(answers: &Answers) -> Vec<(&'static str, String, String)> {
    let unknown = answers.coverage.iter().map(|row: &CoverageRow| row.unknown_days).sum();
    let (expected, covered) = days(answers);
    let gaps = explained::counts(answers);
    let with: Vec<_> = answers.leavers.iter().filter(|leaver| !leaver.clients.is_empty()).collect();
    let clients: usize = with.iter().map(|leaver| leaver.clients.len()).sum();
    let alone: u64 = with.iter().map(|leaver| leaver.held_alone).sum();
    let sources = &answers.basis.sources;
    let leavers = if answers.basis.people.is_none() {
        ("Unknown".to_owned(), "no people list".to_owned())
    } else if answers.basis.clients.is_none() {
        (grouped(answers.leavers.len() as u64), "leavers; no client list".to_owned())
    } else {
        (grouped(with.len() as u64), format!("{}, {} held by one leaver alone", count(clients as u64, "client", "clients"), grouped(alone)))
    };
    vec![
        (
            "Required days covered",
            ratio(covered, expected).map_or_else(|| "Unknown".to_owned(), |share| format!("{}{}%", phrase::tenths(share), phrase::THIN)),
            format!("{} of {} business days, {} unknown", grouped(covered), grouped(expected), grouped(unknown)),
        ),
        ("Open gaps", grouped(gaps.open()), gaps.words()),
        ("Leavers with clients to hand over", leavers.0, leavers.1),
        (
            "Sources with problems",
            grouped(sources.with_problems),
            format!("of {}; {} not read", grouped(sources.given), grouped(sources.given.saturating_sub(sources.read))),
        ),
    ]
}

/// Two-part bars per quarter: solid for what the firm owns, light with an outline for the rest. Both shares stand beside each bar.
fn quarters(paper: &mut Paper, answers: &Answers) {
    let known = answers.channels.firm_owned_client_share.is_some();
    let rows: Vec<_> = answers.channels.by_quarter.iter().filter_map(|q| Some((q, ratio(q.firm_owned, q.firm_owned + q.other)?))).collect();
    let rows = rows.get(rows.len().saturating_sub(QUARTERS)..).unwrap_or_default();
    if !known || rows.is_empty() {
        return;
    }
    paper.raw("<figure class=\"quarters\"><figcaption>Client conversation by who owns the account</figcaption>");
    let height = rows.len() * 22 + 20;
    let mut drawing = format!(
        "<svg viewBox=\"0 0 640 {height}\" width=\"100%\" role=\"img\" aria-label=\"Share of client turns on firm-owned channels by quarter; the same numbers stand in the table of quarters\"><text x=\"64\" y=\"12\">Firm-owned</text><text x=\"640\" y=\"12\" text-anchor=\"end\">Other accounts</text>"
    );
    for (i, (quarter, share)) in rows.iter().enumerate() {
        let (y, width) = (i * 22 + 20, (share * 576.0).round() as u64);
        let _ = write!(
            drawing,
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"f-s1 k-cov\" x=\"64.5\" y=\"{y}.5\" width=\"575\" height=\"17\"/><rect class=\"f-cov\" x=\"64\" y=\"{y}\" width=\"{width}\" height=\"18\"/>",
            y + 13,
            crate::text::html(&quarter.quarter.replace("-Q", " Q")),
        );
        // A label that would not fit its part is left to the other side.
        if width >= 60 {
            let _ = write!(drawing, "<text class=\"w\" x=\"72\" y=\"{}\">{}</text>", y + 13, percent(*share));
        }
        if width <= 516 {
            let _ = write!(drawing, "<text class=\"b\" x=\"632\" y=\"{}\" text-anchor=\"end\">{}</text>", y + 13, percent(1.0 - share));
        }
    }
    drawing.push_str("</svg>");
    paper.drawing(&drawing);
    paper.raw("</figure>");
}

/// The first findings.
fn decisions(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    if answers.findings.is_empty() {
        return;
    }
    let rows = answers.findings.iter().take(FIRST).map(|f| {
        vec![
            phrase::severity_word(&f.severity).into(),
            veil.sentence(f).into(),
            Cell::Period(f.from.clone(), f.to.clone()),
            format!("{} {}", grouped(f.quantity), f.unit).into(),
        ]
    });
    let all = answers.findings.len() as u64;
    let high = answers.findings.iter().filter(|f| f.severity == "high").count() as u64;
    let caption = format!("What needs a decision first; all {} follow, {} of high severity", count(all, "finding", "findings"), grouped(high));
    paper.table(&caption, &["Severity", "Finding", "Period", "#Evidence"], rows.collect());
}
