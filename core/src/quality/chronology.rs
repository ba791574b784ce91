//! Chronology: dates that cannot be, and events that do not fit birth, death, their own period or their encounter.

use jiff::Span;

use super::case::{Case, Facts};
use super::checks;
use super::moment::Moment;
use super::report::Report;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::Kind;

/// Fields that say when something of the patient's began, was done or was written down.
const BEGINNINGS: &[Field] = &[
    Field::Start,
    Field::Onset,
    Field::OnsetStart,
    Field::Performed,
    Field::PerformedStart,
    Field::Recorded,
    Field::Authored,
    Field::Issued,
];
/// Fields that say when it ended; an end may be planned.
const ENDINGS: &[Field] = &[
    Field::End,
    Field::OnsetEnd,
    Field::PerformedEnd,
    Field::Abatement,
    Field::AbatementStart,
    Field::AbatementEnd,
];
/// Fields that say when something was done to the patient or with the patient there.
const PRESENCE: &[Field] = &[Field::Start, Field::Performed, Field::PerformedStart];

/// Begin and end of the same thing, in one container.
const PERIODS: &[(&[Field], &[Field])] = &[
    (&[Field::Start], &[Field::End]),
    (&[Field::OnsetStart], &[Field::OnsetEnd]),
    (&[Field::AbatementStart], &[Field::AbatementEnd]),
    (&[Field::PerformedStart], &[Field::PerformedEnd]),
];

/// Entries that tell of events in the patient's life. What may lie before it or after it is not among them: a family's
/// history and insurance, plans, orders of the future, consents, money.
const fn is_event(kind: EntryKind) -> bool {
    use EntryKind as K;
    matches!(
        kind,
        K::Encounter
            | K::Episode
            | K::Condition
            | K::Procedure
            | K::Medication
            | K::Allergy
            | K::Result
            | K::Report
            | K::Immunization
            | K::Document
            | K::Imaging
            | K::Specimen
            | K::Questionnaire
            | K::AdverseEvent
    )
}

/// For entries that need the patient, how many days after a death they may still be dated. A death is certified, and the
/// last results come in, some days later; nothing is done to the patient then. Reports, documents and specimens may come
/// of an examination after death at any time.
const fn days_after_death(kind: EntryKind) -> Option<i32> {
    use EntryKind as K;
    match kind {
        K::Procedure | K::Medication | K::Immunization => Some(0),
        K::Encounter | K::Result => Some(30),
        _ => None,
    }
}

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    impossible_dates(case, report);
    for facts in &case.entries {
        periods(facts, report);
        if facts.is_withdrawn() {
            continue;
        }
        if facts.entry.kind() == EntryKind::Person {
            future(case, facts, &[Field::BirthDate, Field::DeathDate], report);
        }
        if is_event(facts.entry.kind()) {
            if !facts.is_not_done() {
                future(case, facts, BEGINNINGS, report);
            }
            let patient = case.patient(facts).map(|patient| patient.bounds).unwrap_or_default();
            before_birth(facts, patient.0, report);
            after_death(facts, patient.1, report);
            encounter(case, facts, patient.0, report);
        }
    }
}

fn impossible_dates(case: &Case<'_>, report: &mut Report) {
    for (id, node) in case.record.tree().iter() {
        let dated =
            matches!(node.label(), Label::Date | Label::Instant | Label::BirthDate | Label::DeathDate);
        if dated && node.kind() == Kind::Text && case.record.date(id).is_none() {
            report.add(&checks::IMPOSSIBLE_DATE, id);
        }
    }
}

fn periods(facts: &Facts<'_>, report: &mut Report) {
    let tree = facts.record.tree();
    for (starts, ends) in PERIODS {
        let starts = facts.by_container(starts);
        for end in facts.any_of(ends) {
            let start = starts.get(&tree.parent(end)).and_then(|start| facts.moment_at(*start));
            if start.zip(facts.moment_at(end)).is_some_and(|(start, end)| end.is_before(&start)) {
                report.add(&checks::ENDS_BEFORE_START, end);
            }
        }
    }
    let onset = facts.moment(&[Field::Onset, Field::OnsetStart]);
    let abatement = facts.first(Field::Abatement).or_else(|| facts.first(Field::AbatementEnd));
    if let (Some(onset), Some(node)) = (onset, abatement)
        && facts.moment_at(node).is_some_and(|abatement| abatement.is_before(&onset))
    {
        report.add(&checks::ABATEMENT_BEFORE_ONSET, node);
    }
}

fn future(case: &Case<'_>, facts: &Facts<'_>, fields: &'static [Field], report: &mut Report) {
    for node in facts.any_of(fields) {
        if facts.moment_at(node).is_some_and(|moment| moment.is_after_day(case.as_of)) {
            report.add(&checks::DATE_IN_FUTURE, node);
        }
    }
}

fn before_birth(facts: &Facts<'_>, birth: Option<Moment>, report: &mut Report) {
    let Some(birth) = birth else { return };
    for node in facts.any_of(BEGINNINGS).chain(facts.any_of(ENDINGS)) {
        if facts.moment_at(node).is_some_and(|moment| moment.is_on_day_before(&birth)) {
            report.add(&checks::EVENT_BEFORE_BIRTH, node);
        }
    }
}

fn after_death(facts: &Facts<'_>, death: Option<Moment>, report: &mut Report) {
    let (Some(death), Some(days)) = (death, days_after_death(facts.entry.kind())) else { return };
    let Ok(last) = death.date.latest().checked_add(Span::new().days(days)) else { return };
    if facts.is_not_done() {
        return;
    }
    for node in facts.any_of(PRESENCE) {
        if facts.moment_at(node).is_some_and(|moment| moment.is_after_day(last)) {
            report.add(&checks::EVENT_AFTER_DEATH, node);
        }
    }
}

/// What was done must lie on the days of its encounter. When something was written down, issued or began is not asked,
/// nor how long a medicine is taken: those may well be other days. An event before birth is told of as that alone.
fn encounter(case: &Case<'_>, facts: &Facts<'_>, birth: Option<Moment>, report: &mut Report) {
    let done_there =
        matches!(facts.entry.kind(), EntryKind::Procedure | EntryKind::Result | EntryKind::Immunization);
    if !done_there || facts.is_not_done() {
        return;
    }
    let Some(encounter) = case.referred(facts, Field::Encounter, EntryKind::Encounter) else { return };
    let (start, end) = encounter.bounds;
    let outside = |moment: Moment| {
        let early = start.is_some_and(|start| moment.is_on_day_before(&start));
        let late = end.is_some_and(|end| end.is_on_day_before(&moment));
        (early || late) && !birth.is_some_and(|birth| moment.is_on_day_before(&birth))
    };
    for node in facts.any_of(&[Field::Performed, Field::PerformedStart]) {
        if facts.moment_at(node).is_some_and(outside) {
            report.add(&checks::OUTSIDE_ENCOUNTER, node);
        }
    }
}
