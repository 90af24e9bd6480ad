//! One check for every fixture under `tests/formats/<format>/<producer-version>/<case>.<ext>`: exactly one format wins under
//! any name, the whole reading equals its golden file, the ledger adds up however the file is cut, and line ends do not matter.
//!
//! `UPDATE=1 cargo test --test formats` rewrites the golden files: read the difference before committing it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use retention_audit::import::{FORMATS, Head, Match, detect};
use retention_audit::model::batch::{Batch, ID_TEXT, NONE};
use retention_audit::model::{Flags, Position};
use retention_audit::time;
use retention_audit::workbench::merge::merge;

fn fixtures() -> Vec<PathBuf> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            // A folder named `x.folder` is one fixture: an export that is a folder.
            if path.is_dir() && path.extension().is_none_or(|e| e != "folder") { walk(&path, out) } else { out.push(path) }
        }
    }
    let mut out = Vec::new();
    walk(Path::new("tests/formats"), &mut out);
    out.sort();
    out
}

/// All of a fixture: a file, or a folder that is one export.
fn read_fixture(path: &Path) -> Batch {
    if path.is_dir() { given::read_folder(path) } else { given::read(path) }
}

/// Every single file of the fixtures that is no archive: path, format, bytes.
fn single_files() -> impl Iterator<Item = (PathBuf, String, Vec<u8>)> {
    let format = |p: &Path| p.strip_prefix("tests/formats").unwrap().components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
    fixtures().into_iter().filter(|p| !p.is_dir()).map(move |p| (p.clone(), format(&p), std::fs::read(&p).unwrap())).filter(|(_, _, b)| !b.starts_with(b"PK"))
}

fn read(name: &str, bytes: Vec<u8>) -> Batch {
    given::read_bytes(name, Rc::new(bytes))
}

/// A batch as text: sources, statements, rows. Small enough to be read by a person.
fn dump(batch: &Batch) -> String {
    let mut out = String::new();
    let t = &batch.tables;
    for s in &t.sources {
        let _ = writeln!(
            out,
            "source {} format={} channel={} records={} messages={} events={} participants={} conversations={}",
            s.path, s.format, s.channel, s.records, s.messages, s.events, s.participants, s.conversations
        );
        let _ = writeln!(
            out,
            "  zone={}/{:?} order={}/{:?} owner={:?} encoding={}",
            s.zone.value,
            s.zone.basis,
            s.date_order.value,
            s.date_order.basis,
            s.owner.as_ref().map(|o| (&o.value, o.basis)),
            s.encoding
        );
        for k in &s.skipped {
            let _ = writeln!(out, "  skipped {:?} {} first line={} byte={}", k.reason, k.count, k.first.line, k.first.offset);
        }
        for n in &s.notices {
            let _ = writeln!(out, "  notice {} {} {}", n.id, n.count, n.sentence);
        }
        if let Some(e) = &s.error {
            let _ = writeln!(out, "  error {} | {}", e.what, e.place);
        }
        if let Some(q) = &s.question {
            let _ = writeln!(out, "  question {q:?}");
        }
    }
    for c in &t.conversations {
        let _ = writeln!(out, "conversation {} {} {:?} {:?} members={:?}", c.channel, c.key, c.title, c.kind, c.members);
    }
    for h in &t.handles {
        let _ = writeln!(
            out,
            "handle {} {:?} name={:?} email={} phone={} bot={} external={} gone={} impersonal={}",
            h.channel, h.key, h.name, h.email, h.phone, h.bot, h.external, h.deactivated, h.impersonal
        );
    }
    let word = |w: u32| match w {
        NONE => "-".to_owned(),
        w if w < ID_TEXT => w.to_string(),
        w => String::from_utf8_lossy(batch.ids.get(w ^ ID_TEXT)).into_owned(),
    };
    for s in &t.statements {
        let at = |t: Option<i64>| t.map_or("-".to_owned(), |t| time::rfc3339(t, false));
        let _ = writeln!(
            out,
            "statement {:?} conversation={:?} {}..{} quantity={} line={} byte={} {:?}",
            s.kind,
            s.conversation,
            at(s.from),
            at(s.to),
            s.quantity,
            s.position.line,
            s.position.offset,
            s.detail
        );
    }
    let c = &batch.columns;
    for r in 0..c.len() {
        let flags = Flags(c.flags[r]);
        let p = Position::unpack(c.position[r]);
        let reply = batch.replies.iter().find(|(row, _)| *row as usize == r).map_or("-".to_owned(), |(_, w)| word(*w));
        let sender = t.handles.get(c.sender[r] as usize).map_or("-", |h| h.key.as_str());
        let audience = batch
            .audiences
            .get(c.audience[r] as usize)
            .map_or(String::new(), |a| a.iter().map(|h| t.handles[*h as usize].key.as_str()).collect::<Vec<_>>().join(","));
        let _ = writeln!(
            out,
            "{} c{} {:?} {} chars={} att={} flags={:08x} id={} reply={} to=[{}] {}@{}:{}",
            time::rfc3339(c.time[r], false),
            c.conversation[r],
            sender,
            flags.event().map_or("message", |e| e.word()),
            c.chars[r],
            flags.attachments(),
            flags.0 & !0xffff,
            word(c.id[r]),
            reply,
            audience,
            t.parts[c.part[r] as usize].entry,
            p.line,
            p.offset
        );
    }
    out
}

