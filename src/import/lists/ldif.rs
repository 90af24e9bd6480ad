//! LDIF (RFC 2849), as `ldifde`, `ldapsearch` and Apache Directory Studio write it: one record per person, attributes as columns.
//! Attributes of Active Directory are made readable: account control as a status, ticks since 1601 as days, managers by name.

use std::collections::{BTreeMap, BTreeSet};

use super::table::{CELL, Row, Table};
use crate::text::{base64, bounded, clean_name};
use crate::time;

/// Attributes that hold keys, pictures and passwords: of no use, and better not kept.
const LEFT_OUT: &[&str] = &[
    "jpegphoto",
    "thumbnailphoto",
    "userpassword",
    "unicodepwd",
    "objectguid",
    "objectsid",
    "usercertificate",
    "usersmimecertificate",
    "changetype",
    "objectcategory",
    "instancetype",
    "pwdlastset",
    "lastlogon",
    "lastlogontimestamp",
    "badpasswordtime",
    "logonhours",
    "memberof",
    "mail;binary",
];
/// Most attributes that become columns.
const COLUMNS: usize = 200;

struct Record {
    line: u32,
    /// Attribute as written, value.
    of: Vec<(String, String)>,
}

/// Reads the records that stand for people.
pub fn read(name: String, text: &str) -> Result<Table, String> {
    let all = records(text);
    let count = all.len();
    // Units, groups and computers stand in the same file; whatever has an address or a family name is a person.
    let kept: Vec<Record> = all.into_iter().filter(is_person).collect();
    if kept.is_empty() {
        return Err(format!("{name}: none of its {count} records is a person (with mail, sn, uid or userPrincipalName). Export the users of the directory."));
    }
    let names: BTreeMap<String, String> = kept.iter().filter_map(|r| Some((dn_key(first(r, "dn")?), called(r)?.to_owned()))).collect();
    let mut headings: Vec<String> = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (attribute, _) in kept.iter().flat_map(|r| &r.of) {
        let lower = attribute.to_lowercase();
        if !matches!(lower.as_str(), "dn" | "objectclass") && headings.len() < COLUMNS && known.insert(lower) {
            headings.push(attribute.clone());
        }
    }
    let mut table = Table { name, ..Table::default() };
    if count > kept.len() {
        table.remarks.push(format!("{} of {count} records are no people (units, groups, machines) and were left out.", count - kept.len()));
    }
    for record in &kept {
        let cells = headings.iter().map(|h| cell(record, h, &names)).collect();
        table.rows.push(Row { line: record.line, cells });
    }
    table.headings = headings;
    Ok(table)
}

fn is_person(record: &Record) -> bool {
    let class = |c: &str| record.of.iter().any(|(a, v)| a.eq_ignore_ascii_case("objectClass") && v.eq_ignore_ascii_case(c));
    let any = ["mail", "sn", "uid", "userPrincipalName", "employeeNumber", "employeeID"].iter().any(|a| first(record, a).is_some());
    any && !["computer", "group", "groupOfNames", "organizationalUnit", "posixGroup"].iter().any(|c| class(c))
}

fn first<'a>(record: &'a Record, attribute: &str) -> Option<&'a str> {
    record.of.iter().find(|(a, _)| a.eq_ignore_ascii_case(attribute)).map(|(_, v)| v.as_str())
}

fn called(record: &Record) -> Option<&str> {
    ["displayName", "cn", "mail", "uid"].iter().find_map(|a| first(record, a))
}

/// Distinguished names are compared without case and without blanks around their parts.
fn dn_key(dn: &str) -> String {
    dn.split(',').map(|p| p.trim().to_lowercase()).collect::<Vec<_>>().join(",")
}

