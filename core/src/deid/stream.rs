//! Streams: records one a line, file by file, de-identified by several threads. The output is the same whatever their
//! number, memory is bounded by a batch of lines, and a run that was broken off goes on with the files that are missing.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::people::People;
use super::{Options, Policy, Vault, deidentify};
use crate::error::{Error, Result, codes};
use crate::record::Record;

/// Lines of a batch.
const BATCH_LINES: usize = 256;
/// Bytes of a batch, unless one line is longer.
const BATCH_BYTES: usize = 16 << 20;

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct StreamProgress {
    /// Files that are done.
    pub files: usize,
    /// Records that were written.
    pub records: usize,
    /// Lines that could not be read or de-identified, and were left out.
    pub refused: usize,
    /// Bytes that were read.
    pub bytes: u64,
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// The file, as its place among the files in the order of their names, from 0.
    pub file: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// Why: the code of the error.
    pub code: &'static str,
}

/// What a run has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct StreamReport {
    /// How far it came.
    pub progress: StreamProgress,
    /// Files that stood in the output already, and were not made again.
    pub skipped: usize,
    /// Lines that were left out.
    pub refused: Vec<RefusedLine>,
}

/// De-identifies every `.ndjson` file of a folder into another.
///
/// Files come out in the order of their names as `0001.ndjson` and so on, because a name can tell of a person; one that
/// is the name of an entry type of the format (`Patient.ndjson`) keeps it. A file is written beside its place and moved
/// there when it is whole, so that a run that was broken off goes on where it stopped; give it the same vault or key.
/// A line that cannot be read or de-identified is left out and reported.
///
/// Where the policy treats values by patient and counts by identifier, the folder is read once more before: a line that
/// holds only the id of its patient then counts by the identifier that the patient's own line tells.
///
/// Threads share the work of policies that make codes with a key. Tokens of a vault are drawn in the order of the
/// lines, so there only reading is shared. `progress` is called after every batch.
///
/// # Errors
/// `file_unreadable`, `file_unwritable`, and those of the policy and key; not those of single lines.
pub fn deidentify_folder(
    input: &Path,
    output: &Path,
    policy: &Policy,
    options: &Options<'_>,
    threads: usize,
    mut progress: impl FnMut(StreamProgress),
) -> Result<StreamReport> {
    policy.accepts_key(options.key)?;
    let files = files_of(input)?;
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
    let run = Run { policy, options, directory, threads: threads.clamp(1, 64) };
    let mut report = StreamReport::default();
    for (at, file) in files.iter().enumerate() {
        let to = output.join(name_of(file, at)?);
        if to.exists() {
            report.skipped += 1;
            report.progress.files += 1;
            continue;
        }
        run.file(at, file, &to, &mut report, &mut progress)?;
        report.progress.files += 1;
        progress(report.progress);
    }
    Ok(report)
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(&codes::FILE_UNREADABLE).note(error.kind().to_string())
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(&codes::FILE_UNWRITABLE).note(error.kind().to_string())
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "ndjson") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The name of an output: that of the input where it is the name of an entry type of the format that its first
/// record is in, else its number.
fn name_of(file: &Path, at: usize) -> Result<String> {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let lines = Batches::open(file)?.next()?.map(|(lines, _)| lines).unwrap_or_default();
    let first = lines.into_iter().find_map(|(_, line)| Record::parse(line, None).ok());
    let known = first.is_some_and(|record| record.is_entry_type(stem));
    Ok(if known { format!("{stem}.ndjson") } else { format!("{:04}.ndjson", at + 1) })
}

/// A line of a file with its number.
type Line = (usize, Vec<u8>);

/// Batches of the lines of a file.
struct Batches {
    input: BufReader<File>,
    line: usize,
}

impl Batches {
    fn open(file: &Path) -> Result<Self> {
        Ok(Self { input: BufReader::new(File::open(file).map_err(unreadable)?), line: 0 })
    }

    /// The next lines, blank ones left out, and how many bytes were read; none at the end.
    fn next(&mut self) -> Result<Option<(Vec<Line>, u64)>> {
        let (mut lines, mut read) = (Vec::new(), 0);
        while lines.len() < BATCH_LINES && read < BATCH_BYTES {
            let mut line = Vec::new();
            let length = self.input.read_until(b'\n', &mut line).map_err(unreadable)?;
            if length == 0 {
                break;
            }
            self.line += 1;
            read += length;
            while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                line.pop();
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                lines.push((self.line, line));
            }
        }
        Ok((read > 0).then_some((lines, read as u64)))
    }
}

