//! Headings of load files, in the wording of several processing tools.

use crate::import::delimited::heading::key;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
#[repr(u8)]
pub enum Field {
    Begin,
    End,
    BeginFamily,
    EndFamily,
    Parent,
    Custodian,
    Custodians,
    From,
    To,
    Cc,
    Bcc,
    Subject,
    DateSent,
    TimeSent,
    Sent,
    DateReceived,
    TimeReceived,
    SortDate,
    MessageId,
    Reply,
    Thread,
    Kind,
    Extension,
    Attachments,
    Native,
    TextFile,
    Text,
    Withheld,
    Redacted,
    Application,
    SliceBegin,
    SliceMessages,
    SlicePeople,
    Collection,
}

/// Number of fields.
const FIELDS: usize = 34;

/// Fields with their words, best first; compared in lower case, letters and digits only.
const WORDS: [(Field, &str); FIELDS] = [
    (Field::Begin, "begdoc begbates docid begno controlnumber begdocno bates begproduction prodbeg prodbegbates begcontrol documentid docno"),
    (Field::End, "enddoc endbates endno enddocno endproduction prodend prodendbates endcontrol"),
    (Field::BeginFamily, "begattach begattachment attachbeg begattbates prodbegattach begfamily firstattach"),
    (Field::EndFamily, "endattach endattachment attachend endattbates prodendattach endfamily"),
    (Field::Parent, "parentid parentdocid parentdoc parentbates parent"),
    (Field::Custodian, "custodian custodianname primarycustodian"),
    (Field::Custodians, "allcustodians dupcustodians dupecustodians dupcustodian allcustodian duplicatecustodians custodianother othercustodians custodianall"),
    (Field::From, "from emailfrom author sender emailsender emailauthor"),
    (Field::To, "to emailto recipients recipient emailrecipients"),
    (Field::Cc, "cc emailcc"),
    (Field::Bcc, "bcc emailbcc"),
    (Field::Subject, "subject emailsubject title"),
    (Field::DateSent, "datesent sentdate dtsent emaildatesent"),
    (Field::TimeSent, "timesent senttime emailtimesent"),
    (Field::Sent, "sentdatetime datetimesent datesenttime sentdatetimeutc"),
    (Field::DateReceived, "datercvd datereceived dtrcvd receiveddate datetimereceived rcvddate"),
    (Field::TimeReceived, "timercvd timereceived receivedtime rcvdtime"),
    (Field::SortDate, "sortdate masterdate familydate maindate docdate primarydate"),
    (Field::MessageId, "messageid emailmessageid internetmessageid msgid"),
    (Field::Reply, "inreplyto inreplytoid replyto"),
    (Field::Thread, "threadid conversationid convindex conversationindex emailthreadid threadgroup conversation"),
    (Field::Kind, "doctype recordtype documenttype messageclass itemtype doccategory filetype"),
    (Field::Extension, "fileext fileextension extension docext"),
    (Field::Attachments, "attachcount attachmentcount numattach numattachments attcount numberofattachments"),
    (Field::Native, "nativelink nativefile nativepath nativefilepath filelink native"),
    (Field::TextFile, "textlink textpath textfile ocrpath extractedtextpath textfilepath"),
    (Field::Text, "extractedtext text ocrtext body fulltext bodytext"),
    (Field::Withheld, "withheld privwithheld withhold prodwithheld slipsheet"),
    (Field::Redacted, "redacted redaction hasredactions redactions"),
    (Field::Application, "rsmfapplication rsmfplatform"),
    (Field::SliceBegin, "rsmfbegindate rsmfbegin"),
    (Field::SliceMessages, "rsmfmessagecount rsmfeventcount"),
    (Field::SlicePeople, "rsmfparticipants"),
    (Field::Collection, "rsmfeventcollectionid"),
];

/// Which column holds which field.
#[derive(Debug, Clone)]
pub struct Columns {
    places: [Option<usize>; FIELDS],
    /// Headings.
    pub width: usize,
}

impl Columns {
    /// From the headings.
    pub fn of<'a>(headings: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut best = [(usize::MAX, None); FIELDS];
        let mut width = 0;
        for (column, heading) in headings.enumerate().take(2000) {
            width = column + 1;
            let key = key(&String::from_utf8_lossy(heading.get(..heading.len().min(200)).unwrap_or(heading)));
            for (field, words) in WORDS {
                let rank = words.split(' ').position(|w| w == key);
                if let (Some(rank), Some(held)) = (rank, best.get_mut(field as usize))
                    && rank < held.0
                {
                    *held = (rank, Some(column));
                }
            }
        }
        Self { places: best.map(|b| b.1), width }
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.places.get(field as usize).copied().flatten()
    }

    /// How many fields have a column.
    pub fn known(&self) -> usize {
        self.places.iter().flatten().count()
    }
}
