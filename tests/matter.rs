//! `matter.toml` both ways: whatever a matter holds, written and read again it is the same; and every error names its field and line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use retention_audit::import::lists::{matter, matter_toml};
use retention_audit::model::decision::{Cause, ClassDecision, Explanation, IdentityDecision, Mapping, Verdict, mark};
use retention_audit::model::matter::{
    CLOCKS, Calendar, ChannelRule, ChannelStatus, Division, Exception, Hold, Matter, Policy, Privacy, RegionDays, Rule, Scope, WorkRules,
};
use retention_audit::text::{clean, clean_name};
use retention_audit::time::{day_of, parse_day};

/// Text that tries to break out: quotation marks, escapes, line ends, brackets, comments, direction marks, other scripts, length.
fn hostile() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        Just("\"".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("'".to_owned()),
        Just("\\".to_owned()),
        Just("\\u0000".to_owned()),
        Just("\n[[hold]]\nname = \"x\"\n".to_owned()),
        Just("\r".to_owned()),
        Just("# ".to_owned()),
        Just(" = ".to_owned()),
        Just("]]".to_owned()),
        Just("{".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{0}".to_owned()),
        Just("\u{7f}\u{85}\u{2028}".to_owned()),
        Just("<script>".to_owned()),
        Just("王伟 \u{1f600}".to_owned()),
        Just("  ".to_owned()),
        any::<char>().prop_map(String::from),
        "[a-z]{1,12}",
        Just("long ".repeat(60)),
    ];
    vec(bits, 0..6).prop_map(|parts| parts.concat())
}

/// A text as the program holds it: cleaned and bounded.
fn name() -> impl Strategy<Value = String> {
    hostile().prop_map(|s| clean_name(&s))
}

fn some_name() -> impl Strategy<Value = String> {
    name().prop_map(|s| if s.is_empty() { "x".to_owned() } else { s })
}

fn text() -> impl Strategy<Value = String> {
    hostile().prop_map(|s| clean(&s, 4_000))
}

fn day() -> impl Strategy<Value = i32> {
    day_of(1990, 1, 1).unwrap()..day_of(2099, 12, 31).unwrap()
}

fn slug() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["email", "whatsapp", "wechat", "google_chat", "other:pigeon", "other"]).prop_map(str::to_owned)
}

fn rule() -> impl Strategy<Value = Rule> {
    let numbers = (option::of(1..600u32), any::<bool>(), option::of(0..600u32));
    let clock = proptest::sample::select(CLOCKS.iter().map(|(w, _)| *w).chain([""]).collect::<Vec<_>>());
    let url = proptest::sample::select(vec!["", "https://www.ecfr.gov/current/title-17/section-240.17a-4", "http://x.example/?a=b&c=%22#d"]);
    (some_name(), name(), text(), numbers, clock, text(), url, name()).prop_map(
        |(id, title, citation, (months, near, more), clock, scope, url, last_checked)| Rule {
            id,
            title,
            citation,
            months,
            accessible: months.filter(|_| near).map(|m| 1 + m / 3),
            maximum: more.map(|more| months.unwrap_or(1) + more),
            clock: clock.to_owned(),
            scope,
            url: url.to_owned(),
            last_checked,
        },
    )
}

fn hold() -> impl Strategy<Value = Hold> {
    (some_name(), vec(some_name(), 0..3), vec(slug(), 0..3), option::of(day()), option::of(0..4000i32), text())
        .prop_map(|(name, people, channels, from, length, reason)| Hold { name, people, channels, from, to: length.map(|l| from.unwrap_or(9_000) + l), reason })
}

fn status() -> impl Strategy<Value = ChannelStatus> {
    proptest::sample::select(vec![ChannelStatus::Approved, ChannelStatus::Tolerated, ChannelStatus::Prohibited, ChannelStatus::Unknown])
}

fn channel() -> impl Strategy<Value = ChannelRule> {
    let account = prop_oneof!["[a-z]{1,8}@firm\\.example", "\\+44[0-9]{8}", "[a-z_]{1,12}"];
    let exceptions = vec((some_name(), status()), 0..3).prop_map(|list| {
        let mut out: Vec<Exception> = Vec::new();
        for (department, status) in list {
            if !out.iter().any(|e| e.department == department) {
                out.push(Exception { department, status });
            }
        }
        out
    });
    (slug(), status(), option::of(any::<bool>()), vec(account, 0..3), option::of(day()), exceptions)
        .prop_map(|(id, status, captured, accounts, adopted, exceptions)| ChannelRule { id, status, captured, accounts, adopted, exceptions })
}

