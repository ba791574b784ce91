//! The shared vectors: `tests/vectors/<verb>.json`, run against the verb of that name, as every binding runs them.
//!
//! A file is a list of `{name, request, expect}`. The request is that of the verb's `_json` twin; `expect` is its whole
//! answer, or `{"error": "<code>"}` where the verb refuses. A new verb is one line in [`VERBS`].

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::OnceLock;

use chartkeeper::codes::{Codes, FindCodesRequest, ValidateCodeRequest, ValidateCodesRequest};
use chartkeeper::{Error, Format, Record, Result, quality};
use chartkeeper_tests::workspace;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A verb as it is seen on the wire.
type Verb = fn(&Value) -> Result<Value>;

/// The verbs that have vectors.
const VERBS: &[(&str, Verb)] = &[
    ("check", check),
    ("find_codes", find_codes),
    ("validate_code", validate_code),
    ("validate_codes", validate_codes),
];

/// Files of another shape, with a runner of their own: `decide.rs`.
const ELSEWHERE: &[&str] = &["decide"];

fn codes() -> &'static Codes {
    static CODES: OnceLock<Codes> = OnceLock::new();
    CODES.get_or_init(|| Codes::embedded().unwrap())
}

fn read<T: DeserializeOwned>(request: &Value) -> Result<T> {
    serde_json::from_value(request.clone())
        .map_err(|_| Error::new(&chartkeeper::error::codes::INVALID_REQUEST))
}

fn validate_code(request: &Value) -> Result<Value> {
    let request: ValidateCodeRequest = read(request)?;
    let verdict = codes().validate(&request.system, &request.code, &request.context()?)?;
    Ok(serde_json::to_value(verdict).unwrap())
}

fn validate_codes(request: &Value) -> Result<Value> {
    let request: ValidateCodesRequest = read(request)?;
    let list = request.codes.iter().map(String::as_str);
    let verdicts = codes().validate_all(&request.system, list, &request.context()?)?;
    Ok(serde_json::to_value(verdicts).unwrap())
}

fn find_codes(request: &Value) -> Result<Value> {
    let request: FindCodesRequest = read(request)?;
    let hits = codes().find(&request.system, &request.query, &request.context()?, request.limit)?;
    Ok(serde_json::to_value(hits).unwrap())
}

/// `{source, format?, as_of}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    source: String,
    format: Option<String>,
    as_of: String,
}

fn check(request: &Value) -> Result<Value> {
    let request: CheckRequest = read(request)?;
    let format = request.format.as_deref().map(str::parse::<Format>).transpose()?;
    let record = Record::parse(request.source, format)?;
    Ok(serde_json::to_value(quality::check(&record, codes(), &request.as_of)?).unwrap())
}

fn run(verb: Verb, vector: &Value) -> Value {
    match verb(&vector["request"]) {
        Ok(answer) => answer,
        Err(error) => json!({ "error": error.code() }),
    }
}

#[test]
fn every_vector_holds() {
    let mut files = 0;
    let mut failures = Vec::new();
    for file in std::fs::read_dir(workspace().join("tests/vectors")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if ELSEWHERE.contains(&name.as_str()) {
            continue;
        }
        let Some((_, verb)) = VERBS.iter().find(|(verb, _)| *verb == name) else {
            failures.push(format!("{name}.json: no verb of that name is run here"));
            continue;
        };
        files += 1;
        let vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert!(!vectors.is_empty(), "{name}.json holds no vector");
        for vector in vectors {
            let answer = run(*verb, &vector);
            if answer != vector["expect"] {
                failures.push(format!(
                    "{name}: {}\n  expected {}\n  got      {answer}",
                    vector["name"], vector["expect"]
                ));
            }
        }
    }
    assert_eq!(files, VERBS.len(), "every verb has its file");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_answer_is_seen() {
    let vector = json!({"request": {"system": "npi", "code": "1234567893"}, "expect": {"status": "invalid"}});
    assert_ne!(run(validate_code, &vector), vector["expect"]);
    let refused = json!({"request": {"system": "no-such"}});
    assert_eq!(run(validate_code, &refused), json!({"error": "invalid_request"}));
}
