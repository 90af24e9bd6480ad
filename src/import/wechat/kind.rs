//! What a record is, by its type code, by the name a tool gives the type, or by the words of a notice.
//!
//! Codes: `PyWxDump`, `db/utils/common_utils.py` (`get_md5`, type tables) and `MemoTrace`, `msg.py`; 4.x keeps both codes in one
//! number, `type + (subtype << 32)`.

use crate::model::message::EventKind;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Text.
    #[default]
    Text,
    /// Text that quotes another message (49/57).
    Quote,
    /// Picture, voice, video, sticker: content outside the record.
    Media,
    /// A file (49/6).
    File,
    /// Link, mini program, contact card, location, channel video, transfer, red packet: text of a card at most.
    Card,
    /// A chat history sent on (49/19): other people's messages.
    Forwarded,
    /// Voice or video call.
    Call,
    /// A notice of the app: what it says, its words tell.
    Notice,
    /// A message was taken back.
    Recall,
    /// An event that needs no words.
    Event(EventKind),
    /// State of the app itself (51): no message.
    Status,
    /// Some type this version does not know.
    Unknown,
}

impl Kind {
    /// By type and subtype.
    pub const fn of_code(code: u64) -> Self {
        Self::of_codes(code & 0xffff_ffff, code >> 32)
    }

    /// By type and subtype.
    pub const fn of_codes(kind: u64, sub: u64) -> Self {
        match (kind, sub) {
            (1, _) => Self::Text,
            (3 | 34 | 43 | 47 | 62, _) => Self::Media,
            (37 | 40, _) => Self::Event(EventKind::Other),
            (42 | 66 | 48, _) => Self::Card,
            (49, 6 | 74) => Self::File,
            (49, 19) => Self::Forwarded,
            (49, 57) => Self::Quote,
            (49, _) => Self::Card,
            (50 | 52 | 53 | 64, _) => Self::Call,
            (51, _) => Self::Status,
            (10000, 4) => Self::Event(EventKind::Other),
            (10000, 8000) => Self::Event(EventKind::Joined),
            (10000 | 9999, _) => Self::Notice,
            (10002, _) => Self::Notice,
            _ => Self::Unknown,
        }
    }

    /// By the name a tool writes: Chinese (`PyWxDump`, `WeFlow` JSON) or English (`WeFlow` CSV, `ChatLab`).
    pub fn of_name(name: &[u8]) -> Self {
        let name = String::from_utf8_lossy(name.get(..name.len().min(80)).unwrap_or(name)).to_lowercase();
        let name = name.trim();
        NAMES.iter().find(|(begin, _)| name.starts_with(begin)).map_or(Self::Unknown, |(_, kind)| *kind)
    }

    /// The numbers of `ChatLab`'s own format (`docs/en/standard/chatlab-format.md`).
    pub const fn of_chatlab(code: i64) -> Self {
        match code {
            0 => Self::Text,
            1 | 2 | 3 | 5 => Self::Media,
            4 => Self::File,
            7 | 8 | 20 | 21 | 24 | 27 => Self::Card,
            22 => Self::Event(EventKind::Other),
            23 => Self::Call,
            25 => Self::Quote,
            26 => Self::Forwarded,
            80 => Self::Notice,
            81 => Self::Recall,
            _ => Self::Unknown,
        }
    }

    /// Whether something belongs to the record that lies outside it.
    pub const fn has_file(self) -> bool {
        matches!(self, Self::Media | Self::File)
    }
}

/// Beginnings of names, longer ones first where one begins the other.
const NAMES: &[(&str, Kind)] = &[
    ("语音通话", Kind::Call),
    ("视频通话", Kind::Call),
    ("音视频通话", Kind::Call),
    ("通话", Kind::Call),
    ("voip", Kind::Call),
    ("voice call", Kind::Call),
    ("call", Kind::Call),
    ("视频号", Kind::Card),
    ("文本", Kind::Text),
    ("text", Kind::Text),
    ("图片", Kind::Media),
    ("image", Kind::Media),
    ("语音", Kind::Media),
    ("voice", Kind::Media),
    ("视频", Kind::Media),
    ("video", Kind::Media),
    ("动画表情", Kind::Media),
    ("表情", Kind::Media),
    ("emoji", Kind::Media),
    ("sticker", Kind::Media),
    ("文件", Kind::File),
    ("file", Kind::File),
    ("引用", Kind::Quote),
    ("quote", Kind::Quote),
    ("reply", Kind::Quote),
    ("合并转发", Kind::Forwarded),
    ("聊天记录", Kind::Forwarded),
    ("forward", Kind::Forwarded),
    ("位置", Kind::Card),
    ("location", Kind::Card),
    ("(分享)", Kind::Card),
    ("分享", Kind::Card),
    ("卡片", Kind::Card),
    ("链接", Kind::Card),
    ("小程序", Kind::Card),
    ("名片", Kind::Card),
    ("转账", Kind::Card),
    ("红包", Kind::Card),
    ("群公告", Kind::Card),
    ("link", Kind::Card),
    ("card", Kind::Card),
    ("contact", Kind::Card),
    ("share", Kind::Card),
    ("mini", Kind::Card),
    ("transfer", Kind::Card),
    ("red", Kind::Card),
    ("消息撤回", Kind::Recall),
    ("撤回", Kind::Recall),
    ("recall", Kind::Recall),
    ("revoke", Kind::Recall),
    ("拍一拍", Kind::Event(EventKind::Other)),
    ("poke", Kind::Event(EventKind::Other)),
    ("pat", Kind::Event(EventKind::Other)),
    ("邀请加群", Kind::Event(EventKind::Joined)),
    ("系统", Kind::Notice),
    ("system", Kind::Notice),
];

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<'a> {
    /// A message was taken back: by the owner, or by the one whose name stands in quotes.
    Recall {
        /// By the owner (`你撤回了一条消息`, `You recalled a message`).
        own: bool,
        /// The name in quotes; empty when there is none.
        name: &'a str,
    },
    /// Anything else.
    Event(EventKind),
}

