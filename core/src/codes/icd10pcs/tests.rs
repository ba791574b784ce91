//! Tests of ICD-10-PCS: the embedded pack, a small list, and the official order files.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use super::*;
use crate::codes::icd10cm::Release;
use crate::codes::{Codes, VerdictRecord};

fn codes() -> &'static Codes {
    static CODES: std::sync::OnceLock<Codes> = std::sync::OnceLock::new();
    CODES.get_or_init(|| Codes::embedded().unwrap())
}

fn judge(code: &str, day: &str) -> VerdictRecord {
    codes().validate("icd10pcs", code, &CodeContext::on(day).unwrap()).unwrap().record()
}

#[test]
fn a_code_is_valid_by_date() {
    let verdict = judge("0dtj4zz", "2026-11-25");
    assert_eq!((verdict.status, verdict.code.as_deref()), ("valid", Some("0DTJ4ZZ")));
    assert_eq!(verdict.title.as_deref(), Some("Resection of Appendix, Percutaneous Endoscopic Approach"));
    assert_eq!((verdict.billable, verdict.release.as_deref()), (Some(true), Some("FY2027")));
    for (day, status, release) in [
        ("2015-09-30", "unknown", "FY2016"),
        ("2015-10-01", "valid", "FY2016"),
        ("2023-04-01", "valid", "FY2023 (2023-04)"),
        ("2027-03-31", "valid", "FY2027"),
        ("2027-04-01", "unknown", "FY2027"),
    ] {
        let verdict = judge("0DTJ4ZZ", day);
        assert_eq!((verdict.status, verdict.release.as_deref()), (status, Some(release)), "{day}");
        assert_eq!(verdict.reason, (status == "unknown").then_some("not_covered"));
        assert!(verdict.billable == Some(true) && verdict.detail.is_some() == (status == "unknown"));
    }
}

#[test]
fn the_failing_axis_is_named() {
    let detail = |code: &str| judge(code, "2026-02-10").detail.unwrap();
    assert_eq!(judge("0DTJ9ZZ", "2026-02-10").reason, Some("not_found"));
    assert_eq!(
        detail("0DTJ9ZZ"),
        "character 5 (approach) is none of those that table 0DT has behind 0DTJ: 0 Open; 4 Percutaneous Endoscopic; \
         7 Via Natural or Artificial Opening; 8 Via Natural or Artificial Opening Endoscopic"
    );
    assert!(detail("0DTJ4Z9").starts_with("character 7 (qualifier) is none of those that table 0DT has behind 0DTJ4Z: G Hand-Assisted; Z No Qualifier"));
    assert!(
        detail("0D0J4ZZ").starts_with("character 4 (body part)")
            || detail("0D0J4ZZ").contains("character 3 (operation)")
    );
    assert!(
        detail("E000000")
            .starts_with("character 1 (section) is none of those that FY2026 has: 0 Medical and Surgical")
    );
    assert!(detail("B20Z000").contains("character"));
    let fixed = judge("0DTJ9ZZ", "2026-02-10").suggestions;
    assert_eq!(&fixed[..4], ["0DTJ0ZZ", "0DTJ4ZZ", "0DTJ7ZZ", "0DTJ8ZZ"]);
}

#[test]
fn what_is_no_code_is_pointed_out() {
    let meant = judge("ODTJ4ZZ", "2026-02-10");
    assert_eq!(
        (meant.reason, meant.code, meant.suggestions),
        (Some("malformed"), None, vec!["0DTJ4ZZ".to_owned()])
    );
    for text in ["", "0DTJ4ZZZ", "0DTJ4Z\0", "é"] {
        let verdict = judge(text, "2026-02-10");
        assert_eq!((verdict.reason, verdict.suggestions.len()), (Some("malformed"), 0), "{text}");
    }
    let short = judge("0DTJ", "2026-02-10");
    assert_eq!((short.reason, short.billable), (Some("not_billable"), Some(false)));
    assert!(short.detail.unwrap().contains("character 5 (approach) is next: 0 Open; 4 "));
    assert_eq!(judge("0DTO", "2026-02-10").reason, Some("malformed"));
    assert_eq!(
        Codes::default().validate("icd10pcs", "0DTJ4ZZ", &CodeContext::default()).unwrap().reason(),
        Some("not_covered")
    );
}