/// The keys of patients by the ids of their entries, where a line without its patient needs them.
fn directory(files: &[PathBuf], policy: &Policy, options: &Options<'_>) -> Result<HashMap<String, String>> {
    let mut directory = HashMap::new();
    if !policy.is_by_patient() || policy.patient().by_entry || options.patient.is_some() {
        return Ok(directory);
    }
    for file in files {
        let mut batches = Batches::open(file)?;
        while let Some((lines, _)) = batches.next()? {
            for (_, line) in lines {
                if let Ok(record) = Record::parse(line, None) {
                    directory.extend(People::directory(&record, policy.patient()));
                }
            }
        }
    }
    Ok(directory)
}

struct Run<'a> {
    policy: &'a Policy,
    options: Options<'a>,
    directory: HashMap<String, String>,
    threads: usize,
}

impl Run<'_> {
    fn file(
        &self,
        at: usize,
        from: &Path,
        to: &Path,
        report: &mut StreamReport,
        progress: &mut impl FnMut(StreamProgress),
    ) -> Result<()> {
        let beside = to.with_extension("ndjson.part");
        let mut out = BufWriter::new(File::create(&beside).map_err(unwritable)?);
        let mut batches = Batches::open(from)?;
        while let Some((lines, read)) = batches.next()? {
            for (line, outcome) in self.batch(lines) {
                match outcome {
                    Ok(bytes) => {
                        out.write_all(&bytes).and_then(|()| out.write_all(b"\n")).map_err(unwritable)?;
                        report.progress.records += 1;
                    }
                    Err(error) => {
                        report.progress.refused += 1;
                        report.refused.push(RefusedLine { file: at, line, code: error.code() });
                    }
                }
            }
            report.progress.bytes += read;
            progress(report.progress);
        }
        out.flush().map_err(unwritable)?;
        out.into_inner().map_err(|error| unwritable(error.into_error()))?.sync_all().map_err(unwritable)?;
        fs::rename(&beside, to).map_err(unwritable)
    }

    /// De-identifies the lines of a batch; the answers in their order.
    fn batch(&self, lines: Vec<Line>) -> Vec<(usize, Result<Vec<u8>>)> {
        let parse = |lines: Vec<Line>| -> Vec<(usize, Result<Record>)> {
            lines.into_iter().map(|(at, line)| (at, Record::parse(line, None))).collect()
        };
        if self.policy.draws_tokens() {
            let records = in_parallel(lines, self.threads, &parse);
            return records
                .into_iter()
                .map(|(at, record)| (at, record.and_then(|record| self.one(&record, self.options.vault))))
                .collect();
        }
        let whole = |lines: Vec<Line>| -> Vec<(usize, Result<Vec<u8>>)> {
            parse(lines)
                .into_iter()
                .map(|(at, record)| {
                    // Nothing is drawn, so no vault needs to be shared, and no thread waits for another.
                    let vault = Vault::from_seed([0; 32]);
                    (at, record.and_then(|record| self.one(&record, Some(&vault))))
                })
                .collect()
        };
        in_parallel(lines, self.threads, &whole)
    }

    fn one(&self, record: &Record, vault: Option<&Vault>) -> Result<Vec<u8>> {
        let told = self.options.patient.or_else(|| {
            if self.directory.is_empty() {
                return None;
            }
            self.directory.get(&People::subject_of_record(record)?).map(String::as_str)
        });
        let options = Options { vault, patient: told, ..self.options };
        Ok(deidentify(record, self.policy, &options)?.output)
    }
}

