//! Every check found where it must be, and not found beside it.

use super::{CHECKS, check};
use crate::codes::Codes;
use crate::record::{Record, Severity};

const GOOD: &str = r#"{"resourceType":"Patient","id":"p","identifier":[{"value":"7"}],"name":[{"family":"A"}],
    "gender":"female","birthDate":"1980-05-05""#;

fn findings(source: &str) -> Vec<crate::record::Finding> {
    let record = Record::parse(source, None).unwrap();
    let found = check(&record, &Codes::embedded().unwrap(), "2026-03-01").unwrap();
    for finding in &found {
        assert_eq!(finding.line, record.line(finding.span.start));
        assert!(CHECKS.iter().any(|check| check.code == finding.code && check.source == finding.source));
    }
    found
}

/// Code and path of what is found.
fn found(source: &str) -> Vec<(&'static str, String)> {
    findings(source).into_iter().map(|finding| (finding.code, finding.path)).collect()
}

/// A collection of a good patient, whose entry is continued by `patient`, and other entries that refer to `p`.
fn chart(patient: &str, others: &[&str]) -> String {
    let mut entries = vec![format!(r#"{{"resource":{GOOD}{patient}}}}}"#)];
    entries.extend(others.iter().map(|other| format!(r#"{{"resource":{other}}}"#)));
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",\n"))
}

/// What is found in such a collection, with paths that begin at the resource.
fn in_chart(patient: &str, others: &[&str]) -> Vec<(&'static str, String)> {
    let strip =
        |path: String| path.split_once(".resource.").map_or(path.clone(), |(_, rest)| rest.to_owned());
    found(&chart(patient, others)).into_iter().map(|(code, path)| (code, strip(path))).collect()
}

fn one(code: &'static str, path: &str) -> Vec<(&'static str, String)> {
    vec![(code, path.to_owned())]
}

const SUBJECT: &str = r#""subject":{"reference":"Patient/p"}"#;

#[test]
fn what_the_patient_must_have() {
    assert!(found(&format!("{GOOD}}}")).is_empty());
    let bare = found(r#"{"resourceType":"Patient","name":[{"use":"official"}]}"#);
    let codes: Vec<_> = bare.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["missing_birth_date", "missing_identifier", "missing_name", "missing_sex"]);
    let contained = format!(
        r#"{{"resourceType":"Observation","contained":[{{"resourceType":"Patient","id":"x"}}],
        "status":"final","subject":{{"reference":"{}"}}}}"#,
        "#x"
    );
    assert!(found(&contained).is_empty());
}

#[test]
fn ages_and_death() {
    let born = |date: &str, more: &str| found(&format!("{}{more}}}", GOOD.replace("1980-05-05", date)));
    assert_eq!(born("1850-01-01", ""), one("implausible_age", "Patient.birthDate"));
    assert!(born("1850-01-01", r#","deceasedDateTime":"1920""#).is_empty());
    assert!(born("1850-01-01", r#","deceasedBoolean":true"#).is_empty());
    assert_eq!(born("1850-01-01", r#","deceasedBoolean":false"#).len(), 1);
    assert_eq!(
        born("1980-05-05", r#","deceasedDateTime":"1979""#),
        one("death_before_birth", "Patient.deceasedDateTime")
    );
    assert!(born("1980-05-05", r#","deceasedDateTime":"1980""#).is_empty());
    assert_eq!(born("2026-03-02", ""), one("date_in_future", "Patient.birthDate"));
    assert!(born("2026-03-01", "").is_empty());
    assert!(born("2026", "").is_empty(), "a year that has begun");
    assert_eq!(born("1980-02-30", ""), one("impossible_date", "Patient.birthDate"));
    assert_eq!(born("05/05/1980", ""), one("impossible_date", "Patient.birthDate"));
}

#[test]
fn events_fit_birth_and_death() {
    let observation = |date: &str| {
        format!(r#"{{"resourceType":"Observation","status":"final",{SUBJECT},"effectiveDateTime":"{date}"}}"#)
    };
    let with = |patient: &str, date: &str| in_chart(patient, &[&observation(date)]);
    assert_eq!(with("", "1979-01-01"), one("event_before_birth", "effectiveDateTime"));
    assert!(with("", "1980-05").is_empty());
    assert_eq!(with("", "2026-03-02"), one("date_in_future", "effectiveDateTime"));
    let dead = r#","deceasedDateTime":"2020-06-06""#;
    assert_eq!(with(dead, "2020-07-07"), one("event_after_death", "effectiveDateTime"));
    assert!(with(dead, "2020-07-06").is_empty(), "a cause of death is certified days later");
    let procedure =
        |date: &str| observation(date).replace("Observation", "Procedure").replace("effective", "performed");
    assert_eq!(in_chart(dead, &[&procedure("2020-06-07")]), one("event_after_death", "performedDateTime"));
    assert!(in_chart(dead, &[&procedure("2020-06-06")]).is_empty());
    let autopsy = format!(
        r#"{{"resourceType":"DiagnosticReport","status":"final",{SUBJECT},"effectiveDateTime":"2020-06-08"}}"#
    );
    assert!(in_chart(dead, &[&autopsy]).is_empty());
    let withdrawn = observation("1925-01-01").replace("final", "entered-in-error");
    assert!(in_chart("", &[&withdrawn]).is_empty());
    let planned = format!(
        r#"{{"resourceType":"Encounter","status":"planned",{SUBJECT},"period":{{"start":"2026-05-05"}}}}"#
    );
    assert!(in_chart("", &[&planned]).is_empty());
    assert_eq!(
        in_chart("", &[&planned.replace("planned", "finished")]),
        one("date_in_future", "period.start")
    );
    let family = r#"{"resourceType":"FamilyMemberHistory","status":"completed","patient":{"reference":"Patient/p"},"bornDate":"1950","date":"2025-01-01"}"#;
    assert!(in_chart("", &[family]).is_empty());
}

#[test]
fn periods_run_forward() {
    let encounter = |start: &str, end: &str| {
        let source = format!(
            r#"{{"resourceType":"Encounter","status":"finished",{SUBJECT},"period":{{"start":"{start}","end":"{end}"}}}}"#
        );
        in_chart("", &[&source])
    };
    assert_eq!(
        encounter("2025-01-02T10:00:00Z", "2025-01-02T09:15:00Z"),
        one("period_ends_before_start", "period.end")
    );
    assert!(encounter("2025-01-02T10:00:00+02:00", "2025-01-02T09:15:00Z").is_empty());
    assert!(encounter("2025-01-02", "2025-01-02").is_empty());
    assert_eq!(encounter("2025-01-02", "2024"), one("period_ends_before_start", "period.end"));
    let condition = |onset: &str, end: &str| {
        let source = format!(
            r#"{{"resourceType":"Condition",{SUBJECT},"onsetDateTime":"{onset}","abatementDateTime":"{end}"}}"#
        );
        in_chart("", &[&source])
    };
    assert_eq!(condition("2024-02-01", "2024-01"), one("abatement_before_onset", "abatementDateTime"));
    assert!(condition("2024-02-01", "2024-02").is_empty());
}

#[test]
fn events_lie_in_their_encounter_and_about_the_same_patient() {
    let encounter = format!(
        r#"{{"resourceType":"Encounter","id":"e","status":"finished",{SUBJECT},"period":{{"start":"2025-02-03","end":"2025-02-05"}}}}"#
    );
    let observation = |date: &str| {
        format!(
            r#"{{"resourceType":"Observation","status":"final",{SUBJECT},"encounter":{{"reference":"Encounter/e"}},"effectiveDateTime":"{date}","issued":"2025-02-09T10:00:00Z"}}"#
        )
    };
    assert!(in_chart("", &[&encounter, &observation("2025-02-05T23:00:00Z")]).is_empty());
    assert_eq!(
        in_chart("", &[&encounter, &observation("2025-02-06")]),
        one("event_outside_encounter", "effectiveDateTime")
    );
    assert_eq!(
        in_chart("", &[&encounter, &observation("1925-02-06")]),
        one("event_before_birth", "effectiveDateTime")
    );
    let other = format!("{}}}", GOOD.replace(r#""id":"p""#, r#""id":"q""#));
    let wrong = observation("2025-02-04").replace("Patient/p", "Patient/q");
    let two: Vec<_> = in_chart("", &[&encounter, &wrong, &other]).into_iter().map(|(code, _)| code).collect();
    assert_eq!(two, ["subject_mismatch", "more_than_one_patient"]);
}

#[test]
fn codes_are_those_of_their_day() {
    let condition = |code: &str, date: &str| {
        format!(
            r#"{{"resourceType":"Condition",{SUBJECT},"code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}]}},"recordedDate":"{date}"}}"#
        )
    };
    let path = "code.coding[0].code";
    assert!(in_chart("", &[&condition("E11.9", "2026-01-15")]).is_empty());
    for (code, expected) in [
        ("I10.9", "invalid_code"),
        ("nonsense", "invalid_code"),
        ("E11.6", "not_billable_code"),
        ("S52.501", "missing_7th_character"),
    ] {
        assert_eq!(in_chart("", &[&condition(code, "2026-01-15")]), one(expected, path), "{code}");
        let before = findings(&chart("", &[&condition(code, "2014-01-15")]));
        assert_eq!(
            (before[0].code, before[0].severity),
            // What is no code by its form is none on any day.
            (expected, if code == "nonsense" { Severity::Error } else { Severity::Warning }),
            "{code} on a day without a release"
        );
        assert!(!before[0].message.contains(code));
    }
    assert_eq!(in_chart("", &[&condition("E11.9", "2014-01-15")]), one("code_not_covered", path));
    let late = condition("E11.9", "2014-01-15")
        .replace("recordedDate", "encounter\":{\"reference\":\"Encounter/e\"},\"recordedDate");
    let encounter = format!(
        r#"{{"resourceType":"Encounter","id":"e","status":"finished",{SUBJECT},"period":{{"start":"2026-01-03"}}}}"#
    );
    assert!(in_chart("", &[&encounter, &late]).is_empty(), "the encounter's day holds");
    let other = condition("E11.9", "2026-01-15")
        .replace("http://hl7.org/fhir/sid/icd-10-cm", "http://example.org/codes");
    assert!(in_chart("", &[&other]).is_empty());
    let without =
        condition("E11.9", "2026-01-15").replace(r#""system":"http://hl7.org/fhir/sid/icd-10-cm","#, "");
    assert_eq!(in_chart("", &[&without]), one("code_without_system", path));
}

#[test]
fn numbers_have_units_and_identifiers_their_digit() {
    let value = |quantity: &str| {
        let source = format!(
            r#"{{"resourceType":"Observation","status":"final",{SUBJECT},"valueQuantity":{quantity},"component":[{{"code":{{"text":"x"}},"valueQuantity":{quantity}}}]}}"#
        );
        in_chart("", &[&source]).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(value(r#"{"value":1.50}"#), ["value_without_unit", "value_without_unit"]);
    assert!(value(r#"{"value":1.50,"unit":"mg"}"#).is_empty());
    assert!(value(r#"{"value":1.50,"code":"mg","system":"http://unitsofmeasure.org"}"#).is_empty());
    assert_eq!(value(r#"{"value":1.50,"code":"mg"}"#), ["code_without_system", "code_without_system"]);
    let npi = |number: &str| {
        let source = format!(
            r#"{{"resourceType":"Practitioner","identifier":[{{"system":"http://hl7.org/fhir/sid/us-npi","value":"{number}"}}]}}"#
        );
        found(&source)
    };
    assert!(npi("1234567893").is_empty());
    assert_eq!(npi("1234567890"), one("npi_bad_check_digit", "Practitioner.identifier[0].value"));
}

#[test]
fn references_lead_somewhere() {
    let refer = |to: &str| {
        let source = format!(
            r#"{{"resourceType":"Observation","status":"final",{SUBJECT},"performer":[{{"reference":"{to}"}}]}}"#
        );
        in_chart("", &[&source])
    };
    let path = "performer[0].reference";
    assert_eq!(refer("urn:uuid:9f0d5e0e-0000-4000-8000-000000000000"), one("dangling_reference", path));
    assert_eq!(refer("#nobody"), one("dangling_reference", path));
    assert_eq!(refer("Practitioner/9"), one("dangling_reference", path));
    assert!(refer("https://example.org/Practitioner/9").is_empty());
    assert!(refer("Practitioner?identifier=9").is_empty());
    assert!(refer("Patient/p").is_empty());
    let alone = r#"{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p"}}"#;
    assert!(found(alone).is_empty(), "a single entry points to what is kept elsewhere");
}

#[test]
fn entries_stand_once() {
    let twice = [r#"{"resourceType":"Organization","id":"o"}"#; 2];
    assert_eq!(in_chart("", &twice), one("duplicate_id", "id"));
    let history = chart("", &twice).replace("collection", "history");
    assert!(found(&history).is_empty());
    assert!(in_chart("", &[twice[0], r#"{"resourceType":"Location","id":"o"}"#]).is_empty());
}

#[test]
fn irregularities_of_the_source() {
    assert_eq!(found(&format!("\u{feff}{GOOD}}}")), one("byte_order_mark", "Patient"));
    assert_eq!(found(&format!(r#"{GOOD},"gender":"male"}}"#)), one("duplicate_key", "Patient.gender"));
    assert_eq!(found(&format!(r#"{GOOD},"colour":"red"}}"#)), one("unknown_element", "Patient.?"));
    assert_eq!(found(&format!(r#"{GOOD},"active":"yes"}}"#)), one("wrong_json_type", "Patient.active"));
    let odd = chart("", &[r#"{"resourceType":"Spaceship"}"#]);
    assert_eq!(found(&odd), one("unknown_resource_type", "Bundle.entry[1].resource"));
}

#[test]
fn the_day_of_the_check_is_a_day() {
    let record = Record::parse(format!("{GOOD}}}"), None).unwrap();
    for text in ["2026", "2026-02-30", "", "2026-01-01T00:00:00Z"] {
        let error = check(&record, &Codes::embedded().unwrap(), text).unwrap_err();
        assert_eq!((error.code(), error.path()), ("invalid_date", Some("as_of")));
    }
}

#[test]
fn every_check_has_its_own_code() {
    let mut codes: Vec<_> = CHECKS.iter().map(|check| check.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), CHECKS.len());
}

proptest::proptest! {
    /// Whatever bytes of a record are changed: findings or an error, in source order, never a panic.
    #[test]
    fn damaged_records_are_checked(changes in proptest::collection::vec((0usize..2000, 32u8..127), 0..12)) {
        let source = chart(r#","deceasedDateTime":"2020""#, &[
            &format!(r##"{{"resourceType":"Encounter","id":"e","status":"finished",{SUBJECT},"period":{{"start":"2025-02-03","end":"2025-02-05"}}}}"##),
            &format!(r##"{{"resourceType":"Observation","id":"o","status":"final",{SUBJECT},"encounter":{{"reference":"Encounter/e"}},"code":{{"coding":[{{"code":"1"}}]}},"effectivePeriod":{{"start":"2025","end":"2024"}},"valueQuantity":{{"value":1}},"performer":[{{"reference":"#x"}}]}}"##),
        ]);
        let mut bytes = source.into_bytes();
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(record) = Record::parse(bytes, None) {
            let found = check(&record, &Codes::embedded().unwrap(), "2026-03-01").unwrap();
            proptest::prop_assert!(found.is_sorted_by_key(|finding| finding.span.start));
        }
    }
}
