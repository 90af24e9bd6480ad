//! WhatsApp chat exports: one file per chat, in the shape of the phone and its language. iPhones that export with media number every item of the chat
//! in the names of attachments; the others write that media were left out. All phones show London time: they were read at that office.

use super::text_file;
use super::zip::ZipWriter;
use crate::sample::calendar::{Clocks, Region};
use crate::sample::plants::Timer;
use crate::sample::texts::{self, Kind};
use crate::sample::traffic::{Channel, Note, Party, Shape, Talk};
use crate::sample::{Firm, SampleFile};
use crate::time::civil;

/// What an employee's phone is and how it was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phone {
    /// iPhone, with media: `_chat.txt` and attachments in a zip.
    IosMedia,
    /// Android, without media.
    Android,
    /// iPhone, without media.
    Ios,
}

/// The phone of an employee.
#[must_use]
pub const fn phone(staff: usize) -> Phone {
    match staff % 3 {
        0 => Phone::IosMedia,
        1 => Phone::Android,
        _ => Phone::Ios,
    }
}

/// Language and region of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// English, United Kingdom.
    British,
    /// English, United States.
    American,
    /// German.
    German,
    /// Spanish, Latin America.
    Spanish,
    /// Chinese.
    Chinese,
    /// Arabic, with Arabic digits.
    Arabic,
}

fn locale(firm: &Firm, owner: usize, talk: u32) -> Locale {
    let region = firm.people.staff.get(owner).map_or(Region::London, |e| e.region);
    let locale = match (region, owner % 4) {
        (Region::London, 1) => Locale::German,
        (Region::Singapore, 0 | 2) if phone(owner) == Phone::Android => Locale::Chinese,
        (Region::Dubai, 0 | 2) if phone(owner) != Phone::Android => Locale::Arabic,
        (Region::NewYork, 0) if phone(owner) == Phone::Android => Locale::Spanish,
        (Region::NewYork, _) => Locale::American,
        _ => Locale::British,
    };
    // A chat whose days are all small could be read with day and month swapped: such a phone writes dates with dots, which are never month first.
    // Timers are announced in English.
    let mut days = firm.traffic.notes.iter().filter(|n| n.talk == talk && !n.gone).map(|n| civil(i32::try_from(n.at.div_euclid(86_400)).unwrap_or(0)).2);
    if !days.any(|d| (14..28).contains(&d)) {
        Locale::German
    } else if firm.marks.timers.contains_key(&talk) {
        Locale::British
    } else {
        locale
    }
}

/// All chats.
pub(crate) fn write(firm: &Firm) -> Vec<SampleFile> {
    let mut by_talk: Vec<Vec<&Note>> = vec![Vec::new(); firm.traffic.talks.len()];
    for note in &firm.traffic.notes {
        if let Some(list) = by_talk.get_mut(note.talk as usize) {
            list.push(note);
        }
    }
    let mut clocks = Clocks::default();
    let mut files = Vec::new();
    for ((i, talk), notes) in (0u32..).zip(&firm.traffic.talks).zip(&by_talk) {
        let (Channel::WhatsApp, Some(Party::Staff(owner))) = (talk.channel, talk.members.first()) else { continue };
        if !notes.iter().any(|n| !n.gone) {
            continue;
        }
        let mut chat = Chat { firm, talk, phone: phone(*owner), locale: locale(firm, *owner, i), clocks: &mut clocks, out: String::new(), media: Vec::new() };
        chat.write(notes, firm.marks.timers.get(&i), firm.marks.late.contains(&i));
        let slug = firm.people.staff.get(*owner).map_or("", |e| &e.slug);
        files.extend(chat.file(slug));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

struct Chat<'a> {
    firm: &'a Firm,
    talk: &'a Talk,
    phone: Phone,
    locale: Locale,
    clocks: &'a mut Clocks,
    out: String,
    /// Names of attached files.
    media: Vec<String>,
}

const LRM: char = '\u{200e}';

fn saved_name(firm: &Firm, party: Party) -> &str {
    match party {
        Party::Staff(s) => firm.people.staff.get(s).map_or("", |e| &e.whatsapp),
        Party::Contact(c) => firm.people.contacts.get(c).map_or("", |c| &c.whatsapp),
        Party::Friend(_) => firm.name(party),
    }
}

const fn encrypted(locale: Locale) -> &'static str {
    match locale {
        Locale::British | Locale::American => {
            "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them. Learn more."
        }
        Locale::German => "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Niemand außerhalb dieses Chats kann sie lesen oder anhören.",
        Locale::Spanish => "Los mensajes y las llamadas están cifrados de extremo a extremo. Nadie fuera de este chat puede leerlos ni escucharlos.",
        Locale::Chinese => "消息和通话都进行端到端加密。只有此对话中的成员可以查看、收听或分享。",
        Locale::Arabic => "الرسائل والمكالمات مشفرة تماماً بين الطرفين. لا يمكن لأحد خارج هذه الدردشة قراءتها أو الاستماع إليها.",
    }
}

