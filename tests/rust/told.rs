//! What is withheld is told nowhere else: a designated diagnosis or medicine, the header of a document.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashSet;

use chartkeeper::Record;
use chartkeeper::release::{Decision, Law, Request, decide, redact};
use chartkeeper_tests::workspace;
use serde_json::Value;

fn example(name: &str) -> String {
    std::fs::read_to_string(workspace().join("examples/data").join(name)).unwrap()
}

/// A record in which a diagnosis stands as an entry, as the reason of a visit, as a diagnosis of a claim, and in words.
fn told_everywhere() -> Record {
    let concept = r#"{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "E11.9",
        "display": "Type 2 diabetes mellitus without complications"}], "text": "Type 2 diabetes"}"#;
    let about = r#""subject": {"reference": "Patient/pat-1"}"#;
    let patient = r#""patient": {"reference": "Patient/pat-1"}"#;
    let resources = [
        r#"{"resourceType": "Patient", "id": "pat-1", "birthDate": "1971-04-09",
            "identifier": [{"system": "http://example.org/mrn", "value": "M-100"}]}"#
            .to_owned(),
        format!(r#"{{"resourceType": "Condition", "id": "dm-1", "code": {concept}, {about}}}"#),
        format!(
            r#"{{"resourceType": "Encounter", "id": "enc-1", "status": "finished", "class": {{"code": "AMB"}}, {about},
                "text": {{"status": "generated", "div": "<div>Visit for diabetes</div>"}},
                "reasonCode": [{concept}, {{"text": "Cough"}}]}}"#
        ),
        format!(
            r#"{{"resourceType": "Claim", "id": "claim-1", "status": "active", "use": "claim", {patient},
                "diagnosis": [{{"sequence": 1, "diagnosisCodeableConcept": {concept}}}]}}"#
        ),
        format!(
            r#"{{"resourceType": "Observation", "id": "lab-1", "status": "final", "code": {{"text": "Sodium"}}, {about},
                "note": [{{"text": "Checked because of type 2 diabetes"}}]}}"#
        ),
    ];
    let entries: Vec<String> = resources.iter().map(|it| format!(r#"{{"resource": {it}}}"#)).collect();
    let bundle =
        format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(","));
    Record::parse(bundle, None).unwrap()
}

#[test]
fn what_a_designation_withholds_is_told_nowhere_else() {
    let record = told_everywhere();
    let decided = |designations: &str| {
        let request = format!(
            r#"{{"on": "2026-03-02", "patient": {{"identifier": {{"value": "M-100"}}}}, "requester": {{"role": "health_plan"}},
                "identity_verified": true, "authority_verified": true, "purpose": "payment",
                "scope": {{"whole_record": true, "justification": "audit"}}, "authority": [], "holder": {{"part2_records": true}},
                "findings": {{"minimum_necessary": true}}, "designations": {designations}}}"#
        );
        decide(&Request::parse(&request).unwrap(), &record, Law::embedded().unwrap()).unwrap()
    };
    let copy = |decision: &Decision| {
        String::from_utf8(redact(&record, decision).unwrap().apply(record.source())).unwrap()
    };
    let decision = decided(r#"[{"kind": "agreed_restriction", "terms": {"entries": ["dm-1"]}}]"#);
    assert_eq!(decision.released(), 4);
    let cut = copy(&decision);
    assert!(!cut.to_lowercase().contains("diabetes") && !cut.contains("E11.9"), "{cut}");
    for stays in ["enc-1", "claim-1", "lab-1", "Cough", "Sodium"] {
        assert!(cut.contains(stays), "{stays}");
    }
    Record::parse(cut, None).unwrap();
    // Who paid for one visit restricts that one; what other entries say is theirs.
    let self_pay = copy(&decided(r#"[{"kind": "self_pay", "terms": {"entries": ["dm-1"]}}]"#));
    assert!(!self_pay.contains("dm-1") && self_pay.contains("diagnosisCodeableConcept"));
    assert_eq!(copy(&decided("[]")).as_bytes(), record.source());
}

/// The document of the fictional patient, with another title, and what a request does with it.
fn document(title: &str, designations: &str) -> (Record, Decision) {
    let source = example("patient.ccda.xml")
        .replace(r#"<confidentialityCode code="R""#, r#"<confidentialityCode code="N""#);
    let (before, rest) = source.split_once("<title>").unwrap();
    let (_, after) = rest.split_once("</title>").unwrap();
    let mut request: Value = serde_json::from_str(&example("attorney-request.json")).unwrap();
    request["patient"] = serde_json::json!({"identifier": {"value": "KP-00417732"}});
    request["designations"] = serde_json::from_str(designations).unwrap();
    let record = Record::parse(format!("{before}<title>{title}</title>{after}"), None).unwrap();
    let decision =
        decide(&Request::parse(&request.to_string()).unwrap(), &record, Law::embedded().unwrap()).unwrap();
    (record, decision)
}

#[test]
fn a_document_goes_without_the_words_of_its_header() {
    let (_, plain) = document("Summary of care", "[]");
    assert!(plain.segments[0].outcome.is_released() && plain.released() > 20);
    let restricted = r#"[{"kind": "contrary_state_law", "terms": {"entries": ["ClinicalDocument"]}}]"#;
    let (record, decision) = document("Summary of a stay in Larkspur House", restricted);
    assert!(!decision.segments[0].outcome.is_released() && decision.segments[0].rule == "H30");
    assert_eq!(
        decision.released() + 1,
        plain.released(),
        "the parts of the document are decided by themselves"
    );
    let copy = String::from_utf8(redact(&record, &decision).unwrap().apply(record.source())).unwrap();
    assert!(!copy.contains("Larkspur House"), "{}", &copy[..3000]);
    for must_stand in
        ["<typeId", "<id nullFlavor=\"MSK\"", "<code nullFlavor=\"MSK\"", "<recordTarget", "<structuredBody"]
    {
        assert!(copy.contains(must_stand), "{must_stand}: {}", &copy[..2000]);
    }
    let again = Record::parse(copy, None).unwrap();
    assert_eq!(again.segments().all().len(), decision.released() + 1);
}

#[test]
fn a_document_of_a_treatment_programme_is_one_whole() {
    let (_, decision) = document("Opioid treatment program, discharge summary", "[]");
    assert_eq!(decision.released(), 0);
    assert!(decision.segments.iter().all(|segment| segment.labels.iter().any(|label| label == "SUD")));
}

#[test]
fn a_medicine_that_a_designation_withholds_is_named_by_no_other_entry() {
    let medicine = r#"{"resourceType": "Medication", "id": "m-1", "code": {"coding": [{
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "197361"}], "text": "Amlodipine 5 MG"}}"#;
    let order = |id: &str| {
        format!(
            r#"{{"resourceType": "MedicationRequest", "id": "{id}", "status": "active", "intent": "order",
                "medicationReference": {{"reference": "Medication/m-1"}}, "subject": {{"reference": "Patient/pat-1"}}}}"#
        )
    };
    let patient = r#"{"resourceType": "Patient", "id": "pat-1", "identifier": [{"value": "M-100"}]}"#;
    let entries: Vec<String> = [patient.to_owned(), medicine.to_owned(), order("mr-1"), order("mr-2")]
        .iter()
        .map(|it| format!(r#"{{"resource": {it}}}"#))
        .collect();
    let bundle =
        format!(r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{}]}}"#, entries.join(","));
    let record = Record::parse(bundle, None).unwrap();
    let request = r#"{"on": "2026-03-02", "patient": {"identifier": {"value": "M-100"}}, "requester": {"role": "health_plan"},
        "identity_verified": true, "authority_verified": true, "purpose": "payment",
        "scope": {"whole_record": true, "justification": "audit"}, "authority": [], "holder": {"part2_records": true},
        "findings": {"minimum_necessary": true},
        "designations": [{"kind": "agreed_restriction", "terms": {"entries": ["mr-1"]}}]}"#;
    let decision = decide(&Request::parse(request).unwrap(), &record, Law::embedded().unwrap()).unwrap();
    let fates: Vec<&str> = decision.segments.iter().map(|segment| segment.rule.as_str()).collect();
    assert_eq!((fates[1], fates[2], fates[3]), ("F06", "H25", "F06"), "{fates:?}");
    let copy = String::from_utf8(redact(&record, &decision).unwrap().apply(record.source())).unwrap();
    assert!(copy.contains("pat-1") && !copy.contains("197361") && !copy.contains("m-1"), "{copy}");
}

