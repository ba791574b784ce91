//! Texts of records: cleaned where the policy says so, in every format, in step with the fields of the same patient.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Options, Policy, Vault, deidentify, verify_deidentified};
use crate::record::Record;

const KEY: &[u8] = b"an example key of thirty-two bytes and some";

fn cleaned(source: &str, policy: &str) -> String {
    let record = Record::parse(source, None).unwrap();
    let policy = Policy::named(policy).unwrap();
    let vault = Vault::from_seed([1; 32]);
    let key = policy.needs_key().then_some(KEY);
    let options = Options {
        vault: Some(&vault),
        key,
        as_of: Some("2025-06-01".parse().unwrap()),
        ..Options::default()
    };
    let output = deidentify(&record, &policy, &options).unwrap().output;
    let again = Record::parse(output.clone(), None).unwrap();
    let verified = verify_deidentified(&record, &again, &policy).unwrap();
    let output = String::from_utf8(output).unwrap();
    assert_eq!(verified.findings, [], "{output}");
    output
}

fn bundle() -> Value {
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "a", "birthDate": "1980-05-03", "gender": "female",
            "identifier": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]},
                "value": "M-7700123"}],
            "name": [{"family": "Brook", "given": ["Carmen"]}],
            "telecom": [{"system": "phone", "value": "(617) 867-5309"}],
            "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>Carmen</b> Brook &amp; son</p></div>"}}},
        {"resource": {"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/a"},
            "code": {"text": "note"}, "effectiveDateTime": "2024-03-14",
            "note": [{"text": "carmen, seen 3/14/2024 by Dr. Okonkwo, lives by the brook. Follow up March 28. Call 617.867.5309, MRN m7700123."}],
            "valueString": "BP 120/80; okonkwo to review Crohn's disease."}}]})
}

#[test]
fn texts_go_whole_unless_the_policy_says_otherwise() {
    let whole = cleaned(&bundle().to_string(), "hipaa-safe-harbor");
    assert!(!whole.contains("seen") && !whole.contains("Crohn") && !whole.contains("amp;"), "{whole}");
}

#[test]
fn texts_of_fhir_are_cleaned_with_the_facts_of_the_record() {
    let out = cleaned(&bundle().to_string(), "hipaa-safe-harbor-text");
    for kept in [
        "[NAME], seen 2024 by Dr. [NAME], lives by the [NAME]. Follow up [DATE]. Call [PHONE], MRN [MEDICAL_RECORD_NUMBER].",
        "BP 120/80; [NAME] to review Crohn's disease.",
        "<p><b>[NAME]</b> &amp; son</p>",
    ] {
        assert!(out.contains(kept), "{kept} in {out}");
    }
}

#[test]
fn texts_move_with_the_fields_of_the_patient() {
    let policy = r#"{"name": "text", "extends": "research-shifted", "labels": {
        "narrative": "clean_text", "free_text": "clean_text", "name": "surrogate", "phone": "surrogate"}}"#;
    let out: Value = serde_json::from_str(&cleaned(&bundle().to_string(), policy)).unwrap();
    let person = &out["entry"][0]["resource"];
    let family = person["name"][0]["family"].as_str().unwrap();
    let given = person["name"][0]["given"][0].as_str().unwrap();
    let phone = person["telecom"][0]["value"].as_str().unwrap();
    let seen: jiff::civil::Date =
        out["entry"][1]["resource"]["effectiveDateTime"].as_str().unwrap().parse().unwrap();
    let note = out["entry"][1]["resource"]["note"][0]["text"].as_str().unwrap();
    let written = format!("{}/{}/{}", seen.month(), seen.day(), seen.year());
    assert!(note.starts_with(&format!("{}, seen {written} by Dr. ", given.to_lowercase())), "{note}");
    assert!(note.contains(&format!("lives by the {}.", family.to_lowercase())), "{note}");
    assert!(note.contains(&phone[phone.len() - 7..]), "{phone} in {note}");
    let later = seen + jiff::Span::new().days(14);
    assert!(note.contains(&format!("Follow up {} {}.", later.strftime("%B"), later.day())), "{note}");
    let name = note.split("Dr. ").nth(1).unwrap().split(',').next().unwrap();
    let value = out["entry"][1]["resource"]["valueString"].as_str().unwrap();
    assert!(value.contains(&name.to_lowercase()), "{name}: {value}");
}

