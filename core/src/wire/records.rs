//! The twins of the verbs that read, check and turn records.

use serde::{Deserialize, Serialize};

use super::{Source, error_json, read, text, write};
use crate::api::{
    Chartkeeper, Error, Format, Layout, ReadRecordsRequest, Record, Result, TableMap, read_records,
    suggest_table,
};
use crate::error::codes;

/// `parse`: `{source, format?, table?}` to `{format, bytes, nodes, resources}`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn parse_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&Parsed::of(&read::<Source>(request)?.record()?))
}

/// What is told of a record that was read.
#[derive(Serialize)]
struct Parsed {
    format: &'static str,
    bytes: usize,
    nodes: usize,
    resources: usize,
}

impl Parsed {
    fn of(record: &Record) -> Self {
        Self {
            format: record.format().as_str(),
            bytes: record.source().len(),
            nodes: record.tree().len(),
            resources: record.resources().len(),
        }
    }
}

/// `read_records`: `{source, layout, format?, table?, rows?, record_bytes?}` to `{records, progress}`; of each record
/// `{format, bytes, nodes, resources}`, or `{error}` as [`error_json`] writes it.
///
/// # Errors
/// `invalid_request`, and those of [`read_records`].
pub fn read_records_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        layout: Layout,
        format: Option<Format>,
        table: Option<TableMap>,
        rows: Option<usize>,
        record_bytes: Option<usize>,
    }
    let Request { source, layout, format, table, rows, record_bytes } = read(request)?;
    let request = ReadRecordsRequest { layout, format, table, rows, record_bytes };
    let mut all = read_records(std::io::Cursor::new(source.into_bytes()), &request)?;
    let mut records = Vec::new();
    for record in all.by_ref() {
        records.push(match record {
            Ok(record) => serde_json::to_value(Parsed::of(&record)),
            Err(error) => serde_json::from_str(&error_json(&error))
                .map(|error: serde_json::Value| serde_json::json!({ "error": error })),
        });
    }
    let records: serde_json::Result<Vec<_>> = records.into_iter().collect();
    let records = records.map_err(|_| Error::new(&codes::INVALID_REQUEST).note("the answer is not text"))?;
    write(&serde_json::json!({ "records": records, "progress": all.progress() }))
}

/// `replace`: `{source, format?, table?, path, value}` to `{output}`; one leaf gets a new value.
///
/// # Errors
/// `invalid_request`, and those of [`Record::with_replaced`].
pub fn replace_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        table: Option<TableMap>,
        path: String,
        value: String,
    }
    #[derive(Serialize)]
    struct Answer {
        output: String,
    }
    let request: Request = read(request)?;
    let record = Source { source: request.source, format: request.format, table: request.table }.record()?;
    let changed = record.with_replaced(&request.path, &request.value)?;
    write(&Answer { output: text(changed.source().to_vec())? })
}

/// `chart`: `{source, format?, table?}` to a list of `ChartEntry`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn chart_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.chart_entries())
}

/// `uncharted`: `{source, format?, table?}` to a list of `UnchartedPart`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn uncharted_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.uncharted())
}

/// `suggest_table`: `{source, format}` to a `TableMap`.
///
/// # Errors
/// `invalid_request`, `unknown_format`, and those of [`suggest_table`].
pub fn suggest_table_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: String,
    }
    let Request { source, format } = read(request)?;
    write(&suggest_table(source.as_bytes(), format.parse()?)?)
}

/// `to_fhir`: `{source, format?}` to `{output, origins, losses}`: the record as a FHIR R4 Bundle, the place of each
/// resource in the source, and what the Bundle does not carry.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn to_fhir_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.to_fhir()?)
}

/// `check`: `{source, format?, table?, as_of}` to a list of `Finding`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, and those of [`Record::parse`].
pub fn check_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        table: Option<TableMap>,
        as_of: String,
    }
    let Request { source, format, table, as_of } = read(request)?;
    write(&keeper.check(&Source { source, format, table }.record()?, &as_of)?)
}
