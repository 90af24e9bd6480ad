//! What was not examined, the sources with their ledgers, and the method.

use serde_json::Value;

use super::paper::{Cell, Paper};
use super::phrase::{count, grouped, size};
use super::{Veil, head, phrase, rest};
use crate::model::Answers;
use crate::report::method::{self, CHAPTERS};
use crate::report::veil::Names;

/// Sources listed; an archive of day files may hold thousands.
const SOURCES: usize = 500;

/// Decisions listed.
const DECISIONS: usize = 500;

/// What is not known, and its effect.
pub(super) fn not_examined(paper: &mut Paper, answers: &Answers) {
    paper.section("not-examined", "What was not examined", &head(answers));
    let basis = &answers.basis;
    paper.raw("<dl class=\"terms\">");
    for missing in &basis.missing {
        paper.element("dt", "", &missing.title);
        paper.element("dd", "", &missing.effect);
    }
    paper.element("dt", "", "Private conversations");
    paper.element("dd", "", &format!("{} left out of every figure and not opened.", count(basis.private_conversations, "conversation", "conversations")));
    if basis.undecided_conversations > 0 {
        paper.element("dt", "", "Undecided conversations");
        paper.element("dd", "", &format!("{} could not be told to be work or private.", count(basis.undecided_conversations, "conversation", "conversations")));
    }
    paper.raw("</dl>");
    paper.p("q", "No gap found is not proof that nothing is missing: a message that no source holds, names or counts leaves no trace.");
    paper.end();
}

/// Sources with digests, then the ledger's totals. Paths may carry names, so that a paper without names numbers the sources.
pub(super) fn sources(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    paper.section(
        "sources",
        "Sources",
        &format!("{}. Every file that was read, with its SHA-256. A record ends as message, event, duplicate or skipped; nothing is left over.", head(answers)),
    );
    let none = Vec::new();
    let all = answers.ledger.get("sources").and_then(Value::as_array).unwrap_or(&none);
    let named = veil.names() == Names::All;
    let rows = all.iter().take(SOURCES).enumerate().map(|(i, source)| {
        let number = |name: &str| grouped(source.get(name).and_then(Value::as_u64).unwrap_or(0));
        let text = |name: &str| source.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let name = if named { text("path") } else { format!("Source {}", i + 1) };
        vec![
            Cell::Digest(name, Some(text("sha256")).filter(|d| !d.is_empty()).unwrap_or_else(|| "not known".to_owned())),
            text("format").into(),
            size(source.get("bytes").and_then(Value::as_u64).unwrap_or(0)).into(),
            number("records").into(),
            number("messages").into(),
            number("events").into(),
            number("duplicates").into(),
            grouped(skips(source).map(|(_, n)| n).sum()).into(),
            remarks(source).into(),
        ]
    });
    let heads = ["Source, SHA-256", "Format", "#Size", "#Records", "#Messages", "#Events", "#Duplicates", "#Skipped", "Assumptions and remarks"];
    paper.table("Sources", &heads, rows.collect());
    rest(paper, SOURCES, all.len(), "ledger");
    totals(paper, answers);
    paper.end();
}

fn skips(source: &Value) -> impl Iterator<Item = (&str, u64)> {
    source.get("skipped").and_then(Value::as_array).into_iter().flatten().filter_map(|skip| Some((skip.get("reason")?.as_str()?, skip.get("count")?.as_u64()?)))
}

