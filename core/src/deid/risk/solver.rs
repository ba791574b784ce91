//! The solver: of all choices of levels the one that keeps most, among those that meet the demands.
//!
//! The choices form a lattice. Each has a lower bound of its loss, the one that it would have without suppressed rows:
//! it follows from the columns one by one, and grows along the lattice, so choices are looked at in the order of
//! their bounds, and the search ends when the next bound is no better than the best found: that one is optimal. A choice
//! that suppresses too many rows by the size of its classes alone rules out every finer one (monotony); to find such
//! ones early, a path upwards is searched by halves. Work is done in rounds of a fixed number of choices, so the
//! result and the number of checks are the same with any number of threads.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::classes::{Base, Members, Spread, Spreads};
use super::hierarchy::Hierarchy;

/// Choices that are looked at in one round.
const ROUND: usize = 8;

/// The most choices that are taken from the queue.
const MOST_VISITED: usize = 2_000_000;

/// What a table must meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Demands {
    pub(super) k: u32,
    /// The most rows that may be suppressed.
    pub(super) suppressed: usize,
    pub(super) distinct: usize,
    pub(super) entropy: f64,
    pub(super) distance: Option<f64>,
}

impl Demands {
    fn of_values(&self) -> bool {
        self.distinct > 1 || self.entropy > 1.0 || self.distance.is_some()
    }

    fn met_by(&self, spread: &Spread) -> bool {
        // The values of a logarithm are not exact.
        spread.distinct >= self.distinct
            && spread.entropy >= self.entropy - 1e-9
            && self.distance.is_none_or(|most| spread.distance <= most + 1e-9)
    }
}

/// What became of a choice of levels.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// Classes are too small: every finer choice fails as well.
    TooSmall,
    /// Classes are not diverse enough.
    Fails,
    /// It meets the demands at this loss.
    Meets { loss: f64 },
}

/// The answer of the solver.
pub(super) struct Solution {
    pub(super) levels: Vec<u8>,
    pub(super) loss: f64,
    pub(super) checks: usize,
    /// Nothing better exists; false where the budget ended first.
    pub(super) optimal: bool,
}

/// A table with its hierarchies and demands.
pub(super) struct Problem<'t> {
    pub(super) base: &'t Base,
    pub(super) hierarchies: &'t [Hierarchy],
    pub(super) demands: Demands,
    /// What each column counts for, together 1.
    pub(super) weights: Vec<f64>,
    /// By column and level: the loss of all rows.
    averages: Vec<Vec<f64>>,
}

/// The rows that go at a choice of levels.
pub(super) struct Cut {
    /// By distinct row: its class.
    pub(super) classes: Vec<u32>,
    pub(super) count: usize,
    /// By class: whether its rows are suppressed.
    pub(super) suppressed: Vec<bool>,
    pub(super) suppressed_rows: usize,
    too_small: bool,
}

impl<'t> Problem<'t> {
    pub(super) fn new(
        base: &'t Base,
        hierarchies: &'t [Hierarchy],
        demands: Demands,
        weights: Vec<f64>,
    ) -> Self {
        let mut averages = Vec::with_capacity(hierarchies.len());
        for (hierarchy, codes) in hierarchies.iter().zip(&base.codes) {
            let of_level = |level: &super::hierarchy::Level| {
                let each = codes.iter().zip(&base.counts).map(|(code, count)| {
                    let code = level.codes.get(*code as usize).copied().unwrap_or_default();
                    level.shares.get(code as usize).copied().unwrap_or(1.0) * f64::from(*count)
                });
                each.sum::<f64>() / base.rows.max(1) as f64
            };
            averages.push(hierarchy.levels.iter().map(of_level).collect());
        }
        Self { base, hierarchies, demands, weights, averages }
    }

    /// How many choices there are.
    pub(super) fn size(&self) -> u128 {
        self.hierarchies.iter().map(|hierarchy| hierarchy.levels.len() as u128).product()
    }

    fn top(&self) -> Vec<u8> {
        self.hierarchies.iter().map(|hierarchy| hierarchy.levels.len().saturating_sub(1) as u8).collect()
    }

    /// The loss without suppressed rows.
    fn bound(&self, levels: &[u8]) -> f64 {
        let each = self.averages.iter().zip(levels).zip(&self.weights);
        each.map(|((averages, level), weight)| {
            averages.get(usize::from(*level)).copied().unwrap_or(1.0) * weight
        })
        .sum()
    }

