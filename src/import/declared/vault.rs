//! Google Vault: `<export>-results-count.csv` (account, number of messages), `<export>-metadata.xml` (a `<Document>` for each message),
//! `<export>-error.csv`, `<export>-account-exceptions.csv`, checksums. Described in support.google.com/vault/answer/6099459.

use std::collections::BTreeMap;

use super::table::{Table, headings, split};
use crate::import::archive::{Claimed, Entry};
use crate::import::bytes::{Fill, Window};
use crate::import::opened::Files;
use crate::import::sink::Sink;
use crate::import::{About, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::text;

/// No account has more messages: larger numbers are taken for this one, so that sums of them stay sums.
const MOST: u64 = 1 << 40;
/// Rows of one step.
const STEP: u32 = 5_000;
/// Accounts that are stated one by one.
const STATED: usize = 200;

/// Google Vault lists
pub struct GoogleVault;

static ABOUT_VAULT: About = About {
    id: "google_vault",
    name: "Google Vault export (lists)",
    channel: "",
    extensions: &["csv", "xml"],
    proves: &[
        "Accounts for which the export declares more messages than its mailboxes hold.",
        "Accounts of the search without a single message.",
        "Messages and accounts the service could not export.",
    ],
    how_to_export: "vault.google.com: matter, search, Export, format MBOX. Download everything: the zip files and the csv and xml files beside them. Add the folder as a whole.",
    limits: "Counts are compared with the mailboxes of the same folder or archive. Chat with history off is never held. For Chat, context of 12 hours around each hit is added: counts are no counts of a mailbox.",
};

/// What a member is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Counts,
    Metadata,
    Errors,
    Exceptions,
    Leave,
}

fn what(name: &str) -> Option<What> {
    let name = name.to_lowercase();
    let end = |ends: &[&str]| ends.iter().any(|e| name.ends_with(e));
    if end(&["results-count.csv", "result-counts.csv", "results-counts.csv"]) {
        Some(What::Counts)
    } else if end(&["-metadata.xml", "-metadata.csv", "-drive-metadata.xml"]) {
        Some(if name.ends_with("xml") { What::Metadata } else { What::Leave })
    } else if end(&["account-exceptions.csv"]) {
        Some(What::Exceptions)
    } else if name == "error.csv" || end(&["-error.csv", "-errors.csv"]) {
        Some(What::Errors)
    } else if end(&["checksums.csv", ".md5", "group-membership.csv", "group-member.csv"]) {
        Some(What::Leave)
    } else {
        None
    }
}

impl Format for GoogleVault {
    fn about(&self) -> &'static About {
        &ABOUT_VAULT
    }

    /// A list of accounts with counts and nothing else.
    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        let names = headings(text);
        let wanted = names.len() <= 3 && names.iter().any(|h| h.contains("account") || h.contains("email")) && names.iter().any(|h| h.contains("count"));
        let mut rows = text.lines().skip(1).filter(|l| !l.trim().is_empty()).take(100).peekable();
        let whole = head.complete || text.lines().count() > 100;
        let good = |line: &str| {
            let cells = split(line.as_bytes(), b',');
            cells.first().is_some_and(|c| c.contains('@')) && cells.iter().skip(1).any(|c| c.parse::<u64>().is_ok())
        };
        if wanted && whole && rows.peek().is_some() && rows.all(good) {
            return Match::Sure("accounts with numbers of messages, as Google Vault lists them".to_owned());
        }
        Match::No
    }

    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        let lists = |name: &str| matches!(what(name), Some(What::Counts | What::Exceptions));
        super::parts(members, |name| what(name).is_some(), lists)
    }

    fn open(&self, input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => VaultReader::over(Files::file(file, What::Counts)),
            Input::Archive(archive) => {
                let mut plan: Vec<(usize, What)> =
                    archive.entries().iter().enumerate().map(|(ix, e)| (ix, what(e.file_name()).unwrap_or(What::Leave))).collect();
                plan.sort_by_key(|(ix, what)| (*what, *ix));
                VaultReader::over(Files::archive(archive, plan))
            }
        }))
    }
}

/// A place in a part.
type Place = (u32, Position);

/// Reads the lists, then compares them with what was read before.
struct VaultReader {
    files: Files<What>,
    table: Table,
    /// Declared messages and where, by account.
    counts: BTreeMap<String, (u64, Place)>,
    /// Documents in the metadata, and where it stands.
    documents: Option<(u64, Place)>,
    errors: Option<(u64, Place)>,
    exceptions: Vec<(String, Place)>,
}

impl VaultReader {
    fn over(files: Files<What>) -> Self {
        Self { files, table: Table::default(), counts: BTreeMap::new(), documents: None, errors: None, exceptions: Vec::new() }
    }

