//! Each diagnosis by itself: it must be a code that may be reported on the day, once, and one must stand first.

use super::case::{Case, Said};
use crate::codes::verdict::Status;
use crate::record::Severity;

pub(super) fn check(case: &mut Case<'_>) {
    if case.claim.diagnoses.is_empty() {
        case.find_guideline(
            ("no_principal_diagnosis", Severity::Error),
            ("diagnoses".to_owned(), None),
            "II",
            "the claim has no diagnosis",
        );
        return;
    }
    invalid(case);
    repeated(case);
}

fn invalid(case: &mut Case<'_>) {
    let mut found = Vec::new();
    for judged in &case.diagnoses {
        let (code, severity) = match judged.verdict.status() {
            Status::Valid => continue,
            Status::Invalid => ("diagnosis_invalid", Severity::Error),
            Status::Unknown => ("diagnosis_not_covered", Severity::Note),
        };
        let detail = judged.verdict.detail().unwrap_or_default();
        let said = Said {
            code,
            severity,
            message: format!("{}: {detail}", judged.verdict.reason().unwrap_or_default()),
            source: "ICD-10-CM".to_owned(),
            release: judged.verdict.release().unwrap_or_default().to_owned(),
        };
        found.push((judged.path(), said));
    }
    for (path, said) in found {
        case.find(path, None, said);
    }
}

/// Guidelines I.B.12: each unique code is reported once for an encounter. The Medicare Code Editor counts a
/// secondary diagnosis that repeats the principal one apart.
fn repeated(case: &mut Case<'_>) {
    let mut found = Vec::new();
    for (at, judged) in case.diagnoses.iter().enumerate().skip(1).filter(|(_, judged)| !judged.key.is_empty())
    {
        if let Some(first) = case.diagnoses.iter().take(at).find(|before| before.key == judged.key) {
            let code = if first.is_principal() { "duplicate_of_principal" } else { "duplicate_diagnosis" };
            found.push((code, judged.path(), first.path()));
        }
    }
    for (code, path, first) in found {
        let message = "the same code stands above; each code is reported once for an encounter";
        case.find_guideline((code, Severity::Error), (path, Some(first)), "I.B.12", message);
    }
}
