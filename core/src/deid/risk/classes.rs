//! Equivalence classes: the rows of a table that look alike under one choice of levels, and what can be said of them.

use super::csv::Column;
use super::hierarchy::Hierarchy;

/// Distinct rows of the quasi-identifiers, with how often each stands and what is sensitive about it.
pub(super) struct Base {
    /// By quasi-identifier, by distinct row: the code of the value.
    pub(super) codes: Vec<Vec<u32>>,
    pub(super) counts: Vec<u32>,
    /// By row of the table: its distinct row.
    pub(super) of_row: Vec<u32>,
    pub(super) rows: usize,
    /// By sensitive column.
    pub(super) sensitive: Vec<Sensitive>,
}

/// A sensitive column over distinct rows.
pub(super) struct Sensitive {
    /// By distinct row, where its values begin in `values`; one more than there are.
    starts: Vec<u32>,
    /// Values with how often each stands.
    values: Vec<(u32, u32)>,
    /// The part of all rows that has each value.
    pub(super) overall: Vec<f64>,
    /// For an ordered distance: the place of each value in the order. None where values have no order.
    order: Option<Vec<u32>>,
}

impl Base {
    pub(super) fn of(quasi: &[&Column], sensitive: &[&Column], rows: usize) -> Self {
        let code = |column: &Column, row: u32| column.codes.get(row as usize).copied().unwrap_or_default();
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_unstable_by(|a, b| {
            let by_columns = quasi.iter().map(|column| code(column, *a).cmp(&code(column, *b)));
            by_columns.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.cmp(b))
        });
        let mut base = Self {
            codes: vec![Vec::new(); quasi.len()],
            counts: Vec::new(),
            of_row: vec![0; rows],
            rows,
            sensitive: Vec::new(),
        };
        let mut last: Option<u32> = None;
        for row in &order {
            let same =
                last.is_some_and(|last| quasi.iter().all(|column| code(column, last) == code(column, *row)));
            if !same {
                for (codes, column) in base.codes.iter_mut().zip(quasi) {
                    codes.push(code(column, *row));
                }
                base.counts.push(0);
            }
            let group = base.counts.len() - 1;
            if let Some(count) = base.counts.last_mut() {
                *count += 1;
            }
            if let Some(slot) = base.of_row.get_mut(*row as usize) {
                *slot = group as u32;
            }
            last = Some(*row);
        }
        base.sensitive = sensitive.iter().map(|column| Sensitive::of(column, &order, &base)).collect();
        base
    }

    /// How many distinct rows.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// The class of every distinct row at these levels, and how many classes there are.
    pub(super) fn classes(&self, hierarchies: &[Hierarchy], levels: &[u8]) -> (Vec<u32>, usize) {
        let mut ids: Vec<u64> = vec![0; self.len()];
        let mut range: u64 = 1;
        for ((codes, hierarchy), level) in self.codes.iter().zip(hierarchies).zip(levels) {
            let Some(level) = hierarchy.levels.get(usize::from(*level)) else { continue };
            let size = level.texts.len().max(1) as u64;
            if size == 1 {
                continue;
            }
            if range.checked_mul(size).is_none() {
                range = dense(&mut ids, range) as u64;
            }
            for (id, code) in ids.iter_mut().zip(codes) {
                *id = *id * size + u64::from(level.codes.get(*code as usize).copied().unwrap_or_default());
            }
            range = range.saturating_mul(size);
        }
        let count = dense(&mut ids, range);
        (ids.into_iter().map(|id| id as u32).collect(), count)
    }
}

