//! Names of channels as people write them, and the table by which they are found.

use std::sync::LazyLock;

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The name of a channel: `{}` in the phrases.
    Channel,
    /// The same, where it is a common word when written small.
    Capital,
    /// A word that tells the channel by itself, such as `texted`: `@` in the phrases.
    Word,
    /// The head of a quoted mail.
    Quote,
}

/// A name.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    /// Bytes, lower case.
    pub text: &'static str,
    /// Bit of the channel.
    pub channel: u8,
    /// How it is used.
    pub used: Use,
    /// Letters that may follow in the same word: `whatsappie`, `телеграме`.
    pub ending: u8,
    /// Where the first of its three triples begins.
    pub at: i8,
}

impl Name {
    /// Whether it is the head of a quoted mail.
    pub fn quotes(&self) -> bool {
        self.used == Use::Quote
    }
}

const WHATSAPP: u8 = 0;
const WECHAT: u8 = 1;
const TELEGRAM: u8 = 2;
const SIGNAL: u8 = 3;
/// Text messages of a phone.
pub const SMS: u8 = 4;
const SLACK: u8 = 5;
const TEAMS: u8 = 6;
/// Channels on which people speak as often as they write.
pub const VOICED: [u8; 3] = [SLACK, TEAMS, SKYPE];
const LINE: u8 = 7;
const SKYPE: u8 = 8;
const VIBER: u8 = 9;
const KAKAO: u8 = 10;
/// WeChat of companies.
pub const WECOM: u8 = 11;
const IMESSAGE: u8 = 12;

const fn name(text: &'static str, channel: u8, used: Use, ending: u8, at: i8) -> Name {
    Name { text, channel, used, ending, at }
}

