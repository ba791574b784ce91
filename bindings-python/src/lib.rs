//! Python bindings of Chartkeeper: the verbs and records of `chartkeeper::api` as native classes, with no logic
//! of their own.

mod arrow;
mod chart;
mod claim;
mod codes;
mod deid;
mod document;
mod error;
mod keeper;
mod ledger;
mod mirror;
mod narrative;
mod packs;
mod quality;
mod record;
mod records;
mod release;
mod risk;
mod suggested;

use pyo3::prelude::*;

/// The compiled part of the package `chartkeeper`, which re-exports what is public.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use super::chart::{ChartEntry, ChartField, FhirCopy, Loss, Origin, UnchartedPart};
    #[pymodule_export]
    use super::claim::ClaimFinding;
    #[pymodule_export]
    use super::codes::{
        CodeDiff, CodeHit, CodeInfo, CodeName, CodeRelation, Note, Retitled, Verdict, VerdictIterator,
        Verdicts,
    };
    #[pymodule_export]
    use super::deid::{
        Deidentified, FolderProgress, FolderReport, ManifestEntry, RefusedRecord, Reidentified, Vault,
        Verification,
    };
    #[pymodule_export]
    use super::keeper::Chartkeeper;
    #[pymodule_export]
    use super::ledger::{AccountingEntry, Checkpoint, Ledger, Receipt};
    #[pymodule_export]
    use super::narrative::{
        DeidentifiedText, DeidentifiedTexts, FoundIdentifiers, IdentifierSpan, TextChange, TextRange,
    };
    #[pymodule_export]
    use super::packs::PackInfo;
    #[pymodule_export]
    use super::quality::Finding;
    #[pymodule_export]
    use super::record::Record;
    #[pymodule_export]
    use super::records::{Progress, Records, read_records};
    #[pymodule_export]
    use super::release::{
        Decision, Defect, DocumentCheck, LawDiff, Letter, LetterSection, MissingFact, MissingFacts,
        Obligation, Reason, Released, SegmentDecision, SegmentDiff,
    };
    #[pymodule_export]
    use super::risk::{AnonymizedTable, AttackerRisk, ColumnLevel, RiskReport, SensitiveRisk};
    #[pymodule_export]
    use super::suggested::{NoteEvidence, SuggestedCode, UnitConversion};
}
