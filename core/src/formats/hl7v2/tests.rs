//! What is known of a message: its tree, labels, chart, paths, edits.

use proptest::prelude::*;

use crate::Record;
use crate::formats::Format;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};
use crate::formats::places::work;
use crate::formats::tree::Kind;

const ADMISSION: &str = "MSH|^~\\&|ADT|Mercy^1.2.3^ISO|LAB|Mercy|20250203101500-0600||ADT^A01^ADT_A01|M1|P|2.5.1\r\
EVN|A01|202502031015\r\
PID|1||7^^^Mercy&1.2.3&ISO^MR~987654320^^^^SS||Doe&van^Jo^\"\"^^^^L||19670314|F||2106-3^White^CDCREC|12 Elm St^^Duluth^MN^55804^USA||(218)555-0142^PRN^PH~^NET^Internet^jo@x.example||en||||987-65-4320|||||||||||N\r\
PD1|||Clinic^^1\r\
NK1|1|Roe^Al|SPO^Spouse^HL70063|||||||||||||19600101\r\
PV1|1|I|4W^12^B^Mercy||||1234567893^Lee^Ann^^^^MD^^NPI||||||||||||V9^^^Mercy^VN|||||||||||||||||01||||||||20250203|20250206\r\
DG1|1||S52.501A^Fracture^I10C||20250203|A|||||||||1|||||||||||Y\r\
AL1|1|DA^Drug^HL70127|7980^Penicillin^RXNORM|SV\r\
OBR|1|P1|F1|24323-8^Panel^LN|||20250204\r\
OBX|1|NM|2823-3^Potassium^LN||4.10|mmol/L^^UCUM|3.5-5.1|N|||F|||20250204\r\
NTE|1||slightly\\.br\\hemolysed \\T\\ late\r\
OBX|2|ED|11506-3^Note^LN||^TEXT^PLAIN^Base64^aGVsbG8=||||||F\r\
ZPD|1|Fluffy^Cat\r";

fn record() -> Record {
    Record::parse(ADMISSION, None).unwrap()
}

fn text(record: &Record, path: &str) -> String {
    record.text(record.locate(path).unwrap()).unwrap().into_owned()
}

#[test]
fn leaves_have_labels_and_owners() {
    let record = record();
    assert_eq!(record.format(), Format::Hl7v2);
    for (path, label, whose) in [
        ("MSH-4[1].1", Label::OrganisationName, Whose::Organisation),
        ("MSH-9[1].2", Label::Technical, Whose::Patient),
        ("MSH-10", Label::ResourceId, Whose::Patient),
        ("PID-3[1].1", Label::MedicalRecord, Whose::Patient),
        ("PID-3[1].4.1", Label::Identifier, Whose::Organisation),
        ("PID-3[2].1", Label::SocialSecurity, Whose::Patient),
        ("PID-5[1].1.1", Label::Name, Whose::Patient),
        ("PID-5[1].1.2", Label::Name, Whose::Patient),
        ("PID-7", Label::BirthDate, Whose::Patient),
        ("PID-11[1].5", Label::PostalCode, Whose::Patient),
        ("PID-13[1].1", Label::Phone, Whose::Patient),
        ("PID-13[2].4", Label::Email, Whose::Patient),
        ("PID-19", Label::SocialSecurity, Whose::Patient),
        ("NK1-2[1].1", Label::Name, Whose::Relative),
        ("NK1-16", Label::BirthDate, Whose::Relative),
        ("PV1-3[1].2", Label::PlaceName, Whose::Organisation),
        ("PV1-7[1].2", Label::Name, Whose::Provider),
        ("DG1-3[1].1", Label::Code, Whose::Patient),
        ("OBX-5", Label::Value, Whose::Patient),
        ("OBX-6[1].1", Label::Unit, Whose::Patient),
        ("NTE-3", Label::FreeText, Whose::Patient),
        ("OBX[2]-5[1].5", Label::Attachment, Whose::Patient),
        ("ZPD", Label::Unrecognised, Whose::Patient),
        ("ZPD-2[1].1", Label::Unrecognised, Whose::Patient),
    ] {
        let node = record.tree().node(record.locate(path).unwrap());
        assert_eq!((node.label(), node.whose()), (label, whose), "{path}");
    }
    assert_eq!(record.tree().node(record.locate("OBX-5").unwrap()).kind(), Kind::Number);
    assert_eq!(record.tree().node(record.locate("PID-5[1].3").unwrap()).kind(), Kind::Null);
}

