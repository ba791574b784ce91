//! Tests of ICD-10-CM: a small list of three releases, the embedded one, and the official order file.

use std::io::{Cursor, Read};
use std::path::Path;

use proptest::prelude::*;

use super::list::Place;
use super::*;
use crate::codes::{Codes, VerdictRecord};

fn codes() -> &'static Codes {
    static CODES: std::sync::OnceLock<Codes> = std::sync::OnceLock::new();
    CODES.get_or_init(|| Codes::embedded().unwrap())
}

fn judge(code: &str) -> VerdictRecord {
    codes().validate("icd10cm", code, &CodeContext::on("2026-03-14").unwrap()).unwrap().record()
}

fn reason(code: &str) -> &'static str {
    judge(code).reason.unwrap_or("")
}

/// Every code of a release in tabular order: code, title, billable.
fn listed_on(day: &str) -> Vec<(String, String, bool)> {
    let on = Some(day.parse().unwrap());
    let edition = codes().icd10cm.edition(codes().icd10cm.term(on).0).unwrap();
    let mut out = Vec::new();
    for row in 0..edition.list.rows() {
        let itself = Place { row, seventh: 0 };
        for place in std::iter::once(itself).chain(edition.completions(row)) {
            let state = edition.list.state_of(place, edition.release);
            if state != RowState::Absent {
                let code = edition.list.key(place).dotted().as_str().replace('.', "");
                let title = edition.title(place).unwrap_or_default();
                out.push((code, title, state == RowState::Billable));
            }
        }
    }
    out
}

fn listed() -> Vec<(String, String, bool)> {
    listed_on("2026-09-30")
}

#[test]
fn the_embedded_releases_are_whole() {
    let count = |day: &str| {
        let rows = listed_on(day);
        (rows.len(), rows.iter().filter(|(_, _, billable)| *billable).count())
    };
    for (day, codes, billable) in [
        ("2019-09-30", 94_444, 71_932),
        ("2020-03-31", 94_765, 72_184),
        ("2020-04-01", 94_768, 72_186),
        ("2021-01-01", 95_358, 72_621),
        ("2022-04-01", 95_528, 72_750),
        ("2023-04-01", 96_795, 73_674),
        ("2024-01-01", 97_296, 74_044),
        ("2025-04-15", 97_584, 74_260),
        ("2026-09-30", 98_186, 74_719),
    ] {
        assert_eq!(count(day), (codes, billable), "{day}");
    }
    // What the agencies announced for the first months of a year that changed in its middle.
    for (day, billable) in [("2020-12-31", 72_616), ("2022-03-31", 72_748), ("2023-03-31", 73_639)] {
        assert_eq!(count(day).1, billable, "{day}");
    }
}

#[test]
fn a_year_can_change_in_its_middle() {
    let on = |day: &str, code: &str| {
        let record = codes().validate("icd10cm", code, &CodeContext::on(day).unwrap()).unwrap().record();
        (record.status, record.reason.unwrap_or(""), record.release.unwrap())
    };
    for (code, day, expected) in [
        ("U07.1", "2020-03-31", ("invalid", "not_yet_effective", "FY2020")),
        ("U07.1", "2020-04-01", ("valid", "", "FY2020 (2020-04)")),
        ("M35.8", "2020-12-31", ("valid", "", "FY2021")),
        ("M35.8", "2021-01-01", ("invalid", "not_billable", "FY2021 (2021-01)")),
        ("M35.81", "2020-12-31", ("invalid", "not_yet_effective", "FY2021")),
        ("Z28.310", "2022-04-01", ("valid", "", "FY2022 (2022-04)")),
        ("Z59.1", "2023-03-31", ("valid", "", "FY2023")),
        ("T74.A1XA", "2023-03-31", ("invalid", "not_yet_effective", "FY2023")),
        ("T74.A1XA", "2023-04-01", ("valid", "", "FY2023 (2023-04)")),
        ("Y07.0", "2023-03-31", ("invalid", "not_billable", "FY2023")),
    ] {
        let (status, reason, release) = expected;
        assert_eq!(on(day, code), (status, reason, release.to_owned()), "{code} {day}");
    }
    // The additions of two years, 252 and 487, are not codes yet.
    let on = CodeContext::on("2024-04-15").unwrap();
    let early = |code: &String| !codes().validate("icd10cm", code, &on).unwrap().is_valid();
    assert_eq!(listed().iter().filter(|(code, _, billable)| *billable && early(code)).count(), 739);
}

