//! Merging: the same sources in any order and split over any number of batches give the same dataset.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use retention_audit::import::sink::{Body, Clock, Draft, Id, Sink};
use retention_audit::import::{Given, Options, read_all};
use retention_audit::model::message::ConversationKind;
use retention_audit::model::{Batch, Dataset, Flags, Position};
use retention_audit::workbench::merge::merge;

#[test]
fn reports_of_one_mail_give_one_message_with_all_its_recipients() {
    let bytes = std::fs::read("tests/formats/mbox/exchange-journal/bifurcated.mbox").unwrap();
    let given = Given { path: "a.mbox".to_owned(), bytes: std::rc::Rc::new(bytes), modified: None };
    let dataset = merge(&[&read_all(vec![given], Options::default())], "UTC");
    assert_eq!((dataset.len(), dataset.sources[0].duplicates), (1, 1));
    let set = &dataset.audiences[dataset.columns.audience[0] as usize];
    let names: Vec<&str> = set.iter().map(|h| dataset.handles[*h as usize].key.split('@').next().unwrap()).collect();
    assert_eq!(names, ["bob", "boss", "carl", "chief", "dana", "eve", "team"]);
}

/// One message of a made-up source: minute, sender, text number, mail id, reply.
type Said = (u8, u8, u8, Option<u8>, Option<u8>);

/// What is said: ordinary, about work, sensitive, and an address.
const TEXTS: [&[u8]; 4] = [b"a", b"invoice 12", b"card 4111 1111 1111 1111", b"see https://acme.example"];

fn read(path: &str, said: &[Said]) -> Batch {
    let mut sink = Sink::new(None);
    sink.open_source(path, 1, "test", "email");
    let channel = sink.channel("email");
    for (n, (minute, sender, text, id, reply)) in said.iter().enumerate() {
        let (thread, kind) = match id {
            Some(id) => (format!("m:{}", reply.unwrap_or(*id)), ConversationKind::Thread),
            None => ("chat".to_owned(), ConversationKind::Group),
        };
        let conversation = sink.conversation(channel, &thread, "", kind);
        let sender = sink.handle(channel, &format!("p{sender}"));
        let (id, reply) = (id.map(|i| format!("id{i}")), reply.map(|i| format!("id{i}")));
        let word = |w: &'_ Option<String>| w.as_ref().map(|w| w.as_bytes().to_vec());
        let (id, reply) = (word(&id), word(&reply));
        sink.record();
        sink.message(Draft {
            conversation,
            sender: Some(sender),
            time: Clock::Utc(1_700_000_000_000_000 + i64::from(*minute) * 60_000_000),
            event: None,
            flags: Flags::NONE,
            body: Body::Text(TEXTS[*text as usize % TEXTS.len()]),
            id: id.as_ref().map_or(Id::None, |i| Id::Text(i)),
            reply_to: reply.as_ref().map_or(Id::None, |i| Id::Text(i)),
            audience: None,
            position: Position::byte(n as u64),
        });
    }
    sink.close_source();
    sink.finish()
}