    /// One row of the open list; `false` at its end.
    fn element(&mut self, sink: &mut Sink) -> std::io::Result<bool> {
        let Some(open) = self.files.current() else { return Ok(false) };
        let part = sink.current_part();
        if open.what == What::Metadata {
            let place = (part, Position::byte(0));
            let more = count(&mut open.window, b"<Document ")?;
            let documents = self.documents.get_or_insert((0, place));
            documents.0 += more.0;
            return Ok(more.1);
        }
        let Some((at, row)) = self.table.next(&mut open.window)? else { return Ok(false) };
        let place = (part, Position::byte(at));
        let account = row.iter().find(|c| c.contains('@')).or_else(|| row.first()).map(|a| text::clean_name(a).to_lowercase()).unwrap_or_default();
        match open.what {
            What::Counts => {
                let column = self.table.column(&["messagecount", "count", "messages", "numberofmessages", "resultcount", "resultscount"]);
                let stated = column.and_then(|c| row.get(c)).or_else(|| row.iter().rev().find(|c| c.parse::<u64>().is_ok()));
                let count = stated.and_then(|c| c.replace([',', '.'], "").parse::<u64>().ok());
                match count {
                    Some(count) => {
                        let all = self.counts.entry(account).or_insert((0, place));
                        all.0 = (all.0 + count.min(MOST)).min(MOST);
                    }
                    None => sink.notice("vault_count_unread", "Rows of the list of counts without a readable number", 1),
                }
            }
            What::Errors => self.errors.get_or_insert((0, place)).0 += 1,
            What::Exceptions => self.exceptions.push((account, place)),
            What::Metadata | What::Leave => {}
        }
        Ok(true)
    }

    fn finish(&self, sink: &mut Sink) {
        let found = super::found(self.files.entries(), sink);
        let declared = self.counts.values().map(|c| c.0).fold(0, u64::saturating_add);
        let named = |path: &str, account: &str| path.rsplit(['/', '!']).next().is_some_and(|f| f.contains(account));
        let of = |account: &str| found.iter().filter(|(path, _)| named(path, account)).map(|f| f.1).sum::<u64>();
        let all: u64 = found.iter().map(|f| f.1).sum();
        let by_account: u64 = self.counts.keys().map(|a| of(a)).sum();
        for (account, (_, place)) in self.counts.iter().filter(|(_, (count, _))| *count == 0).take(STATED) {
            tell(StatementKind::ListedEmpty, 1, *place, &format!("{account}: no messages in the export"), sink);
        }
        if found.is_empty() {
            if declared > 0 {
                let what = "The list declares messages, and no mailbox lies beside it: add the whole folder of the export, so that they can be compared";
                sink.notice("vault_alone", what, declared);
            }
        } else if by_account == all {
            // Every mailbox names its account.
            for (account, (count, place)) in &self.counts {
                let held = of(account);
                if *count > held {
                    tell(StatementKind::CountShort, count - held, *place, &format!("{account}: {count} declared, {held} held"), sink);
                }
            }
        } else {
            let total = self.counts.values().next().map(|c| (declared, c.1)).or(self.documents);
            if let Some((declared, place)) = total.filter(|(declared, _)| *declared > all) {
                tell(StatementKind::CountShort, declared - all, place, &format!("all accounts: {declared} declared, {all} held"), sink);
            }
        }
        if let Some((errors, place)) = self.errors {
            tell(StatementKind::ContentAbsent, errors, place, "listed as errors: not exported", sink);
        }
        for (account, place) in self.exceptions.iter().take(STATED) {
            tell(StatementKind::NotInExport, 1, *place, &format!("{account}: listed as exception of the search"), sink);
        }
    }
}

fn tell(kind: StatementKind, quantity: u64, (part, at): Place, detail: &str, sink: &mut Sink) {
    sink.statement(kind, None, None, None, quantity, at, detail);
    sink.statement_stands_in(part);
}

/// Counts a word in what the window shows and takes it; what may be the beginning of the word at the end stays. `false` at the end.
fn count(window: &mut Window, word: &[u8]) -> std::io::Result<(u64, bool)> {
    let data = window.data();
    let found = memchr::memmem::find_iter(data, word).count() as u64;
    let keep = if found == 0 {
        word.len() - 1
    } else {
        data.len().saturating_sub(memchr::memmem::rfind(data, word).map_or(0, |at| at + word.len())).min(word.len() - 1)
    };
    window.consume(data.len().saturating_sub(keep));
    Ok((found, window.fill()? == Fill::More))
}

impl Reader for VaultReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        for _ in 0..STEP {
            if self.files.current().is_none() {
                let leave = |what: &What| (*what == What::Leave).then_some(SkipReason::NotMessages);
                self.table = Table::default();
                if !self.files.next(leave, sink) {
                    self.finish(sink);
                    return Ok(Step::End);
                }
                continue;
            }
            if !self.element(sink)? {
                self.files.close();
            }
        }
        Ok(Step::More)
    }

    fn done(&self) -> u64 {
        self.files.done()
    }
}
