//! Requests, decisions and released copies.

use chartkeeper::api;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;
use pyo3::types::PyBytes;

use crate::document::shape;
use crate::ledger::Receipt;
use crate::mirror::{Items, Mirror, mirror};
use crate::packs::PackInfo;

shape!(Request: type_hint_identifier!("chartkeeper.documents", "Request"));

mirror! {
    /// The decision on one segment: one entry of the record, with what it contains.
    SegmentDecision partly shows (outcome, rule, path) {
        /// Native path of the entry.
        path: String,
        /// What kind of entry it is.
        kind: &'static str,
        /// `must_release`, `release`, `withhold`, `needs_information` or `not_requested`.
        outcome: &'static str,
        /// The rule that decided.
        rule: String,
        /// Its paragraph.
        citation: String,
        /// How sure the rule is: `V` primary text read, `S` secondary source, `R` recalled.
        confidence: &'static str,
        /// Classes of sensitive information that it was found to belong to (HL7 v3-ActCode).
        labels: Items<String>,
        /// The level of confidentiality that its source states (HL7 v3-Confidentiality).
        confidentiality: Option<&'static str>,
        /// Whether its formatted text is cut because it mentions what must not go.
        narrative_cut: bool,
    }
}

mirror! {
    /// A rule that bore on the decision, and on how many segments.
    Reason shows (rule, outcome, segments) {
        /// The rule.
        rule: String,
        /// What it says, in words.
        title: String,
        /// What it led to.
        outcome: &'static str,
        /// Its paragraph.
        citation: String,
        /// How sure it is: `V` primary text read, `S` secondary source, `R` recalled.
        confidence: &'static str,
        /// To how many segments it applied. A segment can have several reasons.
        segments: usize,
    }
}

mirror! {
    /// A fact that is not known, and the value with which it would help.
    MissingFact shows (fact, value) {
        /// Its name in the catalogue of facts.
        fact: &'static str,
        /// The value that would help.
        value: bool,
        /// What a person has to find out.
        question: &'static str,
    }
}

mirror! {
    /// One smallest set of missing facts: were they as stated, the segments would be released.
    MissingFacts shows (segments) {
        /// The facts, in the order of the catalogue.
        facts: Items<MissingFact>,
        /// How many segments the set would settle.
        segments: usize,
    }
}

mirror! {
    /// What must be done with the release or the denial.
    Obligation shows (code, rule) {
        /// Stable name.
        code: String,
        /// What must be done, in words.
        text: String,
        /// The paragraph that says so.
        citation: String,
        /// How sure that is: `V` primary text read, `S` secondary source, `R` recalled.
        confidence: &'static str,
        /// The rule that brought it.
        rule: String,
    }
}

mirror! {
    /// An element that a presented document lacks, or a defect that it has.
    Defect shows (document, fact) {
        /// The checklist: `authorization`, `consent`.
        document: String,
        /// The fact that is not as it must be.
        fact: &'static str,
        /// The paragraph that asks for it.
        citation: String,
        /// How sure that is: `V` primary text read, `S` secondary source, `R` recalled.
        confidence: &'static str,
    }
}

mirror! {
    /// The decision on a request: what must, may and must not go, segment by segment, and why.
    Decision shows (outcome, confidence) {
        /// `must_release`, `release`, `release_partial`, `withhold` or `needs_information`.
        outcome: &'static str,
        /// Every segment of the record, in the order of the source.
        segments: Items<SegmentDecision>,
        /// The rules that bore on it.
        reasons: Items<Reason>,
        /// What must be done with the release or the denial.
        obligations: Items<Obligation>,
        /// The smallest sets of facts that would release what waits for facts, the smallest first.
        missing_facts: Items<MissingFacts>,
        /// What is wrong with the documents that were presented.
        defects: Items<Defect>,
        /// Every paragraph that was relied on.
        citations: Items<String>,
        /// The least sure of the rules relied on.
        confidence: &'static str,
        /// Whether the release belongs in the accounting of disclosures (45 CFR 164.528).
        accounting_required: bool,
        /// The day by which the request must be acted on (`YYYY-MM-DD`), where the law sets one.
        due: Option<String>,
        /// That day where the law's extension is taken.
        extended_due: Option<String>,
        /// The reasons in sentences.
        why: Items<String>,
        /// What papers, grounds or findings would release what does not go, in sentences; each is one way.
        what_would_permit: Items<String>,
        /// The packs that decided.
        law_packs: Items<PackInfo>,
    }
}

