//! Unpacking that can be copied at any place: the state of the decoder, and where its next packed byte stands.

use std::io;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use crate::import::bytes::{Shared, Stream};
use crate::import::zip::{Fault, RATIO, RATIO_FROM};

/// Packed bytes read at once.
const INPUT: usize = 64 << 10;
/// Longest name in a header that is kept.
const NAME_LIMIT: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Head,
    Body,
    Tail,
    End,
}

/// An unpacking of one or several gzip members (RFC 1952), one after the other.
pub struct Unpack {
    bytes: Shared,
    /// Packed bytes that are here, where they stand in the file, and the first that is not used yet.
    input: Vec<u8>,
    base: u64,
    next: usize,
    phase: Phase,
    state: Box<InflateState>,
    /// Checksum of the gzip member so far; a copy made in the middle has none.
    crc: Option<flate2::Crc>,
    /// Expanded bytes, of all and of this gzip member.
    at: u64,
    of_member: u64,
    name: Option<Vec<u8>>,
    fault: Option<Fault>,
}

impl Clone for Unpack {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            // Packed bytes are read again: a state that is kept stays small.
            input: Vec::new(),
            base: self.taken(),
            next: 0,
            phase: self.phase,
            state: self.state.clone(),
            crc: None,
            at: self.at,
            of_member: self.of_member,
            name: None,
            fault: self.fault,
        }
    }
}

impl Unpack {
    /// From the beginning.
    pub fn new(bytes: Shared) -> Self {
        let state = InflateState::new_boxed(DataFormat::Raw);
        Self { bytes, input: Vec::new(), base: 0, next: 0, phase: Phase::Head, state, crc: None, at: 0, of_member: 0, name: None, fault: None }
    }

    /// Expanded bytes so far.
    pub const fn at(&self) -> u64 {
        self.at
    }

    /// Packed bytes so far.
    pub const fn taken(&self) -> u64 {
        self.base + self.next as u64
    }

    /// The name of the packed file, as the header states it.
    pub fn name(&self) -> Option<&[u8]> {
        self.name.as_deref()
    }

    /// What was wrong with the bytes.
    pub const fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// Fills the buffer; fewer bytes only at the end.
    pub fn fill(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while let Some(room) = buf.get_mut(done..).filter(|room| !room.is_empty()) {
            match self.read(room)? {
                0 => break,
                n => done += n,
            }
        }
        Ok(done)
    }

    /// Passes over expanded bytes.
    pub fn skip(&mut self, mut count: u64) -> io::Result<()> {
        let mut waste = [0; 16 << 10];
        while count > 0 {
            let room = usize::try_from(count).unwrap_or(usize::MAX).min(waste.len());
            match self.read(waste.get_mut(..room).unwrap_or_default())? {
                0 => return Err(self.failed(Fault::Short(self.at))),
                n => count -= n as u64,
            }
        }
        Ok(())
    }

    fn failed(&mut self, fault: Fault) -> io::Error {
        self.phase = Phase::End;
        self.fault = Some(fault);
        io::Error::new(io::ErrorKind::InvalidData, fault)
    }

    /// Brings more packed bytes; `false` at their end.
    fn more(&mut self) -> io::Result<bool> {
        if self.next < self.input.len() {
            return Ok(true);
        }
        self.base += self.input.len() as u64;
        self.next = 0;
        self.input.resize(INPUT, 0);
        let n = self.bytes.read_at(self.base, &mut self.input).inspect_err(|_| self.input.clear())?;
        self.input.truncate(n);
        Ok(n > 0)
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        Ok(if self.more()? { self.input.get(self.next).copied().inspect(|_| self.next += 1) } else { None })
    }

    fn number(&mut self, size: usize) -> io::Result<Option<u32>> {
        let mut value = 0;
        for n in 0..size {
            let Some(b) = self.byte()? else { return Ok(None) };
            value |= u32::from(b) << (8 * n);
        }
        Ok(Some(value))
    }

