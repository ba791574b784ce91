//! Claims, and what a check of one found.

use napi_derive::napi;

use crate::mirror::mirror;

/// One thing that a check found in a claim: its place, and the list or guideline that says so; never the value.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ClaimFinding {
    /// Stable lower-case code.
    pub code: &'static str,
    /// How grave it is.
    #[napi(ts_type = "'error' | 'warning' | 'note'")]
    pub severity: &'static str,
    /// The place in the claim, such as `diagnoses[1].code`.
    pub path: String,
    /// The place that it stands against, where two do not agree.
    pub other: Option<String>,
    /// What is wrong, in words.
    pub message: String,
    /// The rule, list or guideline that says so.
    pub source: String,
    /// The release of the list or guideline.
    pub release: String,
}

mirror!(ClaimFinding { code, severity, path, other, message, source, release });
