//! The text of a styled message: an `NSAttributedString` as a typed stream (`04 0b streamtyped`). Its plain text is the first string
//! after the class `NSString`: `84 01 2b`, its length, its UTF-8. Lengths above 127 follow `81` (two bytes) or `82` (four), low byte first.

/// The plain text; `None` when this is no such stream.
pub fn plain(stream: &[u8]) -> Option<&[u8]> {
    let class = memchr::memmem::find(stream, b"NSString")?;
    let rest = stream.get(class + 8..)?;
    let near = rest.get(..rest.len().min(16))?;
    let mark = memchr::memmem::find(near, b"\x84\x01+")?;
    match rest.get(mark + 3..)? {
        [0x81, a, b, text @ ..] => text.get(..usize::from(u16::from_le_bytes([*a, *b]))),
        [0x82, a, b, c, d, text @ ..] => text.get(..usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?),
        [n @ 0..=0x7f, text @ ..] => text.get(..usize::from(*n)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_are_found() {
        for length in [0usize, 1, 127, 128, 300, 65_535, 70_000] {
            let text = vec![b'x'; length];
            let mut stream = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+".to_vec();
            match length {
                0..=127 => stream.push(u8::try_from(length).unwrap()),
                128..=65_535 => stream.extend([0x81, (length & 255) as u8, (length >> 8) as u8]),
                _ => stream.extend([0x82, (length & 255) as u8, (length >> 8 & 255) as u8, (length >> 16) as u8, 0]),
            }
            stream.extend_from_slice(&text);
            assert_eq!(plain(&[&stream[..], b"\x86\x84\x02iI"].concat()), Some(&text[..]), "{length}");
            assert!(plain(&stream[..stream.len() - 1]).is_none());
        }
        assert_eq!(plain(b"bplist00"), None);
    }
}
