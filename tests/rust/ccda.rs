//! Real C-CDA: every document and part of one in the published examples. Skipped, saying so, where they are absent.
//!
//! What must be gone after de-identification is found in the source by other means: by its tags as plain text, not by
//! the library's tree, labels or policy.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};

use chartkeeper::deid::{Options, Policy, Vault, deidentify};
use chartkeeper::formats::label::Label;
use chartkeeper::formats::tree::{Kind, NodeId};
use chartkeeper::{Format, Record};
use chartkeeper_tests::archive;

/// Every file of the two archives.
fn documents() -> Option<Vec<(String, Vec<u8>)>> {
    let out = [archive("ccda/msconv_ccda.tar.gz")?, archive("ccda/hl7_ccda_examples.tar.gz")?].concat();
    assert_eq!(out.len(), 468);
    Some(out)
}

fn records() -> Option<Vec<(String, Record)>> {
    let read =
        |(name, bytes): (String, Vec<u8>)| Record::parse(bytes, Some(Format::Ccda)).ok().map(|r| (name, r));
    Some(documents()?.into_iter().filter_map(read).collect())
}

/// What the published examples do wrong so that they are no XML or no CDA: the end of the name, and the error.
const REFUSED: &[(&str, &str)] = &[
    // The end tag of `value` is missing.
    ("Basic Occupation Observation Example.xml", "mismatched_tag"),
    // A list of attributes of DICOM, and a signature by itself: neither begins with an element of CDA.
    ("Observer Context Example.xml", "not_a_document"),
    ("Digital signature Example.xml", "not_a_document"),
];

#[test]
fn every_example_is_read_or_its_refusal_is_listed() {
    let Some(documents) = documents() else { return };
    let (mut leaves, mut refused) = (BTreeMap::<&str, (usize, usize)>::new(), Vec::new());
    let mut irregularities = BTreeMap::<(&str, String), usize>::new();
    let (mut bytes, mut memory) = (0, 0);
    for (name, source) in documents {
        let record = match Record::parse(source.clone(), Some(Format::Ccda)) {
            Ok(record) => record,
            Err(error) => {
                refused.push((name, error.code(), error.to_string()));
                continue;
            }
        };
        bytes += source.len();
        memory += record.tree().memory();
        let patches = record.edits().finish(|id| record.emptied(id)).unwrap();
        assert!(patches.apply(record.source()) == source, "{name}: an output without edits is the source");
        for (_, node) in record.tree().iter().filter(|(_, node)| node.kind() != Kind::Object) {
            let of = leaves.entry(node.label().as_str()).or_default();
            of.0 += 1;
        }
        let mut paths = record.paths();
        for one in record.irregularities() {
            let place = paths.of(one.node).to_owned();
            let name = record.name(one.node).unwrap_or_default().into_owned();
            let holder = place.rsplit('/').nth(1).unwrap_or_default();
            let holder = holder.split('[').next().unwrap_or_default();
            *irregularities.entry((one.code, format!("{holder}/{name}"))).or_default() += 1;
        }
    }
    let all: usize = leaves.values().map(|(count, _)| count).sum();
    let unknown = leaves.get("unrecognised").map_or(0, |(count, _)| *count);
    eprintln!("{all} leaves, {unknown} unrecognised, tree {:.2} of the source", memory as f64 / bytes as f64);
    for (label, (count, _)) in &leaves {
        eprintln!("{count:7} {label}");
    }
    for ((code, place), count) in &irregularities {
        eprintln!("{count:7} {code} {place}");
    }
    for one in &refused {
        eprintln!("{one:?}");
    }
    assert!(memory <= 2 * bytes);
    let listed = |(name, code, _): &(String, &str, String)| {
        REFUSED.iter().any(|(end, why)| name.ends_with(end) && code == why)
    };
    assert!(refused.iter().all(listed), "{refused:?}");
    assert_eq!(refused.len(), REFUSED.len());
}

