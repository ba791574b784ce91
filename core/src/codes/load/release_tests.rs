//! Tests of the loaders of releases and crosswalks: the agencies' own files where they are at hand, and damaged ones.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::codes::{CodeContext, Codes};
use crate::packs::Pack;

fn request(format: &str) -> PackRequest {
    PackRequest {
        format: format.to_owned(),
        release: "test".to_owned(),
        effective_from: Some("2024-10-01".to_owned()),
        effective_to: Some("2025-09-30".to_owned()),
        ..PackRequest::default()
    }
}

fn load(codes: &mut Codes, format: &str, source: &[u8]) {
    codes.load(Pack::load(compile(source, &request(format)).unwrap()).unwrap()).unwrap();
}

fn refused(format: &str, source: &[u8]) -> (&'static str, Option<usize>) {
    let error = compile(source, &request(format)).unwrap_err();
    (error.code(), error.line())
}

fn shared(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/codes").join(name);
    let found = std::fs::read(&path).ok();
    if found.is_none() {
        println!("skipped: {name} is not here");
    }
    found
}

/// The codes of the release that was loaded.
fn reportable(codes: &Codes) -> Vec<crate::codes::CodeName> {
    codes.system("icd10pcs").unwrap().1.reportable("test").unwrap()
}

/// The codes of an official order file, and which of them may be reported.
fn official(archive: &[u8], system: &str, year: u16) -> Vec<(String, bool)> {
    let member =
        archive::member(archive, |name| name.ends_with(&format!("{system}_order_{year}.txt"))).unwrap();
    let text = archive::text(&member);
    text.lines().map(|line| (line[6..14].trim().to_owned(), &line[14..15] == "1")).collect()
}

#[test]
fn every_order_file_is_read_whole() {
    for year in 2014..=2026 {
        if let Some(archive) = shared(&format!("cms_{year}_dx.zip")) {
            // A list of ICD-10-CM that holds exactly the file's codes and flags.
            let release = Release { name: "r".into(), from: "2001-10-01".into(), to: "2002-09-30".into() };
            let source = order::diagnoses(&archive, release).unwrap();
            let mut ours = BTreeSet::new();
            for row in &source.rows {
                use crate::codes::icd10cm::RowState::{Billable, NeedsSeventh};
                ours.insert((row.code.clone(), row.states[0] == Billable));
                if let NeedsSeventh(set) = row.states[0] {
                    for (character, _) in &source.sevenths[usize::from(set)] {
                        ours.insert((format!("{:X<6}{character}", row.code), true));
                    }
                }
            }
            let theirs: BTreeSet<(String, bool)> = official(&archive, "icd10cm", year).into_iter().collect();
            assert!(ours == theirs, "FY{year}");
        }
        if let Some(archive) = shared(&format!("cms_{year}_pr.zip")) {
            let mut codes = Codes::default();
            load(&mut codes, "icd10pcs-order", &archive);
            let ours: Vec<String> = reportable(&codes).into_iter().map(|name| name.code).collect();
            let theirs = official(&archive, "icd10pcs", year).into_iter().filter(|(_, valid)| *valid);
            let theirs: Vec<String> = theirs.map(|(code, _)| code).collect();
            assert!(ours == theirs, "FY{year}");
            assert!(reportable(&codes).iter().all(|name| !name.title.is_empty()));
        }
    }
}

#[test]
fn the_tables_expand_to_the_order_file() {
    let (Some(tables), Some(order)) = (shared("icd10pcs_tables_2025.xml"), shared("cms_2025_pr.zip")) else {
        return;
    };
    let mut codes = Codes::default();
    load(&mut codes, "icd10pcs-tables", &tables);
    let ours: Vec<String> = reportable(&codes).into_iter().map(|name| name.code).collect();
    let theirs = official(&order, "icd10pcs", 2025).into_iter().filter(|(_, valid)| *valid);
    let theirs: Vec<String> = theirs.map(|(code, _)| code).collect();
    assert_eq!(ours.len(), 78_948);
    assert!(ours == theirs);
    let verdict = codes.validate("icd10pcs", "XW0DXZZ", &CodeContext::default()).unwrap().record();
    assert!(verdict.detail.unwrap().contains("device / substance / technology"));
    // With the order file loaded too, the codes have their titles.
    load(&mut codes, "icd10pcs-order", &order);
    assert!(reportable(&codes).iter().all(|name| !name.title.is_empty()));
}

fn line(number: usize, code: &str, flag: char, title: &str) -> String {
    format!("{number:05} {code:<7} {flag} {title:<60} {title}\r\n")
}

