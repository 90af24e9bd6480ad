//! Headings of message tables and keys of message objects, in the wording of many systems (`formats/normalised-schema.md`).

use super::when::plain;

/// What a column of a message table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // The names say it.
#[repr(u8)]
pub enum Slot {
    Time,
    Date,
    Clock,
    Sender,
    SenderName,
    SenderEmail,
    SenderId,
    Recipients,
    Cc,
    Bcc,
    Conversation,
    Title,
    Body,
    Subject,
    Platform,
    Id,
    Reply,
    Direction,
    FromMe,
    Kind,
    Attachments,
    Deleted,
    Edited,
    Custodian,
}

/// Number of slots.
pub const SLOTS: usize = 24;

/// Slots with their words, best first; compared in lower case, letters and digits only.
const WORDS: &[(Slot, &str)] = &[
    (
        Slot::Time,
        "timestamp datetime senttime senton sentat sentdate datesent messagedatetime messagetime messagedate createdat createddatetime receivedtime receivedat \
         posttime postedat eventtime timestamputc utctime sent timestampms timestamps datetimeutc sentdatetime datetimesent emaildatesent emailsentdate dtsent 发送时间 sendezeit zeitstempel ts created received createat createdon datereceived datercvd \
         receiveddate sortdate rsmfbegindate",
    ),
    (Slot::Date, "date 日期 datum fecha jour data"),
    (Slot::Clock, "time 时间 uhrzeit zeit hora heure timeofday timesent senttime emailtimesent"),
    (
        Slot::Sender,
        "sender from fromuser author username user senderemail useremail fromaddress sendername nickname 发送人 发件人 发送者 absender von remitente expediteur de mittente \
         fromname writer speaker authorname fromemail emailfrom emailsender senderauthor phonenumber address number contact",
    ),
    (Slot::SenderName, "sendername fromname authorname senderdisplayname displayname nickname userdisplayname fromdisplayname realname contactname contact"),
    (Slot::SenderEmail, "senderemail fromemail useremail authoremail senderaddress fromaddress senderemailaddress fromemailaddress"),
    (Slot::SenderId, "senderid authorid userid fromid fromuserid"),
    (
        Slot::Recipients,
        "recipients recipient to toemail receiver receivers members 收件人 接收人 empfanger destinatario destinatarios destinataire an toaddress touser recipientemails toname emailto emailrecipients torecipients recipientsto",
    ),
    (Slot::Cc, "cc ccrecipients emailcc recipientscc 抄送"),
    (Slot::Bcc, "bcc bccrecipients emailbcc recipientsbcc"),
    (
        Slot::Conversation,
        "conversationid conversation chatid chat threadid thread channelid channel roomid room groupid group chatname channelname roomname groupname conversationname \
         chatsession session emailthreadid conversationindex rsmfeventcollectionid eventcollectionid 会话 群 群聊 unterhaltung conversacion",
    ),
    (Slot::Title, "conversationname chatname channelname roomname groupname conversationtitle chattitle threadname topic title conversationdisplay"),
    (
        Slot::Body,
        "message text body content messagetext postmessage messagebody messagecontent bodytext msg 内容 消息内容 消息 nachricht nachrichtentext mensaje texto messaggio texte plaintext extractedtext bodytext emailbody",
    ),
    (Slot::Subject, "subject emailsubject subjecttitle betreff asunto objet oggetto 主题"),
    (Slot::Platform, "platform application app service source channeltype medium network messenger rsmfapplication 平台 渠道"),
    (Slot::Id, "messageid internetmessageid emailmessageid eventid msgid id guid uid postid messageguid uuid"),
    (Slot::Reply, "replyto inreplyto inreplytoid replytoid replytomessageid parentid parentmessageid threadts repliedtopostid quotedmessageid replyid"),
    (Slot::Direction, "direction messagedirection 方向 richtung"),
    (Slot::FromMe, "isfromme issender fromme sentbyme isoutgoing isself"),
    (Slot::Kind, "type eventtype messagetype kind event recordtype doctype documenttype itemtype messageclass itemclass"),
    (
        Slot::Attachments,
        "attachments attachment attachmentname attachmentnames attachmentcount numattachments attachcount numattach file files filename media mediapath mediafile anhang anhange adjuntos 附件",
    ),
    (Slot::Deleted, "deleted isdeleted deletedat deleteddatetime status contentstate messagestatus"),
    (Slot::Edited, "edited isedited editedat lastediteddatetime editeddatetime"),
    (Slot::Custodian, "custodian custodians owner account device mailbox mailboxowner archiveowner allcustodians dedupedcustodians"),
];

