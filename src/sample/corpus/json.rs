//! JSON exports: the chats of Google, Microsoft, Discord, Meta and WeChat, review files, plain lines.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Clock, PEOPLE, Stream, address, backwards, name, other, quoted, records};
use crate::time::rfc3339;

/// RSMF 2.0: the manifest alone.
pub(super) fn rsmf(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let everyone = |each: &dyn Fn(usize) -> String| (0..PEOPLE).map(each).collect::<Vec<_>>().join(",\n");
    let head = format!(
        "{{\n  \"version\": \"2.0.0\",\n  \"eventcollectionid\": \"coll-9f31\",\n  \"participants\": [\n{}\n  ],\n  \"conversations\": [\n    {{\"id\": \"sl-1\", \"platform\": \"slack\", \"type\": \"channel\", \"display\": \"freight\", \"participants\": [\n{}\n    ]}}\n  ],\n  \"events\": [\n",
        everyone(&|p| format!("    {{\"id\": \"p{p}\", \"display\": \"{}\", \"email\": \"{}\"}}", name(p), address(p))),
        everyone(&|p| format!("      \"p{p}\""))
    );
    records(stream, out, [&head, ",\n", "\n  ]\n}\n"], |b, item, text| {
        let _ = write!(
            b,
            "    {{\n      \"id\": \"m{}\",\n      \"type\": \"message\",\n      \"conversation\": \"sl-1\",\n      \"participant\": \"p{}\",\n      \"timestamp\": \"{}\",\n      \"body\": {}\n    }}",
            item.number,
            item.from,
            rfc3339(item.at * 1_000_000, true),
            quoted(text)
        );
    })
}

/// Google Takeout of 2026, one space.
pub(super) fn google_chat(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["{\n  \"messages\": [\n", ",\n", "\n  ]\n}\n"], |b, item, text| {
        let (c, n) = (Clock::of(item.at), item.number);
        let (hour, half) = c.half();
        let _ = write!(
            b,
            "    {{\n      \"creator\": {{\n        \"name\": \"{}\",\n        \"email\": \"{}\",\n        \"user_type\": \"Human\"\n      }},\n      \"created_date\": \"{}, {} {}, {} at {hour}:{:02}:{:02}\u{202f}{half} UTC\",\n      \"text\": {},\n      \"topic_id\": \"t{n}\",\n      \"message_id\": \"AAAAk1/t{n}/t{n}\"\n    }}",
            name(item.from),
            address(item.from),
            c.weekday(),
            c.month_name(),
            c.date,
            c.year,
            c.minute,
            c.second,
            quoted(text)
        );
    })
}

/// A page of messages as Microsoft Graph answers it.
pub(super) fn teams(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#Collection(chatMessage)\",\"value\":[";
    let person = |p: usize| format!("{:08}-aaaa-4111-8111-111111111111", p + 1);
    records(stream, out, [head, ",", "]}"], |b, item, text| {
        let (ms, stamp) = (item.at * 1000 + item.number as i64 % 1000, rfc3339(item.at * 1_000_000, false));
        let stamp = format!("{stamp}.{:03}Z", ms % 1000);
        let _ = write!(
            b,
            "{{\"@odata.type\":\"#microsoft.graph.chatMessage\",\"id\":\"{ms}\",\"replyToId\":null,\"etag\":\"{ms}\",\"messageType\":\"message\",\"createdDateTime\":\"{stamp}\",\"lastModifiedDateTime\":\"{stamp}\",\"lastEditedDateTime\":null,\"deletedDateTime\":null,\"subject\":null,\"summary\":null,\"chatId\":\"19:{0}_{1}@unq.gbl.spaces\",\"importance\":\"normal\",\"locale\":\"en-us\",\"webUrl\":null,\"channelIdentity\":null,\"policyViolation\":null,\"eventDetail\":null,\"from\":{{\"application\":null,\"device\":null,\"user\":{{\"@odata.type\":\"#microsoft.graph.teamworkUserIdentity\",\"id\":\"{0}\",\"displayName\":\"{2}\",\"userIdentityType\":\"aadUser\",\"tenantId\":\"aaaaaaaa-0000-4000-8000-000000000001\"}}}},\"body\":{{\"contentType\":\"html\",\"content\":{3}}},\"attachments\":[],\"mentions\":[],\"reactions\":[]}}",
            person(item.from),
            person(other(item)),
            name(item.from),
            quoted(&format!("<p>{text}</p>"))
        );
    })
}

