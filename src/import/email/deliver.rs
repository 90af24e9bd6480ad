//! A mail on its way into the sink, wherever it was kept: a mailbox, a file of its own, a store of Outlook.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::chain::Chains;
use super::envelope::Envelope;
use super::owner::{Addresses, Tally};
use crate::features::Facts;
use crate::import::sink::{Body, Clock, Draft, Id, Sink};
use crate::model::message::{ConversationKind, EventKind, Flags, Position};
use crate::model::statement::StatementKind;

/// What the body of a mail is, beside what its headers say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Content {
    /// Attachments, mails attached whole included.
    pub attachments: usize,
    /// Attachments of which only the name is left.
    pub removed: u64,
    /// Parts whose content lies in other files (Apple Mail's `.partial.emlx`).
    pub elsewhere: u64,
    /// A report, receipt or calendar item.
    pub automatic: bool,
    /// The content is encrypted.
    pub encrypted: bool,
    /// Facts of the text.
    pub facts: Facts,
}

/// Tells mails to the sink and keeps what only the whole source shows.
#[derive(Default)]
pub struct Delivery {
    chains: Chains,
    tally: Tally,
    /// Channels of the messages so far, mail included.
    channels: BTreeSet<Cow<'static, str>>,
}

impl Delivery {
    /// Of a section of a mailbox.
    #[must_use]
    pub fn of_section() -> Self {
        let mut delivery = Self::default();
        delivery.tally.of_section();
        delivery
    }

    /// What a section keeps for the whole: numbers, delivery addresses, channels. `None`: more than may be kept.
    pub fn keep(&self, numbers: &mut Vec<u64>) -> Option<(Addresses, Vec<String>)> {
        let addresses = self.tally.keep(numbers)?;
        self.chains.keep(numbers);
        Some((addresses, self.channels.iter().map(|slug| slug.clone().into_owned()).collect()))
    }

    /// Takes what the next section has kept. `places`: of its handles. `None` when it is damaged.
    pub fn absorb(&mut self, (addresses, channels): (&[(String, u64)], Vec<String>), numbers: &mut impl Iterator<Item = u64>, places: &[u32]) -> Option<()> {
        self.tally.absorb(addresses, numbers, places)?;
        self.chains.absorb(numbers)?;
        self.channels.extend(channels.into_iter().map(Cow::Owned));
        Some(())
    }

    /// One mail with a time. `false`: the sink has left it out.
    pub fn message(&mut self, envelope: &mut Envelope, content: &Content, time: i64, position: Position, sink: &mut Sink) -> bool {
        let (flags, event) = state(envelope, content);
        let channel = envelope.channel(sink);
        let conversation = match &mut envelope.carried {
            Some(carried) => {
                carried.settle(envelope.sender, &envelope.audience, sink);
                sink.conversation(channel, &carried.key, &carried.title, carried.kind)
            }
            None => sink.conversation(channel, &envelope.thread, "", ConversationKind::Thread),
        };
        let audience = if envelope.audience.is_empty() { None } else { Some(sink.audience(&mut envelope.audience)) };
        let draft = Draft {
            conversation,
            sender: envelope.sender,
            time: Clock::Utc(time),
            event,
            flags,
            body: Body::Facts(content.facts),
            id: id(&envelope.id),
            reply_to: id(&envelope.parent),
            audience,
            position,
        };
        if !sink.message(draft) {
            return false;
        }
        if content.removed > 0 {
            sink.notice("attachments_removed", "Attachments that were taken out of stored messages (Thunderbird: Delete attachment).", content.removed);
        }
        if content.elsewhere > 0 {
            let detail = "Apple Mail keeps parts of this mail in other files (partial.emlx)";
            let at = Some(Clock::Utc(time));
            sink.statement(StatementKind::MediaAbsent, Some(conversation), at, at, content.elsewhere, position, detail);
        }
        if flags.has(Flags::TIME_INFERRED) {
            sink.notice("time_inferred", "Messages whose Date is missing, impossible or more than 7 days off: the time of the last hop (Received) is used.", 1);
        }
        let slug = envelope.carried.as_ref().map_or(Cow::Borrowed("email"), |c| c.slug.clone());
        if !self.channels.contains(&slug) {
            self.channels.insert(slug);
        }
        if let Some(carried) = &envelope.carried {
            carried.tell(sink);
        } else {
            self.tally.message(envelope.sender, &envelope.audience, &envelope.delivered_to, flags);
            self.chains.message(&envelope.id, &envelope.parent, &envelope.references, time, position.offset);
        }
        true
    }

    /// Says what the whole mailbox shows about absent mail.
    pub fn gaps(&self, sink: &mut Sink) {
        let absent = self.chains.absent();
        if absent.parentless > 0 {
            sink.notice("replies_without_parent", "Replies to messages that this file does not hold.", absent.parentless);
        }
        if absent.ancestors > 0 {
            let span = absent.span.map(|(a, b)| (Clock::Utc(a), Clock::Utc(b)));
            let detail = format!("{} earlier messages of held threads, named by later ones", absent.ancestors);
            let (from, to) = (span.map(|s| s.0), span.map(|s| s.1));
            sink.statement(StatementKind::AbsentTarget, None, from, to, absent.ancestors, Position::byte(absent.offset), &detail);
        }
        if self.chains.dropped > 0 {
            sink.notice("chains_limited", "Messages beyond the limit for the search of gaps in threads.", self.chains.dropped);
        }
    }

    /// Decides whose mailbox it is. `single`: one mail is no mailbox.
    pub fn owner(&self, stated: Option<&str>, single: bool, sink: &mut Sink) {
        let channel = sink.channel("email");
        self.tally.finish(stated, single, channel, sink);
        let mut slugs = self.channels.iter().filter(|slug| *slug != "email").peekable();
        if slugs.peek().is_none() {
            return;
        }
        // What the same person wrote on other channels is the owner's too.
        let address = sink.source().owner.as_ref().map(|owner| owner.value.clone());
        for slug in slugs {
            let channel = sink.channel(slug);
            if let Some(handle) = address.as_ref().and_then(|a| sink.known(channel, a)) {
                sink.mark_owner(handle);
            }
        }
        let only = self.channels.first().filter(|_| self.channels.len() == 1);
        sink.source().channel = only.map(|slug| slug.clone().into_owned()).unwrap_or_default();
    }
}

/// Flags of a mail, and the event it reports where it carries one of another channel.
fn state(envelope: &Envelope, content: &Content) -> (Flags, Option<EventKind>) {
    let carried = envelope.carried.as_ref();
    let flags = envelope.flags.with_attachments(content.attachments).with_those([
        (content.automatic && carried.is_none(), Flags::AUTOMATIC),
        (content.encrypted, Flags::NO_CONTENT),
        (envelope.labels.sent, Flags::BY_OWNER),
        (envelope.labels.private, Flags::MARKED_PRIVATE),
        (carried.is_none() && !envelope.delivered_to.is_empty(), Flags::TO_OWNER),
        (content.removed + content.elsewhere > 0, Flags::MEDIA_ABSENT),
    ]);
    (flags, carried.and_then(|c| c.event))
}

fn id(bytes: &[u8]) -> Id<'_> {
    if bytes.is_empty() { Id::None } else { Id::Text(bytes) }
}
