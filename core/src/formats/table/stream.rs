//! Rows of a table, cut out of it some at a time, each time with the row of names before them.

use std::io::{BufRead, Result};

use super::TableMap;
use crate::formats::{Format, Piece};

/// Cuts tables of a few rows out of a long one.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    input: R,
    /// The character between cells; none where a line is a row.
    delimiter: Option<u8>,
    /// The most bytes of a piece without its row of names.
    limit: usize,
    /// The most rows of a piece.
    rows: usize,
    /// The row of names; none where it was not read yet.
    header: Option<Vec<u8>>,
    /// How many bytes were read.
    offset: usize,
    /// A row that the piece before had no room for.
    begun: Option<Row>,
}

/// One row, with its end.
#[derive(Debug, Default)]
struct Row {
    start: usize,
    bytes: Vec<u8>,
    /// Whether bytes over the limit were left out.
    cut: bool,
    /// Whether nothing stands in it.
    blank: bool,
}

/// Where a cell is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before its first character.
    Start,
    /// In one without quotes, or after its quotes.
    Plain,
    /// Between its quotes.
    Quoted,
    /// After a quote, which ends the cell or stands for itself with another.
    Quote,
}

impl<R: BufRead> Rows<R> {
    /// Cuts as the map says.
    pub(crate) fn new(input: R, map: &TableMap, rows: usize, limit: usize) -> Self {
        let csv = map.format == Format::Csv;
        let delimiter = u8::try_from(u32::from(map.delimiter)).ok().filter(|_| csv);
        let header = if csv && map.header { None } else { Some(Vec::new()) };
        Self { input, delimiter, limit, rows: rows.max(1), header, offset: 0, begun: None }
    }

