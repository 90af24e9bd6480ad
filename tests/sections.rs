//! One file read in sections by several readers is the batch of one reader, byte for byte: wherever it is cut, whatever stands there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proptest::prelude::*;
use retention_audit::import::bytes::{RandomAccess, Shared};
use retention_audit::import::section::{self, Read, Section};
use retention_audit::import::{FORMATS, Given, Options, read_all};
use retention_audit::model::Batch;
use retention_audit::model::ledger::Basis;
use retention_audit::sample::corpus;
use retention_audit::workbench::merge::merge;

/// Bytes that come a few at a time, so that windows stand elsewhere.
struct Drops(Rc<Vec<u8>>, usize);

impl RandomAccess for Drops {
    fn len(&self) -> u64 {
        self.0.as_slice().len() as u64
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let n = buf.len().min(self.1);
        self.0.read_at(offset, &mut buf[..n])
    }
}

fn given(bytes: &Rc<Vec<u8>>, drop: usize) -> Given {
    let bytes: Shared = Rc::new(Drops(bytes.clone(), drop));
    Given { path: "mail/All!mail.mbox".to_owned(), bytes, modified: Some(1_900_000_000_000_000) }
}

fn whole(bytes: &Rc<Vec<u8>>, options: &Options) -> Batch {
    read_all(vec![given(bytes, usize::MAX)], options.clone())
}

/// Reads the sections between these places, the last one first, and sends each through its bytes.
fn in_sections(bytes: &Rc<Vec<u8>>, cuts: &[u64], options: &Options, drop: usize) -> Option<Batch> {
    let len = bytes.as_slice().len() as u64;
    let mut places: Vec<u64> = cuts.iter().map(|c| c % (len + 1)).chain([0, len]).collect();
    places.sort_unstable();
    let sections = places.windows(2).map(|p| Section { from: p[0], to: p[1] });
    let reads = sections.rev().map(|s| section::read(&given(bytes, drop), s, options));
    let reads: Option<Vec<Read>> = reads.map(|r| r.map(|r| Read::from_bytes(&r.to_bytes()).unwrap())).collect();
    section::join(reads?, options)
}

