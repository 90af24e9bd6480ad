//! Signal: its own plaintext export (`main.jsonl`), and what the common tools make of a phone's or computer's messages.
//!
//! `frames` reads the export of the app (signalapp/libsignal `rust/message-backup/src/json/exporter.rs`; Signal-Desktop `services/backups`).
//! Encrypted backups are recognised and refused.

mod book;
mod chat;
mod data;
mod desktop;
mod frames;
mod gateway;
mod item;
mod nested;
mod people;
mod records;
mod room;
mod table;
mod text;
mod tools;

pub use records::SignalRecords;
pub use table::{SignalTable, is_table};
pub use tools::SignalChats;

use super::archive::{Claimed, Entry};
use super::bytes::{Fill, Window};
use super::{About, Format, Head, Input, Match, Options, Reader, Refusal};

/// Whether a text holds messages of a tool for Signal, so that no general reader takes it.
pub fn is_own(text: &str) -> bool {
    tools::is_data(text) || records::is_own(text)
}

/// Signal's own export.
pub struct Signal;

static ABOUT_SIGNAL: About = About {
    id: "signal_export",
    name: "Signal export",
    channel: "signal",
    extensions: &["jsonl", "zip"],
    proves: &[
        "Timers of disappearing messages stand in the chat and in its history: what was written under one is never in the export.",
        "A message deleted for everyone leaves its place, with time and author.",
        "A quoted message that is not in its chat existed.",
        "A chat that is listed without any message: its content is gone.",
        "View-once media and messages that could not be decrypted leave a record without content.",
        "Attachments state the digest of their file: one that is not in the folder of the export was lost.",
    ],
    how_to_export: "Signal on Android or on a computer: Settings, Chats, Export chat history, with media. Add the whole folder.",
    limits: "Disappearing messages are left out by Signal, also those still on the phone; messages deleted only for oneself leave no trace, and there are no numbers to count by. A linked computer holds nothing older than its linking. Encrypted backups (.backup, SignalBackups) cannot be read.",
};

/// What to do about an encrypted backup.
const ENCRYPTED: &str = "This is an encrypted Signal backup, which nothing but Signal can open. In Signal use Settings, Chats, Export chat history, and add that folder; \
                         or decrypt the backup with signalbackup-tools and its passphrase, and add what that writes.";

impl Format for Signal {
    fn about(&self) -> &'static About {
        &ABOUT_SIGNAL
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        if is_backup(head.bytes) {
            return Match::Sure("the header of an encrypted Signal backup".to_owned());
        }
        match head.text {
            Some(text) if frames::begins(text) => Match::Sure("the first line of Signal's main.jsonl".to_owned()),
            _ => Match::No,
        }
    }

    fn claim(&self, members: &[Entry]) -> Match {
        if export(members).is_some() {
            return Match::Sure("main.jsonl and metadata.json, as Signal exports them".to_owned());
        }
        if encrypted(members) {
            return Match::Sure("an encrypted Signal backup".to_owned());
        }
        Match::No
    }

    /// An export whose `files/` lie beside its folder, among whatever else lies there.
    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        let mains: Vec<&Entry> = members.iter().filter(|e| !e.is_noise() && e.file_name() == "main.jsonl" && e.name.contains('/')).collect();
        let outer = |main: &Entry| match folder(folder(&main.name)) {
            "" => String::new(),
            above => format!("{above}/"),
        };
        let alone = |main: &&&Entry| mains.iter().filter(|other| outer(other) == outer(main)).count() == 1;
        let part = |main: &&Entry| {
            let (above, inner) = (outer(main), format!("{}/", folder(&main.name)));
            let files = format!("{above}files/");
            let within = |e: &Entry| !e.is_noise() && (e.name.starts_with(&inner) || e.name.starts_with(&files));
            let members: Vec<(usize, &Entry)> = members.iter().enumerate().filter(|(_, e)| within(e)).collect();
            let whole =
                members.iter().any(|(_, e)| e.name.starts_with(&files)) && export(&members.iter().map(|(_, e)| (*e).clone()).collect::<Vec<_>>()).is_some();
            whole.then(|| Claimed { folder: above, members: members.iter().map(|(ix, _)| *ix).collect(), last: false })
        };
        mains.iter().filter(alone).filter_map(part).collect()
    }

    fn open(&self, input: Input, options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        match input {
            Input::File(mut file) => {
                let mut start = Window::new(file.stream);
                while start.data().len() < 16 && matches!(start.fill(), Ok(Fill::More)) {}
                let text = start.data().strip_prefix(b"\xef\xbb\xbf").unwrap_or(start.data()).trim_ascii_start();
                if !text.is_empty() && !text.starts_with(b"{") {
                    return Err(Refusal { what: ENCRYPTED.to_owned(), place: "byte 0".to_owned() });
                }
                file.stream = Box::new(start.again());
                Ok(Box::new(frames::ExportReader::of_file(file, options)))
            }
            Input::Archive(archive) => {
                let Some((ix, entry)) = export(archive.entries()) else {
                    return Err(Refusal { what: ENCRYPTED.to_owned(), place: archive.path().to_owned() });
                };
                let stream = archive.open(ix).map_err(|e| Refusal {
                    what: format!("main.jsonl could not be unpacked ({e}). Download or copy the archive again."),
                    place: entry.name.clone(),
                })?;
                Ok(Box::new(frames::ExportReader::of_archive(archive.as_ref(), entry, stream, options)))
            }
        }
    }
}

