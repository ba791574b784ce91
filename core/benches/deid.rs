//! De-identification of parsed records of three formats, beside a bare scan of the same bytes: `serde_json` for FHIR,
//! `quick-xml` events for C-CDA, a search for every delimiter for HL7 v2. Real inputs where they are, else the fictional
//! patient. And a folder of lines with one thread and two. Names of formats as arguments leave the others out.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify, deidentify_folder};
use quick_xml::Reader;
use quick_xml::events::Event;

const ROUNDS: usize = 9;
const KEY: &[u8] = b"an example key of thirty-two bytes and some";

/// The files of an archive, or the fictional patient of a format so many times.
fn files(archives: &[&str], patient: &str, times: usize) -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = archives.iter().filter_map(|name| common::archive(name)).flatten().collect();
    out.retain(|bytes| Record::parse(bytes.clone(), None).is_ok());
    if out.is_empty() {
        out = vec![std::fs::read(common::root().join("examples/data").join(patient)).unwrap(); times];
    }
    out
}

/// The rows of one format.
fn measure(name: &str, sources: &[Vec<u8>], scan: Duration) {
    let bytes = sources.iter().map(Vec::len).sum();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), None).unwrap()).collect();
    println!("{name}: {} records, {:.1} MB", records.len(), bytes as f64 / 1e6);
    common::row("bare scan", bytes, scan, scan);
    let parsed = common::time(ROUNDS, sources, Clone::clone, |source| Record::parse(source, None).unwrap());
    common::row("parse and label", bytes, parsed, scan);
    for policy in ["hipaa-safe-harbor", "hipaa-limited-data-set", "research-shifted"] {
        let policy = Policy::named(policy).unwrap();
        let vault = || Vault::from_seed([1; 32]);
        let time = common::time(
            ROUNDS,
            &records,
            |record| (record, vault()),
            |(record, vault)| {
                let options = Options {
                    as_of: Some("2020-01-01".parse().unwrap()),
                    vault: Some(&vault),
                    key: policy.needs_key().then_some(KEY),
                    patient: Some("somebody"),
                    ..Options::default()
                };
                (deidentify(record, &policy, &options).unwrap(), vault)
            },
        );
        common::row(&format!("{} of parsed records", policy.info().name), bytes, time, scan);
    }
}

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

/// A folder of lines, several times, by so many threads; the shortest.
fn folder(policy: &str, threads: usize, input: &std::path::Path) -> f64 {
    let policy = Policy::named(policy).unwrap();
    let mut best = f64::INFINITY;
    for _ in 0..4 {
        let output = tempfile::tempdir().unwrap();
        let vault = Vault::from_seed([1; 32]);
        let options = Options {
            as_of: Some("2020-01-01".parse().unwrap()),
            vault: Some(&vault),
            key: policy.needs_key().then_some(KEY),
            patient: Some("somebody"),
            ..Options::default()
        };
        let start = Instant::now();
        deidentify_folder(input, output.path(), &policy, &options, threads, &mut |_| true).unwrap();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    if asked("FHIR") {
        let fhir = common::bundles();
        measure("FHIR", &fhir, common::scan(ROUNDS, &fhir));
    }
    if asked("v2") {
        let hl7 = files(&["hl7v2/msconv_hl7v2.tar.gz"], "patient.hl7", 50);
        measure("HL7 v2", &hl7, common::time(ROUNDS, &hl7, |source| source, |source| delimiters(source)));
    }
    if asked("C-CDA") {
        let archives = ["ccda/msconv_ccda.tar.gz", "ccda/hl7_ccda_examples.tar.gz"];
        let cda = files(&archives, "patient.ccda.xml", 50);
        measure("C-CDA", &cda, common::time(ROUNDS, &cda, |source| source, |source| events(source)));
    }
    if asked("folder") {
        folders();
    }
}

/// The separators of fields, components and segments, each looked at where it stands.
fn delimiters(source: &[u8]) -> usize {
    memchr::memchr3_iter(b'|', b'^', b'\r', black_box(source)).map(black_box).count()
}

/// A folder of all bundles, with one thread and with two.
fn folders() {
    let fhir = common::bundles();
    let input = tempfile::tempdir().unwrap();
    let bytes: usize = fhir.iter().map(Vec::len).sum();
    std::fs::write(input.path().join("bundles.ndjson"), fhir.join(&b"\n"[..])).unwrap();
    for policy in ["research-shifted", "hipaa-safe-harbor"] {
        let (one, two) = (folder(policy, 1, input.path()), folder(policy, 2, input.path()));
        println!(
            "folder, {policy}: one thread {:.0} MB/s, two {:.0} MB/s, {:.2} times",
            bytes as f64 / 1e6 / one,
            bytes as f64 / 1e6 / two,
            one / two
        );
    }
}
