//! What a recogniser has found, before offsets are counted in characters.

use crate::formats::label::Label;

/// Bytes of a block that identify, with the label, how sure it is, and why.
#[derive(Debug, Clone, Copy)]
pub(in crate::deid) struct Found {
    pub(in crate::deid) start: usize,
    pub(in crate::deid) end: usize,
    pub(in crate::deid) label: Label,
    /// From 0 to 1.
    pub(in crate::deid) score: f32,
    /// The evidence, a stable lower-case word.
    pub(in crate::deid) why: &'static str,
}

impl Found {
    pub(in crate::deid) const fn new(
        start: usize,
        end: usize,
        label: Label,
        score: f32,
        why: &'static str,
    ) -> Self {
        Self { start, end, label, score, why }
    }

    /// The score in hundredths: what machines compute alike.
    pub(in crate::deid) fn rounded_score(self) -> f64 {
        (f64::from(self.score) * 100.0).round() / 100.0
    }
}
