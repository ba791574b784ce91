//! Generalisation hierarchies: for every value of a column what it becomes, level by level, the last being `*`.
//!
//! They are given as a table, or made from the form of the values: dates (day, month, year, decade), ages and numbers
//! (bands that double), postal codes and other codes (characters are cut from the end).

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::csv::Column;
use crate::deid::dates::Written;
use crate::error::{Error, Result, codes};
use crate::text::Precision;

/// What stands for any value.
pub(super) const ANY: &str = "*";

/// How a column is generalised.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum HierarchySpec {
    /// By the form of the values: dates, whole numbers, five-digit ZIP codes, diagnosis codes, else only `*`.
    #[default]
    Auto,
    /// Day, month, year, decade.
    Date,
    /// Bands of 5, 10, 20 and 40 years; from `top` on one band.
    Age {
        /// The lowest age of the band that has no end; 90 where it is not said.
        #[serde(default = "ninety")]
        top: u32,
    },
    /// Bands of `width`, and of twice, four and eight times that.
    Number {
        /// The width of the first band.
        width: f64,
    },
    /// One character after the other is cut from the end: ZIP codes.
    Zip,
    /// The code, its category of three characters, its first character (ICD-10).
    Code,
    /// Only `*`.
    Suppress,
    /// A row for each value: the value, and what it becomes level by level.
    Table {
        /// The rows; all of one length.
        rows: Vec<Vec<String>>,
    },
}

const fn ninety() -> u32 {
    90
}

/// The hierarchy of a column, over the codes of its dictionary.
pub(super) struct Hierarchy {
    /// For each level: what each value becomes, as an index of the level's texts.
    pub(super) levels: Vec<Level>,
}

/// One level of a hierarchy.
pub(super) struct Level {
    /// By the code of the value.
    pub(super) codes: Vec<u32>,
    pub(super) texts: Vec<String>,
    /// By the code of this level: the part of the domain that it covers, 0 to 1.
    pub(super) shares: Vec<f64>,
}

impl Hierarchy {
    /// # Errors
    /// `table_malformed` where a table has rows of other lengths, lacks a value of the column, or splits again what a
    /// level had joined.
    pub(super) fn of(column: &Column, spec: &HierarchySpec) -> Result<Self> {
        let spec = if *spec == HierarchySpec::Auto { detect(column) } else { spec.clone() };
        let chains: Vec<Vec<String>> = match &spec {
            HierarchySpec::Table { rows } => return Self::of_table(column, rows),
            HierarchySpec::Auto | HierarchySpec::Suppress => {
                column.values.iter().map(|_| Vec::new()).collect()
            }
            HierarchySpec::Date => column.values.iter().map(|text| date(text)).collect(),
            HierarchySpec::Age { top } => {
                column.values.iter().map(|text| bands(text, 5.0, 3, Some(f64::from(*top)))).collect()
            }
            HierarchySpec::Number { width } => {
                if !(width.is_finite() && *width > 0.0) {
                    return Err(malformed("a width above 0 is needed"));
                }
                column.values.iter().map(|text| bands(text, *width, 3, None)).collect()
            }
            HierarchySpec::Zip => {
                let longest = column.values.iter().map(|text| text.chars().count()).max().unwrap_or_default();
                column.values.iter().map(|text| cut(text, longest)).collect()
            }
            HierarchySpec::Code => column.values.iter().map(|text| category(text)).collect(),
        };
        let height = chains.iter().map(Vec::len).max().unwrap_or_default();
        let domain = column.values.len().max(1) as f64;
        let mut levels = Vec::with_capacity(height + 2);
        let own = column.values.iter().map(String::as_str);
        levels.push(Level::of(own, &vec![1.0; column.values.len()], domain));
        for at in 0..height {
            // A value without a form of its own at a level becomes anything.
            let texts = chains.iter().map(|chain| chain.get(at).map_or(ANY, String::as_str));
            levels.push(Level::of(texts, &vec![1.0; column.values.len()], domain));
        }
        levels.push(Level::of(column.values.iter().map(|_| ANY), &vec![1.0; column.values.len()], domain));
        levels.dedup_by(|next, before| next.texts.len() == before.texts.len());
        Ok(Self { levels })
    }

