//! Measures of disclosure risk over the classes of a table.
//!
//! Prosecutor, journalist and marketer as El Emam names them (Guide to the De-Identification of Personal Health
//! Information, 2013): somebody who knows that the person is in the table; somebody who knows only that the person is in
//! the population; somebody who wants to attribute as many rows as possible.

use std::collections::HashMap;

use serde::Serialize;

use super::classes::{Base, Members, Spreads};
use super::csv::{Column, Table};
use crate::error::{Error, Result, codes};

/// What an attacker can expect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AttackerRisk {
    /// The risk of the row that is easiest to attribute, 0 to 1.
    pub highest: f64,
    /// The mean of all rows: what a marketer can expect to get right.
    pub average: f64,
    /// The part of the rows whose risk is above the threshold.
    pub at_risk: f64,
}

/// How well a sensitive column is hidden in the classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SensitiveRisk {
    /// Its name.
    pub name: String,
    /// The fewest different values of a class (distinct l-diversity).
    pub distinct_l: usize,
    /// The lowest diversity of a class by entropy (entropy l-diversity).
    pub entropy_l: f64,
    /// The farthest that the frequencies of a class are from the table's (t-closeness).
    pub t: f64,
}

/// How likely rows of a table can be attributed to a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RiskReport {
    /// Rows that count.
    pub rows: usize,
    /// Classes of rows that look alike in the quasi-identifiers.
    pub classes: usize,
    /// Rows of the smallest class (k-anonymity).
    pub k: u32,
    /// Rows of a class on average.
    pub average_class: f64,
    /// Rows that look like no other.
    pub unique_rows: usize,
    /// Somebody who knows that the person is in the table.
    pub prosecutor: AttackerRisk,
    /// Somebody who knows that the person is in the population; where a table of it was given.
    pub journalist: Option<AttackerRisk>,
    /// With a table of the population: the highest probability to be in the table that anybody of it has, going by the
    /// quasi-identifiers, 0 to 1 (delta-presence, Nergiz 2007).
    pub delta_presence: Option<f64>,
    /// The part of the rows that are unique in the table and expected to be unique among as many people as were
    /// named (Zayatz 1991).
    pub population_uniques: Option<f64>,
    /// The sensitive columns.
    pub sensitive: Vec<SensitiveRisk>,
    /// All of it for people, in Markdown, where the table was assessed for itself. It holds no value of the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// The risk of the classes that are not suppressed.
pub(super) fn report(
    base: &Base,
    classes: &[u32],
    count: usize,
    suppressed: &[bool],
    sensitive: &[&Column],
    threshold: f64,
) -> RiskReport {
    let stays = |class: usize| !suppressed.get(class).copied().unwrap_or(false);
    let mut sizes = vec![0u32; count];
    for (class, rows) in classes.iter().zip(&base.counts) {
        if let Some(size) = sizes.get_mut(*class as usize) {
            *size += rows;
        }
    }
    let kept: Vec<u32> =
        sizes.iter().enumerate().filter(|(class, _)| stays(*class)).map(|(_, size)| *size).collect();
    let rows: usize = kept.iter().map(|size| *size as usize).sum();
    let members = Members::of(classes, count);
    let sensitive = sensitive
        .iter()
        .zip(&base.sensitive)
        .map(|(column, values)| {
            let mut spreads = Spreads::new(values);
            let mut risk = SensitiveRisk {
                name: column.name.clone(),
                distinct_l: usize::MAX,
                entropy_l: f64::INFINITY,
                t: 0.0,
            };
            for class in (0..count).filter(|class| stays(*class)) {
                let spread = spreads.of(members.of_class(class));
                risk.distinct_l = risk.distinct_l.min(spread.distinct);
                risk.entropy_l = risk.entropy_l.min(spread.entropy);
                risk.t = risk.t.max(spread.distance);
            }
            if kept.is_empty() {
                (risk.distinct_l, risk.entropy_l) = (0, 0.0);
            }
            risk
        })
        .collect();
    RiskReport {
        rows,
        classes: kept.len(),
        k: kept.iter().copied().min().unwrap_or_default(),
        average_class: if kept.is_empty() { 0.0 } else { rows as f64 / kept.len() as f64 },
        unique_rows: kept.iter().filter(|size| **size == 1).count(),
        prosecutor: attacker(kept.iter().map(|size| (*size, f64::from(*size))), threshold),
        journalist: None,
        delta_presence: None,
        population_uniques: None,
        sensitive,
        report: None,
    }
}