/// Each diagnosis, allergy and medicine of the fictional patient in each format is designated in turn; no code, no name
/// of a code and no text of the copy is what it is about.
#[test]
fn each_designated_diagnosis_is_told_nowhere_in_any_format() {
    use chartkeeper::formats::field::{EntryKind, Field};
    use chartkeeper::formats::label::Label;
    for file in ["patient.fhir.json", "patient.ccda.xml", "patient.hl7"] {
        let mut tried = 0;
        let record = Record::parse(example(file), None).unwrap();
        for (at, part) in record.segments().all().iter().enumerate() {
            if !matches!(part.kind, EntryKind::Condition | EntryKind::Allergy | EntryKind::Medication) {
                continue;
            }
            let path = record.path(part.node);
            let request = format!(
                r#"{{"on": "2026-03-02", "patient": {{"identifier": {{"value": "KP-00417732"}}}},
                    "requester": {{"role": "provider", "covered_entity": true}}, "identity_verified": true,
                    "authority_verified": true, "purpose": "treatment", "scope": {{"whole_record": true}},
                    "authority": [], "holder": {{"part2_records": true}}, "claims": {{"medical_emergency": true}},
                    "findings": {{"restricted_content_cleared": true}},
                    "designations": [{{"kind": "contrary_state_law", "terms": {{"entries": ["{path}"]}}}}]}}"#
            );
            let request = Request::parse(&request).unwrap();
            let decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
            let Some(entry) = record.chart().entries().find(|entry| entry.node() == part.node) else {
                continue;
            };
            if decision.released() == 0 {
                continue;
            }
            assert!(!decision.segments[at].outcome.is_released(), "{file} {path}");
            let named =
                |field: Field| matches!(field, Field::CodeCode | Field::CodeDisplay | Field::CodeText);
            let about: HashSet<String> = entry
                .fields()
                .filter(|(field, _)| named(*field))
                .filter_map(|(_, node)| Some(record.text(node)?.trim().to_lowercase()))
                .filter(|name| name.chars().filter(|c| c.is_alphanumeric()).count() >= 3)
                .collect();
            let copy = redact(&record, &decision).unwrap().apply(record.source());
            let copy = Record::parse(copy, Some(record.format())).unwrap();
            for (id, node) in copy.tree().iter() {
                let told = matches!(node.label(), Label::Code | Label::CodeText | Label::FreeText)
                    .then(|| copy.text(id))
                    .flatten();
                let told = told.is_some_and(|text| about.contains(&text.trim().to_lowercase()));
                assert!(!told, "{file} {path} is told at {}", copy.path(id));
            }
            tried += usize::from(!about.is_empty());
        }
        assert!(tried > 10, "{file}: {tried}");
    }
}