/// Shares items among threads; the answers in their order.
fn in_parallel<T: Send, R: Send>(
    mut items: Vec<T>,
    threads: usize,
    work: &(impl Fn(Vec<T>) -> Vec<R> + Sync),
) -> Vec<R> {
    if threads < 2 || items.len() < 2 {
        return work(items);
    }
    let each = items.len().div_ceil(threads);
    let mut parts = Vec::new();
    while items.len() > each {
        let rest = items.split_off(each);
        parts.push(std::mem::replace(&mut items, rest));
    }
    parts.push(items);
    std::thread::scope(|scope| {
        let workers: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || work(part))).collect();
        let mut out = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(part) => out.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const KEY: &[u8] = b"an example key of thirty-two bytes and some";

    fn export(folder: &Path) {
        let mut patients = String::new();
        let mut observations = String::new();
        for n in 0..40 {
            patients.push_str(&format!(
                "{}\n",
                json!({"resourceType": "Patient", "id": format!("p{n}"), "identifier": [{"value": format!("M-{n:04}x")}],
                    "name": [{"family": "Quackenbush"}], "birthDate": "1980-01-02"})
            ));
            for month in 1..4 {
                observations.push_str(&format!(
                    "{}\n",
                    json!({"resourceType": "Observation", "status": "final", "subject": {"reference": format!("Patient/p{n}")},
                        "effectiveDateTime": format!("2020-0{month}-01")})
                ));
            }
        }
        patients.push_str("\n{\"resourceType\":\"Patient\"\n");
        fs::write(folder.join("Patient.ndjson"), patients).unwrap();
        fs::write(folder.join("ward of Quackenbush.ndjson"), observations).unwrap();
        fs::write(folder.join("readme.txt"), "Quackenbush").unwrap();
    }

    fn run(policy: &str, threads: usize, input: &Path, output: &Path) -> StreamReport {
        let policy = Policy::named(policy).unwrap();
        let vault = Vault::from_seed([1; 32]);
        let options = Options {
            as_of: Some("2025-06-01".parse().unwrap()),
            key: policy.needs_key().then_some(KEY),
            vault: Some(&vault),
            ..Options::default()
        };
        let mut calls = 0;
        let report = deidentify_folder(input, output, &policy, &options, threads, |_| calls += 1).unwrap();
        assert!(calls > 0);
        report
    }

    fn lines(file: &Path) -> Vec<Value> {
        fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn an_export_comes_out_linked_and_the_same_with_any_number_of_threads() {
        for policy in ["research-shifted", "hipaa-safe-harbor"] {
            let input = tempfile::tempdir().unwrap();
            export(input.path());
            let outputs: Vec<_> = [1, 3]
                .into_iter()
                .map(|threads| {
                    let folder = tempfile::tempdir().unwrap();
                    let report = run(policy, threads, input.path(), folder.path());
                    assert_eq!(
                        (report.progress.records, report.progress.refused, report.progress.files),
                        (160, 1, 2)
                    );
                    assert_eq!(report.refused, [RefusedLine { file: 0, line: 42, code: "truncated" }]);
                    folder
                })
                .collect();
            for name in ["Patient.ndjson", "0002.ndjson"] {
                let read = |at: usize| fs::read(outputs[at].path().join(name)).unwrap();
                assert_eq!(read(0), read(1), "{name}");
                assert!(!String::from_utf8(read(0)).unwrap().contains("Quackenbush"));
            }
            let (people, visits) = (
                lines(&outputs[0].path().join("Patient.ndjson")),
                lines(&outputs[0].path().join("0002.ndjson")),
            );
            for (person, visits) in people.iter().zip(visits.chunks(3)) {
                let id = format!("Patient/{}", person["id"].as_str().unwrap());
                assert!(visits.iter().all(|visit| visit["subject"]["reference"] == id.as_str()));
                if policy == "research-shifted" {
                    let day = |value: &Value| value.as_str().unwrap().parse::<jiff::civil::Date>().unwrap();
                    let apart = day(&person["birthDate"])
                        .until(day(&visits[2]["effectiveDateTime"]))
                        .unwrap()
                        .get_days();
                    assert_eq!(apart, 14_669, "a line without its patient moves as the patient's own does");
                }
            }
        }
    }

    #[test]
    fn a_run_that_was_broken_off_goes_on() {
        let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        export(input.path());
        run("research-shifted", 2, input.path(), output.path());
        let whole = fs::read(output.path().join("0002.ndjson")).unwrap();
        fs::remove_file(output.path().join("0002.ndjson")).unwrap();
        fs::write(output.path().join("0002.ndjson.part"), "half").unwrap();
        let report = run("research-shifted", 2, input.path(), output.path());
        assert_eq!((report.skipped, report.progress.records), (1, 120));
        assert_eq!(fs::read(output.path().join("0002.ndjson")).unwrap(), whole);
        assert!(!output.path().join("0002.ndjson.part").exists());
    }

    #[test]
    fn a_folder_that_is_none_is_an_error() {
        let policy = Policy::named("hipaa-safe-harbor").unwrap();
        let error = deidentify_folder(
            Path::new("no such folder"),
            Path::new("x"),
            &policy,
            &Options::default(),
            1,
            |_| {},
        );
        assert_eq!(error.unwrap_err().code(), "file_unreadable");
    }
}