/// Spellings: the table of domain/offboarding-risk.md, section 6.3, column A, and our own. `wa`, `tg`, `zoom` and `app` alone are too short
/// or too common.
const LIST: &[Name] = &[
    name("whatsapp", WHATSAPP, Use::Channel, 4, 3),
    name("whatsap ", WHATSAPP, Use::Channel, 0, 3),
    name("watsapp", WHATSAPP, Use::Channel, 4, 2),
    name("whats app", WHATSAPP, Use::Channel, 0, 4),
    name("wasap", WHATSAPP, Use::Channel, 2, 0),
    name("guasap", WHATSAPP, Use::Channel, 2, 1),
    name("vatsap", WHATSAPP, Use::Channel, 4, 1),
    name("wapp ", WHATSAPP, Use::Channel, 0, 0),
    name("zap", WHATSAPP, Use::Channel, 0, -1),
    name("appte", WHATSAPP, Use::Word, 1, 0),
    name("geappt", WHATSAPP, Use::Word, 0, 1),
    name("appje", WHATSAPP, Use::Word, 1, 0),
    name("ватсап", WHATSAPP, Use::Channel, 3, 6),
    name("вотсап", WHATSAPP, Use::Channel, 3, 6),
    name("вацап", WHATSAPP, Use::Channel, 3, 4),
    name("واتس", WHATSAPP, Use::Channel, 4, 3),
    name("وتساب", WHATSAPP, Use::Channel, 2, 2),
    name("wechat", WECHAT, Use::Channel, 2, 0),
    name("weixin", WECHAT, Use::Channel, 0, 1),
    name("微信", WECHAT, Use::Channel, 0, 1),
    name("вичат", WECHAT, Use::Channel, 2, 4),
    name("telegram", TELEGRAM, Use::Channel, 4, 2),
    name("телеграм", TELEGRAM, Use::Channel, 3, 5),
    name("телегу", TELEGRAM, Use::Channel, 0, 5),
    name("телеге", TELEGRAM, Use::Channel, 0, 5),
    name("تلجرام", TELEGRAM, Use::Channel, 0, 2),
    name("تليجرام", TELEGRAM, Use::Channel, 0, 5),
    name("تيليجرام", TELEGRAM, Use::Channel, 0, 7),
    name("تلغرام", TELEGRAM, Use::Channel, 0, 2),
    name("تليغرام", TELEGRAM, Use::Channel, 0, 5),
    name("纸飞机", TELEGRAM, Use::Channel, 0, 2),
    name("signal", SIGNAL, Use::Capital, 0, 1),
    name("сигнале", SIGNAL, Use::Channel, 0, 3),
    name("sms", SMS, Use::Channel, 2, -1),
    name("смс", SMS, Use::Channel, 2, 1),
    name("СМС", SMS, Use::Channel, 2, 1),
    name("短信", SMS, Use::Channel, 0, 1),
    name("简讯", SMS, Use::Channel, 0, 1),
    name("نصية", SMS, Use::Channel, 0, 1),
    name("text", SMS, Use::Word, 1, 0),
    name("texted", SMS, Use::Word, 0, 0),
    name("texts", SMS, Use::Word, 0, 0),
    name("texto", SMS, Use::Channel, 1, 0),
    name("slack", SLACK, Use::Capital, 0, 0),
    name("teams", TEAMS, Use::Capital, 0, 0),
    // Japanese writes it in Latin capitals, a particle behind it; `LINE` elsewhere is a line.
    name("line\u{3067}", LINE, Use::Capital, 0, 2),
    name("line\u{306b}", LINE, Use::Capital, 0, 2),
    name("line\u{3057}", LINE, Use::Capital, 0, 2),
    name("line\u{3092}", LINE, Use::Capital, 0, 2),
    name("skype", SKYPE, Use::Channel, 1, 0),
    name("viber", VIBER, Use::Channel, 3, 0),
    name("вайбер", VIBER, Use::Channel, 3, 4),
    name("카톡", KAKAO, Use::Channel, 0, 1),
    name("카카오톡", KAKAO, Use::Channel, 0, 7),
    name("kakaotalk", KAKAO, Use::Channel, 0, 1),
    name("wecom", WECOM, Use::Channel, 0, 0),
    name("企微", WECOM, Use::Channel, 0, 1),
    name("imessage", IMESSAGE, Use::Channel, 1, 0),
    // Heads of what a mail quotes, by Outlook, Thunderbird, Apple Mail, Gmail and others.
    name("wrote:", 0, Use::Quote, 0, 1),
    name("schrieb:", 0, Use::Quote, 0, 3),
    name("écrit :", 0, Use::Quote, 0, 3),
    name("écrit\u{a0}:", 0, Use::Quote, 0, 3),
    name("escribió:", 0, Use::Quote, 0, 5),
    name("escreveu:", 0, Use::Quote, 0, 4),
    name("scritto:", 0, Use::Quote, 0, 3),
    name("schreef:", 0, Use::Quote, 0, 3),
    name("写道:", 0, Use::Quote, 0, 1),
    name("写道：", 0, Use::Quote, 0, 1),
    name("original message", 0, Use::Quote, 0, 0),
    name("ursprüngliche nachricht", 0, Use::Quote, 0, 2),
    name("message d'origine", 0, Use::Quote, 0, 9),
    name("mensaje original", 0, Use::Quote, 0, 8),
    name("forwarded message", 0, Use::Quote, 0, 4),
    name("sent: ", 0, Use::Quote, 0, 1),
    name("gesendet: ", 0, Use::Quote, 0, 5),
    name("envoyé : ", 0, Use::Quote, 0, 3),
    name("enviado: ", 0, Use::Quote, 0, 4),
    name("发送时间", 0, Use::Quote, 0, 2),
];

/// Size of the table, a power of two.
const SLOTS: usize = 4096;
/// Sets bit 5 of each byte: letters become small, signs other signs.
const FOLD: u64 = 0x2020_2020_2020_2020;
/// Bytes behind a short name, and before one, after folding: blank, line end, `. , ) ! ? - : ' " ; (`.
const AROUND: &[u8] = b" *.,)!?-:'\";(";

/// Names by their triples.
pub struct Names {
    /// Per triple the number of its bucket; 0 = no name has it.
    table: Box<[u8; SLOTS]>,
    /// Names and where the triple stands in them.
    buckets: Vec<Vec<(usize, i8)>>,
}

/// All names.
pub static NAMES: LazyLock<Names> = LazyLock::new(Names::new);

