//! The laboratory of streams as the audit sees it: every world is put through the sink as readers put files, merged, answered and measured.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::import::sink::{Body, ChannelIx, Clock, Draft, Id, Sink};
use crate::model::HandleIx;
use crate::model::batch::Batch;
use crate::model::ledger::{Basis, Decided};
use crate::model::message::{ConversationKind, Flags, Position};
use crate::sample::streams::flow::Note;
use crate::sample::streams::measure::{Lab, measure, right};
use crate::sample::streams::world::{CONTACTS, World, key};
use crate::sample::streams::{CHANNELS, OWN, PEOPLE, plan};
use crate::time::{DAY, MINUTE};
use crate::workbench::Workbench;
use crate::workbench::learned::Signs;

/// Makes and reads all worlds of the plan, on as many threads as there are processors, and asks something of each. The order in which they are
/// done leaves no trace.
fn worlds<T: Send>(per_cell: usize, seed: u64, ask: impl Fn(&World, &mut Workbench) -> T + Sync) -> Vec<T> {
    let plan = plan(seed, per_cell);
    let parts: Vec<_> = plan.chunks(PEOPLE).collect();
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(n) else { break };
            let world = World::new(seed.wrapping_mul(1_000_003).wrapping_add(n as u64), part);
            let mut workbench = Workbench::default();
            workbench.put(0, batch(&world));
            workbench.set_matter(world.matter());
            let said = ask(&world, &mut workbench);
            if let Ok(mut done) = done.lock() {
                done.push((n, said));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(n, _)| *n);
    done.into_iter().map(|(_, said)| said).collect()
}

/// Measures all worlds of the plan.
pub fn measured(per_cell: usize, seed: u64) -> Lab {
    let ask = |world: &World, workbench: &mut Workbench| {
        let scope = workbench.matter().scope.clone();
        measure(world, &workbench.answer(&scope))
    };
    worlds(per_cell, seed, ask).into_iter().fold(Lab::default(), |mut all, lab| {
        all.add(lab);
        all
    })
}

/// What the audit knows of each silence that it calls a loss, and whether it is one.
pub fn signs(per_cell: usize, seed: u64) -> Vec<(Signs, bool)> {
    let ask = |world: &World, workbench: &mut Workbench| workbench.signs().iter().map(|(gap, signs)| (*signs, right(world, gap))).collect::<Vec<_>>();
    worlds(per_cell, seed, ask).into_iter().flatten().collect()
}

/// As readers would have read it.
fn batch(world: &World) -> Batch {
    let mut sink = Sink::new(None);
    for (channel, slug) in CHANNELS.iter().enumerate() {
        if channel == OWN {
            for (ix, _) in world.people.iter().enumerate() {
                source(world, &mut sink, slug, channel, Some(ix));
            }
        } else {
            source(world, &mut sink, slug, channel, None);
        }
    }
    sink.finish()
}

fn source(world: &World, sink: &mut Sink, slug: &str, channel: usize, owner: Option<usize>) {
    let path = owner.map_or_else(|| format!("{slug}.csv"), |ix| format!("{slug}-{ix}.txt"));
    sink.open_source(&path, 0, "csv", slug);
    let on = sink.channel(slug);
    if let Some(person) = owner.and_then(|ix| world.people.get(ix).map(|_| ix)) {
        let handle = sink.handle(on, &key(slug, person, None));
        let source = sink.source();
        source.owner = Some(Decided { value: key(slug, person, None), basis: Basis::Proven, why: String::new() });
        source.owner_handle = Some(handle.0);
        source.exported_at = Some(i64::from(world.office.last + 1) * DAY);
    }
    let mut place = 0;
    for (ix, person) in world.people.iter().enumerate().filter(|(ix, _)| owner.is_none_or(|o| o == *ix)) {
        let Some(stream) = person.streams.get(channel) else { continue };
        let me = sink.handle(on, &key(slug, ix, None));
        write(sink, on, slug, ix, me, &stream.notes, &mut place);
    }
    sink.close_source();
}

