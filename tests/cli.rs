//! The command line, run as a program: files on disk in, JSON out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use retention_audit::import::digest;
use serde_json::Value;

/// A fresh folder for one test.
fn room(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn audit(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_audit")).args(args).current_dir(dir).output().unwrap()
}

fn sources(dir: &Path, args: &[&str]) -> Vec<Value> {
    let output = audit(dir, args);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    said["sources"].as_array().unwrap().clone()
}

/// A Slack export as a folder; the names and bytes of its files.
fn slack(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open("tests/formats/slack/public-2026/wall.zip").unwrap()).unwrap();
    let mut files = Vec::new();
    for ix in 0..archive.len() {
        let mut member = archive.by_index(ix).unwrap();
        let (name, mut bytes) = (member.name().unwrap().into_owned(), Vec::new());
        if member.is_file() {
            member.read_to_end(&mut bytes).unwrap();
            std::fs::create_dir_all(dir.join(&name).parent().unwrap()).unwrap();
            std::fs::write(dir.join(&name), &bytes).unwrap();
            files.push((name, bytes));
        }
    }
    files
}

const CHAT: &str = "[13/02/26, 10:00:00] Ada: hello\r\n[13/02/26, 10:01:00] Bo: yes\r\n";

#[test]
fn an_unpacked_workspace_has_one_digest_and_leaves_its_neighbours_alone() {
    let dir = room("unpacked");
    let files = slack(&dir.join("drop/workspace"));
    assert!(files.len() > 3);
    std::fs::write(dir.join("drop/WhatsApp Chat with Bo.txt"), CHAT).unwrap();
    // As the page gives them: names from the folder, in the order of the drop.
    let wanted = digest::folder(files.into_iter().rev().map(|(name, bytes)| (name, digest::file(&bytes)))).unwrap();

    let found = sources(&dir, &["import", "--json", "drop"]);
    let formats: Vec<_> = found.iter().map(|s| (s["path"].as_str().unwrap(), s["format"].as_str().unwrap())).collect();
    assert_eq!(formats, [("drop/WhatsApp Chat with Bo.txt", "whatsapp_txt"), ("drop/workspace", "slack")]);
    assert_eq!(found[1]["sha256"], *wanted);
    assert_eq!(found[0]["sha256"].as_str().unwrap().len(), 64);

    // The folder by itself, looked at by a Mac meanwhile: the same export. One byte more: another one.
    std::fs::write(dir.join("drop/workspace/.DS_Store"), "x").unwrap();
    assert_eq!(sources(&dir, &["import", "--json", "drop/workspace"])[0]["sha256"], *wanted);
    std::fs::write(dir.join("drop/workspace/more.json"), "[]").unwrap();
    assert_ne!(sources(&dir, &["import", "--json", "drop/workspace"])[0]["sha256"], *wanted);
}

#[test]
fn a_folder_of_one_file_is_that_file() {
    let dir = room("single");
    std::fs::create_dir_all(dir.join("drop/WhatsApp Chat - Bo")).unwrap();
    std::fs::write(dir.join("drop/WhatsApp Chat - Bo/_chat.txt"), CHAT).unwrap();
    let found = sources(&dir, &["import", "--json", "drop"]);
    assert_eq!(found[0]["path"], "drop/WhatsApp Chat - Bo/_chat.txt");
    assert_eq!(found[0]["sha256"], *digest::file(&CHAT.as_bytes().to_vec()).unwrap().1);
}

