//! Bad input: whatever is wrong with a record, a policy or an argument, it is removed or refused, never passed through.

use serde_json::{Value, json};

use super::{Options, Policy, Vault, deidentify};
use crate::error::Result;
use crate::record::Record;

const KEY: &[u8] = b"an example key of thirty-two bytes and some";

fn run(source: &Value, policy: &str, as_of: &str, key: Option<&[u8]>) -> Result<Value> {
    let record = Record::parse(source.to_string(), None)?;
    let vault = Vault::from_seed([1; 32]);
    let options =
        Options { as_of: Some(as_of.parse().unwrap()), vault: Some(&vault), key, ..Options::default() };
    let done = deidentify(&record, &Policy::named(policy)?, &options)?;
    Ok(serde_json::from_slice(&done.output).unwrap())
}

fn harbor(source: &Value, as_of: &str) -> Value {
    run(source, "hipaa-safe-harbor", as_of, None).unwrap()
}

#[test]
fn labels_and_words_that_are_none_are_refused_with_their_place() {
    for (policy, code, place) in [
        (json!({"name": "x", "labels": {"brith_date": "remove"}}), "policy_malformed", "labels"),
        (json!({"name": "x", "labels": {"name@somebody": "remove"}}), "policy_malformed", "labels"),
        (json!({"name": "x", "labels": {"name": "remvoe"}}), "policy_malformed", "labels.name"),
        (json!({"name": "x", "lables": {}}), "policy_malformed", ""),
        (json!({"name": "x", "extends": "hipaa-safe-harbour"}), "unknown_policy", "extends"),
        (
            json!({"name": "x", "extends": "hipaa-safe-harbor", "conforms_to": "hipaa-safe-harbor",
            "labels": {"date": "keep_date"}}),
            "policy_nonconforming",
            "labels.date",
        ),
    ] {
        let error = Policy::named(&policy.to_string()).unwrap_err();
        assert_eq!((error.code(), error.path().unwrap_or_default()), (code, place), "{policy}");
    }
}

#[test]
fn a_key_that_is_too_short_is_refused() {
    let source = json!({"resourceType": "Patient", "id": "a"});
    for key in [&b""[..], b"secret", &[7; 31]] {
        let error = run(&source, "research-shifted", "2025-01-01", Some(key)).unwrap_err();
        assert_eq!(error.code(), "key_too_short");
    }
    assert_eq!(run(&source, "research-shifted", "2025-01-01", None).unwrap_err().code(), "key_needed");
}

#[test]
fn a_day_before_the_record_makes_nobody_younger() {
    let source = |birth: &str, visit: &str| {
        json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"resource": {"resourceType": "Patient", "birthDate": birth, "active": true}},
            {"resource": {"resourceType": "Encounter", "status": "finished", "period": {"start": visit}}}]})
    };
    let birth = |out: &Value| out["entry"][0]["resource"].get("birthDate").cloned();
    // 65 on the day that is named, 95 at the visit.
    let out = harbor(&source("1925-01-01", "2020-03-01"), "1990-01-01");
    assert_eq!(birth(&out), None, "{out}");
    assert_eq!(birth(&harbor(&source("1940-01-01", "2020-03-01"), "1990-01-01")), Some(json!("1940")));
    let out = harbor(&source("1932-01-01", "2021-03-01"), "2019-01-01");
    assert_eq!(birth(&out), Some(json!("1932")), "{out}");
    assert_eq!(birth(&harbor(&source("1931-01-01", "2021-03-01"), "2019-01-01")), None);
    // A coverage without an end tells of no age.
    assert_eq!(birth(&harbor(&source("1960-01-01", "2199-12-31"), "2019-01-01")), Some(json!("1960")));
}

#[test]
fn of_two_patients_in_one_source_neither_is_left() {
    let source = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "a", "name": [{"family": "Quackenbush"}], "identifier": [{"value": "M-0012345"}]}},
        {"resource": {"resourceType": "Patient", "id": "b", "name": [{"family": "Zwingli"}], "identifier": [{"value": "M-0054321"}]}},
        {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/b"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003", "display": "Hypertension of Quackenbush"}],
            "text": "see M-0054321"}}}]});
    for (policy, key) in [
        ("hipaa-safe-harbor", None),
        ("hipaa-limited-data-set", None),
        ("gdpr-pseudonymised", Some(KEY)),
        ("research-shifted", Some(KEY)),
    ] {
        let out = run(&source, policy, "2025-01-01", key).unwrap().to_string();
        for gone in ["Quackenbush", "Zwingli", "0012345", "0054321", "Patient/b\""] {
            assert!(!out.contains(gone), "{policy}: {gone} in {out}");
        }
    }
}

