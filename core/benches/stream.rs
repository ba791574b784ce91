//! Streams of a gigabyte: one Bundle, newline-delimited JSON, a batch of HL7 v2 messages and a CSV, read record by record,
//! with the memory that the whole process took at most. A stream is made while it is read, out of a few real records.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod common;

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::time::Instant;

use chartkeeper::formats::table::suggest;
use chartkeeper::record::{Layout, Progress, ReadRecordsRequest, read_records};
use chartkeeper::{Format, Record};

/// How long a stream is, in bytes.
const LENGTH: u64 = 1_000_000_000;

/// How many bundles are repeated: all of them would count as memory of the process.
const BUNDLES: usize = 12;

/// A beginning, the parts one after the other and from the first again until the length is reached, and an end.
struct Repeated {
    parts: Arc<[Vec<u8>]>,
    next: usize,
    rest: Vec<u8>,
    /// How much of the rest was read.
    read: usize,
    made: u64,
    end: Option<Vec<u8>>,
}

impl Repeated {
    fn new(begin: &[u8], parts: Vec<Vec<u8>>, end: &[u8]) -> Self {
        let (rest, end) = (begin.to_vec(), Some(end.to_vec()));
        Self { parts: parts.into(), next: 0, rest, read: 0, made: 0, end }
    }
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.read == self.rest.len() {
            if self.made < LENGTH {
                self.rest.clone_from(&self.parts[self.next % self.parts.len()]);
                self.next += 1;
            } else {
                match self.end.take() {
                    Some(end) => self.rest = end,
                    None => return Ok(0),
                }
            }
            self.read = 0;
        }
        let read = (&self.rest[self.read..]).read(buffer)?;
        self.read += read;
        self.made += read as u64;
        Ok(read)
    }
}

/// The most memory that the process has taken, in MB, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1e3)
}

/// Reads a whole stream and its charts.
fn run(name: &str, stream: Repeated, request: &ReadRecordsRequest) {
    let mut last = Progress::default();
    let mut reports = 0;
    let start = Instant::now();
    let mut fields = 0;
    let stream = read_records(BufReader::with_capacity(1 << 16, stream), request).unwrap();
    let records = stream.with_progress(LENGTH / 10, |progress| {
        reports += 1;
        last = progress;
    });
    for record in records {
        fields += record.unwrap().chart().entries().map(|entry| entry.fields().count()).sum::<usize>();
    }
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = last.bytes as f64 / 1e6;
    assert!(reports > 9 && fields > 0 && last.rejected == 0);
    let memory = peak().map_or("unknown".to_owned(), |peak| format!("{peak:.0} MB"));
    println!(
        "{name:<26} {megabytes:>6.0} MB, {:>8} records {:>6.0} MB/s   peak memory {memory} (bound 100 MB)",
        last.records,
        megabytes / seconds
    );
    assert!(peak().is_none_or(|peak| peak < 100.0), "more memory than a stream may take");
}

/// The rows of a table of visits, some of them with quotes, empty cells and line ends in cells.
fn rows() -> Vec<Vec<u8>> {
    let row = |at: usize| {
        let note = ["", "stable", "\"comes back, if worse\"", "\"said \"\"better\"\"\nsleeps well\""][at % 4];
        let (month, day) = (at % 12 + 1, at % 28 + 1);
        format!(
            "{at:07},Doe{at},Jo,19{:02}-{month:02}-{day:02},{month}/{day}/2025,E11.9,{}.{},{note}\n",
            at % 100,
            at % 9,
            at % 10
        )
    };
    (0..1000).map(|at| row(at).into_bytes()).collect()
}

fn main() {
    let of = ReadRecordsRequest::of;
    let mut bundles = common::some_bundles(BUNDLES);
    let entries: Vec<Vec<u8>> = bundles
        .iter()
        .flat_map(|bundle| {
            let record = Record::parse(bundle.clone(), None).unwrap();
            let list = record.locate("Bundle.entry").unwrap();
            let entry = |id| [b",\n", record.raw(id)].concat();
            record.tree().children(list).map(entry).collect::<Vec<_>>()
        })
        .collect();
    let begin = br#"{"resourceType":"Bundle","type":"collection","entry":[{}"#;
    run("one Bundle", Repeated::new(begin, entries, b"]}"), &of(Layout::Bundle));

    bundles.iter_mut().for_each(|bundle| bundle.push(b'\n'));
    run("newline-delimited JSON", Repeated::new(b"", bundles, b""), &of(Layout::Ndjson));

    let mut messages = common::messages();
    messages.retain(|message| Record::parse(message.clone(), None).is_ok());
    messages.iter_mut().for_each(|message| message.push(b'\r'));
    let batch = Repeated::new(b"FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r", messages, b"BTS|1\rFTS|1\r");
    run("a batch of HL7 v2", batch, &of(Layout::Hl7v2));

    let (names, rows) = (&b"mrn,last name,first name,dob,service date,icd10,result,note\n"[..], rows());
    let table = Some(suggest(&[names, &rows.concat()].concat(), Format::Csv).unwrap());
    let request = ReadRecordsRequest { table, ..of(Layout::Table) };
    run("a CSV, 1,000 rows a record", Repeated::new(names, rows, b""), &request);
}
