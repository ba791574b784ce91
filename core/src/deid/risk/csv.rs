//! Tables as text: delimited values with quotes (RFC 4180), read into columns of dictionaries.

use std::collections::HashMap;

use crate::error::{Error, Result, codes};

/// One column: each different text once, and for every row which one.
#[derive(Clone, Default)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    pub(super) codes: Vec<u32>,
}

/// A table in columns of the same length.
#[derive(Clone, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
}

/// What a text becomes a code by.
#[derive(Default)]
struct Dictionary {
    known: HashMap<String, u32>,
}

impl Table {
    /// Reads a table whose first line names the columns.
    ///
    /// # Errors
    /// `table_malformed` with the line: a quote that does not end, a row of another length, a name that stands twice.
    pub(super) fn read(text: &str, delimiter: char) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { text, delimiter, at: 0, line: 1 };
        let mut fields = Vec::new();
        if !reader.row(&mut fields)? {
            return Err(malformed(1, "the first line must name the columns"));
        }
        let mut columns: Vec<Column> = Vec::with_capacity(fields.len());
        for name in &fields {
            let name = name.trim().to_owned();
            if columns.iter().any(|column| column.name == name) {
                return Err(malformed(1, "two columns have the same name"));
            }
            columns.push(Column { name, ..Column::default() });
        }
        let mut dictionaries: Vec<Dictionary> = columns.iter().map(|_| Dictionary::default()).collect();
        let mut rows = 0;
        loop {
            let line = reader.line;
            if !reader.row(&mut fields)? {
                break;
            }
            if fields.len() == 1 && columns.len() > 1 && fields.first().is_some_and(String::is_empty) {
                continue;
            }
            if fields.len() != columns.len() {
                return Err(malformed(line, "the row has another number of fields than the first line"));
            }
            for ((column, dictionary), field) in columns.iter_mut().zip(&mut dictionaries).zip(&fields) {
                column.push(dictionary, field)?;
            }
            rows += 1;
        }
        Ok(Self { columns, rows })
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Column {
    fn push(&mut self, dictionary: &mut Dictionary, text: &str) -> Result<()> {
        let code = match dictionary.known.get(text) {
            Some(code) => *code,
            None => {
                let code = u32::try_from(self.values.len())
                    .map_err(|_| malformed(1, "more different values than can be numbered"))?;
                dictionary.known.insert(text.to_owned(), code);
                self.values.push(text.to_owned());
                code
            }
        };
        self.codes.push(code);
        Ok(())
    }

    /// The text of a row.
    #[cfg(test)]
    pub(super) fn text(&self, row: usize) -> &str {
        let code = self.codes.get(row).copied().unwrap_or_default();
        self.values.get(code as usize).map_or("", String::as_str)
    }
}

fn malformed(line: usize, note: &'static str) -> Error {
    Error::new(&codes::TABLE_MALFORMED).in_line(line).note(note)
}

struct Reader<'t> {
    text: &'t str,
    delimiter: char,
    at: usize,
    line: usize,
}

impl Reader<'_> {
    /// The fields of the next row; false at the end.
    fn row(&mut self, fields: &mut Vec<String>) -> Result<bool> {
        fields.clear();
        if self.at >= self.text.len() {
            return Ok(false);
        }
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let ended = match rest.strip_prefix('"') {
                Some(quoted) => self.quoted(quoted, fields)?,
                None => self.plain(rest, fields),
            };
            if ended {
                return Ok(true);
            }
        }
    }

    fn plain(&mut self, rest: &str, fields: &mut Vec<String>) -> bool {
        let end = rest.find([self.delimiter, '\n']).unwrap_or(rest.len());
        let field = rest.get(..end).unwrap_or_default();
        fields.push(field.strip_suffix('\r').unwrap_or(field).to_owned());
        self.after(end, rest)
    }

    fn quoted(&mut self, rest: &str, fields: &mut Vec<String>) -> Result<bool> {
        let started = self.line;
        let mut field = String::new();
        let mut at = 0;
        loop {
            let tail = rest.get(at..).unwrap_or_default();
            let Some(quote) = tail.find('"') else {
                return Err(malformed(started, "a quote does not end"));
            };
            field.push_str(tail.get(..quote).unwrap_or_default());
            at += quote + 1;
            match rest.get(at..).and_then(|after| after.strip_prefix('"')) {
                Some(_) => {
                    field.push('"');
                    at += 1;
                }
                None => break,
            }
        }
        self.line += field.bytes().filter(|byte| *byte == b'\n').count();
        self.at += at + 1;
        let tail = self.text.get(self.at..).unwrap_or_default();
        let skip = usize::from(tail.starts_with('\r'));
        let tail = tail.get(skip..).unwrap_or_default();
        if !(tail.is_empty() || tail.starts_with([self.delimiter, '\n'])) {
            return Err(malformed(self.line, "something follows the end of a quote"));
        }
        self.at += skip;
        fields.push(field);
        Ok(self.after(0, tail))
    }

    /// Steps over what ends a field, `end` bytes into `rest`; whether it ends the row.
    fn after(&mut self, end: usize, rest: &str) -> bool {
        let stop = rest.get(end..).and_then(|tail| tail.chars().next());
        self.at += end + stop.map_or(0, char::len_utf8);
        if stop == Some('\n') {
            self.line += 1;
        }
        stop != Some(self.delimiter)
    }
}

/// Appends a field, quoted where it must be.
pub(super) fn write_field(out: &mut String, field: &str, delimiter: char) {
    if field.contains([delimiter, '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_with_their_quotes() {
        let text = "\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n2,\n\"3\",q\n";
        let table = Table::read(text, ',').unwrap();
        assert_eq!(table.rows, 3);
        let column = |name: &str| {
            let column = table.column(name).unwrap();
            (0..3).map(|row| column.text(row).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(column("a"), ["1", "2", "3"]);
        assert_eq!(column("b"), ["x, \"y\"\nz", "", "q"]);
        let mut out = String::new();
        write_field(&mut out, "x, \"y\"\nz", ',');
        assert_eq!(out, "\"x, \"\"y\"\"\nz\"");
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        for (text, line) in [("", 1), ("a,a\n", 1), ("a,b\n1,2\n3\n", 3), ("a\n\"x\n", 2), ("a\n\"x\"y\n", 2)]
        {
            let error = Table::read(text, ',').err().unwrap();
            assert_eq!((error.code(), error.line()), ("table_malformed", Some(line)), "{text:?}");
        }
    }

    proptest::proptest! {
        /// Whatever is written is read again.
        #[test]
        fn fields_read_back(rows in proptest::collection::vec(proptest::collection::vec("[a-z,;\"\n ]{0,6}", 2..3), 1..9)) {
            let mut text = "a,b\n".to_owned();
            for row in &rows {
                for (at, field) in row.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    write_field(&mut text, field, ',');
                }
                text.push('\n');
            }
            let table = Table::read(&text, ',').unwrap();
            proptest::prop_assert_eq!(table.rows, rows.len());
            for (at, row) in rows.iter().enumerate() {
                for (column, field) in table.columns.iter().zip(row) {
                    proptest::prop_assert_eq!(column.text(at), field.as_str());
                }
            }
        }
    }
}
