//! Who each handle is joined to, for measuring and for tests: not part of the answers, since it names the handles of private conversations too.

use super::Workbench;
use crate::analysis::identity::decisions::References;
use crate::analysis::identity::reference;
use crate::analysis::parties::{Parties, Why};

/// A handle and its join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// Channel slug.
    pub channel: String,
    /// Native key.
    pub handle: String,
    /// What stands for the key in answers where it must not be shown.
    pub opaque: String,
    /// Reference of the one it is joined to (`person:ID`, `contact:CLIENT/NAME`, `client:NAME`); empty for nobody on the lists.
    pub whom: String,
    /// Joined for certain: by address, number, handle or owner.
    pub certain: bool,
    /// Joined by display name, assumed.
    pub assumed: bool,
}

impl Workbench {
    /// All handles with their joins, in the order of the dataset.
    pub fn joins(&mut self) -> Vec<Join> {
        self.dataset();
        let Some(dataset) = self.merged() else { return Vec::new() };
        let parties = Parties::new(dataset, self.matter());
        let references = References::new(self.matter());
        let join = |(h, j): (&crate::model::batch::Handle, &crate::analysis::parties::Joined)| Join {
            channel: h.channel.clone(),
            handle: h.key.clone(),
            opaque: reference::of(h),
            whom: references.of(j.party),
            certain: j.why.certain(),
            assumed: j.why == Why::Name,
        };
        dataset.handles.iter().zip(&parties.of).map(join).collect()
    }
}
