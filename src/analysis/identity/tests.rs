//! Whole answers on who is who.

use super::reference;
use crate::analysis::conversations::Talks;
use crate::analysis::parties::{Parties, Party, Why};
use crate::analysis::testkit::{Firm, firm};
use crate::model::Dataset;
use crate::model::answer::{Identity, Proposal};
use crate::model::batch::Handle;
use crate::model::decision::{IdentityDecision, Verdict};
use crate::model::matter::Matter;

fn decision(channel: &str, handle: &str, verdict: Verdict, whom: &str) -> IdentityDecision {
    IdentityDecision { channel: channel.into(), handle: handle.into(), verdict, whom: whom.into(), reason: "seen".into(), by: "CO".into(), at: String::new() }
}

/// A dataset of handles alone.
fn handles(list: &[Handle]) -> Dataset {
    Dataset { handles: list.to_vec(), ..Dataset::default() }
}

fn h(channel: &str, key: &str, name: &str, phone: &str) -> Handle {
    let email = if key.contains('@') { key.to_owned() } else { String::new() };
    Handle { channel: channel.into(), key: key.into(), name: name.into(), phone: phone.into(), email, ..Handle::default() }
}

fn join(matter: &Matter, handle: Handle) -> (Party, Why) {
    let joined = Parties::new(&handles(&[handle]), matter).of[0];
    (joined.party, joined.why)
}

/// Ana Ruiz with a number, a WhatsApp name and an id; John Smith; two contacts of clients.
fn people() -> Firm {
    let mut f =
        firm().employee("Ana Ruiz").employee("John Smith").client("Northgate Metals", &["Elizabeth Hartley"]).client("Acme Tools", &["Jane Doe", "Huang Wei"]);
    let ana = &mut f.matter.people.as_mut().unwrap()[0];
    ana.phones.push("+44 7700 900142".into());
    ana.handles.push(("telegram".into(), "user77".into()));
    ana.emails.push("ana.ruiz@gmail.com".into());
    f
}

#[test]
fn certain_joins_are_by_address_mailbox_number_and_id() {
    let matter = people().matter;
    let ana = Party::Employee(0);
    assert_eq!(join(&matter, h("email", "Ana.Ruiz@Marlowe.example", "", "")), (ana, Why::Address));
    assert_eq!(join(&matter, h("email", "anaruiz+x@googlemail.com", "", "")), (ana, Why::Mailbox));
    assert_eq!(join(&matter, h("sms", "+44 (0) 7700-900142", "", "")), (ana, Why::Phone));
    assert_eq!(join(&matter, h("whatsapp", "447700900142@s.whatsapp.net", "x", "")), (ana, Why::Phone));
    assert_eq!(join(&matter, h("telegram", "user77", "Somebody", "")), (ana, Why::Handle));
    assert_eq!(join(&matter, h("sms", "07700 900142", "", "")).0, Party::Unknown, "without a country the number is not certain");
    let mut british = matter.clone();
    british.calendar.country = "GB".into();
    assert_eq!(join(&british, h("sms", "07700 900142", "", "")), (ana, Why::National));
    assert_eq!(join(&matter, h("email", "x@marlowe.example", "", "")), (Party::Colleague, Why::Domain));
    assert_eq!(join(&matter, h("email", "x@mail.acmetools.example", "", "")), (Party::Client(1, None), Why::Domain));
    assert_eq!(join(&matter, h("email", "no-reply@bank.example", "", "")), (Party::Service, Why::Machine));
    assert_eq!(join(&matter, h("sms", "60321", "", "")), (Party::Service, Why::Machine));
}

#[test]
fn what_names_two_people_joins_neither() {
    let matter = people().matter;
    assert_eq!(join(&matter, h("slack", "U1", "", "+44 7700 900142")), (Party::Employee(0), Why::Phone));
    let mut both = h("slack", "U1", "", "+44 7700 900142");
    both.email = "john.smith@marlowe.example".into();
    assert_eq!(join(&matter, both), (Party::Unknown, Why::Conflict));
}

