//! Answers as CSV tables: one row per thing, a header row, CRLF, cells guarded against formulas. Unknown is an empty cell, never 0.

use serde_json::Value;

use crate::model::Answers;
use crate::model::answer::{ClientHeld, CopySide, Explained, Leaver};
use crate::text::csv_cell;

/// The tables there are: the word asked for, and what a row is.
pub const TABLES: [(&str, &str); 11] = [
    ("gaps", "a row per gap"),
    ("explained", "a row per explanation of a reviewer"),
    ("copies", "a row per pair of copies of one conversation"),
    ("leavers", "a row per leaver and client"),
    ("channels", "a row per channel"),
    ("groups", "a row per department, region or grade"),
    ("coverage", "a row per custodian and channel"),
    ("findings", "a row per finding"),
    ("decisions", "a row per likely join that waits, and per decision"),
    ("reveals", "a row per opening of text"),
    ("ledger", "a row per source"),
];

/// The table of that name; `None` when there is no such table.
#[must_use]
pub fn table(answers: &Answers, which: &str) -> Option<String> {
    let mut sheet = Sheet::default();
    match which {
        "gaps" => gaps(&mut sheet, answers),
        "explained" => explained(&mut sheet, answers),
        "copies" => copies(&mut sheet, answers),
        "leavers" => leavers(&mut sheet, answers),
        "channels" => channels(&mut sheet, answers),
        "groups" => groups(&mut sheet, answers),
        "coverage" => coverage(&mut sheet, answers),
        "findings" => findings(&mut sheet, answers),
        "decisions" => decisions(&mut sheet, answers),
        "reveals" => reveals(&mut sheet, answers),
        "ledger" => ledger(&mut sheet, &answers.ledger),
        _ => return None,
    }
    Some(sheet.0)
}

/// Rows as text.
#[derive(Default)]
struct Sheet(String);

impl Sheet {
    fn row<I: IntoIterator<Item = S>, S: AsRef<str>>(&mut self, cells: I) {
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.0.push(',');
            }
            self.0.push_str(&csv_cell(cell.as_ref()));
        }
        self.0.push_str("\r\n");
    }
}

