//! Writes HTML so that text cannot become markup: tags are constants of this program, everything else passes through the escape.

use crate::text;

/// A cell of a table.
pub(super) enum Cell {
    /// Text.
    Text(String),
    /// A gap class: letter in a box, then the word.
    Class(String),
    /// Text in the monospaced face (digests).
    Code(String),
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
    pub(super) fn table(&mut self, caption: &str, heads: &[&'static str], rows: Vec<Vec<Cell>>) {
        self.raw("<div class=\"wide-table\" tabindex=\"0\" role=\"region\" aria-label=\"");
        self.text(caption);
        self.raw("\"><table>");
        self.element("caption", "", caption);
        self.raw("<thead><tr>");
        for head in heads {
            match head.strip_prefix('#') {
                Some(head) => self.raw_head("<th scope=\"col\" class=\"r\">", head),
                None => self.raw_head("<th scope=\"col\">", head),
            }
        }
        self.raw("</tr></thead><tbody>");
        for row in rows {
            self.raw("<tr>");
            for (i, cell) in row.into_iter().enumerate() {
                let right = heads.get(i).is_some_and(|head| head.starts_with('#'));
                self.raw(if right { "<td class=\"r\">" } else { "<td>" });
                self.cell(&cell);
                self.raw("</td>");
            }
            self.raw("</tr>");
        }
        self.raw("</tbody></table></div>");
    }

    fn raw_head(&mut self, open: &'static str, text: &'static str) {
        self.raw(open);
        self.text(text);
        self.raw("</th>");
    }

    fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Text(text) => self.text(text),
            Cell::Code(text) => self.element("code", "", text),
            Cell::Class(class) => {
                let (letter, css) = match class.as_str() {
                    "A" => ("A", "cls A"),
                    "B" => ("B", "cls B"),
                    "C" => ("C", "cls C"),
                    _ => ("U", "cls U"),
                };
                self.element("b", css, letter);
                self.raw(" ");
                self.text(super::phrase::class_word(class));
            }
        }
    }
}