/// Assumed zone and date order, skips by reason, errors.
fn remarks(source: &Value) -> String {
    let mut out = Vec::new();
    let text = |path: &str| source.pointer(path).and_then(Value::as_str).unwrap_or("");
    if let Some(what) = source.pointer("/error/what").and_then(Value::as_str) {
        out.push(format!("Could not be read to the end: {what}"));
    }
    if text("/zone/basis") == "assumed" {
        out.push(format!("zone {} assumed", text("/zone/value")));
    }
    if matches!(text("/date_order/basis"), "assumed" | "ambiguous") {
        out.push(format!("order of day and month {} ({})", text("/date_order/basis"), text("/date_order/value")));
    }
    out.extend(skips(source).map(|(reason, n)| format!("{} skipped: {}", grouped(n), phrase::kind_word(reason).to_ascii_lowercase())));
    for notice in source.get("notices").and_then(Value::as_array).into_iter().flatten().take(6) {
        if let Some(sentence) = notice.get("sentence").and_then(Value::as_str) {
            out.push(sentence.to_owned());
        }
    }
    out.join("; ")
}

fn totals(paper: &mut Paper, answers: &Answers) {
    let total = |name: &str| answers.ledger.pointer(&format!("/totals/{name}")).and_then(Value::as_u64);
    let Some(records) = total("records") else { return };
    let held = ["messages", "events", "duplicates", "skipped"].map(|name| total(name).unwrap_or(0));
    let [messages, events, duplicates, skipped] = held;
    let left = records.abs_diff(held.iter().sum());
    paper.p(
        "sum",
        &format!(
            "{} records = {} messages + {} events + {} duplicates + {} skipped; {} unaccounted",
            grouped(records),
            grouped(messages),
            grouped(events),
            grouped(duplicates),
            grouped(skipped),
            grouped(left)
        ),
    );
    if let Some(unreadable) = total("unreadable").filter(|n| *n > 0) {
        paper.p("", &format!("{} could not be read.", count(unreadable, "file", "files")));
    }
}

/// Decisions about handles; where nobody is named, their number.
fn decisions(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    let made = method::decisions(&answers.identity);
    let open = answers.basis.missing.iter().find(|m| m.id == "identities_open").map_or(0, |m| m.count);
    if made.is_empty() && open == 0 {
        return;
    }
    paper.raw("<h3>Who is who</h3>");
    let (made_said, open_said) = (count(made.len() as u64, "decision", "decisions"), count(open, "proposed join", "proposed joins"));
    paper.p("", &format!("{made_said} about handles; {open_said} that nobody has decided."));
    if veil.names() == Names::All && !made.is_empty() {
        let all = made.len();
        let rows = made.into_iter().take(DECISIONS).map(|row| row.into_iter().map(Cell::from).collect()).collect();
        paper.table("Decisions about handles", &["Channel", "Handle", "Decision", "Reason", "Decided by"], rows);
        if all > DECISIONS {
            paper.p("q", &format!("{} more in the answers (JSON).", grouped((all - DECISIONS) as u64)));
        }
    }
}

/// Policy, definitions, version.
pub(super) fn method(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    paper.section("method", "Method", &format!("{}. How the figures were counted", head(answers)));
    paper.raw("<h3>Policy</h3><dl class=\"terms\">");
    if let Some(policy) = &answers.basis.policy {
        paper.element("dt", "", &policy.title);
        let months = policy.months.map_or_else(|| "no period is stated with certainty".to_owned(), |months| format!("records are kept for {months} months"));
        paper.element("dd", "", &format!("{}; {months}; last checked {}.", policy.citation, policy.last_checked));
    } else {
        paper.raw("<dt>No policy chosen</dt><dd>Required periods begin with the first record of each channel.</dd>");
    }
    paper.raw("</dl>");
    decisions(paper, answers, veil);
    for chapter in CHAPTERS {
        paper.element("h3", "", chapter.title);
        paper.raw("<dl class=\"terms\">");
        for term in chapter.terms {
            paper.element("dt", "", term.word);
            paper.element("dd", "", term.means);
        }
        paper.raw("</dl>");
    }
    paper.p(
        "q",
        &format!(
            "Counted by {}. Answers in shape {}. The same inputs and settings give the same figures on the command line: audit run.",
            answers.tool, answers.schema
        ),
    );
    paper.end();
}
