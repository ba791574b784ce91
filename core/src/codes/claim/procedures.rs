//! ICD-10-PCS procedures beside the diagnoses: where they may stand, when, and what a delivery needs.

use super::case::{Case, Said, day};
use crate::codes::context::CodeContext;
use crate::codes::verdict::Status;
use crate::record::Severity;

const PCS: &str = "ICD-10-PCS";

pub(super) fn check(case: &mut Case<'_>) {
    each(case);
    delivery(case);
}

fn each(case: &mut Case<'_>) {
    let context = CodeContext { on: Some(case.through), ..CodeContext::default() };
    let claim = case.claim;
    if let (Some(_), false, Some(_)) = (claim.procedures.first(), case.is_inpatient(), case.setting) {
        let said = Said {
            code: "procedure_setting",
            severity: Severity::Error,
            message: "ICD-10-PCS is for inpatient stays; other settings report HCPCS and CPT".to_owned(),
            source: "45 CFR 162.1002(c)(3)".to_owned(),
            release: String::new(),
        };
        case.find("procedures".to_owned(), None, said);
    }
    for (at, procedure) in claim.procedures.iter().enumerate() {
        // Where the library has no ICD-10-PCS, nothing is said of a procedure's code.
        if let Ok(verdict) = case.codes.validate("icd10pcs", &procedure.code, &context) {
            let (code, severity) = match verdict.status() {
                Status::Valid => ("", Severity::Note),
                Status::Invalid => ("procedure_invalid", Severity::Error),
                Status::Unknown => ("procedure_not_covered", Severity::Note),
            };
            if !code.is_empty() {
                let detail = verdict.detail().unwrap_or_default();
                let said = Said {
                    code,
                    severity,
                    message: format!("{}: {detail}", verdict.reason().unwrap_or_default()),
                    source: PCS.to_owned(),
                    release: verdict.release().unwrap_or_default().to_owned(),
                };
                case.find(format!("procedures[{at}].code"), None, said);
            }
        }
        let Some(text) = procedure.date.as_deref() else { continue };
        let path = format!("procedures[{at}].date");
        let outside = day(text, || path.clone()).map(|date| date > case.through);
        let message = match outside {
            Ok(false) => continue,
            Ok(true) => "the procedure's day stands after the last day of the claim",
            Err(_) => "the procedure's day is no calendar date in the form YYYY-MM-DD",
        };
        let said = Said {
            code: "procedure_outside_stay",
            severity: Severity::Error,
            message: message.to_owned(),
            source: "UB-04, statement covers period".to_owned(),
            release: String::new(),
        };
        case.find(path, None, said);
    }
}

/// Section 1 of ICD-10-PCS is obstetrics; root operations D (extraction) and E (delivery) on the products of
/// conception (body system 0, body part 0) are deliveries: an outcome of delivery belongs to them (I.C.15.b.5), and
/// an obstetric diagnosis.
fn delivery(case: &mut Case<'_>) {
    let delivers = |code: &str| {
        let code = code.trim().to_ascii_uppercase();
        code.starts_with("10E0") || code.starts_with("10D00Z")
    };
    let procedure = case.claim.procedures.iter().position(|procedure| delivers(&procedure.code));
    let outcome = case.diagnoses.iter().find(|judged| judged.below("Z37")).map(|judged| judged.path());
    let obstetric = case.diagnoses.iter().any(|judged| judged.key.starts_with('O'));
    let place = procedure.map(|at| format!("procedures[{at}].code"));
    if let (Some(place), None) = (&place, &outcome) {
        case.find_guideline(
            ("outcome_of_delivery_missing", Severity::Error),
            ("diagnoses".to_owned(), Some(place.clone())),
            "I.C.15.b.5",
            "a delivery is reported and no outcome of delivery (category Z37)",
        );
    }
    if let Some(path) = place.or(outcome).filter(|_| !obstetric) {
        case.find_guideline(
            ("delivery_without_obstetric_diagnosis", Severity::Error),
            (path, None),
            "I.C.15.b",
            "a delivery is reported and no diagnosis of chapter 15",
        );
    }
}
