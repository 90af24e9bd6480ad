//! Peers in WebAssembly. Each reads the browser's `File` the way its API allows and counts records, so that nothing is optimised away.
//! They parse only: no interning, no features, no batch.

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// A `File` read by slices of 1 MiB, as our own readers do.
struct Slices {
    file: web_sys::File,
    reader: web_sys::FileReaderSync,
    at: u64,
    size: u64,
}

impl Slices {
    fn new(file: web_sys::File) -> Result<Self, JsValue> {
        let size = file.size() as u64;
        Ok(Self { file, reader: web_sys::FileReaderSync::new()?, at: 0, size })
    }

    /// All of it: for APIs that want one piece.
    fn whole(mut self) -> Result<Vec<u8>, JsValue> {
        let mut out = vec![0; self.size as usize];
        let mut at = 0;
        while at < out.len() {
            let end = out.len().min(at + (1 << 20));
            let n = self.read(&mut out[at..end]).map_err(fault)?;
            if n == 0 {
                break;
            }
            at += n;
        }
        Ok(out)
    }
}

impl Read for Slices {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let end = self.size.min(self.at + buf.len() as u64);
        if self.at >= end {
            return Ok(0);
        }
        let gone = |_| io::Error::other("gone");
        let slice = self.file.slice_with_f64_and_f64(self.at as f64, end as f64).map_err(gone)?;
        let bytes = js_sys::Uint8Array::new(&JsValue::from(self.reader.read_as_array_buffer(&slice).map_err(gone)?));
        let n = (end - self.at) as usize;
        bytes.copy_to(&mut buf[..n]);
        self.at = end;
        Ok(n)
    }
}

impl Seek for Slices {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(n) => n,
            SeekFrom::End(n) => self.size.saturating_add_signed(n),
            SeekFrom::Current(n) => self.at.saturating_add_signed(n),
        };
        Ok(self.at)
    }
}

fn fault(e: impl std::fmt::Display) -> JsValue {
    JsValue::from_str(&e.to_string())
}

/// memchr over one reused window, reading included: the limit for orientation.
#[wasm_bindgen]
pub fn scan(file: web_sys::File) -> Result<f64, JsValue> {
    let mut slices = Slices::new(file)?;
    let (mut buf, mut lines) = (vec![0; 1 << 20], 0);
    loop {
        let n = slices.read(&mut buf).map_err(fault)?;
        if n == 0 {
            return Ok(lines as f64);
        }
        lines += memchr::memchr_iter(b'\n', &buf[..n]).count();
    }
}

/// memchr alone over `rounds` windows that are in memory already.
#[wasm_bindgen]
pub fn scan_memory(file: web_sys::File, rounds: u32) -> Result<f64, JsValue> {
    let mut slices = Slices::new(file)?;
    let mut buf = vec![0; 1 << 20];
    let n = slices.read(&mut buf).map_err(fault)?;
    let mut lines = 0;
    for _ in 0..rounds {
        lines += memchr::memchr_iter(b'\n', std::hint::black_box(&buf[..n])).count();
    }
    Ok(lines as f64)
}

#[derive(Deserialize)]
struct Telegram<'a> {
    #[serde(borrow)]
    messages: Vec<TelegramMessage<'a>>,
}

/// What an audit needs, the rest is skipped.
#[derive(Deserialize)]
struct TelegramMessage<'a> {
    id: u64,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    date_unixtime: Cow<'a, str>,
    #[serde(borrow)]
    from: Option<Cow<'a, str>>,
    #[serde(borrow)]
    from_id: Option<Cow<'a, str>>,
    reply_to_message_id: Option<u64>,
    #[serde(borrow)]
    text_entities: Vec<Piece<'a>>,
}

#[derive(Deserialize)]
struct Piece<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// serde_json into borrowing structs.
#[wasm_bindgen]
pub fn telegram(file: web_sys::File) -> Result<f64, JsValue> {
    let bytes = Slices::new(file)?.whole()?;
    let export: Telegram = serde_json::from_slice(&bytes).map_err(fault)?;
    let mut sum = 0;
    for m in &export.messages {
        sum += m.id as usize
            + m.kind.len()
            + m.date_unixtime.len()
            + m.from.as_deref().map_or(0, str::len)
            + m.from_id.as_deref().map_or(0, str::len)
            + m.reply_to_message_id.unwrap_or(0) as usize
            + m.text_entities.iter().map(|p| p.text.len()).sum::<usize>();
    }
    std::hint::black_box(sum);
    Ok(export.messages.len() as f64)
}

#[derive(Deserialize)]
struct SlackMessage<'a> {
    #[serde(borrow)]
    user: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ts: Cow<'a, str>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    thread_ts: Option<Cow<'a, str>>,
}

/// zip crate and serde_json into borrowing structs.
#[wasm_bindgen]
pub fn slack(file: web_sys::File) -> Result<f64, JsValue> {
    let bytes = Slices::new(file)?.whole()?;
    let mut zip = zip::ZipArchive::new(io::Cursor::new(bytes)).map_err(fault)?;
    let (mut text, mut count, mut sum) = (Vec::new(), 0, 0);
    for ix in 0..zip.len() {
        let mut entry = zip.by_index(ix).map_err(fault)?;
        let room = entry.name().map(|n| n.contains('/')).unwrap_or(false);
        text.clear();
        entry.read_to_end(&mut text).map_err(fault)?;
        if !room {
            continue;
        }
        let messages: Vec<SlackMessage> = serde_json::from_slice(&text).map_err(fault)?;
        count += messages.len();
        for m in &messages {
            sum += m.user.as_deref().map_or(0, str::len) + m.ts.len() + m.text.as_deref().map_or(0, str::len) + m.thread_ts.as_deref().map_or(0, str::len);
        }
    }
    std::hint::black_box(sum);
    Ok(count as f64)
}

/// mail-parser: its mbox iterator and its parser.
#[wasm_bindgen]
pub fn mbox(file: web_sys::File) -> Result<f64, JsValue> {
    let reader = io::BufReader::with_capacity(1 << 20, Slices::new(file)?);
    mails(reader)
}

fn mails(reader: impl BufRead) -> Result<f64, JsValue> {
    let parser = mail_parser::MessageParser::default();
    let (mut count, mut sum) = (0, 0);
    for message in mail_parser::mailbox::mbox::MessageIterator::new(reader) {
        let message = message.map_err(|_| JsValue::from_str("mbox"))?;
        if let Some(mail) = parser.parse(message.contents()) {
            sum += mail.subject().map_or(0, str::len) + mail.body_text(0).map_or(0, |t| t.len()) + mail.attachment_count();
            count += 1;
        }
    }
    std::hint::black_box(sum);
    Ok(count as f64)
}

/// The csv crate, one reused byte record.
#[wasm_bindgen]
pub fn csv(file: web_sys::File) -> Result<f64, JsValue> {
    let reader = io::BufReader::with_capacity(1 << 20, Slices::new(file)?);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let (mut count, mut sum) = (0, 0);
    while reader.read_byte_record(&mut record).map_err(fault)? {
        count += 1;
        sum += record.get(0).map_or(0, <[u8]>::len) + record.get(6).map_or(0, <[u8]>::len);
    }
    std::hint::black_box(sum);
    Ok(count as f64)
}
