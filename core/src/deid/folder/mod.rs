//! Folders: records file by file, de-identified by several threads. The output is the same whatever their number, memory
//! is bounded by a few batches, and a run that was broken off goes on with the files that are missing.

mod files;
#[cfg(test)]
mod tests;
mod work;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use self::files::{Input, Layout, Pieces};
use super::people::People;
use super::{Options, Policy, Vault};
use crate::error::{Error, Result, codes};
use crate::record::Record;

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct FolderProgress {
    /// Files that are done, those that stood there already among them.
    pub files: usize,
    /// Records that were written.
    pub records: usize,
    /// Records that were left out because they could not be read or de-identified.
    pub refused: usize,
    /// Bytes that were read.
    pub bytes: u64,
}

/// A record that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRecord {
    /// Its file, as its place among the files in the order of their names, from 0.
    pub file: usize,
    /// The line, or the segment of HL7 v2, with which it begins, from 1.
    pub line: usize,
    /// Why: the code of the error.
    pub code: &'static str,
}

/// What a run has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FolderReport {
    /// Files that were written.
    pub files: usize,
    /// Files whose output stood there already, and was not made again.
    pub skipped: usize,
    /// Files of other kinds, which were left where they are.
    pub ignored: usize,
    /// Records that were written.
    pub records: usize,
    /// Bytes that were read.
    pub bytes: u64,
    /// Records that were left out.
    pub refused: Vec<RefusedRecord>,
    /// Whether all files are done: not where `progress` ended the run.
    pub complete: bool,
}

/// De-identifies the records of a folder into another: `.ndjson` (one a line), `.hl7` (messages, one after the other,
/// with or without the segments of a batch around them, which are left out), `.json` and `.xml` (one a file).
///
/// Files come out in the order of their names as `0001.ndjson` and so on, because a name can tell of a person; one that
/// is the name of an entry type of the format (`Patient.ndjson`) keeps it. A file is written beside its place and moved
/// there when it is whole, so that a run that was broken off goes on where it stopped; give it the same vault or key.
/// A record that cannot be read or de-identified is left out and reported.
///
/// Where the policy treats values by patient and counts by identifier, the lines are read once more before: one that
/// holds only the id of its patient then counts by the identifier that the patient's own line tells.
///
/// `progress` is called after every batch; where it says `false`, the run ends, and the file in hand is not written.
///
/// # Errors
/// `file_unreadable`, `file_unwritable`, and those of the policy and key; not those of single records.
pub fn deidentify_folder(
    input: &Path,
    output: &Path,
    policy: &Policy,
    options: &Options<'_>,
    threads: usize,
    progress: &mut dyn FnMut(FolderProgress) -> bool,
) -> Result<FolderReport> {
    policy.accepts_key(options.key)?;
    let (files, ignored) = files::of_folder(input)?;
    let own;
    let options = match options.vault {
        Some(_) => *options,
        None => {
            own = Vault::new()?;
            Options { vault: Some(&own), ..*options }
        }
    };
    fs::create_dir_all(output).map_err(unwritable)?;
    let directory = directory(&files, policy, &options)?;
    let mut run = Run {
        work: work::Work { policy, options, directory, threads: threads.clamp(1, 64) },
        report: FolderReport { ignored, complete: true, ..FolderReport::default() },
        progress,
    };
    for (at, file) in files.iter().enumerate() {
        let to = output.join(file.name_of_output(at)?);
        if to.exists() {
            run.report.skipped += 1;
        } else if run.file(at, file, &to)? {
            run.report.files += 1;
        } else {
            run.report.complete = false;
            break;
        }
        if !run.tell() {
            run.report.complete = at + 1 == files.len();
            break;
        }
    }
    Ok(run.report)
}

pub(super) fn unreadable(error: std::io::Error) -> Error {
    Error::new(&codes::FILE_UNREADABLE).note(error.kind().to_string())
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(&codes::FILE_UNWRITABLE).note(error.kind().to_string())
}

/// The keys of patients by the ids of their entries, where a line without its patient needs them.
fn directory(files: &[Input], policy: &Policy, options: &Options<'_>) -> Result<HashMap<String, String>> {
    let mut directory = HashMap::new();
    if !policy.is_by_patient() || policy.patient().by_entry || options.patient.is_some() {
        return Ok(directory);
    }
    for file in files.iter().filter(|file| file.layout == Layout::Lines) {
        let mut pieces = Pieces::open(file)?;
        while let Some(batch) = pieces.batch()? {
            for piece in batch.pieces {
                if let Ok(record) = Record::parse(piece.bytes, None) {
                    directory.extend(People::directory(&record, policy.patient()));
                }
            }
        }
    }
    Ok(directory)
}

struct Run<'a, 'p> {
    work: work::Work<'a>,
    report: FolderReport,
    progress: &'p mut dyn FnMut(FolderProgress) -> bool,
}

impl Run<'_, '_> {
    /// Tells how far the run has come; whether it is to go on.
    fn tell(&mut self) -> bool {
        let FolderReport { files, skipped, records, bytes, refused, .. } = &self.report;
        let progress = FolderProgress {
            files: files + skipped,
            records: *records,
            refused: refused.len(),
            bytes: *bytes,
        };
        (self.progress)(progress)
    }

    /// Writes the output of a file; whether it was to be finished.
    fn file(&mut self, at: usize, from: &Input, to: &Path) -> Result<bool> {
        let mut beside = to.as_os_str().to_owned();
        beside.push(".part");
        let mut out = BufWriter::with_capacity(1 << 16, File::create(&beside).map_err(unwritable)?);
        let mut pieces = Pieces::open(from)?;
        let mut ended = false;
        let newline: &[u8] = if from.layout == Layout::Lines { b"\n" } else { b"" };
        let threads = self.work.threads;
        let mut write = |run: &mut Self, made: work::Made| -> Result<bool> {
            for (line, outcome) in made.records {
                match outcome {
                    Ok(bytes) => {
                        out.write_all(&bytes).and_then(|()| out.write_all(newline)).map_err(unwritable)?;
                        run.report.records += 1;
                    }
                    Err(code) => run.report.refused.push(RefusedRecord { file: at, line, code }),
                }
            }
            run.report.bytes += made.bytes;
            ended |= !run.tell();
            Ok(!ended)
        };
        if threads < 2 {
            while let Some(batch) = pieces.batch()? {
                let made = self.work.alone(batch);
                if !write(self, made)? {
                    break;
                }
            }
        } else {
            let work = std::mem::take(&mut self.work.directory);
            let shared = work::Work { directory: work, ..self.work };
            let outcome = shared.together(&mut pieces, &mut |made| write(self, made));
            self.work.directory = shared.directory;
            outcome?;
        }
        if ended {
            drop(out);
            fs::remove_file(&beside).map_err(unwritable)?;
            return Ok(false);
        }
        out.flush().map_err(unwritable)?;
        out.into_inner().map_err(|error| unwritable(error.into_error()))?.sync_all().map_err(unwritable)?;
        fs::rename(&beside, to).map_err(unwritable)?;
        Ok(true)
    }
}
