//! Clinical notes with their identifiers marked: recall and precision by label, by span and by character, and what of
//! the hard negatives is taken. `CHARTKEEPER_NOTES=dev` prints what was missed and what was taken wrongly; the test
//! part is only counted, never listed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fmt::Write;

use chartkeeper::deid::Policy;
use chartkeeper::deid::narrative::{Known, TextOptions, deidentify_text, find_identifiers};

/// The parts of the corpus.
const FILES: [&str; 7] = [
    include_str!("../notes/train.txt"),
    include_str!("../notes/dev.txt"),
    include_str!("../notes/test.txt"),
    include_str!("../notes/fresh.txt"),
    include_str!("../notes/later.txt"),
    include_str!("../notes/newest.txt"),
    include_str!("../notes/others.txt"),
];

/// A note as text, with the bytes that identify and the name of their mark.
struct Note {
    kind: String,
    text: String,
    right: Vec<(usize, usize, String)>,
}

/// Reads the notes of a file: `%%% kind` begins one, `{{label|text|before|after}}` marks what identifies.
fn notes(file: &str) -> Vec<Note> {
    file.split("%%% ")
        .skip(1)
        .map(|part| {
            let (kind, body) = part.split_once('\n').expect("a note has a kind and a text");
            let mut note = Note { kind: kind.trim().into(), text: String::new(), right: Vec::new() };
            for (at, piece) in body.trim_end().split("{{").enumerate() {
                let rest = if at == 0 {
                    piece
                } else {
                    let (mark, rest) = piece.split_once("}}").expect("a mark is closed");
                    let fields: Vec<&str> = mark.split('|').collect();
                    let before = fields.get(2).copied().unwrap_or_default();
                    let after = fields.get(3).copied().unwrap_or_default().trim();
                    let inner = fields[1].strip_prefix(before).unwrap_or(fields[1]);
                    let inner = inner.strip_suffix(after).unwrap_or(inner);
                    note.text.push_str(before);
                    let start = note.text.len();
                    note.text.push_str(inner);
                    note.right.push((start, note.text.len(), fields[0].into()));
                    note.text.push_str(after);
                    rest
                };
                note.text.push_str(rest);
            }
            note
        })
        .collect()
}

/// Characters and spans of one label.
#[derive(Default, Clone, Copy)]
struct Count {
    characters: usize,
    found: usize,
    spans: usize,
    whole: usize,
    touched: usize,
}

/// What a part of the corpus gave.
#[derive(Default)]
struct Score {
    by_label: BTreeMap<String, Count>,
    taken: usize,
    taken_right: usize,
    negatives: usize,
    negatives_taken: usize,
    report: String,
}

impl Score {
    fn of(notes: &[Note], listed: bool) -> Self {
        let mut score = Self::default();
        for note in notes {
            score.add(note, listed);
        }
        score
    }

    fn add(&mut self, note: &Note, listed: bool) {
        let counts =
            |at: usize| note.text.as_bytes()[at].is_ascii_alphanumeric() || note.text.as_bytes()[at] >= 128;
        let mut taken = vec![false; note.text.len()];
        let mut right = vec![false; note.text.len()];
        let spans = find_identifiers(&note.text, known().as_ref()).unwrap();
        for span in &spans {
            taken[span.byte_start..span.byte_end].fill(true);
        }
        for (start, end, label) in &note.right {
            right[*start..*end].fill(true);
            let count = self.by_label.entry(label.clone()).or_default();
            let characters: Vec<usize> = (*start..*end).filter(|at| counts(*at)).collect();
            let found = characters.iter().filter(|at| taken[**at]).count();
            count.characters += characters.len();
            count.found += found;
            count.spans += 1;
            count.whole += usize::from(found == characters.len());
            count.touched += usize::from(found > 0);
            if listed && found < characters.len() {
                let context = &note.text[floor(&note.text, start.saturating_sub(30))
                    ..floor(&note.text, (end + 20).min(note.text.len()))];
                writeln!(
                    self.report,
                    "missed [{}] {label}: {:?} in {context:?}: {}",
                    note.kind,
                    &note.text[*start..*end],
                    why_left(&note.text, *start, *end)
                )
                .unwrap();
            }
        }
        for span in &spans {
            let characters: Vec<usize> = (span.byte_start..span.byte_end).filter(|at| counts(*at)).collect();
            // A state of an address may stay under Safe Harbor, and is told as one: neither right nor wrong.
            if span.label == "state" {
                continue;
            }
            let good = characters.iter().filter(|at| right[**at]).count();
            self.taken += characters.len();
            self.taken_right += good;
            if listed && good < characters.len() {
                let (start, end) = (span.byte_start, span.byte_end);
                let context = &note.text[floor(&note.text, start.saturating_sub(30))
                    ..floor(&note.text, (end + 20).min(note.text.len()))];
                writeln!(
                    self.report,
                    "wrong [{}] {} {} {:.2}: {:?} in {context:?}",
                    note.kind,
                    span.label,
                    span.why,
                    span.score,
                    &note.text[start..end]
                )
                .unwrap();
            }
        }
        if note.kind.starts_with("negatives") {
            self.negatives += (0..note.text.len()).filter(|at| counts(*at)).count();
            self.negatives_taken += (0..note.text.len()).filter(|at| counts(*at) && taken[*at]).count();
        }
    }

