//! Message ids and what they tell of absent mail: replies whose parent is not held, ancestors missing between held ones.

use crate::import::sink::Map;

/// Most ids of `References` lists kept for the search of gaps (8 bytes each).
const LIST_LIMIT: usize = 4 << 20;

/// The ids of a field, oldest first: what stands between `<` and `>` without blanks.
pub fn ids(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|b| *b == b'<').skip(1).filter_map(|piece| {
        let id = piece.get(..memchr::memchr(b'>', piece)?)?.trim_ascii();
        (!id.is_empty() && !id.iter().any(u8::is_ascii_whitespace)).then_some(id)
    })
}

/// FNV-1a: the same on every machine, for keys that travel.
#[must_use]
pub fn fingerprint(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for part in parts {
        for b in part.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// Ids seen in one file, as fingerprints.
#[derive(Default)]
pub struct Chains {
    held: Map<u64, ()>,
    parents: Vec<u64>,
    lists: Vec<u64>,
    /// End in `lists`, time and offset of the message.
    ends: Vec<(usize, i64, u64)>,
    /// Lists left out because of the limit: all from the first that is beyond it.
    pub dropped: u64,
}

/// Ancestors that are absent while older and younger ones of the same list are held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Absent {
    /// How many different ones.
    pub ancestors: u64,
    /// First and last time of the messages that name them.
    pub span: Option<(i64, i64)>,
    /// Offset of the first message that names one.
    pub offset: u64,
    /// Replies whose parent is not held.
    pub parentless: u64,
}

impl Chains {
    /// A message with its id, its parent and its `References`; empty where it has none.
    pub fn message(&mut self, id: &[u8], parent: &[u8], references: &[u64], time: i64, offset: u64) {
        if !id.is_empty() {
            self.held.insert(fingerprint(&[id]), ());
        }
        if !parent.is_empty() {
            self.parents.push(fingerprint(&[parent]));
        }
        // A gap needs an older and a younger neighbour.
        if references.len() < 3 {
            return;
        }
        self.list(references, time, offset);
    }

    fn list(&mut self, references: &[u64], time: i64, offset: u64) {
        if self.dropped > 0 || self.lists.len() + references.len() > LIST_LIMIT {
            self.dropped += 1;
            return;
        }
        self.lists.extend_from_slice(references);
        self.ends.push((self.lists.len(), time, offset));
    }

    /// The lists with time and offset of their messages.
    fn lists(&self) -> impl Iterator<Item = (&[u64], i64, u64)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|e| e.0));
        starts.zip(&self.ends).map(|(start, (end, time, offset))| (self.lists.get(start..*end).unwrap_or_default(), *time, *offset))
    }

    /// All of it as numbers, for a section of a mailbox.
    pub fn keep(&self, out: &mut Vec<u64>) {
        let mut held: Vec<u64> = self.held.keys().copied().collect();
        held.sort_unstable();
        out.extend([held.len() as u64, self.parents.len() as u64, self.ends.len() as u64, self.dropped]);
        out.extend(held);
        out.extend_from_slice(&self.parents);
        for (list, time, offset) in self.lists() {
            out.extend([list.len() as u64, time.cast_unsigned(), offset]);
            out.extend_from_slice(list);
        }
    }

    /// Takes the numbers of the next section; `None` when there are too few.
    pub fn absorb(&mut self, numbers: &mut impl Iterator<Item = u64>) -> Option<()> {
        let (held, parents, lists, dropped) = (numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?);
        for _ in 0..held {
            self.held.insert(numbers.next()?, ());
        }
        for _ in 0..parents {
            self.parents.push(numbers.next()?);
        }
        let mut list = Vec::new();
        for _ in 0..lists {
            let (len, time, offset) = (numbers.next()?, numbers.next()?.cast_signed(), numbers.next()?);
            list.clear();
            for _ in 0..len {
                list.push(numbers.next()?);
            }
            self.list(&list, time, offset);
        }
        self.dropped += dropped;
        Some(())
    }

    /// What is absent.
    #[must_use]
    pub fn absent(&self) -> Absent {
        let held = |id: &u64| self.held.contains_key(id);
        let mut out = Absent { parentless: self.parents.iter().filter(|p| !held(p)).count() as u64, ..Absent::default() };
        let mut distinct: Vec<u64> = Vec::new();
        for (list, time, offset) in self.lists() {
            let (Some(first), Some(last)) = (list.iter().position(held), list.iter().rposition(held)) else { continue };
            let before = distinct.len();
            distinct.extend(list.get(first..last).unwrap_or_default().iter().filter(|id| !held(id)));
            if distinct.len() > before {
                out.offset = if before == 0 { offset } else { out.offset };
                let (a, b) = out.span.unwrap_or((time, time));
                out.span = Some((a.min(time), b.max(time)));
            }
        }
        distinct.sort_unstable();
        distinct.dedup();
        out.ancestors = distinct.len() as u64;
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_in_angle_brackets() {
        assert_eq!(ids(b"Your mail of <a@b> and\r\n <c@d>, <bro ken>, <>x").collect::<Vec<_>>(), [&b"a@b"[..], b"c@d"]);
        assert_eq!(ids(b"someone@yahoo.com").count(), 0);
    }

    #[test]
    fn an_absent_ancestor_between_held_ones_is_a_gap() {
        let f = |id: &[u8]| fingerprint(&[id]);
        let mut chains = Chains::default();
        chains.message(b"a", b"", &[], 1, 0);
        chains.message(b"c", b"b", &[], 2, 10);
        chains.message(b"d", b"c", &[f(b"z"), f(b"a"), f(b"b"), f(b"c")], 3, 20);
        chains.message(b"e", b"c", &[f(b"a"), f(b"b"), f(b"c")], 4, 30);
        assert_eq!(chains.absent(), Absent { ancestors: 1, span: Some((3, 4)), offset: 20, parentless: 1 });
    }
}