fn assert_same(bytes: &Rc<Vec<u8>>, cuts: &[u64], options: &Options, drop: usize) {
    let one = whole(bytes, options);
    let many = in_sections(bytes, cuts, options, drop).unwrap_or_else(|| panic!("not joined: cut at {cuts:?}"));
    assert_eq!(many.tables, one.tables, "cut at {cuts:?}");
    assert!(many == one && many.to_bytes() == one.to_bytes(), "cut at {cuts:?}");
    for source in &many.tables.sources {
        assert_eq!(source.remainder(), 0);
    }
    assert_eq!(merge(&[&many], "UTC").sources, merge(&[&one], "UTC").sources);
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// `n - 1` places in a file, some of them at borders.
fn places(bytes: &[u8], n: usize, seed: usize) -> Vec<u64> {
    let borders: Vec<usize> = memchr::memmem::find_iter(bytes, b"\nFrom ").collect();
    let place = |k: usize| match (k + seed) % 3 {
        0 if !borders.is_empty() => borders[(seed * 7 + k * 13) % borders.len()] + (seed + k) % 4,
        _ => (seed * 7919 + k * 104_729) % (bytes.len() + 1),
    };
    (1..n).map(|k| place(k) as u64).collect()
}

#[test]
fn every_mailbox_fixture_reads_the_same_in_sections() {
    let (mut cut, mut refused) = (0, Vec::new());
    for path in files(Path::new("tests/formats/mbox")) {
        let bytes = Rc::new(std::fs::read(&path).unwrap());
        if section::read(&given(&bytes, usize::MAX), Section { from: 0, to: 1 }, &Options::default()).is_none() {
            refused.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            continue;
        }
        cut += 1;
        for n in [1, 2, 3, 4, 7] {
            for seed in 0..6 {
                assert_same(&bytes, &places(&bytes, n, seed), &Options::default(), usize::MAX);
            }
        }
    }
    assert!(cut >= 8, "{cut} mailboxes were cut");
    // Mailboxes that state the lengths of their mails, and one without a first line.
    for name in &refused {
        let bytes = std::fs::read(files(Path::new("tests/formats/mbox")).into_iter().find(|p| p.ends_with(name)).unwrap()).unwrap();
        let stated = memchr::memmem::find(&bytes[..bytes.len().min(2000)], b"Content-Length").is_some();
        assert!(stated, "{name} was not cut");
    }
}

#[test]
fn made_up_mailboxes_read_the_same_in_sections() {
    let kind = corpus::CORPORA.iter().find(|c| c.format == "mbox").unwrap();
    let mut bytes = Vec::new();
    kind.write(300, 7, &mut bytes).unwrap();
    let bytes = Rc::new(bytes);
    assert!(bytes.as_slice().len() > 1 << 20, "several windows");
    for n in [2, 7] {
        for options in
            [Options::default(), Options { owner: Some("Stated@Firm.example".to_owned()), zone: Some("Europe/London".to_owned()), ..Options::default() }]
        {
            assert_same(&bytes, &places(&bytes, n, n), &options, usize::MAX);
        }
    }
}

#[test]
fn planned_sections_cover_a_file_once() {
    struct Sparse(u64, Vec<u8>);
    impl RandomAccess for Sparse {
        fn len(&self) -> u64 {
            self.0
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            self.1.read_at(offset, buf)
        }
    }
    let mail = b"From a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: a@b\n\nx\n".to_vec();
    let plan = |len: u64, top: &[u8], most: usize| {
        section::plan(&Given { path: "a.mbox".to_owned(), bytes: Rc::new(Sparse(len, top.to_vec())), modified: None }, &Options::default(), most)
    };
    assert_eq!(plan(section::LARGE - 1, &mail, 4), []);
    assert_eq!(plan(section::LARGE, &mail, 1), []);
    assert_eq!(plan(section::LARGE, &mail, 4).len(), 2);
    assert_eq!(plan(section::LARGE, b"{\"timestamp\":\"2024-01-01T10:00:00Z\",\"sender\":\"a\",\"text\":\"x\"}\n", 4), []);
    assert_eq!(plan(section::LARGE, &[&mail[..34], b"Content-Length: 2\n", &mail[34..]].concat(), 4), []);
    let sections = plan((5 << 30) + 7, &mail, 4);
    assert_eq!((sections.len(), sections[0].from, sections[3].to), (4, 0, (5 << 30) + 7));
    assert!(sections.windows(2).all(|p| p[0].to == p[1].from && p[0].from < p[0].to));
}

#[test]
fn what_needs_the_whole_file_is_told_of_the_whole() {
    // Forty mails of one owner; the answer to an absent mail stands far behind those that name what is held.
    let mut mbox = String::new();
    for n in 0..40 {
        let (from, to) = if n % 2 == 0 { ("ana@firm.example", "ben@client.example") } else { ("ben@client.example", "ana@firm.example") };
        let references = if n == 39 { "References: <m0@x> <gone@x> <m38@x>\nIn-Reply-To: <m38@x>\n" } else { "" };
        mbox.push_str(&format!(
            "From x Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:{n:02}:00 +0000\nFrom: {from}\nTo: {to}\nDelivered-To: ana@firm.example\nMessage-ID: <m{n}@x>\n\
             {references}Subject: s\n\nsee https://d{n}.example and https://d{}.example\n\n",
            n % 9
        ));
    }
    let bytes = Rc::new(mbox.into_bytes());
    let batch = whole(&bytes, &Options::default());
    let source = &batch.tables.sources[0];
    assert_eq!(source.owner.as_ref().map(|o| (o.value.as_str(), o.basis)), Some(("ana@firm.example", Basis::Proven)));
    assert_eq!(batch.tables.statements.len(), 1, "{:?}", batch.tables.statements);
    for n in [2, 3, 4, 7] {
        for seed in 0..8 {
            assert_same(&bytes, &places(&bytes, n, seed), &Options::default(), usize::MAX);
        }
    }
}

#[test]
fn a_body_that_deceives_a_reader_is_never_joined_wrongly() {
    // The second mail states its length: the separator in its body is text. A reader that begins before it in the body takes it for one.
    let inner = "x\n\nFrom a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: inner@b\n\ninner\n";
    let head = "Date: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: a@b\n";
    let from = "From a@b Mon Mar  4 10:00:00 2019\n";
    let mbox = format!("{from}{head}\nfirst\n\n{from}{head}Content-Length: {}\n\n{inner}\n{from}{head}\nlast\n", inner.len());
    let bytes = Rc::new(mbox.into_bytes());
    let one = whole(&bytes, &Options::default());
    assert_eq!(one.columns.len(), 3);
    let (mut same, mut apart) = (0, 0);
    for cut in 0..bytes.as_slice().len() as u64 {
        match in_sections(&bytes, &[cut], &Options::default(), usize::MAX) {
            Some(many) => {
                assert_eq!(many, one, "cut at {cut}");
                same += 1;
            }
            None => apart += 1,
        }
    }
    assert!(same > 100 && apart > 0, "{same} joined, {apart} not");
}

#[test]
fn sections_that_do_not_belong_together_are_not_joined() {
    let bytes = Rc::new(std::fs::read(files(Path::new("tests/formats/mbox")).into_iter().find(|p| p.to_str().unwrap().contains("journal")).unwrap()).unwrap());
    let len = bytes.as_slice().len() as u64;
    let read = |from, to| section::read(&given(&bytes, usize::MAX), Section { from, to }, &Options::default()).unwrap();
    let options = Options::default();
    assert!(section::join(vec![read(0, len)], &options).is_some());
    for sections in [vec![], vec![read(1, len)], vec![read(0, len / 2)], vec![read(0, 9), read(10, len)], vec![read(0, len), read(0, len)]] {
        assert!(section::join(sections, &options).is_none());
    }
    let sent = read(0, len).to_bytes();
    for cut in (0..sent.len()).step_by(7) {
        assert!(Read::from_bytes(&sent[..cut]).is_none(), "cut at {cut}");
    }
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_is_left_to_one_reader() {
    struct Torn(Rc<Vec<u8>>, u64);
    impl RandomAccess for Torn {
        fn len(&self) -> u64 {
            self.0.as_slice().len() as u64
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
            if offset >= self.1 {
                return Err(io::Error::other("gone"));
            }
            let n = buf.len().min((self.1 - offset) as usize);
            self.0.read_at(offset, &mut buf[..n])
        }
    }
    let mut bytes = Vec::new();
    corpus::CORPORA.iter().find(|c| c.format == "mbox").unwrap().write(60, 3, &mut bytes).unwrap();
    let len = bytes.len() as u64;
    let given = Given { path: "a.mbox".to_owned(), bytes: Rc::new(Torn(Rc::new(bytes), len - 10)), modified: None };
    assert!(section::read(&given, Section { from: len / 2, to: len }, &Options::default()).is_none());
}

#[test]
fn only_formats_that_say_so_are_cut() {
    let cut: Vec<&str> = FORMATS.iter().filter(|f| f.cut().is_some()).map(|f| f.about().id).collect();
    assert_eq!(cut, ["mbox"]);
}

#[test]
fn an_empty_record_at_the_end_is_the_same_however_its_bytes_come() {
    let from = "From a@b Mon Mar  4 10:00:00 2019\n";
    for tail in ["", "\n", "\n\n\n", " \n \n", "\n\nFrom a@b Mon Mar  4 10:00:00 2019\n\n\n"] {
        let bytes = Rc::new(format!("{from}Date: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: a@b\n\n{}\n\n{from}{tail}", "x\n".repeat(9000)).into_bytes());
        let one = whole(&bytes, &Options::default());
        for drop in [1023, 4096, 9001] {
            assert!(read_all(vec![given(&bytes, drop)], Options::default()) == one, "{tail:?} by {drop}");
            assert_same(&bytes, &[9000, 18_000], &Options::default(), drop);
        }
    }
}

// --- hostile mailboxes -------------------------------------------------------------------------------------------

/// What a mail of a hostile mailbox is.
#[derive(Debug, Clone)]
enum Mail {
    /// Ordinary: sender, recipient, answered mail.
    Plain(u8, u8, Option<u8>),
    /// A body with lines that look like separators, and one that is one.
    Lines(u8),
    /// One line of so many kilobytes.
    Long(u16),
    /// Text, HTML and an attachment of so many kilobytes.
    Parts(u16, u8),
    /// A record of a chat kept as a mail.
    Carried(u8),
    /// A journal report.
    Journal(u8),
    /// No date, no header, a draft, nothing at all.
    Odd(u8),
    /// A header block of so many kilobytes.
    Heavy(u16),
    /// States a length, true or not, over a body with a separator.
    Stated(bool),
    /// Many mentions of domains, a card number, an address for delivery.
    Signs(u8),
}

fn mail() -> impl Strategy<Value = Mail> {
    prop_oneof![
        8 => (any::<u8>(), any::<u8>(), proptest::option::of(any::<u8>())).prop_map(|(a, b, c)| Mail::Plain(a % 12, b % 12, c.map(|c| c % 30))),
        3 => any::<u8>().prop_map(Mail::Lines),
        1 => (1u16..90).prop_map(Mail::Long),
        2 => (0u16..90, any::<u8>()).prop_map(|(n, k)| Mail::Parts(n, k)),
        2 => any::<u8>().prop_map(Mail::Carried),
        1 => any::<u8>().prop_map(Mail::Journal),
        3 => any::<u8>().prop_map(Mail::Odd),
        1 => prop_oneof![9 => 1u16..70, 1 => 500u16..600].prop_map(Mail::Heavy),
        4 => any::<u8>().prop_map(Mail::Signs),
    ]
}

fn text_of(kilobytes: usize, salt: usize) -> String {
    let mut out = String::new();
    let mut n = salt;
    while out.len() < kilobytes << 10 {
        n = n.wrapping_mul(31) + 7;
        match n % 5 {
            0 => out.push_str("the invoice for card 4111 1111 1111 1111 is\n attached\n"),
            1 => out.push_str("see https://acme.example/x or call +49 30 1234567, password:\nhunter2secret\n"),
            2 => out.push_str("--not a boundary\nFrom here we go on\n>From there too\n"),
            3 => out.push_str(&format!("--b{}{}\n", n % 3, "x".repeat(n % 1500))),
            _ => out.push_str("Grüße, 東京 lunch tomorrow?\n\n"),
        }
    }
    out
}

fn write(out: &mut String, n: usize, mail: &Mail, undated: bool) {
    let minute = n % 60;
    let separator = if undated { "From someone@x.example\n".to_owned() } else { format!("From a@x.example Mon Mar  4 10:{minute:02}:00 2019\n") };
    out.push_str(&separator);
    let date = format!("Date: Mon, 4 Mar 2019 {:02}:{minute:02}:00 +0000\n", 10 + n / 60 % 10);
    let who = |a: u8, b: u8| format!("From: \"Person {a}\" <p{a}@firm.example>\nTo: p{b}@client{}.example, P{a}@Firm.example\n", b % 3);
    let id = format!("Message-ID: <m{n}@x>\nSubject: s\n");
    match mail {
        Mail::Plain(a, b, parent) => {
            let parent = parent.map_or(String::new(), |p| format!("In-Reply-To: <m{p}@x>\nReferences: <m0@x> <gone{}@x> <m{p}@x>\n", p % 4));
            out.push_str(&format!("{date}{}{id}{parent}\nhello {n}\n\n", who(*a, *b)));
        }
        Mail::Lines(k) => {
            out.push_str(&format!("{date}{}{id}\nFrom here on\n\nFrom nowhere Mon\n>From a@x Mon Mar  4 10:00:00 2019\nX: y\n\n", who(k % 5, 1)));
            if k % 2 == 0 {
                out.push_str("From b@x Mon Mar  4 10:00:00 2019\nno header at all\n\n");
            }
        }
        Mail::Long(kilobytes) => out.push_str(&format!("{date}{}{id}\n{}\n\n", who(1, 2), "word ".repeat(usize::from(*kilobytes) * 200))),
        Mail::Parts(kilobytes, k) => {
            let boundary = format!("b{}", k % 3);
            let text = text_of(usize::from(*kilobytes) / (1 + usize::from(k % 7)), n);
            out.push_str(&format!(
                "{date}{}{id}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"{boundary}\"\n\npreface\n--{boundary}\n\n{text}\n",
                who(2, 3)
            ));
            out.push_str(&format!("--{boundary}\nContent-Type: text/html; charset=utf-8\n\n<p>{text}</p>\n--{boundary}\nContent-Type: application/zip\nContent-Transfer-Encoding: base64\n\n"));
            for _ in 0..usize::from(*kilobytes) * 13 {
                out.push_str("UEsDBBQAAAAIAAUEsDBBQAAAAIAAUEsDBBQAAAAIAAUEsDBBQAAAAIAAUEsDBBQAAAAIAAUEs\n");
            }
            // Sometimes not closed.
            if k % 4 > 0 {
                out.push_str(&format!("--{boundary}--\n"));
            }
            out.push('\n');
        }
        Mail::Carried(k) => {
            let phone = 15_550_100_100u64 + u64::from(k % 4);
            out.push_str(&format!("{date}From: {phone}@gateway.example\nTo: p1@firm.example\nSubject: WhatsApp message from {phone}\n\nhi {n}\n\n"));
        }
        Mail::Journal(k) => {
            out.push_str(&format!(
                "{date}From: journal@firm.example\nX-MS-Journal-Report:\nContent-Type: multipart/mixed; boundary=j\n\n--j\n\nSender: p{}@firm.example\nMessage-Id: <j{n}@x>\n\
                 To: q{k}@client.example\nTo: r@client.example, Expanded: all@firm.example\n\n--j\nContent-Type: message/rfc822\n\n{date}{}Message-ID: <j{n}@x>\n\ninner\n--j--\n\n",
                k % 6,
                who(k % 6, 2)
            ));
        }
        Mail::Odd(0..40) => out.push_str("no header here\n\n"),
        Mail::Odd(40..80) => out.push_str(&format!("{}{id}\nno date\n\n", who(1, 2))),
        Mail::Odd(80..120) => out.push_str(&format!("{date}{}X-Gmail-Labels: Drafts\nX-GM-THRID: {}\n\ndraft\n\n", who(1, 2), n % 4)),
        Mail::Odd(120..160) => out.push_str(&format!("{date}{}X-Gmail-Labels: Chat,Sent\nX-GM-THRID: {}\n\nchat\n\n", who(1, 2), n % 4)),
        Mail::Odd(160..200) => out.push_str("\n\n\n"),
        Mail::Odd(_) => out.push_str(&format!("Date: Mon, 4 Mar 1970 10:00:00 +0000\n{}{id}\nold\n", who(3, 4))),
        Mail::Heavy(kilobytes) => out.push_str(&format!("{date}{}X-Long: {}\n{id}\nbody\n\n", who(1, 2), "x: y\n\t".repeat(usize::from(*kilobytes) * 170))),
        Mail::Stated(honest) => {
            let inner = "x\n\nFrom a@b Mon Mar  4 10:00:00 2019\nDate: Mon, 4 Mar 2019 10:00:00 +0000\nFrom: inner@b\n\ninner\n";
            let len = inner.len() + if *honest { 0 } else { 3 };
            out.push_str(&format!("{date}{}Content-Length: {len}\n{id}\n{inner}\n", who(4, 5)));
        }
        Mail::Signs(k) => {
            let domains: String = (0..k % 12).map(|d| format!("https://d{}.example ", (u16::from(d) + u16::from(*k)) % 20)).collect();
            let parent = format!("In-Reply-To: <m{}@x>\n", k % 5);
            out.push_str(&format!("{date}{}Delivered-To: p{}@firm.example\n{id}{parent}\n{domains}\n4111 1111 1111 1111\n\n", who(k % 7, 3), k % 3));
        }
    }
}

fn mailbox(mails: &[Mail], crlf: bool, undated: bool, end: u16) -> Rc<Vec<u8>> {
    let mut out = String::new();
    // The first mail is ordinary: a mailbox is known by it.
    write(&mut out, 0, &Mail::Plain(1, 2, None), undated);
    for (n, mail) in mails.iter().enumerate() {
        write(&mut out, n + 1, mail, undated);
    }
    if crlf {
        out = out.replace('\n', "\r\n");
    }
    let mut bytes = out.into_bytes();
    // Cut off somewhere in the last mails, or without its last line end, or as it is.
    let cut = match end {
        0..100 => 0,
        100..200 => 1,
        other => usize::from(other) % 700,
    };
    bytes.truncate(bytes.len().saturating_sub(cut).max(300));
    Rc::new(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn hostile_mailboxes_read_the_same_in_sections(
        mails in proptest::collection::vec(mail(), 0..24),
        crlf in any::<bool>(), undated in proptest::bool::weighted(0.2), end in 0u16..1000,
        cuts in proptest::collection::vec(any::<u64>(), 6), at_borders in any::<usize>(), drop in prop_oneof![Just(usize::MAX), Just(9973), Just(70_001)],
    ) {
        let bytes = mailbox(&mails, crlf, undated, end);
        let one = whole(&bytes, &Options::default());
        for n in [1, 2, 3, 4, 7] {
            let cuts = if n % 2 == 0 { cuts[..n - 1].to_vec() } else { places(&bytes, n, at_borders % 100_000) };
            let many = in_sections(&bytes, &cuts, &Options::default(), drop);
            prop_assert!(many.as_ref() == Some(&one), "cut at {cuts:?}: {:?}\n{:?}", many.map(|m| m.tables), one.tables);
        }
    }

    #[test]
    fn mails_that_state_lengths_are_joined_right_or_not_at_all(
        mails in proptest::collection::vec(prop_oneof![mail(), any::<bool>().prop_map(Mail::Stated)], 1..20),
        crlf in any::<bool>(), cuts in proptest::collection::vec(any::<u64>(), 3),
    ) {
        let bytes = mailbox(&mails, crlf, false, 0);
        let one = whole(&bytes, &Options::default());
        if let Some(many) = in_sections(&bytes, &cuts, &Options::default(), usize::MAX) {
            prop_assert!(many == one);
        }
    }

    #[test]
    fn however_bytes_come_a_mailbox_reads_the_same(
        mails in proptest::collection::vec(mail(), 0..12), crlf in any::<bool>(), drop in prop_oneof![Just(1021usize), Just(4096), Just(65_537), Just(300_000)],
    ) {
        let bytes = mailbox(&mails, crlf, false, 0);
        let one = whole(&bytes, &Options::default());
        let other = read_all(vec![given(&bytes, drop)], Options::default());
        prop_assert!(one == other);
    }
}
