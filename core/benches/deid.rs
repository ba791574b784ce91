//! De-identification beside a bare scan of the same bytes: real bundles where they are, else the fictional patient.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify};

fn main() {
    const ROUNDS: usize = 9;
    let sources = common::bundles();
    let bytes = sources.iter().map(Vec::len).sum();
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), None).unwrap()).collect();
    let run = |record: &Record, vault: &Vault| {
        let options =
            Options { as_of: Some("2020-01-01".parse().unwrap()), vault: Some(vault), ..Options::default() };
        deidentify(record, &policy, &options).unwrap()
    };

    let vault = || Vault::from_seed([1; 32]);
    let changed: usize = records.iter().map(|record| run(record, &vault()).manifest.len()).sum();
    println!("{} records, {:.1} MB, {changed} places changed", records.len(), bytes as f64 / 1e6);
    let scan = common::scan(ROUNDS, &sources);
    let parsed = common::time(ROUNDS, &sources, Clone::clone, |source| Record::parse(source, None).unwrap());
    let deidentified = common::time(
        ROUNDS,
        &records,
        |record| (record, vault()),
        |(record, vault)| (run(record, &vault), vault),
    );
    for (name, time) in [
        ("serde_json IgnoredAny scan", scan),
        ("parse and label", parsed),
        ("de-identify a parsed record", deidentified),
        ("parse, label and de-identify", parsed + deidentified),
    ] {
        common::row(name, bytes, time, scan);
    }
}
