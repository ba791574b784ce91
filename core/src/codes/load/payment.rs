//! Place of service, provider taxonomy, MS-DRG.

use serde::Deserialize;

use super::archive::{member, text};
use super::clinical::finish;
use super::csv::{Header, divided, quoted};
use super::{refuse, refuse_all};
use crate::codes::lists::{ListRow, ListSource};
use crate::error::Result;

/// A FHIR CodeSystem, of which codes and titles are read.
pub(super) fn place_of_service(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("placeofservice"))?;
    let text = text(&bytes);
    let rows =
        if text.trim_start().starts_with('<') { concepts_of_xml(&text)? } else { concepts_of_json(&text)? };
    // Runs of codes that nobody assigned stand in the list as `59`, or as a range.
    finish(rows.into_iter().filter(|row| row.code.len() == 2).collect())
}

#[derive(Deserialize)]
struct CodeSystemJson {
    concept: Vec<ConceptJson>,
}

#[derive(Deserialize)]
struct ConceptJson {
    code: String,
    #[serde(default)]
    display: String,
}

fn concepts_of_json(text: &str) -> Result<Vec<ListRow>> {
    let system: CodeSystemJson =
        serde_json::from_str(text).map_err(|error| refuse(error.line(), "not a FHIR CodeSystem in JSON"))?;
    let row =
        |concept: ConceptJson| ListRow { code: concept.code, title: concept.display, ..ListRow::default() };
    Ok(system.concept.into_iter().map(row).collect())
}

/// FHIR's XML keeps every value in an attribute: `<code value="11"/>`.
fn concepts_of_xml(text: &str) -> Result<Vec<ListRow>> {
    use quick_xml::Reader;
    use quick_xml::events::Event;
    let mut reader = Reader::from_str(text);
    let mut rows: Vec<ListRow> = Vec::new();
    let mut depth = 0usize;
    let mut inside = false;
    loop {
        let event = reader.read_event().map_err(|_| refuse_all("the XML is not well formed"))?;
        let value_of = |start: &quick_xml::events::BytesStart<'_>| {
            let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == "value");
            found.and_then(|value| {
                quick_xml::escape::unescape(value.value.as_ref()).ok().map(|text| text.into_owned())
            })
        };
        match event {
            Event::Start(start) => {
                depth += 1;
                if start.name().as_ref() == "concept" {
                    inside = true;
                    rows.push(ListRow::default());
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                inside &= end.name().as_ref() != "concept";
            }
            Event::Empty(start) if inside => {
                let Some(row) = rows.last_mut() else { continue };
                match start.name().as_ref() {
                    "code" if row.code.is_empty() => row.code = value_of(&start).unwrap_or_default(),
                    "display" if row.title.is_empty() => row.title = value_of(&start).unwrap_or_default(),
                    _ => {}
                }
            }
            Event::Eof if depth == 0 => return Ok(rows),
            Event::Eof => return Err(refuse_all("the XML ends before its root does")),
            _ => {}
        }
    }
}

/// The NUCC's CSV.
pub(super) fn taxonomy(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("taxonomy") && name.ends_with(".csv"))?;
    let records = quoted(&text(&bytes))?;
    let (first, rest) = records.split_first().ok_or_else(|| refuse_all("the file is empty"))?;
    let header = Header::of(first);
    let (code, class) = (header.need("Code")?, header.need("Classification")?);
    let (special, display) = (header.need("Specialization")?, header.find("Display Name"));
    let rows = rest.iter().map(|record| {
        header.whole(record)?;
        let shown = display.map_or("", |at| record.get(at));
        let title = match (shown, record.get(special)) {
            ("", "") => record.get(class).to_owned(),
            ("", special) => format!("{}, {special}", record.get(class)),
            (shown, _) => shown.to_owned(),
        };
        let grouping = header.find("Grouping").map_or("", |at| record.get(at)).to_owned();
        Ok(ListRow {
            code: record.get(code).to_owned(),
            title,
            attributes: vec![("grouping".to_owned(), grouping)],
            ..ListRow::default()
        })
    });
    finish(rows.collect::<Result<_>>()?)
}

/// Table 5 of the final rule: a few lines of title, a header whose first column is `MS-DRG`, rows with tabs.
pub(super) fn ms_drg(source: &[u8]) -> Result<ListSource> {
    let bytes = member(source, |name| name.contains("table 5") && name.ends_with(".txt"))?;
    let text = text(&bytes);
    let mut records = divided(&text, '\t');
    let header = records
        .by_ref()
        .find(|record| record.get(0).trim_matches('"').eq_ignore_ascii_case("ms-drg"))
        .ok_or_else(|| refuse_all("no header that begins with MS-DRG"))?;
    let header = Header::of(&header);
    let title = header.need("MS-DRG Title")?;
    let (mdc, kind) = (header.find("MDC"), header.find("TYPE"));
    let mut rows = Vec::new();
    for record in records {
        let code = record.get(0);
        if !(code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())) {
            continue;
        }
        if record.fields.len() <= title {
            return Err(refuse(record.line, "the line is cut short"));
        }
        let of = |at: Option<usize>| at.map_or("", |at| record.get(at)).to_owned();
        rows.push(ListRow {
            code: code.to_owned(),
            title: record.get(title).trim_matches('"').to_owned(),
            attributes: vec![("mdc".to_owned(), of(mdc)), ("type".to_owned(), of(kind))],
            ..ListRow::default()
        });
    }
    finish(rows)
}
