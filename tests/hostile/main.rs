//! Bad input: every file that is damaged, locked, oversized or made to deceive ends in a clear sentence or a ledger entry,
//! the files beside it are read all the same, and every record seen is accounted for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod archives;

use std::io;
use std::rc::Rc;

use retention_audit::import::bytes::{RandomAccess, Shared};
use retention_audit::import::importer::Importer;
use retention_audit::import::{Given, Options, Step};
use retention_audit::model::batch::Batch;
use retention_audit::model::ledger::{SkipReason, Source};

const CHAT: &str = "12/03/2026, 09:14 - Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them. Tap to learn more.\n\
    12/03/2026, 09:15 - Ana Ruiz: good morning\n12/03/2026, 09:16 - Ben Okafor: the contract is signed\n13/03/2026, 10:00 - Ana Ruiz: thank you\n";
const MAIL: &str = "From: Ana Ruiz <ana@firm.example>\r\nTo: Ben Okafor <ben@firm.example>\r\nDate: Thu, 12 Mar 2026 09:15:00 +0000\r\nMessage-ID: <1@firm.example>\r\nSubject: contract\r\n\r\nSigned.\r\n";
const TABLE: &str = "timestamp,sender,recipient,channel,text\n2026-03-12T09:15:00Z,ana@firm.example,ben@firm.example,email,good morning\n2026-03-12T09:16:00Z,ben@firm.example,ana@firm.example,email,signed\n";

/// Reads files to the end; progress never goes back, never exceeds its total and reaches it; every record is accounted for.
fn import(files: Vec<(&str, Shared)>) -> Batch {
    let given = files.into_iter().map(|(path, bytes)| Given { path: path.to_owned(), bytes, modified: None }).collect();
    run(Importer::new(given, Options::default()))
}

fn run(mut importer: Importer) -> Batch {
    let mut last = 0;
    let mut steps = 0;
    while importer.step() == Step::More {
        let p = importer.progress();
        assert!(p.done >= last && p.done <= p.total, "{} after {last} of {}", p.done, p.total);
        last = p.done;
        steps += 1;
        assert!(steps < 5_000_000, "no end");
    }
    let p = importer.progress();
    assert_eq!(p.done, p.total, "progress does not reach its total");
    let batch = importer.finish();
    for s in &batch.tables.sources {
        assert_eq!(s.remainder(), 0, "{}", s.path);
        if let Some(e) = &s.error {
            assert!(e.what.len() > 20 && e.what.contains(['.', ':']), "{}", e.what);
        }
    }
    batch
}

fn one(path: &str, bytes: impl Into<Vec<u8>>) -> Batch {
    import(vec![(path, Rc::new(bytes.into()))])
}

fn source<'a>(batch: &'a Batch, path: &str) -> &'a Source {
    let paths: Vec<_> = batch.tables.sources.iter().map(|s| &s.path).collect();
    batch.tables.sources.iter().find(|s| s.path == path).unwrap_or_else(|| panic!("{path} is not among {paths:?}"))
}

fn error(source: &Source) -> &str {
    source.error.as_ref().map_or("", |e| e.what.as_str())
}

fn skipped(source: &Source, reason: SkipReason) -> u64 {
    source.skipped.iter().find(|s| s.reason == reason).map_or(0, |s| s.count)
}

fn notice<'a>(source: &'a Source, id: &str) -> Option<(&'a str, u64)> {
    source.notices.iter().find(|n| n.id == id).map(|n| (n.sentence.as_ref(), n.count))
}

/// Text that does not pack well: message after message, each with another number.
fn long_chat(lines: u32) -> String {
    let line = |n: u32| {
        format!(
            "12/03/2026, {:02}:{:02} - {}: message {} {:x}\n",
            n / 60 % 24,
            n % 60,
            ["Ana Ruiz", "Ben Okafor"][n as usize % 2],
            n,
            n.wrapping_mul(2_654_435_761)
        )
    };
    CHAT.to_owned() + &(0..lines).map(line).collect::<String>()
}

