//! The shapes, a line each.

use super::{Shape, Value, fields, words, written};
use crate::model::answer::{
    AfterLastDay, Answers, Basis, Benign, ChannelRow, Channels, ClientHeld, CoverageRow, Estimate, Evidence, Finding, FirmShare, Gap, HandleSaid, Horizon,
    Leaver, Missing, OpenQuestion, PolicySaid, QuarterRow, ScopeSaid, SourcesSaid, Span, Unanswered, WeekRow,
};
use crate::model::daily::Daily;
use crate::model::excerpt::{Excerpt, ExcerptLine};
use crate::model::ledger::{self, Decided, Failure, Notice, Question, Skip, SkipReason, Source};
use crate::model::matter::Scope;
use crate::model::message::Position;
use crate::model::roster::ListReading;

fields!(Answers: schema, tool, scope, basis, channels, coverage, gaps, leavers, findings, ledger);
fields!(ScopeSaid: from, to, as_of, zone);
fields!(Basis: matter, sources, messages, people, clients, policy, missing, private_conversations, undecided_conversations);
fields!(SourcesSaid: read, given, skipped, with_problems);
fields!(PolicySaid: id, title, citation, months, last_checked);
fields!(Missing: id, title, effect, count);
fields!(Channels: by_channel, over_time, firm_owned_client_share, by_quarter, moves, redirects, phrases, hours);
fields!(ChannelRow: channel, status, captured, messages, turns, work_messages, client_turns, share, slot, covered, first_quarter_share, last_quarter_share, strip, evidence);
fields!(WeekRow: week, channel, work_messages, client_turns);
fields!(FirmShare: value, of_turns);
fields!(QuarterRow: quarter, firm_owned, other);
fields!(CoverageRow: custodian, person, channel, expected_days, covered_days, gap_days, unknown_days, silent_days, horizon, worst, spans, messages, detectable_days);
fields!(Daily: person, channel, from, counts, worked);
fields!(Horizon: required_from, first, required_to, last);
fields!(Span: from, to, state, gap);
fields!(Estimate: low, mid, high);
fields!(Gap: id, custodian, person, channel, conversation, class, kind, from, to, business_days, estimate, confidence, severity, score, client_facing, reasons, benign, evidence);
fields!(Benign: id, title, found, verdict);
fields!(Leaver: person, id, role, notice, last_day, days_left, score, held_alone, main_channel_off_archive, off_archive_share, main_channel, clients, after_last_day, signals, handles, over_time);
fields!(HandleSaid: channel, handle, why, certain);
fields!(ClientHeld: client, contacts, share, effective_contacts, sole_contact, others, main_channel, main_channel_owner, off_archive_share, last_two_way, business_days_since, client_initiated, open_question, groups, score, turns, successors, gaps, evidence);
fields!(OpenQuestion: since, business_days, channel, evidence);
fields!(AfterLastDay: unanswered, lingering_groups);
fields!(Unanswered: client, contact, channel, since, business_days, turns, evidence);
fields!(Finding: id, question, severity, sentence, sentence_without_names, whom, person, channel, from, to, gap, quantity, unit, evidence);
fields!(Evidence: source, sha256, line, byte, entry, time, row, absent);
fields!(Skip: reason, count, first, part);
fields!(Notice: id, sentence, count);
fields!(Decided: value, basis, why);
fields!(Failure: what, place = "where");
fields!(Source: name, path, format, channel, bytes, sha256, records, messages, events, duplicates, skipped, participants, conversations, first, last, zone, date_order, date_shape, owner, owner_handle, encoding, exported_at, parts, notices, error, question);
fields!(Position: offset, line);
fields!(ExcerptLine: row, time, from, chars, kind, line, byte, text, asked);
fields!(Excerpt: row, source, sha256, entry, channel, conversation, zone, as_written, lines, note);
fields!(Scope: from, to, as_of, channels);
written!(Scope: from, to, as_of, channels);
fields!(ListReading: name, columns, unused, rows, remarks);
words!(SkipReason: UnknownType = "unknown_type", NoTime = "no_time", TimeOutOfRange = "time_out_of_range", EmptyRecord = "empty_record", CutOff = "cut_off", Malformed = "malformed", TooLarge = "too_large", Preamble = "preamble", Draft = "draft", NotMessages = "not_messages", UnknownMember = "unknown_member", Encrypted = "encrypted", UnknownPacking = "unknown_packing", LimitReached = "limit_reached", UnreadableMember = "unreadable_member", Withheld = "withheld", Repeated = "repeated");
words!(ledger::Basis: Assumed = "assumed", Stated = "stated", Proven = "proven", NotNeeded = "not_needed", Ambiguous = "ambiguous");

impl Shape for Question {
    fn shape(mut value: Value<'_>) -> Self {
        let ask = value.take("ask");
        match ask.text() {
            "date_order" => Self::DateOrder { lines: Shape::shape(value.take("lines")), backward: Shape::shape(value.take("backward")) },
            "owner" => Self::Owner { candidates: Shape::shape(value.take("candidates")) },
            "format" => Self::Format { candidates: Shape::shape(value.take("candidates")) },
            _ => Self::Zone,
        }
    }
}
