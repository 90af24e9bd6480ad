//! Lists as workbooks, directory exports, JSON, cards and calendars; malformed rosters; mappings. All names are invented. The
//! workbooks were written with XlsxWriter, xlwt and odfpy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use retention_audit::import::lists::{self, Kind, list_kind};
use retention_audit::model::decision::Mapping;
use retention_audit::model::matter::Matter;
use retention_audit::model::roster::{ListReading, Person, Status};
use retention_audit::time::parse_day;
use retention_audit::workbench;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/lists/{name}")).unwrap()
}

fn roster(name: &str) -> (Vec<Person>, ListReading) {
    lists::people(name, &file(name), &[]).unwrap()
}

fn read(text: &str) -> (Vec<Person>, ListReading) {
    lists::people("p.csv", text.as_bytes(), &[]).unwrap()
}

#[track_caller]
fn said(reading: &ListReading, part: &str) {
    assert!(reading.remarks.iter().any(|r| r.contains(part)), "{part}: {:#?}", reading.remarks);
}

fn doubt<'a>(reading: &'a ListReading, heading: &str) -> Option<&'a str> {
    reading.doubts.iter().find(|(h, _)| h == heading).map(|(_, why)| why.as_str())
}

#[test]
fn a_workbook_with_cover_title_merged_cells_and_a_hidden_sheet() {
    let (p, r) = roster("staff.xlsx");
    assert_eq!(p.len(), 4, "{r:#?}");
    assert_eq!((p[0].id.as_str(), p[1].id.as_str(), p[0].phones.as_slice()), ("001001", "1002", &["447700900142".to_owned()][..]), "numbers keep their digits");
    assert_eq!((p[0].start, p[0].line), (parse_day("2019-03-14"), 4));
    assert_eq!(p.iter().map(|p| p.department.as_str()).collect::<Vec<_>>(), ["Sales", "Sales", "Sales", "Research"], "a merged cell holds for all its rows");
    assert_eq!((p[1].last_day, p[1].region.as_str()), (parse_day("2026-09-30"), "LONDON"), "a formula is the value it last had");
    assert_eq!((p[2].name.as_str(), p[2].status, p[2].phones[0].as_str()), ("Wei Chen", Status::Terminated, "+85251234567"));
    assert_eq!((p[3].name.as_str(), p[3].last_day, p[3].status), ("Dora Ek", None, Status::Active), "9999-12-31 is none");
    assert_eq!((p[0].emails.as_slice(), p[0].personal_emails.as_slice()), (&["ana.silva@firm.example".to_owned()][..], &["ana@home.example".to_owned()][..]));
    for part in
        ["Read from the sheet \"Staff\"; not read: \"Cover\", \"Old\"", "1 line above the headings", "value of 1 block was taken", "1 row is of contractors"]
    {
        said(&r, part);
    }
    said(&r, "3 rows name a manager who is not on the list");
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    let (p, _) = roster("staff-1904.xlsx");
    assert_eq!((p[0].start, p[0].last_day), (parse_day("2020-02-01"), parse_day("2026-02-01")));
}

#[test]
fn open_documents_and_client_workbooks_are_read() {
    let (l, _) = lists::leave("leave.ods", &file("leave.ods"), &[]).unwrap();
    assert_eq!((l[0].person.as_str(), l[0].to - l[0].from, l[0].kind.as_str()), ("Ana Silva", 11, "CP"));
    let (c, _) = lists::clients("clients.xlsx", &file("clients.xlsx"), &[]).unwrap();
    assert_eq!((c[0].name.as_str(), c[0].contacts.len(), c[0].contacts[0].phones[0].as_str()), ("Northwind plc", 2, "442079460001"));
}