    fn of_table(column: &Column, rows: &[Vec<String>]) -> Result<Self> {
        let height = rows.first().map_or(0, Vec::len);
        if height == 0 || rows.iter().any(|row| row.len() != height) {
            return Err(malformed("the rows of a hierarchy have one length, of one or more"));
        }
        let by_value: HashMap<&str, &Vec<String>> =
            rows.iter().filter_map(|row| Some((row.first()?.as_str(), row))).collect();
        let mine: Option<Vec<&Vec<String>>> =
            column.values.iter().map(|value| by_value.get(value.as_str()).copied()).collect();
        let mine = mine.ok_or_else(|| malformed("the hierarchy lacks a value of the column"))?;
        let mut levels = Vec::with_capacity(height + 1);
        for at in 0..height {
            // How many values of the whole domain, not of the data, stand under each text.
            let mut leaves: HashMap<&str, usize> = HashMap::new();
            for row in by_value.values() {
                *leaves.entry(row.get(at).map_or(ANY, String::as_str)).or_default() += 1;
            }
            let texts: Vec<&str> = mine.iter().map(|row| row.get(at).map_or(ANY, String::as_str)).collect();
            levels.push(Level::with_leaves(&texts, &leaves, by_value.len()));
        }
        if levels.last().is_none_or(|level| level.texts.len() > 1) {
            levels.push(Level::of(
                column.values.iter().map(|_| ANY),
                &vec![1.0; column.values.len()],
                column.values.len().max(1) as f64,
            ));
        }
        for pair in levels.windows(2) {
            let [below, above] = pair else { continue };
            let mut parent: HashMap<u32, u32> = HashMap::new();
            for (low, high) in below.codes.iter().zip(&above.codes) {
                if *parent.entry(*low).or_insert(*high) != *high {
                    return Err(malformed("a level of the hierarchy splits what the one below had joined"));
                }
            }
        }
        Ok(Self { levels })
    }
}

impl Level {
    fn of<'t>(texts: impl Iterator<Item = &'t str>, weights: &[f64], domain: f64) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut level =
            Self { codes: Vec::with_capacity(weights.len()), texts: Vec::new(), shares: Vec::new() };
        for (text, weight) in texts.zip(weights) {
            let code = *known.entry(text).or_insert_with(|| {
                level.texts.push(text.to_owned());
                level.shares.push(0.0);
                (level.texts.len() - 1) as u32
            });
            level.codes.push(code);
            if let Some(share) = level.shares.get_mut(code as usize) {
                *share += weight / domain;
            }
        }
        level
    }

    fn with_leaves(texts: &[&str], leaves: &HashMap<&str, usize>, domain: usize) -> Self {
        let mut level = Self::of(texts.iter().copied(), &vec![0.0; texts.len()], 1.0);
        for (text, share) in level.texts.iter().zip(&mut level.shares) {
            *share = leaves.get(text.as_str()).copied().unwrap_or_default() as f64 / domain.max(1) as f64;
        }
        level
    }
}

fn malformed(note: &'static str) -> Error {
    Error::new(&codes::TABLE_MALFORMED).note(note)
}

/// What the values look like; all of them must.
fn detect(column: &Column) -> HierarchySpec {
    let values: Vec<&str> =
        column.values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    let all = |test: &dyn Fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| test(value));
    let digits = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
    if all(&|value| value.len() >= 8 && Written::parse(value).and_then(Written::day).is_some()) {
        return HierarchySpec::Date;
    }
    if all(&|value| value.len() == 5 && digits(value)) {
        return HierarchySpec::Zip;
    }
    if all(&|value| value.len() <= 3 && digits(value) && value.parse::<u32>().is_ok_and(|age| age <= 130)) {
        return HierarchySpec::Age { top: ninety() };
    }
    if all(&|value| value.parse::<f64>().is_ok_and(f64::is_finite)) {
        let distinct: BTreeSet<i64> =
            values.iter().filter_map(|value| value.parse::<f64>().ok()).map(|n| n as i64).collect();
        let (first, last) = (distinct.first(), distinct.last());
        let span = last.copied().unwrap_or_default().saturating_sub(first.copied().unwrap_or_default());
        return HierarchySpec::Number { width: (span as f64 / 32.0).ceil().max(1.0) };
    }
    let code = |value: &str| {
        let bytes = value.as_bytes();
        value.len() >= 3
            && value.len() <= 8
            && bytes.first().is_some_and(u8::is_ascii_uppercase)
            && bytes.get(1).is_some_and(u8::is_ascii_digit)
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
    };
    if all(&code) { HierarchySpec::Code } else { HierarchySpec::Suppress }
}

