//! The promises of the lattice, on rules and facts that a generator made up.

use proptest::prelude::*;

use super::decision::SegmentOutcome;
use super::fact::{Fact, Facts};
use super::lattice::InForce;
use super::law::expr::{Expr, Step};
use super::law::{Book, Confidence, Effect, Occasion, Rule};
use super::request::Day;
use super::tri::Tri;

/// The facts that made-up rules speak of.
const FACTS: [Fact; 6] = [
    Fact::IdentityVerified,
    Fact::Individual,
    Fact::Treatment,
    Fact::Authorization,
    Fact::SubstanceUse,
    Fact::AskedFor,
];

fn rule(id: usize, effect: Effect, when: Expr, even_if_required: bool) -> Rule {
    Rule {
        id: format!("R{id:03}"),
        pack: "made up".into(),
        title: "made up".into(),
        effect,
        when,
        citation: "none".into(),
        confidence: Confidence::V,
        effective_from: None,
        vacated_on: None,
        even_if_required,
        occasion: Occasion::Release,
        obligations: Vec::new(),
        accounting: false,
        due: None,
        effective_to: None,
        applies: Expr::ALWAYS,
    }
}

fn condition() -> impl Strategy<Value = Expr> {
    let fact = (0..FACTS.len()).prop_map(|at| Expr::Fact(FACTS[at]));
    fact.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(Expr::negate),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Expr::All),
            proptest::collection::vec(inner, 0..3).prop_map(Expr::Any),
        ]
    })
}

fn rules(most: usize) -> impl Strategy<Value = Vec<Rule>> {
    let effect = prop_oneof![
        Just((Effect::Require, false)),
        Just((Effect::Permit, false)),
        Just((Effect::Permit, false)),
        Just((Effect::Prohibit, false)),
        Just((Effect::Prohibit, true)),
        Just((Effect::Defer, false)),
        Just((Effect::Defer, true)),
        Just((Effect::Limit, false)),
    ];
    proptest::collection::vec((effect, condition()), 0..most).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(id, ((effect, absolute), when))| rule(id, effect, when, absolute))
            .collect()
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    proptest::collection::vec(0usize..3, FACTS.len()).prop_map(|values| {
        let mut out = Facts::default();
        for (fact, value) in FACTS.iter().zip(values) {
            out.set(*fact, Tri::ALL[value]);
        }
        out
    })
}

fn day() -> Day {
    Day::parse("2026-03-02").unwrap()
}

fn outcome(rules: &[Rule], facts: &Facts) -> SegmentOutcome {
    in_force(rules, facts).judge(facts).outcome
}

fn in_force<'r>(rules: &'r [Rule], facts: &Facts) -> InForce<'r> {
    let mut of_request = facts.clone();
    Fact::OF_SEGMENTS.iter().for_each(|fact| of_request.set(*fact, Tri::Unknown));
    InForce::on(day(), rules, &Book::of(rules), &of_request)
}

/// Every way in which the unknown facts can turn out.
fn refinements(facts: &Facts) -> Vec<Facts> {
    let mut all = vec![facts.clone()];
    for fact in FACTS {
        if facts.get(fact) == Tri::Unknown {
            let with = |value: bool| {
                let set = |known: &Facts| {
                    let mut more = known.clone();
                    more.set(fact, value);
                    more
                };
                all.iter().map(set).collect::<Vec<_>>()
            };
            all = [with(true), with(false)].concat();
        }
    }
    all
}

proptest! {
    #[test]
    fn nothing_goes_without_a_rule_that_speaks_for_it(rules in rules(8), facts in facts()) {
        let speaks = |rule: &Rule| {
            matches!(rule.effect, Effect::Permit | Effect::Require) && rule.when.evaluate(&facts) == Tri::True
        };
        if outcome(&rules, &facts).is_released() {
            prop_assert!(rules.iter().any(speaks));
        }
        let without: Vec<Rule> = rules.iter().filter(|rule| !speaks(rule)).cloned().collect();
        prop_assert!(!outcome(&without, &facts).is_released());
        prop_assert_eq!(outcome(&[], &facts), SegmentOutcome::Withhold);
    }

    #[test]
    fn one_obstacle_more_never_adds_a_release(
        rules in rules(8), facts in facts(), when in condition(), kind in 0usize..5
    ) {
        let (effect, absolute) = [
            (Effect::Prohibit, false), (Effect::Prohibit, true), (Effect::Defer, false), (Effect::Defer, true),
            (Effect::Limit, false),
        ][kind];
        let before = outcome(&rules, &facts);
        let more = [rules, vec![rule(900, effect, when, absolute)]].concat();
        let after = outcome(&more, &facts);
        prop_assert!(before.is_released() || !after.is_released());
        prop_assert!(before == SegmentOutcome::MustRelease || after != SegmentOutcome::MustRelease);
    }

    #[test]
    fn a_permission_never_overrides_a_prohibition(
        rules in rules(8), facts in facts(), more in proptest::collection::vec(condition(), 1..4)
    ) {
        let permits = more.into_iter().enumerate().map(|(at, when)| rule(900 + at, Effect::Permit, when, false));
        let all: Vec<Rule> = rules.iter().cloned().chain(permits).collect();
        let holds = |rule: &Rule, effect| rule.effect == effect && rule.when.evaluate(&facts) == Tri::True;
        let prohibited = rules.iter().any(|rule| holds(rule, Effect::Prohibit));
        let required = rules.iter().any(|rule| holds(rule, Effect::Require));
        let absolutely = rules.iter().any(|rule| holds(rule, Effect::Prohibit) && rule.even_if_required);
        if absolutely || (prohibited && !required) {
            prop_assert!(!outcome(&all, &facts).is_released());
        }
    }

    #[test]
    fn the_order_of_rules_is_irrelevant(rules in rules(8).prop_shuffle(), facts in facts()) {
        let mut sorted = rules.clone();
        sorted.sort_by(|one, other| one.id.cmp(&other.id));
        let (one, other) = (in_force(&rules, &facts), in_force(&sorted, &facts));
        let (one, other) = (one.judge(&facts), other.judge(&facts));
        let ids = |judgement: &super::lattice::Judgement<'_>| {
            judgement.rules.iter().map(|rule| rule.id.clone()).collect::<std::collections::BTreeSet<_>>()
        };
        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(ids(&one), ids(&other));
    }

    #[test]
    fn unknown_never_yields_more_than_known_would(rules in rules(8), facts in facts()) {
        let now = outcome(&rules, &facts);
        for known in refinements(&facts) {
            let then = outcome(&rules, &known);
            prop_assert!(!now.is_released() || then.is_released());
            prop_assert!(now != SegmentOutcome::Withhold || !then.is_released());
        }
    }

    #[test]
    fn each_set_of_missing_facts_settles_it_and_none_of_its_facts_is_idle(rules in rules(6), facts in facts()) {
        let in_force = in_force(&rules, &facts);
        prop_assume!(in_force.judge(&facts).outcome == SegmentOutcome::NeedsInformation);
        for way in in_force.ways_to_release(&facts, Step::Fact) {
            let with = |way: &[(Fact, bool)]| {
                let mut known = facts.clone();
                way.iter().for_each(|(fact, value)| known.set(*fact, *value));
                in_force.judge(&known).outcome.is_released()
            };
            prop_assert!(with(&way));
            for at in 0..way.len() {
                let mut fewer = way.clone();
                fewer.remove(at);
                prop_assert!(!with(&fewer));
            }
        }
    }
}
