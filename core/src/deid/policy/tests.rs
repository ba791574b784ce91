//! Policies read, extended, refused, and held against what they call themselves.

use super::*;

/// A block of the guide after its mark: from one fence to the next.
fn block<'g>(guide: &'g str, mark: &str) -> (&'g str, &'g str) {
    let after = guide.split_once(&format!("<!-- policy: {mark} -->")).unwrap().1;
    let (block, rest) = after.split_once("```json").unwrap().1.split_once("```").unwrap();
    (block, rest.split("\n\n").next().unwrap())
}

#[test]
fn the_examples_of_the_guide_do_what_it_says() {
    use crate::deid::{Options, deidentify};
    use crate::record::Record;
    let guide = include_str!("../../../../docs/guide/deidentification.md");
    let source = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"a",
        "identifier":[{"system":"http://hospital.example/mrn","value":"M-0012345"}],"name":[{"family":"Quackenbush"}],
        "birthDate":"1980-05-03","telecom":[{"system":"phone","value":"(617) 867-5309"},{"system":"email","value":"jo@quack.example"}],
        "address":[{"line":["17 Thistledown Lane"],"city":"Boston","state":"MA","postalCode":"02139"}]}},
        {"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/a"},
        "effectiveDateTime":"2020-01-15","valueQuantity":{"value":81.4,"unit":"kg"}}},
        {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/a"},"onsetAge":{"value":44,"unit":"a"}}}]}"#;
    let record = Record::parse(source, None).unwrap();
    for mark in ["harbor", "registry", "test"] {
        let (text, rows) = block(guide, mark);
        let policy = Policy::named(text).unwrap();
        let options = Options {
            as_of: Some("2025-06-01".parse().unwrap()),
            key: policy.needs_key().then_some(&[7; 32]),
            ..Options::default()
        };
        let out = String::from_utf8(deidentify(&record, &policy, &options).unwrap().output).unwrap();
        let mut seen = 0;
        for row in rows.lines().filter(|row| row.starts_with('|')).skip(2) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert!(source.contains(cells[0]) && !out.contains(cells[0]), "{mark}: {} in {out}", cells[0]);
            assert!(out.contains(cells[1]), "{mark}: {} not in {out}", cells[1]);
            seen += 1;
        }
        assert!(seen > 3, "{mark}");
    }
}

fn error(text: &str) -> Error {
    Policy::named(text).unwrap_err()
}

#[test]
fn every_embedded_policy_reads_and_names_itself() {
    for name in Policy::names() {
        assert_eq!(Policy::named(name).unwrap().info().name, name);
    }
    let error = error("none");
    assert_eq!(error.code(), "unknown_policy");
    assert!(error.to_string().contains("known: hipaa-safe-harbor, hipaa-limited-data-set"), "{error}");
    for name in ["research-shifted", "hipaa-limited-data-set", "gdpr-pseudonymised"] {
        assert!(Policy::named(name).unwrap().info().notice.is_some(), "{name} says what it is not");
    }
}

#[test]
fn safe_harbor_names_every_label_and_keeps_no_direct_identifier() {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let kept = [
        Label::Technical,
        Label::State,
        Label::Country,
        Label::Time,
        Label::Age,
        Label::Code,
        Label::CodeSystem,
        Label::CodeText,
        Label::Value,
        Label::Unit,
    ];
    let reduced = [Label::PostalCode, Label::Date, Label::BirthDate, Label::DeathDate];
    let replaced = [Label::ResourceId, Label::Reference];
    for label in Label::ALL {
        let treatment = policy.clause(*label).treatment;
        let expected = kept.contains(label) || reduced.contains(label) || replaced.contains(label);
        assert_eq!(treatment != Treatment::Remove, expected, "{}", label.as_str());
    }
}

