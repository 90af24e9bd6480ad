//! What the tests give to the reader: files as they lie on disk, the public samples where they are present, bytes that come in pieces.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]
// Every test program takes its own part of this.
#![allow(dead_code)]

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use retention_audit::import::archive::Folder;
use retention_audit::import::bytes::{RandomAccess, Shared};
use retention_audit::import::importer::Importer;
use retention_audit::import::{Given, Options, Step, read_all};
use retention_audit::model::Batch;

/// A part of the samples, which are third-party files and no part of this repository: under `RETENTION_SAMPLES` or in `../shared/samples`.
/// Without them a test says that it was skipped.
pub fn samples(inside: &str) -> Option<PathBuf> {
    let stated = std::env::var_os("RETENTION_SAMPLES").map(PathBuf::from);
    let beside = ["../shared/samples", "../../shared/samples"].map(PathBuf::from);
    let found = stated.into_iter().chain(beside).map(|root| root.join(inside)).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: samples absent");
    }
    found
}

/// All files below a folder, in the order of their names.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// The files below a folder as it holds them: path within it and bytes.
pub fn members(root: &Path) -> Vec<(String, Vec<u8>)> {
    let inner = |path: &Path| path.strip_prefix(root).unwrap().components().map(|c| c.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/");
    files(root).iter().map(|path| (inner(path), std::fs::read(path).unwrap())).collect()
}

/// Reads bytes as a file of this name.
pub fn read_bytes(name: &str, bytes: Shared) -> Batch {
    read_all(vec![Given { path: name.to_owned(), bytes, modified: None }], Options::default())
}

/// Reads a file under another name.
pub fn read_as(path: &Path, name: &str) -> Batch {
    read_bytes(name, Rc::new(std::fs::read(path).unwrap()))
}

/// Reads a file.
pub fn read(path: &Path) -> Batch {
    read_as(path, path.file_name().unwrap().to_str().unwrap())
}

/// Reads members as one folder.
pub fn read_members(name: &str, members: Vec<(String, Vec<u8>)>) -> Batch {
    let files = members.into_iter().map(|(name, bytes)| (name, Rc::new(bytes) as Shared, None)).collect();
    let mut importer = Importer::folder(Box::new(Folder::new(name, files)), Options::default());
    while importer.step() == Step::More {}
    importer.finish()
}

/// Reads a folder.
pub fn read_folder(root: &Path) -> Batch {
    read_members(root.file_name().unwrap().to_str().unwrap(), members(root))
}

/// Bytes that come a few at a time.
pub struct Drops(pub Vec<u8>, pub usize);

impl RandomAccess for Drops {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(self.1);
        self.0.read_at(offset, &mut buf[..n])
    }
}
