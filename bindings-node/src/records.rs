//! `Records`: the records of an input of any length, one at a time, from a file.

use chartkeeper::api;
use napi_derive::napi;

use crate::error::{Result, document, failure};
use crate::mirror::{Mirror, mirror};
use crate::record::Record;

/// One step of the iterator.
#[napi(object, object_from_js = false)]
pub struct RecordsStep {
    /// Whether the file has ended.
    pub done: bool,
    /// The record, unless it has.
    pub value: Option<Record>,
}

/// How much of an input was read.
#[napi(object, object_from_js = false)]
pub struct Progress {
    /// Bytes of the input.
    pub bytes: i64,
    /// Records that were read.
    pub records: i64,
    /// Records that could not be read.
    pub rejected: i64,
}

mirror!(Progress { bytes, records, rejected });

/// The records of an input, read one at a time; memory is bounded by the largest record. Iterate it.
///
/// A part that is no record throws, with its byte span in the whole file; `next` then goes on with what follows.
#[napi]
pub struct Records {
    records: api::Records,
}

#[napi]
impl Records {
    /// The next record.
    #[napi]
    pub fn next(&mut self) -> Result<RecordsStep> {
        let next = self.records.next().transpose().map_err(failure)?;
        Ok(RecordsStep { done: next.is_none(), value: next.map(|inner| Record { inner }) })
    }

    /// How much was read until now.
    #[napi(getter)]
    pub fn progress(&self) -> Progress {
        self.records.progress().mirror()
    }
}

/// Reads records one at a time from the file at `path`. The layout of the request says what it is made of: `ndjson`,
/// `bundle`, `hl7v2` or `table`.
///
/// Throws a `ChartkeeperError` of kind `io` where it cannot be opened, `argument` where a table comes without its map.
#[napi]
pub fn read_records(
    path: String,
    #[napi(ts_arg_type = "ReadRecordsRequest")] request: serde_json::Value,
) -> Result<Records> {
    let request: api::ReadRecordsRequest = document(&request)?;
    Ok(Records { records: api::open_records(path, &request).map_err(failure)? })
}