/// Renumbers ids from 0 in the order in which they are met; how many there are comes back.
fn dense(ids: &mut [u64], range: u64) -> usize {
    const NONE: u32 = u32::MAX;
    let mut next = 0u32;
    if range <= 4 * ids.len() as u64 + 1024 {
        let mut known = vec![NONE; range as usize];
        for id in ids.iter_mut() {
            let Some(slot) = known.get_mut(*id as usize) else { continue };
            if *slot == NONE {
                *slot = next;
                next += 1;
            }
            *id = u64::from(*slot);
        }
        return next as usize;
    }
    // Open addressing, at most half full.
    let bits = (2 * ids.len().max(8)).next_power_of_two().trailing_zeros();
    let mask = (1usize << bits) - 1;
    let mut keys: Vec<(u64, u32)> = vec![(0, NONE); mask + 1];
    for id in ids.iter_mut() {
        let mut at = (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize;
        while let Some(slot) = keys.get_mut(at) {
            if slot.1 == NONE {
                *slot = (*id, next);
                next += 1;
            }
            if slot.0 == *id {
                *id = u64::from(slot.1);
                break;
            }
            at = (at + 1) & mask;
        }
    }
    next as usize
}

impl Sensitive {
    fn of(column: &Column, order: &[u32], base: &Base) -> Self {
        let mut starts = Vec::with_capacity(base.len() + 1);
        let mut values: Vec<(u32, u32)> = Vec::new();
        let mut overall = vec![0.0; column.values.len()];
        let mut rows = order.iter().map(|row| {
            let group = base.of_row.get(*row as usize).copied().unwrap_or_default();
            (group, column.codes.get(*row as usize).copied().unwrap_or_default())
        });
        let mut pending = rows.next();
        for group in 0..base.len() as u32 {
            starts.push(values.len() as u32);
            let mut mine = Vec::new();
            while let Some((_, value)) = pending.filter(|(of, _)| *of == group) {
                mine.push(value);
                pending = rows.next();
            }
            mine.sort_unstable();
            for run in mine.chunk_by(|a, b| a == b) {
                if let Some(value) = run.first() {
                    values.push((*value, run.len() as u32));
                }
            }
        }
        starts.push(values.len() as u32);
        for (value, count) in &values {
            if let Some(share) = overall.get_mut(*value as usize) {
                *share += f64::from(*count) / base.rows.max(1) as f64;
            }
        }
        Self { starts, values, overall, order: numeric_order(column) }
    }

    fn of_group(&self, group: u32) -> &[(u32, u32)] {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or_default() as usize;
        self.values.get(at(group as usize)..at(group as usize + 1)).unwrap_or_default()
    }
}

/// The place of each value among numbers, where all are numbers.
fn numeric_order(column: &Column) -> Option<Vec<u32>> {
    let numbers: Option<Vec<f64>> =
        column.values.iter().map(|value| value.trim().parse().ok().filter(|n: &f64| n.is_finite())).collect();
    let numbers = numbers.filter(|numbers| numbers.len() > 1)?;
    let mut sorted: Vec<usize> = (0..numbers.len()).collect();
    let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
    sorted.sort_by(|a, b| number(*a).total_cmp(&number(*b)));
    let mut order = vec![0; numbers.len()];
    for (place, at) in sorted.into_iter().enumerate() {
        if let Some(slot) = order.get_mut(at) {
            *slot = place as u32;
        }
    }
    Some(order)
}

/// What a class says of a sensitive column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// How many different values.
    pub(super) distinct: usize,
    /// The exponential of their entropy: as many equally frequent values would be as diverse.
    pub(super) entropy: f64,
    /// How far their frequencies are from those of the whole table, 0 to 1 (earth mover's distance).
    pub(super) distance: f64,
}

/// The distinct rows of each class, one class after the other.
pub(super) struct Members {
    starts: Vec<u32>,
    groups: Vec<u32>,
}

impl Members {
    pub(super) fn of(classes: &[u32], count: usize) -> Self {
        let mut starts = vec![0u32; count + 1];
        for class in classes {
            if let Some(slot) = starts.get_mut(*class as usize + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut starts {
            sum += *slot;
            *slot = sum;
        }
        let mut next = starts.clone();
        let mut groups = vec![0u32; classes.len()];
        for (group, class) in classes.iter().enumerate() {
            let Some(at) = next.get_mut(*class as usize) else { continue };
            if let Some(slot) = groups.get_mut(*at as usize) {
                *slot = group as u32;
            }
            *at += 1;
        }
        Self { starts, groups }
    }

    pub(super) fn of_class(&self, class: usize) -> &[u32] {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or_default() as usize;
        self.groups.get(at(class)..at(class + 1)).unwrap_or_default()
    }
}

/// Works spreads out, class after class.
pub(super) struct Spreads<'b> {
    sensitive: &'b Sensitive,
    counts: Vec<u32>,
    touched: Vec<u32>,
    ordered: Vec<f64>,
}

impl<'b> Spreads<'b> {
    pub(super) fn new(sensitive: &'b Sensitive) -> Self {
        let size = sensitive.overall.len();
        Self { sensitive, counts: vec![0; size], touched: Vec::new(), ordered: Vec::new() }
    }

