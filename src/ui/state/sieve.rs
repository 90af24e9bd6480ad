//! What the coverage view shows and how it is laid out: filters of gaps, the division, the order of the list. It stands in the URL and
//! every link into that view keeps it; nothing is counted anew for it.

use leptos_router::params::ParamsMap;

use crate::model::answer::Gap;

/// The choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sieve {
    /// Classes of gaps that are shown, `A` to `U`; empty = all.
    pub classes: Vec<String>,
    /// Severities that are shown; empty = all.
    pub severities: Vec<String>,
    /// Rules whose gaps and rows are shown, by the words of `marks::rules`; empty = whatever requires them.
    pub rules: Vec<String>,
    /// What custodians are grouped by: the word of the division, or nothing.
    pub group: String,
    /// Column by which the list of gaps is sorted, with `-` in front when it descends; empty = most severe first.
    pub sort: String,
}

const NAMES: [&str; 5] = ["class", "severity", "rule", "group", "sort"];

impl Sieve {
    /// From the URL.
    pub(super) fn of(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
        let list = |name: &str| text(name).split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let [class, severity, rule, group, sort] = NAMES;
        Self { classes: list(class), severities: list(severity), rules: list(rule), group: text(group), sort: text(sort) }
    }

    /// Names and values for the URL, empty ones too.
    pub(super) fn pairs(&self) -> [(&'static str, String); 5] {
        let [class, severity, rule, group, sort] = NAMES;
        let lists = [&self.classes, &self.severities, &self.rules].map(|list| list.join(","));
        let [classes, severities, rules] = lists;
        [(class, classes), (severity, severities), (rule, rules), (group, self.group.clone()), (sort, self.sort.clone())]
    }

    /// Whether gaps are left out.
    #[must_use]
    pub const fn narrows(&self) -> bool {
        self.sorts_out() || !self.rules.is_empty()
    }

    /// Whether gaps are left out for what they are.
    #[must_use]
    pub const fn sorts_out(&self) -> bool {
        !self.classes.is_empty() || !self.severities.is_empty()
    }

    /// Whether class and severity of a gap are chosen. What the rules chosen require: `marks::rules`.
    #[must_use]
    pub fn takes(&self, gap: &Gap) -> bool {
        let among = |list: &[String], word: &str| list.is_empty() || list.iter().any(|known| known == word);
        among(&self.classes, &gap.class) && among(&self.severities, &gap.severity)
    }
}
