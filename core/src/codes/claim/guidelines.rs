//! Rules that the Official Guidelines state in words: what stands only first, what never does, and what belongs to
//! one of two patients.

use super::case::{Case, Judged};
use crate::record::Severity;

/// Z codes that may only be principal or first-listed (I.C.21.c.15; FY2026, pages 106 and 107), without their dot.
const FIRST_LISTED_ONLY: &[&str] = &[
    "Z00", "Z01", "Z02", "Z04", "Z332", "Z3181", "Z3183", "Z3184", "Z34", "Z39", "Z38", "Z40", "Z42", "Z510",
    "Z511", "Z52", "Z761", "Z762", "Z9912",
];
/// What the list excepts.
const EXCEPT: &[&str] = &["Z006", "Z529"];

pub(super) fn check(case: &mut Case<'_>) {
    first_listed_only(case);
    external_cause_principal(case);
    maternal_and_newborn(case);
    birth_record(case);
}

fn is_first_listed_only(judged: &Judged<'_>) -> bool {
    FIRST_LISTED_ONLY.iter().any(|code| judged.below(code)) && !EXCEPT.iter().any(|code| judged.below(code))
}

fn first_listed_only(case: &mut Case<'_>) {
    let paths: Vec<String> = (case.diagnoses.iter())
        .filter(|judged| !judged.is_principal() && is_first_listed_only(judged))
        .map(Judged::path)
        .collect();
    for path in paths {
        let message = "the code may only be the principal or first-listed diagnosis, except where several \
                       encounters of one day are combined";
        case.find_guideline(
            ("first_listed_only", Severity::Warning),
            (path, Some("diagnoses[0].code".to_owned())),
            "I.C.21.c.15",
            message,
        );
    }
}

/// Chapter 20 has V00 to Y99.
fn external_cause_principal(case: &mut Case<'_>) {
    let external = |judged: &&Judged<'_>| judged.key.starts_with(['V', 'W', 'X', 'Y']);
    if let Some(path) = case.principal().filter(external).map(Judged::path) {
        let message = "an external cause can never be the principal or first-listed diagnosis";
        case.find_guideline(
            ("external_cause_principal", Severity::Error),
            (path, None),
            "I.C.20.a.6",
            message,
        );
    }
}

/// Chapter 15 belongs to the mother's record alone (I.C.15.a.2), chapter 16 never to it (I.C.16.a.1).
fn maternal_and_newborn(case: &mut Case<'_>) {
    let find =
        |letter: char| case.diagnoses.iter().find(|judged| judged.key.starts_with(letter)).map(Judged::path);
    if let (Some(maternal), Some(perinatal)) = (find('O'), find('P')) {
        let message = "chapter 15 is for the mother's record and chapter 16 never is: they are two patients'";
        case.find_guideline(
            ("maternal_and_newborn", Severity::Error),
            (perinatal, Some(maternal)),
            "I.C.15.a.2, I.C.16.a.1",
            message,
        );
    }
}

/// Z38 is assigned once, to the newborn at the time of birth (I.C.16.a.2).
fn birth_record(case: &mut Case<'_>) {
    let older = case.claim.age_years.is_some_and(|age| age > 0);
    let birth = case.diagnoses.iter().find(|judged| judged.below("Z38")).map(Judged::path);
    if let Some(path) = birth.filter(|_| older) {
        let message = "the code is assigned once, to a newborn at the time of birth";
        case.find_guideline(("birth_record_age", Severity::Error), (path, None), "I.C.16.a.2", message);
    }
}
