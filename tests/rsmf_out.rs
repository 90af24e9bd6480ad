//! `audit rsmf`: what it writes is valid RSMF 2.0, the same bytes each time, and reads back as the same messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

use retention_audit::import::{Given, Options, read_all};
use retention_audit::model::batch::{Batch, ID_TEXT, NONE};
use retention_audit::model::{Dataset, Flags};
use retention_audit::workbench::merge::merge;
use serde_json::Value;

fn room(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn audit(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_audit")).args(args).output().unwrap()
}

fn read(path: &Path) -> Batch {
    let bytes = std::fs::read(path).unwrap();
    read_all(vec![Given { path: path.to_str().unwrap().to_owned(), bytes: Rc::new(bytes), modified: None }], Options::default())
}

fn write(source: &str, conversation: &str, more: &[&str], out: &Path) -> Output {
    let mut args = vec!["rsmf", source, "--conversation", conversation, "--open-undecided", "--zone", "UTC", "--out", out.to_str().unwrap()];
    args.extend_from_slice(more);
    audit(&args)
}

/// The manifest of a written file, unpacked by readers that are not ours.
fn manifest(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap();
    let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    use mail_parser::MimeHeaders;
    let attached: Vec<_> = mail.attachments().collect();
    assert_eq!((attached.len(), attached[0].attachment_name()), (1, Some("rsmf.zip")));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(attached[0].contents().to_vec())).unwrap();
    let mut text = String::new();
    zip.by_name("rsmf_manifest.json").unwrap().read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// One line per row of the largest conversation: what must survive.
fn lines(dataset: &Dataset, conversation: u32) -> Vec<String> {
    let c = &dataset.columns;
    let word = |w: u32| {
        if w == NONE {
            String::new()
        } else if w < ID_TEXT {
            w.to_string()
        } else {
            String::from_utf8_lossy(dataset.ids.get(w ^ ID_TEXT)).into_owned()
        }
    };
    dataset
        .rows_of(conversation)
        .map(|r| {
            let row = dataset.row(r).unwrap();
            let sender = dataset.handles.get(row.sender as usize).map_or("-", |h| h.key.as_str());
            let reply = dataset.replies.iter().find(|(at, _)| *at as usize == r).map(|(_, w)| word(*w));
            let id = if row.flags.has(Flags::ID_IS_TIME) { "time".to_owned() } else { word(c.id[r]) };
            let state = Flags(row.flags.0 & (Flags::DELETED.0 | Flags::AUTOMATIC.0));
            let kind = row.flags.event().map_or("message", |e| e.word());
            format!("{} {sender} {kind} chars={} hash={} att={} id={id} reply={reply:?} {:x}", row.time, row.chars, c.hash[r], row.flags.attachments(), state.0)
        })
        .collect()
}

const SOURCES: [&str; 7] = [
    "tests/formats/whatsapp_txt/ios-24-en",
    "tests/formats/whatsapp_txt/android-2.23-zh",
    "tests/formats/telegram_json/desktop-5.1",
    "tests/formats/csv/generic-1",
    "tests/formats/jsonl/generic-1",
    "tests/formats/rsmf/relativity-2.0",
    "tests/formats/slack/day-file",
];

#[test]
fn what_is_written_reads_back_as_the_same_messages() {
    let dir = room("rsmf_back");
    let mut compared = 0;
    for folder in SOURCES {
        for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
            let batch = read(&file);
            let dataset = merge(&[&batch], "UTC");
            for (ix, conversation) in dataset.conversations.iter().enumerate() {
                let ix = ix as u32;
                if dataset.rows_of(ix).is_empty() || conversation.key.is_empty() {
                    continue;
                }
                let out = dir.join("one.rsmf");
                let named = format!("{}/{}", conversation.channel, conversation.key);
                let done = write(file.to_str().unwrap(), &named, &[], &out);
                let said = String::from_utf8_lossy(&done.stderr).into_owned();
                if said.contains("private") && !out.exists() {
                    continue;
                }
                assert!(out.exists(), "{} {named}: {said}", file.display());
                let first = std::fs::read(&out).unwrap();
                let back = read(&out);
                let s = &back.tables.sources[0];
                assert_eq!((s.error.as_ref(), s.format.as_str(), s.skipped_total(), s.remainder()), (None, "rsmf", 0, 0), "{} {named}", file.display());
                let again = merge(&[&back], "UTC");
                let at = again.conversations.iter().position(|c| c.key == conversation.key && c.channel == conversation.channel);
                let at = at.unwrap_or_else(|| panic!("{} {named}: {:?}", file.display(), again.conversations)) as u32;
                let exact = !said.contains("as it stands in its file") && !said.contains("left out");
                let plain = |all: Vec<String>| -> Vec<String> {
                    let cut = |l: String| if exact { l.replace("id=time", "id=") } else { l.split(" chars=").next().unwrap().to_owned() };
                    let mut all: Vec<String> = all.into_iter().map(cut).collect();
                    all.sort();
                    all
                };
                let (want, got) = (plain(lines(&dataset, ix)), plain(lines(&again, at)));
                let got: Vec<String> =
                    if dataset.columns.flags[dataset.rows_of(ix).start] & Flags::ID_IS_TIME.0 != 0 { got.iter().map(|l| without_id(l)).collect() } else { got };
                let want: Vec<String> = if dataset.columns.flags[dataset.rows_of(ix).start] & Flags::ID_IS_TIME.0 != 0 {
                    want.iter().map(|l| without_id(l)).collect()
                } else {
                    want
                };
                assert_eq!(want, got, "{} {named} {said}", file.display());
                std::fs::remove_file(&out).unwrap();
                write(file.to_str().unwrap(), &named, &[], &out);
                assert_eq!(std::fs::read(&out).unwrap(), first, "other bytes the second time");
                std::fs::remove_file(&out).unwrap();
                compared += usize::from(exact);
            }
        }
    }
    assert!(compared >= 10, "only {compared} conversations compared to the letter");
}

