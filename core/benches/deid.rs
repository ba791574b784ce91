//! De-identification beside a bare scan of the same bytes: real bundles where they are, else the fictional patient.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::io::Read;
use std::path::PathBuf;
use std::time::Instant;

use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify};

/// Records to run over, each as its bytes.
fn sources() -> Vec<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared =
        std::env::var_os("CHARTKEEPER_SHARED").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    match std::fs::File::open(shared.join("fhir/synthea_r4_bundles.ndjson.gz")) {
        Ok(file) => {
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(file).read_to_end(&mut text).unwrap();
            text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
        }
        Err(_) => {
            eprintln!("real bundles are not beside this checkout: the fictional patient, 50 times");
            let bytes = std::fs::read(root.join("examples/data/patient.fhir.json")).unwrap();
            vec![bytes; 50]
        }
    }
}

/// The best of five runs, in seconds.
fn best(mut run: impl FnMut()) -> f64 {
    (0..5)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn main() {
    let sources = sources();
    let bytes: usize = sources.iter().map(Vec::len).sum();
    let megabytes = bytes as f64 / 1e6;
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), None).unwrap()).collect();

    let scan = best(|| {
        for source in &sources {
            serde_json::from_slice::<serde::de::IgnoredAny>(source).unwrap();
        }
    });
    let mut changed = 0;
    let deidentified = best(|| {
        changed = 0;
        let vault = Vault::new().unwrap();
        let options =
            Options { as_of: Some("2020-01-01".parse().unwrap()), vault: Some(&vault), ..Options::default() };
        for record in &records {
            changed += deidentify(record, &policy, &options).unwrap().manifest.len();
        }
    });
    let parsed = best(|| {
        for source in &sources {
            Record::parse(source.clone(), None).unwrap();
        }
    });
    println!("{} records, {megabytes:.1} MB, {changed} places changed", sources.len());
    for (name, seconds) in [
        ("serde_json IgnoredAny scan", scan),
        ("parse and label", parsed),
        ("de-identify a parsed record", deidentified),
        ("parse, label and de-identify", parsed + deidentified),
    ] {
        println!("{name:<30} {:>8.0} MB/s   {:.2} of the scan", megabytes / seconds, scan / seconds);
    }
}
