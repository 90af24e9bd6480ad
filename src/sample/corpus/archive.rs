//! Archives of mails, with the lists that say what they should hold.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Item, Stream, address, mail, other};
use crate::sample::write::zip::ZipWriter;
use crate::time::rfc3339;

/// Writes an archive with a file for each mail, in folders of a thousand.
fn mails<'a>(stream: &mut Stream, out: &'a mut dyn Write, mut each: impl FnMut(&Item, &str) -> String) -> io::Result<ZipWriter<&'a mut dyn Write>> {
    let mut zip = ZipWriter::new(out);
    mail::each(stream, |item, text| {
        let (_, text) = text.split_once('\n').unwrap_or_default();
        zip.add(&each(item, text), text.as_bytes())
    })?;
    Ok(zip)
}

/// A folder of saved mails.
pub(super) fn eml(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    mails(stream, out, |item, _| format!("mail/{:03}/{:06}.eml", item.number / 1000, item.number))?.finish().map(|_| ())
}

/// Mails with TeleMessage's manifest.
pub(super) fn telemessage(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut manifest = format!("Archive: 202610010000-TeleMessage_3_0001\nCount: {}\n", stream.left);
    let mut zip = mails(stream, out, |item, _| {
        let _ = writeln!(manifest, "{:06}.eml", item.number);
        format!("{:06}.eml", item.number)
    })?;
    zip.add("202610010000-TeleMessage_3_0001.mf", manifest.as_bytes())?;
    zip.finish().map(|_| ())
}

/// A mailbox with Google Vault's counts and its list of documents.
pub(super) fn google_vault(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut zip = ZipWriter::new(out);
    let account = address(0);
    zip.add("Deal-1/Deal-1-results-count.csv", format!("Account,Message count\n{account},{}\n", stream.left).as_bytes())?;
    let (mut mailbox, mut list) = (
        Vec::new(),
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Root DataInterchangeType=\"Update\">\n<Batch name=\"New Batch\"><Documents>\n"),
    );
    mail::each(stream, |item, text| {
        let _ = writeln!(
            list,
            "<Document DocID=\"{}\"><Tags><Tag TagName=\"#From\" TagDataType=\"Text\" TagValue=\"{}\"/><Tag TagName=\"#DateSent\" TagDataType=\"DateTime\" TagValue=\"{}\"/></Tags></Document>",
            item.number,
            address(item.from),
            rfc3339(item.at * 1_000_000, true)
        );
        mailbox.write_all(text.as_bytes())
    })?;
    list.push_str("</Documents></Batch></Root>\n");
    zip.add(&format!("Deal-1/Deal-1-{account}-a1b2.mbox"), &mailbox)?;
    zip.add("Deal-1/Deal-1-metadata.xml", list.as_bytes())?;
    zip.finish().map(|_| ())
}

/// Mails with Purview's list of items.
pub(super) fn purview(stream: &mut Stream, out: &mut dyn Write) -> io::Result<()> {
    let mut list = String::from("\u{feff}Workload,Item class,Target path,Sender,Sent,Subject/Title,Error\r\n");
    let mut zip = mails(stream, out, |item, _| {
        let (owner, n) = (address(other(*item)), item.number);
        let _ =
            write!(list, "Exchange,IPM.Note,Exchange\\{owner}\\Inbox\\{n}.eml,{},{},order {n},\r\n", address(item.from), rfc3339(item.at * 1_000_000, true));
        format!("Exchange/{owner}/Inbox/{n}.eml")
    })?;
    zip.add("Reports/Items_0.csv", list.as_bytes())?;
    zip.finish().map(|_| ())
}