fn write(sink: &mut Sink, on: ChannelIx, slug: &str, person: usize, me: HandleIx, notes: &[Note], place: &mut u64) {
    let mail = slug == "email";
    for with in 0..CONTACTS {
        let mine: Vec<&Note> = notes.iter().filter(|n| n.with == with).collect();
        if mine.is_empty() {
            continue;
        }
        let other = sink.handle(on, &key(slug, person, Some(with)));
        let kind = if mail { ConversationKind::Thread } else { ConversationKind::Direct };
        let conversation = sink.conversation(on, &format!("{person}-{with}"), &format!("Client {person} {with}"), kind);
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members = vec![me.0.min(other.0), me.0.max(other.0)];
        }
        for note in mine {
            *place += 1;
            let (from, to) = if note.out { (me, other) } else { (other, me) };
            let audience = mail.then(|| sink.audience(&mut vec![to]));
            sink.record();
            sink.message(Draft {
                conversation,
                sender: Some(from),
                time: Clock::Utc(i64::from(note.day) * DAY + i64::from(note.minute) * MINUTE),
                event: None,
                flags: Flags::NONE,
                body: Body::Text(b"Noted, thanks."),
                id: Id::None,
                reply_to: Id::None,
                audience,
                position: Position::byte(*place * 64),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Answers;
    use crate::model::matter::Scope;
    use crate::sample::streams::report::Gate;
    use crate::sample::streams::{Kind, RATES};

    fn answers(world: &World) -> Answers {
        let mut workbench = Workbench::default();
        workbench.put(0, batch(world));
        workbench.set_matter(world.matter());
        let scope: Scope = workbench.matter().scope.clone();
        workbench.answer(&scope)
    }

    fn ranges() -> Vec<(Kind, usize)> {
        (0..12).map(|n| (Kind::Range(20), 3 + n % 2)).collect()
    }

    #[test]
    fn a_world_is_the_same_for_the_same_seed_and_everything_in_it_is_read() {
        let (a, b) = (World::new(3, &ranges()), World::new(3, &ranges()));
        assert_eq!(a.facts, b.facts);
        assert_eq!(batch(&a), batch(&b));
        assert_ne!(a.facts, World::new(4, &ranges()).facts);
        let answers = answers(&a);
        assert_eq!(answers.coverage.len(), 36, "a row for everyone on every channel");
        let read: u64 = answers.coverage.iter().map(|r| r.messages).sum();
        let written: u64 = a.people.iter().flat_map(|p| &p.streams).map(|s| s.notes.len() as u64).sum();
        assert_eq!(read, written, "every message counts for its person");
    }

    #[test]
    fn plants_take_something_out_and_streams_carry_what_their_class_says() {
        let world = World::new(5, &(0..40).map(|n| (Kind::Range(10), n % 5)).collect::<Vec<_>>());
        for fact in world.facts.iter().filter(|f| f.kind.loss()) {
            assert!(fact.removed > 0 && fact.days.0 <= fact.days.1, "{fact:?}");
        }
        for (class, rate) in RATES.iter().enumerate() {
            let mine: Vec<f64> = world.people.iter().filter(|p| p.class == class).map(|p| p.streams[p.target].per_day).collect();
            let mean = mine.iter().sum::<f64>() / mine.len() as f64;
            assert!(mean > 0.5 * rate && mean < 2.0 * rate, "class {class}: {mean}");
        }
    }

    #[test]
    fn what_is_planted_is_found_and_a_world_without_answers_finds_nothing() {
        let world = World::new(3, &ranges());
        let lab = measure(&world, &answers(&world));
        let found: u32 = lab.cells.iter().filter(|((k, _), _)| *k == Kind::Range(20)).map(|(_, c)| c.found).sum();
        assert!(found >= 10, "{found} of 12 long losses in busy streams\n{}", lab.details());
        let nothing = measure(&world, &Answers::default());
        assert_eq!(nothing.cells.values().map(|c| c.found).sum::<u32>(), 0);
        assert!(nothing.gates().iter().any(|g| !g.met()), "nothing measured is no gate met");
    }

    #[test]
    fn a_gate_says_what_was_wanted() {
        assert!(Gate::least("a", Some(0.95), 0.95).met() && !Gate::least("a", Some(0.94), 0.95).met());
        assert!(Gate::most("a", Some(0.05), 0.05).met() && !Gate::most("a", None, 0.05).met());
        assert!(Gate::most("false alarms", Some(0.2), 0.05).to_string().contains("NOT MET (0.2000, wanted at most 0.05)"));
    }
}
