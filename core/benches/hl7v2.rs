//! Reading HL7 v2: spans and labels of every message, beside the `hl7-parser` crate, which makes segments, fields,
//! repetitions, components and sub-components of the same messages without labels, in the same run.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::io::Read;

use chartkeeper::Record;
use chartkeeper::formats::hl7v2;

/// The 139 real messages; where they are not, those of the fictional patient, ten times.
fn messages() -> Vec<Vec<u8>> {
    if let Some(archive) = common::shared("hl7v2/msconv_hl7v2.tar.gz") {
        let mut archive = tar::Archive::new(archive.as_slice());
        let mut out = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            if entry.header().entry_type().is_file() {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                out.push(bytes);
            }
        }
        return out;
    }
    println!("in their place the messages of the fictional patient, ten times");
    let text = std::fs::read_to_string(common::root().join("examples/data/patient.hl7")).unwrap();
    let messages = text.split("\rMSH|").skip(1).map(|message| format!("MSH|{message}").into_bytes());
    let messages: Vec<Vec<u8>> = messages.collect();
    std::iter::repeat_n(messages, 10).flatten().collect()
}

fn main() {
    const ROUNDS: usize = 200;
    let sources = messages();
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
