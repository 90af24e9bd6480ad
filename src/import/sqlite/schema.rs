//! Tables and their columns, read off the statements that made them.

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Page of its root.
    pub root: u32,
    /// Names of its columns as they are stored, lower case.
    pub columns: Vec<String>,
    /// Column that stands for the row id (`INTEGER PRIMARY KEY`): it is stored as NULL.
    pub alias: Option<usize>,
    /// Stored as an index: not read here.
    pub without_rowid: bool,
}

impl Table {
    /// The list of tables itself, on the first page.
    pub(super) fn of_schema() -> Self {
        let columns = ["type", "name", "tbl_name", "rootpage", "sql"].map(str::to_owned).to_vec();
        Self { name: "sqlite_schema".to_owned(), root: 1, columns, alias: None, without_rowid: false }
    }

    /// From its `CREATE TABLE`.
    pub(super) fn parse(name: &str, root: u32, sql: &str) -> Self {
        let mut table = Self { name: name.to_owned(), root, columns: Vec::new(), alias: None, without_rowid: false };
        let (pieces, tail) = pieces(sql);
        table.without_rowid = tail.iter().map(|t| t.to_ascii_lowercase()).collect::<Vec<_>>().join(" ").contains("without rowid");
        for words in &pieces {
            table.piece(words);
        }
        table
    }

    fn piece(&mut self, words: &[String]) {
        let Some(first) = words.first() else { return };
        let lower: Vec<String> = words.iter().map(|w| w.to_ascii_lowercase()).collect();
        let has = |word: &str| lower.iter().skip(1).any(|w| w == word);
        let quoted = first.starts_with(['"', '`', '[', '\'']);
        match lower.first().map(String::as_str) {
            Some("constraint" | "unique" | "check" | "foreign") if !quoted => return,
            Some("primary") if !quoted && has("key") => {
                // `PRIMARY KEY (ROWID)` of one column stands for the row id if that is an INTEGER; types are not kept, message stores name it at the column.
                return;
            }
            _ => {}
        }
        // Computed when read, not stored.
        if has("as") && !has("stored") && (has("generated") || has("virtual")) {
            return;
        }
        let descending = lower.windows(3).any(|w| matches!(w, [a, b, c] if a == "primary" && b == "key" && c == "desc"));
        if lower.get(1).is_some_and(|t| t == "integer") && has("primary") && has("key") && !descending {
            self.alias = Some(self.columns.len());
        }
        self.columns.push(plain(first).to_lowercase());
    }

    /// Place of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }
}

fn plain(word: &str) -> &str {
    let inner = |open: char, close: char| word.strip_prefix(open).and_then(|w| w.strip_suffix(close));
    inner('"', '"').or_else(|| inner('`', '`')).or_else(|| inner('[', ']')).or_else(|| inner('\'', '\'')).unwrap_or(word)
}

/// Words of each piece between the outer brackets, and the words behind them. What stands in inner brackets is left out.
fn pieces(sql: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut done, mut words, mut depth, mut closed) = (Vec::new(), Vec::new(), 0usize, false);
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let used = match c {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |n| n + 2),
            '(' => {
                depth += 1;
                if depth == 1 && !closed {
                    words.clear();
                }
                1
            }
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !closed {
                    done.push(std::mem::take(&mut words));
                    closed = true;
                }
                1
            }
            ',' if depth == 1 && !closed => {
                done.push(std::mem::take(&mut words));
                1
            }
            _ => {
                let used = word(rest, c);
                if !c.is_whitespace() && (depth == 1 || (depth == 0 && closed)) && words.len() < 64 {
                    words.push(rest.get(..used).unwrap_or_default().to_owned());
                }
                used
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    (done, words)
}

/// Bytes of the word, quoted name or blank that begins here.
fn word(rest: &str, first: char) -> usize {
    let close = match first {
        '"' | '\'' | '`' => Some(first),
        '[' => Some(']'),
        _ => None,
    };
    let len = first.len_utf8();
    if let Some(close) = close {
        return rest.get(len..).and_then(|r| r.find(close)).map_or(rest.len(), |n| len + n + close.len_utf8());
    }
    let ordinary = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    if ordinary(first) { rest.find(|c| !ordinary(c)).unwrap_or(rest.len()) } else { len }
}
