//! Splits bytes into delimited records without copying: fields are ranges of the bytes, unescaped into a side buffer only
//! when a quoted field holds quotes. Same reading as the `csv` crate: quotes count only at the start of a field, text after a
//! closing quote belongs to the field, lines end with `\n`, `\r\n` or `\r`, empty lines are no records.

use memchr::memchr;

use crate::import::search::each_of;

/// What splitting found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// A record of this many bytes (line end included) and lines; its fields are in the [`Fields`].
    Record {
        /// Bytes to consume.
        bytes: usize,
        /// Line ends passed.
        lines: u32,
    },
    /// An empty line.
    Blank {
        /// Bytes to consume.
        bytes: usize,
    },
    /// The record goes on beyond the bytes. `quoted`: inside quotes.
    Partial {
        /// Whether the bytes end within quotes.
        quoted: bool,
    },
    /// Nothing left.
    Empty,
}

/// The fields of one record, reused from record to record.
#[derive(Debug, Default)]
pub struct Fields {
    /// (start, end) in the bytes, or in `side` where `start` has the high bit.
    at: Vec<(u32, u32)>,
    side: Vec<u8>,
}

const SIDE: u32 = 1 << 31;

impl Fields {
    /// Number of fields.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// A field; empty if there is none. `bytes`: what was split.
    #[inline]
    pub fn get<'a>(&'a self, bytes: &'a [u8], ix: usize) -> &'a [u8] {
        let Some((start, end)) = self.at.get(ix) else { return &[] };
        let from = if start & SIDE == 0 { bytes } else { &self.side };
        from.get((start & !SIDE) as usize..*end as usize).unwrap_or_default()
    }

    /// All fields.
    pub fn iter<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        (0..self.len()).map(move |ix| self.get(bytes, ix))
    }
}

/// Splits the first record of `bytes`. `ended`: no more bytes will come.
#[inline]
pub fn split(bytes: &[u8], delimiter: u8, ended: bool, fields: &mut Fields) -> Split {
    fields.at.clear();
    fields.side.clear();
    match bytes {
        [] => return Split::Empty,
        [b'\r', b'\n', ..] => return Split::Blank { bytes: 2 },
        [b'\r'] if !ended => return Split::Partial { quoted: false },
        [b'\n' | b'\r', ..] => return Split::Blank { bytes: 1 },
        _ => {}
    }
    let mut at = 0;
    let mut lines = 0;
    loop {
        let end;
        if bytes.get(at) == Some(&b'"') {
            match quoted(bytes, at, delimiter, fields, &mut lines) {
                Ok(next) => end = next,
                Err(unclosed) if unclosed || !ended => return Split::Partial { quoted: unclosed },
                Err(_) => return Split::Record { bytes: bytes.len(), lines: lines + 1 },
            }
        } else {
            match plain(bytes, at, delimiter, fields) {
                Plain::Line(place) => end = place,
                Plain::Quoted(place) => {
                    at = place;
                    continue;
                }
                Plain::Open(start) if ended => {
                    fields.at.push((start as u32, bytes.len() as u32));
                    end = bytes.len();
                }
                Plain::Open(_) => return Split::Partial { quoted: false },
            }
        }
        match bytes.get(end) {
            Some(b'\r') => match bytes.get(end + 1) {
                Some(b'\n') => return Split::Record { bytes: end + 2, lines: lines + 1 },
                None if !ended => return Split::Partial { quoted: false },
                _ => return Split::Record { bytes: end + 1, lines: lines + 1 },
            },
            Some(b'\n') => return Split::Record { bytes: end + 1, lines: lines + 1 },
            Some(_) => at = end + 1,
            None => return Split::Record { bytes: end, lines: lines + 1 },
        }
        if at >= bytes.len() && !ended {
            return Split::Partial { quoted: false };
        }
    }
}

/// Where a run of fields without quotes ends.
enum Plain {
    /// At this line end.
    Line(usize),
    /// Before a field that starts with a quote, here.
    Quoted(usize),
    /// Nowhere; its last field starts here.
    Open(usize),
}

/// Fields without quotes from `at` on; pushes them.
#[inline]
fn plain(bytes: &[u8], at: usize, delimiter: u8, fields: &mut Fields) -> Plain {
    let mut start = at;
    let rest = bytes.get(at..).unwrap_or_default();
    let stop = each_of([delimiter, b'\n', b'\r', b'"'], rest, |n| {
        let here = at + n;
        let hit = rest.get(n).copied()?;
        if hit == b'"' {
            // Quotes within a field are part of it.
            return (here == start).then_some(Plain::Quoted(here));
        }
        fields.at.push((start as u32, here as u32));
        if hit != delimiter {
            return Some(Plain::Line(here));
        }
        start = here + 1;
        None
    });
    stop.unwrap_or(Plain::Open(start))
}

