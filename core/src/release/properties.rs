//! The promises of the lattice, on rules and facts that a generator made up.

use proptest::prelude::*;

use super::decision::SegmentOutcome;
use super::fact::Fact;
use super::facts::Facts;
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
    let mut of_segment = 0;
    when.each_fact(true, &mut |fact, _| of_segment |= fact.segment_bit());
    Rule {
        of_segment,
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

/// The rules of the embedded packs.
fn real_rules() -> &'static [Rule] {
    &super::law::Law::embedded().unwrap().rules
}

/// Facts under which some rule of the embedded packs that speaks for a release holds or nearly does, with others at
/// random.
fn real_facts() -> impl Strategy<Value = Facts> {
    let speaking: Vec<usize> = (0..real_rules().len())
        .filter(|at| matches!(real_rules()[*at].effect, Effect::Permit | Effect::Require))
        .collect();
    let others = proptest::collection::vec((0..Fact::COUNT, 0usize..3), 0..14);
    let rest = prop_oneof![3 => Just(Tri::False), 1 => Just(Tri::Unknown)];
    (proptest::sample::select(speaking), others, rest).prop_map(|(at, others, rest)| {
        let mut facts = Facts::default();
        Fact::ALL.iter().for_each(|fact| facts.set(*fact, rest));
        for fact in [
            Fact::IdentityVerified,
            Fact::AuthorityVerified,
            Fact::OnePatient,
            Fact::PatientMatches,
            Fact::SegmentOfPatient,
            Fact::AskedFor,
            Fact::AsksCopy,
            Fact::JurisdictionUs,
            Fact::MinimumNecessaryReviewed,
        ] {
            facts.set(fact, true);
        }
        real_rules()[at].when.each_fact(true, &mut |fact, helps| facts.set(fact, helps));
        others.into_iter().for_each(|(fact, value)| facts.set(Fact::ALL[fact], Tri::ALL[value]));
        facts
    })
}

/// A condition that some rule of the embedded packs has.
fn real_condition() -> impl Strategy<Value = Expr> {
    (0..real_rules().len()).prop_map(|at| real_rules()[at].when.clone())
}

fn holding(rules: &[Rule], facts: &Facts, effect: Effect) -> Vec<usize> {
    let holds =
        |rule: &Rule| rule.effect == effect && rule.holds_on(day()) && rule.when.evaluate(facts) == Tri::True;
    (0..rules.len()).filter(|at| holds(&rules[*at])).collect()
}

proptest! {
    #![proptest_config(crate::text::cases(400))]

    #[test]
    fn of_the_law_nothing_goes_without_a_rule_that_speaks_for_it(facts in real_facts()) {
        let rules = real_rules();
        let speaking =
            [holding(rules, &facts, Effect::Permit), holding(rules, &facts, Effect::Require)].concat();
        prop_assert!(!outcome(rules, &facts).is_released() || !speaking.is_empty());
        let silent: Vec<Rule> =
            rules.iter().enumerate().filter(|(at, _)| !speaking.contains(at)).map(|(_, rule)| rule.clone()).collect();
        prop_assert!(!outcome(&silent, &facts).is_released());
    }

    #[test]
    fn of_the_law_one_prohibition_more_never_adds_a_release(
        facts in real_facts(), when in real_condition(), absolute in proptest::bool::ANY
    ) {
        let more = [real_rules(), &[rule(900, Effect::Prohibit, when, absolute)]].concat();
        let (before, after) = (outcome(real_rules(), &facts), outcome(&more, &facts));
        prop_assert!(before.is_released() || !after.is_released());
    }

    #[test]
    fn of_the_law_a_permission_never_overrides_a_prohibition(facts in real_facts(), when in real_condition()) {
        let rules = real_rules();
        let prohibiting = holding(rules, &facts, Effect::Prohibit);
        let absolute = prohibiting.iter().any(|at| rules[*at].even_if_required);
        let required = !holding(rules, &facts, Effect::Require).is_empty();
        let more =
            [rules, &[rule(900, Effect::Permit, when, false), rule(901, Effect::Permit, Expr::ALWAYS, false)]].concat();
        if absolute || (!prohibiting.is_empty() && !required) {
            prop_assert!(!outcome(&more, &facts).is_released());
        }
    }

    #[test]
    fn of_the_law_the_order_of_rules_is_irrelevant(facts in real_facts(), turn in 0usize..1000) {
        let mut turned = real_rules().to_vec();
        let by = turn % turned.len();
        turned.rotate_left(by);
        turned.reverse();
        prop_assert_eq!(outcome(real_rules(), &facts), outcome(&turned, &facts));
    }

    #[test]
    fn of_the_law_unknown_never_yields_more_than_known_would(
        facts in real_facts(), values in proptest::collection::vec(proptest::bool::ANY, Fact::COUNT)
    ) {
        let now = outcome(real_rules(), &facts);
        let mut known = facts.clone();
        for (fact, value) in Fact::ALL.iter().zip(values) {
            if facts.get(*fact) == Tri::Unknown {
                known.set(*fact, value);
            }
        }
        let then = outcome(real_rules(), &known);
        prop_assert!(!now.is_released() || then.is_released());
        prop_assert!(now != SegmentOutcome::Withhold || !then.is_released());
    }
}

/// The generator reaches what it is for: releases, requirements, prohibitions and open questions.
#[test]
fn facts_of_the_law_reach_every_outcome() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = real_facts();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..600 {
        let facts = strategy.new_tree(&mut runner).unwrap().current();
        *seen.entry(outcome(real_rules(), &facts).as_str()).or_insert(0) += 1;
    }
    for wanted in ["must_release", "release", "withhold", "needs_information"] {
        assert!(seen.get(wanted).is_some_and(|count| *count >= 15), "{seen:?}");
    }
}
