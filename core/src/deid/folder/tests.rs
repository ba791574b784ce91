//! Whole folders: linked, the same with any number of threads, resumed, ended.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::*;

const KEY: &[u8] = b"an example key of thirty-two bytes and some";

fn export(folder: &Path) {
    let mut patients = String::new();
    let mut observations = String::new();
    for n in 0..400 {
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

fn message(n: usize, end: &str) -> String {
    [
        format!("MSH|^~\\&|LAB|H|EHR|H|20200101||ORU^R01|{n}|P|2.5"),
        format!("PID|1||M-{n:04}x^^^H^MR||Quackenbush^Jo||19800102|F"),
        "OBX|1|NM|8302-2^Height^LN||170|cm|||||F|||20200301".to_owned(),
        String::new(),
    ]
    .join(end)
}

fn run_with(
    policy: &str,
    threads: usize,
    input: &Path,
    output: &Path,
    go_on: impl Fn(FolderProgress) -> bool,
) -> FolderReport {
    let policy = Policy::named(policy).unwrap();
    let vault = Vault::from_seed([1; 32]);
    let options = Options {
        as_of: Some("2025-06-01".parse().unwrap()),
        key: policy.needs_key().then_some(KEY),
        vault: Some(&vault),
        ..Options::default()
    };
    let mut calls = 0;
    let report = deidentify_folder(input, output, &policy, &options, threads, &mut |progress| {
        calls += 1;
        go_on(progress)
    });
    assert!(calls > 0);
    report.unwrap()
}

fn run(policy: &str, threads: usize, input: &Path, output: &Path) -> FolderReport {
    run_with(policy, threads, input, output, |_| true)
}

fn lines(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_export_comes_out_linked_and_the_same_with_any_number_of_threads() {
    let surrogates =
        r#"{"name":"x","extends":"hipaa-safe-harbor","labels":{"name":{"surrogate":{"from":"vault"}}}}"#;
    for policy in ["research-shifted", "hipaa-safe-harbor", surrogates] {
        let input = tempfile::tempdir().unwrap();
        export(input.path());
        let outputs: Vec<_> = [1, 2, 5]
            .into_iter()
            .map(|threads| {
                let folder = tempfile::tempdir().unwrap();
                let report = run(policy, threads, input.path(), folder.path());
                assert_eq!((report.records, report.files, report.ignored), (1600, 2, 1));
                assert!(report.complete);
                assert_eq!(report.refused, [RefusedRecord { file: 0, line: 402, code: "truncated" }]);
                folder
            })
            .collect();
        for name in ["Patient.ndjson", "0002.ndjson"] {
            let read = |at: usize| fs::read(outputs[at].path().join(name)).unwrap();
            assert!(read(0) == read(1) && read(0) == read(2), "{name}");
            assert!(!String::from_utf8(read(0)).unwrap().contains("Quackenbush"));
        }
        let (people, visits) =
            (lines(&outputs[0].path().join("Patient.ndjson")), lines(&outputs[0].path().join("0002.ndjson")));
        for (person, visits) in people.iter().zip(visits.chunks(3)) {
            let id = format!("Patient/{}", person["id"].as_str().unwrap());
            assert!(visits.iter().all(|visit| visit["subject"]["reference"] == id.as_str()));
            if policy == "research-shifted" {
                let day = |value: &Value| value.as_str().unwrap().parse::<jiff::civil::Date>().unwrap();
                let apart =
                    day(&person["birthDate"]).until(day(&visits[2]["effectiveDateTime"])).unwrap().get_days();
                assert_eq!(apart, 14_669, "a line without its patient moves as the patient's own does");
            }
        }
    }
}

#[test]
fn messages_come_out_one_after_the_other() {
    let input = tempfile::tempdir().unwrap();
    let batch =
        format!("FHS|^~\\&|LAB\rBHS|^~\\&|LAB\r{}{}BTS|2\rFTS|1\r", message(1, "\r"), message(2, "\r"));
    fs::write(input.path().join("a.hl7"), batch).unwrap();
    let framed: String = (3..9).map(|n| format!("\u{b}{}\u{1c}\r\n", message(n, "\r\n"))).collect();
    fs::write(input.path().join("b.hl7"), format!("Quackenbush\n{framed}\n\n")).unwrap();
    fs::write(input.path().join("c.HL7"), message(9, "\n")).unwrap();
    fs::write(
        input.path().join("d.json"),
        json!({"resourceType": "Patient", "name": [{"family": "Quackenbush"}]}).to_string(),
    )
    .unwrap();
    for policy in ["research-shifted", "hipaa-safe-harbor"] {
        let outputs: Vec<Vec<String>> = [1, 3]
            .into_iter()
            .map(|threads| {
                let folder = tempfile::tempdir().unwrap();
                let report = run(policy, threads, input.path(), folder.path());
                let left_out = if policy == "research-shifted" { 1 } else { 0 };
                assert_eq!((report.files, report.records), (4, 10 - left_out), "{:?}", report.refused);
                assert_eq!(report.refused[0], RefusedRecord { file: 1, line: 1, code: "unknown_format" });
                ["0001.hl7", "0002.hl7", "0003.hl7", "0004.json"]
                    .iter()
                    .map(|name| fs::read_to_string(folder.path().join(name)).unwrap())
                    .collect()
            })
            .collect();
        assert_eq!(outputs[0], outputs[1]);
        for (text, count) in outputs[0].iter().zip([2, 6, 1, 0]) {
            assert!(!text.contains("Quackenbush") && !text.contains('\u{b}'), "{text}");
            assert_eq!(text.matches("MSH|").count(), count);
            assert_eq!(text.matches("|170|cm|").count(), count);
        }
        assert!(outputs[0][1].contains("\r\nPID") && outputs[0][2].contains("\nPID"));
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
    assert_eq!((report.skipped, report.files, report.records), (1, 1, 1200));
    assert_eq!(fs::read(output.path().join("0002.ndjson")).unwrap(), whole);
    assert!(!output.path().join("0002.ndjson.part").exists());
}

#[test]
fn a_run_ends_where_it_is_told_to() {
    for threads in [1, 3] {
        let (input, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        export(input.path());
        let report = run_with("research-shifted", threads, input.path(), output.path(), |progress| {
            progress.records < 500
        });
        assert!(!report.complete && report.files == 1, "{report:?}");
        assert_eq!(fs::read_dir(output.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_folder_that_is_none_is_an_error() {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let no_folder = Path::new("no such folder");
    let error = deidentify_folder(no_folder, Path::new("x"), &policy, &Options::default(), 1, &mut |_| true);
    assert_eq!(error.unwrap_err().code(), "file_unreadable");
}
