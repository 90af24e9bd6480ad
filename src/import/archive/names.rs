//! Names of members. The standard knows UTF-8 (flag bit 11) and code page 437; Windows writes the code page of the machine
//! (Shift-JIS, GBK, 866 ...) without saying so, and macOS writes UTF-8 without the flag.

use std::collections::BTreeMap;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use crate::text;

/// Longest name kept, in bytes. The part before it is enough to know a member; the end with the extension stays.
const NAME_LIMIT: usize = 400;
/// Bytes above ASCII of code page 437, as IBM's table and unicode.org's CP437.TXT have them.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// A name as an archive holds it.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The archive says that they are UTF-8.
    pub utf8: bool,
    /// The name once more in UTF-8, with the checksum of the bytes it stands for.
    pub unicode: Option<&'a (u32, Vec<u8>)>,
}

/// The names as text, in order: decoded, `/` between folders, control characters visible, no two the same.
pub fn decoded(names: &[Name<'_>]) -> Vec<String> {
    let encoding = legacy(names);
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    names.iter().map(|n| unique(clean(&one(n, encoding)), &mut taken)).collect()
}

fn one(name: &Name<'_>, encoding: Option<&'static Encoding>) -> String {
    if let Some((crc, unicode)) = name.unicode
        && let Ok(unicode) = std::str::from_utf8(unicode)
        && checksum(name.bytes) == *crc
    {
        return unicode.to_owned();
    }
    if let Ok(name) = std::str::from_utf8(name.bytes) {
        return name.to_owned();
    }
    if name.utf8 {
        return String::from_utf8_lossy(name.bytes).into_owned();
    }
    match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(name.bytes).0.into_owned(),
        None => cp437(name.bytes),
    }
}

fn checksum(name: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.sum()
}

/// One decision for the archive, from all names that are not UTF-8: an Asian or Cyrillic code page that decodes them without
/// fault, else the standard's 437.
fn legacy(names: &[Name<'_>]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut any = false;
    let odd = || names.iter().filter(|n| !n.utf8 && n.unicode.is_none() && std::str::from_utf8(n.bytes).is_err());
    for name in odd().take(10_000) {
        detector.feed(name.bytes, false);
        detector.feed(b"\n", false);
        any = true;
    }
    detector.feed(b"", true);
    if !any {
        return None;
    }
    let guess = detector.guess(None, Utf8Detection::Deny);
    let wide = [encoding_rs::SHIFT_JIS, encoding_rs::GBK, encoding_rs::GB18030, encoding_rs::BIG5, encoding_rs::EUC_KR, encoding_rs::EUC_JP];
    let cyrillic = [encoding_rs::IBM866, encoding_rs::WINDOWS_1251, encoding_rs::KOI8_U];
    let known = wide.contains(&guess) || cyrillic.contains(&guess);
    (known && odd().all(|n| !guess.decode_without_bom_handling(n.bytes).1)).then_some(guess)
}

fn cp437(name: &[u8]) -> String {
    let high: Vec<char> = CP437.chars().collect();
    name.iter().map(|b| b.checked_sub(0x80).and_then(|n| high.get(usize::from(n)).copied()).unwrap_or(char::from(*b))).collect()
}

/// A name with `\` for `/`, hidden characters shown, and a bounded length.
fn clean(name: &str) -> String {
    let show = |c: char| match c {
        '\\' => '/',
        c if c.is_control() => '·',
        c if text::is_format(c) && !matches!(c, '\u{200c}' | '\u{200d}') => '◌',
        c => c,
    };
    let name: String = name.chars().map(show).collect();
    if name.len() <= NAME_LIMIT {
        return name;
    }
    let tail = name.get(name.ceil_char_boundary(name.len() - 20)..).unwrap_or_default();
    format!("{}…{tail}", text::bounded(&name, NAME_LIMIT - 24))
}

/// A second member of one name is shown as `name (2).ext`: both are read, and each is found again by its name.
fn unique(name: String, taken: &mut BTreeMap<String, u32>) -> String {
    if name.ends_with('/') || !taken.contains_key(&name) {
        taken.entry(name.clone()).or_insert(1);
        return name;
    }
    let (folder, file) = name.rsplit_once('/').map_or(("", name.as_str()), |(_, file)| (name.get(..name.len() - file.len()).unwrap_or_default(), file));
    let (stem, extension) = file.rsplit_once('.').map_or((file, String::new()), |(stem, e)| (stem, format!(".{e}")));
    let mut number = taken.get(&name).copied().unwrap_or(1);
    loop {
        number += 1;
        let other = format!("{folder}{stem} ({number}){extension}");
        if !taken.contains_key(&other) {
            taken.insert(name, number);
            taken.insert(other.clone(), 1);
            return other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(raw: &[&[u8]]) -> Vec<String> {
        decoded(&raw.iter().map(|bytes| Name { bytes, utf8: false, unicode: None }).collect::<Vec<_>>())
    }

    #[test]
    fn a_code_page_has_128_characters_above_ascii() {
        assert_eq!(CP437.chars().count(), 128);
    }

    #[test]
    fn names_without_the_flag_are_utf8_if_they_can_be() {
        assert_eq!(names(&["Müller/チャット.txt".as_bytes()]), ["Müller/チャット.txt"]);
    }

    #[test]
    fn names_of_other_code_pages_are_guessed_for_the_archive_as_a_whole() {
        let japanese = ["会議メモ/トーク履歴.txt", "写真/田中さんとのトーク.txt", "資料/見積書の件について.txt"];
        let raw: Vec<Vec<u8>> = japanese.iter().map(|n| encoding_rs::SHIFT_JIS.encode(n).0.into_owned()).collect();
        assert_eq!(names(&raw.iter().map(Vec::as_slice).collect::<Vec<_>>()), japanese);
        let chinese = ["聊天记录/与李青的聊天.txt", "附件/合同与报价单.txt", "会议纪要/第三季度客户往来.txt"];
        let raw: Vec<Vec<u8>> = chinese.iter().map(|n| encoding_rs::GBK.encode(n).0.into_owned()).collect();
        assert_eq!(names(&raw.iter().map(Vec::as_slice).collect::<Vec<_>>()), chinese);
    }

    #[test]
    fn western_names_are_those_of_the_standard() {
        assert_eq!(names(&[b"M\x81ller.txt", b"caf\x82.txt"]), ["Müller.txt", "café.txt"]);
    }

    #[test]
    fn no_two_names_are_the_same_and_none_hides_anything() {
        assert_eq!(names(&[b"a/x.txt", b"a/x.txt", b"a/x (2).txt", b"a/x.txt", b"b\\y"]), ["a/x.txt", "a/x (2).txt", "a/x (2) (2).txt", "a/x (3).txt", "b/y"]);
        assert_eq!(names(&["\u{202e}txt.exe\0".as_bytes()]), ["◌txt.exe·"]);
        assert!(names(&[&[b'n'; 65_000]])[0].len() <= NAME_LIMIT);
    }
}
