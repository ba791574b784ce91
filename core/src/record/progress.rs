//! How far a stream of records has been read: a report to the caller every so many bytes.

use super::Record;
use crate::error::Result;

/// How far a stream has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Progress {
    /// Bytes of the input.
    pub bytes: u64,
    /// Records that were read.
    pub records: u64,
    /// Records that could not be read.
    pub rejected: u64,
}

/// Records that are read one at a time from an input of any length.
pub trait RecordStream: Iterator<Item = Result<Record>> + Sized {
    /// How many bytes of the input were read.
    fn bytes_read(&self) -> u64;

    /// The same records; `report` is called after the record with which another `every` bytes were read, and once
    /// at the end.
    ///
    /// ```
    /// use chartkeeper::record::{RecordStream, read_ndjson};
    /// let input = "{\"resourceType\":\"Patient\"}\n".repeat(10);
    /// let mut seen = Vec::new();
    /// let records = read_ndjson(input.as_bytes()).with_progress(100, |progress| seen.push(progress.bytes));
    /// assert_eq!(records.count(), 10);
    /// assert_eq!(seen, [108, 216, 270]);
    /// ```
    fn with_progress<F: FnMut(Progress)>(self, every: u64, report: F) -> WithProgress<Self, F> {
        let every = every.max(1);
        WithProgress { records: self, every, due: every, progress: Progress::default(), report: Some(report) }
    }
}

/// A stream of records that reports; see [`RecordStream::with_progress`].
pub struct WithProgress<S, F> {
    records: S,
    every: u64,
    due: u64,
    progress: Progress,
    /// None after the last report.
    report: Option<F>,
}

impl<S, F> std::fmt::Debug for WithProgress<S, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithProgress").field("progress", &self.progress).finish_non_exhaustive()
    }
}

impl<S: RecordStream, F: FnMut(Progress)> Iterator for WithProgress<S, F> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.records.next();
        self.progress.bytes = self.records.bytes_read();
        match &item {
            Some(Ok(_)) => self.progress.records += 1,
            Some(Err(_)) => self.progress.rejected += 1,
            None => {
                if let Some(mut report) = self.report.take() {
                    report(self.progress);
                }
                return None;
            }
        }
        if self.progress.bytes >= self.due {
            self.due = (self.progress.bytes / self.every + 1) * self.every;
            if let Some(report) = &mut self.report {
                report(self.progress);
            }
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{read_bundle, read_ndjson};

    #[test]
    fn good_and_bad_records_are_counted() {
        let mut last = Progress::default();
        let input = "{\"resourceType\":\"Patient\"}\nno\n";
        assert_eq!(read_ndjson(input.as_bytes()).with_progress(1 << 20, |now| last = now).count(), 2);
        assert_eq!(last, Progress { bytes: 30, records: 1, rejected: 1 });

        let input =
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{}}]}"#;
        let mut calls = Vec::new();
        let mut records = read_bundle(input.as_bytes()).with_progress(1, |now| calls.push(now));
        assert!(records.next().unwrap().is_ok() && records.next().unwrap().is_err());
        assert!(records.next().is_none() && records.next().is_none());
        assert_eq!(calls.len(), 3);
        assert_eq!(calls[2], Progress { bytes: input.len() as u64, records: 1, rejected: 1 });
    }
}
