//! Discord: channels as DiscordChatExporter writes them (JSON and CSV), and the package of one's own data that Discord sends on request.
//!
//! `JsonMessageWriter.cs`, `CsvMessageWriter.cs` and `MessageKind.cs` of the exporter. Ids are snowflakes: the time of a message stands in
//! its id, and ids have no order without holes, so that nothing is counted by them. Not here: the exporter's HTML and plain text.

mod author;
mod channel;
mod package;
mod table;

use super::archive::Entry;
use super::bytes::{Fill, Window};
use super::delimited::table::{TableReader, headings};
use super::json::export::ArchiveReader;
use super::json::list::{ListReader, survey};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// DiscordChatExporter, JSON
pub struct Channel;

/// DiscordChatExporter, CSV
pub struct Table;

/// Discord's own data package
pub struct Package;

static ABOUT_CHANNEL: About = About {
    id: "discord_json",
    name: "Discord channel (DiscordChatExporter, JSON)",
    channel: "discord",
    extensions: &["json"],
    proves: &[
        "The file states how many messages it holds: another number means that it was cut or edited.",
        "Replies and pins whose message is not in the file although it lies in its period: that message was deleted.",
        "A period that was asked for: what lies outside it is not in the file.",
        "A part of a channel that was written in several files and does not lie beside the others.",
        "A file without its last lines was cut off.",
    ],
    how_to_export: "DiscordChatExporter: choose the channel, format JSON, no period, with threads and with assets (media). One file per channel.",
    limits: "A message that was deleted before the export leaves no trace unless something answers it. Whose account made the export is not stated.",
};

static ABOUT_TABLE: About = About {
    id: "discord_csv",
    name: "Discord channel (DiscordChatExporter, CSV)",
    channel: "discord",
    extensions: &["csv"],
    proves: &["Attachments that are named by their address only, which expires.", "A part of a channel that does not lie beside the others."],
    how_to_export: "DiscordChatExporter: choose JSON instead of CSV: the table has no ids, no replies and no count.",
    limits: "The table has no ids of messages, no replies, no kinds of messages and no count: nothing in it shows that messages are missing. Read beside the JSON of the same channel, its messages count twice.",
};

static ABOUT_PACKAGE: About = About {
    id: "discord_package",
    name: "Discord data package",
    channel: "discord",
    extensions: &["zip", "json", "csv"],
    proves: &["Only the messages of the account's owner are in it: of every conversation one side is missing."],
    how_to_export: "Discord: User settings, Data & privacy, Request all of my data. What others wrote has to be exported with another tool.",
    limits: "It holds only what the owner of the account wrote and has not deleted. Deleted messages leave nothing.",
};

/// The time in a snowflake, microseconds UTC: milliseconds since 2015 in its upper 42 bits.
pub fn snowflake(id: u64) -> Option<i64> {
    i64::try_from((id >> 22) + 1_420_070_400_000).ok()?.checked_mul(1000).filter(|_| id >> 22 > 0)
}

/// Whether an address lies outside the export: it expires, and what it leads to is not held.
fn is_address(path: &[u8]) -> bool {
    path.starts_with(b"http://") || path.starts_with(b"https://")
}

/// `Guild - Category - general [123456789012345678] [part 2].json`: id of the channel, its name, number of the part.
pub fn in_name(name: &str) -> (Option<&str>, &str, Option<u32>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (stem, part) = match stem.rsplit_once(" [part ").and_then(|(rest, n)| Some((rest, n.strip_suffix(']')?.parse().ok()?))) {
        Some((rest, part)) => (rest, Some(part)),
        None => (stem, None),
    };
    let id = stem.rsplit_once('[').and_then(|(before, id)| Some((before, id.split_once(']')?.0)));
    match id.filter(|(_, id)| id.len() >= 15 && id.bytes().all(|b| b.is_ascii_digit())) {
        Some((before, id)) => (Some(id), before.trim().rsplit(" - ").next().unwrap_or_default(), part),
        None => (None, stem.trim(), part),
    }
}

/// Says which parts of a channel do not lie beside this one.
fn tell_parts(name: &str, beside: &[Entry], conversation: Option<crate::model::ConversationIx>, sink: &mut super::sink::Sink) {
    let (_, _, Some(part)) = in_name(name) else { return };
    let number = |e: &Entry| in_name(&e.name).2;
    let others: Vec<u32> =
        beside.iter().filter(|e| in_name(&e.name).0 == in_name(name).0 && in_name(&e.name).1 == in_name(name).1).filter_map(number).collect();
    // The last part speaks for all of them.
    if beside.is_empty() || others.iter().any(|n| *n > part) {
        return;
    }
    let missing: Vec<u32> = (1..part.min(10_000)).filter(|n| !others.contains(n)).collect();
    if let Some(first) = missing.first() {
        let at = crate::model::message::Position::byte(0);
        let detail = format!("part {first} of {part}, and {} more", missing.len() - 1);
        let detail = if missing.len() == 1 { format!("part {first} of {part}") } else { detail };
        sink.statement(crate::model::statement::StatementKind::FileLost, conversation, None, None, missing.len() as u64, at, &detail);
    }
}

