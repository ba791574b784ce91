//! Records of an input of any length, whatever it is made of: one mechanism with counts of what was read.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::bundle::BundleEntries;
use super::ndjson::{NdJson, unreadable};
use super::{Limits, Progress, Record};
use crate::error::{Error, Result, codes};
use crate::formats::hl7v2::Messages;
use crate::formats::table::{Rows, TableMap};
use crate::formats::{Format, Piece};

/// The rows of a table that make a record where the request does not say how many.
const ROWS: usize = 1000;
/// The most bytes of a record where the request does not say how many.
const RECORD_BYTES: usize = 256 << 20;

/// What an input is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Layout {
    /// One FHIR resource a line.
    Ndjson,
    /// One FHIR Bundle; each of its resources is a record.
    Bundle,
    /// Messages of HL7 v2, in batches, files and frames or without; each is a record.
    Hl7v2,
    /// A table; some rows at a time are a record, each time with the row of names before them.
    Table,
}

/// How an input is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadRecordsRequest {
    /// What it is made of.
    pub layout: Layout,
    /// The release of FHIR; without it each record is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What the columns of a table are; a table needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<TableMap>,
    /// The most rows of a table that make a record; 1,000 without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// The most bytes of a record; 256 MiB without it. A larger one is refused, and those after it are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_bytes: Option<usize>,
}

impl ReadRecordsRequest {
    /// An input of that layout with everything else as it is without being said.
    #[must_use]
    pub const fn of(layout: Layout) -> Self {
        Self { layout, format: None, table: None, rows: None, record_bytes: None }
    }
}

type Input = Box<dyn BufRead + Send>;

/// The records of an input, read one at a time; see [`read_records`].
pub struct Records {
    source: Source,
    limits: Limits,
    table: Option<TableMap>,
    progress: Progress,
    over: bool,
}

enum Source {
    Lines(NdJson<Input>),
    Bundle(BundleEntries<Input>),
    Messages(Messages<Input>),
    Rows(Rows<Input>),
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("progress", &self.progress).finish_non_exhaustive()
    }
}

/// Reads the records of an input one at a time; memory is bounded by the largest record.
///
/// Every record is the part of the input as it stands there, byte for byte; of a table, its rows behind the row of
/// names. A part that is no record is an error with its byte offset in the whole input, and those after it are
/// still read. After an error of reading itself, or of a Bundle itself, nothing follows. Blank lines, entries of a
/// Bundle without a resource, and frames and envelopes of messages are passed over.
///
/// ```
/// use chartkeeper::record::{Layout, ReadRecordsRequest, read_records};
/// let input = "BHS|^~\\&|LAB\rMSH|^~\\&|LAB\rPID|1||7\rMSH|^~\\&|LAB\rPID|1||8\rBTS|2\r";
/// let mut records = read_records(input.as_bytes(), &ReadRecordsRequest::of(Layout::Hl7v2))?;
/// assert_eq!(records.next().unwrap()?.source(), b"MSH|^~\\&|LAB\rPID|1||7\r");
/// assert_eq!(records.by_ref().count(), 1);
/// assert_eq!((records.progress().records, records.progress().bytes), (2, input.len() as u64));
/// # Ok::<(), chartkeeper::Error>(())
/// ```
///
/// # Errors
/// `invalid_argument` where a table comes without its map, another input with one, or the format is none of FHIR's.
pub fn read_records(input: impl BufRead + Send + 'static, request: &ReadRecordsRequest) -> Result<Records> {
    Records::new(Box::new(input), request)
}

/// [`read_records`] of a file.
///
/// # Errors
/// `file_unreadable`, and those of [`read_records`].
pub fn open_records(path: impl AsRef<Path>, request: &ReadRecordsRequest) -> Result<Records> {
    let file = File::open(path).map_err(unreadable)?;
    read_records(BufReader::with_capacity(1 << 16, file), request)
}

