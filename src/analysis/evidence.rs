//! What the formats themselves say is absent, as gaps: holes in counters, stated counts, timers, walls, cut files.

use std::collections::BTreeMap;

use super::conversations::Holder;
use super::findings::{counted, plural};
use super::gaps::Draft;
use super::{Context, cut, places, sequences};
use crate::model::answer::Benign;
use crate::model::batch::NONE;
use crate::model::ledger::Source;
use crate::model::message::ConversationKind;
use crate::model::{Statement, StatementKind};
use crate::time::SECOND;

/// Statements of one kind this near to each other are one gap: those that take days, and single places.
const NEAR: (i32, i32) = (7, 28);
/// Most details of files that a gap repeats.
const DETAILS: usize = 3;
/// Fewest lines of a file that tell which share of them are messages.
const LINES: u64 = 20;
/// Day on which WhatsApp had brought end-to-end encryption to everybody: 5 April 2016 (Encryption Overview, WhatsApp). Chats of two that are
/// older open with a message; the notice stands later.
const ENCRYPTED: i32 = 16_896;

fn kind(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::IdHole => "id_hole",
        StatementKind::CounterHole => "counter_hole",
        StatementKind::CountShort => "count_short",
        StatementKind::ThreadShort => "thread_short",
        StatementKind::AbsentTarget => "absent_target",
        StatementKind::Tombstone => "tombstone",
        StatementKind::CutOff => "cut_off",
        StatementKind::Timer => "timer",
        StatementKind::ExportCap => "export_cap",
        StatementKind::NoBeginning => "no_beginning",
        StatementKind::HistoryCleared => "history_cleared",
        StatementKind::PlanWall => "plan_wall",
        StatementKind::NotInExport => "not_in_export",
        StatementKind::OwnMessagesOnly => "own_messages_only",
        StatementKind::MediaAbsent => "media_absent",
        StatementKind::FileGone => "file_gone",
        StatementKind::ListedEmpty => "listed_empty",
        StatementKind::OneSided => "one_sided",
        StatementKind::ContentAbsent => "content_absent",
        StatementKind::CaptureRemoved => "capture_removed",
        StatementKind::FileLost => "file_lost",
    }
}

fn sentence(kind: StatementKind, n: u64) -> String {
    match kind {
        StatementKind::IdHole => format!("{} missing between ids that are present", counted(n, "message id is", "message ids are")),
        // Where, between which items or before the first, the file says itself.
        StatementKind::CounterHole => format!("{} missing", counted(n, "numbered item is", "numbered items are")),
        StatementKind::CountShort => format!("The source states {n} more {} than it holds", plural(n, "record", "records")),
        StatementKind::ThreadShort => format!("Threads state {n} more {} present", plural(n, "reply than is", "replies than are")),
        StatementKind::AbsentTarget => format!("Replies or notices name {} that the source does not hold", counted(n, "message", "messages")),
        StatementKind::Tombstone => format!("{}: the place is known, the content is not", counted(n, "deleted message", "deleted messages")),
        StatementKind::CutOff => "The file ends in the middle of a record".to_owned(),
        StatementKind::Timer => format!("A timer of the conversation deletes messages after {}; what it deleted is not in the export", span_words(n)),
        StatementKind::ExportCap => format!("The export stops at {}; there may be more that it does not hold", counted(n, "record", "records")),
        StatementKind::NoBeginning => "The export does not begin at the beginning of the conversation".to_owned(),
        StatementKind::HistoryCleared => "The history was cleared; nothing earlier is held".to_owned(),
        StatementKind::PlanWall => format!("The plan of the workspace hides messages older than {}", counted(n, "day", "days")),
        StatementKind::NotInExport => "Conversations of this kind are not part of this export".to_owned(),
        StatementKind::OwnMessagesOnly => "Only the owner's own messages were exported".to_owned(),
        StatementKind::MediaAbsent => format!("{} named but not included", counted(n, "attachment is", "attachments are")),
        StatementKind::FileGone => format!("{} deleted at the origin or hidden", counted(n, "attachment was", "attachments were")),
        StatementKind::ListedEmpty => format!("{} listed without any record", counted(n, "conversation is", "conversations are")),
        StatementKind::OneSided => "Only one direction, sent or received, is present".to_owned(),
        StatementKind::ContentAbsent => format!("{} whose content is not held", counted(n, "record", "records")),
        StatementKind::CaptureRemoved => "An archiving integration was removed".to_owned(),
        StatementKind::FileLost => format!("{} that messages name {} not in the folder of the export", counted(n, "file", "files"), plural(n, "is", "are")),
    }
}