    fn recall(&self, of: impl Fn(&str) -> bool) -> f64 {
        let (found, all) = self
            .by_label
            .iter()
            .filter(|(label, _)| of(label))
            .fold((0, 0), |sum, (_, count)| (sum.0 + count.found, sum.1 + count.characters));
        found as f64 / all.max(1) as f64
    }

    fn precision(&self) -> f64 {
        self.taken_right as f64 / self.taken.max(1) as f64
    }

    fn over_redaction(&self) -> f64 {
        self.negatives_taken as f64 / self.negatives.max(1) as f64
    }

    fn print(&self, part: &str) {
        println!("{part}: label, spans, recall by span (whole), touched, recall by character");
        for (label, count) in &self.by_label {
            println!(
                "  {label:<8} {:>4}  {:.3}  {:.3}  {:.3}",
                count.spans,
                count.whole as f64 / count.spans as f64,
                count.touched as f64 / count.spans as f64,
                count.found as f64 / count.characters.max(1) as f64
            );
        }
        println!(
            "{part}: recall {:.4}, names {:.4}, precision {:.4}, over-redaction of hard negatives {:.4}",
            self.recall(identifies),
            self.recall(|label| label == "name"),
            self.precision(),
            self.over_redaction()
        );
        print!("{}", self.report);
    }
}

/// What kept the words of a stretch.
fn why_left(text: &str, start: usize, end: usize) -> String {
    let explained = Known { explain: true, ..Known::default() };
    let spans = find_identifiers(text, Some(&explained)).unwrap();
    let left =
        spans.iter().filter(|span| span.label == "none" && span.byte_start < end && start < span.byte_end);
    left.map(|span| format!("{} {} {:.2}; ", &text[span.byte_start..span.byte_end], span.why, span.score))
        .collect()
}

