//! Reading C-CDA: spans, labels and the chart of every published example beside a bare `quick-xml` scan of the same
//! bytes in the same run, and the memory that a record takes beside its source.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::print_stdout)]

mod common;

use chartkeeper::formats::ccda::Ccda;
use chartkeeper::{Format, Record};
use quick_xml::Reader;
use quick_xml::events::Event;

/// The files of a tar archive: blocks of 512 bytes, a header before each file (POSIX ustar).
fn files(tar: &[u8]) -> Vec<Vec<u8>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(header) = tar.get(at..at + 512) {
        let field = std::str::from_utf8(&header[124..136]).unwrap_or_default();
        let digits = field.trim_matches(|c: char| c == '\0' || c == ' ');
        let size = usize::from_str_radix(digits, 8).unwrap_or_default();
        at += 512;
        if matches!(header[156], b'0' | 0) && size > 0 {
            out.push(tar[at..at + size].to_vec());
        }
        at += size.div_ceil(512) * 512;
    }
    out
}

fn sources() -> Vec<Vec<u8>> {
    let archives = ["ccda/msconv_ccda.tar.gz", "ccda/hl7_ccda_examples.tar.gz"].map(common::shared);
    let read = |source: &Vec<u8>| Record::parse(source.clone(), Some(Format::Ccda)).is_ok();
    let found: Vec<Vec<u8>> =
        archives.into_iter().flatten().flat_map(|tar| files(&tar)).filter(read).collect();
    if !found.is_empty() {
        return found;
    }
    println!("in their place the fictional patient, 50 times");
    vec![std::fs::read(common::root().join("examples/data/patient.ccda.xml")).unwrap(); 50]
}

/// Every event, and nothing done with it.
fn events(source: &[u8]) -> usize {
    let mut reader = Reader::from_reader(source);
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return count,
            Ok(_) => count += 1,
        }
    }
}

/// Every event, and every attribute of each tag.
fn events_and_attributes(source: &[u8]) -> usize {
    let mut reader = Reader::from_reader(source);
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return count,
            Ok(Event::Start(tag) | Event::Empty(tag)) => count += tag.attributes().count(),
            Ok(_) => count += 1,
        }
    }
}

fn fields(record: &Record) -> usize {
    record.chart().entries().map(|entry| entry.fields().count()).sum()
}

fn main() {
    const ROUNDS: usize = 25;
    let sources = sources();
    let bytes = sources.iter().map(Vec::len).sum();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), Some(Format::Ccda)).unwrap()).collect();
    let index: usize = records.iter().map(|record| record.tree().memory()).sum();
    println!("{} documents, {:.1} MB", records.len(), bytes as f64 / 1e6);
    let scan = common::time(ROUNDS, &sources, |source| source, |source| assert!(events(source) > 0));
    let attributes =
        common::time(ROUNDS, &sources, |source| source, |source| assert!(events_and_attributes(source) > 0));
    let read = common::time(
        ROUNDS,
        &sources,
        |source| source,
        |source| Ccda::new().unwrap().read(source, 0, 128).unwrap(),
    );
    let all = common::time(ROUNDS, &sources, Clone::clone, |source| {
        let record = Record::parse(source, Some(Format::Ccda)).unwrap();
        let _ = fields(&record);
        record
    });
    let fhir = common::time(ROUNDS, &records, |record| record, |record| record.to_fhir().unwrap());
    for (name, time) in [
        ("quick-xml events", scan),
        ("quick-xml events and attributes", attributes),
        ("spans and labels", read),
        ("parse, label and chart", all),
        ("to_fhir of a record", fhir),
    ] {
        common::row(name, bytes, time, scan);
    }
    println!("index beside the source: {:.2} of its size (bound 2)", index as f64 / bytes as f64);
}
