//! Lists a person supplies, in the wording of the usual systems. All names are invented; layouts follow `formats/rosters.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use retention_audit::import::lists::{self, Kind, list_kind, matter, matter_toml};
use retention_audit::model::matter::{ChannelRule, ChannelStatus, Matter};
use retention_audit::model::roster::{Client, Expected, Leave, ListReading, Person, Status};
use retention_audit::time::parse_day;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/lists/{name}")).unwrap()
}

fn people(name: &str, bytes: &[u8]) -> Result<(Vec<Person>, ListReading), String> {
    lists::people(name, bytes, &[])
}

fn clients(name: &str, bytes: &[u8]) -> Result<(Vec<Client>, ListReading), String> {
    lists::clients(name, bytes, &[])
}

fn leave(name: &str, bytes: &[u8]) -> Result<(Vec<Leave>, ListReading), String> {
    lists::leave(name, bytes, &[])
}

fn expected(name: &str, bytes: &[u8]) -> Result<(Vec<Expected>, ListReading), String> {
    lists::expected(name, bytes, &[])
}

fn said(remarks: &[String], part: &str) -> bool {
    remarks.iter().any(|r| r.contains(part))
}

fn roster(name: &str) -> (Vec<Person>, ListReading) {
    people(name, &file(name)).unwrap()
}

#[test]
fn workday_report_with_a_title_block_and_american_dates() {
    let (p, r) = roster("workday.csv");
    assert_eq!(p.len(), 3, "{r:#?}");
    assert_eq!((p[0].id.as_str(), p[0].name.as_str(), p[0].status), ("00123", "Ana Silva", Status::OnLeave));
    assert_eq!(p[0].emails, ["ana.silva@firm.example"]);
    assert_eq!(p[0].handles, [("whatsapp".to_owned(), "+447700900142".to_owned())]);
    assert_eq!(p[0].start, parse_day("2019-03-14"), "the hire date goes before the original hire date, month first as line 5 proves");
    assert_eq!((p[1].last_day, p[1].start, p[1].status), (None, parse_day("2012-01-07"), Status::Active), "9999-12-31 means none");
    assert_eq!((p[2].name.as_str(), p[2].last_day), ("Wei Chen", parse_day("2026-02-27")));
    assert_eq!(p[2].emails, ["wei.chen@firm.example", "w.chen@vendor.example"]);
    assert_eq!(p[2].handles, [("whatsapp".to_owned(), "wei_chen".to_owned())]);
    assert_eq!(p[2].line, 7);
    assert!(said(&r.remarks, "2 lines above the headings"), "{:?}", r.remarks);
    assert_eq!(r.unused, ["Termination Reason"]);
    assert!(r.columns.contains(&("last day".to_owned(), "Last Day of Work".to_owned())));
}

#[test]
fn successfactors_export_with_its_second_heading_row() {
    let (p, r) = roster("successfactors.csv");
    assert_eq!(p.len(), 3);
    assert_eq!((p[1].id.as_str(), p[1].name.as_str(), p[1].status), ("1002", "Emil Falk", Status::Terminated));
    assert_eq!((p[1].start, p[1].last_day), (parse_day("2018-06-05"), parse_day("2025-11-30")), "day first, as 13/01 proves");
    assert_eq!(p[0].manager, "", "NO_MANAGER is nobody");
    for part in
        ["Line 2 repeats the headings", "last day before the start date (line 5", "no e-mail address: matched", "manager who is not on the list (line 5"]
    {
        assert!(said(&r.remarks, part), "{part}: {:?}", r.remarks);
    }
}

#[test]
fn personio_export_in_german_and_windows_1252() {
    let (p, r) = roster("personio-german.csv");
    assert_eq!((p[0].name.as_str(), p[0].id.as_str(), p[0].grade.as_str()), ("Jürgen Groß", "0042", "Händler"));
    assert_eq!((p[0].start, p[0].last_day, p[0].notice), (parse_day("2017-03-01"), parse_day("2026-03-31"), parse_day("2025-12-15")));
    assert_eq!((p[0].status, p[1].status), (Status::Notice, Status::Active));
    assert!(!said(&r.remarks, "manager"), "{:?}", r.remarks);
}

#[test]
fn bamboohr_rehires_are_one_person_with_the_latest_start() {
    let (p, r) = roster("bamboohr.csv");
    assert_eq!(p.len(), 2);
    assert_eq!((p[0].emails.as_slice(), p[0].personal_emails.as_slice()), (&["hana@firm.example".to_owned()][..], &["hana.ito@gmail.com".to_owned()][..]));
    assert_eq!((p[0].phones.as_slice(), p[0].last_day), (&["02079460000".to_owned()][..], None));
    assert_eq!((p[1].start, p[1].last_day, p[1].status), (parse_day("2025-09-15"), None, Status::Active));
    assert!(said(&r.remarks, "already on the list"), "{:?}", r.remarks);
}

