//! Groups of people in charts and tables: no group of fewer people than the minimum is shown, and none can be worked out by subtracting
//! what is shown from the total. Small groups are merged into one; where that is still too small, or holds one group alone, the smallest of
//! the others joins it. Each person must stand in exactly one group.
//!
//! What that protects, and what it does not (the page says the same):
//! - Between filters: the groups are made from everything that was read, before dates and channels are chosen ([`divisions`](super::divisions)),
//!   so that all answers of one matter divide people the same way. Whatever is added or subtracted between two filters is again the sum over
//!   whole groups, each of at least so many people.
//! - Between divisions: two ways of dividing the same people can be compared. One turn on one day in Sales, in Oslo and by a Director may be
//!   one person, however large each group is; no merging short of dividing by all three at once prevents that. So the answers hold one
//!   division, chosen in the matter by those who may change its settings, and no other is computed. Who changes it and compares learns more,
//!   and so does who holds two reports made by two divisions.
//! - Not protected: that a group has none (all its people have none), and what changes when files, lists, decisions or the minimum change.
//!   Views that name people (coverage, leavers) give figures of persons to those who may read names.

use std::collections::BTreeMap;

/// Name of the merged group.
pub const OTHER: &str = "Other";

/// A group of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Name; empty = not stated.
    pub name: String,
    /// People in it. Values of a group must rest on these people only.
    pub people: u64,
    /// People on the list who belong to it, concerned or not; 0 where nobody counts them. That nobody of a small group is concerned says
    /// something of each of them: it is small all the same.
    pub listed: u64,
    /// Counts that add up over groups, the same number in each.
    pub values: Vec<u64>,
}

/// What may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Groups as they may be shown, in the order given; the merged one last, named [`OTHER`].
    pub groups: Vec<Group>,
    /// Names of the groups merged into [`OTHER`], in the order given. That they exist is no secret, their numbers are.
    pub merged: Vec<String>,
    /// All groups together are fewer people than the minimum: nothing may be shown, no total either.
    pub withheld: bool,
}

/// Whether a group concerns nobody and holds nothing.
fn empty(group: &Group) -> bool {
    group.people == 0 && group.values.iter().all(|v| *v == 0)
}

/// Whether a group may not be seen alone.
fn small(group: &Group, least: u64) -> bool {
    let none = empty(group) && (group.listed == 0 || group.listed >= least);
    group.people < least && !none
}

/// What may be shown of groups with at least `least` people each. Groups of one name are one group.
#[must_use]
pub fn shown(groups: Vec<Group>, least: u64) -> Shown {
    let groups = by_name(groups);
    let total: u64 = groups.iter().map(|g| g.people).sum();
    if !groups.iter().any(|g| small(g, least)) {
        return Shown { groups, ..Shown::default() };
    }
    if total < least {
        return Shown { withheld: true, ..Shown::default() };
    }
    let mut hidden: Vec<bool> = groups.iter().map(|g| small(g, least)).collect();
    // The smallest of the others, by people, then by place: the same for the same groups.
    let mut order: Vec<usize> = (0..groups.len()).filter(|ix| groups.get(*ix).is_some_and(|g| g.people >= least)).collect();
    order.sort_by_key(|ix| (groups.get(*ix).map_or(0, |g| g.people), *ix));
    let mut order = order.into_iter();
    loop {
        let parts = hidden.iter().filter(|h| **h).count();
        let people: u64 = groups.iter().zip(&hidden).filter(|(_, h)| **h).map(|(g, _)| g.people).sum();
        if parts == 0 || parts > 1 && people >= least {
            break;
        }
        match order.next().and_then(|ix| hidden.get_mut(ix)) {
            Some(slot) => *slot = true,
            // One small group and nobody beside it: its total says it all.
            None if parts == 1 => return Shown { withheld: true, ..Shown::default() },
            None => break,
        }
    }
    // A group that happens to bear the name of the merged one belongs to it, else two rows would read the same.
    if hidden.iter().any(|h| *h) {
        groups.iter().zip(&mut hidden).filter(|(g, _)| g.name == OTHER).for_each(|(_, h)| *h = true);
    }
    let mut out = Shown::default();
    let mut other: Option<Group> = None;
    for (group, hidden) in groups.into_iter().zip(hidden) {
        if hidden {
            out.merged.push(group.name.clone());
            add(other.get_or_insert_with(|| Group { name: OTHER.to_owned(), ..Group::default() }), &group);
        } else {
            out.groups.push(group);
        }
    }
    out.groups.extend(other);
    out
}

/// Groups of the same name together, at the place of the first.
fn by_name(groups: Vec<Group>) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::with_capacity(groups.len());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for group in groups {
        match places.get(&group.name).and_then(|ix| out.get_mut(*ix)) {
            Some(known) => add(known, &group),
            None => {
                places.insert(group.name.clone(), out.len());
                out.push(group);
            }
        }
    }
    out
}