#[test]
fn a_telegram_folder_is_one_source_with_its_files() {
    let dir = room("telegram");
    let export = dir.join("drop/ChatExport_2026-03-06");
    std::fs::create_dir_all(export.join("photos")).unwrap();
    let message = |id: u32, photo: &str| {
        format!(
            r#"{{"id": {id}, "type": "message", "date_unixtime": "17724456{id:02}", "from": "Bo", "from_id": "user8", "photo": "photos/{photo}", "text": ""}}"#
        )
    };
    let text = format!(r#"{{"name": "Ada", "type": "personal_chat", "id": 7, "messages": [{}, {}]}}"#, message(1, "here.jpg"), message(2, "gone.jpg"));
    std::fs::write(export.join("result.json"), &text).unwrap();
    std::fs::write(export.join("photos/here.jpg"), "x").unwrap();
    let found = sources(&dir, &["import", "--json", "drop"]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["path"], &found[0]["messages"]), (&Value::from("drop/ChatExport_2026-03-06/result.json"), &Value::from(2)));
    let run: Value = serde_json::from_slice(&audit(&dir, &["run", "--json", "drop"]).stdout).unwrap();
    let lost = |run: &Value| run["gaps"].as_array().unwrap().iter().filter(|g| g["kind"] == "file_lost").map(|g| g["class"].clone()).collect::<Vec<_>>();
    assert_eq!(lost(&run), ["A"]);
    // Evidence leads to the record in the file.
    let lines = audit(&dir, &["messages", "--jsonl", "--with-text", "--open-undecided", "drop"]).stdout;
    assert!(String::from_utf8(lines).unwrap().contains("gone.jpg"));

    let alone: Value = serde_json::from_slice(&audit(&dir, &["run", "--json", "drop/ChatExport_2026-03-06/result.json"]).stdout).unwrap();
    assert_eq!(lost(&alone), Vec::<Value>::new());
}