    /// The spread of a class that consists of these distinct rows.
    pub(super) fn of(&mut self, groups: &[u32]) -> Spread {
        let mut total = 0u64;
        for (value, count) in groups.iter().flat_map(|group| self.sensitive.of_group(*group)) {
            let Some(slot) = self.counts.get_mut(*value as usize) else { continue };
            if *slot == 0 {
                self.touched.push(*value);
            }
            *slot += count;
            total += u64::from(*count);
        }
        self.touched.sort_unstable();
        let total = total.max(1) as f64;
        let share =
            |value: u32| f64::from(self.counts.get(value as usize).copied().unwrap_or_default()) / total;
        let overall = |value: u32| self.sensitive.overall.get(value as usize).copied().unwrap_or_default();
        let entropy: f64 = self.touched.iter().map(|value| share(*value)).map(|p| -p * p.ln()).sum();
        let distance = match &self.sensitive.order {
            Some(order) => {
                self.ordered.clear();
                self.ordered.resize(order.len(), 0.0);
                for (value, place) in order.iter().enumerate() {
                    if let Some(slot) = self.ordered.get_mut(*place as usize) {
                        *slot = share(value as u32) - overall(value as u32);
                    }
                }
                let (mut carried, mut moved) = (0.0f64, 0.0f64);
                for difference in &self.ordered {
                    carried += difference;
                    moved += carried.abs();
                }
                moved / (order.len() - 1).max(1) as f64
            }
            None => {
                let here: f64 =
                    self.touched.iter().map(|value| (share(*value) - overall(*value)).abs()).sum();
                let covered: f64 = self.touched.iter().map(|value| overall(*value)).sum();
                (here + (1.0 - covered).max(0.0)) / 2.0
            }
        };
        let spread = Spread { distinct: self.touched.len(), entropy: entropy.exp(), distance };
        for value in self.touched.drain(..) {
            if let Some(slot) = self.counts.get_mut(value as usize) {
                *slot = 0;
            }
        }
        spread
    }
}

#[cfg(test)]
mod tests {
    use super::super::csv::Table;
    use super::super::hierarchy::HierarchySpec;
    use super::*;

    #[test]
    fn classes_and_spreads() {
        let table = Table::read("a,b,s\n1,x,flu\n1,x,flu\n1,y,cold\n2,x,flu\n2,x,hiv\n", ',').unwrap();
        let column = |name: &str| table.column(name).unwrap();
        let quasi = [column("a"), column("b")];
        let base = Base::of(&quasi, &[column("s")], table.rows);
        assert_eq!(base.counts, [2, 1, 2]);
        let hierarchies: Vec<Hierarchy> =
            quasi.iter().map(|c| Hierarchy::of(c, &HierarchySpec::Suppress).unwrap()).collect();
        assert_eq!(base.classes(&hierarchies, &[0, 0]).1, 3);
        let (classes, count) = base.classes(&hierarchies, &[0, 1]);
        assert_eq!((classes.clone(), count), (vec![0, 0, 1], 2));
        let members = Members::of(&classes, count);
        let mut spreads = Spreads::new(&base.sensitive[0]);
        let one = spreads.of(members.of_class(0));
        assert_eq!(one.distinct, 2);
        // flu 2/3 against 3/5, cold 1/3 against 1/5, hiv 0 against 1/5.
        assert!((one.distance - 0.2).abs() < 1e-12, "{one:?}");
        let two = spreads.of(members.of_class(1));
        assert!((two.entropy - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_numeric_column_has_an_ordered_distance() {
        // Li, Li and Venkatasubramanian (ICDE 2007), section 4.1: {3,4,5} of 3k to 11k has .375, {6,8,11} has .167.
        let mut text = "q,s\n".to_owned();
        for (q, s) in [(1, 3), (1, 4), (1, 5), (2, 6), (2, 8), (2, 11), (3, 7), (3, 9), (3, 10)] {
            text.push_str(&format!("{q},{s}\n"));
        }
        let table = Table::read(&text, ',').unwrap();
        let base = Base::of(&[table.column("q").unwrap()], &[table.column("s").unwrap()], table.rows);
        let mut spreads = Spreads::new(&base.sensitive[0]);
        assert!((spreads.of(&[0]).distance - 0.375).abs() < 1e-9);
        assert!((spreads.of(&[1]).distance - 0.1666).abs() < 1e-3);
    }

    #[test]
    fn ids_are_numbered_without_gaps_however_large() {
        let mut ids = vec![u64::MAX, 5, u64::MAX, 0, 5];
        assert_eq!(dense(&mut ids, u64::MAX), 3);
        assert_eq!(ids, [0, 1, 0, 2, 1]);
        let mut small = vec![3, 1, 3];
        assert_eq!(dense(&mut small, 4), 2);
        assert_eq!(small, [0, 1, 0]);
    }
}
