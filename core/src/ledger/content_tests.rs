//! What entries tell and to whom: sealed content, summarised accountings, the export of audit events.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::formats::label::Label;
use crate::record::Record;

const KEY: [u8; 32] = [11; 32];

fn disclosure(patient: &str, date: &str) -> Disclosure {
    Disclosure {
        patient: patient.to_owned(),
        recipient: Recipient {
            name: "County Registry".to_owned(),
            address: Some("1 Main Street".to_owned()),
        },
        date: date.to_owned(),
        description: "immunization 3".to_owned(),
        purpose: "public_health".to_owned(),
        outcome: "release_partial".to_owned(),
        accounting_required: true,
        suspended_until: None,
        request_sha256: Hash::of(b"request"),
        record_sha256: Hash::of(b"record"),
        decision_sha256: Hash::of(b"decision"),
        output_sha256: Some(Hash::of(b"copy")),
        law_packs: vec![LawPack { name: "hipaa-privacy".to_owned(), sha256: Hash::of(b"pack") }],
    }
}

fn ledger(key: Option<&[u8; 32]>) -> (tempfile::TempDir, PathBuf, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let ledger = Ledger::open(&path, key).unwrap();
    (folder, path, ledger)
}

fn code<T: std::fmt::Debug>(result: crate::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

/// What an entry tells, in the words of [`disclosure`].
const TOLD: [&str; 7] = [
    "mrn-secret-777",
    "Registry",
    "Main Street",
    "immunization",
    "public_health",
    "release_partial",
    "2025-01-31",
];

#[test]
fn no_file_receipt_or_debug_text_tells_without_the_key() {
    let (_folder, path, ledger) = ledger(Some(&KEY));
    let told = Disclosure {
        suspended_until: Some("2025-02-20".into()),
        ..disclosure("mrn-secret-777", "2025-01-31")
    };
    let receipt = ledger.append(&told).unwrap();
    let debug =
        format!("{told:?} {ledger:?} {receipt:?} {:?}", ledger.accounting("mrn-secret-777", "2025-03-01"));
    let mut texts = vec![debug.into_bytes(), serde_json::to_vec(&receipt).unwrap()];
    for file in fs::read_dir(&path).unwrap() {
        texts.push(fs::read(file.unwrap().path()).unwrap());
    }
    for word in TOLD.iter().chain(&["suspended", "2025-02-20", "accounting_required"]) {
        let found = |text: &Vec<u8>| text.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!texts.iter().any(found), "{word}");
    }
    assert_eq!(ledger.accounting("mrn-secret-777", "2025-03-01").unwrap()[0].recipient, "County Registry");
    let entry = receipt.entry.unwrap();
    assert!(entry.contains(&Hash::of(b"decision").to_string()) && entry.contains("hipaa-privacy"));
}

#[test]
fn the_wrong_key_reads_nothing() {
    let (_folder, path, writer) = ledger(Some(&KEY));
    writer.append(&disclosure("p", "2025-01-31")).unwrap();
    drop(writer);
    assert_eq!(code(Ledger::open(&path, Some(&[12; 32]))), "ledger_key");
    assert_eq!(code(Ledger::open_reading(&path, Some(&[12; 32]))), "ledger_key");
    let auditor = Ledger::open_reading(&path, None).unwrap();
    auditor.verify().unwrap();
    assert_eq!(code(auditor.accounting("p", "2025-06-01")), "ledger_key");
    let request =
        AuditRequest { recorded: RECORDED.into(), source: "Clinic".into(), ..AuditRequest::default() };
    assert_eq!(code(auditor.export_audit(&request)), "ledger_key");
}

