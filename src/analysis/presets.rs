//! Retention rules as presets: facts from `presets.toml`, nothing decided here.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::answer::PolicySaid;
use crate::model::matter::Matter;

/// When the facts of all presets were last checked.
pub const LAST_CHECKED: &str = "2026-11";

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Id, as in `matter.toml`.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Citation.
    pub citation: String,
    /// Months to keep; `None` = no verified number.
    pub months: Option<u32>,
    /// Months in which records must be readily accessible.
    pub accessible: Option<u32>,
    /// What starts the clock.
    pub clock: String,
    /// How sure the facts are: `seen`, `known`, `open`.
    pub confidence: String,
}

#[derive(Deserialize)]
struct File {
    preset: Vec<Preset>,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| toml::from_str::<File>(include_str!("presets.toml")).map(|f| f.preset).unwrap_or_default());

/// All presets, in the order of the file.
#[must_use]
pub fn all() -> &'static [Preset] {
    &PRESETS
}

/// The preset with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Preset> {
    all().iter().find(|p| p.id == id)
}

/// The preset that sets the horizon of a matter: the first one known.
#[must_use]
pub fn of(matter: &Matter) -> Option<&'static Preset> {
    matter.policy.presets.iter().find_map(|id| find(id))
}

/// The preset in the words of the answers.
#[must_use]
pub fn said(preset: &Preset) -> PolicySaid {
    PolicySaid {
        id: preset.id.clone(),
        title: preset.title.clone(),
        citation: preset.citation.clone(),
        months: preset.months,
        last_checked: LAST_CHECKED.to_owned(),
        clock: preset.clock.clone(),
        accessible: preset.accessible,
        confidence: preset.confidence.clone(),
        ..PolicySaid::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_every_id_stands_once() {
        let mut ids: Vec<&str> = all().iter().map(|p| p.id.as_str()).collect();
        assert!(ids.len() >= 30, "only {} presets were read", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
    }

    #[test]
    fn a_rule_without_a_verified_number_sets_none() {
        for preset in all().iter().filter(|p| p.confidence == "open") {
            assert_eq!(preset.months, None, "{}", preset.id);
        }
        assert_eq!(find("uk-fca-sysc10a").unwrap().months, Some(60));
        assert_eq!(find("us-sec-17a4-b4").unwrap().accessible, Some(24));
    }
}
