//! Writes HTML so that text cannot become markup: tags are constants of this program, everything else passes through the escape.

use crate::text;

/// Rows of a table that is not broken over pages.
const SHORT: usize = 14;

/// A cell of a table.
pub(super) enum Cell {
    /// Text.
    Text(String),
    /// A gap class: letter in a box, then the word.
    Class(String),
    /// A name, and its digest in the monospaced face below.
    Digest(String, String),
    /// First and last day; a day is never broken.
    Period(Option<String>, Option<String>),
    /// Per cent and the letter of a gap class, empty for none.
    Share(String, String),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The page as it grows.
#[derive(Default)]
pub(super) struct Paper(pub(super) String);

impl Paper {
    /// Markup of this program's own.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push_str(&text::html(text));
    }

    /// An element with text.
    pub(super) fn element(&mut self, tag: &'static str, class: &'static str, text: &str) {
        self.0.push('<');
        self.0.push_str(tag);
        if !class.is_empty() {
            self.0.push_str(" class=\"");
            self.0.push_str(class);
            self.0.push('"');
        }
        self.0.push('>');
        self.text(text);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }

    /// A paragraph.
    pub(super) fn p(&mut self, class: &'static str, text: &str) {
        self.element("p", class, text);
    }

    /// Opens a section: heading, then the quiet line with what it covers.
    pub(super) fn section(&mut self, id: &'static str, title: &str, scope: &str) {
        self.raw("<section id=\"");
        self.raw(id);
        self.raw("\"><header>");
        self.element("h2", "", title);
        self.p("q", scope);
        self.raw("</header>");
    }

    /// Closes a section.
    pub(super) fn end(&mut self) {
        self.raw("</section>");
    }

    /// A drawing made by `report::chart`, which escapes names itself.
    pub(super) fn drawing(&mut self, svg: &str) {
        self.0.push_str(svg);
    }

    /// A table. A heading that starts with `#` is a column of numbers.
    pub(super) fn table<H: AsRef<str>>(&mut self, caption: &str, heads: &[H], rows: Vec<Vec<Cell>>) {
        // A short table stays on one page.
        self.raw(if rows.len() <= SHORT { "<div class=\"wide-table keep\"" } else { "<div class=\"wide-table\"" });
        self.raw(" tabindex=\"0\" role=\"region\" aria-label=\"");
        self.text(caption);
        self.raw("\"><table>");
        self.element("caption", "", caption);
        self.raw("<thead><tr>");
        for head in heads {
            match head.as_ref().strip_prefix('#') {
                Some(head) => self.raw_head("<th scope=\"col\" class=\"r\">", head),
                None => self.raw_head("<th scope=\"col\">", head.as_ref()),
            }
        }
        self.raw("</tr></thead><tbody>");
        for row in rows {
            self.raw("<tr>");
            for (i, cell) in row.into_iter().enumerate() {
                let right = heads.get(i).is_some_and(|head| head.as_ref().starts_with('#'));
                self.raw(if right { "<td class=\"r\">" } else { "<td>" });
                self.cell(&cell);
                self.raw("</td>");
            }
            self.raw("</tr>");
        }
        self.raw("</tbody></table></div>");
    }

    fn raw_head(&mut self, open: &'static str, text: &str) {
        self.raw(open);
        self.text(text);
        self.raw("</th>");
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.text(text),
            Cell::Digest(name, digest) => {
                self.text(name);
                self.element("code", "", digest);
            }
            Cell::Period(None, None) => {}
            Cell::Period(Some(from), Some(to)) if from != to => {
                self.element("span", "nb", from);
                self.raw(" to ");
                self.element("span", "nb", to);
            }
            Cell::Period(from, to) => self.element("span", "nb", &super::phrase::period(from.as_deref(), to.as_deref())),
            Cell::Share(value, class) => {
                self.text(value);
                self.raw(" ");
                // A cell without a letter keeps its place, so that the numbers stand below each other.
                if class.is_empty() { self.raw("<i class=\"cls0\"></i>") } else { self.badge(class) }
            }
            Cell::Class(class) => {
                self.raw("<span class=\"nb\">");
                self.badge(class);
                self.raw(" ");
                self.text(super::phrase::class_word(class));
                self.raw("</span>");
            }
        }
    }

    fn badge(&mut self, class: &str) {
        let (letter, css) = match class {
            "A" => ("A", "cls A"),
            "B" => ("B", "cls B"),
            "C" => ("C", "cls C"),
            _ => ("U", "cls U"),
        };
        self.element("b", css, letter);
    }
}
