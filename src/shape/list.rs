//! The shapes, a line each.

use super::{Shape, Value, Written, fields, words, written};
use crate::model::answer::{
    AfterLastDay, Answers, Basis, Benign, ChannelRow, Channels, ClientHeld, ConversationSaid, CopyPair, CopySide, CoverageRow, Estimate, Evidence, Explained,
    ExplanationSaid, Finding, FirmShare, Gap, GroupRow, Groups, HandleSaid, Horizon, Identity, IdentityCounts, Leaver, Missing, OpenQuestion, PolicySaid,
    Proposal, QuarterRow, ScopeSaid, SensitiveRow, SourcesSaid, Span, Unanswered, UnknownHandle, WeekRow,
};
use crate::model::daily::Daily;
use crate::model::decision::{IdentityDecision, Reveal, Verdict};
use crate::model::excerpt::{Excerpt, ExcerptLine};
use crate::model::ledger::{self, Decided, Failure, Notice, Question, Skip, SkipReason, Source};
use crate::model::matter::{Calendar, ChannelRule, ChannelStatus, Division, Exception, Hold, Policy, Privacy, RegionDays, Rule, Scope, WorkRules};
use crate::model::message::Position;
use crate::model::roster::ListReading;

fields!(
    Answers: schema, tool, scope, basis, channels, coverage, gaps, copies, leavers, findings, identity, conversations, sensitive, explained, reveals, ledger
);
fields!(CopyPair: channel, conversation, first, second, from, to, matched, reworded, unsure, proofs, total, offset_minutes, offset_also_minutes);
fields!(CopySide: custodian, person, keeper, source, messages, only, completeness);
fields!(Identity: counts, proposals, unknown, decisions);
fields!(IdentityCounts: employees, clients, services, others, unknown, private, certain, decided);
fields!(Proposal: channel, handle, shown, whom, whom_shown, kind, score, reasons, messages);
fields!(UnknownHandle: channel, handle, shown, messages, employees);
fields!(ConversationSaid: id, channel, kind, employees, class, why, decided, messages);
fields!(SensitiveRow: channel, kind, messages, people);
fields!(IdentityDecision: channel, handle, verdict, whom, reason, by, at);
fields!(Reveal: at, by, reason, channel, conversation, from, to, messages);
fields!(ScopeSaid: from, to, as_of, zone);
fields!(Basis: matter, sources, messages, policies, people, clients, policy, missing, private_conversations, undecided_conversations);
fields!(SourcesSaid: read, given, skipped, with_problems);
fields!(PolicySaid: id, title, citation, months, last_checked, clock, accessible, maximum, scope, url, confidence, medium, note, limits, required_from, required_days, covered_days, accessible_from, accessible_days, accessible_covered);
fields!(Missing: id, title, effect, count);
fields!(Channels: by_channel, over_time, firm_owned_client_share, by_quarter, moves, redirects, phrases, hours, groups);
fields!(Groups: by, least, rows, merged, withheld);
fields!(GroupRow: name, people, off_client_turns, share);
fields!(ChannelRow: channel, status, captured, messages, turns, work_messages, client_turns, off_client_turns, share, slot, covered, first_quarter_share, last_quarter_share, strip, evidence);
fields!(WeekRow: week, channel, work_messages, client_turns);
fields!(FirmShare: value, of_turns);
fields!(QuarterRow: quarter, firm_owned, other);
fields!(CoverageRow: custodian, person, channel, expected_days, covered_days, gap_days, unknown_days, silent_days, horizon, worst, spans, messages, detectable_days, group);
fields!(Daily: person, channel, from, counts, worked);
fields!(Horizon: required_from, first, required_to, last, rule, limit);
fields!(Span: from, to, state, gap, explained);
fields!(Estimate: low, mid, high);
fields!(Gap: id, custodian, person, owner, channel, conversation, conversation_id, class, kind, from, to, business_days, estimate, confidence, severity, score, client_facing, reasons, benign, evidence, explained, explained_days, explanations);
fields!(Explained: kind, note, by, at);
fields!(ExplanationSaid: custodian, person, channel, conversation_id, from, to, kind, note, by, at, known);
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
fields!(ListReading: name, columns, unused, fields, sample, headings, doubts, fingerprint, stated, list, rows, remarks);
words!(Verdict: Same = "same", Different = "different", Service = "service", Other = "other");
words!(Division: Department = "department", Region = "region", Grade = "grade");
words!(ChannelStatus: Unknown = "unknown", Approved = "approved", Tolerated = "tolerated", Prohibited = "prohibited");
fields!(ChannelRule: id, status, captured, accounts, adopted, exceptions);
fields!(Exception: department, status);
fields!(Rule: id, title, citation, months, accessible, maximum, clock, scope, url, last_checked);
fields!(Hold: name, people, channels, from, to, reason);
fields!(Policy: presets, tolerance_days, alpha, channels, rules, holds, fiscal_year_month);
fields!(Calendar: weekend, weekend_stated, holidays, week_start, country, regions);
fields!(RegionDays: region, country, weekend, holidays);
fields!(Privacy: content, min_group, pseudonyms, division);
fields!(WorkRules: client, service, employees, text, threshold);
written!(ChannelRule: id, status, captured, accounts, adopted, exceptions);
written!(Exception: department, status);
written!(Rule: id, title, citation, months, accessible, maximum, clock, scope, url, last_checked);
written!(Hold: name, people, channels, from, to, reason);
written!(Policy: presets, tolerance_days, alpha, channels, rules, holds, fiscal_year_month);
written!(Calendar: weekend, weekend_stated, holidays, week_start, country, regions);
written!(RegionDays: region, country, weekend, holidays);
written!(Privacy: content, min_group, pseudonyms, division);
written!(WorkRules: client, service, employees, text, threshold);
words!(SkipReason: UnknownType = "unknown_type", NoTime = "no_time", TimeOutOfRange = "time_out_of_range", EmptyRecord = "empty_record", CutOff = "cut_off", Malformed = "malformed", TooLarge = "too_large", Preamble = "preamble", Draft = "draft", NotMessages = "not_messages", UnknownMember = "unknown_member", Encrypted = "encrypted", UnknownPacking = "unknown_packing", LimitReached = "limit_reached", UnreadableMember = "unreadable_member", Withheld = "withheld", Repeated = "repeated", OtherItem = "other_item");
words!(ledger::Basis: Assumed = "assumed", Stated = "stated", Proven = "proven", NotNeeded = "not_needed", Ambiguous = "ambiguous");

written!(IdentityDecision: channel, handle, verdict, whom, reason, by, at);

impl Written for Verdict {
    fn write(&self, out: &mut String) {
        self.word().write(out);
    }
}

impl Written for Division {
    fn write(&self, out: &mut String) {
        self.word().write(out);
    }
}

impl Written for ChannelStatus {
    fn write(&self, out: &mut String) {
        self.word().write(out);
    }
}

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
