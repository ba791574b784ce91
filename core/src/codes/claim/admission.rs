//! Present on admission (Official Guidelines, appendix I): every diagnosis of an inpatient stay says whether the
//! patient came with it, unless its code is exempt.

use super::case::{Case, Said};
use crate::codes::tables::POA_EXEMPT;
use crate::record::Severity;

const SOURCE: &str = "ICD-10-CM Official Guidelines for Coding and Reporting, appendix I";

pub(super) fn check(case: &mut Case<'_>) {
    if !case.is_inpatient() || case.claim.diagnoses.is_empty() {
        return;
    }
    let tables = case.tables(POA_EXEMPT);
    let Some(table) = tables.first() else {
        case.not_examined("diagnoses", "list of codes exempt from present-on-admission reporting");
        return;
    };
    let release = table.info().release.clone();
    let mut found = Vec::new();
    for (judged, diagnosis) in case.diagnoses.iter().zip(&case.claim.diagnoses) {
        if judged.key.is_empty() {
            continue;
        }
        let exempt = !table.rows(&judged.key).is_empty();
        let path = format!("diagnoses[{}].poa", judged.at);
        let (code, severity, message) = match (diagnosis.poa.as_deref().map(str::trim), exempt) {
            (Some("Y" | "N" | "U" | "W"), false) | (None | Some("" | "1"), true) => continue,
            (None | Some("" | "1"), false) => {
                ("poa_missing", Severity::Error, "the code is not exempt: Y, N, U or W is needed")
            }
            (Some("Y" | "N" | "U" | "W"), true) => {
                ("poa_exempt", Severity::Warning, "the code is exempt from present-on-admission reporting")
            }
            (Some(_), _) => ("poa_invalid", Severity::Error, "the indicator is none of Y, N, U, W, 1"),
        };
        let said = Said {
            code,
            severity,
            message: message.to_owned(),
            source: SOURCE.to_owned(),
            release: release.clone(),
        };
        found.push((path, said));
    }
    for (path, said) in found {
        case.find(path, None, said);
    }
}
