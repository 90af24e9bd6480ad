//! A gap in short, for the list and for those who may not read its reasons: whom it concerns and what shows it, without a name.

use crate::model::answer::Gap;
use crate::report::phrase;
use crate::report::veil::Veil;

/// Whom a gap concerns. An outage concerns everybody on the channel: that nobody owns it is no lack of knowledge.
pub(super) fn whom(gap: &Gap, veil: &Veil) -> String {
    if gap.custodian.is_empty() && gap.kind == "outage" { "All custodians".to_owned() } else { veil.name(&gap.custodian, gap.person.as_deref()) }
}

/// What shows a gap, by its kind.
pub(super) fn kind(gap: &Gap) -> String {
    let said = match gap.kind.as_str() {
        "id_hole" | "counter_hole" => "Numbers are missing from a series",
        "scattered_ids" => "Single numbers are missing from a series",
        "count_short" => "Fewer records than the source states",
        "thread_short" => "Fewer replies than the threads state",
        "absent_target" | "orphan_replies" => "Replies name messages that no source holds",
        "tombstone" => "The place of a deleted message, without its content",
        "content_absent" => "Records without their content",
        "other_copy" => "Another copy holds messages that this one does not",
        "cut_off" => "The file ends in the middle of a record",
        "timer" => "A timer deletes messages",
        "export_cap" => "The export stops at a fixed number of records",
        "no_beginning" => "The export begins in the middle of a conversation",
        "history_cleared" => "The history was cleared",
        "plan_wall" => "The plan of the workspace hides older messages",
        "not_in_export" => "Conversations of this kind are not exported",
        "own_messages_only" => "Only the owner's own messages were exported",
        "media_absent" => "Attachments are named but not included",
        "file_gone" => "Attachments were deleted or hidden",
        "listed_empty" => "Conversations are listed without a record",
        "one_sided" | "one_sided_run" | "one_sided_chat" => "Only one side of a conversation is present",
        "capture_removed" => "Capture was switched off",
        "silence" => "No record while the person wrote elsewhere",
        "outage" => "No record of anybody on this channel",
        "common_cliff" => "Many streams end or begin on one day",
        "horizon" => "The first record is later than required",
        "tail" => "The last record is earlier than required",
        "never_supplied" | "channel_never_supplied" => "In use, and no source was supplied",
        "untestable" => "Too little traffic to test for silence",
        other => return phrase::kind_word(other),
    };
    said.to_owned()
}
