//! Disclosure risk of tables: how likely a row can be attributed to a person, and a version of the table that keeps
//! most among those that meet the demands.
//!
//! Rows that look alike in the quasi-identifiers are a class. k-anonymity (Sweeney 2002) asks for classes of k rows;
//! l-diversity (Machanavajjhala 2007) for l different sensitive values in each, by number or by entropy; t-closeness (Li
//! 2007) for frequencies of them that are at most t from the table's.

mod classes;
mod csv;
mod hierarchy;
mod measure;
mod report;
mod solver;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, codes};
use classes::Base;
use csv::{Column, Table, write_field};
use hierarchy::{ANY, Hierarchy};
use solver::{Demands, Problem};

pub use hierarchy::HierarchySpec;
pub use measure::{AttackerRisk, RiskReport, SensitiveRisk};

/// What a column is to a re-identification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It names the person: it is replaced by `*`.
    Identifier,
    /// Others may know it and find the person by it: it is generalised.
    QuasiIdentifier,
    /// It must not become known of a person.
    Sensitive,
    /// It is left as it is, and counts for nothing.
    Insensitive,
}

/// A column of a table and what it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRole {
    /// Its name in the first line.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// How it is generalised, where it is a quasi-identifier.
    #[serde(default)]
    pub hierarchy: HierarchySpec,
    /// What its loss counts for beside the others'; 1 where it is not said.
    #[serde(default = "one")]
    pub weight: f64,
}

const fn one() -> f64 {
    1.0
}

/// How diverse the sensitive values of a class must be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Diversity {
    /// As many values.
    pub l: f64,
    /// Counted by their entropy instead of their number.
    #[serde(default)]
    pub entropy: bool,
}

/// A table to be assessed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssessRiskRequest {
    /// The table as text: the first line names the columns (RFC 4180).
    pub table: String,
    /// What stands between fields; `,` where it is not said.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// The columns that count. One that is not named is insensitive.
    pub columns: Vec<ColumnRole>,
    /// A row is at risk where its risk is above this, 0 to 1; .2 where it is not said.
    #[serde(default = "fifth")]
    pub threshold: f64,
    /// A table of the population that the rows were drawn from, with the same quasi-identifiers.
    #[serde(default)]
    pub population: Option<String>,
    /// How many people the rows were drawn from, for an estimate of how many are unique among them.
    #[serde(default)]
    pub population_size: Option<u64>,
}

const fn comma() -> char {
    ','
}

const fn fifth() -> f64 {
    0.2
}

/// A table to be anonymised, and what it must meet.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnonymizeTableRequest {
    /// The table as text: the first line names the columns (RFC 4180).
    pub table: String,
    /// What stands between fields; `,` where it is not said.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// The columns that count. One that is not named is insensitive and stays as it is.
    pub columns: Vec<ColumnRole>,
    /// The fewest rows of a class.
    pub k: u32,
    /// The part of the rows that may be suppressed, 0 to 1; none where it is not said.
    #[serde(default)]
    pub suppression: f64,
    /// How diverse each sensitive column must be in a class.
    #[serde(default)]
    pub l_diversity: Option<Diversity>,
    /// How far the frequencies of each sensitive column may be from the table's in a class, 0 to 1.
    #[serde(default)]
    pub t_closeness: Option<f64>,
    /// A row is at risk where its risk is above this, for the reports; .2 where it is not said.
    #[serde(default = "fifth")]
    pub threshold: f64,
    /// How many threads may work; the result does not depend on it. One where it is not said.
    #[serde(default = "single")]
    pub threads: usize,
    /// The most choices that are checked; without it a number that follows from the size of the table.
    #[serde(default)]
    pub max_checks: Option<usize>,
}

const fn single() -> usize {
    1
}

impl std::fmt::Debug for AssessRiskRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssessRiskRequest").field("table", &self.table.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AnonymizeTableRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnonymizeTableRequest").field("table", &self.table.len()).finish_non_exhaustive()
    }
}

/// What became of a quasi-identifier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnLevel {
    /// Its name.
    pub name: String,
    /// The level of its hierarchy; 0 is the value itself.
    pub level: usize,
    /// The highest level, `*`.
    pub levels: usize,
    /// What was lost of it, 0 to 1.
    pub loss: f64,
}

/// A table that meets the demands.
#[derive(Clone, PartialEq, Serialize)]
pub struct AnonymizedTable {
    /// The table as text, rows in their order. A suppressed row has `*` in every quasi-identifier.
    pub output: String,
    /// What became of the quasi-identifiers.
    pub levels: Vec<ColumnLevel>,
    /// The mean of their losses, 0 to 1: a cell loses the part of its column's domain that its value covers, and a
    /// suppressed one everything.
    pub loss: f64,
    /// Rows.
    pub rows: usize,
    /// Rows that were suppressed.
    pub suppressed: usize,
    /// Whether no other choice of levels loses less; false where the checks ended first.
    pub optimal: bool,
    /// Choices of levels that were checked.
    pub checks: usize,
    /// Choices of levels that there are.
    pub choices: u64,
    /// The risk before.
    pub before: RiskReport,
    /// The risk after, without the suppressed rows.
    pub after: RiskReport,
    /// All of it for people, in Markdown. It holds no value of the table.
    pub report: String,
}