#[test]
fn the_chart_has_the_entries_of_the_message() {
    use EntryKind::{Allergy, Condition, Encounter, Person, Practitioner, Provenance, RelatedPerson, Report};
    let record = record();
    let chart = record.chart();
    let kinds: Vec<_> = chart.entries().map(|entry| entry.kind()).collect();
    let results = [EntryKind::Result, EntryKind::Result, EntryKind::Unrecognised];
    let expected = [Provenance, Person, RelatedPerson, Encounter, Practitioner, Condition, Allergy, Report];
    assert_eq!(kinds, [expected.as_slice(), &results].concat());
    let person = chart.of(Person).next().unwrap();
    assert_eq!(person.native_type(), Some("PID"));
    for (field, value) in [
        (Field::NameFamily, "Doe"),
        (Field::NameGiven, "Jo"),
        (Field::BirthDate, "19670314"),
        (Field::Sex, "F"),
        (Field::AddressCity, "Duluth"),
        (Field::TelecomValue, "(218)555-0142"),
        (Field::RaceCode, "2106-3"),
        (Field::Deceased, "N"),
    ] {
        assert_eq!(person.text(field).as_deref(), Some(value), "{}", field.as_str());
    }
    assert_eq!(
        record.date(person.first(Field::BirthDate).unwrap()).unwrap().earliest().to_string(),
        "1967-03-14"
    );
    assert_eq!(record.patient_reference().as_deref(), Some("7"));
    let stay = chart.of(Encounter).next().unwrap();
    assert_eq!(stay.text(Field::ClassCode).as_deref(), Some("I"));
    assert_eq!(stay.text(Field::Start).as_deref(), Some("20250203"));
    assert_eq!(stay.text(Field::DispositionCode).as_deref(), Some("01"));
    assert_eq!(stay.all(Field::NameFamily).count(), 0, "a physician's name is the physician's");
    let condition = chart.of(Condition).next().unwrap();
    assert_eq!(condition.text(Field::Rank).as_deref(), Some("1"));
    assert_eq!(condition.text(Field::PresentOnAdmission).as_deref(), Some("Y"));
    let codes: Vec<_> =
        condition.codings().map(|coding| record.text(coding.code.unwrap()).unwrap()).collect();
    assert_eq!(codes, ["S52.501A", "A"]);
    let system = |path: &str| {
        let parts = record.coding_parts(record.locate(path).unwrap());
        record.system_of(&parts).map(std::borrow::Cow::into_owned)
    };
    assert_eq!(system("DG1-3[1].1").as_deref(), Some("http://hl7.org/fhir/sid/icd-10-cm"));
    assert_eq!(system("PID-8").as_deref(), Some("http://terminology.hl7.org/CodeSystem/v2-0001"));
    let result = chart.of(EntryKind::Result).next().unwrap();
    assert_eq!(result.text(Field::ValueNumber).as_deref(), Some("4.10"));
    assert_eq!(result.text(Field::ValueCode).as_deref(), Some("mmol/L"));
    assert_eq!(result.text(Field::Text).as_deref(), Some("slightly\nhemolysed & late"));
    assert_eq!(record.belonging(result.node(), Person), Some(person.node()));
    assert_eq!(record.belonging(result.node(), Encounter), Some(stay.node()));
}

