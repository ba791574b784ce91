//! A thousand random edits of FHIR and of tables: bytes outside of an edit stay, and what comes out reads again. Those of
//! messages and documents stand with their formats' tests.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use chartkeeper::formats::table::{TableMap, suggest};
use chartkeeper::formats::tree::{Kind, NodeId};
use chartkeeper::{Format, Record};
use chartkeeper_tests::{series, unpacked, workspace};

/// Edits records at random, one to four nodes at a time, and reads what comes out.
fn edit(rounds: usize, seed: u64, records: &[Record], again: impl Fn(&Record, Vec<u8>) -> Record) {
    let mut next = series(seed);
    for round in 0..rounds {
        let record = &records[next(records.len())];
        let source = record.source();
        let mut edits = record.edits();
        let mut replaced: Vec<(NodeId, bool)> = Vec::new();
        for _ in 0..=next(4) {
            let id = record.tree().iter().nth(1 + next(record.tree().len() - 1)).unwrap().0;
            let named = record.name(id).is_some_and(|name| name == "resourceType");
            let within = |(other, _): &(NodeId, bool)| {
                record.tree().is_within(id, *other) || record.tree().is_within(*other, id)
            };
            // What a resource is must stand in it, and one place is edited once.
            if named || replaced.iter().any(within) {
                continue;
            }
            let leaf = matches!(record.tree().node(id).kind(), Kind::Text | Kind::Number | Kind::Flag);
            let put = leaf && next(2) == 0 && edits.replace_text(id, "1");
            if !put {
                edits.remove(id);
            }
            replaced.push((id, put));
        }
        let patches = edits.finish(|id| record.emptied(id)).unwrap();
        let out = patches.apply(source);
        let (mut from, mut to) = (0, 0);
        for patch in patches.ranges() {
            let kept = &source[from..patch.span.start];
            let found = if from == 0 {
                out.starts_with(kept).then_some(0)
            } else {
                out[to..].windows(kept.len().max(1)).position(|window| window == kept)
            };
            assert!(kept.is_empty() || found.is_some(), "round {round}: bytes outside of the edit changed");
            to += kept.len() + found.unwrap_or_default();
            from = patch.span.end;
        }
        assert!(out[to..].ends_with(&source[from..]), "round {round}");
        let changed = again(record, out);
        // Where nothing went, every place is as it was, and the new texts are in theirs.
        if replaced.iter().all(|(_, put)| *put) {
            for (id, _) in &replaced {
                assert_eq!(changed.raw(*id), patched(record, *id), "round {round}: {}", record.path(*id));
            }
            assert_eq!(changed.tree().len(), record.tree().len(), "round {round}");
        }
    }
}

/// The bytes that stand for `1` in place of a leaf.
fn patched(record: &Record, id: NodeId) -> Vec<u8> {
    let mut edits = record.edits();
    assert!(edits.replace_text(id, "1"));
    let span = record.tree().node(id).span();
    let out = edits.finish(|id| record.emptied(id)).unwrap().apply(record.source());
    out[span.start..out.len() - (record.source().len() - span.end)].to_vec()
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(workspace().join("examples/data").join(name)).unwrap()
}

#[test]
fn a_thousand_edits_of_fhir() {
    let mut sources = vec![file("patient.fhir.json"), file("patient.fhir-r5.json")];
    if let Some(bytes) = unpacked("fhir/r4_examples.ndjson.gz") {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| (1000..60_000).contains(&line.len()));
        sources.extend(lines.step_by(5).map(<[u8]>::to_vec));
    }
    let records: Vec<Record> =
        sources.into_iter().filter_map(|source| Record::parse(source, None).ok()).collect();
    edit(1000, 11, &records, |record, out| {
        Record::parse(out, Some(record.format())).unwrap_or_else(|error| panic!("{error}"))
    });
}

/// A table with the map that is suggested for it.
fn table(source: Vec<u8>, format: Format) -> (Record, TableMap) {
    let map = suggest(&source, format).unwrap();
    (Record::parse_table(source, &map).unwrap(), map)
}

#[test]
fn a_thousand_edits_of_tables() {
    let mut next = series(12);
    let mut tables = vec![table(file("patient.results.csv"), Format::Csv)];
    for (format, delimiter, end) in
        [(Format::Csv, ',', "\n"), (Format::Csv, ';', "\r\n"), (Format::NdjsonTable, ',', "\n")]
    {
        let names = ["mrn", "dob", "last name", "favourite", "result"];
        let mut source = String::new();
        if format == Format::Csv {
            source.push_str(&names.join(&delimiter.to_string()));
            source.push_str(end);
        }
        for _ in 0..40 {
            let cells = names.map(|name| {
                let cell = ["7", "", "\"a,;\"\"b\"", "1967-03-14", "\"two\nlines\""][next(5)];
                let quoted = serde_json::Value::from(cell).to_string();
                if format == Format::Csv { cell.to_owned() } else { format!("\"{name}\" : {quoted}") }
            });
            let row = cells.join(&delimiter.to_string());
            source.push_str(&if format == Format::Csv { row } else { format!("{{ {row} }}") });
            source.push_str(end);
        }
        tables.push(table(source.into_bytes(), format));
    }
    let (records, maps): (Vec<Record>, Vec<TableMap>) = tables.into_iter().unzip();
    edit(1000, 13, &records, |record, out| {
        let at = records.iter().position(|known| known.source() == record.source()).unwrap();
        Record::parse_table(out, &maps[at]).unwrap_or_else(|error| panic!("{error}"))
    });
}
