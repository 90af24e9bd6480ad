//! The mail around the manifest: headers, a plain rendering, and a zip whose members stand as they are. No clock and no packing, so that the
//! bytes are the same on every machine.

use crate::model::batch::Handle;
use crate::text::base64;
use crate::time::{MONTHS, WEEKDAYS, civil, day, rfc3339, weekday};

/// What the headers say.
pub struct Envelope {
    /// Name of the conversation, and its days.
    pub subject: String,
    /// As in `To`.
    pub participants: Vec<String>,
    /// As in `From`; empty for none.
    pub custodian: String,
    /// First event.
    pub begin: i64,
    /// Last event.
    pub end: i64,
    /// Events.
    pub events: usize,
    /// Channel.
    pub application: String,
    /// What joins the slices.
    pub collection: String,
}

/// A handle for a header: name, or key.
pub fn named(handle: &Handle) -> String {
    if handle.name.is_empty() { handle.key.clone() } else { handle.name.clone() }
}

/// The whole mail.
pub fn mail(envelope: &Envelope, transcript: &str, manifest: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let people = envelope.participants.iter().take(200).map(|p| word(p)).collect::<Vec<_>>();
    let from = if envelope.custodian.is_empty() { envelope.participants.first().cloned().unwrap_or_default() } else { envelope.custodian.clone() };
    let headers = [
        ("From", format!("{} <>", word(&from))),
        ("To", people.iter().map(|p| format!("{p} <>")).collect::<Vec<_>>().join(",\r\n ")),
        ("Subject", word(&envelope.subject)),
        ("Date", date(envelope.begin)),
        ("X-RSMF-Version", "2.0.0".to_owned()),
        ("X-RSMF-Generator", concat!("retention-audit ", env!("CARGO_PKG_VERSION")).to_owned()),
        ("X-RSMF-BeginDate", rfc3339(envelope.begin, true)),
        ("X-RSMF-EndDate", rfc3339(envelope.end, true)),
        ("X-RSMF-EventCount", envelope.events.to_string()),
        ("X-RSMF-AttachmentCount", "0".to_owned()),
        ("X-RSMF-Application", word(&envelope.application)),
        ("X-RSMF-Participants", people.join(",\r\n ")),
        ("X-RSMF-Custodian", word(&envelope.custodian)),
        ("X-RSMF-EventCollectionID", word(&envelope.collection)),
        ("MIME-Version", "1.0".to_owned()),
        ("Content-Type", "multipart/mixed; boundary=\"=_rsmf\"".to_owned()),
    ];
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n--=_rsmf\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    lines(&base64::encode(transcript.as_bytes()), &mut out);
    out.push_str("--=_rsmf\r\nContent-Type: application/zip; name=\"rsmf.zip\"\r\nContent-Transfer-Encoding: base64\r\n");
    out.push_str("Content-Disposition: attachment; filename=\"rsmf.zip\"\r\n\r\n");
    lines(&base64::encode(&zip("rsmf_manifest.json", manifest)), &mut out);
    out.push_str("--=_rsmf--\r\n");
    out.into_bytes()
}

/// 76 letters a line.
fn lines(encoded: &str, out: &mut String) {
    let mut rest = encoded;
    while !rest.is_empty() {
        let (line, tail) = rest.split_at_checked(76).unwrap_or((rest, ""));
        out.push_str(line);
        out.push_str("\r\n");
        rest = tail;
    }
}

/// Text of a header: quoted where it is plain, else encoded words of at most 75 letters (RFC 2047).
fn word(text: &str) -> String {
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b" .-_+/@:".contains(&b));
    if plain && text.len() <= 200 {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut piece = String::new();
    for c in text.chars() {
        if piece.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    words.push(piece);
    words.iter().map(|p| format!("=?utf-8?B?{}?=", base64::encode(p.as_bytes()))).collect::<Vec<_>>().join("\r\n ")
}

/// `Mon, 02 Mar 2026 09:14:05 +0000`
fn date(micros: i64) -> String {
    let (year, month, of_month) = civil(day(micros));
    let week = WEEKDAYS.get(usize::from(weekday(day(micros)))).copied().unwrap_or_default();
    let month = MONTHS.get((month as usize).saturating_sub(1)).copied().unwrap_or_default();
    let written = rfc3339(micros, true);
    format!("{week}, {of_month:02} {month} {year:04} {} +0000", written.get(11..19).unwrap_or("00:00:00"))
}

/// A zip with one member as it is, dated 1980-01-01 (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).
fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    // A slice of ten thousand events is far below 4 GiB.
    let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let mut fields = Vec::new();
    for half in [20u16, 1 << 11, 0, 0, 0x21] {
        fields.extend_from_slice(&half.to_le_bytes());
    }
    for word in [crc.sum(), size, size] {
        fields.extend_from_slice(&word.to_le_bytes());
    }
    fields.extend_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
    fields.extend_from_slice(&[0, 0]);
    let mut out = Vec::with_capacity(bytes.len() + 200);
    out.extend_from_slice(b"PK\x03\x04");
    out.extend_from_slice(&fields);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(bytes);
    let begin = u32::try_from(out.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(b"PK\x01\x02\x14\x00");
    out.extend_from_slice(&fields);
    out.extend_from_slice(&[0; 14]);
    out.extend_from_slice(name.as_bytes());
    let directory = u32::try_from(out.len()).unwrap_or(u32::MAX) - begin;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&directory.to_le_bytes());
    out.extend_from_slice(&begin.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}