#[test]
fn every_path_leads_back() {
    let two = format!("FHS|^~\\&|A\rBHS|^~\\&\r{ADMISSION}{ADMISSION}BTS|2\rFTS|1\r");
    for source in [ADMISSION.to_owned(), two] {
        let record = Record::parse(source, None).unwrap();
        let mut paths = record.paths();
        for (id, _) in record.tree().iter() {
            let path = paths.of(id).to_owned();
            assert_eq!(record.locate(&path).unwrap(), id, "{path}");
        }
    }
    let record = record();
    assert_eq!(record.locate("PID-11.5").unwrap(), record.locate("PID-11[1].5").unwrap());
    for path in
        ["", "PID-99", "PID[2]-3", "PID-3[3]", "PID-7[2]", "XYZ", "message[2]", "OBX-x", "PID-3[", "-1"]
    {
        assert_eq!(record.locate(path).unwrap_err().code(), "edit_target", "{path}");
    }
}

#[test]
fn one_leaf_changes_and_nothing_else() {
    let record = record();
    let replaced = |path: &str, value: &str| {
        String::from_utf8(record.with_replaced(path, value).unwrap().source().to_vec())
    };
    assert_eq!(
        replaced("PID-5[1].2", "Jo^Ann|&\\~").unwrap(),
        ADMISSION.replace("Doe&van^Jo^", r"Doe&van^Jo\S\Ann\F\\T\\E\\R\^")
    );
    assert_eq!(replaced("OBX-5", "5").unwrap(), ADMISSION.replace("4.10", "5"));
    assert_eq!(record.with_replaced("OBX-5", "high").unwrap_err().code(), "edit_target");
    assert_eq!(record.with_replaced("PID-5", "x").unwrap_err().code(), "edit_target");
    assert_eq!(record.with_replaced("PID-7", "\"\"").unwrap_err().code(), "edit_target");
}

fn without(paths: &[&str]) -> String {
    let record = record();
    let mut edits = record.edits();
    for path in paths {
        edits.remove(record.locate(path).unwrap());
    }
    let patches = edits.finish(|id| record.emptied(id)).unwrap();
    String::from_utf8(patches.apply(record.source())).unwrap()
}

#[test]
fn removals_keep_places() {
    assert_eq!(without(&["PID-7"]), ADMISSION.replace("|19670314|", "||"));
    assert_eq!(without(&["PID-3[2]"]), ADMISSION.replace("~987654320^^^^SS", ""));
    assert_eq!(without(&["PID-3[1]"]), ADMISSION.replace("7^^^Mercy&1.2.3&ISO^MR~", ""));
    assert_eq!(
        without(&["PID-13[1]", "PID-13[2]"]),
        ADMISSION.replace("(218)555-0142^PRN^PH~^NET^Internet^jo@x.example", "")
    );
    assert_eq!(
        without(&["PID-3[1]", "PID-3[2]"]),
        ADMISSION.replace("7^^^Mercy&1.2.3&ISO^MR~987654320^^^^SS", "\"\"")
    );
    assert_eq!(without(&["ZPD"]), ADMISSION.replace("ZPD|1|Fluffy^Cat\r", ""));
    assert_eq!(without(&["PID-11[1].1"]), ADMISSION.replace("12 Elm St", ""));
    let notes = ADMISSION.replace("NTE|1||slightly\\.br\\hemolysed \\T\\ late\r", "");
    assert_eq!(without(&["NTE-1", "NTE-3"]), notes, "an emptied segment goes");
    let result = "OBX|1|NM|2823-3^Potassium^LN||4.10|mmol/L^^UCUM|3.5-5.1|N|||F|||20250204\r";
    assert_eq!(without(&["OBX"]), notes.replace(result, ""), "a note goes with what it annotates");
}

