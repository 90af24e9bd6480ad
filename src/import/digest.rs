//! Digests of what is given, the same on the command line and in the page.
//!
//! Of a file: SHA-256 of its bytes. Of a folder that is read as one source (a Slack export, unpacked): SHA-256 of a list of its files,
//! one line each, `path NUL size NUL sha256 LF`: path relative to the folder with `/` between, size in decimal, digest of the file in
//! lower-case hexadecimal; lines in the order of the bytes of their paths. Files of an operating system (`.DS_Store`, `._name`,
//! `__MACOSX/`) are left out: looking at a folder does not change it. Of a database that is read with its write-ahead log: the same list of
//! these two, by their names without folders; the index of the log (`-shm`) is not read and left out. With the usual tools, in the folder:
//!
//! ```text
//! find . -type f ! -name .DS_Store ! -name '._*' -printf '%P\n' | LC_ALL=C sort | while read -r f; do
//!   printf '%s\0%s\0%s\n' "$f" "$(stat -c %s "$f")" "$(sha256sum < "$f" | cut -c-64)"; done | sha256sum
//! ```

use std::io;

use sha2::{Digest, Sha256};

use super::archive::Entry;
use super::bytes::RandomAccess;
use super::folders;
use crate::text::hex;

/// Size and SHA-256 of bytes that come in pieces.
#[derive(Default)]
pub struct Sum {
    hash: Sha256,
    size: u64,
}

impl Sum {
    /// The next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        self.size += piece.len() as u64;
    }

    /// Bytes so far.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Size in bytes and SHA-256, in lower-case hexadecimal.
    #[must_use]
    pub fn done(self) -> (u64, String) {
        (self.size, hex(&self.hash.finalize()))
    }
}

/// Size in bytes and SHA-256 of a file. A file that cannot be read to its end has no digest.
pub fn file(bytes: &dyn RandomAccess) -> io::Result<(u64, String)> {
    // Most files of a mailbox are small: no megabyte is cleared for each.
    let room = usize::try_from(bytes.len()).unwrap_or(usize::MAX).saturating_add(1).clamp(1 << 10, 1 << 20);
    let (mut sum, mut buf) = (Sum::default(), vec![0; room]);
    loop {
        match bytes.read_at(sum.size(), &mut buf)? {
            0 => return Ok(sum.done()),
            n => sum.add(buf.get(..n).unwrap_or_default()),
        }
    }
}

/// SHA-256 of a folder read as one: of its files with their names from there, sizes and digests, in any order.
pub fn folder(files: impl Iterator<Item = (String, io::Result<(u64, String)>)>) -> io::Result<String> {
    let mut lines = Vec::new();
    for (name, sum) in files {
        if (Entry { name: name.clone(), ..Entry::default() }).is_noise() {
            continue;
        }
        let (size, sha256) = sum?;
        lines.push((name, size, sha256));
    }
    lines.sort();
    let mut hash = Sha256::new();
    for (name, size, sha256) in lines {
        hash.update(format!("{name}\0{size}\0{sha256}\n"));
    }
    Ok(hex(&hash.finalize()))
}

/// SHA-256 of one file, or of a database with its log: paths, sizes and digests.
pub fn with_log(files: impl Iterator<Item = (String, io::Result<(u64, String)>)>) -> io::Result<String> {
    let mut files: Vec<_> = files.collect();
    if files.len() > 1 {
        files.retain(|(path, _)| !folders::is_index(path));
    }
    if files.len() > 1 {
        let name = |path: String| path.rsplit('/').next().map(str::to_owned).unwrap_or(path);
        return folder(files.into_iter().map(|(path, sum)| (name(path), sum)));
    }
    files.pop().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?.1.map(|(_, sha256)| sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[(&str, &str)]) -> String {
        folder(files.iter().map(|(name, text)| ((*name).to_owned(), file(&text.as_bytes().to_vec())))).unwrap()
    }

    #[test]
    fn a_folder_is_the_sorted_list_of_its_files() {
        // printf 'a/b.json\0003\000%s\nc.json\0000\000%s\n' $(printf '[1]' | sha256sum | cut -c-64) $(printf '' | sha256sum | cut -c-64) | sha256sum
        let known = "c2613307650bf4b5370466eaf9cb57f233f0b65b4d3728a43dc772ab193bfd54";
        assert_eq!(folder_of(&[("a/b.json", "[1]"), ("c.json", "")]), known);
        assert_eq!(folder_of(&[("c.json", ""), (".DS_Store", "x"), ("a/._b.json", "y"), ("a/b.json", "[1]")]), known);
        for other in [[("a/b.json", "[2]"), ("c.json", "")], [("a/b.json", "[1]"), ("d.json", "")], [("c.json", "[1]"), ("a/b.json", "")]] {
            assert_ne!(folder_of(&other), known);
        }
    }

    #[test]
    fn a_database_with_its_log_is_the_list_of_both() {
        let sum = |path: &str, text: &str| (path.to_owned(), file(&text.as_bytes().to_vec()));
        let both = with_log([sum("a/x.db", "[1]"), sum("a/x.db-wal", "w"), sum("a/x.db-shm", "i")].into_iter()).unwrap();
        assert_eq!(both, folder_of(&[("x.db", "[1]"), ("x.db-wal", "w")]));
        let alone = file(&b"[1]".to_vec()).unwrap().1;
        assert_eq!(with_log([sum("x.db", "[1]"), sum("x.db-shm", "i")].into_iter()).unwrap(), alone);
        assert_eq!(with_log([sum("x-shm", "[1]")].into_iter()).unwrap(), alone);
        assert!(with_log(std::iter::empty()).is_err());
    }

    #[test]
    fn a_file_that_cannot_be_read_leaves_the_folder_without_a_digest() {
        let gone = || Err(io::Error::from(io::ErrorKind::NotFound));
        assert!(folder([("a".to_owned(), file(&vec![1])), ("b".to_owned(), gone())].into_iter()).is_err());
    }
}
