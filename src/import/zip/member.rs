//! One member as a stream: inflated in steps, held to the size and checksum that the directory states.

use std::fmt;
use std::io::{self, Read};

use super::super::bytes::{RangeStream, Stream};

/// What is wrong with a member whose bytes could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// All bytes are there but their checksum is another.
    Checksum,
    /// Fewer bytes than stated.
    Short(u64),
    /// More bytes than stated.
    Long(u64),
    /// The packed data breaks at this expanded byte.
    Broken(u64),
    /// It unpacks to many times its size, beyond what messages do; stopped at this expanded byte.
    Bomb(u64),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => write!(f, "the bytes do not match the checksum in the archive"),
            Self::Short(at) => write!(f, "the packed data ends early, at byte {at} of the member"),
            Self::Long(at) => write!(f, "the member goes on after byte {at}, where the archive says it ends"),
            Self::Bomb(at) => write!(f, "the packed data grows to more than 1000 times its size and was given up at byte {at}"),
            Self::Broken(at) => write!(f, "the packed data is damaged after byte {at} of the member"),
        }
    }
}

impl std::error::Error for Fault {}

enum Source {
    Stored(RangeStream),
    Deflated(flate2::read::DeflateDecoder<RangeStream>),
}

/// A member that is being read.
pub struct Member {
    source: Source,
    crc: flate2::Crc,
    stated: (u64, u32),
    done: u64,
}

impl Member {
    /// A member of this size and checksum; `deflated` or stored as it is.
    pub fn new(range: RangeStream, deflated: bool, size: u64, crc: u32) -> Self {
        let source = if deflated { Source::Deflated(flate2::read::DeflateDecoder::new(range)) } else { Source::Stored(range) };
        Self { source, crc: flate2::Crc::new(), stated: (size, crc), done: 0 }
    }

    fn some(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let done = self.done;
        match &mut self.source {
            Source::Stored(range) => Stream::read(range, buf),
            Source::Deflated(decoder) => decoder.read(buf).map_err(|e| match e.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => fault(Fault::Broken(done)),
                io::ErrorKind::UnexpectedEof => fault(Fault::Short(done)),
                _ => e,
            }),
        }
    }
}

fn fault(fault: Fault) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, fault)
}

impl Stream for Member {
    /// Never more than the directory states: whoever unpacks has been told the whole size beforehand.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let left = self.stated.0 - self.done;
        if left == 0 {
            if self.some(&mut [0])? > 0 {
                return Err(fault(Fault::Long(self.done)));
            }
            return if self.crc.sum() == self.stated.1 { Ok(0) } else { Err(fault(Fault::Checksum)) };
        }
        let room = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let n = self.some(buf.get_mut(..room).unwrap_or_default())?;
        if n == 0 {
            return Err(fault(Fault::Short(self.done)));
        }
        self.crc.update(buf.get(..n).unwrap_or_default());
        self.done += n as u64;
        Ok(n)
    }
}