/// The answer to a request: the decision, and where it releases anything the copy and the proof that it was recorded.
#[pyclass(frozen, get_all, module = "chartkeeper")]
pub(crate) struct Released {
    /// The copy; `None` where the decision withholds everything or needs information.
    output: Option<Py<PyBytes>>,
    /// What was decided, segment by segment.
    decision: Py<Decision>,
    /// The ledger's receipt for the entry that was written before the copy was handed out; `None` without a copy.
    receipt: Option<Py<Receipt>>,
}

impl Released {
    pub(crate) fn new(py: Python<'_>, released: api::Released) -> PyResult<Self> {
        let api::Released { output, decision, receipt } = released;
        Ok(Self {
            output: output.map(|output| PyBytes::new(py, &output).unbind()),
            decision: Py::new(py, Mirror::<Decision>::mirror(decision))?,
            receipt: receipt.map(|receipt| Py::new(py, Mirror::<Receipt>::mirror(receipt))).transpose()?,
        })
    }
}

#[pymethods]
impl Released {
    fn __repr__(&self, py: Python<'_>) -> String {
        let bytes = self.output.as_ref().map_or(0, |output| output.as_bytes(py).len());
        format!("Released(outcome={:?}, bytes={bytes})", self.decision.get().outcome)
    }
}

shape!(Authority: type_hint_identifier!("chartkeeper.documents", "Authority"));
shape!(LetterFacts: type_hint_identifier!("chartkeeper.documents", "LetterFacts"));

mirror! {
    /// What a document comes to.
    DocumentCheck shows (status) {
        /// `valid`, `invalid`, or `unknown` while an element is not known.
        status: &'static str,
        /// The elements that are certainly not as they must be.
        defects: Items<Defect>,
        /// The elements of which it is not known how they are.
        unsettled: Items<Defect>,
    }
}

mirror! {
    /// One request that the two laws answer differently.
    LawDiff shows (case, before, after) {
        /// Which of the cases, counted from 0.
        case: usize,
        /// What becomes of it under the first law.
        before: &'static str,
        /// What becomes of it under the second.
        after: &'static str,
        /// The segments that come out differently, or by another rule.
        segments: Items<SegmentDiff>,
        /// Obligations that only the second law brings, by their stable names.
        obligations_added: Items<String>,
        /// Obligations that only the first law brings.
        obligations_removed: Items<String>,
    }
}

mirror! {
    /// One segment that the two laws treat differently.
    SegmentDiff shows (path, before, after) {
        /// Native path of the entry.
        path: String,
        /// What becomes of it under the first law.
        before: &'static str,
        /// By which rule.
        rule_before: String,
        /// What becomes of it under the second.
        after: &'static str,
        /// By which rule.
        rule_after: String,
    }
}

mirror! {
    /// A letter.
    Letter shows (kind, title) {
        /// Which one.
        kind: &'static str,
        /// Its title.
        title: String,
        /// Its parts, in order.
        sections: Items<LetterSection>,
        /// The whole as plain text.
        text: String,
        /// What has to be filled in before it can go, by the names of `LetterFacts`.
        missing: Items<String>,
    }
}

mirror! {
    /// One part of a letter.
    LetterSection shows (heading) {
        /// What it is about; empty for the opening and the close.
        heading: String,
        /// Its paragraphs or items.
        lines: Items<String>,
    }
}
