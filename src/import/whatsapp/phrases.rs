//! What WhatsApp writes itself, in its languages. Strings as the app has them (starkdmi/whats_json, mlomb/chat-analytics);
//! compared in lower case, without direction marks and without a full stop at the end.

use crate::import::sink::Map;
use crate::model::message::EventKind;
use crate::text::is_format;

/// What a whole body says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Media were left out of the export.
    Omitted,
    /// Deleted for everyone.
    Deleted,
    /// Deleted by the owner of the phone: the line stands under the owner's own name.
    DeletedByOwner,
    /// Content that the export does not hold: view-once, not decrypted.
    NoContent,
    /// A call.
    Call,
}

#[rustfmt::skip]
const OMITTED: &[&str] = &[
    "<media omitted>", "<medien ausgeschlossen>", "<medien weggelassen>", "<multimedia omitido>", "<archivo omitido>", "<mídia omitida>",
    "<arquivo de mídia oculto>", "<ficheiro não revelado>", "<médias omis>", "<fichier omis>", "<media omessi>", "<media omesso>",
    "<media weggelaten>", "<без медиафайлов>", "<файл пропущен>", "<pliki pominięto>", "<pominięto multimedia>", "<média vynechány>",
    "<medya dahil edilmedi>", "<medya atlanmış>", "<медіа пропущено>", "<تم استبعاد الوسائط>", "<המדיה לא נכללה>", "<मीडिया के बिना>",
    "<media tidak disertakan>", "<メディアは含まれていません>", "<メディアなし>", "<미디어 파일 제외됨>", "<미디어 파일을 생략한 대화내용>",
    "<省略多媒体文件>", "<省略影音内容>", "<忽略多媒體檔>", "<已省略多媒體檔案>", "<bỏ qua tệp phương tiện>", "<ไฟล์สื่อถูกลบ>", "<สื่อถูกลบ>",
];
/// Ends of an iPhone's line for media that were left out; a direction mark stands before the kind of media.
#[rustfmt::skip]
const OMITTED_ENDS: &[&str] = &[
    "omitted", "weggelassen", "omitida", "omitido", "ocultada", "ocultado", "não revelada", "não revelado", "absente", "absent", "omessa", "omesso",
    "weggelaten", "отсутствует", "pominięty", "pominięta", "pominięte", "vynechán", "vynecháno", "vynechána", "dahil edilmedi", "відсутнє", "відсутній",
    "لم يتم إدراج الصورة", "הושמטה", "הושמט", "हटाई गई", "tidak disertakan", "含まれていません", "생략됨", "已忽略", "已省略", "已略去", "đã bỏ qua hình ảnh", "ไม่มีรูปภาพ",
];
#[rustfmt::skip]
const DELETED: &[&str] = &[
    "this message was deleted", "diese nachricht wurde gelöscht", "se eliminó este mensaje", "este mensaje fue eliminado", "mensagem apagada",
    "esta mensagem foi apagada", "ce message a été supprimé", "questo messaggio è stato eliminato", "dit bericht is verwijderd",
    "данное сообщение удалено", "ta wiadomość została usunięta", "tato zpráva byla odstraněna", "bu mesaj silindi", "це повідомлення видалено",
    "تم حذف هذه الرسالة", "הודעה זו נמחקה", "pesan ini dihapus", "このメッセージは削除されました", "이 메시지는 삭제되었습니다", "这条消息已删除",
    "这条消息已被删除", "此訊息已刪除", "tin nhắn này đã bị xóa", "tin nhắn này đã bị xoá",
];
#[rustfmt::skip]
const DELETED_BY_OWNER: &[&str] = &[
    "you deleted this message", "you deleted this message as admin", "du hast diese nachricht gelöscht", "eliminaste este mensaje", "você apagou esta mensagem",
    "apagou esta mensagem", "vous avez supprimé ce message", "hai eliminato questo messaggio", "u hebt dit bericht verwijderd", "je hebt dit bericht verwijderd",
    "вы удалили данное сообщение", "вы удалили это сообщение", "usunąłeś(-ęłaś) tę wiadomość", "usunąłeś tę wiadomość", "usunęłaś tę wiadomość",
    "tuto zprávu jste odstranil", "tuto zprávu jste odstranila", "tuto zprávu jste odstranil/a", "bu mesajı sildiniz", "ви видалили це повідомлення",
    "أنت حذفت هذه الرسالة", "מחקת הודעה זו", "anda menghapus pesan ini", "このメッセージを削除しました", "이 메시지를 삭제했습니다", "삭제한 메시지입니다",
    "您已删除这条消息", "你已删除这条消息", "您已刪除此訊息", "你已刪除此訊息", "bạn đã xoá tin nhắn này", "bạn đã xóa tin nhắn này",
];
#[rustfmt::skip]
const CALLS: &[&str] = &[
    "missed voice call", "missed video call", "missed group voice call", "missed group video call", "verpasster sprachanruf", "verpasster videoanruf",
    "llamada perdida", "llamada de voz perdida", "videollamada perdida", "ligação de voz perdida", "chamada de voz perdida", "chamada de vídeo perdida",
    "appel vocal manqué", "appel vidéo manqué", "chiamata vocale persa", "videochiamata persa", "gemiste spraakoproep", "gemiste video-oproep",
    "пропущенный аудиозвонок", "пропущенный видеозвонок", "nieodebrane poł. głosowe", "zmeškaný hovor", "cevapsız sesli arama", "cevapsız görüntülü arama",
    "пропущений аудіодзвінок", "مكالمة صوتية فائتة", "שיחה קולית שלא נענתה", "panggilan suara tak terjawab", "音声通話不在着信", "부재중 전화",
    "未接语音通话", "未接語音通話",
];
#[rustfmt::skip]
const NO_CONTENT: &[&str] = &[
    "null", "<view once voice message omitted>", "<view once photo omitted>", "<view once video omitted>", "waiting for this message. this may take a while",
    "waiting for this message", "view once voice message omitted",
];
#[rustfmt::skip]
const ATTACHED_ANDROID: &[&str] = &[
    "file attached", "datei angehängt", "archivo adjunto", "archivo adjuntado", "arquivo anexado", "ficheiro anexado", "fichier joint", "file allegato",
    "bestand bijgevoegd", "файл добавлен", "załączony plik", "soubor byl přiložen", "dosya ekli", "файл додано", "الملف مرفق", "קובץ מצורף",
    "फाइल अटैच कर दी गई है", "file terlampir", "添付ファイル有り", "파일 첨부됨", "文件附件", "附件檔案", "tệp đính kèm", "ไฟล์ที่แนบ",
];
#[rustfmt::skip]
const ATTACHED_IOS: &[&str] = &[
    "attached", "anhang", "angehängt", "adjunto", "anexado", "anexo", "pièce jointe", "allegato", "bijgevoegd", "прикреплено", "załączono", "příloha", "eklendi",
    "додано", "المُرفق", "מצורף", "अटैच किया गया", "terlampir", "添付ファイル", "첨부됨", "附件", "已附加", "đính kèm", "แนบ",
];
#[rustfmt::skip]
const EDITED: &[&str] = &[
    "<this message was edited>", "<diese nachricht wurde bearbeitet.>", "<diese nachricht wurde bearbeitet>", "<se editó este mensaje.>", "<se editó este mensaje>",
    "<mensagem editada>", "<ce message a été modifié>", "<questo messaggio è stato modificato>", "<dit bericht is bewerkt>", "<сообщение изменено>",
];
/// Beginnings of the notice of end-to-end encryption.
#[rustfmt::skip]
const ENCRYPTED: &[&str] = &[
    "messages and calls are end-to-end encrypted", "messages to this chat and calls are now secured", "messages to this group are now secured",
    "messages to this group and calls are now secured", "messages you send to this chat and calls are now secured", "messages you send to this group are now secured",
    "nachrichten und anrufe sind ende-zu-ende-verschlüsselt", "nachrichten in diesem chat sowie anrufe sind jetzt mit ende-zu-ende", "los mensajes y las llamadas están cifrados",
    "as mensagens e as chamadas são", "as mensagens e chamadas são", "as mensagens e ligações são", "les messages et les appels sont chiffrés",
    "i messaggi e le chiamate sono crittografati", "berichten en oproepen worden end-to-end", "berichten en gesprekken worden end-to-end",
    "berichten en oproepen zijn end-to-end", "сообщения и звонки защищены сквозным", "wiadomości i połączenia są w pełni zaszyfrowane",
    "mesajlar ve aramalar uçtan uca şifrelidir", "الرسائل والمكالمات مشفرة", "ההודעות והשיחות מוצפנות", "メッセージと通話はエンドツーエンド", "메시지 및 전화는 종단간 암호화",
    "消息和通话", "訊息和通話", "訊息與通話", "pesan dan panggilan terenkripsi", "tin nhắn và cuộc gọi", "zprávy a hovory jsou",
    "повідомлення й дзвінки захищено", "повідомлення та дзвінки",
];
/// Names of the disappearing mode.
#[rustfmt::skip]
const TIMER: &[&str] = &[
    "disappearing messages", "message timer", "selbstlöschende nachrichten", "mensajes temporales", "mensagens temporárias", "messages éphémères",
    "messaggi effimeri", "verdwijnende berichten", "tijdelijke berichten", "исчезающ", "znikając", "süreli mesaj", "pesan sementara", "消えるメッセージ",
    "사라지는 메시지", "限时消息", "限時訊息", "الرسائل ذاتية الاختفاء", "зникаюч",
];
/// Units of the timer: beginning of the word, seconds.
#[rustfmt::skip]
const UNITS: &[(&str, u64)] = &[
    ("sec", 1), ("sek", 1), ("seg", 1), ("min", 60),
    ("hour", 3600), ("hora", 3600), ("heure", 3600), ("stund", 3600), ("ore", 3600), ("uur", 3600), ("uren", 3600), ("час", 3600), ("годин", 3600), ("godz", 3600),
    ("saat", 3600), ("jam", 3600), ("時間", 3600), ("시간", 3600), ("小时", 3600), ("小時", 3600), ("ساع", 3600),
    ("day", 86_400), ("tag", 86_400), ("día", 86_400), ("dia", 86_400), ("jour", 86_400), ("giorn", 86_400), ("dag", 86_400), ("дн", 86_400), ("ден", 86_400),
    ("dni", 86_400), ("dzie", 86_400), ("gün", 86_400), ("hari", 86_400), ("日", 86_400), ("일", 86_400), ("天", 86_400), ("يوم", 86_400), ("أيام", 86_400),
];
/// Parts of system lines and what they say; the first that is found counts.
#[rustfmt::skip]
const SYSTEM: &[(&str, EventKind)] = &[
    (" created group", EventKind::Created), (" created this group", EventKind::Created), (" hat die gruppe", EventKind::Created), (" creó el grupo", EventKind::Created),
    (" criou o grupo", EventKind::Created), (" a créé le groupe", EventKind::Created), (" ha creato il gruppo", EventKind::Created), (" heeft de groep", EventKind::Created),
    ("security code", EventKind::SecurityCode), ("sicherheitsnummer", EventKind::SecurityCode), ("código de seguridad", EventKind::SecurityCode),
    ("código de segurança", EventKind::SecurityCode), ("code de sécurité", EventKind::SecurityCode), ("codice di sicurezza", EventKind::SecurityCode),
    ("changed their phone number", EventKind::NumberChanged), ("changed to +", EventKind::NumberChanged), ("phone number to a new number", EventKind::NumberChanged),
    (" changed the subject", EventKind::Renamed), (" changed the group name", EventKind::Renamed), (" changed this group's icon", EventKind::Renamed),
    (" deleted this group's icon", EventKind::Renamed), (" changed the group description", EventKind::Renamed), (" changed the group's icon", EventKind::Renamed),
    (" deleted the group description", EventKind::Renamed), (" changed this group's settings", EventKind::Renamed), (" changed the settings", EventKind::Renamed),
    ("now an admin", EventKind::Renamed), ("no longer an admin", EventKind::Renamed), (" hat den betreff", EventKind::Renamed), (" hat das gruppenbild", EventKind::Renamed),
    (" cambió el asunto", EventKind::Renamed), (" mudou o nome", EventKind::Renamed), (" a changé le sujet", EventKind::Renamed),
    (" joined using ", EventKind::Joined), (" joined from ", EventKind::Joined), (" was added", EventKind::Joined), (" were added", EventKind::Joined), (" added ", EventKind::Joined),
    (" hinzugefügt", EventKind::Joined), (" añadió a ", EventKind::Joined), (" adicionou ", EventKind::Joined), (" a ajouté ", EventKind::Joined), (" ha aggiunto ", EventKind::Joined),
    (" beigetreten", EventKind::Joined),
    (" removed ", EventKind::Left), (" was removed", EventKind::Left), (" hat die gruppe verlassen", EventKind::Left), (" salió del grupo", EventKind::Left),
    (" saiu", EventKind::Left), (" a quitté", EventKind::Left), (" è uscito", EventKind::Left), (" entfernt", EventKind::Left),
    ("blocked this contact", EventKind::Blocked), ("blocked this business", EventKind::Blocked),
    ("pinned a message", EventKind::Pinned), (" started a call", EventKind::Call), ("this business ", EventKind::Other), ("business account", EventKind::Other),
    ("advanced chat privacy", EventKind::Other), (" kept this message", EventKind::Other), ("message is kept", EventKind::Other),
    ("your privacy and security to our chat", EventKind::Other), ("this chat is ", EventKind::Other),
];

