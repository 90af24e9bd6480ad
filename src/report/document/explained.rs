//! Gaps that a reviewer explained: what, why, in whose words and when. Notes may carry names, so that a paper without names gives kinds only.

use super::paper::{Cell, Paper};
use super::phrase::{count, grouped};
use super::{ROWS, Veil, head, rest};
use crate::model::Answers;
use crate::report::explained;
use crate::report::veil::Names;

/// The section; nothing where nobody has explained anything.
pub(super) fn section(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    if answers.explained.is_empty() {
        return;
    }
    paper.section("explained", "Explained by the reviewer", &head(answers));
    let counts = explained::counts(answers);
    paper.p(
        "",
        &format!(
            "{}; {} explained and not counted among the {}. An explanation is not a record: the days of such a gap stay gap days. Leave and closures stand in the calendar, and the tests ran without these days.",
            count(answers.explained.len() as u64, "explanation", "explanations"),
            count(counts.explained, "gap is", "gaps are"),
            count(counts.open(), "open gap", "open gaps"),
        ),
    );
    let named = veil.names() == Names::All;
    let hidden = |text: &str| if named { text.to_owned() } else { "not shown".to_owned() };
    let rows = answers.explained.iter().enumerate().rev().take(ROWS).map(|(number, said)| {
        vec![
            explained::place(said, veil).into(),
            explained::kind(&said.kind).into(),
            hidden(&said.note).into(),
            hidden(&explained::made(&said.by, &said.at)).into(),
            explained::effect(answers, number, said).into(),
        ]
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    paper.table("Explanations, the latest first", &["What", "Explanation", "Note", "By, when", "What came of it"], rows);
    rest(paper, ROWS, answers.explained.len(), "explained");
    let list: Vec<Vec<Cell>> = answers
        .gaps
        .iter()
        .filter_map(|gap| {
            let why = gap.explained.as_ref()?;
            Some(vec![
                Cell::Class(gap.class.clone()),
                Cell::Period(gap.from.clone(), gap.to.clone()),
                grouped(gap.business_days).into(),
                if gap.custodian.is_empty() { "nobody in particular".to_owned() } else { veil.name(&gap.custodian, gap.person.as_deref()) }.into(),
                super::words::channel(&gap.channel).into(),
                super::sections::why(gap, veil).into(),
                explained::kind(&why.kind).into(),
            ])
        })
        .take(ROWS)
        .collect();
    if !list.is_empty() {
        paper.table("Gaps that are explained", &["Class", "Period", "#Business days", "Custodian", "Channel", "Basis", "Explanation"], list);
        rest(paper, ROWS, usize::try_from(counts.explained).unwrap_or(0), "gaps");
    }
    paper.end();
}
