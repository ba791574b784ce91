//! Deciding: the facts of the request once, the labels of each segment, and the lattice over both.

mod desk;
mod own;
mod same;

use std::collections::HashSet;

use super::consent::Consents;
use super::decision::{Decision, SegmentDecision};
use super::derive::{self, Documents};
use super::fact::Fact;
use super::lattice::InForce;
use super::law::{Confidence, Law, Rule};
use super::patient::Patient;
use super::request::Request;
use super::scope::{Subject, When};
use super::segment::{self, Part, Segment};
use super::sensitivity::{Classes, Sensitivity};
use super::tri::Tri;
use crate::error::Result;
use crate::record::Record;
pub(super) use desk::defects;
use desk::{Desk, Judged, NO_RULE};
pub(super) use own::Own;
use own::Scopes;
pub(super) use same::is_lasting;

/// Decides what of a record must, may and must not be released for a request, under a law.
///
/// The default is to withhold. See [the module](self) for the order in which rules stand above each other.
///
/// # Errors
/// `invalid_request` where the request contradicts itself: two documents of one kind, a period that ends before it
/// begins, a kind of entry that does not exist, a claim or finding of no known name. Nothing is released then.
pub fn decide(request: &Request, record: &Record, law: &Law) -> Result<Decision> {
    let documents = Documents::of(request)?;
    let scopes = Scopes::of(request, &documents, law)?;
    let patient = Patient::of(record);
    let mut facts = derive::facts(request, &documents)?;
    facts.set(Fact::OnePatient, patient.is_one());
    facts.set(Fact::PatientMatches, patient.is(request.patient.as_ref()));
    let minor = patient.is_younger_than(18, request.on.0);
    facts.set(Fact::PatientMinor, minor);
    facts.set(Fact::PatientAge12To17, minor.and(patient.is_younger_than(12, request.on.0).negate()));
    let mut desk = Desk {
        in_force: InForce::on(request.on, &law.rules, &law.book, &facts),
        sensitivity: &law.sensitivity,
        named_by_law: law.book.classes_named(request.on, &law.rules, &facts, &law.sensitivity),
        asks_classes: law.book.classes,
        asks_kinds: law.book.kinds,
        facts,
        judged: Vec::new(),
    };
    let consents = Consents::of(request, record, &law.sensitivity)?;
    let parts = segment::read(record, &law.sensitivity);
    let mut asking = Asking { record, scopes, consents, patient, last_subject: None };
    let mut paths = record.paths();
    let mut known: Vec<(String, Own)> = Vec::with_capacity(parts.len());
    for part in &parts {
        let path = paths.of(part.0.node);
        let own = asking.facts_of(&desk, part, part.0.classes, path);
        known.push((path.to_owned(), own));
    }
    let outer = |at: usize| segment::outer(|at| parts.get(at).and_then(|(segment, _)| segment.goes_with), at);
    let only_along = come_along(parts.len(), outer, &mut known);
    let mut places: Vec<usize> = known.iter().map(|(_, own)| desk.judge(*own)).collect();
    let designated = if asking.scopes.designate() {
        same::judge(record, &parts, &mut known, &mut places, &mut desk)
    } else {
        HashSet::new()
    };
    let place = |at: usize| places.get(at).copied().unwrap_or_default();
    let frames = |at: usize| parts.get(at).is_some_and(|(segment, _)| segment.is_frame);
    let mut segments = Vec::with_capacity(parts.len());
    for (number, (part, (path, _))) in parts.iter().zip(known).enumerate() {
        let segment = &part.0;
        let mut at = place(number);
        // What cannot stand without another segment shares its fate where that one stays.
        if segment.goes_with.is_some() && desk.releases(at) {
            let needed = outer(number).filter(|outer| !frames(*outer)).map(place);
            at = needed.into_iter().find(|outer| !desk.releases(*outer)).unwrap_or(at);
        }
        let along = only_along.get(number).copied().unwrap_or_default();
        let narrative = segment.narrative.without(segment.classes);
        let narrative_cut = desk.releases(at)
            && (along
                || !narrative.is_empty() && {
                    let as_if = asking.facts_of(&desk, part, segment.classes.with(narrative), &path);
                    !desk.would_release(as_if)
                });
        if let Some(judged) = desk.judged.get_mut(at) {
            judged.segments += 1;
            let default = desk.in_force.default_rule();
            let mut decided = decided(segment, judged, default, desk.sensitivity, path, narrative_cut);
            decided.designated = designated.contains(&number);
            segments.push(decided);
        }
    }
    Ok(desk.close(segments, request, law))
}

/// What the facts of a segment follow from besides the segment.
struct Asking<'r> {
    record: &'r Record,
    scopes: Scopes,
    consents: Consents,
    patient: Patient<'r>,
    last_subject: Option<(Vec<u8>, Tri)>,
}

impl Asking<'_> {
    /// The facts of a segment, as if it belonged to these classes.
    fn facts_of(
        &mut self,
        desk: &Desk<'_>,
        (segment, entry): &Part<'_>,
        classes: Classes,
        path: &str,
    ) -> Own {
        let of_patient = entry
            .as_ref()
            .map_or(Tri::True, |entry| self.patient.is_subject_of(entry, &mut self.last_subject));
        let when = match entry {
            Some(entry) if self.scopes.needs_dates || self.consents.needs_dates() => {
                segment::when(self.record, entry)
            }
            _ => When::default(),
        };
        let id = if self.scopes.needs_names { segment::id(self.record, segment.node) } else { None };
        let names = [path, id.as_deref().unwrap_or_default()];
        let subject = Subject { kind: segment.kind, classes, when: &when, names };
        let mut own = desk.facts_of(segment, classes, of_patient);
        self.scopes.tell(&subject, &mut own);
        self.consents.tell(self.record, segment, classes, entry.as_ref(), &when, &mut own);
        own
    }
}

/// Brings along the segments without which others cannot stand; comes back with those that only came along.
fn come_along<I: Iterator<Item = usize>>(
    count: usize,
    outer: impl Fn(usize) -> I,
    known: &mut [(String, Own)],
) -> Vec<bool> {
    let mut only_along = vec![false; count];
    for at in 0..count {
        let Some(inner) = known.get(at).map(|(_, own)| *own) else { continue };
        for outer in outer(at) {
            let Some((_, own)) = known.get_mut(outer) else { continue };
            let asked = own.get(Fact::AskedFor) == Tri::True;
            own.come_along(inner);
            if let Some(only) = only_along.get_mut(outer) {
                *only |= !asked && own.get(Fact::AskedFor) == Tri::True;
            }
        }
    }
    only_along
}

fn decided(
    segment: &Segment,
    judged: &Judged<'_>,
    default: Option<&Rule>,
    sensitivity: &Sensitivity,
    path: String,
    narrative_cut: bool,
) -> SegmentDecision {
    let rule = judged.judgement.rules.first().copied().or(default);
    SegmentDecision {
        path,
        kind: segment.kind.as_str(),
        outcome: judged.judgement.outcome,
        rule: rule.map_or(NO_RULE, |rule| &rule.id).to_owned(),
        citation: rule.map_or("", |rule| &rule.citation).to_owned(),
        confidence: rule.map_or(Confidence::V, |rule| rule.confidence),
        labels: sensitivity.names(segment.classes).into_iter().map(str::to_owned).collect(),
        confidentiality: segment.confidentiality,
        narrative_cut,
        node: segment.node,
        designated: false,
    }
}