/// The tables, made ready for comparing.
pub struct Phrases {
    whole: Map<Box<str>, Mark>,
    /// For each first byte the lengths (below 128) a phrase may have: most bodies need no more than this.
    lengths: Vec<u128>,
}

impl Phrases {
    /// Makes the tables ready.
    #[must_use]
    pub fn new() -> Self {
        let mut made = Self { whole: Map::default(), lengths: vec![0; 256] };
        let lists =
            [(OMITTED, Mark::Omitted), (DELETED, Mark::Deleted), (DELETED_BY_OWNER, Mark::DeletedByOwner), (CALLS, Mark::Call), (NO_CONTENT, Mark::NoContent)];
        for (list, mark) in lists {
            for phrase in list {
                made.whole.insert((*phrase).into(), mark);
                let upper = phrase.chars().next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
                for first in [phrase.bytes().next(), upper.bytes().next()].into_iter().flatten() {
                    if let Some(mask) = made.lengths.get_mut(usize::from(first)) {
                        for more in [0, 1, 3] {
                            *mask |= 1u128.checked_shl(u32::try_from(phrase.len() + more).unwrap_or(128)).unwrap_or(0);
                        }
                    }
                }
            }
        }
        made
    }

    /// What a body of one line says as a whole, if it is one of WhatsApp's own.
    #[inline]
    #[must_use]
    pub fn whole(&self, body: &[u8]) -> Option<Mark> {
        let first = *body.first()?;
        let mask = self.lengths.get(usize::from(first)).copied().unwrap_or(0);
        if 1u128.checked_shl(u32::try_from(body.len()).unwrap_or(128)).unwrap_or(0) & mask == 0 {
            return None;
        }
        self.whole.get(folded(body).as_str()).copied()
    }

