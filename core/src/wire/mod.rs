//! The `_json` twins: every verb as a function from a JSON request to a JSON answer.
//!
//! The field names are those of the records in [`crate::api`]. A request with a field that the verb does not take
//! is refused. Sources and outputs are strings. Errors are the typed errors of the verbs; [`error_json`] is their
//! JSON form.

mod coding;
mod deid;
mod ledger;
#[cfg(feature = "load")]
mod load;
mod records;
mod release;

use serde::{Deserialize, Serialize};

use crate::api::{Chartkeeper, Error, Format, Ledger, Record, Result, Span, TableMap};
use crate::error::codes;

pub use coding::*;
pub use deid::*;
pub use ledger::*;
#[cfg(feature = "load")]
pub use load::*;
pub use records::*;
pub use release::*;

/// The policy of a `deidentify` request that names none.
const DEFAULT_POLICY: &str = "hipaa-safe-harbor";

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

/// A record in a request: its text, and the name of its format where the caller knows it, or for a table the map of its
/// columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
    format: Option<String>,
    table: Option<TableMap>,
}

impl Source {
    fn record(self) -> Result<Record> {
        if let Some(map) = &self.table {
            return Record::parse_table(self.source, map);
        }
        let format = self.format.as_deref().map(str::parse::<Format>).transpose()?;
        Record::parse(self.source, format)
    }
}

/// A policy in a request: a name, or one of the user's own as an object or its text.
#[derive(Deserialize)]
#[serde(untagged)]
enum PolicyChoice {
    Text(String),
    Object(serde_json::Map<String, serde_json::Value>),
}

impl PolicyChoice {
    fn text(choice: Option<Self>) -> String {
        match choice {
            None => DEFAULT_POLICY.to_owned(),
            Some(Self::Text(text)) => text,
            Some(Self::Object(members)) => serde_json::Value::Object(members).to_string(),
        }
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
    write(&keeper.packs()?)
}

/// A ledger in a request: its folder and, where it is signed, its key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerAt {
    ledger: String,
    signing_key: Option<String>,
}

impl LedgerAt {
    fn key(&self) -> Result<Option<[u8; 32]>> {
        self.signing_key.as_deref().map(|key| secret("signing_key", key)).transpose()
    }

    fn open(&self) -> Result<Ledger> {
        Ledger::open(&self.ledger, self.key()?.as_ref())
    }

    fn open_reading(&self) -> Result<Ledger> {
        Ledger::open_reading(&self.ledger, self.key()?.as_ref())
    }
}

/// 32 secret bytes from 64 hexadecimal digits.
fn secret(name: &'static str, digits: &str) -> Result<[u8; 32]> {
    let refuse =
        || Error::new(&codes::INVALID_ARGUMENT).in_path(name).note("64 hexadecimal digits are needed");
    let mut key = [0; 32];
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != key.len() || !rest.is_empty() {
        return Err(refuse());
    }
    for (byte, pair) in key.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16).ok_or_else(refuse);
        let [high, low] = *pair;
        *byte = (digit(high)? << 4 | digit(low)?) as u8;
    }
    Ok(key)
}
