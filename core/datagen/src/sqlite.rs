//! Rows of a table of an SQLite file: enough of its format to read what a source ships, and nothing else.
//!
//! The layout is that of file format 3: B-tree pages of cells behind a list of their offsets, numbers of one to nine
//! bytes with the high bits first, records of a header of types and the values, and overflow pages.

use crate::Result;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Number(i64),
    Text(String),
    Other,
}

impl Value {
    /// The text, or nothing where it is none.
    pub(crate) fn text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }
}

/// A database.
pub(crate) struct Sqlite<'f> {
    file: &'f [u8],
    page: usize,
    usable: usize,
}

fn fixed(bytes: &[u8], at: usize, length: usize) -> Result<usize> {
    let part = bytes.get(at..at + length).ok_or("the SQLite file ends too soon")?;
    Ok(part.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
}

/// A number of one to nine bytes, and how many they were.
fn varint(bytes: &[u8], at: usize) -> Result<(u64, usize)> {
    let mut sum = 0u64;
    for step in 0..9 {
        let byte = u64::from(*bytes.get(at + step).ok_or("a number that ends too soon")?);
        if step == 8 {
            return Ok(((sum << 8) | byte, 9));
        }
        sum = (sum << 7) | (byte & 0x7F);
        if byte & 0x80 == 0 {
            return Ok((sum, step + 1));
        }
    }
    Err("a number that does not end".into())
}

impl<'f> Sqlite<'f> {
    pub(crate) fn open(file: &'f [u8]) -> Result<Self> {
        if !file.starts_with(b"SQLite format 3\0") {
            return Err("no SQLite file".into());
        }
        let page = match fixed(file, 16, 2)? {
            1 => 65_536,
            other => other,
        };
        Ok(Self { file, page, usable: page.saturating_sub(fixed(file, 20, 1)?) })
    }

    /// Every row of a table, in the order of their numbers.
    pub(crate) fn rows(&self, table: &str) -> Result<Vec<Vec<Value>>> {
        let mut schema = Vec::new();
        self.walk(1, 0, &mut schema)?;
        let of_table = |row: &&Vec<Value>| {
            row.first().is_some_and(|kind| kind.text() == "table")
                && row.get(1).is_some_and(|name| name.text() == table)
        };
        let row =
            schema.iter().find(of_table).ok_or_else(|| format!("the SQLite file has no table {table}"))?;
        let Some(Value::Number(root)) = row.get(3) else { return Err("a table without a root page".into()) };
        let mut out = Vec::new();
        self.walk(usize::try_from(*root)?, 0, &mut out)?;
        Ok(out)
    }

    fn bytes_of_page(&self, number: usize) -> Result<&'f [u8]> {
        let start = number.checked_sub(1).and_then(|page| page.checked_mul(self.page));
        let page = start.and_then(|start| self.file.get(start..start + self.page));
        page.ok_or_else(|| "a page beyond the end of the SQLite file".into())
    }

    fn walk(&self, number: usize, depth: usize, out: &mut Vec<Vec<Value>>) -> Result<()> {
        if depth > 20 {
            return Err("an SQLite table that is deeper than it can be".into());
        }
        let page = self.bytes_of_page(number)?;
        let header = if number == 1 { 100 } else { 0 };
        let interior = match fixed(page, header, 1)? {
            5 => true,
            13 => false,
            _ => return Err("a page of an SQLite table that is none".into()),
        };
        let cells = header + if interior { 12 } else { 8 };
        for cell in 0..fixed(page, header + 3, 2)? {
            let at = fixed(page, cells + 2 * cell, 2)?;
            if interior {
                self.walk(fixed(page, at, 4)?, depth + 1, out)?;
            } else {
                out.push(record(&self.payload(page, at)?)?);
            }
        }
        if interior { self.walk(fixed(page, header + 8, 4)?, depth + 1, out) } else { Ok(()) }
    }

    /// The record of a leaf cell, its overflow pages put together.
    fn payload(&self, page: &[u8], at: usize) -> Result<Vec<u8>> {
        let (length, used) = varint(page, at)?;
        let length = usize::try_from(length)?;
        let at = at + used;
        let at = at + varint(page, at)?.1;
        let most = self.usable - 35;
        if length <= most {
            return Ok(page.get(at..at + length).ok_or("a record that ends too soon")?.to_vec());
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let here = least + (length - least) % (self.usable - 4);
        let here = if here <= most { here } else { least };
        let mut out = page.get(at..at + here).ok_or("a record that ends too soon")?.to_vec();
        let mut next = fixed(page, at + here, 4)?;
        while out.len() < length {
            let page = self.bytes_of_page(next)?;
            let part = (length - out.len()).min(self.usable - 4);
            out.extend(page.get(4..4 + part).ok_or("a record that ends too soon")?);
            next = fixed(page, 0, 4)?;
        }
        Ok(out)
    }
}

fn record(bytes: &[u8]) -> Result<Vec<Value>> {
    let (header, mut at) = varint(bytes, 0)?;
    let mut value = usize::try_from(header)?;
    let mut out = Vec::new();
    while at < usize::try_from(header)? {
        let (kind, used) = varint(bytes, at)?;
        at += used;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            other => usize::try_from((other - 12) / 2)?,
        };
        let part = bytes.get(value..value + length).ok_or("a value that ends too soon")?;
        value += length;
        out.push(match kind {
            0 => Value::Null,
            8 => Value::Number(0),
            9 => Value::Number(1),
            1..=6 => {
                let negative = part.first().is_some_and(|byte| byte & 0x80 != 0);
                let start = if negative { -1i64 } else { 0 };
                Value::Number(part.iter().fold(start, |sum, byte| (sum << 8) | i64::from(*byte)))
            }
            odd if odd >= 13 && odd % 2 == 1 => Value::Text(String::from_utf8_lossy(part).into_owned()),
            _ => Value::Other,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read() {
        assert_eq!(varint(&[0x81, 0x00], 0).unwrap(), (128, 2));
        let row = record(&[4, 0, 1, 17, 0xFF, b'a', b'b']).unwrap();
        assert_eq!(row, [Value::Null, Value::Number(-1), Value::Text("ab".into())]);
        assert!(record(&[4, 0, 1, 17, 0xFF]).is_err());
        assert!(Sqlite::open(b"no").is_err());
    }
}
