//! Deciding: the facts of the request once, the labels of each segment, and the lattice over both.

use std::collections::BTreeSet;

use super::consent::Consents;
use super::decision::{
    Decision, Defect, MissingFact, MissingFacts, Outcome, Reason, SegmentDecision, SegmentOutcome,
};
use super::derive::{self, Documents, Presented};
use super::designations;
use super::fact::{Content, Fact, Facts};
use super::lattice::{InForce, Judgement};
use super::law::expr::{Step, Way};
use super::law::{Confidence, Element, Law, Obligation, Occasion, Rule};
use super::patient::Patient;
use super::request::{Request, Scope};
use super::scope::{Subject, When, Within};
use super::segment::{self, Segment};
use super::sensitivity::{Classes, Confidentiality, Sensitivity};
use super::tri::Tri;
use super::words;
use crate::error::Result;
use crate::formats::field::EntryKind;
use crate::record::Record;

/// How many sets of missing facts a decision names: the smallest.
const SETS: usize = 8;

/// For how many kinds of obstacles it is worked out what would remove them.
const REMEDIED: usize = 12;

/// What the default is called where no pack in force has a default rule.
const NO_RULE: &str = "default";

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
    let mut segments = Vec::new();
    let mut paths = record.paths();
    let mut last_subject = None;
    for (segment, entry) in segment::read(record, &law.sensitivity) {
        let of_patient = patient.is_subject_of(&entry, &mut last_subject);
        let path = paths.of(segment.node);
        let when = if scopes.needs_dates || consents.needs_dates() {
            segment::when(record, &entry)
        } else {
            When::default()
        };
        let id = if scopes.needs_names { segment::id(record, segment.node) } else { None };
        let subject = Subject {
            kind: segment.kind,
            classes: segment.classes,
            when: &when,
            names: [path, id.as_deref().unwrap_or_default()],
        };
        let mut own = desk.facts_of(&segment, subject.classes, of_patient);
        scopes.tell(&subject, &mut own);
        consents.tell(record, &segment, &entry, &when, &mut own);
        let at = desk.judge(own);
        let released = desk.judged.get(at).is_some_and(|judged| judged.judgement.outcome.is_released());
        let narrative = segment.narrative.without(segment.classes);
        let narrative_cut = released && !narrative.is_empty() && {
            let classes = segment.classes.with(narrative);
            let subject = Subject { classes, ..subject };
            let mut as_if = desk.facts_of(&segment, classes, of_patient);
            scopes.tell(&subject, &mut as_if);
            consents.tell(record, &Segment { classes, ..segment.clone() }, &entry, &when, &mut as_if);
            !desk.would_release(as_if)
        };
        if let Some(judged) = desk.judged.get_mut(at) {
            judged.segments += 1;
            segments.push(decided(
                &segment,
                judged,
                desk.in_force.default_rule(),
                desk.sensitivity,
                path,
                narrative_cut,
            ));
        }
    }
    Ok(desk.close(segments, request, law))
}

fn decided(
    segment: &Segment,
    judged: &Judged<'_>,
    default: Option<&Rule>,
    sensitivity: &Sensitivity,
    path: &str,
    narrative_cut: bool,
) -> SegmentDecision {
    let rule = judged.judgement.rules.first().copied().or(default);
    SegmentDecision {
        path: path.to_owned(),
        kind: segment.kind.as_str(),
        outcome: judged.judgement.outcome,
        rule: rule.map_or(NO_RULE, |rule| &rule.id).to_owned(),
        citation: rule.map_or("", |rule| &rule.citation).to_owned(),
        confidence: rule.map_or(Confidence::V, |rule| rule.confidence),
        labels: sensitivity.names(segment.classes).into_iter().map(str::to_owned).collect(),
        confidentiality: segment.confidentiality,
        narrative_cut,
        node: segment.node,
    }
}

/// What the request asks for, what its documents speak of, and what the holder has designated.
struct Scopes {
    /// What is asked for or permitted, by the fact that says so.
    positive: Vec<(Fact, Within)>,
    /// What is under a designation.
    designated: Vec<(Fact, Within)>,
    needs_dates: bool,
    needs_names: bool,
}

