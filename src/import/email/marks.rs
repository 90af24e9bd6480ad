//! What subject and labels say of a message: forwarded, private, draft, deleted. Subjects are looked at and dropped.

use super::address::decode;
use crate::model::Flags;

const REPLY: [&str; 9] = ["re:", "aw:", "sv:", "antw:", "re\u{ff1a}", "aw\u{ff1a}", "\u{56de}\u{590d}:", "\u{56de}\u{590d}\u{ff1a}", "\u{7b54}\u{590d}:"];
const FORWARD: [&str; 8] = ["fw:", "fwd:", "wg:", "tr:", "vs:", "\u{8f6c}\u{53d1}:", "\u{8f6c}\u{53d1}\u{ff1a}", "fwd\u{ff1a}"];
const PRIVATE: [&str; 17] = [
    "private",
    "personal",
    "privat",
    "priv\u{e9}",
    "priv\u{e9}e",
    "personnel",
    "pers\u{f6}nlich",
    "privado",
    "privada",
    "privato",
    "personale",
    "persoonlijk",
    "\u{79c1}\u{4eba}",
    "\u{4e2a}\u{4eba}",
    "\u{500b}\u{4eba}",
    "\u{634}\u{62e}\u{635}\u{64a}",
    "\u{62e}\u{627}\u{635}",
];

/// Flags a subject gives.
#[must_use]
pub fn of_subject(raw: &[u8]) -> Flags {
    let raw = raw.get(..raw.len().min(1000)).unwrap_or_default();
    let text = decode(raw, None);
    let mut rest = text.trim_start();
    let mut flags = Flags::NONE;
    for _ in 0..10 {
        if let Some(tail) = FORWARD.iter().find_map(|p| strip(rest, p)) {
            flags = flags.with(Flags::FORWARDED);
            rest = tail.trim_start();
        } else if let Some(tail) = REPLY.iter().find_map(|p| strip(rest, p)) {
            rest = tail.trim_start();
        } else {
            break;
        }
    }
    // `[private] lunch`, `Privat: Haus`, `Personal` - the first word or a tag; `Private equity fund II` is a subject of work.
    let (word, mark) = match rest.strip_prefix(['[', '(', '\u{3010}']) {
        Some(tag) => (tag.split([']', ')', '\u{3011}']).next().unwrap_or(""), true),
        None => {
            let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
            let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            (word, tail.trim_start().is_empty() || tail.trim_start().starts_with([':', '-', '\u{2013}', '\u{ff1a}', '!', '/']))
        }
    };
    if mark && PRIVATE.contains(&word.trim().to_lowercase().as_str()) {
        flags = flags.with(Flags::MARKED_PRIVATE);
    }
    flags
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    (head.eq_ignore_ascii_case(prefix)).then_some(tail)
}

/// What Gmail's labels say (`X-Gmail-Labels`, in the language of the account).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Labels {
    /// Never sent.
    pub draft: bool,
    /// In the bin.
    pub trash: bool,
    /// Marked as spam.
    pub spam: bool,
    /// A chat message kept as a mail.
    pub chat: bool,
    /// Sent by the owner.
    pub sent: bool,
    /// Marked as private by a label of that name.
    pub private: bool,
}

