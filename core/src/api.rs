//! The public face: the verbs' object and every record that the bindings mirror.
//!
//! A record here is plain data with public fields and `serde::Serialize`; its field names are the same in Rust,
//! Python, Node, Swift and JSON.

#[cfg(feature = "load")]
pub use crate::codes::load::PackRequest;
pub use crate::codes::{Claim, ClaimDiagnosis, ClaimFinding, ClaimLine, ClaimProcedure, Setting};
pub use crate::codes::{
    CodeContext, CodeHit, FindCodesRequest, Judgement, Sex, Status, ValidateCodeRequest,
    ValidateCodesRequest, Verdict, VerdictRecord,
};
pub use crate::codes::{CodeDiff, CodeInfo, CodeName, CodeRelation, Note, NoteKind, Retitled};
pub use crate::codes::{Facets, NoteEvidence, SuggestedCode, SuggestedCodesRequest, UnitConversion};
pub use crate::deid::narrative::{
    DeidentifiedText, IdentifierSpan, Known, SitePattern, TextChange, TextRange,
};
pub use crate::deid::risk::{
    AnonymizeTableRequest, AnonymizedTable, AssessRiskRequest, AttackerRisk, ColumnLevel, ColumnRole,
    Diversity, HierarchySpec, RiskReport, SensitiveRisk,
};
pub use crate::deid::{Deidentified, Manifest, ManifestCount, ManifestEntry, Vault, Verification};
pub use crate::deid::{FolderProgress, FolderReport, RefusedRecord};
pub use crate::engine::{
    Chartkeeper, DeidentifyOptions, DeidentifyTextOptions, Reidentified, ReidentifyRequest, Released,
};
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::formats::Format;
pub use crate::formats::table::{Encoding, TableColumn, TableMap, suggest as suggest_table};
pub use crate::ledger::{
    AccountingEntry, AccountingRequest, AuditRequest, Checkpoint, Hash, Ledger, Receipt, Recipient,
};
pub use crate::packs::PackInfo;
pub use crate::record::{
    ChartEntry, ChartField, FhirCopy, Finding, Layout, Loss, Origin, Progress, ReadRecordsRequest, Record,
    Records, Severity, UnchartedPart, open_records, read_records,
};
pub use crate::release::{
    Authority, Confidence, Confidentiality, Day, Decision, Defect, DocumentCheck, Fee, FeeItem, LawDiff,
    Letter, LetterFacts, LetterKind, LetterSection, MissingFact, MissingFacts, Obligation, Outcome, Reason,
    Request, SegmentDecision, SegmentDiff, SegmentOutcome,
};
pub use crate::text::Span;

/// A record that is given as a JSON document, such as a [`Claim`]: bindings hand their host's plain data over as one.
///
/// # Errors
/// `invalid_request` with the byte where the document goes wrong; its text is not repeated.
pub fn document<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| {
        let lines = error.line().saturating_sub(1);
        let start: usize = json.split_inclusive('\n').take(lines).map(str::len).sum();
        let note = match error.classify() {
            serde_json::error::Category::Data => {
                "a member is missing, is unknown, stands twice, or has a value that it cannot have"
            }
            _ => "not JSON",
        };
        let at = (start + error.column()).min(json.len());
        Error::new(&crate::error::codes::INVALID_REQUEST).note(note).at_offset(at)
    })
}

/// A record as a JSON document, the way [`document`] reads it.
///
/// # Errors
/// `invalid_request` where it cannot be written, which no record of this library does.
pub fn to_json(record: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(record)
        .map_err(|_| Error::new(&crate::error::codes::INVALID_REQUEST).note("the record is no JSON document"))
}

/// A key of 32 bytes, from a language whose byte strings have any length.
///
/// # Errors
/// `invalid_argument` with the argument's name in the place of the path.
pub fn key(name: &'static str, bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| {
        Error::new(&crate::error::codes::INVALID_ARGUMENT).in_path(name).note("32 bytes are needed")
    })
}
