//! `NdJson`: one record a line, from a file.

use std::fs::File;
use std::io::BufReader;

use chartkeeper::api;
use napi_derive::napi;

use crate::error::{Result, failure};
use crate::record::Record;

/// One step of the iterator.
#[napi(object, object_from_js = false)]
pub struct NdJsonStep {
    /// Whether the file has ended.
    pub done: bool,
    /// The record, unless it has.
    pub value: Option<Record>,
}

/// The records of newline-delimited JSON, read one at a time; memory is bounded by the longest line. Iterate it.
///
/// A line that is no record throws, with its number in the message and the byte span in the whole file; `next` then
/// goes on with the line after it.
#[napi]
pub struct NdJson {
    records: api::NdJson<BufReader<File>>,
}

#[napi]
impl NdJson {
    /// The next record.
    #[napi]
    pub fn next(&mut self) -> Result<NdJsonStep> {
        let next = self.records.next().transpose().map_err(failure)?;
        Ok(NdJsonStep { done: next.is_none(), value: next.map(|inner| Record { inner }) })
    }
}

/// Reads records from newline-delimited JSON, from the file at `path`.
///
/// Throws a `ChartkeeperError` of kind `io` where it cannot be opened.
#[napi]
pub fn read_ndjson(path: String) -> Result<NdJson> {
    Ok(NdJson { records: api::open_ndjson(path).map_err(failure)? })
}
