//! Conditions of rules: facts joined by all, any and not, evaluated in three values.

use super::super::fact::Fact;
use super::super::facts::Facts;
use super::super::sensitivity::Classes;
use super::super::tri::Tri;
use crate::formats::field::EntryKind;

/// A compiled condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::release) enum Expr {
    /// One fact.
    Fact(Fact),
    /// The opposite.
    Not(Box<Expr>),
    /// Every one; of none, true.
    All(Vec<Expr>),
    /// At least one; of none, false.
    Any(Vec<Expr>),
    /// A document is as it must be: every element, all of which stand or fall with the document's presence.
    Checklist(Fact, Vec<Expr>),
    /// The one who asks has this name, as names are compared.
    Named(String),
    /// The segment belongs to one of these classes.
    Class(Classes),
    /// The segment is of this kind.
    Kind(EntryKind),
}

impl Expr {
    /// What always holds.
    pub(in crate::release) const ALWAYS: Self = Self::All(Vec::new());

    /// What the facts make of it.
    pub(in crate::release) fn evaluate(&self, facts: &Facts) -> Tri {
        match self {
            Self::Fact(fact) => facts.get(*fact),
            Self::Not(inner) => inner.evaluate(facts).negate(),
            Self::All(parts) | Self::Checklist(_, parts) => {
                let mut all = Tri::True;
                for part in parts {
                    all = all.and(part.evaluate(facts));
                    if all == Tri::False {
                        break;
                    }
                }
                all
            }
            Self::Any(parts) => {
                let mut any = Tri::False;
                for part in parts {
                    any = any.or(part.evaluate(facts));
                    if any == Tri::True {
                        break;
                    }
                }
                any
            }
            Self::Named(name) => facts.requester.as_ref().map(|known| known == name).into(),
            Self::Class(classes) => match facts.segment {
                None => Tri::Unknown,
                Some(content) if content.classes.meets(*classes) => Tri::True,
                Some(content) if content.unread => Tri::Unknown,
                Some(_) => Tri::False,
            },
            Self::Kind(kind) => facts.segment.map(|content| content.kind == *kind).into(),
        }
    }

