//! Records that belong together: the same patient, key and domain give the same pseudonyms and the same offset,
//! and every policy does to a whole record what it says.

use serde_json::{Value, json};

use super::{Deidentified, Options, Policy, Vault, deidentify};
use crate::error::Result;
use crate::record::Record;

const KEY: &[u8] = b"an example key of thirty-two bytes and some";

fn with(source: &Value, policy: &str, options: &Options<'_>) -> Result<Value> {
    let record = Record::parse(source.to_string(), None).unwrap();
    let done: Deidentified = deidentify(&record, &Policy::named(policy)?, options)?;
    Ok(serde_json::from_slice(&done.output).unwrap())
}

fn keyed(source: &Value, policy: &str) -> Value {
    let vault = Vault::from_seed([1; 32]);
    let options = Options {
        as_of: Some("2025-06-01".parse().unwrap()),
        key: Some(KEY),
        vault: Some(&vault),
        ..Options::default()
    };
    with(source, policy, &options).unwrap()
}

fn patient(id: &str) -> Value {
    json!({"resource": {"resourceType": "Patient", "id": id, "birthDate": "1980-05-03", "gender": "female",
        "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
            "value": "M-77"}],
        "name": [{"family": "Delgado", "given": ["Carmen"]}],
        "telecom": [{"system": "phone", "value": "(617) 867-5309"}, {"system": "email", "value": "c@delgado.example"}],
        "address": [{"line": ["12 Maple Street"], "city": "Boston", "state": "MA", "postalCode": "02139", "country": "US"}]}})
}

