//! The same handle or conversation in several sources: what all of them say of it.

use super::{Conversation, Handle};

impl Handle {
    /// Takes what another source says of the same handle. The order in which sources come does not matter.
    pub fn take_facts(&mut self, other: &Self) {
        for (to, from) in [(&mut self.name, &other.name), (&mut self.email, &other.email), (&mut self.phone, &other.phone)] {
            if !from.is_empty() && (to.is_empty() || from < to) {
                to.clone_from(from);
            }
        }
        self.bot |= other.bot;
        self.external |= other.external;
        self.deactivated |= other.deactivated;
        self.impersonal |= other.impersonal;
    }
}

impl Conversation {
    /// Takes what another source says of the same conversation, without its members, which are indices there.
    pub fn take_facts(&mut self, other: &Self) {
        self.kind = self.kind.min(other.kind);
        if !other.title.is_empty() && (self.title.is_empty() || other.title < self.title) {
            self.title.clone_from(&other.title);
        }
        self.created = [self.created, other.created].into_iter().flatten().min();
    }

    /// The same without members.
    #[must_use]
    pub fn without_members(&self) -> Self {
        Self { channel: self.channel.clone(), key: self.key.clone(), title: self.title.clone(), kind: self.kind, members: Vec::new(), created: self.created }
    }
}
