//! The house: who may import whom, how long files may be. `ARCHITECTURE.md` says why.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Folder (or file) of `src` and what it may name from the crate, beside itself.
const MAY: &[(&str, &[&str])] = &[
    ("model", &["time"]),
    ("order", &[]),
    ("text", &[]),
    ("time", &[]),
    ("features", &["model", "text"]),
    ("shape", &["model"]),
    ("import", &["model", "text", "time", "features"]),
    ("analysis", &["model", "text", "time"]),
    ("report", &["model", "text", "time", "order"]),
    ("sample", &["model", "text", "time", "features", "import"]),
    ("workbench", &["model", "text", "time", "import", "analysis", "report"]),
    ("worker", &["model", "text", "time", "shape", "import", "workbench", "sample", "report"]),
    ("cli", &["model", "text", "time", "import", "workbench", "sample", "report"]),
    ("ui", &["model", "text", "time", "order", "shape", "worker", "report"]),
];

#[test]
fn every_import_follows_the_house() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    // What only tests are made of may look around, as the tests in a file of code do.
    let kept = files.iter().filter(|f| !matches!(f.file_stem().and_then(|s| s.to_str()), Some("tests" | "testkit")));
    for file in kept {
        let inside = file.strip_prefix("src").unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let Some((_, may)) = MAY.iter().find(|(name, _)| *name == room) else { continue };
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let known = MAY.iter().any(|(room, _)| *room == name);
                if known && name != room && !may.contains(&name.as_str()) {
                    wrong.push(format!("{}:{}: {room} may not use {name}", file.display(), n + 1));
                }
            }
            for (browser, allowed) in
                [("leptos", &["ui", "main"][..]), ("web_sys", &["ui", "worker", "main"]), ("gloo", &["ui", "worker", "main"]), ("plotters", &["report"])]
            {
                if line.contains(&format!("{browser}::")) && !allowed.contains(&room.as_str()) {
                    wrong.push(format!("{}:{}: {room} may not name {browser}", file.display(), n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_source_file_outgrows_its_purpose() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let long: Vec<_> = files.iter().filter(|f| std::fs::read_to_string(f).unwrap().lines().count() > 500).collect();
    assert!(long.is_empty(), "split these by noun: {long:?}");
}
