//! Explaining a gap: from the gap as the answers show it to days of a custodian on a channel, which stay the same when gaps are counted anew.

use super::Workbench;
use crate::model::answer::Gap;
use crate::model::decision::{Cause, Explanation, NOTE};
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
        let [note, by, at] = why;
        let made = Explanation { custodian, channel, conversation, from, to, kind, note: clean(&note, NOTE), by: clean_name(&by), at: clean_name(&at) };
        self.change_matter(|matter| {
            matter.explained.retain(|old| {
                (&old.custodian, &old.channel, &old.conversation, old.from, old.to) != (&made.custodian, &made.channel, &made.conversation, made.from, made.to)
            });
            matter.explained.push(made);
        });
        true
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
