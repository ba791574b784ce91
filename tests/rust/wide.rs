//! Sources that are as wide as one may be and that every verb still passes through: rows of a million columns, segments
//! of a hundred thousand fields, lists of as many elements. Whatever read them once for every part would take hours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chartkeeper::engine::DeidentifyOptions;
use chartkeeper::formats::table::suggest;
use chartkeeper::formats::tree::Kind;
use chartkeeper::{Chartkeeper, Format, Record};

/// Takes a record through the verbs, and edits its last leaf.
fn pass(record: &Record) {
    let entries = record.chart_entries();
    let parts = record.uncharted();
    assert!(!entries.is_empty() && !parts.is_empty());
    let keeper = Chartkeeper::new().unwrap();
    let findings = keeper.check(record, "2026-01-01").unwrap();
    assert!(findings.iter().all(|finding| finding.span.end <= record.source().len()));
    let (last, _) = record.tree().iter().filter(|(_, node)| node.kind() == Kind::Text).last().unwrap();
    let path = record.path(last);
    if !path.contains('?') {
        let changed = record.with_replaced(&path, "changed").unwrap();
        assert_eq!(changed.text(changed.locate(&path).unwrap()).as_deref(), Some("changed"));
    }
    let options = DeidentifyOptions { as_of: Some("2026-01-01"), ..DeidentifyOptions::default() };
    let done = keeper.deidentify(record, "hipaa-safe-harbor", &options).unwrap();
    assert_ne!(done.output, record.source());
}

#[test]
fn a_table_of_a_million_columns() {
    const WIDTH: usize = 1_000_000;
    let names: Vec<String> = (0..WIDTH).map(|at| format!("c{at}")).collect();
    let source = format!(
        "mrn,dob,{}\n7,1967-03-14,{}\n8,1968-03-14{}x\n",
        names.join(","),
        vec!["7"; WIDTH].join(","),
        ",".repeat(WIDTH)
    );
    let map = suggest(source.as_bytes(), Format::Csv).unwrap();
    let record = Record::parse_table(source, &map).unwrap();
    assert_eq!(record.chart().entries().count(), 2);
    pass(&record);
}

#[test]
fn rows_of_many_keys() {
    let keys: Vec<String> = (0..50_000).map(|at| format!("\"c{at}\":\"7\"")).collect();
    let source = format!("{{\"mrn\":\"7\",{}}}\n{{\"mrn\":\"8\"}}\n", keys.join(","));
    let map = suggest(source.as_bytes(), Format::NdjsonTable).unwrap();
    pass(&Record::parse_table(source, &map).unwrap());
}

#[test]
fn messages_of_wide_segments() {
    const WIDTH: usize = 100_000;
    let begin = "MSH|^~\\&|A|B||||||ADT^A01|1|P|2.5\r";
    for wide in [
        format!("PID|1||7{}\r", "|7".repeat(WIDTH)),
        format!("PID|1||{}9^^^A^MR\r", "7^^^A^MR~".repeat(WIDTH)),
        format!("PID|1||7||{}9\r", "x^".repeat(WIDTH)),
        format!("PID|1||7||{}9\r", "x&".repeat(WIDTH)),
        format!("PID|1||7\r{}", "OBX|1|NM|2823-3^K^LN||7.4|mmol/L\r".repeat(WIDTH / 4)),
        format!("PID|1||7\rOBX|1|NM|2823-3^K^LN||{}9|mmol/L\r", "100~".repeat(WIDTH)),
        format!("PID|1||7\r{}", "ZXX|a\rNTE|1||seen by Dr. Doe\r".repeat(WIDTH / 10)),
    ] {
        pass(&Record::parse(format!("{begin}{wide}"), None).unwrap());
    }
}

#[test]
fn resources_of_long_lists() {
    const WIDTH: usize = 50_000;
    for wide in [
        format!("\"name\":[{}{{\"family\":\"Roe\"}}]", "{\"given\":[\"Jo\",\"Al\"]},".repeat(WIDTH)),
        format!("\"starSign\":[{}7]", "\"cat\",".repeat(WIDTH)),
        (0..WIDTH).map(|at| format!("\"sign{at}\":\"cat\"")).collect::<Vec<_>>().join(","),
    ] {
        let source = format!(r#"{{"resourceType":"Patient","multipleBirthInteger":2,{wide}}}"#);
        pass(&Record::parse(source, None).unwrap());
    }
}

#[test]
fn documents_of_long_sections() {
    const WIDTH: usize = 20_000;
    let text = "<paragraph>Seen by Dr. Doe<br/>at home</paragraph>".repeat(WIDTH);
    let source = format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id root="1.2" extension="7"/></patientRole></recordTarget>
<component><structuredBody><component><section><code code="10164-2" codeSystem="2.16.840.1.113883.6.1"/><text>{text}</text></section></component></structuredBody></component></ClinicalDocument>"#
    );
    pass(&Record::parse(source, None).unwrap());
}