#[test]
fn references_in_a_circle_end() {
    let link = |id: &str, to: &str| {
        json!({"resource": {"resourceType": "Patient", "id": id, "link": [{"other": {"reference": to}, "type": "seealso"}],
            "contained": [{"resourceType": "Patient", "id": "c", "link": [{"other": {"reference": "#c"}, "type": "refer"}]}]}})
    };
    let source = json!({"resourceType": "Bundle", "type": "collection",
        "entry": [link("a", "Patient/b"), link("b", "Patient/a"), link("d", "Patient/d")]});
    for (policy, key) in [("hipaa-safe-harbor", None), ("research-shifted", Some(KEY))] {
        let out = run(&source, policy, "2025-01-01", key).unwrap();
        let person = |at: usize| &out["entry"][at]["resource"];
        for (one, other) in [(0, 1), (1, 0), (2, 2)] {
            let id = format!("Patient/{}", person(other)["id"].as_str().unwrap());
            assert_eq!(person(one)["link"][0]["other"]["reference"], id.as_str());
        }
    }
}

#[test]
fn dates_that_are_none_go() {
    for date in ["0000-00-00", "2020-02-30", "2020-13-01", "2020-1-1", "20200101", "today", "2020-01-01x", ""]
    {
        let source = json!({"resourceType": "Patient", "active": true, "birthDate": date, "deceasedDateTime": date,
            "contact": [{"period": {"start": date}}]});
        for (policy, key) in [
            ("hipaa-safe-harbor", None),
            ("hipaa-limited-data-set", None),
            ("gdpr-pseudonymised", Some(KEY)),
            ("research-shifted", Some(KEY)),
        ] {
            let source = match key {
                Some(_) => {
                    json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": source}]})
                }
                None => source.clone(),
            };
            let record = Record::parse(source.to_string(), None).unwrap();
            let options = Options {
                as_of: Some("2025-01-01".parse().unwrap()),
                key,
                patient: key.map(|_| "somebody"),
                ..Options::default()
            };
            let done = deidentify(&record, &Policy::named(policy).unwrap(), &options).unwrap();
            let out = String::from_utf8(done.output).unwrap();
            // A compact date is a date of other formats, and becomes its year or moves.
            let kept = ["birthDate", "deceased", "contact"].iter().any(|name| out.contains(name));
            assert!(
                !kept || (date == "20200101" && policy != "hipaa-safe-harbor"),
                "{policy}: {date} in {out}"
            );
        }
    }
}

#[test]
fn numbers_with_a_wrong_check_are_numbers_all_the_same() {
    for number in ["000-12-3456", "666-12-3456", "912-65-4329", "123-00-4567", "123456789", "1234567890"] {
        let source = json!({"resourceType": "Condition", "subject": {"display": number},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003", "display": format!("see {number}")}],
                "text": number}, "note": [{"text": number}],
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": number}]});
        let out = harbor(&source, "2025-01-01").to_string();
        assert!(!out.contains(number), "{out}");
    }
    let message = "MSH|^~\\&|A|B|C|D|20200101||ADT^A01|1|P|2.5\rPID|1||7^^^H^MR||Doe^Jo||19800101|F|||||||||||000-12-3456\rNTE|1||ssn 000-12-3456\rZPI|1|000-12-3456\r";
    let record = Record::parse(message, None).unwrap();
    let done =
        deidentify(&record, &Policy::named("hipaa-safe-harbor").unwrap(), &Options::default()).unwrap();
    assert!(!String::from_utf8(done.output).unwrap().contains("000-12"));
}

#[test]
fn policies_that_invent_change_nothing_the_second_time() {
    let policy = r#"{"name":"x","extends":"research-shifted","labels":{"name":"surrogate","street":"surrogate",
        "phone":"surrogate","value":{"perturb":{"span":2,"decimals":1}}}}"#;
    let source = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "a", "name": [{"family": "Quackenbush"}],
            "telecom": [{"system": "phone", "value": "(617) 867-5309"}], "address": [{"line": ["17 Thistledown Lane"]}]}},
        {"resource": {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/a"},
            "valueQuantity": {"value": 81.4, "unit": "kg"}}}]});
    let once = run(&source, policy, "2025-01-01", Some(KEY)).unwrap();
    assert!(!once.to_string().contains("Quackenbush") && !once.to_string().contains("81.4"), "{once}");
    assert_eq!(run(&once, policy, "2025-01-01", Some(KEY)).unwrap(), once);
    // What was added since is raw, and its entry is treated as such.
    let mut added = once.clone();
    added["entry"][0]["resource"]["identifier"] = json!([{"value": "M-0012345"}]);
    added["entry"][0]["resource"]["name"] = json!([{"family": "Quackenbush"}]);
    let out = run(&added, policy, "2025-01-01", Some(KEY)).unwrap().to_string();
    assert!(!out.contains("Quackenbush"), "{out}");
    // Another policy of the domain, that made no surrogates, vouches for none.
    let plain = run(
        &source,
        r#"{"name":"x","extends":"research-shifted","labels":{"name":"keep"}}"#,
        "2025-01-01",
        Some(KEY),
    )
    .unwrap();
    let out = run(&plain, policy, "2025-01-01", Some(KEY)).unwrap().to_string();
    assert!(!out.contains("Quackenbush"), "{out}");
}
