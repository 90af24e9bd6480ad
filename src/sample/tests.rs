//! The firm as a whole: same seed same bytes, files well formed, plants real.

use std::collections::BTreeSet;

use super::*;

fn text(files: &[SampleFile], path: &str) -> String {
    String::from_utf8(files.iter().find(|f| f.path == path).expect(path).bytes.clone()).unwrap()
}

#[test]
fn a_firm_is_written_the_same_way_every_time() {
    let (a, b, c) = (firm(7, 8_000).files(), firm(7, 8_000).files(), firm(8, 8_000).files());
    assert_eq!(a, b);
    assert_ne!(a, c);
    let paths: BTreeSet<&str> = a.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths.len(), a.len());
}

#[test]
fn lists_have_sixty_employees_and_two_hundred_clients() {
    let files = firm(7, 5_000).files();
    assert_eq!(text(&files, "people.csv").lines().count(), 61);
    let regions: BTreeSet<String> = text(&files, "people.csv").lines().skip(1).filter_map(|l| l.split(',').nth(11).map(str::to_owned)).collect();
    assert!(regions.len() >= 3, "{regions:?}");
    let clients = text(&files, "clients.csv");
    let companies: BTreeSet<&str> = clients.lines().skip(1).filter_map(|l| l.split(',').next()).collect();
    assert_eq!(companies.len(), 200);
    assert!(text(&files, "leave.csv").lines().count() > 150);
    let matter: toml::Table = text(&files, "matter.toml").parse().unwrap();
    assert_eq!(matter["channel"].as_array().unwrap().len(), 7);
}

#[test]
fn the_default_firm_is_small_enough_for_a_page_and_rich_enough_for_an_audit() {
    let firm = firm(DEFAULT_SEED, DEFAULT_MESSAGES);
    let files = firm.files();
    let bytes: usize = files.iter().map(|f| f.bytes.len()).sum();
    let truth = firm.truth();
    for dir in ["mail", "slack", "whatsapp", "telegram", "teams.csv", "sms.csv", "wechat.csv"] {
        let of: Vec<usize> = files.iter().filter(|f| f.path.starts_with(dir)).map(|f| f.bytes.len()).collect();
        eprintln!("{dir}: {} files, {} bytes", of.len(), of.iter().sum::<usize>());
    }
    for p in &truth.plants {
        if p.kind != "media_absent" {
            eprintln!(
                "{} {:15} {:?} {} {} {} {}bd removed {} rate {}",
                p.class, p.kind, p.custodian, p.channel, p.from, p.to, p.business_days, p.removed, p.per_day
            );
        }
    }
    eprintln!("{bytes} bytes, {} messages, {:?}", truth.messages, truth.personal_share);
    // Archives hold their members as they are.
    assert!(bytes <= 16_500_000, "{bytes}");
    assert!((50_000..70_000).contains(&truth.messages), "{}", truth.messages);
    let kinds: BTreeSet<&str> = truth.plants.iter().map(|p| p.kind.as_str()).collect();
    for kind in [
        "id_hole",
        "counter_hole",
        "parents",
        "thread_short",
        "tombstone",
        "other_copy",
        "timer",
        "late_beginning",
        "media_absent",
        "export_cap",
        "silence",
        "outage",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
    assert!(truth.plants.iter().all(|p| p.removed > 0));
    assert_eq!(truth.plants.iter().filter(|p| p.kind == "silence").count(), 8);
    assert_eq!(truth.leavers.len(), 6);
    let (first, last) = (truth.personal_share.first().unwrap().personal, truth.personal_share.last().unwrap().personal);
    assert!((0.23..0.29).contains(&first) && (0.40..0.46).contains(&last), "{first} {last}");
}

#[test]
fn every_format_is_well_formed() {
    use std::io::Read;
    let firm = firm(3, 12_000);
    let files = firm.files();
    let mut seen = BTreeSet::new();
    for file in &files {
        if file.path.ends_with(".json") {
            let value: serde_json::Value = serde_json::from_slice(&file.bytes).expect(&file.path);
            seen.insert(if value.get("chats").is_some() { "telegram" } else { "truth" });
        } else if file.path.ends_with(".zip") {
            let mut zip = ::zip::ZipArchive::new(std::io::Cursor::new(&file.bytes)).unwrap();
            let names: Vec<String> = zip.file_names().map(|n| n.unwrap().into_owned()).collect();
            for name in names.iter().filter(|n| n.ends_with(".json")) {
                let mut text = String::new();
                zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
                serde_json::from_str::<serde_json::Value>(&text).expect(name);
                seen.insert("slack");
            }
            if names.iter().any(|n| n == "_chat.txt") {
                let mut text = String::new();
                zip.by_name("_chat.txt").unwrap().read_to_string(&mut text).unwrap();
                for media in names.iter().filter(|n| n.ends_with(".jpg")) {
                    assert!(text.contains(media.as_str()), "{media}");
                }
                seen.insert("ios");
            }
        } else if file.path.ends_with(".mbox") {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            let heads = text.split("\n\n").filter(|p| p.starts_with("From ")).count();
            let ids = text.lines().filter(|l| l.starts_with("Message-ID: <")).collect::<BTreeSet<_>>();
            assert!(heads > 0 && heads == ids.len(), "{}: {heads} {}", file.path, ids.len());
            seen.insert("mbox");
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["ios", "mbox", "slack", "telegram", "truth"]);
}

#[test]
fn aliases_and_look_alikes_are_on_no_list_and_exports_come_from_many_accounts() {
    let firm = firm(7, 20_000);
    let (files, truth) = (firm.files(), firm.truth());
    let lists = [text(&files, "people.csv"), text(&files, "clients.csv")];
    assert!(truth.aliases.len() > 60 && truth.strangers.len() > 20, "{} {}", truth.aliases.len(), truth.strangers.len());
    let forms: BTreeSet<&str> = truth.aliases.iter().map(|a| a.form.as_str()).collect();
    assert!(forms.len() >= 12, "{forms:?}");
    // A whole name is on a list as a name; as a handle it is on none.
    for a in truth.aliases.iter().filter(|a| a.handle != a.person) {
        assert!(lists.iter().all(|l| !l.split([',', '\r', '\n']).any(|cell| cell == a.handle)), "{a:?}");
    }
    let accounts: BTreeSet<String> =
        files.iter().filter_map(|f| f.path.split_once('/')).map(|(kind, rest)| format!("{kind}/{}", rest.split('/').next().unwrap())).collect();
    assert!(accounts.len() + 3 >= 12, "{accounts:?}");
}
