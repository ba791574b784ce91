//! Vaccines (CVX), LOINC, SNOMED CT.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::archive::{is_archive, member, text};
use super::csv::{Header, divided, quoted};
use super::xml::entity;
use super::{hcpcs, refuse, refuse_all};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

/// Elements of a name, each as the names and texts of the elements in it. The document must be whole.
///
/// # Errors
/// `source_malformed` with the line where the XML is not well formed or ends too soon.
pub(super) fn records(xml: &str, element: &str) -> Result<Vec<Vec<(String, String)>>> {
    let mut reader = Reader::from_str(xml);
    let line = |at: u64| {
        let before = xml.as_bytes().get(..usize::try_from(at).unwrap_or(usize::MAX).min(xml.len()));
        1 + before.unwrap_or_default().iter().filter(|byte| **byte == b'\n').count()
    };
    let mut out = Vec::new();
    let mut fields: Option<Vec<(String, String)>> = None;
    let mut open = Vec::new();
    let mut value = String::new();
    loop {
        let event = reader.read_event();
        let at = line(reader.buffer_position());
        match event.map_err(|_| refuse(at, "the XML is not well formed"))? {
            Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                if name == element {
                    fields = Some(Vec::new());
                }
                value.clear();
                open.push(name);
            }
            Event::Text(text) => value.push_str(&text),
            Event::GeneralRef(reference) => value.push(entity(reference.as_ref()).unwrap_or(' ')),
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                if name == element {
                    out.extend(fields.take());
                } else if let Some(fields) = &mut fields {
                    fields.push((name, value.split_whitespace().collect::<Vec<_>>().join(" ")));
                }
                value.clear();
            }
            Event::Eof if open.is_empty() => return Ok(out),
            Event::Eof => return Err(refuse(at, "the XML ends before its root does")),
            _ => {}
        }
    }
}

/// CDC's list of vaccines. A vaccine that is no longer given keeps its code for the record of what was given.
pub(super) fn cvx(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("cvx") && name.ends_with(".xml"))?;
    let rows = records(&text(&bytes), "CVXInfo")?.into_iter().map(|fields| {
        let get = |name: &str| {
            fields
                .iter()
                .find(|(known, _)| known == name)
                .map_or_else(String::new, |(_, value)| value.clone())
        };
        ListRow {
            code: get("CVXCode"),
            title: get("FullVaccinename"),
            attributes: vec![
                ("short_title".to_owned(), get("ShortDescription")),
                ("status".to_owned(), get("Status")),
                ("updated".to_owned(), get("LastUpdated")),
            ],
            ..ListRow::default()
        }
    });
    finish(rows.collect())
}

/// The LOINC table. A deprecated term is no longer to be used (attribute `retired`).
pub(super) fn loinc(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.ends_with("loinctable/loinc.csv"))?;
    let records = quoted(&text(&bytes))?;
    let (first, rest) = records.split_first().ok_or_else(|| refuse_all("the file is empty"))?;
    let header = Header::of(first);
    let (code, title, status) =
        (header.need("LOINC_NUM")?, header.need("LONG_COMMON_NAME")?, header.need("STATUS")?);
    let rows = rest.iter().map(|record| {
        header.whole(record)?;
        let retired = if record.get(status).eq_ignore_ascii_case("deprecated") { "yes" } else { "" };
        Ok(ListRow {
            code: record.get(code).to_owned(),
            title: record.get(title).to_owned(),
            attributes: vec![
                ("status".to_owned(), record.get(status).to_owned()),
                ("retired".to_owned(), retired.to_owned()),
            ],
            ..ListRow::default()
        })
    });
    finish(rows.collect::<Result<_>>()?)
}

/// Concepts and their fully specified names of a snapshot. An inactive concept ended on the day of its last row.
pub(super) fn snomed(source: &[u8]) -> Result<ListSource> {
    const FULLY_SPECIFIED: &str = "900000000000003001";
    if !is_archive(source) {
        return Err(refuse_all("the snapshot is a zip archive with a concept and a description file"));
    }
    let concepts = member(source, |name| name.contains("sct2_concept_snapshot") && name.ends_with(".txt"))?;
    let names = member(source, |name| name.contains("sct2_description_snapshot") && name.ends_with(".txt"))?;
    let mut titles = std::collections::HashMap::new();
    for record in divided(&text(&names), '\t').skip(1) {
        if record.fields.len() != 9 {
            return Err(refuse(record.line, "a description has nine fields"));
        }
        if record.get(2) == "1" && record.get(6) == FULLY_SPECIFIED {
            titles.insert(record.get(4).to_owned(), record.get(7).to_owned());
        }
    }
    let mut rows = Vec::new();
    for record in divided(&text(&concepts), '\t').skip(1) {
        if record.fields.len() != 5 {
            return Err(refuse(record.line, "a concept has five fields"));
        }
        let code = record.get(0).to_owned();
        let changed = hcpcs::day(record.get(1), record.line)?;
        let ended = changed.filter(|_| record.get(2) == "0").and_then(|day| day.yesterday().ok());
        let title = titles.remove(&code).unwrap_or_default();
        rows.push(ListRow { code, title, to: ended, ..ListRow::default() });
    }
    finish(rows)
}

/// A list with rows, none of them without its code.
pub(super) fn finish(rows: Vec<ListRow>) -> Result<ListSource> {
    if rows.is_empty() || rows.iter().any(|row| row.code.is_empty()) {
        return Err(refuse_all("the file has no rows of this format, or a row without its code"));
    }
    Ok(ListSource { rows })
}
