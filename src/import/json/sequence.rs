//! Records that stand in a file of JSON one after the other, however they are laid out: in one array, in an array under a key of an
//! outer object (a page of an answer), one object per line, or several pages in a row.

use super::walk::{Stop, pass_over, read, skip_mark};
use super::{Items, Members, Value};
use crate::import::bytes::{Fill, Window};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum At {
    #[default]
    Begin,
    Top,
    Page,
    List {
        paged: bool,
    },
    End,
}

/// Walks the records of a file.
#[derive(Debug, Default)]
pub struct Sequence {
    at: At,
    page: Members,
    items: Items,
}

/// What a key of a page led to.
enum Entry {
    Done,
    List,
    Read,
    Other,
}

impl Sequence {
    /// Moves to the next record: the window then begins with it, and it must be read or passed over before the next call. `false`: the
    /// file has ended. `lists`: keys of a page under which records stand. `head` gets the other members of a page that are plain values.
    pub fn next(&mut self, window: &mut Window, lists: &[&[u8]], mut head: impl FnMut(&[u8], Value<'_>)) -> Result<bool, Stop> {
        loop {
            match self.at {
                At::End => return Ok(false),
                At::Begin => {
                    skip_mark(window)?;
                    self.at = At::Top;
                }
                At::Top => {
                    if ended(window)? {
                        self.at = At::End;
                        return Ok(false);
                    }
                    if read(window, |s| s.peek())? == b'[' {
                        self.items = read(window, |s| s.array())?;
                        self.at = At::List { paged: false };
                    } else if is_page(window, lists)? {
                        self.page = read(window, |s| s.object())?;
                        self.at = At::Page;
                    } else {
                        return Ok(true);
                    }
                }
                At::List { paged } => {
                    let items = self.items;
                    let more = read(window, |s| {
                        let mut items = items;
                        let more = items.more(s)?;
                        if more {
                            s.peek()?;
                        }
                        Ok(more)
                    })?;
                    self.items = Items::resumed();
                    if more {
                        return Ok(true);
                    }
                    self.at = if paged { At::Page } else { At::Top };
                }
                At::Page => self.member(window, lists, &mut head)?,
            }
        }
    }

    fn member(&mut self, window: &mut Window, lists: &[&[u8]], head: &mut impl FnMut(&[u8], Value<'_>)) -> Result<(), Stop> {
        let page = self.page;
        let entry = read(window, |s| {
            let mut page = page;
            let Some(key) = page.key(s)? else { return Ok(Entry::Done) };
            match s.peek()? {
                b'[' if lists.iter().any(|l| l.eq_ignore_ascii_case(key.raw)) => {
                    s.array()?;
                    Ok(Entry::List)
                }
                b'[' | b'{' => Ok(Entry::Other),
                _ => {
                    let value = s.value()?;
                    head(key.raw, value);
                    Ok(Entry::Read)
                }
            }
        })?;
        self.page = Members::resumed();
        match entry {
            Entry::Done => self.at = At::Top,
            Entry::List => (self.at, self.items) = (At::List { paged: true }, Items::default()),
            Entry::Other => pass_over(window)?,
            Entry::Read => {}
        }
        Ok(())
    }
}

/// Whether nothing but white space is left.
fn ended(window: &mut Window) -> Result<bool, Stop> {
    loop {
        let data = window.data();
        let blank = data.len() - data.trim_ascii_start().len();
        window.consume(blank);
        if !window.data().is_empty() {
            return Ok(false);
        }
        if window.fill()? == Fill::End {
            return Ok(true);
        }
    }
}

/// Whether the object at hand holds records under one of the keys.
fn is_page(window: &mut Window, lists: &[&[u8]]) -> Result<bool, Stop> {
    let looked = read(window, |s| {
        let mut probe = s.clone();
        let mut members = probe.object()?;
        while let Some(key) = members.key(&mut probe)? {
            if probe.peek()? == b'[' && lists.iter().any(|l| l.eq_ignore_ascii_case(key.raw)) {
                return Ok(true);
            }
            probe.skip()?;
        }
        Ok(false)
    });
    match looked {
        // Too long to be looked through, or broken further on: the reader of the record says so.
        Err(Stop::TooLarge | Stop::CutOff) => Ok(false),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::import::bytes::RangeStream;

    fn walk(text: &str, size: usize) -> (Vec<String>, Vec<String>) {
        let bytes = Rc::new(text.as_bytes().to_vec());
        let mut window = Window::with_limits(Box::new(RangeStream::whole(bytes)), size, 1 << 12);
        let (mut records, mut found, mut heads) = (Sequence::default(), Vec::new(), Vec::new());
        while records.next(&mut window, &[b"value"], |key, value| heads.push(format!("{}={value:?}", String::from_utf8_lossy(key)))).unwrap() {
            let record = read(&mut window, |s| s.value().map(|v| format!("{v:?}"))).unwrap();
            found.push(record);
        }
        (found, heads)
    }

    #[test]
    fn every_layout_gives_the_same_records() {
        let wanted = walk(r#"[{"a":1},{"a":2}]"#, 4096).0;
        assert_eq!(wanted.len(), 2);
        for text in [
            "{\"a\":1}\n{\"a\":2}\n",
            r#"{"n":2,"value":[{"a":1},{"a":2}],"next":"x"}"#,
            "{\"value\":[{\"a\":1}]}\n{\"Value\" : [ {\"a\":2} ] }\n",
            " [ {\"a\":1} , {\"a\":2} ] \n",
        ] {
            for size in [1, 7, 4096] {
                assert_eq!(walk(text, size).0, wanted, "{text} by {size}");
            }
        }
        assert_eq!(walk(r#"{"n":2,"value":[],"next":"x"}"#, 1).1.len(), 2);
    }
}
