//! Tables that claim edits rest on: the Medicare Code Editor's lists, codes exempt from present-on-admission reporting,
//! NCCI pairs and units.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::archive::{member, text};
use super::clinical::finish;
use super::csv::{Header, divided, quoted};
use super::{hcpcs, refuse, refuse_all};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

/// Codes with the lists that hold each, and the ages of the age lists, as [`crate::codes::claim`] reads them.
#[derive(Default)]
struct Lists {
    of_codes: BTreeMap<String, (String, Vec<String>)>,
    ages: Vec<(String, u16, u16)>,
}

impl Lists {
    fn add(&mut self, code: &str, title: &str, list: &str) {
        let row = self.of_codes.entry(code.replace('.', "")).or_default();
        if row.0.is_empty() {
            title.clone_into(&mut row.0);
        }
        if !row.1.iter().any(|known| known == list) {
            row.1.push(list.to_owned());
        }
    }

    fn rows(self) -> Result<ListSource> {
        let codes = self.of_codes.into_iter().map(|(code, (title, lists))| ListRow {
            code,
            title,
            attributes: vec![("lists".to_owned(), lists.join(" "))],
            ..ListRow::default()
        });
        let ages = self.ages.into_iter().map(|(list, least, most)| ListRow {
            code: format!("#{list}"),
            attributes: vec![
                ("min_age".to_owned(), least.to_string()),
                ("max_age".to_owned(), most.to_string()),
            ],
            ..ListRow::default()
        });
        finish(codes.chain(ages).collect())
    }
}

#[derive(Deserialize)]
struct MceJson {
    #[serde(default)]
    age_categories: BTreeMap<String, AgesJson>,
    codes: BTreeMap<String, Vec<CodeJson>>,
}

#[derive(Deserialize)]
struct AgesJson {
    min_age: u16,
    max_age: u16,
}

#[derive(Deserialize)]
struct CodeJson {
    code: String,
    #[serde(default)]
    description: String,
}

/// Lists as JSON: `codes` by list, each code with its `description`, and the ages in `age_categories`.
pub(super) fn mce_json(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with(".json"))?;
    let json: MceJson = serde_json::from_slice(&bytes)
        .map_err(|error| refuse(error.line(), "not the lists of the Medicare Code Editor as JSON"))?;
    let mut lists = Lists::default();
    for (list, codes) in &json.codes {
        codes.iter().for_each(|code| lists.add(&code.code, &code.description, list));
    }
    lists.ages = (json.age_categories.into_iter())
        .map(|(name, ages)| (format!("age_{name}"), ages.min_age, ages.max_age))
        .collect();
    lists.rows()
}

/// Headings of the definitions' chapters and lists, and the list that each begins; the longest that a heading has wins.
const HEADINGS: &[(&str, &str)] = &[
    ("newborn diagnoses", "age_newborn"),
    ("perinatal/newborn", "age_newborn"),
    ("pediatric diagnoses", "age_pediatric"),
    ("maternity diagnoses", "age_maternity"),
    ("adult diagnoses", "age_adult"),
    ("diagnoses for females only", "sex_female"),
    ("diagnoses for males only", "sex_male"),
    ("manifestation code", "manifestation_not_pdx"),
    ("unacceptable principal diagnosis", "unacceptable_pdx"),
];

/// The definitions as text: a heading begins a list, lines of a code and its title are its rows. Ages stand in the
/// headings' text as `age range is 0-17 years`, or are the published ones of the editor's present version.
pub(super) fn mce_text(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("code edits") && name.ends_with(".txt"))?;
    let text = text(&bytes);
    let mut lists = Lists::default();
    let mut current: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim();
        let (first, title) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if is_code(first) {
            if let Some(list) = current {
                lists.add(first, title.trim(), list);
            }
            continue;
        }
        let lower = line.to_ascii_lowercase();
        if let Some((_, list)) = HEADINGS.iter().find(|(heading, _)| lower.contains(heading)) {
            current = Some(list);
        }
        if let (Some(list), Some((least, most))) = (current, ages(&lower)) {
            lists.ages.retain(|(known, ..)| known != list);
            lists.ages.push((list.to_owned(), least, most));
        }
    }
    if lists.of_codes.is_empty() {
        return Err(refuse_all("no list of the Medicare Code Editor under a known heading"));
    }
    for (list, least, most) in
        [("age_newborn", 0, 0), ("age_pediatric", 0, 17), ("age_maternity", 9, 64), ("age_adult", 15, 124)]
    {
        if !lists.ages.iter().any(|(known, ..)| known == list) {
            lists.ages.push((list.to_owned(), least, most));
        }
    }
    lists.rows()
}

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    (3..=7).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && bytes.iter().any(u8::is_ascii_digit)
}

/// `age range is 0-17 years`, `age range 9 through 64 years`.
fn ages(line: &str) -> Option<(u16, u16)> {
    let (_, after) = line.split_once("age range")?;
    let mut numbers = after.split(|c: char| !c.is_ascii_digit()).filter_map(|text| text.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// A table with tabs: order, code, title.
pub(super) fn poa_exempt(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| {
        let file = name.rsplit('/').next().unwrap_or(name);
        file.starts_with("poaexemptcodes") && file.ends_with(".txt")
    })?;
    let text = text(&bytes);
    let mut records = divided(&text, '\t');
    let header = Header::of(&records.next().ok_or_else(|| refuse_all("the file is empty"))?);
    let (code, title) = (header.need("POAexemptCode")?, header.need("Description")?);
    let rows = records.map(|record| {
        header.whole(&record)?;
        Ok(ListRow {
            code: record.get(code).replace('.', ""),
            title: record.get(title).trim_matches('"').to_owned(),
            ..ListRow::default()
        })
    });
    finish(rows.collect::<Result<_>>()?)
}

fn is_procedure(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Pairs: column 1, column 2, a mark, the first and the last day (`*` for none), the modifier indicator.
pub(super) fn ncci_pairs(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with(".txt"))?;
    let mut rows = Vec::new();
    for record in divided(&text(&bytes), '\t') {
        if !is_procedure(record.get(0)) || !is_procedure(record.get(1)) {
            continue;
        }
        let modifier = record.get(5);
        if record.fields.len() < 6 || !matches!(modifier.get(..1), Some("0" | "1" | "9")) {
            return Err(refuse(
                record.line,
                "a pair has two codes, a mark, two days and a modifier indicator",
            ));
        }
        let last = record.get(4).trim_matches('*').trim();
        rows.push(ListRow {
            code: format!("{} {}", record.get(0), record.get(1)),
            from: hcpcs::day(record.get(3), record.line)?,
            to: hcpcs::day(last, record.line)?,
            attributes: vec![("modifier".to_owned(), modifier.chars().take(1).collect())],
            ..ListRow::default()
        });
    }
    finish(rows)
}

/// Units: code, most units, adjudication indicator (its first character counts).
pub(super) fn ncci_units(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with(".csv"))?;
    let mut rows = Vec::new();
    for record in quoted(&text(&bytes))? {
        if !is_procedure(record.get(0)) {
            continue;
        }
        if record.get(1).parse::<u32>().is_err() || record.fields.len() < 3 {
            return Err(refuse(record.line, "a row has a code, its units and an indicator"));
        }
        rows.push(ListRow {
            code: record.get(0).to_owned(),
            attributes: vec![
                ("units".to_owned(), record.get(1).to_owned()),
                ("mai".to_owned(), record.get(2).chars().take(1).collect()),
            ],
            ..ListRow::default()
        });
    }
    finish(rows)
}
