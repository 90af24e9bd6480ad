//! People and contacts as JSON: SCIM 2.0 (RFC 7643), users of Microsoft Graph, Personio, or any list of plain objects. One object
//! is one row; nested names become `name.givenName`, several values stand in one cell.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::table::{CELL, Row, Table};
use crate::text::bounded;

/// Keys under which systems put the list.
const LISTS: [&str; 9] = ["Resources", "value", "data", "users", "employees", "people", "members", "contacts", "results"];
/// Most columns, and how deep objects may be nested.
const COLUMNS: usize = 200;
const DEPTH: usize = 6;

/// Reads the objects of a list. Rows are numbered by their place in it.
pub fn read(name: String, text: &str) -> Result<Table, String> {
    let broken = |e: serde_json::Error| format!("{name} is not valid JSON (line {}, column {}). Export the list again.", e.line(), e.column());
    let (objects, more) = match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            let more = value.get("@odata.nextLink").is_some() || short(&value);
            (list(value), more)
        }
        // One object per line.
        Err(error) => {
            let lines: Result<Vec<Value>, _> = text.lines().filter(|l| !l.trim().is_empty()).map(serde_json::from_str).collect();
            (lines.map_err(|_| broken(error))?, false)
        }
    };
    let rows: Vec<BTreeMap<String, String>> = objects.iter().filter_map(Value::as_object).map(flat).collect();
    if rows.is_empty() {
        return Err(format!("{name} holds no list of people: a SCIM or Graph answer has them under \"Resources\" or \"value\"."));
    }
    let mut table = Table { name, ..Table::default() };
    for key in rows.iter().flat_map(BTreeMap::keys) {
        if table.headings.len() < COLUMNS && !table.headings.contains(key) {
            table.headings.push(key.clone());
        }
    }
    if more {
        table
            .remarks
            .push("This is one page of a longer list: the system answered with more people than are in this file. Add all pages in one file.".to_owned());
    }
    table.remarks.push("Lines are counted by person: line 1 is the first in the file.".to_owned());
    for (line, mut row) in (1u32..).zip(rows) {
        let cells = table.headings.iter().map(|h| row.remove(h).unwrap_or_default()).collect();
        table.rows.push(Row { line, cells });
    }
    Ok(table)
}

/// SCIM says how many there are and how many it sent.
fn short(value: &Value) -> bool {
    let total = value.get("totalResults").and_then(Value::as_u64);
    let sent = value.get("Resources").and_then(Value::as_array).map(|r| r.len() as u64);
    total.zip(sent).is_some_and(|(total, sent)| sent < total)
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(mut map) => {
            for key in LISTS {
                if let Some(Value::Array(items)) = map.remove(key) {
                    return items;
                }
            }
            vec![Value::Object(map)]
        }
        _ => Vec::new(),
    }
}

fn flat(object: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    walk("", object, &mut out, 0);
    out
}

fn walk(prefix: &str, object: &Map<String, Value>, out: &mut BTreeMap<String, String>, depth: usize) {
    for (key, value) in object {
        // Extensions of SCIM and the envelope of Personio are no part of the name.
        let bare = key.starts_with("urn:") || (key == "attributes" && value.is_object());
        let schema = matches!(key.as_str(), "schemas" | "meta" | "photos" | "$ref" | "groups" | "roles" | "@odata.type" | "@odata.etag")
            || prefix.is_empty() && key == "type";
        if schema {
            continue;
        }
        let name = match (bare, prefix.is_empty()) {
            (true, _) => prefix.to_owned(),
            (false, true) => key.clone(),
            (false, false) => format!("{prefix}.{key}"),
        };
        put(&name, key, value, out, depth);
    }
}

fn put(name: &str, key: &str, value: &Value, out: &mut BTreeMap<String, String>, depth: usize) {
    match value {
        Value::Null => {}
        Value::Array(items) => several(name, items, out),
        Value::Object(inner) => {
            // `{"label": "First name", "value": "Ana"}`
            if let Some(value) = inner.get("value").filter(|_| inner.contains_key("label")) {
                return put(name, key, value, out, depth);
            }
            // Whoever leads is one value: by number or address where there is one.
            if matches!(key, "manager" | "supervisor") {
                return add(name, one(inner), out);
            }
            if let Some(named) =
                inner.get("attributes").and_then(|a| a.get("name")).or_else(|| inner.get("name").filter(|_| inner.contains_key("id"))).and_then(scalar)
            {
                return add(name, Some(named), out);
            }
            if depth < DEPTH {
                walk(name, inner, out, depth + 1);
            }
        }
        other => add(name, scalar(other), out),
    }
}

/// Addresses and numbers: the primary one first, private ones in a column of their own.
fn several(name: &str, items: &[Value], out: &mut BTreeMap<String, String>) {
    let primary = |v: &Value| v.get("primary").and_then(Value::as_bool).unwrap_or(false);
    let mut ordered: Vec<&Value> = items.iter().take(200).collect();
    ordered.sort_by_key(|v| !primary(v));
    for item in ordered {
        match item {
            Value::Object(inner) => {
                let kind = inner.get("type").and_then(Value::as_str).unwrap_or_default().to_lowercase();
                let private = name.to_lowercase().starts_with("email") && matches!(kind.as_str(), "home" | "personal" | "private" | "other");
                let value = inner.get("value").or_else(|| inner.get("address")).or_else(|| inner.get("country")).and_then(scalar);
                add(if private { "email.home" } else { name }, value, out);
            }
            other => add(name, scalar(other), out),
        }
    }
}

fn one(person: &Map<String, Value>) -> Option<String> {
    let within = person.get("attributes").and_then(Value::as_object).unwrap_or(person);
    let of = |key: &str| within.get(key).map(|v| v.get("value").unwrap_or(v)).and_then(scalar).filter(|v| !v.is_empty());
    let both = || Some(format!("{} {}", of("first_name")?, of("last_name")?));
    ["email", "mail", "userPrincipalName", "displayName", "name"].iter().find_map(|k| of(k)).or_else(both).or_else(|| of("value")).or_else(|| of("id"))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn add(name: &str, value: Option<String>, out: &mut BTreeMap<String, String>) {
    let Some(value) = value.filter(|v| !v.is_empty() && !name.is_empty()) else { return };
    let cell = out.entry(name.to_owned()).or_default();
    if cell.len() + value.len() < CELL {
        let gap = if cell.is_empty() { "" } else { "; " };
        cell.push_str(gap);
        cell.push_str(bounded(&value, CELL));
    }
}

/// Which list a JSON file is, by marks of the systems that write people; anything else must be named like a list.
pub fn kind(stem: &str, head: &str) -> Option<super::Kind> {
    let has = |key: &str| head.contains(&format!("\"{key}\""));
    let messages = has("text") || has("message") || has("messages") || has("team_id") || has("body");
    let scim = head.contains("urn:ietf:params:scim:schemas:core:2.0") || head.contains("urn:ietf:params:scim:api:messages:2.0:ListResponse");
    let graph = has("userPrincipalName") && (has("displayName") || has("mail"));
    let personio = has("attributes") && has("hire_date");
    let hr = has("hireDate") || has("terminationDate") || has("employeeNumber");
    match super::named(stem) {
        _ if scim || graph || personio => Some(super::Kind::People),
        Some(kind @ (super::Kind::People | super::Kind::Clients)) if !messages && (has("email") || has("mail") || has("name") || has("emails") || hr) => {
            Some(kind)
        }
        _ => None,
    }
}
