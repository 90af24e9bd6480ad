//! A mailbox that several readers read, each a section: how it is cut, and what only its sections together tell.

use serde::{Deserialize, Serialize};

use super::deliver::Delivery;
use super::headers::{Field, Headers};
use super::owner::Addresses;
use super::reader::{self, Kind, Mail};
use super::top;
use crate::import::Options;
use crate::import::bytes::{RECORD_LIMIT, WINDOW, Window};
use crate::import::section::{Cut, Kept, Section, SectionReader, Slice};
use crate::import::sink::Sink;

/// How mailboxes are cut.
pub struct Sections;

/// What a section keeps, beside numbers.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Told {
    naive: bool,
    addresses: Addresses,
    channels: Vec<String>,
    /// More than may be kept.
    over: bool,
}

impl Cut for Sections {
    /// Not where the first mail states the length of its body: bodies may then hold separators as they are (mboxcl2), and a reader that
    /// begins in such a body would be deceived.
    fn cuts(&self, head: &[u8]) -> bool {
        let rest = top(head);
        let block = memchr::memchr(b'\n', rest).and_then(|nl| rest.get(nl + 1..)).unwrap_or_default();
        let mut headers = Headers::default();
        headers.scan(block, true);
        reader::undated(head).is_some() && headers.names > 0 && !headers.has(Field::ContentLength)
    }

    fn begins(&self, section: Section) -> u64 {
        Mail::window_of(section)
    }

    fn open(&self, slice: Slice, options: &Options) -> Box<dyn SectionReader> {
        let window = Window::with_limits(slice.stream, WINDOW, RECORD_LIMIT);
        Box::new(Mail::section(window, slice.modified, options, slice.section, &slice.top))
    }

    fn close(&self, kept: &[(Vec<u8>, Vec<u32>)], options: &Options, sink: &mut Sink) -> Option<()> {
        let (mut delivery, mut naive) = (Delivery::default(), false);
        for (bytes, places) in kept {
            let (len, rest) = bytes.split_first_chunk::<8>()?;
            let (told, numbers) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
            let told: Told = serde_json::from_slice(told).ok()?;
            if told.over {
                return None;
            }
            naive |= told.naive;
            let (numbers, left) = numbers.as_chunks::<8>();
            let mut numbers = numbers.iter().map(|n| u64::from_le_bytes(*n));
            delivery.absorb((&told.addresses, told.channels), &mut numbers, places)?;
            if !left.is_empty() || numbers.next().is_some() {
                return None;
            }
        }
        reader::close(Kind::Mbox, naive, &delivery, options.owner.as_deref(), sink);
        Some(())
    }
}

impl SectionReader for Mail {
    fn kept(&mut self) -> Kept {
        let mut numbers = Vec::new();
        let told = match self.delivery().keep(&mut numbers) {
            Some((addresses, channels)) => Told { naive: self.naive(), addresses, channels, over: false },
            None => Told { over: true, ..Told::default() },
        };
        let told = serde_json::to_vec(&told).unwrap_or_default();
        let mut bytes = Vec::with_capacity(8 + told.len() + 8 * numbers.len());
        bytes.extend_from_slice(&(told.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&told);
        numbers.iter().for_each(|n| bytes.extend_from_slice(&n.to_le_bytes()));
        let seams = self.seams();
        Kept { begin: seams.begin, end: seams.end, bytes }
    }
}