#[test]
fn a_display_name_joins_only_where_it_is_complete_alone_and_uncontradicted() {
    let matter = people().matter;
    assert_eq!(join(&matter, h("whatsapp", "John Smith", "", "")), (Party::Employee(1), Why::Name));
    for other in [
        h("whatsapp", "John", "", ""),
        h("telegram", "user9", "John Smith", ""),
        h("whatsapp", "+44 7700 900999", "John Smith", ""),
        h("email", "john.smith@gmail.com", "John Smith", ""),
    ] {
        assert_eq!(join(&matter, other.clone()).0, Party::Unknown, "{other:?}");
    }
    // Known on the channel by a number: the name in an address book is proposed, not joined.
    let two = handles(&[h("whatsapp", "+44 7700 900142", "", ""), h("whatsapp", "Ana Ruiz", "", "")]);
    let of = Parties::new(&two, &matter).of;
    assert_eq!((of[0].why, of[1].party), (Why::Phone, Party::Unknown));
    // A namesake with a middle initial on the list makes the name say too little.
    let namesake = people().employee("John B. Smith").matter;
    assert_eq!(join(&namesake, h("whatsapp", "John Smith", "", "")).0, Party::Unknown);
}

fn identity(f: &Firm) -> Identity {
    f.answers().identity
}

/// A proposal for a name that writes with Ana and a client in a group.
fn proposed(shown: &str) -> Option<Proposal> {
    let mut f = people();
    f.chat("whatsapp", "Ana Ruiz", "deal group").says("Elizabeth Hartley", "Ana Ruiz", "2026-03-02", 9).says(shown, "Ana Ruiz", "2026-03-02", 10);
    identity(&f).proposals.into_iter().find(|p| p.handle == shown)
}

#[test]
fn name_forms_are_proposed_with_score_and_reasons() {
    for (shown, whom) in [
        ("J. Smith", "person:John Smith"),
        ("Smith, John", "person:John Smith"),
        ("John S.", "person:John Smith"),
        ("Johnny Smith", "person:John Smith"),
        ("jsmith", "person:John Smith"),
        ("John Smith MQ", "person:John Smith"),
        ("Lizzie Hartley", "contact:Northgate Metals/Elizabeth Hartley"),
        ("Elisabeth Hartley", "contact:Northgate Metals/Elizabeth Hartley"),
        ("Elizabeth Hartlay", "contact:Northgate Metals/Elizabeth Hartley"),
        ("Jane (Acme)", "contact:Acme Tools/Jane Doe"),
        ("Jane Acme", "contact:Acme Tools/Jane Doe"),
        ("Acme – Jane", "contact:Acme Tools/Jane Doe"),
        ("Jane D. / Acme Tools Ltd", "contact:Acme Tools/Jane Doe"),
        ("Wei Huang", "contact:Acme Tools/Huang Wei"),
        ("huangwei", "contact:Acme Tools/Huang Wei"),
        ("Jóhn Smith", "person:John Smith"),
        ("Bert Acme", "client:Acme Tools"),
    ] {
        let p = proposed(shown).unwrap_or_else(|| panic!("{shown} is not proposed"));
        assert_eq!(p.whom, whom, "{shown}");
        assert!((0.6..1.0).contains(&p.score) && !p.reasons.is_empty() && p.reasons.iter().all(|r| r.ends_with('.')), "{p:?}");
    }
}

#[test]
fn strangers_and_single_names_are_not_proposed() {
    for shown in ["Peter Smith", "John Smithers", "John", "Jane", "Doe", "J. Hartley", "Jane Smith", "Ana Ruiz Castellanos Smith", "Mum", "Jane (Globex)"] {
        assert_eq!(proposed(shown), None, "{shown}");
    }
}

