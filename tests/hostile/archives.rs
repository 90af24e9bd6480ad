//! Archives and folders: what is damaged, lies, is packed to burst or is named to deceive.

use std::io::{self, Write};

use retention_audit::import::archive::{Archive, Folder};
use retention_audit::import::reread::reread;
use retention_audit::model::Position;

use super::*;

/// A member as it is put into an archive; what the archive states of it can be made wrong.
struct Member {
    name: Vec<u8>,
    packed: Vec<u8>,
    method: u16,
    flags: u16,
    size: u32,
    crc: u32,
    stated_packed: u32,
}

impl Member {
    fn deflated(name: &str, bytes: &[u8]) -> Self {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        Self { method: 8, packed: encoder.finish().unwrap(), ..Self::stored(name, bytes) }.honest()
    }

    fn stored(name: &str, bytes: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let size = u32::try_from(bytes.len()).unwrap();
        Self { name: name.into(), packed: bytes.to_vec(), method: 0, flags: 0, size, crc: crc.sum(), stated_packed: size }
    }

    fn honest(mut self) -> Self {
        self.stated_packed = u32::try_from(self.packed.len()).unwrap();
        self
    }
}

fn zip(members: &[Member]) -> Vec<u8> {
    zip_behind(&[], members, true)
}

/// An archive behind other bytes; `relative`: places are counted from its own beginning.
fn zip_behind(before: &[u8], members: &[Member], relative: bool) -> Vec<u8> {
    let mut out = before.to_vec();
    let base = if relative { before.len() } else { 0 };
    let mut directory = Vec::new();
    for m in members {
        let at = u32::try_from(out.len() - base).unwrap();
        let mut fields = Vec::new();
        for word in [20, m.flags, m.method, 0x73c0, 0x5c74] {
            fields.extend_from_slice(&u16::to_le_bytes(word));
        }
        for long in [m.crc, m.stated_packed, m.size] {
            fields.extend_from_slice(&long.to_le_bytes());
        }
        fields.extend_from_slice(&(m.name.len() as u16).to_le_bytes());
        fields.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&fields);
        out.extend_from_slice(&m.name);
        out.extend_from_slice(&m.packed);
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&fields);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(&m.name);
    }
    let at = u32::try_from(out.len() - base).unwrap();
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    let count = (members.len() as u16).to_le_bytes();
    out.extend_from_slice(&[count, count].concat());
    out.extend_from_slice(&u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

#[test]
fn a_document_is_no_archive_of_messages() {
    let docx = zip(&[Member::deflated("[Content_Types].xml", b"<Types/>"), Member::deflated("word/document.xml", b"<w:document/>")]);
    let batch = one("letter.docx", docx.clone());
    assert_eq!(batch.tables.sources.len(), 1);
    assert!(error(source(&batch, "letter.docx")).contains("Office document"));
    assert!(error(source(&one("empty.zip", zip(&[])), "empty.zip")).contains("empty"));
}

#[test]
fn a_damaged_directory_is_said_and_nothing_is_guessed() {
    let good = zip(&[Member::deflated("a.eml", MAIL.as_bytes()), Member::deflated("b.eml", MAIL.as_bytes())]);
    for cut in (4..good.len()).step_by(13) {
        let batch = one("a.zip", &good[..cut]);
        assert_eq!(batch.tables.sources.len(), 1, "cut at {cut}");
        assert!(error(source(&batch, "a.zip")).contains("damaged"), "cut at {cut}: {}", error(source(&batch, "a.zip")));
        assert!(batch.columns.is_empty());
    }
    // One byte changed anywhere: no panic, all accounted for.
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        one("a.zip", bad);
    }
}

#[test]
fn bytes_before_an_archive_do_not_matter() {
    let mut before = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec();
    before.resize(3000, 0);
    for relative in [true, false] {
        let batch = one("setup.exe", zip_behind(&before, &[Member::deflated("a.eml", MAIL.as_bytes())], relative));
        assert_eq!(source(&batch, "setup.exe!a.eml").messages, 1);
    }
}