fn span_words(seconds: u64) -> String {
    match seconds {
        0 => "an unknown time".to_owned(),
        s if s % 86_400 == 0 => counted(s / 86_400, "day", "days"),
        s if s % 3600 == 0 => counted(s / 3600, "hour", "hours"),
        s => counted(s, "second", "seconds"),
    }
}

/// Whether the statement means that whole days are not held (and not only attachments, content or single places).
const fn takes_days(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::IdHole
            | StatementKind::CounterHole
            | StatementKind::CutOff
            | StatementKind::Timer
            | StatementKind::HistoryCleared
            | StatementKind::PlanWall
            | StatementKind::CaptureRemoved
    )
}

/// Whether records are there and only what belongs to them is not.
const fn content_only(kind: StatementKind) -> bool {
    matches!(kind, StatementKind::MediaAbsent | StatementKind::FileGone | StatementKind::ContentAbsent | StatementKind::FileLost)
}

const fn confidence(kind: StatementKind) -> f64 {
    match kind {
        StatementKind::ExportCap => 0.7,
        StatementKind::OneSided => 0.6,
        StatementKind::NoBeginning => 0.5,
        _ => 1.0,
    }
}

const fn counts_messages(kind: StatementKind) -> bool {
    matches!(kind, StatementKind::IdHole | StatementKind::CountShort | StatementKind::ThreadShort | StatementKind::AbsentTarget | StatementKind::Tombstone)
}

/// A statement with whom and which days it concerns.
pub struct Found<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Custodian, if it concerns one.
    pub custodian: Option<u32>,
    /// The handle whose export it is, where that is no custodian.
    pub owner: Option<u32>,
    /// Channel.
    pub channel: u16,
    /// First day.
    pub from: Option<i32>,
    /// Last day.
    pub to: Option<i32>,
}

/// Whether the head of a conversation is lacking: neither was it written before there was a notice to open with, nor does another export of
/// the same owner reach further back.
fn lacks_head(context: &Context, statement: &Statement, source: &Source) -> bool {
    let Some((conversation, first)) = statement.conversation.zip(statement.to) else { return true };
    let direct = context.dataset.conversations.get(conversation as usize).is_some_and(|c| c.kind == ConversationKind::Direct);
    if source.format == "whatsapp_txt" && direct && context.day(first) < ENCRYPTED {
        return false;
    }
    let mut rows = context.dataset.rows_of(conversation);
    let owner = |ix: u32| context.dataset.sources.get(ix as usize).and_then(|s| s.owner_handle);
    let earlier = rows.find(|row| {
        let mut held = context.dataset.held_by(*row).map(|part| context.dataset.source_of(part));
        held.any(|ix| ix == statement.source || owner(ix).is_some() && owner(ix) == source.owner_handle)
    });
    // Rows lie in order of time: the first one that is the owner's.
    earlier.and_then(|row| context.days.get(row)).is_none_or(|day| *day >= context.day(first))
}

/// Whether it speaks of one copy only: what another copy of the same conversation holds is not touched by it.
const fn of_copy(kind: StatementKind) -> bool {
    content_only(kind) || matches!(kind, StatementKind::NoBeginning | StatementKind::ExportCap | StatementKind::HistoryCleared)
}

