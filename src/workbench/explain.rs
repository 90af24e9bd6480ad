//! Explaining a gap: from the gap as the answers show it to days of a custodian on a channel, which stay the same when gaps are counted anew.

use super::Workbench;
use crate::analysis::identity::lists::name_of;
use crate::model::answer::Gap;
use crate::model::decision::{Cause, Explanation, NOTE, mark};
use crate::model::matter::Matter;
use crate::text::{clean, clean_name, folded};
use crate::time::parse_day;

impl Workbench {
    /// Explains the days of a gap of the present answers; `why`: note, who, when. The explanation of the same days before it is
    /// replaced. `false` when it cannot be: leave is of a known person, and leave and closures have days.
    pub fn explain(&mut self, gap: &Gap, kind: Cause, why: [String; 3]) -> bool {
        let day = |text: &Option<String>| text.as_deref().and_then(parse_day);
        let (from, to) = (day(&gap.from), day(&gap.to));
        let custodian = reference(self.matter(), gap);
        if kind.is_calendar() && (from.is_none() || to.is_none()) || kind == Cause::Leave && custodian.is_empty() {
            return false;
        }
        // Leave and closures hold for all channels.
        let (channel, conversation) = match gap.conversation_id.as_deref().and_then(|id| self.conversation(id)) {
            _ if kind.is_calendar() => Default::default(),
            Some((channel, key)) => (channel, key),
            None => (gap.channel.clone(), String::new()),
        };
        let owner = if kind.is_calendar() || !custodian.is_empty() { String::new() } else { self.owner(gap) };
        let [note, by, at] = why;
        let made = Explanation { custodian, owner, channel, conversation, from, to, kind, note: clean(&note, NOTE), by: clean_name(&by), at: clean_name(&at) };
        self.change_matter(|matter| {
            matter.explained.retain(|old| {
                (&old.custodian, &old.owner, &old.channel, &old.conversation, old.from, old.to)
                    != (&made.custodian, &made.owner, &made.channel, &made.conversation, made.from, made.to)
            });
            matter.explained.push(made);
        });
        true
    }

    /// The mark of the handle whose exports a gap concerns, where that is nobody on the lists. Two of one name are told apart by the
    /// files the gap points to.
    fn owner(&mut self, gap: &Gap) -> String {
        let Some(name) = gap.owner.as_deref() else { return String::new() };
        let dataset = self.dataset();
        let owners = dataset.sources.iter().filter_map(|s| Some((s, dataset.handles.get(s.owner_handle? as usize)?)));
        let mut named: Vec<_> = owners.filter(|(s, h)| s.channel == gap.channel && name_of(h) == name).collect();
        named.sort_by_key(|(s, _)| !gap.evidence.iter().any(|e| e.source == s.path));
        named.first().map(|(_, h)| mark(&h.channel, &h.key)).unwrap_or_default()
    }

    /// Takes the explanation with this number back.
    pub fn take_back(&mut self, number: usize) {
        self.change_matter(|matter| {
            if number < matter.explained.len() {
                matter.explained.remove(number);
            }
        });
    }
}

/// How the lists name the custodian of a gap: by what is nobody else's, the id first. Without a people list by name.
fn reference(matter: &Matter, gap: &Gap) -> String {
    let Some(people) = &matter.people else { return gap.custodian.clone() };
    let number = gap.person.as_deref().and_then(|id| id.strip_prefix('p')?.parse::<usize>().ok()?.checked_sub(1));
    let Some((number, person)) = number.and_then(|ix| Some((ix, people.get(ix)?))) else { return String::new() };
    let known = |ix: usize, name: &str| people.get(ix).is_some_and(|p| [&p.id, &p.name].into_iter().chain(&p.emails).any(|known| folded(known) == name));
    let alone = |name: &&String| {
        let name = folded(name);
        !name.is_empty() && !(0..people.len()).any(|ix| ix != number && known(ix, &name))
    };
    std::iter::once(&person.id).chain(&person.emails).chain([&person.name]).find(alone).unwrap_or(&person.name).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Batch;
    use crate::model::answer::Evidence;
    use crate::model::batch::Handle;
    use crate::model::ledger::Source;

    #[test]
    fn an_owner_nobody_knows_is_kept_by_his_mark_even_beside_one_of_the_same_name() {
        let mut batch = Batch::default();
        for (n, key) in (0u32..).zip(["+441632960001", "+441632960002"]) {
            batch.tables.handles.push(Handle { channel: "sms".into(), key: key.into(), name: "Ana".into(), ..Handle::default() });
            let path = format!("{n}.xml");
            batch.tables.sources.push(Source { name: path.clone(), path, channel: "sms".into(), owner_handle: Some(n), ..Source::default() });
        }
        let mut workbench = Workbench::default();
        workbench.put(1, batch);
        let gap = |n: u32| Gap {
            owner: Some("Ana".into()),
            channel: "sms".into(),
            class: "A".into(),
            from: Some("2026-03-03".into()),
            to: Some("2026-03-18".into()),
            evidence: vec![Evidence { source: format!("{n}.xml"), ..Evidence::default() }],
            ..Gap::default()
        };
        assert!((0..2).all(|n| workbench.explain(&gap(n), Cause::Deletion, Default::default())));
        let said: Vec<&str> = workbench.matter().explained.iter().map(|e| e.owner.as_str()).collect();
        assert_eq!(said, [mark("sms", "+441632960001"), mark("sms", "+441632960002")], "one does not replace the other");
        assert_ne!(Gap { owner: Some("Karl".into()), ..gap(0) }.place(), gap(0).place());
        // A file from before it was said.
        let old = serde_json::to_string(&Explanation::default()).unwrap();
        assert!(!old.contains("owner") && serde_json::from_str::<Explanation>(&old).unwrap() == Explanation::default());
    }
}
