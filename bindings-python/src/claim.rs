//! Claims, and what a check of one found.

use pyo3::type_hint_identifier;

use crate::document::shape;
use crate::mirror::mirror;

shape!(Claim: type_hint_identifier!("chartkeeper.documents", "Claim"));

mirror! {
    /// One thing that a check found in a claim: its place, and the list or guideline that says so; never the value.
    ClaimFinding shows (code, severity, path) {
        /// Stable lower-case code.
        code: &'static str,
        /// `error`, `warning` or `note`.
        severity: &'static str,
        /// The place in the claim, such as `diagnoses[1].code`.
        path: String,
        /// The place that it stands against, where two do not agree.
        other: Option<String>,
        /// What is wrong, in words.
        message: String,
        /// The rule, list or guideline that says so.
        source: String,
        /// The release of the list or guideline.
        release: String,
    }
}