/// Until when an export that does not say when it was made reaches at least: exports of one owner on one channel are made together, and
/// a conversation that went silent, or whose messages all vanished, ends before its export.
#[derive(Debug, Default)]
struct Reach<'a>(BTreeMap<(u32, &'a str), i64>);

impl<'a> Reach<'a> {
    /// Looks at each source once: there may be as many statements as sources.
    fn new(sources: &'a [Source]) -> Self {
        let mut out = BTreeMap::new();
        for source in sources {
            if let (Some(owner), Some(time)) = (source.owner_handle, source.exported_at.or(source.last)) {
                out.entry((owner, source.channel.as_str())).and_modify(|latest: &mut i64| *latest = time.max(*latest)).or_insert(time);
            }
        }
        Self(out)
    }

    fn of(&self, source: &Source) -> Option<i64> {
        source.owner_handle.and_then(|owner| self.0.get(&(owner, source.channel.as_str())).copied()).max(source.last)
    }
}

fn found<'a>(context: &Context, reach: &Reach, statement: &'a Statement) -> Option<Found<'a>> {
    let source = context.dataset.sources.get(statement.source as usize)?;
    let talk = statement.conversation.and_then(|c| context.talks.get(c));
    if talk.is_some_and(|t| !t.counts()) {
        return None;
    }
    let channel = talk.map(|t| t.channel).or_else(|| context.talks.channel(&source.channel))?;
    if statement.kind == StatementKind::NoBeginning && !lacks_head(context, statement, source) {
        return None;
    }
    // Mail answers messages that never passed this mailbox; the test of dangling replies looks at the parties instead.
    if statement.kind == StatementKind::AbsentTarget && context.talks.slug(channel) == "email" {
        return None;
    }
    let of_few = || talk.and_then(|t| if let [one] = t.employees.as_slice() { Some(*one) } else { None });
    let (custodian, owner) = match context.talks.holders.get(statement.source as usize) {
        Some(Holder::Owner(owner)) => (Some(*owner), None),
        Some(Holder::Outsider) => return None,
        // What one copy lacks concerns whose copy it is, not who else is in the conversation.
        _ if of_copy(statement.kind) && source.owner_handle.is_some() => (None, source.owner_handle),
        _ => (of_few(), source.owner_handle.filter(|_| of_few().is_none())),
    };
    let (from, to) = match statement.kind {
        // While a timer runs, the source holds what was written in the last T before the export.
        StatementKind::Timer => {
            // The last record lies at most the timer's time before the export: only without one do the owner's other exports tell more.
            let end = source.exported_at.or_else(|| if source.last > statement.from { source.last } else { reach.of(source) });
            let kept = i64::try_from(statement.quantity).unwrap_or(i64::MAX / SECOND).saturating_mul(SECOND);
            let until = statement.to.or(end).min(end.map(|e| e.saturating_sub(kept)));
            // With nothing after the notice, only the day of the export would tell until when.
            let unknown = statement.to.is_none() && source.exported_at.is_none() && end <= statement.from;
            (statement.from, until.filter(|_| !unknown))
        }
        // A mail in a file of its own that is cut says nothing of other days.
        StatementKind::CutOff if source.records <= 1 => (statement.from.or(source.last), statement.from.or(source.last)),
        StatementKind::CutOff => (statement.from.or(source.last), statement.to),
        StatementKind::CaptureRemoved => (statement.from, statement.to),
        _ => (statement.from, statement.to),
    };
    let (from, mut to) = (from.map(|t| context.day(t)), to.map(|t| context.day(t)));
    let open = statement.kind == StatementKind::CaptureRemoved || statement.kind == StatementKind::CutOff && source.records > 1;
    if open && to.is_none() {
        let next = custodian.zip(from).and_then(|(c, f)| context.streams.get(c, channel)?.after(f).map(|cell| cell.day));
        to = next.or(Some(context.window.to));
    }
    if from.zip(to).is_some_and(|(a, b)| a > b) && takes_days(statement.kind) {
        return None;
    }
    Some(Found { statement, custodian, owner, channel, from, to })
}