    pub(in crate::release) fn negate(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Calls `see` with every fact and the polarity in which it stands: true where the fact's truth helps the
    /// condition to hold.
    pub(in crate::release) fn each_fact(&self, helps: bool, see: &mut impl FnMut(Fact, bool)) {
        match self {
            Self::Fact(fact) => see(*fact, helps),
            Self::Not(inner) => inner.each_fact(!helps, see),
            Self::All(parts) | Self::Any(parts) | Self::Checklist(_, parts) => {
                parts.iter().for_each(|part| part.each_fact(helps, see));
            }
            Self::Named(_) | Self::Class(_) | Self::Kind(_) => {}
        }
    }

    /// The classes and whether kinds are named anywhere in it.
    pub(in crate::release) fn asks_of_content(&self) -> (Classes, bool) {
        match self {
            Self::Class(classes) => (*classes, false),
            Self::Kind(_) => (Classes::NONE, true),
            Self::Fact(_) | Self::Named(_) => (Classes::NONE, false),
            Self::Not(inner) => inner.asks_of_content(),
            Self::All(parts) | Self::Any(parts) | Self::Checklist(_, parts) => parts
                .iter()
                .map(Self::asks_of_content)
                .fold((Classes::NONE, false), |all, one| (all.0.with(one.0), all.1 || one.1)),
        }
    }

    /// Parts that must all hold for the condition to hold.
    pub(in crate::release) fn conjuncts(&self) -> &[Self] {
        match self {
            Self::All(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }
}

/// Facts and the values that they would have to take.
pub(in crate::release) type Way = Vec<(Fact, bool)>;

/// How many ways are kept while they are worked out: the smallest. A rule book whose conditions branch further
/// still gets its shortest ways.
const WAYS: usize = 64;

/// What counts as one step on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::release) enum Step {
    /// A fact.
    Fact,
    /// A fact, or a document with all of its elements: the fact that it is presented stands for the whole.
    Document,
}

/// Every smallest set of facts, of those `known` leaves open, that would make the condition come out as `want`.
/// Empty where nothing would; one empty way where it comes out so already.
pub(in crate::release) fn ways(expr: &Expr, known: &Facts, want: bool, step: Step) -> Vec<Way> {
    // What is settled asks for nothing, or cannot be had.
    match expr.evaluate(known) {
        Tri::Unknown => {}
        value if value == Tri::from(want) => return vec![Way::new()],
        _ => return Vec::new(),
    }
    match expr {
        // That a document should be worse is no way to anything.
        Expr::Checklist(..) if step == Step::Document && !want => Vec::new(),
        Expr::Checklist(presented, _) if step == Step::Document => vec![vec![(*presented, true)]],
        // Nobody can answer with a yes or a no.
        Expr::Named(_) | Expr::Class(_) | Expr::Kind(_) => Vec::new(),
        Expr::Fact(fact) => vec![vec![(*fact, want)]],
        Expr::Not(inner) => ways(inner, known, !want, step),
        Expr::All(parts) | Expr::Checklist(_, parts) if want => together(parts, known, want, step),
        Expr::Any(parts) if !want => together(parts, known, want, step),
        Expr::All(parts) | Expr::Any(parts) | Expr::Checklist(_, parts) => {
            smallest(parts.iter().flat_map(|part| ways(part, known, want, step)).collect())
        }
    }
}

fn together(parts: &[Expr], known: &Facts, want: bool, step: Step) -> Vec<Way> {
    let mut out = vec![Vec::new()];
    for part in parts {
        // What is settled adds nothing, and is most of a condition.
        match part.evaluate(known) {
            Tri::Unknown => out = both(out, &ways(part, known, want, step)),
            value if value == Tri::from(want) => {}
            _ => out.clear(),
        }
        if out.is_empty() {
            break;
        }
    }
    out
}

/// A way of the one list together with one of the other, where they do not contradict each other; the smallest.
pub(in crate::release) fn both(one: Vec<Way>, other: &[Way]) -> Vec<Way> {
    // What holds already, or cannot, asks for nothing to be joined.
    match (one.as_slice(), other) {
        ([], _) | (_, []) => Vec::new(),
        (_, [only]) if only.is_empty() => one,
        ([only], all) if only.is_empty() => all.to_vec(),
        _ => smallest(one.iter().flat_map(|one| other.iter().filter_map(|other| join(one, other))).collect()),
    }
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
pub(in crate::release) fn smallest(mut all: Vec<Way>) -> Vec<Way> {
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
            ways(&expr, &known, true, Step::Fact),
            vec![
                vec![(Fact::IdentityVerified, true), (Fact::Treatment, true)],
                vec![(Fact::IdentityVerified, true), (Fact::CoveredEntity, true), (Fact::Payment, true)],
            ]
        );
        known.set(Fact::Treatment, true);
        assert_eq!(ways(&expr, &known, true, Step::Fact), vec![vec![(Fact::IdentityVerified, true)]]);
        assert_eq!(ways(&expr, &known, false, Step::Fact), vec![vec![(Fact::IdentityVerified, false)]]);
        known.set(Fact::Individual, true);
        assert_eq!(ways(&expr, &known, true, Step::Fact), Vec::<Way>::new());
        assert_eq!(ways(&expr, &known, false, Step::Fact), vec![Vec::<(Fact, bool)>::new()]);
    }

    #[test]
    fn a_way_never_wants_a_fact_both_ways() {
        let expr = Expr::All(vec![fact(Fact::Treatment), fact(Fact::Treatment).negate()]);
        assert_eq!(ways(&expr, &Facts::default(), true, Step::Fact), Vec::<Way>::new());
        assert_eq!(expr.evaluate(&Facts::default()), Tri::Unknown);
    }
}
