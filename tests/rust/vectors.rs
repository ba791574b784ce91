//! The shared vectors: `tests/vectors/<verb>.json`, run against the `_json` twin of that verb, as every binding runs
//! them on its native verb and on its twin.
//!
//! A file is a list of `{name, request, expect}`, or of `{name, request, error}` where the verb refuses: `error` holds
//! some fields of the error. `"$TEMP"` as the ledger of a request is a new empty folder. With `CHARTKEEPER_WRITE` set,
//! the answers are written into the files, to be reviewed. A new verb is one line in [`VERBS`].

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::PathBuf;

use chartkeeper::api::{Chartkeeper, Result};
use chartkeeper::wire;
use chartkeeper_tests::workspace;
use serde_json::{Value, json};

/// A verb as it is seen on the wire.
type Verb = fn(&Chartkeeper, &str) -> Result<String>;

/// The verbs that have vectors.
const VERBS: &[(&str, Verb)] = &[
    ("anonymize_table", wire::anonymize_table_json),
    ("assess_risk", wire::assess_risk_json),
    ("chart", wire::chart_json),
    ("check", wire::check_json),
    ("check_authorization", wire::check_authorization_json),
    ("check_claim", wire::check_claim_json),
    ("check_suggested_codes", wire::check_suggested_codes_json),
    ("code", wire::code_json),
    ("compile_pack", wire::compile_pack_json),
    ("convert_unit", wire::convert_unit_json),
    ("decide", wire::decide_json),
    ("deidentify", wire::deidentify_json),
    ("decrypt", wire::decrypt_json),
    ("deidentify_folder", wire::deidentify_folder_json),
    ("deidentify_text", wire::deidentify_text_json),
    ("deidentify_texts", wire::deidentify_texts_json),
    ("diff_codes", wire::diff_codes_json),
    ("diff_laws", wire::diff_laws_json),
    ("export_audit", wire::export_audit_json),
    ("find_codes", wire::find_codes_json),
    ("find_identifiers", wire::find_identifiers_json),
    ("find_identifiers_in", wire::find_identifiers_in_json),
    ("letter", wire::letter_json),
    ("parse", wire::parse_json),
    ("read_records", wire::read_records_json),
    ("reidentify", wire::reidentify_json),
    ("replace", wire::replace_json),
    ("suggest_table", wire::suggest_table_json),
    ("to_fhir", wire::to_fhir_json),
    ("uncharted", wire::uncharted_json),
    ("validate_code", wire::validate_code_json),
    ("validate_codes", wire::validate_codes_json),
    ("verify_deidentified", wire::verify_deidentified_json),
];

fn path(verb: &str) -> PathBuf {
    workspace().join(format!("tests/vectors/{verb}.json"))
}

/// What comes of a vector: `("expect", answer)` or `("error", fields)`.
fn run(verb: Verb, vector: &Value) -> (&'static str, Value) {
    let keeper = Chartkeeper::new().unwrap();
    let mut request = vector["request"].clone();
    let folder = tempfile::tempdir().unwrap();
    if request["ledger"] == "$TEMP" {
        request["ledger"] = json!(folder.path().join("ledger"));
    }
    match verb(&keeper, &request.to_string()) {
        Ok(answer) => ("expect", serde_json::from_str(&answer).unwrap()),
        Err(error) => ("error", serde_json::from_str(&wire::error_json(&error)).unwrap()),
    }
}

/// Whether every field that the vector names is so.
fn holds(wanted: &Value, outcome: &(&'static str, Value)) -> bool {
    match outcome {
        ("expect", answer) => wanted.get("expect") == Some(answer),
        (_, error) => {
            let fields = wanted.get("error").and_then(Value::as_object);
            fields.is_some_and(|fields| fields.iter().all(|(name, value)| error.get(name) == Some(value)))
        }
    }
}

/// Writes the answers of this run into the vectors.
fn rewrite(file: &PathBuf, vectors: &[Value], outcomes: &[(&'static str, Value)]) {
    let rows = vectors.iter().zip(outcomes).map(|(vector, (kind, value))| {
        let kept = if *kind == "error" { json!({ "code": value["code"] }) } else { value.clone() };
        let name = &vector["name"];
        let request = &vector["request"];
        format!("  {{\"name\": {name}, \"request\": {request}, \"{kind}\": {kept}}}")
    });
    std::fs::write(file, format!("[\n{}\n]\n", rows.collect::<Vec<_>>().join(",\n"))).unwrap();
}

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    for (name, verb) in VERBS {
        let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(path(name)).unwrap()).unwrap();
        assert!(!vectors.is_empty(), "{name}.json holds no vector");
        let outcomes: Vec<_> = vectors.iter().map(|vector| run(*verb, vector)).collect();
        if std::env::var_os("CHARTKEEPER_WRITE").is_some() {
            rewrite(&path(name), &vectors, &outcomes);
            continue;
        }
        for (vector, outcome) in
            vectors.iter().zip(&outcomes).filter(|(vector, outcome)| !holds(vector, outcome))
        {
            failures.push(format!("{name}: {}: got {} {}", vector["name"], outcome.0, outcome.1));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_file_is_run() {
    for file in std::fs::read_dir(workspace().join("tests/vectors")).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(
            name == "verbs" || VERBS.iter().any(|(verb, _)| *verb == name),
            "no verb is run for {name}.json"
        );
    }
}

#[test]
fn a_wrong_answer_is_seen() {
    let vector = json!({"request": {"system": "npi", "code": "1234567893"}, "expect": {"status": "invalid"}});
    assert!(!holds(&vector, &run(wire::validate_code_json, &vector)));
    let refused = json!({"request": {"system": "no-such"}, "error": {"code": "invalid_request"}});
    assert!(holds(&refused, &run(wire::validate_code_json, &refused)));
    let other = json!({"request": {"system": "no-such"}, "error": {"code": "invalid_date"}});
    assert!(!holds(&other, &run(wire::validate_code_json, &other)));
}
