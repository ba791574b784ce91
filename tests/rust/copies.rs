//! Copies of real records in every format, with parts withheld at random: nothing of those parts is left, and the copy
//! is a record again. Records beside the checkout are skipped, saying so, where they are absent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeSet, HashSet};

use chartkeeper::formats::field::{EntryKind, Field};
use chartkeeper::formats::label::Label;
use chartkeeper::formats::tree::{Kind, NodeId};
use chartkeeper::release::{Decision, Law, Request, SegmentOutcome, decide, redact};
use chartkeeper::{Format, Record};
use chartkeeper_tests::{archive, lines, series, workspace};

/// A decision on a record in which one part of so many is withheld, and all others go. The first, which is the header
/// of a document, goes but with the last of the seeds.
fn some_withheld(record: &Record, one_of: usize, seed: u64) -> Decision {
    let framed = record.segments().all().len() > 1 && record.segments().all()[0].is_frame();
    let request = Request::parse(r#"{"on": "2026-03-02"}"#).unwrap();
    let mut decision = decide(&request, record, Law::embedded().unwrap()).unwrap();
    let mut pick = series(seed);
    for (at, segment) in decision.segments.iter_mut().enumerate() {
        let goes = if at == 0 { !framed || seed != 4 } else { pick(one_of) > 0 };
        segment.outcome = if goes { SegmentOutcome::Release } else { SegmentOutcome::Withhold };
        segment.narrative_cut = false;
    }
    decision
}

/// Which parts stay: what goes with a part that goes does too.
fn stays(record: &Record, decision: &Decision) -> Vec<bool> {
    let parts = record.segments();
    let stays = |mut at: usize| loop {
        if !decision.segments[at].outcome.is_released() {
            break false;
        }
        match parts.all()[at].goes_with {
            Some(outer) if !parts.all()[outer].is_frame() => at = outer,
            _ => break true,
        }
    };
    (0..parts.all().len()).map(stays).collect()
}

/// The leaves of a record that carry content, with their texts.
fn content(record: &Record) -> impl Iterator<Item = (NodeId, Label, String)> {
    record.tree().iter().filter_map(|(id, node)| {
        let told =
            matches!(node.label(), Label::Code | Label::CodeText | Label::FreeText | Label::Attachment);
        (told && node.kind() == Kind::Text)
            .then(|| (id, node.label(), record.text(id).unwrap_or_default().trim().to_owned()))
    })
}

/// Whether a text is long enough to tell something.
fn tells(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() >= 5
}

/// What is found of a withheld part in a copy.
fn traces(record: &Record, decision: &Decision, copy: &Record) -> Vec<String> {
    let parts = record.segments();
    let stays = stays(record, decision);
    let goes = |node: NodeId| parts.of(record.tree(), node).iter().any(|part| !stays[*part]);
    let (mut gone, mut kept) = (HashSet::new(), HashSet::new());
    for (node, _, text) in content(record).filter(|(.., text)| tells(text)) {
        if goes(node) { &mut gone } else { &mut kept }.insert(text);
    }
    let mut found = Vec::new();
    for (_, label, text) in content(copy) {
        if gone.contains(&text) && !kept.contains(&text) {
            found.push(format!("{} {text}", label.as_str()));
        }
    }
    // What an entry that went is about, in what somebody wrote.
    let coded_of_kept: HashSet<String> = kept.iter().map(|text| text.to_lowercase()).collect();
    let mut names = BTreeSet::new();
    for entry in record.chart().entries().filter(|entry| goes(entry.node())) {
        for (field, node) in entry.fields() {
            if matches!(field, Field::CodeDisplay | Field::CodeText)
                && let Some(text) = record.text(node)
                && tells(&text)
                && !coded_of_kept.contains(&text.trim().to_lowercase())
            {
                names.insert(text.to_lowercase());
            }
        }
    }
    for (id, node) in copy.tree().iter() {
        if matches!(node.label(), Label::FreeText | Label::Narrative)
            && node.kind() == Kind::Text
            && let Some(text) = copy.text(id)
        {
            let text = text.to_lowercase();
            for name in &names {
                for (at, _) in text.match_indices(name.as_str()) {
                    let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
                    if edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next()) {
                        found.push(format!("name {name} in {}", node.label().as_str()));
                    }
                }
            }
        }
    }
    found
}