/// Which of our tables these headings begin: the exporter's (`true`), or that of the package.
pub fn table(names: &[String]) -> Option<bool> {
    let is = |with: &[&str]| names.len() == with.len() && names.iter().zip(with).all(|(a, b)| a == b);
    if is(&["AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"]) || is(&["Author", "Date", "Content", "Attachments", "Reactions"]) {
        return Some(true);
    }
    is(&["ID", "Timestamp", "Contents", "Attachments"]).then_some(false)
}

fn table_of(head: &Head<'_>) -> Option<bool> {
    head.text.and_then(|t| headings(t.as_bytes(), head.complete)).and_then(|(_, names)| table(&names))
}

impl Format for Channel {
    fn about(&self) -> &'static About {
        &ABOUT_CHANNEL
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('{')) else { return Match::No };
        let mut seen = 0u32;
        survey(text.as_bytes(), |depth, key, value| {
            seen |= match (depth, key) {
                (0, b"guild") if value.starts_with(b"{") => 1,
                (0, b"channel") if value.starts_with(b"{") => 2,
                (0, b"messages") if value.starts_with(b"[") => 4,
                (0, b"dateRange" | b"exportedAt" | b"messageCount") => 8,
                _ => 0,
            }
        });
        match seen {
            s if s & 7 == 7 || s & 11 == 11 => Match::Sure("guild, channel and messages as DiscordChatExporter writes them".to_owned()),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let file = single(input)?;
        let channel = channel::Export::new(&file, options);
        Ok(Box::new(ListReader::new(Window::new(file.stream), channel, "the channel")))
    }
}

impl Format for Table {
    fn about(&self) -> &'static About {
        &ABOUT_TABLE
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        match table_of(head) {
            Some(true) => Match::Sure("the headings of DiscordChatExporter".to_owned()),
            _ => Match::No,
        }
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        let file = single(input)?;
        let rows = table::Exporter::new(&file, options);
        Ok(Box::new(TableReader::new(Window::new(file.stream), rows)))
    }
}

impl Format for Package {
    fn about(&self) -> &'static About {
        &ABOUT_PACKAGE
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        if table_of(head) == Some(false) {
            return Match::Sure("the headings of a channel in Discord's data package".to_owned());
        }
        let Some(text) = head.text.map(str::trim_start).filter(|t| t.starts_with('[')) else { return Match::No };
        let mut seen = 0u32;
        survey(text.as_bytes(), |depth, key, _| {
            seen |= match (depth, key) {
                (0, b"ID") => 1,
                (0, b"Timestamp") => 2,
                (0, b"Contents") => 4,
                _ => 0,
            }
        });
        if seen == 7 { Match::Sure("ID, Timestamp and Contents as in Discord's data package".to_owned()) } else { Match::No }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        if package::is_package(members) {
            return Match::Sure("messages by channel with their index, as Discord sends them".to_owned());
        }
        Match::No
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::Archive(archive) => Ok(Box::new(ArchiveReader::new(archive, package::Own::archive(options)))),
            Input::File(file) => {
                let own = package::Own::file(&file, options);
                let mut window = Window::new(file.stream);
                while window.data().len() < 4 && matches!(window.fill(), Ok(Fill::More)) {}
                let json = window.data().trim_ascii_start().starts_with(b"[") || window.data().starts_with(b"\xef\xbb\xbf[");
                if json {
                    return Ok(Box::new(ListReader::new(window, own, "the data package")));
                }
                Ok(Box::new(TableReader::new(window, table::OwnRows::new(own))))
            }
        }
    }
}

fn single(input: Input) -> Result<super::FileInput, Refusal> {
    match input {
        Input::File(file) => Ok(file),
        Input::Archive(_) => Err(Refusal { what: "A channel is a single file, not an archive. Add the file itself.".to_owned(), place: String::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_ids_tell_channel_and_time() {
        assert_eq!(in_name("Acme - Deals - general [1191111111111111111] [part 2].json"), (Some("1191111111111111111"), "general", Some(2)));
        assert_eq!(in_name("Direct Messages - bo [1191111111111111111].csv"), (Some("1191111111111111111"), "bo", None));
        assert_eq!(in_name("general.csv"), (None, "general", None));
        assert_eq!(snowflake(175_928_847_299_117_063), Some(1_462_015_105_796_000));
        assert_eq!(snowflake(5), None);
    }
}
