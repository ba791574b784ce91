//! Demographics: what the patient's own entry must have, and whether birth, death and age fit.

use jiff::Span;

use super::case::{Case, Facts};
use super::checks;
use super::report::Report;
use crate::formats::field::{EntryKind, Field};

/// An age that nobody has reached.
const OLDEST: i16 = 130;

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    let patients = case.entries.iter().filter(|facts| facts.entry.kind() == EntryKind::Person);
    for facts in patients.filter(|facts| !facts.entry.is_contained()) {
        complete(facts, report);
        ages(case, facts, report);
    }
}

fn complete(facts: &Facts<'_>, report: &mut Report) {
    const NEEDED: &[(&checks::Check, &[Field])] = &[
        (&checks::MISSING_NAME, &[Field::NameText, Field::NameFamily, Field::NameGiven]),
        (&checks::MISSING_BIRTH_DATE, &[Field::BirthDate]),
        (&checks::MISSING_SEX, &[Field::Sex]),
        (&checks::MISSING_IDENTIFIER, &[Field::IdentifierValue]),
    ];
    for (check, fields) in NEEDED {
        if facts.any_of(fields).next().is_none() {
            report.add(check, facts.entry.node());
        }
    }
}

fn ages(case: &Case<'_>, facts: &Facts<'_>, report: &mut Report) {
    let (Some(birth), death) = facts.bounds else { return };
    if let (Some(death), Some(node)) = (death, facts.first(Field::DeathDate))
        && death.is_before(&birth)
    {
        report.add(&checks::DEATH_BEFORE_BIRTH, node);
    }
    // One who is dead without a date may have died at any age.
    let dead =
        facts.all(Field::Deceased).any(|node| facts.record.text(node).is_some_and(|flag| flag == "true"));
    let until = match death {
        Some(death) => Some(death.date.earliest()),
        None => (!dead).then_some(case.as_of),
    };
    let oldest = birth.date.latest().checked_add(Span::new().years(OLDEST)).ok();
    if let Some(node) = facts.first(Field::BirthDate)
        && until.zip(oldest).is_some_and(|(until, oldest)| until > oldest)
    {
        report.add(&checks::IMPLAUSIBLE_AGE, node);
    }
}
