//! HTML bodies without their tags, for counting and comparing only. Nothing is ever shown from here.

use memchr::{memchr, memchr2};

use super::body::Count;
use crate::import::entity;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Text,
    Tag,
    Comment,
    Entity,
}

/// Takes tags, comments, styles and scripts out of HTML that comes in pieces.
#[derive(Debug, Clone, Default)]
pub struct Strip {
    at: At,
    /// Beginning of the tag's name or the entity.
    word: [u8; 10],
    len: usize,
    /// Whether the name is still being read.
    naming: bool,
    /// Inside of this element nothing is text.
    hidden: Option<&'static [u8]>,
    dashes: u8,
}

const HIDDEN: [&[u8]; 3] = [b"style", b"script", b"title"];

impl Strip {
    /// The next piece.
    pub fn add(&mut self, piece: &[u8], out: &mut Count) {
        let mut rest = piece;
        while let Some((first, tail)) = rest.split_first() {
            match self.at {
                At::Text => {
                    let n = memchr2(b'<', b'&', rest).unwrap_or(rest.len());
                    let (text, after) = rest.split_at_checked(n).unwrap_or((rest, b""));
                    if self.hidden.is_none() {
                        out.add(text);
                    }
                    if let Some((mark, after)) = after.split_first() {
                        (self.at, self.len, self.naming) = (if *mark == b'<' { At::Tag } else { At::Entity }, 0, true);
                        rest = after;
                    } else {
                        rest = after;
                    }
                }
                At::Tag if !self.naming => {
                    let n = memchr(b'>', rest);
                    rest = n.and_then(|n| rest.get(n..)).unwrap_or_default();
                    if n.is_some() {
                        self.close_tag();
                        rest = rest.get(1..).unwrap_or_default();
                    }
                }
                At::Tag => {
                    rest = tail;
                    match first {
                        b'>' => self.close_tag(),
                        b if b.is_ascii_whitespace() => self.naming = false,
                        b => self.keep(b.to_ascii_lowercase()),
                    }
                    if self.word() == b"!--" {
                        (self.at, self.dashes) = (At::Comment, 0);
                    }
                }
                At::Comment => {
                    rest = tail;
                    match first {
                        b'-' => self.dashes = (self.dashes + 1).min(2),
                        b'>' if self.dashes == 2 => self.at = At::Text,
                        _ => self.dashes = 0,
                    }
                }
                At::Entity => {
                    if *first == b';' || !(first.is_ascii_alphanumeric() || *first == b'#') || self.len == self.word.len() {
                        self.entity(*first == b';', out);
                        rest = if *first == b';' { tail } else { rest };
                    } else {
                        self.keep(*first);
                        rest = tail;
                    }
                }
            }
        }
    }

    /// The part ends.
    pub fn end(&mut self, out: &mut Count) {
        if self.at == At::Entity {
            self.entity(false, out);
        }
    }

    fn word(&self) -> &[u8] {
        self.word.get(..self.len).unwrap_or_default()
    }

    fn keep(&mut self, b: u8) {
        if let Some(slot) = self.word.get_mut(self.len) {
            *slot = b;
            self.len += 1;
        } else {
            self.naming = false;
        }
    }

    fn close_tag(&mut self) {
        self.at = At::Text;
        let word = self.word.get(..self.len).unwrap_or_default();
        self.hidden = match (self.hidden, word.strip_prefix(b"/")) {
            (Some(name), Some(closed)) if closed == name => None,
            (Some(name), _) => Some(name),
            (None, _) => HIDDEN.into_iter().find(|h| *h == word),
        };
    }

    fn entity(&mut self, closed: bool, out: &mut Count) {
        self.at = At::Text;
        if self.hidden.is_some() {
            return;
        }
        if let Some(c) = entity::html(self.word(), ' ') {
            return out.add(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        out.add(b"&");
        out.add(self.word());
        if closed {
            out.add(b";");
        }
    }
}
