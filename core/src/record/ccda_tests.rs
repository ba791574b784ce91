//! What the format knows of small documents: nodes, labels, paths, edits, and what it refuses.

use super::*;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};

const SOURCE: &str = include_str!("../../testdata/small.ccda.xml");

fn record() -> Record {
    Record::parse(SOURCE, None).unwrap()
}

const PATIENT: &str = "ClinicalDocument/recordTarget[0]/patientRole";

#[test]
fn leaves_have_labels() {
    let record = record();
    for (path, label, whose) in [
        ("id[0]/@extension", Label::MedicalRecord, Whose::Patient),
        ("id[0]/@root", Label::Url, Whose::Patient),
        ("id[1]/@extension", Label::SocialSecurity, Whose::Patient),
        ("id[1]/@root", Label::CodeSystem, Whose::Patient),
        ("addr[0]/streetAddressLine[0]", Label::Street, Whose::Patient),
        ("addr[0]/postalCode", Label::PostalCode, Whose::Patient),
        ("telecom[0]/@value", Label::Phone, Whose::Patient),
        ("telecom[1]/@value", Label::Email, Whose::Patient),
        ("patient/name[0]/given[1]", Label::Name, Whose::Patient),
        ("patient/name[0]/family[0]/text()", Label::Name, Whose::Patient),
        ("patient/birthTime/@value", Label::BirthDate, Whose::Patient),
        ("patient/administrativeGenderCode/@code", Label::Code, Whose::Patient),
        ("patient/sdtc:raceCode[0]/@code", Label::Code, Whose::Patient),
        ("patient/guardian[0]/guardianPerson/name[0]/given[0]", Label::Name, Whose::Relative),
        ("providerOrganization/name[0]", Label::OrganisationName, Whose::Organisation),
    ] {
        let node = record.tree().node(record.locate(&format!("{PATIENT}/{path}")).unwrap());
        assert_eq!((node.label(), node.whose()), (label, whose), "{path}");
    }
    let section = "ClinicalDocument/component/structuredBody/component[0]/section";
    for (path, label) in [
        ("title", Label::FreeText),
        ("text", Label::Narrative),
        ("text/table[0]/tbody[0]/tr[0]/td[0]", Label::Narrative),
        ("entry[0]/act/id[0]/@root", Label::ResourceId),
        ("entry[0]/act/templateId[0]/@root", Label::Technical),
        ("entry[0]/act/comment()", Label::FreeText),
        ("entry[0]/act/entryRelationship[0]/observation/value[0]/@code", Label::Code),
        ("entry[0]/act/entryRelationship[0]/observation/text/reference/@value", Label::Reference),
        ("entry[1]/observation/value[0]/@value", Label::Value),
        ("entry[1]/observation/value[0]/@unit", Label::Unit),
    ] {
        let node = record.tree().node(record.locate(&format!("{section}/{path}")).unwrap());
        assert_eq!(node.label(), label, "{path}");
    }
}

#[test]
fn paths_lead_back() {
    let record = record();
    let mut paths = record.paths();
    for (id, _) in record.tree().iter() {
        let path = paths.of(id).to_owned();
        assert_eq!(path, record.path(id));
        if !path.contains('?') {
            assert_eq!(record.locate(&path).unwrap(), id, "{path}");
        }
    }
    for path in
        ["", "Patient", "ClinicalDocument/nothing", "ClinicalDocument/title[1]", "ClinicalDocument/title[x]"]
    {
        assert_eq!(record.locate(path).unwrap_err().code(), "edit_target", "{path}");
    }
}

#[test]
fn the_chart_is_a_view() {
    let record = record();
    let chart = record.chart();
    let person = chart.of(EntryKind::Person).next().unwrap();
    assert_eq!(person.text(Field::NameFamily).unwrap(), "D'Oe & Sons");
    assert_eq!(person.text(Field::BirthDate).unwrap(), "19500102");
    assert_eq!(person.text(Field::IdentifierValue).unwrap(), "M-1");
    assert_eq!(record.patient_reference().as_deref(), Some("M-1"));
    let problem = chart.of(EntryKind::Condition).next().unwrap();
    let codings: Vec<_> = problem.codings().filter(|coding| coding.field == Field::Code).collect();
    assert_eq!(codings.len(), 1);
    assert_eq!(record.text(codings[0].code.unwrap()).unwrap(), "59621000");
    let system = record.system_of(&record.coding_parts(codings[0].code.unwrap()));
    assert_eq!(system.unwrap(), "http://snomed.info/sct");
    assert_eq!(record.iso_date(problem.first(Field::Onset).unwrap()).unwrap(), "2012-08-06");
    let result = chart.of(EntryKind::Result).next().unwrap();
    assert_eq!(result.text(Field::ValueNumber).unwrap(), "150.0");
    assert_eq!(result.text(Field::ValueUnit).unwrap(), "mm[Hg]");
    let organisation = chart.of(EntryKind::Organisation).next().unwrap();
    assert_eq!(organisation.text(Field::Name).unwrap(), "Good Health");
    let document = chart.of(EntryKind::Document).next().unwrap();
    assert_eq!(document.node(), NodeId::ROOT);
    assert_eq!(document.text(Field::Title).unwrap(), "Summary");
}

