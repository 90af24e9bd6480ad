//! Microsoft Purview: `Items_*.csv` of an export's reports, `Export_load_file*.csv` of a review set, `Results.csv` and `Export Summary*.csv`
//! of a content search. Columns are taken by name, all of them optional: learn.microsoft.com, edisc-ref-document-metadata-fields, and
//! those seen in use. What they declare is compared with the mailboxes and mails beside them.

use std::collections::BTreeMap;

use super::table::{Table, headings};
use crate::import::archive::{Claimed, Entry};
use crate::import::opened::Files;
use crate::import::sink::Sink;
use crate::import::{About, Format, Head, ImportError, Input, Match, Options, Reader, Refusal, Step};
use crate::model::ledger::SkipReason;
use crate::model::message::Position;
use crate::model::statement::StatementKind;
use crate::text;

/// Rows of one step.
const STEP: u32 = 5_000;
/// Locations and kinds of error that are stated one by one, and that are kept.
const STATED: usize = 200;
const KEPT: usize = 10_000;

/// Microsoft Purview lists
pub struct Purview;

static ABOUT_PURVIEW: About = About {
    id: "purview",
    name: "Microsoft Purview export (lists)",
    channel: "",
    extensions: &["csv", "zip"],
    proves: &[
        "Mailboxes for which the list declares more messages than lie in the export.",
        "Items that could not be exported or read, with the error of the service.",
        "Custodians and locations of the search without a single item.",
        "Items that were left out or only partially indexed.",
    ],
    how_to_export: "purview.microsoft.com: eDiscovery, case, search or review set, Export: choose individual messages or PST, with the report of items. Add the folder with all packages, the reports among them.",
    limits: "The lists are compared with the mailboxes of the same folder or archive. Teams conversations exported as HTML transcripts are counted, not read: choose individual messages. Copies removed by a retention policy are in neither.",
};

/// What a member is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Items,
    Summary,
    Unindexed,
    Leave(SkipReason),
}

fn what(name: &str) -> Option<What> {
    let name = name.to_lowercase();
    let csv = name.ends_with(".csv");
    if csv && (name.starts_with("items_") || name.starts_with("export_load_file") || name == "results.csv" || name == "items.csv") {
        Some(What::Items)
    } else if csv && name.starts_with("export summary") {
        Some(What::Summary)
    } else if csv && (name.contains("unindexed") || name.contains("partially indexed") || name.contains("skipped items")) {
        Some(What::Unindexed)
    } else if is_transcript(&name) {
        Some(What::Leave(SkipReason::UnknownMember))
    } else if name == "manifest.xml" || name == "trace.log" || csv && (name.starts_with("export warnings") || name.starts_with("settings")) {
        Some(What::Leave(SkipReason::NotMessages))
    } else {
        None
    }
}

/// A conversation of Teams as a page, or what was attached to it. The name in lower case.
fn is_transcript(name: &str) -> bool {
    name.ends_with(".html") && name.contains("threadv2-") || name.contains(".html-mimeatt")
}

/// Columns that only such lists have, and columns that name where the item lies.
const OWN: &[&str] = &["itemclass", "workload", "familyid", "compliancelabels", "extractedtextpath", "hastext", "documentpath", "itemidentity", "originalpath"];
const PATHS: &[&str] = &["targetpath", "nativepath", "exportnativepath", "nativefilepath"];
/// Who it was taken from.
const CUSTODIANS: &[&str] = &["custodian", "location", "locationname", "mailbox", "datasource", "locationemail"];
/// Where the error stands.
const ERRORS: &[&str] = &["error", "errors", "processingstatus", "errorcode", "exporterror"];