impl std::fmt::Debug for AnonymizedTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnonymizedTable")
            .field("output", &self.output.len())
            .field("levels", &self.levels)
            .field("loss", &self.loss)
            .field("suppressed", &self.suppressed)
            .finish_non_exhaustive()
    }
}

/// The columns of a table by what they are.
struct Roles<'t> {
    quasi: Vec<(&'t Column, &'t ColumnRole)>,
    sensitive: Vec<&'t Column>,
}

impl<'t> Roles<'t> {
    fn of(table: &'t Table, columns: &'t [ColumnRole]) -> Result<Self> {
        let mut roles = Self { quasi: Vec::new(), sensitive: Vec::new() };
        for (at, role) in columns.iter().enumerate() {
            let place = format!("columns[{at}]");
            let refuse =
                |note: &'static str| Error::new(&codes::INVALID_ARGUMENT).in_path(place.as_str()).note(note);
            let column =
                table.column(&role.name).ok_or_else(|| refuse("the table has no column of this name"))?;
            if columns.iter().take(at).any(|other| other.name == role.name) {
                return Err(refuse("the column is named twice"));
            }
            if !(role.weight.is_finite() && role.weight > 0.0) {
                return Err(refuse("a weight above 0 is needed"));
            }
            match role.role {
                Role::QuasiIdentifier => roles.quasi.push((column, role)),
                Role::Sensitive => roles.sensitive.push(column),
                Role::Identifier | Role::Insensitive => {}
            }
        }
        if roles.quasi.is_empty() {
            return Err(argument("columns", "a quasi-identifier is needed"));
        }
        Ok(roles)
    }

    fn base(&self, rows: usize) -> Base {
        let quasi: Vec<&Column> = self.quasi.iter().map(|(column, _)| *column).collect();
        Base::of(&quasi, &self.sensitive, rows)
    }
}

fn argument(path: &'static str, note: &'static str) -> Error {
    Error::new(&codes::INVALID_ARGUMENT).in_path(path).note(note)
}

fn part(path: &'static str, value: f64) -> Result<f64> {
    if (0.0..=1.0).contains(&value) {
        Ok(value)
    } else {
        Err(argument(path, "a number from 0 to 1 is needed"))
    }
}

/// How likely rows of a table can be attributed to a person.
///
/// # Errors
/// `table_malformed` with the line; `invalid_argument` with the argument.
pub fn assess_risk(request: &AssessRiskRequest) -> Result<RiskReport> {
    let threshold = part("threshold", request.threshold)?;
    let table = Table::read(&request.table, request.delimiter)?;
    let roles = Roles::of(&table, &request.columns)?;
    let base = roles.base(table.rows);
    let classes: Vec<u32> = (0..base.len() as u32).collect();
    let population = match &request.population {
        Some(text) => {
            let population = Table::read(text, request.delimiter)?;
            let quasi: Vec<&Column> = roles.quasi.iter().map(|(column, _)| *column).collect();
            Some(measure::population_sizes(&quasi, &base, &population)?)
        }
        None => None,
    };
    let mut report = measure::report(&base, &classes, base.len(), &[], &roles.sensitive, threshold);
    if let Some(sizes) = population {
        measure::add_population(&mut report, &base, &sizes, threshold);
    }
    if let Some(size) = request.population_size {
        measure::add_uniqueness(&mut report, &base, size);
    }
    let names = roles.quasi.iter().map(|(column, _)| column.name.as_str());
    report.report = Some(report::assessed(&report, names, threshold));
    Ok(report)
}

/// A share to twelve digits: sums of many parts differ in the last ones by the order of the parts.
fn twelve_digits(share: f64) -> f64 {
    (share * 1e12).round() / 1e12
}

