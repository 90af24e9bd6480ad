//! The public sample mails, checked against the facts counted for them by other programs (`SOURCES.md` beside the samples). The
//! samples are third-party files and not part of this repository.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod given;

use given::{read_as, samples};
use retention_audit::model::batch::Batch;
use retention_audit::model::{Flags, statement::StatementKind};
use retention_audit::time::rfc3339;

fn read(root: &std::path::Path, path: &str, as_name: &str) -> Batch {
    let batch = read_as(&root.join(path), as_name);
    for s in &batch.tables.sources {
        assert_eq!(s.remainder(), 0, "{path}");
        assert_eq!(s.error, None, "{path}");
    }
    batch
}

/// What is true of a file: format, time of the only mail (`None` = unknown, the mail is skipped), attachments if counted, replies,
/// flags that must be set.
type Truth = (&'static str, &'static str, Option<&'static str>, Option<u8>, usize, Flags);

const ONE_MAIL: &[Truth] = &[
    ("mbox/tika-quoted.mbox", "mbox", None, None, 0, Flags::NONE),
    ("mbox/tika-headers.mbox", "mbox", Some("2009-06-10T03:58:45Z"), Some(0), 0, Flags::NONE),
    ("mbox/tika-lengthy-x-headers.mbox", "mbox", Some("2002-01-30T23:07:01Z"), Some(0), 0, Flags::NONE),
    ("mbox/tika-multiline2.mbox", "mbox", None, None, 0, Flags::NONE),
    ("eml/mail-attachment_message_rfc822.eml", "eml", Some("2005-06-06T20:21:22Z"), Some(1), 0, Flags::NONE),
    ("eml/mail-bad_date_header.eml", "eml", Some("2010-12-11T03:20:19Z"), None, 0, Flags::TIME_INFERRED),
    ("eml/mail-basic_email.eml", "eml", Some("2008-11-22T04:04:59Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-empty_group_lists.eml", "eml", Some("2009-12-03T18:50:22Z"), None, 0, Flags::NONE),
    ("eml/mail-empty_in_reply_to.eml", "eml", Some("2009-09-19T15:49:36Z"), None, 0, Flags::NONE),
    ("eml/mail-header_fields_with_empty_values.eml", "eml", Some("2009-10-30T19:07:42Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-japanese_iso_2022.eml", "eml", None, None, 0, Flags::NONE),
    ("eml/mail-japanese_shift_jis.eml", "eml", Some("2014-05-28T08:18:19Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-ks_c_5601-1987.eml", "eml", Some("2014-05-28T08:18:19Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-multiple_references_with_one_invalid.eml", "eml", None, None, 0, Flags::NONE),
    ("eml/mail-raw_email_bad_time.eml", "eml", Some("2008-06-30T09:34:00Z"), None, 0, Flags::TIME_INFERRED),
    ("eml/mail-raw_email_multiple_from.eml", "eml", Some("2007-10-22T23:45:23Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-raw_email_reply.eml", "eml", Some("2007-11-18T08:56:07Z"), Some(0), 1, Flags::NONE),
    ("eml/mail-raw_email_string_in_date_field.eml", "mbox", Some("2008-09-20T17:04:30Z"), Some(0), 0, Flags::NONE),
    ("eml/mail-raw_email_with_bad_date.eml", "eml", Some("2007-11-05T09:17:37Z"), None, 0, Flags::TIME_INFERRED),
    ("eml/mail-report_422.eml", "eml", Some("2008-01-16T16:40:52Z"), Some(0), 0, Flags::AUTOMATIC),
    ("eml/tika-applemail.emlx", "eml", Some("2010-09-06T09:25:34Z"), Some(0), 1, Flags::NONE),
    ("eml/tika-groupwise.eml", "eml", Some("2013-06-27T11:29:57Z"), Some(2), 1, Flags::NONE),
    ("eml/tika-lotus.eml", "eml", Some("2012-10-04T11:02:39Z"), None, 0, Flags::NONE),
    ("eml/tika-multipart-attachments.eml", "eml", None, None, 0, Flags::NONE),
];

#[test]
fn every_single_mail_reads_as_its_table_says() {
    let Some(root) = samples("enterprise") else { return };
    for (path, format, time, attachments, replies, flags) in ONE_MAIL {
        for name in [path.rsplit('/').next().unwrap(), "unknown"] {
            let batch = read(&root, path, name);
            let source = &batch.tables.sources[0];
            assert_eq!(source.format, *format, "{path} as {name}");
            assert_eq!(source.records, 1, "{path}");
            let c = &batch.columns;
            assert_eq!(c.time.first().map(|t| rfc3339(*t, true)).as_deref(), *time, "{path}");
            assert_eq!(batch.replies.len(), *replies, "{path}");
            assert_eq!(source.skipped_total(), u64::from(time.is_none()), "{path}");
            if let Some(f) = c.flags.first().map(|f| Flags(*f)) {
                assert!(f.has(*flags), "{path}: {f:?}");
                assert!(f.has(Flags::TIME_INFERRED) == flags.has(Flags::TIME_INFERRED), "{path}");
                attachments.inspect(|n| assert_eq!(f.attachments(), *n, "{path}"));
            }
        }
    }
}

#[test]
fn a_mailing_list_mailbox_reads_as_its_table_says() {
    let Some(root) = samples("enterprise") else { return };
    let batch = read(&root, "mbox/tika-complex.mbox", "complex.mbox");
    let c = &batch.columns;
    let mut times: Vec<_> = c.time.iter().map(|t| rfc3339(*t, true)).collect();
    times.sort();
    assert_eq!((times.len(), times[0].as_str(), times[2].as_str()), (3, "2009-06-01T04:26:31Z", "2009-06-01T06:03:13Z"));
    let mut senders = c.sender.clone();
    senders.sort_unstable();
    senders.dedup();
    assert_eq!((senders.len(), batch.replies.len()), (2, 3));
    let absent = batch.replies.iter().filter(|(_, word)| !c.id.contains(word)).count();
    assert_eq!(absent, 1);
    let notice = batch.tables.sources[0].notices.iter().find(|n| n.id == "replies_without_parent").map(|n| n.count);
    assert_eq!(notice, Some(1));
}

#[test]
fn texts_of_legacy_charsets_are_counted_in_characters() {
    let Some(root) = samples("enterprise") else { return };
    // Five bytes, three Hangul syllables in EUC-KR; what is left of the line are line ends.
    let korean = read(&root, "eml/mail-ks_c_5601-1987.eml", "k.eml");
    assert_eq!(korean.columns.chars, [3]);
    let cut = read(&root, "eml/mail-empty_in_reply_to.eml", "c.eml");
    assert!(cut.tables.statements.iter().any(|s| s.kind == StatementKind::CutOff));
}

#[test]
fn a_chat_in_a_mail_is_never_mail() {
    let Some(root) = samples("enterprise") else { return };
    let path = root.join("rsmf/validator-invalid-no-rsmfzip.rsmf");
    if !path.is_file() {
        println!("skipped: {} absent", path.display());
        return;
    }
    let batch = read_as(&path, "a.eml");
    // It has a picture beside its zip, which the rules of the format forbid; the zip itself is whole.
    assert_eq!(batch.tables.sources[0].format, "rsmf");
    assert_eq!((batch.columns.len(), batch.tables.conversations[0].channel.as_str() == "email"), (1, false));
}
