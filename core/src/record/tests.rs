//! What a record knows of a small Bundle: labels, chart, paths, references, edits.

use super::*;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};

const SOURCE: &str = r##"{"type":"collection","entry":[
 {"fullUrl":"urn:uuid:1","resource":{"id":"p","name":[{"family":"Doe","given":["Jo",null],"_given":[null,{"extension":[{"url":"http://example.org/x","valueString":"y"}]}]}],
  "birthDate":"1950-01-01","telecom":[{"system":"email","value":"a@b.c"}],"contact":[{"name":{"family":"Roe"}}],"resourceType":"Patient",
  "identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"value":"7"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"999-00-0000"}]}},
 {"resource":{"resourceType":"Observation","id":"o","contained":[{"resourceType":"Practitioner","id":"d","name":[{"text":"Dr"}]}],"status":"final",
  "code":{"coding":[{"system":"http://loinc.org","code":"718-7"},{"code":"x"}],"text":"Hb"},"subject":{"reference":"urn:uuid:1"},"performer":[{"reference":"#d"}],
  "valueQuantity":{"value":1.50,"unit":"g","system":"http://unitsofmeasure.org","code":"g"},"favourite":"blue","issued":7}},
 {"resource":{"resourceType":"Spaceship","captain":"Doe"}}],"resourceType":"Bundle"}"##;

fn record() -> Record {
    Record::parse(SOURCE, None).unwrap()
}

fn label(record: &Record, path: &str) -> (Label, Whose) {
    let node = record.tree().node(record.locate(path).unwrap());
    (node.label(), node.whose())
}

#[test]
fn leaves_have_labels() {
    let record = record();
    let patient = "Bundle.entry[0].resource";
    for (path, expected, whose) in [
        ("name[0].family", Label::Name, Whose::Patient),
        ("name[0].given[0]", Label::Name, Whose::Patient),
        ("name[0]._given[1]", Label::Structure, Whose::Patient),
        ("name[0]._given[1].extension[0].valueString", Label::Unrecognised, Whose::Patient),
        ("birthDate", Label::BirthDate, Whose::Patient),
        ("telecom[0].value", Label::Email, Whose::Patient),
        ("contact[0].name.family", Label::Name, Whose::Relative),
        ("identifier[0].value", Label::MedicalRecord, Whose::Patient),
        ("identifier[1].value", Label::SocialSecurity, Whose::Patient),
        ("identifier[1].system", Label::CodeSystem, Whose::Patient),
    ] {
        assert_eq!(label(&record, &format!("{patient}.{path}")), (expected, whose), "{path}");
    }
    let observation = "Bundle.entry[1].resource";
    for (path, expected, whose) in [
        ("resourceType", Label::Technical, Whose::Patient),
        ("contained[0].name[0].text", Label::Name, Whose::Provider),
        ("valueQuantity.value", Label::Value, Whose::Patient),
        ("code.coding[0].code", Label::Code, Whose::Patient),
        ("favourite", Label::Unrecognised, Whose::Patient),
        ("issued", Label::Unrecognised, Whose::Patient),
    ] {
        assert_eq!(label(&record, &format!("{observation}.{path}")), (expected, whose), "{path}");
    }
    assert_eq!(label(&record, "Bundle.entry[2].resource").0, Label::Unrecognised);
    assert_eq!(label(&record, "Bundle.entry[2].resource.captain").0, Label::Unrecognised);
}