#[test]
fn a_name_that_fits_two_people_is_proposed_for_neither() {
    let mut f = people().employee("James Smith");
    f.chat("whatsapp", "Ana Ruiz", "deal group").says("Elizabeth Hartley", "Ana Ruiz", "2026-03-02", 9).says("J. Smith", "Ana Ruiz", "2026-03-02", 10);
    let identity = identity(&f);
    assert!(identity.proposals.is_empty() && identity.unknown[0].handle == "J. Smith", "{identity:?}");
}

#[test]
fn decisions_are_applied_in_order_and_the_last_word_counts() {
    let mut f = people();
    f.chat("whatsapp", "Ana Ruiz", "deal group").says("Elizabeth Hartley", "Ana Ruiz", "2026-03-02", 9).says("J. Smith", "Ana Ruiz", "2026-03-02", 10);
    let dataset = f.dataset();
    let ix = dataset.handles.iter().position(|h| h.key == "J. Smith").unwrap();
    let mut said = |list: &[(Verdict, &str)]| {
        f.matter.identities = list.iter().map(|(v, w)| decision("whatsapp", "J. Smith", *v, w)).collect();
        let joined = Parties::new(&dataset, &f.matter).of[ix];
        let identity = identity(&f);
        assert_eq!(identity.decisions.len(), list.len());
        (joined.party, joined.why, identity.proposals.len())
    };
    let john = "person:John Smith";
    assert_eq!(said(&[]), (Party::Unknown, Why::Nothing, 1));
    assert_eq!(said(&[(Verdict::Same, john)]), (Party::Employee(1), Why::Decision, 0));
    assert_eq!(said(&[(Verdict::Different, john)]), (Party::Unknown, Why::Nothing, 0));
    assert_eq!(said(&[(Verdict::Same, john), (Verdict::Different, john)]), (Party::Unknown, Why::Nothing, 0));
    assert_eq!(said(&[(Verdict::Different, john), (Verdict::Same, "person:john.smith@marlowe.example")]), (Party::Employee(1), Why::Decision, 0));
    assert_eq!(said(&[(Verdict::Same, john), (Verdict::Same, "contact:Acme Tools/Jane Doe")]), (Party::Client(1, Some(0)), Why::Decision, 0));
    assert_eq!(said(&[(Verdict::Same, john), (Verdict::Service, "")]), (Party::Service, Why::Decision, 0));
    assert_eq!(said(&[(Verdict::Other, "")]), (Party::Unknown, Why::Other, 0));
    assert_eq!(said(&[(Verdict::Same, "client:Acme Tools")]), (Party::Client(1, None), Why::Decision, 0));
    assert_eq!(said(&[(Verdict::Same, "person:Nobody")]), (Party::Unknown, Why::Nothing, 1));
}

#[test]
fn a_split_undoes_a_join_and_merged_handles_share_what_is_certain() {
    let mut f = people();
    let dataset = handles(&[h("sms", "+44 7700 900142", "", ""), h("whatsapp", "Annie", "", ""), h("wechat", "wx_1", "", ""), h("telegram", "user77", "", "")]);
    f.matter.identities = vec![
        decision("whatsapp", "Annie", Verdict::Same, "handle:sms/+44 7700 900142"),
        decision("wechat", "wx_1", Verdict::Same, "handle:whatsapp/Annie"),
        decision("telegram", "user77", Verdict::Different, "person:Ana Ruiz"),
    ];
    let of = Parties::new(&dataset, &f.matter).of;
    let ana = Party::Employee(0);
    assert_eq!([of[0].party, of[1].party, of[2].party, of[3].party], [ana, ana, ana, Party::Unknown]);
    assert_eq!([of[0].why, of[1].why], [Why::Phone, Why::Decision]);
    f.matter.identities.push(decision("wechat", "wx_1", Verdict::Different, "handle:whatsapp/Annie"));
    assert_eq!(Parties::new(&dataset, &f.matter).of[2].party, Party::Unknown);
}

