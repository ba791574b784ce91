//! Identifiers of clinical text: characters a second beside bounds of the same run, and time against length.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod common;

use std::hint::black_box;
use std::time::Instant;

use chartkeeper::deid::Policy;
use chartkeeper::deid::narrative::{TextOptions, deidentify_text, find_identifiers, find_identifiers_in};

/// The notes of the corpus without their marks, each as its text.
fn notes() -> Vec<String> {
    let mut all = Vec::new();
    for part in ["train", "dev", "test"] {
        let file = std::fs::read_to_string(common::root().join(format!("tests/notes/{part}.txt"))).unwrap();
        for note in file.split("%%% ").skip(1) {
            let body = note.split_once('\n').unwrap().1;
            let mut text = String::new();
            for (at, piece) in body.split("{{").enumerate() {
                match piece.split_once("}}").filter(|_| at > 0) {
                    Some((mark, rest)) => {
                        text.push_str(mark.split('|').nth(1).unwrap_or_default());
                        text.push_str(rest);
                    }
                    None => text.push_str(piece),
                }
            }
            all.push(text);
        }
    }
    all
}

/// The shortest of some runs, in seconds: what the machine can do when it is left alone.
fn best(runs: usize, mut run: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..runs).map(once).fold(f64::INFINITY, f64::min)
}

/// The most bytes that the process has had, where the system tells (Linux).
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
}

fn main() {
    let start = Instant::now();
    find_identifiers("ready", None).unwrap();
    println!("ready in {:.2} ms", start.elapsed().as_secs_f64() * 1e3);

    let notes = notes();
    let characters: usize = notes.iter().map(|note| note.chars().count()).sum();
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let millions = characters as f64 / 1e6;
    // A bound: the same text cut into words and every word looked up in an ordinary hash table of as many entries.
    let words: std::collections::HashSet<String> =
        notes.iter().flat_map(|note| note.split_whitespace()).map(str::to_lowercase).collect();
    let mut hits = 0;
    let bound = best(40, || {
        // Behind a black box, or the compiler does it once for all runs.
        hits = black_box(&notes)
            .iter()
            .flat_map(|note| note.split_whitespace())
            .filter(|word| black_box(&words).contains(&word.to_lowercase()))
            .count();
    });
    let mut spans = 0;
    let found = best(40, || {
        spans = find_identifiers_in(black_box(&notes).iter().map(String::as_str), None)
            .unwrap()
            .iter()
            .map(Vec::len)
            .sum();
    });
    let rewritten = best(40, || {
        for note in black_box(&notes) {
            black_box(deidentify_text(note, &policy, &TextOptions::default()).unwrap());
        }
    });
    println!("{} notes, {characters} characters, {spans} identifiers, {hits} words", notes.len());
    for (name, seconds) in
        [("words looked up", bound), ("find identifiers", found), ("de-identify text", rewritten)]
    {
        println!(
            "{name:<20} {:>7.1} M characters/s   {:.2} of the bound",
            millions / seconds,
            bound / seconds
        );
    }

    // One line of many megabytes: the time a megabyte must not grow.
    let line: String = notes.iter().map(|note| note.replace('\n', " ")).collect();
    let mut last = None;
    // A gigabyte takes a minute and its findings some gigabytes of memory: it is asked for.
    let large = std::env::var_os("CHARTKEEPER_BENCH_LARGE").is_some();
    let sizes = [1, 4, 16, 64].into_iter().chain(large.then_some(1024));
    for size in sizes {
        let text = line.repeat(size * 1_000_000 / line.len() + 1);
        let seconds = best(1, || drop(find_identifiers(&text, None).unwrap()));
        let rate = text.len() as f64 / 1e6 / seconds;
        let ratio = last.map_or(1.0, |before| rate / before);
        let peak = peak_memory().map_or_else(String::new, |peak| {
            format!(", {:.1} times the text in memory", peak / text.len() as f64)
        });
        println!("one line of {size:>4} MB    {rate:>7.1} MB/s   {ratio:.2} of the rate before{peak}");
        last = Some(rate);
    }
}
