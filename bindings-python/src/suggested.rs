//! Suggested codes held against a note, units of measure, and files that become packs.

use pyo3::type_hint_identifier;

use crate::claim::ClaimFinding;
use crate::codes::Verdict;
use crate::document::shape;
use crate::mirror::{Items, mirror};

shape!(PackRequest: type_hint_identifier!("chartkeeper.documents", "PackRequest"));

mirror! {
    /// What was found out about one suggested code.
    SuggestedCode shows (support, score) {
        /// Whether it may be reported on the day, with reason and title.
        verdict: Verdict,
        /// `supported`, `partly_supported`, `not_supported`, `contradicted` (every place denies it, or gives
        /// it to the past or a relative, or to the other side), or `uncertain` (only suspected or
        /// conditional).
        support: &'static str,
        /// The share of the title's words that the best place has, weighted by their rarity, from 0 to 1.
        score: f64,
        /// The places that speak of it, the best first.
        evidence: Items<NoteEvidence>,
        /// Codes of the same category that say more of what the best place says.
        more_specific: Items<String>,
        /// What the code does not agree with in the others: the findings of `check_claim` on them as
        /// diagnoses, their paths `codes[0]`.
        conflicts: Items<ClaimFinding>,
    }
}

mirror! {
    /// A place of the note that speaks of a code's condition.
    NoteEvidence shows (span, assertion) {
        /// Bytes of the note.
        span: (usize, usize),
        /// What the note says there: `affirmed`, `negated`, `historical`, `family`, `possible` or
        /// `hypothetical`.
        assertion: &'static str,
    }
}

mirror! {
    /// A value in another unit.
    UnitConversion shows (value, canonical_value, canonical_unit) {
        /// The value in the unit that was asked for, to fifteen significant digits.
        value: f64,
        /// The value in base units.
        canonical_value: f64,
        /// The base units that both units come to, such as `m.s-2`; `1` where they have no dimension.
        canonical_unit: String,
    }
}
