//! What the notes of the tabular list say of the diagnoses together: Excludes1, code first, use additional code.
//!
//! Only notes at the code itself, its subcategories and its category ask for another code here: what a section or a
//! chapter asks for is asked of too many codes to be a finding.

use super::case::{Case, Judged, Said};
use crate::codes::icd10cm::Standing;
use crate::codes::relations::{Coverage, ExclusionStatus, Note, NoteKind};
use crate::record::Severity;

const SOURCE: &str = "ICD-10-CM Tabular List";

/// A finding with its place and the place that it stands against.
type Found = (String, Option<String>, Said);

pub(super) fn check(case: &mut Case<'_>) {
    let listed: Vec<(&Judged<'_>, &Standing<'_>)> =
        case.diagnoses.iter().filter_map(|judged| Some((judged, judged.standing.as_ref()?))).collect();
    let mut found = Vec::new();
    excludes(&listed, &mut found);
    order(&listed, &mut found);
    additional(&listed, &mut found);
    for (path, other, said) in found {
        case.find(path, other, said);
    }
}

fn said(code: &'static str, severity: Severity, message: &str, kind: &str, note: &Note) -> Said {
    Said {
        code,
        severity,
        message: format!("{message}: {}", note.text),
        source: format!("{SOURCE}, {kind} note at {}", note.at),
        release: note.release.clone(),
    }
}

/// Excludes1 in three values (guidelines I.A.12.a): a conflict is an error, a possible exception a note.
fn excludes(listed: &[(&Judged<'_>, &Standing<'_>)], found: &mut Vec<Found>) {
    for (at, (later, standing)) in listed.iter().enumerate() {
        for (earlier, other) in listed.iter().take(at) {
            let exclusion = other.excludes1(standing);
            let (code, severity, message) = match exclusion.status {
                ExclusionStatus::Clear => continue,
                ExclusionStatus::Conflict => {
                    ("excludes1", Severity::Error, "the two codes are not reported together")
                }
                ExclusionStatus::ExceptionPossible => (
                    "excludes1_possible",
                    Severity::Note,
                    "the two codes are reported together only where the conditions are unrelated",
                ),
            };
            if let Some(note) = &exclusion.note {
                let said = said(code, severity, message, "Excludes1", note);
                found.push((later.path(), Some(earlier.path()), said));
            }
        }
    }
}

/// Guidelines I.A.13: the underlying condition stands before the code whose note asks for it.
fn order(listed: &[(&Judged<'_>, &Standing<'_>)], found: &mut Vec<Found>) {
    for (judged, standing) in listed {
        for held in standing.own(NoteKind::CodeFirst) {
            let mut named = (listed.iter())
                .filter(|(other, _)| other.at != judged.at)
                .filter(|(_, other)| standing.covers(held, other) == Coverage::Yes);
            let (severity, other, message) = match named.next() {
                Some((first, _)) if first.at < judged.at => continue,
                Some((first, _)) => {
                    (Severity::Error, Some(first.path()), "the underlying condition is sequenced first")
                }
                None if judged.is_principal() => (
                    Severity::Warning,
                    None,
                    "the code stands first, and its note asks for another before it",
                ),
                None => continue,
            };
            let note = standing.note(held);
            // Where the other code stands behind, it is known to apply.
            if other.is_some() || !is_conditional(&note.text) {
                found.push((
                    judged.path(),
                    other,
                    said("code_first", severity, message, "code first", &note),
                ));
            }
        }
    }
}

/// A note that asks for an additional code, and no diagnosis of the claim that it names.
fn additional(listed: &[(&Judged<'_>, &Standing<'_>)], found: &mut Vec<Found>) {
    for (judged, standing) in listed {
        for held in standing.own(NoteKind::UseAdditional) {
            let present = (listed.iter())
                .filter(|(other, _)| other.at != judged.at)
                .any(|(_, other)| standing.covers(held, other) != Coverage::No);
            if present {
                continue;
            }
            let note = standing.note(held);
            if !note.codes.is_empty() && !is_conditional(&note.text) {
                let message = "an additional code may be missing";
                let said = said("use_additional", Severity::Note, message, "use additional code", &note);
                found.push((judged.path(), None, said));
            }
        }
    }
}

/// Whether a note itself says that it does not always hold.
fn is_conditional(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["if applicable", "where applicable", "if known", "if any", "if desired", "when applicable"]
        .iter()
        .any(|words| text.contains(words))
}