impl Format for Purview {
    fn about(&self) -> &'static About {
        &ABOUT_PURVIEW
    }

    fn sniff(&self, head: &Head<'_>) -> Match {
        let Some(text) = head.text else { return Match::No };
        let names = headings(text);
        let has = |wanted: &[&str]| names.iter().filter(|h| wanted.contains(&h.as_str())).count();
        if has(PATHS) > 0 && has(OWN) > 0 && names.len() >= 4 {
            return Match::Sure("a list of exported items with their paths, as Purview writes it".to_owned());
        }
        Match::No
    }

    fn parts(&self, members: &[Entry]) -> Vec<Claimed> {
        // `Results.csv` alone may be anybody's: a manifest or a summary lies beside that of a search.
        let proven =
            |name: &str| matches!(what(name), Some(What::Items | What::Summary)) && name != "results.csv" && name != "items.csv" || name == "trace.log";
        let mut all = super::parts(members, |name| what(name).is_some() && !is_transcript(name), proven);
        // Transcripts lie with the items, anywhere.
        if let Some(first) = all.first_mut() {
            first.members.extend(members.iter().enumerate().filter(|(_, e)| is_transcript(&e.file_name().to_lowercase())).map(|(ix, _)| ix));
        }
        // Packages still packed: nothing to be taken from here, but they belong together.
        let packed = |entry: &&Entry, begin: &str| entry.file_name().to_lowercase().starts_with(begin) && entry.name.to_lowercase().ends_with(".zip");
        let folder = |entry: &Entry| entry.name.strip_suffix(entry.file_name()).unwrap_or_default().to_owned();
        for report in members.iter().filter(|e| packed(e, "reports-")) {
            if members.iter().any(|e| packed(&e, "items.") && folder(e) == folder(report)) {
                all.push(Claimed { folder: folder(report), members: Vec::new(), last: true });
            }
        }
        all
    }

    fn open(&self, input: Input, _options: &Options) -> Result<Box<dyn Reader>, Refusal> {
        Ok(Box::new(match input {
            Input::File(file) => PurviewReader::over(Files::file(file, What::Items)),
            Input::Archive(archive) => {
                let leave = What::Leave(SkipReason::NotMessages);
                let mut plan: Vec<(usize, What)> = archive.entries().iter().enumerate().map(|(ix, e)| (ix, what(e.file_name()).unwrap_or(leave))).collect();
                plan.sort_by_key(|(ix, what)| (*what, *ix));
                PurviewReader::over(Files::archive(archive, plan))
            }
        }))
    }
}

/// A place in a part.
type Place = (u32, Position);

/// What the rows of one custodian or location declare.
#[derive(Default)]
struct Declared {
    messages: u64,
    place: Option<Place>,
}

/// Reads the lists, then compares them with what was read before.
struct PurviewReader {
    files: Files<What>,
    table: Table,
    rows: u64,
    /// Messages by custodian, location or mailbox.
    declared: BTreeMap<String, Declared>,
    teams: u64,
    /// Rows by error.
    errors: BTreeMap<String, (u64, Place)>,
    /// Locations the summary names with no item.
    empty: Vec<(String, Place)>,
    unindexed: Option<(u64, Place)>,
    transcripts: u64,
}

impl PurviewReader {
    fn over(files: Files<What>) -> Self {
        let transcripts = files.entries().iter().filter(|e| what(e.file_name()) == Some(What::Leave(SkipReason::UnknownMember))).count() as u64;
        Self {
            files,
            table: Table::default(),
            rows: 0,
            declared: BTreeMap::new(),
            teams: 0,
            errors: BTreeMap::new(),
            empty: Vec::new(),
            unindexed: None,
            transcripts,
        }
    }

    /// One row of the open list; `false` at its end.
    fn element(&mut self, sink: &Sink) -> std::io::Result<bool> {
        let Some(open) = self.files.current() else { return Ok(false) };
        let what = open.what;
        let Some((at, row)) = self.table.next(&mut open.window)? else { return Ok(false) };
        let place = (sink.current_part(), Position::byte(at));
        match what {
            What::Items => self.item(&row, place),
            What::Summary => self.location(&row, place),
            What::Unindexed => self.unindexed.get_or_insert((0, place)).0 += 1,
            What::Leave(_) => {}
        }
        Ok(true)
    }

    fn item(&mut self, row: &[String], place: Place) {
        let cell = |names: &[&str]| self.table.column(names).and_then(|c| row.get(c)).map_or("", String::as_str);
        self.rows += 1;
        let class = cell(&["itemclass", "messageclass"]).to_lowercase();
        let kind = format!("{} {}", cell(&["kind", "messagekind"]), cell(&["type", "itemtype", "fileclass"])).to_lowercase();
        let path = cell(PATHS);
        let extension = path.rsplit('.').next().unwrap_or_default().to_lowercase();
        let message = if class.is_empty() {
            ["mail", "teams", "im", "conversation", "yammer"]
                .iter()
                .any(|k| kind.split([' ', '/', ';', '-']).any(|w| w.contains(k) && (*k != "im" || w == "im")))
                || matches!(extension.as_str(), "msg" | "eml")
        } else {
            ["ipm.note", "ipm.skypeteams", "ipm.schedule", "report."].iter().any(|c| class.starts_with(c))
        };
        let teams = class.starts_with("ipm.skypeteams") || class.is_empty() && kind.contains("teams");
        let error = text::clean(cell(ERRORS), 80);
        let owner = [cell(CUSTODIANS), mailbox(path)].into_iter().find(|o| !o.is_empty()).unwrap_or_default();
        let owner = text::clean_name(owner).to_lowercase();
        if !error.is_empty() && !["none", "0", "success", "ok", "no", "false"].contains(&error.to_lowercase().as_str()) {
            let error = if self.errors.len() < STATED || self.errors.contains_key(&error) { error } else { "other errors".to_owned() };
            self.errors.entry(error).or_insert((0, place)).0 += 1;
        }
        self.teams += u64::from(teams);
        let owner = if self.declared.len() < KEPT || self.declared.contains_key(&owner) { owner } else { String::new() };
        let declared = self.declared.entry(owner).or_default();
        declared.messages += u64::from(message);
        declared.place.get_or_insert(place);
    }

