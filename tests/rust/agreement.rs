//! The fictional patient in every format: the Charts say the same, and each difference is listed with its reason.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use chartkeeper::formats::field::{EntryKind, Field};
use chartkeeper::formats::label::Label;
use chartkeeper::formats::table::suggest;
use chartkeeper::record::Entry;
use chartkeeper::{Format, Record};
use chartkeeper_tests::workspace;

/// What is compared of a person: the facts that every format can carry.
#[derive(Debug, PartialEq, Eq)]
struct Person {
    number: String,
    family: String,
    given: String,
    born: String,
    sex: String,
    city: String,
    state: String,
    postal_code: String,
}

fn source(name: &str) -> Vec<u8> {
    std::fs::read(workspace().join("examples/data").join(name)).unwrap()
}

fn fhir() -> Record {
    Record::parse(source("patient.fhir.json"), None).unwrap()
}

fn hl7v2() -> Record {
    Record::parse(source("patient.hl7"), None).unwrap()
}

/// A table of the patient, with the map that its names suggest.
fn table(name: &str, entry: EntryKind) -> Record {
    let source = source(name);
    let mut map = suggest(&source, Format::Csv).unwrap();
    map.entry = entry.as_str().to_owned();
    Record::parse_table(source, &map).unwrap()
}

fn text(entry: &Entry<'_>, field: Field) -> String {
    entry.text(field).unwrap_or_default().into_owned()
}

/// A date in the form of ISO 8601, without seconds and zone: a table states neither.
fn minute(record: &Record, entry: &Entry<'_>, fields: &[Field]) -> String {
    let date = fields.iter().find_map(|field| entry.all(*field).find_map(|node| record.iso_date(node)));
    let date = date.unwrap_or_default();
    date.get(..16).unwrap_or(&date).to_owned()
}

/// The person of an entry: of the patient's own, or of a row that repeats the patient.
fn person(record: &Record, entry: &Entry<'_>) -> Person {
    let number = entry
        .all(Field::IdentifierValue)
        .find(|node| record.tree().node(*node).label() == Label::MedicalRecord);
    let sex = text(entry, Field::Sex);
    Person {
        number: number.and_then(|node| record.text(node)).unwrap_or_default().into_owned(),
        family: text(entry, Field::NameFamily),
        given: text(entry, Field::NameGiven),
        born: minute(record, entry, &[Field::BirthDate]),
        // FHIR writes a word, the others the code of HL7 table 0001.
        sex: sex.get(..1).unwrap_or_default().to_uppercase(),
        city: text(entry, Field::AddressCity),
        state: text(entry, Field::AddressState),
        postal_code: text(entry, Field::AddressPostalCode),
    }
}

/// The codes of entries of a kind in one code system.
fn codes(record: &Record, kind: EntryKind, system: &str) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for (at, entry) in record.chart().of(kind).enumerate() {
        for coding in entry.codings().filter(|coding| coding.field == Field::Code) {
            let Some(code) = coding.code else { continue };
            if record.system_of(&record.coding_parts(code)).as_deref() == Some(system) {
                out.push((record.text(code).unwrap().into_owned(), at));
            }
        }
    }
    out
}

/// Diagnoses: their ICD-10-CM codes, each as often as it stands.
fn diagnoses(record: &Record) -> Vec<String> {
    let mut all: Vec<String> = codes(record, EntryKind::Condition, "http://hl7.org/fhir/sid/icd-10-cm")
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    all.sort();
    all
}

/// Encounters: when each began and ended.
fn encounters(record: &Record, kind: EntryKind) -> BTreeSet<(String, String)> {
    let of =
        |entry: Entry<'_>| (minute(record, &entry, &[Field::Start]), minute(record, &entry, &[Field::End]));
    record.chart().of(kind).map(of).collect()
}

/// Measured results: LOINC code, number as it was written, code of the unit, when.
fn results(record: &Record) -> BTreeSet<(String, String, String, String)> {
    let entries: Vec<Entry<'_>> = record.chart().of(EntryKind::Result).collect();
    let mut out = BTreeSet::new();
    for (code, at) in codes(record, EntryKind::Result, "http://loinc.org") {
        let entry = &entries[at];
        let number = text(entry, Field::ValueNumber);
        if number.is_empty() {
            continue;
        }
        let unit = entry
            .text(Field::ValueCode)
            .or_else(|| entry.text(Field::ValueUnit))
            .unwrap_or_default()
            .into_owned();
        out.insert((code, number, unit, minute(record, entry, &[Field::Performed])));
    }
    out
}

#[test]
fn the_person_is_the_same() {
    let fhir = fhir();
    let expected = person(&fhir, &fhir.chart().of(EntryKind::Person).next().unwrap());
    assert_eq!((expected.number.as_str(), expected.family.as_str()), ("KP-00417732", "Ostrander"));
    let messages = hl7v2();
    assert_eq!(messages.chart().of(EntryKind::Person).count(), 13, "every message says whose it is");
    for entry in messages.chart().of(EntryKind::Person) {
        assert_eq!(person(&messages, &entry), expected);
    }
    for (name, kind) in
        [("patient.diagnoses.csv", EntryKind::Condition), ("patient.results.csv", EntryKind::Result)]
    {
        let table = table(name, kind);
        for entry in table.chart().entries() {
            assert_eq!(person(&table, &entry), expected, "{name}");
        }
    }
}

