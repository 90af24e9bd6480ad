//! The printable report: one HTML file without script, and the same body for the page's print preview. Follows the answers
//! section by section; cuts long tables at a stated number and says where the rest is.

mod cover;
mod decisions;
mod explained;
mod paper;
mod sections;
mod sources;

use paper::Paper;

use super::veil::{Names, Veil};
use super::{phrase, words};
use crate::model::Answers;

/// Style sheet of the paper, also linked by the page for the preview.
pub const STYLE: &str = include_str!("../../../style/paper.css");

/// Rows of one table before the rest is left to the CSV.
const ROWS: usize = 200;

/// The whole document with names, as the command line writes it.
#[must_use]
pub fn html(answers: &Answers) -> String {
    page(answers, Names::All)
}

/// The whole document: self-contained, no script, no request.
#[must_use]
pub fn page(answers: &Answers, names: Names) -> String {
    let mut paper = Paper::default();
    paper.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    paper.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    paper.element("title", "", &title(answers));
    paper.raw("<style>");
    paper.raw(STYLE);
    paper.raw("</style></head><body class=\"paper-page\">");
    paper.0.push_str(&article(answers, names, "h1"));
    paper.raw("</body></html>\n");
    paper.0
}

/// The document's body, for the preview inside the page: the page has a heading of the first level already.
#[must_use]
pub fn body(answers: &Answers, names: Names) -> String {
    article(answers, names, "h2")
}

fn article(answers: &Answers, names: Names, heading: &'static str) -> String {
    let veil = Veil::new(names, answers);
    let mut paper = Paper(String::with_capacity(64 * 1024));
    paper.raw(match names {
        Names::All => "<article class=\"paper names-all\">",
        Names::Leavers => "<article class=\"paper names-leavers\">",
        Names::Nobody => "<article class=\"paper names-nobody\">",
    });
    cover::first_page(&mut paper, answers, &veil, heading);
    sections::findings(&mut paper, answers, &veil);
    sections::coverage(&mut paper, answers, &veil);
    sections::gaps(&mut paper, answers, &veil);
    explained::section(&mut paper, answers, &veil);
    sections::copies(&mut paper, answers, &veil);
    sections::channels(&mut paper, answers);
    if names != Names::Nobody {
        sections::leavers(&mut paper, answers);
    }
    sources::not_examined(&mut paper, answers);
    sources::sources(&mut paper, answers, &veil);
    decisions::section(&mut paper, answers, &veil);
    sources::method(&mut paper, answers);
    paper.raw("</article>");
    paper.0
}

/// Title of the document.
#[must_use]
pub fn title(answers: &Answers) -> String {
    if answers.basis.matter.is_empty() { "Retention audit".to_owned() } else { format!("Retention audit: {}", answers.basis.matter) }
}

/// File name from the matter, without anything a file system would refuse.
#[must_use]
pub fn file_name(answers: &Answers) -> String {
    let name: String = answers.basis.matter.chars().map(|c| if crate::text::in_file_names(c) { c } else { '-' }).take(80).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "retention-audit.html".to_owned() } else { format!("{name}.html") }
}

/// Period and zone in words.
#[must_use]
pub fn scope(answers: &Answers) -> String {
    let scope = &answers.scope;
    let zone = if scope.zone.is_empty() { "UTC" } else { &scope.zone };
    let as_of = scope.as_of.as_deref().map(|day| format!(", as of {day}")).unwrap_or_default();
    let period = match (&scope.from, &scope.to) {
        (None, None) => "All records in the sources".to_owned(),
        (from, to) => phrase::period(from.as_deref(), to.as_deref()),
    };
    format!("{period}{as_of}, {zone}")
}

/// Matter and scope, for the head of each section: a page that is copied alone still says what it belongs to.
fn head(answers: &Answers) -> String {
    if answers.basis.matter.is_empty() { scope(answers) } else { format!("{}, {}", answers.basis.matter, scope(answers)) }
}

