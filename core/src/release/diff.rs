//! What a change of the law changes: the same requests decided under two laws.

use serde::Serialize;

use super::decide::decide;
use super::decision::{Outcome, SegmentOutcome};
use super::law::Law;
use super::request::Request;
use crate::error::Result;
use crate::record::Record;

/// One request that the two laws answer differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LawDiff {
    /// Which of the cases, counted from 0.
    pub case: usize,
    /// What becomes of it under the first law.
    pub before: Outcome,
    /// What becomes of it under the second.
    pub after: Outcome,
    /// The segments that come out differently, or by another rule.
    pub segments: Vec<SegmentDiff>,
    /// Obligations that only the second law brings, by their stable names.
    pub obligations_added: Vec<String>,
    /// Obligations that only the first law brings.
    pub obligations_removed: Vec<String>,
}

/// One segment that the two laws treat differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentDiff {
    /// Native path of the entry.
    pub path: String,
    /// What becomes of it under the first law.
    pub before: SegmentOutcome,
    /// By which rule.
    pub rule_before: String,
    /// What becomes of it under the second.
    pub after: SegmentOutcome,
    /// By which rule.
    pub rule_after: String,
}

/// The cases whose decision is another under `after` than under `before`.
///
/// # Errors
/// Those of [`decide`](super::decide).
pub fn diff_laws<'c>(
    before: &Law,
    after: &Law,
    cases: impl IntoIterator<Item = (&'c Request, &'c Record)>,
) -> Result<Vec<LawDiff>> {
    let mut out = Vec::new();
    for (case, (request, record)) in cases.into_iter().enumerate() {
        let one = decide(request, record, before)?;
        let other = decide(request, record, after)?;
        let segments: Vec<SegmentDiff> = one
            .segments
            .iter()
            .zip(&other.segments)
            .filter(|(one, other)| one.outcome != other.outcome || one.rule != other.rule)
            .map(|(one, other)| SegmentDiff {
                path: one.path.clone(),
                before: one.outcome,
                rule_before: one.rule.clone(),
                after: other.outcome,
                rule_after: other.rule.clone(),
            })
            .collect();
        let codes = |of: &super::Decision, but: &super::Decision| -> Vec<String> {
            let known = |code: &str| but.obligations.iter().any(|obligation| obligation.code == code);
            let mut codes: Vec<String> =
                of.obligations.iter().map(|obligation| obligation.code.clone()).collect();
            codes.retain(|code| !known(code));
            codes.dedup();
            codes
        };
        let (added, removed) = (codes(&other, &one), codes(&one, &other));
        if one.outcome != other.outcome || !segments.is_empty() || !added.is_empty() || !removed.is_empty() {
            out.push(LawDiff {
                case,
                before: one.outcome,
                after: other.outcome,
                segments,
                obligations_added: added,
                obligations_removed: removed,
            });
        }
    }
    Ok(out)
}
