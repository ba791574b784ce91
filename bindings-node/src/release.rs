//! Requests, decisions and released copies.

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, ClassInstance};
use napi_derive::napi;

use crate::ledger::Receipt;
use crate::mirror::{Mirror, mirror};
use crate::packs::PackInfo;
use crate::record::Record;

/// The decision on one segment: one entry of the record, with what it contains.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct SegmentDecision {
    /// Native path of the entry.
    pub path: String,
    /// What kind of entry it is.
    pub kind: &'static str,
    /// What becomes of it.
    #[napi(ts_type = "'must_release' | 'release' | 'withhold' | 'needs_information' | 'not_requested'")]
    pub outcome: &'static str,
    /// The rule that decided.
    pub rule: String,
    /// Its paragraph.
    pub citation: String,
    /// How sure the rule is: `V` primary text read, `S` secondary source, `R` recalled.
    #[napi(ts_type = "'V' | 'S' | 'R'")]
    pub confidence: &'static str,
    /// Classes of sensitive information that it was found to belong to (HL7 v3-ActCode).
    pub labels: Vec<String>,
    /// The level of confidentiality that its source states (HL7 v3-Confidentiality).
    pub confidentiality: Option<&'static str>,
    /// Whether its formatted text is cut because it mentions what must not go.
    pub narrative_cut: bool,
}

impl Mirror<SegmentDecision> for api::SegmentDecision {
    fn mirror(self) -> SegmentDecision {
        SegmentDecision {
            path: self.path,
            kind: self.kind,
            outcome: self.outcome.as_str(),
            rule: self.rule,
            citation: self.citation,
            confidence: self.confidence.as_str(),
            labels: self.labels,
            confidentiality: self.confidentiality.map(api::Confidentiality::as_str),
            narrative_cut: self.narrative_cut,
        }
    }
}

/// A rule that bore on the decision, and on how many segments.
#[napi(object, object_from_js = false)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// What it says, in words.
    pub title: String,
    /// What it led to.
    #[napi(ts_type = "SegmentDecision['outcome']")]
    pub outcome: &'static str,
    /// Its paragraph.
    pub citation: String,
    /// How sure it is.
    #[napi(ts_type = "'V' | 'S' | 'R'")]
    pub confidence: &'static str,
    /// To how many segments it applied. A segment can have several reasons.
    pub segments: i64,
}

/// A fact that is not known, and the value with which it would help.
#[napi(object, object_from_js = false)]
pub struct MissingFact {
    /// Its name in the catalogue of facts.
    pub fact: &'static str,
    /// The value that would help.
    pub value: bool,
    /// What a person has to find out.
    pub question: &'static str,
}

/// One smallest set of missing facts: were they as stated, the segments would be released.
#[napi(object, object_from_js = false)]
pub struct MissingFacts {
    /// The facts, in the order of the catalogue.
    pub facts: Vec<MissingFact>,
    /// How many segments the set would settle.
    pub segments: i64,
}

/// What must be done with the release or the denial.
#[napi(object, object_from_js = false)]
pub struct Obligation {
    /// Stable name.
    pub code: String,
    /// What must be done, in words.
    pub text: String,
    /// The paragraph that says so.
    pub citation: String,
    /// How sure that is.
    #[napi(ts_type = "'V' | 'S' | 'R'")]
    pub confidence: &'static str,
    /// The rule that brought it.
    pub rule: String,
}

/// An element that a presented document lacks, or a defect that it has.
#[napi(object, object_from_js = false)]
pub struct Defect {
    /// The checklist: `authorization`, `consent`.
    pub document: String,
    /// The fact that is not as it must be.
    pub fact: &'static str,
    /// The paragraph that asks for it.
    pub citation: String,
    /// How sure that is.
    #[napi(ts_type = "'V' | 'S' | 'R'")]
    pub confidence: &'static str,
}