    /// Which classes go.
    pub(super) fn cut(&self, levels: &[u8]) -> Cut {
        let (classes, count) = self.base.classes(self.hierarchies, levels);
        let mut sizes = vec![0u32; count];
        for (class, rows) in classes.iter().zip(&self.base.counts) {
            if let Some(size) = sizes.get_mut(*class as usize) {
                *size += rows;
            }
        }
        let mut suppressed: Vec<bool> = sizes.iter().map(|size| *size < self.demands.k).collect();
        let rows = |suppressed: &[bool]| -> usize {
            suppressed.iter().zip(&sizes).filter(|(gone, _)| **gone).map(|(_, size)| *size as usize).sum()
        };
        let mut suppressed_rows = rows(&suppressed);
        let too_small = suppressed_rows > self.demands.suppressed;
        if !too_small && self.demands.of_values() {
            let members = Members::of(&classes, count);
            for sensitive in &self.base.sensitive {
                let mut spreads = Spreads::new(sensitive);
                for (class, gone) in suppressed.iter_mut().enumerate() {
                    if !*gone && !self.demands.met_by(&spreads.of(members.of_class(class))) {
                        *gone = true;
                    }
                }
            }
            suppressed_rows = rows(&suppressed);
        }
        Cut { classes, count, suppressed, suppressed_rows, too_small }
    }

    fn check(&self, levels: &[u8]) -> Outcome {
        let cut = self.cut(levels);
        if cut.too_small {
            return Outcome::TooSmall;
        }
        if cut.suppressed_rows > self.demands.suppressed {
            return Outcome::Fails;
        }
        Outcome::Meets {
            loss: self
                .losses(levels, &cut)
                .iter()
                .zip(&self.weights)
                .map(|(loss, weight)| loss * weight)
                .sum(),
        }
    }

    /// The loss of each column, from 0 to 1: a cell loses the part of its column's domain that its value covers, a
    /// suppressed one everything.
    pub(super) fn losses(&self, levels: &[u8], cut: &Cut) -> Vec<f64> {
        let rows = self.base.rows.max(1) as f64;
        let columns = self.hierarchies.iter().zip(&self.base.codes).zip(levels);
        columns
            .map(|((hierarchy, codes), level)| {
                let Some(level) = hierarchy.levels.get(usize::from(*level)) else { return 1.0 };
                let mut total = cut.suppressed_rows as f64;
                for ((code, class), count) in codes.iter().zip(&cut.classes).zip(&self.base.counts) {
                    if !cut.suppressed.get(*class as usize).copied().unwrap_or(true) {
                        let code = level.codes.get(*code as usize).copied().unwrap_or_default();
                        total += level.shares.get(code as usize).copied().unwrap_or(1.0) * f64::from(*count);
                    }
                }
                total / rows
            })
            .collect()
    }

    /// The best choice of levels; none where not even the coarsest meets the demands.
    pub(super) fn solve(&self, threads: usize, budget: usize) -> Option<Solution> {
        let mut search = Search {
            problem: self,
            top: self.top(),
            known: HashMap::new(),
            failed: Vec::new(),
            best: None,
            checks: 0,
        };
        let bottom = vec![0u8; self.hierarchies.len()];
        let first = search.probe(&bottom);
        search.learn(first);
        search.descend(budget / 4);
        let optimal = search.by_bound(bottom, threads.max(1), budget);
        let (loss, levels) = search.best?;
        Some(Solution { levels, loss, checks: search.checks, optimal })
    }
}

/// A place in the queue: the lowest bound first, then the finest levels.
#[derive(PartialEq)]
struct Queued(f64, Vec<u8>);

impl Eq for Queued {}

impl Ord for Queued {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then_with(|| self.1.cmp(&other.1))
    }
}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

type Learned = Vec<(Vec<u8>, Outcome)>;

struct Search<'p, 't> {
    problem: &'p Problem<'t>,
    top: Vec<u8>,
    known: HashMap<Vec<u8>, Outcome>,
    /// The coarsest choices whose classes are too small.
    failed: Vec<Vec<u8>>,
    best: Option<(f64, Vec<u8>)>,
    checks: usize,
}

fn is_finer(levels: &[u8], than: &[u8]) -> bool {
    levels.iter().zip(than).all(|(a, b)| a <= b)
}

impl Search<'_, '_> {
    fn is_ruled_out(&self, levels: &[u8]) -> bool {
        self.failed.iter().any(|failed| is_finer(levels, failed))
    }

    /// Takes what was found out, in the order in which it was asked.
    fn learn(&mut self, learned: Learned) {
        for (levels, outcome) in learned {
            if self.known.contains_key(&levels) {
                continue;
            }
            self.checks += 1;
            match outcome {
                Outcome::TooSmall if !self.is_ruled_out(&levels) => {
                    self.failed.retain(|finer| !is_finer(finer, &levels));
                    self.failed.push(levels.clone());
                }
                Outcome::Meets { loss } => {
                    let better = self.best.as_ref().is_none_or(|(best, of)| {
                        loss < *best - 1e-12 || (loss <= *best + 1e-12 && levels < *of)
                    });
                    if better {
                        self.best = Some((loss, levels.clone()));
                    }
                }
                Outcome::TooSmall | Outcome::Fails => {}
            }
            self.known.insert(levels, outcome);
        }
    }

