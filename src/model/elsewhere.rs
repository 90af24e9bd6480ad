//! Channels that texts may refer to, and what one text says of them, as bits.

/// Channels that texts are searched for, in the order of their bits; as the slugs of readers.
pub const CHANNELS: [&str; 13] =
    ["whatsapp", "wechat", "telegram", "signal", "sms", "slack", "teams", "line", "skype", "viber", "kakaotalk", "wecom", "imessage"];

/// Channels a text refers to: the low half holds those on which something was written, the high half those to which it invites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Elsewhere(pub u32);

impl Elsewhere {
    /// None.
    pub const NONE: Self = Self(0);
    /// All bits that can be set.
    pub const ALL: u32 = LOW << 16 | LOW | Self::SMS_BY_NAME;
    /// Set where text messages are called by their name; not where one only *texted*, which may have been any chat of a phone.
    pub const SMS_BY_NAME: u32 = 1 << 15;

    /// Whether a channel is referred to by the word `text` alone.
    #[must_use]
    pub fn only_texted(self, slug: &str) -> bool {
        slug == "sms" && self.0 & Self::SMS_BY_NAME == 0
    }

    /// Slugs of the channels on which something was written, by what the text says.
    pub fn written(self) -> impl Iterator<Item = &'static str> {
        slugs(self.0)
    }

    /// Slugs of the channels to which it invites.
    pub fn invited(self) -> impl Iterator<Item = &'static str> {
        slugs(self.0 >> 16)
    }
}

const LOW: u32 = (1 << CHANNELS.len()) - 1;

fn slugs(bits: u32) -> impl Iterator<Item = &'static str> {
    CHANNELS.iter().enumerate().filter(move |(bit, _)| bits >> bit & 1 == 1).map(|(_, slug)| *slug)
}
