//! Disclosure risk of tables, and tables that meet demands.

use napi_derive::napi;

use crate::mirror::mirror;

/// How likely rows of a table can be attributed to a person.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct RiskReport {
    /// Rows that count.
    pub rows: i64,
    /// Classes of rows that look alike in the quasi-identifiers.
    pub classes: i64,
    /// Rows of the smallest class (k-anonymity).
    pub k: u32,
    /// Rows of a class on average.
    pub average_class: f64,
    /// Rows that look like no other.
    pub unique_rows: i64,
    /// Somebody who knows that the person is in the table.
    pub prosecutor: AttackerRisk,
    /// Somebody who knows that the person is in the population; where a table of it was given.
    pub journalist: Option<AttackerRisk>,
    /// With a table of the population: the highest probability to be in the table that anybody of it has, going
    /// by the quasi-identifiers, 0 to 1 (delta-presence, Nergiz 2007).
    pub delta_presence: Option<f64>,
    /// The part of the rows that are unique in the table and expected to be unique among as many people as
    /// were named (Zayatz 1991).
    pub population_uniques: Option<f64>,
    /// The sensitive columns.
    pub sensitive: Vec<SensitiveRisk>,
    /// The page of the report in Markdown, for a person to read; null inside of `AnonymizedTable`.
    pub report: Option<String>,
}

mirror!(RiskReport {
    rows,
    classes,
    k,
    average_class,
    unique_rows,
    prosecutor,
    journalist,
    delta_presence,
    population_uniques,
    sensitive,
    report
});

/// What an attacker can expect.
#[napi(object, object_from_js = false)]
pub struct AttackerRisk {
    /// The risk of the row that is easiest to attribute, 0 to 1.
    pub highest: f64,
    /// The mean of all rows: what a marketer can expect to get right.
    pub average: f64,
    /// The part of the rows whose risk is above the threshold.
    pub at_risk: f64,
}

mirror!(AttackerRisk { highest, average, at_risk });

/// How well a sensitive column is hidden in the classes.
#[napi(object, object_from_js = false)]
pub struct SensitiveRisk {
    /// Its name.
    pub name: String,
    /// The fewest different values of a class (distinct l-diversity).
    pub distinct_l: i64,
    /// The lowest diversity of a class by entropy (entropy l-diversity).
    pub entropy_l: f64,
    /// The farthest that the frequencies of a class are from the table's (t-closeness).
    pub t: f64,
}

mirror!(SensitiveRisk { name, distinct_l, entropy_l, t });

/// A table that meets the demands.
#[napi(object, object_from_js = false)]
pub struct AnonymizedTable {
    /// The table as text, rows in their order. A suppressed row has `*` in every quasi-identifier.
    pub output: String,
    /// What became of the quasi-identifiers.
    pub levels: Vec<ColumnLevel>,
    /// The mean of their losses, 0 to 1: a cell loses the part of its column's domain that its value covers,
    /// and a suppressed one everything.
    pub loss: f64,
    /// Rows.
    pub rows: i64,
    /// Rows that were suppressed.
    pub suppressed: i64,
    /// Whether no other choice of levels loses less; false where the checks ended first.
    pub optimal: bool,
    /// Choices of levels that were checked.
    pub checks: i64,
    /// Choices of levels that there are.
    pub choices: i64,
    /// The risk before.
    pub before: RiskReport,
    /// The risk after, without the suppressed rows.
    pub after: RiskReport,
    /// All of it for people, in Markdown. It holds no value of the table.
    pub report: String,
}

mirror!(AnonymizedTable {
    output,
    levels,
    loss,
    rows,
    suppressed,
    optimal,
    checks,
    choices,
    before,
    after,
    report
});

/// What became of a quasi-identifier.
#[napi(object, object_from_js = false)]
pub struct ColumnLevel {
    /// Its name.
    pub name: String,
    /// The level of its hierarchy; 0 is the value itself.
    pub level: i64,
    /// The highest level, `*`.
    pub levels: i64,
    /// What was lost of it, 0 to 1.
    pub loss: f64,
}

mirror!(ColumnLevel { name, level, levels, loss });