impl Records {
    fn new(input: Input, request: &ReadRecordsRequest) -> Result<Self> {
        let bad = |field: &'static str, note: &'static str| {
            Err(Error::new(&codes::INVALID_ARGUMENT).in_path(field).note(note))
        };
        let fhir = matches!(request.layout, Layout::Ndjson | Layout::Bundle);
        let is_fhir = |format: Format| {
            use Format::{FhirR4Json, FhirR4bJson, FhirR5Json, FhirStu3Json};
            matches!(format, FhirR4Json | FhirR4bJson | FhirR5Json | FhirStu3Json)
        };
        if request.format.is_some_and(|format| !fhir || !is_fhir(format)) {
            return bad("format", "it is the release of FHIR of ndjson or bundle");
        }
        if request.table.is_some() != (request.layout == Layout::Table) {
            return bad("table", "a table has a map of its columns, and nothing else has one");
        }
        let limits = Limits { bytes: request.record_bytes.unwrap_or(RECORD_BYTES), ..Limits::default() };
        let source = match (request.layout, &request.table) {
            (Layout::Bundle, _) => Source::Bundle(BundleEntries::new(input, request.format, limits)),
            (Layout::Hl7v2, _) => Source::Messages(Messages::new(input, limits.bytes)),
            (Layout::Table, Some(map)) => {
                Source::Rows(Rows::new(input, map, request.rows.unwrap_or(ROWS), limits.bytes))
            }
            (Layout::Ndjson | Layout::Table, _) => Source::Lines(NdJson::new(input, request.format, limits)),
        };
        Ok(Self { source, limits, table: request.table.clone(), progress: Progress::default(), over: false })
    }

    /// How much was read: bytes of the input, records, and records that were refused.
    #[must_use]
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// The record of a piece of the input.
    fn record(&self, piece: Piece) -> Result<Record> {
        match piece {
            Piece::TooLarge { start } => Err(super::too_large(self.limits).at_offset(start)),
            Piece::Whole { start, bytes } => {
                let read = match &self.table {
                    Some(map) => Record::parse_table(bytes, map),
                    None => Record::parse_within(bytes, Some(Format::Hl7v2), self.limits),
                };
                read.map_err(|error| error.moved(start))
            }
        }
    }
}

impl Records {
    /// How many bytes of the input were read.
    fn bytes_read(&self) -> u64 {
        match &self.source {
            Source::Lines(lines) => lines.bytes_read(),
            Source::Bundle(entries) => entries.bytes_read(),
            Source::Messages(messages) => messages.offset() as u64,
            Source::Rows(rows) => rows.offset() as u64,
        }
    }
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let item = match &mut self.source {
            Source::Lines(lines) => lines.next(),
            Source::Bundle(entries) => entries.next(),
            Source::Messages(messages) => {
                messages.next().map_err(unreadable).transpose().map(|piece| self.piece(piece))
            }
            Source::Rows(rows) => rows.next().map_err(unreadable).transpose().map(|piece| self.piece(piece)),
        };
        self.progress.bytes = self.bytes_read();
        match &item {
            Some(Ok(_)) => self.progress.records += 1,
            Some(Err(_)) => self.progress.rejected += 1,
            None => self.over = true,
        }
        item
    }
}