/// A sequence of numbers that is the same in every run (Numerical Recipes' generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn a_thousand_edits_change_what_they_name() {
    let Some(records) = records() else { return };
    let mut numbers = Numbers(7);
    let texts = ["", "x", "a&b<c>\"d'", "]]>", " \u{e9} ", "2024"];
    for round in 0..1000 {
        let (name, record) = &records[numbers.below(records.len())];
        let id = NodeId::ROOT;
        let nodes: Vec<NodeId> = record.tree().descendants(id).collect();
        if nodes.is_empty() {
            continue;
        }
        let id = nodes[numbers.below(nodes.len())];
        let mut edits = record.edits();
        let text = texts[numbers.below(texts.len())];
        let kind = round % 3;
        let replaced = kind == 0 && edits.replace_text(id, text);
        match kind {
            0 => {}
            1 => edits.remove(id),
            _ => {
                record.withhold(&mut edits, id);
            }
        }
        let patches = edits.finish(|id| record.emptied(id)).unwrap();
        let out = patches.apply(record.source());
        let source = record.source();
        if let (Some(first), Some(last)) = (patches.ranges().first(), patches.ranges().last()) {
            assert_eq!(out[..first.span.start], source[..first.span.start], "{name}");
            let after = source.len() - last.span.end;
            assert_eq!(out[out.len() - after..], source[last.span.end..], "{name}");
        } else {
            assert!(out == source);
        }
        let again = Record::parse(out, Some(Format::Ccda)).unwrap_or_else(|error| panic!("{name}: {error}"));
        if replaced && !text.is_empty() {
            let place = record.path(id);
            if !place.contains('?') && !place.ends_with("()") {
                let read = again.text(again.locate(&place).unwrap());
                assert_eq!(read.as_deref(), Some(text), "{name} {place}");
            }
        }
    }
}

/// The values of an attribute in the tags of a name.
fn attribute_values(xml: &str, tag: &str, attribute: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in xml.match_indices(&format!("<{tag}")) {
        let rest = &xml[at..];
        let Some(end) = rest.find('>') else { continue };
        let inside = &rest[..end];
        let sharp = inside[tag.len() + 1..].starts_with([' ', '\n', '\t', '\r', '/']);
        if let Some(from) = inside.find(&format!("{attribute}=")).filter(|_| sharp) {
            let value = &inside[from + attribute.len() + 1..];
            let quote = value.chars().next().unwrap();
            out.extend(value[1..].split(quote).next().map(str::to_owned));
        }
    }
    out
}

/// The texts between the tags of a name, without tags in them.
fn texts(xml: &str, tag: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in xml.match_indices(&format!("<{tag}")) {
        let rest = &xml[at + tag.len() + 1..];
        if !rest.starts_with(['>', ' ', '\n', '\t', '\r']) {
            continue;
        }
        let Some((_, rest)) = rest.split_once('>') else { continue };
        let Some((text, _)) = rest.split_once('<') else { continue };
        out.push(text.trim().to_owned());
    }
    out
}

/// What of the patient must not be in the output.
fn identifying(source: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (at, _) in source.match_indices("<recordTarget") {
        let target = source[at..].split("</recordTarget>").next().unwrap();
        for tag in ["given", "family", "streetAddressLine", "city", "postalCode"] {
            out.extend(texts(target, tag));
        }
        out.extend(attribute_values(target, "telecom", "value"));
        out.extend(attribute_values(target, "id", "extension"));
        out.extend(attribute_values(target, "birthTime", "value").into_iter().filter(|date| date.len() > 4));
    }
    out.retain(|text| text.chars().count() > 2);
    out
}

