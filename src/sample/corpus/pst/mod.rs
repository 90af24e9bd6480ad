//! An Outlook data file: the mails of the mailbox corpus in the folders of one person, as Outlook keeps them: every value a property, recipients and
//! attachments in tables, each folder with the table of its contents. Mails that came from elsewhere keep their headers.

mod heap;
mod store;

use std::io::{self, Write};

use super::mail::{self, Letter, addressed};
use super::{Item, Stream, address, name};
use heap::{Table, Value, properties};
use store::{Store, Subnodes};

/// The person whose mailbox it is.
const OWNER: usize = 0;
/// Most items of a folder.
const SHELF: usize = 2000;
/// Nodes that every store has.
const STORE: u32 = 0x21;
const NAMES: u32 = 0x61;
const ROOT: u32 = 0x122;
const TOP: u32 = 0x8022;
const BIN: u32 = 0x8062;
/// The first of the folders with mails, and the first mail.
const FIRST_FOLDER: u32 = 0x8082;
const FIRST_MAIL: u32 = 0x0020_0004;
/// From the node of a folder to those of its tables.
const CHILDREN: u32 = 0x0d;
const CONTENTS: u32 = 0x0e;
const HIDDEN: u32 = 0x0f;
/// From one node of a type to the next.
const NEXT: u32 = 0x20;
/// Tables of a mail.
const RECIPIENTS: u32 = 0x692;
const ATTACHMENTS: u32 = 0x671;
/// The only attachment of a mail.
const ATTACHMENT: u32 = 0x8025;
/// What is known of any store by its entry ids.
const RECORD: [u8; 16] = *b"Sample mailbox 1";
/// The set of properties common to all items ([MS-OXPROPS] 1.3.2).
const COMMON: [u8; 16] = [0x08, 0x20, 0x06, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// Writes the mailbox.
pub(super) fn write(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    store::write(out, |store| mailbox(&mut stream.clone(), store))
}

fn mailbox(stream: &mut Stream, store: &mut Store<'_>) -> io::Result<()> {
    let mut folders = Folders { next: FIRST_FOLDER, closed: Vec::new() };
    let (mut inbox, mut sent) = (folders.open("Inbox", 1), folders.open("Sent Items", 1));
    let sent_items = sent.id;
    mail::letters(stream, |item, letter, blob| {
        let (word, shelf) = if item.from == OWNER { ("Sent Items", &mut sent) } else { ("Inbox", &mut inbox) };
        if shelf.held >= SHELF {
            let full = std::mem::replace(shelf, folders.open(word, shelf.volume + 1));
            folders.close(full, store)?;
        }
        message(item, letter, blob, shelf, store)
    })?;
    folders.close(inbox, store)?;
    folders.close(sent, store)?;
    folders.finish(store)?;
    let entry = |id: u32| [&[0; 4][..], &RECORD, &id.to_le_bytes()].concat();
    let (top, bin, sent) = (entry(TOP), entry(BIN), entry(sent_items));
    let list = [
        (0x0ff9, Value::Bytes(&RECORD)),
        (0x3001, Value::Text("Mailbox")),
        // Folders that are there: the top, the bin, sent mail.
        (0x35df, Value::Number(0x89)),
        (0x35e0, Value::Bytes(&top)),
        (0x35e3, Value::Bytes(&bin)),
        (0x35e4, Value::Bytes(&sent)),
    ];
    object(STORE, 0, &list, store)?;
    // One property with a name of its own, the version of Outlook: readers expect some. Its entry stands in a bucket by number and set, too.
    let entry = [0x52, 0x85, 0, 0, 6, 0, 0, 0];
    let names = [(1, Value::Number(251)), (2, Value::Bytes(&COMMON)), (3, Value::Bytes(&entry)), (4, Value::Bytes(&[])), (0x10f7, Value::Bytes(&entry))];
    object(NAMES, 0, &names, store)
}

fn object(id: u32, parent: u32, list: &[(u16, Value<'_>)], store: &mut Store<'_>) -> io::Result<()> {
    let mut subs = Subnodes::default();
    let data = properties(list, store, &mut subs)?;
    store.node(id, data, subs, parent)
}

fn table(id: u32, table: Table, store: &mut Store<'_>) -> io::Result<()> {
    let (data, subs) = table.finish(store)?;
    store.node(id, data, subs, 0)
}

/// A folder that mails go into.
struct Shelf {
    id: u32,
    /// Of folders of the same name.
    volume: usize,
    name: String,
    contents: Table,
    held: usize,
}

struct Folders {
    next: u32,
    /// Node, parent, name, mails.
    closed: Vec<(u32, u32, String, usize)>,
}

/// Columns of the table of what a folder holds: class, subject, author, times, flags, size.
const LISTED: [(u16, Value<'static>); 7] = [
    (0x001a, Value::Text("")),
    (0x0037, Value::Text("")),
    (0x0039, Value::Time(0)),
    (0x0042, Value::Text("")),
    (0x0e06, Value::Time(0)),
    (0x0e07, Value::Number(0)),
    (0x0e08, Value::Number(0)),
];

impl Folders {
    fn open(&mut self, word: &str, volume: usize) -> Shelf {
        let id = self.next;
        self.next += NEXT;
        let name = if volume == 1 { word.to_owned() } else { format!("{word} {volume}") };
        Shelf { id, volume, name, contents: Table::new(&LISTED), held: 0 }
    }

    fn close(&mut self, shelf: Shelf, store: &mut Store<'_>) -> io::Result<()> {
        table(shelf.id - 2 + CONTENTS, shelf.contents, store)?;
        self.closed.push((shelf.id, TOP, shelf.name, shelf.held));
        Ok(())
    }

    /// All folders with their properties, and the tables of the folders in them.
    fn finish(mut self, store: &mut Store<'_>) -> io::Result<()> {
        for (id, parent, name) in [(BIN, TOP, "Deleted Items"), (TOP, ROOT, "Top of Outlook data file"), (ROOT, ROOT, "")] {
            table(id - 2 + CONTENTS, Table::new(&LISTED), store)?;
            self.closed.push((id, parent, name.to_owned(), 0));
        }
        self.closed.sort();
        for (id, parent, name, held) in &self.closed {
            let mut children = Table::new(&[(0x3001, Value::Text("")), (0x3602, Value::Number(0)), (0x3603, Value::Number(0))]);
            let mut inside = false;
            for (child, _, name, held) in self.closed.iter().filter(|c| c.1 == *id && c.0 != *id) {
                inside = true;
                children.row(*child, &[Value::Text(name), Value::Number(*held as i32), Value::Number(0)], store)?;
            }
            table(id - 2 + CHILDREN, children, store)?;
            table(id - 2 + HIDDEN, Table::new(&[(0x001a, Value::Text(""))]), store)?;
            let list = [
                (0x3001, Value::Text(name)),
                (0x3602, Value::Number(*held as i32)),
                (0x3603, Value::Number(0)),
                (0x360a, Value::Yes(inside)),
                (0x3613, Value::Text("IPF.Note")),
            ];
            object(*id, *parent, &list, store)?;
        }
        Ok(())
    }
}

/// A mail: its tables, its properties, its row in the folder.
fn message(item: &Item, letter: &Letter, blob: &str, shelf: &mut Shelf, store: &mut Store<'_>) -> io::Result<()> {
    let id = FIRST_MAIL + NEXT * item.number as u32;
    let mut subs = Subnodes::default();
    recipients(item, store, &mut subs)?;
    if letter.attached > 0 {
        attachment(item, blob.as_bytes().get(..letter.attached / 4 * 3).unwrap_or_default(), store, &mut subs)?;
    }
    let (mut plain, mut html) = (String::new(), String::new());
    letter.plain(item, "", &mut plain);
    letter.html(item, &mut html);
    let (plain, html) = (plain.replace('\n', "\r\n"), html.replace('\n', "\r\n"));
    // What is sent has no headers yet.
    let headers = if item.from == OWNER { "" } else { letter.headers.split_once('\n').unwrap_or_default().1 };
    let headers = headers.replace('\n', "\r\n");
    // A subject begins with a mark and the length of what marks an answer.
    let subject = if letter.reply.is_empty() { format!("\u{1}\u{1}{}", letter.open.subject) } else { format!("\u{1}\u{5}Re: {}", letter.open.subject) };
    let (author, from, size) = (name(item.from), address(item.from), (headers.len() + 2 * plain.len() + html.len() + letter.attached) as i32);
    let flags = if letter.attached > 0 { 0x11 } else { 1 };
    let index = index(letter);
    let (to, cc) = shown(item);
    let references = letter.open.references.replace('\n', "");
    let mut list = vec![
        (0x001a, Value::Text("IPM.Note")),
        (0x0037, Value::Text(&subject)),
        (0x0039, Value::Time(item.at)),
        (0x0070, Value::Text(&letter.open.subject)),
        (0x0071, Value::Bytes(&index)),
        (0x0e03, Value::Text(&cc)),
        (0x0e04, Value::Text(&to)),
        (0x0e06, Value::Time(item.at)),
        (0x0e07, Value::Number(flags)),
        (0x0e08, Value::Number(size)),
        (0x0e1b, Value::Yes(letter.attached > 0)),
        (0x1000, Value::Text(&plain)),
        (0x1013, Value::Bytes(html.as_bytes())),
        (0x1035, Value::Text(&letter.open.id)),
        (0x3007, Value::Time(item.at)),
        (0x3008, Value::Time(item.at)),
        (0x3fde, Value::Number(65_001)),
    ];
    for (named, kind, place, smtp) in [(0x0042, 0x0064, 0x0065, 0x5d02), (0x0c1a, 0x0c1e, 0x0c1f, 0x5d01)] {
        list.extend([(named, Value::Text(&author)), (kind, Value::Text("SMTP")), (place, Value::Text(&from)), (smtp, Value::Text(&from))]);
    }
    for (id, text) in [(0x007d, &headers), (0x1039, &references), (0x1042, &letter.reply)] {
        if !text.is_empty() {
            list.push((id, Value::Text(text)));
        }
    }
    let data = properties(&list, store, &mut subs)?;
    store.node(id, data, subs, shelf.id)?;
    shelf.held += 1;
    let time = Value::Time(item.at);
    let cells = [Value::Text("IPM.Note"), Value::Text(&subject), time, Value::Text(&author), time, Value::Number(flags), Value::Number(size)];
    shelf.contents.row(id, &cells, store)
}

/// Place in a conversation: 22 bytes that all mails of a thread share, 5 more for an answer.
fn index(letter: &Letter) -> Vec<u8> {
    let mut out = vec![1];
    out.extend_from_slice(format!("{:021}", letter.open.root).as_bytes());
    if !letter.reply.is_empty() {
        out.extend_from_slice(&[0; 5]);
    }
    out
}

/// Recipients as they are shown.
fn shown(item: &Item) -> (String, String) {
    let (to, copies) = addressed(item);
    (name(to), copies.map_or_else(String::new, |[one, other]| format!("{}; {}", name(one), name(other))))
}

fn recipients(item: &Item, store: &mut Store<'_>, subs: &mut Subnodes) -> io::Result<()> {
    let text = Value::Text("");
    let mut rows = Table::new(&[(0x0c15, Value::Number(0)), (0x3001, text), (0x3002, text), (0x3003, text), (0x39fe, text)]);
    let (to, copies) = addressed(item);
    for (n, (kind, person)) in [(1, to)].into_iter().chain(copies.into_iter().flatten().map(|c| (2, c))).enumerate() {
        let (called, place) = (name(person), address(person));
        rows.row(n as u32, &[Value::Number(kind), Value::Text(&called), Value::Text("SMTP"), Value::Text(&place), Value::Text(&place)], store)?;
    }
    let (data, inner) = rows.finish(store)?;
    let inner = store.subnodes(inner)?;
    subs.add(RECIPIENTS, data, inner);
    Ok(())
}

fn attachment(item: &Item, content: &[u8], store: &mut Store<'_>, subs: &mut Subnodes) -> io::Result<()> {
    let (file, size) = (format!("order-{}.pdf", item.number), content.len() as i32);
    let mut rows = Table::new(&[(0x0e20, Value::Number(0)), (0x3704, Value::Text("")), (0x3705, Value::Number(0)), (0x370b, Value::Number(0))]);
    rows.row(ATTACHMENT, &[Value::Number(size), Value::Text(&file), Value::Number(1), Value::Number(-1)], store)?;
    let (data, inner) = rows.finish(store)?;
    let inner = store.subnodes(inner)?;
    subs.add(ATTACHMENTS, data, inner);
    let mut inner = Subnodes::default();
    let list = [
        (0x0e20, Value::Number(size)),
        (0x3701, Value::Bytes(content)),
        (0x3704, Value::Text(&file)),
        (0x3705, Value::Number(1)),
        (0x3707, Value::Text(&file)),
        (0x370b, Value::Number(-1)),
        (0x370e, Value::Text("application/pdf")),
    ];
    let data = properties(&list, store, &mut inner)?;
    let inner = store.subnodes(inner)?;
    subs.add(ATTACHMENT, data, inner);
    Ok(())
}
