//! Adjudicated requests, each with the outcome, the rules and the reasons that must come out.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use chartkeeper::Record;
use chartkeeper::release::{Decision, Law, Request, decide, redact};
use chartkeeper_tests::workspace;
use serde_json::{Value, json};

fn vectors() -> Value {
    let path = workspace().join("tests/adjudicated/decide.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn run(case: &Value, records: &Value) -> Result<(Record, Decision), chartkeeper::Error> {
    let request = Request::parse(&case["request"].to_string())?;
    let record = Record::parse(records[case["record"].as_str().unwrap()].to_string(), None)?;
    let decision = decide(&request, &record, Law::embedded()?)?;
    Ok((record, decision))
}

/// The parts of a decision that a case may speak of, in the shape of its `expect`.
fn shown(decision: &Decision) -> BTreeMap<&'static str, Value> {
    let segments: BTreeMap<&str, Value> = decision
        .segments
        .iter()
        .map(|segment| (segment.path.as_str(), json!({"outcome": segment.outcome, "rule": segment.rule})))
        .collect();
    let first: Vec<Value> = decision
        .missing_facts
        .iter()
        .take(1)
        .map(|set| set.facts.iter().map(|fact| (fact.fact.to_owned(), Value::from(fact.value))).collect())
        .collect();
    let mut reasons: Vec<&str> = decision
        .reasons
        .iter()
        .filter(|reason| reason.rule != "H23-scope")
        .map(|reason| reason.rule.as_str())
        .collect();
    reasons.sort_unstable();
    let cut: Vec<&str> =
        decision.segments.iter().filter(|it| it.narrative_cut).map(|segment| segment.path.as_str()).collect();
    BTreeMap::from([
        ("outcome", json!(decision.outcome)),
        ("segments", json!(segments)),
        ("missing", json!(first)),
        ("due", json!(decision.due)),
        ("accounting", json!(decision.accounting_required)),
        ("obligations", json!(decision.obligations.iter().map(|it| &it.code).collect::<Vec<_>>())),
        ("defects", json!(decision.defects.iter().map(|it| it.fact).collect::<Vec<_>>())),
        ("confidence", json!(decision.confidence)),
        ("reasons", json!(reasons)),
        ("narrative_cut", json!(cut)),
    ])
}

#[test]
fn every_case_is_decided_as_adjudicated() {
    let vectors = vectors();
    let mut wrong = Vec::new();
    for case in vectors["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let expect = case["expect"].as_object().unwrap();
        match (run(case, &vectors["records"]), expect.get("error")) {
            (Err(error), Some(code)) => assert_eq!(error.code(), code, "{name}"),
            (Err(error), None) => wrong.push(format!("{name}: {error}")),
            (Ok(_), Some(_)) => wrong.push(format!("{name}: decided")),
            (Ok((_, decision)), None) => {
                let shown = shown(&decision);
                for (key, value) in expect {
                    if shown[key.as_str()] != *value {
                        wrong.push(format!(
                            "{name}: {key}\n  is     {}\n  should {value}",
                            shown[key.as_str()]
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn most_cases_are_hard_ones_and_each_says_why() {
    let vectors = vectors();
    let cases = vectors["cases"].as_array().unwrap();
    let easy = |case: &&Value| matches!(case["expect"]["outcome"].as_str(), Some("release" | "must_release"));
    assert!(cases.len() >= 40 && cases.iter().filter(easy).count() * 2 <= cases.len());
    assert!(cases.iter().all(|case| case["why"].as_str().is_some_and(|why| why.len() > 10)));
}

#[test]
fn the_copy_of_every_case_parses_and_names_nothing_withheld() {
    let vectors = vectors();
    let mut copies = 0;
    for case in vectors["cases"].as_array().unwrap() {
        let Ok((record, decision)) = run(case, &vectors["records"]) else { continue };
        if decision.released() == 0 {
            assert_eq!(redact(&record, &decision).unwrap_err().code(), "nothing_to_release");
            continue;
        }
        let copy = redact(&record, &decision).unwrap().apply(record.source());
        Record::parse(copy.clone(), None).unwrap();
        let copy = String::from_utf8(copy).unwrap();
        let source: Value = serde_json::from_slice(record.source()).unwrap();
        for (entry, segment) in source["entry"].as_array().unwrap().iter().zip(&decision.segments) {
            let id = entry["resource"]["id"].as_str().unwrap();
            let named = copy.contains(&format!("\"id\":\"{id}\""));
            assert_eq!(named, segment.outcome.is_released(), "{} {id}", case["name"]);
        }
        assert!(!copy.contains("methadone") || decision.segments.iter().all(|it| !it.narrative_cut));
        copies += 1;
    }
    assert!(copies > 20);
}