#[test]
fn private_counterparts_are_masked_and_decided_by_reference() {
    let mut f = people();
    f.chat("whatsapp", "Ana Ruiz", "J. Smith").says("J. Smith", "Ana Ruiz", "2026-03-02", 9);
    f.chat("whatsapp", "Ana Ruiz", "Mum").says("Mum", "Ana Ruiz", "2026-03-02", 9);
    let found = identity(&f);
    assert_eq!((found.counts.unknown, found.counts.private, found.unknown.len(), found.proposals.len()), (2, 2, 0, 1));
    let text = serde_json::to_string(&found).unwrap();
    assert!(!text.contains("Mum") && !text.contains("J. Smith"), "{text}");
    let p = &found.proposals[0];
    assert!(reference::is(&p.handle) && p.shown == "J• S••••" && p.whom_shown == "John Smith");
    // The reference is what a decision keeps, and it says who is meant.
    let dataset = f.dataset();
    f.matter.identities = vec![decision("whatsapp", &super::key_of(&dataset, &p.handle), Verdict::Same, &p.whom)];
    let ix = dataset.handles.iter().position(|h| h.key == "J. Smith").unwrap();
    assert_eq!(Parties::new(&dataset, &f.matter).of[ix].party, Party::Employee(1));
    // A decision kept under the name is answered without it, as long as the conversation is private.
    f.matter.identities = vec![decision("whatsapp", "Mum", Verdict::Other, ""), decision("whatsapp", "J. Smith", Verdict::Same, "handle:whatsapp/Mum")];
    let text = serde_json::to_string(&identity(&f)).unwrap();
    assert!(!text.contains("Mum") && !text.contains("J. Smith"), "{text}");
}

#[test]
fn unknown_handles_are_listed_by_traffic_with_the_employees_they_write_with() {
    let mut f = people();
    f.chat("whatsapp", "Ana Ruiz", "deal group").says("Elizabeth Hartley", "Ana Ruiz", "2026-03-02", 9).says("Zed", "Ana Ruiz", "2026-03-02", 10).says(
        "Zed",
        "Ana Ruiz",
        "2026-03-03",
        10,
    );
    f.chat("whatsapp", "John Smith", "other group").says("Elizabeth Hartley", "John Smith", "2026-03-02", 9).says("Zed", "John Smith", "2026-03-02", 10).says(
        "Yan",
        "John Smith",
        "2026-03-02",
        11,
    );
    let unknown = identity(&f).unknown;
    let said: Vec<(&str, u64, u64)> = unknown.iter().map(|u| (u.shown.as_str(), u.messages, u.employees)).collect();
    assert_eq!(said, [("Zed", 3, 2), ("Yan", 1, 1)]);
}

#[test]
fn ten_thousand_handles_are_looked_up_among_five_thousand_people() {
    let mut f = firm();
    let name = |n: usize| {
        format!(
            "{}{} {}{}",
            ["Ana", "Bo", "Carl", "Dora", "Emil"][n % 5],
            ["lia", "ris", "mond", "thea"][n / 5 % 4],
            ["Hart", "Rui", "Smi", "Okon", "Nov"][n / 20 % 5],
            n / 100
        )
    };
    for n in 0..5000 {
        f = f.employee(&format!("{} {}", name(n), ["Ashdown", "Kerr", "Rao"][n % 3]));
    }
    let all: Vec<Handle> = (0..10_000).map(|n| h("whatsapp", &format!("{} {}", name(n), ["A.", "Kerr", "Rao", "Quill"][n % 4]), "", "")).collect();
    let dataset = handles(&all);
    let parties = Parties::new(&dataset, &f.matter);
    let seen = vec![super::Seen { work: true, ..Default::default() }; all.len()];
    let (found, _) = super::proposals(&dataset, &Talks { candidates: super::candidates(&dataset, &f.matter, &parties), ..Talks::default() }, &seen);
    // Each with each would take minutes here.
    assert!(!found.is_empty());
}