#[test]
fn a_seal_of_another_entry_is_damage() {
    let keys = super::keys::Keys::writing(Some(&KEY)).unwrap();
    let entry = |patient: &str| {
        let bytes = super::entry::Entry::encode(&disclosure(patient, "2025-01-31"), &keys).unwrap();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let (mut one, other) = (entry("p"), entry("q"));
    let read = |value: &Value| {
        super::entry::Entry::decode(&serde_json::to_vec(value).unwrap()).unwrap().content(&keys).map(|_| ())
    };
    read(&one).unwrap();
    one["sealed"] = other["sealed"].clone();
    assert_eq!(code(read(&one)), "ledger_damaged");
    // In the ledger of a key an entry in the clear was put there by somebody else.
    let clear = super::keys::Keys::writing(None).unwrap();
    let bytes = super::entry::Entry::encode(&disclosure("p", "2025-01-31"), &clear).unwrap();
    assert_eq!(code(read(&serde_json::from_slice(&bytes).unwrap())), "ledger_damaged");
}

#[test]
fn an_accounting_of_fewer_years_and_in_sum() {
    let (_folder, _path, ledger) = ledger(Some(&KEY));
    for date in ["2024-02-01", "2023-12-01", "2024-05-01", "2020-01-01"] {
        ledger.append(&disclosure("p", date)).unwrap();
    }
    ledger.append(&Disclosure { purpose: "oversight".into(), ..disclosure("p", "2024-03-01") }).unwrap();
    ledger.append(&Disclosure { accounting_required: false, ..disclosure("p", "2024-06-01") }).unwrap();
    ledger.append(&disclosure("q", "2024-07-01")).unwrap();
    let of = |years, summarise| {
        let request = AccountingRequest { patient: "p".into(), as_of: "2025-01-31".into(), years, summarise };
        ledger.accounting_of(&request)
    };
    let rows = |shown: Vec<AccountingEntry>| {
        let row = |one: AccountingEntry| (one.index, one.date, one.disclosures, one.last_date);
        shown.into_iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(of(None, false).unwrap(), ledger.accounting("p", "2025-01-31").unwrap());
    assert_eq!(of(None, false).unwrap().len(), 5);
    assert_eq!(of(Some(3), false).unwrap().len(), 4);
    assert_eq!(
        rows(of(Some(3), true).unwrap()),
        [
            (1, "2023-12-01".to_owned(), 3, Some("2024-05-01".to_owned())),
            (4, "2024-03-01".to_owned(), 1, None),
        ]
    );
    assert_eq!(
        rows(of(None, true).unwrap())[0],
        (3, "2020-01-01".to_owned(), 4, Some("2024-05-01".to_owned()))
    );
    for years in [0, 7] {
        assert_eq!(of(Some(years), false).unwrap_err().path(), Some("years"));
    }
}

const RECORDED: &str = "2025-06-30T12:00:00Z";

fn export(ledger: &Ledger, request: &AuditRequest) -> Vec<Value> {
    let text = ledger.export_audit(request).unwrap();
    let record = Record::parse(text.clone(), None).unwrap();
    let strange = record.tree().iter().filter(|(_, node)| node.label() == Label::Unrecognised).count();
    assert_eq!(strange, 0, "every element is one of FHIR R4");
    let bundle: Value = serde_json::from_str(&text).unwrap();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.into_iter().map(|entry| entry["resource"].clone()).collect()
}

/// What *Privacy Disclosure at Source* of IHE BALP asks for, element by element.
fn assert_is_privacy_disclosure_at_source(event: &Value) {
    assert_eq!(event["type"]["code"], "110106");
    assert_eq!(event["action"], "R");
    assert_eq!(event["subtype"][0]["code"], "disclose");
    assert!(event["recorded"].is_string() && event["outcome"] == "0");
    let agents = event["agent"].as_array().unwrap();
    let of = |code: &str| {
        let mut all = agents.iter().filter(|agent| agent["type"]["coding"][0]["code"] == code);
        let one = all.next().unwrap();
        assert!(all.next().is_none());
        one
    };
    let (source, recipient) = (of("110153"), of("110152"));
    assert_eq!(source["who"], event["source"]["observer"], "val-audit-source");
    for agent in [source, recipient] {
        assert!(agent["who"].is_object() && agent["network"].is_object() && agent["requestor"].is_boolean());
    }
    let entities = event["entity"].as_array().unwrap();
    assert!(entities.len() >= 2);
    let patients: Vec<_> = entities.iter().filter(|entity| entity["type"]["code"] == "1").collect();
    assert_eq!(patients.len(), 1);
    assert_eq!(patients[0]["role"]["code"], "1");
    assert_eq!(patients[0]["what"]["type"], "Patient");
}

#[test]
fn entries_export_as_audit_events_and_provenances() {
    let (_folder, _path, ledger) = ledger(Some(&KEY));
    ledger.append(&disclosure("mrn-1", "2025-01-31")).unwrap();
    ledger.append(&disclosure("mrn-2", "2025-02-01T10:30:00-05:00")).unwrap();
    ledger
        .append(&Disclosure {
            outcome: REIDENTIFIED.into(),
            purpose: "incidental finding".into(),
            accounting_required: false,
            output_sha256: None,
            law_packs: Vec::new(),
            ..disclosure("mrn-1", "2025-03-01")
        })
        .unwrap();
    let all = AuditRequest {
        recorded: RECORDED.into(),
        source: "Riverside Clinic".into(),
        ..AuditRequest::default()
    };
    let resources = export(&ledger, &all);
    let kinds: Vec<_> = resources.iter().map(|one| one["resourceType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["AuditEvent", "Provenance", "AuditEvent", "Provenance", "AuditEvent"]);
    assert_is_privacy_disclosure_at_source(&resources[0]);
    assert_is_privacy_disclosure_at_source(&resources[2]);
    assert_eq!(resources[0]["recorded"], RECORDED);
    assert_eq!(resources[0]["period"]["start"], "2025-01-31");
    assert_eq!(resources[2]["recorded"], "2025-02-01T10:30:00-05:00");
    assert_eq!(resources[0]["purposeOfEvent"][0]["coding"][0]["code"], "PUBHLTH");
    let name = &resources[0]["entity"][1]["what"]["identifier"]["value"];
    assert_eq!(resources[1]["target"][0]["identifier"]["value"], *name);
    assert!(name.as_str().unwrap().starts_with("ni:///sha-256;"));
    // A look-up is no disclosure.
    assert_eq!(resources[4]["type"]["code"], "110110");
    assert!(resources[4].get("meta").is_none() && resources[4].get("subtype").is_none());
    // Of all patients nobody is named.
    let text = serde_json::to_string(&resources).unwrap();
    assert!(!text.contains("mrn-"));
    assert_eq!(export(&ledger, &all), resources, "the same entries, the same bytes");
    let one = AuditRequest { patient: Some("mrn-1".into()), ..all.clone() };
    let of_one = export(&ledger, &one);
    assert_eq!(of_one.len(), 3);
    assert!(of_one[0]["entity"][0]["what"]["identifier"]["value"] == "mrn-1");
    assert_eq!(of_one[0]["id"], resources[0]["id"]);
    let some = AuditRequest { first_index: Some(1), limit: Some(1), ..all.clone() };
    assert_eq!(export(&ledger, &some), resources[2..4]);
    let none = AuditRequest { patient: Some("mrn-3".into()), ..all.clone() };
    assert!(export(&ledger, &none).is_empty());
    for bad in ["2025-06-30", "2025-06-30T12:00:00", "now", ""] {
        let error = ledger.export_audit(&AuditRequest { recorded: bad.into(), ..all.clone() }).unwrap_err();
        assert_eq!((error.code(), error.path()), ("invalid_date", Some("recorded")));
    }
    let error = ledger.export_audit(&AuditRequest { source: " ".into(), ..all }).unwrap_err();
    assert_eq!(error.path(), Some("source"));
}