#[test]
fn notes_and_observations_of_version_2_are_cleaned() {
    let source = "MSH|^~\\&|LAB|GENERAL|EHR|CLINIC|20240314103000||ORU^R01|77120|P|2.5.1\r\
        PID|1||00482913^^^GENERAL^MR||Brook^Carmen||19800503|F\r\
        OBR|1|||11506-3^Progress note^LN\r\
        NTE|1||Seen by Dr. Weinstein\\.br\\with Carmen \\T\\ family on 3/14/2024.\r\
        OBX|1|TX|11506-3^Progress note^LN||Mrs. Brook, MRN 00482913, lungs clear.||||||F\r\
        OBX|2|FT|11506-3^Progress note^LN||weinstein will call 617-867-5309.\\.br\\BP 120/80||||||F\r";
    let out = cleaned(source, "hipaa-safe-harbor-text");
    for kept in [
        "Seen by Dr. [NAME]\\.br\\with [NAME] \\T\\ family on 2024.",
        "|Mrs. [NAME], MRN [MEDICAL_RECORD_NUMBER], lungs clear.|",
        "|[NAME] will call [PHONE].\\.br\\BP 120/80|",
    ] {
        assert!(out.contains(kept), "{kept} in {out}");
    }
}

#[test]
fn blocks_of_a_document_are_cleaned() {
    let source =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/patient.ccda.xml"))
            .unwrap();
    let record = Record::parse(source.clone(), None).unwrap();
    let count = |record: &Record| {
        record
            .tree()
            .iter()
            .filter(|(_, node)| node.label() == crate::formats::label::Label::Narrative)
            .count()
    };
    let out = cleaned(&source, "hipaa-safe-harbor-text");
    let whole = cleaned(&source, "hipaa-safe-harbor");
    let kept = count(&Record::parse(out.clone(), None).unwrap());
    assert!(kept > count(&Record::parse(whole, None).unwrap()) && kept <= count(&record), "{out}");
}

proptest! {
    #![proptest_config(crate::text::cases(64))]

    /// Whatever a text says around them, the record's own names and numbers are not in what stays.
    #[test]
    fn no_own_word_is_left(
        before in "[a-zA-Z ,.;<>&'{}\\\\-]{0,24}",
        after in "[a-zA-Z ,.;<>&'{}\\\\-]{0,24}",
        family in "[A-Z][a-z]{2,7}",
        case in 0..3_u8,
        marked in proptest::bool::ANY,
    ) {
        // A title that many share tells nobody.
        prop_assume!(!super::words::is_shared(&family.to_lowercase()));
        let value = match case { 0 => family.clone(), 1 => family.to_lowercase(), _ => family.to_uppercase() };
        let mark = if marked { "<p>" } else { "" };
        let source = json!({"resourceType": "Patient", "id": "a", "name": [{"family": family}],
            "text": {"status": "generated", "div": format!("<div>{before} {value} {after}</div>")},
            "contact": [{"relationship": [{"text": format!("{mark}{before} {value} {after}")}]}]});
        let out: Value = serde_json::from_str(&cleaned(&source.to_string(), "hipaa-safe-harbor-text")).unwrap();
        let text = out["text"]["div"].as_str().unwrap_or_default().to_lowercase();
        let left = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == family.to_lowercase());
        prop_assert!(!left || ["div", "name", "date", "city"].contains(&family.to_lowercase().as_str()), "{text}");
    }
}
