//! Spans of time in English words, as programs write them for timers.

/// `1 week`, `8 hours`, `30 seconds` in seconds; 0 when there is none. A month counts 30 days, a year 365.
#[must_use]
pub fn seconds(words: &str) -> u64 {
    const UNITS: &[(&str, u64)] =
        &[("year", 31_536_000), ("month", 2_592_000), ("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut list = words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).peekable();
    while let Some(word) = list.next() {
        let (Ok(n), Some(unit)) = (word.parse::<u64>(), list.peek()) else { continue };
        if let Some((_, each)) = UNITS.iter().find(|(name, _)| unit.starts_with(name)) {
            return n.saturating_mul(*each);
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_from_words() {
        assert_eq!((seconds("set disappearing messages to 1 week"), seconds("8 hours."), seconds("none")), (604_800, 28_800, 0));
        assert_eq!(seconds("Ana 3 has set messages to auto-delete in 1 day"), 86_400);
    }
}