    fn location(&mut self, row: &[String], place: Place) {
        let cell = |names: &[&str]| self.table.column(names).and_then(|c| row.get(c)).map_or("", String::as_str);
        let name = cell(CUSTODIANS);
        let count = cell(&["exporteditems", "itemsexported", "itemcount", "items", "count", "estimateditems"]);
        if !name.is_empty() && count.trim() == "0" && self.empty.len() < KEPT {
            self.empty.push((text::clean_name(name), place));
        }
    }

    fn finish(&self, sink: &mut Sink) {
        let found = super::found(self.files.entries(), sink);
        let held: u64 = found.iter().map(|f| f.1).sum();
        let declared: u64 = self.declared.values().map(|d| d.messages).sum();
        let of = |owner: &str| found.iter().filter(|(path, _)| owner.contains('@') && path.contains(owner)).map(|f| f.1).sum::<u64>();
        let by_owner: u64 = self.declared.keys().map(|o| of(o)).sum();
        if found.is_empty() {
            if declared > 0 {
                let what = "The list declares messages, and nothing that holds messages lies beside it: add the whole folder of the export, so that they can be compared";
                sink.notice("purview_alone", what, declared);
            }
        } else if by_owner == held && held > 0 {
            for (owner, d) in self.declared.iter().filter(|(o, d)| d.messages > of(o)).take(STATED) {
                let held = of(owner);
                tell(StatementKind::CountShort, d.messages - held, d.place, &format!("{owner}: {} declared, {held} held", d.messages), sink);
            }
        } else if declared > held {
            let place = self.declared.values().find_map(|d| d.place);
            tell(StatementKind::CountShort, declared - held, place, &format!("{declared} messages declared, {held} held"), sink);
        }
        for (error, (count, place)) in &self.errors {
            tell(StatementKind::ContentAbsent, *count, Some(*place), &format!("items with an error: {error}"), sink);
        }
        for (name, place) in self.empty.iter().take(STATED) {
            tell(StatementKind::ListedEmpty, 1, Some(*place), &format!("{name}: no items"), sink);
        }
        if let Some((count, place)) = self.unindexed {
            tell(StatementKind::ContentAbsent, count, Some(place), "items left out or partially indexed: the search did not see all of them", sink);
        }
        if self.teams > 0 {
            sink.notice("purview_teams", "Teams messages among the items of the list", self.teams);
        }
        if self.transcripts > 0 {
            let what = "Teams conversations as HTML transcripts: counted, not read. Export again with messages as individual items";
            sink.notice("purview_transcripts", what, self.transcripts);
        }
        if self.rows > 0 {
            sink.notice("purview_items", "Items the lists declare", self.rows);
        }
    }
}

/// `Exchange\user@kestrel.example.pst\Inbox\…`: the mailbox in a path.
fn mailbox(path: &str) -> &str {
    let part = path.split(['\\', '/']).find(|p| p.contains('@')).unwrap_or_default();
    let end = part.to_lowercase().find(".pst").unwrap_or(part.len());
    part.get(..end).unwrap_or(part)
}

fn tell(kind: StatementKind, quantity: u64, place: Option<Place>, detail: &str, sink: &mut Sink) {
    let (part, at) = place.unwrap_or((sink.current_part(), Position::byte(0)));
    sink.statement(kind, None, None, None, quantity, at, detail);
    sink.statement_stands_in(part);
}

impl Reader for PurviewReader {
    fn step(&mut self, sink: &mut Sink) -> Result<Step, ImportError> {
        for _ in 0..STEP {
            if self.files.current().is_none() {
                let leave = |what: &What| if let What::Leave(reason) = what { Some(*reason) } else { None };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes_are_found_in_paths() {
        assert_eq!(mailbox("Exchange\\ira@kestrel.example.PST\\Inbox\\1.msg"), "ira@kestrel.example");
        assert_eq!(mailbox("Items.1.001/Exchange/mei@kestrel.example/x.msg"), "mei@kestrel.example");
        assert_eq!(mailbox("SharePoint\\site\\a.docx"), "");
    }
}
