//! What the benchmarks share: real bundles and messages where they are, and a clock that a busy machine disturbs little.

#![allow(dead_code, clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The project's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of real inputs, beside this checkout or where `CHARTKEEPER_SHARED` says.
fn folder() -> PathBuf {
    std::env::var_os("CHARTKEEPER_SHARED").map_or_else(|| root().join("../shared/data"), PathBuf::from)
}

/// A real input by its path below that folder, unpacked; none, saying so, where it is not there.
pub(crate) fn shared(path: &str) -> Option<Vec<u8>> {
    let Ok(file) = std::fs::File::open(folder().join(path)) else {
        println!("{path} is not beside this checkout");
        return None;
    };
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// The first Synthea bundles, each as its bytes; where they are not, the fictional patient as often.
pub(crate) fn some_bundles(count: usize) -> Vec<Vec<u8>> {
    let name = "fhir/synthea_r4_bundles.ndjson.gz";
    match std::fs::File::open(folder().join(name)) {
        Ok(file) => {
            let lines = BufReader::new(flate2::read::GzDecoder::new(file)).split(b'\n').map(Result::unwrap);
            lines.filter(|line| !line.is_empty()).take(count).collect()
        }
        Err(_) => {
            println!("{name} is not beside this checkout: in its place the fictional patient");
            let patient = std::fs::read(root().join("examples/data/patient.fhir.json")).unwrap();
            vec![patient; count.min(50)]
        }
    }
}

/// All of them.
pub(crate) fn bundles() -> Vec<Vec<u8>> {
    some_bundles(usize::MAX)
}

/// The files of an archive of real inputs.
pub(crate) fn archive(name: &str) -> Option<Vec<Vec<u8>>> {
    let archive = shared(name)?;
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
    Some(out)
}

/// The 139 real messages; where they are not, those of the fictional patient, ten times.
pub(crate) fn messages() -> Vec<Vec<u8>> {
    if let Some(messages) = archive("hl7v2/msconv_hl7v2.tar.gz") {
        return messages;
    }
    println!("in their place the messages of the fictional patient, ten times");
    let text = std::fs::read_to_string(root().join("examples/data/patient.hl7")).unwrap();
    let messages = text.split("\rMSH|").skip(1).map(|message| format!("MSH|{message}").into_bytes());
    let messages: Vec<Vec<u8>> = messages.collect();
    std::iter::repeat_n(messages, 10).flatten().collect()
}

/// The time to act on every item: for each the shortest of some rounds, added up. One item takes about a
/// millisecond, so that in some round it is left alone even where other work runs on the machine. What `prepare`
/// does, and letting go of what `act` made, is not counted.
pub(crate) fn time<'i, T, P, R>(
    rounds: usize,
    items: &'i [T],
    prepare: impl Fn(&'i T) -> P,
    act: impl Fn(P) -> R,
) -> Duration {
    let mut best = vec![Duration::MAX; items.len()];
    // Round by round, not item by item: each round finds the caches as a run over all items leaves them.
    for _ in 0..rounds {
        for (item, best) in items.iter().zip(&mut best) {
            let prepared = prepare(item);
            let start = Instant::now();
            let made = act(prepared);
            *best = start.elapsed().min(*best);
            drop(made);
        }
    }
    best.iter().sum()
}

/// Prints how fast `bytes` were worked on, and how that compares with a scan of the same bytes.
pub(crate) fn row(name: &str, bytes: usize, time: Duration, scan: Duration) {
    let (time, scan) = (time.as_secs_f64(), scan.as_secs_f64());
    println!("{name:<34} {:>8.0} MB/s   {:.2} of the scan", bytes as f64 / 1e6 / time, scan / time);
}

/// The time of a bare `serde_json` scan of the same bytes.
pub(crate) fn scan(rounds: usize, sources: &[Vec<u8>]) -> Duration {
    time(
        rounds,
        sources,
        |source| source,
        |source| {
            serde_json::from_slice::<serde::de::IgnoredAny>(source).unwrap();
        },
    )
}
