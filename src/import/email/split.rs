//! Where mbox messages begin. Strict rule: a `From ` line with a date, after an empty line or at the top of the file. Bodies
//! hold lines that begin with `From ` too; the naive rule takes 28 of them for messages in one year of a public list archive.

use memchr::memmem::Finder;

use super::date;

/// Longest `From ` line that is considered, and longest header line behind one.
pub const LINE_LIMIT: usize = 4096;

/// Whether a line (without its end) is a separator: `From sender Mon Jun  1 04:28:28 2009`, with an optional zone before or after the
/// year; Mailman writes the sender as `a.b at host.org`.
#[must_use]
pub fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    if rest.first().is_none_or(u8::is_ascii_whitespace) {
        return false;
    }
    let mut tokens = rest.split(u8::is_ascii_whitespace).filter(|t| !t.is_empty());
    tokens.next();
    loop {
        let Some(token) = tokens.next() else { return false };
        if is_weekday(token) && is_date(tokens.clone()) {
            return true;
        }
    }
}

fn is_weekday(token: &[u8]) -> bool {
    [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"].iter().any(|d| token == *d)
}

fn is_date<'a>(mut tokens: impl Iterator<Item = &'a [u8]>) -> bool {
    let number = |t: &[u8], min: usize, max: usize| (min..=max).contains(&t.len()) && t.iter().all(u8::is_ascii_digit);
    let month = tokens.next().is_some_and(|t| t.len() == 3 && date::month(t).is_some());
    let day = tokens.next().is_some_and(|t| number(t, 1, 2));
    let clock = tokens.next().is_some_and(|t| {
        let mut units = t.split(|b| *b == b':');
        units.next().is_some_and(|h| number(h, 1, 2)) && units.next().is_some_and(|m| number(m, 2, 2)) && units.all(|s| number(s, 2, 2))
    });
    if !(month && day && clock) {
        return false;
    }
    let zone = |t: &[u8]| match t {
        [b'+' | b'-', rest @ ..] => number(rest, 4, 4),
        _ => (1..=5).contains(&t.len()) && t.iter().all(u8::is_ascii_alphabetic),
    };
    match tokens.next() {
        Some(t) if number(t, 4, 4) => true,
        Some(t) if zone(t) => tokens.next().is_some_and(|y| number(y, 4, 4)),
        _ => false,
    }
}

/// How far the current message reaches in the data at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Bytes that certainly belong to it.
    pub sure: usize,
    /// Whether it ends there.
    pub ends: bool,
}

enum Verdict {
    Yes,
    No,
    NeedMore,
}

/// Finds the ends of messages in bytes that come in pieces.
pub struct Split {
    finder: Finder<'static>,
    /// The last three bytes before the data at hand: they tell whether a line starts there and whether the one before is empty.
    history: [u8; 3],
    /// Accept any `From ` line that a header follows: set when the file's first separator does not keep the strict rule.
    pub naive: bool,
}

impl Split {
    /// At the top of a file.
    #[must_use]
    pub fn new() -> Self {
        Self { finder: Finder::new(b"\nFrom "), history: *b"\n\n\n", naive: false }
    }

    /// Takes note of bytes that have been read.
    pub fn passed(&mut self, bytes: &[u8]) {
        for b in bytes.iter().skip(bytes.len().saturating_sub(3)) {
            let [_, y, z] = self.history;
            self.history = [y, z, *b];
        }
    }

    /// Whether the data at hand starts at the start of a line.
    #[must_use]
    pub const fn at_line_start(&self) -> bool {
        self.history[2] == b'\n'
    }

    /// How far the current message reaches. `ended`: no more bytes will come behind `data`.
    #[must_use]
    pub fn extent(&self, data: &[u8], ended: bool) -> Extent {
        let first = (self.at_line_start() && data.starts_with(b"From ")).then_some(0);
        for at in first.into_iter().chain(self.finder.find_iter(data).map(|p| p + 1)) {
            match self.verdict(data, at, ended) {
                Verdict::Yes => return Extent { sure: at, ends: true },
                Verdict::No => {}
                Verdict::NeedMore => return Extent { sure: at, ends: false },
            }
        }
        if ended {
            return Extent { sure: data.len(), ends: true };
        }
        // A beginning of `From ` at the very end may become a separator.
        let tail = memchr::memrchr(b'\n', data).map_or(if self.at_line_start() { 0 } else { data.len() }, |nl| nl + 1);
        let open = data.get(tail..).is_some_and(|t| t.len() < 5 && b"From ".starts_with(t));
        Extent { sure: if open { tail } else { data.len() }, ends: false }
    }

