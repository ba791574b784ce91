//! Rules by path on whole records.

use serde_json::{Value, json};

use super::super::{Options, Policy, deidentify, verify_deidentified};
use crate::error::Result;
use crate::record::Record;

fn run(rules: &Value, parameters: &Value, source: &Value) -> Result<Value> {
    let config = json!({"fhirPathRules": rules, "parameters": parameters});
    let policy = Policy::named(&config.to_string())?;
    let record = Record::parse(source.to_string(), None)?;
    let options = Options { as_of: Some("2025-01-01".parse().unwrap()), ..Options::default() };
    let done = deidentify(&record, &policy, &options)?;
    for entry in done.manifest.entries() {
        assert!(!entry.rule.is_empty());
    }
    Ok(serde_json::from_slice(&done.output).unwrap())
}

fn rule(path: &str, method: &str) -> Value {
    json!({"path": path, "method": method})
}

#[test]
fn the_first_rule_that_reaches_a_value_counts() {
    let source = json!({"resourceType": "Patient", "id": "a", "gender": "male",
        "name": [{"use": "official", "family": "Doe"}, {"use": "usual"}],
        "birthDate": "1980-05-03", "_birthDate": {"extension": [{"url": "http://a.example", "valueString": "x"}]}});
    let rules = json!([
        rule("nodesByType('HumanName').use", "keep"),
        rule("Patient.name", "redact"),
        rule("Patient.birthDate", "redact"),
        rule("Observation.status", "redact")
    ]);
    let out = run(&rules, &json!({}), &source).unwrap();
    assert_eq!(
        out,
        json!({"resourceType": "Patient", "id": "a", "gender": "male",
        "name": [{"use": "official"}, {"use": "usual"}]})
    );
    let out = run(&rules, &json!({"enablePartialDatesForRedact": true}), &source).unwrap();
    assert_eq!(out["birthDate"], "1980");
}

#[test]
fn a_value_keeps_what_rules_before_put_into_it() {
    let source = json!({"resourceType": "Patient", "name": [{"family": "Doe", "period": {"end": "2002"}}, {"family": "Roe"}]});
    let rules = json!([
        {"path": "Patient.name.period", "method": "substitute", "replaceWith": {"start": "2020-01-01"}},
        {"path": "Patient.name", "method": "substitute", "replaceWith": {"family": "x"}}]);
    let out = run(&rules, &json!({}), &source).unwrap();
    assert_eq!(out["name"], json!([{"family": "x", "period": {"start": "2020-01-01"}}, {"family": "x"}]));
}

#[test]
fn positions_of_lists_with_partners_hold() {
    let source = json!({"resourceType": "Patient", "name": [{"given": ["A", "B"],
        "_given": [null, {"extension": [{"url": "http://a.example", "valueCode": "x"}]}]}]});
    let rules = json!([{"path": "Patient.name.given.where($this = 'A')", "method": "redact"}]);
    let out = run(&rules, &json!({}), &source).unwrap();
    assert_eq!(out["name"][0]["given"], json!([null, "B"]));
    let all = run(&json!([rule("Patient.name.given", "redact")]), &json!({}), &source).unwrap();
    assert_eq!(all, json!({"resourceType": "Patient"}));
}

#[test]
fn what_the_standard_does_not_know_goes() {
    let source = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "nickname": "Joey", "gender": ["male"]}},
        {"resource": {"resourceType": "Nobody", "name": "Joey"}}]});
    let out = run(&json!([]), &json!({}), &source).unwrap();
    assert_eq!(
        out,
        json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient"}}]})
    );
}