/// `CHARTKEEPER_NOTES_THRESHOLD=0.4`: what another threshold gives.
fn known() -> Option<Known> {
    let threshold = std::env::var("CHARTKEEPER_NOTES_THRESHOLD").ok()?;
    Some(Known { threshold: Some(threshold.parse().unwrap()), ..Known::default() })
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether Safe Harbor removes what has the mark: a state may stay.
fn identifies(label: &str) -> bool {
    label != "state"
}

#[test]
fn notes_of_the_test_part_are_cleaned() {
    let notes = notes(include_str!("../notes/test.txt"));
    let score = Score::of(&notes, std::env::var("CHARTKEEPER_NOTES").is_ok_and(|part| part == "test"));
    score.print("test");
    assert!(score.recall(identifies) >= 0.95, "recall {:.4}", score.recall(identifies));
    assert!(score.recall(|label| label == "name") >= 0.97);
    assert!(score.precision() >= 0.92, "precision {:.4}", score.precision());
    assert!(score.over_redaction() <= 0.03, "over-redaction {:.4}", score.over_redaction());
}

#[test]
fn notes_of_the_development_part_are_cleaned() {
    let notes = notes(include_str!("../notes/dev.txt"));
    let score = Score::of(&notes, std::env::var("CHARTKEEPER_NOTES").is_ok_and(|part| part == "dev"));
    score.print("dev");
    assert!(score.recall(identifies) >= 0.95, "recall {:.4}", score.recall(identifies));
    assert!(score.precision() >= 0.92, "precision {:.4}", score.precision());
}

/// Notes that no training has seen and whose misses are looked at: what another form of note costs.
#[test]
fn notes_of_the_fresh_part_are_cleaned() {
    let notes = notes(include_str!("../notes/fresh.txt"));
    let score = Score::of(&notes, std::env::var("CHARTKEEPER_NOTES").is_ok_and(|part| part == "fresh"));
    score.print("fresh");
    assert!(score.recall(identifies) >= 0.94, "recall {:.4}", score.recall(identifies));
    assert!(score.recall(|label| label == "name") >= 0.97);
    assert!(score.precision() >= 0.92, "precision {:.4}", score.precision());
}

/// Notes that were written when the engine stood and scored once before anything was changed for them. They are counted,
/// never listed. `others` were written by another hand than the rest.
#[test]
fn notes_of_the_later_parts_are_cleaned() {
    for (part, file) in [
        ("later", include_str!("../notes/later.txt")),
        ("newest", include_str!("../notes/newest.txt")),
        ("others", include_str!("../notes/others.txt")),
    ] {
        let score = Score::of(&notes(file), false);
        score.print(part);
        assert!(score.recall(identifies) >= 0.93, "{part}: recall {:.4}", score.recall(identifies));
        assert!(score.recall(|label| label == "name") >= 0.95, "{part}");
        assert!(score.precision() >= 0.9, "{part}: precision {:.4}", score.precision());
    }
}

/// Anybody's own notes in the same form: `CHARTKEEPER_NOTES_FILE=notes.txt`.
#[test]
fn notes_of_ones_own_are_counted() {
    let Some(path) = std::env::var_os("CHARTKEEPER_NOTES_FILE") else {
        println!("skipped: CHARTKEEPER_NOTES_FILE is not set");
        return;
    };
    let notes = notes(&std::fs::read_to_string(path).unwrap());
    Score::of(&notes, std::env::var_os("CHARTKEEPER_NOTES").is_some()).print("own");
}

#[test]
fn notes_of_the_training_part_are_cleaned() {
    let notes = notes(include_str!("../notes/train.txt"));
    let score = Score::of(&notes, std::env::var("CHARTKEEPER_NOTES").is_ok_and(|part| part == "train"));
    score.print("train");
    assert!(score.recall(identifies) >= 0.97, "recall {:.4}", score.recall(identifies));
    assert!(score.precision() >= 0.95, "precision {:.4}", score.precision());
}

#[test]
fn the_corpus_is_large_and_of_many_kinds() {
    let all: Vec<Note> = FILES.iter().flat_map(|file| notes(file)).collect();
    let kinds: std::collections::BTreeSet<&str> = all.iter().map(|note| note.kind.as_str()).collect();
    assert!(all.len() >= 120 && kinds.len() >= 25, "{} notes of {} kinds", all.len(), kinds.len());
}

/// What an earlier cleaning wrote is known again: no finding touches a label, and few notes change at all. What changes
/// is a word beside a year or a label which the model sees in a new light, and it goes: recall before sameness.
#[test]
fn a_second_cleaning_leaves_what_the_first_wrote() {
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let clean = |text: &str| deidentify_text(text, &policy, &TextOptions::default()).unwrap();
    let (mut all, mut changed) = (0, 0);
    for note in FILES.iter().flat_map(|file| notes(file)) {
        let first = clean(&note.text);
        let second = clean(&first.text);
        for mark in first.spans.iter().filter(|change| change.action == "mask") {
            let (from, to) = (mark.output.byte_start, mark.output.byte_end);
            let touched =
                second.spans.iter().any(|span| span.source.byte_start < to && from < span.source.byte_end);
            assert!(!touched, "{}: a label at {from} was taken", note.kind);
        }
        all += 1;
        if first.text != second.text {
            changed += 1;
            let why: Vec<_> = second.spans.iter().map(|span| (span.label, span.why, span.score)).collect();
            println!("a note of the kind {} changes: {why:?}", note.kind);
        }
        assert_eq!(clean(&second.text).text, second.text, "{}: a third cleaning", note.kind);
    }
    println!("{changed} of {all} notes change in a second cleaning");
    assert!(changed * 40 <= all, "{changed} of {all}");
}