    /// How many bytes were read.
    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    /// The next rows, with the row of names before them; none at the end of the input. `start` of the piece is where
    /// its first byte would stand, were the row of names in front of its rows in the input.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>> {
        if self.header.is_none() {
            let Some(row) = self.row()? else { return Ok(None) };
            if row.cut {
                while self.row()?.is_some() {}
                return Ok(Some(Piece::TooLarge { start: row.start }));
            }
            self.header = Some(row.bytes);
        }
        let header = self.header.clone().unwrap_or_default();
        let first = match self.begun.take() {
            Some(begun) => Some(begun),
            None => self.row()?,
        };
        let Some(first) = first else { return Ok(None) };
        if first.cut {
            return Ok(Some(Piece::TooLarge { start: first.start }));
        }
        let start = first.start.saturating_sub(header.len());
        let mut bytes = header;
        // A last row of names without an end would run into what follows it.
        if bytes.last().is_some_and(|byte| !matches!(byte, b'\r' | b'\n')) {
            bytes.push(b'\n');
        }
        let before = bytes.len();
        bytes.extend_from_slice(&first.bytes);
        for _ in 1..self.rows {
            let Some(row) = self.row()? else { break };
            if row.cut || bytes.len() - before + row.bytes.len() > self.limit {
                self.begun = Some(row);
                break;
            }
            bytes.extend_from_slice(&row.bytes);
        }
        Ok(Some(Piece::Whole { start, bytes }))
    }

    /// The next row in which something stands.
    fn row(&mut self) -> Result<Option<Row>> {
        loop {
            let row = self.line()?;
            match row {
                Some(row) if row.blank => {}
                other => return Ok(other),
            }
        }
    }

    /// The next row, with its end.
    fn line(&mut self) -> Result<Option<Row>> {
        let mut row = Row { start: self.offset, blank: true, ..Row::default() };
        let mut at = At::Start;
        let mark = self.offset == 0;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok((self.offset > row.start).then_some(row));
            }
            let mut taken = buffer.len();
            let mut ended = None;
            for (step, byte) in buffer.iter().enumerate() {
                let place = self.offset + step;
                // A byte order mark is before the first cell, not in it.
                if mark && place < 3 && b"\xef\xbb\xbf".get(place) == Some(byte) {
                    continue;
                }
                let ends = matches!(byte, b'\n') || (self.delimiter.is_some() && *byte == b'\r');
                at = match (at, self.delimiter) {
                    (At::Quoted, _) if *byte == b'"' => At::Quote,
                    (At::Quoted, _) => At::Quoted,
                    _ if ends => {
                        ended = Some(*byte);
                        taken = step + 1;
                        break;
                    }
                    (At::Start, Some(_)) if *byte == b'"' => At::Quoted,
                    (At::Quote, _) if *byte == b'"' => At::Quoted,
                    (_, Some(delimiter)) if delimiter == *byte => At::Start,
                    _ => At::Plain,
                };
                row.blank &= self.delimiter.is_none() && byte.is_ascii_whitespace();
            }
            let room = self.limit.saturating_sub(row.bytes.len());
            row.cut |= taken > room;
            row.bytes.extend_from_slice(buffer.get(..taken.min(room)).unwrap_or_default());
            self.input.consume(taken);
            self.offset += taken;
            let Some(end) = ended else { continue };
            if end == b'\r' && self.input.fill_buf()?.first() == Some(&b'\n') {
                row.bytes.push(b'\n');
                self.input.consume(1);
                self.offset += 1;
            }
            return Ok(Some(row));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::formats::table::suggest;

    fn cut(
        source: &str,
        format: Format,
        rows: usize,
        limit: usize,
        buffer: usize,
    ) -> Vec<(usize, Option<String>)> {
        let map = TableMap { columns: Vec::new(), ..suggest(b"mrn\n1\n", Format::Csv).unwrap() };
        let map = TableMap { format, ..map };
        let mut pieces = Rows::new(BufReader::with_capacity(buffer, source.as_bytes()), &map, rows, limit);
        let mut out = Vec::new();
        while let Some(piece) = pieces.next().unwrap() {
            out.push(match piece {
                Piece::Whole { start, bytes } => (start, Some(String::from_utf8(bytes).unwrap())),
                Piece::TooLarge { start } => (start, None),
            });
        }
        assert_eq!(pieces.offset(), source.len());
        out
    }

    #[test]
    fn rows_come_with_the_names() {
        let source = "\u{feff}a,b\r\n1,\"x\r\n\"\"y\"\r\n\r\n2,z\r3,\"\"\"\"\n4,a\"b\"";
        for buffer in [1, 2, 3, 8192] {
            let found = cut(source, Format::Csv, 2, 1000, buffer);
            let names = "\u{feff}a,b\r\n";
            let second = source.find("3,").unwrap();
            let first = format!("{names}1,\"x\r\n\"\"y\"\r\n2,z\r");
            assert_eq!(found[0], (0, Some(first)));
            assert_eq!(found[1], (second - names.len(), Some(format!("{names}3,\"\"\"\"\n4,a\"b\""))));
            assert_eq!(found.len(), 2);
        }
        let lines = "{\"a\":1}\n \n{\"a\":\"\\\"\"}\r\n{\"a\":2}";
        let found = cut(lines, Format::NdjsonTable, 2, 1000, 3);
        assert_eq!(found[0], (0, Some("{\"a\":1}\n{\"a\":\"\\\"\"}\r\n".to_owned())));
        assert_eq!(found[1].1.as_deref(), Some("{\"a\":2}"));
    }

    #[test]
    fn rows_over_the_limit_are_passed_over() {
        let source = format!("a\n1\n\"{}\"\n2\n3\n", "x\n".repeat(50));
        let found = cut(&source, Format::Csv, 100, 20, 7);
        assert_eq!(found[0], (0, Some("a\n1\n".to_owned())));
        assert_eq!(found[1], (4, None));
        assert_eq!(found[2].1.as_deref(), Some("a\n2\n3\n"));
        assert_eq!(cut(&"x".repeat(100), Format::Csv, 100, 20, 7), [(0, None)]);
    }
}
