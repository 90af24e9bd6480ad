//! What each command does.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::files::{self, Job, Walk};
use super::{InputArgs, ListArgs, RunArgs, Stop};
use crate::import::{FORMATS, detect};
use crate::model::Matter;
use crate::report;
use crate::report::ledger::Ledger;
use crate::time;
use crate::workbench::excerpt::Texts;
use crate::workbench::{Workbench, lists};

pub type Done = Result<u8, Stop>;

pub fn out(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        // The reader of a pipe has seen enough.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(Stop::input(format!("The answer could not be written ({e})."))),
        Ok(()) => Ok(()),
    }
}

fn print(value: &impl Serialize) -> Result<(), Stop> {
    out(|o| {
        serde_json::to_writer_pretty(&mut *o, value)?;
        o.write_all(b"\n")
    })
}

pub fn formats(json: bool) -> Done {
    let all: Vec<_> = FORMATS.iter().map(|f| f.about()).collect();
    if json {
        print(&json!({ "schema": 1, "formats": all }))?;
    } else {
        out(|o| {
            for f in all {
                writeln!(o, "{:<16} {}", f.id, f.name)?;
                for line in f.proves {
                    writeln!(o, "{:<16}   proves: {line}", "")?;
                }
            }
            Ok(())
        })?;
    }
    Ok(0)
}

pub fn detect(paths: &[PathBuf], json: bool) -> Done {
    let walk = files::walk(paths);
    let mut rows = Vec::new();
    let mut code = u8::from(!walk.unreadable.is_empty()) * 2;
    for (path, error) in &walk.unreadable {
        rows.push(json!({ "path": path, "format": null, "certainty": null, "why": format!("This path could not be opened ({error})."), "others": [] }));
    }
    for job in &walk.jobs {
        let detected: Vec<(&String, Result<detect::Detected, String>)> = match job {
            Job::File(shown, path, _) => vec![(shown, files::detected(path))],
            Job::Many(files) => files.iter().map(|(shown, path)| (shown, files::detected(path))).collect(),
            Job::Folder(shown, members) => {
                let entries: Vec<_> = members.iter().map(|(name, _)| crate::import::archive::Entry { name: name.clone(), ..Default::default() }).collect();
                vec![(shown, Ok(detect::whole(&entries)))]
            }
        };
        for (path, detected) in detected {
            match detected {
                Ok(d) => rows.push(json!({
                    "path": path, "format": d.format.map(|f| f.about().id), "certainty": d.format.map(|_| if d.sure { "sure" } else { "maybe" }), "why": d.why,
                    "others": d.others.iter().map(|(id, why)| json!({ "format": id, "why": why })).collect::<Vec<_>>(),
                })),
                Err(error) => {
                    code = 2;
                    rows.push(json!({ "path": path, "format": null, "certainty": null, "why": error, "others": [] }));
                }
            }
        }
    }
    if json {
        print(&json!({ "schema": 1, "files": rows }))?;
    } else {
        out(|o| rows.iter().try_for_each(|r| writeln!(o, "{:<16} {:<6} {}  ({})", text(r, "format"), text(r, "certainty"), text(r, "path"), text(r, "why"))))?;
    }
    Ok(code)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or("-")
}

pub fn unreadable(workbench: &mut Workbench) -> u8 {
    if workbench.dataset().sources.iter().any(|s| s.error.is_some()) { 2 } else { 0 }
}

fn read(input: &InputArgs) -> Result<Workbench, Stop> {
    let options = files::options(input)?;
    let (lists, walk) = files::walk(&input.files).without_lists();
    for (kind, path) in lists {
        eprintln!("{}: a list ({kind}), not a message export; audit run uses it", path.display());
    }
    Ok(files::read(&walk, &options))
}

