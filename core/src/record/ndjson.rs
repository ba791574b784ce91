//! Newline-delimited JSON: one record a line, read one at a time.

use std::io::{BufRead, Read};

use super::{Limits, Record};
use crate::error::{Error, Result, codes};
use crate::formats::Format;

pub(super) fn unreadable(error: std::io::Error) -> Error {
    Error::new(&codes::FILE_UNREADABLE).note(error.kind().to_string())
}

/// The records of newline-delimited JSON. Blank lines are skipped; memory is bounded by the longest line.
///
/// A line that is no record is an error with the line's number and the byte offset in the whole input; the lines
/// after it are still read. After an error of reading itself nothing follows.
#[derive(Debug)]
pub(super) struct NdJson<R> {
    input: R,
    limits: Limits,
    format: Option<Format>,
    line: usize,
    /// Where the next line begins.
    offset: usize,
    over: bool,
}

impl<R: BufRead> NdJson<R> {
    /// Reads every line as that release of FHIR; without one each is looked at.
    pub(super) const fn new(input: R, format: Option<Format>, limits: Limits) -> Self {
        Self { input, limits, format, line: 0, offset: 0, over: false }
    }

    /// How many bytes of the input were read.
    pub(super) const fn bytes_read(&self) -> u64 {
        self.offset as u64
    }

    /// The next line without its end, or none at the end of the input.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>> {
        let limit = self.limits.bytes.saturating_add(1);
        let mut line = Vec::new();
        let read = (&mut self.input).take(limit as u64).read_until(b'\n', &mut line).map_err(unreadable)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        let start = self.offset;
        self.offset += read;
        if line.last() != Some(&b'\n') && line.len() > self.limits.bytes {
            self.offset += skip_line(&mut self.input).map_err(unreadable)?;
            return Err(super::too_large(self.limits).at_offset(start).in_line(self.line));
        }
        Ok(Some(line))
    }
}

impl<R: BufRead> Iterator for NdJson<R> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let start = self.offset;
            match self.next_line() {
                Ok(None) => self.over = true,
                Ok(Some(line)) if line.iter().all(u8::is_ascii_whitespace) => {}
                Ok(Some(mut line)) => {
                    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                        line.pop();
                    }
                    let record = Record::parse_resource(line, self.format, self.limits);
                    return Some(record.map_err(|error| error.moved(start).in_line(self.line)));
                }
                Err(error) => {
                    self.over = error.code() != codes::TOO_LARGE.code;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Passes over the rest of a line without keeping it.
fn skip_line(input: &mut impl BufRead) -> std::io::Result<usize> {
    let mut skipped = 0;
    loop {
        let buffer = input.fill_buf()?;
        let (step, done) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(step);
        skipped += step;
        if done {
            return Ok(skipped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_by_one() {
        let input = "\u{feff}{\"resourceType\":\"Patient\"}\r\n \n{\"resourceType\":\"Nobody\"}\n[]\n{\"resourceType\":\"Bundle\"}";
        let read: Vec<_> = NdJson::new(input.as_bytes(), None, Limits::default()).collect();
        assert_eq!(read.len(), 4);
        assert_eq!(read[0].as_ref().unwrap().irregularities()[0].code, "byte_order_mark");
        let errors: Vec<_> = read[1..3]
            .iter()
            .map(|read| {
                let error = read.as_ref().unwrap_err();
                (error.code(), error.line(), error.span().unwrap().start)
            })
            .collect();
        assert_eq!(errors, [("unknown_resource_type", Some(3), 49), ("not_a_resource", Some(4), 59)]);
        assert!(read[3].is_ok());
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over() {
        let long = format!(
            "{{\"resourceType\":\"Patient\",\"id\":\"{}\"}}\n{{\"resourceType\":\"Patient\"}}",
            "x".repeat(99)
        );
        let limits = Limits { bytes: 64, ..Limits::default() };
        let input = std::io::BufReader::with_capacity(7, long.as_bytes());
        let read: Vec<_> = NdJson::new(input, None, limits).collect();
        assert_eq!(read[0].as_ref().unwrap_err().code(), "too_large");
        assert_eq!(read[1].as_ref().unwrap().source().len(), 26);
    }
}
