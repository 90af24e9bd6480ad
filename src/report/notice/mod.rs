//! Two sheets made from the settings of a matter: a one-page notice for employees, and what a works council needs to know to agree. They say
//! what is analysed, what is not, and who can open content, in the settings' own numbers; nothing in them is promised that the program does
//! not do. Self-contained HTML to print, or plain text.

use std::fmt::Write as _;

use super::phrase::{count, grouped};
use super::words;
use crate::model::answer::PolicySaid;
use crate::model::matter::{ChannelRule, ChannelStatus};
use crate::model::{Answers, Matter};
use crate::text;

mod settings;

/// For whom a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Everybody whose messages may be in the archive.
    Employees,
    /// Their representatives.
    Council,
}

impl Readers {
    /// From the word in a document's name.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "employees" => Some(Self::Employees),
            "council" => Some(Self::Council),
            _ => None,
        }
    }
}

/// A sheet by name (`notice:employees`, `notice:council`, either with `:text` behind it): file name, type, text. `None` for any other name.
#[must_use]
pub fn document(matter: &Matter, answers: &Answers, what: &str) -> Option<(String, String, String)> {
    let what = what.strip_prefix("notice:")?;
    let (word, plain) = what.strip_suffix(":text").map_or((what, false), |word| (word, true));
    let readers = Readers::of(word)?;
    Some(if plain {
        (format!("notice-{word}.txt"), "text/plain".to_owned(), plain_text(readers, matter, answers))
    } else {
        (format!("notice-{word}.html"), "text/html".to_owned(), html(readers, matter, answers))
    })
}