#[test]
fn workbooks_that_cannot_be_read_are_refused_in_a_sentence() {
    let broken = file("staff.xlsx")[..3000].to_vec();
    for (name, bytes, part) in [
        ("locked.xlsx", file("locked.xlsx"), "protected by a password"),
        ("german.xls", file("german.xls"), "save it as XLSX"),
        ("empty.xlsx", file("empty.xlsx"), "every sheet of this workbook is empty"),
        ("cut.xlsx", broken, "no workbook this program can read"),
        ("page.xls", b"<html><table><tr><td>Name</td></tr></table>".to_vec(), "is a web page"),
    ] {
        let error = lists::people(name, &bytes, &[]).unwrap_err();
        assert!(error.starts_with(name) && error.contains(part) && error.ends_with('.'), "{error}");
    }
}

#[test]
fn two_heading_rows_tell_employee_and_manager_apart() {
    let (p, r) = roster("two-heading-rows.xlsx");
    assert_eq!((p.len(), p[0].name.as_str(), p[0].emails.as_slice()), (2, "Ana Silva", &["ana@firm.example".to_owned()][..]), "{r:#?}");
    assert_eq!((p[0].manager.as_str(), p[0].last_day), ("Bo Lind", parse_day("2026-01-31")));
    said(&r, "Line 1 names groups of columns");
    let (p, _) = read("Employee,,Manager,\nName,Email,Name,Email\nAna,ana@f.example,Bo,bo@f.example\n");
    assert_eq!((p[0].emails.len(), p[0].manager.as_str()), (1, "Bo"));
}

