//! What stands beside a dump: Mattermost's `metadata.json` and `warning.txt`, Bloomberg's `audit.txt`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::import::bytes::Stream;
use crate::import::sink::Sink;
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Most of such a file that is read.
const MOST: usize = 16 << 20;

/// All of a small file.
pub fn read(mut stream: Box<dyn Stream>) -> Vec<u8> {
    let (mut out, mut buf) = (Vec::new(), vec![0; 64 << 10]);
    while out.len() < MOST {
        match stream.read(&mut buf) {
            Ok(n) if n > 0 => out.extend_from_slice(buf.get(..n).unwrap_or_default()),
            _ => break,
        }
    }
    out
}

/// `metadata.json`: messages and attachments per channel. `held`: messages by the end of the room's name, which is the id of the channel.
pub fn metadata(bytes: &[u8], held: &BTreeMap<String, u64>, sink: &mut Sink) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return sink.notice("filedump_metadata_damaged", "metadata.json could not be read: its counts are not held against the dump", 1);
    };
    let channels = ["Channels", "channels"].iter().find_map(|k| value.get(k));
    let listed: Vec<(String, &Value)> = match channels {
        Some(Value::Object(map)) => map.iter().map(|(id, v)| (id.clone(), v)).collect(),
        Some(Value::Array(all)) => all.iter().filter_map(|v| Some((number_or_text(v, &["ChannelId", "channel_id", "id"])?, v))).collect(),
        _ => Vec::new(),
    };
    let count = |v: &Value| ["MessagesCount", "messages_count", "MessageCount", "message_count"].iter().find_map(|k| v.get(k)?.as_u64());
    for (id, channel) in listed {
        let Some(stated) = count(channel) else { continue };
        let found: u64 = held.iter().filter(|(room, _)| room.ends_with(&id)).map(|(_, n)| n).sum();
        if stated > found {
            let detail = format!("channel {id}: {stated} messages declared in metadata.json, {found} in the dump");
            sink.statement(StatementKind::CountShort, None, None, None, stated - found, Position::byte(0), &detail);
        }
    }
}

fn number_or_text(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|k| value.get(k)?.as_str().map(str::to_owned))
}

/// `warning.txt`: one line for each attachment that could not be exported.
pub fn warnings(bytes: &[u8], sink: &mut Sink) {
    let lines = bytes.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty()).count() as u64;
    if lines > 0 {
        sink.statement(StatementKind::FileLost, None, None, None, lines, Position::byte(0), "attachments listed in warning.txt");
    }
}

/// `…audit.txt`: lines with a number of messages (`Number of messages: 12`, `Messages=12`). Those of all files are added.
pub fn audit(bytes: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let number = |line: &str| -> Option<u64> {
        let digits: String = line.chars().rev().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.chars().rev().collect::<String>().parse().ok()
    };
    let counts: Vec<u64> =
        text.lines().filter(|l| l.contains("message") && !l.contains("attachment")).filter_map(number).filter(|n| *n < 1_000_000_000).collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

#[cfg(test)]
mod tests {
    #[test]
    fn audit_files_state_numbers_of_messages() {
        assert_eq!(super::audit(b"Firm 123\r\nNumber of IB messages: 12\r\nNumber of attachments in messages: 3\r\nNumber of MSG messages = 5\r\n"), Some(17));
        assert_eq!(super::audit(b"nothing"), None);
    }
}