/// A piece of a sheet.
enum Part {
    Head(&'static str),
    Para(String),
    List(Vec<String>),
    /// Name and value.
    Terms(Vec<(String, String)>),
    /// A line to be filled in by hand.
    Blank(&'static str),
}

/// The sheet as one HTML page: no script, no request.
#[must_use]
pub fn html(readers: Readers, matter: &Matter, answers: &Answers) -> String {
    const STYLE: &str = "@page{size:A4;margin:13mm 15mm}body{font:9.6pt/1.34 system-ui,sans-serif;color:#111;background:#fff;max-width:180mm;margin:0 auto;padding:4mm}\
        h1{font-size:15pt;margin:0 0 1mm}h2{font-size:10.5pt;margin:2.6mm 0 .6mm;break-after:avoid}p{margin:0 0 1mm}ul{margin:0 0 1mm;padding-left:4.5mm}\
        dl{display:grid;grid-template-columns:minmax(42mm,max-content) 1fr;gap:.4mm 4mm;margin:0 0 1mm}dt{color:#444}dd{margin:0;overflow-wrap:anywhere}\
        .blank{display:flex;gap:3mm;margin:1.2mm 0}.blank i{flex:1;border-bottom:.3mm solid #666}.q{color:#444}@media print{body{padding:0}}";
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">",
    );
    out.push_str("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
    let title = text::html(&title(readers, matter));
    let _ = write!(out, "<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>");
    for part in parts(readers, matter, answers) {
        match part {
            Part::Head(head) => {
                let _ = write!(out, "<h2>{head}</h2>");
            }
            Part::Para(para) => {
                let _ = write!(out, "<p>{}</p>", text::html(&para));
            }
            Part::List(items) => {
                out.push_str("<ul>");
                items.iter().for_each(|i| out.extend(["<li>", &text::html(i), "</li>"]));
                out.push_str("</ul>");
            }
            Part::Terms(terms) => {
                out.push_str("<dl>");
                terms.iter().for_each(|(term, value)| out.extend(["<dt>", &text::html(term), "</dt><dd>", &text::html(value), "</dd>"]));
                out.push_str("</dl>");
            }
            Part::Blank(label) => {
                let _ = write!(out, "<p class=\"blank\">{label}<i></i></p>");
            }
        }
    }
    out.push_str("</body></html>\n");
    out
}

/// The sheet as plain text, 78 letters wide.
#[must_use]
pub fn plain_text(readers: Readers, matter: &Matter, answers: &Answers) -> String {
    let title = title(readers, matter);
    let mut out = format!("{title}\n{}\n", "=".repeat(title.chars().count().min(78)));
    for part in parts(readers, matter, answers) {
        match part {
            Part::Head(head) => {
                let _ = writeln!(out, "\n{head}\n{}", "-".repeat(head.len()));
            }
            Part::Para(para) => wrapped(&mut out, "", &para),
            Part::List(items) => items.iter().for_each(|i| wrapped(&mut out, "- ", i)),
            Part::Terms(terms) => terms.iter().for_each(|(term, value)| wrapped(&mut out, "- ", &format!("{term}: {value}"))),
            Part::Blank(label) => {
                let _ = writeln!(out, "{label} {}", "_".repeat(40));
            }
        }
    }
    out
}

fn wrapped(out: &mut String, first: &str, text: &str) {
    let (mut line, rest) = (first.to_owned(), " ".repeat(first.len()));
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + word.chars().count() + 1 > 78 {
            out.extend([line.as_str(), "\n"]);
            (line, empty) = (rest.clone(), true);
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.extend([line.as_str(), "\n"]);
}

fn title(readers: Readers, matter: &Matter) -> String {
    let what = match readers {
        Readers::Employees => "Notice to employees: audit of message archives",
        Readers::Council => "Audit of message archives: sheet for the works council",
    };
    if matter.name.is_empty() { what.to_owned() } else { format!("{what} ({})", matter.name) }
}

fn parts(readers: Readers, matter: &Matter, answers: &Answers) -> Vec<Part> {
    let mut out = vec![Part::Para(opening(readers, answers))];
    out.push(Part::Head("Why"));
    out.extend(why(readers, answers));
    out.push(Part::Head("What is analysed"));
    out.push(Part::List(analysed(matter, answers)));
    out.push(Part::Head("What is not analysed"));
    out.push(Part::List(not_analysed(matter)));
    out.push(Part::Head("Who can read the text of messages"));
    out.extend(who_reads(readers, matter, answers).into_iter().map(Part::Para));
    out.push(Part::Head("How people are shown"));
    out.push(Part::Para(how_shown(matter)));
    out.push(Part::Head("Where it happens, and what is kept"));
    out.push(Part::Para(kept(answers)));
    if readers == Readers::Council {
        out.extend(settings::parts(matter, answers));
        out.push(Part::Head("Agreement"));
        out.push(Part::Para(
            "The settings above stand in one file, matter.toml. A change of any of them is a change of that file; sign or keep a copy of it.".to_owned(),
        ));
        out.extend(["Employer, date", "Works council, date", "Impact assessment, reference"].map(Part::Blank));
    } else {
        out.push(Part::Head("Your rights"));
        out.push(Part::Para(
            "You may ask what the audit holds about you, have a wrong name or a wrongly classed conversation corrected, and object. A conversation that was \
             taken for work and is private is corrected without anybody opening it."
                .to_owned(),
        ));
        out.extend(["Ask", "Data protection officer", "Legal basis"].map(Part::Blank));
    }
    out
}

fn opening(readers: Readers, answers: &Answers) -> String {
    let made = if answers.tool.is_empty() { String::new() } else { format!(" by {}", answers.tool) };
    let who = if readers == Readers::Employees { "The firm checks" } else { "The employer checks" };
    format!(
        "{who} whether the business messages it must keep are in its archive. This sheet was made{made} from the settings of the audit; it changes when they change."
    )
}

/// A rule in one line.
fn rule(policy: &PolicySaid) -> String {
    let mut out = policy.title.clone();
    if !policy.citation.is_empty() && policy.citation != policy.title {
        let _ = write!(out, " ({})", policy.citation);
    }
    if let Some(months) = policy.months {
        let _ = write!(out, ": {} from {}", count(u64::from(months), "month", "months"), policy.clock);
    }
    if let Some(months) = policy.maximum {
        let _ = write!(out, "; gone after {}", count(u64::from(months), "month", "months"));
    }
    out
}

fn why(readers: Readers, answers: &Answers) -> Vec<Part> {
    let (limits, asks): (Vec<&PolicySaid>, Vec<_>) = answers.basis.policies.iter().partition(|p| p.limits);
    let line = |p: &&PolicySaid| {
        let place = if p.url.is_empty() { String::new() } else { format!(", {}", p.url) };
        let checked = if readers == Readers::Council && !p.last_checked.is_empty() { format!("; last checked {}", p.last_checked) } else { String::new() };
        format!("{}{checked}{place}", rule(p))
    };
    let mut out = Vec::new();
    if asks.is_empty() {
        out.push(Part::Para("No retention rule has been chosen: nothing says yet how long records must be kept.".to_owned()));
    } else {
        out.push(Part::Para("Rules that ask for records to be kept (check with counsel):".to_owned()));
        out.push(Part::List(asks.iter().map(line).collect()));
    }
    if !limits.is_empty() {
        out.push(Part::Para("Rules that limit keeping and looking:".to_owned()));
        out.push(Part::List(limits.iter().map(line).collect()));
    }
    out
}

/// A channel of the register in a few words.
fn channel(rule: &ChannelRule) -> String {
    let standing = match rule.status {
        ChannelStatus::Unknown => String::new(),
        status => format!(" ({})", words::status(status.word()).to_lowercase()),
    };
    format!("{}{standing}", words::channel(&rule.id))
}

fn analysed(matter: &Matter, answers: &Answers) -> Vec<String> {
    let channels: Vec<String> = matter.policy.channels.iter().map(channel).collect();
    let channels =
        if channels.is_empty() { "No channel register has been supplied.".to_owned() } else { format!("Channels of the register: {}.", channels.join(", ")) };
    let sources = answers.basis.sources.given;
    let so_far = if sources == 0 {
        String::new()
    } else {
        format!(" So far: {}, {}.", count(sources, "source", "sources"), count(answers.basis.messages, "message", "messages"))
    };
    let scope = &answers.scope;
    let zone = if scope.zone.is_empty() { "UTC" } else { &scope.zone };
    let period = match (&scope.from, &scope.to) {
        (None, None) => "all days in the exports".to_owned(),
        (from, to) => super::phrase::period(from.as_deref(), to.as_deref()),
    };
    vec![
        format!("Exports of message archives and of phones that were handed over; no account is ever entered.{so_far}"),
        channels,
        format!("Period: {period}; days are counted in {zone}."),
        "Of each message of a work conversation: who wrote to whom, when, on which channel, how long it is, whether a file belongs to it.".to_owned(),
        "While a file is read, the program notes signs in the text (such as business words, or the form of a card number), never the words or numbers themselves, and drops the text."
            .to_owned(),
        "From this it counts which channels carry work, which days the archive does not cover, what is kept too long, and, for people whose last day stands on the people list, which client conversations need a successor and how far each rests on that person alone."
            .to_owned(),
    ]
}

fn not_analysed(matter: &Matter) -> Vec<String> {
    let w = &matter.work;
    let mut signs: Vec<String> = [(w.client, "a client takes part"), (w.service, "a service takes part"), (w.employees, "at least two employees take part")]
        .into_iter()
        .filter(|(on, _)| *on)
        .map(|(_, words)| words.to_owned())
        .collect();
    if w.text {
        signs.push(format!("at least {} of its messages show signs of work", super::phrase::percent(w.threshold)));
    }
    let work = match signs.split_last() {
        None => "No rule makes a conversation work: a person decides each.".to_owned(),
        Some((last, [])) => format!("A conversation is work when {last}."),
        Some((last, head)) => format!("A conversation is work when {}, or {last}.", head.join(", ")),
    };
    vec![
        format!(
            "Private conversations. They are counted as one number and left out of everything else: not listed, not opened, nobody in them is named. {work}"
        ),
        "Anything marked as private (private, privé, personal, 私人 and the like): counted, never opened.".to_owned(),
        "Performance, mood, opinions, health, or who might leave: none of these is read, scored, ranked or predicted.".to_owned(),
    ]
}

fn who_reads(readers: Readers, matter: &Matter, answers: &Answers) -> Vec<String> {
    let openings = answers.reveals.len() as u64;
    let so_far = match openings {
        0 => "Nothing has been opened so far.".to_owned(),
        n => format!("Opened so far: {}.", count(n, "range of messages", "ranges of messages")),
    };
    if !matter.privacy.content {
        let mut out = vec!["Nobody. The audit runs in flow mode: it shows who wrote when on which channel, and no text can be opened.".to_owned()];
        // Openings made before the mode was changed are not hidden by it.
        if openings > 0 {
            out.push(so_far);
        }
        return out;
    }
    let mut out = vec![format!(
        "Content mode is on. A person who gives a name and types a reason may open the text of one work conversation, one range of dates at a time; private conversations stay closed. \
         Each opening is logged with who, why, which range, when and how many messages, and the log is part of every report. {so_far}"
    )];
    if readers == Readers::Council {
        out.push(format!("People who have opened text: {}.", openers(answers)));
    }
    out
}

fn openers(answers: &Answers) -> String {
    let mut by: Vec<&str> = answers.reveals.iter().map(|r| if r.by.is_empty() { "not named" } else { r.by.as_str() }).collect();
    by.sort_unstable();
    by.dedup();
    if by.is_empty() { "none".to_owned() } else { by.join(", ") }
}

fn how_shown(matter: &Matter) -> String {
    let names =
        if matter.privacy.pseudonyms { "Views for executives show pseudonyms." } else { "Pseudonyms are switched off: views for executives show names." };
    let group = match u64::from(matter.privacy.min_group) {
        0 | 1 => "No smallest group is set for charts by department, region or grade.".to_owned(),
        least => format!(
            "No chart or table by department, region or grade shows a group of fewer than {} people, nor lets one be worked out by subtraction.",
            grouped(least)
        ),
    };
    format!("{names} {group} Compliance sees the names of people of the firm whose records are missing: that speaks of the archive, not of the person.")
}

fn kept(answers: &Answers) -> String {
    let private = answers.basis.private_conversations;
    let counted = if answers.basis.sources.given == 0 { String::new() } else { format!(" Private conversations counted so far: {}.", grouped(private)) };
    format!(
        "Files are read on the computer of the person who audits; nothing is sent anywhere and there is no server. The program keeps nothing: what was read is gone when the page is closed, \
         unless that person saves the matter or a report as a file. Such a file holds no text of messages.{counted}"
    )
}

#[cfg(test)]
mod tests;