#[test]
fn files_that_are_no_message_files_are_told_what_they_are() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.txt", b"", "is empty"),
        ("photo.txt", b"\xff\xd8\xff\xe0 and so on", "a picture"),
        ("mail.pst", b"!BDN and so on", "Outlook data file"),
        ("report.json", b"%PDF-1.7 and so on", "a PDF document"),
        ("data.csv", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0\xff\xff", "binary data"),
        ("story.txt", b"Once upon a time\nthere was a file.\n", "without a structure"),
        ("cut.zip", b"PK\x03\x04\x14\0\0\0\x08\0", "directory is missing"),
        ("truth.json", b"{\n  \"schema\": 1,\n  \"seed\": 7,\n  \"messages\": 3,\n  \"from\": \"2026-01-01\",\n  \"to\": \"2026-02-01\",\n  \"staff\": 3,\n  \"plants\": []\n}", "answer key"),
    ];
    let mut files: Vec<(&str, Shared)> = vec![("mail.eml", Rc::new(MAIL.as_bytes().to_vec()))];
    files.extend(cases.iter().map(|(name, bytes, _)| (*name, Rc::new(bytes.to_vec()) as Shared)));
    let batch = import(files);
    for (name, _, what) in cases {
        assert!(error(source(&batch, name)).contains(what), "{name}: {}", error(source(&batch, name)));
    }
    assert_eq!(source(&batch, "mail.eml").messages, 1);
}

#[test]
fn an_extension_decides_nothing() {
    for (bytes, format) in [(CHAT, "whatsapp_txt"), (MAIL, "eml"), (TABLE, "csv")] {
        for name in ["x.txt", "x.csv", "x.json", "x.jpg", "x.zip", "x"] {
            assert_eq!(source(&one(name, bytes), name).format, format, "{name}");
        }
    }
}

#[test]
fn undeclared_encodings_are_read_and_said() {
    let ascii = long_chat(4_000);
    for (text, encoding) in [
        (CHAT.replace("good morning", "señor, mañana, ¿sí?"), encoding_rs::WINDOWS_1252),
        (CHAT.replace("good morning", "早上好,合同已经签好了"), encoding_rs::GB18030),
        (CHAT.replace("good morning", "おはようございます。契約書を確認しました"), encoding_rs::SHIFT_JIS),
        (CHAT.replace("good morning", "доброе утро, договор подписан"), encoding_rs::WINDOWS_1251),
        // The first letter that tells stands far behind the head.
        (format!("{ascii}12/03/2026, 23:59 - Ana Ruiz: “mañana” – señor\n"), encoding_rs::WINDOWS_1252),
    ] {
        let plain = one("chat.txt", text.as_bytes());
        let batch = one("chat.txt", encoding.encode(&text).0.into_owned());
        let s = source(&batch, "chat.txt");
        assert_eq!(s.encoding, encoding.name());
        assert!(notice(s, "encoding_guessed").is_some() && notice(s, "invalid_bytes").is_none());
        assert_eq!((&batch.columns.hash, &batch.columns.chars), (&plain.columns.hash, &plain.columns.chars), "{}", encoding.name());
    }
}

#[test]
fn a_few_bad_bytes_are_counted_and_change_nothing_else() {
    let mut mixed = CHAT.replace("good morning", "señor, mañana, ¿sí? über Köln").into_bytes();
    mixed.extend_from_slice(b"13/03/2026, 10:01 - Ben Okafor: se\xf1or and \xff\n13/03/2026, 10:02 - Ana Ruiz: end\n");
    let batch = one("chat.txt", mixed);
    let s = source(&batch, "chat.txt");
    assert_eq!((s.encoding.as_str(), s.messages), ("", 5));
    let (what, count) = notice(s, "invalid_bytes").unwrap();
    assert!(count == 2 && what.contains("near byte"), "{what} {count}");
}

