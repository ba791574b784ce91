//! Findings: what a check found, with a place and a source, and never the value.

use serde::Serialize;

use crate::text::Span;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Note,
    /// Probably wrong or incomplete: a person should look.
    Warning,
    /// Wrong: it cannot stand as it is.
    Error,
}

impl Severity {
    /// The stable lower-case name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing that a check found in a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable lower-case code.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Native path of the place, such as `Bundle.entry[3].resource.birthDate`.
    pub path: String,
    /// Bytes of the place in the source.
    pub span: Span,
    /// Line of the place, counted from 1.
    pub line: usize,
    /// What is wrong, in words; never the value.
    pub message: String,
    /// The rule that says so: standard section, guideline paragraph, list and release.
    pub source: &'static str,
}
