//! The key of a chat in a file that gives it none.

use crate::text;

/// By its title for a group, else by its `parties` (folded names, sorted).
pub fn chat_key(group: bool, title: &str, parties: &[String]) -> String {
    match (group, title.is_empty()) {
        (true, false) => format!("g:{}", text::folded(title)),
        (true, true) => format!("g:?{}", parties.join("|")),
        (false, _) => format!("d:{}", parties.join("|")),
    }
}