#[test]
fn every_code_is_judged_as_listed_however_it_is_written() {
    for (code, _, billable) in listed() {
        let dotted = if code.len() > 3 { format!("{}.{}", &code[..3], &code[3..]) } else { code.clone() };
        let context = CodeContext::on("2026-09-30").unwrap();
        for text in [&code, &dotted, &dotted.to_lowercase(), &format!(" {dotted}\n")] {
            let verdict = codes().validate("icd10cm", text, &context).unwrap();
            assert_eq!(verdict.is_valid(), billable, "{code}");
            assert_eq!(verdict.billable(), Some(billable), "{code}");
            assert_eq!(verdict.code(), Some(dotted.as_str()));
            if !billable {
                assert!(matches!(verdict.reason(), Some("not_billable" | "missing_7th_character")), "{code}");
            }
        }
    }
}

#[test]
fn every_suggestion_may_be_used() {
    let headers = listed().into_iter().filter(|(_, _, billable)| !billable).map(|(code, _, _)| code);
    for code in
        headers.step_by(7).chain(["EO3.9", "E11.91", "W00.0XXZ", "T36.01A", "S72.3", "1A1"].map(String::from))
    {
        let verdict = judge(&code);
        assert!(verdict.suggestions.len() <= 16);
        for suggestion in &verdict.suggestions {
            assert_eq!(judge(suggestion).status, "valid", "{suggestion} for {code}");
        }
        if verdict.reason == Some("not_billable") {
            assert!(verdict.suggestions.iter().all(|s| s.starts_with(verdict.code.as_deref().unwrap())));
            assert!(!verdict.suggestions.is_empty());
        }
    }
}

#[test]
fn letters_in_second_place_are_codes() {
    for valid in
        ["QA00101", "QA0.0101", "U07.0", "U07.1", "U09.9", "C4A.9", "M1A.9XX0", "O9A.111", "Z3A.00", "Y93.I1"]
    {
        assert_eq!(judge(valid).status, "valid", "{valid}");
    }
    for header in ["QA0", "U07", "C4A", "M1A", "Y93.I"] {
        assert_eq!(reason(header), "not_billable", "{header}");
    }
}

#[test]
fn a_code_without_its_7th_character_is_completed() {
    for text in ["W00.0", "w000", "W00.0X", "W00.0XX"] {
        let verdict = judge(text);
        assert_eq!(verdict.reason, Some("missing_7th_character"), "{text}");
        assert_eq!(verdict.suggestions, ["W00.0XXA", "W00.0XXD", "W00.0XXS"]);
    }
    assert_eq!(judge("S72.301").suggestions.len(), 16);
    assert_eq!(judge("E08.37").suggestions, ["E08.37X1", "E08.37X2", "E08.37X3", "E08.37X9"]);
    // A death before regaining consciousness has no subsequent encounter.
    assert_eq!(judge("S06.0X0").suggestions.len(), 3);
    assert_eq!(judge("S06.1X7").suggestions, ["S06.1X7A"]);
    assert_eq!(reason("S06.1X7D"), "not_found");
}

