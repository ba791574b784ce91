//! Codes: are they in the release of their day, complete, with a system; do numbers have units, identifiers their digit.

use super::case::{Case, Facts};
use super::checks::{self, Check};
use super::report::Report;
use crate::codes::{CodeContext, Status};
use crate::formats::field::{CodingPart, EntryKind, Field};
use crate::formats::tree::NodeId;
use crate::record::Severity;

/// The names under which records refer to the code systems that are judged here: FHIR's and the OID of C-CDA.
const SYSTEMS: &[(&str, &str)] = &[
    ("http://hl7.org/fhir/sid/icd-10-cm", "icd10cm"),
    ("urn:oid:2.16.840.1.113883.6.90", "icd10cm"),
    ("http://hl7.org/fhir/sid/us-npi", "npi"),
    ("urn:oid:2.16.840.1.113883.4.6", "npi"),
];

fn system_named(name: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(known, _)| *known == name).map(|(_, system)| *system)
}

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    for facts in &case.entries {
        identifiers(case, facts, report);
        if facts.is_withdrawn() {
            continue;
        }
        let mut context = None;
        for coding in facts.entry.codings() {
            let Some(code) = coding.code else { continue };
            let Some(system) = case.record.system_of(&case.record.coding_parts(code)) else {
                if has_system(coding.field) {
                    report.add(&checks::WITHOUT_SYSTEM, code);
                }
                continue;
            };
            if system_named(&system) == Some("icd10cm") {
                let context = context.get_or_insert_with(|| date_of_service(case, facts));
                diagnosis(case, code, context, report);
            }
        }
        units(facts, report);
    }
}

/// Whether the Chart tells the code system of the field at all; of some fields it tells the code alone.
fn has_system(field: Field) -> bool {
    Field::ALL.iter().any(|part| part.coding_part() == Some((field, CodingPart::System)))
}

/// The day that decides which release holds: the end of the encounter, for an inpatient that is the discharge
/// (ICD-10-CM Official Guidelines, section III), or else the day of the entry itself.
fn date_of_service(case: &Case<'_>, facts: &Facts<'_>) -> CodeContext {
    const OWN: &[Field] = &[
        Field::End,
        Field::Start,
        Field::Performed,
        Field::PerformedStart,
        Field::Authored,
        Field::Recorded,
        Field::Created,
        Field::Onset,
        Field::OnsetStart,
    ];
    let encounter = case.referred(facts, Field::Encounter, EntryKind::Encounter);
    let moment = encounter
        .and_then(|encounter| encounter.bounds.1.or(encounter.bounds.0))
        .or_else(|| facts.moment(OWN));
    CodeContext { on: moment.map(|moment| moment.date.latest()), ..CodeContext::default() }
}

fn diagnosis(case: &Case<'_>, node: NodeId, context: &CodeContext, report: &mut Report) {
    let Some(code) = case.record.text(node) else { return };
    let Ok(verdict) = case.codes.validate("icd10cm", &code, context) else { return };
    match verdict.status() {
        Status::Valid => {}
        Status::Invalid => report.add(fault(verdict.reason()), node),
        Status::Unknown => {
            // The newest release cannot say that the code was wrong on its day, but it can say that it looks so.
            let newest = case.codes.validate("icd10cm", &code, &CodeContext::default()).ok();
            match newest.filter(|newest| newest.status() == Status::Invalid) {
                Some(newest) => report.add_less_certain(
                    fault(newest.reason()),
                    node,
                    Severity::Warning,
                    "judged by the newest loaded release, since none covers the date",
                ),
                None => report.add(&checks::NOT_COVERED, node),
            }
        }
    }
}

fn fault(reason: Option<&str>) -> &'static Check {
    match reason {
        Some("not_billable") => &checks::NOT_BILLABLE,
        Some("missing_7th_character") => &checks::MISSING_SEVENTH,
        _ => &checks::INVALID_CODE,
    }
}

/// Identifiers whose namespace is a system with a check digit.
fn identifiers(case: &Case<'_>, facts: &Facts<'_>, report: &mut Report) {
    let values = facts.by_container(&[Field::IdentifierValue]);
    for system in facts.all(Field::IdentifierSystem) {
        if case.record.text(system).and_then(|name| system_named(&name)) != Some("npi") {
            continue;
        }
        let Some(value) = values.get(&case.record.tree().parent(system)) else { continue };
        let Some(text) = case.record.text(*value) else { continue };
        let verdict = case.codes.validate("npi", &text, &CodeContext::default());
        if verdict.is_ok_and(|verdict| verdict.status() == Status::Invalid) {
            report.add(&checks::NPI, *value);
        }
    }
}

/// A number is measured in something: its unit stands beside it as text or as a code.
fn units(facts: &Facts<'_>, report: &mut Report) {
    const MEASURED: &[(Field, &[Field])] = &[
        (Field::ValueNumber, &[Field::ValueUnit, Field::ValueCode]),
        (Field::ComponentValueNumber, &[Field::ComponentValueUnit, Field::ComponentValueCode]),
    ];
    for (number, units) in MEASURED {
        let units = facts.by_container(units);
        for node in facts.all(*number) {
            if !units.contains_key(&facts.record.tree().parent(node)) {
                report.add(&checks::WITHOUT_UNIT, node);
            }
        }
    }
}
