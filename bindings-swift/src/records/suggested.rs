//! Records about suggested codes, units of measure, and files that become packs.

use super::{ClaimFinding, Span, Verdict};
use crate::mirror::{given, mirror};

given! {
    /// What a file is, and what the pack that is made of it says of itself.
    PackRequest {
        /// The format of the file.
        format: String,
        /// The publisher's name of the release, such as `2026-01`.
        release: String,
        /// First day on which it holds (`YYYY-MM-DD`), where it has one.
        #[uniffi(default = None)]
        effective_from: Option<String>,
        /// Last day on which it holds, where it has one.
        #[uniffi(default = None)]
        effective_to: Option<String>,
        /// The code system, for the format `csv` alone.
        #[uniffi(default = None)]
        system: Option<String>,
        /// Licence and terms, where your own differ from the publisher's.
        #[uniffi(default = None)]
        licence: Option<String>,
    }
}

mirror! {
    /// What was found out about one suggested code.
    SuggestedCode = SuggestedCode {
        /// Whether it may be reported on the day, with reason and title.
        verdict: Verdict,
        /// `supported`, `partly_supported`, `not_supported`, `contradicted` (every place denies it, or gives
        /// it to the past or a relative, or to the other side), or `uncertain` (only suspected or
        /// conditional).
        support: String,
        /// The share of the title's words that the best place has, weighted by their rarity, from 0 to 1.
        score: f64,
        /// The places that speak of it, the best first.
        evidence: Vec<NoteEvidence>,
        /// Codes of the same category that say more of what the best place says.
        more_specific: Vec<String>,
        /// What the code does not agree with in the others: the findings of `check_claim` on them as
        /// diagnoses, their paths `codes[0]`.
        conflicts: Vec<ClaimFinding>,
    }

    /// A place of the note that speaks of a code's condition.
    NoteEvidence = NoteEvidence {
        /// Bytes of the note.
        span: Span,
        /// What the note says there: `affirmed`, `negated`, `historical`, `family`, `possible` or
        /// `hypothetical`.
        assertion: String,
    }

    /// A value in another unit.
    UnitConversion = UnitConversion {
        /// The value in the unit that was asked for, to fifteen significant digits.
        value: f64,
        /// The value in base units.
        canonical_value: f64,
        /// The base units that both units come to, such as `m.s-2`; `1` where they have no dimension.
        canonical_unit: String,
    }
}
