//! Client lists: one row per contact, one [`Client`] per company.

use std::collections::BTreeMap;

use super::Wanted;
use super::assign::assign;
use super::column::{Columns, Odd};
use super::headings::Target;
use super::people::straight;
use super::table::{Row, Table};
use crate::model::roster::{Client, Contact, ListReading};
use crate::text;

/// Reads the rows of a client list.
pub fn read(table: Table, wanted: &Wanted<'_>) -> Result<(Vec<Client>, ListReading), String> {
    let mut reading = ListReading { name: table.name.clone(), remarks: table.remarks.clone(), ..ListReading::default() };
    let columns = assign(&table, wanted, &mut reading);
    if ![Target::Company, Target::Email, Target::Domain, Target::Name].iter().any(|t| columns.has(*t)) {
        return Err(format!(
            "{}: no column for the client, its domain or an e-mail address was found. Give the columns headings such as Client, Contact, Email, Domain.",
            table.name
        ));
    }
    let (mut nameless, mut mail, mut values) = (Odd::default(), Odd::default(), Odd::default());
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    let mut clients: Vec<Client> = Vec::new();
    for row in &table.rows {
        reading.rows += 1;
        let contact = contact(row, &columns, &mut mail);
        let stated = domains(row, &columns);
        let own: Vec<String> = contact.emails.iter().filter_map(|m| m.split_once('@')).map(|(_, d)| d.to_owned()).filter(|d| !text::mail_provider(d)).collect();
        let mut company = columns.text(row, Target::Company);
        if company.is_empty() {
            company = stated.iter().chain(&own).next().cloned().unwrap_or_else(|| contact.name.clone());
        }
        if company.is_empty() {
            nameless.note(row.line, "");
            continue;
        }
        let ix = *at.entry(text::folded(&company)).or_insert_with(|| {
            clients.push(Client { name: company, ..Client::default() });
            clients.len() - 1
        });
        let Some(client) = clients.get_mut(ix) else { continue };
        for domain in stated.into_iter().chain(own) {
            if !client.domains.contains(&domain) {
                client.domains.push(domain);
            }
        }
        fill(client, row, &columns, &mut values);
        if !(contact.name.is_empty() && contact.emails.is_empty() && contact.phones.is_empty() && contact.handles.is_empty()) {
            client.contacts.push(contact);
        }
    }
    for client in &mut clients {
        client.domains.sort();
    }
    let r = &mut reading.remarks;
    nameless.say("without client, contact or address left out", r);
    mail.say("hold something that is no e-mail address", r);
    values.say("hold a value that is no number", r);
    shared_domains(&clients, r);
    repeated(&clients, r);
    if clients.is_empty() {
        return Err(format!("{}: none of its {} rows names a client.", table.name, reading.rows));
    }
    Ok((clients, reading))
}

fn contact(row: &Row, columns: &Columns, mail: &mut Odd) -> Contact {
    let mut name = straight(&columns.text(row, Target::Name));
    if name.is_empty() {
        let both = [columns.text(row, Target::Given), columns.text(row, Target::Family)];
        name = both.iter().filter(|n| !n.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    }
    let line = row.line;
    Contact { name, emails: columns.emails(row, |cell| mail.note(line, cell)), phones: columns.phones(row), handles: columns.handles(row), line }
}

fn fill(client: &mut Client, row: &Row, columns: &Columns, values: &mut Odd) {
    let owner = columns.text(row, Target::Owner);
    if client.owner.is_empty() {
        client.owner = straight(&owner);
    }
    if client.region.is_empty() {
        client.region = columns.text(row, Target::Region);
    }
    let cell = columns.text(row, Target::Value);
    if cell.is_empty() {
        return;
    }
    match amount(&cell) {
        // One company, several contacts: the value is stated on each row, not shared out.
        Some(v) => client.value = Some(client.value.map_or(v, |held| held.max(v))),
        None => values.note(row.line, &cell),
    }
}

/// `1,200,000.50`, `1.200.000,50`, `EUR 5m`, `250k`; negative and absurd amounts are none.
fn amount(cell: &str) -> Option<f64> {
    let lower = cell.to_lowercase();
    let scale = match lower.trim_end_matches(|c: char| !c.is_alphanumeric()) {
        t if t.ends_with("bn") => 1e9,
        t if t.ends_with("mn") || t.ends_with("mio") || t.ends_with('m') => 1e6,
        t if t.ends_with('k') => 1e3,
        _ => 1.0,
    };
    let digits: String = lower.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let last = digits.rfind([',', '.']);
    let decimals = last.map(|at| digits.len() - at - 1);
    let same = last.is_some_and(|at| digits.get(at..=at).is_some_and(|mark| digits.matches(mark).count() > 1));
    // A single mark before three digits groups thousands, except for the plain English form `1.234`.
    let groups = same || decimals == Some(3) && digits.as_bytes().get(last?) == Some(&b',');
    let plain: String = match last {
        Some(at) if !groups => {
            let (whole, fraction) = digits.split_at_checked(at)?;
            format!("{}.{}", whole.replace([',', '.'], ""), fraction.get(1..)?)
        }
        _ => digits.replace([',', '.'], ""),
    };
    let value = plain.parse::<f64>().ok()? * scale;
    (value.is_finite() && value < 1e15 && !lower.trim_start().starts_with('-')).then_some(value)
}

fn domains(row: &Row, columns: &Columns) -> Vec<String> {
    let mut out = Vec::new();
    for cell in columns.of(Target::Domain).map(|ix| row.cell(ix)) {
        for part in cell.split([';', ',', '|', ' ', '\n']) {
            if let Some(domain) = domain(part).filter(|d| !text::mail_provider(d) && !out.contains(d)) {
                out.push(domain);
            }
        }
    }
    out
}

/// The domain of a web address or mail domain: `https://www.firm.example/about` is `firm.example`.
fn domain(part: &str) -> Option<String> {
    let part = part.trim().to_lowercase();
    let part = part.split_once("://").map_or(part.as_str(), |(_, rest)| rest);
    let part = part.rsplit_once('@').map_or(part, |(_, rest)| rest);
    let part = part.split(['/', '?', '#', ':']).next().unwrap_or(part);
    let part = part.strip_prefix("www.").unwrap_or(part).trim_end_matches('.');
    let fine = part.contains('.') && part.len() <= 150 && !part.starts_with('.') && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    fine.then(|| part.to_owned())
}

fn shared_domains(clients: &[Client], remarks: &mut Vec<String>) {
    let mut owners: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for client in clients {
        for domain in &client.domains {
            owners.entry(domain).or_default().push(&client.name);
        }
    }
    for (domain, names) in owners.iter().filter(|(_, names)| names.len() > 1).take(10) {
        remarks.push(format!("The domain {domain} belongs to several clients: {}.", names.join(", ")));
    }
}

fn repeated(clients: &[Client], remarks: &mut Vec<String>) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut odd = Odd::default();
    for contact in clients.iter().flat_map(|c| &c.contacts) {
        if contact.emails.first().is_some_and(|m| seen.insert(m, contact.line).is_some()) {
            odd.note(contact.line, &contact.name);
        }
    }
    odd.say("name an e-mail address already on the list", remarks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_both_writings() {
        for (text, want) in
            [("1,200,000.50", 1_200_000.5), ("1.200.000,50", 1_200_000.5), ("EUR 5m", 5e6), ("250k", 250e3), ("1,234", 1234.0), ("12.5", 12.5), ("12,5", 12.5)]
        {
            assert_eq!(amount(text), Some(want), "{text}");
        }
        assert_eq!(amount("high"), None);
        assert_eq!(amount("-5"), None);
    }
}
