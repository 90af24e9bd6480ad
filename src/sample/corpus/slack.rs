//! Slack corpus: twelve rooms, a file per room and day, rich-text blocks, threads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::{PEOPLE, Stream, address, name};
use crate::sample::write::zip::ZipWriter;
use crate::time::day_name;

const ROOMS: usize = 12;

/// Root of the latest thread of a room: time id and author.
type Root = Option<(String, usize)>;

pub(super) fn write(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    let members: Vec<String> = (0..PEOPLE).map(|p| format!("\"U0C{p:06}\"")).collect();
    let mut channels = Vec::new();
    for r in 0..ROOMS {
        channels.push(format!(
            "{{\"id\":\"C0C{r:06}\",\"name\":\"room-{r:02}\",\"created\":{},\"creator\":\"U0C000000\",\"is_archived\":false,\"is_general\":{},\"members\":[{}],\"topic\":{{\"value\":\"\"}},\"purpose\":{{\"value\":\"\"}}}}",
            super::START - 60, r == 0, members.join(",")
        ));
    }
    zip.add("channels.json", format!("[{}]", channels.join(",")).as_bytes())?;
    let users: Vec<String> = (0..PEOPLE)
        .map(|p| {
            format!(
                "{{\"id\":\"U0C{p:06}\",\"team_id\":\"T0C000000\",\"name\":\"person{p:02}\",\"real_name\":\"{n}\",\"deleted\":false,\"is_bot\":false,\"profile\":{{\"real_name\":\"{n}\",\"display_name\":\"{n}\",\"email\":\"{}\"}}}}",
                address(p), n = name(p)
            )
        })
        .collect();
    zip.add("users.json", format!("[{}]", users.join(",")).as_bytes())?;
    let mut day = i64::MIN;
    let mut open: BTreeMap<usize, String> = BTreeMap::new();
    let mut roots: Vec<Root> = vec![None; ROOMS];
    while let Some(item) = stream.item() {
        let today = item.at.div_euclid(86_400);
        if today != day {
            flush(&mut zip, day, &mut open)?;
            day = today;
        }
        let room = item.from % ROOMS;
        let b = open.entry(room).or_insert_with(|| "[".to_owned());
        if b.len() > 1 {
            b.push(',');
        }
        message(b, stream, &item, roots.get_mut(room));
    }
    flush(&mut zip, day, &mut open)?;
    zip.finish().map(|_| ())
}

fn flush(zip: &mut ZipWriter<&mut dyn Write>, day: i64, open: &mut BTreeMap<usize, String>) -> io::Result<()> {
    for (room, mut text) in std::mem::take(open) {
        text.push_str("\n]");
        zip.add(&format!("room-{room:02}/{}.json", day_name(i32::try_from(day).unwrap_or(0))), text.as_bytes())?;
    }
    Ok(())
}

/// One message in the indented layout of Slack's exports, with its blocks: about 1.1 KB.
fn message(b: &mut String, stream: &mut Stream, item: &super::Item, root: Option<&mut Root>) {
    let text = serde_json::to_string(stream.text()).unwrap_or_default();
    let ts = format!("{}.{:06}", item.at, item.number % 1_000_000);
    let person = name(item.from);
    let _ = write!(
        b,
        "\n    {{\n        \"user\": \"U0C{:06}\",\n        \"type\": \"message\",\n        \"ts\": \"{ts}\",\n        \"client_msg_id\": \"{:08x}-4c1f-4a52-9d0e-{:012x}\",\n        \"text\": {text},\n        \"team\": \"T0C000000\",\n        \"user_team\": \"T0C000000\",\n        \"source_team\": \"T0C000000\",\n        \"user_profile\": {{\n            \"avatar_hash\": \"g00000000000\",\n            \"first_name\": \"{}\",\n            \"real_name\": \"{person}\",\n            \"display_name\": \"{person}\",\n            \"team\": \"T0C000000\",\n            \"is_restricted\": false,\n            \"is_ultra_restricted\": false\n        }},\n        \"blocks\": [\n            {{\n                \"type\": \"rich_text\",\n                \"block_id\": \"b{:05}\",\n                \"elements\": [\n                    {{\n                        \"type\": \"rich_text_section\",\n                        \"elements\": [\n                            {{\n                                \"type\": \"text\",\n                                \"text\": {text}\n                            }}\n                        ]\n                    }}\n                ]\n            }}\n        ]",
        item.from,
        item.number,
        item.number * 7919,
        person.split(' ').next().unwrap_or_default(),
        item.number % 100_000
    );
    if let Some(root) = root {
        match root {
            Some((root_ts, author)) if !item.number.is_multiple_of(3) => {
                let _ = write!(b, ",\n        \"thread_ts\": \"{root_ts}\",\n        \"parent_user_id\": \"U0C{author:06}\"");
            }
            // How many replies come is not stated: it would have to be known before they are written.
            _ if item.number.is_multiple_of(6) => {
                let _ = write!(b, ",\n        \"thread_ts\": \"{ts}\"");
                *root = Some((ts, item.from));
            }
            _ if item.number.is_multiple_of(3) => *root = None,
            _ => {}
        }
    }
    b.push_str("\n    }");
}