fn without_id(line: &str) -> String {
    let (before, rest) = line.split_once(" id=").unwrap_or((line, ""));
    format!("{before} {}", rest.split_once(" reply=").map_or("", |(_, r)| r))
}

#[test]
fn days_are_bounds() {
    let dir = room("rsmf_days");
    let done = write("tests/formats/rsmf/relativity-2.0/losses.rsmf", "coll-9f31", &["--from", "2026-03-03", "--to", "2026-03-03"], &dir);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].file_name().unwrap(), "whatsapp-Dana-and-Omar-2026-03-03-2026-03-03.rsmf");
    let m = manifest(&files[0]);
    assert_eq!(m["events"].as_array().unwrap().len(), 10);
    assert_eq!(m["eventcollectionid"], "coll-9f31");
    let evidence: Vec<_> = m["conversations"][0]["custom"].as_array().unwrap().iter().filter(|c| c["name"] == "Evidence").collect();
    assert!(evidence.iter().any(|e| e["value"].as_str().unwrap().starts_with("tombstone: 1")), "{evidence:?}");
    let none = write("tests/formats/rsmf/relativity-2.0/losses.rsmf", "coll-9f31", &["--from", "2030-01-01"], &dir);
    assert_eq!(none.status.code(), Some(3));
    let unknown = write("tests/formats/rsmf/relativity-2.0/losses.rsmf", "no such", &[], &dir);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("No conversation has the key"));
}

#[test]
fn private_conversations_are_refused() {
    let dir = room("rsmf_private");
    let firm = dir.join("firm");
    let firm = firm.to_str().unwrap();
    assert!(audit(&["sample", firm, "--messages", "4000"]).status.success());
    let said = audit(&["messages", firm, "--jsonl", "--with-text"]);
    let rows: Vec<Value> = String::from_utf8_lossy(&said.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let private = rows.iter().find(|r| r["text_left_out"] == "private conversation").expect("the sample firm has private conversations");
    let key = format!("{}/{}", private["channel"].as_str().unwrap(), private["conversation"].as_str().unwrap());
    let out = dir.join("private.rsmf");
    let done = audit(&["rsmf", firm, "--conversation", &key, "--open-undecided", "--out", out.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(3), "{key}: {}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stderr).contains("private"));
    assert!(!out.exists());
}

/// The part of JSON schema that the published file uses.
fn check(schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::Null => "null",
    };
    if schema["type"].as_str().is_some_and(|t| t != kind) {
        wrong.push(format!("{at}: {kind} in place of {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        wrong.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if let (Some(least), Some(text)) = (schema["minLength"].as_u64(), value.as_str())
        && (text.chars().count() as u64) < least
    {
        wrong.push(format!("{at}: too short"));
    }
    if schema["format"] == "date-time" && !value.as_str().is_some_and(|t| t.len() >= 20 && t.ends_with('Z') && t.as_bytes()[10] == b'T') {
        wrong.push(format!("{at}: {value} is no date-time"));
    }
    if schema["format"] == "idn-email" && !value.as_str().is_some_and(|t| t.contains('@')) {
        wrong.push(format!("{at}: {value} is no address"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            wrong.push(format!("{at}: no {name}"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => check(schema, inner, &format!("{at}/{name}"), wrong),
            None => wrong.push(format!("{at}: {name} is not in the schema")),
        }
    }
    for (ix, inner) in value.as_array().into_iter().flatten().enumerate() {
        check(&schema["items"], inner, &format!("{at}/{ix}"), wrong);
    }
}

#[test]
fn it_is_valid_against_the_published_schema() {
    let Some(schema) = given::samples("enterprise/rsmf/rsmf_schema_2_0_0.json") else { return };
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let mut wrong = Vec::new();
    check(&schema, &serde_json::json!({ "version": "2", "participants": [{}], "conversations": [], "events": [{ "type": "x" }] }), "", &mut wrong);
    assert_eq!(wrong.len(), 3, "the check finds what is wrong: {wrong:?}");
    let dir = room("rsmf_schema");
    let mut checked = 0;
    for folder in SOURCES {
        for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
            for conversation in &merge(&[&read(&file)], "UTC").conversations {
                let out = dir.join("one.rsmf");
                write(file.to_str().unwrap(), &format!("{}/{}", conversation.channel, conversation.key), &[], &out);
                if out.exists() {
                    let mut wrong = Vec::new();
                    check(&schema, &manifest(&out), "", &mut wrong);
                    assert!(wrong.is_empty(), "{} {}: {wrong:?}", file.display(), conversation.key);
                    std::fs::remove_file(&out).unwrap();
                    checked += 1;
                }
            }
        }
    }
    assert!(checked >= 10, "{checked}");
}
