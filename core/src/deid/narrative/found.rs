//! What a recogniser has found, before offsets are counted in characters.

use crate::formats::label::Label;

/// Bytes of a block that identify, with the label, how sure it is, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: Label,
    /// From 0 to 1.
    pub(super) score: f32,
    /// The evidence, a stable lower-case word.
    pub(super) why: &'static str,
}

impl Found {
    pub(super) const fn new(start: usize, end: usize, label: Label, score: f32, why: &'static str) -> Self {
        Self { start, end, label, score, why }
    }

    /// The score in hundredths: what machines compute alike.
    pub(super) fn rounded_score(self) -> f64 {
        (f64::from(self.score) * 100.0).round() / 100.0
    }
}