fn bundle(id: &str, dates: &[&str]) -> Value {
    let mut entries = vec![patient(id)];
    for date in dates {
        entries.push(json!({"resource": {"resourceType": "Observation", "status": "final",
            "subject": {"reference": format!("Patient/{id}")}, "effectiveDateTime": date,
            "valueQuantity": {"value": 81.4, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}}}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}

fn day(out: &Value, entry: usize) -> jiff::civil::Date {
    out["entry"][entry]["resource"]["effectiveDateTime"].as_str().unwrap()[..10].parse().unwrap()
}

#[test]
fn the_same_patient_moves_by_the_same_days_in_every_record() {
    let one = keyed(&bundle("a", &["2020-01-01", "2020-03-01T10:00:00+02:00"]), "research-shifted");
    let two = keyed(&bundle("b", &["2020-01-01"]), "research-shifted");
    assert_eq!(day(&one, 1), day(&two, 1), "the number is the same, whatever the id of the entry");
    assert_ne!(day(&one, 1).to_string(), "2020-01-01");
    assert_eq!(day(&one, 1).until(day(&one, 2)).unwrap().get_days(), 60, "the interval stays");
    assert_eq!(day(&one, 1).weekday(), jiff::civil::Weekday::Wednesday, "so does the day of the week");
    assert!(one.to_string().contains("T10:00:00+02:00"));
    let born: jiff::civil::Date = one["entry"][0]["resource"]["birthDate"].as_str().unwrap().parse().unwrap();
    let birth = "1980-05-03".parse().unwrap();
    assert_eq!(
        born.until(day(&one, 1)).unwrap().get_days(),
        jiff::civil::Date::until(birth, "2020-01-01".parse::<jiff::civil::Date>().unwrap())
            .unwrap()
            .get_days()
    );
    let number =
        |out: &Value| out["entry"][0]["resource"]["identifier"][0]["value"].as_str().unwrap().to_owned();
    assert_eq!(number(&one), number(&two));
    assert!(!number(&one).contains("M-77"));
}

#[test]
fn a_second_run_changes_nothing() {
    let source = bundle("a", &["2020-01-01", "2020-03-01T10:00:00+02:00", "2020"]);
    for policy in ["research-shifted", "gdpr-pseudonymised", "hipaa-limited-data-set"] {
        let once = keyed(&source, policy);
        assert_eq!(keyed(&once, policy), once, "{policy}");
    }
}

#[test]
fn another_key_domain_or_patient_moves_otherwise() {
    let source = bundle("a", &["2020-01-01"]);
    let run = |policy: &str, key: &[u8], patient: Option<&str>| {
        let options = Options {
            key: Some(key),
            patient,
            as_of: Some("2025-06-01".parse().unwrap()),
            ..Options::default()
        };
        day(&with(&source, policy, &options).unwrap(), 1)
    };
    let wide = |domain: &str| {
        format!(
            r#"{{"name":"x","extends":"research-shifted","domain":"{domain}","labels":{{"date":{{"shift_dates":{{"window":30000}}}}}}}}"#
        )
    };
    let base = run(&wide("a"), KEY, None);
    assert_eq!(run(&wide("a"), KEY, None), base);
    assert_ne!(run(&wide("b"), KEY, None), base);
    assert_ne!(run(&wide("a"), &[9; 32], None), base);
    assert_ne!(run(&wide("a"), KEY, Some("somebody else")), base);
    assert_eq!(run(&wide("a"), KEY, Some("M-77")), base, "the caller may name what the record says");
}

#[test]
fn an_explicit_offset_is_used() {
    let options = Options {
        key: Some(KEY),
        shift_days: Some(-10),
        as_of: Some("2025-06-01".parse().unwrap()),
        ..Options::default()
    };
    let out = with(&bundle("a", &["2020-01-01"]), "research-shifted", &options).unwrap();
    assert_eq!(day(&out, 1).to_string(), "2019-12-22");
}

#[test]
fn without_a_key_or_a_patient_nothing_moves() {
    let source = bundle("a", &["2020-01-01"]);
    let none = with(&source, "research-shifted", &Options::default()).unwrap_err();
    assert_eq!(none.code(), "key_needed");
    let short = with(&source, "research-shifted", &Options { key: Some(b"short"), ..Options::default() });
    assert_eq!(short.unwrap_err().code(), "key_too_short");
    let line = json!({"resourceType": "Observation", "subject": {"reference": "Patient/a"}, "issued": "2020-01-01T00:00:00Z"});
    let options = Options { key: Some(KEY), ..Options::default() };
    assert_eq!(with(&line, "research-shifted", &options).unwrap_err().code(), "patient_unknown");
    // Counted by entry, a line of a bulk export knows its patient by the reference.
    let by_entry = r#"{"name":"x","extends":"research-shifted","patient":{"by":"entry"}}"#;
    let out = with(&line, by_entry, &options).unwrap();
    assert_ne!(out["issued"], "2020-01-01T00:00:00Z");
    assert!(out["issued"].as_str().unwrap().ends_with("T00:00:00Z"));
}

#[test]
fn of_two_patients_each_moves_by_its_own_and_nobodys_dates_go() {
    let source = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "a"}}, {"resource": {"resourceType": "Patient", "id": "b"}},
        {"resource": {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/a"}, "effectiveDateTime": "2020-01-01"}},
        {"resource": {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/b"}, "effectiveDateTime": "2020-01-01"}},
        {"resource": {"resourceType": "Observation", "status": "final", "effectiveDateTime": "2020-01-01"}}]});
    let policy =
        r#"{"name":"x","extends":"research-shifted","labels":{"date":{"shift_dates":{"window":30000}}}}"#;
    let options =
        Options { key: Some(KEY), as_of: Some("2025-06-01".parse().unwrap()), ..Options::default() };
    let out = with(&source, policy, &options).unwrap();
    assert_ne!(day(&out, 2), day(&out, 3));
    assert!(out["entry"][4]["resource"].get("effectiveDateTime").is_none(), "{out}");
}

#[test]
fn a_limited_data_set_keeps_what_164_514_e_allows_and_no_more() {
    let out = keyed(&bundle("a", &["2020-01-01T10:00:00Z"]), "hipaa-limited-data-set").to_string();
    for kept in ["Boston", "MA", "02139", "1980-05-03", "2020-01-01T10:00:00Z", "81.4"] {
        assert!(out.contains(kept), "{kept}: {out}");
    }
    for gone in ["Delgado", "Carmen", "Maple", "867-5309", "c@delgado", "M-77", "\"a\"", "Patient/a"] {
        assert!(!out.contains(gone), "{gone}: {out}");
    }
}

#[test]
fn pseudonymised_data_links_and_names_nobody() {
    let one = keyed(&bundle("a", &["2020-01-01"]), "gdpr-pseudonymised");
    let text = one.to_string();
    for gone in [
        "Delgado",
        "Carmen",
        "Maple",
        "867-5309",
        "c@delgado",
        "M-77",
        "Patient/a\"",
        "Boston",
        "02139",
        "1980-05-03",
    ] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    let person = &one["entry"][0]["resource"];
    assert_eq!(person["birthDate"], "1980-05");
    let id = person["id"].as_str().unwrap();
    assert_eq!(one["entry"][1]["resource"]["subject"]["reference"], format!("Patient/{id}"));
}

#[test]
fn methods_do_what_they_say_to_a_record() {
    let policy = r#"{"name":"x","extends":"research-shifted","labels":{
        "name":"surrogate","phone":"surrogate","email":{"substitute":{"text":"[e-mail]"}},
        "medical_record_number":"encrypt","street":{"mask":{"with":"x"}},"city":"surrogate",
        "postal_code":{"generalise":{"characters":1}},"date":[{"shift_dates":{}},{"generalise":{"to":"month"}}],
        "value":{"perturb":{"span":2,"decimals":1}}}}"#;
    let out = keyed(&bundle("a", &["2020-01-15"]), policy);
    let person = &out["entry"][0]["resource"];
    assert!(person["telecom"][0]["value"].as_str().unwrap().contains(") 555-01"), "{person}");
    assert_eq!(person["telecom"][1]["value"], "[e-mail]");
    assert_eq!(person["address"][0]["line"][0], "xx xxxxx xxxxxx");
    assert_eq!(person["address"][0]["postalCode"], "0");
    assert!(person["identifier"][0]["value"].as_str().unwrap().starts_with("enc1."));
    let date = out["entry"][1]["resource"]["effectiveDateTime"].as_str().unwrap();
    assert_eq!((date.len(), &date[4..5]), (7, "-"));
    let number = out["entry"][1]["resource"]["valueQuantity"]["value"].as_f64().unwrap();
    assert!((79.4..=83.4).contains(&number));
    let text = out.to_string();
    for gone in ["Delgado", "Maple", "5309", "M-77", "Boston"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    // The same person has the same surrogate elsewhere.
    assert_eq!(keyed(&bundle("b", &[]), policy)["entry"][0]["resource"]["name"], person["name"]);
}

#[test]
fn a_kept_city_that_is_somebodys_name_goes() {
    let mut source = bundle("a", &[]);
    source["entry"][0]["resource"]["address"][0]["city"] = json!("Delgado");
    let out = keyed(&source, "hipaa-limited-data-set").to_string();
    assert!(!out.contains("Delgado"), "{out}");
}

#[test]
fn ages_over_the_limit_are_not_told_by_a_date_that_moves() {
    let source = json!({"resourceType": "Patient", "id": "a", "active": true, "birthDate": "1930-01-01"});
    assert!(keyed(&source, "research-shifted").get("birthDate").is_none());
    assert_eq!(keyed(&source, "hipaa-limited-data-set")["birthDate"], "1930-01-01");
}

#[test]
fn the_same_patient_is_the_same_in_hl7_v2() {
    let message = "MSH|^~\\&|LAB|H|EHR|H|20200101||ORU^R01|1|P|2.5\rPID|1||M-77^^^H^MR||Delgado^Carmen||19800503|F|||12 Maple Street^^Boston^MA^02139^US\rOBR|1|||8302-2^Height^LN|||20200101\rOBX|1|NM|8302-2^Height^LN||170|cm|||||F|||20200301\r";
    let record = Record::parse(message.as_bytes(), None).unwrap();
    let options =
        Options { key: Some(KEY), as_of: Some("2025-06-01".parse().unwrap()), ..Options::default() };
    let policy = Policy::named("research-shifted").unwrap();
    let out = String::from_utf8(deidentify(&record, &policy, &options).unwrap().output).unwrap();
    let fhir = keyed(&bundle("a", &["2020-01-01", "2020-03-01"]), "research-shifted");
    for entry in [1, 2] {
        let moved = day(&fhir, entry).strftime("%Y%m%d").to_string();
        assert!(out.contains(&format!("|{moved}")), "{moved}: {out}");
    }
    let number = fhir["entry"][0]["resource"]["identifier"][0]["value"].as_str().unwrap();
    assert!(out.contains(number), "{number}: {out}");
    for gone in ["Delgado", "Maple", "Boston", "M-77", "19800503", "20200101", "20200301"] {
        assert!(!out.contains(gone), "{gone}: {out}");
    }
    assert!(out.contains("|170|cm|"), "{out}");
}
