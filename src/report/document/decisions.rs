//! What people decided, and which text was opened: each with its reason, who and when. Handles and reasons may carry names, so that a
//! paper without names gives numbers only.

use super::paper::{Cell, Paper};
use super::phrase::{count, grouped, minute};
use super::{ROWS, Veil, head, rest, words};
use crate::model::Answers;
use crate::report::method;
use crate::report::veil::Names;

/// The section.
pub(super) fn section(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    paper.section("decisions", "Decisions and openings of text", &format!("{}. What people decided, and every opening of message text", head(answers)));
    let identities = &answers.identity.decisions;
    let classes: Vec<_> = answers.conversations.iter().filter(|c| c.decided).collect();
    let named = veil.names() == Names::All;
    paper.p(
        "",
        &format!(
            "{} about handles, {} about conversations; text was opened {}.",
            count(identities.len() as u64, "decision", "decisions"),
            grouped(classes.len() as u64),
            count(answers.reveals.len() as u64, "time", "times")
        ),
    );
    if named && !identities.is_empty() {
        let rows = method::decisions(&answers.identity).into_iter().rev().take(ROWS).map(|row| row.into_iter().map(Cell::from).collect());
        paper.table("Decisions about handles", &["Channel", "Handle", "Decision", "Reason", "Decided by"], rows.collect());
        rest(paper, ROWS, identities.len(), "decisions");
    }
    if named && !classes.is_empty() {
        let rows = classes.iter().take(ROWS).map(|c| {
            vec![format!("{} {}", words::channel(&c.channel), c.id).into(), c.employees.join(", ").into(), c.class.clone().into(), c.why.clone().into()]
        });
        paper.table("Decisions about conversations", &["Conversation", "Employee", "Decided", "Reason"], rows.collect());
    }
    if !answers.reveals.is_empty() {
        let rows = answers.reveals.iter().map(|r| {
            let (by, reason, place) = if named {
                (r.by.clone(), r.reason.clone(), r.conversation.clone())
            } else {
                ("not shown".to_owned(), "not shown".to_owned(), "not shown".to_owned())
            };
            let range = format!("{} to {}", r.from, r.to);
            vec![minute(&r.at).into(), by.into(), reason.into(), words::channel(&r.channel).into(), place.into(), range.into(), grouped(r.messages).into()]
        });
        paper.table("Openings of message text", &["When", "By", "Reason", "Channel", "Conversation", "Range", "#Messages"], rows.collect());
    }
    paper.end();
}
