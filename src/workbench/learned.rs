//! What the audit knows of the silences it tells, for learning how sure it may be of them where the truth is known.

use super::Workbench;
/// Signs of a silence, and their names.
pub use crate::analysis::confidence::{NAMES, Signs};
use crate::analysis::{coverage, gaps, silences};
use crate::model::answer::Gap;
use crate::time::day_name;

impl Workbench {
    /// Each silence called a loss, of which the gap holds custodian, channel and days only, with its signs.
    pub fn signs(&mut self) -> Vec<(Gap, Signs)> {
        let scope = self.matter().scope.clone();
        let Some(context) = self.context(&scope) else { return Vec::new() };
        let drafts = silences::drafts(&context, &mut coverage::lines(&context));
        let gap = |draft: &gaps::Draft| Gap {
            custodian: draft.custodian.and_then(|c| context.parties.custodians.get(c as usize)).map(|c| c.name.clone()).unwrap_or_default(),
            channel: context.talks.slug(draft.channel).to_owned(),
            from: draft.from.map(day_name),
            to: draft.to.map(day_name),
            ..Gap::default()
        };
        drafts.iter().filter_map(|draft| Some((gap(draft), draft.signs?))).collect()
    }
}
