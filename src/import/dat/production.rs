//! The folder of a production: which member is the load file, where links lead, what the image list names.

use std::collections::BTreeMap;

use crate::import::archive::Entry;
use crate::import::bytes::{Fill, Stream, Window};
use crate::import::sink::{Map, Sink};
use crate::model::message::Position;
use crate::model::statement::StatementKind;

/// Folders that productions have.
const FOLDERS: [&str; 8] = ["native", "natives", "text", "texts", "image", "images", "ocr", "native_files"];

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default()
}

/// The load file of a production, if the members are one: a single `.dat` with an image list of the same name, or with folders as
/// productions have them.
pub fn place(members: &[Entry]) -> Option<usize> {
    let files = || members.iter().enumerate().filter(|(_, e)| !e.is_noise());
    let mut dats = files().filter(|(_, e)| extension(&e.name) == "dat");
    let (Some((ix, dat)), None) = (dats.next(), dats.next()) else { return None };
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(s, _)| s).to_ascii_lowercase();
    let file = |e: &Entry| stem(e.file_name());
    let listed = files().any(|(_, e)| extension(&e.name) == "opt" && file(e) == file(dat));
    let folders = files().any(|(_, e)| e.name.rsplit('/').skip(1).any(|f| FOLDERS.contains(&f.to_ascii_lowercase().as_str())));
    (dat.locked.is_none() && (listed || folders)).then_some(ix)
}

/// Members by their ends: links leave out the folders above, or begin with a volume that is not there.
pub struct Members {
    by_name: BTreeMap<String, Vec<(String, usize)>>,
}

impl Members {
    /// Of a list of members.
    pub fn of(entries: &[Entry]) -> Self {
        let mut by_name: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
        for (ix, entry) in entries.iter().enumerate().filter(|(_, e)| !e.is_noise()) {
            by_name.entry(entry.file_name().to_lowercase()).or_default().push((entry.name.to_lowercase(), ix));
        }
        Self { by_name }
    }

    /// The member a link leads to: of the same file name, and of folders that agree from the right as far as the shorter path goes.
    pub fn find(&self, link: &[u8]) -> Option<usize> {
        let link = String::from_utf8_lossy(link).replace('\\', "/").to_lowercase();
        let link = link.trim_start_matches("./").trim_start_matches('/');
        let file = link.rsplit('/').next()?;
        let candidates = self.by_name.get(file)?;
        let agree = |path: &str| path.rsplit('/').zip(link.rsplit('/')).take_while(|(a, b)| a == b).count();
        candidates.iter().max_by_key(|(path, ix)| (agree(path), usize::MAX - ix)).map(|(_, ix)| *ix)
    }
}

/// `ABC-0000001,VOL001,IMAGES\001\ABC-0000001.tif,Y,,,3`: number, volume, file, first page of a document, folder, box, pages.
fn image(line: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    let mut cells = line.trim_ascii_end().split(|b| *b == b',');
    let (number, _, file, first) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let path = String::from_utf8_lossy(file);
    let picture = ["tif", "tiff", "jpg", "jpeg", "pdf", "png"].contains(&extension(&path).as_str());
    (!number.is_empty() && picture && (first.is_empty() || first.eq_ignore_ascii_case(b"y")) && cells.count() <= 3).then_some((number, file, !first.is_empty()))
}

/// Whether a file is an image list: all of its first lines are.
pub fn is_image_list(text: &[u8]) -> bool {
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty()).take(5).collect();
    let whole = lines.len().saturating_sub(usize::from(lines.len() > 1 && !text.ends_with(b"\n")));
    lines.first().and_then(|l| image(l)).is_some_and(|i| i.2) && lines.iter().take(whole).all(|l| image(l).is_some())
}

/// Documents and files of an image list against the rows and members.
#[derive(Default)]
pub struct Images {
    documents: u64,
    /// Documents without a row, with the first of them.
    rowless: u64,
    first: String,
    lost: u64,
}

impl Images {
    /// Reads a list to its end; it is small beside its images.
    pub fn read(&mut self, stream: Box<dyn Stream>, rows: &Map<Box<[u8]>, ()>, members: &Members) -> std::io::Result<()> {
        let mut window = Window::new(stream);
        loop {
            while let Some(nl) = memchr::memchr(b'\n', window.data()) {
                self.line(window.data().get(..nl).unwrap_or_default(), rows, members);
                window.consume(nl + 1);
            }
            match window.fill()? {
                Fill::More => {}
                Fill::Full => window.consume(window.data().len()),
                Fill::End => {
                    self.line(window.data(), rows, members);
                    return Ok(());
                }
            }
        }
    }

    fn line(&mut self, line: &[u8], rows: &Map<Box<[u8]>, ()>, members: &Members) {
        let Some((number, file, first)) = image(line) else { return };
        self.documents += u64::from(first);
        if first && !rows.contains_key(number) {
            self.rowless += 1;
            if self.first.is_empty() {
                self.first = String::from_utf8_lossy(number).into_owned();
            }
        }
        self.lost += u64::from(members.find(file).is_none());
    }

    /// Says what it proves.
    pub fn tell(&self, sink: &mut Sink) {
        if self.rowless > 0 {
            let detail = format!("documents of the image list without a row, the first {}", self.first);
            sink.statement(StatementKind::CountShort, None, None, None, self.rowless, Position::byte(0), &detail);
        }
        if self.lost > 0 {
            sink.notice("dat_images_absent", "Page images that the image list names do not lie in the folder; no message is concerned", self.lost);
        }
    }
}
