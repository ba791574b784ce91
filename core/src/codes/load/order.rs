//! Order files of ICD-10-CM and ICD-10-PCS: every code and heading in order, as CMS publishes them each year.
//!
//! Characters 1 to 5 the number of the line, which counts from 1 without a gap; 7 to 13 the code; 15 whether it may be
//! reported; 17 to 76 the short title; from 78 the long one (CMS, ICD-10 order file layout).

use super::archive::{member, text};
use super::{refuse, refuse_all};
use crate::codes::icd10cm::{ListedCode, Release, TabularSource};
use crate::codes::icd10pcs::{AxisValue, PcsCode, PcsSource};
use crate::error::Result;

const LONG_TITLE: usize = 77;

/// Every line of the file; `last` is a category or section that a whole file has among its last.
fn lines(source: &[u8], last: char) -> Result<Vec<ListedCode>> {
    let named = |name: &str| name.contains("order_") && !name.contains("addenda") && name.ends_with(".txt");
    let bytes = member(source, named)?;
    let text = text(&bytes);
    let mut out: Vec<ListedCode> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let layout = || refuse(at + 1, "no line of the order file's layout, or one that is cut short");
        let field = |from: usize, to: usize| line.get(from..to).map(str::trim).ok_or_else(layout);
        if field(0, 5)?.parse::<usize>() != Ok(at + 1) {
            return Err(refuse(at + 1, "the number of the line does not follow the one before"));
        }
        let billable = match field(14, 15)? {
            "1" => true,
            "0" => false,
            _ => return Err(layout()),
        };
        let (code, title) = (field(6, 14)?, line.get(LONG_TITLE..).map(str::trim).ok_or_else(layout)?);
        if title.is_empty()
            || !(3..=7).contains(&code.len())
            || !code.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return Err(layout());
        }
        out.push(ListedCode { code: code.to_owned(), billable, title: title.to_owned() });
    }
    if !text.ends_with('\n') || !out.iter().any(|line| line.code.starts_with(last)) {
        return Err(refuse(out.len().max(1), "the file is cut short behind this line"));
    }
    Ok(out)
}

/// ICD-10-CM.
pub(super) fn diagnoses(source: &[u8], release: Release) -> Result<TabularSource> {
    TabularSource::of_listing(release, &lines(source, 'Z')?)
}

/// ICD-10-PCS. The headings are the tables.
pub(super) fn procedures(source: &[u8], release: Release) -> Result<PcsSource> {
    let mut out = PcsSource { releases: vec![release], ..PcsSource::default() };
    for line in lines(source, 'H')? {
        if line.billable {
            out.codes.push(PcsCode { code: line.code, title: line.title, releases: 1 });
        } else if let (Some(table), Some(value)) = (line.code.get(..2), line.code.chars().nth(2)) {
            let table = table.to_owned();
            out.labels.push(AxisValue { table, character: 3, value, label: line.title });
        }
    }
    if out.codes.is_empty() {
        return Err(refuse_all("the file has no code of ICD-10-PCS"));
    }
    Ok(out)
}
