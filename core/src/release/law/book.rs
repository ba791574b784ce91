//! The rules found by what a request must have for them to hold, so that a facility's thousands of rules for others
//! cost a request nothing.

use std::collections::HashMap;

use super::super::fact::Fact;
use super::super::facts::Facts;
use super::super::request::Day;
use super::super::sensitivity::{Classes, Sensitivity};
use super::super::tri::Tri;
use super::expr::Expr;
use super::{Effect, Rule};

/// A fact of the request, and the value without which a rule cannot hold.
type Need = (Fact, bool);

/// The index. Rules are named by their place in the list that it was made of.
#[derive(Debug, Clone, Default)]
pub(in crate::release) struct Book {
    /// Rules that need a fact of the request to be so; the first that none needs.
    groups: Vec<(Option<Need>, Vec<usize>)>,
    /// Rules for a requester of one name.
    named: HashMap<String, Vec<usize>>,
    /// Classes that some rule names by themselves.
    pub(in crate::release) classes: Classes,
    /// Whether some rule names a kind of entry.
    pub(in crate::release) kinds: bool,
    /// Facts about the content of segments, with the obstacles that name them.
    obstacles: Vec<(Fact, Vec<usize>)>,
}

impl Book {
    pub(in crate::release) fn of(rules: &[Rule]) -> Self {
        let mut out = Self { groups: vec![(None, Vec::new())], ..Self::default() };
        let mut places: HashMap<Need, usize> = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            let (classes, kinds) = rule.when.asks_of_content();
            out.classes = out.classes.with(classes);
            out.kinds |= kinds;
            if matches!(rule.effect, Effect::Prohibit | Effect::Defer) {
                rule.when.each_fact(true, &mut |fact, _| {
                    if fact.is_of_segment() {
                        match out.obstacles.iter_mut().find(|(known, _)| *known == fact) {
                            Some((_, rules)) => rules.push(at),
                            None => out.obstacles.push((fact, vec![at])),
                        }
                    }
                });
            }
            let parts = rule.when.conjuncts();
            let name = parts.iter().find_map(|part| match part {
                Expr::Named(name) => Some(name),
                _ => None,
            });
            if let Some(name) = name {
                out.named.entry(name.clone()).or_default().push(at);
                continue;
            }
            let place = match need(parts) {
                None => 0,
                Some(need) => *places.entry(need).or_insert_with(|| {
                    out.groups.push((Some(need), Vec::new()));
                    out.groups.len() - 1
                }),
            };
            if let Some((_, group)) = out.groups.get_mut(place) {
                group.push(at);
            }
        }
        out
    }

    /// The classes that some obstacle of the day speaks of, under the law that applies to the holder.
    pub(in crate::release) fn classes_named(
        &self,
        day: Day,
        rules: &[Rule],
        facts: &Facts,
        sensitivity: &Sensitivity,
    ) -> Classes {
        let holds = |at: &usize| {
            rules
                .get(*at)
                .is_some_and(|rule| rule.holds_on(day) && rule.applies.evaluate(facts) != Tri::False)
        };
        let named = |fact: Fact| {
            self.obstacles.iter().any(|(known, rules)| *known == fact && rules.iter().any(holds))
        };
        sensitivity
            .facts()
            .iter()
            .filter(|(fact, _)| named(*fact))
            .fold(Classes::NONE, |all, (_, classes)| all.with(*classes))
    }

    /// The rules that can hold for a request with these facts, in their order. Every rule left out certainly does not.
    pub(in crate::release) fn candidates(&self, facts: &Facts) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for (need, group) in &self.groups {
            let open = need.is_none_or(|(fact, value)| facts.get(fact) != Tri::from(!value));
            if open {
                out.extend(group);
            }
        }
        match &facts.requester {
            Some(name) => out.extend(self.named.get(name).into_iter().flatten()),
            None => out.extend(self.named.values().flatten()),
        }
        out.sort_unstable();
        out
    }
}

/// The fact of the request that a condition needs most: who asks and why tell most rules apart.
fn need(parts: &[Expr]) -> Option<Need> {
    let literal = |part: &Expr| match part {
        Expr::Fact(fact) => Some((*fact, true)),
        Expr::Not(inner) => match **inner {
            Expr::Fact(fact) => Some((fact, false)),
            _ => None,
        },
        Expr::Checklist(presented, _) => Some((*presented, true)),
        _ => None,
    };
    let all: Vec<(Fact, bool)> =
        parts.iter().filter_map(literal).filter(|(fact, _)| !fact.is_of_segment()).collect();
    let telling =
        |(fact, value): &&(Fact, bool)| *value && matches!(fact.group(), "requester" | "purpose" | "claim");
    let local = |(fact, _): &&(Fact, bool)| *fact != Fact::JurisdictionUs;
    all.iter().find(telling).or_else(|| all.iter().find(local)).or_else(|| all.first()).copied()
}