#[test]
fn choices_are_found_by_their_stem_and_type() {
    let source = json!({"resourceType": "Observation", "valueQuantity": {"value": 17.25, "unit": "cm"},
        "component": [{"valueString": "x"}, {"valueInteger": 7}]});
    let of = |path: &str| run(&json!([rule(path, "redact")]), &json!({}), &source).unwrap();
    assert!(of("Observation.value").get("valueQuantity").is_none());
    assert!(of("Observation.value as Quantity").get("valueQuantity").is_none());
    assert!(of("Observation.value as string").get("valueQuantity").is_some());
    assert_eq!(of("Observation.component.value.ofType(string)")["component"], json!([{"valueInteger": 7}]));
    assert_eq!(of("nodesByName('value')").as_object().unwrap().len(), 1);
    let perturbed = json!([{"path": "Observation.value", "method": "perturb", "span": 2, "roundTo": 1}]);
    let out = run(&perturbed, &json!({"cryptoHashKey": "k"}), &source).unwrap();
    let moved = out["valueQuantity"]["value"].as_f64().unwrap();
    assert!((16.2..=18.3).contains(&moved) && moved != 17.25, "{moved}");
    assert_eq!(run(&perturbed, &json!({}), &source).unwrap_err().code(), "key_needed");
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (config, place) in [
        (json!({"fhirPathRules": [{"path": "a.", "method": "redact"}]}), "rules[0].path"),
        (json!({"fhirPathRules": [{"path": "a", "method": "redcat"}]}), "rules[0].method"),
        (json!({"fhirPathRules": [{"path": "a", "method": "perturb"}]}), "rules[0].span"),
        (json!({"fhirPathRules": [{"path": "a", "method": "substitute"}]}), "rules[0].replace_with"),
        (
            json!({"fhirPathRules": [{"path": "a", "method": "generalize", "cases": {"?": "1"}}]}),
            "rules[0].cases",
        ),
        (json!({"fhirPathRules": [], "fhirVersion": "R9"}), "fhir_version"),
    ] {
        let error = Policy::named(&config.to_string()).unwrap_err();
        assert_eq!((error.code(), error.path()), ("policy_malformed", Some(place)), "{config}");
    }
    let typo = json!({"fhirPathRules": [], "parameters": {"enablePartialDatesForRedcat": true}});
    assert_eq!(Policy::named(&typo.to_string()).unwrap_err().code(), "policy_malformed");
}

#[test]
fn a_record_of_another_format_is_refused_and_errors_are_as_asked() {
    let policy = Policy::named(r#"{"fhirPathRules":[{"path":"Patient.name","method":"redact"}]}"#).unwrap();
    let message = Record::parse("MSH|^~\\&|A|B|C|D|20200101||ADT^A01|1|P|2.5\rPID|1||7\r", None).unwrap();
    assert_eq!(deidentify(&message, &policy, &Options::default()).unwrap_err().code(), "invalid_argument");
    let source = json!({"resourceType": "Patient", "active": true, "name": [{"family": "Doe"}]});
    let rules =
        json!([{"path": "Patient.name.family", "method": "generalize", "cases": {"$this > 3": "'x'"}}]);
    assert_eq!(run(&rules, &json!({}), &source).unwrap_err().code(), "policy_malformed");
    let config = json!({"fhirPathRules": rules, "processingErrors": "skip"}).to_string();
    let record = Record::parse(source.to_string(), None).unwrap();
    let done = deidentify(&record, &Policy::named(&config).unwrap(), &Options::default()).unwrap();
    assert_eq!(done.output, br#"{"resourceType":"Patient"}"#);
}

#[test]
fn the_search_tells_what_the_rules_leave_elsewhere() {
    let source = json!({"resourceType": "Patient", "name": [{"family": "Quackenbush"}],
        "maritalStatus": {"text": "as Quackenbush says"}});
    let config = json!({"fhirPathRules": [rule("Patient.name", "redact")]}).to_string();
    let policy = Policy::named(&config).unwrap();
    let record = Record::parse(source.to_string(), None).unwrap();
    let done = deidentify(&record, &policy, &Options::default()).unwrap();
    let output = Record::parse(done.output, None).unwrap();
    let found = verify_deidentified(&record, &output, &policy).unwrap();
    assert_eq!(
        found.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(),
        ["identifier_survives"]
    );
    assert!(found.statement.contains("| Patient.name: redact |"), "{}", found.statement);
}

#[test]
fn a_key_of_the_caller_s_takes_the_place_of_the_file_s() {
    let source = json!({"resourceType": "Patient", "id": "a"});
    let config =
        json!({"fhirPathRules": [rule("Resource.id", "cryptoHash")], "parameters": {"cryptoHashKey": "k"}});
    let policy = Policy::named(&config.to_string()).unwrap();
    let record = Record::parse(source.to_string(), None).unwrap();
    let id = |key: Option<&[u8]>| -> Result<Value> {
        let done = deidentify(&record, &policy, &Options { key, ..Options::default() })?;
        Ok(serde_json::from_slice::<Value>(&done.output).unwrap()["id"].clone())
    };
    let own = id(None).unwrap();
    assert_eq!(own.as_str().unwrap().len(), 64);
    assert_ne!(id(Some(&[7; 32])).unwrap(), own);
    assert_eq!(id(Some(b"short")).unwrap_err().code(), "key_too_short");
}
