//! Base64 of short texts: keys, digests, values of directories. Bodies of mails are decoded as they pass (`email/body.rs`), and the zip in an
//! RSMF mail at any place (`rsmf/wrapper.rs`).

/// Bytes of a base64 text (either alphabet); `None` when it is none.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::with_capacity(text.len()), 0u32, 0u32);
    for b in text.iter().take_while(|b| **b != b'=') {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        (bits, held) = ((bits << 6) | u32::from(digit), held + 6);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}