    /// The same for a body that may have direction marks around it or within.
    #[must_use]
    pub fn marked(&self, body: &[u8]) -> Option<Mark> {
        if body.len() > 400 {
            return None;
        }
        let text = folded(body);
        let call = |w: &str| text.strip_prefix(w).is_some_and(|r| r.is_empty() || r.starts_with(", "));
        if let Some(mark) = self.whole.get(text.as_str()) {
            return Some(*mark);
        }
        if ["voice call", "video call", "sprachanruf", "videoanruf"].into_iter().any(call) {
            return Some(Mark::Call);
        }
        if text.starts_with("this message was deleted by admin") {
            return Some(Mark::Deleted);
        }
        OMITTED_ENDS.iter().any(|e| text.ends_with(e)).then_some(Mark::Omitted)
    }
}

/// Lower case, no direction marks, blanks of one kind, no full stop at the end.
#[must_use]
pub fn folded(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let plain: String = text
        .chars()
        .filter(|c| !is_format(*c))
        .map(|c| {
            if c.is_whitespace() {
                ' '
            } else if c == '’' {
                '\''
            } else {
                c
            }
        })
        .collect();
    plain.to_lowercase().trim().trim_end_matches(['.', '。']).to_owned()
}

/// Whether a text begins with the notice of end-to-end encryption.
#[must_use]
pub fn encrypted(folded: &str) -> bool {
    ENCRYPTED.iter().any(|p| folded.starts_with(p))
}