fn some<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// A share or estimate with at most four decimals.
fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn share(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

fn decisions(sheet: &mut Sheet, answers: &Answers) {
    sheet.row(["state", "channel", "handle", "verdict", "whom", "score", "reason", "by", "at"]);
    for p in &answers.identity.proposals {
        sheet.row(["waits", &p.channel, &p.shown, "", &p.whom, &number(p.score), &p.reasons.join("; "), "", ""]);
    }
    for d in &answers.identity.decisions {
        sheet.row(["decided", &d.channel, &d.handle, d.verdict.word(), &d.whom, "", &d.reason, &d.by, &d.at]);
    }
    for c in answers.conversations.iter().filter(|c| c.decided) {
        sheet.row(["decided", &c.channel, &c.id, &c.class, "", "", &c.why, "", ""]);
    }
}

fn reveals(sheet: &mut Sheet, answers: &Answers) {
    sheet.row(["at", "by", "reason", "channel", "conversation", "from", "to", "messages"]);
    for r in &answers.reveals {
        sheet.row([&r.at, &r.by, &r.reason, &r.channel, &r.conversation, &r.from, &r.to, &r.messages.to_string()]);
    }
}

fn gaps(sheet: &mut Sheet, answers: &Answers) {
    sheet.row([
        "id",
        "class",
        "kind",
        "severity",
        "custodian",
        "channel",
        "conversation",
        "from",
        "to",
        "business_days",
        "estimate_low",
        "estimate",
        "estimate_high",
        "confidence",
        "client_facing",
        "reasons",
        "other_explanations",
        "evidence",
        "explained",
        "explained_note",
        "explained_by",
        "explained_at",
        "explained_days",
        "owner",
    ]);
    for gap in &answers.gaps {
        let estimate = gap.estimate.as_ref();
        let benign: Vec<String> = gap.benign.iter().map(|b| format!("{}: {} ({})", b.title, b.found, b.verdict)).collect();
        let evidence: Vec<String> = gap.evidence.iter().map(super::phrase::place).collect();
        let of = |part: fn(&Explained) -> &String| some(gap.explained.as_ref().map(part));
        sheet.row([
            gap.id.clone(),
            gap.class.clone(),
            gap.kind.clone(),
            gap.severity.clone(),
            gap.custodian.clone(),
            gap.channel.clone(),
            some(gap.conversation.as_ref()),
            some(gap.from.as_ref()),
            some(gap.to.as_ref()),
            gap.business_days.to_string(),
            share(estimate.map(|e| e.low)),
            share(estimate.map(|e| e.mid)),
            share(estimate.map(|e| e.high)),
            number(gap.confidence),
            gap.client_facing.to_string(),
            gap.reasons.join(" | "),
            benign.join(" | "),
            evidence.join(" | "),
            of(|e| &e.kind),
            of(|e| &e.note),
            of(|e| &e.by),
            of(|e| &e.at),
            if gap.explained.is_some() { gap.business_days } else { gap.explained_days }.to_string(),
            // As in the JSON: only where no custodian is known, who has a column of his own.
            some(gap.owner.as_ref().filter(|_| gap.custodian.is_empty())),
        ]);
    }
}

fn explained(sheet: &mut Sheet, answers: &Answers) {
    sheet.row(["custodian", "channel", "conversation", "from", "to", "kind", "note", "by", "at", "known", "gaps"]);
    for (number, said) in answers.explained.iter().enumerate() {
        let touched = answers.gaps.iter().filter(|gap| gap.explanations.iter().any(|n| *n as usize == number));
        sheet.row([
            said.custodian.clone(),
            said.channel.clone(),
            some(said.conversation_id.as_ref()),
            some(said.from.as_ref()),
            some(said.to.as_ref()),
            said.kind.clone(),
            said.note.clone(),
            said.by.clone(),
            said.at.clone(),
            said.known.to_string(),
            touched.map(|gap| gap.id.as_str()).collect::<Vec<_>>().join(" "),
        ]);
    }
}

fn copies(sheet: &mut Sheet, answers: &Answers) {
    let side =
        |n: u8| ["keeper", "custodian", "source", "messages", "only", "completeness_low", "completeness", "completeness_high"].map(|h| format!("{h}_{n}"));
    let figures = ["from", "to", "matched", "reworded", "unsure", "proofs", "total_low", "total", "total_high", "offset_minutes", "offset_also_minutes"];
    let heads = ["channel", "conversation"].map(str::to_owned).into_iter().chain(side(1)).chain(side(2));
    sheet.row(heads.chain(figures.map(str::to_owned)));
    for p in &answers.copies {
        let side = |s: &CopySide| {
            let c = s.completeness.as_ref();
            let (low, mid, high) = (share(c.map(|e| e.low)), share(c.map(|e| e.mid)), share(c.map(|e| e.high)));
            [s.keeper.clone(), s.custodian.clone(), some(s.source.as_ref()), s.messages.to_string(), s.only.to_string(), low, mid, high]
        };
        let counts = [p.matched, p.reworded, p.unsure, p.proofs].map(|n| n.to_string());
        let total = [p.total.low, p.total.mid, p.total.high].map(number);
        let cells = [p.channel.clone(), some(p.conversation.as_ref())].into_iter().chain(side(&p.first)).chain(side(&p.second));
        let cells = cells.chain([p.from.clone(), p.to.clone()]).chain(counts).chain(total);
        sheet.row(cells.chain([p.offset_minutes.to_string(), some(p.offset_also_minutes)]));
    }
}

fn leavers(sheet: &mut Sheet, answers: &Answers) {
    sheet.row([
        "person",
        "role",
        "notice",
        "last_day",
        "days_left",
        "person_score",
        "client",
        "contacts",
        "share",
        "effective_contacts",
        "sole_contact",
        "others",
        "main_channel",
        "main_channel_owner",
        "off_archive_share",
        "last_two_way",
        "business_days_since",
        "open_question_since",
        "groups",
        "client_score",
        "turns",
        "gaps",
    ]);
    for leaver in &answers.leavers {
        if leaver.clients.is_empty() {
            sheet.row(person_cells(leaver).into_iter().chain(vec![String::new(); 16]));
        }
        for client in &leaver.clients {
            sheet.row(person_cells(leaver).into_iter().chain(client_cells(client)));
        }
    }
}

fn person_cells(leaver: &Leaver) -> Vec<String> {
    vec![leaver.person.clone(), leaver.role.clone(), some(leaver.notice.as_ref()), leaver.last_day.clone(), leaver.days_left.to_string(), share(leaver.score)]
}

fn client_cells(client: &ClientHeld) -> Vec<String> {
    vec![
        client.client.clone(),
        client.contacts.join(" | "),
        number(client.share),
        number(client.effective_contacts),
        client.sole_contact.to_string(),
        client.others.to_string(),
        some(client.main_channel.as_ref()),
        client.main_channel_owner.clone(),
        share(client.off_archive_share),
        some(client.last_two_way.as_ref()),
        some(client.business_days_since),
        some(client.open_question.as_ref().map(|q| &q.since)),
        client.groups.join(" | "),
        number(client.score),
        client.turns.to_string(),
        client.gaps.join(" "),
    ]
}

fn channels(sheet: &mut Sheet, answers: &Answers) {
    sheet.row([
        "channel",
        "status",
        "captured",
        "messages",
        "turns",
        "work_messages",
        "client_turns",
        "share",
        "share_of_required_days_covered",
        "first_quarter_share",
        "last_quarter_share",
        "off_client_turns",
    ]);
    for row in &answers.channels.by_channel {
        sheet.row([
            row.channel.clone(),
            row.status.clone(),
            some(row.captured),
            row.messages.to_string(),
            row.turns.to_string(),
            row.work_messages.to_string(),
            row.client_turns.to_string(),
            share(row.share),
            share(row.covered),
            share(row.first_quarter_share),
            share(row.last_quarter_share),
            some(row.off_client_turns),
        ]);
    }
}

fn groups(sheet: &mut Sheet, answers: &Answers) {
    sheet.row(["division", "group", "employees", "off_client_turns", "share", "groups_together"]);
    let Some(groups) = &answers.channels.groups else { return };
    for row in &groups.rows {
        let together = if row.name == "Other" && groups.merged > 0 { groups.merged } else { 1 };
        sheet.row([groups.by.clone(), row.name.clone(), row.people.to_string(), row.off_client_turns.to_string(), share(row.share), together.to_string()]);
    }
}

fn coverage(sheet: &mut Sheet, answers: &Answers) {
    sheet.row([
        "custodian",
        "channel",
        "expected_days",
        "covered_days",
        "gap_days",
        "unknown_days",
        "silent_days",
        "required_from",
        "first_record",
        "required_to",
        "last_record",
        "worst_class",
        "messages",
        "detectable_days",
        "required_by",
        "limited_by",
    ]);
    for row in &answers.coverage {
        sheet.row([
            row.custodian.clone(),
            row.channel.clone(),
            row.expected_days.to_string(),
            row.covered_days.to_string(),
            row.gap_days.to_string(),
            row.unknown_days.to_string(),
            row.silent_days.to_string(),
            some(row.horizon.required_from.as_ref()),
            some(row.horizon.first.as_ref()),
            some(row.horizon.required_to.as_ref()),
            some(row.horizon.last.as_ref()),
            row.worst.clone(),
            row.messages.to_string(),
            some(row.detectable_days),
            row.horizon.rule.clone(),
            row.horizon.limit.clone(),
        ]);
    }
}

fn findings(sheet: &mut Sheet, answers: &Answers) {
    sheet.row(["id", "severity", "question", "sentence", "whom", "channel", "from", "to", "gap", "quantity", "unit", "evidence"]);
    for finding in &answers.findings {
        let evidence: Vec<String> = finding.evidence.iter().map(super::phrase::place).collect();
        sheet.row([
            finding.id.clone(),
            finding.severity.clone(),
            finding.question.clone(),
            finding.sentence.clone(),
            finding.whom.clone(),
            some(finding.channel.as_ref()),
            some(finding.from.as_ref()),
            some(finding.to.as_ref()),
            some(finding.gap.as_ref()),
            finding.quantity.to_string(),
            finding.unit.clone(),
            evidence.join(" | "),
        ]);
    }
}

fn ledger(sheet: &mut Sheet, ledger: &Value) {
    sheet.row([
        "path",
        "format",
        "channel",
        "bytes",
        "sha256",
        "records",
        "messages",
        "events",
        "duplicates",
        "skipped",
        "remainder",
        "participants",
        "conversations",
        "first",
        "last",
        "zone",
        "zone_basis",
        "error",
    ]);
    let none = Vec::new();
    for source in ledger.get("sources").and_then(Value::as_array).unwrap_or(&none) {
        let field = |name: &str| said(source.get(name));
        let skipped: u64 = source.get("skipped").and_then(Value::as_array).unwrap_or(&none).iter().filter_map(|s| s.get("count")?.as_u64()).sum();
        sheet.row([
            field("path"),
            field("format"),
            field("channel"),
            field("bytes"),
            field("sha256"),
            field("records"),
            field("messages"),
            field("events"),
            field("duplicates"),
            skipped.to_string(),
            field("remainder"),
            field("participants"),
            field("conversations"),
            field("first"),
            field("last"),
            said(source.pointer("/zone/value")),
            said(source.pointer("/zone/basis")),
            said(source.pointer("/error/what")),
        ]);
    }
}

/// A JSON scalar as a cell.
fn said(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
