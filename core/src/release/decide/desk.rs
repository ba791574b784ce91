//! The desk: judges segments by their facts, each set of facts once, and draws up the decision.

use std::collections::BTreeSet;

use super::super::decision::{
    Decision, Defect, MissingFact, MissingFacts, Outcome, Reason, SegmentDecision, SegmentOutcome,
};
use super::super::fact::Fact;
use super::super::facts::{Content, Facts};
use super::super::lattice::{InForce, Judgement};
use super::super::law::expr::{Step, Way};
use super::super::law::{Confidence, Element, Law, Obligation, Occasion, Rule};
use super::super::request::{Day, Request};
use super::super::segment::Segment;
use super::super::sensitivity::{Classes, Confidentiality, Sensitivity};
use super::super::tri::Tri;
use super::super::words;
use super::own::Own;
use crate::formats::field::EntryKind;

/// How many sets of missing facts a decision names: the smallest.
const SETS: usize = 8;

/// For how many kinds of obstacles it is worked out what would remove them.
const REMEDIED: usize = 12;

/// What the default is called where no pack in force has a default rule.
pub(super) const NO_RULE: &str = "default";

/// What the lattice made of segments with the same facts.
pub(super) struct Judged<'l> {
    own: Own,
    pub(super) judgement: Judgement<'l>,
    pub(super) segments: usize,
}

pub(super) struct Desk<'l> {
    pub(super) in_force: InForce<'l>,
    pub(super) sensitivity: &'l Sensitivity,
    /// The classes that some rule of the day speaks of.
    pub(super) named_by_law: Classes,
    /// The classes that rules name by themselves, and whether any names a kind of entry.
    pub(super) asks_classes: Classes,
    pub(super) asks_kinds: bool,
    pub(super) facts: Facts,
    pub(super) judged: Vec<Judged<'l>>,
}

impl<'l> Desk<'l> {
    /// The facts of a segment that do not hang on what was asked for.
    pub(super) fn facts_of(&self, segment: &Segment, classes: Classes, of_patient: Tri) -> Own {
        let mut own = Own::none();
        own.set(Fact::SegmentOfPatient, of_patient);
        let marked = segment.confidentiality.is_some_and(|mark| mark >= Confidentiality::R);
        own.set(Fact::Restricted, (marked && !classes.meets(self.named_by_law)).into());
        // What is of no class and can be read has none of the facts that classes bring.
        let classless = classes.is_empty() && !segment.unread;
        let facts = if classless { &[] } else { self.sensitivity.facts() };
        for (fact, bits) in facts {
            if classes.meets(*bits) {
                own.set(*fact, Tri::True);
            } else if segment.unread && fact.is_read_from_content() && own.get(*fact) == Tri::False {
                // A mark or a separation is there or not; what a text tells is unknown while it cannot be read.
                own.set(*fact, Tri::Unknown);
            }
        }
        own.set(Fact::SegmentIdentification, (segment.kind == EntryKind::Person).into());
        own.set(Fact::SegmentImmunization, (segment.kind == EntryKind::Immunization).into());
        let medicine =
            matches!(segment.kind, EntryKind::Medication | EntryKind::Allergy | EntryKind::AdverseEvent);
        own.set(Fact::SegmentMedication, medicine.into());
        if self.asks_kinds || !self.asks_classes.is_empty() {
            own.content = Some(Content {
                kind: if self.asks_kinds { segment.kind } else { EntryKind::Unrecognised },
                classes: classes.among(self.asks_classes),
                unread: segment.unread,
            });
        }
        own
    }

    fn with(&mut self, own: Own) -> &Facts {
        for fact in Fact::OF_SEGMENTS {
            self.facts.set(fact, own.get(fact));
        }
        self.facts.segment = own.content;
        &self.facts
    }

    fn without_segment(&mut self) -> &Facts {
        Fact::OF_SEGMENTS.iter().for_each(|fact| self.facts.set(*fact, Tri::Unknown));
        self.facts.segment = None;
        &self.facts
    }

    /// Where the judgement on these facts stands.
    pub(super) fn judge(&mut self, own: Own) -> usize {
        // Neighbours are alike more often than not, so the last ones are looked at first.
        if let Some(at) = self.judged.iter().rposition(|judged| judged.own == own) {
            return at;
        }
        self.with(own);
        let judgement = self.in_force.judge(&self.facts);
        self.judged.push(Judged { own, judgement, segments: 0 });
        self.judged.len() - 1
    }

    /// Whether the judgement that stands at this place releases.
    pub(super) fn releases(&self, at: usize) -> bool {
        self.judged.get(at).is_some_and(|judged| judged.judgement.outcome.is_released())
    }

