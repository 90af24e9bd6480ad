//! `audit rsmf`: a range of one conversation as files for a review platform.

use super::commands::{Done, matter, unreadable, write_file};
use super::{RsmfArgs, Stop, files};
use crate::model::Dataset;
use crate::report::phrase::count;
use crate::report::rsmf::{self, Written};
use crate::time::{self, Zone};
use crate::workbench::excerpt::Texts;

/// Conversations named when several fit, at most.
const NAMED: usize = 10;

pub fn write(args: &RsmfArgs) -> Done {
    let [from, to] = [(&args.from, "--from"), (&args.to, "--to")].map(|(text, name)| match text {
        None => Ok(None),
        Some(text) => time::parse_day(text).map(Some).ok_or_else(|| Stop::usage(format!("{name} {text} is not a day. Write it as 2026-09-30."))),
    });
    let (from, to) = (from?, to?);
    let options = files::options(&args.input)?;
    let (found, mut walk) = files::walk(&args.input.files).without_lists();
    let mut matter = matter(found, &args.lists, &mut walk)?;
    if let Some(zone) = &args.input.zone {
        matter.zone.clone_from(zone);
    }
    let mut zone = Zone::named(&matter.zone).unwrap_or_else(Zone::utc);
    let mut workbench = files::read(&walk, &options);
    workbench.set_matter(matter.clone());
    workbench.dataset();
    let open = files::opener(&walk);
    let code = unreadable(&mut workbench);
    let (Some(dataset), Some(texts)) = (workbench.merged(), Texts::new(&workbench, &open, &matter, args.open_undecided)) else {
        return Err(Stop::input("Nothing could be read from the files."));
    };
    let conversation = chosen(dataset, &args.conversation)?;
    match texts.closed(conversation) {
        Some("not known to be work") => {
            return Err(Stop::usage(
                "This conversation is not known to be work and stays closed. Give --people and --clients, so that work is recognised; --open-undecided opens it without.",
            ));
        }
        Some(_) => return Err(Stop::usage("This conversation is private: it is counted, never opened, and not written.")),
        None => {}
    }
    let mut within = |row: &usize| {
        let day = dataset.row(*row).map(|r| time::day(zone.local_of(r.time)));
        day.is_some_and(|d| from.is_none_or(|f| f <= d) && to.is_none_or(|t| d <= t))
    };
    let rows: Vec<usize> = dataset.rows_of(conversation).filter(|r| within(r)).collect();
    if rows.is_empty() {
        return Err(Stop::usage("The conversation has no record in these days."));
    }
    let written = rsmf::write(dataset, &rows, &|row| texts.body(row));
    save(args, &written)?;
    Ok(code)
}

fn save(args: &RsmfArgs, written: &[Written]) -> Result<(), Stop> {
    let file = args.out.extension().is_some_and(|e| e.eq_ignore_ascii_case("rsmf"));
    if file && written.len() > 1 {
        let what = format!("The range has more than {} events, as many as one file should have. Give a folder to --out, or fewer days.", rsmf::EVENTS);
        return Err(Stop::usage(what));
    }
    for one in written {
        let path = if file { args.out.clone() } else { args.out.join(&one.name) };
        write_file(&path, &one.bytes)?;
        eprintln!("{}: {}", path.display(), count(one.events as u64, "event", "events"));
    }
    let (as_written, unread) = written.iter().fold((0, 0), |(a, u), w| (a + w.as_written as u64, u + w.unread as u64));
    if as_written > 0 {
        eprintln!(
            "{}: the text could not be told from the rest of the record, which is given as it stands in its file.",
            count(as_written, "message", "messages")
        );
    }
    if unread > 0 {
        eprintln!("{}: the text could not be read again and is left out; the event says so.", count(unread, "message", "messages"));
    }
    Ok(())
}

/// The conversation of a key or title, `channel/` in front or not.
fn chosen(dataset: &Dataset, named: &str) -> Result<u32, Stop> {
    let full = |ix: &u32| dataset.conversations.get(*ix as usize).map(|c| format!("{}/{}", c.channel, c.key)).unwrap_or_default();
    let all = || (0u32..).zip(&dataset.conversations);
    let by = |fits: &dyn Fn(&crate::model::batch::Conversation) -> bool| all().filter(|(_, c)| fits(c)).map(|(ix, _)| ix).collect::<Vec<u32>>();
    let in_channel = |c: &crate::model::batch::Conversation, what: &str| named.strip_prefix(&c.channel).and_then(|n| n.strip_prefix('/')) == Some(what);
    let ways: [&dyn Fn(&crate::model::batch::Conversation) -> bool; 3] =
        [&|c| c.key == named || in_channel(c, &c.key), &|c| c.title == named || in_channel(c, &c.title), &|c| {
            !c.title.is_empty() && c.title.to_lowercase() == named.to_lowercase()
        }];
    for fits in ways {
        match by(fits).as_slice() {
            [] => {}
            [one] => return Ok(*one),
            several => {
                let names: Vec<String> = several.iter().take(NAMED).map(full).collect();
                return Err(Stop::usage(format!("{} conversations fit \"{named}\": {}. Name one of them.", several.len(), names.join(", "))));
            }
        }
    }
    Err(Stop::usage(format!("No conversation has the key or title \"{named}\". audit messages --jsonl names them.")))
}