/// All values of an attribute in one cell.
fn cell(record: &Record, heading: &str, names: &BTreeMap<String, String>) -> String {
    let values = record.of.iter().filter(|(a, _)| a.eq_ignore_ascii_case(heading)).map(|(_, v)| v.as_str());
    let read: Vec<String> = match heading.to_lowercase().as_str() {
        "manager" | "secretary" => values.map(|dn| names.get(&dn_key(dn)).cloned().unwrap_or_else(|| common_name(dn))).collect(),
        // Bit 0x2: the account is disabled.
        "useraccountcontrol" => {
            values.map(|v| v.parse::<u32>().map_or_else(|_| v.to_owned(), |n| if n & 2 > 0 { "disabled" } else { "enabled" }.to_owned())).collect()
        }
        "accountexpires" => values.filter_map(expiry).collect(),
        "whencreated" | "whenchanged" | "createtimestamp" | "modifytimestamp" => values.map(generalised).collect(),
        // `SMTP:` is the main address, `smtp:` an alias; others (`x500:`, `sip:`) are no mail.
        "proxyaddresses" => values.filter(|v| v.get(..5).is_some_and(|p| p.eq_ignore_ascii_case("smtp:"))).map(str::to_owned).collect(),
        _ => values.map(str::to_owned).collect(),
    };
    bounded(&read.join("; "), CELL).to_owned()
}

/// `CN=Ana Silva,OU=Staff,DC=firm` as `Ana Silva`; a comma in a name is written `\,`.
fn common_name(dn: &str) -> String {
    let escaped = dn.replace("\\,", "\u{1}");
    let part = escaped.split(',').next().unwrap_or_default();
    part.split_once('=').map_or(part, |(_, name)| name).replace('\u{1}', ",").trim().to_owned()
}

/// Ticks of 100 ns since 1601 as a day; 0 and the largest number mean never. An account expires at the end of the day before.
fn expiry(value: &str) -> Option<String> {
    let ticks: i64 = value.trim().parse().ok()?;
    if ticks <= 0 || ticks == i64::MAX {
        return None;
    }
    let micros = (ticks / 10).checked_sub(time::SINCE_1601)?;
    Some(time::day_name(time::day(micros.checked_sub(1)?)))
}

/// Generalised time, `20240131093000.0Z`, as a day.
fn generalised(value: &str) -> String {
    let part = |from: usize, to: usize| value.get(from..to).filter(|p| p.bytes().all(|b| b.is_ascii_digit()));
    match (part(0, 4), part(4, 6), part(6, 8)) {
        (Some(y), Some(m), Some(d)) => format!("{y}-{m}-{d}"),
        _ => value.to_owned(),
    }
}

/// Records with their lines unfolded: a line that begins with a blank goes on with the one before.
fn records(text: &str) -> Vec<Record> {
    let mut out: Vec<Record> = Vec::new();
    let mut lines: Vec<(u32, String)> = Vec::new();
    for (n, line) in (1u32..).zip(text.lines()) {
        let line = line.trim_end_matches('\r');
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some((_, before))) => {
                if before.len() < CELL * 100 {
                    before.push_str(rest);
                }
            }
            _ => lines.push((n, line.to_owned())),
        }
    }
    let mut open = false;
    for (n, line) in lines {
        if line.is_empty() {
            open = false;
            continue;
        }
        if line.starts_with('#') || line.starts_with("version:") || line == "-" {
            continue;
        }
        let Some((attribute, value)) = line.split_once(':') else { continue };
        if !open {
            out.push(Record { line: n, of: Vec::new() });
            open = true;
        }
        // `cn;lang-de` is `cn`; `mail;binary` is named as it is.
        let attribute = clean_name(if attribute.ends_with(";binary") { attribute } else { attribute.split(';').next().unwrap_or(attribute) });
        if LEFT_OUT.contains(&attribute.to_lowercase().as_str()) || value.starts_with('<') {
            continue;
        }
        let value = match value.strip_prefix(':') {
            Some(coded) => base64::decode(coded.replace(' ', "").as_bytes()).and_then(|b| String::from_utf8(b).ok()),
            None => Some(value.trim().to_owned()),
        };
        if let Some(value) = value.filter(|v| !v.is_empty())
            && let Some(record) = out.last_mut()
        {
            record.of.push((attribute, value));
        }
    }
    out
}