fn days() -> impl Strategy<Value = Vec<i32>> {
    vec(day(), 0..5).prop_map(|mut days| {
        days.sort_unstable();
        days.dedup();
        days
    })
}

fn weekend() -> impl Strategy<Value = Vec<u8>> {
    proptest::sample::subsequence(vec![0u8, 1, 2, 3, 4, 5, 6], 0..7)
}

fn country() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[A-Z]{2}", "[A-Z]{2}-[A-Z0-9]{1,3}"]
}

fn once<T, K: PartialEq>(list: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut out: Vec<T> = Vec::new();
    for one in list {
        if !out.iter().any(|known| key(known) == key(&one)) {
            out.push(one);
        }
    }
    out
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let region = (some_name(), country(), weekend(), days()).prop_map(|(region, country, weekend, holidays)| RegionDays { region, country, weekend, holidays });
    (weekend(), days(), 0..7u8, country(), vec(region, 0..3)).prop_map(|(weekend, holidays, week_start, country, regions)| Calendar {
        // What nobody stated is not written.
        weekend_stated: weekend != [5, 6] || week_start % 2 == 0,
        weekend,
        holidays,
        week_start,
        country,
        regions: once(regions, |r| r.region.clone()),
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    (vec(some_name(), 0..3), 0..367u32, 1e-9..0.5f64, vec(channel(), 0..4), vec(rule(), 0..3), vec(hold(), 0..3), 1..13u32).prop_map(
        |(presets, tolerance_days, alpha, channels, rules, holds, fiscal_year_month)| Policy {
            presets,
            tolerance_days,
            alpha,
            channels: once(channels, |c| c.id.clone()),
            rules: once(rules, |r| r.id.clone()),
            holds,
            fiscal_year_month,
        },
    )
}

type Decisions = (Vec<IdentityDecision>, Vec<ClassDecision>, Vec<Explanation>, Vec<Mapping>);

fn decisions() -> impl Strategy<Value = Decisions> {
    let verdict = proptest::sample::select(vec![Verdict::Same, Verdict::Different, Verdict::Service, Verdict::Other]);
    let whom = prop_oneof![Just(String::new()), hostile().prop_map(|s| format!("person:{s}")), hostile().prop_map(|s| format!("contact:{s}/x"))];
    let identity = (slug(), hostile(), verdict, whom, text(), name(), name()).prop_map(|(channel, handle, verdict, whom, reason, by, at)| IdentityDecision {
        channel,
        handle,
        verdict,
        whom,
        reason,
        by,
        at,
    });
    let class = (slug(), hostile(), any::<bool>(), text(), name(), name()).prop_map(|(channel, key, work, reason, by, at)| {
        let conversation = if work { key } else { mark(&channel, &key) };
        ClassDecision { channel, conversation, work, reason, by, at }
    });
    let list = proptest::sample::select(vec!["people", "clients", "leave", "expected"]).prop_map(str::to_owned);
    let mapping = (list, hostile(), vec((hostile(), hostile()), 0..4)).prop_map(|(list, fingerprint, columns)| Mapping { list, fingerprint, columns });
    (vec(identity, 0..3), vec(class, 0..3), vec(explanation(), 0..3), vec(mapping, 0..3))
}

fn explanation() -> impl Strategy<Value = Explanation> {
    let place = (some_name(), prop_oneof![Just(String::new()), slug()], option::of(hostile()));
    let days = (day(), 0..400i32, any::<[bool; 2]>());
    (place, days, 0..Cause::ALL.len(), (any::<bool>(), text(), name(), name())).prop_map(
        |((custodian, channel, key), (from, length, [first, last]), kind, (nobody, note, by, at))| {
            let kind = Cause::ALL[kind];
            Explanation {
                custodian: if nobody && kind != Cause::Leave { String::new() } else { custodian },
                owner: if nobody && kind != Cause::Leave && !channel.is_empty() { mark(&channel, &note) } else { String::new() },
                conversation: key.filter(|_| !channel.is_empty()).map(|key| mark(&channel, &key)).unwrap_or_default(),
                channel,
                from: (first || kind.is_calendar()).then_some(from),
                to: (last || kind.is_calendar()).then_some(from + length),
                kind,
                note,
                by,
                at,
            }
        },
    )
}

fn any_matter() -> impl Strategy<Value = Matter> {
    let zone = proptest::sample::select(vec!["", "UTC", "Europe/London", "Asia/Hong_Kong"]);
    let scope = (option::of(day()), option::of(0..4000i32), option::of(day()), vec(slug(), 0..3)).prop_map(|(from, length, as_of, channels)| Scope {
        from,
        to: length.map(|l| from.unwrap_or(9_000) + l),
        as_of,
        channels,
    });
    let work = (any::<[bool; 4]>(), 0.0..=1.0f64).prop_map(|([client, service, employees, text], threshold)| WorkRules {
        client,
        service,
        employees,
        text,
        threshold,
    });
    let privacy = (any::<bool>(), 1..50u32, any::<bool>(), 0..3usize).prop_map(|(content, min_group, pseudonyms, by)| Privacy {
        content,
        min_group,
        pseudonyms,
        division: Division::ALL[by],
    });
    let domains = vec("[a-z]{1,10}\\.example", 0..3);
    (name(), zone, scope, domains, policy(), calendar(), (privacy, work), decisions()).prop_map(
        |(name, zone, scope, own_domains, policy, calendar, (privacy, work), (identities, classes, explained, mappings))| Matter {
            name,
            zone: zone.to_owned(),
            scope,
            own_domains,
            policy,
            calendar,
            privacy,
            work,
            identities,
            classes,
            explained,
            mappings,
            ..Matter::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn written_and_read_again_a_matter_is_the_same(m in any_matter()) {
        let text = matter_toml(&m);
        let again = matter("matter.toml", &text).map_err(|e| TestCaseError::fail(format!("{e:#?}\n{text}")))?;
        prop_assert_eq!(again, m, "{}", text);
    }

    /// Texts that were never cleaned: what is read is harmless, and the same from then on.
    #[test]
    fn texts_nobody_cleaned_are_cleaned_once(title in hostile(), reason in hostile(), account in hostile(), person in hostile()) {
        let mut m = Matter { name: title.clone(), ..Matter::default() };
        m.policy.holds.push(Hold { name: title, people: vec![person], reason, ..Hold::default() });
        m.policy.channels.push(ChannelRule { id: "sms".to_owned(), accounts: vec![account], ..ChannelRule::default() });
        let once = matter("m", &matter_toml(&m)).map_err(|e| TestCaseError::fail(format!("{e:#?}")))?;
        prop_assert!(!once.name.contains(|c: char| c.is_control()) && once.name.len() <= 203);
        prop_assert_eq!(matter("m", &matter_toml(&once)).map_err(|e| TestCaseError::fail(format!("{e:#?}")))?, once);
    }
}

#[test]
fn openings_lists_and_keys_of_private_conversations_are_not_written() {
    let key = "491701234567@s.whatsapp.net";
    let mut m = Matter { people: Some(Vec::new()), ..Matter::default() };
    m.reveals.push(retention_audit::model::decision::Reveal { reason: "Claim of Harbour".to_owned(), conversation: key.to_owned(), ..Default::default() });
    m.classes.push(ClassDecision { channel: "whatsapp".to_owned(), conversation: key.to_owned(), ..ClassDecision::default() });
    m.explained.push(Explanation { channel: "whatsapp".to_owned(), conversation: key.to_owned(), ..Explanation::default() });
    let text = matter_toml(&m);
    assert!(!text.contains("Claim of Harbour") && !text.contains("4917"), "{text}");
    let again = matter("m", &text).unwrap();
    assert!(again.explained[0].names(Some(("whatsapp", key))));
    assert!(again.classes[0].names("whatsapp", key) && again.reveals.is_empty());
}

#[test]
fn an_empty_matter_is_written_as_an_example_that_reads() {
    let text = matter_toml(&Matter::default());
    assert_eq!(matter("m", &text).unwrap(), Matter::default());
    // The examples in the comments are right too: taken out of the comments, they read.
    let example: String = text
        .lines()
        .map(|l| l.strip_prefix("# ").filter(|l| l.starts_with("[[") || l.contains(" = ") && !l.contains(':')).unwrap_or(l))
        .map(|l| format!("{l}\n"))
        .collect();
    let m = matter("m", &example.replace("\ncountry = \"GB\"\n", "\n")).unwrap_or_else(|e| panic!("{e:#?}\n{example}"));
    assert_eq!(
        (m.policy.rules.len(), m.policy.holds.len(), m.policy.channels.len(), m.calendar.regions.len(), m.explained.len()),
        (1, 1, 1, 1, 1),
        "{example}"
    );
    assert_eq!((m.policy.rules[0].maximum, m.policy.channels[0].exceptions.len()), (Some(120), 1));
    assert_eq!(m.policy.holds[0].from, parse_day("2024-01-01"));
}

#[test]
fn every_error_names_field_line_and_remedy() {
    let text = r#"[policy]
fiscal_year_month = 13
presets = ["us-sec-17a4-b4"]
[[rule]]
id = "own"
months = 84
maximum = 60
clock = "whenever"
url = "javascript:alert(1)"
[[rule]]
id = "own"
accessible = 5
moths = 3
[[hold]]
from = 2026-01-01
to = 2025-01-01
[[channel]]
id = "wechat"
exceptions = [{ department = "Research" }, "Sales"]
[calendar]
country = "Great Britain"
[[region]]
country = "GB-ENGLAND"
weekend = ["monday", 1, 2, 3, 4, 5, 6]
[work]
threshold = 2
clients = true
[[identity]]
channel = "whatsapp"
handle = "x"
verdict = "maybe"
[[class]]
channel = "whatsapp"
work = "yes"
[[mapping]]
list = "persons"
fingerprint = "f"
columns = [["a"]]
[hold_]
"#;
    let errors = matter("matter.toml", text).unwrap_err();
    for part in [
        "line 2: policy.fiscal_year_month must be a whole number from 1 to 12",
        "line 7: rule.maximum is shorter than rule.months",
        "line 8: rule.clock \"whenever\" must be created,",
        "line 9: rule.url must be an address that starts with https://",
        "line 11: the rule \"own\" is stated twice",
        "line 13: unknown key in [[rule]] \"moths\"; did you mean \"months\"?",
        "line 14: this [[hold]] has no name",
        "line 15: hold.to lies before hold.from",
        "line 19: channel.exceptions: a status is missing",
        "line 19: channel.exceptions: write { department",
        "line 21: calendar.country \"Great Britain\" is no country code",
        "line 22: this [[region]] has no region",
        "line 23: region.country \"GB-ENGLAND\" is no country code",
        "line 24: region.weekend leaves no day to work",
        "line 26: work.threshold must be a share from 0 to 1",
        "line 27: unknown key in [work] \"clients\"; did you mean \"client\"?",
        "line 31: identity.verdict \"maybe\" must be same, different, service or other",
        "line 32: this [[class]] has no conversation",
        "line 34: class.work must be true or false, not text",
        "line 36: mapping.list \"persons\" must be people, clients, leave or expected",
        "line 38: mapping.columns: write pairs",
        "line 39: unknown section \"hold_\"; did you mean \"hold\"?",
    ] {
        assert!(errors.iter().any(|e| e.contains(part)), "{part}: {errors:#?}");
    }
    assert_eq!(errors.len(), 22, "{errors:#?}");
    let text = r#"[[explained]]
kind = "leave"
from = 2026-03-02
[[explained]]
kind = "vacation"
custodian = "Jo"
[[explained]]
note = "x"
conversation = "y"
[[explained]]
kind = "other"
from = 2026-03-02
to = 2026-03-01
who = "Jo"
"#;
    let errors = matter("m", text).unwrap_err();
    for part in [
        "line 1: this [[explained]] of kind leave has no to",
        "line 1: leave is of somebody: this [[explained]] has no custodian",
        "line 5: explained.kind \"vacation\" must be leave, closure, reassignment,",
        "line 7: this [[explained]] has no kind",
        "line 7: this [[explained]] names a conversation and no channel",
        "line 10: explained.to lies before explained.from",
        "line 14: unknown key in [[explained]] \"who\"",
    ] {
        assert!(errors.iter().any(|e| e.contains(part)), "{part}: {errors:#?}");
    }
    assert_eq!(errors.len(), 7, "{errors:#?}");
    for (text, said) in [
        ("[hold]\nname = \"x\"", "line 1: a hold is one of a list; write [[hold]] with two brackets"),
        ("rule = [1]", "line 1: a rule is a section of its own; write [[rule]]"),
        ("work = 3", "line 1: work is a section; write [work]"),
        ("[matter]\nname = \"a\"\n[[hold]]\nname = \"b\"\nfrom = 2020-01-01\n[matter.from]", "line 6: matter.from must be a date"),
    ] {
        let errors = matter("m", text).unwrap_err();
        assert!(errors.iter().any(|e| e.contains(said)), "{said}: {errors:#?}");
    }
}