#[test]
fn a_missing_placeholder_is_put_in() {
    for (text, fixed) in [
        ("T36.01A", "T36.0X1A"),
        ("T3601A", "T36.0X1A"),
        ("T360.1A", "T36.0X1A"),
        ("W00.0A", "W00.0XXA"),
        ("W00.0XA", "W00.0XXA"),
        ("W03A", "W03.XXXA"),
        ("J09.1", "J09.X1"),
        ("E08.371", "E08.37X1"),
        ("M1A.90", "M1A.9XX0"),
    ] {
        let verdict = judge(text);
        assert_eq!(verdict.reason, Some("placeholder_required"), "{text}");
        assert_eq!(verdict.suggestions, [fixed], "{text}");
        assert_eq!(verdict.title, None);
    }
    assert_eq!(judge("T36.01").suggestions, ["T36.0X1A", "T36.0X1D", "T36.0X1S"]);
}

#[test]
fn slips_are_pointed_out_and_not_mended() {
    for (text, meant) in [
        ("EO3.9", "E03.9"),
        ("EI1.9", "E11.9"),
        ("0O9", "O09.00"),
        ("E1.19", "E11.9"),
        ("Ｅ１１．９", "E11.9"),
        ("E11 .9", "E11.9"),
        ("E-11.9", "E11.9"),
    ] {
        let verdict = judge(text);
        assert_eq!((verdict.status, verdict.reason), ("invalid", Some("malformed")), "{text}");
        assert_eq!(verdict.suggestions.first().map_or("", String::as_str), meant, "{text}");
    }
    assert_eq!(judge("E11.91").suggestions[0], "E11.9");
    assert_eq!(judge("E91.1").reason, Some("not_found"));
    assert!(judge("I01.0").status == "valid" && judge("I1O").suggestions.contains(&"I10".to_owned()));
    assert_eq!(judge("W00.0XXZ").suggestions, ["W00.0XXA", "W00.0XXD", "W00.0XXS"]);
}

#[test]
fn what_is_no_code_is_malformed_and_quick() {
    for text in ["", "\0", "E11\0.9", "😀😀😀", "E11.9E11.9", "１２３"] {
        assert_eq!(reason(text), "malformed");
    }
    for unit in ["E", " ", "\u{ff11}", "\0", "é"] {
        assert_eq!(reason(&unit.repeat(10_000_000)), "malformed");
    }
}

#[test]
fn a_date_that_no_release_covers_is_unknown() {
    let on = |day: &str, code: &str| {
        codes().validate("icd10cm", code, &CodeContext::on(day).unwrap()).unwrap().record()
    };
    for day in [
        "2015-10-01",
        "2027-03-31",
        "2018-10-01",
        "2020-03-31",
        "2020-04-01",
        "2025-09-30",
        "2025-10-01",
        "2026-09-30",
    ] {
        assert_eq!(on(day, "E11.9").status, "valid");
    }
    for (day, release, dates) in [
        ("2015-09-30", "FY2016", "2015-10-01 to 2016-09-30"),
        ("1999-01-01", "FY2016", "2015-10-01 to 2016-09-30"),
        ("2027-04-01", "FY2027", "2026-10-01 to 2027-03-31"),
        ("2038-01-19", "FY2027", "2026-10-01 to 2027-03-31"),
    ] {
        let verdict = on(day, "E11.9");
        assert_eq!((verdict.status, verdict.reason), ("unknown", Some("not_covered")), "{day}");
        assert_eq!((verdict.billable, verdict.release.as_deref()), (Some(true), Some(release)));
        assert!(verdict.detail.unwrap().contains(dates));
    }
    assert_eq!(on("2031-04-15", "E11").suggestions[0], "E11.8");
    assert_eq!(on("2031-04-15", "?").reason, Some("malformed"));
}