    fn successors(&self, levels: &[u8]) -> Vec<Vec<u8>> {
        let raised = |at: usize| {
            let mut next = levels.to_vec();
            let slot = next.get_mut(at)?;
            *slot += 1;
            (*slot <= self.top.get(at).copied().unwrap_or_default()).then_some(next)
        };
        (0..levels.len()).filter_map(raised).collect()
    }

    /// Checks a choice, and searches by halves a path from it to the coarsest for where classes become large enough.
    fn probe(&self, levels: &[u8]) -> Learned {
        let mut path = vec![levels.to_vec()];
        while let Some(next) = path.last().and_then(|last| {
            let bound = |levels: &Vec<u8>| self.problem.bound(levels);
            self.successors(last).into_iter().min_by(|a, b| bound(a).total_cmp(&bound(b)))
        }) {
            path.push(next);
        }
        let mut learned: Learned = Vec::new();
        let mut is_small = |at: usize| -> bool {
            let Some(levels) = path.get(at) else { return false };
            if self.is_ruled_out(levels) {
                return true;
            }
            let known = self.known.get(levels).cloned();
            let outcome = known.unwrap_or_else(|| self.problem.check(levels));
            let small = outcome == Outcome::TooSmall;
            learned.push((levels.clone(), outcome));
            small
        };
        if is_small(0) {
            let (mut low, mut high) = (0, path.len().saturating_sub(1));
            while low + 1 < high {
                let middle = low.midpoint(high);
                if is_small(middle) { low = middle } else { high = middle }
            }
            if high > low {
                is_small(high);
            }
        }
        learned
    }

    /// From the best found, one level finer at a time as long as that is better.
    fn descend(&mut self, budget: usize) {
        while let Some((loss, levels)) = self.best.clone() {
            let mut learned = Vec::new();
            for at in 0..levels.len() {
                let mut finer = levels.clone();
                let Some(slot) = finer.get_mut(at).filter(|level| **level > 0) else { continue };
                *slot -= 1;
                if !self.known.contains_key(&finer) && !self.is_ruled_out(&finer) {
                    let outcome = self.problem.check(&finer);
                    learned.push((finer, outcome));
                }
            }
            self.learn(learned);
            if self.best.as_ref().is_none_or(|(now, _)| *now >= loss) || self.checks >= budget {
                return;
            }
        }
    }

    /// Looks at choices in the order of their bounds; whether the best found is the best there is.
    fn by_bound(&mut self, bottom: Vec<u8>, threads: usize, budget: usize) -> bool {
        let mut queue = BinaryHeap::new();
        let mut seen: HashSet<Vec<u8>> = HashSet::new();
        queue.push(Reverse(Queued(self.problem.bound(&bottom), bottom)));
        let mut visited = 0;
        loop {
            let mut round: Vec<Vec<u8>> = Vec::new();
            while round.len() < ROUND {
                let Some(Reverse(Queued(bound, levels))) = queue.pop() else { break };
                if self.best.as_ref().is_some_and(|(loss, _)| bound >= *loss - 1e-12) {
                    queue.clear();
                    break;
                }
                visited += 1;
                for next in self.successors(&levels) {
                    let bound = self.problem.bound(&next);
                    let hopeless = self.best.as_ref().is_some_and(|(loss, _)| bound >= *loss - 1e-12);
                    if !hopeless && seen.insert(next.clone()) {
                        queue.push(Reverse(Queued(bound, next)));
                    }
                }
                if !self.known.contains_key(&levels) && !self.is_ruled_out(&levels) {
                    round.push(levels);
                }
                if visited > MOST_VISITED {
                    return false;
                }
            }
            if round.is_empty() && queue.is_empty() {
                return true;
            }
            if self.checks >= budget {
                return false;
            }
            for learned in self.in_parallel(&round, threads) {
                self.learn(learned);
            }
        }
    }

    /// Probes the choices of a round; the answers in their order.
    fn in_parallel(&self, round: &[Vec<u8>], threads: usize) -> Vec<Learned> {
        let all = |part: &[Vec<u8>]| part.iter().map(|levels| self.probe(levels)).collect::<Vec<_>>();
        if threads < 2 || round.len() < 2 {
            return all(round);
        }
        std::thread::scope(|scope| {
            let all = &all;
            let parts = round.chunks(round.len().div_ceil(threads));
            let workers: Vec<_> = parts.map(|part| (part, scope.spawn(move || all(part)))).collect();
            // What a worker did not finish is done here: no choice may stay unknown.
            workers
                .into_iter()
                .flat_map(|(part, worker)| worker.join().unwrap_or_else(|_| all(part)))
                .collect()
        })
    }
}