#[test]
fn any_delimiters_endings_and_envelopes() {
    let odd = "MSH$%*!@$A$B\nPID$1$$7%%%M@1.2~x$$Doe!S!x*Roe\nZZZ$a\n";
    let record = Record::parse(odd, None).unwrap();
    assert_eq!(text(&record, "PID-5[1]"), "Doe%x");
    assert_eq!(text(&record, "PID-5[2]"), "Roe");
    assert_eq!(text(&record, "PID-3[1].4.2"), "1.2~x");
    let framed = format!("\u{b}{ADMISSION}\u{1c}\r\u{b}{}\u{1c}\r", ADMISSION.replace('\r', "\r\n"));
    let record = Record::parse(framed.clone(), None).unwrap();
    assert_eq!(text(&record, "message[2].PID-5[1].2"), "Jo");
    assert_eq!(record.chart().of(EntryKind::Person).count(), 2);
    let untouched = record.edits().finish(|id| record.emptied(id)).unwrap().apply(record.source());
    assert_eq!(untouched, framed.as_bytes());
    // A line feed inside of a text does not end a segment where carriage returns do.
    let record = Record::parse("MSH|^~\\&|A\rNTE|1||one\ntwo\r\nPID|1||7\r", None).unwrap();
    assert_eq!(text(&record, "NTE-3"), "one\ntwo");
    assert_eq!(text(&record, "PID-3"), "7");
}

#[test]
fn character_sets_are_declared() {
    let latin = b"MSH|^~\\&|||||||ACK|1|P|2.5||||||8859/1\rPID|1||7||M\xfcller\r";
    let record = Record::parse(latin.to_vec(), None).unwrap();
    assert_eq!(text(&record, "PID-5"), "Müller");
    let changed = record.with_replaced("PID-5", "Möller").unwrap();
    assert!(changed.source().windows(6).any(|window| window == b"M\xf6ller"));
    assert_eq!(record.with_replaced("PID-5", "Мария").unwrap_err().code(), "edit_target");
    let undeclared = b"MSH|^~\\&|A\rPID|1||7||M\xfcller\r";
    let error = Record::parse(undeclared.to_vec(), None).unwrap_err();
    assert_eq!((error.code(), error.span().unwrap().start), ("invalid_utf8", 22));
}

#[test]
fn bad_input_is_an_error_or_an_irregularity() {
    for (source, code) in [
        ("", "empty_input"),
        ("\u{b}\r\n", "empty_input"),
        ("PID|1||7\r", "not_a_message"),
        ("MSH", "not_a_message"),
        ("MSH|^^~&|A\r", "not_a_message"),
        ("FHS|^~\\&\rMSHabc\r", "not_a_message"),
    ] {
        assert_eq!(Record::parse(source, Some(Format::Hl7v2)).unwrap_err().code(), code, "{source}");
    }
    let record = Record::parse("MSH|^~\\&|A\rthis is no segment\rPID|1||7\rQQQ|Doe\r", None).unwrap();
    let found: Vec<_> = record.irregularities().iter().map(|one| (one.code, record.path(one.node))).collect();
    assert_eq!(found, [("malformed_segment", "?".to_owned()), ("unknown_element", "?".to_owned())]);
    assert_eq!(record.chart().of(EntryKind::Unrecognised).count(), 2);
}

fn piece() -> impl Strategy<Value = String> {
    "[A-Za-z0-9 ^&~\\\\\"|.é]{0,24}"
}