/// A field that starts with a quote at `start`; pushes it and returns where its delimiter or line end stands.
/// Errors: `true` when the quotes do not close, `false` when the bytes end right behind them.
fn quoted(bytes: &[u8], start: usize, delimiter: u8, fields: &mut Fields, lines: &mut u32) -> Result<usize, bool> {
    let mut at = start + 1;
    let mut from = at;
    let side = fields.side.len();
    let mut plain = true;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(n) = memchr(b'"', rest) else { return Err(true) };
        *lines += line_ends(rest.get(..n).unwrap_or_default());
        at += n + 1;
        if bytes.get(at) == Some(&b'"') {
            // A doubled quote stands for one.
            fields.side.extend_from_slice(bytes.get(from..at).unwrap_or_default());
            plain = false;
            at += 1;
            from = at;
            continue;
        }
        let close = at - 1;
        let next = bytes.get(at).copied();
        if next.is_none_or(|b| b == delimiter || b == b'\n' || b == b'\r') {
            if plain {
                fields.at.push((from as u32, close as u32));
            } else {
                fields.side.extend_from_slice(bytes.get(from..close).unwrap_or_default());
                fields.at.push((side as u32 | SIDE, fields.side.len() as u32));
            }
            return if next.is_none() { Err(false) } else { Ok(at) };
        }
        // Text behind the closing quote belongs to the field, up to its end.
        fields.side.extend_from_slice(bytes.get(from..close).unwrap_or_default());
        let tail = bytes.get(at..).unwrap_or_default();
        let found = each_of([delimiter, b'\n', b'\r', b'\n'], tail, Some);
        let n = found.unwrap_or(tail.len());
        fields.side.extend_from_slice(tail.get(..n).unwrap_or_default());
        fields.at.push((side as u32 | SIDE, fields.side.len() as u32));
        return if found.is_none() { Err(false) } else { Ok(at + n) };
    }
}

/// Line ends in a piece of text: `\n`, and `\r` without `\n` behind it.
fn line_ends(text: &[u8]) -> u32 {
    let mut n = memchr::memchr_iter(b'\n', text).count();
    if memchr(b'\r', text).is_some() {
        n += memchr::memchr_iter(b'\r', text).filter(|i| text.get(i + 1) != Some(&b'\n')).count();
    }
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The delimiter that splits the first lines most evenly, of `, ; tab | ^` and 0x14; `None` if none does.
pub fn sniff_delimiter(text: &[u8]) -> Option<u8> {
    let mut best = None;
    for delimiter in [b',', b';', b'\t', b'|', b'^', 0x14] {
        let mut fields = Fields::default();
        let (mut rest, mut counts) = (text, Vec::new());
        while counts.len() < 40 {
            match split(rest, delimiter, false, &mut fields) {
                Split::Record { bytes, .. } => {
                    counts.push(fields.len());
                    rest = rest.get(bytes..).unwrap_or_default();
                }
                Split::Blank { bytes } => rest = rest.get(bytes..).unwrap_or_default(),
                Split::Partial { .. } | Split::Empty => break,
            }
        }
        if counts.is_empty() {
            // A single line without an end.
            if let Split::Record { .. } = split(rest, delimiter, true, &mut fields) {
                counts.push(fields.len());
            }
        }
        let mut sorted = counts.clone();
        sorted.sort_unstable();
        let Some(most) = sorted.get(sorted.len() * 2 / 3).copied().filter(|n| *n > 1) else { continue };
        let even = counts.iter().filter(|n| **n == most).count() * 1000 / counts.len().max(1);
        let score = (even / 100, most);
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, delimiter));
        }
    }
    best.map(|(_, d)| d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut fields = Fields::default();
        let mut rest = bytes;
        let mut out = Vec::new();
        loop {
            match split(rest, b',', true, &mut fields) {
                Split::Record { bytes, .. } => {
                    out.push(fields.iter(rest).map(<[u8]>::to_vec).collect());
                    rest = &rest[bytes..];
                }
                Split::Blank { bytes } => rest = &rest[bytes..],
                // The reader below takes what is there at the end of unclosed quotes.
                Split::Partial { .. } | Split::Empty => return out,
            }
        }
    }

    fn reference(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv_core::Reader::new();
        let (mut out, mut record, mut input) = (Vec::new(), Vec::new(), bytes);
        let (mut buf, mut held) = (vec![0; 1 << 12], Vec::new());
        loop {
            let (result, read, written) = reader.read_field(input, &mut buf);
            input = &input[read..];
            held.extend_from_slice(&buf[..written]);
            match result {
                csv_core::ReadFieldResult::Field { record_end } => {
                    record.push(std::mem::take(&mut held));
                    if record_end {
                        out.push(std::mem::take(&mut record));
                    }
                }
                csv_core::ReadFieldResult::End => return out,
                _ => {}
            }
        }
    }

    #[test]
    fn lines_are_counted_inside_quotes() {
        let mut f = Fields::default();
        let text = b"a,\"b\r\nc\nd\",\"e\"\"f\"\nnext";
        assert_eq!(split(text, b',', false, &mut f), Split::Record { bytes: text.len() - 4, lines: 3 });
        assert_eq!(f.get(text, 2), b"e\"f");
        assert_eq!(split(b"a,\"b", b',', true, &mut f), Split::Partial { quoted: true });
    }

    proptest::proptest! {
        #[test]
        fn records_are_those_of_the_reference_reader(text in "[a\",\n\r]{0,40}") {
            if text.matches('"').count() % 2 == 0 {
                let want = reference(text.as_bytes());
                let got = all(text.as_bytes());
                // Quotes may still be open at the end when some stand inside plain fields: the reference then invents a record end.
                if got.len() == want.len() {
                    assert_eq!(got, want);
                } else {
                    assert_eq!(got, want[..got.len()]);
                }
            }
        }

        #[test]
        fn a_record_is_partial_until_it_is_whole(text in "[a\",\n\r]{0,40}") {
            let bytes = text.as_bytes();
            let mut f = Fields::default();
            let whole = split(bytes, b',', false, &mut f);
            if let Split::Record { bytes: n, .. } = whole {
                for cut in 0..n {
                    let part = split(&bytes[..cut], b',', false, &mut f);
                    assert!(matches!(part, Split::Partial { .. } | Split::Empty) || cut + 1 == n && bytes[cut] == b'\n' && part != whole, "{text:?} cut {cut} {part:?}");
                }
            }
        }
    }
}
