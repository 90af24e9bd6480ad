//! Header blocks: one pass over the bytes, keeping where the needed fields stand. Values keep their folding.

use memchr::memchr;

/// The fields this reader looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `Date`
    Date,
    /// `From`
    From,
    /// `Sender`
    Sender,
    /// `To`
    To,
    /// `Cc`
    Cc,
    /// `Bcc`
    Bcc,
    /// `Message-ID`
    MessageId,
    /// `In-Reply-To`
    InReplyTo,
    /// `References`
    References,
    /// `Received`
    Received,
    /// `Subject`
    Subject,
    /// `MIME-Version`
    MimeVersion,
    /// `Content-Type`
    ContentType,
    /// `Content-Transfer-Encoding`
    ContentTransferEncoding,
    /// `Content-Disposition`
    ContentDisposition,
    /// `Content-Length` (mboxcl)
    ContentLength,
    /// `List-Id`
    ListId,
    /// `Precedence`
    Precedence,
    /// `Auto-Submitted`
    AutoSubmitted,
    /// `X-Auto-Response-Suppress`
    AutoResponseSuppress,
    /// `X-GM-THRID`
    GmailThread,
    /// `X-Gmail-Labels`
    GmailLabels,
    /// `X-MS-Journal-Report`
    JournalReport,
    /// `Delivered-To`
    DeliveredTo,
    /// `X-Original-To`, `X-Gm-Original-To`
    OriginalTo,
    /// `X-RSMF-Version`: a chat container in the clothes of a mail
    Rsmf,
    /// `X-GlobalRelay-MsgType`: the channel an archived record was written on
    GlobalRelay,
    /// `X-Mattermost-ChannelID`
    MattermostId,
    /// `X-Mattermost-ChannelName`
    MattermostName,
    /// Any field of an archiver of phones and chats
    Archiver,
    /// `X-Apple-Content-Length`: Apple Mail keeps the content of this part in another file
    AppleLength,
}

const FIELDS: &[(&[u8], Field)] = &[
    (b"date", Field::Date),
    (b"from", Field::From),
    (b"sender", Field::Sender),
    (b"to", Field::To),
    (b"cc", Field::Cc),
    (b"bcc", Field::Bcc),
    (b"message-id", Field::MessageId),
    (b"in-reply-to", Field::InReplyTo),
    (b"references", Field::References),
    (b"received", Field::Received),
    (b"subject", Field::Subject),
    (b"mime-version", Field::MimeVersion),
    (b"content-type", Field::ContentType),
    (b"content-transfer-encoding", Field::ContentTransferEncoding),
    (b"content-disposition", Field::ContentDisposition),
    (b"content-length", Field::ContentLength),
    (b"list-id", Field::ListId),
    (b"precedence", Field::Precedence),
    (b"auto-submitted", Field::AutoSubmitted),
    (b"x-auto-response-suppress", Field::AutoResponseSuppress),
    (b"x-gm-thrid", Field::GmailThread),
    (b"x-gmail-labels", Field::GmailLabels),
    (b"x-ms-journal-report", Field::JournalReport),
    (b"delivered-to", Field::DeliveredTo),
    (b"x-original-to", Field::OriginalTo),
    (b"x-gm-original-to", Field::OriginalTo),
    (b"x-apple-content-length", Field::AppleLength),
    (b"x-rsmf-version", Field::Rsmf),
    (b"x-globalrelay-msgtype", Field::GlobalRelay),
    (b"x-mattermost-channelid", Field::MattermostId),
    (b"x-mattermost-channelname", Field::MattermostName),
];

/// Beginnings of the fields that archivers add. What stands in them differs from version to version, so a value counts only where it
/// names a channel.
const ARCHIVER: [&[u8]; 4] = [b"x-telemessage-", b"x-leapxpert-", b"x-smarsh-", b"x-globalrelay-"];

fn field(name: &[u8]) -> Option<Field> {
    let known = FIELDS.iter().find(|(n, _)| n.len() == name.len() && n.eq_ignore_ascii_case(name)).map(|(_, f)| *f);
    if known.is_some() || !matches!(name.get(2), Some(b't' | b'l' | b's' | b'g' | b'T' | b'L' | b'S' | b'G')) {
        return known;
    }
    ARCHIVER.iter().any(|a| name.get(..a.len()).is_some_and(|n| n.eq_ignore_ascii_case(a))).then_some(Field::Archiver)
}

/// Length of the name of a header line (`Name:` or `Name :`), without the blanks before the colon; and where its value starts.
#[must_use]
pub fn name_of(line: &[u8]) -> Option<(&[u8], usize)> {
    let colon = memchr(b':', line.get(..line.len().min(200)).unwrap_or_default())?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| b.is_ascii_graphic())).then_some((name, colon + 1))
}

/// Where the needed fields of one header block stand. Reused from message to message.
#[derive(Debug, Default)]
pub struct Headers {
    fields: Vec<(Field, usize, usize)>,
    /// Header lines with a name, known or not.
    pub names: usize,
    /// Whether the block ended with its empty line (not with the end of the data).
    pub closed: bool,
}

