//! Configurations of Microsoft's Tools for Health Data Anonymization, read as they are, against the results that are
//! published with them. Where this library differs it means to, and each difference stands here with its reason.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::BTreeMap;

use chartkeeper::deid::{Options, Policy, deidentify};
use chartkeeper::{Record, Result};
use chartkeeper_tests::archive;
use serde_json::{Value, json};

/// Sources by their configuration. The published result of one is named after it, or behind the arrow.
const CASES: &[(&str, &[&str])] = &[
    (
        "common-config",
        &[
            "patient-basic",
            "patient-special-content",
            "patient-null-date",
            "contained-basic",
            "bundle-basic",
            "contained-in-bundle",
        ],
    ),
    (
        "redact-all-config",
        &[
            "patient-basic -> patient-redact-all-target",
            "contained-basic -> contained-redact-all-target",
            "bundle-basic -> bundle-redact-all-target",
            "contained-in-bundle -> contained-in-bundle-redact-all-target",
        ],
    ),
    ("common-no-partial-config", &["patient-no-partial"]),
    ("substitute-primitive", &["patient-substitute-primitive"]),
    ("substitute-complex", &["patient-substitute-complex"]),
    ("substitute-conflict-rules", &["patient-substitute-conflict-rules"]),
    ("generalize-patient-config", &["patient-generalize"]),
    ("substitute-multiple", &["patient-substitute-multiple", "contained-substitute", "bundle-substitute"]),
    ("substitute-multiple-2", &["patient-substitute-multiple-2"]),
    (
        "configuration-skip-processing-error",
        &[
            "contained-basic -> condition-empty",
            "bundle-basic -> bundle-empty",
            "patient-basic -> patient-empty",
        ],
    ),
    (
        "r4_sample_configuration",
        &[
            "R4OnlyResource/OrganizationAffiliation",
            "R4OnlyResource/ServiceRequest",
            "R4OnlyResource/Claim-R4",
            "R4OnlyResource/Account-R4",
            "R4OnlyResource/Contract-R4",
            "R4OnlyResource/MedicinalProduct",
        ],
    ),
];

/// Every case: configuration, source and published result.
fn cases() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    CASES.iter().flat_map(|(config, sources)| {
        sources.iter().map(|source| match source.split_once(" -> ") {
            Some((source, target)) => (*config, source, target.to_owned()),
            None => (*config, *source, format!("{source}-target")),
        })
    })
}

/// Configurations whose expressions ask for what the values cannot give, as errors.
const REFUSED: &[(&str, &str)] = &[
    ("configuration-raise-processing-error", "contained-basic"),
    ("configuration-raise-processing-error", "bundle-basic"),
    ("configuration-raise-processing-error", "patient-basic"),
    ("configuration-without-processing-error", "patient-basic"),
];

/// Cases whose result is meant to be another one, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("patient-generalize-target", "a list that is written as one value is none in FHIR, so it goes"),
    ("patient-special-content-target", "a date with a zone and no time is none in FHIR, so it goes"),
];

fn files() -> Option<BTreeMap<String, Vec<u8>>> {
    let files = archive("deid/ms_fhir_anonymizer_cases.tar.gz")?.into_iter();
    Some(files.map(|(name, bytes)| (name.trim_start_matches("./").to_owned(), bytes)).collect())
}

fn text(files: &BTreeMap<String, Vec<u8>>, folder: &str, name: &str) -> String {
    let bytes = &files[&format!("{folder}/{name}.json")];
    String::from_utf8(bytes.clone()).unwrap().trim_start_matches('\u{feff}').to_owned()
}

