//! Quality against records that nobody here wrote, and against the fictional patient whose faults are known.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;

use chartkeeper::Record;
use chartkeeper::codes::Codes;
use chartkeeper::quality::{CHECKS, check};
use chartkeeper::record::Severity;
use chartkeeper_tests::{lines, workspace};

/// How often each check found something in the records of a file, one a line. The counts are printed: what is
/// asserted of them is what the eye confirmed.
fn counts(file: &str) -> Option<BTreeMap<&'static str, usize>> {
    let lines = lines(file)?;
    let codes = Codes::embedded().unwrap();
    let mut counts = BTreeMap::new();
    for line in lines {
        // What is no R4 resource cannot be checked; other tests say which lines those are.
        let Ok(record) = Record::parse(line, None) else { continue };
        let mut last = 0;
        for finding in check(&record, &codes, "2026-07-01").unwrap() {
            assert!(finding.span.start >= last && finding.span.end <= record.source().len());
            last = finding.span.start;
            assert!(CHECKS.iter().any(|check| check.code == finding.code));
            *counts.entry(finding.code).or_default() += 1;
        }
    }
    eprintln!("{file}: {counts:#?}");
    Some(counts)
}

#[test]
fn synthea_has_the_faults_of_its_making_and_no_others() {
    let Some(counts) = counts("fhir/synthea_r4_bundles.ndjson.gz") else { return };
    let found: Vec<&str> = counts.keys().copied().collect();
    assert_eq!(found, SYNTHEA);
}

/// Provider numbers that are no NPI, percentiles without a unit, and events a few minutes past the midnight at which
/// their encounter ended.
const SYNTHEA: &[&str] = &["event_outside_encounter", "npi_bad_check_digit", "value_without_unit"];

#[test]
fn the_official_examples_have_no_contradictions() {
    let Some(counts) = counts("fhir/r4_examples.ndjson.gz") else { return };
    assert!(counts["dangling_reference"] > 1000, "bundles of examples point to other examples");
    for code in [
        "impossible_date",
        "death_before_birth",
        "implausible_age",
        "subject_mismatch",
        "duplicate_key",
        "wrong_json_type",
        "byte_order_mark",
        "unknown_resource_type",
    ] {
        assert_eq!(counts.get(code), None, "{code}");
    }
}

#[test]
fn the_fictional_patient_has_exactly_the_planted_faults() {
    let source = fs::read(workspace().join("examples/data/patient.fhir.json")).unwrap();
    let record = Record::parse(source, None).unwrap();
    let chart = record.chart();
    let resource = |path: &str| {
        let entry = chart.entries().find(|entry| {
            let own = record.path(entry.node());
            path.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('.')) && own != "Bundle"
        });
        let entry = entry.unwrap();
        format!("{}/{}", entry.native_type().unwrap(), entry.id().unwrap())
    };
    let findings = check(&record, &Codes::embedded().unwrap(), "2025-11-06").unwrap();
    let mut faults: Vec<(String, &str)> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
        .map(|finding| (resource(&finding.path), finding.code))
        .collect();
    faults.sort();
    let planted = [
        ("Condition/b16dd700-422d-47ff-8bdd-d374caa5fc5b", "not_billable_code"),
        ("Condition/d72f767b-4f82-455f-822a-c9d3da9c7e2d", "missing_7th_character"),
        ("Condition/e25fc76f-1d90-489c-9a94-05c71fa0f9d4", "invalid_code"),
        ("DiagnosticReport/fb2ed14d-be59-4e33-b617-056bc4579460", "dangling_reference"),
        ("Encounter/d0c0e46d-3c37-44cd-a4b0-9b8e55dab622", "period_ends_before_start"),
        ("Observation/b7e90699-3b5d-4e71-beff-c77ab0868de4", "event_before_birth"),
    ];
    assert_eq!(faults, planted.map(|(entry, code)| (entry.to_owned(), code)));
    assert!(
        findings
            .iter()
            .all(|finding| finding.severity > Severity::Note || finding.code == "code_not_covered")
    );
}
