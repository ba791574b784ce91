//! `find_identifiers` beside redact-core on the marked notes: characters a second of a processor, and recall by
//! characters. `cargo run --release --bin text` in `core/peers`.

use std::time::Instant;

use chartkeeper::deid::narrative::find_identifiers_in;
use redact_core::AnalyzerEngine;

/// A note as text, with the bytes that identify.
struct Note {
    text: String,
    right: Vec<(usize, usize)>,
}

/// The notes of a file: `%%% kind` begins one, `{{label|text|before|after}}` marks what identifies.
fn notes(file: &str) -> Vec<Note> {
    let read = |part: &str| {
        let body = part.split_once('\n').map_or("", |(_, body)| body);
        let mut note = Note { text: String::new(), right: Vec::new() };
        for (at, piece) in body.split("{{").enumerate() {
            let Some((mark, rest)) = piece.split_once("}}").filter(|_| at > 0) else {
                note.text.push_str(piece);
                continue;
            };
            let fields: Vec<&str> = mark.split('|').collect();
            let start = note.text.len();
            note.text.push_str(fields.get(1).copied().unwrap_or_default());
            if fields.first() != Some(&"state") {
                note.right.push((start, note.text.len()));
            }
            note.text.push_str(rest);
        }
        note
    };
    file.split("%%% ").skip(1).map(read).collect()
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

/// The part of the characters that identify which the spans of a tool cover, and the part of theirs that does.
fn score(notes: &[Note], found: &[Vec<(usize, usize)>]) -> (f64, f64) {
    let (mut right, mut hit, mut taken) = (0, 0, 0);
    for (note, spans) in notes.iter().zip(found) {
        let mut covered = vec![false; note.text.len()];
        for (start, end) in spans {
            covered.get_mut(*start..*end).unwrap_or_default().fill(true);
        }
        let counts = |at: &usize| note.text.as_bytes().get(*at).is_some_and(u8::is_ascii_alphanumeric);
        let is_covered = |at: &usize| covered.get(*at) == Some(&true);
        taken += (0..note.text.len()).filter(counts).filter(is_covered).count();
        for (start, end) in &note.right {
            right += (*start..*end).filter(counts).count();
            hit += (*start..*end).filter(counts).filter(is_covered).count();
        }
    }
    (f64::from(hit as u32) / f64::from(right as u32), f64::from(hit as u32) / f64::from(taken.max(1) as u32))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut all = Vec::new();
    for part in ["train", "dev", "test"] {
        let path = format!("{}/../../tests/notes/{part}.txt", env!("CARGO_MANIFEST_DIR"));
        all.extend(notes(&std::fs::read_to_string(path)?));
    }
    let characters: usize = all.iter().map(|note| note.text.chars().count()).sum();
    let peer = AnalyzerEngine::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let own = best(20, || {
        let found = find_identifiers_in(all.iter().map(|note| note.text.as_str()), None).unwrap_or_default();
        ours = found
            .iter()
            .map(|spans| spans.iter().map(|span| (span.byte_start, span.byte_end)).collect())
            .collect();
    });
    let other = best(20, || {
        theirs = all
            .iter()
            .map(|note| {
                let found =
                    peer.analyze(&note.text, None).map(|found| found.detected_entities).unwrap_or_default();
                found.iter().map(|hit| (hit.start, hit.end)).collect()
            })
            .collect();
    });
    println!("{} notes, {characters} characters", all.len());
    for (name, seconds, found) in [("chartkeeper", own, &ours), ("redact-core 0.12.7", other, &theirs)] {
        let (recall, precision) = score(&all, found);
        println!(
            "{name:<20} {:>6.1} M characters/s   recall {recall:.3}   precision {precision:.3}",
            characters as f64 / 1e6 / seconds
        );
    }
    println!("ratio {:.2}", other / own);
    Ok(())
}