#[test]
fn no_policy_keeps_a_direct_identifier_as_it_is() {
    let direct = [
        Label::Name,
        Label::Street,
        Label::AddressText,
        Label::Phone,
        Label::Fax,
        Label::Email,
        Label::Telecom,
        Label::SocialSecurity,
        Label::MedicalRecord,
        Label::HealthPlan,
        Label::Account,
        Label::Identifier,
        Label::Photo,
        Label::Biometric,
        Label::Url,
        Label::IpAddress,
        Label::Unrecognised,
        Label::FreeText,
    ];
    for name in Policy::names() {
        let policy = Policy::named(name).unwrap();
        for label in direct {
            for whose in Whose::ALL {
                assert_ne!(policy.clause_of(label, *whose).treatment, Treatment::KeepAll, "{name}");
            }
        }
    }
}

#[test]
fn a_label_that_a_policy_does_not_name_is_removed() {
    let policy = Policy::named(r#"{"name":"x"}"#).unwrap();
    for label in Label::ALL {
        assert_eq!(policy.clause(*label).treatment, Treatment::Remove);
    }
}

#[test]
fn an_extension_changes_what_it_names() {
    let policy = Policy::named(
        r#"{"name":"x","extends":"hipaa-limited-data-set","conforms_to":"hipaa-limited-data-set",
            "labels":{"name@provider":"keep","city":{"action":"remove","rule":"our board"}}}"#,
    )
    .unwrap();
    assert_eq!(policy.clause_of(Label::Name, Whose::Provider).treatment, Treatment::KeepAll);
    assert_eq!(policy.clause(Label::Name).treatment, Treatment::Remove);
    assert_eq!(policy.rule(policy.clause(Label::City).rule), "our board");
    assert_eq!(policy.clause(Label::State).treatment, Treatment::KeepState);
    // What a base says of itself is not taken over.
    let plain = Policy::named(r#"{"name":"x","extends":"hipaa-safe-harbor"}"#).unwrap();
    assert_eq!(plain.info().conforms_to, None);
}

#[test]
fn a_policy_is_held_against_what_it_calls_itself() {
    let harbor = |labels: &str| {
        error(&format!(
            r#"{{"name":"x","extends":"hipaa-safe-harbor","conforms_to":"hipaa-safe-harbor",{labels}}}"#
        ))
    };
    let keys = r#""keys":{"accepted":true},"#;
    for (labels, place, paragraph) in [
        (r#""labels":{"name":"keep"}"#.to_owned(), "labels.name", "164.514(b)(2)(i)(A)"),
        (r#""labels":{"date":"keep_date"}"#.to_owned(), "labels.date", "164.514(b)(2)(i)(C)"),
        (r#""labels":{"birth_date":"year"}"#.to_owned(), "labels.birth_date", "164.514(b)(2)(i)(C)"),
        (r#""labels":{"postal_code":"keep_zip"}"#.to_owned(), "labels.postal_code", "164.514(b)(2)(i)(B)"),
        (r#""labels":{"email":{"mask":{"last":4}}}"#.to_owned(), "labels.email", "164.514(b)(2)(i)(F)"),
        (r#""labels":{"name@provider":"keep"}"#.to_owned(), "labels.name", "164.514(b)(2)(i)(A)"),
        (r#""ages":{"over":90}"#.to_owned(), "ages.over", "164.514(b)(2)(i)(C)"),
        (r#""ages":null"#.to_owned(), "ages.over", "164.514(b)(2)(i)(C)"),
        (r#""default":"keep""#.to_owned(), "default", "164.514(b)(2)(i)(R)"),
        (format!(r#"{keys}"labels":{{"date":"shift_dates"}}"#), "keys.accepted", "164.514(c)(1)"),
    ] {
        let error = harbor(&labels);
        assert_eq!((error.code(), error.path()), ("policy_nonconforming", Some(place)), "{error}");
        assert!(error.to_string().contains(paragraph), "{error}");
    }
    let error = error(
        r#"{"name":"x","extends":"hipaa-limited-data-set","conforms_to":"hipaa-limited-data-set",
            "labels":{"medical_record_number":"encrypt"}}"#,
    );
    assert!(error.to_string().contains("164.514(e)(2)"), "{error}");
}

#[test]
fn what_conforms_is_admitted() {
    for labels in [
        r#"{"name":"token","email":{"substitute":{"text":"[email]"}},"phone":"mask"}"#,
        r#"{"name":{"surrogate":{"from":"vault"}},"age":{"generalise":{"age_band":5}}}"#,
    ] {
        let text = format!(
            r#"{{"name":"x","extends":"hipaa-safe-harbor","conforms_to":"hipaa-safe-harbor","labels":{labels}}}"#
        );
        Policy::named(&text).unwrap();
    }
}

#[test]
fn errors_name_the_rule_that_is_wrong() {
    for (text, place, part) in [
        (r#"{"name":"x","lables":{}}"#, "", "did you mean labels?"),
        (r#"{"name":"x","labels":{"birthdate":"remove"}}"#, "labels", "did you mean birth_date?"),
        (r#"{"name":"x","labels":{"name":"reove"}}"#, "labels.name", "did you mean remove?"),
        (r#"{"name":"x","labels":{"name@nurse":"remove"}}"#, "labels", "unknown owner nurse"),
        (r#"{"name":"x","labels":{"name":"zip3"}}"#, "labels.name", "for postal_code only"),
        (r#"{"name":"x","labels":{"name":[]}}"#, "labels.name", "empty list"),
        (
            r#"{"name":"x","labels":{"name":{"action":"remove","rul":"y"}}}"#,
            "labels.name",
            "did you mean rule?",
        ),
        (
            r#"{"name":"x","keys":{"accepted":true},"labels":{"date":{"shift_dates":{"windows":3}}}}"#,
            "labels.date.shift_dates",
            "did you mean window?",
        ),
        (
            r#"{"name":"x","keys":{"accepted":true},"labels":{"date":{"action":{"shift_dates":{"window":0}}}}}"#,
            "labels.date.action.shift_dates.window",
            "from 1 to 36525",
        ),
        (r#"{"name":"x","labels":{"date":"shift_dates"}}"#, "keys.accepted", "needs a key"),
        (r#"{"name":"x","labels":{"name":{"substitute":{}}}}"#, "labels.name.substitute.text", "a text"),
        (r#"{"name":"x","labels":{"date":"mask"}}"#, "labels.date", "a date takes"),
        (r#"{"name":"x","labels":{"date":{"substitute":{"text":"none"}}}}"#, "labels.date", "a date takes"),
        (r#"{"name":"x","labels":{"reference":"mask"}}"#, "labels.reference", "ids and references"),
        (r#"{"name":"x","zip3":{"census":"1990"}}"#, "zip3.census", "2000, 2020"),
        (r#"{"name":"x","patient":{"by":"name"}}"#, "patient.by", "identifier or entry"),
        (r#"{"name":"x","conforms_to":"gdpr"}"#, "conforms_to", "known: hipaa-limited-data-set"),
        (r#"{"title":"x"}"#, "name", "a name is needed"),
        (r#"{"name":"x""#, "", "not valid JSON at line 1"),
    ] {
        let error = error(text);
        assert_eq!(error.code(), "policy_malformed", "{text}");
        assert_eq!(error.path().unwrap_or_default(), place, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
    assert_eq!(error(r#"{"name":"x","extends":"hippa"}"#).code(), "unknown_policy");
}

#[test]
fn a_record_in_the_place_of_a_policy_is_not_quoted() {
    let error = error(r#"{"resourceType":"Patient","name":[{"family":"Doe"}],"Doe":1}"#);
    assert!(!error.to_string().contains("Doe"), "{error}");
}

#[test]
fn the_policy_of_the_guide_reads() {
    let page = include_str!("../../../../docs/guide/deidentification.md");
    let (_, rest) = page.split_once("```json\n").unwrap();
    let policy = Policy::named(rest.split_once("```").unwrap().0).unwrap();
    assert_eq!(policy.info().domain, "cardiology-registry");
    assert_ne!(policy.clause_of(Label::Name, Whose::Provider), policy.clause(Label::Name));
}
