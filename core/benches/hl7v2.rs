//! Reading HL7 v2: spans and labels of every message, beside the `hl7-parser` crate, which makes segments, fields,
//! repetitions, components and sub-components of the same messages without labels, in the same run.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use chartkeeper::Record;
use chartkeeper::formats::hl7v2;

fn main() {
    const ROUNDS: usize = 200;
    let sources = common::messages();
    // Some of the peer's messages it refuses; those are left out of both.
    let texts: Vec<String> = sources
        .iter()
        .filter_map(|source| String::from_utf8(source.clone()).ok())
        .filter(|text| read_by_peer(text))
        .collect();
    let sources: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
    let bytes: usize = sources.iter().map(Vec::len).sum();
    let records: Vec<Record> =
        sources.iter().map(|source| Record::parse(source.clone(), None).unwrap()).collect();
    let index: usize = records.iter().map(|record| record.tree().memory()).sum();
    println!("{} messages, {:.1} kB", sources.len(), bytes as f64 / 1e3);

    let peer = common::time(
        ROUNDS,
        &texts,
        |text| text.as_str(),
        |text| hl7_parser::parse_message_with_lenient_newlines(text).unwrap(),
    );
    let read = common::time(ROUNDS, &sources, |source| source, |source| hl7v2::read(source, 0).unwrap());
    let all = common::time(ROUNDS, &sources, Clone::clone, |source| {
        let record = Record::parse(source, None).unwrap();
        assert!(record.chart().entries().map(|entry| entry.fields().count()).sum::<usize>() > 0);
        record
    });
    for (name, time) in
        [("hl7-parser: structure", peer), ("spans and labels", read), ("parse, label and chart", all)]
    {
        let (time, peer) = (time.as_secs_f64(), peer.as_secs_f64());
        println!("{name:<34} {:>8.0} MB/s   {:.1} times the peer", bytes as f64 / 1e6 / time, peer / time);
    }
    println!("bounds: 300 MB/s, 8 times the peer");
    println!("index beside the source: {:.2} of its size (bound 2)", index as f64 / bytes as f64);
}

fn read_by_peer(text: &str) -> bool {
    hl7_parser::parse_message_with_lenient_newlines(text).is_ok()
}
