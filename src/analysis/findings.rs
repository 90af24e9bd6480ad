//! Findings: the answers in sentences. Every sentence is made here from typed parts, once with names and once without;
//! it says what was found and not found, never what anybody intended.
use super::{Context, Needs, Question};
use crate::model::answer::Answers;

/// Findings.
pub const QUESTION: Question = Question { id: "findings", title: "What needs a decision first?", needs: Needs { dates: true, lists: true, policy: true }, run };

fn run(_context: &Context, _answers: &mut Answers) {}