/// Skype's `messages.json`: one conversation, newest first.
pub(super) fn skype(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "{\"userId\":\"8:live:person00\",\"exportDate\":\"2026-10-05T09:30\",\"conversations\":[{\"id\":\"19:0a1b2c3d4e5f@thread.skype\",\"displayName\":\"Freight\",\"version\":1.0,\"properties\":{\"conversationblocked\":false,\"lastimreceivedtime\":null},\"threadProperties\":null,\"MessageList\":[";
    records(stream, out, [head, ",", "]}]}"], |b, item, text| {
        let at = backwards(item.at);
        let (ms, milli) = (at * 1000 + 999 - item.number as i64 % 1000, 999 - item.number % 1000);
        let _ = write!(
            b,
            "{{\"id\":\"{ms}\",\"displayName\":null,\"originalarrivaltime\":\"{}.{milli:03}Z\",\"messagetype\":\"RichText\",\"version\":{ms},\"content\":{},\"conversationid\":\"19:0a1b2c3d4e5f@thread.skype\",\"from\":\"8:live:person{:02}\",\"properties\":null,\"amsreferences\":null}}",
            rfc3339(at * 1_000_000, false),
            quoted(&text.replace('&', "&amp;").replace('\'', "&apos;")),
            item.from
        );
    })
}

/// Discord's id of a time.
const fn snowflake(at: i64, number: usize) -> i64 {
    ((at * 1000 - 1_420_070_400_000) << 22) + number as i64 % 4096
}

/// DiscordChatExporter 2.43, one channel.
pub(super) fn discord(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = "{\n  \"guild\": {\n    \"id\": \"900000000000000001\",\n    \"name\": \"Acme\",\n    \"iconUrl\": \"\"\n  },\n  \"channel\": {\n    \"id\": \"1191111111111111111\",\n    \"type\": \"GuildTextChat\",\n    \"categoryId\": \"1\",\n    \"category\": \"Deals\",\n    \"name\": \"general\",\n    \"topic\": null\n  },\n  \"dateRange\": {\n    \"after\": null,\n    \"before\": null\n  },\n  \"exportedAt\": \"2026-10-06T02:00:00.000+00:00\",\n  \"messages\": [\n";
    let tail = format!("\n  ],\n  \"messageCount\": {}\n}}", stream.left);
    records(stream, out, [head, ",\n", &tail], |b, item, text| {
        let _ = write!(
            b,
            "    {{\n      \"id\": \"{}\",\n      \"type\": \"Default\",\n      \"timestamp\": \"{}.000+00:00\",\n      \"timestampEdited\": null,\n      \"callEndedTimestamp\": null,\n      \"isPinned\": false,\n      \"content\": {},\n      \"author\": {{\n        \"id\": \"2000000000000000{:02}\",\n        \"name\": \"person{:02}\",\n        \"discriminator\": \"0000\",\n        \"nickname\": \"{}\",\n        \"color\": null,\n        \"isBot\": false,\n        \"roles\": [],\n        \"avatarUrl\": \"https://cdn.example/a.png\"\n      }},\n      \"attachments\": [],\n      \"embeds\": [],\n      \"stickers\": [],\n      \"reactions\": [],\n      \"mentions\": [],\n      \"inlineEmojis\": []\n    }}",
            snowflake(item.at, item.number),
            rfc3339(item.at * 1_000_000, false),
            quoted(text),
            item.from,
            item.from,
            name(item.from)
        );
    })
}

/// The messages of one channel out of Discord's package of 2024.
pub(super) fn discord_package(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["[\n", ",\n", "\n]\n"], |b, item, text| {
        let at = backwards(item.at);
        let (id, written) = (snowflake(at, 4095 - item.number % 4096), rfc3339(at * 1_000_000, false).replace('T', " "));
        let _ = write!(b, " {{\n  \"ID\": {id},\n  \"Timestamp\": \"{written}\",\n  \"Contents\": {},\n  \"Attachments\": \"\"\n }}", quoted(text));
    })
}