#[test]
fn a_member_that_breaks_in_the_middle_keeps_what_was_read() {
    let chat = long_chat(20_000);
    let mut bad = Member::deflated("broken.txt", chat.as_bytes());
    let middle = bad.packed.len() / 2;
    bad.packed[middle..middle + 40].fill(0xff);
    let mut short = Member::deflated("short.txt", chat.as_bytes());
    short.packed.truncate(middle);
    let batch = one("x.zip", zip(&[bad, short.honest(), Member::deflated("good.eml", MAIL.as_bytes())]));
    for name in ["x.zip!broken.txt", "x.zip!short.txt"] {
        let s = source(&batch, name);
        assert!(error(s).contains("Reading broke off"), "{name}: {}", error(s));
        assert!(s.error.as_ref().unwrap().place.starts_with("byte "));
        assert!(s.messages > 5_000 && s.messages < 15_000, "{name}: {} messages", s.messages);
    }
    assert_eq!(source(&batch, "x.zip!good.eml").messages, 1);
}

#[test]
fn a_wrong_checksum_is_said() {
    let mut bad = Member::stored("chat.txt", CHAT.as_bytes());
    bad.crc ^= 1;
    let batch = one("x.zip", zip(&[bad, Member::stored("good.eml", MAIL.as_bytes())]));
    let s = source(&batch, "x.zip!chat.txt");
    assert!(s.messages == 3 && notice(s, "checksum_differs").is_some(), "{s:?}");
    assert!(notice(source(&batch, "x.zip!good.eml"), "checksum_differs").is_none());
}

#[test]
fn the_chat_of_a_claimed_archive_is_held_to_the_same() {
    let name = "WhatsApp Chat with Ana Ruiz.txt";
    let mut wrong = Member::stored(name, CHAT.as_bytes());
    wrong.crc ^= 1;
    let path = format!("x.zip!{name}");
    let batch = one("x.zip", zip(&[wrong]));
    assert!(source(&batch, &path).messages == 3 && notice(source(&batch, &path), "checksum_differs").is_some());
    let mut broken = Member::deflated(name, long_chat(20_000).as_bytes());
    broken.packed.truncate(broken.packed.len() / 2);
    let batch = one("x.zip", zip(&[broken.honest(), Member::stored("IMG-20260312-WA0001.jpg", b"x")]));
    let s = source(&batch, &path);
    assert!(error(s).contains("Reading broke off") && s.messages > 5_000, "{s:?}");
    assert!(notice(s, "media_unreferenced").is_some(), "the reader ends as it does with any file that ends too early");
}

#[test]
fn an_archive_of_small_members_is_read_in_few_pieces() {
    struct Counting(Vec<u8>, std::cell::Cell<u32>);
    impl RandomAccess for Counting {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            self.1.set(self.1.get() + 1);
            self.0.read_at(offset, buf)
        }
    }
    let members: Vec<Member> = (0..1000).map(|n| Member::deflated(&format!("{n}.eml"), MAIL.as_bytes())).collect();
    let bytes = Rc::new(Counting(zip(&members), std::cell::Cell::default()));
    assert_eq!(import(vec![("x.zip", bytes.clone())]).columns.len(), 1000);
    assert!(bytes.1.get() < 30, "{} reads", bytes.1.get());
}

#[test]
fn a_member_never_holds_more_than_is_stated() {
    let mut liar = Member::deflated("liar.txt", long_chat(20_000).as_bytes());
    liar.size = 1000;
    let batch = one("x.zip", zip(&[liar, Member::deflated("good.eml", MAIL.as_bytes())]));
    let s = source(&batch, "x.zip!liar.txt");
    assert!(error(s).contains("goes on after byte 1000") && s.messages > 3 && s.messages < 30, "{s:?}");
    assert_eq!(source(&batch, "x.zip!good.eml").messages, 1);
}

#[test]
fn bombs_are_left_out_by_name() {
    let mut dense = Member::stored("dense.txt", b"x");
    (dense.size, dense.method) = (100 << 20, 8);
    // 33 members that state 2 GiB each from 4 MiB: together beyond 64 GiB.
    let wide = (0..33).map(|n| Member { size: 2 << 30, stated_packed: 4 << 20, method: 8, ..Member::stored(&format!("wide{n}.txt"), b"x") });
    let members: Vec<Member> = [dense, Member::deflated("good.eml", MAIL.as_bytes())].into_iter().chain(wide).collect();
    let batch = one("x.zip", zip(&members));
    let row = source(&batch, "x.zip");
    assert_eq!(row.format, "archive");
    assert!(skipped(row, SkipReason::LimitReached) >= 2, "{row:?}");
    assert!(row.parts.contains(&"dense.txt".to_owned()) && row.parts.contains(&"wide32.txt".to_owned()), "{:?}", row.parts);
    assert!(notice(row, "limit_reached").unwrap().0.contains("unpack"));
    assert_eq!(source(&batch, "x.zip!good.eml").messages, 1);
}

