//! Items of Outlook and Exchange: the same properties ([MS-OXPROPS]) stand in MSG files, in PST stores and in `winmail.dat`. The readers of
//! these gather an [`Item`]; here it becomes a mail, or a message of the channel that it really is.

mod class;
mod codepage;
mod intake;
mod letter;
pub mod props;
mod rtf;
#[cfg(test)]
mod tests;

pub use intake::Intake;
pub use letter::shown;
pub use props::{Props, Value, limit};

/// One item of a store.
#[derive(Debug, Default)]
pub struct Item {
    /// Its own properties.
    pub props: Props,
    /// Properties of each recipient.
    pub recipients: Vec<Props>,
    /// Things a person attached; pictures shown in the text are none.
    pub attachments: usize,
    /// A part of it lies beyond the end of the file.
    pub cut: bool,
    /// It lies in the folder of sent mail.
    pub sent: bool,
    /// The mail inside of a journal report.
    pub inner: Option<Box<Item>>,
}

impl Item {
    /// Whether it is a journal report: then the mail attached to it is the message.
    #[must_use]
    pub fn is_journal(&self) -> bool {
        let headers = self.props.text(props::HEADERS);
        headers.lines().any(|l| l.get(..20).is_some_and(|n| n.eq_ignore_ascii_case("x-ms-journal-report:")))
    }

    /// Counts an attachment by its own properties: one that is hidden, or shown in the text, is nothing a person attached.
    pub fn attach(&mut self, props: &Props) {
        use props::{ATTACH_CONTENT_ID, ATTACH_FLAGS, ATTACH_HIDDEN};
        // 4: rendered in the body. Such a picture has an id by which the text names it.
        let inline = props.number(ATTACH_FLAGS).is_some_and(|f| f & 4 != 0) && props.has(ATTACH_CONTENT_ID);
        if props.number(ATTACH_HIDDEN).unwrap_or(0) == 0 && !inline {
            self.attachments += 1;
        }
    }
}
