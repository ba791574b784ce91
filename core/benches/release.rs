//! The cost of a decision: `decide` on Synthea bundles, a segment at a time, beside a bare `serde_json` scan of the
//! same bytes in the same run; then how it grows with the number of a facility's own rules.
//!
//! Real bundles are looked for beside the checkout; where there are none, the fictional patient is decided on.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::Read as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chartkeeper::Record;
use chartkeeper::release::{Law, Request, decide, redact};

/// A request that the patient's own data answers, whoever the patient is: the facts that do not depend on it.
const REQUEST: &str = include_str!("../../examples/data/attorney-request.json");
const PATIENT: &str = include_str!("../../examples/data/patient.fhir.json");

fn records() -> Vec<Record> {
    let folder = std::env::var_os("CHARTKEEPER_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let Ok(file) = std::fs::File::open(folder.join("fhir/synthea_r4_bundles.ndjson.gz")) else {
        println!("no Synthea bundles beside the checkout: the fictional patient alone");
        return vec![Record::parse(PATIENT, None).unwrap()];
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text.lines().map(|line| Record::parse(line, None).unwrap()).collect()
}

/// The sum over the records of the shortest of some rounds on each: what the machine can do when it is left alone.
fn best(rounds: usize, records: &[Record], act: impl Fn(&Record)) -> Duration {
    let time = |record: &Record| {
        let start = Instant::now();
        act(record);
        start.elapsed()
    };
    records.iter().map(|record| (0..rounds).map(|_| time(record)).min().unwrap_or_default()).sum()
}

/// A facility's own rules: for requesters by name, and every tenth for whoever asks.
fn facility(rules: usize) -> String {
    let rule = |at: usize| {
        let when = if at.is_multiple_of(10) {
            r#"{"all": ["requester.employer", {"class": "MH"}, {"not": "finding.minimum_necessary"}]}"#
                .to_owned()
        } else {
            format!(r#"{{"all": [{{"requester_named": "Recipient {at}"}}, {{"entry_kind": "document"}}]}}"#)
        };
        format!(
            r#"{{"id": "X{at}", "title": "a rule of the facility", "effect": "prohibit", "cite": "policy {at}",
                "confidence": "V", "when": {when}}}"#
        )
    };
    let rules: Vec<String> = (0..rules).map(rule).collect();
    format!(
        r#"{{"pack": {{"name": "facility", "release": "1", "effective_from": null, "effective_to": null,
            "licence": "none", "source": "bench"}}, "rules": [{}]}}"#,
        rules.join(",")
    )
}

fn main() {
    let records = records();
    let bytes: usize = records.iter().map(|record| record.source().len()).sum();
    let request = Request::parse(REQUEST).unwrap();
    let law = Law::embedded().unwrap();
    let decided: Vec<_> = records.iter().map(|record| decide(&request, record, law).unwrap()).collect();
    let segments: usize = decided.iter().map(|decision| decision.segments.len()).sum();
    println!("{} records, {segments} segments, {:.1} MB", records.len(), bytes as f64 / 1e6);

    let scan = best(7, &records, |record| {
        let _: serde::de::IgnoredAny = serde_json::from_slice(record.source()).unwrap();
    });
    let each = |time: Duration, segments: usize| time.as_secs_f64() * 1e9 / segments as f64;
    println!("serde_json scan          {:>8.0} ns a segment", each(scan, segments));
    let time =
        best(7, &records, |record| assert!(!decide(&request, record, law).unwrap().segments.is_empty()));
    let ratio = time.as_secs_f64() / scan.as_secs_f64();
    println!("decide                   {:>8.0} ns a segment   {ratio:.2} of the scan", each(time, segments));

    // A record of about a thousand entries, which is what a request for a whole chart comes to.
    let long = decided.iter().enumerate().min_by_key(|(_, it)| it.segments.len().abs_diff(1000));
    if let Some((at, decision)) = long {
        let one = records.get(at..=at).unwrap();
        let time =
            best(20, one, |record| assert!(!decide(&request, record, law).unwrap().segments.is_empty()));
        println!("decide, {:>5} segments   {:>8.0} us", decision.segments.len(), time.as_secs_f64() * 1e6);
    }

    let patient = [Record::parse(PATIENT, None).unwrap()];
    let decisions: Vec<_> = patient.iter().map(|record| decide(&request, record, law).unwrap()).collect();
    let segments: usize = decisions.iter().map(|decision| decision.segments.len()).sum();
    let time = best(20, &patient, |record| {
        assert!(decisions.iter().all(|decision| !redact(record, decision).unwrap().ranges().is_empty()));
    });
    println!("redact, the patient      {:>8.0} ns a segment", each(time, segments));

    let few: Vec<Record> = records.iter().take(20).cloned().collect();
    let segments: usize = decided.iter().take(20).map(|decision| decision.segments.len()).sum();
    for rules in [10, 100, 1000, 10_000] {
        let law = law.with(&facility(rules)).unwrap();
        let time =
            best(5, &few, |record| assert!(!decide(&request, record, &law).unwrap().segments.is_empty()));
        println!("decide, {rules:>6} more rules {:>6.0} ns a segment", each(time, segments));
    }
}