#[test]
fn a_list_without_last_days_is_fine_and_says_so() {
    let (p, r) = roster("no-last-day.csv");
    assert_eq!(p[0].handles, [("slack", "U01ABC"), ("telegram", "kimlee"), ("wechat", "kim_wx")].map(|(c, h)| (c.to_owned(), h.to_owned())));
    assert!(said(&r.remarks, "nobody on this list is seen as leaving"), "{:?}", r.remarks);
    let (p, r) = roster("empty-last-day.csv");
    assert!(p.iter().all(|p| p.last_day.is_none() && p.start.is_some()));
    assert!(r.remarks.is_empty(), "{:?}", r.remarks);
}

#[test]
fn columns_without_headings_are_told_by_their_values() {
    let (p, r) = roster("no-headings.csv");
    assert_eq!(p.len(), 2);
    assert_eq!((p[0].name.as_str(), p[0].emails[0].as_str(), p[0].phones[0].as_str()), ("Otto Pell", "otto@firm.example", "+4915123456789"));
    assert!(said(&r.remarks, "told by their values"));
}

#[test]
fn utf_16_with_semicolons_and_chinese_headings() {
    let (p, _) = roster("utf16-chinese.csv");
    assert_eq!((p[0].name.as_str(), p[0].id.as_str(), p[0].department.as_str()), ("王伟", "A01", "销售"));
    assert_eq!((p[0].start, p[0].last_day), (parse_day("2019-03-01"), parse_day("2026-02-28")));
}

#[test]
fn a_salesforce_report_becomes_clients_with_domains_and_owners() {
    let (c, r) = clients("salesforce-report.csv", &file("salesforce-report.csv")).unwrap();
    assert_eq!(c.len(), 2, "{r:#?}");
    assert_eq!((c[0].name.as_str(), c[0].owner.as_str(), c[0].region.as_str(), c[0].value), ("Northwind plc", "Ana Silva", "GB", Some(1_200_000.0)));
    assert_eq!(c[0].domains, ["northwind.example"], "gmail.com is nobody's own domain");
    assert_eq!((c[0].contacts.len(), c[0].contacts[1].name.as_str(), c[0].contacts[1].line), (2, "Tom Urban", 3));
    assert_eq!(c[1].domains, ["contoso.example"]);
    assert!(said(&r.remarks, "footer of the report from line 7"), "{:?}", r.remarks);
}

#[test]
fn hubspot_contacts_without_a_company_go_by_their_domain() {
    let (c, _) = clients("hubspot.csv", &file("hubspot.csv")).unwrap();
    assert_eq!(c.iter().map(|c| (c.name.as_str(), c.contacts.len())).collect::<Vec<_>>(), [("Fabrikam", 2), ("tailspin.example", 1)]);
    assert_eq!(c[0].owner, "li.na@firm.example");
    assert_eq!(c[0].contacts[0].handles, [("wechat".to_owned(), "wenxu88".to_owned())]);
}

#[test]
fn leave_and_expected_counts_are_read_and_their_faults_told() {
    let (l, r) = leave("leave.csv", &file("leave.csv")).unwrap();
    assert_eq!(l.iter().map(|l| (l.person.as_str(), l.to - l.from)).collect::<Vec<_>>(), [("Ana Silva", 11), ("Wei Chen", 0)]);
    for part in ["ends before it begins left out (line 3", "without a person left out (line 4", "one day was taken"] {
        assert!(said(&r.remarks, part), "{part}: {:?}", r.remarks);
    }
    let (e, r) = expected("expected.csv", &file("expected.csv")).unwrap();
    assert_eq!(e.iter().map(|e| (e.channel.as_str(), e.count)).collect::<Vec<_>>(), [("whatsapp", 12), ("slack", 3)]);
    assert!(said(&r.remarks, "without a whole number"), "{:?}", r.remarks);
}

#[test]
fn errors_name_the_file_and_what_to_do() {
    for (bytes, part) in [
        (&b""[..], "is empty"),
        (b"PK\x03\x04zzz", "no workbook this program can read"),
        (b"a,b\n", "no rows"),
        (b"\x00\x01\x02\x00\x00\x03", "binary"),
        (b"colour,size\nred,1\n", "no column for names"),
    ] {
        let error = people("staff.csv", bytes).unwrap_err();
        assert!(error.starts_with("staff.csv") && error.contains(part), "{error}");
    }
    assert!(leave("leave.csv", b"who,until\nAna,2026-01-01\n").unwrap_err().contains("no column for from"));
}

#[test]
fn a_date_order_nobody_can_tell_is_told() {
    let (p, r) = people("p.csv", b"name,email,last day\nAna,a@f.example,03/04/2026\n").unwrap();
    assert_eq!(p[0].last_day, parse_day("2026-04-03"));
    assert!(said(&r.remarks, "\"last day\": no date tells"), "{:?}", r.remarks);
    let (p, _) = people("p.csv", b"name,email,last day,start\nAna,a@f.example,46054,43831\n").unwrap();
    assert_eq!((p[0].last_day, p[0].start), (parse_day("2026-02-01"), parse_day("2020-01-01")), "Excel serials");
}

