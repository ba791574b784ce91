//! The tables of ICD-10-PCS in XML: rows of permitted values, each the product of its axes.
//!
//! A `pcsTable` has the first three axes, and `pcsRow`s with the other four. A row says how many codes it is
//! (`codes`) and an axis how many values (`values`): where the count is another, the file is damaged.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::{member, text};
use super::refuse;
use super::xml::{Element, parse};
use crate::codes::icd10cm::Release;
use crate::codes::icd10pcs::{AxisValue, PcsCode, PcsSource};
use crate::error::Result;

/// What values mean: by the characters before, the place of the character and the value.
type Labels = BTreeMap<(String, u8, char), BTreeSet<String>>;

/// The codes that the tables are, in any order, without titles: the tables word the values alone.
pub(super) fn read(source: &[u8], release: Release) -> Result<PcsSource> {
    let bytes = member(source, |name| name.contains("pcs_tables") && name.ends_with(".xml"))?;
    let document = parse(&text(&bytes))?;
    let mut labels = Labels::new();
    let mut codes = BTreeSet::new();
    for table in document.all("pcsTable") {
        let mut name = String::new();
        for (position, values) in table.all("axis").enumerate() {
            let value = match axis(values, position + 1, &name, &mut labels)?.as_slice() {
                [value] => *value,
                _ => return Err(refuse(values.line, "one of the first three axes has more than one value")),
            };
            name.push(value);
        }
        if name.len() != 3 {
            return Err(refuse(table.line, "a table without its three axes"));
        }
        for row in table.all("pcsRow") {
            let before = codes.len();
            expand(row, &name, &mut labels, &mut codes)?;
            let said = row.attribute("codes")?.parse::<usize>();
            if said != Ok(codes.len() - before) {
                return Err(refuse(row.line, "a row with another count of codes than it says"));
            }
        }
    }
    if codes.is_empty() {
        return Err(refuse(document.line, "no tables of ICD-10-PCS"));
    }
    let codes = codes.into_iter().map(|code| PcsCode { code, title: String::new(), releases: 1 });
    let labels = labels.into_iter().map(|((table, character, value), labels)| AxisValue {
        table,
        character,
        value,
        label: labels.into_iter().collect::<Vec<_>>().join(" or "),
    });
    Ok(PcsSource { releases: vec![release], codes: codes.collect(), labels: labels.collect() })
}

/// The values of an axis; `before` are the characters that they depend on.
fn axis(element: &Element, position: usize, before: &str, labels: &mut Labels) -> Result<Vec<char>> {
    if element.attribute("pos")?.parse() != Ok(position) {
        return Err(refuse(element.line, "the axes do not follow one another"));
    }
    let mut values = Vec::new();
    for label in element.all("label") {
        let mut code = label.attribute("code")?.chars();
        let (Some(value), None) = (code.next(), code.next()) else {
            return Err(refuse(label.line, "a value is one character"));
        };
        values.push(value);
        let key = (before.to_owned(), u8::try_from(position).unwrap_or_default(), value);
        labels.entry(key).or_default().insert(label.text.clone());
    }
    if element.attribute("values")?.parse() != Ok(values.len()) {
        return Err(refuse(element.line, "an axis with another count of values than it says"));
    }
    Ok(values)
}

fn expand(row: &Element, table: &str, labels: &mut Labels, codes: &mut BTreeSet<String>) -> Result<()> {
    let mut heads = vec![table.to_owned()];
    let mut position = 3;
    for element in row.all("axis") {
        position += 1;
        let values = axis(element, position, table, labels)?;
        heads =
            heads.iter().flat_map(|head| values.iter().map(move |value| format!("{head}{value}"))).collect();
    }
    if position != 7 {
        return Err(refuse(row.line, "a row without its four axes"));
    }
    codes.extend(heads);
    Ok(())
}