#[test]
fn irregularities_have_places() {
    let record = record();
    let mut paths = record.paths();
    let found: Vec<_> = record
        .irregularities()
        .iter()
        .map(|irregularity| (irregularity.code, paths.of(irregularity.node).to_owned()))
        .collect();
    let expected = [
        ("unknown_extension", "Bundle.entry[0].resource.name[0]._given[1].extension[0]"),
        ("unknown_element", "Bundle.entry[1].resource.?"),
        ("wrong_json_type", "Bundle.entry[1].resource.issued"),
        ("unknown_resource_type", "Bundle.entry[2].resource"),
    ];
    assert_eq!(found, expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn the_chart_is_a_view() {
    let record = record();
    let chart = record.chart();
    let kinds: Vec<_> = chart.entries().map(|entry| entry.kind()).collect();
    assert_eq!(
        kinds,
        [
            EntryKind::Bundle,
            EntryKind::Person,
            EntryKind::Result,
            EntryKind::Practitioner,
            EntryKind::Unrecognised
        ]
    );
    let person = chart.of(EntryKind::Person).next().unwrap();
    assert_eq!(person.id().unwrap(), "p");
    assert_eq!(person.native_type(), Some("Patient"));
    assert_eq!(person.text(Field::BirthDate).unwrap(), "1950-01-01");
    assert_eq!(person.all(Field::NameFamily).count(), 1, "a contact's name is not the person's");
    let result = chart.of(EntryKind::Result).next().unwrap();
    assert_eq!(result.first(Field::Issued), None, "what is not recognised is no field");
    assert!(result.all(Field::Name).next().is_none(), "a contained entry's fields are its own");
    let codings: Vec<_> = result
        .codings()
        .map(|coding| {
            let text = |node: Option<_>| node.and_then(|node| record.text(node)).map(String::from);
            (coding.field, text(coding.system), text(coding.code))
        })
        .collect();
    let owned = |text: &str| Some(text.to_owned());
    assert_eq!(
        codings,
        [
            (Field::Code, owned("http://loinc.org"), owned("718-7")),
            (Field::Code, None, owned("x")),
            (Field::Value, owned("http://unitsofmeasure.org"), owned("g")),
        ]
    );
    assert_eq!(result.text(Field::ValueNumber).unwrap(), "1.50");
    assert_eq!(
        chart.holding(record.locate("Bundle.entry[1].resource.contained[0].id").unwrap()).unwrap().kind(),
        EntryKind::Practitioner
    );
    assert_eq!(chart.holding(result.first(Field::Status).unwrap()).unwrap().node(), result.node());
}

#[test]
fn references_lead_to_entries() {
    let record = record();
    let result = record.chart().of(EntryKind::Result).next().unwrap();
    let target = |field| record.resolve(result.first(field).unwrap()).map(|node| record.path(node));
    assert_eq!(target(Field::Subject).unwrap(), "Bundle.entry[0].resource");
    assert_eq!(target(Field::Performer).unwrap(), "Bundle.entry[1].resource.contained[0]");
}

#[test]
fn paths_lead_back() {
    let record = record();
    let mut paths = record.paths();
    for (id, node) in record.tree().iter() {
        let path = paths.of(id).to_owned();
        assert_eq!(path, record.path(id));
        if node.label() != Label::Unrecognised {
            assert_eq!(record.locate(&path).unwrap(), id, "{path}");
        }
    }
}

#[test]
fn what_is_required_is_masked() {
    let record = record();
    let out = |path: &str| {
        let mut edits = record.edits();
        record.withhold(&mut edits, record.locate(path).unwrap());
        let patches = edits.finish(|id| record.emptied(id)).unwrap();
        String::from_utf8(patches.apply(record.source())).unwrap()
    };
    let masked = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}"#;
    assert!(out("Bundle.entry[1].resource.status").contains(&format!(r#""_status":{masked},"#)));
    assert!(out("Bundle.entry[1].resource.code").contains(&format!(r#""code":{masked},"#)));
    assert!(!out("Bundle.entry[1].resource.subject").contains(r#""subject""#));
    assert!(!out("Bundle.entry[1].resource.performer[0]").contains("performer"));
}

#[test]
fn the_root_must_be_a_known_resource() {
    for (source, code, at) in [
        ("[]", "not_a_resource", 0),
        (r#" {"id":"x"}"#, "not_a_resource", 1),
        (r#"{"resourceType":7}"#, "not_a_resource", 16),
        (r#"{"resourceType":"Patient","resourceType":"Group"}"#, "not_a_resource", 41),
        (r#"{"id":"x","resourceType":"patient"}"#, "unknown_resource_type", 25),
    ] {
        let error = Record::parse(source, None).unwrap_err();
        assert_eq!((error.code(), error.span().unwrap().start), (code, at), "{source}");
    }
    assert!(Record::parse(r#"{"\u0072esourceType":"Pati\u0065nt"}"#, None).is_ok());
}

#[test]
fn duplicate_names_are_told() {
    let record = Record::parse(r#"{"resourceType":"Patient","id":"a","\u0069d":"b"}"#, None).unwrap();
    let found: Vec<_> = record.irregularities().iter().map(|one| (one.code, record.path(one.node))).collect();
    assert_eq!(found, [("duplicate_key", "Patient.id".to_owned())]);
}
