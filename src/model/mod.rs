//! The nouns: what was read ([`Batch`]), what it means together ([`Dataset`]), who people are, what must be
//! kept, and the answers. Plain data and invariants; no reading of files, no format names, no wording.
//!
//! Add a noun here when two folders need to speak of it; keep what only one folder knows in that folder.

pub mod answer;
pub mod batch;
pub mod daily;
pub mod dataset;
pub mod decision;
pub mod elsewhere;
pub mod excerpt;
pub mod kind;
pub mod ledger;
pub mod matter;
pub mod message;
pub mod roster;
pub mod statement;
pub mod sums;
pub mod topic;
pub mod weekend;

pub use answer::Answers;
pub use batch::Batch;
pub use dataset::Dataset;
pub use ledger::{Notice, Severity, Skip, SkipReason, Source};
pub use matter::{Matter, Scope};
pub use message::{EventKind, Flags, Position};
pub use statement::{Statement, StatementKind};

/// Declares a dense index. Outside the batch or dataset that made it, an index means nothing.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// As a position in a `Vec`.
            #[must_use]
            pub const fn ix(self) -> usize {
                self.0 as usize
            }
        }
    };
}
index!(/// A handle: how a source names a participant.
    HandleIx);
index!(/// A conversation.
    ConversationIx);
index!(/// A source: one file, or one member of a container.
    SourceIx);
index!(/// A part of a source: the file itself, or a member of an archive that is read as one source.
    PartIx);
index!(/// A message of the dataset, in its order.
    MessageIx);
index!(/// A recipient set (e-mail).
    AudienceIx);
index!(/// A native id kept as text.
    IdIx);
index!(/// A person of the people list.
    PersonIx);
index!(/// A client entity of the client list.
    ClientIx);
