//! Who writes: names as the lines have them, found again by their bytes.

use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::text;

use super::phrases;

/// Longest name that is looked for, in bytes.
const LONGEST: usize = 240;

/// One writer.
pub struct Sender {
    /// Name as written, cleaned.
    pub name: String,
    /// Handle in the batch.
    pub handle: HandleIx,
    /// Messages.
    pub messages: u64,
}

/// All writers of a file.
#[derive(Default)]
pub struct Senders {
    by_bytes: Map<Box<[u8]>, usize>,
    list: Vec<Sender>,
    /// The last writer: people write several messages in a row.
    last: (Vec<u8>, usize),
    /// Names with a colon and a blank in them that are known from elsewhere, longest first.
    with_colon: Vec<Vec<u8>>,
}

impl Senders {
    /// In order of their first message.
    #[must_use]
    pub fn list(&self) -> &[Sender] {
        &self.list
    }

    /// One of them, to be counted.
    pub fn get_mut(&mut self, ix: usize) -> Option<&mut Sender> {
        self.list.get_mut(ix)
    }

    /// A name known from the file name or from a line about members.
    pub fn know(&mut self, name: &str) {
        if name.contains(": ") && name.len() <= LONGEST {
            self.with_colon.push(name.as_bytes().to_vec());
            self.with_colon.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
            self.with_colon.dedup();
        }
    }

    /// Splits `Sender: text` into the name and the place of the text. The first colon with a blank (or the end of the line) after it counts,
    /// unless a known name goes further; a colon without a blank (`John Doe:.`) counts after a known name only.
    #[must_use]
    pub fn split<'a>(&self, body: &'a [u8]) -> Option<(&'a [u8], usize)> {
        for known in &self.with_colon {
            if let Some(rest) = body.strip_prefix(known.as_slice())
                && rest.first() == Some(&b':')
            {
                return Some((body.get(..known.len())?, text_start(body, known.len())));
            }
        }
        let (last, _) = &self.last;
        if !last.is_empty() && body.starts_with(last) && body.get(last.len()..last.len() + 2) == Some(b": ") {
            return Some((body.get(..last.len())?, last.len() + 2));
        }
        let near = body.get(..body.len().min(LONGEST)).unwrap_or_default();
        let mut tight = None;
        for at in memchr::memchr_iter(b':', near) {
            let name = body.get(..at)?;
            match body.get(at + 1) {
                Some(b' ') | None => return (self.by_bytes.contains_key(name) || plausible(name)).then(|| (name, text_start(body, at))),
                Some(_) if tight.is_none() && self.by_bytes.contains_key(name) => tight = Some((name, at + 1)),
                Some(_) => {}
            }
        }
        tight
    }

    /// The writer with this name as written, made when new.
    pub fn intern(&mut self, name: &[u8], channel: ChannelIx, sink: &mut Sink) -> usize {
        if self.last.0 == name && !name.is_empty() {
            return self.last.1;
        }
        let ix = match self.by_bytes.get(name) {
            Some(ix) => *ix,
            None => self.add(name, channel, sink),
        };
        self.last.0.clear();
        self.last.0.extend_from_slice(name);
        self.last.1 = ix;
        ix
    }

    fn add(&mut self, raw: &[u8], channel: ChannelIx, sink: &mut Sink) -> usize {
        let name = clean(raw);
        let handle = handle(&name, channel, sink);
        let ix = self.list.iter().position(|s| s.handle == handle).unwrap_or_else(|| {
            self.list.push(Sender { name, handle, messages: 0 });
            self.list.len() - 1
        });
        self.by_bytes.insert(raw.into(), ix);
        ix
    }
}

/// The handle of a display name; a phone number is told apart.
pub fn handle(name: &str, channel: ChannelIx, sink: &mut Sink) -> HandleIx {
    let handle = sink.handle(channel, name);
    if let Some(phone) = text::phone(name)
        && let Some(facts) = sink.handle_facts(handle)
    {
        facts.phone = phone;
    }
    handle
}

/// A name without the marks around it and the `~` before the name an unsaved contact has given itself.
#[must_use]
pub fn clean(raw: &[u8]) -> String {
    let name = text::clean_name(&String::from_utf8_lossy(raw));
    let name = name.strip_prefix('~').map_or(name.as_str(), str::trim_start);
    name.to_owned()
}

fn text_start(body: &[u8], colon: usize) -> usize {
    colon + 1 + usize::from(body.get(colon + 1) == Some(&b' '))
}

/// Whether a new name may be one: no system line with a colon in it (`X changed the subject to "Plan: B"`).
fn plausible(name: &[u8]) -> bool {
    let text = String::from_utf8_lossy(name);
    let quotes = text.chars().filter(|c| *c == '"').count();
    let open = text.matches('“').count() > text.matches('”').count() || text.matches('«').count() > text.matches('»').count();
    !clean(name).is_empty() && quotes % 2 == 0 && !open && phrases::system(name).is_none()
}