/// What a system line says; `None` when it is none that is known. With the seconds of the timer, if it names them.
#[must_use]
pub fn system(text: &[u8]) -> Option<(EventKind, u64)> {
    let text = folded(text.get(..text.len().min(1000)).unwrap_or_default());
    if encrypted(&text) {
        return Some((EventKind::Encrypted, 0));
    }
    if TIMER.iter().any(|t| text.contains(t)) {
        let off = text.contains("turned off");
        let seconds = if off { 0 } else { duration(&text) };
        return Some((if seconds > 0 || text.contains("default timer") { EventKind::TimerOn } else { EventKind::TimerOff }, seconds));
    }
    if text.contains(" hat die gruppe verlassen") || text.ends_with(" left") || text == "you left" {
        return Some((EventKind::Left, 0));
    }
    SYSTEM.iter().find(|(p, _)| text.contains(p)).map(|(_, kind)| (*kind, 0))
}

/// Whether a body is surely one of the app's own: enough to recognise a file by.
#[must_use]
pub fn is_own(body: &[u8]) -> bool {
    if body.len() > 1000 {
        return false;
    }
    let text = folded(body);
    encrypted(&text)
        || [OMITTED, DELETED, DELETED_BY_OWNER].iter().any(|list| list.contains(&text.as_str()))
        || TIMER.iter().any(|t| text.contains(t))
        || attachment(body).is_some()
}