#[test]
fn a_code_stands_in_its_hierarchy() {
    let entry = codes().entry("icd10cm", "w000xxa", &CodeContext::default()).unwrap().unwrap();
    let above: Vec<&str> = entry.parents.iter().map(|name| name.code.as_str()).collect();
    assert_eq!(above, ["20", "W00-W19", "W00", "W00.0"]);
    assert_eq!(entry.title, "Fall on same level due to ice and snow, initial encounter");
    let entry = codes().entry("icd10cm", "E11.3", &CodeContext::default()).unwrap().unwrap();
    assert_eq!(entry.children.first().unwrap().code, "E11.31");
    assert!(!entry.billable);
    assert_eq!(codes().entry("icd10cm", "E11.7", &CodeContext::default()).unwrap(), None);
}

#[test]
fn titles_are_searched() {
    let best = |query: &str| {
        let hits = codes().find("icd10cm", query, &CodeContext::default(), 5).unwrap();
        hits.first().map(|hit| hit.code.clone()).unwrap_or_default()
    };
    for (query, code) in [
        ("cholera", "A00.9"),
        ("type 2 diabetes without complications", "E11.9"),
        ("diabetes mellitus TYPE 2, without complication", "E11.9"),
        ("essential hypertension", "I10"),
        ("Ménière's disease left ear", "H81.02"),
        ("meniere disease left", "H81.02"),
        ("fall same level ice snow subsequent encounter", "W00.0XXD"),
        ("fractures of shaft of right femur displaced transverse initial closed", "S72.321A"),
        ("e11.9", "E11.9"),
        ("W00.0", "W00.0"),
        ("appendic", "K37"),
    ] {
        assert_eq!(best(query), code, "{query}");
    }
    let hits = codes().find("icd10cm", "left knee pain", &CodeContext::default(), 3).unwrap();
    assert_eq!((hits[0].code.as_str(), hits.len()), ("M25.562", 3));
    assert!(hits[0].score > 0.99 && hits[1].score < hits[0].score);
    assert_eq!(hits[0].why, ["left", "knee", "pain"]);
    assert!(codes().find("icd10cm", "of the", &CodeContext::default(), 5).unwrap().is_empty());
    assert!(codes().find("icd10cm", "cholera", &CodeContext::default(), 0).unwrap().is_empty());
    assert!(codes().find("icd10cm", &"zq".repeat(5_000_000), &CodeContext::default(), 5).unwrap().is_empty());
}

/// A list of three releases: A01 lost A01.1, then gained A01.2; A02 took 7th characters later.
fn three_releases() -> Codes {
    use RowState::{Absent, Billable, Header, NeedsSeventh};
    let row = |code: &str, title: &str, states: [RowState; 3]| Row {
        code: code.into(),
        title: title.into(),
        states: states.to_vec(),
        other_titles: Vec::new(),
    };
    let release =
        |name: &str, from: &str, to: &str| Release { name: name.into(), from: from.into(), to: to.into() };
    let source = TabularSource {
        releases: vec![
            release("FY1", "2001-10-01", "2002-09-30"),
            release("FY2", "2002-10-01", "2003-09-30"),
            release("FY4", "2004-10-01", "2005-09-30"),
        ],
        rows: vec![
            row("A01", "First", [Header, Header, Header]),
            row("A011", "First, old", [Billable, Absent, Absent]),
            row("A012", "First, new", [Absent, Absent, Billable]),
            row("A013", "First, always", [Billable, Billable, Billable]),
            row("A02", "Second", [Billable, NeedsSeventh(0), NeedsSeventh(1)]),
        ],
        sevenths: vec![vec![('A', "now".into())], vec![('B', "then".into())]],
        blocks: vec![Block { id: "1".into(), title: "All".into(), first: 0, rows: 5 }],
        note_releases: vec![],
        notes: vec![],
    };
    let info: PackInfo = serde_json::from_str(
        r#"{"name":"t","system":"icd10cm","release":"FY1-FY4","effective_from":null,"effective_to":null,"rows":5,
            "licence":"none","source":"here"}"#,
    )
    .unwrap();
    let mut codes = Codes::default();
    codes.load(Pack::load(source.compile(info).unwrap()).unwrap()).unwrap();
    codes
}