#[test]
fn archives_within_archives_end_at_a_depth() {
    // 3 members on each of 7 levels: 2,187 archives if nobody stopped.
    let mut inner = zip(&[Member::deflated("good.eml", MAIL.as_bytes())]);
    for level in 0..7 {
        let make: fn(&str, &[u8]) -> Member = if level % 2 == 0 { Member::deflated } else { Member::stored };
        let mut members: Vec<Member> = (0..3).map(|n| make(&format!("{n}.zip"), &inner)).collect();
        members.push(Member::deflated("mail.eml", MAIL.as_bytes()));
        inner = zip(&members);
    }
    let batch = one("42.zip", inner);
    let beyond: u64 = batch.tables.sources.iter().map(|s| skipped(s, SkipReason::LimitReached)).sum();
    assert_eq!(beyond, 81, "four levels of three");
    assert_eq!(batch.columns.len(), 1 + 3 + 9 + 27);
    assert!(batch.tables.sources.iter().all(|s| s.error.is_none()));
}

#[test]
fn names_cannot_deceive() {
    let long = "n".repeat(60_000) + ".eml";
    let names = [
        "../../etc/passwd.eml",
        "/etc/cron.d/x.eml",
        "C:\\Windows\\x.eml",
        "twice.eml",
        "twice.eml",
        "\u{202e}lme.exe.eml",
        "nul\0.eml",
        "Hey! you!.eml",
        &long,
    ];
    let members: Vec<Member> = names.iter().map(|n| Member::deflated(n, MAIL.as_bytes())).collect();
    let bytes: Shared = Rc::new(zip(&members));
    let batch = import(vec![("a!b.zip", bytes.clone())]);
    assert_eq!(batch.columns.len(), names.len());
    assert_eq!(batch.tables.sources[4].path, "a!b.zip!twice (2).eml");
    assert_eq!(batch.tables.sources[7].name, "Hey! you!.eml");
    for s in &batch.tables.sources {
        assert!(!s.path.contains(['\u{202e}', '\0']) && s.path.len() < 1000, "{}", s.path);
        let again = reread(bytes.clone(), &s.path, "", &s.encoding, 0, 20).unwrap();
        assert_eq!(again, MAIL.as_bytes()[..20], "{}", s.path);
    }
}

#[test]
fn more_members_than_the_limit_are_counted() {
    let many: Vec<Member> =
        (0..200_100).map(|n| Member { packed: Vec::new(), stated_packed: 0, size: 0, crc: 0, ..Member::stored(&format!("{n}.jpg"), b"") }).collect();
    let batch = one("many.zip", zip(&many));
    let row = source(&batch, "many.zip");
    assert_eq!((skipped(row, SkipReason::NotMessages), skipped(row, SkipReason::LimitReached)), (200_000, 1));
    assert!(row.parts.contains(&"100 more members".to_owned()) && row.parts.len() < 1100, "{}", row.parts.len());
}

#[test]
fn lists_among_the_members_are_no_errors() {
    let people = "Name,Email,Department,Start date,Last day\nAna Ruiz,ana@firm.example,Sales,2020-01-01,2026-03-31\n";
    let members = [("people.csv", people), ("matter.toml", "[matter]\nname = \"x\"\n"), ("a.eml", MAIL)];
    let batch = one("x.zip", zip(&members.map(|(n, b)| Member::deflated(n, b.as_bytes()))));
    assert_eq!(skipped(source(&batch, "x.zip"), SkipReason::NotMessages), 2);
    assert!(batch.tables.sources.iter().all(|s| s.error.is_none()));
}

#[test]
fn a_folder_is_read_file_by_file() {
    let file = |name: &str, text: &str| (name.to_owned(), Rc::new(text.as_bytes().to_vec()) as Shared, None);
    let folder = Folder::new("exports", vec![file("mail/a.eml", MAIL), file("chat.txt", CHAT), file("x/photo.jpg", "x")]);
    assert_eq!(folder.entries().len(), 3);
    let batch = run(Importer::folder(Box::new(folder), Options::default()));
    assert_eq!(source(&batch, "exports/mail/a.eml").messages, 1);
    assert_eq!(source(&batch, "exports/chat.txt").messages, 3);
    assert_eq!(skipped(source(&batch, "exports"), SkipReason::NotMessages), 1);
}

