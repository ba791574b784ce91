//! How far a stream of records has been read: a report to the caller every so many bytes.

use super::{Record, Records};
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

impl Records {
    /// The same records; `report` is called after the record with which another `every` bytes were read, and once
    /// at the end.
    ///
    /// ```
    /// use chartkeeper::record::{Layout, ReadRecordsRequest, read_records};
    /// let input = std::io::Cursor::new("{\"resourceType\":\"Patient\"}\n".repeat(10));
    /// let mut seen = Vec::new();
    /// let records = read_records(input, &ReadRecordsRequest::of(Layout::Ndjson))?;
    /// assert_eq!(records.with_progress(100, |progress| seen.push(progress.bytes)).count(), 10);
    /// assert_eq!(seen, [108, 216, 270]);
    /// # Ok::<(), chartkeeper::Error>(())
    /// ```
    pub fn with_progress<F: FnMut(Progress)>(self, every: u64, report: F) -> WithProgress<F> {
        let every = every.max(1);
        WithProgress { records: self, every, due: every, report: Some(report) }
    }
}

/// Records that report; see [`Records::with_progress`].
pub struct WithProgress<F> {
    records: Records,
    every: u64,
    due: u64,
    /// None after the last report.
    report: Option<F>,
}

impl<F> std::fmt::Debug for WithProgress<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithProgress").field("records", &self.records).finish_non_exhaustive()
    }
}

impl<F: FnMut(Progress)> Iterator for WithProgress<F> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.records.next();
        let progress = self.records.progress();
        if item.is_none() {
            if let Some(mut report) = self.report.take() {
                report(progress);
            }
        } else if progress.bytes >= self.due {
            self.due = (progress.bytes / self.every + 1) * self.every;
            if let Some(report) = &mut self.report {
                report(progress);
            }
        }
        item
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Layout, ReadRecordsRequest, read_records};

    #[test]
    fn good_and_bad_records_are_counted() {
        let input =
            br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{}}]}"#;
        let mut calls = Vec::new();
        let records = read_records(&input[..], &ReadRecordsRequest::of(Layout::Bundle)).unwrap();
        let mut records = records.with_progress(1, |now| calls.push(now));
        assert!(records.next().unwrap().is_ok() && records.next().unwrap().is_err());
        assert!(records.next().is_none() && records.next().is_none());
        assert_eq!(calls.len(), 3);
        assert_eq!(calls[2], Progress { bytes: input.len() as u64, records: 1, rejected: 1 });
    }
}
