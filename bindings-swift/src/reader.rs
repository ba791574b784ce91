//! `RecordReader`: the records of an input of any length, one at a time, from a file, as a foreign object.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chartkeeper::api;

use crate::document::ReadRecordsRequest;
use crate::error::Result;
use crate::mirror::Mirror;
use crate::record::Record;
use crate::records::Progress;

/// The records of an input, read one at a time; memory is bounded by the largest record.
///
/// A part that is no record throws, with its byte span in the whole file; `next` then goes on with what follows. Safe to
/// use from every thread.
#[derive(uniffi::Object)]
pub struct RecordReader(Mutex<api::Records>);

impl RecordReader {
    fn lock(&self) -> MutexGuard<'_, api::Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[uniffi::export]
impl RecordReader {
    /// The next record; nil where the file has ended.
    pub fn next(&self) -> Result<Option<Arc<Record>>> {
        let next = self.lock().next();
        Ok(next.transpose()?.map(|record| Arc::new(Record(record))))
    }

    /// How much was read until now.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.lock().progress().mirror()
    }
}

/// Reads records one at a time from the file at `path`. The layout of the request says what it is made of: `ndjson`,
/// `bundle`, `hl7v2` or `table`.
#[uniffi::export]
pub fn read_records(path: &str, request: &ReadRecordsRequest) -> Result<Arc<RecordReader>> {
    Ok(Arc::new(RecordReader(Mutex::new(api::open_records(path, &request.0)?))))
}