#[test]
fn a_record_is_found_again_wherever_it_lies() {
    let nested = zip(&[Member::deflated("deep/chat.txt", CHAT.as_bytes())]);
    let outer: Shared =
        Rc::new(zip(&[Member::deflated("flat.txt", CHAT.as_bytes()), Member::stored("stored.zip", &nested), Member::deflated("packed.zip", &nested)]));
    let wide: Vec<u8> = CHAT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let chat = CHAT.replace("good morning", "señor, mañana, ¿sí?");
    let latin = encoding_rs::WINDOWS_1252.encode(&chat).0.into_owned();
    let slack: Shared = Rc::new(std::fs::read("tests/formats/slack/public-2026/wall.zip").unwrap());
    let claimed: Shared = Rc::new(zip(&[Member::deflated("WhatsApp Chat with Ana Ruiz.txt", CHAT.as_bytes()), Member::stored("IMG-1.jpg", b"x")]));
    let files: [(&str, Shared); 6] = [
        ("outer.zip", outer),
        ("plain.txt", Rc::new(CHAT.as_bytes().to_vec())),
        ("wide.txt", Rc::new(wide)),
        ("latin.txt", Rc::new(latin)),
        ("slack.zip", slack),
        ("claimed!.zip", claimed),
    ];
    let mut seen = 0;
    for (path, bytes) in files {
        let batch = import(vec![(path, bytes.clone())]);
        assert!(batch.columns.len() > 3, "{path}");
        for row in 0..batch.columns.len() {
            let part = &batch.tables.parts[batch.columns.part[row] as usize];
            let source = &batch.tables.sources[part.source as usize];
            let at = Position::unpack(batch.columns.position[row]).offset;
            let again = reread(bytes.clone(), &source.path, &part.entry, &source.encoding, at, 40).unwrap();
            let text = String::from_utf8(again).unwrap();
            let begins = if source.format == "slack" { "{" } else { "12/03/2026, 09:1" };
            assert!(text.starts_with(begins) || text.starts_with("13/03/2026, 10:00"), "{} {} at {at}: {text}", source.path, part.entry);
            seen += 1;
        }
    }
    assert!(seen > 25, "{seen}");
}

/// Many small files, one by one and in an archive: the same messages. Durations are for those who look (`--nocapture`); a debug
/// build takes fewer.
#[test]
fn thousands_of_small_mails_are_read_alike_in_both_ways() {
    let count = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
    let mails: Vec<(String, Vec<u8>)> = (0..count).map(|n| (format!("inbox/{n}.eml"), MAIL.replace("<1@", &format!("<{n}@")).into_bytes())).collect();
    let given = mails.iter().map(|(path, bytes)| (path.as_str(), Rc::new(bytes.clone()) as Shared)).collect();
    let begun = std::time::Instant::now();
    let files = import(given);
    println!("{count} mails as files: {:?}", begun.elapsed());
    let members: Vec<Member> = mails.iter().map(|(path, bytes)| Member::deflated(path, bytes)).collect();
    let bytes = zip(&members);
    let begun = std::time::Instant::now();
    let packed = one("mails.zip", bytes);
    println!("{count} mails in an archive: {:?}", begun.elapsed());
    assert_eq!((files.columns.len(), packed.columns.len()), (count, count));
    assert!(files.tables.sources.iter().chain(&packed.tables.sources).all(|s| s.error.is_none() && s.messages == 1));
    let ids = |batch: &Batch| {
        let mut ids: Vec<_> = (0..batch.ids.len()).map(|n| batch.ids.get(n as u32).to_vec()).collect();
        ids.sort();
        (ids, batch.columns.time.clone(), batch.columns.hash.clone())
    };
    assert_eq!(ids(&files), ids(&packed));
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        out.append_data(&mut header, name, *bytes).unwrap();
    }
    out.into_inner().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn packed_tars_are_read_like_zips_and_lead_back_to_their_records() {
    let inner = gz(&tar(&[("mail/1.eml", MAIL.as_bytes()), ("logo.png", b"\x89PNG")]));
    let long = long_chat(3000);
    let outer = gz(&tar(&[("chats/WhatsApp Chat with Ana.txt", CHAT.as_bytes()), ("inner.tgz", &inner), ("big.txt.gz", &gz(long.as_bytes()))]));
    let batch = one("export.tar.gz", outer.clone());
    let paths: Vec<_> = batch.tables.sources.iter().map(|s| (s.path.as_str(), s.messages)).collect();
    assert_eq!(
        paths,
        [
            ("export.tar.gz!chats/WhatsApp Chat with Ana.txt", 3),
            ("export.tar.gz!inner.tgz!mail/1.eml", 1),
            ("export.tar.gz!inner.tgz", 0),
            ("export.tar.gz!big.txt.gz!big.txt", source(&batch, "export.tar.gz!big.txt.gz!big.txt").messages),
        ]
    );
    assert!(paths[3].1 > 2900);
    // Every record is found again through all of it.
    let c = &batch.columns;
    let mut looked = 0;
    for row in (0..c.len()).step_by(97) {
        let part = &batch.tables.parts[c.part[row] as usize];
        let source = &batch.tables.sources[part.source as usize];
        let at = Position::unpack(c.position[row]).offset;
        let text = reread(Rc::new(outer.clone()), &source.path, &part.entry, &source.encoding, at, 40).unwrap();
        let whole = if source.path.ends_with("eml") {
            MAIL
        } else if source.path.contains("big") {
            &long
        } else {
            CHAT
        };
        assert!(whole.as_bytes()[at as usize..].starts_with(&text), "{}", source.path);
        looked += 1;
    }
    assert!(looked > 20);
}

