//! Benchmark corpora: large files, one or more for each format, written as a stream, so that a gigabyte of mail needs no gigabyte of memory. Sizes of
//! the five that are compared with other programs follow real exports at 200,000 messages: WhatsApp about 25 MB, Telegram 96 MB, Slack 24 MB zipped
//! (231 MB of JSON), mail 940 MB, CSV 36 MB. The others have 20 to 50 MB and at most 100,000 records, in the shapes of `tests/formats`;
//! the Outlook data file has more, since mailboxes are large.

mod archive;
mod chat;
mod json;
mod mail;
mod phone;
mod pst;
mod slack;
mod table;
mod text;
mod xml;

use std::io::{self, Write};

use super::random::Random;
use super::texts::{self, Kind as Text, Language};
use crate::time::civil;

/// A corpus: one file of one format.
pub struct Corpus {
    /// Word for it on the command line and in the tables.
    pub id: &'static str,
    /// Id of the format it is read as.
    pub format: &'static str,
    /// File name a real export would have, with a folder where several corpora have the same one.
    pub file: &'static str,
    /// Messages it has when no other number is asked.
    pub messages: usize,
    /// Records written beside the messages: notices, joins.
    pub beside: usize,
    write: fn(&mut Stream, &mut dyn Write) -> io::Result<()>,
}

/// How many of [`CORPORA`] are compared with other programs: the first ones.
pub const COMPARED: usize = 5;

const fn corpus(id: &'static str, format: &'static str, file: &'static str, messages: usize, beside: usize, write: Writer) -> Corpus {
    Corpus { id, format, file, messages, beside, write }
}

type Writer = fn(&mut Stream, &mut dyn Write) -> io::Result<()>;

/// All corpora. Databases and Outlook items are written by `tools/corpora.py`, see [`SCRIPTED`].
#[rustfmt::skip] // One line each.
pub static CORPORA: &[Corpus] = &[
    corpus("whatsapp", "whatsapp_txt", "_chat.txt", 200_000, chat::NOTICES, chat::whatsapp),
    corpus("telegram", "telegram_json", "result.json", 200_000, 1, chat::telegram),
    corpus("slack", "slack", "slack-export.zip", 200_000, 0, slack::write),
    corpus("mbox", "mbox", "journal.mbox", 200_000, 0, mail::write),
    corpus("csv", "csv", "messages.csv", 200_000, 0, chat::csv),
    corpus("imessage_txt", "imessage_export", "Amelia, Omar - 12.txt", 100_000, 0, phone::imessage_txt),
    corpus("imessage_html", "imessage_export", "imessage.html", 60_000, 0, phone::imessage_html),
    corpus("sms_backup", "sms_backup", "sms-20261001.xml", 60_000, 0, xml::sms_backup),
    corpus("rsmf", "rsmf", "rsmf_manifest.json", 80_000, 0, json::rsmf),
    corpus("dat", "dat", "vol001.dat", 60_000, 0, table::dat),
    corpus("edrm", "edrm", "edrm.xml", 25_000, 0, xml::edrm),
    corpus("filedump", "filedump", "actiance_export.xml", 80_000, 2 * PEOPLE, xml::filedump),
    corpus("telemessage_mf", "telemessage_mf", "telemessage.zip", 12_000, 0, archive::telemessage),
    corpus("google_chat", "google_chat", "google_chat/messages.json", 80_000, 0, json::google_chat),
    corpus("signal_export", "signal_export", "main.jsonl", 80_000, 0, phone::signal_export),
    corpus("signal_chat", "signal_chat", "chat.md", 100_000, 0, phone::signal_chat),
    corpus("signal_json", "signal_json", "receive.jsonl", 60_000, 0, phone::signal_json),
    corpus("signal_csv", "signal_csv", "message.csv", 100_000, 0, table::signal_csv),
    corpus("teams", "teams", "teams-messages.json", 30_000, 0, json::teams),
    corpus("skype", "skype", "skype/messages.json", 80_000, 0, json::skype),
    corpus("google_vault", "google_vault", "vault.zip", 12_000, 0, archive::google_vault),
    corpus("purview", "purview", "purview.zip", 12_000, 0, archive::purview),
    corpus("discord_json", "discord_json", "Acme - Deals - general [1191111111111111111].json", 30_000, 0, json::discord),
    corpus("discord_csv", "discord_csv", "Acme - Deals - general [1191111111111111111].csv", 100_000, 0, table::discord_csv),
    corpus("discord_package", "discord_package", "discord_package/messages.json", 100_000, 0, json::discord_package),
    corpus("meta_json", "meta_json", "message_1.json", 80_000, 0, json::meta),
    corpus("wecom_archive", "wecom_archive", "wecom.json", 80_000, 0, json::wecom),
    corpus("wechat_csv", "wechat_csv", "all-chats.csv", 100_000, 0, table::wechat_csv),
    corpus("wechat_json", "wechat_json", "weflow.json", 60_000, 0, json::wechat),
    corpus("telegram_html", "telegram_html", "messages.html", 30_000, 0, text::telegram_html),
    corpus("wechat_txt", "wechat_txt", "LiNa(wxid_lina001).txt", 100_000, 0, text::wechat_txt),
    corpus("line_txt", "line_txt", "[LINE] Chat history with Amelia Hartley.txt", 100_000, 0, text::line),
    corpus("viber_csv", "viber_csv", "Message exchanged with Amelia Hartley.csv", 100_000, 0, text::viber),
    corpus("eml", "eml", "mails.zip", 12_000, 0, archive::eml),
    corpus("pst", "pst", "mailbox.pst", 20_000, 0, pst::write),
    corpus("jsonl", "jsonl", "records.jsonl", 100_000, 0, json::lines),
];

