//! Benchmark corpora: one large file of one format, written as a stream, so that a gigabyte of mail needs no gigabyte of memory. Sizes at 200,000
//! messages follow real exports: WhatsApp about 25 MB, Telegram 96 MB, Slack 24 MB zipped (231 MB of JSON), mail 940 MB, CSV 36 MB.

mod chat;
mod mail;
mod slack;

use std::io::{self, Write};

use super::random::Random;
use super::texts::{self, Kind as Text, Language};

/// Format of a corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// WhatsApp chat, iPhone, British English.
    WhatsApp,
    /// Telegram `result.json`, one supergroup.
    Telegram,
    /// Slack export, zipped.
    Slack,
    /// Mailbox.
    Mbox,
    /// Table.
    Csv,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 5] = [Self::WhatsApp, Self::Telegram, Self::Slack, Self::Mbox, Self::Csv];

    /// File name a real export of the kind would have.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::WhatsApp => "_chat.txt",
            Self::Telegram => "result.json",
            Self::Slack => "slack-export.zip",
            Self::Mbox => "journal.mbox",
            Self::Csv => "messages.csv",
        }
    }
}

/// Writes a corpus of exactly so many messages.
///
/// # Errors
/// When the destination fails.
pub fn write(kind: Kind, messages: usize, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut stream = Stream::new(seed, messages);
    match kind {
        Kind::WhatsApp => chat::whatsapp(&mut stream, out),
        Kind::Telegram => chat::telegram(&mut stream, out),
        Kind::Slack => slack::write(&mut stream, out),
        Kind::Mbox => mail::write(&mut stream, out),
        Kind::Csv => chat::csv(&mut stream, out),
    }
}

/// The same in memory.
#[must_use]
pub fn corpus(kind: Kind, messages: usize, seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory does not fail.
    let _ = write(kind, messages, seed, &mut out);
    out
}

/// 2025-04-01T00:00:00Z.
const START: i64 = 1_743_465_600;
/// Eighteen months.
const SPAN: i64 = 548 * 86_400;
/// People who write.
const PEOPLE: usize = 48;

/// Messages in time order, texts from a store made once: writing must not be slower than the disk.
struct Stream {
    random: Random,
    left: usize,
    step: f64,
    at: f64,
    number: usize,
    texts: Vec<String>,
}

/// One message.
struct Item {
    /// UTC seconds.
    at: i64,
    /// From 0.
    number: usize,
    /// Index of the sender.
    from: usize,
}

impl Stream {
    fn new(seed: u64, messages: usize) -> Self {
        let mut random = Random::new(seed ^ 0xc0_4b05);
        let mut store = Vec::with_capacity(4096);
        for i in 0..4096u64 {
            let language = match i % 16 {
                0 => Language::German,
                1 => Language::Spanish,
                2 => Language::Chinese,
                3 => Language::Arabic,
                4 => Language::French,
                _ => Language::English,
            };
            let mut text = String::new();
            texts::write(if i % 3 == 0 { Text::Inside } else { Text::Work }, language, random.bits(), 1, &mut text);
            store.push(text);
        }
        Self { random, left: messages, step: SPAN as f64 / messages.max(1) as f64, at: START as f64, number: 0, texts: store }
    }

    fn item(&mut self) -> Option<Item> {
        self.left = self.left.checked_sub(1)?;
        self.at += self.random.unit() * 2.0 * self.step;
        let number = self.number;
        self.number += 1;
        // A few write much: the square leans to small numbers.
        let u = self.random.unit();
        Some(Item { at: self.at as i64, number, from: (u * u * PEOPLE as f64) as usize })
    }

    fn text(&mut self) -> &str {
        let i = self.random.below(self.texts.len());
        self.texts.get(i).map_or("", String::as_str)
    }
}

/// Name and address of a sender.
fn name(from: usize) -> String {
    const GIVEN: [&str; 8] = ["Amelia", "Omar", "Wei", "Lucía", "Priya", "Jürgen", "Hannah", "Khalid"];
    const FAMILY: [&str; 6] = ["Hartley", "Rao", "Lim", "Navarro", "Okafor", "Saleh"];
    let (given, family) = (GIVEN.get(from % 8).copied().unwrap_or_default(), FAMILY.get(from / 8 % 6).copied().unwrap_or_default());
    format!("{given} {family}")
}

fn address(from: usize) -> String {
    format!("person{from:02}@{}", if from.is_multiple_of(3) { "halden-metals.example" } else { "marlowequay.example" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpora_are_repeatable_and_have_the_asked_number_of_messages() {
        for kind in Kind::ALL {
            let bytes = corpus(kind, 3000, 5);
            assert_eq!(bytes, corpus(kind, 3000, 5), "{kind:?}");
            assert_ne!(bytes, corpus(kind, 3000, 6), "{kind:?}");
            let text = || String::from_utf8(bytes.clone()).unwrap();
            let found = match kind {
                Kind::WhatsApp => text().split("\r\n").filter(|l| l.trim_start_matches('\u{200e}').starts_with('[')).count() - 60,
                Kind::Telegram => {
                    let v: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                    v["messages"].as_array().unwrap().iter().filter(|m| m["type"] == "message").count()
                }
                Kind::Slack => slack_messages(&bytes),
                Kind::Mbox => text().lines().filter(|l| l.starts_with("From ")).count(),
                Kind::Csv => text().matches("corpus-").count(),
            };
            assert_eq!(found, 3000, "{kind:?}");
            eprintln!("{kind:?}: {} bytes a message", bytes.len() / 3000);
        }
    }

    fn slack_messages(bytes: &[u8]) -> usize {
        let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut n = 0;
        for i in 0..zip.len() {
            let mut file = zip.by_index(i).unwrap();
            let folder = file.name().unwrap().contains('/');
            let mut text = String::new();
            io::Read::read_to_string(&mut file, &mut text).unwrap();
            let v: serde_json::Value = serde_json::from_str(&text).unwrap();
            n += if folder { v.as_array().unwrap().len() } else { 0 };
        }
        n
    }
}