#[test]
fn a_damaged_order_file_is_refused_with_its_line() {
    let good =
        [line(1, "A00", '0', "Cholera"), line(2, "A000", '1', "Cholera one"), line(3, "Z00", '1', "Last")]
            .concat();
    let mut codes = Codes::default();
    load(&mut codes, "icd10cm-order", good.as_bytes());
    let judged = |code: &str| codes.validate("icd10cm", code, &CodeContext::default()).unwrap().record();
    assert_eq!(judged("A00.0").title.as_deref(), Some("Cholera one"));
    assert_eq!(judged("A00").reason, Some("not_billable"));
    for (bad, expected) in [
        (good.replace("00003", "00004"), 3),
        (good.replace("00002 A000    1", "00002 A000    2"), 2),
        (good[..good.len() - 1].to_owned(), 3),
        (good.lines().take(2).map(|line| format!("{line}\n")).collect(), 2),
        (good.replace(" Cholera one\r", "\r"), 2),
        ("no order file\n".to_owned(), 1),
        (String::new(), 1),
    ] {
        assert_eq!(refused("icd10cm-order", bad.as_bytes()), ("source_malformed", Some(expected)), "{bad}");
    }
    assert_eq!(refused("icd10pcs-order", b"PK\x03\x04no").0, "source_malformed");
    let undated = PackRequest { effective_to: None, ..request("icd10cm-order") };
    assert_eq!(compile(good.as_bytes(), &undated).unwrap_err().code(), "invalid_argument");
    for cut in 0..good.len() {
        assert!(compile(&good.as_bytes()[..cut], &request("icd10cm-order")).is_err(), "{cut}");
    }
}

const TABLES: &str = r#"<ICD10PCS.tabular><pcsTable>
<axis pos="1" values="1"><label code="0">Medical &amp; Surgical</label></axis>
<axis pos="2" values="1"><label code="D">Gut</label></axis><axis pos="3" values="1"><label code="T">Resection</label></axis>
<pcsRow codes="2"><axis pos="4" values="1"><label code="J">Appendix</label></axis>
<axis pos="5" values="2"><label code="0">Open</label><label code="4">Endoscopic</label></axis>
<axis pos="6" values="1"><label code="Z">No Device</label></axis><axis pos="7" values="1"><label code="Z">No Qualifier</label></axis>
</pcsRow></pcsTable></ICD10PCS.tabular>"#;

#[test]
fn damaged_tables_are_refused_with_their_line() {
    let mut codes = Codes::default();
    load(&mut codes, "icd10pcs-tables", TABLES.as_bytes());
    let info = codes.info("icd10pcs", "0", &CodeContext::default()).unwrap().unwrap();
    assert_eq!((info.title.as_str(), info.children[0].title.as_str()), ("Medical & Surgical", "Gut"));
    for (bad, expected) in [
        (TABLES.replace("codes=\"2\"", "codes=\"3\""), 4),
        (TABLES.replace("pos=\"5\" values=\"2\"", "pos=\"5\" values=\"1\""), 5),
        (TABLES.replace("pos=\"6\"", "pos=\"5\""), 6),
        (TABLES.replace("code=\"J\"", "code=\"JJ\""), 4),
        (TABLES.replace("</pcsTable>", ""), 7),
        ("<a/>".to_owned(), 1),
        ("<a>".repeat(100_000), 1),
    ] {
        let bad_start = &bad[..bad.len().min(40)];
        assert_eq!(
            refused("icd10pcs-tables", bad.as_bytes()),
            ("source_malformed", Some(expected)),
            "{bad_start}"
        );
    }
    for cut in 0..TABLES.len() {
        assert!(compile(&TABLES.as_bytes()[..cut], &request("icd10pcs-tables")).is_err(), "{cut}");
    }
}

#[test]
fn a_tabular_list_is_read() {
    const LIST: &str = "<ICD10CM.tabular><chapter><name>1</name><desc>All (A00-B99)</desc><section id=\"A00-A09\">\n<desc>Gut \
        (A00-A09)</desc><diag><name>A00</name><desc>Cholera</desc><excludes1><note>x (A01)</note></excludes1>\n<diag><name>A00.0\
        </name><desc>One</desc></diag></diag></section></chapter></ICD10CM.tabular>";
    let mut codes = Codes::default();
    load(&mut codes, "icd10cm-tabular", LIST.as_bytes());
    let info = codes.info("icd10cm", "A000", &CodeContext::default()).unwrap().unwrap();
    assert_eq!((info.title.as_str(), info.notes.len(), info.parents.len()), ("One", 1, 3));
    assert_eq!(
        refused("icd10cm-tabular", LIST.replace("<desc>One</desc>", "").as_bytes()),
        ("source_malformed", Some(3))
    );
    assert_eq!(refused("icd10cm-tabular", b"<a/>"), ("source_malformed", Some(1)));
}