    /// A header (RFC 1952, section 2.3). `Ok(false)`: nothing more, only filling.
    fn header(&mut self) -> io::Result<bool> {
        let first = self.at == 0 && self.taken() == 0;
        let mut magic = self.byte()?;
        while !first && magic == Some(0) {
            magic = self.byte()?;
        }
        if magic.is_none() && !first {
            return Ok(false);
        }
        if magic != Some(0x1f) || self.byte()? != Some(0x8b) || self.byte()? != Some(8) {
            return Err(self.failed(if first { Fault::Broken(0) } else { Fault::Long(self.at) }));
        }
        let read = self.fields()?;
        if read.is_none() {
            return Err(self.failed(Fault::Short(self.at)));
        }
        self.state.reset(DataFormat::Raw);
        (self.crc, self.of_member, self.phase) = (Some(flate2::Crc::new()), 0, Phase::Body);
        Ok(true)
    }

    /// What follows the method: flags, time, system, and the fields that the flags announce.
    fn fields(&mut self) -> io::Result<Option<()>> {
        let Some(flags) = self.byte()? else { return Ok(None) };
        if self.number(4)?.is_none() || self.number(2)?.is_none() {
            return Ok(None);
        }
        if flags & 4 != 0 {
            let Some(len) = self.number(2)? else { return Ok(None) };
            for _ in 0..len {
                if self.byte()?.is_none() {
                    return Ok(None);
                }
            }
        }
        for flag in [8, 16] {
            if flags & flag == 0 {
                continue;
            }
            let mut text = Vec::new();
            loop {
                match self.byte()? {
                    None => return Ok(None),
                    Some(0) => break,
                    Some(b) if text.len() < NAME_LIMIT => text.push(b),
                    Some(_) => {}
                }
            }
            if flag == 8 && self.name.is_none() {
                self.name = Some(text);
            }
        }
        Ok(if flags & 2 != 0 { self.number(2)?.map(|_| ()) } else { Some(()) })
    }

    /// The checksum and size behind the packed bytes.
    fn trailer(&mut self) -> io::Result<()> {
        let stated = match (self.number(4)?, self.number(4)?) {
            (Some(crc), Some(size)) => (crc, size),
            _ => return Err(self.failed(Fault::Short(self.at))),
        };
        self.phase = Phase::Head;
        let size = (self.of_member & u64::from(u32::MAX)) as u32;
        if self.crc.take().is_some_and(|crc| (crc.sum(), size) != stated) {
            return Err(self.failed(Fault::Checksum));
        }
        Ok(())
    }

    fn some(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.more()? {
                return Err(self.failed(Fault::Short(self.at)));
            }
            let input = self.input.get(self.next..).unwrap_or_default();
            let result = inflate(&mut self.state, input, buf, MZFlush::None);
            self.next += result.bytes_consumed;
            let n = result.bytes_written;
            if let Some(crc) = &mut self.crc {
                crc.update(buf.get(..n).unwrap_or_default());
            }
            self.at += n as u64;
            self.of_member += n as u64;
            match result.status {
                Ok(MZStatus::StreamEnd) => {
                    self.phase = Phase::Tail;
                    return Ok(n);
                }
                Ok(_) | Err(MZError::Buf) if n > 0 || result.bytes_consumed > 0 => {
                    if n > 0 {
                        return Ok(n);
                    }
                }
                _ => return Err(self.failed(Fault::Broken(self.at))),
            }
        }
    }
}

impl Stream for Unpack {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match self.phase {
                Phase::End => return Ok(0),
                Phase::Head => {
                    if !self.header()? {
                        self.phase = Phase::End;
                    }
                }
                Phase::Tail => self.trailer()?,
                Phase::Body => {
                    if self.at > RATIO_FROM && self.at / self.taken().max(1) >= RATIO {
                        return Err(self.failed(Fault::Bomb(self.at)));
                    }
                    let n = self.some(buf)?;
                    if n > 0 {
                        return Ok(n);
                    }
                }
            }
        }
    }
}