#[test]
fn matter_toml_is_read_and_written_back() {
    let text = String::from_utf8(file("matter.toml")).unwrap();
    let m = matter("matter.toml", &text).unwrap();
    assert_eq!((m.name.as_str(), m.zone.as_str()), ("Desk audit", "Europe/London"));
    assert_eq!((m.scope.from, m.scope.to, m.scope.as_of), (parse_day("2025-01-01"), parse_day("2026-01-31"), parse_day("2026-01-31")));
    assert_eq!((m.calendar.week_start, m.calendar.weekend.as_slice()), (6, &[4, 5][..]));
    assert_eq!(m.own_domains, ["firm.example", "firm.co.example"]);
    assert_eq!(
        m.policy.channels[0],
        ChannelRule { id: "whatsapp".to_owned(), status: ChannelStatus::Prohibited, captured: Some(false), ..ChannelRule::default() }
    );
    assert_eq!(m.policy.channels[1].accounts, ["ana.silva@firm.example", "+447700900142"]);
    assert_eq!(m.calendar.holidays, [parse_day("2025-12-25").unwrap(), parse_day("2026-01-01").unwrap()]);
    assert_eq!((m.privacy.content, m.privacy.min_group, m.privacy.pseudonyms), (true, 3, false));
    assert_eq!((m.calendar.country.as_str(), m.readings.len()), ("GB", 0));
    let again = matter("matter.toml", &matter_toml(&m)).unwrap();
    assert_eq!(again, Matter { readings: Vec::new(), ..m });
    let plain = Matter { name: "a \"b\"\\\n\u{202e}c".to_owned(), ..Matter::default() };
    assert_eq!(matter("m", &matter_toml(&plain)).unwrap().policy, plain.policy);
    assert_eq!(matter("m", "").unwrap(), Matter::default());
}

#[test]
fn matter_toml_errors_name_field_line_and_remedy() {
    let errors = matter("matter.toml", &String::from_utf8(file("matter-broken.toml")).unwrap()).unwrap_err();
    for part in [
        "line 2: unknown key in [matter] \"nmae\"; did you mean \"name\"?",
        "line 3: matter.zone \"Europe/Londn\" is no time zone",
        "line 4: matter.to lies before matter.from",
        "line 8: policy.tolerance_days must be a whole number",
        "line 9: policy.alpha must be",
        "line 11: this [[channel]] has no id",
        "line 12: channel.status \"forbidden\" must be approved",
        "line 14: unknown section \"calender\"; did you mean \"calendar\"?",
    ] {
        assert!(errors.iter().any(|e| e.contains(part)), "{part}: {errors:#?}");
    }
    assert_eq!(errors.len(), 8, "{errors:#?}");
    assert!(matter("m.toml", "[matter]\nname = \n").unwrap_err()[0].starts_with("m.toml, line 2: this is not valid TOML"));
}

#[test]
fn lists_are_told_from_message_files() {
    for (name, kind) in [
        ("workday.csv", Kind::People),
        ("successfactors.csv", Kind::People),
        ("bamboohr.csv", Kind::People),
        ("no-last-day.csv", Kind::People),
        ("salesforce-report.csv", Kind::Clients),
        ("hubspot.csv", Kind::Clients),
        ("leave.csv", Kind::Leave),
        ("expected.csv", Kind::Expected),
        ("matter.toml", Kind::Matter),
    ] {
        let bytes = file(name);
        assert_eq!(list_kind(name, &bytes), Some(kind), "{name}");
        if kind != Kind::Matter {
            assert_eq!(list_kind("unknown.csv", &bytes), Some(kind), "{name} under another name");
        }
    }
    assert_eq!(list_kind("people.csv", b"name,email\nAna,a@f.example\n"), Some(Kind::People));
    assert_eq!(list_kind("clients.csv", b"client,domains\nNorthwind,northwind.example\n"), Some(Kind::Clients));
    for (name, text) in [
        ("messages.csv", "timestamp,sender,text\n2026-01-01T10:00:00Z,ana,hi\n"),
        ("people.csv", "timestamp,sender,text\n2026-01-01T10:00:00Z,ana,hi\n"),
        ("export.csv", "Date,From,To,Subject,Body,Department\n2026-01-01,ana,bo,hi,hi,x\n"),
        ("chat.csv", "id,name,email,date,message\n1,Ana,a@f.example,2026-01-01,hi\n"),
        ("x.csv", "time,user,channel,text\n1700000000,ana,general,hi\n"),
        ("chat.txt", "[01/02/2026, 10:00:00] Ana: name, email, department\n"),
        ("numbers.csv", "a,b\n1,2\n"),
        ("Cargo.toml", "[package]\nname = \"x\"\n"),
        ("x.csv", ""),
    ] {
        assert_eq!(list_kind(name, text.as_bytes()), None, "{name}: {text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_a_list_or_an_error(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300), text in "(name|email|last day|client|from|to|person|[,;\"\n\t ]|[0-9/.-]{1,10}|@a\\.b){0,60}") {
        for b in [bytes.as_slice(), text.as_bytes()] {
            let _ = (people("p.csv", b), clients("c.csv", b), leave("l.csv", b), expected("e.csv", b));
            let s = String::from_utf8_lossy(b);
            let _ = (matter("matter.toml", &s), list_kind("people.csv", b));
        }
    }
}
