//! Claims and encounters: which codes may stand together, which may stand first, and what is missing beside them.
//!
//! A claim is plain data. Every finding names the place, the rule in words and the list or guideline that says so,
//! with its release. A rule whose list is not loaded for the date is not guessed: one finding says that it was not
//! examined.

mod admission;
mod case;
mod diagnoses;
mod editor;
mod guidelines;
mod laterality;
mod lines;
mod procedures;
mod relations;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use self::case::Case;
pub(crate) use self::editor::{edit_in_words, edit_of};
use super::Codes;
use super::context::Sex;
use crate::error::Result;
use crate::record::Severity;

/// Where the services were given, which decides what edits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// A stay in a hospital: ICD-10-PCS, present on admission, the Medicare Code Editor.
    Inpatient,
    /// A hospital's outpatient services.
    Outpatient,
    /// A professional's services, in any place.
    Professional,
}

/// One diagnosis of a claim. The first one is the principal (first-listed) diagnosis.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimDiagnosis {
    /// The code, of ICD-10-CM.
    pub code: String,
    /// Present on admission: `Y`, `N`, `U`, `W`, or `1` for exempt.
    #[serde(default)]
    pub poa: Option<String>,
}

/// One inpatient procedure.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimProcedure {
    /// The code, of ICD-10-PCS.
    pub code: String,
    /// The day of the procedure, `YYYY-MM-DD`.
    #[serde(default)]
    pub date: Option<String>,
}

/// One service line.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimLine {
    /// The code, of HCPCS Level II or CPT.
    pub code: String,
    /// Its modifiers.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// Units of service; one where it is left out.
    #[serde(default)]
    pub units: Option<f64>,
    /// The day of the service, `YYYY-MM-DD`; the claim's first day where it is left out.
    #[serde(default)]
    pub date: Option<String>,
}

/// A claim or an encounter.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// First day of service, or admission (`YYYY-MM-DD`).
    pub from: String,
    /// Last day of service, or discharge; the first day where it is left out. Diagnoses are judged on this day.
    #[serde(default)]
    pub through: Option<String>,
    /// Where the services were given. Where it is left out, the type of bill decides.
    #[serde(default)]
    pub setting: Option<Setting>,
    /// The UB-04's type of bill, three or four digits (`111`, `0131`).
    #[serde(default)]
    pub type_of_bill: Option<String>,
    /// The patient's sex.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// The patient's age in completed years on the first day.
    #[serde(default)]
    pub age_years: Option<u16>,
    /// The diagnoses, the principal one first.
    #[serde(default)]
    pub diagnoses: Vec<ClaimDiagnosis>,
    /// The procedures, the principal one first.
    #[serde(default)]
    pub procedures: Vec<ClaimProcedure>,
    /// The service lines.
    #[serde(default)]
    pub lines: Vec<ClaimLine>,
}

/// A claim is a patient's: its size is printed, nothing of it.
impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("diagnoses", &self.diagnoses.len())
            .field("procedures", &self.procedures.len())
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}

/// What a check of a claim found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimFinding {
    /// Stable lower-case code of [`CLAIM_FINDINGS`].
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// The place in the claim, such as `diagnoses[1].code`.
    pub path: String,
    /// The place that it stands against, where two do not agree.
    pub other: Option<String>,
    /// What is wrong, in words; never the value.
    pub message: String,
    /// The rule, list or guideline that says so.
    pub source: String,
    /// The release of the list or guideline.
    pub release: String,
}

/// Every code that a [`ClaimFinding`] can carry.
pub const CLAIM_FINDINGS: &[&str] = &[
    "no_principal_diagnosis",
    "diagnosis_invalid",
    "diagnosis_not_covered",
    "duplicate_of_principal",
    "duplicate_diagnosis",
    "age_conflict",
    "sex_conflict",
    "manifestation_principal",
    "unacceptable_principal",
    "requires_secondary_diagnosis",
    "external_cause_principal",
    "first_listed_only",
    "laterality_conflict",
    "bilateral_code_exists",
    "unspecified_side",
    "poa_missing",
    "poa_invalid",
    "poa_exempt",
    "maternal_and_newborn",
    "outcome_of_delivery_missing",
    "delivery_without_obstetric_diagnosis",
    "birth_record_age",
    "procedure_invalid",
    "procedure_not_covered",
    "procedure_setting",
    "procedure_outside_stay",
    "line_invalid",
    "modifier_invalid",
    "ncci_pair",
    "ncci_modifier_needed",
    "mue_exceeded",
    "excludes1",
    "excludes1_possible",
    "code_first",
    "use_additional",
    "not_examined",
];

/// Checks a claim.
///
/// # Errors
/// `invalid_date` with the field's path; `invalid_argument` where the type of bill is none.
pub(crate) fn check(codes: &Codes, claim: &Claim) -> Result<Vec<ClaimFinding>> {
    let mut case = Case::of(codes, claim)?;
    diagnoses::check(&mut case);
    editor::check(&mut case);
    admission::check(&mut case);
    guidelines::check(&mut case);
    laterality::check(&mut case);
    relations::check(&mut case);
    procedures::check(&mut case);
    lines::check(&mut case);
    Ok(case.findings)
}
