//! Messages as JSON lines, in the shape of the contract, section 4.

use std::io::{self, Write};

use serde_json::json;

use super::ledger::moment;
use crate::model::Dataset;
use crate::model::batch::NONE;
use crate::model::message::Flags;
use crate::time;

/// The text of a record as it stands in its file, or why it is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// As written.
    Read(String),
    /// Left out: a few words on why, for `text_left_out`.
    LeftOut(&'static str),
}

/// Writes every message and event in order of (time, source, position). `text`: re-reads the text of a row, for `--with-text`.
pub fn json_lines(dataset: &Dataset, out: &mut dyn Write, text: Option<&dyn Fn(usize) -> Text>) -> io::Result<()> {
    let c = &dataset.columns;
    let mut order: Vec<usize> = (0..dataset.len()).collect();
    order.sort_by_key(|r| (c.time.get(*r).copied(), c.part.get(*r).map(|p| dataset.source_of(*p)), c.part.get(*r).copied(), c.position.get(*r).copied()));
    for row in order {
        let Some(r) = dataset.row(row) else { continue };
        let Some(source) = dataset.sources.get(dataset.source_of(r.part) as usize) else { continue };
        let conversation = dataset.conversations.get(r.conversation as usize);
        let handle = |h: u32| {
            dataset.handles.get(h as usize).map(|h| {
                if h.name.is_empty() {
                    h.key.as_str()
                } else if h.email.is_empty() {
                    h.name.as_str()
                } else {
                    h.key.as_str()
                }
            })
        };
        let recipients: Vec<_> = dataset.audiences.get(r.audience as usize).into_iter().flatten().filter_map(|h| handle(*h)).collect();
        let word = u32::try_from(row).unwrap_or(NONE);
        let reply =
            dataset.replies.binary_search_by_key(&word, |(row, _)| *row).ok().and_then(|ix| dataset.replies.get(ix)).and_then(|(_, id)| dataset.id_text(*id));
        let id = if r.flags.has(Flags::ID_IS_TIME) {
            Some(format!("{}.{:06}", r.time.div_euclid(time::SECOND), r.time.rem_euclid(time::SECOND)))
        } else {
            c.id.get(row).and_then(|w| dataset.id_text(*w))
        };
        let mut line = json!({
            "time": moment(r.time, source),
            "channel": conversation.map(|v| v.channel.as_str()),
            "conversation": conversation.map(|v| if v.title.is_empty() { v.key.as_str() } else { v.title.as_str() }),
            "kind": conversation.map(|v| v.kind.word()),
            "sender": handle(r.sender),
            "recipients": recipients,
            "id": id,
            "reply_to": reply,
            "type": if r.flags.is_message() { "message" } else { "event" },
            "event": r.flags.event().map(|e| e.word()),
            "attachments": r.flags.attachments(),
            "deleted": r.flags.has(Flags::DELETED),
            "edited": r.flags.has(Flags::EDITED),
            "chars": r.chars,
            "source": source.path,
        });
        if let Some(map) = line.as_object_mut() {
            if r.position.line > 0 {
                map.insert("line".to_owned(), json!(r.position.line));
            } else {
                map.insert("byte".to_owned(), json!(r.position.offset));
            }
            if let Some(entry) = dataset.parts.get(r.part as usize).map(|p| p.entry.as_str()).filter(|e| !e.is_empty()) {
                map.insert("entry".to_owned(), json!(entry));
            }
            match text.map(|read| read(row)) {
                Some(Text::Read(text)) => {
                    map.insert("text".to_owned(), json!(text));
                }
                Some(Text::LeftOut(why)) => {
                    map.insert("text".to_owned(), json!(null));
                    map.insert("text_left_out".to_owned(), json!(why));
                }
                None => {}
            }
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
