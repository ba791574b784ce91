//! Streams of a gigabyte: newline-delimited JSON and one Bundle, read record by record, with the memory that the
//! whole process took at most. The stream is made while it is read, out of a few real bundles.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::io::{BufReader, Read};
use std::time::Instant;

use chartkeeper::Record;
use chartkeeper::record::{Progress, RecordStream, read_bundle, read_ndjson};

/// How long a stream is, in bytes.
const LENGTH: u64 = 1_000_000_000;

/// How many bundles are repeated: all of them would count as memory of the process.
const BUNDLES: usize = 12;

/// The parts, one after the other and from the beginning again, until the length is reached; then the end.
struct Repeated<'p> {
    parts: &'p [Vec<u8>],
    next: usize,
    rest: &'p [u8],
    made: u64,
    end: Option<&'p [u8]>,
}

impl<'p> Repeated<'p> {
    fn new(begin: &'p [u8], parts: &'p [Vec<u8>], end: &'p [u8]) -> Self {
        Self { parts, next: 0, rest: begin, made: 0, end: Some(end) }
    }
}

impl Read for Repeated<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.is_empty() {
            if self.made < LENGTH {
                self.rest = self.parts.get(self.next % self.parts.len()).unwrap();
                self.next += 1;
            } else {
                match self.end.take() {
                    Some(end) => self.rest = end,
                    None => return Ok(0),
                }
            }
        }
        let read = self.rest.read(buffer)?;
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
fn run(name: &str, stream: impl RecordStream) {
    let mut last = Progress::default();
    let mut reports = 0;
    let start = Instant::now();
    let mut fields = 0;
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

fn main() {
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
    run("one Bundle", read_bundle(BufReader::with_capacity(1 << 16, Repeated::new(begin, &entries, b"]}"))));
    drop(entries);
    bundles.iter_mut().for_each(|bundle| bundle.push(b'\n'));
    run(
        "newline-delimited JSON",
        read_ndjson(BufReader::with_capacity(1 << 16, Repeated::new(b"", &bundles, b""))),
    );
}
