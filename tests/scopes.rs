//! Answers to another scope rest on what the answers before have read off the dataset; they are the same as those of a workbench
//! that was never asked before, whatever was asked or changed in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::rc::Rc;

use retention_audit::import::{self, Given, Options};
use retention_audit::model::matter::{Matter, Scope};
use retention_audit::model::{Answers, Batch};
use retention_audit::sample;
use retention_audit::time;
use retention_audit::workbench::{Workbench, lists};

fn firm() -> (Vec<Batch>, Matter) {
    let (mut batches, mut matter) = (Vec::new(), Matter::default());
    for file in sample::firm(1, 8_000).files().into_iter().filter(|f| f.path != "truth.json") {
        match lists::kind(&file.path, &file.bytes[..file.bytes.len().min(16 << 10)]) {
            Some(kind) => lists::add(&mut matter, kind, &file.path, &file.bytes).unwrap(),
            None => batches.push(import::read_all(vec![Given { path: file.path, bytes: Rc::new(file.bytes), modified: None }], Options::default())),
        }
    }
    (batches, matter)
}

fn workbench(batches: &[Batch], matter: &Matter) -> Workbench {
    let mut workbench = Workbench::default();
    for (id, batch) in (0u32..).zip(batches) {
        workbench.put(id, batch.clone());
    }
    workbench.set_matter(matter.clone());
    workbench
}

fn same(kept: &Answers, fresh: &Answers, what: &str) {
    let [kept, fresh] = [kept, fresh].map(|a| serde_json::to_string(a).unwrap());
    assert_eq!(kept, fresh, "{what}");
}

#[test]
fn what_was_asked_before_does_not_show_in_an_answer() {
    let (batches, matter) = firm();
    let mut asked = workbench(&batches, &matter);
    let all = asked.answer(&Scope::default());
    let at = |share: i32| {
        let (first, last) = (&all.channels.over_time.first().unwrap().week, time::parse_day(&all.scope.as_of.clone().unwrap()).unwrap());
        let year: i32 = first[..4].parse().unwrap();
        let first = time::day_of(year, 1, 1).unwrap();
        Some(first + (last - first) * share / 8)
    };
    let channels = |slugs: &[&str]| slugs.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let scopes = [
        Scope { from: at(4), ..Scope::default() },
        Scope { to: at(6), ..Scope::default() },
        Scope { channels: channels(&["whatsapp", "email"]), ..Scope::default() },
        Scope { as_of: at(7), ..Scope::default() },
        Scope { from: at(3), to: at(5), as_of: at(7), channels: channels(&["slack"]) },
        Scope::default(),
    ];
    for scope in &scopes {
        same(&asked.answer(scope), &workbench(&batches, &matter).answer(scope), &format!("{scope:?}"));
    }
    // Lists and files that change in between count.
    let mut without = matter.clone();
    without.clients = None;
    asked.set_matter(without.clone());
    same(&asked.answer(&scopes[0]), &workbench(&batches, &without).answer(&scopes[0]), "without clients");
    asked.remove(0);
    let mut fewer = workbench(&batches, &without);
    fewer.remove(0);
    same(&asked.answer(&scopes[0]), &fewer.answer(&scopes[0]), "without the first file");
    let person = &all.coverage[0];
    assert_eq!(asked.daily(&scopes[3], &person.person, &person.channel), fewer.daily(&scopes[3], &person.person, &person.channel));
}
