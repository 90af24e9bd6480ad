//! Names in the history that LINE for computers saves: `22:01 Ben Okoro see you`, where a blank ends the name and stands in it too.

use std::collections::{BTreeMap, BTreeSet};

/// Words a name may have.
const MOST: usize = 4;
/// Most names.
const LIMIT: usize = 500;

/// Names learnt from the lines of a file, longest first.
#[derive(Debug, Default)]
pub struct Names(Vec<String>);

impl Names {
    /// From what follows the time in each line, and a name known from the title.
    pub fn learn<'a>(lines: impl Iterator<Item = &'a str> + Clone, known: Option<&str>) -> Self {
        let mut names: BTreeSet<String> = known.into_iter().map(str::to_owned).collect();
        // A line that ends with a placeholder is a name and nothing else.
        names.extend(lines.clone().filter_map(super::phrases::before_placeholder).filter(|n| n.split(' ').count() <= MOST).map(str::to_owned));
        let told: Vec<String> = names.iter().cloned().collect();
        let unknown = |l: &&str| !told.iter().any(|n| l.strip_prefix(n.as_str()).is_some_and(|r| r.starts_with(' ')));
        let mut by_first: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
        for line in lines.filter(unknown) {
            let words: Vec<&str> = line.split(' ').take(MOST + 1).collect();
            if let (Some(first), true) = (words.first(), words.len() > 1) {
                by_first.entry(first).or_default().push(words);
            }
        }
        for (first, lines) in by_first {
            // A word that begins one line only may be the first of a notice.
            if lines.len() >= 2 {
                names.insert(common(first, &lines));
            }
        }
        let mut list: Vec<String> = names.into_iter().collect();
        list.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        list.truncate(LIMIT);
        Self(list)
    }

    /// Name and text of a line.
    pub fn split<'a>(&self, rest: &'a str) -> Option<(&'a str, &'a str)> {
        self.0.iter().find_map(|name| {
            let text = rest.strip_prefix(name.as_str())?.strip_prefix(' ')?;
            Some((rest.get(..name.len())?, text))
        })
    }
}

/// The words all lines have in common, leaving each a text.
fn common(first: &str, lines: &[Vec<&str>]) -> String {
    let mut name = first.to_owned();
    for n in 1..MOST {
        let Some(word) = lines.first().and_then(|l| l.get(n)) else { break };
        if !lines.iter().all(|l| l.get(n) == Some(word) && l.len() > n + 1) {
            break;
        }
        name.push(' ');
        name.push_str(word);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_lines_begin_with_alike() {
        let lines = ["Ben Okoro hi there", "Ben Okoro are you in", "Ana yes", "Ana no", "Mira Solberg Stickers", "Mira Solberg ok"];
        let names = Names::learn(lines.into_iter(), None);
        assert_eq!(names.split("Ben Okoro hi there"), Some(("Ben Okoro", "hi there")));
        assert_eq!(names.split("Ana yes"), Some(("Ana", "yes")));
        assert_eq!(names.split("Mira Solberg ok"), Some(("Mira Solberg", "ok")));
        assert_eq!(names.split("Somebody else joined"), None);
    }
}