/// Seconds of the first number that is followed by a unit: `7 days`, `24 Stunden`, `90日`.
fn duration(text: &str) -> u64 {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(at..).unwrap_or_default();
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
        let word = after.trim_start();
        if let Ok(n) = number.parse::<u64>()
            && n < 100_000
            && let Some((_, unit)) = UNITS.iter().find(|(w, _)| word.starts_with(w))
        {
            return n * unit;
        }
        rest = after;
    }
    0
}

/// The file an attachment line names: `<attached: 00000012-PHOTO-2024-01-05-14-03-22.jpg>`, `IMG-20240105-WA0001.jpg (file attached)`.
#[must_use]
pub fn attachment(body: &[u8]) -> Option<&str> {
    let body = body.trim_ascii_end();
    if body.ends_with(b">") {
        let open = memchr::memrchr(b'<', body)?;
        let inner = std::str::from_utf8(body.get(open + 1..body.len() - 1)?).ok()?;
        let (word, name) = inner.split_once([':', '：'])?;
        let name = name.trim_matches(|c: char| c.is_whitespace() || is_format(c));
        let known = ATTACHED_IOS.contains(&folded(word.as_bytes()).as_str());
        return (is_file(name) && (known || counter(name).is_some())).then_some(name);
    }
    if body.ends_with(b")") && body.len() < 400 {
        let open = memchr::memrchr(b'(', body)?;
        let name = std::str::from_utf8(body.get(..open)?).ok()?.trim_matches(|c: char| c.is_whitespace() || is_format(c));
        if !is_file(name) {
            return None;
        }
        let words = folded(body.get(open + 1..body.len() - 1)?);
        return (ATTACHED_ANDROID.contains(&words.as_str()) || android_day(name).is_some()).then_some(name);
    }
    None
}

