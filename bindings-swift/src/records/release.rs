//! Records about a release of information.

use super::{PackInfo, Receipt};
use crate::mirror::mirror;

mirror! {
    /// The decision on one segment: one entry of the record, with what it contains.
    SegmentDecision = SegmentDecision(..) {
        /// Native path of the entry.
        path: String,
        /// What kind of entry it is.
        kind: String,
        /// `must_release`, `release`, `withhold`, `needs_information` or `not_requested`.
        outcome: String,
        /// The rule that decided.
        rule: String,
        /// Its paragraph.
        citation: String,
        /// `V` primary text read, `S` secondary source, `R` recalled.
        confidence: String,
        /// Classes of sensitive information that it belongs to (HL7 v3-ActCode).
        labels: Vec<String>,
        /// What its source states of confidentiality (HL7 v3-Confidentiality).
        confidentiality: Option<String>,
        /// Whether its formatted text is cut.
        narrative_cut: bool,
    }

    /// A rule that bore on the decision.
    Reason = Reason {
        /// The rule.
        rule: String,
        /// What it says, in words.
        title: String,
        /// What it led to.
        outcome: String,
        /// Its paragraph.
        citation: String,
        /// How sure it is.
        confidence: String,
        /// To how many segments it applied.
        segments: u64,
    }

    /// Something that must be done with a release or a denial.
    Obligation = Obligation {
        /// Stable name.
        code: String,
        /// What must be done, in words.
        text: String,
        /// The paragraph that says so.
        citation: String,
        /// How sure that is.
        confidence: String,
        /// The rule that brought it.
        rule: String,
    }

    /// A fact that is not known, and the value with which it would help.
    MissingFact = MissingFact {
        /// Its name.
        fact: String,
        /// The value that would help.
        value: bool,
        /// What a person has to find out.
        question: String,
    }

    /// One smallest set of missing facts.
    MissingFacts = MissingFacts {
        /// The facts.
        facts: Vec<MissingFact>,
        /// How many segments the set would settle.
        segments: u64,
    }

    /// What a presented document lacks.
    Defect = Defect {
        /// The checklist.
        document: String,
        /// The fact that is not as it must be.
        fact: String,
        /// The paragraph that asks for it.
        citation: String,
        /// How sure that is.
        confidence: String,
    }

    /// The decision on a request.
    Decision = Decision {
        /// `must_release`, `release`, `release_partial`, `withhold` or `needs_information`.
        outcome: String,
        /// Every segment of the record, in the order of the source.
        segments: Vec<SegmentDecision>,
        /// The rules that bore on it.
        reasons: Vec<Reason>,
        /// What must be done with the release or the denial.
        obligations: Vec<Obligation>,
        /// The smallest sets of facts that would release what waits for facts.
        missing_facts: Vec<MissingFacts>,
        /// What is wrong with the documents that were presented.
        defects: Vec<Defect>,
        /// Every paragraph that was relied on.
        citations: Vec<String>,
        /// The least sure of the rules relied on.
        confidence: String,
        /// Whether the release belongs in the accounting of disclosures.
        accounting_required: bool,
        /// The day by which the request must be acted on.
        due: Option<String>,
        /// That day where the law's extension is taken.
        extended_due: Option<String>,
        /// The reasons in sentences.
        why: Vec<String>,
        /// What papers, grounds or findings would release what does not go, in sentences; each is one way.
        what_would_permit: Vec<String>,
        /// The packs that decided.
        law_packs: Vec<PackInfo>,
    }

    /// The answer to a request: the copy, the decision, and the proof that it was recorded.
    Released = Released {
        /// The copy; nil where nothing is released.
        output: Option<Vec<u8>>,
        /// What was decided, segment by segment.
        decision: Decision,
        /// The ledger's receipt for the entry that was written before the copy was handed out.
        receipt: Option<Receipt>,
    }
}

mirror! {
    /// What a document comes to.
    DocumentCheck = DocumentCheck {
        /// `valid`, `invalid`, or `unknown` while an element is not known.
        status: String,
        /// The elements that are certainly not as they must be.
        defects: Vec<Defect>,
        /// The elements of which it is not known how they are.
        unsettled: Vec<Defect>,
    }

    /// One request that the two laws answer differently.
    LawDiff = LawDiff {
        /// Which of the cases, counted from 0.
        case: u64,
        /// What becomes of it under the first law.
        before: String,
        /// What becomes of it under the second.
        after: String,
        /// The segments that come out differently, or by another rule.
        segments: Vec<SegmentDiff>,
        /// Obligations that only the second law brings, by their stable names.
        obligations_added: Vec<String>,
        /// Obligations that only the first law brings.
        obligations_removed: Vec<String>,
    }

    /// One segment that the two laws treat differently.
    SegmentDiff = SegmentDiff {
        /// Native path of the entry.
        path: String,
        /// What becomes of it under the first law.
        before: String,
        /// By which rule.
        rule_before: String,
        /// What becomes of it under the second.
        after: String,
        /// By which rule.
        rule_after: String,
    }

    /// A letter.
    Letter = Letter {
        /// Which one.
        kind: String,
        /// Its title.
        title: String,
        /// Its parts, in order.
        sections: Vec<LetterSection>,
        /// The whole as plain text.
        text: String,
        /// What has to be filled in before it can go, by the names of `LetterFacts`.
        missing: Vec<String>,
    }

    /// One part of a letter.
    LetterSection = LetterSection {
        /// What it is about; empty for the opening and the close.
        heading: String,
        /// Its paragraphs or items.
        lines: Vec<String>,
    }
}
