//! Slack workspace export: a zip or folder with `channels.json`, `users.json` and day files, or one day file by itself.
//!
//! Layout and lists: slack.com/help 220556107; fields and subtypes: slack-go/slack; replies stated twice: zulip `data_import/slack.py`.
//!
//! **Ids.** `ts` is time and id in one, unique in its conversation, so rows carry `Id::Time` and no id of their own. A reply names
//! its root by `reply_to = Id::Text(thread_ts)`, e.g. `1355517523.000005`: resolve it by reading the text as seconds and
//! microseconds and looking for that time in the same conversation.

mod directory;
mod layout;
mod reader;
mod record;
mod room;
#[cfg(test)]
mod tests;
mod walls;

use super::archive::Entry;
use super::json::{Scan, Scanner};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Slack export
pub struct Slack;

static ABOUT_SLACK: About = About {
    id: "slack",
    name: "Slack export",
    channel: "slack",
    extensions: &["zip", "json"],
    proves: &[
        "A thread states how many replies it has: fewer in the export means replies are gone.",
        "Replies whose root is not in the export: the root existed.",
        "A tombstone stands for a deleted message whose replies remain.",
        "Files deleted at the origin or hidden by the plan are marked.",
        "A first day exactly 90 or 365 days before the export is the wall of the free plan.",
        "Missing lists show which kinds of conversation were not exported; the integration log shows when an archiving app was removed.",
    ],
    how_to_export: "Slack: workspace menu, Tools and settings, Workspace settings, Import/Export data, Export. Private channels and direct messages need a plan with export of all conversations.",
    limits: "A deleted message without replies leaves no trace. Earlier texts of edited messages are held only where the workspace keeps edits.",
};

impl Format for Slack {
    fn about(&self) -> &'static About {
        &ABOUT_SLACK
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('[')) else { return Match::No };
        match day_file(&mut Scanner::new(text.as_bytes())) {
            Ok(true) => Match::Sure("a list of messages with Slack's time stamps".to_owned()),
            _ => Match::No,
        }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        match layout::top(members) {
            Some(_) => Match::Sure("channels.json and users.json, as Slack exports them".to_owned()),
            None => Match::No,
        }
    }

    fn open(&self, input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => reader::SlackReader::file(file),
            Input::Archive(archive) => reader::SlackReader::archive(archive),
        }))
    }
}

/// Whether the first element has Slack's `ts` and a text with an author, or the type `message`.
fn day_file(s: &mut Scanner<'_>) -> Scan<bool> {
    let mut items = s.array()?;
    if !items.more(s)? {
        return Ok(false);
    }
    let (mut members, mut stamp, mut message, mut text, mut author) = (s.object()?, false, false, false, false);
    while let Some(key) = members.key(s)? {
        let value = s.value()?;
        match key.raw {
            b"ts" => stamp = value.text().is_some_and(|t| is_stamp(t.raw)),
            b"type" => message = value.text().is_some_and(|t| t.raw == b"message"),
            b"text" | b"blocks" => text = true,
            b"user" | b"bot_id" | b"username" => author = true,
            _ => {}
        }
    }
    Ok(stamp && (message || (text && author)))
}

/// `1355517523.000005`
fn is_stamp(raw: &[u8]) -> bool {
    raw.len() == 17 && raw.get(10) == Some(&b'.') && record::micros(raw).is_some()
}