#[test]
fn what_came_before_and_after_a_code_is_shown() {
    let table = "Current code assignment\tEffective\tPrevious Code(s) Assignment\nE66.813\t2024\tE66.01, E66.8\n\
                 J12.82\t2021-01-01\tB97.29 and J12.89\nZ99.99\t2020\tNone\n";
    let mut codes = Codes::embedded().unwrap();
    load(&mut codes, "icd10cm-conversion", table.as_bytes());
    let on = CodeContext::on("2025-02-10").unwrap();
    let info = codes.info("icd10cm", "E66.813", &on).unwrap().unwrap();
    let found: Vec<_> =
        info.relations.iter().map(|r| (r.kind.as_str(), r.code.as_deref().unwrap())).collect();
    assert_eq!(found, [("predecessor", "E66.01"), ("predecessor", "E66.8")]);
    assert_eq!(info.relations[0].detail.as_deref(), Some("from 2024-10-01: E66.01, E66.8"));
    assert!(info.relations[0].title.is_some());
    let info = codes.info("icd10cm", "B97.29", &on).unwrap().unwrap();
    assert_eq!(
        (info.relations[0].kind.as_str(), info.relations[0].code.as_deref()),
        ("successor", Some("J12.82"))
    );
    // A code that was split is answered with what came in its place.
    let verdict = codes.validate("icd10cm", "E66.8", &on).unwrap().record();
    assert_eq!((verdict.reason, verdict.suggestions[0].as_str()), (Some("not_billable"), "E66.813"));
    assert_eq!(refused("icd10cm-conversion", b"E66.813\tsoon\tE66.01\n"), ("source_malformed", Some(1)));
    assert_eq!(refused("icd10cm-conversion", b"nothing\n").0, "source_malformed");

    let Some(workbook) = shared("icd10cm_conversion_2026.xlsx") else { return };
    let mut codes = Codes::embedded().unwrap();
    load(&mut codes, "icd10cm-conversion", &workbook);
    let info = codes.info("icd10cm", "C56.3", &on).unwrap().unwrap();
    let found: Vec<_> = info.relations.iter().map(|r| r.code.as_deref().unwrap()).collect();
    assert_eq!(found, ["C56.1", "C56.2"]);
    assert_eq!(codes.packs().iter().find(|pack| pack.system == "icd10cm-conversion").unwrap().rows, 7_907);
}

#[test]
fn equivalents_and_groups_are_shown() {
    let mut codes = Codes::embedded().unwrap();
    load(
        &mut codes,
        "gem-icd10cm",
        b"E119    25000   10000\r\nE1010   25011   10111\r\nT0000XA NoDx    11000\r\n",
    );
    load(&mut codes, "gem-icd9cm", b"25000   E119    10000\nV5789 Z5189 10000\n");
    load(&mut codes, "gem-icd10pcs", b"0DTJ4ZZ 4701    00000\n");
    load(&mut codes, "gem-icd9cm-procedures", b"4701  0DTJ4ZZ 00000\n0014  NoPCS   11000\n");
    let back = codes.info("icd9cm-procedures", "4701", &CodeContext::default()).unwrap().unwrap();
    assert_eq!((back.code.as_str(), back.relations[0].code.as_deref()), ("47.01", Some("0DTJ4ZZ")));
    let none = codes.info("icd9cm-procedures", "00.14", &CodeContext::default()).unwrap().unwrap();
    assert_eq!(
        (none.relations[0].code.as_deref(), none.relations[0].detail.as_deref()),
        (None, Some("no map"))
    );
    let ccsr = "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP','CCSR CATEGORY 1',\
                'CCSR CATEGORY 1 DESCRIPTION','CCSR CATEGORY 2','CCSR CATEGORY 2 DESCRIPTION'\n\
                'E119',\"Type 2 diabetes\",'END002','END002',\"Diabetes without complication\",' ',\" \"\n";
    load(&mut codes, "ccsr-dx", ccsr.as_bytes());
    let on = CodeContext::on("2025-02-10").unwrap();
    let info = codes.info("icd10cm", "e119", &on).unwrap().unwrap();
    let found: Vec<_> = info
        .relations
        .iter()
        .map(|r| {
            (r.kind.as_str(), r.system.as_str(), r.code.as_deref().unwrap(), r.detail.as_deref().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("maps_to", "icd9cm", "250.00", "approximate"),
            ("group", "ccsr-dx", "END002", "default, inpatient")
        ]
    );
    assert_eq!(info.relations[1].title.as_deref(), Some("Diabetes without complication"));
    let combined = codes.info("icd10cm", "E10.10", &on).unwrap().unwrap();
    assert_eq!(
        combined.relations[0].detail.as_deref(),
        Some("approximate, combination: scenario 1, choice list 1")
    );
    let back = codes.info("icd9cm", "25000", &on).unwrap().unwrap();
    assert_eq!((back.code.as_str(), back.title.as_str()), ("250.00", ""));
    assert_eq!(back.relations[0].title.as_deref(), Some("Type 2 diabetes mellitus without complications"));
    assert!(codes.info("icd9cm", "999.99", &on).unwrap().is_none());
    let procedure = codes.info("icd10pcs", "0DTJ4ZZ", &on).unwrap().unwrap();
    assert_eq!(procedure.relations[0].code.as_deref(), Some("47.01"));
    assert_eq!(
        refused("gem-icd10cm", b"E119    25000   10000\nE119    25000   1000"),
        ("source_malformed", Some(2))
    );
    assert_eq!(refused("ccsr-dx", b"'ICD-10-CM CODE'\n"), ("source_malformed", Some(1)));
    assert_eq!(refused("ccsr-pr", b"x,y\n"), ("source_malformed", Some(1)));
}
