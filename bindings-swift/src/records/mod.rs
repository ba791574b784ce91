//! The records that cross, with the core's field names; each is documented in `chartkeeper::api`.

mod chart;
mod claim;
mod codes;
mod deid;
mod ledger;
mod narrative;
mod release;
mod risk;
mod suggested;

use crate::mirror::mirror;

pub use chart::{ChartEntry, ChartField, FhirCopy, Finding, Loss, Origin, UnchartedPart};
pub use claim::{Claim, ClaimDiagnosis, ClaimFinding, ClaimLine, ClaimProcedure, Setting};
pub use codes::{CodeDiff, CodeHit, CodeInfo, CodeName, CodeRelation, Note, Retitled, Sex, Verdict};
pub use deid::{
    Deidentified, FolderProgress, FolderReport, ManifestEntry, Recipient, RefusedRecord, Reidentified,
    ReidentifyRequest, Verification,
};
pub use ledger::{AccountingEntry, Checkpoint, Receipt};
pub use narrative::{DeidentifiedText, IdentifierSpan, Known, SitePattern, TextChange, TextRange};
pub use release::{
    Decision, Defect, DocumentCheck, LawDiff, Letter, LetterSection, MissingFact, MissingFacts, Obligation,
    Reason, Released, SegmentDecision, SegmentDiff,
};
pub use risk::{AnonymizedTable, AttackerRisk, ColumnLevel, RiskReport, SensitiveRisk};
pub use suggested::{NoteEvidence, PackRequest, SuggestedCode, UnitConversion};

mirror! {
    /// A half-open range of bytes in a source.
    #[derive(Debug)]
    Span = Span {
        /// Offset of the first byte.
        start: u64,
        /// Offset of the byte after the last.
        end: u64,
    }

    /// How much of an input was read.
    Progress = Progress {
        /// Bytes of the input.
        bytes: u64,
        /// Records that were read.
        records: u64,
        /// Records that could not be read.
        rejected: u64,
    }

    /// Identity, validity and origin of a pack.
    PackInfo = PackInfo {
        /// Stable name, such as `icd10cm-2026`.
        name: String,
        /// What it is knowledge of: a code system, a format, a policy or a law.
        system: String,
        /// The publisher's name for the release.
        release: String,
        /// First day on which it holds (`YYYY-MM-DD`), where it has one.
        effective_from: Option<String>,
        /// Last day on which it holds, where it has one.
        effective_to: Option<String>,
        /// How many rows it has.
        rows: u64,
        /// Licence or legal status of the content.
        licence: String,
        /// Publisher, file, version and fingerprint of the source.
        source: String,
        /// SHA-256 of the pack, in lower-case hexadecimal.
        sha256: String,
    }
}