/// Words of notices and what they say, in order: the first that is there decides.
const NOTICES: &[(&str, EventKind)] = &[
    ("现在可以开始聊天", EventKind::Created),
    ("以上是打招呼的内容", EventKind::Created),
    ("start chatting now", EventKind::Created),
    ("创建了群聊", EventKind::Created),
    ("移出了群聊", EventKind::Left),
    ("移出群聊", EventKind::Left),
    ("退出了群聊", EventKind::Left),
    ("退出群聊", EventKind::Left),
    ("from the group", EventKind::Left),
    ("left the group", EventKind::Left),
    ("加入了群聊", EventKind::Joined),
    ("加入群聊", EventKind::Joined),
    ("邀请", EventKind::Joined),
    ("invited", EventKind::Joined),
    ("joined", EventKind::Joined),
    ("修改群名", EventKind::Renamed),
    ("群聊名称", EventKind::Renamed),
    ("changed the group name", EventKind::Renamed),
    ("群主", EventKind::Renamed),
    ("语音通话", EventKind::Call),
    ("视频通话", EventKind::Call),
    ("voice call", EventKind::Call),
    ("video call", EventKind::Call),
    ("开启了朋友验证", EventKind::Blocked),
    ("拒收", EventKind::Blocked),
    ("rejected", EventKind::Blocked),
];

/// What the words of a notice say. It may be XML around them (`<sysmsg type="revokemsg">`).
pub fn said(text: &str) -> Said<'_> {
    let recall = ["撤回了", "recalled a message", "revokemsg"].iter().filter_map(|w| text.find(w)).min();
    if let Some(at) = recall {
        let whole = text.split_once("CDATA[").map_or(text, |(_, inner)| inner);
        let before = if whole.len() == text.len() { text.get(..at).unwrap_or_default() } else { whole };
        let opens = |c: char| matches!(c, '"' | '“' | '「');
        let closes = |c: char| matches!(c, '"' | '”' | '」');
        let name = before.split_once(opens).and_then(|(_, rest)| rest.rsplit_once(closes)).map_or("", |(name, _)| name);
        let own = before.trim_start().starts_with('你') || before.trim_start().to_ascii_lowercase().starts_with("you ");
        return Said::Recall { own: own && name.is_empty(), name };
    }
    Said::Event(NOTICES.iter().find(|(words, _)| text.contains(words)).map_or(EventKind::Other, |(_, event)| *event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recalls_tell_who_took_back() {
        let by = |own, name| Said::Recall { own, name };
        assert_eq!(said("你撤回了一条消息"), by(true, ""));
        assert_eq!(said("You recalled a message"), by(true, ""));
        assert_eq!(said("\"王 \"小\" 伟\" 撤回了一条消息"), by(false, "王 \"小\" 伟"));
        assert_eq!(said("\"Ana\" has recalled a message."), by(false, "Ana"));
        let xml = "<sysmsg type=\"revokemsg\"><revokemsg><replacemsg><![CDATA[\"李娜\" 撤回了一条消息]]></replacemsg></revokemsg></sysmsg>";
        assert_eq!(said(xml), by(false, "李娜"));
        assert_eq!(said("\"王伟\"邀请\"李娜\"加入了群聊"), Said::Event(EventKind::Joined));
        assert_eq!(said("Ana removed Bo from the group chat"), Said::Event(EventKind::Left));
    }

    #[test]
    fn codes_of_both_generations_are_one() {
        assert_eq!(Kind::of_code(244_813_135_921), Kind::Quote);
        assert_eq!(Kind::of_code(21_474_836_529), Kind::of_codes(49, 5));
        assert_eq!(Kind::of_codes(10000, 0), Kind::Notice);
        assert_eq!(Kind::of_name("(分享)卡片式链接".as_bytes()), Kind::Card);
        assert_eq!(Kind::of_name("语音通话".as_bytes()), Kind::Call);
        assert_eq!(Kind::of_name("语音".as_bytes()), Kind::Media);
        assert_eq!(Kind::of_name("消息撤回5".as_bytes()), Kind::Recall);
    }
}