const fn slot(triple: u64) -> usize {
    (((triple as u32 & 0xff_ffff).wrapping_mul(0x9e37_79b1)) >> 20) as usize
}

fn fold(byte: u8) -> u8 {
    byte | 0x20
}

/// The triples of a name at a place; where it is too short for three, with what may stand around it.
fn triples(text: &[u8], at: i8) -> Vec<u64> {
    let byte = |ix: i32| usize::try_from(ix).ok().and_then(|ix| text.get(ix)).map_or_else(|| AROUND.iter().map(|b| fold(*b)).collect(), |b| vec![fold(*b)]);
    let at = i32::from(at);
    let (first, second, third) = (byte(at), byte(at + 1), byte(at + 2));
    let mut out = Vec::new();
    for a in &first {
        for b in &second {
            out.extend(third.iter().map(|c| u64::from(*a) | u64::from(*b) << 8 | u64::from(*c) << 16));
        }
    }
    out
}

impl Names {
    fn new() -> Self {
        let mut table = Box::new([0u8; SLOTS]);
        let mut buckets: Vec<Vec<(usize, i8)>> = vec![Vec::new()];
        for (ix, name) in LIST.iter().enumerate() {
            for at in name.at..name.at + 3 {
                for triple in triples(name.text.as_bytes(), at) {
                    let Some(entry) = table.get_mut(slot(triple)) else { continue };
                    if *entry == 0 && buckets.len() < 256 {
                        *entry = u8::try_from(buckets.len()).unwrap_or(0);
                        buckets.push(Vec::new());
                    }
                    if let Some(bucket) = buckets.get_mut(usize::from(*entry)).filter(|b| !b.contains(&(ix, at))) {
                        bucket.push((ix, at));
                    }
                }
            }
        }
        Self { table, buckets }
    }

    #[inline]
    fn bucket(&self, triple: u64) -> u8 {
        self.table.get(slot(triple)).copied().unwrap_or(0)
    }

    /// The next place, from one on, that may lie in a name, and its bucket.
    #[inline]
    pub fn next(&self, text: &[u8], from: usize) -> Option<(usize, u8)> {
        let mut at = from;
        let mut rest = text.get(from..)?;
        while let Some(chunk) = rest.first_chunk::<16>() {
            let ([low, high], _) = chunk.as_chunks::<8>() else { return None };
            let (low, high) = (u64::from_le_bytes(*low) | FOLD, u64::from_le_bytes(*high) | FOLD);
            let five = [low, low >> 24, low >> 48 | high << 16, high >> 8, high >> 32].map(|triple| self.bucket(triple));
            if five != [0; 5] {
                return five.into_iter().enumerate().find(|(_, bucket)| *bucket != 0).map(|(n, bucket)| (at + 3 * n, bucket));
            }
            at += 15;
            rest = rest.get(15..)?;
        }
        // The last few; and the last three in any case, for a short name at the very end.
        let last = text.len().saturating_sub(3);
        if at > last && last + 3 > from {
            at = last;
        }
        while at + 3 <= text.len() {
            let triple = text.get(at..at + 3)?.iter().rev().fold(0, |w, b| w << 8 | u64::from(fold(*b)));
            let bucket = self.bucket(triple);
            if bucket != 0 {
                return Some((at, bucket));
            }
            at = if at + 3 > last && at < last { last } else { at + 3 };
        }
        None
    }

    /// The name in which a triple stands, and where that begins; the longest where there are several.
    pub fn name(&self, text: &[u8], place: usize, bucket: u8) -> Option<(usize, &'static Name)> {
        let entries = self.buckets.get(usize::from(bucket))?;
        let stands = |(ix, at): &(usize, i8)| {
            let name = LIST.get(*ix)?;
            let from = usize::try_from(i64::try_from(place).ok()? - i64::from(*at)).ok()?;
            let found = text.get(from..from + name.text.len())?;
            found.iter().zip(name.text.bytes()).all(|(t, n)| fold(*t) == fold(n)).then_some((from, name))
        };
        entries.iter().filter_map(stands).max_by_key(|(_, name)| name.text.len())
    }
}

/// Every name, for tests.
#[cfg(test)]
pub fn all() -> &'static [Name] {
    LIST
}
