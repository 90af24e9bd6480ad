//! A gap in short, for the list and for those who may not read its reasons: whom it concerns and what shows it, without a name.

use crate::model::answer::Gap;
use crate::report::veil::Veil;

/// Whom a gap concerns. An outage concerns everybody on the channel: that nobody owns it is no lack of knowledge.
pub(super) fn whom(gap: &Gap, veil: &Veil) -> String {
    if gap.custodian.is_empty() && gap.kind == "outage" { "All custodians".to_owned() } else { veil.name(&gap.custodian, gap.person.as_deref()) }
}