#[test]
fn codes_come_and_go() {
    // Added on 1 April 2025; one that ended on 31 March of that year.
    let new = judge("0DX80Z7", "2025-03-31");
    assert_eq!(new.reason, Some("not_yet_effective"));
    assert_eq!(new.detail.as_deref(), Some("not in FY2025; first in FY2025 (2025-04), from 2025-04-01"));
    assert!(judge("0DX80Z7", "2025-04-01").status == "valid");
    let gone = judge("04V03E6", "2026-02-10");
    assert_eq!(gone.reason, Some("retired"));
    assert!(gone.detail.unwrap().ends_with("until 2019-09-30"));
    assert!(gone.suggestions.contains(&"04V03EZ".to_owned()));
}

#[test]
fn tables_are_walked_and_titles_searched() {
    let on = CodeContext::on("2026-02-10").unwrap();
    let table = codes().info("icd10pcs", "0DT", &on).unwrap().unwrap();
    assert_eq!((table.title.as_str(), table.billable), ("Resection", false));
    let parents: Vec<&str> = table.parents.iter().map(|name| name.title.as_str()).collect();
    assert_eq!(parents, ["Medical and Surgical", "Gastrointestinal System"]);
    assert!(
        table.children.iter().any(|name| (name.code.as_str(), name.title.as_str()) == ("0DTJ", "Appendix"))
    );
    assert!(codes().info("icd10pcs", "0DTJ9ZZ", &on).unwrap().is_none());
    let hits = codes().find("icd10pcs", "resection of the appendix endoscopic percutaneous", &on, 3).unwrap();
    assert_eq!(hits[0].code, "0DTJ4ZZ");
    assert_eq!(codes().find("icd10pcs", "0dtj0zz", &on, 1).unwrap()[0].score, 1.0);
    let diff = codes().diff("icd10pcs", "FY2025 (2025-04)", "FY2026").unwrap();
    assert!(
        diff.added.len() > 100 && diff.removed.len() == 27,
        "{} {}",
        diff.added.len(),
        diff.removed.len()
    );
}

#[test]
fn a_list_of_the_users_holds_over_the_embedded_one() {
    let source = PcsSource {
        releases: vec![Release { name: "mine".into(), from: "2026-10-01".into(), to: "2028-01-01".into() }],
        codes: vec![
            PcsCode { code: "0DTJ4ZZ".into(), title: String::new(), releases: 1 },
            PcsCode { code: "0ZZZZZZ".into(), title: "Mine".into(), releases: 1 },
        ],
        labels: vec![AxisValue { table: "0ZZ".into(), character: 4, value: 'Z', label: "A part".into() }],
    };
    let info: PackInfo = serde_json::from_str(
        r#"{"name":"t","system":"icd10pcs","release":"mine","effective_from":null,"effective_to":null,"rows":0,
            "licence":"none","source":"here"}"#,
    )
    .unwrap();
    let pack = source.clone().compile(info.clone()).unwrap();
    let mut codes = Codes::embedded().unwrap();
    codes.load(Pack::load(pack).unwrap()).unwrap();
    let judge = |code: &str| {
        codes.validate("icd10pcs", code, &CodeContext::on("2027-12-01").unwrap()).unwrap().record()
    };
    assert_eq!(judge("0ZZZZZZ").title.as_deref(), Some("Mine"));
    // The title is that of another list; the code is judged by the release that covers the day.
    assert!(judge("0DTJ4ZZ").title.unwrap().starts_with("Resection"));
    assert_eq!(judge("0DTJ0ZZ").reason, Some("not_found"));
    assert!(judge("0ZZ1ZZZ").detail.unwrap().ends_with("table 0ZZ has behind 0ZZ: Z A part"));
    let bad = PcsSource {
        codes: vec![PcsCode { code: "0DTJ4ZI".into(), title: String::new(), releases: 1 }],
        ..source
    };
    assert_eq!(bad.compile(info).unwrap_err().code(), "pack_malformed");
}

