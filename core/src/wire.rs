//! The `_json` twins: every verb as a function from a JSON request to a JSON answer.
//!
//! The field names are those of the records in [`crate::api`]. A request with a field that the verb does not take
//! is refused. Sources and outputs are strings. Errors are the typed errors of the verbs; [`error_json`] is their
//! JSON form.

use serde::{Deserialize, Serialize};

use crate::api::{Chartkeeper, Error, Format, Record, Result, Span};
use crate::error::codes;

/// Reads a request. What `serde` says of a bad one may quote it, so only the place is kept.
fn read<'a, T: Deserialize<'a>>(request: &'a str) -> Result<T> {
    serde_json::from_str(request).map_err(|error| {
        let reason = match error.classify() {
            serde_json::error::Category::Data => "a field is missing, unknown or of another type",
            _ => "not valid JSON",
        };
        let place = format!("{reason}, at line {} column {}", error.line(), error.column());
        Error::new(&codes::INVALID_REQUEST).note(place)
    })
}

fn write(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|_| Error::new(&codes::INVALID_REQUEST).note("the answer is not text"))
}

/// The output of a verb as text. Outputs are UTF-8 because their sources were.
fn text(output: Vec<u8>) -> Result<String> {
    String::from_utf8(output)
        .map_err(|error| Error::new(&codes::INVALID_UTF8).at_offset(error.utf8_error().valid_up_to()))
}

/// An error as JSON: `{kind, code, message, path, span}`.
#[must_use]
pub fn error_json(error: &Error) -> String {
    #[derive(Serialize)]
    struct Wire<'a> {
        kind: &'a str,
        code: &'a str,
        message: String,
        path: Option<&'a str>,
        span: Option<Span>,
    }
    let wire = Wire {
        kind: error.kind().as_str(),
        code: error.code(),
        message: error.to_string(),
        path: error.path(),
        span: error.span(),
    };
    serde_json::to_string(&wire).unwrap_or_default()
}

/// A record in a request: its text, and the name of its format where the caller knows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
    format: Option<String>,
}

impl Source {
    fn record(self) -> Result<Record> {
        let format = self.format.as_deref().map(str::parse::<Format>).transpose()?;
        Record::parse(self.source, format)
    }
}

/// `packs`: `{}` to a list of `PackInfo`.
///
/// # Errors
/// `invalid_request`.
pub fn packs_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {}
    let Request {} = read(request)?;
    write(&keeper.packs())
}

/// `parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn parse_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Serialize)]
    struct Answer {
        format: &'static str,
        bytes: usize,
        nodes: usize,
        resources: usize,
    }
    let record = read::<Source>(request)?.record()?;
    write(&Answer {
        format: record.format().as_str(),
        bytes: record.source().len(),
        nodes: record.tree().len(),
        resources: record.resources().len(),
    })
}

/// `replace`: `{source, format?, path, value}` to `{output}`; one leaf gets a new value.
///
/// # Errors
/// `invalid_request`, and those of [`Record::with_replaced`].
pub fn replace_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        path: String,
        value: String,
    }
    #[derive(Serialize)]
    struct Answer {
        output: String,
    }
    let request: Request = read(request)?;
    let record = Source { source: request.source, format: request.format }.record()?;
    let changed = record.with_replaced(&request.path, &request.value)?;
    write(&Answer { output: text(changed.source().to_vec())? })
}