#[test]
fn malformed_rosters_are_read_or_refused() {
    // The wrong extension: a workbook called CSV, and text called XLSX.
    assert_eq!(lists::people("staff.csv", &file("staff.xlsx"), &[]).unwrap().0.len(), 4);
    assert_eq!(lists::people("staff.xlsx", b"Name;E-Mail\nAna;a@f.example\n", &[]).unwrap().0[0].emails, ["a@f.example"]);
    // One column.
    let (p, r) = read("E-mail\nana@f.example\nbo@f.example\n");
    assert_eq!((p.len(), p[1].name.as_str()), (2, "bo@f.example"));
    said(&r, "no column with a last day");
    // Headings on every page, blank lines between.
    let (p, r) = read("Name,Email,Last day\nAna,a@f.example,\n\n\nName,Email,Last day\nBo,b@f.example,2026-01-31\n");
    assert_eq!((p.len(), p[1].line), (2, 6));
    said(&r, "headings stand in 1 further line");
    // Dates in the other order: each column for itself.
    let (p, r) = read("Name,Email,Start date,Last day\nAna,a@f.example,03/25/2020,25/03/2026\nBo,b@f.example,04/01/2020,01/04/2026\n");
    assert_eq!((p[1].start, p[1].last_day), (parse_day("2020-04-01"), parse_day("2026-04-01")));
    assert!(r.doubts.is_empty(), "{:?}", r.doubts);
    for (bytes, part) in
        [(&b"Name,Email\n"[..], "no rows"), (b"\n\n", "is empty"), (b"\xff\xfe", "is empty"), (b"{\"a\":", "not valid JSON"), (b"[]", "no list of people")]
    {
        let error = lists::people("p.csv", bytes, &[]).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn statuses_of_names_and_columns() {
    let (p, r) = read(
        "Name,Email,Worker Status,On Leave,Last day\nAna Silva (On Leave),a@f.example,Active,No,\nBo Lind,b@f.example,Active,Yes,\nCy Orr,c@f.example,Active,No,2024-01-31\n\
         Dee Poe (Asia),d@f.example,Terminated,No,2023-01-31\n",
    );
    assert_eq!(p.iter().map(|p| p.status).collect::<Vec<_>>(), [Status::OnLeave, Status::OnLeave, Status::Notice, Status::Terminated]);
    assert_eq!(p[3].name, "Dee Poe (Asia)");
    said(&r, "1 row is active by the status and name a last day (the earliest 2024-01-31, line 4)");
    let mut matter = Matter::default();
    matter.scope.as_of = parse_day("2026-01-01");
    workbench::lists::add(&mut matter, "people", "p.csv", b"Name,Email,Status,Last day\nCy,c@f.example,active,2024-01-31\n").unwrap();
    said(&matter.readings[0], "1 person is not marked as having left although the last day lies before 2026-01-01 (line 2)");
}

#[test]
fn rehires_keep_the_latest_start_and_tell_the_former_period() {
    let (p, r) = read(
        "Employee ID,Name,Email,Hire Date,Last day\n7,Ana Silva,ana@f.example,2015-02-01,2018-06-30\n7,Ana Silva,asilva@f.example,2021-03-01,\n8,Bo Lind,ana@f.example,2022-01-01,\n",
    );
    assert_eq!((p.len(), p[0].start, p[0].last_day), (2, parse_day("2021-03-01"), None), "a mailbox that is used again is another person's");
    assert_eq!(p[0].emails, ["asilva@f.example", "ana@f.example"]);
    said(&r, "Ana Silva: a former period is not used (2015-02-01 to 2018-06-30, line 2)");
}

#[test]
fn headings_in_nine_languages() {
    for heading in [
        "Employee ID,First Name,Last Name,Work Email,Mobile,Department,Job Title,Manager,Location,Hire Date,Last Day,Status",
        "Personalnummer,Vorname,Nachname,E-Mail-Adresse,Handy,Abteilung,Stelle,Vorgesetzte(r),Standort,Eintrittsdatum,Austrittsdatum,Status",
        "Matricule,Prénom,Nom,Adresse e-mail,Portable,Service,Poste,Responsable,Bureau,Date d'embauche,Date de sortie,Statut",
        "Número de empleado,Nombre,Apellidos,Correo electrónico,Móvil,Departamento,Puesto,Jefe,Oficina,Fecha de ingreso,Fecha de baja,Estado",
        "Matricola,Nome,Cognome,E-mail,Cellulare,Reparto,Mansione,Responsabile,Sede,Data di assunzione,Data di cessazione,Stato",
        "Matrícula,Nome,Sobrenome,E-mail,Celular,Departamento,Cargo,Gestor,Escritório,Data de admissão,Data de desligamento,Situação",
        "Personeelsnummer,Voornaam,Achternaam,E-mailadres,Mobiel,Afdeling,Functie,Leidinggevende,Vestiging,Datum in dienst,Datum uit dienst,Status",
        "工号,名,姓,工作邮箱,手机号码,部门,职位,直属上级,办公地点,入职日期,离职日期,状态",
        "社員番号,名,姓,メールアドレス,携帯電話,部署,役職,上司,勤務地,入社日,退職日,状態",
    ] {
        let (p, r) = read(&format!("{heading}\n007,Ana,Silva,ana@f.example,+447700900142,Sales,Director,Bo,London,2019-03-14,2026-09-30,active\n"));
        let p = &p[0];
        assert_eq!(
            (p.id.as_str(), p.emails.len(), p.phones.len(), p.department.as_str(), p.grade.as_str()),
            ("007", 1, 1, "Sales", "Director"),
            "{heading}: {r:#?}"
        );
        assert_eq!(
            (p.manager.as_str(), p.region.as_str(), p.start, p.last_day),
            ("Bo", "London", parse_day("2019-03-14"), parse_day("2026-09-30")),
            "{heading}"
        );
        assert!(p.name == "Ana Silva" && p.status == Status::Notice, "{heading}: {p:?}");
        assert!(r.unused.is_empty() && r.doubts.is_empty(), "{heading}: {:?} {:?}", r.unused, r.doubts);
        assert_eq!(list_kind("x.csv", format!("{heading}\n1,2\n").as_bytes()), Some(Kind::People), "{heading}");
    }
}

#[test]
fn a_directory_export_with_folded_lines_base64_and_disabled_accounts() {
    let (p, r) = roster("directory.ldif");
    assert_eq!(p.len(), 3, "{r:#?}");
    assert_eq!((p[0].id.as_str(), p[0].department.as_str(), p[0].status, p[0].last_day), ("00123", "Sales and Trading", Status::Active, None));
    assert_eq!(p[0].emails, ["ana.silva@firm.example", "asilva@firm.example"]);
    assert_eq!(
        (p[1].name.as_str(), p[1].manager.as_str(), p[1].status, p[1].last_day),
        ("Jürgen Groß", "Ana Silva", Status::Terminated, parse_day("2025-12-30"))
    );
    assert_eq!((p[2].manager.as_str(), p[2].status, p[2].line), ("Chan, Mary", Status::Active, 39));
    said(&r, "2 of 5 records are no people");
    said(&r, "1 row names a manager who is not on the list (line 39");
    assert!(!r.headings.iter().any(|h| h == "jpegPhoto"));
    assert!(lists::people("x.ldif", b"dn: OU=Staff,DC=x\nobjectClass: organizationalUnit\n", &[]).unwrap_err().contains("none of its 1 records"));
}

#[test]
fn users_as_json_of_scim_graph_and_personio() {
    let (p, r) = roster("scim.json");
    assert_eq!(
        (p[0].name.as_str(), p[0].id.as_str(), p[0].department.as_str(), p[0].phones[0].as_str()),
        ("Ana Silva", "00123", "Sales", "+447700900142"),
        "{r:#?}"
    );
    assert_eq!(
        (p[0].emails.as_slice(), p[0].personal_emails.as_slice()),
        (&["ana.silva@firm.example".to_owned(), "asilva@firm.example".to_owned()][..], &["ana@home.example".to_owned()][..])
    );
    assert_eq!((p[1].name.as_str(), p[1].status, p[1].manager.as_str()), ("Bo Lind", Status::Terminated, "Ana Silva"));
    said(&r, "one page of a longer list");
    let (p, _) = roster("graph-users.json");
    assert_eq!((p[0].id.as_str(), p[0].start, p[0].status, p[0].region.as_str()), ("00123", parse_day("2019-03-14"), Status::Active, "London"));
    assert_eq!((p[1].last_day, p[1].status, p[1].manager.as_str()), (parse_day("2026-09-30"), Status::Terminated, "Ana Silva"));
    assert_eq!(p[1].emails, ["bo.lind@firm.example", "b@firm.example", "bo@firm.onmicrosoft.example"]);
    let (p, _) = roster("personio.json");
    assert_eq!((p[0].name.as_str(), p[0].status, p[0].department.as_str(), p[0].id.as_str()), ("Ana Silva", Status::OnLeave, "Sales", "7"));
    assert_eq!((p[1].last_day, p[1].manager.as_str()), (parse_day("2026-09-30"), "ana.silva@firm.example"));
}

#[test]
fn cards_of_a_telephone_are_contacts() {
    let (c, _) = lists::clients("contacts.vcf", &file("contacts.vcf"), &[]).unwrap();
    assert_eq!(
        (c[0].name.as_str(), c[0].domains.as_slice(), c[0].contacts[0].phones[0].as_str()),
        ("Northwind plc", &["northwind.example".to_owned()][..], "+447700900555")
    );
    assert_eq!((c[1].contacts[0].name.as_str(), c[1].contacts[0].line), ("王伟", 11));
}

#[test]
fn calendars_are_holidays_or_leave() {
    let (days, r) = lists::holidays("holidays.ics", &file("holidays.ics"), &[]).unwrap();
    let days: Vec<String> = days.iter().map(|(d, _)| retention_audit::time::day_name(*d)).collect();
    let new_years: Vec<String> = (2020..2028).map(|y| format!("{y}-01-01")).collect();
    assert!(new_years.iter().all(|d| days.contains(d)) && !days.contains(&"2028-01-01".to_owned()), "{days:?}");
    let spring = ["2020-05-25", "2021-05-31", "2023-05-29", "2024-05-27", "2025-05-26", "2026-05-25"];
    assert!(spring.iter().all(|d| days.contains(&(*d).to_owned())) && days.iter().filter(|d| d[5..7] == *"05").count() == spring.len(), "{days:?}");
    assert_eq!(days.iter().filter(|d| d.starts_with("2026-12")).collect::<Vec<_>>(), ["2026-12-25", "2026-12-26"]);
    said(&r, "1 event with a time of day");
    said(&r, "1 event repeated in another way");
    let (l, _) = lists::leave("whos-out.ics", &file("whos-out.ics"), &[]).unwrap();
    let l: Vec<_> = l.iter().map(|l| (l.person.as_str(), l.to - l.from + 1, l.kind.as_str())).collect();
    assert_eq!(l, [("Ana Silva", 12, "Vacation - 10 days"), ("bo.lind@firm.example", 2, "Out of office"), ("Wei Chen", 1, "Sick leave")]);
    let mut matter = Matter::default();
    workbench::lists::add(&mut matter, "holidays", "h.csv", b"Date,Holiday,Region\n2026-12-24,Eve,Munich\n2026-12-31,Eve,\n2026-12-31,Eve,\n").unwrap();
    assert_eq!(
        (matter.calendar.holidays.as_slice(), matter.calendar.regions[0].holidays.as_slice()),
        (&[parse_day("2026-12-31").unwrap()][..], &[parse_day("2026-12-24").unwrap()][..])
    );
}

#[test]
fn a_reading_shows_what_a_person_needs_to_confirm_it() {
    let (_, r) = read(
        "Staff Member,Employee Work Email Address,Hire Date,Original Hire Date,Shoe size,Last day\nAna,ana@f.example,2020-01-01,,38,never\nBo,bo@f.example,,2019-01-01,44,never\nCy,cy@f.example,2020-01-01,,41,never\n",
    );
    assert_eq!((r.list.as_str(), r.headings.len(), r.sample.len(), r.sample[1][4].as_str(), r.stated), ("people", 6, 3, "44", false));
    assert!(r.fields.contains(&("last day".to_owned(), "Last day of work".to_owned())) && r.fields.iter().any(|(f, _)| f == "handles whatsapp"));
    assert_eq!(doubt(&r, "Employee Work Email Address"), Some("part of the heading says e-mail, and so do the cells"));
    assert_eq!(doubt(&r, "Original Hire Date"), Some("read only where \"Hire Date\" is empty"));
    assert_eq!(doubt(&r, "Last day"), Some("the heading says last day, but most cells hold none"));
    assert_eq!((doubt(&r, "Hire Date"), r.unused.as_slice()), (None, &["Staff Member".to_owned(), "Shoe size".to_owned()][..]));
    let (_, again) = read("LAST DAY,hire date,Shoe Size,Original hire date,staff member,Employee Work Email address\nnever,,,,Ana,a@f.example\n");
    assert_eq!(r.fingerprint, again.fingerprint, "order and spelling of headings do not matter");
    assert_ne!(r.fingerprint, read("Name,Email\nAna,a@f.example\n").1.fingerprint);
    assert_eq!(r.fingerprint.len(), 16);
}

#[test]
fn a_mapping_somebody_stated_is_used_instead_of_guessing() {
    let bytes = b"Kuerzel,Wer,Adresse,Ende,Chat\n1,Ana Silva,ana@f.example,03/04/2026,U01\n2,Bo Lind,bo@f.example,,U02\n";
    let mut matter = Matter::default();
    assert!(workbench::lists::add(&mut matter, "clients", "x.csv", b"colour,size\nred,1\n").is_err());
    let look = workbench::lists::look(&matter, "people", "odd.csv", bytes).unwrap();
    let columns = [("Kuerzel", "id"), ("Wer", "name"), ("Adresse", "e-mail"), ("Ende", "last day month first"), ("Chat", "handles slack")];
    let mapping = |columns: &[(&str, &str)]| Mapping {
        list: "people".into(),
        fingerprint: look.fingerprint.clone(),
        columns: columns.iter().map(|(h, f)| ((*h).to_owned(), (*f).to_owned())).collect(),
    };
    workbench::lists::add_mapped(&mut matter, "people", "odd.csv", bytes, mapping(&columns)).unwrap();
    let p = &matter.people.as_ref().unwrap()[0];
    assert_eq!(
        (p.id.as_str(), p.name.as_str(), p.last_day, p.handles[0].clone()),
        ("1", "Ana Silva", parse_day("2026-03-04"), ("slack".to_owned(), "U01".to_owned()))
    );
    let r = &matter.readings[0];
    assert!(r.stated && r.doubts.is_empty() && r.columns.contains(&("last day month first".to_owned(), "Ende".to_owned())), "{r:#?}");
    // Remembered for the next file with these headings, in any order; the columns of a reading are a mapping again.
    workbench::lists::add(&mut matter, "people", "next.csv", b"Wer;Kuerzel;Ende;Adresse;Chat\nCy;3;;cy@f.example;\n").unwrap();
    assert_eq!((matter.people.as_ref().unwrap()[0].id.as_str(), matter.readings[1].stated), ("3", true));
    // A later mapping replaces it; one that leaves no name is refused and changes nothing.
    let before = matter.clone();
    assert!(
        workbench::lists::add_mapped(&mut matter, "people", "odd.csv", bytes, mapping(&[("Chat", "handles slack")]))
            .unwrap_err()
            .contains("no column for names")
    );
    assert_eq!(matter, before);
    workbench::lists::add_mapped(&mut matter, "people", "odd.csv", bytes, mapping(&[("Wer", "name"), ("Ende", "nonsense")])).unwrap();
    assert_eq!((matter.mappings.len(), matter.people.as_ref().unwrap()[0].last_day), (1, None));
    assert!(matter.readings.iter().any(|r| r.remarks.iter().any(|r| r.contains("which is no field of this list"))));
}

#[test]
fn regions_of_the_people_list_get_a_calendar_proposed() {
    let mut matter = Matter::default();
    let list = "Name,Email,Region\nA,a@f.example,London\nB,b@f.example,london\nC,c@f.example,Frankfurt am Main\nD,d@f.example,Moon\nE,e@f.example,\nF,f@f.example,SG\nG,g@f.example,New York Office\n";
    workbench::lists::add(&mut matter, "people", "p.csv", list.as_bytes()).unwrap();
    let offices = workbench::lists::offices(&matter);
    let offices: Vec<_> = offices.iter().map(|o| (o.region.as_str(), o.people, o.proposed.unwrap_or("?"))).collect();
    assert_eq!(offices, [("London", 2, "GB"), ("Frankfurt am Main", 1, "DE-HE"), ("Moon", 1, "?"), ("New York Office", 1, "US-NY"), ("SG", 1, "SG")]);
    assert!(workbench::lists::places().iter().any(|(code, name)| *code == "DE-BY" && *name == "Germany, BY"));
}

#[test]
fn lists_in_any_form_are_told_from_message_files() {
    for (name, kind) in [
        ("staff.xlsx", Kind::People),
        ("clients.xlsx", Kind::Clients),
        ("leave.ods", Kind::Leave),
        ("directory.ldif", Kind::People),
        ("scim.json", Kind::People),
        ("graph-users.json", Kind::People),
        ("personio.json", Kind::People),
        ("contacts.vcf", Kind::Clients),
        ("holidays.ics", Kind::Holidays),
        ("whos-out.ics", Kind::Leave),
    ] {
        assert_eq!(list_kind(name, &file(name)), Some(kind), "{name}");
    }
    assert_eq!(list_kind("h.csv", b"Date,Holiday\n2026-12-25,Christmas\n"), Some(Kind::Holidays));
    // The first bytes of a file may end within a character.
    let cut = "Prénom,Nom,E-mail,Date de sortie\nZoé,É\n,é".as_bytes();
    assert_eq!(list_kind("x.csv", &cut[..cut.len() - 1]), Some(Kind::People));
    // The head of a workbook shows nothing: its name tells, or nobody.
    let head = &file("staff.xlsx")[..2000];
    assert_eq!((list_kind("Headcount 2026.xlsx", head), list_kind("Book1.xlsx", head), list_kind("people.zip", head)), (Some(Kind::People), None, None));
    for (name, text) in [
        ("result.json", "{\"name\":\"Ana\",\"type\":\"personal_chat\",\"messages\":[{\"id\":1,\"date\":\"2026-01-01\",\"text\":\"hi\"}]}"),
        ("users.json", "[{\"id\":\"U1\",\"team_id\":\"T1\",\"name\":\"ana\",\"profile\":{\"email\":\"a@f.example\"}}]"),
        ("users.jsonl", "{\"timestamp\":\"2026-01-01\",\"sender\":\"ana\",\"text\":\"hi\"}"),
        ("messages.html", "<html>"),
    ] {
        assert_eq!(list_kind(name, text.as_bytes()), None, "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_of_these_forms_is_a_list_or_an_error(
        ldif in "(dn:|dn:: |mail: |sn: |manager: CN=|userAccountControl: 514|accountExpires: [0-9]{1,19}|[a-z=+/@. -]{0,9}|\n|\n ){0,60}",
        events in "(BEGIN:VEVENT\n|END:VEVENT\n|DTSTART:[0-9]{8}\n|DTEND:[0-9]{8}T000000\n|RRULE:FREQ=YEARLY;(BYDAY=-?[0-9]{1,2}MO|INTERVAL=[0-9]{1,9}|BYMONTHDAY=[0-9]{1,9})\n|DURATION:P[0-9]{1,9}[DW]\n|SUMMARY:[a-z (:-]{0,9}\n){0,30}",
        cards in "(BEGIN:VCARD\n|END:VCARD\n|FN;ENCODING=QUOTED-PRINTABLE:[=0-9A-F]{0,9}\n|N:[a-z;]{0,5}\n|TEL:[+0-9]{0,12}\n|ORG:[a-z;\\\\]{0,5}\n){0,30}",
        json in "[\\[\\]{}\":,a-z0-9 ]{0,80}",
    ) {
        for text in [format!("dn: x\n{ldif}"), format!("BEGIN:VCALENDAR\n{events}"), cards, format!("{{{json}"), format!("[{{\"value\":[{json}")] {
            let b = text.as_bytes();
            let _ = (lists::people("p", b, &[]), lists::clients("c", b, &[]), lists::leave("l", b, &[]), lists::holidays("h", b, &[]), list_kind("people.json", b));
        }
    }
}

proptest::proptest! {
    // Each opens a whole workbook.
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn a_damaged_workbook_is_read_or_refused(name in "(staff[.]xlsx|staff-1904[.]xlsx|german[.]xls|leave[.]ods|locked[.]xlsx)", changes in proptest::collection::vec((0usize..12000, 0u8..=255), 1..6), cut in 0usize..12000) {
        let mut bytes = file(&name);
        for (at, b) in changes {
            let len = bytes.len();
            bytes[at % len] = b;
        }
        let _ = lists::people(&name, &bytes, &[]);
        bytes.truncate(cut);
        let _ = (lists::people(&name, &bytes, &[]), list_kind(&name, &bytes));
    }

    // Whole archives around damaged parts: what a checksum does not catch.
    #[test]
    fn a_workbook_with_damaged_parts_is_read_or_refused(name in "(staff[.]xlsx|staff-1904[.]xlsx|leave[.]ods)", part in 0usize..12, changes in proptest::collection::vec((0usize..6000, "(<|>|/|\"|[0-9]{1,12}|[A-Z]{1,3}|s|t=\"s\"|<row r=\"9999999\">|table:number-rows-repeated=\"[0-9]{1,9}\" )"), 1..4)) {
        use std::io::{Read, Write};
        let mut from = zip::ZipArchive::new(std::io::Cursor::new(file(&name))).unwrap();
        let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for ix in 0..from.len() {
            let mut text = String::new();
            let mut member = from.by_index(ix).unwrap();
            to.start_file(member.name().unwrap().into_owned(), zip::write::SimpleFileOptions::default()).unwrap();
            member.read_to_string(&mut text).unwrap();
            if ix == part % 12 {
                for (at, change) in &changes {
                    let at = text.floor_char_boundary(at % (text.len() + 1));
                    text.insert_str(at, change);
                }
            }
            to.write_all(text.as_bytes()).unwrap();
        }
        let _ = lists::people(&name, &to.finish().unwrap().into_inner(), &[]);
    }
}

#[test]
fn a_spreadsheet_whose_table_never_ends_is_refused() {
    use std::io::{Read, Write};
    for (from, to) in [("</table:table>", ""), ("<table:table-row", "<table:table-row a=\""), ("</office:document-content>", "")] {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file("leave.ods"))).unwrap();
        let mut damaged = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for ix in 0..archive.len() {
            let mut member = archive.by_index(ix).unwrap();
            let (name, mut text) = (member.name().unwrap().into_owned(), String::new());
            member.read_to_string(&mut text).unwrap();
            damaged.start_file(name.clone(), zip::write::SimpleFileOptions::default()).unwrap();
            damaged.write_all(if name == "content.xml" { text.replacen(from, to, 1) } else { text }.as_bytes()).unwrap();
        }
        let said = lists::people("leave.ods", &damaged.finish().unwrap().into_inner(), &[]).unwrap_err();
        assert!(said.contains("could not be read as a workbook"), "{from}: {said}");
    }
}

#[test]
fn further_columns_that_divide_people_are_kept_and_what_is_not_for_an_audit_is_not() {
    let mut text = "Name,Work Email,Department,Legal Entity,Squad,Salary Band,Religion,Date of Birth,Badge,Motto,Wing,Age Group\n".to_owned();
    for n in 0..8 {
        let (entity, squad, band) = (["Oslo AS", "Lyon SA"][n % 2], ["Red", "Blue", ""][n % 3], ["High", "Low"][n % 2]);
        text += &format!("Ana{n} Silva{n},ana{n}@firm.example,Sales,{entity},{squad},{band},None,1980-01-0{},B-100{n},Word {n},{band},Young\n", n + 1);
    }
    let (people, reading) = read(&text);
    let of = |n: usize| people[n].attributes.iter().map(|(h, v)| format!("{h}={v}")).collect::<Vec<_>>().join(" ");
    assert_eq!((of(0), of(1)), ("Legal Entity=Oslo AS Squad=Red Wing=High".to_owned(), "Legal Entity=Lyon SA Squad=Blue Wing=Low".to_owned()));
    assert_eq!(of(2), "Legal Entity=Oslo AS Wing=High", "nothing is said of an empty cell: {reading:#?}");
    // Bounded: however many columns divide, and however long a heading is.
    let heads: Vec<String> = (0..30).map(|n| format!("Team {n} {}", "x".repeat(200))).collect();
    let mut wide = format!("Name,{}\n", heads.join(","));
    for n in 0..6 {
        wide += &format!("Ana{n} Silva,{}\n", vec![["Red", "Blue"][n % 2]; 30].join(","));
    }
    let (people, _) = read(&wide);
    assert!(people.iter().all(|p| p.attributes.len() == 6 && p.attributes.iter().all(|(h, v)| h.len() <= 64 && v.len() <= 64)), "{:?}", people[0]);
    // Names of teams of one are names of people.
    let (people, _) = read("Name,Work Email,Nickname\nAna Silva,a@firm.example,Ace\nBo Lind,b@firm.example,Bobo\n");
    assert!(people.iter().all(|p| p.attributes.is_empty()));
}
