//! Release of information: what of a record must, may and must not go, to whom, on which papers; and the copy.
//!
//! [`decide`] takes a [`Request`], a record and the [`Law`], and gives a [`Decision`] for every segment of the record.
//! [`redact`] cuts the copy accordingly. Neither writes a ledger: the engine does, before it hands out the copy.
//!
//! # Facts
//! A request is a set of facts in the words of the regulations, and every fact is true, false or unknown. What is
//! left out is unknown, and unknown never releases: a decision that a missing fact could change withholds and says
//! which facts it needs ([`Decision::missing_facts`]).
//!
//! # Law
//! Rules are data, in law packs with effective dates, sources, and a mark of how sure they are ([`Confidence`]). A
//! rule requires, permits, prohibits, defers to a person, limits to what was asked for, or brings obligations. The
//! law of the day of the request applies, so that a decision of a past date can be taken again.
//!
//! # The lattice
//! A segment is released only if
//! 1. nothing absolute stands against it: requester verified, one patient, the right patient;
//! 2. it was asked for;
//! 3. and either a rule requires its release (to the individual, to the Secretary), or some rule permits it, no rule
//!    prohibits it (substance use records, psychotherapy notes, minimum necessary), and no person has to decide first.
//!
//! Each step is evaluated in three values, only a certain yes counts, and the order of rules does not matter.
//!
//! # Segments
//! A segment is one entry of the record with what it contains. Its classes come from the security labels of its
//! source, from value sets over its codes, and from its words: a free text, a name of a drug, an attached file that
//! is plain text. A class that only the formatted text (the narrative) mentions does not withhold the entry; the
//! narrative is cut. A file that is no plain text (a PDF, an image, RTF) cannot be read here: unless its source
//! states that it is of no more than normal confidentiality, it is unknown whether it tells of substance use.

mod authorization;
mod check;
mod consent;
mod decide;
mod decision;
mod derive;
mod designations;
mod diff;
mod documents;
mod expiry;
mod fact;
mod facts;
mod findings;
mod lattice;
mod law;
mod letter;
mod patient;
#[cfg(test)]
mod properties;
mod redact;
mod request;
mod scope;
mod segment;
mod sensitivity;
mod tri;
mod words;

pub use authorization::{Authorization, Part2Consent};
pub use check::{DocumentCheck, check_authorization};
pub use decide::decide;
pub use decision::{
    Decision, Defect, MissingFact, MissingFacts, Outcome, Reason, SegmentDecision, SegmentOutcome,
};
pub use diff::{LawDiff, SegmentDiff, diff_laws};
pub use documents::{
    AdministrativeRequest, Attestation, CourtOrder, DataUseAgreement, GdprConsent, Subpoena, Waiver, Warrant,
};
pub use fact::Fact;
pub use findings::{Designation, DesignationKind, FinderRole, Findings, SignedFinding};
pub use law::{Confidence, Law, Obligation};
pub use letter::{Fee, FeeItem, Letter, LetterFacts, LetterKind, LetterSection, letter};
pub use redact::redact;
pub use request::{
    Asks, Authority, CopyForm, Day, Holder, PatientIdentifier, PatientSought, Purpose, Relationship, Request,
    Requester, Role, Scope,
};
pub use sensitivity::Confidentiality;
