//! Real FHIR: the official R4 examples and the Synthea bundles. Skipped, saying so, where they are absent.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::io::Cursor;

use chartkeeper::record::{Layout, ReadRecordsRequest, read_records};
use chartkeeper_tests::unpacked;

/// The lines of a compressed corpus.
fn lines(name: &str) -> Option<Vec<Vec<u8>>> {
    let bytes = unpacked(name)?;
    Some(bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect())
}

/// Reads a corpus; gives how many records it has and how many irregularities of each code, with the places of some.
fn survey(name: &str) -> Option<(usize, BTreeMap<&'static str, usize>, Vec<String>)> {
    let lines = lines(name)?;
    let (mut codes, mut places) = (BTreeMap::new(), Vec::new());
    let joined = lines.join(&b'\n');
    let mut count = 0;
    let records = read_records(Cursor::new(joined), &ReadRecordsRequest::of(Layout::Ndjson)).unwrap();
    for (record, line) in records.zip(&lines) {
        count += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                *codes.entry(error.code()).or_default() += 1;
                continue;
            }
        };
        assert_eq!(record.source(), line);
        let patches = record.edits().finish(|id| record.emptied(id)).unwrap();
        assert!(patches.apply(record.source()) == *line, "an output without edits is the source");
        let mut paths = record.paths();
        for irregularity in record.irregularities() {
            *codes.entry(irregularity.code).or_default() += 1;
            let place = format!(
                "{} {} {:?}",
                irregularity.code,
                paths.of(irregularity.node),
                record.name(irregularity.node)
            );
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Some((count, codes, places))
}

#[test]
fn official_examples() {
    let Some((count, codes, places)) = survey("fhir/r4_examples.ndjson.gz") else { return };
    eprintln!("{codes:?}");
    for place in places {
        eprintln!("{place}");
    }
    assert_eq!(count, 2906);
}

#[test]
fn synthea_bundles() {
    let Some((count, codes, places)) = survey("fhir/synthea_r4_bundles.ndjson.gz") else { return };
    eprintln!("{codes:?}");
    for place in places {
        eprintln!("{place}");
    }
    assert_eq!(count, 156);
}
