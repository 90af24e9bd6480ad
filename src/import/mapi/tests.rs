//! Items by themselves: RTF, subjects, texts in code pages.

use super::props::{CODE_PAGE, SUBJECT};
use super::{Props, Value, class, rtf};

#[test]
fn packed_rtf_is_unpacked_as_the_specification_shows() {
    // [MS-OXRTFCP] 4.1: the two examples.
    let simple = [
        0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42,
        0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
    ];
    let got = rtf::unpack(&simple).unwrap();
    assert_eq!(String::from_utf8_lossy(&got), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    assert_eq!(rtf::read(&got).text, "hello world");
    let crossing = [
        0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20, 0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01,
        0x0e, 0xb0,
    ];
    assert_eq!(rtf::unpack(&crossing).unwrap(), b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    assert_eq!(rtf::unpack(b"short"), None);
}

#[test]
fn rtf_tells_its_text_or_the_html_within() {
    let text = rtf::read(b"{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}\\uc1 \\u1055?\\'f0\\'e8 {\\b a}\\par b\\{}");
    assert_eq!((text.text.as_str(), text.html), ("\u{41f}\u{440}\u{438} a\nb{", false));
    let html = rtf::read(b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hi \\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}}");
    assert_eq!((html.text.as_str(), html.html), ("<p>Hi </p>", true));
    let _ = rtf::read(&b"{".repeat(100_000));
}

#[test]
fn subjects_drop_the_mark_of_their_prefix() {
    assert_eq!(class::subject("\u{1}\u{5}Re: x"), "Re: x");
    assert_eq!(class::subject("Re: x"), "Re: x");
    assert_eq!(class::subject("\u{1}"), "");
}

#[test]
fn narrow_text_is_read_in_its_code_page() {
    let mut props = Props::default();
    props.push(SUBJECT, Value::Narrow(b"\x83e\x83X\x83g\0rest".to_vec()));
    props.push(CODE_PAGE, Value::Number(932));
    assert_eq!(props.text(SUBJECT), "\u{30c6}\u{30b9}\u{30c8}");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_harmless(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let packed = [&[0; 8][..], b"LZFu", &[0; 4], &bytes].concat();
        let _ = rtf::read(&rtf::unpack(&packed).unwrap());
        let _ = rtf::read(&[b"{\\rtf1\\fromhtml ", &bytes[..]].concat());
    }
}