/// A text as Meta writes it: every byte beyond ASCII as a character of its own.
fn meta_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in quoted(text).bytes() {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "\\u{byte:04x}");
        }
    }
    out
}

/// Facebook's `message_1.json` of 2024, newest first.
pub(super) fn meta(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let people = (0..PEOPLE).map(|p| format!("    {{\n      \"name\": {}\n    }}", meta_text(&name(p)))).collect::<Vec<_>>().join(",\n");
    let head = format!("{{\n  \"participants\": [\n{people}\n  ],\n  \"messages\": [\n");
    let tail = "\n  ],\n  \"title\": \"Freight\",\n  \"is_still_participant\": true,\n  \"thread_path\": \"inbox/freight_10\",\n  \"magic_words\": []\n}";
    records(stream, out, [&head, ",\n", tail], |b, item, text| {
        let _ = write!(
            b,
            "    {{\n      \"sender_name\": {},\n      \"timestamp_ms\": {},\n      \"content\": {},\n      \"is_geoblocked_for_viewer\": false,\n      \"is_unsent_image_by_messenger_kid_parent\": false\n    }}",
            meta_text(&name(item.from)),
            backwards(item.at) * 1000 + 999 - item.number as i64 % 1000,
            meta_text(text)
        );
    })
}

/// Messages out of WeCom's archive interface.
pub(super) fn wecom(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["[\n", ",\n", "\n]\n"], |b, item, text| {
        let n = item.number + 1;
        let _ = write!(
            b,
            "{{\"seq\": {n}, \"msgid\": \"1{n}_{}\", \"action\": \"send\", \"from\": \"Person{:02}\", \"tolist\": [\"Person{:02}\"], \"roomid\": \"\", \"msgtime\": {}, \"msgtype\": \"text\", \"text\": {{\"content\": {}}}}}",
            item.at,
            item.from,
            other(item),
            item.at * 1000 + item.number as i64 % 1000,
            quoted(text)
        );
    })
}

/// `WeFlow`, one chat.
pub(super) fn wechat(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let head = format!(
        "{{\n  \"weflow\": {{\n    \"version\": \"1.0.3\",\n    \"exportedAt\": 1790000000,\n    \"generator\": \"WeFlow\"\n  }},\n  \"session\": {{\n    \"wxid\": \"wxid_lina001\",\n    \"nickname\": \"Lina\",\n    \"remark\": \"李娜 客户\",\n    \"displayName\": \"李娜 客户\",\n    \"type\": \"私聊\",\n    \"messageCount\": {}\n  }},\n  \"messages\": [\n",
        stream.left
    );
    records(stream, out, [&head, ",\n", "\n  ]\n}\n"], |b, item, text| {
        let own = item.number % 2;
        let (wxid, shown) = if own == 1 { ("wxid_owner01", "王伟") } else { ("wxid_lina001", "Lina") };
        let _ = write!(
            b,
            "    {{\n      \"localId\": {},\n      \"createTime\": {},\n      \"formattedTime\": \"{}\",\n      \"type\": \"文本消息\",\n      \"localType\": 1,\n      \"content\": {},\n      \"isSend\": {own},\n      \"senderUsername\": \"{wxid}\",\n      \"senderDisplayName\": \"{shown}\",\n      \"senderAvatarKey\": \"{wxid}\",\n      \"source\": \"\"\n    }}",
            item.number + 1,
            item.at,
            rfc3339((item.at + 8 * 3600) * 1_000_000, false).replace('T', " "),
            quoted(text)
        );
    })
}

/// Lines of objects, as no product but many scripts write them.
pub(super) fn lines(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    records(stream, out, ["", "\n", "\n"], |b, item, text| {
        let _ = write!(
            b,
            "{{\"timestamp\":\"{}\",\"platform\":\"teams\",\"conversation\":\"room-{:02}\",\"sender\":\"{}\",\"recipients\":[\"{}\"],\"message_id\":\"corpus-{:07}\",\"text\":{}}}",
            rfc3339(item.at * 1_000_000, true),
            item.from % 12,
            address(item.from),
            address(other(item)),
            item.number,
            quoted(text)
        );
    })
}
