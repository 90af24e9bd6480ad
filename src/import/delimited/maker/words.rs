//! What the words in cells mean: direction, state, kind, number of attachments, ids.

use super::Cells;
use crate::import::delimited::heading::Slot;
use crate::import::sink::Id;
use crate::model::message::{EventKind, Flags};

/// What the file says of the direction of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Received.
    In,
    /// Sent.
    Out,
    /// Nothing.
    Unsaid,
}

/// The direction of a record.
pub fn way(cells: &Cells<'_>) -> Way {
    let me = cells.get(Slot::FromMe);
    if !me.is_empty() {
        return if is_yes(me) { Way::Out } else { Way::In };
    }
    for cell in [cells.get(Slot::Direction), cells.get(Slot::Kind)] {
        if cell.is_empty() || cell.len() > 16 {
            continue;
        }
        for (word, way) in [
            ("outgoing", Way::Out),
            ("sent", Way::Out),
            ("out", Way::Out),
            ("outbound", Way::Out),
            ("2", Way::Out),
            ("发送", Way::Out),
            ("gesendet", Way::Out),
            ("incoming", Way::In),
            ("received", Way::In),
            ("in", Way::In),
            ("inbound", Way::In),
            ("1", Way::In),
            ("接收", Way::In),
            ("empfangen", Way::In),
        ] {
            if cell.eq_ignore_ascii_case(word.as_bytes()) {
                return way;
            }
        }
    }
    Way::Unsaid
}

fn is_yes(cell: &[u8]) -> bool {
    [&b"1"[..], b"true", b"yes", b"y", b"x", b"ja", b"deleted", b"edited"].iter().any(|w| cell.eq_ignore_ascii_case(w))
}

/// A flag column holds yes, or the time at which it happened.
fn happened(cell: &[u8]) -> bool {
    !cell.is_empty() && (is_yes(cell) || cell.len() >= 8 && cell.iter().filter(|b| b.is_ascii_digit()).count() >= 8)
}

/// Deleted, edited, without content.
pub fn state(cells: &Cells<'_>) -> Flags {
    let mut flags = Flags::NONE;
    let deleted = cells.get(Slot::Deleted);
    if happened(deleted) {
        flags = flags.with(Flags::DELETED);
    } else if [&b"redacted"[..], b"not_exported", b"unreadable"].iter().any(|w| deleted.eq_ignore_ascii_case(w)) {
        flags = flags.with(Flags::NO_CONTENT);
    }
    if happened(cells.get(Slot::Edited)) || deleted.eq_ignore_ascii_case(b"edited") {
        flags = flags.with(Flags::EDITED);
    }
    flags
}

/// Number of attachments: a count, or names separated by `;`, `|` or `,`.
pub fn attachments(cell: &[u8]) -> usize {
    if cell.is_empty() || [&b"0"[..], b"false", b"no", b"none", b"null", b"n/a", b"[]"].iter().any(|w| cell.eq_ignore_ascii_case(w)) {
        return 0;
    }
    if cell.len() <= 3 && cell.iter().all(u8::is_ascii_digit) {
        return cell.iter().fold(0, |n, b| n * 10 + usize::from(b - b'0'));
    }
    let separator = [b';', b'|', b','].into_iter().find(|s| cell.contains(s));
    separator.map_or(1, |s| cell.split(|b| *b == s).filter(|p| !p.trim_ascii().is_empty()).count())
}

/// A native id.
pub fn id(cell: &[u8]) -> Id<'_> {
    // A Message-ID stands without its brackets, as the readers of mail have it: the same mail in a mailbox is the same message.
    let bare = cell.strip_prefix(b"<").and_then(|c| c.strip_suffix(b">")).filter(|c| c.contains(&b'@'));
    let cell = bare.unwrap_or(cell);
    if cell.is_empty() || cell.eq_ignore_ascii_case(b"null") {
        return Id::None;
    }
    let number = (cell.len() <= 18 && (cell.first() != Some(&b'0') || cell.len() == 1))
        .then(|| cell.iter().try_fold(0u64, |n, b| b.is_ascii_digit().then(|| n * 10 + u64::from(b - b'0'))))
        .flatten();
    number.map_or(Id::Text(cell), Id::Number)
}

/// The event a kind column names; `None` for messages and for words that are no event.
pub fn event(cell: &[u8]) -> Option<EventKind> {
    if cell.is_empty() || cell.len() > 24 || cell.eq_ignore_ascii_case(b"message") {
        return None;
    }
    const WORDS: [(&str, EventKind); 20] = [
        ("join", EventKind::Joined),
        ("joined", EventKind::Joined),
        ("member_joined", EventKind::Joined),
        ("leave", EventKind::Left),
        ("left", EventKind::Left),
        ("member_left", EventKind::Left),
        ("call", EventKind::Call),
        ("missed_call", EventKind::Call),
        ("created", EventKind::Created),
        ("renamed", EventKind::Renamed),
        ("pinned", EventKind::Pinned),
        ("system", EventKind::Other),
        ("notification", EventKind::Other),
        ("event", EventKind::Other),
        ("disclaimer", EventKind::Other),
        ("history", EventKind::Other),
        ("reaction", EventKind::Reaction),
        ("edit", EventKind::Edited),
        ("delete", EventKind::Deleted),
        ("screenshot", EventKind::Screenshot),
    ];
    WORDS.iter().find(|(w, _)| cell.eq_ignore_ascii_case(w.as_bytes())).map(|(_, kind)| *kind)
}
