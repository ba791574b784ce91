//! The lattice: how the rules that hold together decide one segment.
//!
//! A segment goes only where nothing that stands above everything forbids it, it was asked for, and either the law
//! requires it, or the law permits it and nothing prohibits it and no person has to decide first. Everything is
//! evaluated in three values, and only a certain yes releases. The order of the rules never matters.

use super::decision::SegmentOutcome;
use super::facts::Facts;
use super::law::expr::{self, Step, Way, ways};
use super::law::{Book, Effect, Occasion, Rule};
use super::request::Day;
use super::tri::Tri;

/// The rules that hold on a day, by what they do; each list in the order of the rules' ids.
pub(super) struct InForce<'l> {
    /// Prohibitions and deferrals that stand against a required disclosure too.
    absolute: Vec<&'l Rule>,
    require: Vec<&'l Rule>,
    prohibit: Vec<&'l Rule>,
    defer: Vec<&'l Rule>,
    limit: Vec<&'l Rule>,
    permit: Vec<&'l Rule>,
    oblige: Vec<&'l Rule>,
    default: Option<&'l Rule>,
}

/// What the lattice makes of a segment.
pub(super) struct Judgement<'l> {
    pub(super) outcome: SegmentOutcome,
    /// The rules that led to it, the one that decided first; empty where no rule speaks for a release.
    pub(super) rules: Vec<&'l Rule>,
}

impl<'l> InForce<'l> {
    /// The rules of the day that can hold for a request with these facts, whatever the segment.
    pub(super) fn on(day: Day, rules: &'l [Rule], book: &Book, facts: &Facts) -> Self {
        let mut out = Self {
            absolute: Vec::new(),
            require: Vec::new(),
            prohibit: Vec::new(),
            defer: Vec::new(),
            limit: Vec::new(),
            permit: Vec::new(),
            oblige: Vec::new(),
            default: None,
        };
        let mut deferrals = Vec::new();
        for rule in book.candidates(facts).into_iter().filter_map(|at| rules.get(at)) {
            if !rule.holds_on(day) {
                continue;
            }
            if rule.effect == Effect::Default {
                out.default = out.default.or(Some(rule));
                continue;
            }
            // With the facts of segments unknown a no is final.
            if rule.when.evaluate(facts) == Tri::False {
                continue;
            }
            match (rule.effect, rule.even_if_required) {
                (Effect::Prohibit, true) => out.absolute.push(rule),
                (Effect::Defer, true) => deferrals.push(rule),
                (Effect::Require, _) => out.require.push(rule),
                (Effect::Prohibit, false) => out.prohibit.push(rule),
                (Effect::Defer, false) => out.defer.push(rule),
                (Effect::Limit, _) => out.limit.push(rule),
                (Effect::Permit, _) => out.permit.push(rule),
                (Effect::Oblige, _) => out.oblige.push(rule),
                (Effect::Default, _) => {}
            }
        }
        out.absolute.extend(deferrals);
        out
    }

    /// The facts of segments that bear on a release, a bit each.
    pub(super) fn of_segment(&self) -> u64 {
        let lists = [&self.absolute, &self.require, &self.prohibit, &self.defer, &self.limit, &self.permit];
        lists.into_iter().flatten().fold(0, |all, rule| all | rule.of_segment)
    }

