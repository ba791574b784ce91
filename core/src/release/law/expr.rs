//! Conditions of rules: facts joined by all, any and not, evaluated in three values.

use super::super::fact::{Fact, Facts};
use super::super::tri::Tri;

/// A compiled condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::release) enum Expr {
    /// One fact.
    Fact(Fact),
    /// The opposite.
    Not(Box<Expr>),
    /// Every one; of none, true.
    All(Vec<Expr>),
    /// At least one; of none, false.
    Any(Vec<Expr>),
}

impl Expr {
    /// What always holds.
    pub(in crate::release) const ALWAYS: Self = Self::All(Vec::new());

    /// What the facts make of it.
    pub(in crate::release) fn evaluate(&self, facts: &Facts) -> Tri {
        match self {
            Self::Fact(fact) => facts.get(*fact),
            Self::Not(inner) => inner.evaluate(facts).negate(),
            Self::All(parts) => parts.iter().fold(Tri::True, |so_far, part| so_far.and(part.evaluate(facts))),
            Self::Any(parts) => parts.iter().fold(Tri::False, |so_far, part| so_far.or(part.evaluate(facts))),
        }
    }

    pub(in crate::release) fn negate(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// Facts and the values that they would have to take.
pub(in crate::release) type Way = Vec<(Fact, bool)>;

/// How many ways are kept while they are worked out: the smallest. A rule book whose conditions branch further
/// still gets its shortest ways.
const WAYS: usize = 64;

/// Every smallest set of facts, of those `known` leaves open, that would make the condition come out as `want`.
/// Empty where nothing would; one empty way where it comes out so already.
pub(in crate::release) fn ways(expr: &Expr, known: &Facts, want: bool) -> Vec<Way> {
    match expr {
        Expr::Fact(fact) => match known.get(*fact) {
            Tri::Unknown => vec![vec![(*fact, want)]],
            value if value == Tri::from(want) => vec![Vec::new()],
            _ => Vec::new(),
        },
        Expr::Not(inner) => ways(inner, known, !want),
        Expr::All(parts) if want => together(parts, known, want),
        Expr::Any(parts) if !want => together(parts, known, want),
        Expr::All(parts) | Expr::Any(parts) => {
            smallest(parts.iter().flat_map(|part| ways(part, known, want)).collect())
        }
    }
}

fn together(parts: &[Expr], known: &Facts, want: bool) -> Vec<Way> {
    let mut out = vec![Vec::new()];
    for part in parts {
        let more = ways(part, known, want);
        out = smallest(out.iter().flat_map(|one| more.iter().filter_map(|other| join(one, other))).collect());
        if out.is_empty() {
            break;
        }
    }
    out
}

/// Both ways at once; none where they contradict each other.
fn join(one: &Way, other: &Way) -> Option<Way> {
    let mut out = one.clone();
    for (fact, value) in other {
        match out.binary_search_by_key(fact, |(fact, _)| *fact) {
            Ok(at) if out.get(at).is_some_and(|(_, known)| known != value) => return None,
            Ok(_) => {}
            Err(at) => out.insert(at, (*fact, *value)),
        }
    }
    Some(out)
}

/// Drops what asks for more than another way does.
fn smallest(mut all: Vec<Way>) -> Vec<Way> {
    all.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    all.dedup();
    let mut out: Vec<Way> = Vec::new();
    for way in all {
        if !out.iter().any(|kept| kept.iter().all(|fact| way.contains(fact))) {
            out.push(way);
        }
        if out.len() == WAYS {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(fact: Fact) -> Expr {
        Expr::Fact(fact)
    }

    #[test]
    fn ways_are_the_smallest_sets() {
        let expr = Expr::All(vec![
            fact(Fact::IdentityVerified),
            Expr::Any(vec![
                fact(Fact::Treatment),
                Expr::All(vec![fact(Fact::Payment), fact(Fact::CoveredEntity)]),
                Expr::All(vec![fact(Fact::Treatment), fact(Fact::OwnUse)]),
            ]),
            fact(Fact::Individual).negate(),
        ]);
        let mut known = Facts::default();
        known.set(Fact::Individual, false);
        assert_eq!(
            ways(&expr, &known, true),
            vec![
                vec![(Fact::IdentityVerified, true), (Fact::Treatment, true)],
                vec![(Fact::IdentityVerified, true), (Fact::CoveredEntity, true), (Fact::Payment, true)],
            ]
        );
        known.set(Fact::Treatment, true);
        assert_eq!(ways(&expr, &known, true), vec![vec![(Fact::IdentityVerified, true)]]);
        assert_eq!(ways(&expr, &known, false), vec![vec![(Fact::IdentityVerified, false)]]);
        known.set(Fact::Individual, true);
        assert_eq!(ways(&expr, &known, true), Vec::<Way>::new());
        assert_eq!(ways(&expr, &known, false), vec![Vec::<(Fact, bool)>::new()]);
    }

    #[test]
    fn a_way_never_wants_a_fact_both_ways() {
        let expr = Expr::All(vec![fact(Fact::Treatment), fact(Fact::Treatment).negate()]);
        assert_eq!(ways(&expr, &Facts::default(), true), Vec::<Way>::new());
        assert_eq!(expr.evaluate(&Facts::default()), Tri::Unknown);
    }
}
