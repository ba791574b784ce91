//! `NdJson`: one record a line, from a file, as a foreign object.

use std::fs::File;
use std::io::BufReader;
use std::sync::{Arc, Mutex, PoisonError};

use chartkeeper::api;

use crate::error::Result;
use crate::record::Record;

/// The records of newline-delimited JSON, read one at a time; memory is bounded by the longest line.
///
/// A line that is no record throws, with its number in the message and the byte span in the whole file; `next` then
/// goes on with the line after it. Safe to use from every thread.
#[derive(uniffi::Object)]
pub struct NdJson(Mutex<api::NdJson<BufReader<File>>>);

#[uniffi::export]
impl NdJson {
    /// The next record; nil where the file has ended.
    pub fn next(&self) -> Result<Option<Arc<Record>>> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).next();
        Ok(next.transpose()?.map(|record| Arc::new(Record(record))))
    }
}

/// Reads records from newline-delimited JSON, from the file at `path`.
#[uniffi::export]
pub fn read_ndjson(path: &str) -> Result<Arc<NdJson>> {
    Ok(Arc::new(NdJson(Mutex::new(api::open_ndjson(path)?))))
}