fn assert_adds_up(batch: &Batch, what: &str) {
    for s in &batch.tables.sources {
        assert_eq!(s.remainder(), 0, "{what}: {} records are not accounted for in {}", s.remainder(), s.path);
    }
}

#[test]
fn every_fixture_reads_as_its_golden_file_says() {
    let mut wrong = Vec::new();
    for path in fixtures() {
        let batch = read_fixture(&path);
        assert_adds_up(&batch, path.to_str().unwrap());
        assert_eq!(Batch::from_bytes(&batch.to_bytes()).as_ref(), Ok(&batch), "{}: the batch does not survive its bytes", path.display());
        let got = dump(&batch);
        let golden = Path::new("tests/golden")
            .join(path.strip_prefix("tests").unwrap())
            .with_extension(format!("{}.txt", path.extension().and_then(|e| e.to_str()).unwrap_or("")));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
            std::fs::write(&golden, &got).unwrap();
        } else if std::fs::read_to_string(&golden).unwrap_or_default() != got {
            wrong.push(format!("{}\n--- got ---\n{got}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "{} golden files differ (UPDATE=1 rewrites them):\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn exactly_one_format_wins_under_any_name() {
    for (path, folder, bytes) in single_files() {
        if folder == "broken" || folder == "zip" {
            continue;
        }
        let head = &bytes[..bytes.len().min(detect::HEAD)];
        for name in [path.file_name().unwrap().to_str().unwrap(), "unknown"] {
            let d = detect::detect(name, bytes.len() as u64, head, head.len() == bytes.len());
            let id = d.format.map(|f| f.about().id);
            assert_eq!(id, Some(folder.as_str()), "{} as {name}: {} {:?}", path.display(), d.why, d.others);
            let text = std::str::from_utf8(head).ok();
            let look = Head { name, len: bytes.len() as u64, bytes: head, text, complete: head.len() == bytes.len() };
            let certain: Vec<_> = FORMATS.iter().filter(|f| matches!(f.sniff(&look), Match::Sure(_))).map(|f| f.about().id).collect();
            assert!(certain.len() <= 1, "{} as {name}: two certain formats {certain:?}", path.display());
            // What lay beside it asks first and changes nothing.
            for beside in FORMATS {
                let like = detect::detect_like(Some(*beside), name, bytes.len() as u64, head, head.len() == bytes.len());
                assert_eq!((like.format.map(|f| f.about().id), like.sure), (id, d.sure), "{} as {name} beside {}", path.display(), beside.about().id);
            }
        }
    }
}

/// Rows as a person would compare them: without places, which line ends move.
fn rows(batch: &Batch) -> Vec<String> {
    let at = |line: &str| line.rsplit_once(' ').map_or(line.to_owned(), |(row, _)| row.to_owned());
    dump(batch).lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())).map(at).collect()
}

#[test]
fn line_ends_do_not_matter() {
    for (path, folder, bytes) in single_files() {
        let binary = bytes.contains(&0) || FORMATS.iter().any(|f| f.about().id == folder && f.random());
        // Two kinds of mailbox state lengths in bytes.
        if binary || path.to_str().unwrap().contains("mboxcl2") || path.extension().is_some_and(|e| e == "emlx") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap();
        let unix: Vec<u8> = bytes.iter().copied().enumerate().filter(|(i, b)| *b != b'\r' || bytes.get(i + 1) != Some(&b'\n')).map(|(_, b)| b).collect();
        let dos: Vec<u8> = unix.iter().flat_map(|b| if *b == b'\n' { vec![b'\r', b'\n'] } else { vec![*b] }).collect();
        assert_eq!(rows(&read(name, unix)), rows(&read(name, dos)), "{}", path.display());
    }
}

#[test]
fn given_twice_is_given_once() {
    for path in fixtures() {
        let given = |n: u32| {
            let mut batch = read_fixture(&path);
            batch.tables.sources.iter_mut().for_each(|s| s.path = format!("{n}/{}", s.path));
            batch
        };
        let (one, two) = (given(1), given(2));
        let count = |batches: &[&Batch]| {
            let dataset = merge(batches, "UTC");
            (dataset.len(), dataset.conversations.len())
        };
        let (once, twice) = (count(&[&one]), count(&[&one, &two]));
        assert_eq!(once, twice, "{}", path.display());
    }
}

#[test]
fn the_ledger_adds_up_wherever_a_file_is_cut() {
    for (path, _, bytes) in single_files() {
        let name = path.file_name().unwrap().to_str().unwrap();
        for cut in (0..bytes.len()).step_by(97) {
            assert_adds_up(&read(name, bytes[..cut].to_vec()), &format!("{} cut at {cut}", path.display()));
        }
    }
}