fn is_file(name: &str) -> bool {
    name.len() < 300 && !name.contains('/') && name.rsplit_once('.').is_some_and(|(stem, ext)| !stem.is_empty() && (1..=5).contains(&ext.len()))
}

/// The counter of an iPhone's file name: `00000012-PHOTO-...` is 12.
#[must_use]
pub fn counter(name: &str) -> Option<u64> {
    let (digits, rest) = name.split_at_checked(8)?;
    (digits.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with('-')).then(|| digits.parse().ok())?
}

/// The day an Android file name carries: `IMG-20240105-WA0001.jpg`.
fn android_day(name: &str) -> Option<i32> {
    let (kind, rest) = name.split_once('-')?;
    if kind.len() != 3 || rest.get(8..11) != Some("-WA") {
        return None;
    }
    day(rest.get(..4)?, rest.get(4..6)?, rest.get(6..8)?)
}

/// The day a file name carries, of either phone: `00000012-PHOTO-2024-01-05-14-03-22.jpg`.
#[must_use]
pub fn media_day(name: &str) -> Option<i32> {
    if let Some(day) = android_day(name) {
        return Some(day);
    }
    counter(name)?;
    let (_, rest) = name.get(9..)?.split_once('-')?;
    let date = rest.get(..10)?;
    (date.get(4..5) == Some("-") && rest.get(10..11) == Some("-")).then(|| day(date.get(..4)?, date.get(5..7)?, date.get(8..10)?))?
}

