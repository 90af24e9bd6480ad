//! What was made last, kept: streams come in order of their custodians, so that what is read off one of them is read off once.

/// The last thing made, for as long as the same key is asked for.
pub struct Kept<K, T>(Option<(K, T)>);

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq, T> Kept<K, T> {
    /// What belongs to a key: made, unless it was made last.
    pub fn of(&mut self, key: K, make: impl FnOnce() -> T) -> &T {
        // The last one is let go before the next is made.
        let kept = self.0.take().filter(|(known, _)| *known == key);
        &self.0.insert(kept.unwrap_or_else(|| (key, make()))).1
    }
}
