//! JSON that is longer than a window: values read through it one after the other, and values passed over in pieces.

use std::io;

use super::{Fault, MAX_DEPTH, Scan, Scanner};
use crate::import::bytes::{Fill, Window};
use crate::import::search::each_mark;

/// Why nothing could be read.
#[derive(Debug)]
pub enum Stop {
    /// The stream ends in the middle of the value.
    CutOff,
    /// The value is larger than the window may grow.
    TooLarge,
    /// No JSON: offset in the stream.
    Bad(u64),
    /// The bytes could not be had.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs `scan` on the unread bytes and consumes what it read. When they do not suffice, more are brought and it runs again
/// from the same place: it must not leave traces before its last scan. Nothing is consumed on failure.
pub fn read<T>(window: &mut Window, mut scan: impl FnMut(&mut Scanner<'_>) -> Scan<T>) -> Result<T, Stop> {
    loop {
        let mut scanner = Scanner::new(window.data());
        let result = scan(&mut scanner);
        let at = scanner.at();
        match result {
            Ok(value) => {
                window.consume(at);
                return Ok(value);
            }
            Err(Fault::Bad(n)) => return Err(Stop::Bad(window.offset() + n as u64)),
            Err(Fault::NeedMore) => match refill(window)? {
                Fill::More => {}
                Fill::End => return Err(Stop::CutOff),
                Fill::Full => return Err(Stop::TooLarge),
            },
        }
    }
}

/// Passes over the next value, whatever its size.
pub fn pass_over(window: &mut Window) -> Result<(), Stop> {
    if !matches!(read(window, |s| s.peek())?, b'{' | b'[') {
        return read(window, |s| s.skip());
    }
    let mut skipper = Skipper::default();
    loop {
        match skipper.feed(window.data()) {
            Ok(Some(n)) => {
                window.consume(n);
                return Ok(());
            }
            Ok(None) => window.consume(window.data().len()),
            Err(n) => return Err(Stop::Bad(window.offset() + n as u64)),
        }
        if window.fill()? == Fill::End {
            return Err(Stop::CutOff);
        }
    }
}

/// Passes over one object or array that comes in pieces: what is larger than a window is left behind with it.
#[derive(Debug, Clone, Default)]
pub struct Skipper {
    /// One bit for each open bracket: set for `[`.
    open: [u64; MAX_DEPTH / 64],
    depth: usize,
    in_string: bool,
    after_backslash: bool,
}

impl Skipper {
    /// The next piece. `Ok(Some(n))`: the value ends behind `n` bytes of it. `Ok(None)`: it goes on. `Err(n)`: no JSON at that byte.
    pub fn feed(&mut self, piece: &[u8]) -> Result<Option<usize>, usize> {
        // What a backslash stands before means nothing.
        let mut escaped = if std::mem::take(&mut self.after_backslash) { 0 } else { usize::MAX };
        let end = each_mark(piece, |at| {
            if at == escaped {
                return None;
            }
            let mark = piece.get(at).copied()?;
            if self.in_string {
                match mark {
                    b'"' => self.in_string = false,
                    b'\\' => escaped = at + 1,
                    _ => {}
                }
                return None;
            }
            match mark {
                b'"' => self.in_string = true,
                b'{' | b'[' if !self.push(mark == b'[') => return Some(Err(at)),
                b'}' | b']' if !self.pop(mark == b']') => return Some(Err(at)),
                b'}' | b']' if self.depth == 0 => return Some(Ok(Some(at + 1))),
                _ => {}
            }
            None
        });
        self.after_backslash = escaped == piece.len();
        end.unwrap_or(Ok(None))
    }

    fn push(&mut self, array: bool) -> bool {
        let bit = 1u64 << (self.depth % 64);
        let Some(word) = self.open.get_mut(self.depth / 64) else { return false };
        *word = if array { *word | bit } else { *word & !bit };
        self.depth += 1;
        true
    }

    fn pop(&mut self, array: bool) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return false };
        self.depth = depth;
        self.open.get(depth / 64).is_some_and(|w| (w >> (depth % 64) & 1 == 1) == array)
    }
}

/// Brings at least as many bytes again as the window shows, so that a long record is not parsed anew for every small piece.
fn refill(window: &mut Window) -> io::Result<Fill> {
    let had = window.data().len();
    loop {
        match window.fill()? {
            Fill::More if window.data().len() < had * 2 => {}
            // The end or the limit: what came before it has not been looked at yet.
            _ if window.data().len() > had => return Ok(Fill::More),
            other => return Ok(other),
        }
    }
}

/// Consumes a UTF-8 byte order mark at the start of the stream.
pub fn skip_mark(window: &mut Window) -> Result<(), Stop> {
    while window.data().len() < 3 && window.fill()? == Fill::More {}
    if window.data().starts_with(b"\xef\xbb\xbf") {
        window.consume(3);
    }
    Ok(())
}
