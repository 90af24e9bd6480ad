//! Names of one file: cells to handles, recipient sets and channels, each cell text looked at once.

use super::platform;
use crate::import::lists::address;
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::{AudienceIx, HandleIx};
use crate::text;

/// Most cell texts remembered per kind; beyond that they are looked up anew.
pub const REMEMBERED: usize = 1 << 18;

/// Recipients and the set they make.
type Set = (Vec<HandleIx>, AudienceIx);

/// What was made of the cells so far.
#[derive(Default)]
pub struct People {
    channels: Map<Box<[u8]>, ChannelIx>,
    /// The channel looked up last and its cell: most tables name one channel from end to end.
    last: Option<ChannelIx>,
    last_cell: Vec<u8>,
    /// By channel: cell text to handle.
    handles: Vec<Map<Box<[u8]>, HandleIx>>,
    /// By channel: cell text to the place of its handles and set.
    by_cell: Vec<Map<Box<[u8]>, usize>>,
    sets: Vec<Set>,
}

/// How a cell names a participant.
struct Named {
    key: String,
    name: String,
    email: String,
    phone: String,
}

/// The key a cell gives its participant.
pub fn key(cell: &[u8]) -> String {
    text::clean_name(&named(&String::from_utf8_lossy(text_bytes(cell, 800))).key)
}

fn display(name: &[u8]) -> String {
    text::clean_name(&String::from_utf8_lossy(text_bytes(name, 800)))
}

fn named(cell: &str) -> Named {
    let cell = cell.trim().trim_matches('"').trim();
    if let Some(email) = address(cell) {
        let name = cell.rsplit_once('<').map(|(name, _)| name.trim().trim_matches('"').trim()).filter(|n| !n.is_empty() && address(n).is_none());
        return Named { key: email.clone(), name: name.map(text::clean_name).unwrap_or_default(), email, phone: String::new() };
    }
    // `Ana Silva (+44 7700 900142)` and plain numbers.
    let (name, number) = match cell.strip_suffix(['>', ')']).and_then(|c| c.rsplit_once(['<', '('])) {
        Some((name, inner)) if text::phone(inner).is_some() => (name.trim(), inner),
        _ => ("", cell),
    };
    match text::phone(number) {
        Some(phone) => Named { key: phone.clone(), name: text::clean_name(name), email: String::new(), phone },
        None => Named { key: cell.to_owned(), name: String::new(), email: String::new(), phone: String::new() },
    }
}

impl People {
    /// The channel a platform cell names.
    pub fn channel(&mut self, sink: &mut Sink, cell: &[u8]) -> ChannelIx {
        if let Some(ix) = self.last.filter(|_| self.last_cell == cell) {
            return ix;
        }
        let ix = self.looked_up(sink, cell);
        self.last = Some(ix);
        self.last_cell.clear();
        self.last_cell.extend_from_slice(cell);
        ix
    }

    fn looked_up(&mut self, sink: &mut Sink, cell: &[u8]) -> ChannelIx {
        if let Some(ix) = self.channels.get(cell) {
            return *ix;
        }
        let ix = sink.channel(&platform::slug(&String::from_utf8_lossy(text_bytes(cell, 200))));
        if self.channels.len() < REMEMBERED {
            self.channels.insert(cell.into(), ix);
        }
        ix
    }

    /// The handle a cell names; `None` for an empty cell. `name`: a display name in another column.
    #[inline]
    pub fn handle(&mut self, sink: &mut Sink, channel: ChannelIx, cell: &[u8], name: &[u8]) -> Option<HandleIx> {
        if cell.is_empty() {
            return None;
        }
        let at = channel.0 as usize;
        if let Some(ix) = self.handles.get(at).and_then(|m| m.get(cell)).copied() {
            // Someone first seen as a recipient gets the display name that stands beside the first own message.
            if !name.is_empty()
                && let Some(facts) = sink.handle_facts(ix).filter(|f| f.name.is_empty() && f.key.as_bytes() != name)
            {
                facts.name = display(name);
            }
            return Some(ix);
        }
        let written = String::from_utf8_lossy(text_bytes(cell, 800));
        let n = named(&written);
        if n.key.is_empty() {
            return None;
        }
        let ix = sink.handle(channel, &n.key);
        if let Some(facts) = sink.handle_facts(ix) {
            let stated = if name.is_empty() { n.name } else { display(name) };
            if facts.name.is_empty() && stated != facts.key {
                facts.name = stated;
            }
            if facts.email.is_empty() {
                facts.email = n.email;
            }
            if facts.phone.is_empty() {
                facts.phone = n.phone;
            }
        }
        if self.handles.len() <= at {
            self.handles.resize_with(at + 1, Map::default);
        }
        if let Some(map) = self.handles.get_mut(at).filter(|m| m.len() < REMEMBERED) {
            map.insert(cell.into(), ix);
        }
        Some(ix)
    }