fn date(text: &str) -> Vec<String> {
    let Some(date) = Written::parse(text.trim()) else { return Vec::new() };
    let decade = i32::from(date.year()) / 10 * 10;
    vec![
        date.shortened(Precision::Month),
        date.shortened(Precision::Year),
        format!("{decade}-{}", decade + 9),
    ]
}

/// Bands of a width and of its doubles. From `top` on there is one band at every level.
fn bands(text: &str, width: f64, doubles: u32, top: Option<f64>) -> Vec<String> {
    let Ok(value) = text.trim().parse::<f64>() else { return Vec::new() };
    if !value.is_finite() {
        return Vec::new();
    }
    let whole = width.fract() == 0.0;
    (0..=doubles)
        .map(|double| {
            if let Some(top) = top.filter(|top| value >= *top) {
                return format!("{top}+");
            }
            let width = width * f64::from(1u32 << double);
            let low = (value / width).floor() * width;
            let high = low + width - if whole { 1.0 } else { 0.0 };
            let high = top.map_or(high, |top| high.min(top - 1.0));
            format!("{low}-{high}")
        })
        .collect()
}

/// The text with ever more of its end replaced, down to one character.
fn cut(text: &str, longest: usize) -> Vec<String> {
    let all: Vec<char> = text.trim().chars().collect();
    (1..longest)
        .map(|gone| {
            let kept = longest.saturating_sub(gone).min(all.len());
            let mut short: String = all.iter().take(kept).collect();
            short.extend(std::iter::repeat_n('*', longest - kept));
            short
        })
        .collect()
}

fn category(text: &str) -> Vec<String> {
    let text = text.trim();
    let first = |n: usize| text.chars().take(n).collect::<String>();
    vec![first(3), first(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> Column {
        Column {
            name: "c".into(),
            values: values.iter().map(|v| (*v).to_owned()).collect(),
            codes: (0..values.len() as u32).collect(),
        }
    }

    fn chain(values: &[&str], spec: &HierarchySpec) -> Vec<String> {
        let hierarchy = Hierarchy::of(&column(values), spec).unwrap();
        hierarchy.levels.iter().map(|level| level.texts[level.codes[0] as usize].clone()).collect()
    }

    #[test]
    fn hierarchies_are_made_from_the_form_of_the_values() {
        let auto = HierarchySpec::Auto;
        assert_eq!(
            chain(&["2020-02-03", "2020-03-04", "2020-02-04", "2021-01-01", "2035-01-01"], &auto),
            ["2020-02-03", "2020-02", "2020", "2020-2029", "*"]
        );
        assert_eq!(chain(&["44", "91", "43", "60", "3", "12"], &auto)[..3], ["44", "40-44", "40-59"]);
        assert_eq!(chain(&["91", "44", "95"], &auto)[1], "90+");
        assert_eq!(chain(&["02139", "02138", "02999", "99999"], &auto)[..3], ["02139", "0213*", "02***"]);
        assert_eq!(chain(&["E11.9", "E11.8", "E12", "F10"], &auto), ["E11.9", "E11", "E", "*"]);
        assert_eq!(chain(&["red", "blue"], &auto), ["red", "*"]);
    }

    #[test]
    fn a_table_is_checked() {
        let table = |rows: &[&[&str]]| HierarchySpec::Table {
            rows: rows.iter().map(|row| row.iter().map(|t| (*t).to_owned()).collect()).collect(),
        };
        let good = table(&[&["a", "x", "*"], &["b", "x", "*"], &["c", "y", "*"]]);
        let hierarchy = Hierarchy::of(&column(&["a", "c"]), &good).unwrap();
        // `b` is not in the data, and still of the domain.
        assert!((hierarchy.levels[1].shares[0] - 2.0 / 3.0).abs() < 1e-12);
        for bad in [
            table(&[&["a", "x"], &["c"]]),
            table(&[&["a", "x"]]),
            table(&[&["a", "x", "p"], &["c", "x", "q"]]),
        ] {
            assert_eq!(Hierarchy::of(&column(&["a", "c"]), &bad).err().unwrap().code(), "table_malformed");
        }
    }
}