#[test]
fn text_that_would_deceive_a_reader_is_kept_as_text() {
    let huge = "N".repeat(1 << 20);
    let names = ["<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "\u{202e}drahcir", "nul\0name", &huge];
    let mut chat = CHAT.to_owned();
    for name in names {
        chat += &format!("13/03/2026, 11:00 - {name}: <img src=x onerror=y> =1+1 \u{202e}gnp.exe\0\n");
    }
    let mut table = TABLE.to_owned();
    for name in names {
        table += &format!("2026-03-12T09:17:00Z,\"{}\",ana@firm.example,email,\"=cmd|x\"\n", name.replace('"', "\"\""));
    }
    let json: String = names
        .iter()
        .map(|n| {
            serde_json::json!({"timestamp": "2026-03-12T09:17:00Z", "sender": n, "recipient": "ana", "channel": "email", "text": "<b>"}).to_string() + "\n"
        })
        .collect();
    let mail: String =
        names.iter().map(|n| format!("From ana@firm.example Thu Mar 12 09:15:00 2026\n{}\n\n", MAIL.replace("\r\n", "\n").replace("Ana Ruiz", n))).collect();
    let batch = import(vec![
        ("chat.txt", Rc::new(chat.into_bytes())),
        ("table.csv", Rc::new(table.into_bytes())),
        ("lines.jsonl", Rc::new(json.into_bytes())),
        ("mail.mbox", Rc::new(mail.into_bytes())),
    ]);
    for s in &batch.tables.sources {
        assert!(s.error.is_none() && s.messages >= 4, "{}: {} messages, {:?}", s.path, s.messages, s.error);
    }
    for h in &batch.tables.handles {
        let hidden = |c: char| c.is_control() || c == '\u{202e}';
        assert!(h.key.len() < 1100 && h.name.len() < 300 && !h.name.contains(hidden) && !h.key.contains(hidden), "{:?}", h.key);
    }
}

#[test]
fn dates_out_of_range_are_named() {
    let mut table = TABLE.to_owned();
    for date in ["1601-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "", "soon", "2038-01-20T00:00:00Z", "2099-12-31T00:00:00Z", "0000-00-00T00:00:00Z"] {
        table += &format!("{date},ana@firm.example,ben@firm.example,email,x\n");
    }
    let batch = one("table.csv", table);
    let s = source(&batch, "table.csv");
    assert_eq!((s.records, s.messages), (9, 4), "{:?}", s.skipped);
    assert_eq!(skipped(s, SkipReason::TimeOutOfRange) + skipped(s, SkipReason::NoTime), 5);
    let mails = ["Mon, 01 Jan 1601 00:00:00 +0000", "Fri, 31 Dec 9999 23:59:59 +0000", "", "never"].map(|d| MAIL.replace("Thu, 12 Mar 2026 09:15:00 +0000", d));
    for mail in mails {
        let batch = one("a.eml", mail);
        let s = source(&batch, "a.eml");
        assert_eq!((s.records, s.messages, s.skipped_total()), (1, 0, 1), "{s:?}");
    }
}

#[test]
fn the_same_file_twice_is_read_twice() {
    let chat: Shared = Rc::new(CHAT.as_bytes().to_vec());
    let batch = import(vec![("a/chat.txt", chat.clone()), ("b/chat.txt", chat)]);
    assert_eq!(batch.tables.sources[0].messages, batch.tables.sources[1].messages);
}

/// A file that fails from a place on, as one that was removed while it is read.
struct Failing(Vec<u8>, u64);

impl RandomAccess for Failing {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.1.checked_sub(offset).filter(|l| *l > 0).ok_or_else(|| io::Error::other("the device is gone"))?;
        let n = buf.len().min(usize::try_from(left).unwrap());
        self.0.read_at(offset, &mut buf[..n])
    }
}

#[test]
fn a_file_that_goes_away_while_it_is_read_keeps_what_was_read() {
    let chat = long_chat(20_000).into_bytes();
    for (fails, some) in [(0, false), (10, false), (100_000, true), (500_000, true)] {
        let batch = import(vec![("chat.txt", Rc::new(Failing(chat.clone(), fails))), ("a.eml", Rc::new(MAIL.as_bytes().to_vec()))]);
        let s = source(&batch, "chat.txt");
        assert!(s.error.is_some(), "fails at {fails}");
        assert_eq!(s.messages > 1000, some, "{s:?}");
        assert!(!some || error(s).contains("the device is gone"), "{}", error(s));
        assert_eq!(source(&batch, "a.eml").messages, 1);
    }
}

/// A head, then one endless line made as it is read, then a tail.
struct Endless {
    head: &'static str,
    line: u64,
    tail: &'static str,
}

