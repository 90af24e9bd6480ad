//! What the readers of XML have in common: entities, and text that is bounded.

/// Appends what an entity or character reference stands for; an unknown one as it is written.
pub fn entity(name: &[u8], out: &mut Vec<u8>) {
    let plain = match name {
        b"lt" => b'<',
        b"gt" => b'>',
        b"amp" => b'&',
        b"quot" => b'"',
        b"apos" => b'\'',
        [b'#', number @ ..] => {
            let number = std::str::from_utf8(number).unwrap_or_default();
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            let c = code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
            return out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        other => {
            out.push(b'&');
            out.extend_from_slice(other);
            b';'
        }
    };
    out.push(plain);
}