/// Whether a source holds private conversations only: nothing is said of it here.
#[must_use]
pub fn private(context: &Context, source: u32) -> bool {
    let c = &context.dataset.columns;
    let (mut any, mut open) = (false, false);
    for (_, conversation) in c.part.iter().zip(&c.conversation).filter(|(p, _)| context.dataset.source_of(**p) == source) {
        any = true;
        open |= context.talks.get(*conversation).is_some_and(super::conversations::Talk::counts);
        if open {
            break;
        }
    }
    any && !open
}

/// Gaps from statements. Statements of one kind about one conversation that lie near each other are one gap.
#[must_use]
pub fn drafts(context: &Context) -> Vec<Draft> {
    let reach = Reach::new(&context.dataset.sources);
    let told = context.dataset.statements.iter().filter(|s| s.conversation.is_some() || !private(context, s.source));
    let all: Vec<Found> = told.filter_map(|s| found(context, &reach, s)).collect();
    let (all, mut short) = cut::sift(all);
    let (mut all, mut drafts) = sequences::sift(context, all);
    // What is proved missing keeps its conversation, and so does a head that is lacking; the rest is told once per source.
    let own = |kind: StatementKind| takes_days(kind) || kind.class() == 'A' || kind == StatementKind::NoBeginning;
    // Attachments and contents that are not held are no missing records: one line for all sources of a person. Two exports of one
    // conversation lack the same head.
    let head = |f: &Found| f.statement.kind == StatementKind::NoBeginning && f.statement.conversation.is_some();
    let source = |f: &Found| (!content_only(f.statement.kind) && !head(f)).then_some(f.statement.source);
    let place = |f: &Found| (f.custodian, f.owner, f.channel, f.statement.kind, source(f), f.statement.conversation.filter(|_| own(f.statement.kind)));
    all.sort_by(|a, b| place(a).cmp(&place(b)).then((a.from, a.to).cmp(&(b.from, b.to))).then(a.statement.cmp(b.statement)));
    let mut rest = all.as_slice();
    while let Some(head) = rest.first() {
        let mut end = head.to.or(head.from);
        let same = |f: &&Found| {
            let reach = if takes_days(head.statement.kind) { NEAR.0 } else { NEAR.1 };
            let near = !own(head.statement.kind) || f.from.zip(end).is_none_or(|(a, b)| a <= b + reach);
            let joined = place(f) == place(head) && near;
            if joined {
                end = end.max(f.to.or(f.from));
            }
            joined
        };
        let n = rest.iter().take_while(same).count().max(1);
        let (group, tail) = rest.split_at_checked(n).unwrap_or((rest, &[]));
        drafts.extend(draft(context, group).map(|mut gap| {
            cut::join(&mut gap, group, &mut short, |counts| draft(context, counts));
            gap
        }));
        rest = tail;
    }
    let (mut drafts, absent): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| d.kind != "absent_target");
    // A deleted root leaves a tombstone, and its replies name it: one gap.
    for gap in absent {
        let same = |d: &&mut Draft| {
            let overlap = d.from.zip(d.to).zip(gap.from.zip(gap.to)).is_some_and(|(a, b)| a.0 <= b.1 + 1 && b.0 <= a.1 + 1);
            d.kind == "tombstone" && d.conversation == gap.conversation && d.channel == gap.channel && overlap
        };
        match drafts.iter_mut().find(same) {
            Some(known) => known.reasons.extend(gap.reasons),
            None => drafts.push(gap),
        }
    }
    drafts
}