/// For comparing: lower case, no accents, letters and digits only, a trailing `(…)` dropped.
pub fn key(heading: &str) -> String {
    let trimmed = heading.trim().trim_start_matches('\u{feff}');
    let cut = trimmed.strip_suffix(')').and_then(|t| t.rsplit_once('(')).map(|(t, _)| t).filter(|t| !t.trim().is_empty());
    plain(cut.unwrap_or(trimmed)).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All slots a heading may fill, with the rank of the word (0 = best).
pub fn slots(heading: &str) -> impl Iterator<Item = (Slot, u16)> {
    let key = key(heading);
    WORDS.iter().filter_map(move |(slot, words)| {
        let rank = words.split_whitespace().position(|w| w == key)?;
        Some((*slot, u16::try_from(rank).unwrap_or(u16::MAX)))
    })
}

/// Headings that name the other party of a phone's record, not its writer.
pub fn is_counterpart(heading: &str) -> bool {
    matches!(key(heading).as_str(), "contact" | "contactname" | "phonenumber" | "address" | "number")
}

/// Whether a table is a load file of a review platform (Relativity, Purview): a heading for document numbers or families, or of mail alone.
pub fn is_load_file<S: AsRef<str>>(headings: &[S]) -> bool {
    const NUMBERS: [&str; 12] = [
        "begdoc",
        "begbates",
        "begattach",
        "begattachment",
        "controlnumber",
        "groupidentifier",
        "groupid",
        "docid",
        "begdocno",
        "prodbeg",
        "familyid",
        "parentdocid",
    ];
    const MAIL: [&str; 7] = ["emailfrom", "emailsubject", "internetmessageid", "emailmessageid", "messageclass", "itemclass", "emailthreadid"];
    headings.iter().map(|h| key(h.as_ref())).filter(|k| NUMBERS.contains(&k.as_str()) || MAIL.contains(&k.as_str())).nth(1).is_some()
}

/// No column.
pub const NO_COLUMN: u16 = u16::MAX;

/// Which column fills which slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Column of each slot, [`NO_COLUMN`] if none.
    pub columns: [u16; SLOTS],
    /// The sender column names the other party; direction tells who wrote.
    pub counterpart: bool,
    /// Headings as read.
    pub width: usize,
    /// Heading of the conversation column, normalised.
    pub conversation_word: String,
}

impl Plan {
    /// From the headings of a table.
    pub fn of<S: AsRef<str>>(headings: &[S]) -> Self {
        let mut best = [(u16::MAX, NO_COLUMN); SLOTS];
        for (column, heading) in headings.iter().enumerate().take(usize::from(NO_COLUMN)) {
            for (slot, rank) in slots(heading.as_ref()) {
                if let Some(held) = best.get_mut(slot as usize).filter(|held| rank < held.0) {
                    *held = (rank, column as u16);
                }
            }
        }
        let mut plan = Self { columns: best.map(|(_, c)| c), counterpart: false, width: headings.len(), conversation_word: String::new() };
        let sender = plan.column(Slot::Sender).or(plan.column(Slot::SenderName));
        plan.counterpart = sender.and_then(|c| headings.get(c)).is_some_and(|h| is_counterpart(h.as_ref()));
        plan.conversation_word = plan.column(Slot::Conversation).and_then(|c| headings.get(c)).map(|h| key(h.as_ref())).unwrap_or_default();
        plan
    }

    /// In a load file a group is a family of documents, no conversation: only threads are.
    pub fn threads_only(&mut self, headings: &[String]) {
        const THREADS: [&str; 6] = ["conversationid", "emailthreadid", "threadid", "conversationindex", "rsmfeventcollectionid", "eventcollectionid"];
        let found = THREADS.iter().find_map(|t| headings.iter().position(|h| key(h) == *t));
        if let Some(slot) = self.columns.get_mut(Slot::Conversation as usize) {
            *slot = found.and_then(|c| u16::try_from(c).ok()).unwrap_or(NO_COLUMN);
        }
        self.conversation_word = if found.is_some() { "thread".to_owned() } else { String::new() };
    }

    /// The column of a slot.
    #[inline]
    pub fn column(&self, slot: Slot) -> Option<usize> {
        self.columns.get(slot as usize).copied().filter(|c| *c != NO_COLUMN).map(usize::from)
    }

    /// Whether some slot of these has a column.
    pub fn has(&self, slots: &[Slot]) -> bool {
        slots.iter().any(|s| self.column(*s).is_some())
    }

    /// A time, someone who wrote, and a text.
    pub fn evidence(&self) -> (bool, bool, bool) {
        (
            self.has(&[Slot::Time, Slot::Date, Slot::Clock]),
            self.has(&[Slot::Sender, Slot::SenderName, Slot::SenderEmail, Slot::SenderId]),
            self.has(&[Slot::Body, Slot::Subject]),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_find_their_slots() {
        let plan = Plan::of(&["Message ID", "Date", "Time", "From", "To", "Chat Name", "Message", "Read"]);
        let want = [(Slot::Id, 0), (Slot::Date, 1), (Slot::Clock, 2), (Slot::Sender, 3), (Slot::Recipients, 4), (Slot::Conversation, 5), (Slot::Body, 6)];
        for (slot, column) in want {
            assert_eq!(plan.column(slot), Some(column), "{slot:?}");
        }
        assert_eq!(plan.evidence(), (true, true, true));
        assert_eq!(Plan::of(&["colour", "size"]).evidence(), (false, false, false));
    }
}
