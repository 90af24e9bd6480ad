//! One conversation while its day files are read: threads, deleted messages and files.

use crate::import::sink::{Body, Clock, Draft, Id, Map, Sink};
use crate::import::tally::{Place, Tally};
use crate::model::ConversationIx;
use crate::model::ledger::SkipReason;
use crate::model::message::{Flags, Position};
use crate::model::statement::StatementKind;
use crate::time;

use super::directory::Directory;
use super::record::{Item, micros};

/// Short threads stated one by one; more of them in one conversation become one statement.
const SHORT_THREADS: usize = 20;

#[derive(Default)]
struct Thread {
    stated: u64,
    held: u64,
    root: Option<Place>,
    first_reply: Option<(Place, i64)>,
}

/// A conversation being read.
pub struct Room {
    /// Folder it is read from.
    pub folder: String,
    conversation: ConversationIx,
    threads: Map<i64, Thread>,
    replies: Map<i64, ()>,
    files_deleted: Tally,
    files_hidden: Tally,
    tombstones: Tally,
    /// First and last record.
    pub span: Option<(i64, i64)>,
}

impl Room {
    /// For a folder.
    pub fn new(folder: &str, conversation: ConversationIx) -> Self {
        Self {
            folder: folder.to_owned(),
            conversation,
            threads: Map::default(),
            replies: Map::default(),
            files_deleted: Tally::default(),
            files_hidden: Tally::default(),
            tombstones: Tally::default(),
            span: None,
        }
    }

    /// Its place in the batch.
    pub const fn conversation(&self) -> ConversationIx {
        self.conversation
    }

    /// One record.
    pub fn take(&mut self, item: &Item<'_>, at: Position, directory: &mut Directory, sink: &mut Sink) {
        sink.record();
        if !item.kind.is_empty() && item.kind.raw != b"message" {
            return sink.skip(SkipReason::UnknownType, at);
        }
        let Some(time) = micros(item.ts.raw) else { return sink.skip(SkipReason::NoTime, at) };
        if item.subtype.raw == b"ekm_access_denied" {
            return sink.skip(SkipReason::Withheld, at);
        }
        let root = micros(item.thread.raw);
        let reply = root.filter(|r| *r != time);
        // A reply sent to the channel too stands in the file twice, under one `ts`.
        if reply.is_some() && self.replies.insert(time, ()).is_some() {
            return sink.skip(SkipReason::Repeated, at);
        }
        let (event, described) = item.event();
        if !described {
            let what = "Records of a subtype this version does not know were kept as events.";
            sink.notice("slack_unknown_subtype", what, 1);
        }
        let sender = directory.sender(item, sink);
        let machine = sender.is_some_and(|s| s.1) || matches!(item.subtype.raw, b"bot_message" | b"slackbot_response");
        let tombstone = item.subtype.raw == b"tombstone";
        let draft = Draft {
            conversation: self.conversation,
            sender: sender.map(|s| s.0),
            time: Clock::Utc(time),
            event,
            flags: flags(item, machine, tombstone),
            body: Body::Facts(item.facts),
            id: Id::Time,
            reply_to: if reply.is_some() { Id::Text(item.thread.raw) } else { Id::None },
            audience: None,
            position: at,
        };
        if !sink.message(draft) {
            return;
        }
        self.span = Some(self.span.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
        let place = (sink.current_part(), at);
        self.files_deleted.add(item.deleted, place, time);
        self.files_hidden.add(item.hidden, place, time);
        self.tombstones.add(u64::from(tombstone), place, time);
        self.thread(item, time, root, place);
    }

    fn thread(&mut self, item: &Item<'_>, time: i64, root: Option<i64>, place: Place) {
        match root {
            Some(root) if root != time => {
                let thread = self.threads.entry(root).or_default();
                thread.held += 1;
                thread.first_reply.get_or_insert((place, time));
            }
            _ if root.is_some() || item.replies > 0 => {
                let thread = self.threads.entry(time).or_default();
                thread.root = Some(place);
                thread.stated = thread.stated.max(item.replies);
            }
            _ => {}
        }
    }

    /// All its day files are read: says what they prove.
    pub fn close(self, sink: &mut Sink) {
        let conversation = self.conversation;
        self.files_deleted.tell(StatementKind::FileGone, Some(conversation), "deleted at the origin", sink);
        self.files_hidden.tell(StatementKind::FileGone, Some(conversation), "hidden by the plan", sink);
        self.tombstones.tell(StatementKind::Tombstone, Some(conversation), "thread roots deleted", sink);
        let mut threads: Vec<(i64, Thread)> = self.threads.into_iter().collect();
        threads.sort_unstable_by_key(|(root, _)| *root);
        tell_short(conversation, &threads, sink);
        tell_rootless(conversation, &threads, sink);
    }
}

fn flags(item: &Item<'_>, machine: bool, tombstone: bool) -> Flags {
    Flags::NONE.with_attachments(item.files).with_those([
        (item.edited, Flags::EDITED),
        (machine, Flags::AUTOMATIC),
        (item.deleted + item.hidden > 0, Flags::MEDIA_ABSENT),
        (tombstone, Flags::DELETED),
    ])
}

fn tell_short(conversation: ConversationIx, threads: &[(i64, Thread)], sink: &mut Sink) {
    let short: Vec<(i64, u64, Place)> =
        threads.iter().filter_map(|(root, t)| Some((*root, t.stated.checked_sub(t.held).filter(|n| *n > 0)?, t.root?))).collect();
    if short.len() > SHORT_THREADS {
        let (Some((from, _, (part, at))), Some((to, _, _))) = (short.first(), short.last()) else { return };
        let missing = short.iter().map(|s| s.1).sum();
        let detail = format!("{} threads with fewer replies than stated", short.len());
        sink.statement(StatementKind::ThreadShort, Some(conversation), Some(Clock::Utc(*from)), Some(Clock::Utc(*to)), missing, *at, &detail);
        return sink.statement_stands_in(*part);
    }
    for (root, missing, (part, at)) in short {
        let detail = format!("thread of {}", time::rfc3339(root, true));
        sink.statement(StatementKind::ThreadShort, Some(conversation), Some(Clock::Utc(root)), None, missing, at, &detail);
        sink.statement_stands_in(part);
    }
}

fn tell_rootless(conversation: ConversationIx, threads: &[(i64, Thread)], sink: &mut Sink) {
    let rootless = || threads.iter().filter(|(_, t)| t.root.is_none()).filter_map(|(root, t)| Some((*root, t.first_reply?)));
    let (Some((first, ((part, at), to))), count) = (rootless().next(), rootless().count()) else { return };
    let from = Clock::Utc(first);
    let detail = format!("thread roots, the first of {}", time::rfc3339(first, true));
    sink.statement(StatementKind::AbsentTarget, Some(conversation), Some(from), Some(Clock::Utc(to)), count as u64, at, &detail);
    sink.statement_stands_in(part);
}
