//! Reading FHIR: spans, labels and the chart of every bundle beside a bare `serde_json` scan of the same bytes in
//! the same run, and the memory that a record takes beside its source.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use chartkeeper::Record;
use chartkeeper::formats::fhir::Fhir;
use chartkeeper::formats::json;

/// Every field of every entry.
fn fields(record: &Record) -> usize {
    record.chart().entries().map(|entry| entry.fields().count()).sum()
}

fn main() {
    const ROUNDS: usize = 9;
    let sources = common::bundles();
    let bytes = sources.iter().map(Vec::len).sum();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), None).unwrap()).collect();
    let nodes: usize = records.iter().map(|record| record.tree().len()).sum();
    let index: usize = records.iter().map(|record| record.tree().memory()).sum();
    println!(
        "{} records, {:.1} MB, {nodes} values, {} fields of the chart",
        records.len(),
        bytes as f64 / 1e6,
        records.iter().map(fields).sum::<usize>()
    );

    let scan = common::scan(ROUNDS, &sources);
    let utf8 = common::time(
        ROUNDS,
        &sources,
        |source| source,
        |source| {
            assert!(std::str::from_utf8(source).is_ok());
        },
    );
    let spans = common::time(ROUNDS, &sources, |source| source, |source| json::scan(source, 0, 128).unwrap());
    let labels = common::time(
        ROUNDS,
        &sources,
        |source| source,
        |source| Fhir::r4().unwrap().read(source, 0, 128).unwrap(),
    );
    let chart = common::time(ROUNDS, &records, |record| record, |record| assert!(fields(record) > 0));
    let all = common::time(ROUNDS, &sources, Clone::clone, |source| {
        let record = Record::parse(source, None).unwrap();
        assert!(fields(&record) > 0);
        record
    });
    for (name, time) in [
        ("serde_json IgnoredAny scan", scan),
        ("UTF-8 validation alone", utf8),
        ("spans", spans),
        ("spans and labels", labels),
        ("chart of a record: every field", chart),
        ("parse, label and chart", all),
    ] {
        common::row(name, bytes, time, scan);
    }
    println!("index beside the source: {:.2} of its size (bound 2)", index as f64 / bytes as f64);
}