#[test]
fn no_byte_of_a_pack_makes_it_panic() {
    use sha2::{Digest, Sha256};
    let code = |code: &str, title: &str| PcsCode { code: code.into(), title: title.into(), releases: 1 };
    let source = PcsSource {
        releases: vec![Release { name: "mine".into(), from: "2026-10-01".into(), to: "2028-01-01".into() }],
        codes: vec![code("0DTJ4ZZ", "Resection of a part"), code("0ZZZZZZ", "Mine, a part")],
        labels: vec![AxisValue { table: "0ZZ".into(), character: 4, value: 'Z', label: "A part".into() }],
    };
    let info: PackInfo = serde_json::from_str(
        r#"{"name":"t","system":"icd10pcs","release":"m","effective_from":null,"effective_to":null,"rows":0,
            "licence":"n","source":"h"}"#,
    )
    .unwrap();
    let pack = source.compile(info).unwrap();
    let content = pack.len() - 32;
    for at in 0..content {
        for other in [0u8, 0x7F, 0xFF, pack[at] ^ 1] {
            let mut bad = pack[..content].to_vec();
            bad[at] = other;
            let digest = Sha256::digest(&bad);
            bad.extend(digest);
            let mut codes = Codes::default();
            let Ok(pack) = Pack::load(bad) else { continue };
            if codes.load(pack).is_err() {
                continue;
            }
            let on = CodeContext::default();
            for text in ["0DTJ4ZZ", "0ZZZZZY", "0", "0DT", "ZZZZZZZ"] {
                if let Ok(verdict) = codes.validate("icd10pcs", text, &on) {
                    let _ = verdict.record();
                }
                let _ = codes.info("icd10pcs", text, &on);
            }
            let _ = codes.find("icd10pcs", "resection part", &on, 3);
        }
    }
}

fn official(year: u16) -> Option<BTreeMap<String, String>> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../shared/data/codes/cms_{year}_pr.zip"));
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: no official order file of {year} here");
        return None;
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    let wanted = format!("icd10pcs_order_{year}.txt");
    let mut names = archive.file_names().filter_map(|name| name.ok());
    let name = names.find(|name| name.to_lowercase().ends_with(&wanted)).unwrap().into_owned();
    drop(names);
    archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
    let lines = text.lines().filter(|line| &line[14..15] == "1");
    Some(lines.map(|line| (line[6..14].trim().to_owned(), line[77..].trim().to_owned())).collect())
}

#[test]
fn every_embedded_year_equals_its_official_order_file() {
    // The files of 2021, 2023 and 2024 are those of an update within the year, that of 2022 holds codes of its April.
    for (year, day) in [
        (2016, "2015-10-01"),
        (2017, "2017-09-30"),
        (2018, "2018-09-30"),
        (2019, "2019-09-30"),
        (2020, "2020-07-31"),
        (2021, "2021-09-30"),
        (2023, "2023-09-30"),
        (2024, "2024-09-30"),
        (2025, "2025-03-31"),
        (2026, "2025-10-01"),
    ] {
        let Some(official) = official(year) else { continue };
        let day = day.parse().unwrap();
        let term = codes().icd10pcs.terms.choose(Some(day)).0;
        let edition = codes().icd10pcs.edition(term).unwrap();
        let rows: Vec<u32> = edition.list.beginning(Key::from_bytes(&[]), edition.release).collect();
        let ours: Vec<String> = rows.iter().map(|row| edition.code(*row)).collect();
        let theirs: Vec<String> = official.keys().cloned().collect();
        assert_eq!(ours.len(), theirs.len(), "FY{year}");
        assert!(ours == theirs, "FY{year}");
        let titled = rows.iter().filter_map(|row| Some((edition.code(*row), edition.list.title(*row)?)));
        let (mut count, mut reworded) = (0, 0);
        for (code, title) in titled {
            count += 1;
            reworded += usize::from(official[&code] != title);
        }
        println!(
            "FY{year}: {} codes, {count} with a title, {reworded} of them worded otherwise in that year",
            ours.len()
        );
        assert!(count * 1000 >= ours.len() * if year < 2024 { 980 } else { 990 });
        assert!(year < 2024 || reworded <= 20, "{reworded}");
    }
}
