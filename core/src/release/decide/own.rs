//! What is known of one segment: the facts that differ from segment to segment, and the scopes that some follow from.

use super::super::derive::{Documents, Presented};
use super::super::designations;
use super::super::fact::Fact;
use super::super::facts::Content;
use super::super::law::Law;
use super::super::request::{Request, Scope};
use super::super::scope::{Subject, Within};
use super::super::sensitivity::Sensitivity;
use super::super::tri::Tri;
use crate::error::Result;

/// What the request asks for, what its documents speak of, and what the holder has designated.
pub(super) struct Scopes {
    /// What is asked for or permitted, by the fact that says so.
    positive: Vec<(Fact, Within)>,
    /// What is under a designation.
    designated: Vec<(Fact, Within)>,
    pub(super) needs_dates: bool,
    pub(super) needs_names: bool,
}

impl Scopes {
    pub(super) fn of(request: &Request, documents: &Documents<'_>, law: &Law) -> Result<Self> {
        let sensitivity = &law.sensitivity;
        fn terms<T>(
            document: &Presented<T>,
            terms: impl Fn(&T) -> Option<&Scope>,
            place: &str,
            sensitivity: &Sensitivity,
        ) -> Result<Within> {
            match document {
                Presented::Yes(document) => Within::of(terms(document), place, sensitivity),
                Presented::No => Ok(Within::Nothing),
                Presented::Unknown => Ok(Within::Unstated),
            }
        }
        let place = |kind: &str| format!("authority.{kind}.terms");
        let positive = vec![
            (Fact::AskedFor, Within::of(request.scope.as_ref(), "scope", sensitivity)?),
            (
                Fact::WithinAuthorization,
                terms(
                    &documents.authorization,
                    |it| it.terms.as_ref(),
                    &place("authorization"),
                    sensitivity,
                )?,
            ),
            (
                Fact::WithinConsent,
                terms(&documents.consent, |it| it.terms.as_ref(), &place("part2_consent"), sensitivity)?,
            ),
            (
                Fact::WithinOrder,
                terms(&documents.court_order, |it| it.terms.as_ref(), &place("court_order"), sensitivity)?,
            ),
            (
                Fact::SegmentWithinWarrant,
                terms(&documents.warrant, |it| it.terms.as_ref(), &place("warrant"), sensitivity)?,
            ),
        ];
        let designated = designations::read(request, sensitivity)?;
        let all = || positive.iter().chain(&designated);
        let needs_dates = all().any(|(_, within)| within.needs_dates());
        let needs_names = all().any(|(_, within)| within.needs_names());
        Ok(Self { positive, designated, needs_dates, needs_names })
    }

    /// Whether the holder has designated anything.
    pub(super) fn designate(&self) -> bool {
        !self.designated.is_empty()
    }

    pub(super) fn tell(&self, entry: &Subject<'_>, own: &mut Own) {
        for (fact, within) in &self.positive {
            own.set(*fact, within.holds(entry));
        }
        for (fact, within) in &self.designated {
            own.set(*fact, own.get(*fact).or(within.covers(entry)));
        }
    }
}

/// The facts of one segment. Segments that are alike in them are judged once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::release) struct Own {
    /// The facts that are true, a bit each.
    yes: u64,
    /// Those of which it is not known.
    open: u64,
    /// What facility rules may ask besides, as far as any does.
    pub(super) content: Option<Content>,
}

impl Own {
    pub(super) const fn none() -> Self {
        Self { yes: 0, open: 0, content: None }
    }

    pub(in crate::release) fn set(&mut self, fact: Fact, value: Tri) {
        let bit = fact.segment_bit();
        self.yes = if value == Tri::True { self.yes | bit } else { self.yes & !bit };
        self.open = if value == Tri::Unknown { self.open | bit } else { self.open & !bit };
    }

    pub(in crate::release) fn get(self, fact: Fact) -> Tri {
        let bit = fact.segment_bit();
        match (self.yes & bit != 0, self.open & bit != 0) {
            (true, _) => Tri::True,
            (false, true) => Tri::Unknown,
            (false, false) => Tri::False,
        }
    }

    /// Whether any of these facts certainly holds.
    pub(super) const fn holds_any(self, facts: u64) -> bool {
        self.yes & facts != 0
    }

    /// Without the facts that are not among these.
    pub(super) const fn among(self, facts: u64) -> Self {
        Self { yes: self.yes & facts, open: self.open & facts, content: self.content }
    }

    /// Takes over what lies within a scope, of a segment that cannot stand without this one.
    pub(super) fn come_along(&mut self, inner: Self) {
        for fact in COMING_ALONG {
            self.set(fact, self.get(fact).or(inner.get(fact)));
        }
    }
}

/// What brings the segment along without which another cannot stand: an order with its result, a section with its
/// entry. What stands against a segment does not.
const COMING_ALONG: [Fact; 6] = [
    Fact::AskedFor,
    Fact::WithinAuthorization,
    Fact::WithinConsent,
    Fact::WithinOrder,
    Fact::SegmentWithinWarrant,
    Fact::SegmentPermittedByConsent,
];