impl Scopes {
    fn of(request: &Request, documents: &Documents<'_>, law: &Law) -> Result<Self> {
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

    fn tell(&self, entry: &Subject<'_>, own: &mut Own) {
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
pub(super) struct Own {
    /// Two bits a fact, in the order of the catalogue from the first of segments.
    values: u128,
    /// What facility rules may ask besides, as far as any does.
    content: Option<Content>,
}

impl Own {
    const FIRST: u32 = Fact::SegmentOfPatient as u32;

    fn none() -> Self {
        Self { values: 0, content: None }
    }

    pub(in crate::release) fn set(&mut self, fact: Fact, value: Tri) {
        let at = 2 * (fact as u32).saturating_sub(Self::FIRST);
        let bits: u128 = match value {
            Tri::False => 0,
            Tri::True => 1,
            Tri::Unknown => 2,
        };
        self.values = self.values & !(3 << at) | bits << at;
    }

    pub(super) fn get(self, fact: Fact) -> Tri {
        match self.values >> (2 * (fact as u32).saturating_sub(Self::FIRST)) & 3 {
            0 => Tri::False,
            1 => Tri::True,
            _ => Tri::Unknown,
        }
    }
}

/// What the lattice made of segments with the same facts.
struct Judged<'l> {
    own: Own,
    judgement: Judgement<'l>,
    segments: usize,
}

struct Desk<'l> {
    in_force: InForce<'l>,
    sensitivity: &'l Sensitivity,
    /// The classes that some rule of the day speaks of.
    named_by_law: Classes,
    /// The classes that rules name by themselves, and whether any names a kind of entry.
    asks_classes: Classes,
    asks_kinds: bool,
    facts: Facts,
    judged: Vec<Judged<'l>>,
}

impl<'l> Desk<'l> {
    /// The facts of a segment that do not hang on what was asked for.
    fn facts_of(&self, segment: &Segment, classes: Classes, of_patient: Tri) -> Own {
        let mut own = Own::none();
        own.set(Fact::SegmentOfPatient, of_patient);
        let marked = segment.confidentiality.is_some_and(|mark| mark >= Confidentiality::R);
        own.set(Fact::Restricted, (marked && !classes.meets(self.named_by_law)).into());
        for (fact, bits) in self.sensitivity.facts() {
            if classes.meets(*bits) {
                own.set(*fact, Tri::True);
            } else if segment.unread && fact.is_read_from_content() && own.get(*fact) == Tri::False {
                // A mark or a separation is there or not; what a text tells is unknown while it cannot be read.
                own.set(*fact, Tri::Unknown);
            }
        }
        own.set(Fact::SegmentIdentification, (segment.kind == EntryKind::Person).into());
        own.set(Fact::SegmentImmunization, (segment.kind == EntryKind::Immunization).into());
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
    fn judge(&mut self, own: Own) -> usize {
        if let Some(at) = self.judged.iter().position(|judged| judged.own == own) {
            return at;
        }
        self.with(own);
        let judgement = self.in_force.judge(&self.facts);
        self.judged.push(Judged { own, judgement, segments: 0 });
        self.judged.len() - 1
    }

    fn would_release(&mut self, own: Own) -> bool {
        self.with(own);
        self.in_force.judge(&self.facts).outcome.is_released()
    }

    fn close(mut self, segments: Vec<SegmentDecision>, request: &Request, law: &Law) -> Decision {
        let judged: Vec<Judged<'l>> =
            std::mem::take(&mut self.judged).into_iter().filter(|one| one.segments > 0).collect();
        let outcome = overall(&judged);
        let reasons = self.reasons(&judged);
        let mut obligations = BTreeSet::new();
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
                obligations
                    .extend(one.judgement.rules.iter().flat_map(|rule| rule.obligations.iter().cloned()));
            }
            let obliging =
                occasion.into_iter().flat_map(|occasion| self.in_force.obliging(occasion, &self.facts));
            obligations.extend(obliging.flat_map(|rule| rule.obligations.iter().cloned()));
        }
        self.without_segment();
        let clocks: Vec<&Rule> = self.in_force.obliging(Occasion::Request, &self.facts).collect();
        obligations.extend(clocks.iter().flat_map(|rule| rule.obligations.iter().cloned()));
        // Of several limits the shortest binds.
        let clock = clocks.iter().filter_map(|rule| rule.due?.from(request.on)).min_by_key(|(due, _)| *due);
        let due = clock.map(|(due, _)| due.to_string());
        let extended_due = clock.and_then(|(_, extended)| extended).map(|day| day.to_string());
        let missing_facts = self.missing(&judged);
        let why = words::why(&reasons);
        let what_would_permit = self.remedies(&judged, request, law);
        let defects = self.defects(law);
        let obligations: Vec<Obligation> = obligations.into_iter().collect();
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
        let mut sets: Vec<(Way, usize)> = Vec::new();
        for one in judged.iter().filter(waits).take(REMEDIED) {
            for fact in Fact::OF_SEGMENTS {
                open.set(fact, one.own.get(fact));
            }
            open.segment = one.own.content;
            for fact in [
                Fact::WithinAuthorization,
                Fact::WithinConsent,
                Fact::WithinOrder,
                Fact::SegmentWithinWarrant,
            ] {
                open.set(fact, Tri::Unknown);
            }
            let ways = in_force.ways_to_release(&open, Step::Document);
            for way in ways.into_iter().filter(|way| !way.is_empty()).take(3) {
                match sets.iter_mut().find(|(known, _)| *known == way) {
                    Some((_, segments)) => *segments += one.segments,
                    None => sets.push((way, one.segments)),
                }
            }
        }
        sets.sort_by(|one, other| (one.0.len(), other.1, &one.0).cmp(&(other.0.len(), one.1, &other.0)));
        sets.truncate(SETS);
        sets.iter().map(|(way, segments)| words::remedy(way, *segments)).collect()
    }

    /// What the presented documents lack: elements that certainly are not as they must be.
    fn defects(&self, law: &Law) -> Vec<Defect> {
        defects(law, &self.facts, |element| {
            // Elements that a state asks for are defects only where its law applies.
            element.applies.evaluate(&self.facts) == Tri::True
        })
    }
}

/// The elements of presented documents that certainly are not as they must be.
pub(super) fn defects(law: &Law, facts: &Facts, applies: impl Fn(&Element) -> bool) -> Vec<Defect> {
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