fn day(y: &str, m: &str, d: &str) -> Option<i32> {
    crate::time::day_of(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// Length of the text before an edited marker at its end; `None` without one.
#[must_use]
pub fn edited(line: &[u8]) -> Option<usize> {
    let trimmed = line.trim_ascii_end();
    if !trimmed.ends_with(b">") {
        return None;
    }
    let open = memchr::memrchr(b'<', trimmed)?;
    let marker = String::from_utf8_lossy(trimmed.get(open..)?).to_lowercase();
    if !EDITED.contains(&marker.as_str()) {
        return None;
    }
    let before = trimmed.get(..open)?;
    let before = before.strip_suffix("\u{200e}".as_bytes()).unwrap_or(before);
    Some(before.trim_ascii_end().len())
}

/// Names of files and archives in the languages of the app: before the name, after the name.
#[rustfmt::skip]
const NAMES: &[(&str, &str)] = &[
    ("whatsapp chat with ", ""), ("whatsapp chat - ", ""), ("chat de whatsapp con ", ""), ("chat whatsapp con ", ""), ("conversa do whatsapp com ", ""),
    ("conversa no whatsapp com ", ""), ("discussion whatsapp avec ", ""), ("whatsapp chat mit ", ""), ("whatsapp-chat mit ", ""), ("чат whatsapp с контактом ", ""),
    ("чат whatsapp с ", ""), ("chat whatsapp s uživatelem ", ""), ("whatsapp-chat met ", ""), ("与", "的 whatsapp 聊天"), ("與", "的whatsapp對話"),
];

/// The chat a file name names; `None` when it is not named by WhatsApp.
#[must_use]
pub fn title(file: &str) -> Option<String> {
    let stem = ["txt", "zip"]
        .into_iter()
        .find_map(|e| file.len().checked_sub(4).and_then(|n| file.split_at_checked(n)).filter(|(_, x)| x.eq_ignore_ascii_case(&format!(".{e}"))))
        .map_or(file, |(s, _)| s);
    let plain = stem.replace("%20", " ").replace('_', " ");
    let mut plain = plain.trim();
    // ` (1)` and `.1` are made by downloading twice.
    if let Some((head, tail)) = plain.rsplit_once(" (")
        && tail.strip_suffix(')').is_some_and(|n| n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()))
    {
        plain = head;
    }
    let lower = plain.to_lowercase();
    let (before, after) = NAMES.iter().find(|(b, a)| lower.starts_with(b) && lower.ends_with(a))?;
    // Lower case may change the number of bytes; count characters instead.
    let count = plain.chars().count().checked_sub(before.chars().count() + after.chars().count())?;
    let name: String = plain.chars().skip(before.chars().count()).take(count).collect();
    Some(name.trim().to_owned()).filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_name_their_chat() {
        for (file, name) in [
            ("WhatsApp Chat with Ana B.txt", Some("Ana B")),
            ("WhatsApp Chat - Deal Team (2).zip", Some("Deal Team")),
            ("WhatsApp-Chat_mit_Jörg.txt", Some("Jörg")),
            ("Чат WhatsApp с контактом Иван.txt", Some("Иван")),
            ("与小王的 WhatsApp 聊天.txt", Some("小王")),
            ("_chat.txt", None),
        ] {
            assert_eq!(title(file).as_deref(), name, "{file}");
        }
    }

    #[test]
    fn attachments_counters_and_dates_are_found() {
        let ios = "Report.pdf • \u{200e}2 pages \u{200e}<attached: 00000021-Report.pdf>";
        assert_eq!(attachment(ios.as_bytes()), Some("00000021-Report.pdf"));
        assert_eq!(attachment(b"IMG-20240105-WA0001.jpg (file attached)"), Some("IMG-20240105-WA0001.jpg"));
        assert_eq!(attachment("VID-20240105-WA0001.mp4 (irgendwas)".as_bytes()), Some("VID-20240105-WA0001.mp4"));
        assert_eq!(attachment(b"see <this: one>"), None);
        assert_eq!(attachment(b"lunch (see menu.pdf)"), None);
        let day = crate::time::day_of(2024, 1, 5);
        assert_eq!(media_day("00000012-PHOTO-2024-01-05-14-03-22.jpg"), day);
        assert_eq!(media_day("IMG-20240105-WA0001.jpg"), day);
        assert_eq!((counter("00000012-PHOTO.jpg"), counter("0000012-PHOTO.jpg")), (Some(12), None));
    }

    #[test]
    fn system_lines_and_timers_are_understood() {
        for (line, want) in [
            (
                "Ana turned on disappearing messages. New messages will disappear from this chat 7 days after they’re sent, except when kept.",
                (EventKind::TimerOn, 604_800),
            ),
            ("+44 7700 900142 turned off disappearing messages. Tap to change.", (EventKind::TimerOff, 0)),
            ("You updated the message timer. New messages will disappear from this chat 24 hours after they're sent.", (EventKind::TimerOn, 86_400)),
            ("Du hast selbstlöschende Nachrichten aktiviert. Neue Nachrichten verschwinden nach 90 Tagen", (EventKind::TimerOn, 7_776_000)),
            ("\u{200e}Messages and calls are end-to-end encrypted. No one outside", (EventKind::Encrypted, 0)),
            ("Ana created group \"Deals\"", (EventKind::Created, 0)),
            ("Ana left", (EventKind::Left, 0)),
            ("Your security code with Ana changed. Tap to learn more.", (EventKind::SecurityCode, 0)),
        ] {
            assert_eq!(system(line.as_bytes()), Some(want), "{line}");
        }
        assert_eq!(system(b"hello there"), None);
    }

    #[test]
    fn bodies_are_recognised_as_a_whole_only() {
        let p = Phrases::new();
        assert_eq!(p.whole(b"<Media omitted>"), Some(Mark::Omitted));
        assert_eq!(p.whole("Данное сообщение удалено.".as_bytes()), Some(Mark::Deleted));
        assert_eq!(p.whole(b"You deleted this message"), Some(Mark::DeletedByOwner));
        assert_eq!(p.whole(b"This message was deleted, I think"), None);
        assert_eq!(p.marked("\u{200e}Voice call, \u{200e}5 min".as_bytes()), Some(Mark::Call));
        assert_eq!(p.marked("Notes.txt \u{200e}document omitted".as_bytes()), Some(Mark::Omitted));
        assert_eq!(edited("ok \u{200e}<This message was edited>".as_bytes()), Some(2));
    }
}
