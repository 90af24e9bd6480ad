use super::measure::measure;
use super::report::Gate;
use super::world::World;
use super::*;
use crate::model::Answers;
use crate::model::matter::Scope;
use crate::workbench::Workbench;

fn answers(world: &World) -> Answers {
    let mut workbench = Workbench::default();
    workbench.put(0, world.batch());
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
    assert_eq!(a.batch(), b.batch());
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
