//! Sides (Official Guidelines I.B.13): one code for both sides where there is one, and no unspecified side beside a
//! known one.
//!
//! The side of a code is read from its title. Two codes say the same of two sides where their titles are the same
//! without the words that name a side.

use std::collections::BTreeSet;

use super::case::{Case, Judged};
use crate::codes::context::CodeContext;
use crate::codes::words;
use crate::record::Severity;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Right,
    Left,
    Both,
    Unspecified,
}

/// What a title says, apart from the side.
struct Sided {
    side: Side,
    rest: BTreeSet<String>,
    category: String,
    seventh: Option<char>,
    path: String,
}

const SIDE_WORDS: [&str; 5] = ["right", "left", "bilateral", "unspecified", "unilateral"];

fn sided(title: &str) -> (Option<Side>, BTreeSet<String>) {
    let mut all = BTreeSet::new();
    words::for_each_word(title, |word| {
        all.insert(words::stem(word));
    });
    let has = |word: &str| all.contains(word);
    let side = match (has("right"), has("left"), has("bilateral")) {
        (_, _, true) => Some(Side::Both),
        (true, false, _) => Some(Side::Right),
        (false, true, _) => Some(Side::Left),
        (false, false, _) if has("unspecified") => Some(Side::Unspecified),
        _ => None,
    };
    let rest = all.into_iter().filter(|word| !SIDE_WORDS.contains(&word.as_str())).collect();
    (side, rest)
}

pub(super) fn check(case: &mut Case<'_>) {
    let sided = sides(case);
    let mut found = Vec::new();
    for (at, later) in sided.iter().enumerate() {
        for earlier in sided.iter().take(at) {
            let same = earlier.category == later.category && earlier.seventh == later.seventh;
            if !same || !(earlier.rest.is_subset(&later.rest) || later.rest.is_subset(&earlier.rest)) {
                continue;
            }
            let places = (later.path.clone(), Some(earlier.path.clone()));
            match (earlier.side, later.side) {
                (Side::Right, Side::Left) | (Side::Left, Side::Right) if bilateral_exists(case, earlier) => {
                    let message = "right and left stand apart, and there is a code for both sides";
                    found.push(("bilateral_code_exists", Severity::Warning, places, message));
                }
                (Side::Both, Side::Right | Side::Left) | (Side::Right | Side::Left, Side::Both) => {
                    let message = "one side stands beside the code for both sides";
                    found.push(("laterality_conflict", Severity::Error, places, message));
                }
                (Side::Unspecified, Side::Right | Side::Left | Side::Both)
                | (Side::Right | Side::Left | Side::Both, Side::Unspecified)
                    if earlier.rest == later.rest =>
                {
                    let message = "the side is unspecified here and known in the other code";
                    found.push(("unspecified_side", Severity::Warning, places, message));
                }
                _ => {}
            }
        }
    }
    for (code, severity, places, message) in found {
        case.find_guideline((code, severity), places, "I.B.13", message);
    }
}

/// The diagnoses that share a category with another, with their sides: titles are read of those alone.
fn sides(case: &Case<'_>) -> Vec<Sided> {
    let category = |judged: &Judged<'_>| judged.key.get(..3).map(str::to_owned);
    let shared = |judged: &&Judged<'_>| {
        let own = category(judged);
        own.is_some() && case.diagnoses.iter().filter(|other| category(other) == own).count() > 1
    };
    (case.diagnoses.iter().filter(shared))
        .filter_map(|judged| {
            let (side, rest) = sided(&judged.verdict.title()?);
            Some(Sided {
                side: side?,
                rest,
                category: category(judged)?,
                seventh: judged.key.chars().nth(6),
                path: judged.path(),
            })
        })
        .collect()
}

/// Whether the category has a code for both sides of the same thing: its words, `bilateral` apart, are all among the
/// words of this one. Completed codes say of a side what their row says.
fn bilateral_exists(case: &Case<'_>, sided: &Sided) -> bool {
    let context = CodeContext { on: Some(case.through), ..CodeContext::default() };
    let fits = |title: &str| {
        let (side, rest) = self::sided(title);
        side == Some(Side::Both)
            && rest.difference(&sided.rest).all(|word| words::FUNCTION_WORDS.contains(&word.as_str()))
            && rest.intersection(&sided.rest).any(|word| !words::FUNCTION_WORDS.contains(&word.as_str()))
    };
    let titles = case.codes.titles_within(&sided.category, &context);
    titles.iter().any(|title| title.to_ascii_lowercase().contains("bilateral") && fits(title))
}