    pub(super) fn would_release(&mut self, own: Own) -> bool {
        self.with(own);
        self.in_force.judge(&self.facts).outcome.is_released()
    }

    pub(super) fn close(mut self, segments: Vec<SegmentDecision>, request: &Request, law: &Law) -> Decision {
        let judged: Vec<Judged<'l>> =
            std::mem::take(&mut self.judged).into_iter().filter(|one| one.segments > 0).collect();
        let outcome = overall(&judged);
        let reasons = self.reasons(&judged);
        let mut obligations: BTreeSet<&Obligation> = BTreeSet::new();
        let mut accounting_required = false;
        for one in &judged {
            self.with(one.own);
            let released = one.judgement.outcome.is_released();
            let occasion = match one.judgement.outcome {
                SegmentOutcome::MustRelease | SegmentOutcome::Release => Some(Occasion::Release),
                SegmentOutcome::Withhold => Some(Occasion::Denial),
                SegmentOutcome::NeedsInformation | SegmentOutcome::NotRequested => None,
            };
            if released {
                // Every basis that holds brings its obligations, not only the one that is named.
                accounting_required |= one.judgement.rules.iter().all(|rule| rule.accounting);
                obligations.extend(one.judgement.rules.iter().flat_map(|rule| &rule.obligations));
            }
            let obliging =
                occasion.into_iter().flat_map(|occasion| self.in_force.obliging(occasion, &self.facts));
            obligations.extend(obliging.flat_map(|rule| &rule.obligations));
        }
        self.without_segment();
        let clocks: Vec<&'l Rule> = self.in_force.obliging(Occasion::Request, &self.facts).collect();
        obligations.extend(clocks.iter().flat_map(|rule| &rule.obligations));
        // Of several limits the shortest binds.
        let clock = clocks.iter().filter_map(|rule| rule.due?.from(request.on)).min_by_key(|(due, _)| *due);
        let due = clock.map(|(due, _)| due.to_string());
        let extended_due = clock.and_then(|(_, extended)| extended).map(|day| day.to_string());
        let missing_facts = self.missing(&judged);
        let why = words::why(&reasons);
        let what_would_permit = self.remedies(&judged, request, law);
        let defects = self.defects(request.on, law);
        let obligations: Vec<Obligation> = obligations.into_iter().cloned().collect();
        let cited: BTreeSet<&str> = reasons
            .iter()
            .map(|reason| reason.citation.as_str())
            .chain(obligations.iter().map(|obligation| obligation.citation.as_str()))
            .filter(|citation| !citation.is_empty())
            .collect();
        Decision {
            outcome,
            citations: cited.into_iter().map(str::to_owned).collect(),
            confidence: reasons
                .iter()
                .map(|reason| reason.confidence)
                .chain(obligations.iter().map(|obligation| obligation.confidence))
                .max()
                .unwrap_or(Confidence::V),
            segments,
            reasons,
            obligations,
            missing_facts,
            defects,
            accounting_required,
            due,
            extended_due,
            why,
            what_would_permit,
            law_packs: law.packs().to_vec(),
        }
    }