#[test]
fn references_lead_to_rows_and_entries() {
    let record = record();
    let section = "ClinicalDocument/component/structuredBody/component[0]/section";
    let pointer = record
        .locate(&format!("{section}/entry[0]/act/entryRelationship[0]/observation/text/reference/@value"))
        .unwrap();
    let row = record.resolve(pointer).unwrap();
    assert_eq!(record.path(row), format!("{section}/text/table[0]/tbody[0]/tr[0]"));
    let author = record.locate("ClinicalDocument/author[0]").unwrap();
    assert_eq!(record.path(record.resolve(author).unwrap()), "ClinicalDocument/author[0]/assignedAuthor");
}

fn edited(act: impl Fn(&Record, &mut Edits<'_>)) -> String {
    let record = record();
    let mut edits = record.edits();
    act(&record, &mut edits);
    let out = edits.finish(|id| record.emptied(id)).unwrap().apply(record.source());
    Record::parse(out.clone(), Some(crate::Format::Ccda)).unwrap();
    String::from_utf8(out).unwrap()
}

fn withheld(path: &str) -> String {
    edited(|record, edits| {
        record.withhold(edits, record.locate(path).unwrap());
    })
}

#[test]
fn what_is_removed_leaves_well_formed_xml() {
    let without = |path: &str, gone: &str, instead: &str| {
        assert_eq!(withheld(path), SOURCE.replacen(gone, instead, 1), "{path}");
    };
    let p = PATIENT;
    without(&format!("{p}/patient/name[0]/given[1]"), "<given>Q.</given>", "");
    without(&format!("{p}/telecom[1]/@use"), "org\" use=\"HP\"", "org\"");
    without(&format!("{p}/patient/birthTime/@value"), "value=\"19500102\"", "nullFlavor=\"MSK\"");
    without(&format!("{p}/id[0]/@extension"), "extension='M-1'", "nullFlavor='MSK'");
    without(&format!("{p}/id[1]/@extension"), " extension=\"999-00-0000\"", "");
    without("ClinicalDocument/title", "<title>Summary</title>", "<title nullFlavor=\"MSK\"></title>");
    without("ClinicalDocument/comment()", "<!-- before -->", "");
    without(
        "ClinicalDocument/custodian",
        "<custodian><assignedCustodian><representedCustodianOrganization><id nullFlavor=\"NI\"/></representedCustodianOrganization></assignedCustodian></custodian>",
        "<custodian nullFlavor=\"MSK\"/>",
    );
    let text = withheld("ClinicalDocument/component/structuredBody/component[0]/section/text");
    assert!(text.contains("<title>Problems</title><text/>"));
}

#[test]
fn an_emptied_element_goes_or_says_so() {
    let p = PATIENT;
    let out = edited(|record, edits| {
        for path in ["family[0]", "given[0]", "given[1]"] {
            edits.remove(record.locate(&format!("{p}/patient/name[0]/{path}")).unwrap());
        }
        edits.remove(
            record.locate(&format!("{p}/patient/guardian[0]/guardianPerson/name[0]/given[0]")).unwrap(),
        );
    });
    assert!(out.contains("<patient><name nullFlavor=\"MSK\"/><administrativeGenderCode"));
    assert!(!out.contains("guardian"));
}

#[test]
fn replacements_are_escaped() {
    let record = record();
    for value in ["a\"b'c<d>&e", "]]>", "\u{e9}\u{1f600}", " x\ty\n"] {
        for path in [
            format!("{PATIENT}/patient/name[0]/given[0]"),
            format!("{PATIENT}/patient/name[0]/family[0]/text()"),
            format!("{PATIENT}/id[0]/@extension"),
        ] {
            let new = record.with_replaced(&path, value).unwrap();
            assert_eq!(new.text(new.locate(&path).unwrap()).unwrap(), value, "{path}");
        }
    }
    let number =
        "ClinicalDocument/component/structuredBody/component[0]/section/entry[1]/observation/value[0]/@value";
    assert!(record.with_replaced(number, "7.50").is_ok());
    assert_eq!(record.with_replaced(number, "seven").unwrap_err().code(), "edit_target");
    assert_eq!(record.with_replaced("ClinicalDocument/comment()", "a--b").unwrap_err().code(), "edit_target");
    assert!(record.with_replaced("ClinicalDocument/comment()", "after").is_ok());
}

#[test]
fn irregularities_have_places() {
    let source = r#"<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:x="urn:x"><x:a b="1"><y/></x:a><title x:c="2" d="3">t</title><nothing/><id>9</id></ClinicalDocument>"#;
    let record = Record::parse(source, None).unwrap();
    let found: Vec<_> = record.irregularities().iter().map(|one| (one.code, record.path(one.node))).collect();
    let expected = [
        ("foreign_namespace", "ClinicalDocument/@?"),
        ("unknown_element", "ClinicalDocument/?"),
        ("unknown_attribute", "ClinicalDocument/title/@?"),
        ("unknown_attribute", "ClinicalDocument/title/@?"),
        ("unknown_element", "ClinicalDocument/?"),
        ("unexpected_text", "ClinicalDocument/id"),
    ];
    for (code, path) in expected {
        assert!(
            found.iter().any(|(is, at)| *is == code && at.starts_with(path)),
            "{code} {path} in {found:?}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

#[test]
fn prefixes_are_what_they_are_bound_to() {
    let source = r#"<c:ClinicalDocument xmlns:c="urn:hl7-org:v3" xmlns:s="urn:hl7-org:sdtc"><c:recordTarget><c:patientRole><c:patient><s:deceasedInd value="true"/></c:patient></c:patientRole></c:recordTarget></c:ClinicalDocument>"#;
    let record = Record::parse(source, None).unwrap();
    assert!(record.irregularities().is_empty());
    let person = record.chart().of(EntryKind::Person).next().unwrap();
    assert_eq!(person.text(Field::Deceased).unwrap(), "true");
    let foreign = r#"<ClinicalDocument xmlns="urn:other"/>"#;
    assert_eq!(Record::parse(foreign, None).unwrap_err().code(), "not_a_document");
}

#[test]
fn bad_input_is_an_error_with_a_place() {
    let inside =
        |content: &str| format!("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">{content}</ClinicalDocument>");
    let bomb = "<!DOCTYPE b [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>";
    // The mark shows where the error must be.
    let cases: Vec<(String, &str)> = vec![
        (" ^<Patient xmlns=\"http://hl7.org/fhir\"/>".into(), "not_a_document"),
        ("^<html/>".into(), "not_a_document"),
        (format!("^{bomb}<ClinicalDocument/>"), "doctype_refused"),
        (
            format!("<?xml version=\"1.0\"?>\n^{bomb}<ClinicalDocument>&b;</ClinicalDocument>"),
            "doctype_refused",
        ),
        (inside("<title>^&nbsp;</title>"), "invalid_xml"),
        (inside("<title>a^&#0;</title>"), "invalid_xml"),
        (inside("<title>a^&lt</title>"), "invalid_xml"),
        (inside("<id root=\"^&x;\"/>"), "invalid_xml"),
        (inside("<id root=\"a\" ^root=\"b\"/>"), "invalid_xml"),
        (inside("<id root=\"a\"^root2=\"b\"/>"), "invalid_xml"),
        (inside("<id root=^a/>"), "invalid_xml"),
        (inside("<id root^/>"), "invalid_xml"),
        (inside("<id root=\"^<\"/>"), "invalid_xml"),
        (inside("<^1/>"), "invalid_xml"),
        (inside("<!-- a --^ b -->"), "invalid_xml"),
        (inside("^<!ELEMENT a>"), "invalid_xml"),
        (inside("^<?xml version=\"1.0\"?>"), "invalid_xml"),
        (inside("a^\u{1}b"), "invalid_xml"),
        (inside("a^]]>b"), "invalid_xml"),
        (inside("<title>a^</id>"), "mismatched_tag"),
        (inside("^</id>"), "mismatched_tag"),
        ("<ClinicalDocument><id>^".into(), "truncated"),
        ("<ClinicalDocument><id roo^".into(), "truncated"),
        ("<ClinicalDocument^".into(), "truncated"),
        ("<ClinicalDocument></Clinical^".into(), "truncated"),
        ("<ClinicalDocument><![CDATA[^".into(), "truncated"),
        ("<ClinicalDocument/>^x".into(), "trailing_data"),
        ("<ClinicalDocument/>^<ClinicalDocument/>".into(), "trailing_data"),
        (
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ClinicalDocument>^\u{e9}</ClinicalDocument>"
                .into(),
            "unsupported_encoding",
        ),
    ];
    for (marked, code) in cases {
        let at = marked.find('^').unwrap();
        let error = Record::parse(marked.replace('^', ""), Some(crate::Format::Ccda)).unwrap_err();
        assert_eq!((error.code(), error.span().unwrap().start), (code, at), "{marked}");
    }
    let error = Record::parse(inside("<recordTarget><patientRole><id></x>"), None).unwrap_err();
    assert_eq!(error.path(), Some("ClinicalDocument/recordTarget/patientRole/id"));
    for source in ["", " \n", "\u{feff}"] {
        assert_eq!(Record::parse(source, Some(crate::Format::Ccda)).unwrap_err().code(), "empty_input");
    }
    let utf16: Vec<u8> = "\u{feff}<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Record::parse(utf16, Some(crate::Format::Ccda)).unwrap_err().code(), "unsupported_encoding");
    let latin = b"<ClinicalDocument>\xe9</ClinicalDocument>".to_vec();
    assert_eq!(Record::parse(latin, None).unwrap_err().code(), "invalid_utf8");
    let ascii =
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>";
    assert!(Record::parse(ascii, None).is_ok());
}

#[test]
fn depth_and_attributes_have_limits() {
    let deep = |levels: usize| {
        format!("<ClinicalDocument>{}{}</ClinicalDocument>", "<a>".repeat(levels), "</a>".repeat(levels))
    };
    let limits = Limits { depth: 10, ..Limits::default() };
    assert!(Record::parse_within(deep(9), None, limits).is_ok());
    assert_eq!(Record::parse_within(deep(10), None, limits).unwrap_err().code(), "too_deep");
    let wide: String = (0..70).map(|n| format!(" a{n}=\"\"")).collect();
    let error = Record::parse(format!("<ClinicalDocument{wide}/>"), None).unwrap_err();
    assert_eq!(error.code(), "too_large");
}

#[test]
fn text_is_read_however_it_is_written() {
    let source = "<ClinicalDocument xmlns='urn:hl7-org:v3'><title> a&amp;b<![CDATA[<c>&amp;]]>&#x41;&#66; </title></ClinicalDocument>";
    let record = Record::parse(source, None).unwrap();
    let title = record.locate("ClinicalDocument/title").unwrap();
    assert_eq!(record.text(title).unwrap(), "a&b<c>&amp;AB");
}

proptest::proptest! {
    /// LAW 1: whatever is removed, the rest parses, and keeps its bytes and order.
    #[test]
    fn removals_leave_well_formed_xml(seed in proptest::collection::vec(0u32..400, 0..40), mask in proptest::bool::ANY) {
        let record = record();
        let mut edits = record.edits();
        for n in seed {
            let id = NodeId(1 + n % (record.tree().len() as u32 - 1));
            if mask { record.withhold(&mut edits, id); } else { edits.remove(id); }
        }
        // Two statements in the place of one node are a conflict, which is an answer too.
        if let Ok(patches) = edits.finish(|id| record.emptied(id)) {
            let out = patches.apply(record.source());
            let left = Record::parse(out.clone(), Some(crate::Format::Ccda));
            proptest::prop_assert!(left.is_ok(), "{}", String::from_utf8_lossy(&out));
        }
    }

    /// Whatever the bytes, reading ends with a tree or an error; a tree's spans lie in the source and in order.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in "[<>/!?\\-\\[\\]a-z \"'=&;#:\u{e9}]{0,60}") {
        let source = format!("<ClinicalDocument>{bytes}</ClinicalDocument>");
        if let Ok(record) = Record::parse(source.clone(), None) {
            let mut last = 0;
            for (_, node) in record.tree().iter() {
                let span = node.member_span();
                proptest::prop_assert!(span.start >= last && span.end <= source.len());
                last = span.start;
            }
        }
    }
}

#[test]
fn a_statement_stands_once_in_an_element() {
    let source = r#"<observation xmlns="urn:hl7-org:v3" classCode="OBS" moodCode="EVN"><code code="1" extension="2" value="3"/></observation>"#;
    let record = Record::parse(source, None).unwrap();
    let mut edits = record.edits();
    let code = record.locate("observation/code").unwrap();
    for attribute in record.tree().children(code) {
        record.withhold(&mut edits, attribute);
    }
    let out = edits.finish(|id| record.emptied(id)).unwrap().apply(source.as_bytes());
    assert!(String::from_utf8(out.clone()).unwrap().contains(r#"<code nullFlavor="MSK"/>"#));
    Record::parse(out, None).unwrap();
}
