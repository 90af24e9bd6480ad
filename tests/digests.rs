//! Digests come before, between or after the batches: the answers are the same bytes, and what is merged is not merged again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use proptest::prelude::*;
use retention_audit::import::{self, Given, Options};
use retention_audit::model::matter::{Matter, Scope};
use retention_audit::model::{Answers, Batch};
use retention_audit::sample;
use retention_audit::workbench::{Workbench, lists};

/// A made-up digest.
fn digest(of: u32) -> String {
    format!("{:064x}", of.wrapping_mul(2_654_435_761))
}

fn read(path: &str, text: &str) -> Batch {
    import::read_all(vec![Given { path: path.to_owned(), bytes: Rc::new(text.as_bytes().to_vec()), modified: None }], Options::default())
}

fn firm() -> (Vec<(u32, Batch)>, Matter) {
    let (mut batches, mut matter) = (Vec::new(), Matter::default());
    for (id, file) in (0u32..).zip(sample::firm(1, 8_000).files().into_iter().filter(|f| f.path != "truth.json")) {
        match lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            Some(kind) => lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap(),
            None => batches.push((id, import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default()))),
        }
    }
    (batches, matter)
}

/// Where the rows lie in memory: another place after another merge.
fn merged(workbench: &mut Workbench) -> *const i64 {
    workbench.dataset().columns.time.as_ptr()
}

#[test]
fn digests_that_come_late_are_put_in_place() {
    let (batches, matter) = firm();
    let scope = matter.scope.clone();
    let (mut early, mut late, mut mixed) = (Workbench::default(), Workbench::default(), Workbench::default());
    for workbench in [&mut early, &mut late, &mut mixed] {
        workbench.set_matter(matter.clone());
    }
    for (id, batch) in &batches {
        early.set_digest(*id, &digest(*id));
        early.put(*id, batch.clone());
        late.put(*id, batch.clone());
    }
    let with = early.answer(&scope);
    let mut answers = late.answer(&scope);
    assert_ne!(serde_json::to_string(&answers).unwrap(), serde_json::to_string(&with).unwrap());
    let before = merged(&mut late);
    for (id, _) in batches.iter().rev() {
        late.set_digest(*id, &digest(*id));
    }
    late.answer_again(&scope, &mut answers);
    assert_eq!(serde_json::to_string(&answers).unwrap(), serde_json::to_string(&with).unwrap());
    assert_eq!(merged(&mut late), before, "merged again for nothing");

    // Every second digest before its batch, the batches backwards.
    for (n, (id, batch)) in batches.iter().enumerate().rev() {
        if n % 2 == 0 {
            mixed.set_digest(*id, &digest(*id));
        }
        mixed.put(*id, batch.clone());
    }
    let mut answers = mixed.answer(&scope);
    for (id, _) in &batches {
        mixed.set_digest(*id, &digest(*id));
    }
    mixed.answer_again(&scope, &mut answers);
    assert_eq!(serde_json::to_string(&answers).unwrap(), serde_json::to_string(&with).unwrap());

    // Another question is answered, not patched.
    let other = Scope { to: Some(20_000), ..scope };
    late.answer_again(&other, &mut answers);
    assert_eq!(serde_json::to_string(&answers).unwrap(), serde_json::to_string(&early.answer(&other)).unwrap());
}

#[test]
fn a_batch_file_keeps_the_digests_of_its_exports() {
    let mut first = Workbench::default();
    first.put(0, read("_chat.txt", "[01/02/26, 10:00:00] Ada: hello\r\n[13/02/26, 10:00:00] Bo: yes\r\n"));
    first.set_digest(0, &digest(0));
    let mut second = Workbench::default();
    second.put(5, first.joined());
    second.set_digest(5, &digest(5));
    assert_eq!(second.dataset().sources[0].sha256, digest(0));
}

/// Files of one path, size, count and first record, that only their digests tell apart; one of another path.
fn twins() -> Vec<Batch> {
    let chat = |text: &str| format!("[13/02/26, 10:00:00] Ada: {text}\r\n[13/02/26, 10:00:05] Bo: yes\r\n[13/02/26, 10:00:06] Bo: {text}\r\n");
    ["one", "two", "six"].iter().map(|t| read("_chat.txt", &chat(t))).chain([read("other.txt", &chat("ten"))]).collect()
}

fn bytes(workbench: &mut Workbench, answers: &Answers) -> (String, Vec<u32>) {
    (serde_json::to_string(answers).unwrap(), workbench.dataset().columns.hash.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_order_in_which_digests_and_batches_come_does_not_matter(
        steps in Just((0..8u32).collect::<Vec<_>>()).prop_shuffle(),
        asks in proptest::collection::vec(any::<bool>(), 8),
    ) {
        let (batches, scope) = (twins(), Scope::default());
        let mut straight = Workbench::default();
        for (id, batch) in (0u32..).zip(&batches) {
            straight.put(id, batch.clone());
            straight.set_digest(id, &digest(id + 1));
        }
        let wanted = straight.answer(&scope);
        let wanted = bytes(&mut straight, &wanted);

        let (mut workbench, mut answers) = (Workbench::default(), Answers::default());
        for (step, ask) in steps.iter().zip(&asks) {
            let id = step % 4;
            if *step < 4 {
                workbench.put(id, batches[id as usize].clone());
            } else {
                workbench.set_digest(id, &digest(id + 1));
            }
            if *ask {
                workbench.answer_again(&scope, &mut answers);
            }
        }
        workbench.answer_again(&scope, &mut answers);
        prop_assert_eq!(bytes(&mut workbench, &answers), wanted);
    }
}
