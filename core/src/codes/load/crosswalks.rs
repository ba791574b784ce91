//! Tables that lead from a code to others: the conversion table of ICD-10-CM, general equivalence mappings, CCSR.
//!
//! A row has one attribute for every code that it leads to: the kind as its name, and as its value the system, the code,
//! a remark and the code's title, divided by bars ([`crate::codes::crosswalk`] reads them).

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::archive::{is_archive, member, text};
use super::csv::{Header, Record, divided, quoted};
use super::xml::parse;
use super::{refuse, refuse_all};
use crate::codes::crosswalk::{self, dotted};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

/// Rows by code, as they are collected.
#[derive(Default)]
struct Rows(BTreeMap<String, ListRow>);

impl Rows {
    fn lead(&mut self, code: &str, title: &str, kind: &str, to: [&str; 4]) {
        let row = self.0.entry(code.to_owned()).or_default();
        row.code = code.to_owned();
        if row.title.is_empty() {
            title.clone_into(&mut row.title);
        }
        let attribute = (kind.to_owned(), crosswalk::written(to));
        if !row.attributes.contains(&attribute) {
            row.attributes.push(attribute);
        }
    }

    fn finish(self) -> Result<ListSource> {
        if self.0.is_empty() {
            return Err(refuse_all("the file has no rows of this format"));
        }
        Ok(ListSource { rows: self.0.into_values().collect() })
    }
}