fn draft(context: &Context, group: &[Found]) -> Option<Draft> {
    let head = group.first()?;
    let what = head.statement.kind;
    let sum: u64 = group.iter().map(|f| f.statement.quantity).fold(0, u64::saturating_add);
    let quantity = match what {
        StatementKind::Timer | StatementKind::PlanWall | StatementKind::ExportCap => group.iter().map(|f| f.statement.quantity).max().unwrap_or(0),
        StatementKind::ListedEmpty => sum.max(group.len() as u64),
        _ => sum,
    };
    let mut conversations: Vec<Option<u32>> = group.iter().map(|f| f.statement.conversation).collect();
    conversations.sort_unstable();
    conversations.dedup();
    let conversation = if let [one] = conversations.as_slice() { *one } else { None };
    let talk = conversation.and_then(|c| context.talks.get(c));
    let client = conversations.iter().flatten().filter_map(|c| context.talks.get(*c)).any(|t| !t.clients.is_empty());
    let stream = head.custodian.and_then(|c| context.streams.get(c, head.channel));
    // One conversation of many says little of the channel's days, unless it is most of it or the loss is proved.
    let main = conversation.is_none_or(|c| what.class() == 'A' || stream.is_none_or(|s| 2 * context.dataset.rows_of(c).len() as u64 >= s.messages()));
    let mut reasons = vec![sentence(what, quantity)];
    reasons.extend(details(group).filter(|_| talk.is_none_or(|t| t.counts())));
    let estimate = match what {
        StatementKind::CounterHole => share_of_messages(context, head).and_then(|share| {
            reasons.push(format!(
                "The numbers count every line of the chat, also notices of the app: {} % of the lines held here are messages",
                (share * 100.0).round()
            ));
            of_lines(quantity, share)
        }),
        _ => Some(quantity as f64).filter(|n| counts_messages(what) && *n > 0.0).map(|n| (n, n, n)),
    };
    Some(Draft {
        custodian: head.custodian,
        owner: head.owner,
        channel: head.channel,
        conversation,
        class: what.class(),
        kind: kind(what),
        from: group.iter().map(|f| f.from).min().flatten(),
        // Of several exports of one conversation the one that reaches furthest back tells what is lacking.
        to: match what {
            StatementKind::NoBeginning => group.iter().filter_map(|f| f.to).min(),
            _ => group.iter().map(|f| f.to.or(f.from.filter(|_| what.class() == 'A'))).max().flatten(),
        },
        estimate,
        confidence: confidence(what),
        signs: None,
        client,
        takes_days: takes_days(what) && main && (what != StatementKind::CutOff || head.from != head.to),
        reasons,
        benign: benign(what),
        evidence: {
            let mut kept = Vec::new();
            places::add(&mut kept, group.iter().flat_map(|f| evidence(context, f)));
            kept
        },
    })
}

/// Share of the numbered lines of a file that are messages; the others are notices of the app. `None` where it holds too few to tell.
fn share_of_messages(context: &Context, found: &Found) -> Option<f64> {
    let source = context.dataset.sources.get(found.statement.source as usize)?;
    let (messages, notices) = (source.messages.saturating_add(source.duplicates), source.events);
    (messages + notices >= LINES).then(|| messages as f64 / (messages + notices) as f64)
}

/// How many of so many missing lines are messages, at this share: low (95 %, but at least one), middle, high.
fn of_lines(lines: u64, share: f64) -> Option<(f64, f64, f64)> {
    let n = lines as f64;
    let (middle, spread) = (n * share, 1.96 * (n * share * (1.0 - share)).sqrt());
    (middle.round() >= 1.0).then(|| ((middle - spread).floor().max(1.0), middle.max(1.0), (middle + spread).ceil().min(n)))
}

fn details(group: &[Found]) -> Option<String> {
    distinct(group.iter().map(|f| f.statement.detail.as_str()))
}

/// What the files say beside it, each once.
pub fn distinct<'a>(details: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut said: Vec<&str> = Vec::new();
    let mut more = 0u64;
    for detail in details.filter(|d| !d.is_empty()) {
        if said.contains(&detail) {
            continue;
        }
        if said.len() < DETAILS { said.push(detail) } else { more += 1 }
    }
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    (!said.is_empty()).then(|| format!("{}{more}", said.join("; ")))
}

