//! Suggested codes held against a note, and units of measure.

use napi_derive::napi;

use crate::claim::ClaimFinding;
use crate::codes::Verdict;
use crate::mirror::{Span, mirror};

/// What was found out about one suggested code.
#[napi(object, object_from_js = false)]
pub struct SuggestedCode {
    /// Whether it may be reported on the day, with reason and title.
    pub verdict: Verdict,
    /// `supported`, `partly_supported`, `not_supported`, `contradicted` (every place denies it, or gives it
    /// to the past or a relative, or to the other side), or `uncertain` (only suspected or conditional).
    pub support: &'static str,
    /// The share of the title's words that the best place has, weighted by their rarity, from 0 to 1.
    pub score: f64,
    /// The places that speak of it, the best first.
    pub evidence: Vec<NoteEvidence>,
    /// Codes of the same category that say more of what the best place says.
    pub more_specific: Vec<String>,
    /// What the code does not agree with in the others: the findings of `check_claim` on them as diagnoses,
    /// their paths `codes[0]`.
    pub conflicts: Vec<ClaimFinding>,
}

mirror!(SuggestedCode { verdict, support, score, evidence, more_specific, conflicts });

/// A place of the note that speaks of a code's condition.
#[napi(object, object_from_js = false)]
pub struct NoteEvidence {
    /// Bytes of the note.
    pub span: Span,
    /// What the note says there: `affirmed`, `negated`, `historical`, `family`, `possible` or `hypothetical`.
    pub assertion: &'static str,
}

mirror!(NoteEvidence { span, assertion });

/// A value in another unit.
#[napi(object, object_from_js = false)]
pub struct UnitConversion {
    /// The value in the unit that was asked for, to fifteen significant digits.
    pub value: f64,
    /// The value in base units.
    pub canonical_value: f64,
    /// The base units that both units come to, such as `m.s-2`; `1` where they have no dimension.
    pub canonical_unit: String,
}

mirror!(UnitConversion { value, canonical_value, canonical_unit });