#[test]
fn the_date_of_service_chooses_the_release() {
    let codes = three_releases();
    let on = |day: &str, code: &str| {
        let record = codes.validate("icd10cm", code, &CodeContext::on(day).unwrap()).unwrap().record();
        (record.status, record.reason.unwrap_or(""), record.release.unwrap())
    };
    let expect = |a, b, c: &str| (a, b, c.to_owned());
    assert_eq!(on("2002-01-01", "A01.1"), expect("valid", "", "FY1"));
    assert_eq!(on("2003-01-01", "A01.1"), expect("invalid", "retired", "FY2"));
    assert_eq!(on("2003-01-01", "A01.2"), expect("invalid", "not_yet_effective", "FY2"));
    assert_eq!(on("2005-01-01", "A01.2"), expect("valid", "", "FY4"));
    assert_eq!(on("2002-01-01", "A02"), expect("valid", "", "FY1"));
    assert_eq!(on("2003-01-01", "A02"), expect("invalid", "missing_7th_character", "FY2"));
    assert_eq!(on("2003-01-01", "A02.XXXA"), expect("valid", "", "FY2"));
    assert_eq!(on("2005-01-01", "A02.XXXA"), expect("invalid", "retired", "FY4"));
    assert_eq!(on("2003-01-01", "A02.XXXB"), expect("invalid", "not_yet_effective", "FY2"));
    assert_eq!(on("2003-10-31", "A01.3"), expect("unknown", "not_covered", "FY2"));
    assert_eq!(on("2004-09-30", "A01.3"), expect("unknown", "not_covered", "FY4"));
    let retired = codes.validate("icd10cm", "A011", &CodeContext::on("2005-01-01").unwrap()).unwrap();
    assert_eq!(retired.title().unwrap(), "First, old");
    assert_eq!(retired.suggestions(), ["A01.2", "A01.3"]);
    assert_eq!(retired.detail().unwrap(), "not in FY4; last in FY1, until 2002-09-30");
    let hits = codes.find("icd10cm", "first", &CodeContext::on("2003-01-01").unwrap(), 9).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.code.as_str()).collect::<Vec<_>>(), ["A01.3", "A01"]);
}

#[test]
fn a_damaged_pack_is_refused_and_never_panics() {
    let bytes = include_bytes!("../../../data/icd10cm.bin");
    for cut in [0, 7, 8, 12, 600, 5_000, 120_000, 300_000, bytes.len() - 1] {
        let mut codes = Codes::default();
        let opened = Pack::embedded(&bytes[..cut]).and_then(|pack| codes.load(pack));
        assert_eq!(opened.unwrap_err().code(), "pack_malformed");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_verdict_fail(text in "\\PC{0,40}|[A-Z][0-9AXO.]{1,9}") {
        let verdict = judge(&text);
        prop_assert!(verdict.status != "unknown");
        if let Some(code) = &verdict.code {
            prop_assert_eq!(judge(code).code, Some(code.clone()));
            prop_assert_eq!(judge(code).status, if verdict.reason == Some("malformed") { "valid" } else { verdict.status });
        }
        for suggestion in &verdict.suggestions {
            prop_assert_eq!(judge(suggestion).status, "valid");
        }
    }

    #[test]
    fn no_query_makes_a_search_fail(query in "\\PC{0,60}", limit in 0usize..30) {
        let hits = codes().find("icd10cm", &query, &CodeContext::default(), limit).unwrap();
        prop_assert!(hits.len() <= limit);
        prop_assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    }
}

#[allow(clippy::print_stderr)]
fn shared(file: &str) -> Option<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("CHARTKEEPER_SHARED").map_or(beside, Into::into);
    let bytes = std::fs::read(folder.join(file)).ok();
    if bytes.is_none() {
        eprintln!("skipped: real input {file} is not beside this checkout");
    }
    bytes
}

