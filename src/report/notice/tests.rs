//! The sheets say what the settings are.

use super::*;
use crate::model::decision::{ClassDecision, Reveal};
use crate::model::matter::{Exception, Hold};

const EVIL: &str = "<img src=x onerror=alert(1)>\"'&";

fn policy(title: &str, limits: bool) -> PolicySaid {
    PolicySaid {
        title: title.to_owned(),
        citation: format!("{title} art. 1"),
        months: (!limits).then_some(60),
        clock: "the day the record was made".to_owned(),
        url: "https://eur-lex.europa.eu/eli/reg/2016/679/oj".to_owned(),
        last_checked: "2026-11".to_owned(),
        limits,
        ..PolicySaid::default()
    }
}

fn both(change: impl Fn(&mut Matter, &mut Answers)) -> [String; 2] {
    let (mut matter, mut answers) = (Matter::default(), Answers::default());
    change(&mut matter, &mut answers);
    [Readers::Employees, Readers::Council].map(|r| plain_text(r, &matter, &answers).split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn who_can_read_text_follows_the_mode() {
    for text in both(|_, _| {}) {
        assert!(text.contains("Nobody. The audit runs in flow mode") && !text.contains("Content mode is on"), "{text}");
    }
    let opened = |m: &mut Matter, a: &mut Answers| {
        m.privacy.content = true;
        a.reveals = vec![Reveal {
            by: "Ada Berg".to_owned(),
            reason: "Claim 7".to_owned(),
            conversation: "Harbour group".to_owned(),
            messages: 12,
            ..Reveal::default()
        }];
    };
    for text in both(opened) {
        assert!(text.contains("Content mode is on") && text.contains("Opened so far: 1 range of messages") && !text.contains("Nobody. The audit"), "{text}");
        assert!(text.contains("private conversations stay closed") && !text.contains("Harbour group"));
    }
    let [staff, council] = both(opened);
    assert!(council.contains("Ada Berg") && council.contains("Claim 7") && !staff.contains("Ada Berg"));
    let [staff, _] = both(|m, a| {
        opened(m, a);
        m.privacy.content = false;
    });
    assert!(staff.contains("flow mode") && staff.contains("Opened so far: 1 range"), "what was opened before is not hidden");
}

#[test]
fn groups_names_work_and_rules_are_those_of_the_settings() {
    let [staff, council] = both(|m, a| {
        (m.privacy.min_group, m.privacy.pseudonyms) = (7, false);
        (m.work.service, m.work.text) = (false, false);
        m.policy.channels.push(ChannelRule {
            id: "whatsapp".to_owned(),
            status: ChannelStatus::Prohibited,
            captured: Some(true),
            accounts: vec!["+447700900142".to_owned()],
            exceptions: vec![Exception { department: "Research".to_owned(), status: ChannelStatus::Tolerated }],
            ..ChannelRule::default()
        });
        m.policy.holds.push(Hold { name: "Harbour".to_owned(), people: vec!["jo@firm.example".to_owned()], ..Hold::default() });
        m.classes.push(ClassDecision { conversation: "+4917012345".to_owned(), ..ClassDecision::default() });
        a.basis.policies = vec![policy("Rule of ten", false), policy("Law of privacy", true)];
    });
    for text in [&staff, &council] {
        assert!(text.contains("fewer than 7 people") && text.contains("Pseudonyms are switched off"), "{text}");
        assert!(text.contains("A conversation is work when a client takes part, or at least two employees take part."));
        assert!(text.contains("Rule of ten (Rule of ten art. 1): 60 months from the day the record was made"));
        assert!(text.contains("Rules that limit keeping and looking: - Law of privacy"));
        assert!(text.contains("https://eur-lex.europa.eu/eli/reg/2016/679/oj") && text.contains("WhatsApp (not allowed)"));
        assert!(!text.contains("+447700900142") && !text.contains("jo@firm.example") && !text.contains("+4917012345"), "no handle stands on a sheet");
        assert!(!text.to_lowercase().contains("compliant"));
    }
    assert!(council.contains("captured for 1 account; Research: tolerated") && council.contains("Harbour (1 person)") && council.contains("0 work, 1 private"));
    let [staff, _] = both(|m, _| (m.work.client, m.work.service, m.work.employees, m.work.text) = (false, false, false, false));
    assert!(staff.contains("No rule makes a conversation work") && staff.contains("No retention rule has been chosen"));
}

#[test]
fn both_forms_say_the_same_and_nothing_becomes_markup() {
    let mut matter = Matter { name: EVIL.to_owned(), ..Matter::default() };
    matter.policy.channels.push(ChannelRule { id: EVIL.to_owned(), ..ChannelRule::default() });
    matter.policy.holds.push(Hold { name: EVIL.to_owned(), ..Hold::default() });
    let mut answers = Answers { tool: EVIL.to_owned(), ..Answers::default() };
    answers.basis.policies.push(PolicySaid { title: EVIL.to_owned(), url: "javascript:alert(1)".to_owned(), ..PolicySaid::default() });
    answers.reveals.push(Reveal { by: EVIL.to_owned(), reason: EVIL.to_owned(), ..Reveal::default() });
    for readers in [Readers::Employees, Readers::Council] {
        let page = html(readers, &matter, &answers);
        assert!(!page.contains("<img") && !page.contains("<script") && !page.contains("href") && page.contains("&lt;img src=x"), "{page}");
        for tag in ["h1", "h2", "p", "ul", "li", "dl", "dt", "dd", "body", "html"] {
            let open = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(open, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        let plain = plain_text(readers, &matter, &answers);
        for part in parts(readers, &matter, &answers) {
            if let Part::Head(head) = part {
                assert!(page.contains(head) && plain.contains(head));
            }
        }
    }
    assert!(document(&matter, &answers, "notice:council:text").unwrap().2.contains("Works council, date"));
    assert_eq!(document(&matter, &answers, "notice:employees").unwrap().0, "notice-employees.html");
    assert!(document(&matter, &answers, "notice:everybody").is_none() && document(&matter, &answers, "html").is_none());
}

#[test]
fn the_notice_is_about_a_page() {
    let mut answers = Answers::default();
    answers.basis.policies = (0..3).map(|n| policy(&format!("Rule {n} of a long name, telephone and electronic communications"), false)).collect();
    let plain = plain_text(Readers::Employees, &Matter::default(), &answers);
    assert!(plain.lines().all(|l| l.chars().count() <= 140) && plain.lines().count() <= 75, "{} lines", plain.lines().count());
}