/// The conversion table of NCHS: the code, the year (or the day) on which it came, and what was assigned before. A
/// workbook (`.xlsx`), or its columns as text with tabs.
pub(super) fn conversion(source: &[u8]) -> Result<ListSource> {
    let inner;
    let mut source = source;
    if is_archive(source)
        && let Ok(workbook) = member(source, |name| name.ends_with(".xlsx"))
    {
        inner = workbook.into_owned();
        source = &inner;
    }
    let records = if is_archive(source) { workbook(source)? } else { divided(&text(source), '\t').collect() };
    let mut rows = Rows::default();
    for record in &records {
        let (current, effective, previous) = (record.get(0), record.get(1), record.get(2));
        // Headings and remarks stand between the rows.
        if codes_in(current) != [current] {
            continue;
        }
        let code = current;
        let day =
            effective_day(effective).ok_or_else(|| refuse(record.line, "a code without the year it came"))?;
        let before = codes_in(previous);
        let remark = if before.len() == 1 && before.first() == Some(&previous.trim()) {
            format!("from {day}")
        } else {
            format!("from {day}: {}", previous.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        for earlier in before.iter().filter(|earlier| **earlier != code) {
            rows.lead(code, "", "predecessor", ["icd10cm", earlier, &remark, ""]);
            rows.lead(earlier, "", "successor", ["icd10cm", code, &remark, ""]);
        }
    }
    rows.finish()
}

/// A year, which is its 1 October, a day, or a day as workbooks number them.
fn effective_day(text: &str) -> Option<Date> {
    if let Ok(day) = text.parse::<Date>() {
        return Some(day);
    }
    match text.parse::<i32>().ok()? {
        year @ 2000..=2200 => Date::new(i16::try_from(year).ok()?, 10, 1).ok(),
        serial @ 36_000..=80_000 => date(1899, 12, 30).checked_add(serial.days()).ok(),
        _ => None,
    }
}

/// The codes with their dots that a text names.
fn codes_in(text: &str) -> Vec<&str> {
    let is_code = |word: &&str| {
        let (category, rest) = word.split_once('.').unwrap_or((word, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        category.len() == 3
            && plain(category)
            && plain(rest)
            && rest.len() <= 4
            && (rest.is_empty() != word.contains('.'))
            && category.starts_with(|c: char| c.is_ascii_uppercase())
            && category.get(1..2).is_some_and(|second| second.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(is_code)
        .collect()
}

/// The first three columns of the first sheet of a workbook.
fn workbook(source: &[u8]) -> Result<Vec<Record>> {
    let strings = member(source, |name| name == "xl/sharedstrings.xml")?;
    let strings: Vec<String> = parse(&text(&strings))?
        .all("si")
        .map(|item| {
            let mut whole = String::new();
            item.walk(&mut |part| {
                if part.name == "t" {
                    whole.push_str(&part.text);
                }
            });
            whole
        })
        .collect();
    let sheet = member(source, |name| name == "xl/worksheets/sheet1.xml")?;
    let sheet = parse(&text(&sheet))?;
    let rows = sheet.first("sheetData").map(|data| data.all("row").collect::<Vec<_>>()).unwrap_or_default();
    let mut out = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let line = row.attribute("r")?.parse().unwrap_or(at + 1);
        let mut fields = vec![String::new(); 3];
        for cell in row.all("c") {
            let place = match cell.attribute("r")?.bytes().next() {
                Some(column @ b'A'..=b'C') => usize::from(column - b'A'),
                _ => continue,
            };
            let value = cell.first("v").map(|value| value.text.as_str()).unwrap_or_default();
            let shared = cell.attributes.get("t").is_some_and(|kind| kind == "s") && !value.is_empty();
            let value = if shared {
                let number = value.parse::<usize>().ok().and_then(|number| strings.get(number));
                number
                    .cloned()
                    .ok_or_else(|| refuse(line, "a cell names a text that the workbook has not"))?
            } else {
                value.to_owned()
            };
            if let Some(field) = fields.get_mut(place) {
                *field = value;
            }
        }
        out.push(Record { line, fields });
    }
    Ok(out)
}

/// A general equivalence mapping: source code, target code and five flags, divided by spaces.
fn mapping(source: &[u8], from: &str, to: &str, file: &str) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains(file) && name.ends_with(".txt"))?;
    let text = text(&bytes);
    let mut rows = Rows::default();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [code, target, flags] = fields.as_slice() else {
            return Err(refuse(at + 1, "a line is a code, a target and five flags"));
        };
        let [approximate, no_map, combination, scenario, choice] = flags.as_bytes() else {
            return Err(refuse(at + 1, "a line is a code, a target and five flags"));
        };
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !flags.bytes().all(|byte| byte.is_ascii_digit()) || !plain(code) || !plain(target) {
            return Err(refuse(at + 1, "a line is a code, a target and five flags"));
        }
        let mut remark = if *approximate == b'1' { "approximate" } else { "exact" }.to_owned();
        if *combination == b'1' {
            let (scenario, choice) = (char::from(*scenario), char::from(*choice));
            remark.push_str(&format!(", combination: scenario {scenario}, choice list {choice}"));
        }
        let code = dotted(from, code);
        if *no_map == b'1' {
            rows.lead(&code, "", "maps_to", [to, "", "no map", ""]);
        } else {
            rows.lead(&code, "", "maps_to", [to, &dotted(to, target), &remark, ""]);
        }
    }
    rows.finish()
}

pub(super) fn gem_icd10cm(source: &[u8]) -> Result<ListSource> {
    mapping(source, "icd10cm", "icd9cm", "i10gem")
}

pub(super) fn gem_icd9cm(source: &[u8]) -> Result<ListSource> {
    mapping(source, "icd9cm", "icd10cm", "i9gem")
}

pub(super) fn gem_icd10pcs(source: &[u8]) -> Result<ListSource> {
    mapping(source, "icd10pcs", "icd9cm-procedures", "pcsi9")
}

pub(super) fn gem_icd9cm_procedures(source: &[u8]) -> Result<ListSource> {
    mapping(source, "icd9cm-procedures", "icd10pcs", "i9pcs")
}

/// CCSR of AHRQ for diagnoses: the categories of each code, the one that counts for a principal diagnosis marked.
pub(super) fn ccsr_diagnoses(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("dxccsr_v") && name.ends_with(".csv"))?;
    let records = quoted(&text(&bytes))?;
    let (first, rest) = records.split_first().ok_or_else(|| refuse_all("the file is empty"))?;
    let header = Header::of(first);
    let bare: Vec<String> = header.names().iter().map(|name| name.trim_matches('\'').to_owned()).collect();
    let place = |wanted: &str| bare.iter().position(|name| name == wanted);
    let need =
        |wanted: &str| place(wanted).ok_or_else(|| refuse(first.line, "a column of this format is missing"));
    let (code, title) = (need("icd-10-cm code")?, need("icd-10-cm code description")?);
    let inpatient = place("default ccsr category ip");
    let categories: Vec<(usize, usize)> = (1..=6)
        .map_while(|n| {
            Some((place(&format!("ccsr category {n}"))?, place(&format!("ccsr category {n} description"))?))
        })
        .collect();
    if categories.is_empty() {
        return Err(refuse(first.line, "a column of this format is missing"));
    }
    let mut rows = Rows::default();
    for record in rest {
        header.whole(record)?;
        let bare = |at: usize| record.get(at).trim_matches('\'').trim();
        let own = dotted("icd10cm", bare(code));
        for (category, description) in &categories {
            let group = bare(*category);
            if group.is_empty() {
                continue;
            }
            let remark =
                if inpatient.is_some_and(|at| bare(at) == group) { "default, inpatient" } else { "" };
            rows.lead(&own, record.get(title), "group", ["ccsr-dx", group, remark, record.get(*description)]);
        }
    }
    rows.finish()
}

/// CCSR of AHRQ for procedures: the category of each code.
pub(super) fn ccsr_procedures(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("prccsr_v") && name.ends_with(".csv"))?;
    let records = quoted(&text(&bytes))?;
    let (first, rest) = records.split_first().ok_or_else(|| refuse_all("the file is empty"))?;
    let header = Header::of(first);
    let bare: Vec<String> = header.names().iter().map(|name| name.trim_matches('\'').to_owned()).collect();
    let need = |wanted: &str| {
        let found = bare.iter().position(|name| name == wanted);
        found.ok_or_else(|| refuse(first.line, "a column of this format is missing"))
    };
    let (code, title) = (need("icd-10-pcs")?, need("icd-10-pcs description")?);
    let (group, description) = (need("prccsr")?, need("prccsr description")?);
    let mut rows = Rows::default();
    for record in rest {
        header.whole(record)?;
        let bare = |at: usize| record.get(at).trim_matches('\'').trim();
        rows.lead(
            bare(code),
            record.get(title),
            "group",
            ["ccsr-pr", bare(group), "", record.get(description)],
        );
    }
    rows.finish()
}
