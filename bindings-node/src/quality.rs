//! `Finding`: what a check found.

use napi_derive::napi;

use crate::mirror::{Span, mirror};

/// One thing that a check found in a record: its place and the rule that says so, never the value.
#[napi(object, object_from_js = false)]
pub struct Finding {
    /// Stable lower-case code.
    pub code: &'static str,
    /// How grave it is.
    #[napi(ts_type = "'error' | 'warning' | 'note'")]
    pub severity: &'static str,
    /// Native path of the place, such as `Bundle.entry[3].resource.birthDate`.
    pub path: String,
    /// Bytes of the place in the source.
    pub span: Span,
    /// Line of the place, counted from 1.
    pub line: i64,
    /// What is wrong, in words.
    pub message: String,
    /// The rule that says so: standard section, guideline paragraph, list and release.
    pub source: &'static str,
}

mirror!(Finding { code, severity, path, span, line, message, source });
