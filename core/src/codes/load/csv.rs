//! Tables of text: commas with quotes (RFC 4180), tabs, or bars; every record with its line.

use super::refuse;
use crate::error::Result;

/// A record and the line on which it begins, counted from 1.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

impl Record {
    pub(super) fn get(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", |field| field.trim())
    }
}

/// Records with quoted fields.
///
/// # Errors
/// `source_malformed` where a quote is not closed: the file ends inside a field.
pub(super) fn quoted(text: &str) -> Result<Vec<Record>> {
    let mut out = Vec::new();
    let (mut fields, mut field) = (Vec::new(), String::new());
    let (mut line, mut began) = (1, 1);
    let mut inside = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (inside, c) {
            (true, '"') if characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            (true, '"') => inside = false,
            (true, _) => {
                line += usize::from(c == '\n');
                field.push(c);
            }
            (false, '"') if field.trim().is_empty() => {
                field.clear();
                inside = true;
            }
            (false, ',') => fields.push(std::mem::take(&mut field)),
            (false, '\n') => {
                fields.push(std::mem::take(&mut field));
                out.push(Record { line: began, fields: std::mem::take(&mut fields) });
                line += 1;
                began = line;
            }
            (false, '\r') => {}
            (false, _) => field.push(c),
        }
    }
    if inside {
        return Err(refuse(began, "the file ends inside a quoted field"));
    }
    if !field.is_empty() || !fields.is_empty() {
        fields.push(field);
        out.push(Record { line: began, fields });
    }
    out.retain(|record| record.fields.iter().any(|field| !field.trim().is_empty()));
    Ok(out)
}

/// Records whose fields a character divides, one a line.
pub(super) fn divided(text: &str, by: char) -> impl Iterator<Item = Record> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(move |(at, line)| Record { line: at + 1, fields: line.split(by).map(str::to_owned).collect() })
}

/// The columns of a table by their names in its first record.
#[derive(Debug)]
pub(super) struct Header {
    names: Vec<String>,
    line: usize,
}

impl Header {
    pub(super) fn of(record: &Record) -> Self {
        let names = record.fields.iter().map(|field| field.trim().to_ascii_lowercase()).collect();
        Self { names, line: record.line }
    }

    /// The place of the first column whose name begins so.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = name.to_ascii_lowercase();
        let exact = self.names.iter().position(|known| *known == name);
        exact.or_else(|| self.names.iter().position(|known| known.starts_with(&name)))
    }

    /// # Errors
    /// `source_malformed` where there is no such column.
    pub(super) fn need(&self, name: &str) -> Result<usize> {
        self.find(name).ok_or_else(|| refuse(self.line, "a column of this format is missing"))
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// # Errors
    /// `source_malformed` where the record has another count of fields: it is cut short.
    pub(super) fn whole(&self, record: &Record) -> Result<()> {
        if record.fields.len() == self.names.len() {
            Ok(())
        } else {
            Err(refuse(record.line, "the line has another count of fields than the header"))
        }
    }
}
