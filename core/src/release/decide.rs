//! Deciding: the facts of the request once, the labels of each segment, and the lattice over both.

use std::collections::BTreeSet;

use super::decision::{
    Decision, Defect, MissingFact, MissingFacts, Outcome, Reason, SegmentDecision, SegmentOutcome,
};
use super::derive::{self, Documents, Presented};
use super::fact::{Fact, Facts};
use super::lattice::{InForce, Judgement};
use super::law::expr::Way;
use super::law::{Confidence, Law, Obligation, Occasion, Rule};
use super::patient::Patient;
use super::request::{Request, Scope};
use super::scope::{When, Within};
use super::segment::{self, Segment};
use super::sensitivity::{Classes, Confidentiality, Sensitivity};
use super::tri::Tri;
use crate::error::Result;
use crate::record::{Entry, Record};

/// How many sets of missing facts a decision names: the smallest.
const SETS: usize = 8;

/// What the default is called where no pack in force has a default rule.
const NO_RULE: &str = "default";

/// Decides what of a record must, may and must not be released for a request, under a law.
///
/// The default is to withhold. See [the module](self) for the order in which rules stand above each other.
///
/// # Errors
/// `invalid_request` where the request contradicts itself: two documents of one kind, a period that ends before it
/// begins, a kind of entry that does not exist. Nothing is released then.
pub fn decide(request: &Request, record: &Record, law: &Law) -> Result<Decision> {
    let documents = Documents::of(request)?;
    let scopes = Scopes::of(request, &documents)?;
    let patient = Patient::of(record);
    let mut facts = derive::facts(request, &documents);
    facts.set(Fact::OnePatient, patient.is_one());
    facts.set(Fact::PatientMatches, patient.is(request.patient.as_ref()));
    let mut desk = Desk {
        in_force: InForce::on(request.on, &law.rules),
        sensitivity: &law.sensitivity,
        named_by_law: law
            .sensitivity
            .facts()
            .iter()
            .fold(Classes::NONE, |all, (_, classes)| all.with(*classes)),
        facts,
        judged: Vec::new(),
    };
    let mut segments = Vec::new();
    let mut paths = record.paths();
    let mut last_subject = None;
    for (segment, entry) in segment::read(record, &law.sensitivity) {
        let of_patient = patient.is_subject_of(&entry, &mut last_subject);
        let own = desk.facts_of(&segment, segment.classes, of_patient, &scopes, record, &entry);
        let at = desk.judge(own);
        let released = desk.judged.get(at).is_some_and(|judged| judged.judgement.outcome.is_released());
        let narrative = segment.narrative.without(segment.classes);
        let narrative_cut = released && !narrative.is_empty() && {
            let as_if =
                desk.facts_of(&segment, segment.classes.with(narrative), of_patient, &scopes, record, &entry);
            !desk.would_release(as_if)
        };
        if let Some(judged) = desk.judged.get_mut(at) {
            judged.segments += 1;
            segments.push(decided(
                &segment,
                judged,
                desk.in_force.default_rule(),
                desk.sensitivity,
                paths.of(segment.node),
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

/// What the request asks for and what its documents speak of.
struct Scopes {
    asked: Within,
    authorized: Within,
    consented: Within,
    ordered: Within,
}

impl Scopes {
    fn of(request: &Request, documents: &Documents<'_>) -> Result<Self> {
        fn terms<T>(
            document: &Presented<T>,
            terms: impl Fn(&T) -> Option<&Scope>,
            place: &str,
        ) -> Result<Within> {
            match document {
                Presented::Yes(document) => Within::of(terms(document), place),
                Presented::No => Ok(Within::Nothing),
                Presented::Unknown => Ok(Within::Unstated),
            }
        }
        Ok(Self {
            asked: Within::of(request.scope.as_ref(), "scope")?,
            authorized: terms(
                &documents.authorization,
                |it| it.terms.as_ref(),
                "authority.authorization.terms",
            )?,
            consented: terms(&documents.consent, |it| it.terms.as_ref(), "authority.part2_consent.terms")?,
            ordered: terms(&documents.court_order, |it| it.terms.as_ref(), "authority.court_order.terms")?,
        })
    }

    fn each(&self) -> [(Fact, &Within); 4] {
        [
            (Fact::AskedFor, &self.asked),
            (Fact::WithinAuthorization, &self.authorized),
            (Fact::WithinConsent, &self.consented),
            (Fact::WithinOrder, &self.ordered),
        ]
    }
}

/// The facts of a segment, and what the lattice made of them. Segments with the same facts are judged once.
struct Judged<'l> {
    own: [Tri; Fact::OF_SEGMENTS.len()],
    judgement: Judgement<'l>,
    segments: usize,
}

struct Desk<'l> {
    in_force: InForce<'l>,
    sensitivity: &'l Sensitivity,
    /// The classes that some fact, and so some rule, speaks of.
    named_by_law: Classes,
    facts: Facts,
    judged: Vec<Judged<'l>>,
}

impl<'l> Desk<'l> {
    fn facts_of(
        &self,
        segment: &Segment,
        classes: Classes,
        of_patient: Tri,
        scopes: &Scopes,
        record: &Record,
        entry: &Entry<'_>,
    ) -> [Tri; Fact::OF_SEGMENTS.len()] {
        let each = scopes.each();
        let dated = each.iter().any(|(_, within)| within.needs_dates());
        let when = if dated { segment::when(record, entry) } else { When::default() };
        Fact::OF_SEGMENTS.map(|fact| match fact {
            Fact::SegmentOfPatient => of_patient,
            Fact::Restricted => {
                let marked = segment.confidentiality.is_some_and(|mark| mark >= Confidentiality::R);
                (marked && !classes.meets(self.named_by_law)).into()
            }
            _ => match each.iter().find(|(scoped, _)| *scoped == fact) {
                Some((_, within)) => within.holds(segment.kind, &when),
                None => self.classified(fact, segment, classes),
            },
        })
    }

    fn classified(&self, fact: Fact, segment: &Segment, classes: Classes) -> Tri {
        let mut bits = self.sensitivity.facts().iter().filter(|(known, _)| *known == fact);
        if bits.any(|(_, bits)| classes.meets(*bits)) {
            return Tri::True;
        }
        // A mark or a separation is there or not; what a text tells is unknown while it cannot be read.
        if segment.unread && fact == Fact::SubstanceUse { Tri::Unknown } else { Tri::False }
    }

    fn with(&mut self, own: [Tri; Fact::OF_SEGMENTS.len()]) -> &Facts {
        for (fact, value) in Fact::OF_SEGMENTS.iter().zip(own) {
            self.facts.set(*fact, value);
        }
        &self.facts
    }

    /// Where the judgement on these facts stands.
    fn judge(&mut self, own: [Tri; Fact::OF_SEGMENTS.len()]) -> usize {
        if let Some(at) = self.judged.iter().position(|judged| judged.own == own) {
            return at;
        }
        self.with(own);
        let judgement = self.in_force.judge(&self.facts);
        self.judged.push(Judged { own, judgement, segments: 0 });
        self.judged.len() - 1
    }

    fn would_release(&mut self, own: [Tri; Fact::OF_SEGMENTS.len()]) -> bool {
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
        self.with([Tri::Unknown; Fact::OF_SEGMENTS.len()]);
        let clocks: Vec<&Rule> = self.in_force.obliging(Occasion::Request, &self.facts).collect();
        obligations.extend(clocks.iter().flat_map(|rule| rule.obligations.iter().cloned()));
        let due = clocks.iter().filter_map(|rule| rule.due_days).min().and_then(|days| {
            request.on.0.checked_add(jiff::Span::new().days(i64::from(days))).ok().map(|day| day.to_string())
        });
        let missing_facts = self.missing(&judged);
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
            for way in self.in_force.ways_to_release(&self.facts) {
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

    /// What the presented documents lack: elements that certainly are not as they must be.
    fn defects(&self, law: &Law) -> Vec<Defect> {
        let presented = |fact: Fact| match fact.as_str().split('.').next() {
            Some("authorization") => self.facts.get(Fact::Authorization) == Tri::True,
            Some("part2_consent") => self.facts.get(Fact::Consent) == Tri::True,
            _ => false,
        };
        law.elements
            .iter()
            .filter(|element| presented(element.fact))
            .filter(|element| self.facts.get(element.fact) == Tri::from(!element.must_be))
            .map(|element| Defect {
                document: element.document.clone(),
                fact: element.fact.as_str(),
                citation: element.citation.clone(),
                confidence: element.confidence,
            })
            .collect()
    }
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
