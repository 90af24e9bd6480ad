//! The rules one by one, in the words of a small firm.

use super::*;
use crate::analysis::testkit::{Firm, firm};
use crate::model::matter::ChannelStatus::{Approved, Tolerated};
use crate::model::message::Flags;

/// Mei writes on her own WhatsApp with Sam, who is on no list.
fn with_sam(title: &str) -> Firm {
    let mut f = firm().employee("Mei Tan").employee("Li Chen").client("Northgate", &["Huang Wei"]).channel("whatsapp", Tolerated, false);
    f.chat("whatsapp", "Mei Tan", title).daily("Sam", "Mei Tan", "2026-06-01", "2026-06-30", 2);
    f
}

/// Classes and reasons of what is listed.
fn listed(f: &Firm) -> Vec<(String, String, bool)> {
    f.answers().conversations.into_iter().map(|c| (c.class, c.why, c.decided)).collect()
}

#[test]
fn a_stranger_on_a_private_account_is_private_until_the_text_is_about_work() {
    let mut f = with_sam("Sam");
    let (class, why, _) = listed(&f)[0].clone();
    assert_eq!((class.as_str(), why.as_str()), ("private", "One employee with people on no list, on a channel that is not the firm's"));
    f.about("Sam", 60, 17, 0);
    assert_eq!(listed(&f)[0].1, "One employee with people on no list, on a channel that is not the firm's; 17 of 60 messages looked at are about work");
    f.about("Sam", 60, 17, 1);
    assert!(listed(&f).is_empty(), "18 of 60 show for certain that it is the fifth part that is asked for");
    f.matter.work.threshold = 0.25;
    assert_eq!(listed(&f)[0].0, "private");
    f.about("Sam", 4, 2, 0);
    assert_eq!(listed(&f)[0].0, "private", "two messages are too few");
}

#[test]
fn domains_of_the_firm_and_its_clients_count_and_others_do_not() {
    let mut f = with_sam("Sam");
    f.about("Sam", 10, 0, 0);
    f.mentions("Sam", "other.example", 9);
    assert_eq!(listed(&f)[0].0, "private");
    f.mentions("Sam", "mail.northgate.example", 3);
    assert!(listed(&f).is_empty());
    f.matter.clients.as_mut().unwrap()[0].domains.clear();
    assert_eq!(listed(&f)[0].0, "private");
}

#[test]
fn every_rule_can_be_switched_off() {
    let mut f = with_sam("Sam");
    f.about("Sam", 60, 50, 0);
    f.matter.work.text = false;
    assert_eq!(listed(&f)[0].0, "private");
    let mut f = with_sam("Sam");
    f.chat("whatsapp", "Mei Tan", "Huang Wei").daily("Huang Wei", "Mei Tan", "2026-06-01", "2026-06-30", 2);
    f.chat("whatsapp", "Mei Tan", "Li").daily("Li Chen", "Mei Tan", "2026-06-01", "2026-06-30", 2);
    assert_eq!(listed(&f).len(), 1);
    f.matter.work.client = false;
    assert_eq!(listed(&f).into_iter().map(|l| l.0).collect::<Vec<_>>(), ["private", "undecided"], "a client's conversation is never private for that");
    f.matter.work.employees = false;
    assert_eq!(listed(&f).len(), 3);
}

#[test]
fn marks_of_records_titles_and_folders_are_honoured() {
    let mut f = with_sam("Sam (privat)");
    f.about("Sam (privat)", 60, 60, 0);
    assert_eq!(listed(&f)[0].1, "Its title marks it as private");
    let mut f = with_sam("Sam");
    f.about("Sam", 60, 60, 0);
    f.rename_source_of("Sam", "phones/mei/Privé/chat.txt");
    assert_eq!(listed(&f)[0].1, "It lies in a folder marked as private");
    let mut f = with_sam("Sam");
    f.chat("whatsapp", "Mei Tan", "doctor group").flagged("Li Chen", "2026-02-02", Flags::MARKED_PRIVATE);
    assert!(listed(&f).iter().any(|l| l.1 == "A subject or label marks it as private"));
    for title in ["Private", "privé", "[Personal] trip", "Mum - privat", "私人：家", "Familie (Privat)", "(personnel) dentist", "شخصي", "Privado: casa"]
    {
        assert!(marked_title(title), "{title}");
    }
    for title in ["Private equity desk", "Personalabteilung", "Personnel", "Privatkunden Nord", "personal training offers", "", "Sam"] {
        assert!(!marked_title(title), "{title}");
    }
    assert!(mark(false, false, "Personal", ConversationKind::Room).is_none(), "a room of that name is the staff department's in German");
    assert!(marked_folder("mail/ana/Privat.mbox") && marked_folder("a.zip!私人/1.eml") && !marked_folder("mail/private equity/1.eml"));
}

#[test]
fn the_last_decision_of_a_person_holds() {
    let mut f = with_sam("Sam");
    let decide = |work: bool, by: &str| ClassDecision {
        channel: "whatsapp".into(),
        conversation: "Sam".into(),
        work,
        reason: "Sam Smith is a broker".into(),
        by: by.into(),
        ..ClassDecision::default()
    };
    f.matter.classes = vec![decide(false, "Ada"), decide(true, "Ben")];
    let said = f.answers().conversations;
    assert_eq!((said[0].class.as_str(), said[0].why.as_str(), said[0].decided), ("work", "Decided by Ben", true));
    assert!(said[0].messages.is_some_and(|n| n > 0));
    f.matter.classes.reverse();
    let said = f.answers().conversations;
    assert_eq!((said[0].class.as_str(), said[0].messages), ("private", None));
    let text = serde_json::to_string(&f.answers()).unwrap();
    assert!(!text.contains("Sam"), "neither the counterpart nor the reason typed");
    // A mark yields to a person too.
    let mut f = with_sam("Sam (privat)");
    f.matter.classes = vec![ClassDecision { conversation: "Sam (privat)".into(), ..decide(true, "Ben") }];
    assert_eq!(listed(&f)[0].0, "work");
}

#[test]
fn on_a_channel_of_the_firm_a_stranger_is_undecided() {
    let mut f = firm().employee("Mei Tan").client("Northgate", &["Huang Wei"]).channel("sms", Approved, true);
    f.chat("sms", "Mei Tan", "Sam").daily("Sam", "Mei Tan", "2026-06-01", "2026-06-30", 2);
    let a = f.answers();
    assert_eq!(a.conversations[0].why, "Nothing shows whether it is work or private");
    assert_eq!(
        (a.conversations[0].id.as_str(), a.conversations[0].kind.as_str(), a.conversations[0].employees.as_slice()),
        ("c0", "direct", &["Mei Tan".to_owned()][..])
    );
    assert_eq!(a.basis.undecided_conversations, 1);
}