/// The configuration; the sample as its own tests use it, with a key in place of the fixed offset.
fn policy(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Policy {
    let text = text(files, "configurations", name);
    if name != "r4_sample_configuration" {
        return Policy::named(&text).unwrap();
    }
    let mut config: Value = serde_json::from_str(&text).unwrap();
    let parameters = config["parameters"].as_object_mut().unwrap();
    parameters.insert("dateShiftKey".into(), json!("123"));
    parameters.insert("cryptoHashKey".into(), json!("123"));
    parameters.remove("dateShiftFixedOffsetInDays");
    Policy::named(&config.to_string()).unwrap()
}

fn run(policy: &Policy, source: &str) -> Result<Value> {
    let record = Record::parse(source, None)?;
    let options = Options { as_of: Some("2025-01-01".parse().unwrap()), ..Options::default() };
    Ok(serde_json::from_slice(&deidentify(&record, policy, &options)?.output).unwrap())
}

/// The security labels that the tool adds to say what it did, which this library says in the manifest instead.
fn without_labels(value: &mut Value) {
    const ADDED: &[&str] =
        &["REDACTED", "ABSTRED", "CRYTOHASH", "MASKED", "PERTURBED", "SUBSTITUTED", "GENERALIZED"];
    match value {
        Value::Object(members) => {
            if let Some(Value::Object(meta)) = members.get_mut("meta") {
                if let Some(Value::Array(labels)) = meta.get_mut("security") {
                    labels.retain(|label| !ADDED.iter().any(|code| label["code"] == *code));
                    if labels.is_empty() {
                        meta.remove("security");
                    }
                }
                if meta.is_empty() {
                    members.remove("meta");
                }
            }
            members.values_mut().for_each(without_labels);
        }
        Value::Array(items) => items.iter_mut().for_each(without_labels),
        _ => {}
    }
}

#[test]
fn published_results_come_out_or_differ_for_a_reason() {
    let Some(files) = files() else { return };
    let (mut same, mut different) = (0, Vec::new());
    for (config, source, target) in cases() {
        let mut expected: Value = serde_json::from_str(&text(&files, "resources", &target)).unwrap();
        without_labels(&mut expected);
        let made = run(&policy(&files, config), &text(&files, "resources", source));
        match made {
            Ok(made) if made == expected => same += 1,
            Ok(made) => different.push((target, format!("made {made}\nnot  {expected}"))),
            Err(error) => different.push((target, error.to_string())),
        }
    }
    eprintln!("rules by path: {same} of {} published results come out", cases().count());
    let listed: Vec<&str> = DIFFERENCES.iter().map(|(target, _)| *target).collect();
    let unlisted: Vec<_> =
        different.iter().filter(|(target, _)| !listed.contains(&target.as_str())).collect();
    for (target, what) in &unlisted {
        eprintln!("{target}: {what}");
    }
    assert!(unlisted.is_empty(), "{} differ for no reason that is listed", unlisted.len());
    let found: Vec<&str> = different.iter().map(|(target, _)| target.as_str()).collect();
    for (target, reason) in DIFFERENCES {
        eprintln!("rules by path: {target} differs: {reason}");
        assert!(found.contains(target), "{target} does not differ any more");
    }
}

#[test]
fn an_expression_that_does_not_fit_is_an_error_where_it_should_be() {
    let Some(files) = files() else { return };
    for (config, source) in REFUSED {
        let error = run(&policy(&files, config), &text(&files, "resources", source)).unwrap_err();
        assert_eq!(error.code(), "policy_malformed", "{config}, {source}");
    }
}

/// The tool's own sample files, under its sample configuration.
#[test]
fn sample_files_lose_every_name() {
    let Some(files) = files() else { return };
    let policy = policy(&files, "r4_sample_configuration");
    let mut records = 0;
    for (path, bytes) in
        files.iter().filter(|(path, _)| path.starts_with("sample/") && path.ends_with(".json"))
    {
        let source: Value = serde_json::from_slice(bytes).unwrap();
        let out = run(&policy, std::str::from_utf8(bytes).unwrap()).unwrap().to_string();
        records += 1;
        for entry in source["entry"].as_array().unwrap() {
            for name in entry["resource"]["name"].as_array().into_iter().flatten() {
                let Some(family) = name["family"].as_str() else { continue };
                assert!(!out.contains(&format!("\"{family}\"")), "{path}");
            }
        }
    }
    eprintln!("rules by path: {records} sample files");
    assert!(records > 0);
}
