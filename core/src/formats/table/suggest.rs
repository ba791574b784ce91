//! A map of columns suggested from their names and values. What neither tells stays out of the map, and so is
//! unrecognised: a person completes it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{Encoding, MOST_COLUMNS, Table, TableColumn, TableMap, comma, csv};
use crate::error::{Error, Result, codes};
use crate::formats::Format;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::NodeId;
use crate::formats::{hl7v2, json};
use crate::text::PartialDate;

/// How many values of a column are looked at.
const SAMPLE: usize = 200;

/// Suggests what the columns of a table are. `format` is `csv` or `ndjson-table`.
///
/// # Errors
/// `invalid_argument` for another format, `empty_input`, and those of reading the table.
pub fn suggest(source: &[u8], format: Format) -> Result<TableMap> {
    let from = if source.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = source.get(from..).unwrap_or_default();
    let encoding = if std::str::from_utf8(text).is_ok() { Encoding::Utf8 } else { Encoding::Windows1252 };
    let mut map = TableMap {
        format,
        entry: EntryKind::Person.as_str().into(),
        delimiter: comma(),
        header: true,
        encoding,
        day_first: false,
        columns: Vec::new(),
    };
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
    }
    let columns = match format {
        Format::Csv => {
            map.delimiter = char::from(delimiter(text));
            of_csv(text, &map)
        }
        Format::NdjsonTable => of_rows(source, from)?,
        _ => return Err(Error::new(&codes::INVALID_ARGUMENT).in_path("format").note("csv or ndjson-table")),
    };
    let mut known = HashSet::new();
    for (name, values) in columns {
        if map.columns.len() == MOST_COLUMNS {
            break;
        }
        // What is in the map once, is there under its name: other columns of that name are the same.
        if let Some(column) = column(&name, &values).filter(|_| !name.is_empty() && !known.contains(&name)) {
            known.insert(name);
            map.columns.push(column);
        }
    }
    let has = |field: Field| map.columns.iter().any(|column| column.field.as_deref() == Some(field.as_str()));
    if has(Field::ValueNumber) || has(Field::Value) {
        map.entry = EntryKind::Result.as_str().into();
    }
    // The map must read the table that it was made from.
    Table::of(&map)?;
    Ok(map)
}

/// The delimiter that stands most often in the first line.
fn delimiter(text: &[u8]) -> u8 {
    let line =
        text.split(|byte| matches!(byte, b'\r' | b'\n')).find(|line| !line.is_empty()).unwrap_or_default();
    let count = |delimiter: u8| csv::cells(line, delimiter).count();
    b";\t|".iter().copied().fold(b',', |best, other| if count(other) > count(best) { other } else { best })
}

type Sampled = Vec<(String, Vec<String>)>;

fn of_csv(text: &[u8], map: &TableMap) -> Sampled {
    let Ok(delimiter) = u8::try_from(u32::from(map.delimiter)) else { return Vec::new() };
    let decoded = |raw: &[u8]| {
        map.encoding.decode(csv::unquoted(raw)).map(Cow::into_owned).unwrap_or_default().trim().to_owned()
    };
    let mut columns: Sampled = Vec::new();
    let mut rest = text;
    let mut rows = 0;
    while !rest.is_empty() && rows <= SAMPLE {
        let mut end = 0;
        let first = rows == 0;
        for (at, cell) in csv::cells(rest, delimiter).enumerate() {
            end = cell.end;
            let value = decoded(rest.get(cell).unwrap_or_default());
            if first {
                columns.push((value, Vec::new()));
            } else if let Some((_, values)) = columns.get_mut(at)
                && !value.is_empty()
            {
                values.push(value);
            }
        }
        rest = rest.get(end..).unwrap_or_default();
        let gap = rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        rest = rest.get(gap..).unwrap_or_default();
        rows += 1;
    }
    columns
}

fn of_rows(source: &[u8], from: usize) -> Result<Sampled> {
    let mut columns: Sampled = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let lines = source.get(from..).unwrap_or_default().split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.iter().all(u8::is_ascii_whitespace)).take(SAMPLE) {
        let tree = json::scan(line, 0, json::DEFAULT_DEPTH)?;
        for cell in tree.children(NodeId::ROOT) {
            let node = tree.node(cell);
            let Some(name) = json::name(line, &node).map(Cow::into_owned) else { continue };
            let raw = node.span().of(line).unwrap_or_default();
            let value = json::decode(raw).map(Cow::into_owned);
            let value =
                value.or_else(|| std::str::from_utf8(raw).ok().map(str::to_owned)).unwrap_or_default();
            let place = *places.entry(name.clone()).or_insert(columns.len());
            match columns.get_mut(place) {
                Some((_, values)) => values.push(value),
                None => columns.push((name, vec![value])),
            }
        }
    }
    Ok(columns)
}

