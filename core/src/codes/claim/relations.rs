//! What the notes of the tabular list say of the diagnoses together: Excludes1, code first, use additional code.

use super::case::{Case, Said};
use crate::codes::context::CodeContext;
use crate::codes::relations::{Coverage, ExclusionStatus, Note, NoteKind};
use crate::record::Severity;

const SOURCE: &str = "ICD-10-CM Tabular List";

pub(super) fn check(case: &mut Case<'_>) {
    let context = CodeContext { on: Some(case.through), ..CodeContext::default() };
    excludes(case, &context);
    order(case, &context);
    additional(case, &context);
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
fn excludes(case: &mut Case<'_>, context: &CodeContext) {
    let mut found = Vec::new();
    for (at, later) in case.diagnoses.iter().enumerate().filter(|(_, judged)| !judged.key.is_empty()) {
        for earlier in case.diagnoses.iter().take(at).filter(|judged| !judged.key.is_empty()) {
            if earlier.key == later.key {
                continue;
            }
            let exclusion = case.codes.excludes1(&earlier.key, &later.key, context);
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
                found.push((later.path(), earlier.path(), said(code, severity, message, "Excludes1", note)));
            }
        }
    }
    for (path, other, said) in found {
        case.find(path, Some(other), said);
    }
}

/// Guidelines I.A.13: the underlying condition stands before the code whose note asks for it.
fn order(case: &mut Case<'_>, context: &CodeContext) {
    let mut found = Vec::new();
    for judged in &case.diagnoses {
        for note in own_notes(case, &judged.key, NoteKind::CodeFirst, context) {
            let named: Vec<usize> = (case.diagnoses.iter())
                .filter(|other| other.at != judged.at && !other.key.is_empty())
                .filter(|other| case.codes.covers(&note, &other.key, context) == Coverage::Yes)
                .map(|other| other.at)
                .collect();
            let before = named.iter().any(|at| *at < judged.at);
            match named.first() {
                Some(later) if !before => {
                    let message = "the underlying condition is sequenced first";
                    let said = said("code_first", Severity::Error, message, "code first", &note);
                    found.push((judged.path(), Some(format!("diagnoses[{later}].code")), said));
                }
                None if judged.is_principal() && !is_conditional(&note.text) => {
                    let message = "the code stands first, and its note asks for another before it";
                    let said = said("code_first", Severity::Warning, message, "code first", &note);
                    found.push((judged.path(), None, said));
                }
                _ => {}
            }
        }
    }
    for (path, other, said) in found {
        case.find(path, other, said);
    }
}

/// A note that asks for an additional code, and no diagnosis of the claim that it names.
fn additional(case: &mut Case<'_>, context: &CodeContext) {
    let mut found = Vec::new();
    for judged in &case.diagnoses {
        for note in own_notes(case, &judged.key, NoteKind::UseAdditional, context) {
            if note.codes.is_empty() || is_conditional(&note.text) {
                continue;
            }
            let present = (case.diagnoses.iter())
                .filter(|other| other.at != judged.at && !other.key.is_empty())
                .any(|other| case.codes.covers(&note, &other.key, context) != Coverage::No);
            if !present {
                let message = "an additional code may be missing";
                found.push((
                    judged.path(),
                    said("use_additional", Severity::Note, message, "use additional code", &note),
                ));
            }
        }
    }
    for (path, said) in found {
        case.find(path, None, said);
    }
}

/// The notes of a kind at the code itself, its subcategories and its category: what a section or a chapter asks for is
/// asked of too many codes to be a finding.
fn own_notes(case: &Case<'_>, key: &str, kind: NoteKind, context: &CodeContext) -> Vec<Note> {
    if key.is_empty() {
        return Vec::new();
    }
    let notes = case.codes.notes("icd10cm", key, context).unwrap_or_default();
    let own =
        |note: &Note| note.kind == kind && key.starts_with(&note.at.replace('.', "")) && note.at.len() >= 3;
    notes.into_iter().filter(own).collect()
}

/// Whether a note itself says that it does not always hold.
fn is_conditional(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["if applicable", "where applicable", "if known", "if any", "if desired", "when applicable"]
        .iter()
        .any(|words| text.contains(words))
}
