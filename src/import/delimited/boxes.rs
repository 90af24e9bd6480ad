//! In whose boxes records lie, where each record names its custodians: of the copy at hand, and of copies that were left out of the export since
//! they are the same message. The names are looked up when all participants of the file are known.

use super::people::People;
use crate::import::sink::{ChannelIx, Map, Sink};
use crate::model::HandleIx;
use crate::text;

/// Most different sets of custodians.
const SETS: usize = 1 << 18;
/// Most custodians of a record.
const NAMED: usize = 2000;

/// Custodians of the records of one file.
#[derive(Default)]
pub struct Boxes {
    names: Vec<String>,
    name_index: Map<String, u32>,
    /// Sets of names, and the set of the cells that were seen.
    sets: Vec<Vec<u32>>,
    cells: Map<Box<[u8]>, u32>,
    /// Rows of the sink, and their sets.
    rows: Vec<(u32, u32)>,
    /// Records whose custodians are more than can be told apart.
    lost: u64,
    key: Vec<u8>,
}

impl Boxes {
    /// The record that became a row of the sink lies in the boxes of the custodians that these cells name, apart by `;`.
    pub fn hold(&mut self, row: usize, cells: [&[u8]; 2]) {
        if cells.iter().all(|c| c.is_empty()) {
            return;
        }
        self.key.clear();
        for cell in cells {
            self.key.extend_from_slice(cell);
            self.key.push(b';');
        }
        let set = match self.cells.get(self.key.as_slice()) {
            Some(set) => *set,
            None if self.sets.len() >= SETS => {
                self.lost += 1;
                return;
            }
            None => self.set(),
        };
        self.rows.push((u32::try_from(row).unwrap_or(u32::MAX), set));
    }

    fn set(&mut self) -> u32 {
        let mut set = Vec::new();
        for name in self.key.split(|b| *b == b';').map(<[u8]>::trim_ascii).filter(|c| !c.is_empty()).take(NAMED) {
            let name = text::clean_name(&String::from_utf8_lossy(name));
            let next = self.names.len() as u32;
            set.push(*self.name_index.entry(name).or_insert_with_key(|name| {
                self.names.push(name.clone());
                next
            }));
        }
        let ix = self.sets.len() as u32;
        self.sets.push(set);
        self.cells.insert(self.key.as_slice().into(), ix);
        ix
    }

    /// Tells the sink at the end. Who is met in the file under the name is that participant; others get a handle of their own.
    pub fn tell(&mut self, people: &mut People, channel: ChannelIx, sink: &mut Sink) {
        let owner = sink.source().owner_handle;
        let known = if self.names.is_empty() { Map::default() } else { people.by_words(sink) };
        let handles: Vec<Option<HandleIx>> = self
            .names
            .iter()
            .map(|name| match known.get(&super::people::words(name)) {
                Some(Some(met)) => Some(*met),
                _ => new(name, people, channel, sink),
            })
            .collect();
        if let [Some(only)] = handles.as_slice()
            && owner == Some(only.0)
        {
            // The source is theirs as a whole.
            return;
        }
        let of = |set: &Vec<u32>| set.iter().filter_map(|n| handles.get(*n as usize).copied().flatten()).collect::<Vec<HandleIx>>();
        let sets: Vec<_> = self.sets.iter().map(|set| sink.audience(&mut of(set))).collect();
        sink.boxes(self.rows.iter().filter_map(|(row, set)| Some((*row, *sets.get(*set as usize)?))));
        if self.lost > 0 {
            sink.notice("custodians_too_many", "Records whose set of custodians is one of too many: who holds them was not kept", self.lost);
        }
    }
}

/// Somebody who neither wrote nor was addressed under this name: `Roe, Ann` is Ann Roe.
fn new(name: &str, people: &mut People, channel: ChannelIx, sink: &mut Sink) -> Option<HandleIx> {
    let turned = name.split_once(',').filter(|(_, given)| !given.contains([',', '@'])).map(|(family, given)| format!("{} {}", given.trim(), family.trim()));
    people.handle(sink, channel, name.as_bytes(), turned.unwrap_or_default().as_bytes())
}
