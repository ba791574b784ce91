//! Records about the disclosure risk of tables.

use crate::mirror::mirror;

mirror! {
    /// How likely rows of a table can be attributed to a person.
    RiskReport = RiskReport {
        /// Rows that count.
        rows: u64,
        /// Classes of rows that look alike in the quasi-identifiers.
        classes: u64,
        /// Rows of the smallest class (k-anonymity).
        k: u32,
        /// Rows of a class on average.
        average_class: f64,
        /// Rows that look like no other.
        unique_rows: u64,
        /// Somebody who knows that the person is in the table.
        prosecutor: AttackerRisk,
        /// Somebody who knows that the person is in the population; where a table of it was given.
        journalist: Option<AttackerRisk>,
        /// With a table of the population: the highest probability to be in the table that anybody of it has, going
        /// by the quasi-identifiers, 0 to 1 (delta-presence, Nergiz 2007).
        delta_presence: Option<f64>,
        /// The part of the rows that are unique in the table and expected to be unique among as many people
        /// as were named (Zayatz 1991).
        population_uniques: Option<f64>,
        /// The sensitive columns.
        sensitive: Vec<SensitiveRisk>,
        /// The page of the report in Markdown, for a person to read; none inside of `AnonymizedTable`.
        report: Option<String>,
    }

    /// What an attacker can expect.
    AttackerRisk = AttackerRisk {
        /// The risk of the row that is easiest to attribute, 0 to 1.
        highest: f64,
        /// The mean of all rows: what a marketer can expect to get right.
        average: f64,
        /// The part of the rows whose risk is above the threshold.
        at_risk: f64,
    }

    /// How well a sensitive column is hidden in the classes.
    SensitiveRisk = SensitiveRisk {
        /// Its name.
        name: String,
        /// The fewest different values of a class (distinct l-diversity).
        distinct_l: u64,
        /// The lowest diversity of a class by entropy (entropy l-diversity).
        entropy_l: f64,
        /// The farthest that the frequencies of a class are from the table's (t-closeness).
        t: f64,
    }

    /// A table that meets the demands.
    AnonymizedTable = AnonymizedTable {
        /// The table as text, rows in their order. A suppressed row has `*` in every quasi-identifier.
        output: String,
        /// What became of the quasi-identifiers.
        levels: Vec<ColumnLevel>,
        /// The mean of their losses, 0 to 1: a cell loses the part of its column's domain that its value
        /// covers, and a suppressed one everything.
        loss: f64,
        /// Rows.
        rows: u64,
        /// Rows that were suppressed.
        suppressed: u64,
        /// Whether no other choice of levels loses less; false where the checks ended first.
        optimal: bool,
        /// Choices of levels that were checked.
        checks: u64,
        /// Choices of levels that there are.
        choices: u64,
        /// The risk before.
        before: RiskReport,
        /// The risk after, without the suppressed rows.
        after: RiskReport,
        /// All of it for people, in Markdown. It holds no value of the table.
        report: String,
    }

    /// What became of a quasi-identifier.
    ColumnLevel = ColumnLevel {
        /// Its name.
        name: String,
        /// The level of its hierarchy; 0 is the value itself.
        level: u64,
        /// The highest level, `*`.
        levels: u64,
        /// What was lost of it, 0 to 1.
        loss: f64,
    }
}