    /// Where the first message begins: at the top, after empty lines and a byte order mark, or at the first separator. `None` = need more.
    #[must_use]
    pub fn first(&self, data: &[u8], ended: bool) -> Option<usize> {
        let extent = self.extent(data, ended);
        (extent.ends || ended).then_some(extent.sure)
    }

    /// Whether a separator stands at `at`.
    #[must_use]
    pub fn separates(&self, data: &[u8], at: usize) -> bool {
        data.get(at..).is_some_and(|d| d.starts_with(b"From ")) && matches!(self.verdict(data, at, true), Verdict::Yes)
    }

    fn verdict(&self, data: &[u8], at: usize, ended: bool) -> Verdict {
        let rest = data.get(at..).unwrap_or_default();
        // Never farther than the limit, however much is at hand: the answer must not depend on where the data end.
        let near = |bytes: &[u8]| memchr::memchr(b'\n', bytes.get(..bytes.len().min(LINE_LIMIT)).unwrap_or_default());
        let (line, after) = match near(rest) {
            Some(nl) => (rest.get(..nl).unwrap_or_default(), rest.get(nl + 1..).unwrap_or_default()),
            None if rest.len() >= LINE_LIMIT => return Verdict::No,
            None if ended => (rest, &b""[..]),
            None => return Verdict::NeedMore,
        };
        if self.blank_before(data, at) && is_from_line(line.trim_ascii_end()) {
            return Verdict::Yes;
        }
        if !self.naive {
            return Verdict::No;
        }
        match near(after) {
            Some(nl) if super::headers::name_of(after.get(..nl).unwrap_or_default()).is_some() => Verdict::Yes,
            None if !ended && after.len() < LINE_LIMIT => Verdict::NeedMore,
            _ => Verdict::No,
        }
    }

    fn blank_before(&self, data: &[u8], at: usize) -> bool {
        let before = |back: usize| match at.checked_sub(back) {
            Some(i) => data.get(i).copied(),
            None => (at + 3).checked_sub(back).and_then(|i| self.history.get(i)).copied(),
        };
        before(1) == Some(b'\n') && (before(2) == Some(b'\n') || (before(2) == Some(b'\r') && before(3) == Some(b'\n')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_of_all_producers() {
        for line in [
            "From 1786233943583246423@xxx Mon Jan 01 10:00:00 +0000 2024",
            "From - Tue Jun 02 10:00:00 2009",
            "From a.b at host.org  Fri Jun  1 10:00:00 2012",
            "From MAILER-DAEMON Fri Jul  8 12:08:34 2011",
            "From \"naveen.andrews@enron.com\" Wed Jan 30 18:07:01 2002",
            "From x Wed Jan 30 18:07 EST 2002",
            "From x Wed Jan 30 18:07:01 2002 +0100",
        ] {
            assert!(is_from_line(line.as_bytes()), "{line}");
        }
        for line in [
            "From here on we go",
            "From  Mon Jun  1 10:00:00 2012",
            "From Mon Jun  1 10:00:00 2012",
            "From the start, Monday June 1 10:00:00 2012",
            "From x Mon Jun 1 10:00 maybe",
            ">From a@b Mon Jun  1 10:00:00 2012",
        ] {
            assert!(!is_from_line(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_body_line_is_no_separator_and_pieces_do_not_matter() {
        let text = b"A: b\n\nx\nFrom a@b Mon Jun  1 10:00:00 2012\n\nFrom here\n\r\nFrom c@d Mon Jun  1 10:00:00 2012\nA: c\n\n";
        let want = text.windows(8).position(|w| w == b"From c@d").unwrap();
        for size in 1..text.len() {
            let mut split = Split::new();
            split.passed(b"From x\n");
            let (mut start, mut end) = (0, size);
            loop {
                let e = split.extent(&text[start..end], end == text.len());
                split.passed(&text[start..start + e.sure]);
                start += e.sure;
                if e.ends {
                    break;
                }
                end = (end + size).min(text.len());
            }
            assert_eq!(start, want, "pieces of {size}");
        }
    }
}