/// Everything a person could see of a dataset; indices of ids are replaced by their texts.
fn seen(d: &Dataset) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows: Vec<_> = (0..d.len())
        .map(|r| (d.columns.time[r], d.columns.conversation[r], d.columns.sender[r], d.columns.part[r], d.id_text(d.columns.id[r]), d.columns.hash[r]))
        .collect();
    let replies: Vec<_> = d.replies.iter().map(|(r, w)| (*r, d.id_text(*w))).collect();
    let learnt = (d.topics.clone(), d.mentions.clone(), d.sensitive.clone());
    (d.sources.clone(), d.parts.clone(), d.handles.clone(), d.conversations.clone(), d.starts.clone(), rows, replies, d.holders.clone(), learnt)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_order_of_batches_does_not_matter(sources in proptest::collection::vec(proptest::collection::vec((0u8..6, 0u8..3, 0u8..4, proptest::option::of(0u8..5), proptest::option::of(0u8..5)), 0..12), 1..4)) {
        let batches: Vec<Batch> = sources.iter().enumerate().map(|(n, s)| read(&format!("f{n}"), s)).collect();
        let forward = merge(&batches.iter().collect::<Vec<_>>(), "");
        let backward = merge(&batches.iter().rev().collect::<Vec<_>>(), "");
        prop_assert_eq!(seen(&forward), seen(&backward));
        for s in &forward.sources {
            prop_assert_eq!(s.remainder(), 0);
        }
        let mut bench = retention_audit::workbench::Workbench::default();
        for (n, batch) in batches.iter().enumerate() {
            bench.put(n as u32, batch.clone());
        }
        let joined = bench.joined();
        let again = Batch::from_bytes(&joined.to_bytes()).unwrap();
        prop_assert_eq!(&again, &joined);
        prop_assert_eq!(seen(&merge(&[&joined], "")), seen(&forward));
        let through_bytes: Vec<Batch> = batches.iter().map(|b| Batch::from_bytes(&b.to_bytes()).unwrap()).collect();
        prop_assert_eq!(seen(&merge(&through_bytes.iter().collect::<Vec<_>>(), "")), seen(&forward));
    }

    #[test]
    fn the_same_file_twice_counts_once(said in proptest::collection::vec((0u8..6, 0u8..3, 0u8..3, proptest::option::of(0u8..5), proptest::option::of(0u8..5)), 0..12)) {
        let once = merge(&[&read("a", &said)], "");
        let twice = merge(&[&read("a", &said), &read("b", &said)], "");
        prop_assert_eq!(once.len(), twice.len());
        let second = &twice.sources[1];
        prop_assert_eq!(second.messages, 0);
        prop_assert_eq!(second.duplicates, said.len() as u64);
        prop_assert_eq!(second.remainder(), 0);
        // What was learnt of the messages does not count twice either.
        prop_assert_eq!((&once.topics, &once.mentions, &once.sensitive), (&twice.topics, &twice.mentions, &twice.sensitive));
    }
}

#[test]
fn what_conversations_are_about_comes_from_their_messages() {
    let said: Vec<Said> = (0u8..4).map(|n| (n, n % 2, n, None, None)).collect();
    let d = merge(&[&read("a", &said), &read("b", &[(9, 0, 1, None, None)])], "");
    let all: Vec<_> = d.topics_of(0).iter().map(|t| (t.source, t.looked, t.business, t.documents)).collect();
    assert_eq!(all, [(0, 4, 1, 0), (1, 1, 1, 0)]);
    assert_eq!(d.mentions_of(0).iter().map(|m| (m.domain, m.count)).collect::<Vec<_>>(), [(retention_audit::text::domain_hash("acme.example"), 1)]);
    assert_eq!(d.sensitive, [(2, 1)]);
}

#[test]
fn equal_lines_of_one_minute_stay_apart_and_overlaps_fold() {
    let first = [(1, 0, 0, None, None), (1, 0, 0, None, None), (2, 1, 1, None, None)];
    let second = [(1, 0, 0, None, None), (1, 0, 0, None, None), (2, 1, 1, None, None), (3, 0, 2, None, None)];
    let d = merge(&[&read("a", &first), &read("b", &second)], "");
    assert_eq!(d.len(), 4);
    assert_eq!(d.sources[1].duplicates, 3);
    assert_eq!(d.holders.len(), 3);
}

#[test]
fn a_reply_joins_the_thread_of_what_it_answers() {
    // b answers a in another mailbox; c answers b: one conversation.
    let d = merge(&[&read("x", &[(1, 0, 0, Some(1), None)]), &read("y", &[(2, 1, 1, Some(2), Some(1))]), &read("z", &[(3, 0, 2, Some(3), Some(2))])], "");
    let c = d.columns.conversation.clone();
    assert!(c.iter().all(|v| *v == c[0]), "{c:?}");
}
