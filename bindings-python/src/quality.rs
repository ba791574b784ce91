//! `Finding`: what a check found.

use crate::mirror::mirror;

mirror! {
    /// One thing that a check found in a record: its place and the rule that says so, never the value.
    Finding shows (code, severity, path, line) {
        /// Stable lower-case code.
        code: &'static str,
        /// `error`, `warning` or `note`.
        severity: &'static str,
        /// Native path of the place, such as `Bundle.entry[3].resource.birthDate`.
        path: String,
        /// Bytes of the place in the source: the first, and the one after the last.
        span: (usize, usize),
        /// Line of the place, counted from 1.
        line: usize,
        /// What is wrong, in words.
        message: String,
        /// The rule that says so: standard section, guideline paragraph, list and release.
        source: &'static str,
    }
}