/// Says how many rows were left out of a table.
fn rest(paper: &mut Paper, shown: usize, all: usize, csv: &str) {
    if all > shown {
        paper.p("q", &format!("{} more in the {csv} table (CSV).", phrase::grouped((all - shown) as u64)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::{
        Benign, ConversationSaid, CopyPair, CopySide, CoverageRow, Evidence, Explained, ExplanationSaid, Finding, Gap, GroupRow, Groups, Leaver, Missing, Span,
    };
    use crate::model::decision::{IdentityDecision, Reveal};
    use serde_json::json;

    const EVIL: &str = "<img src=x onerror=alert(1)>\"'&";

    fn hostile() -> Answers {
        let evil = || EVIL.to_owned();
        let mut answers = Answers { tool: "retention-audit 0.1.0".to_owned(), ..Answers::default() };
        answers.basis.matter = evil();
        answers.basis.missing = vec![Missing { id: evil(), title: evil(), effect: evil(), count: 3 }];
        answers.coverage = vec![CoverageRow {
            custodian: evil(),
            person: "p1".to_owned(),
            channel: evil(),
            expected_days: 10,
            worst: "A".to_owned(),
            spans: vec![Span { from: "2026-01-01".to_owned(), to: "2026-02-01".to_owned(), state: "A".to_owned(), gap: Some(evil()), explained: true }],
            ..CoverageRow::default()
        }];
        answers.identity.decisions =
            vec![IdentityDecision { channel: evil(), handle: evil(), whom: evil(), reason: evil(), by: evil(), at: evil(), ..Default::default() }];
        answers.reveals = vec![Reveal { at: evil(), by: evil(), reason: evil(), channel: evil(), conversation: evil(), from: evil(), to: evil(), messages: 7 }];
        answers.conversations =
            vec![ConversationSaid { id: evil(), channel: evil(), employees: vec![evil()], class: evil(), why: evil(), decided: true, ..Default::default() }];
        answers.channels.groups =
            Some(Groups { by: evil(), least: 5, rows: vec![GroupRow { name: evil(), people: 7, ..GroupRow::default() }], merged: 2, withheld: false });
        answers.gaps = vec![Gap {
            id: evil(),
            custodian: evil(),
            channel: evil(),
            conversation: Some(evil()),
            class: "A".to_owned(),
            kind: evil(),
            reasons: vec![evil()],
            benign: vec![Benign { id: evil(), title: evil(), found: evil(), verdict: evil() }],
            evidence: vec![Evidence { source: evil(), ..Evidence::default() }],
            explained: Some(Explained { kind: evil(), note: evil(), by: evil(), at: evil() }),
            explanations: vec![0],
            ..Gap::default()
        }];
        let said =
            ExplanationSaid { custodian: evil(), channel: evil(), conversation_id: Some(evil()), from: Some(evil()), kind: evil(), ..Default::default() };
        answers.explained = vec![ExplanationSaid { note: evil(), by: evil(), at: evil(), known: true, ..said }];
        let side = || CopySide { custodian: evil(), keeper: "custodian".to_owned(), source: Some(evil()), ..CopySide::default() };
        answers.copies = vec![CopyPair { channel: evil(), conversation: Some(evil()), first: side(), second: side(), ..CopyPair::default() }];
        answers.findings = vec![Finding { id: evil(), sentence: evil(), sentence_without_names: evil(), whom: evil(), severity: evil(), ..Finding::default() }];
        answers.leavers = vec![Leaver { person: evil(), id: "p1".to_owned(), role: evil(), last_day: evil(), ..Leaver::default() }];
        answers.ledger = json!({"sources": [{"path": evil(), "format": evil(), "sha256": evil(), "skipped": [{"reason": evil(), "count": 1}], "notices": [{"sentence": evil(), "count": 1}],
            "error": {"what": evil()}}]});
        answers
    }

    #[test]
    fn text_from_files_never_becomes_markup_and_nothing_is_requested() {
        let page = html(&hostile());
        assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("src=x onerror=alert(1)>"), "{page}");
        assert!(page.contains("&lt;img src=x"));
        let links = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!links.contains("http:") && !links.contains("https:") && !links.contains("@import") && !links.contains("url(http"));
    }

    #[test]
    fn every_element_is_closed() {
        let page = html(&hostile());
        for tag in [
            "article", "section", "header", "table", "thead", "tbody", "tr", "td", "th", "p", "h1", "h2", "h3", "dl", "dt", "dd", "ul", "li", "svg", "figure",
            "div",
        ] {
            let open = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(open, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }

    #[test]
    fn a_paper_without_names_names_nobody() {
        let mut answers = Answers::default();
        let name = || "Oluwaseun Adeyemi".to_owned();
        answers.coverage = vec![CoverageRow {
            custodian: name(),
            person: "p7".to_owned(),
            channel: "wechat".to_owned(),
            worst: "A".to_owned(),
            gap_days: 3,
            expected_days: 9,
            ..CoverageRow::default()
        }];
        answers.gaps = vec![Gap {
            custodian: name(),
            person: Some("p7".to_owned()),
            class: "A".to_owned(),
            conversation: Some(name()),
            reasons: vec![format!("{} is silent", name())],
            ..Gap::default()
        }];
        answers.findings = vec![Finding {
            sentence: format!("{} holds 3 clients alone", name()),
            sentence_without_names: "One leaver holds 3 clients alone".to_owned(),
            whom: name(),
            person: Some("p7".to_owned()),
            ..Finding::default()
        }];
        let side =
            || CopySide { custodian: name(), person: Some("p7".to_owned()), keeper: "custodian".to_owned(), source: Some(name()), ..CopySide::default() };
        answers.copies = vec![CopyPair { conversation: Some(name()), first: side(), second: side(), ..CopyPair::default() }];
        answers.leavers = vec![Leaver { person: name(), id: "p7".to_owned(), ..Leaver::default() }];
        assert!(body(&answers, Names::All).contains("Adeyemi"));
        let nobody = body(&answers, Names::Nobody);
        assert!(!nobody.contains("Adeyemi"), "{nobody}");
        assert!(nobody.contains("One leaver holds 3 clients alone") && nobody.contains("Employee ") && !nobody.contains("Person p7"));
        assert!(body(&answers, Names::Leavers).contains("Adeyemi"));
    }

    #[test]
    fn the_preview_leaves_the_first_heading_to_the_page() {
        let answers = hostile();
        assert_eq!(html(&answers).matches("<h1").count(), 1);
        assert!(!body(&answers, Names::All).contains("<h1"));
    }

    #[test]
    fn empty_answers_make_a_paper_that_says_so() {
        let page = html(&Answers::default());
        assert!(page.contains("No findings") && page.contains("Sources"));
    }

    #[test]
    fn long_tables_say_what_they_leave_out() {
        let gap = Gap { class: "C".to_owned(), ..Gap::default() };
        let answers = Answers { gaps: vec![gap; ROWS + 5], ..Answers::default() };
        assert!(html(&answers).contains("5 more in the gaps table"));
    }
}