pub fn import(input: &InputArgs, json: bool) -> Done {
    let mut workbench = read(input)?;
    if json {
        print(&Ledger::of(&workbench.dataset().sources, &[]))?;
    } else {
        out(|o| {
            for s in &workbench.dataset().sources {
                writeln!(
                    o,
                    "{}: {} = {} messages + {} events + {} duplicates + {} skipped ({})",
                    s.path,
                    s.records,
                    s.messages,
                    s.events,
                    s.duplicates,
                    s.skipped_total(),
                    if s.format.is_empty() { "not read" } else { &s.format }
                )?;
                for k in &s.skipped {
                    writeln!(o, "    skipped {}: {}", k.count, k.reason.sentence())?;
                }
                if let Some(e) = &s.error {
                    writeln!(o, "    {} {}", e.what, e.place)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(unreadable(&mut workbench))
}

pub fn messages(input: &InputArgs, lists: &ListArgs, with_text: bool, undecided: bool) -> Done {
    let options = files::options(input)?;
    let (found, mut walk) = files::walk(&input.files).without_lists();
    let matter = if with_text { Some(matter(found, lists, &mut walk)?) } else { None };
    let mut workbench = files::read(&walk, &options);
    workbench.dataset();
    let open = files::opener(&walk);
    let texts = matter.and_then(|matter| Texts::new(&workbench, &open, &matter, undecided));
    if let Some(texts) = &texts {
        say_left_out(texts.left_out());
    }
    let text = texts.as_ref().map(|t| move |row| t.of(row));
    let Some(dataset) = workbench.merged() else { return Ok(0) };
    out(|o| report::rows::json_lines(dataset, o, text.as_ref().map(|t| t as &dyn Fn(usize) -> report::rows::Text)))?;
    Ok(unreadable(&mut workbench))
}

/// Which texts are not printed, and what to give so that work is recognised.
fn say_left_out([private, undecided]: [(u64, u64); 2]) {
    let count = |n: (u64, u64)| {
        let (conversations, records) = (report::phrase::count(n.0, "conversation", "conversations"), report::phrase::count(n.1, "record", "records"));
        format!("{conversations} ({records})")
    };
    if private.0 > 0 {
        eprintln!("Text left out of {}: private, which is counted and never opened.", count(private));
    }
    if undecided.0 > 0 {
        eprintln!(
            "Text left out of {}: nothing shows that they are work. Give --people and --clients, so that work is recognised; \
             --open-undecided opens them without.",
            count(undecided)
        );
    }
}

/// The lists among the files, then those named by an option, which replace them. One among the files that cannot be used is said and
/// becomes a source with an error when the walk is read; one named by an option ends the run.
pub fn matter(found: Vec<(&'static str, PathBuf)>, args: &ListArgs, walk: &mut Walk) -> Result<Matter, Stop> {
    let mut matter = Matter::default();
    let named = [
        ("matter", &args.matter),
        ("people", &args.people),
        ("clients", &args.clients),
        ("leave", &args.leave),
        ("holidays", &args.holidays),
        ("expected", &args.expected),
    ];
    for (kind, path) in found {
        let before = matter.clone();
        if let Err(stop) = add_list(&mut matter, kind, &path) {
            matter = before;
            eprintln!("{}: a list ({kind}) that cannot be used, left out: {}", path.display(), stop.sentence);
            walk.unusable.push((path, format!("This list ({kind}) cannot be used: {}", stop.sentence)));
        }
    }
    for (kind, path) in named.iter().filter_map(|(kind, path)| Some((*kind, path.as_ref()?))) {
        add_list(&mut matter, kind, path)?;
    }
    Ok(matter)
}

pub fn run(args: &RunArgs) -> Done {
    let (found, mut walk) = files::walk(&args.input.files).without_lists();
    let mut matter = matter(found, &args.lists, &mut walk)?;
    if let Some(zone) = &args.input.zone {
        matter.zone.clone_from(zone);
    }
    if let Some(preset) = &args.preset {
        // This rule and no other; as changed in the matter, if it is.
        matter.policy.presets = vec![preset.clone()];
        matter.policy.rules.retain(|rule| rule.id == *preset);
    }
    let mut scope = matter.scope.clone();
    for (slot, text, name) in [(&mut scope.from, &args.from, "--from"), (&mut scope.to, &args.to, "--to"), (&mut scope.as_of, &args.as_of, "--as-of")] {
        if let Some(text) = text {
            *slot = Some(time::parse_day(text).ok_or_else(|| Stop::usage(format!("{name} {text} is not a day. Write it as 2026-09-30.")))?);
        }
    }
    let options = files::options(&args.input)?;
    let mut workbench = files::read(&walk, &options);
    workbench.set_matter(matter);
    let mut answers = workbench.answer_only(&scope);
    if args.csv.is_some() || args.html {
        answers.ledger = workbench.ledger().value();
    }
    if let Some(dir) = &args.csv {
        for (table, _) in report::csv::TABLES {
            if let Some(text) = report::csv::table(&answers, table) {
                write_file(&dir.join(format!("{table}.csv")), text.as_bytes())?;
            }
        }
    } else if args.html {
        out(|o| o.write_all(report::document::html(&answers).as_bytes()))?;
    } else {
        let Ok(Value::Object(answers)) = serde_json::to_value(&answers) else { return Err(Stop::input("The answer could not be written.".to_owned())) };
        print(&Whole { answers, ledger: workbench.ledger() })?;
    }
    let code = unreadable(&mut workbench);
    Ok(if code > 0 { code } else { u8::from(!answers.findings.is_empty()) })
}

/// Answers with the ledger in its place, which is written source by source.
struct Whole<'a> {
    answers: serde_json::Map<String, Value>,
    ledger: Ledger<'a>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.answers.len()))?;
        for (name, value) in &self.answers {
            if name == "ledger" { map.serialize_entry(name, &self.ledger)? } else { map.serialize_entry(name, value)? }
        }
        map.end()
    }
}

fn add_list(matter: &mut Matter, kind: &str, path: &Path) -> Result<(), Stop> {
    let name = path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    let bytes = std::fs::read(path).map_err(|e| Stop::input(format!("{} could not be read ({e}).", path.display())))?;
    lists::add(matter, kind, &name, &bytes).map_err(Stop::input)?;
    let Some(reading) = matter.readings.iter().find(|r| r.name == name) else { return Ok(()) };
    let columns: Vec<_> = reading.columns.iter().map(|(target, heading)| format!("{target} = {heading}")).collect();
    let stated = if reading.stated { ", read as a remembered mapping says" } else { "" };
    eprintln!("{name}: {kind}, {}{stated}; {}", report::phrase::count(reading.rows, "row", "rows"), columns.join(", "));
    if !reading.unused.is_empty() {
        eprintln!("{name}: not used: {}", reading.unused.join(", "));
    }
    for (heading, why) in &reading.doubts {
        eprintln!("{name}: column \"{heading}\": {why}");
    }
    for remark in &reading.remarks {
        eprintln!("{name}: {remark}");
    }
    Ok(())
}

pub fn batch(input: &InputArgs, output: &Path) -> Done {
    let mut workbench = read(input)?;
    write_file(output, &workbench.joined().to_bytes())?;
    Ok(unreadable(&mut workbench))
}

pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    if let Some(folder) = path.parent() {
        // If the folder cannot be made, writing the file says why.
        let _ = std::fs::create_dir_all(folder);
    }
    std::fs::write(path, bytes).map_err(|e| Stop::input(format!("{} could not be written ({e}).", path.display())))
}

pub fn notice(matter: Option<&Path>, employees: bool, text: bool) -> Done {
    let mut workbench = Workbench::default();
    if let Some(path) = matter {
        let mut read = Matter::default();
        add_list(&mut read, "matter", path)?;
        workbench.set_matter(read);
    }
    let scope = workbench.matter().scope.clone();
    let answers = workbench.answer(&scope);
    let what = format!("notice:{}{}", if employees { "employees" } else { "council" }, if text { ":text" } else { "" });
    if let Some((_, _, sheet)) = report::notice::document(workbench.matter(), &answers, &what) {
        out(|o| o.write_all(sheet.as_bytes()))?;
    }
    Ok(0)
}

pub fn sample(dir: &Path, seed: u64, messages: usize, complete: bool) -> Done {
    let firm = if complete { crate::sample::complete(seed, messages) } else { crate::sample::firm(seed, messages) };
    for file in firm.files() {
        write_file(&dir.join(&file.path), &file.bytes)?;
    }
    Ok(0)
}