impl Headers {
    /// Reads the block at the start of `data`; returns where the body starts. `None`: the block is not complete and more bytes may come.
    /// A line without a name counts as a continuation: mailers break long lines without folding them.
    pub fn scan(&mut self, data: &[u8], complete: bool) -> Option<usize> {
        self.fields.clear();
        (self.names, self.closed) = (0, false);
        let mut at = 0;
        let mut open: Option<(Field, usize)> = None;
        loop {
            let rest = data.get(at..).unwrap_or_default();
            let (line, next) = match memchr(b'\n', rest) {
                Some(nl) => (rest.get(..nl).unwrap_or_default(), at + nl + 1),
                None if complete => (rest, data.len()),
                None => return None,
            };
            if matches!(line, [] | [b'\r']) {
                self.close(open, at);
                self.closed = next > at;
                return Some(next);
            }
            if !matches!(line.first(), Some(b' ' | b'\t'))
                && let Some((name, value)) = name_of(line)
            {
                self.close(open, at);
                self.names += 1;
                open = field(name).map(|f| (f, at + value));
            } else if self.names == 0 {
                // Not a header at all: everything is body.
                return Some(0);
            }
            at = next;
        }
    }

    fn close(&mut self, open: Option<(Field, usize)>, end: usize) {
        if let Some((field, start)) = open
            && self.fields.len() < 4096
        {
            self.fields.push((field, start, end));
        }
    }

    /// First value of a field, trimmed.
    #[must_use]
    pub fn get<'a>(&self, block: &'a [u8], field: Field) -> Option<&'a [u8]> {
        self.all(block, field).next()
    }

    /// All values of a field, in order, trimmed.
    pub fn all<'a>(&self, block: &'a [u8], field: Field) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |(f, _, _)| *f == field).filter_map(|(_, s, e)| block.get(*s..*e)).map(<[u8]>::trim_ascii)
    }

    /// Whether a field is there, even empty.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.fields.iter().any(|(f, _, _)| *f == field)
    }

    /// How many of the fields that make a mail are there.
    #[must_use]
    pub fn mail_fields(&self) -> usize {
        const MAIL: [Field; 7] = [Field::From, Field::Date, Field::Subject, Field::MessageId, Field::Received, Field::MimeVersion, Field::To];
        MAIL.iter().filter(|f| self.has(**f)).count()
    }
}

/// First word of a structured value (`text/plain; ...` gives `text/plain`).
#[must_use]
pub fn word(value: &[u8]) -> &[u8] {
    let end = value.iter().position(|b| matches!(b, b';' | b' ' | b'\t' | b'\r' | b'\n' | b'(')).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}

/// A parameter of a structured value (`boundary`, `charset`, `name`, `filename`; also in the form `name*=` and `name*0=`).
#[must_use]
pub fn parameter<'a>(value: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = value;
    loop {
        let at = next_semicolon(rest)?;
        rest = rest.get(at + 1..)?.trim_ascii_start();
        let Some((head, tail)) = rest.split_at_checked(name.len()) else { continue };
        if !head.eq_ignore_ascii_case(name) {
            continue;
        }
        let mut tail = tail.trim_ascii_start();
        if let [b'*', ..] = tail {
            let skip = tail.iter().position(|b| *b == b'=').unwrap_or(0);
            tail = tail.get(skip..).unwrap_or_default();
        }
        let Some(tail) = tail.strip_prefix(b"=") else { continue };
        let tail = tail.trim_ascii_start();
        if let Some(quoted) = tail.strip_prefix(b"\"") {
            let end = memchr(b'"', quoted).unwrap_or(quoted.len());
            return quoted.get(..end);
        }
        let end = tail.iter().position(|b| matches!(b, b';' | b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(tail.len());
        return tail.get(..end);
    }
}

fn next_semicolon(value: &[u8]) -> Option<usize> {
    let mut quoted = false;
    value.iter().position(|b| {
        quoted ^= *b == b'"';
        *b == b';' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_folded_and_broken() {
        let block = b"X-A: 1\r\nReferences: <a@b>\r\n\t<c@d>\r\nbroken off>\r\nDATE : now\r\n\r\nbody: no";
        let mut h = Headers::default();
        assert_eq!(h.scan(block, false), Some(block.len() - 8));
        assert_eq!(h.get(block, Field::References), Some(&b"<a@b>\r\n\t<c@d>\r\nbroken off>"[..]));
        assert_eq!(h.get(block, Field::Date), Some(&b"now"[..]));
        assert_eq!((h.names, h.closed), (3, true));
        assert_eq!(h.scan(&block[..20], false), None);
        assert_eq!(h.scan(b"Hello world\n\nx: y", true), Some(0));
    }

    #[test]
    fn parameters_are_read_quoted_and_bare() {
        let v = b"multipart/mixed; x=\"a;b\";\r\n\tBoundary=\"=_ 1\"; charset=utf-8; name*0*=u''x";
        assert_eq!(word(v), b"multipart/mixed");
        assert_eq!(parameter(v, b"boundary"), Some(&b"=_ 1"[..]));
        assert_eq!(parameter(v, b"charset"), Some(&b"utf-8"[..]));
        assert_eq!(parameter(v, b"name"), Some(&b"u''x"[..]));
        assert_eq!(parameter(v, b"filename"), None);
    }
}
