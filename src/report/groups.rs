//! Words of the groups of employees, the same on the page and on paper. What may be shown was decided before (`analysis::groups`).

use super::phrase::{count, grouped};
use crate::model::answer::{GroupRow, Groups};

/// What is protected and what is not, below every table of groups.
pub const PROTECTED: &str = "Groups are made from all that was read, whatever dates and channels are chosen: comparing filters shows no smaller group. \
    One division is shown in a matter, since two can be compared with each other; it is chosen by those who may change its settings. \
    Not protected: what changes when the division, the lists, the files or the smallest group are changed in between, and that nobody of a group is concerned.";

/// `departments`.
#[must_use]
pub fn many(groups: &Groups) -> &'static str {
    match groups.by.as_str() {
        "region" => "regions",
        "grade" => "grades",
        _ => "departments",
    }
}

/// Name of a group for people.
#[must_use]
pub fn name(groups: &Groups, row: &GroupRow) -> String {
    match row.name.as_str() {
        "" => "Not stated".to_owned(),
        "Other" if groups.merged > 0 => format!("Other ({} {})", grouped(groups.merged), many(groups)),
        name => name.to_owned(),
    }
}

/// Turns of all groups in scope.
#[must_use]
pub fn total(groups: &Groups) -> u64 {
    groups.rows.iter().map(|row| row.off_client_turns).sum()
}

/// What was counted, in a sentence.
#[must_use]
pub fn about(groups: &Groups) -> String {
    if groups.withheld {
        return format!("Not shown, neither by {} nor in all: fewer than {} of the people list wrote to clients there.", groups.by, employees(groups));
    }
    format!(
        "Client turns that employees of the people list wrote over accounts the firm does not keep, by {}: {} in all.",
        groups.by,
        count(total(groups), "turn", "turns")
    )
}

fn employees(groups: &Groups) -> String {
    count(u64::from(groups.least), "employee", "employees")
}

/// Why groups stand together; empty when none do.
#[must_use]
pub fn merged(groups: &Groups) -> String {
    if groups.merged == 0 {
        return String::new();
    }
    format!(
        "{} {} are shown together as Other, so that no group of fewer than {} can be read or worked out.",
        grouped(groups.merged),
        many(groups),
        employees(groups)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_told_with_what_was_merged_and_why() {
        let row = |name: &str, turns| GroupRow { name: name.into(), people: 6, off_client_turns: turns, share: None };
        let mut groups = Groups { by: "region".into(), least: 5, rows: vec![row("Oslo", 40), row("", 2), row("Other", 1)], merged: 3, ..Groups::default() };
        assert_eq!(groups.rows.iter().map(|r| name(&groups, r)).collect::<Vec<_>>(), ["Oslo", "Not stated", "Other (3 regions)"]);
        assert!(about(&groups).ends_with("by region: 43 turns in all.") && merged(&groups).starts_with("3 regions are shown together"));
        assert!(merged(&groups).contains("fewer than 5 employees"));
        (groups.withheld, groups.merged) = (true, 0);
        groups.rows.clear();
        assert!(about(&groups).starts_with("Not shown") && !about(&groups).contains("0 turns") && merged(&groups).is_empty());
    }
}