const fn left_out(locale: Locale, ios: bool) -> &'static str {
    match (locale, ios) {
        (Locale::British | Locale::American, false) => "<Media omitted>",
        (Locale::British | Locale::American, true) => "image omitted",
        (Locale::German, false) => "<Medien ausgeschlossen>",
        (Locale::German, true) => "Bild weggelassen",
        (Locale::Spanish, false) => "<Multimedia omitido>",
        (Locale::Spanish, true) => "imagen omitida",
        (Locale::Chinese, false) => "<省略多媒体文件>",
        (Locale::Chinese, true) => "照片已忽略",
        (Locale::Arabic, false) => "<تم استبعاد الوسائط>",
        (Locale::Arabic, true) => "لم يتم إدراج الصورة",
    }
}

const fn attached(locale: Locale) -> &'static str {
    match locale {
        Locale::British | Locale::American => "attached",
        Locale::German => "Anhang",
        Locale::Spanish => "adjunto",
        Locale::Chinese => "附件",
        Locale::Arabic => "المُرفق",
    }
}

fn arabic(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|d| char::from_u32(0x660 + d)).unwrap_or(c)).collect()
}

/// Heads as the phones write them; seconds of London time.
#[must_use]
pub fn head(locale: Locale, ios: bool, local: i64) -> String {
    let (y, m, d) = civil(i32::try_from(local.div_euclid(86_400)).unwrap_or(0));
    let s = local.rem_euclid(86_400);
    let (h, mi, sec) = (s / 3600, s / 60 % 60, s % 60);
    let h12 = if h % 12 == 0 { 12 } else { h % 12 };
    let late = h >= 12;
    match (locale, ios) {
        (Locale::British, false) => format!("{d:02}/{m:02}/{y}, {h:02}:{mi:02} - "),
        (Locale::British, true) => format!("[{d:02}/{m:02}/{y}, {h:02}:{mi:02}:{sec:02}] "),
        (Locale::American, false) => format!("{m}/{d}/{:02}, {h12}:{mi:02}\u{202f}{} - ", y % 100, if late { "PM" } else { "AM" }),
        (Locale::American, true) => format!("[{m}/{d}/{:02}, {h12}:{mi:02}:{sec:02}\u{202f}{}] ", y % 100, if late { "PM" } else { "AM" }),
        (Locale::German, false) => format!("{d:02}.{m:02}.{:02}, {h:02}:{mi:02} - ", y % 100),
        (Locale::German, true) => format!("[{d:02}.{m:02}.{:02}, {h:02}:{mi:02}:{sec:02}] ", y % 100),
        (Locale::Spanish, false) => format!("{d}/{m}/{y}, {h12}:{mi:02}\u{202f}{}.\u{a0}m. - ", if late { 'p' } else { 'a' }),
        (Locale::Spanish, true) => format!("[{d}/{m}/{:02}, {h:02}:{mi:02}:{sec:02}] ", y % 100),
        (Locale::Chinese, false) => format!("{y}/{m}/{d} {}{h12}:{mi:02} - ", if late { "下午" } else { "上午" }),
        (Locale::Chinese, true) => format!("[{y}/{m}/{d} {h:02}:{mi:02}:{sec:02}] "),
        (Locale::Arabic, false) => format!("{d}/{m}/{y}, {h:02}:{mi:02} - "),
        (Locale::Arabic, true) => arabic(&format!("[{d}\u{200f}/{m}\u{200f}/{y}، {h12}:{mi:02}:{sec:02} {}] ", if late { 'م' } else { 'ص' })),
    }
}