    /// What is cited where no rule speaks for a release.
    pub(super) fn default_rule(&self) -> Option<&'l Rule> {
        self.default
    }

    pub(super) fn judge(&self, facts: &Facts) -> Judgement<'l> {
        let by = |outcome, rules: Vec<&'l Rule>| Judgement { outcome, rules };
        let absolute = Weighed::of(&self.absolute, facts);
        let limit = Weighed::of(&self.limit, facts);
        if absolute.value == Tri::True {
            let deferred = absolute.that_are(Tri::True).iter().all(|rule| rule.effect == Effect::Defer);
            let outcome = if deferred { SegmentOutcome::NeedsInformation } else { SegmentOutcome::Withhold };
            return by(outcome, absolute.that_are(Tri::True));
        }
        if limit.value == Tri::True {
            return by(SegmentOutcome::NotRequested, limit.that_are(Tri::True));
        }
        let require = Weighed::of(&self.require, facts);
        let prohibit = Weighed::of(&self.prohibit, facts);
        let defer = Weighed::of(&self.defer, facts);
        let permit = Weighed::of(&self.permit, facts);
        let open = absolute.value.negate().and(limit.value.negate());
        let free = prohibit.value.negate().and(permit.value);
        let release = open.and(require.value.or(free.and(defer.value.negate())));
        match release {
            Tri::True if require.value == Tri::True => {
                by(SegmentOutcome::MustRelease, require.that_are(Tri::True))
            }
            Tri::True => by(SegmentOutcome::Release, permit.that_are(Tri::True)),
            Tri::False if free != Tri::False && defer.value == Tri::True => {
                by(SegmentOutcome::NeedsInformation, defer.that_are(Tri::True))
            }
            Tri::False => by(SegmentOutcome::Withhold, prohibit.that_are(Tri::True)),
            Tri::Unknown => {
                let mut rules = Vec::new();
                for weighed in [&absolute, &limit, &prohibit, &defer] {
                    rules.extend(weighed.that_are(Tri::True));
                    rules.extend(weighed.that_are(Tri::Unknown));
                }
                if require.value != Tri::True && permit.value != Tri::True {
                    rules.extend(require.that_are(Tri::Unknown));
                    rules.extend(permit.that_are(Tri::Unknown));
                }
                by(SegmentOutcome::NeedsInformation, rules)
            }
        }
    }

    /// The smallest sets of unknown facts that would release a segment.
    pub(super) fn ways_to_release(&self, facts: &Facts, step: Step) -> Vec<Way> {
        let none = |lists: [&[&Rule]; 2], mut so_far: Vec<Way>| {
            for rule in lists.into_iter().flatten() {
                match rule.when.evaluate(facts) {
                    Tri::False => {}
                    Tri::True => return Vec::new(),
                    Tri::Unknown => so_far = expr::both(so_far, &ways(&rule.when, facts, false, step)),
                }
            }
            so_far
        };
        let some = |rules: &[&Rule]| {
            expr::smallest(rules.iter().flat_map(|rule| ways(&rule.when, facts, true, step)).collect())
        };
        let permitted = none([&self.prohibit, &self.defer], some(&self.permit));
        let either = expr::smallest([some(&self.require), permitted].concat());
        none([&self.absolute, &self.limit], either)
    }

    /// The rules whose obligations come with an occasion. For a segment an obligation counts unless it certainly
    /// does not apply; for the request as such it counts only if it certainly does.
    pub(super) fn obliging(&self, occasion: Occasion, facts: &Facts) -> impl Iterator<Item = &'l Rule> {
        let counts = move |rule: &Rule| match rule.when.evaluate(facts) {
            Tri::True => true,
            Tri::Unknown => occasion != Occasion::Request,
            Tri::False => false,
        };
        self.oblige.iter().copied().filter(move |rule| rule.occasion == occasion && counts(rule))
    }
}

/// The rules of one effect, evaluated.
struct Weighed<'l> {
    /// Whether any of them holds.
    value: Tri,
    each: Vec<(&'l Rule, Tri)>,
}

impl<'l> Weighed<'l> {
    fn of(rules: &[&'l Rule], facts: &Facts) -> Self {
        let each: Vec<(&Rule, Tri)> = rules.iter().map(|rule| (*rule, rule.when.evaluate(facts))).collect();
        Self { value: each.iter().fold(Tri::False, |any, (_, value)| any.or(*value)), each }
    }

    /// The rules that came out so.
    fn that_are(&self, value: Tri) -> Vec<&'l Rule> {
        self.each.iter().filter(|(_, known)| *known == value).map(|(rule, _)| *rule).collect()
    }
}
