//! What a text says of other channels: that something was written there ("as I wrote on WhatsApp"), or that one should go there ("add me on
//! Signal"). A name alone says nothing, nor do policies, signatures, addresses and what is quoted from earlier mails. Nothing of the text
//! is kept but which channels it refers to, and how.
//!
//! Every text is searched for the names, so the search is a table of triples of bytes looked at in every third place: a name of five bytes
//! holds three triples in a row, and one of them lies there. What surrounds a name is only looked at where one stands.

mod clause;
mod names;
mod phrases;
mod spoken;

use crate::model::elsewhere::Elsewhere;
use names::{Names, Use};

/// Bytes of one text that are looked at: what people write themselves stands at its beginning.
pub const BEGINNING: u16 = 4096;
/// Names of one text whose surroundings are looked at: a list of names must not stop the reading.
const MOST: u32 = 16;

/// What a phrase says of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Something was written there.
    Written,
    /// One should write there.
    Invited,
}

/// How far a text has been looked at.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes that may still be looked at.
    left: u16,
    names: u32,
}

impl Default for Progress {
    fn default() -> Self {
        Self { left: BEGINNING, names: 0 }
    }
}

impl Progress {
    /// The next piece of a text.
    #[inline]
    pub fn look(&mut self, text: &[u8], found: &mut Elsewhere) {
        if self.left == 0 {
            return;
        }
        let part = text.get(..text.len().min(usize::from(self.left))).unwrap_or_default();
        self.left -= u16::try_from(part.len()).unwrap_or(self.left);
        let names = &*names::NAMES;
        let mut at = 0;
        while let Some((place, bucket)) = names.next(part, at) {
            self.stop(names, part, place, bucket, found);
            if self.left == 0 {
                return;
            }
            at = place + 3;
        }
    }

    /// A triple of a name stands at a place.
    #[cold]
    #[inline(never)]
    fn stop(&mut self, names: &Names, text: &[u8], place: usize, bucket: u8, found: &mut Elsewhere) {
        let Some((from, name)) = names.name(text, place, bucket) else { return };
        if name.quotes() {
            // What follows was written before, by somebody else.
            self.left = if clause::heads_a_quote(text, from, name) { 0 } else { self.left };
            return;
        }
        self.names += 1;
        if self.names > MOST {
            self.left = 0;
            return;
        }
        if let Some((channel, manner)) = clause::said(text, from, name) {
            let bit = 1 << channel;
            found.0 |= if manner == Manner::Written { bit } else { bit << 16 };
            if manner == Manner::Written && channel == names::SMS && name.used != Use::Word {
                found.0 |= Elsewhere::SMS_BY_NAME;
            }
        }
    }
}

#[cfg(test)]
mod tests;