/// What a column seems to be: its name says it, or all of its values have a form that says it.
fn column(name: &str, values: &[String]) -> Option<TableColumn> {
    let (label, whose, field) = by_name(name).or_else(|| by_values(values).map(|label| (label, "", "")))?;
    let dated = matches!(label, Label::Date | Label::BirthDate | Label::DeathDate);
    // A name that promises dates above values that are none is no date.
    if dated && !values.iter().all(|value| is_date(value)) {
        return None;
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let system = if label == Label::Code { code_system(name, field) } else { None };
    Some(TableColumn {
        name: name.to_owned(),
        label: label.as_str().to_owned(),
        whose: some(whose),
        field: some(field),
        system: system.map(str::to_owned),
    })
}

type Known = (Label, &'static str, &'static str);

/// What a column is whose name has the same words as one in the table of names.
fn by_name(name: &str) -> Option<Known> {
    static NAMES: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
        let table = include_str!("../../../data/table/columns.csv");
        let rows = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
        let known = rows.filter_map(|line| {
            let mut cells = line.split(',');
            let (name, label) = (cells.next()?, Label::from_name(cells.next()?)?);
            Some((name, (label, cells.next()?, cells.next()?)))
        });
        known.collect()
    });
    NAMES.get(fold(name).as_str()).copied()
}

/// Letters and digits in lower case, words joined by one underscore: `DateOfBirth` and `Date of birth` are one name.
fn fold(name: &str) -> String {
    let mut out = String::new();
    let mut lower = false;
    for c in name.trim().chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && lower {
                out.push('_');
            }
            lower = c.is_lowercase() || c.is_numeric();
            out.extend(c.to_lowercase());
        } else {
            lower = false;
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
        }
    }
    out.trim_end_matches('_').to_owned()
}

fn by_values(values: &[String]) -> Option<Label> {
    let shaped = |pattern: &str| !values.is_empty() && values.iter().all(|value| has_shape(value, pattern));
    let all = |test: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| test(value));
    if shaped("999-99-9999") {
        return Some(Label::SocialSecurity);
    }
    if ["(999) 999-9999", "999-999-9999", "(999)999-9999"].into_iter().any(shaped) {
        return Some(Label::Phone);
    }
    if all(|value| value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))) {
        return Some(Label::Email);
    }
    if all(|value| value.starts_with("http://") || value.starts_with("https://")) {
        return Some(Label::Url);
    }
    // Eight digits can be any number; a date without marks is told by its column's name alone.
    if all(|value| value.contains(['-', '/']) && is_date(value)) {
        return Some(Label::Date);
    }
    None
}

/// Whether every `9` of the pattern is a digit, and every other character itself.
fn has_shape(value: &str, pattern: &str) -> bool {
    value.len() == pattern.len()
        && value.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'9' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

fn is_date(value: &str) -> bool {
    let day = value.split([' ', 'T']).next().unwrap_or_default();
    PartialDate::parse(day).is_some()
        || hl7v2::iso_date(Cow::Borrowed(day)).is_some()
        || super::slashed(day, false).is_some()
        || super::slashed(day, true).is_some()
}

/// The code system that a column of codes names.
fn code_system(name: &str, field: &str) -> Option<&'static str> {
    let folded = fold(name);
    let has = |word: &str| folded.contains(word);
    if has("icd10pcs") || has("icd_10_pcs") {
        Some("http://www.cms.gov/Medicare/Coding/ICD10")
    } else if has("icd10") || has("icd_10") {
        Some("http://hl7.org/fhir/sid/icd-10-cm")
    } else if has("loinc") {
        Some("http://loinc.org")
    } else if has("rxnorm") || has("rxcui") {
        Some("http://www.nlm.nih.gov/research/umls/rxnorm")
    } else if has("snomed") {
        Some("http://snomed.info/sct")
    } else if has("cvx") {
        Some("http://hl7.org/fhir/sid/cvx")
    } else if field == "sex" {
        Some("http://terminology.hl7.org/CodeSystem/v2-0001")
    } else {
        None
    }
}