/// The version of a table that keeps most among those that meet the demands.
///
/// # Errors
/// `table_malformed` with the line; `invalid_argument` with the argument; `table_unsolvable` where not even the
/// coarsest version meets the demands.
pub fn anonymize_table(request: &AnonymizeTableRequest) -> Result<AnonymizedTable> {
    let threshold = part("threshold", request.threshold)?;
    let suppression = part("suppression", request.suppression)?;
    let distance = request.t_closeness.map(|t| part("t_closeness", t)).transpose()?;
    if request.k == 0 {
        return Err(argument("k", "at least 1 is needed"));
    }
    let table = Table::read(&request.table, request.delimiter)?;
    let roles = Roles::of(&table, &request.columns)?;
    let of_values = request.l_diversity.is_some() || distance.is_some();
    if of_values && roles.sensitive.is_empty() {
        return Err(argument("columns", "diversity and closeness need a sensitive column"));
    }
    let hierarchies = roles
        .quasi
        .iter()
        .map(|(column, role)| Hierarchy::of(column, &role.hierarchy))
        .collect::<Result<Vec<_>>>()?;
    let base = roles.base(table.rows);
    let diversity = request.l_diversity.map(|diversity| (diversity.l, diversity.entropy));
    if diversity.is_some_and(|(l, _)| !(l.is_finite() && l >= 1.0)) {
        return Err(argument("l_diversity.l", "at least 1 is needed"));
    }
    let demands = Demands {
        k: request.k,
        suppressed: (suppression * table.rows as f64 + 1e-9).floor() as usize,
        distinct: diversity.filter(|(_, entropy)| !entropy).map_or(1, |(l, _)| l.ceil() as usize),
        entropy: diversity.filter(|(_, entropy)| *entropy).map_or(1.0, |(l, _)| l),
        distance,
    };
    let total: f64 = roles.quasi.iter().map(|(_, role)| role.weight).sum();
    let weights = roles.quasi.iter().map(|(_, role)| role.weight / total).collect();
    let problem = Problem::new(&base, &hierarchies, demands, weights);
    let budget = request.max_checks.unwrap_or_else(|| default_budget(&base)).max(1);
    let solution = problem
        .solve(request.threads.clamp(1, 64), budget)
        .ok_or_else(|| Error::new(&codes::TABLE_UNSOLVABLE))?;
    let cut = problem.cut(&solution.levels);
    let losses = problem.losses(&solution.levels, &cut);
    let levels: Vec<ColumnLevel> = roles
        .quasi
        .iter()
        .zip(&hierarchies)
        .zip(solution.levels.iter().zip(losses))
        .map(|(((column, _), hierarchy), (level, loss))| ColumnLevel {
            name: column.name.clone(),
            level: usize::from(*level),
            levels: hierarchy.levels.len().saturating_sub(1),
            loss: twelve_digits(loss),
        })
        .collect();
    let own: Vec<u32> = (0..base.len() as u32).collect();
    let before = measure::report(&base, &own, base.len(), &[], &roles.sensitive, threshold);
    let after = measure::report(&base, &cut.classes, cut.count, &cut.suppressed, &roles.sensitive, threshold);
    let mut done = AnonymizedTable {
        output: written(&table, request, &roles, &base, &hierarchies, &solution.levels, &cut),
        levels,
        loss: twelve_digits(solution.loss),
        rows: table.rows,
        suppressed: cut.suppressed_rows,
        optimal: solution.optimal,
        checks: solution.checks,
        choices: u64::try_from(problem.size()).unwrap_or(u64::MAX),
        before,
        after,
        report: String::new(),
    };
    done.report = report::markdown(request, &done);
    Ok(done)
}

/// As many checks as read some billions of cells.
fn default_budget(base: &Base) -> usize {
    let cells = (base.len() * base.codes.len()).max(1);
    (4_000_000_000 / cells).clamp(100, 1_000_000)
}

/// The table with its levels, rows in their order.
fn written(
    table: &Table,
    request: &AnonymizeTableRequest,
    roles: &Roles<'_>,
    base: &Base,
    hierarchies: &[Hierarchy],
    levels: &[u8],
    cut: &solver::Cut,
) -> String {
    let role =
        |column: &Column| request.columns.iter().find(|role| role.name == column.name).map(|role| role.role);
    // Each column's texts, by the code of its value.
    let texts: Vec<(Option<Role>, Vec<&str>)> = table
        .columns
        .iter()
        .map(|column| {
            let at = roles.quasi.iter().position(|(quasi, _)| quasi.name == column.name);
            let level = at.and_then(|at| hierarchies.get(at)?.levels.get(usize::from(*levels.get(at)?)));
            let texts = match (level, role(column)) {
                (Some(level), _) => {
                    let text = |code: &u32| level.texts.get(*code as usize).map_or(ANY, String::as_str);
                    level.codes.iter().map(text).collect()
                }
                (None, Some(Role::Identifier)) => column.values.iter().map(|_| ANY).collect(),
                (None, _) => column.values.iter().map(String::as_str).collect(),
            };
            (role(column), texts)
        })
        .collect();
    let mut out = String::with_capacity(request.table.len());
    let separate = |out: &mut String, at: usize| {
        if at > 0 {
            out.push(request.delimiter);
        }
    };
    for (at, column) in table.columns.iter().enumerate() {
        separate(&mut out, at);
        write_field(&mut out, &column.name, request.delimiter);
    }
    out.push('\n');
    for row in 0..table.rows {
        let group = base.of_row.get(row).copied().unwrap_or_default() as usize;
        let class = cut.classes.get(group).copied().unwrap_or_default() as usize;
        let gone = cut.suppressed.get(class).copied().unwrap_or(true);
        for (at, (column, (role, texts))) in table.columns.iter().zip(&texts).enumerate() {
            separate(&mut out, at);
            let code = column.codes.get(row).copied().unwrap_or_default() as usize;
            let text = match role {
                Some(Role::QuasiIdentifier) if gone => ANY,
                _ => texts.get(code).copied().unwrap_or(ANY),
            };
            write_field(&mut out, text, request.delimiter);
        }
        out.push('\n');
    }
    out
}