#[test]
fn a_cut_tar_keeps_what_it_holds_and_says_what_it_lacks() {
    let whole = tar(&[("a.txt", CHAT.as_bytes()), ("b.eml", MAIL.as_bytes())]);
    // Cut before the second header, and within the second member.
    let batch = one("x.tar", whole[..1100].to_vec());
    assert_eq!(source(&batch, "x.tar!a.txt").messages, 3);
    assert_eq!(skipped(source(&batch, "x.tar"), SkipReason::UnreadableMember), 1);
    assert!(notice(source(&batch, "x.tar"), "archive_cut").is_some());
    let batch = one("x.tar", whole[..1536 + 100].to_vec());
    assert!(error(source(&batch, "x.tar!b.eml")).contains("ends early"), "{}", error(source(&batch, "x.tar!b.eml")));
    let batch = one("x.tgz", gz(&whole)[..200].to_vec());
    assert!(batch.tables.sources.iter().any(|s| s.error.is_some() || skipped(s, SkipReason::UnreadableMember) > 0));
    let batch = one("x.gz", gz(b"")[..9].to_vec());
    assert!(error(&batch.tables.sources[0]).contains("damaged"), "{}", error(&batch.tables.sources[0]));
}

#[test]
fn archives_of_another_writer_are_read() {
    use ::zip::write::{SimpleFileOptions, ZipWriter};
    let stored = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Stored);
    let deflated = SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Deflated);
    // Zip64 sizes in the entries.
    let mut large = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, options) in [("a.eml", stored), ("ü/b.eml", deflated)] {
        large.start_file(name, options.large_file(true)).unwrap();
        large.write_all(MAIL.as_bytes()).unwrap();
    }
    let large = large.finish().unwrap().into_inner();
    // Sizes behind the data, as a writer has to put them that cannot go back.
    let mut streamed = ZipWriter::new_stream(Vec::new());
    streamed.start_file("c.eml", deflated).unwrap();
    streamed.write_all(MAIL.as_bytes()).unwrap();
    let streamed = streamed.finish().unwrap().into_inner();
    // A directory of more members than the old end record can count, behind other bytes.
    let mut many = ZipWriter::new(io::Cursor::new(Vec::new()));
    for n in 0..65_600 {
        many.start_file(format!("{n}.jpg"), stored).unwrap();
    }
    many.start_file("d.eml", stored).unwrap();
    many.write_all(MAIL.as_bytes()).unwrap();
    let many = many.finish().unwrap().into_inner();
    assert!(many.windows(4).any(|w| w == b"PK\x06\x06"), "this is to be a zip64 archive");
    let mut moved = b"MZ".to_vec();
    moved.resize(5000, 0);
    moved.extend_from_slice(&many);
    for (bytes, names) in [(large, &["a.eml", "ü/b.eml"][..]), (streamed, &["c.eml"]), (many, &["d.eml"]), (moved, &["d.eml"])] {
        let batch = one("x.zip", bytes);
        for name in names {
            assert_eq!(source(&batch, &format!("x.zip!{name}")).messages, 1, "{name}");
        }
    }
}
