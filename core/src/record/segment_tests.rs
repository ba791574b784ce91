//! Which parts of a record can be withheld each by itself, in every format.

use super::*;
use crate::formats::segment::Segment;

/// Every segment: the path of its unit, its kind, the path of what it goes with, the paths of its rows.
fn segments(record: &Record) -> Vec<(String, &'static str, Option<String>, Vec<String>)> {
    let all = record.segments();
    let path = |id: NodeId| record.path(id);
    let describe = |segment: &Segment| {
        let with = segment.goes_with.map(|at| path(all.all()[at].unit));
        (
            path(segment.unit),
            segment.kind.as_str(),
            with,
            segment.narrative.iter().map(|row| path(*row)).collect(),
        )
    };
    all.all().iter().map(describe).collect()
}

#[test]
fn a_document_is_its_header_sections_and_entries() {
    let record = Record::parse(include_str!("../../testdata/small.ccda.xml"), None).unwrap();
    let section = "ClinicalDocument/component/structuredBody/component[0]";
    let rows = |number: usize| vec![format!("{section}/section/text/table[0]/tbody[0]/tr[{number}]")];
    let document = || Some("ClinicalDocument".to_owned());
    let of_section = || Some(section.to_owned());
    assert_eq!(
        segments(&record),
        [
            ("ClinicalDocument".to_owned(), "document", None, vec![]),
            ("ClinicalDocument/recordTarget[0]".to_owned(), "person", document(), vec![]),
            ("ClinicalDocument/author[0]".to_owned(), "practitioner", document(), vec![]),
            ("ClinicalDocument/custodian".to_owned(), "organisation", document(), vec![]),
            (section.to_owned(), "condition", document(), vec![]),
            (format!("{section}/section/entry[0]"), "condition", of_section(), rows(0)),
            (format!("{section}/section/entry[1]"), "result", of_section(), rows(1)),
        ]
    );
    let (all, tree) = (record.segments(), record.tree());
    let of = |path: &str| all.of(tree, record.locate(path).unwrap());
    assert_eq!(of("ClinicalDocument/title"), [0]);
    assert_eq!(of("ClinicalDocument/recordTarget[0]/patientRole/id[0]/@root"), [1]);
    assert_eq!(of(&format!("{section}/section/title")), [4]);
    assert_eq!(of(&format!("{section}/section/text")), [4]);
    assert_eq!(of(&format!("{section}/section/text/table[0]/tbody[0]/tr[0]/td[0]")), [5]);
    assert_eq!(of(&format!("{section}/section/text/table[0]/tbody[0]/tr[1]/td[0]")), [6]);
    assert_eq!(of(&format!("{section}/section/entry[1]/observation/value[0]/@unit")), [6]);
}

/// A document with one section.
fn document(section: &str) -> Record {
    let source = format!(
        r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>{section}</section></component></structuredBody></component></ClinicalDocument>"#
    );
    Record::parse(source, None).unwrap()
}

fn observation(reference: &str) -> String {
    format!(
        r##"<entry><observation classCode="OBS" moodCode="EVN"><code nullFlavor="NI"/><text><reference value="#{reference}"/></text></observation></entry>"##
    )
}

#[test]
fn a_row_is_of_every_entry_that_points_into_it() {
    let record = document(&format!(
        r#"<text><paragraph ID="p">a</paragraph><table ID="t"><tbody><tr><td><content ID="x">b</content></td><td ID="y">c</td></tr></tbody></table><list><item><content ID="i">d</content></item><item>e</item></list></text>{}{}{}{}{}"#,
        observation("x"),
        observation("y"),
        observation("i"),
        observation("p"),
        observation("nowhere")
    ));
    let found = segments(&record);
    let text = "ClinicalDocument/component/structuredBody/component[0]/section/text";
    let rows: Vec<_> = found.iter().skip(2).map(|(.., rows)| rows.clone()).collect();
    let row = format!("{text}/table[0]/tbody[0]/tr[0]");
    let item = format!("{text}/list[0]/item[0]");
    let paragraph = format!("{text}/paragraph[0]");
    assert_eq!(rows, [vec![row.clone()], vec![row.clone()], vec![item], vec![paragraph], vec![]]);
    let (all, tree) = (record.segments(), record.tree());
    assert_eq!(all.of(tree, record.locate(&format!("{row}/td[1]")).unwrap()), [2, 3]);
    assert_eq!(all.of(tree, record.locate(&format!("{text}/list[0]/item[1]")).unwrap()), [1]);
}

#[test]
fn sections_say_what_they_hold() {
    let kind = |section: &str| segments(&document(section)).last().unwrap().1;
    assert_eq!(kind(r#"<code code="48765-2"/><text>None</text>"#), "allergy");
    assert_eq!(kind(r#"<templateId root="2.16.840.1.113883.10.20.22.2.21.1"/><code code="X"/>"#), "consent");
    assert_eq!(kind(r#"<code code="8648-8"/><text>She came in.</text>"#), "document");
    // A section in a section goes with it.
    let nested = document(r#"<component><section><code code="11369-6"/></section></component>"#);
    let found = segments(&nested);
    assert_eq!((found.len(), found[2].1, found[2].2.as_ref()), (3, "immunization", Some(&found[1].0)));
}

#[test]
fn a_body_that_is_a_file_is_a_segment() {
    let source = r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text mediaType="text/plain" representation="B64">aGk=</text></nonXMLBody></component></ClinicalDocument>"#;
    let found = segments(&Record::parse(source, None).unwrap());
    assert_eq!((found.len(), found[1].0.as_str(), found[1].1), (2, "ClinicalDocument/component", "document"));
}

#[test]
fn results_go_with_their_order() {
    let source = "MSH|^~\\&|A\rPID|1||7\rPV1|1|I\rOBX|1|NM|8302-2^^LN||1\rORC|RE\rOBR|1|||24331-1^^LN\rOBX|1|NM|1-8^^LN||1\rNTE|1||x\r\
        OBR|2|||24332-1^^LN\rSPM|1\rOBX|1|NM|2-8^^LN||1\rDG1|1||I10^^I10\rOBX|9|NM|1-8^^LN||1\rMSH|^~\\&|A\rPID|1||8\rOBX|1|NM|1-8^^LN||1\r";
    let record = Record::parse(source, None).unwrap();
    let of = |name: &str, with: &str| (format!("message[1].{name}"), Some(format!("message[1].{with}")));
    let found: Vec<_> = segments(&record)
        .into_iter()
        .filter_map(|(path, _, with, _)| with.map(|with| (path, Some(with))))
        .collect();
    assert_eq!(found, [of("ORC", "OBR"), of("OBX[2]", "OBR"), of("SPM", "OBR[2]"), of("OBX[3]", "OBR[2]"),]);
    let all = record.segments();
    let note = record.locate("message[1].NTE-3").unwrap();
    let owner = &all.all()[all.of(record.tree(), note)[0]];
    assert_eq!(record.path(owner.node), "message[1].OBX[2]");
}

#[test]
fn an_entry_of_a_bundle_goes_whole() {
    let source = r#"{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization"}]}},{"resource":{"resourceType":"Account"}}]}"#;
    let found = segments(&Record::parse(source, None).unwrap());
    let paths: Vec<_> = found.iter().map(|(path, kind, ..)| (path.as_str(), *kind)).collect();
    assert_eq!(paths, [("Bundle.entry[0]", "person"), ("Bundle.entry[1]", "account")]);
}
