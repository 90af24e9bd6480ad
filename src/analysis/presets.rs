//! Retention rules: presets from `presets.toml`, and the rules of the matter, which go before them. Facts only, nothing decided here.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::answer::PolicySaid;
use crate::model::matter::{CLOCKS, Matter, Rule};

/// One rule. Texts are for people; numbers are months.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
    /// Months after which records must go.
    pub maximum: Option<u32>,
    /// Months to keep where the authority asks.
    pub extended: Option<u32>,
    /// What starts the clock: a word of [`CLOCKS`].
    pub clock: String,
    /// `worm_or_audit_trail`, `durable_unaltered`, `any`.
    pub medium: String,
    /// Who must keep.
    pub applies_to: String,
    /// Which messages.
    pub scope: String,
    /// What else the rule says.
    pub note: String,
    /// Where it can be read.
    pub url: String,
    /// When the facts were last checked.
    pub last_checked: String,
    /// How sure the facts are: `seen`, `known`, `open`; `edited` for a rule of the matter.
    pub confidence: String,
    /// It limits keeping and looking, and asks for no record.
    pub limits: bool,
    /// The rule itself asks that completeness be checked.
    pub completeness: bool,
}

/// When a period begins to run, as far as an archive can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// When the record was made.
    Created,
    /// At the end of the year in which it was made; the month in which that year begins, 1 to 12.
    YearEnd(u32),
    /// At an event of which no list tells the day.
    Event,
}

impl Preset {
    /// When its period begins to run, for a firm whose fiscal year begins in this month.
    #[must_use]
    pub fn clock(&self, fiscal_year_month: u32) -> Clock {
        match self.clock.as_str() {
            "created" | "" => Clock::Created,
            "calendar_year_end" => Clock::YearEnd(1),
            "fiscal_year_end" => Clock::YearEnd(fiscal_year_month.clamp(1, 12)),
            _ => Clock::Event,
        }
    }

    /// The clock in words.
    #[must_use]
    pub fn clock_words(&self) -> &str {
        let known = CLOCKS.iter().find(|(word, _)| *word == self.clock).map(|(_, words)| *words);
        known.unwrap_or(if self.clock.is_empty() { "the day the record was made" } else { &self.clock })
    }

    /// A rule of the matter. Texts left out are those of the preset it replaces; numbers are its own.
    fn of(rule: &Rule) -> Self {
        let old = find(&rule.id).cloned().unwrap_or_default();
        let text = |own: &String, old: String| if own.is_empty() { old } else { own.clone() };
        let title = text(&rule.title, old.title);
        Self {
            title: if title.is_empty() { rule.id.clone() } else { title },
            id: rule.id.clone(),
            citation: text(&rule.citation, old.citation),
            months: rule.months,
            accessible: rule.accessible,
            maximum: rule.maximum,
            clock: text(&rule.clock, old.clock),
            scope: text(&rule.scope, old.scope),
            url: text(&rule.url, old.url),
            last_checked: text(&rule.last_checked, old.last_checked),
            confidence: "edited".to_owned(),
            limits: rule.months.is_none() && old.limits,
            extended: None,
            medium: old.medium,
            applies_to: old.applies_to,
            note: old.note,
            completeness: old.completeness,
        }
    }
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

/// All rules of a matter: its own ones first, then the presets they do not replace, each once.
#[must_use]
pub fn chosen(matter: &Matter) -> Vec<Preset> {
    let policy = &matter.policy;
    let mut out: Vec<Preset> = Vec::with_capacity(policy.rules.len() + policy.presets.len());
    for rule in policy.rules.iter().map(Preset::of).chain(policy.presets.iter().filter_map(|id| find(id).cloned())) {
        if !out.iter().any(|known| known.id == rule.id) {
            out.push(rule);
        }
    }
    out
}

/// Ids among the presets of a matter that nobody knows.
#[must_use]
pub fn unknown(matter: &Matter) -> Vec<&str> {
    let known = |id: &&String| find(id).is_some() || matter.policy.rules.iter().any(|r| r.id == **id);
    matter.policy.presets.iter().filter(|id| !known(id)).map(String::as_str).collect()
}

/// The rule in the words of the answers; what it requires is counted later.
#[must_use]
pub fn said(preset: &Preset) -> PolicySaid {
    PolicySaid {
        id: preset.id.clone(),
        title: preset.title.clone(),
        citation: preset.citation.clone(),
        months: preset.months,
        last_checked: preset.last_checked.clone(),
        clock: preset.clock_words().to_owned(),
        accessible: preset.accessible,
        maximum: preset.maximum,
        scope: preset.scope.clone(),
        url: preset.url.clone(),
        confidence: preset.confidence.clone(),
        medium: preset.medium.clone(),
        note: preset.note.clone(),
        limits: preset.limits,
        ..PolicySaid::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_every_id_stands_once() {
        let mut ids: Vec<&str> = all().iter().map(|p| p.id.as_str()).collect();
        assert!(ids.len() >= 43, "only {} presets were read", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all().len());
    }

    #[test]
    fn a_rule_without_a_verified_number_sets_none() {
        for preset in all().iter().filter(|p| p.confidence == "open" || p.limits) {
            assert_eq!((preset.months, preset.accessible, preset.maximum), (None, None, None), "{}", preset.id);
        }
        assert_eq!(find("uk-fca-sysc10a").unwrap().months, Some(60));
        assert_eq!(find("us-sec-17a4-b4").unwrap().accessible, Some(24));
    }

    #[test]
    fn every_row_says_all_an_auditor_asks_and_opens_a_reference() {
        for p in all() {
            for (what, text) in
                [("title", &p.title), ("citation", &p.citation), ("scope", &p.scope), ("applies_to", &p.applies_to), ("checked", &p.last_checked)]
            {
                assert!(!text.is_empty() && text.len() < 400, "{}: {what}", p.id);
            }
            assert!(p.url.starts_with("https://") && !p.url.contains([' ', '"', '<', '>']), "{}: {}", p.id, p.url);
            assert!(CLOCKS.iter().any(|(word, _)| *word == p.clock), "{}: {}", p.id, p.clock);
            assert!(["any", "worm_or_audit_trail", "durable_unaltered"].contains(&p.medium.as_str()), "{}", p.id);
            assert!(["seen", "known", "open"].contains(&p.confidence.as_str()), "{}", p.id);
            assert!(p.accessible <= p.months && p.extended.is_none_or(|e| Some(e) > p.months), "{}", p.id);
            let told = [&p.title, &p.scope, &p.note].map(|t| t.to_lowercase());
            assert!(told.iter().all(|t| !t.contains("complian")), "{}: nothing is ever called compliant", p.id);
        }
    }

    #[test]
    fn rules_of_the_matter_go_first_and_replace_presets() {
        let mut m = Matter::default();
        m.policy.presets = ["us-finra-4511", "uk-fca-sysc10a", "us-finra-4511", "no-such"].map(str::to_owned).to_vec();
        m.policy.rules.push(Rule { id: "uk-fca-sysc10a".to_owned(), months: Some(84), ..Rule::default() });
        m.policy.rules.push(Rule { id: "own".to_owned(), ..Rule::default() });
        let rules = chosen(&m);
        assert_eq!(rules.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["uk-fca-sysc10a", "own", "us-finra-4511"]);
        assert_eq!((rules[0].months, rules[0].confidence.as_str(), rules[0].citation.is_empty()), (Some(84), "edited", false));
        assert_eq!((rules[1].title.as_str(), rules[1].clock(1)), ("own", Clock::Created));
        assert_eq!(unknown(&m), ["no-such"]);
    }
}
