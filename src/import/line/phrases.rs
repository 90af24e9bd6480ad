//! What LINE writes itself, in its languages: placeholders of media, calls, messages taken back, lines about members.
//! Strings as the app has them (hellodigua/ChatLab `line-native-txt.ts`, meyfa/line-chat-parser).

use crate::model::message::EventKind;

/// Media that are named and never exported. Those without brackets are written by the computer's LINE.
#[rustfmt::skip]
const MEDIA: &[&str] = &[
    "[Photo]", "[Photos]", "[Video]", "[Videos]", "[Sticker]", "[Stickers]", "[Voice message]", "[File]", "[Location]", "[Album]", "[Albums]", "[Notes]", "[Note]", "[Contact]",
    "[写真]", "[動画]", "[スタンプ]", "[ボイスメッセージ]", "[ファイル]", "[位置情報]", "[アルバム]", "[ノート]", "[連絡先]",
    "[照片]", "[影片]", "[貼圖]", "[語音訊息]", "[檔案]", "[位置]", "[相簿]", "[記事本]",
    "[视频]", "[贴图]", "[语音信息]", "[文件]", "[相册]",
    "[รูป]", "[รูปภาพ]", "[วิดีโอ]", "[สติกเกอร์]", "[ข้อความเสียง]", "[ไฟล์]", "[ตำแหน่ง]",
];
/// Media as the computer's LINE names them, where no brackets mark them.
const BARE: &[&str] = &["Photos", "Photo", "Stickers", "Sticker", "Videos", "Video", "照片", "貼圖", "影片", "写真", "スタンプ", "動画"];
/// A message taken back: whole text, or the end of a line about it.
#[rustfmt::skip]
const UNSENT: &[&str] = &[
    "message unsent", "unsent a message", "メッセージの送信を取り消しました", "送信を取り消しました", "已收回訊息", "收回了訊息", "已收回一則訊息", "撤回了一条消息", "已撤回消息",
    "ยกเลิกข้อความ", "ยกเลิกการส่งข้อความ",
];
/// Parts of lines about the chat; the first that is found counts.
#[rustfmt::skip]
const SYSTEM: &[(&str, EventKind)] = &[
    ("joined the", EventKind::Joined), ("invited", EventKind::Joined), ("added", EventKind::Joined), ("参加しました", EventKind::Joined), ("招待しました", EventKind::Joined),
    ("加入", EventKind::Joined), ("邀請", EventKind::Joined), ("邀请", EventKind::Joined), ("เข้าร่วม", EventKind::Joined),
    ("left the", EventKind::Left), ("removed", EventKind::Left), ("退会", EventKind::Left), ("退出", EventKind::Left), ("離開", EventKind::Left), ("ออกจาก", EventKind::Left),
    ("changed the group", EventKind::Renamed), ("changed the chat", EventKind::Renamed), ("グループ名を", EventKind::Renamed), ("群組名稱", EventKind::Renamed),
    ("群组名称", EventKind::Renamed), ("アイコンを変更", EventKind::Renamed), ("announced", EventKind::Pinned), ("アナウンスしました", EventKind::Pinned), ("設為公告", EventKind::Pinned),
    ("call", EventKind::Call), ("通話", EventKind::Call), ("通话", EventKind::Call),
    ("created the group", EventKind::Created), ("グループを作成", EventKind::Created), ("建立了群組", EventKind::Created),
];

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Media that are not in the export.
    Media,
    /// A call.
    Call,
    /// Taken back.
    Unsent,
}

fn bare(text: &[u8]) -> &[u8] {
    text.trim_ascii().trim_ascii_end()
}

/// What the whole text of somebody says. `computer`: written by the computer's LINE.
pub fn mark(text: &[u8], computer: bool) -> Option<Mark> {
    let text = bare(text);
    if text.first() == Some(&b'[') {
        let hit = MEDIA.iter().any(|m| text.strip_prefix(m.as_bytes()).is_some_and(|rest| rest.is_empty() || rest.starts_with(b" ")));
        return hit.then_some(Mark::Media);
    }
    if text.starts_with("☎".as_bytes()) {
        return Some(Mark::Call);
    }
    if computer && BARE.iter().any(|m| m.as_bytes() == text) {
        return Some(Mark::Media);
    }
    unsent(text, false).then_some(Mark::Unsent)
}

/// Whether a text says that a message was taken back; `about`: a line of the app, with the name of somebody before it.
pub fn unsent(text: &[u8], about: bool) -> bool {
    if text.len() > 300 {
        return false;
    }
    let words = String::from_utf8_lossy(text).to_lowercase();
    let words = words.trim().trim_end_matches(['.', '。']);
    let you = words.strip_prefix("you ").unwrap_or(words);
    UNSENT.iter().any(|p| you == *p || (about && words.ends_with(p)))
}

/// The end of a bare placeholder of the computer's LINE: `Ben Okoro Stickers` leaves the name.
pub fn before_placeholder(text: &str) -> Option<&str> {
    BARE.iter().chain(MEDIA).find_map(|m| text.strip_suffix(m)?.strip_suffix(' ')).filter(|name| !name.is_empty())
}

/// What a line of the app is about.
pub fn system(text: &[u8]) -> EventKind {
    let words = String::from_utf8_lossy(text.get(..text.len().min(500)).unwrap_or_default()).to_lowercase();
    SYSTEM.iter().find(|(part, _)| words.contains(part)).map_or(EventKind::Other, |(_, kind)| *kind)
}
