//! Analysis: pure functions of dataset, matter and scope.
/// Answers.
#[must_use]
pub fn answer(_: &crate::model::Dataset, _: &crate::model::Matter, _: &crate::model::Scope) -> crate::model::Answers {
    crate::model::Answers::default()
}
/// Whether a conversation is private.
#[must_use]
pub fn private_conversation(_: &crate::model::Dataset, _: &crate::model::Matter, _: u32) -> bool {
    true
}
