//! The fictional patient in four formats under one key: the same pseudonym, the same number of days, equal intervals.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::collections::BTreeMap;

use chartkeeper::deid::{Options, Policy, Vault, deidentify};
use chartkeeper::formats::field::EntryKind;
use chartkeeper::formats::label::Label;
use chartkeeper::formats::table::suggest;
use chartkeeper::{Format, Record};
use chartkeeper_tests::workspace;

const KEY: &[u8] = b"an example key of thirty-two bytes and some";
/// The number under which every format knows the patient.
const NUMBER: &str = "KP-00417732";

fn source(name: &str) -> Vec<u8> {
    std::fs::read(workspace().join("examples/data").join(name)).unwrap()
}

fn table(source: Vec<u8>) -> Record {
    let mut map = suggest(&source, Format::Csv).unwrap();
    map.entry = EntryKind::Result.as_str().to_owned();
    Record::parse_table(source, &map).unwrap()
}

/// The records, by format, and how their outputs are read again.
fn records() -> Vec<(&'static str, Record)> {
    let read = |name: &str| Record::parse(source(name), None).unwrap();
    vec![
        ("fhir", read("patient.fhir.json")),
        ("hl7v2", read("patient.hl7")),
        ("ccda", read("patient.ccda.xml")),
        ("csv", table(source("patient.results.csv"))),
    ]
}

fn again(name: &str, output: Vec<u8>) -> Record {
    if name == "csv" { table(output) } else { Record::parse(output, None).unwrap() }
}

/// What stands under the labels of dates, by path.
fn dates(record: &Record) -> BTreeMap<String, calendar::Day> {
    let is_date = |label| matches!(label, Label::Date | Label::Instant | Label::BirthDate | Label::DeathDate);
    let nodes = record.tree().iter().filter(|(_, node)| is_date(node.label()));
    let day = |id| record.iso_date(id).and_then(|text| calendar::Day::read(&text));
    nodes.filter_map(|(id, _)| Some((record.path(id), day(id)?))).collect()
}

/// Days as numbers, reckoned here and not by the library.
mod calendar {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Day(pub(crate) i64);

    impl Day {
        /// Days since 1 March 0000 of `YYYY-MM-DD...`; none of a shorter date.
        pub(crate) fn read(text: &str) -> Option<Self> {
            let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
            let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
            let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
            Some(Self(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day))
        }
    }
}

#[test]
fn one_patient_is_one_in_every_format() {
    let policy = Policy::named("research-shifted").unwrap();
    let vault = Vault::from_seed([1; 32]);
    let options = Options {
        as_of: Some("2025-12-01".parse().unwrap()),
        key: Some(KEY),
        vault: Some(&vault),
        ..Options::default()
    };
    let mut found: Vec<(&str, String, i64)> = Vec::new();
    for (name, record) in records() {
        let node = record.tree().iter().find(|(id, _)| record.text(*id).as_deref() == Some(NUMBER));
        let number = record.path(node.unwrap_or_else(|| unreachable!()).0);
        let output = again(name, deidentify(&record, &policy, &options).unwrap().output);
        assert!(!String::from_utf8_lossy(output.source()).contains(NUMBER), "{name}");
        let made = output.locate(&number).ok().and_then(|id| output.text(id).map(|text| text.into_owned()));
        let pseudonym = made.unwrap_or_else(|| {
            // Where parts before it went, it is found by what it is.
            let mut numbers = output.tree().iter().filter(|(_, node)| node.label() == Label::MedicalRecord);
            output.text(numbers.next().unwrap().0).unwrap().into_owned()
        });
        let (before, after) = (dates(&record), dates(&output));
        let moved: Vec<i64> =
            before.iter().filter_map(|(path, day)| Some(after.get(path)?.0 - day.0)).collect();
        assert!(moved.len() >= 2, "{name}: {} dates", moved.len());
        eprintln!("{name}: {} dates of {} moved", moved.len(), before.len());
        let counts = moved.iter().fold(BTreeMap::new(), |mut counts, days| {
            *counts.entry(*days).or_insert(0) += 1;
            counts
        });
        let (days, same) = counts.iter().max_by_key(|(_, count)| **count).map(|(a, b)| (*a, *b)).unwrap();
        // A list from which something went has other paths; what stands at the same place moves by the same days.
        assert!(same * 10 >= moved.len() * 9, "{name}: {counts:?}");
        assert_ne!(days, 0, "{name}");
        found.push((name, pseudonym, days));
    }
    let (_, pseudonym, days) = found[0].clone();
    for (name, other, moved) in &found {
        assert_eq!((other, moved), (&pseudonym, &days), "{name}");
    }
}
