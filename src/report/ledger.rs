//! The ledger as JSON, in the shape of the contract, section 3.

use serde_json::{Value, json};

use crate::model::ledger::{Basis, Severity, Skip, Source};
use crate::time::{self, Zone};

/// The ledger of these sources.
#[must_use]
pub fn json(sources: &[Source]) -> Value {
    let sum = |f: fn(&Source) -> u64| sources.iter().map(f).sum::<u64>();
    json!({
        "schema": 1,
        "sources": sources.iter().map(source).collect::<Vec<_>>(),
        "totals": {
            "files": sources.len(),
            "records": sum(|s| s.records),
            "messages": sum(|s| s.messages),
            "events": sum(|s| s.events),
            "duplicates": sum(|s| s.duplicates),
            "skipped": sum(Source::skipped_total),
            "unreadable": sources.iter().filter(|s| s.error.is_some()).count(),
        },
    })
}

fn source(s: &Source) -> Value {
    let order = if s.date_order.value.is_empty() {
        json!({ "value": null, "basis": "not_needed" })
    } else {
        json!({ "value": s.date_order.value, "basis": s.date_order.basis, "why": s.date_order.why })
    };
    json!({
        "name": s.name, "path": s.path, "format": null_if_empty(&s.format), "channel": null_if_empty(&s.channel), "bytes": s.bytes, "sha256": null_if_empty(&s.sha256),
        "records": s.records, "messages": s.messages, "events": s.events, "duplicates": s.duplicates,
        "skipped": s.skipped.iter().map(|k| skip(k, s)).collect::<Vec<_>>(),
        "remainder": s.remainder(),
        "participants": s.participants, "conversations": s.conversations, "first": s.first.map(|t| moment(t, s)), "last": s.last.map(|t| moment(t, s)),
        "zone": { "value": null_if_empty(&s.zone.value), "basis": s.zone.basis },
        "date_order": order,
        "owner": s.owner.as_ref().map(|o| json!({ "handle": o.value, "basis": o.basis, "why": o.why })),
        "encoding": if s.encoding.is_empty() { "UTF-8" } else { &s.encoding },
        "notices": s.notices.iter().map(|n| json!({ "id": n.id, "sentence": n.sentence, "count": n.count })).collect::<Vec<_>>(),
        "error": s.error.as_ref().map(|e| json!({ "what": e.what, "where": e.place })),
    })
}

fn skip(k: &Skip, s: &Source) -> Value {
    let entry = usize::try_from(k.part).ok().and_then(|p| s.parts.get(p)).filter(|e| !e.is_empty());
    let mut first = json!({});
    if let Some(map) = first.as_object_mut() {
        if let Some(entry) = entry {
            map.insert("entry".to_owned(), json!(entry));
        }
        if k.first.line > 0 {
            map.insert("line".to_owned(), json!(k.first.line));
        } else if entry.is_none() || k.first.offset > 0 {
            map.insert("byte".to_owned(), json!(k.first.offset));
        }
    }
    json!({ "reason": k.reason, "severity": severity(k.reason.severity()), "sentence": k.reason.sentence(), "count": k.count, "first": first })
}

const fn severity(s: Severity) -> &'static str {
    match s {
        Severity::Info => "info",
        Severity::Suspect => "suspect",
        Severity::Loss => "loss",
    }
}

/// RFC 3339: with `Z` when the zone is stated or proven, as written when it is assumed.
#[must_use]
pub fn moment(micros: i64, s: &Source) -> String {
    if s.zone.basis == Basis::Assumed {
        let local = Zone::named(&s.zone.value).map_or(micros, |mut z| z.local_of(micros));
        time::rfc3339(local, false)
    } else {
        time::rfc3339(micros, true)
    }
}

fn null_if_empty(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}