impl RandomAccess for Endless {
    fn len(&self) -> u64 {
        self.head.len() as u64 + self.line + self.tail.len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (head, line) = (self.head.len() as u64, self.line);
        let (from, end) = match offset {
            o if o < head => (self.head.as_bytes(), None),
            o if o < head + line => (&[][..], Some(head + line - o)),
            _ => (self.tail.as_bytes(), None),
        };
        if let Some(left) = end {
            let n = buf.len().min(usize::try_from(left).unwrap());
            buf[..n].fill(b'x');
            return Ok(n);
        }
        let skip = if offset < head { offset } else { offset - head - line };
        from.to_vec().read_at(skip, buf)
    }
}

const TABLE_TAIL: &str = "\"\n2026-03-12T09:18:00Z,ana@firm.example,ben@firm.example,email,after\n";
const LINES: &str = "{\"timestamp\":\"2026-03-12T09:15:00Z\",\"sender\":\"ana\",\"recipient\":\"ben\",\"channel\":\"email\",\"text\":\"a\"}\n{\"timestamp\":\"2026-03-12T09:16:00Z\",\"sender\":\"ana\",\"recipient\":\"ben\",\"channel\":\"email\",\"text\":\"";
const LINES_TAIL: &str = "\"}\n{\"timestamp\":\"2026-03-12T09:17:00Z\",\"sender\":\"ana\",\"recipient\":\"ben\",\"channel\":\"email\",\"text\":\"c\"}\n";
const MBOX: &str = "From ana@firm.example Thu Mar 12 09:15:00 2026\nFrom: ana@firm.example\nTo: ben@firm.example\nDate: Thu, 12 Mar 2026 09:15:00 +0000\nMessage-ID: <1@x>\n\n";
const MBOX_TAIL: &str = "\n\nFrom ben@firm.example Thu Mar 12 09:16:00 2026\nFrom: ben@firm.example\nTo: ana@firm.example\nDate: Thu, 12 Mar 2026 09:16:00 +0000\nMessage-ID: <2@x>\n\nafter\n";
const TELEGRAM: &str = "{\"name\":\"Ana\",\"type\":\"personal_chat\",\"id\":1,\"messages\":[{\"id\":1,\"type\":\"message\",\"date\":\"2026-03-12T09:15:00\",\"date_unixtime\":\"1773306900\",\"from\":\"Ana\",\"from_id\":\"user1\",\"text\":\"a\"},{\"id\":2,\"type\":\"message\",\"date\":\"2026-03-12T09:16:00\",\"date_unixtime\":\"1773306960\",\"from\":\"Ana\",\"from_id\":\"user1\",\"text\":\"";
const TELEGRAM_TAIL: &str = "\"},{\"id\":3,\"type\":\"message\",\"date\":\"2026-03-12T09:17:00\",\"date_unixtime\":\"1773307020\",\"from\":\"Ana\",\"from_id\":\"user1\",\"text\":\"c\"}]}";

/// The record after the endless line is read; the line itself is a message or a named skip.
fn endless(line: u64) {
    for (name, head, tail) in [
        ("chat.txt", CHAT, "\n13/03/2026, 10:01 - Ben Okafor: after\n"),
        (
            "table.csv",
            "timestamp,sender,recipient,channel,text\n2026-03-12T09:15:00Z,ana@firm.example,ben@firm.example,email,a\n2026-03-12T09:16:00Z,ben@firm.example,ana@firm.example,email,\"",
            TABLE_TAIL,
        ),
        ("lines.jsonl", LINES, LINES_TAIL),
        ("mail.mbox", MBOX, MBOX_TAIL),
        ("result.json", TELEGRAM, TELEGRAM_TAIL),
    ] {
        let begun = std::time::Instant::now();
        let batch = import(vec![(name, Rc::new(Endless { head, line, tail }))]);
        let s = source(&batch, name);
        println!("{name}: {} messages, {:?}, {:?}, {:?}", s.messages, s.skipped, s.error, begun.elapsed());
        assert!(s.error.is_none() && s.messages >= 2, "{name}: {s:?}");
    }
    let batch = import(vec![("plain.txt", Rc::new(Endless { head: "", line, tail: "" }))]);
    assert!(error(source(&batch, "plain.txt")).contains("without a structure"));
}

/// The line is made as it is read and stored nowhere; a debug build takes a shorter one, to end in seconds.
#[test]
fn a_line_beyond_every_limit_is_one_record() {
    endless(if cfg!(debug_assertions) { 64 << 20 } else { 300 << 20 });
}