/// Whether a text stands in the output as a word or words of its own.
fn stands_in(output: &str, text: &str) -> bool {
    output.match_indices(text).any(|(at, _)| {
        let before = output[..at].chars().next_back();
        let after = output[at + text.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[test]
fn nothing_of_the_patient_survives_de_identification() {
    let Some(records) = records() else { return };
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let (mut looked_for, mut left) = (0, Vec::new());
    for (name, record) in &records {
        let vault = Vault::new().unwrap();
        let options =
            Options { as_of: Some("2020-01-01".parse().unwrap()), vault: Some(&vault), ..Options::default() };
        let done = deidentify(record, &policy, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        let output = String::from_utf8(done.output).unwrap();
        let again = Record::parse(output.clone(), Some(Format::Ccda));
        let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
        for (_, node) in again.tree().iter() {
            let gone = [Label::Unrecognised, Label::FreeText, Label::Name, Label::Street, Label::Phone];
            let leaf = node.kind() != Kind::Object && !node.span().is_empty();
            if leaf && gone.contains(&node.label()) {
                left.push(format!("{name}: a leaf that is {}", node.label().as_str()));
            }
        }
        for text in identifying(&String::from_utf8_lossy(record.source())) {
            looked_for += 1;
            if stands_in(&output, &text) {
                let at = output.find(&text).unwrap();
                let around = output[..at].rfind('<').map_or("", |from| &output[from..at + text.len()]);
                left.push(format!("{name}: {text:?} in {around:?}"));
            }
        }
    }
    eprintln!("{} documents, {looked_for} texts looked for, {} left", records.len(), left.len());
    for one in left.iter().take(60) {
        eprintln!("{one}");
    }
    assert!(left.is_empty());
    assert!(looked_for > 100);
}

#[test]
fn every_example_becomes_a_bundle_that_is_read_again() {
    let Some(records) = records() else { return };
    let (mut resources, mut losses) = (BTreeMap::<String, usize>::new(), BTreeMap::<&str, usize>::new());
    for (name, record) in &records {
        let copy = record.to_fhir().unwrap();
        let bundle = Record::parse(copy.output, None).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Vec<_> =
            bundle.irregularities().iter().map(|one| (one.code, bundle.path(one.node))).collect();
        assert!(found.is_empty(), "{name}: {found:?}");
        for entry in bundle.chart().entries() {
            *resources.entry(entry.native_type().unwrap_or_default().to_owned()).or_default() += 1;
        }
        for loss in copy.losses {
            *losses.entry(loss.why).or_default() += 1;
        }
    }
    eprintln!("{resources:?}\n{losses:?}");
}

/// What a Chart says of the patient and of what was found and done, in words that do not depend on the format.
fn facts(record: &Record) -> BTreeSet<String> {
    use chartkeeper::formats::field::{EntryKind, Field};
    let chart = record.chart();
    let mut out = BTreeSet::new();
    let person = chart.of(EntryKind::Person).next().unwrap();
    for field in [Field::NameFamily, Field::NameGiven, Field::AddressLine, Field::AddressCity] {
        for node in person.all(field) {
            out.insert(format!("{} {}", field.as_str(), record.text(node).unwrap()));
        }
    }
    for node in person.all(Field::IdentifierValue) {
        let label = record.tree().node(node).label();
        out.insert(format!("{} {}", label.as_str(), record.text(node).unwrap()));
    }
    for node in person.all(Field::TelecomValue) {
        let text = record.text(node).unwrap().into_owned();
        let number: String = text.chars().filter(char::is_ascii_digit).collect();
        let plain = text.rsplit_once("mailto:").map_or(text.as_str(), |(_, address)| address);
        out.insert(format!("telecom {}", if number.len() >= 10 { number.as_str() } else { plain }));
    }
    out.insert(format!("born {}", record.iso_date(person.first(Field::BirthDate).unwrap()).unwrap()));
    for (kind, dates) in [
        (EntryKind::Condition, &[Field::Onset, Field::OnsetStart][..]),
        (EntryKind::Allergy, &[Field::Onset]),
        (EntryKind::Immunization, &[Field::Performed]),
        (EntryKind::Procedure, &[Field::Performed, Field::PerformedStart]),
        (EntryKind::Result, &[Field::Performed]),
        (EntryKind::Medication, &[]),
    ] {
        for entry in chart.of(kind) {
            let date =
                dates.iter().flat_map(|field| entry.all(*field)).find_map(|node| record.iso_date(node));
            let value = entry.text(Field::ValueNumber).unwrap_or_default();
            for coding in entry.codings().filter(|coding| coding.field == Field::Code) {
                let Some(code) = coding.code else { continue };
                let system = record.system_of(&record.coding_parts(code)).unwrap_or_default();
                let code = record.text(code).unwrap();
                let date = date.as_deref().unwrap_or_default();
                out.insert(format!("{} {system} {code} {date} {value}", kind.as_str()));
            }
        }
    }
    out
}

/// Facts that only one of the two files states, and why.
const FIRST_ONLY: &[(&str, &str)] = &[
    ("address.line PO Box 0147", "the billing address: the document has those where she lives and lived"),
    ("health_plan_number", "the member number stands with the coverage, which the document does not have"),
    (
        "medication http://www.nlm.nih.gov/research/umls/rxnorm 2180",
        "given in hospital; the document lists what she takes",
    ),
    ("result http://loinc.org 85354-9", "the pressures as one panel: the document has each by itself"),
    ("result http://loinc.org 9318-7", "less than 5: in CDA a range, which has no one number"),
    (
        "result https://tamarackbend.example.org",
        "a code of the laboratory's own, which has no object identifier",
    ),
];
const SECOND_ONLY: &[(&str, &str)] = &[
    ("result http://loinc.org 8480-6", "a pressure by itself"),
    ("result http://loinc.org 8462-4", "a pressure by itself"),
    ("result http://loinc.org 9318-7", "the same result without its number"),
    ("result http://loinc.org 19642-8", "a part of the urine screen by itself"),
    ("result http://loinc.org 3390-2", "a part of the urine screen by itself"),
    ("result http://loinc.org 3397-7", "a part of the urine screen by itself"),
];

#[test]
fn the_charts_of_the_fictional_patient_agree() {
    let read = |name: &str| {
        let path = chartkeeper_tests::workspace().join("examples/data").join(name);
        Record::parse(std::fs::read(path).unwrap(), None).unwrap()
    };
    let (fhir, ccda) = (facts(&read("patient.fhir.json")), facts(&read("patient.ccda.xml")));
    assert!(fhir.intersection(&ccda).count() > 60);
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>, explained: &[(&str, &str)]| {
        let left: Vec<String> = one.difference(other).cloned().collect();
        let found = |fact: &String| explained.iter().any(|(known, _)| fact.starts_with(known));
        let unexplained: Vec<&String> = left.iter().filter(|fact| !found(fact)).collect();
        assert!(unexplained.is_empty(), "{unexplained:#?}");
        for (known, _) in explained {
            assert!(left.iter().any(|fact| fact.starts_with(known)), "{known} is no difference any more");
        }
    };
    only(&fhir, &ccda, FIRST_ONLY);
    only(&ccda, &fhir, SECOND_ONLY);
}

#[test]
fn every_entry_of_a_section_is_a_segment_with_its_rows() {
    let Some(records) = records() else { return };
    let (mut entries, mut rows, mut sections, mut kinds) = (0, 0, 0, BTreeMap::<&str, usize>::new());
    for (name, record) in &records {
        let (segments, tree) = (record.segments(), record.tree());
        let units: BTreeSet<NodeId> = segments.all().iter().map(|segment| segment.unit).collect();
        assert_eq!(units.len(), segments.all().len(), "{name}: a unit is of one segment");
        for pair in segments.all().windows(2) {
            assert!(pair[0].unit < pair[1].unit, "{name}: in order");
        }
        for (at, segment) in segments.all().iter().enumerate() {
            let own = segments.of(tree, segment.unit);
            assert!(own == [at], "{name}: {} is not its own", record.path(segment.unit));
            if let Some(outer) = segment.goes_with {
                assert!(tree.is_within(segment.unit, segments.all()[outer].unit), "{name}");
            }
            *kinds.entry(segment.kind.as_str()).or_default() += 1;
        }
        // By its tags: what the source writes as an entry of a section, and what it points to.
        for (id, node) in tree.iter() {
            let text = std::str::from_utf8(record.raw(id)).unwrap_or_default();
            let place = record.name(id).unwrap_or_default();
            sections += usize::from(place == "section" && node.kind() == Kind::Object);
            let in_section =
                tree.parent(id).is_some_and(|holder| record.name(holder).as_deref() == Some("section"));
            if place != "entry" || !in_section || node.label() == Label::Unrecognised {
                continue;
            }
            let at = segments.all().iter().position(|segment| segment.unit == id);
            let Some(at) = at else { panic!("{name}: {} is no segment", record.path(id)) };
            entries += 1;
            for part in text.split("<reference value=\"#").skip(1) {
                let wanted = format!(" ID=\"{}\"", part.split('"').next().unwrap());
                let row = tree.iter().find(|(row, node)| {
                    let bytes = record.source().get(node.member_span().start..).unwrap_or_default();
                    let tag = bytes.split(|byte| *byte == b'>').next().unwrap_or_default();
                    node.label() == Label::Narrative
                        && record.name(*row).is_some()
                        && tag.first() == Some(&b'<')
                        && String::from_utf8_lossy(tag).contains(&wanted)
                });
                let Some((row, _)) = row else { continue };
                rows += 1;
                assert!(segments.of(tree, row).contains(&at), "{name}: {}", record.path(row));
            }
        }
    }
    eprintln!("{entries} entries and {sections} sections, {rows} pointers to rows; segments: {kinds:?}");
    assert_eq!((entries, sections, rows), (727, 645, 822));
}
