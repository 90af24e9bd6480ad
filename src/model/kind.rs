//! Kinds of gaps in words: one table for the page, the documents and the sentences of findings.

/// What shows a gap, by its kind, without a name or a number; `None` for a kind without words of its own.
#[must_use]
pub fn words(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "id_hole" | "counter_hole" => "Numbers are missing from a series",
        "scattered_ids" => "Single numbers are missing from a series",
        "manifest_short" => "Fewer messages than the list of expected counts states",
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
        "file_lost" => "Files that messages name are not in the export",
        "silence" => "No record while the person wrote elsewhere",
        "silence_weak" => "No record, and nothing shows that the person was there",
        "silence_moved" => "No record; the conversation most likely moved to another channel",
        "level_drop" => "Far fewer records from one week to the next",
        "level_drop_moved" => "Far fewer records; they most likely moved to another channel",
        "counterpart_silence" => "No record with one counterpart, who is seen elsewhere",
        "outage" => "No record of anybody on this channel",
        "common_cliff" => "Many streams end or begin on one day",
        "horizon" => "The first record is later than required",
        "tail" => "The last record is earlier than required",
        "never_supplied" | "channel_never_supplied" => "In use, and no source was supplied",
        "untestable" => "Too little or too uneven traffic to test for silence",
        _ => return None,
    })
}

/// The same inside a sentence.
#[must_use]
pub fn inside(kind: &str) -> Option<String> {
    let mut letters = words(kind)?.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_formats_and_of_the_tests_has_words() {
        let kinds = [
            "id_hole",
            "counter_hole",
            "scattered_ids",
            "count_short",
            "thread_short",
            "absent_target",
            "orphan_replies",
            "tombstone",
            "content_absent",
            "other_copy",
            "cut_off",
            "timer",
            "export_cap",
            "no_beginning",
            "history_cleared",
            "plan_wall",
            "not_in_export",
            "own_messages_only",
            "media_absent",
            "file_gone",
            "file_lost",
            "listed_empty",
            "one_sided",
            "one_sided_run",
            "one_sided_chat",
            "capture_removed",
            "silence",
            "silence_weak",
            "silence_moved",
            "outage",
            "level_drop",
            "level_drop_moved",
            "manifest_short",
            "counterpart_silence",
            "common_cliff",
            "horizon",
            "tail",
            "never_supplied",
            "channel_never_supplied",
            "untestable",
        ];
        for kind in kinds {
            let said = words(kind).unwrap_or_else(|| panic!("{kind} has no words"));
            assert!(said.starts_with(char::is_uppercase) && !said.contains('_'), "{said}");
        }
        assert_eq!(inside("cut_off").as_deref(), Some("the file ends in the middle of a record"));
        assert_eq!(words("pigeon"), None);
    }
}