fn add(to: &mut Group, group: &Group) {
    to.people += group.people;
    to.listed += group.listed;
    if to.values.len() < group.values.len() {
        to.values.resize(group.values.len(), 0);
    }
    for (sum, value) in to.values.iter_mut().zip(&group.values) {
        *sum += value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn group(name: &str, people: u64, values: &[u64]) -> Group {
        Group { name: name.to_owned(), people, values: values.to_vec(), ..Group::default() }
    }

    fn names(shown: &Shown) -> Vec<(&str, u64)> {
        shown.groups.iter().map(|g| (g.name.as_str(), g.people)).collect()
    }

    #[test]
    fn small_groups_are_merged_and_a_single_one_takes_the_smallest_neighbour() {
        let two = shown(vec![group("Sales", 20, &[7]), group("Legal", 2, &[1]), group("Desk", 9, &[3]), group("Tax", 4, &[2])], 5);
        assert_eq!((names(&two), two.merged.as_slice()), (vec![("Sales", 20), ("Desk", 9), (OTHER, 6)], &["Legal".to_owned(), "Tax".to_owned()][..]));
        assert_eq!(two.groups[2].values, [3]);
        // Legal alone would be the total less the others.
        let one = shown(vec![group("Sales", 20, &[7]), group("Legal", 2, &[1]), group("Desk", 9, &[3])], 5);
        assert_eq!(names(&one), [("Sales", 20), (OTHER, 11)]);
        assert_eq!(one.merged, ["Legal", "Desk"]);
        let none = shown(vec![group("Sales", 20, &[7]), group("Desk", 9, &[3]), group("Empty", 0, &[0])], 5);
        assert_eq!((names(&none), none.merged.len()), (vec![("Sales", 20), ("Desk", 9), ("Empty", 0)], 0));
    }

    #[test]
    fn that_nobody_of_a_small_group_is_concerned_is_not_shown_either() {
        let with = |listed: u64| shown(vec![group("Sales", 20, &[7]), group("Desk", 9, &[3]), Group { listed, ..group("Legal", 0, &[0]) }], 5);
        assert_eq!(names(&with(2)), [("Sales", 20), (OTHER, 9)]);
        assert_eq!(names(&with(5)), [("Sales", 20), ("Desk", 9), ("Legal", 0)]);
    }

    #[test]
    fn too_few_people_are_not_shown_at_all() {
        let few = shown(vec![group("Legal", 2, &[1]), group("Tax", 2, &[2])], 5);
        assert!(few.withheld && few.groups.is_empty());
        assert_eq!(names(&shown(vec![group("Legal", 2, &[1]), group("Tax", 3, &[2])], 5)), [(OTHER, 5)]);
        assert!(!shown(Vec::new(), 5).withheld);
        // Values without people are somebody's.
        assert!(shown(vec![group("Ghost", 0, &[9])], 5).withheld);
        assert_eq!(names(&shown(vec![group("Ghost", 0, &[9]), group("Sales", 8, &[1])], 5)), [(OTHER, 8)]);
        assert_eq!(names(&shown(vec![group("A", 3, &[1]), group("A", 3, &[1])], 5)), [("A", 6)], "one name is one group");
        let named = shown(vec![group("Other", 30, &[1]), group("Legal", 2, &[1]), group("Tax", 4, &[1]), group("Sales", 9, &[1])], 5);
        assert_eq!(names(&named), [("Sales", 9), (OTHER, 36)]);
    }

    proptest! {
        #[test]
        fn nothing_small_can_be_read_or_worked_out(
            given in proptest::collection::vec((0..9u64, 0..30u64, 0..9u64, proptest::collection::vec(0..100u64, 2)), 0..9), least in 1..8u64
        ) {
            let groups: Vec<Group> = given
                .iter()
                .map(|(name, people, more, values)| {
                    // Nobody concerned, nothing counted.
                    let values: Vec<u64> = values.iter().map(|v| if *people == 0 { 0 } else { *v }).collect();
                    Group { listed: people + more, ..group(&name.to_string(), *people, &values) }
                })
                .collect();
            let whole = by_name(groups.clone());
            let out = shown(groups, least);
            let total = |list: &[Group]| list.iter().fold((0, vec![0; 2]), |(p, v), g| (p + g.people, v.iter().zip(&g.values).map(|(a, b)| a + b).collect::<Vec<u64>>()));
            if out.withheld {
                // Only where no merging could help.
                prop_assert!(out.groups.is_empty() && out.merged.is_empty());
                prop_assert!(total(&whole).0 < least || whole.len() == 1);
                return Ok(());
            }
            prop_assert!(whole.is_empty() || total(&out.groups) == total(&whole), "what is shown adds up to the total");
            for row in out.groups.iter().filter(|g| g.people == 0) {
                prop_assert!(row.listed == 0 || row.listed >= least, "that nobody of {row:?} is concerned says something of few");
            }
            let live: Vec<&Group> = out.groups.iter().filter(|g| g.people > 0).collect();
            // Whatever is added up or taken from the total, the people behind it are none or enough: rows are whole groups.
            for choice in 1u32..1 << live.len() {
                let people: u64 = (0u32..).zip(&live).filter(|(bit, _)| choice >> bit & 1 == 1).map(|(_, g)| g.people).sum();
                prop_assert!(people >= least, "{people} people in {live:?}");
            }
            let small: Vec<&Group> = whole.iter().filter(|g| small(g, least)).collect();
            for hidden in &small {
                prop_assert!(out.merged.contains(&hidden.name) && out.groups.iter().all(|g| g.name != hidden.name || g.name == OTHER));
            }
            prop_assert!(out.merged.len() != 1, "a merged group never stands for one group alone");
            // No more is hidden than needed: at most one large group more than what reaches the minimum.
            let large = out.merged.len() - small.len();
            prop_assert!(large <= 1 && (large == 0 || small.len() == 1 || small.iter().map(|g| g.people).sum::<u64>() < least));
        }

        #[test]
        fn the_order_of_groups_changes_nothing_but_the_order(people in proptest::collection::vec(0..12u64, 0..7)) {
            let groups: Vec<Group> = (0u64..).zip(&people).map(|(n, p)| group(&n.to_string(), *p * 7 + n, &[*p])).collect();
            let sorted = |s: Shown| { let mut g = s.groups; g.sort_by(|a, b| a.name.cmp(&b.name)); let mut m = s.merged; m.sort(); (g, m, s.withheld) };
            let mut back = groups.clone();
            back.reverse();
            prop_assert_eq!(sorted(shown(groups, 5)), sorted(shown(back, 5)));
        }
    }
}
