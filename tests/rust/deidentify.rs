//! The vectors of `deidentify`: `tests/vectors/deidentify.json`, as every binding runs them. With `CHARTKEEPER_WRITE`
//! set the answers are written, to be reviewed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chartkeeper::deid::DeidentifyRequest;
use chartkeeper_tests::workspace;
use serde_json::{Value, json};

fn answer(request: &Value) -> Value {
    let request: DeidentifyRequest = serde_json::from_value(request.clone()).unwrap();
    match request.run() {
        Ok(done) => serde_json::to_value(done).unwrap(),
        Err(error) => json!({"error": error.code()}),
    }
}

#[test]
fn every_vector_holds() {
    let path = workspace().join("tests/vectors/deidentify.json");
    let mut vectors: Vec<Value> = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    if std::env::var_os("CHARTKEEPER_WRITE").is_some() {
        for vector in &mut vectors {
            vector["expect"] = answer(&vector["request"]);
        }
        let lines: Vec<String> = vectors.iter().map(|vector| format!("  {vector}")).collect();
        std::fs::write(&path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
    }
    assert!(vectors.len() > 10);
    for vector in vectors {
        assert_eq!(answer(&vector["request"]), vector["expect"], "{}", vector["name"]);
    }
}

#[test]
fn a_request_with_a_typo_is_refused() {
    let request = json!({"source": "{}", "polcy": "hipaa-safe-harbor"});
    assert!(serde_json::from_value::<DeidentifyRequest>(request).is_err());
}