/// A stream with its first bytes as text.
fn start_of(stream: Box<dyn super::bytes::Stream>) -> (Window, String) {
    let mut start = Window::new(stream);
    while start.data().len() < super::detect::HEAD && matches!(start.fill(), Ok(Fill::More)) {}
    let bytes = start.data();
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(super::detect::HEAD)).unwrap_or(bytes)).into_owned();
    (start, text)
}

/// The header frame of `signal-*.backup`: its length, then field 1 holding a 16 byte vector and a 32 byte salt (`Backups.proto` of Signal-Android).
fn is_backup(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0, 0x36, 0x0a, 0x34, 0x0a, 0x10, ..] | [0, 0, 0, 0x38, 0x0a, 0x36, 0x0a, 0x10, ..])
}

/// Folder of a member.
fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `main.jsonl` of an archive that is one export and nothing else: `metadata.json` beside it, `files/` there or one folder up.
fn export(members: &[Entry]) -> Option<(usize, &Entry)> {
    let mut found = members.iter().enumerate().filter(|(_, e)| !e.is_noise() && e.file_name() == "main.jsonl" && e.locked.is_none());
    let (ix, main) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let inner = folder(&main.name);
    let places = [inner, folder(inner)].map(|f| if f.is_empty() { "files/".to_owned() } else { format!("{f}/files/") });
    let metadata = |e: &Entry| e.file_name() == "metadata.json" && folder(&e.name) == inner;
    let others = || members.iter().filter(|e| !e.is_noise() && e.name != main.name);
    (others().any(metadata) && others().all(|e| metadata(e) || places.iter().any(|p| e.name.starts_with(p.as_str())))).then_some((ix, main))
}

/// `SignalBackups/signal-backup-2025-..../main`, with `metadata` and `files`; or one `.backup` file.
fn encrypted(members: &[Entry]) -> bool {
    let real = || members.iter().filter(|e| !e.is_noise());
    real().any(|e| e.file_name() == "main" && folder(&e.name).rsplit('/').next().is_some_and(|f| f.starts_with("signal-backup-")))
        && real().all(|e| matches!(e.file_name(), "main" | "metadata" | "files") || e.name.contains("/files/") || e.name.starts_with("files/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        names.iter().map(|n| Entry { name: (*n).to_owned(), ..Entry::default() }).collect()
    }

    #[test]
    fn an_export_is_claimed_whole_and_an_encrypted_backup_is_told_apart() {
        let nested = ["x/signal-backup-1/main.jsonl", "x/signal-backup-1/metadata.json", "x/files/ab/abcd.jpg"];
        assert_eq!(export(&entries(&nested)).map(|(ix, _)| ix), Some(0));
        assert_eq!(export(&entries(&["main.jsonl", "metadata.json", "files/ab/abcd.jpg"])).map(|(ix, _)| ix), Some(0));
        assert_eq!(export(&entries(&["main.jsonl", "metadata.json", "other.txt"])), None);
        assert_eq!(export(&entries(&["main.jsonl"])), None);
        assert!(encrypted(&entries(&["SignalBackups/signal-backup-2026-01-02-03-04-05/main", "SignalBackups/signal-backup-2026-01-02-03-04-05/metadata"])));
        assert!(!encrypted(&entries(&["repo/main", "repo/files/x"])));
        assert!(matches!(Signal.claim(&entries(&["signal-backup-1/main", "files/aa/x"])), Match::Sure(_)));
    }
}