/// Corpora that `tools/corpora.py` writes: word, format, file, records.
pub static SCRIPTED: &[(&str, &str, &str, usize)] = &[
    ("imessage_db", "imessage_db", "chat.db", 100_000),
    ("whatsapp_db", "whatsapp_db", "msgstore.db", 100_000),
    ("msg", "msg", "msg.zip", 12_000),
    ("tnef", "tnef", "winmail.zip", 12_000),
];

impl Corpus {
    /// Writes a corpus of exactly so many messages.
    ///
    /// # Errors
    /// When the destination fails.
    pub fn write(&self, messages: usize, seed: u64, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(&mut Stream::new(seed, messages), out)
    }
}

/// 2025-04-01T00:00:00Z.
const START: i64 = 1_743_465_600;
/// Eighteen months.
const SPAN: i64 = 548 * 86_400;
/// People who write.
const PEOPLE: usize = 48;

/// Messages in time order, texts from a store made once: writing must not be slower than the disk.
#[derive(Clone)]
struct Stream {
    random: Random,
    left: usize,
    step: f64,
    at: f64,
    number: usize,
    texts: Vec<String>,
}

/// One message.
#[derive(Clone, Copy)]
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
        // Few messages need few texts: tests are quicker.
        let kept = messages.clamp(64, 4096) as u64;
        let mut store = Vec::with_capacity(4096);
        for i in 0..kept {
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

/// Bytes held before they are given to the destination.
const FLUSH: usize = 1 << 20;

/// Writes a file of one record after the other: what stands before them, between them, and after them.
fn records(stream: &mut Stream, out: &mut dyn Write, around: [&str; 3], mut record: impl FnMut(&mut String, Item, &str)) -> io::Result<()> {
    let [head, between, tail] = around;
    let mut b = String::with_capacity(FLUSH + 65_536);
    let mut said = String::new();
    b.push_str(head);
    while let Some(item) = stream.item() {
        if item.number > 0 {
            b.push_str(between);
        }
        // One to five sentences: messages of all lengths.
        said.clear();
        for n in 0..=item.number % 5 {
            if n > 0 {
                said.push(' ');
            }
            said.push_str(stream.text());
        }
        record(&mut b, item, &said);
        spill(&mut b, out)?;
    }
    b.push_str(tail);
    out.write_all(b.as_bytes())
}

fn spill(buffer: &mut String, out: &mut dyn Write) -> io::Result<()> {
    if buffer.len() >= FLUSH {
        out.write_all(buffer.as_bytes())?;
        buffer.clear();
    }
    Ok(())
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A text between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The same distance from the end as `at` has from the start: for exports that begin with the newest message.
const fn backwards(at: i64) -> i64 {
    START + SPAN - (at - START)
}

/// A phone number that is kept free for drama.
fn phone(from: usize) -> String {
    format!("+4477009001{from:02}")
}

/// Someone else than the sender.
const fn other(item: Item) -> usize {
    (item.from + 1 + item.number % 7) % PEOPLE
}

/// Name of a weekday or month, shortened.
fn named(names: &[&'static str], at: usize) -> &'static str {
    names.get(at).copied().unwrap_or_default()
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A time on the wall: fields as the exports print them.
struct Clock {
    day: i32,
    year: i32,
    month: u32,
    date: u32,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Clock {
    fn of(at: i64) -> Self {
        let day = i32::try_from(at.div_euclid(86_400)).unwrap_or(0);
        let ((year, month, date), s) = (civil(day), at.rem_euclid(86_400));
        Self { day, year, month, date, hour: s / 3600, minute: s / 60 % 60, second: s % 60 }
    }

    fn weekday(&self) -> &'static str {
        named(&WEEKDAYS, usize::from(crate::time::weekday(self.day)))
    }

    fn month_name(&self) -> &'static str {
        named(&MONTHS, self.month as usize - 1)
    }

    /// Hour of twelve, and the half of the day.
    const fn half(&self) -> (i64, &'static str) {
        (if self.hour % 12 == 0 { 12 } else { self.hour % 12 }, if self.hour < 12 { "AM" } else { "PM" })
    }
}