#[test]
fn the_encounters_are_the_same() {
    let (fhir, messages) = (fhir(), hl7v2());
    let expected = encounters(&fhir, EntryKind::Encounter);
    assert_eq!(expected.len(), 13);
    assert_eq!(encounters(&messages, EntryKind::Encounter), expected);
    // Difference: a row of the table is a diagnosis, so it has only the encounters in which one was recorded.
    let rows = encounters(&table("patient.diagnoses.csv", EntryKind::Condition), EntryKind::Condition);
    assert!(rows.is_subset(&expected));
    assert_eq!(rows.len(), 7);
}

#[test]
fn the_diagnoses_are_the_same() {
    let expected = diagnoses(&fhir());
    assert_eq!(expected.len(), 15);
    assert_eq!(diagnoses(&hl7v2()), expected);
    assert_eq!(diagnoses(&table("patient.diagnoses.csv", EntryKind::Condition)), expected);
    // Difference: FHIR gives some of them a second code, of SNOMED CT; a DG1 and a row have one code.
    assert_eq!(codes(&fhir(), EntryKind::Condition, "http://snomed.info/sct").len(), 8);
    assert!(codes(&hl7v2(), EntryKind::Condition, "http://snomed.info/sct").is_empty());
}

#[test]
fn the_results_are_the_same() {
    let expected = results(&fhir());
    assert_eq!(expected.len(), 12);
    let messages = results(&hl7v2());
    assert!(messages.is_superset(&expected));
    // Difference: the parts of a blood pressure are results of their own in a message.
    let parts: Vec<&str> = messages.difference(&expected).map(|(code, ..)| code.as_str()).collect();
    assert_eq!(parts, ["8462-4", "8462-4", "8480-6", "8480-6"]);
    // Difference: a cell that holds a comparator beside its number is no number.
    let rows = results(&table("patient.results.csv", EntryKind::Result));
    let missing: Vec<_> = expected.difference(&rows).map(|(code, ..)| code.as_str()).collect();
    assert_eq!(missing, ["9318-7"]);
    assert_eq!(
        rows.difference(&expected).map(|(_, number, ..)| number.as_str()).collect::<Vec<_>>(),
        ["<5.00"]
    );
}

fn r5() -> Record {
    Record::parse(source("patient.fhir-r5.json"), None).unwrap()
}

/// RxNorm codes of the prescriptions and of what the patient takes.
fn prescriptions(record: &Record) -> BTreeSet<String> {
    let entries = record.chart().of(EntryKind::Medication);
    let taken = entries
        .filter(|entry| matches!(entry.native_type(), Some("MedicationRequest" | "MedicationStatement")));
    let mut out = BTreeSet::new();
    for entry in taken {
        for code in
            entry.codings().filter(|coding| coding.field == Field::Code).filter_map(|coding| coding.code)
        {
            let system = record.system_of(&record.coding_parts(code));
            if system.as_deref() == Some("http://www.nlm.nih.gov/research/umls/rxnorm") {
                out.insert(record.text(code).unwrap().into_owned());
            }
        }
    }
    out
}

/// How many fields of a kind the entries of a kind have.
fn count(record: &Record, kind: EntryKind, field: Field) -> usize {
    record.chart().of(kind).map(|entry| entry.all(field).count()).sum()
}

#[test]
fn fhir_r5_says_what_r4_says() {
    let (old, new) = (fhir(), r5());
    assert_eq!(new.format(), Format::FhirR5Json);
    // Extensions of others' that no definition explains stand in both; nothing else is strange to R5.
    let strange = new.irregularities().iter().filter(|one| one.code != "unknown_extension");
    let strange: Vec<_> = strange.map(|one| (one.code, new.path(one.node))).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let whose = |record: &Record| person(record, &record.chart().of(EntryKind::Person).next().unwrap());
    assert_eq!(whose(&new), whose(&old));
    assert_eq!(encounters(&new, EntryKind::Encounter), encounters(&old, EntryKind::Encounter));
    assert_eq!(diagnoses(&new), diagnoses(&old));
    let snomed = "http://snomed.info/sct";
    assert_eq!(codes(&new, EntryKind::Condition, snomed), codes(&old, EntryKind::Condition, snomed));
    assert_eq!(results(&new), results(&old));
    assert!(prescriptions(&new).len() >= 5);
    assert_eq!(prescriptions(&new), prescriptions(&old));
    // Difference: R5 has no rank of a diagnosis of an encounter.
    assert!(count(&old, EntryKind::Encounter, Field::DiagnosisRank) > 0);
    assert_eq!(count(&new, EntryKind::Encounter, Field::DiagnosisRank), 0);
    // Difference: the record in R5 is an extract without orders, documents and claims.
    let kinds = |record: &Record| -> BTreeSet<&str> {
        record.chart().entries().map(|entry| entry.kind().as_str()).collect()
    };
    assert!(kinds(&new).is_subset(&kinds(&old)));
    for missing in ["order", "document", "claim"] {
        assert!(kinds(&old).contains(missing) && !kinds(&new).contains(missing));
    }
}
