//! Search quality: everyday phrases, each with the code (or codes) that a coder would want, and how many are found.
//!
//! `phrases.csv` was at hand when the everyday words were listed. `held_out.csv` and `unseen.csv` were not: the words of
//! the search were chosen without them, and only their totals are printed, so that nobody tunes to a phrase. Their
//! figures say what a query meets that nobody thought of.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use chartkeeper::codes::{CodeContext, Codes, Facets};
use chartkeeper_tests::workspace;

/// The share of phrases whose code is among the first 1, 5 and 20 hits, in percent.
fn recall(file: &str) -> (usize, [usize; 3], Vec<String>) {
    let codes = Codes::embedded().unwrap();
    let text = std::fs::read_to_string(workspace().join("tests/search").join(file)).unwrap();
    let on = CodeContext::on("2026-02-10").unwrap();
    let facets = Facets { billable_only: false, chapter: None };
    let (mut count, mut found, mut missed) = (0, [0; 3], Vec::new());
    for line in text.lines().skip(1) {
        let (phrase, wanted) = line.rsplit_once(',').unwrap();
        let wanted: Vec<&str> = wanted.split('|').collect();
        let hits = codes.find_within("icd10cm", phrase, &on, &facets, 20).unwrap();
        let at = hits.iter().position(|hit| wanted.contains(&hit.code.as_str()));
        count += 1;
        for (slot, most) in found.iter_mut().zip([1, 5, 20]) {
            *slot += usize::from(at.is_some_and(|at| at < most));
        }
        if at.is_none_or(|at| at >= 5) {
            missed.push(format!(
                "{phrase} ({}) at {at:?}, first {:?}",
                wanted.join("|"),
                hits.first().map(|hit| &hit.code)
            ));
        }
    }
    (count, found.map(|found| 100 * found / count), missed)
}

#[test]
fn everyday_phrases_find_their_codes() {
    let (count, found, missed) = recall("phrases.csv");
    println!("{count} phrases: recall@1 {}%, @5 {}%, @20 {}%", found[0], found[1], found[2]);
    missed.iter().for_each(|line| println!("  {line}"));
    assert!(count >= 200);
    assert!(found[0] >= 85 && found[1] >= 92 && found[2] >= 95, "{found:?}");
}

#[test]
fn phrases_that_nobody_listed() {
    for (file, least) in [("held_out.csv", [65, 75, 80]), ("unseen.csv", [50, 65, 70])] {
        let (count, found, _) = recall(file);
        println!("{file}: {count} phrases: recall@1 {}%, @5 {}%, @20 {}%", found[0], found[1], found[2]);
        assert!(found.iter().zip(least).all(|(found, least)| *found >= least), "{file} {found:?}");
    }
}

#[test]
fn every_wanted_code_is_one_of_the_release() {
    let codes = Codes::embedded().unwrap();
    let on = CodeContext::on("2026-02-10").unwrap();
    let mut unknown = Vec::new();
    for file in ["phrases.csv", "held_out.csv", "unseen.csv"] {
        let text = std::fs::read_to_string(workspace().join("tests/search").join(file)).unwrap();
        for line in text.lines().skip(1) {
            let (phrase, wanted) = line.rsplit_once(',').unwrap();
            for code in wanted.split('|') {
                if !codes.validate("icd10cm", code, &on).unwrap().is_valid() {
                    unknown.push(format!("{phrase} {code}"));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
