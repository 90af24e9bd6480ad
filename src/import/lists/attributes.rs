//! Columns of an employee list that are read as nothing else and divide people into groups (team, cost centre, legal entity): kept per
//! person, for divisions by another column. A list from an HR system holds more of people than an audit may know, so only little is kept:
//! few columns, short values that several people share, no numbers, dates or addresses, and none whose heading speaks of pay, of the body,
//! of origin or of belief.

use std::collections::BTreeMap;

use super::column::Columns;
use super::table::{Row, Table, key};
use crate::text;

/// Columns kept at most.
const COLUMNS: usize = 6;
/// Different values of a column at most: more are names or texts.
const VALUES: usize = 60;
/// Longest value in bytes.
const LENGTH: usize = 64;
/// Parts of headings, as [`key`] writes them, of what is not for an audit: in the languages of the lists.
const NOT_KEPT: &[&str] = &[
    "salar",
    "compensation",
    "bonus",
    "wage",
    "payroll",
    "paygrade",
    "payrate",
    "stipend",
    "gehalt",
    "lohn",
    "vergutung",
    "salaire",
    "remuneration",
    "sueldo",
    "stipendio",
    "retribuzione",
    "工资",
    "薪",
    "給与",
    "gender",
    "sex",
    "pronoun",
    "geschlecht",
    "genre",
    "genero",
    "genere",
    "性别",
    "性別",
    "age",
    "alter",
    "birth",
    "geburt",
    "naissance",
    "nacimiento",
    "nascita",
    "nascimento",
    "生日",
    "出生",
    "生年",
    "race",
    "ethnic",
    "origin",
    "herkunft",
    "nationalit",
    "citizen",
    "nacionalidad",
    "nazionalita",
    "国籍",
    "国籍",
    "民族",
    "religio",
    "faith",
    "konfession",
    "kirche",
    "宗教",
    "政治",
    "politic",
    "union",
    "gewerkschaft",
    "syndicat",
    "disab",
    "handicap",
    "behinder",
    "health",
    "medical",
    "gesundheit",
    "krank",
    "marital",
    "familien",
    "spouse",
    "children",
    "civilstatus",
    "etatcivil",
    "estadocivil",
    "婚",
    "veteran",
    "orientation",
    "visa",
    "passport",
    "ssn",
    "socialsecurity",
    "taxid",
    "steuer",
    "iban",
    "bank",
    "address",
    "adresse",
    "direccion",
    "rating",
    "performance",
    "disciplin",
    "reason",
    "grund",
    "motif",
    "motivo",
    "note",
    "comment",
];

/// Headings that end in a word of [`NOT_KEPT`] by chance.
const KEPT: &[&str] = &["coverage", "language", "stage", "manage", "agency", "village", "storage"];

/// The columns that are kept, with their headings.
pub fn columns(table: &Table, read: &Columns) -> Vec<(usize, String)> {
    let kept = |ix: usize, heading: &str| read.field(ix).is_none() && !set_aside(heading) && divides(table, ix);
    let found = table.headings.iter().enumerate().filter(|(ix, heading)| kept(*ix, heading));
    found.map(|(ix, heading)| (ix, text::clean_name(text::bounded(heading, LENGTH)))).take(COLUMNS).collect()
}

/// What a row says in these columns.
pub fn of(row: &Row, columns: &[(usize, String)]) -> Vec<(String, String)> {
    let said = columns.iter().map(|(ix, heading)| (heading.clone(), text::clean_name(row.cell(*ix))));
    said.filter(|(_, value)| !value.is_empty()).collect()
}

fn set_aside(heading: &str) -> bool {
    let key = key(heading);
    let unnamed = key.is_empty() || key.strip_prefix("column").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let mut rest = key;
    KEPT.iter().for_each(|word| rest = rest.replace(word, ""));
    unnamed || NOT_KEPT.iter().any(|word| rest.contains(word))
}

/// Whether a column puts people into groups: its values are words, few, short, and on average shared by two.
fn divides(table: &Table, ix: usize) -> bool {
    let mut values: BTreeMap<&str, usize> = BTreeMap::new();
    let mut filled = 0;
    for cell in table.rows.iter().map(|row| row.cell(ix)).filter(|cell| !cell.is_empty()) {
        let digits = cell.bytes().filter(u8::is_ascii_digit).count();
        if cell.len() > LENGTH || cell.contains('@') || !cell.chars().any(char::is_alphabetic) || digits * 2 > cell.len() {
            return false;
        }
        filled += 1;
        *values.entry(cell).or_default() += 1;
        if values.len() > VALUES {
            return false;
        }
    }
    values.len() > 1 && filled >= 2 * values.len()
}