/// Withholds parts of a record in several ways; comes back with how many copies were made and what was wrong.
fn try_record(name: &str, record: &Record, wrong: &mut Vec<String>) -> usize {
    let mut copies = 0;
    for (seed, one_of) in [(1, 2), (2, 3), (3, 8), (4, 8)] {
        let decision = some_withheld(record, one_of, seed);
        if stays(record, &decision).iter().all(|stays| *stays) {
            continue;
        }
        let copy = match redact(record, &decision) {
            Ok(patches) => patches.apply(record.source()),
            Err(error) => {
                wrong.push(format!("{name}: {error}"));
                continue;
            }
        };
        copies += 1;
        match Record::parse(copy, Some(record.format())) {
            Ok(copy) => {
                let found = traces(record, &decision, &copy);
                wrong.extend(found.into_iter().take(3).map(|trace| format!("{name} ({seed}): {trace}")));
            }
            Err(error) => wrong.push(format!("{name} ({seed}): the copy is no record: {error}")),
        }
    }
    copies
}

fn check(what: &str, records: impl Iterator<Item = (String, Record)>, at_least: usize) {
    let (mut copies, mut wrong) = (0, Vec::new());
    for (name, record) in records {
        copies += try_record(&name, &record, &mut wrong);
    }
    eprintln!("{what}: {copies} copies, {} traces", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(copies >= at_least, "{copies}");
}

#[test]
fn the_fictional_patient_in_every_format() {
    let read = |file: &str| {
        let source = std::fs::read(workspace().join("examples/data").join(file)).unwrap();
        (file.to_owned(), Record::parse(source, None).unwrap())
    };
    check("fictional", ["patient.fhir.json", "patient.ccda.xml", "patient.hl7"].into_iter().map(read), 9);
}

#[test]
fn messages_that_nobody_here_wrote() {
    let messages = archive("hl7v2/msconv_hl7v2.tar.gz").unwrap_or_default();
    let at_least = messages.len();
    let read = |(name, bytes)| Some((name, Record::parse(bytes, Some(Format::Hl7v2)).ok()?));
    check("HL7 v2", messages.into_iter().filter_map(read), at_least);
}

#[test]
fn documents_that_nobody_here_wrote() {
    let mut documents = archive("ccda/msconv_ccda.tar.gz").unwrap_or_default();
    documents.extend(archive("ccda/hl7_ccda_examples.tar.gz").unwrap_or_default());
    // Most are parts of documents with a single segment.
    let at_least = documents.len() / 4;
    let read = |(name, bytes)| Some((name, Record::parse(bytes, Some(Format::Ccda)).ok()?));
    check("C-CDA", documents.into_iter().filter_map(read), at_least);
}

#[test]
fn bundles_that_nobody_here_wrote() {
    let lines = lines("fhir/synthea_r4_bundles.ndjson.gz").into_iter().flatten();
    let lines: Vec<String> = lines.filter(|line| line.len() < 400_000).take(12).collect();
    let read =
        |(at, line): (usize, &String)| (format!("bundle {at}"), Record::parse(line.as_str(), None).unwrap());
    check("FHIR", lines.iter().enumerate().map(read), lines.len());
}

/// A section of which an entry is withheld keeps the rows of the others, and no text of its own.
#[test]
fn a_section_keeps_the_rows_of_what_stays() {
    let entry = |row: &str, code: &str| {
        format!(
            r##"<entry><observation classCode="OBS" moodCode="EVN"><code code="{code}" codeSystem="2.16.840.1.113883.6.90" displayName="Problem {code}"/><text><reference value="#{row}"/></text></observation></entry>"##
        )
    };
    let source = format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><text>Three problems<table><tbody><tr ID="a"><td>Asthma</td></tr><tr ID="b"><td>Secret one</td></tr><tr ID="c"><td>Gout</td></tr></tbody></table></text>{}{}{}</section></component></structuredBody></component></ClinicalDocument>"#,
        entry("a", "J45.909"),
        entry("b", "F20.9"),
        entry("c", "M10.9")
    );
    let record = Record::parse(source, None).unwrap();
    let request = Request::parse(r#"{"on": "2026-03-02"}"#).unwrap();
    let mut decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
    assert_eq!(decision.segments.len(), 5);
    for (at, segment) in decision.segments.iter_mut().enumerate() {
        segment.outcome = if at == 3 { SegmentOutcome::Withhold } else { SegmentOutcome::Release };
    }
    let copy = redact(&record, &decision).unwrap().apply(record.source());
    let copy = String::from_utf8(copy).unwrap();
    for gone in ["Secret", "F20.9", "Three", "#b"] {
        assert!(!copy.contains(gone), "{gone}: {copy}");
    }
    for stays in [r#"<tr ID="a"><td>Asthma</td></tr>"#, "J45.909", "Gout", "#c"] {
        assert!(copy.contains(stays), "{stays}: {copy}");
    }
    // A section that goes takes its entries along.
    decision.segments[1].outcome = SegmentOutcome::Withhold;
    let copy = redact(&record, &decision).unwrap().apply(record.source());
    let copy = String::from_utf8(copy).unwrap();
    assert!(!copy.contains("Asthma") && !copy.contains("J45.909"), "{copy}");
    assert_eq!(Record::parse(copy, None).unwrap().chart().of(EntryKind::Condition).count(), 0);
}

/// A copy of a message counts its results anew, and an order goes with what is of it.
#[test]
fn results_that_stay_are_counted_anew() {
    let source = "MSH|^~\\&|A\rPID|1||7\rOBR|1|||24331-1^^LN\rOBX|1|NM|1-8^^LN||11\rOBX|2|NM|2-8^^LN||22\rOBX|3|NM|3-8^^LN||33\r\
        OBR|2|||24332-1^^LN\rOBX|1|NM|4-8^^LN||44\rOBX|2|NM|5-8^^LN||55\r";
    let record = Record::parse(source, None).unwrap();
    let request = Request::parse(r#"{"on": "2026-03-02"}"#).unwrap();
    let mut decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
    let copy = |decision: &Decision| {
        let copy = redact(&record, decision).unwrap().apply(record.source());
        String::from_utf8(copy).unwrap()
    };
    for segment in &mut decision.segments {
        let gone = segment.path.ends_with("OBX[2]") || segment.path == "OBX[2]";
        segment.outcome = if gone { SegmentOutcome::Withhold } else { SegmentOutcome::Release };
    }
    let without_second = copy(&decision);
    assert!(
        without_second.contains("OBX|1|NM|1-8^^LN||11\rOBX|2|NM|3-8^^LN||33\rOBR|2"),
        "{without_second:?}"
    );
    assert!(!without_second.contains("||22"), "{without_second:?}");
    assert!(without_second.contains("OBX|1|NM|4-8^^LN||44\rOBX|2|NM|5-8^^LN||55"), "{without_second:?}");
    for segment in &mut decision.segments {
        let gone = segment.path == "OBR" || segment.path.ends_with(".OBR");
        segment.outcome = if gone { SegmentOutcome::Withhold } else { SegmentOutcome::Release };
    }
    let without_order = copy(&decision);
    assert!(without_order.contains("OBR|1|||24332-1^^LN\rOBX|1|NM|4-8"), "{without_order:?}");
    assert!(!without_order.contains("1-8^^LN") && !without_order.contains("24331-1"), "{without_order:?}");
}

/// Ids, logical references, contained copies and the name of what is hidden.
#[test]
fn what_would_tell_of_a_hidden_entry_goes() {
    let source = r#"{"resourceType":"Bundle","type":"collection","total":4,"entry":[
        {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"pat-one"}},
        {"fullUrl":"urn:uuid:h","resource":{"resourceType":"MedicationRequest","id":"hidden-rx","identifier":[{"value":"RX-99812"}],"medicationCodeableConcept":{"text":"Haloperidol 5 mg"},"subject":{"reference":"Patient/pat-one"}}},
        {"resource":{"resourceType":"DetectedIssue","id":"issue-1","status":"final","implicated":[{"reference":"MedicationRequest/hidden-rx"},{"reference":"MedicationRequest/open-rx"}],"detail":"Levodopa works against haloperidol 5 mg."}},
        {"resource":{"resourceType":"MedicationRequest","id":"open-rx","medicationCodeableConcept":{"text":"Levodopa 100 mg"},"priorPrescription":{"identifier":{"value":"RX-99812"}},"note":[{"text":"Watch for stiffness."}],"contained":[{"resourceType":"MedicationRequest","id":"c1","medicationCodeableConcept":{"text":"haloperidol 5 MG"}}],"basedOn":[{"reference":"ServiceRequest/other"},{"reference":"x#c1"}]}}]}"#;
    let record = Record::parse(source, None).unwrap();
    let request = Request::parse(r#"{"on": "2026-03-02"}"#).unwrap();
    let mut decision = decide(&request, &record, Law::embedded().unwrap()).unwrap();
    for (at, segment) in decision.segments.iter_mut().enumerate() {
        segment.outcome = if at == 1 { SegmentOutcome::Withhold } else { SegmentOutcome::Release };
    }
    let copy = redact(&record, &decision).unwrap().apply(record.source());
    let copy = String::from_utf8(copy).unwrap();
    for gone in ["aloperidol", "hidden-rx", "RX-99812", "total"] {
        assert!(!copy.contains(gone), "{gone}: {copy}");
    }
    for stays in ["Levodopa 100 mg", "MedicationRequest/open-rx", "stiffness", "ServiceRequest/other"] {
        assert!(copy.contains(stays), "{stays}: {copy}");
    }
    Record::parse(copy, None).unwrap();
}
