//! The decision: what must, may and must not go, segment by segment, with its rules, papers and missing facts.

use serde::Serialize;

use super::law::{Confidence, Obligation};
use super::sensitivity::Confidentiality;
use crate::formats::tree::NodeId;
use crate::packs::PackInfo;

/// What becomes of the request as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// All that was asked for must be released.
    MustRelease,
    /// All that was asked for may be released.
    Release,
    /// A part is released; the rest is withheld or waits for facts.
    ReleasePartial,
    /// Nothing is released.
    Withhold,
    /// Nothing is released yet: facts are missing that could change that.
    NeedsInformation,
}

impl Outcome {
    /// The stable name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MustRelease => "must_release",
            Self::Release => "release",
            Self::ReleasePartial => "release_partial",
            Self::Withhold => "withhold",
            Self::NeedsInformation => "needs_information",
        }
    }
}

/// What becomes of one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SegmentOutcome {
    /// The law requires its release.
    MustRelease,
    /// The law permits its release.
    Release,
    /// It is withheld.
    Withhold,
    /// It is withheld until facts are known or a person has decided.
    NeedsInformation,
    /// It was not asked for, and does not go.
    NotRequested,
}

impl SegmentOutcome {
    /// The stable name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MustRelease => "must_release",
            Self::Release => "release",
            Self::Withhold => "withhold",
            Self::NeedsInformation => "needs_information",
            Self::NotRequested => "not_requested",
        }
    }

    /// Whether the segment goes into the copy.
    #[must_use]
    pub const fn is_released(self) -> bool {
        matches!(self, Self::MustRelease | Self::Release)
    }
}

/// The decision on one segment: one entry of the record, with what it contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentDecision {
    /// Native path of the entry.
    pub path: String,
    /// What kind of entry it is.
    pub kind: &'static str,
    /// What becomes of it.
    pub outcome: SegmentOutcome,
    /// The rule that decided.
    pub rule: String,
    /// Its paragraph.
    pub citation: String,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Classes of sensitive information that it was found to belong to (HL7 v3-ActCode).
    pub labels: Vec<String>,
    /// The level of confidentiality that its source states (HL7 v3-Confidentiality).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<Confidentiality>,
    /// Whether its formatted text is cut because it mentions what must not go.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub narrative_cut: bool,
    #[serde(skip)]
    pub(in crate::release) node: NodeId,
    /// Whether a designation of what it says withholds it.
    #[serde(skip)]
    pub(in crate::release) designated: bool,
}

/// A rule that bore on the decision, and on how many segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// What it says, in words.
    pub title: String,
    /// What it led to.
    pub outcome: SegmentOutcome,
    /// Its paragraph.
    pub citation: String,
    /// How sure it is: `V` primary text read, `S` secondary source, `R` recalled.
    pub confidence: Confidence,
    /// To how many segments it applied. A segment can have several reasons.
    pub segments: usize,
}

/// A fact that is not known, and the value with which it would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingFact {
    /// Its name in the catalogue of facts.
    pub fact: &'static str,
    /// The value that would help.
    pub value: bool,
    /// What a person has to find out.
    pub question: &'static str,
}

/// One smallest set of missing facts: were they as stated, the segments would be released. With any of them left
/// out, they would not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingFacts {
    /// The facts, in the order of the catalogue.
    pub facts: Vec<MissingFact>,
    /// How many segments the set would settle.
    pub segments: usize,
}

/// An element that a presented document lacks, or a defect that it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// The checklist: `authorization`, `consent`.
    pub document: String,
    /// The fact that is not as it must be.
    pub fact: &'static str,
    /// The paragraph that asks for it.
    pub citation: String,
    /// How sure that is.
    pub confidence: Confidence,
}

/// The decision on a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What becomes of the request as a whole.
    pub outcome: Outcome,
    /// Every segment of the record, in the order of the source.
    pub segments: Vec<SegmentDecision>,
    /// The rules that bore on it.
    pub reasons: Vec<Reason>,
    /// What must be done with the release or the denial.
    pub obligations: Vec<Obligation>,
    /// The smallest sets of facts that would release what waits for facts, the smallest first.
    pub missing_facts: Vec<MissingFacts>,
    /// What is wrong with the documents that were presented.
    pub defects: Vec<Defect>,
    /// Every paragraph that was relied on.
    pub citations: Vec<String>,
    /// The least sure of the rules relied on. A decision that is not `V` rests on text that nobody here has read.
    pub confidence: Confidence,
    /// Whether the release belongs in the accounting of disclosures (45 CFR 164.528).
    pub accounting_required: bool,
    /// The day by which the request must be acted on (`YYYY-MM-DD`), where the law sets one.
    pub due: Option<String>,
    /// That day where the law's extension is taken.
    pub extended_due: Option<String>,
    /// The reasons in sentences.
    pub why: Vec<String>,
    /// What papers, grounds or findings would release what does not go, in sentences; each is one way.
    pub what_would_permit: Vec<String>,
    /// The packs that decided.
    pub law_packs: Vec<PackInfo>,
}

impl Decision {
    /// How many segments go into the copy.
    #[must_use]
    pub fn released(&self) -> usize {
        self.segments.iter().filter(|segment| segment.outcome.is_released()).count()
    }
}
