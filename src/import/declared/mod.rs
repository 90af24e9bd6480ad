//! Lists that come with an export and declare what it should hold: the counts and errors of Google Vault, the items of Microsoft Purview.
//! The mailboxes beside them are read by their own readers; the lists are read behind them and compared with what was found.

mod purview;
mod table;
mod vault;

pub use purview::Purview;
pub use vault::GoogleVault;

use super::archive::{Claimed, Entry};
use super::sink::Sink;

/// Ids of the formats in this folder: what they hold are lists, not messages.
const LISTS: [&str; 2] = ["google_vault", "purview"];

/// What was read before the lists and lies with them: path in lower case, and records. With them is: below their folder, else below the
/// folder that their archive lies in.
fn found(entries: &[Entry], sink: &Sink) -> Vec<(String, u64)> {
    let own = sink.sources().last().map(|s| s.path.to_lowercase()).unwrap_or_default();
    let lists = entries.iter().find(|e| !e.is_noise()).map(|e| above(e.name.strip_suffix(e.file_name()).unwrap_or_default()).to_lowercase());
    let around = own.rfind(['/', '!']).and_then(|at| own.get(..=at)).unwrap_or_default().to_owned();
    let places = match lists {
        Some(folder) => vec![format!("{own}/{folder}"), format!("{own}!{folder}"), around],
        None => vec![around],
    };
    let sources = || sink.sources().iter().filter(|s| !s.format.is_empty() && s.format != "archive" && !LISTS.contains(&s.format.as_str()));
    let below = |place: &String| sources().map(|s| (s.path.to_lowercase(), s.records)).filter(|(path, _)| path.starts_with(place.as_str())).collect::<Vec<_>>();
    places.iter().map(below).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Members of each folder that `is` names, where one of them is `proven` to be of the export.
fn parts(entries: &[Entry], is: impl Fn(&str) -> bool, proven: impl Fn(&str) -> bool) -> Vec<Claimed> {
    let mut all: std::collections::BTreeMap<&str, (Claimed, bool)> = std::collections::BTreeMap::new();
    for (ix, entry) in entries.iter().enumerate().filter(|(_, e)| !e.is_noise()) {
        let name = entry.file_name().to_lowercase();
        if !is(&name) {
            continue;
        }
        let folder = above(entry.name.strip_suffix(entry.file_name()).unwrap_or_default());
        let part = all.entry(folder).or_insert_with(|| (Claimed { folder: folder.to_owned(), last: true, ..Claimed::default() }, false));
        part.0.members.push(ix);
        part.1 |= proven(&name);
    }
    all.into_values().filter(|(_, proven)| *proven).map(|(claimed, _)| claimed).collect()
}

/// The folder of the export that a folder of lists belongs to: reports lie in a folder of their own, beside the items.
fn above(folder: &str) -> &str {
    let (above, last) =
        folder.strip_suffix('/').map(|f| f.rsplit_once('/').map_or(("", f), |(a, l)| (folder.get(..=a.len()).unwrap_or_default(), l))).unwrap_or_default();
    if last.to_lowercase().starts_with("report") { above } else { folder }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_belong_to_the_folder_above() {
        assert_eq!(above("case/Reports-1/"), "case/");
        assert_eq!(above("Reports/"), "");
        assert_eq!(above("case/a/"), "case/a/");
        assert_eq!(above(""), "");
    }
}