/// The lines of `audit messages`, and what was said beside them.
fn messages(dir: &Path, args: &[&str]) -> (Vec<Value>, String) {
    let output = audit(dir, &[&["messages", "--jsonl"], args].concat());
    let lines = String::from_utf8(output.stdout).unwrap();
    (lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn text_of_private_conversations_is_never_printed() {
    let dir = room("private");
    audit(&dir, &["sample", "firm", "--messages", "4000"]);
    let truth: Value = serde_json::from_slice(&std::fs::read(dir.join("firm/truth.json")).unwrap()).unwrap();
    // Some friends bear the name of somebody on a list.
    let lists = ["people.csv", "clients.csv"].map(|l| std::fs::read_to_string(dir.join("firm").join(l)).unwrap()).concat();
    let friends: Vec<&str> = truth["private"].as_array().unwrap().iter().map(|p| p[1].as_str().unwrap()).filter(|f| !lists.contains(f)).collect();
    assert!(friends.len() > 3);
    let of_friend = |line: &Value| friends.iter().any(|f| line["source"].as_str().unwrap().contains(f));

    let (plain, said) = messages(&dir, &["firm"]);
    assert!(plain.iter().any(of_friend) && plain.iter().all(|l| l.get("text").is_none() && l.get("text_left_out").is_none()));
    assert!(!said.contains("Text left out"));

    let (lines, said) = messages(&dir, &["firm", "--with-text"]);
    assert_eq!(lines.len(), plain.len());
    for line in lines.iter().filter(|l| of_friend(l)) {
        assert!(line["text"].is_null() && line["text_left_out"] == "private conversation", "{line}");
    }
    let read = lines.iter().filter(|l| l["text"].is_string()).count();
    assert!(read * 2 > lines.len(), "work is opened: {read} of {}", lines.len());
    assert!(said.contains("private, which is counted and never opened") && !said.contains("--people"), "{said}");
}

#[test]
fn without_lists_nothing_is_taken_for_work() {
    let dir = room("no-lists");
    std::fs::write(dir.join("WhatsApp Chat with Ada.txt"), CHAT).unwrap();
    let chat = "WhatsApp Chat with Ada.txt";
    let (lines, said) = messages(&dir, &[chat, "--with-text"]);
    assert!(lines.len() == 2 && lines.iter().all(|l| l["text"].is_null() && l["text_left_out"] == "not known to be work"), "{lines:?}");
    assert!(said.contains("1 conversation (2 records)") && said.contains("--people") && said.contains("--clients"), "{said}");

    let (lines, said) = messages(&dir, &[chat, "--with-text", "--open-undecided"]);
    assert!(lines[0]["text"].as_str().unwrap().ends_with("Ada: hello") && lines[0].get("text_left_out").is_none());
    assert!(!said.contains("left out"), "{said}");

    // A batch holds no text, and nothing else is taken for it.
    assert!(audit(&dir, &["batch", chat, "-o", "one.batch"]).status.success());
    let (lines, _) = messages(&dir, &["one.batch", "--with-text", "--open-undecided"]);
    assert!(lines.len() == 2 && lines.iter().all(|l| l["text"].is_null() && l["text_left_out"] == "the file is not at hand"), "{lines:?}");

    // The lists make it work, or private; a first name alone would not do.
    std::fs::write(dir.join("people.csv"), "Name,Department,WhatsApp\nBo Berg,Sales,Bo\n").unwrap();
    std::fs::write(dir.join("c1.csv"), "Company,Name,WhatsApp,Owner\nHarbour,Ada Adams,Ada,Bo Berg\n").unwrap();
    std::fs::write(dir.join("c2.csv"), "Company,Name,WhatsApp,Owner\nHarbour,Zed Young,Zed,Bo Berg\n").unwrap();
    let (lines, said) = messages(&dir, &[chat, "--with-text", "--people", "people.csv", "--clients", "c1.csv"]);
    assert!(lines.iter().all(|l| l["text"].is_string()), "{lines:?} {said}");
    let (lines, _) = messages(&dir, &[chat, "--with-text", "--open-undecided", "--people", "people.csv", "--clients", "c2.csv"]);
    assert!(lines.iter().all(|l| l["text_left_out"] == "private conversation"), "{lines:?}");
}

/// A directory export of a group: nobody on it.
const GROUP: &str = "dn: cn=desk,ou=groups,dc=example,dc=org\nobjectClass: Group\ncn: desk\nmember: cn=Ada,dc=example,dc=org\n";

#[test]
fn a_list_that_cannot_be_used_is_said_and_stops_nothing() {
    let dir = room("bad-list");
    std::fs::create_dir(dir.join("drop")).unwrap();
    std::fs::write(dir.join("drop/WhatsApp Chat with Bo.txt"), CHAT).unwrap();
    std::fs::write(dir.join("drop/people.csv"), "Name,Department,WhatsApp\nBo Berg,Sales,Bo\n").unwrap();
    std::fs::write(dir.join("drop/group.ldif"), GROUP).unwrap();
    for args in [&["run", "drop"][..], &["messages", "--jsonl", "--with-text", "drop"]] {
        let output = audit(&dir, args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "something was not read: {said}");
        assert!(
            said.contains("drop/group.ldif: ") && said.contains("none of its 1 records is a person") && said.contains("people.csv: people, 1 row"),
            "{said}"
        );
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    let answers: Value = serde_json::from_slice(&audit(&dir, &["run", "drop"]).stdout).unwrap();
    assert_eq!(answers["basis"]["people"].as_u64(), Some(1), "the other list is used: {}", answers["basis"]);
    let sources = answers["ledger"]["sources"].as_array().unwrap();
    let of = |end: &str| sources.iter().find(|s| s["path"].as_str().unwrap().ends_with(end)).unwrap_or_else(|| panic!("{end}: {sources:?}"));
    assert_eq!(of("Bo.txt")["messages"], 2);
    assert!(of("group.ldif")["error"].to_string().contains("cannot be used"), "{}", of("group.ldif"));
    assert_eq!(of("group.ldif")["sha256"], *digest::file(&GROUP.as_bytes().to_vec()).unwrap().1);

    // Named by an option it is what was asked for: nothing is answered without it.
    let output = audit(&dir, &["run", "drop/WhatsApp Chat with Bo.txt", "--people", "drop/group.ldif"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("none of its 1 records is a person"));
}