/// Labels of the system in the languages of Gmail, lower case: drafts, bin, spam, sent.
#[rustfmt::skip] // Words of many languages.
const DRAFTS: &[&str] = &[
    "draft", "drafts", "entwürfe", "entwurf", "brouillons", "brouillon", "borradores", "borrador", "rascunhos", "rascunho", "bozze", "bozza", "concepten",
    "concept", "wersje robocze", "kopie robocze", "utkast", "kladder", "luonnokset", "koncepty", "piszkozatok", "mesaje nefinalizate", "taslaklar", "черновики",
    "чернетки", "πρόχειρα", "草稿", "下書き", "임시보관함", "المسودات", "טיוטות", "ร่างจดหมาย", "thư nháp", "draf",
];
#[rustfmt::skip]
const TRASH: &[&str] = &[
    "trash", "bin", "papierkorb", "corbeille", "papelera", "lixeira", "lixo", "reciclagem", "cestino", "prullenbak", "kosz", "papperskorgen", "papirkurv",
    "papirkurven", "søppel", "roskakori", "koš", "kuka", "coș de gunoi", "çöp kutusu", "корзина", "кошик", "κάδος απορριμμάτων", "已删除邮件", "垃圾桶", "ゴミ箱",
    "휴지통", "المهملات", "אשפה", "ถังขยะ", "thùng rác", "sampah",
];
#[rustfmt::skip]
const SPAM: &[&str] = &["spam", "junk", "correo no deseado", "roskaposti", "skräppost", "søppelpost", "спам", "垃圾邮件", "垃圾郵件", "迷惑メール", "스팸함", "ספאם", "จดหมายขยะ", "thư rác"];
#[rustfmt::skip]
const SENT: &[&str] = &[
    "sent", "sent mail", "gesendet", "messages envoyés", "envoyés", "enviados", "enviadas", "inviati", "posta inviata", "verzonden", "wysłane", "skickat", "skickade",
    "sendt", "lähetetyt", "odeslaná pošta", "odeslané", "elküldött", "elküldött levelek", "mesaje trimise", "gönderilmiş postalar", "gönderilenler", "отправленные",
    "надіслані", "απεσταλμένα", "已发邮件", "寄件備份", "送信済み", "送信済みメール", "보낸편지함", "البريد المرسل", "דואר יוצא", "จดหมายที่ส่งแล้ว", "thư đã gửi", "terkirim",
];

/// Reads the labels of a message.
#[must_use]
pub fn labels(raw: &[u8]) -> Labels {
    let mut out = Labels::default();
    let text = decode(raw, None).to_lowercase();
    let mut quoted = false;
    let comma = |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    for label in text.split(comma).map(|l| l.trim().trim_matches('"')) {
        match label {
            label if DRAFTS.contains(&label) => out.draft = true,
            label if TRASH.contains(&label) => out.trash = true,
            label if SPAM.contains(&label) => out.spam = true,
            label if SENT.contains(&label) => out.sent = true,
            "chat" | "chats" => out.chat = true,
            // `Personnel` is the legal mark in French; as a label it is the staff department in English.
            label if label != "personnel" && PRIVATE.contains(&label) => out.private = true,
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_mark_private_and_forwarded_mail() {
        assert!(of_subject(b"Re: [Private] lunch").has(Flags::MARKED_PRIVATE));
        assert!(of_subject(b"Privat: Haus").has(Flags::MARKED_PRIVATE));
        assert!(of_subject("私人：晚饭".as_bytes()).has(Flags::MARKED_PRIVATE));
        assert!(!of_subject(b"Private equity fund II").has(Flags::MARKED_PRIVATE));
        assert!(of_subject(b"RE: Fwd: papers").has(Flags::FORWARDED));
        assert_eq!(of_subject(b"Forward curve"), Flags::NONE);
    }

    #[test]
    fn labels_are_words_between_commas() {
        assert!(labels(b"Inbox,\"Drafts, old\",Sent").sent);
        assert!(!labels(b"Inbox,\"Drafts, old\",Sent").draft);
        assert!(labels(b"=?UTF-8?Q?Entw=C3=BCrfe,Wichtig?=").draft);
        for (raw, wanted) in
            [("Posta inviata,Important", "sent"), ("收件箱,已发邮件", "sent"), ("Lixeira", "trash"), ("Черновики", "draft"), ("스팸함", "spam")]
        {
            let l = labels(raw.as_bytes());
            assert_eq!(
                [("sent", l.sent), ("trash", l.trash), ("draft", l.draft), ("spam", l.spam)].iter().filter(|x| x.1).map(|x| x.0).collect::<Vec<_>>(),
                [wanted],
                "{raw}"
            );
        }
        assert!(labels(b"Inbox,Privat").private && labels(b"\"Personale\"").private);
        assert!(!labels(b"Inbox,Category Personal,Private equity").private);
    }
}