/// The order file writes accented letters plain; the tabular list keeps the accents.
fn plain(title: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    title.nfd().filter(char::is_ascii).collect()
}

/// Titles that the order file of one year words otherwise than the tabular list, accents apart: the most there are.
const REWORDED: usize = 2;

/// A year's order file: code, flag and long title of every line that is whole.
fn official(year: u16) -> Option<Vec<(String, String, bool)>> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(shared(&format!("codes/cms_{year}_dx.zip"))?)).unwrap();
    let wanted = format!("icd10cm_order_{year}.txt");
    let mut names = archive.file_names().filter_map(|name| name.ok());
    let name = names.find(|name| name.ends_with(&wanted)).unwrap().into_owned();
    drop(names);
    let mut text = String::new();
    archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
    let whole = text.lines().filter(|line| line.len() > 77);
    Some(
        whole
            .map(|line| (line[6..14].trim().to_owned(), line[77..].trim().to_owned(), &line[14..15] == "1"))
            .collect(),
    )
}

#[test]
fn years_without_a_list_have_exactly_their_reportable_codes() {
    for year in 2016..=2018 {
        let Some(official) = official(year) else { continue };
        let billable = |list: Vec<(String, String, bool)>| {
            let codes = list.into_iter().filter(|(_, _, billable)| *billable).map(|(code, ..)| code);
            codes.collect::<std::collections::BTreeSet<String>>()
        };
        for day in [format!("{}-10-01", year - 1), format!("{year}-09-30")] {
            assert!(billable(listed_on(&day)) == billable(official.clone()), "FY{year}");
        }
    }
    let on = |day: &str, code: &str| {
        codes().validate("icd10cm", code, &CodeContext::on(day).unwrap()).unwrap().record()
    };
    // Retired in October 2016, and known by its membership alone.
    let retired = on("2016-09-30", "S06.0X2A");
    assert_eq!(
        (retired.status, retired.title, retired.release.unwrap()),
        ("valid", None, "FY2016".to_owned())
    );
    assert_eq!(on("2016-10-01", "S06.0X2A").reason, Some("retired"));
    let now = on("2026-11-25", "E11.9");
    assert_eq!((now.status, now.release.as_deref()), ("valid", Some("FY2027")));
    assert_eq!(now.title.as_deref(), Some("Type 2 diabetes mellitus without complications"));
    let added: Vec<(String, String, bool)> = listed_on("2026-10-01");
    let untitled = added.iter().filter(|(_, title, _)| title.is_empty()).count();
    assert_eq!(added.iter().filter(|(_, _, billable)| *billable).count(), 74_879);
    assert!((1..=200).contains(&untitled), "{untitled}");
}

#[test]
fn every_embedded_year_equals_its_official_order_file() {
    for year in 2019..=2026 {
        let Some(mut official) = official(year) else { continue };
        // U07.0 and U07.1 came in April 2020, after that year's file.
        let day = if year == 2020 { "2020-03-31".to_owned() } else { format!("{year}-09-30") };
        let mut ours = listed_on(&day);
        // Rows stand in the newest list's order; FY2021 had a few of V02 in another.
        if year != 2026 {
            official.sort();
            ours.sort();
        }
        assert_eq!(ours.len(), official.len(), "FY{year}");
        let mut reworded = 0;
        for (ours, official) in ours.iter().zip(&official) {
            assert_eq!((&ours.0, ours.2), (&official.0, official.2), "code, flag and order in FY{year}");
            reworded += usize::from(plain(&ours.1) != official.1);
        }
        assert!(reworded <= REWORDED, "{reworded} titles of FY{year} are not those of the order file");
        if year == 2026 {
            assert_eq!(reworded, 0);
            assert_eq!(
                ours.iter().zip(&official).filter(|(ours, official)| ours.1 != official.1).count(),
                151
            );
        }
    }
}