    fn reasons(&self, judged: &[Judged<'l>]) -> Vec<Reason> {
        let mut out: Vec<Reason> = Vec::new();
        for one in judged {
            let mut rules: Vec<Option<&Rule>> = one.judgement.rules.iter().copied().map(Some).collect();
            if rules.is_empty() {
                rules.push(self.in_force.default_rule());
            }
            for rule in rules {
                let id = rule.map_or(NO_RULE, |rule| &rule.id);
                let same =
                    out.iter_mut().find(|known| known.rule == id && known.outcome == one.judgement.outcome);
                match same {
                    Some(known) => known.segments += one.segments,
                    None => out.push(Reason {
                        rule: id.to_owned(),
                        title: rule
                            .map_or("no law in force speaks for a release", |rule| &rule.title)
                            .to_owned(),
                        outcome: one.judgement.outcome,
                        citation: rule.map_or("", |rule| &rule.citation).to_owned(),
                        confidence: rule.map_or(Confidence::V, |rule| rule.confidence),
                        segments: one.segments,
                    }),
                }
            }
        }
        out.sort_by(|one, other| (one.outcome, &one.rule).cmp(&(other.outcome, &other.rule)));
        out
    }

    fn missing(&mut self, judged: &[Judged<'l>]) -> Vec<MissingFacts> {
        let mut sets: Vec<(Way, usize)> = Vec::new();
        for one in judged.iter().filter(|one| one.judgement.outcome == SegmentOutcome::NeedsInformation) {
            self.with(one.own);
            for way in self.in_force.ways_to_release(&self.facts, Step::Fact) {
                match sets.iter_mut().find(|(known, _)| *known == way) {
                    Some((_, segments)) => *segments += one.segments,
                    None => sets.push((way, one.segments)),
                }
            }
        }
        sets.sort_by(|one, other| (one.0.len(), other.1, &one.0).cmp(&(other.0.len(), one.1, &other.0)));
        sets.truncate(SETS);
        let named = |(fact, value): (Fact, bool)| MissingFact {
            fact: fact.as_str(),
            value,
            question: fact.question(),
        };
        sets.into_iter()
            .map(|(way, segments)| MissingFacts { facts: way.into_iter().map(named).collect(), segments })
            .collect()
    }

    /// What papers or findings would release what does not go, in words: as if all that can be brought were open.
    fn remedies(&self, judged: &[Judged<'l>], request: &Request, law: &Law) -> Vec<String> {
        let waits = |one: &&Judged<'_>| {
            matches!(one.judgement.outcome, SegmentOutcome::Withhold | SegmentOutcome::NeedsInformation)
        };
        if !judged.iter().any(|one| waits(&one)) {
            return Vec::new();
        }
        let mut open = self.facts.clone();
        let as_it_must_be = |fact: Fact| {
            let element = law.elements.iter().find(|element| element.fact == fact);
            self.facts.get(fact) == Tri::from(element.is_none_or(|element| element.must_be))
        };
        for fact in Fact::ALL.iter().filter(|fact| fact.can_be_brought() && !as_it_must_be(**fact)) {
            open.set(*fact, Tri::Unknown);
        }
        // A document that is there can be replaced by a better one.
        let in_force = InForce::on(request.on, &law.rules, &law.book, &open);
        let of_segment = in_force.of_segment();
        // What stands in the way of segments that differ in nothing that counts is worked out once.
        let mut alike: Vec<(Own, usize)> = Vec::new();
        for one in judged.iter().filter(waits).take(REMEDIED) {
            let mut own = one.own;
            for fact in [
                Fact::WithinAuthorization,
                Fact::WithinConsent,
                Fact::WithinOrder,
                Fact::SegmentWithinWarrant,
            ] {
                own.set(fact, Tri::Unknown);
            }
            let own = own.among(of_segment);
            match alike.iter_mut().find(|(known, _)| *known == own) {
                Some((_, segments)) => *segments += one.segments,
                None => alike.push((own, one.segments)),
            }
        }
        let mut sets: Vec<(Way, usize)> = Vec::new();
        for (own, segments) in alike {
            for fact in Fact::OF_SEGMENTS {
                open.set(fact, own.get(fact));
            }
            open.segment = own.content;
            let ways = in_force.ways_to_release(&open, Step::Document);
            for way in ways.into_iter().filter(|way| !way.is_empty()).take(3) {
                match sets.iter_mut().find(|(known, _)| *known == way) {
                    Some((_, known)) => *known += segments,
                    None => sets.push((way, segments)),
                }
            }
        }
        sets.sort_by(|one, other| (one.0.len(), other.1, &one.0).cmp(&(other.0.len(), one.1, &other.0)));
        sets.truncate(SETS);
        sets.iter().map(|(way, segments)| words::remedy(way, *segments)).collect()
    }

    /// What the presented documents lack: elements that certainly are not as they must be.
    fn defects(&self, day: Day, law: &Law) -> Vec<Defect> {
        defects(law, &self.facts, |element| {
            // Elements that a state asks for are defects only where its law applies.
            element.holds_on(day) && element.applies.evaluate(&self.facts) == Tri::True
        })
    }
}

/// The elements of presented documents that certainly are not as they must be.
pub(in crate::release) fn defects(
    law: &Law,
    facts: &Facts,
    applies: impl Fn(&Element) -> bool,
) -> Vec<Defect> {
    law.elements
        .iter()
        .filter(|element| facts.get(element.presented) == Tri::True)
        .filter(|element| facts.get(element.fact) == Tri::from(!element.must_be))
        .filter(|element| applies(element))
        .map(Element::defect)
        .collect()
}

fn overall(judged: &[Judged<'_>]) -> Outcome {
    let of = |outcome: SegmentOutcome| judged.iter().any(|one| one.judgement.outcome == outcome);
    let required = of(SegmentOutcome::MustRelease);
    let released = required || of(SegmentOutcome::Release);
    let waits = of(SegmentOutcome::NeedsInformation);
    let withheld = of(SegmentOutcome::Withhold);
    match (released, waits, withheld) {
        (false, true, _) => Outcome::NeedsInformation,
        (false, false, _) => Outcome::Withhold,
        (true, false, false) if !of(SegmentOutcome::Release) => Outcome::MustRelease,
        (true, false, false) => Outcome::Release,
        (true, ..) => Outcome::ReleasePartial,
    }
}