proptest! {
    #![proptest_config(crate::text::cases(256))]

    /// LAW 1: whatever is removed, the rest reads again, and no byte outside of the patches changes.
    #[test]
    fn removals_leave_a_message(
        lines in proptest::collection::vec(("PID|NTE|OBX|PV1|ZZZ|DG1|IN1", piece()), 0..8),
        picks in proptest::collection::vec(1usize..400, 0..12),
        ending in "\r|\n|\r\n",
    ) {
        let mut source = format!("MSH|^~\\&|A|B|||2025||ADT^A01|1|P|2.5{ending}");
        for (name, rest) in &lines {
            source.push_str(&format!("{name}|1|NM|{rest}{ending}"));
        }
        let record = Record::parse(source.clone(), None).unwrap();
        let mut edits = record.edits();
        // Without its header, which is the third node, a message is none.
        for pick in picks.iter().filter(|pick| **pick > 2 && **pick < record.tree().len()) {
            edits.remove(record.tree().iter().nth(*pick).unwrap().0);
        }
        let patches = edits.finish(|id| record.emptied(id)).unwrap();
        let out = patches.apply(record.source());
        let (mut at, mut end) = (0, 0);
        for patch in patches.ranges() {
            prop_assert!(patch.span.start >= end);
            end = patch.span.end;
            let kept = &source.as_bytes()[at..patch.span.start];
            prop_assert!(out.windows(kept.len().max(1)).any(|window| window == kept) || kept.is_empty());
            at = patch.span.end;
        }
        let again = Record::parse(out, Some(Format::Hl7v2)).unwrap();
        prop_assert!(again.tree().len() <= record.tree().len());
    }

    /// No input makes the reader fail otherwise than with an error, and every node can be named and read.
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let source = [b"MSH|^~\\&|".as_slice(), &bytes].concat();
        if let Ok(record) = Record::parse(source, Some(Format::Hl7v2)) {
            let mut paths = record.paths();
            for (id, node) in record.tree().iter() {
                prop_assert!(node.span().start <= node.span().end && node.span().end <= record.source().len());
                prop_assert!(record.tree().next(id) > id);
                let path = paths.of(id).to_owned();
                let _ = record.text(id);
                prop_assert!(path.contains('?') || record.locate(&path).is_ok(), "{path}");
            }
            let _ = record.chart_entries();
        }
    }
}

#[test]
fn a_malformed_segment_is_not_found_by_its_name() {
    let record = Record::parse("MSH|^~\\&|A\rSFT,1|2\rSFT|1\r", None).unwrap();
    let place = record.locate("SFT-1").unwrap();
    assert_eq!((record.path(place).as_str(), record.raw(place)), ("SFT-1", &b"1"[..]));
}

/// Segments that are wide at each level, and a message of many segments, with about `size` of each.
fn wide(size: usize) -> [String; 6] {
    let begin = "MSH|^~\\&|A\r";
    [
        format!("{begin}PID{}\r", "|7".repeat(size)),
        format!("{begin}PID|1||{}9\r", "7~".repeat(size)),
        format!("{begin}PID|1|||||{}9\r", "x^".repeat(size)),
        format!("{begin}ZPD|1|a^{}9~7\r", "x&&".repeat(size)),
        format!("{begin}{}", "OBX|1|NM|a^b||7\rNTE|1||x\r".repeat(size / 2)),
        format!("{begin}{}PID|||a||c^d~~e^f\r", "ZZ1|a&b^c\rBTS\rPID|1\rMSH|^~\\&|B\r".repeat(size / 4)),
    ]
}

#[test]
fn places_in_wide_segments_are_told_without_reading_them_again() {
    for size in [2000, 16_000] {
        for source in wide(size) {
            let record = Record::parse(source.as_str(), None).unwrap();
            work::taken();
            let ids: Vec<_> = record.tree().iter().map(|(id, _)| id).collect();
            // Neither forth nor back nor in leaps: whoever asks for one place asks for none before.
            for id in ids.iter().rev().chain(ids.iter().step_by(7)) {
                let path = record.path(*id);
                assert!(path.contains('?') || record.locate(&path).unwrap() == *id, "{path}");
                let _ = record.is_required(*id);
            }
            let read = work::taken();
            assert!(read < 64 * source.len(), "{read} bytes read of {}, {}", source.len(), &source[..40]);
        }
    }
}

#[test]
fn segments_outside_of_messages_have_paths() {
    let source =
        "FHS|^~\\&|A\rBHS|^~\\&|B\rMSH|^~\\&|C\rPID|1\rBTS|1\rPID|2||7\rBHS|^~\\&|D\rBTS|0\rPID|3\rFTS|2\r";
    let record = Record::parse(source, None).unwrap();
    let mut found = Vec::new();
    for (id, _) in record.tree().iter() {
        let path = record.path(id);
        assert_eq!(record.locate(&path).unwrap(), id, "{path}");
        found.push(path);
    }
    for path in ["BHS[2]-3", "BTS[2]-1", "source.PID-3", "source.PID[2]-1", "PID-1", "FTS"] {
        assert!(found.iter().any(|known| known == path), "{path} is none of {found:?}");
    }
}