    /// The one handle met so far that a custodian's address or name means, whichever way round the name is written.
    pub fn known(&self, sink: &mut Sink, named: &str) -> Option<HandleIx> {
        let wanted = words(named);
        let mut all: Vec<HandleIx> = self.handles.iter().flat_map(|m| m.values().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut fits = all.into_iter().filter(|h| sink.handle_facts(*h).is_some_and(|f| [&f.key, &f.name, &f.email].iter().any(|n| words(n) == wanted)));
        match (fits.next(), fits.next()) {
            (Some(one), None) if !wanted.is_empty() => Some(one),
            _ => None,
        }
    }

    /// Everyone met so far by the words of key, name and address, in one order; `None` where several are meant.
    pub fn by_words(&self, sink: &mut Sink) -> Map<String, Option<HandleIx>> {
        let mut all: Vec<HandleIx> = self.handles.iter().flat_map(|m| m.values().copied()).collect();
        all.sort_unstable();
        all.dedup();
        let mut out: Map<String, Option<HandleIx>> = Map::default();
        for handle in all {
            let Some(facts) = sink.handle_facts(handle) else { continue };
            for words in [words(&facts.key), words(&facts.name), words(&facts.email)].into_iter().filter(|w| !w.is_empty()) {
                out.entry(words).and_modify(|known| *known = known.filter(|k| *k == handle)).or_insert(Some(handle));
            }
        }
        out
    }

    /// The handles at a place that [`People::recipients`] gave for the record at hand, sorted.
    pub fn set(&self, place: usize) -> &[HandleIx] {
        self.sets.get(place).map_or(&[], |(handles, _)| handles)
    }

    /// Who a cell of recipients names: the place of their handles, and their set; `None` for an empty cell.
    pub fn recipients(&mut self, sink: &mut Sink, channel: ChannelIx, cell: &[u8]) -> Option<(usize, AudienceIx)> {
        if cell.is_empty() {
            return None;
        }
        let at = channel.0 as usize;
        let known = self.by_cell.get(at).and_then(|cells| cells.get(cell)).copied();
        let place = match known {
            Some(place) => place,
            None => self.new_set(sink, channel, cell),
        };
        Some((place, self.sets.get(place)?.1))
    }

    fn new_set(&mut self, sink: &mut Sink, channel: ChannelIx, cell: &[u8]) -> usize {
        let written = String::from_utf8_lossy(cell);
        let mut handles: Vec<HandleIx> = parts(&written).filter_map(|p| self.handle(sink, channel, p.as_bytes(), b"")).take(5000).collect();
        let audience = sink.audience(&mut handles);
        if self.sets.len() >= REMEMBERED {
            self.sets.clear();
            self.by_cell.clear();
        }
        let at = channel.0 as usize;
        if self.by_cell.len() <= at {
            self.by_cell.resize_with(at + 1, Map::default);
        }
        let place = self.sets.len();
        self.sets.push((handles, audience));
        if let Some(cells) = self.by_cell.get_mut(at) {
            cells.insert(cell.into(), place);
        }
        place
    }
}

/// The words of a name in one order, so that `Doe, John` is `John Doe`.
pub fn words(name: &str) -> String {
    let folded = text::folded(name);
    let mut words: Vec<&str> = folded.split(|c: char| c == ',' || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Recipients of one cell: separated by `;` or `|`, by `,` where neither occurs.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let semicolons = cell.contains([';', '|', '\n']);
    cell.split(move |c| if semicolons { matches!(c, ';' | '|' | '\n') } else { c == ',' }).map(str::trim).filter(|p| !p.is_empty())
}

fn text_bytes(cell: &[u8], limit: usize) -> &[u8] {
    cell.get(..cell.len().min(limit)).unwrap_or(cell)
}