fn benign(kind: StatementKind) -> Vec<Benign> {
    match kind {
        StatementKind::IdHole | StatementKind::CounterHole => {
            vec![
                Benign::new("deleted", "Deleted by a participant", "A deletion leaves the same hole as a loss", "not_excluded"),
                Benign::new("device", "Phone replaced", "No notice in the source", "unknown"),
            ]
        }
        StatementKind::FileLost => vec![Benign::new("not_copied", "The export was copied without its files", "Not told by the source", "unknown")],
        StatementKind::Timer => vec![Benign::new("auto_delete", "Auto-delete agreed in the conversation", "The notice is in the source", "not_excluded")],
        StatementKind::NoBeginning => {
            vec![Benign::new("joined_late", "The person joined later, or had the app set up anew", "Not told by the source", "unknown")]
        }
        _ => Vec::new(),
    }
}

/// What is missing at a place: how many, and which of them, as far as the file says it.
fn missing_here(s: &Statement) -> String {
    let n = s.quantity;
    let said = match s.kind {
        StatementKind::IdHole => format!("{} missing here", counted(n, "message", "messages")),
        StatementKind::CounterHole => format!("{} missing here", counted(n, "numbered item", "numbered items")),
        StatementKind::ThreadShort => format!("{} missing in this thread", counted(n, "reply", "replies")),
        StatementKind::AbsentTarget => format!("{} missing before this place", counted(n, "named message", "named messages")),
        StatementKind::Tombstone => format!("{} here without content", counted(n, "deleted message", "deleted messages")),
        kind => return sentence(kind, n),
    };
    if s.detail.is_empty() { said } else { format!("{said}: {}", s.detail) }
}

/// Rows of the conversation on both sides of the place. A hole lies right before the record it was read from; where that record is not there,
/// or the statement is about something else, the time decides.
fn neighbours(context: &Context, s: &Statement) -> Option<(Option<usize>, Option<usize>)> {
    let rows = context.dataset.rows_of(s.conversation?);
    let end = s.to.or(s.from)?;
    let c = &context.dataset.columns;
    let times = c.time.get(rows.clone()).unwrap_or_default();
    let upto = |t: i64| rows.start + times.partition_point(|x| *x <= t);
    let ties = rows.start + times.partition_point(|x| *x < end)..upto(end);
    let read_from = ties.clone().find(|row| {
        let here = || context.dataset.row(*row).is_some_and(|r| r.position.offset == s.position.offset);
        c.part.get(*row) == Some(&s.part) && (s.kind == StatementKind::NoBeginning || before_its_record(s.kind) && here())
    });
    let after = match (read_from, s.from) {
        (Some(row), _) => row,
        (None, Some(from)) => upto(from),
        // Open to the past: it ends at the first record of that moment.
        (None, None) => ties.start,
    };
    Some((after.checked_sub(1).filter(|r| *r >= rows.start), Some(after).filter(|r| *r < rows.end)))
}

/// Whether what it speaks of lies before the record it was read from.
const fn before_its_record(kind: StatementKind) -> bool {
    matches!(kind, StatementKind::IdHole | StatementKind::CounterHole | StatementKind::AbsentTarget | StatementKind::NoBeginning)
}

/// The record before the hole, the hole, and the record after it.
fn evidence(context: &Context, f: &Found) -> Vec<crate::model::answer::Evidence> {
    let s = f.statement;
    let row = |r: usize| places::row(context.dataset, u32::try_from(r).unwrap_or(NONE));
    let (before, after) = neighbours(context, s).unwrap_or_default();
    let mut out: Vec<_> = before.map(row).into_iter().collect();
    out.push(places::stated(context.dataset, s.part, s.position, s.to.or(s.from), &missing_here(s)));
    out.extend(after.map(row));
    out
}

#[cfg(test)]
mod tests;