/// The risk where each class of so many rows is among so many people.
fn attacker(classes: impl Iterator<Item = (u32, f64)>, threshold: f64) -> AttackerRisk {
    let (mut rows, mut sum, mut highest, mut at_risk) = (0u64, 0.0, 0.0f64, 0u64);
    for (size, people) in classes {
        let risk = 1.0 / people.max(1.0);
        rows += u64::from(size);
        sum += risk * f64::from(size);
        highest = highest.max(risk);
        if risk > threshold {
            at_risk += u64::from(size);
        }
    }
    let rows = rows.max(1) as f64;
    AttackerRisk { highest, average: sum / rows, at_risk: at_risk as f64 / rows }
}

/// How many people of the population look like each distinct row.
///
/// # Errors
/// `invalid_argument` where the population lacks a quasi-identifier.
pub(super) fn population_sizes(quasi: &[&Column], base: &Base, population: &Table) -> Result<Vec<u32>> {
    let missing = || {
        Error::new(&codes::INVALID_ARGUMENT)
            .in_path("population")
            .note("it lacks a quasi-identifier of the table")
    };
    let theirs: Vec<&Column> = quasi
        .iter()
        .map(|column| population.column(&column.name).ok_or_else(missing))
        .collect::<Result<_>>()?;
    // The codes of the table's dictionaries for the population's values; what the table lacks matches nothing.
    let codes: Vec<Vec<Option<u32>>> = quasi
        .iter()
        .zip(&theirs)
        .map(|(mine, theirs)| {
            let known: HashMap<&str, u32> =
                mine.values.iter().enumerate().map(|(code, text)| (text.as_str(), code as u32)).collect();
            theirs.values.iter().map(|text| known.get(text.as_str()).copied()).collect()
        })
        .collect();
    let mut at: HashMap<Vec<u32>, usize> = HashMap::new();
    for group in 0..base.len() {
        let key = base.codes.iter().map(|codes| codes.get(group).copied().unwrap_or_default()).collect();
        at.insert(key, group);
    }
    let mut sizes = vec![0u32; base.len()];
    for row in 0..population.rows {
        let key: Option<Vec<u32>> = theirs
            .iter()
            .zip(&codes)
            .map(|(column, codes)| codes.get(column.codes.get(row).copied()? as usize).copied().flatten())
            .collect();
        if let Some(size) = key.and_then(|key| at.get(&key)).and_then(|group| sizes.get_mut(*group)) {
            *size += 1;
        }
    }
    Ok(sizes)
}

/// Adds the journalist's risk and delta-presence. A class of the table is at least as large in the population.
pub(super) fn add_population(report: &mut RiskReport, base: &Base, sizes: &[u32], threshold: f64) {
    let classes = base.counts.iter().zip(sizes).map(|(rows, people)| (*rows, f64::from(*people.max(rows))));
    report.journalist = Some(attacker(classes, threshold));
    let shares =
        base.counts.iter().zip(sizes).map(|(rows, people)| f64::from(*rows) / f64::from(*people.max(rows)));
    report.delta_presence = Some(shares.fold(0.0, f64::max));
}

/// Adds how many rows are expected to be unique among `people`: of the classes of one row, the part that Bayes' rule
/// gives where the classes of the population are distributed as those of the table are.
pub(super) fn add_uniqueness(report: &mut RiskReport, base: &Base, people: u64) {
    let mut by_size: HashMap<u32, u64> = HashMap::new();
    for rows in &base.counts {
        *by_size.entry(*rows).or_default() += 1;
    }
    let drawn = (base.rows as f64 / (people.max(1) as f64)).min(1.0);
    let mut sizes: Vec<(u32, u64)> = by_size.into_iter().collect();
    sizes.sort_unstable();
    // A class of j people shows exactly one of them.
    let shows_one = |j: u32| f64::from(j) * drawn * (1.0 - drawn).powf(f64::from(j) - 1.0);
    let all: f64 = sizes.iter().map(|(size, count)| *count as f64 * shows_one(*size)).sum();
    let single = sizes.iter().find(|(size, _)| *size == 1).map_or(0.0, |(_, count)| *count as f64);
    let unique = if all > 0.0 { single * shows_one(1) / all } else { 0.0 };
    report.population_uniques = Some(single * unique / (base.rows.max(1) as f64));
}