/// The decision on a request: what must, may and must not go, segment by segment, and why.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Decision {
    /// What becomes of the request as a whole.
    #[napi(ts_type = "'must_release' | 'release' | 'release_partial' | 'withhold' | 'needs_information'")]
    pub outcome: &'static str,
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
    /// The least sure of the rules relied on.
    #[napi(ts_type = "'V' | 'S' | 'R'")]
    pub confidence: &'static str,
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

mirror!(Reason { rule, title, outcome, citation, confidence, segments });
mirror!(MissingFact { fact, value, question });
mirror!(MissingFacts { facts, segments });
mirror!(Obligation { code, text, citation, confidence, rule });
mirror!(Defect { document, fact, citation, confidence });
mirror!(Decision {
    outcome,
    segments,
    reasons,
    obligations,
    missing_facts,
    defects,
    citations,
    confidence,
    accounting_required,
    due,
    extended_due,
    why,
    what_would_permit,
    law_packs,
});

/// The answer to a request: the decision, and where it releases anything the copy and the proof that it was recorded.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Released {
    /// The copy; `null` where the decision withholds everything or needs information.
    pub output: Option<Buffer>,
    /// What was decided, segment by segment.
    pub decision: Decision,
    /// The ledger's receipt for the entry that was written before the copy was handed out; `null` without a copy.
    pub receipt: Option<Receipt>,
}

impl Mirror<Released> for api::Released {
    fn mirror(self) -> Released {
        let Self { output, decision, receipt } = self;
        Released { output: output.map(Into::into), decision: decision.mirror(), receipt: receipt.mirror() }
    }
}

/// What a document comes to.
#[napi(object, object_from_js = false)]
pub struct DocumentCheck {
    /// `valid`, `invalid`, or `unknown` while an element is not known.
    pub status: &'static str,
    /// The elements that are certainly not as they must be.
    pub defects: Vec<Defect>,
    /// The elements of which it is not known how they are.
    pub unsettled: Vec<Defect>,
}

mirror!(DocumentCheck { status, defects, unsettled });

/// One request that the two laws answer differently.
#[napi(object, object_from_js = false)]
pub struct LawDiff {
    /// Which of the cases, counted from 0.
    pub case: i64,
    /// What becomes of it under the first law.
    pub before: &'static str,
    /// What becomes of it under the second.
    pub after: &'static str,
    /// The segments that come out differently, or by another rule.
    pub segments: Vec<SegmentDiff>,
    /// Obligations that only the second law brings, by their stable names.
    pub obligations_added: Vec<String>,
    /// Obligations that only the first law brings.
    pub obligations_removed: Vec<String>,
}

mirror!(LawDiff { case, before, after, segments, obligations_added, obligations_removed });

/// One segment that the two laws treat differently.
#[napi(object, object_from_js = false)]
pub struct SegmentDiff {
    /// Native path of the entry.
    pub path: String,
    /// What becomes of it under the first law.
    pub before: &'static str,
    /// By which rule.
    pub rule_before: String,
    /// What becomes of it under the second.
    pub after: &'static str,
    /// By which rule.
    pub rule_after: String,
}

mirror!(SegmentDiff { path, before, rule_before, after, rule_after });

/// A letter.
#[napi(object, object_from_js = false)]
pub struct Letter {
    /// Which one.
    pub kind: &'static str,
    /// Its title.
    pub title: String,
    /// Its parts, in order.
    pub sections: Vec<LetterSection>,
    /// The whole as plain text.
    pub text: String,
    /// What has to be filled in before it can go, by the names of `LetterFacts`.
    pub missing: Vec<String>,
}

mirror!(Letter { kind, title, sections, text, missing });

/// One part of a letter.
#[napi(object, object_from_js = false)]
pub struct LetterSection {
    /// What it is about; empty for the opening and the close.
    pub heading: String,
    /// Its paragraphs or items.
    pub lines: Vec<String>,
}

mirror!(LetterSection { heading, lines });

/// A request for a record, as a case of a comparison.
#[napi(object, object_to_js = false)]
pub struct LawCase<'r> {
    /// The request.
    #[napi(ts_type = "Request")]
    pub request: serde_json::Value,
    /// The record.
    pub record: ClassInstance<'r, Record>,
}