impl Records {
    /// The record of a piece; where reading itself failed nothing follows.
    fn piece(&mut self, piece: Result<Piece>) -> Result<Record> {
        self.over = piece.is_err();
        self.record(piece?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// The bytes of each record, or why and where there is none.
    type Found = Vec<std::result::Result<Vec<u8>, (&'static str, usize)>>;

    fn all(input: &'static [u8], request: &ReadRecordsRequest) -> (Found, Progress) {
        let mut records = read_records(input, request).unwrap();
        let found = records.by_ref().map(|record| match record {
            Ok(record) => Ok(record.source().to_vec()),
            Err(error) => Err((error.code(), error.span().unwrap().start)),
        });
        (found.collect(), records.progress())
    }

    #[test]
    fn every_layout_reads_on_after_a_bad_part() {
        let (found, progress) = all(
            b"{\"resourceType\":\"Patient\"}\nx\n{\"resourceType\":\"Group\"}\n",
            &ReadRecordsRequest::of(Layout::Ndjson),
        );
        assert_eq!(found[1], Err(("invalid_json", 27)));
        assert_eq!(progress, Progress { bytes: 54, records: 2, rejected: 1 });

        let (found, progress) = all(
            br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":7}]}"#,
            &ReadRecordsRequest::of(Layout::Bundle),
        );
        assert_eq!(found[0], Ok(br#"{"resourceType":"Patient"}"#.to_vec()));
        assert_eq!((found[1].clone(), progress.rejected), (Err(("not_a_resource", 86)), 1));

        let (found, progress) =
            all(b"MSH|^~\\&|A\rMSH||\rMSH|^~\\&|B\rPID|\xff\r", &ReadRecordsRequest::of(Layout::Hl7v2));
        assert_eq!(found[0], Ok(b"MSH|^~\\&|A\r".to_vec()));
        assert_eq!(found[1..], [Err(("not_a_message", 11)), Err(("invalid_utf8", 32))]);
        assert_eq!(progress, Progress { bytes: 34, records: 1, rejected: 2 });

        let map = crate::formats::table::suggest(b"mrn,dob\n7,2001\n", Format::Csv).unwrap();
        let request =
            ReadRecordsRequest { table: Some(map), rows: Some(2), ..ReadRecordsRequest::of(Layout::Table) };
        let (found, progress) = all(b"mrn,dob\n1,2001\n2,2002\n3,\xff\n4,2004\n5,2005\n", &request);
        assert_eq!(found[0], Ok(b"mrn,dob\n1,2001\n2,2002\n".to_vec()));
        assert_eq!(found[1], Err(("invalid_utf8", 24)));
        assert_eq!(found[2], Ok(b"mrn,dob\n5,2005\n".to_vec()));
        assert_eq!(progress, Progress { bytes: 40, records: 2, rejected: 1 });
    }

    #[test]
    fn a_request_that_cannot_be_meant_is_refused() {
        let refused = |request: &ReadRecordsRequest| read_records(&b""[..], request).unwrap_err().code();
        let of = ReadRecordsRequest::of;
        assert_eq!(refused(&of(Layout::Table)), "invalid_argument");
        let format = Some(Format::FhirR5Json);
        assert_eq!(refused(&ReadRecordsRequest { format, ..of(Layout::Hl7v2) }), "invalid_argument");
        let format = Some(Format::Csv);
        assert_eq!(refused(&ReadRecordsRequest { format, ..of(Layout::Ndjson) }), "invalid_argument");
        assert_eq!(open_records("/no/such/file", &of(Layout::Ndjson)).unwrap_err().code(), "file_unreadable");
        assert!(serde_json::from_str::<ReadRecordsRequest>(r#"{"layout":"bundle","colour":1}"#).is_err());
    }

    /// An input that breaks off.
    struct Broken(usize);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let rest = b"MSH|^~\\&|A\rPID|1\r".get(self.0..).unwrap_or_default();
            if rest.is_empty() {
                return Err(std::io::Error::other("the line is dead"));
            }
            let length = rest.len().min(buffer.len());
            buffer[..length].copy_from_slice(&rest[..length]);
            self.0 += length;
            Ok(length)
        }
    }

    #[test]
    fn nothing_follows_an_input_that_breaks_off() {
        let mut records =
            read_records(BufReader::new(Broken(0)), &ReadRecordsRequest::of(Layout::Hl7v2)).unwrap();
        assert_eq!(records.next().unwrap().unwrap_err().code(), "file_unreadable");
        assert!(records.next().is_none());
    }

    #[test]
    fn a_stream_reads_what_the_whole_reads() {
        let path = |name: &str| concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/").to_owned() + name;
        let messages = open_records(path("patient.hl7"), &ReadRecordsRequest::of(Layout::Hl7v2)).unwrap();
        let read: Vec<Vec<u8>> =
            messages.map(|record| record.unwrap().source().trim_ascii_end().to_vec()).collect();
        let whole = Record::parse(std::fs::read(path("patient.hl7")).unwrap(), None).unwrap();
        let tops = whole.tree().children(crate::formats::tree::NodeId::ROOT).map(|top| whole.raw(top));
        let expected: Vec<&[u8]> = tops.filter(|top| top.starts_with(b"MSH")).collect();
        assert_eq!(read, expected);
        assert_eq!(read.len(), 13);

        let source = std::fs::read(path("patient.results.csv")).unwrap();
        let map = crate::formats::table::suggest(&source, Format::Csv).unwrap();
        let whole = Record::parse_table(source, &map).unwrap();
        let request =
            ReadRecordsRequest { table: Some(map), rows: Some(3), ..ReadRecordsRequest::of(Layout::Table) };
        let parts = open_records(path("patient.results.csv"), &request).unwrap();
        let rows: usize = parts.map(|record| record.unwrap().resources().len()).sum();
        assert_eq!(rows, whole.resources().len());
    }
}