impl Chat<'_> {
    const fn ios(&self) -> bool {
        !matches!(self.phone, Phone::Android)
    }

    fn chat_name(&self) -> String {
        if self.talk.name.is_empty() {
            self.talk.members.get(1).map(|p| saved_name(self.firm, *p).to_owned()).unwrap_or_default()
        } else {
            self.talk.name.clone()
        }
    }

    fn line_end(&mut self) {
        self.out.push_str(if self.ios() { "\r\n" } else { "\n" });
    }

    fn system(&mut self, at: i64, text: &str) {
        let local = self.clocks.local(Region::London, at);
        self.out.push_str(&head(self.locale, self.ios(), local));
        if self.ios() {
            let name = self.chat_name();
            self.out.push_str(&name);
            self.out.push_str(": ");
            self.out.push(LRM);
        }
        self.out.push_str(text);
        self.line_end();
    }

    /// Items of the chat before its first message: the notice of encryption, and in groups the creation.
    fn opening(&self) -> u32 {
        if self.talk.shape == Shape::Direct { 1 } else { 2 }
    }

    fn write(&mut self, notes: &[&Note], timer: Option<&Timer>, late: bool) {
        if let Some(first) = notes.first().filter(|_| !late) {
            self.system(first.at - 60, encrypted(self.locale));
            if self.talk.shape != Shape::Direct {
                let by = self.talk.members.first().map(|p| saved_name(self.firm, *p).to_owned()).unwrap_or_default();
                self.system(first.at - 60, &format!("{by} created group \"{}\"", self.talk.name));
            }
        }
        let by = self.talk.members.get(1).map(|p| saved_name(self.firm, *p).to_owned()).unwrap_or_default();
        let mut notices: Vec<(i64, String)> = Vec::new();
        if let Some(t) = timer {
            let period = if t.days == 1 { "24 hours".to_owned() } else { format!("{} days", t.days) };
            notices.push((
                t.on,
                format!("{by} turned on disappearing messages. New messages will disappear from this chat {period} after they're sent, except when kept. Tap to change."),
            ));
            notices.extend(t.off.map(|off| (off, format!("{by} turned off disappearing messages. Tap to change."))));
        }
        let mut notices = notices.into_iter().peekable();
        for note in notes.iter().filter(|n| !n.gone) {
            while let Some((at, text)) = notices.next_if(|(at, _)| *at <= note.at) {
                self.system(at, &text);
            }
            self.message(note);
        }
        for (at, text) in notices {
            self.system(at, &text);
        }
    }

    fn message(&mut self, note: &Note) {
        let local = self.clocks.local(Region::London, note.at);
        let media = note.kind == Kind::Media;
        if media && self.ios() {
            self.out.push(LRM);
        }
        self.out.push_str(&head(self.locale, self.ios(), local));
        self.out.push_str(saved_name(self.firm, note.from));
        self.out.push_str(": ");
        if media && self.phone == Phone::IosMedia {
            let (y, m, d) = civil(i32::try_from(local.div_euclid(86_400)).unwrap_or(0));
            let s = local.rem_euclid(86_400);
            let name = format!("{:08}-PHOTO-{y}-{m:02}-{d:02}-{:02}-{:02}-{:02}.jpg", note.number + self.opening(), s / 3600, s / 60 % 60, s % 60);
            self.out.push_str(&format!("{LRM}<{}: {name}>", attached(self.locale)));
            self.media.push(name);
        } else if media {
            if self.ios() {
                self.out.push(LRM);
            }
            self.out.push_str(left_out(self.locale, self.ios()));
        } else {
            texts::write(note.kind, self.talk.language, note.seed, 1, &mut self.out);
            if note.seed.is_multiple_of(19) {
                self.out.push('\n');
                texts::write(note.kind, self.talk.language, note.seed ^ 1, 1, &mut self.out);
            }
        }
        self.line_end();
    }

    fn file(self, owner: &str) -> Option<SampleFile> {
        let name = self.chat_name();
        let text = format!("whatsapp/{owner}/");
        Some(match (self.phone, self.locale) {
            (Phone::IosMedia, _) => {
                let mut zip = ZipWriter::stored(Vec::new());
                zip.add("_chat.txt", self.out.as_bytes()).ok()?;
                for media in &self.media {
                    zip.add(media, b"\xff\xd8\xff\xd9").ok()?;
                }
                SampleFile { path: format!("{text}WhatsApp Chat - {name}.zip"), bytes: zip.finish().ok()? }
            }
            (Phone::Ios, _) => text_file(format!("{text}WhatsApp Chat - {name}/_chat.txt"), self.out),
            (Phone::Android, Locale::German) => text_file(format!("{text}WhatsApp Chat mit {name}.txt"), self.out),
            (Phone::Android, Locale::Spanish) => text_file(format!("{text}Chat de WhatsApp con {name}.txt"), self.out),
            (Phone::Android, Locale::Chinese) => text_file(format!("{text}与{name}的 WhatsApp 聊天.txt"), self.out),
            (Phone::Android, _) => text_file(format!("{text}WhatsApp Chat with {name}.txt"), self.out),
        })
    }
}
