//! The law pack as it stands in its file: what a privacy officer reads and reviews.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use serde_json::Value;

use super::super::request::Day;
use crate::packs::PackInfo;

/// A law pack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub(super) pack: PackHead,
    /// Checklists of the elements that a document must have, each with its paragraph.
    #[serde(default)]
    pub(super) checklists: BTreeMap<String, Vec<Value>>,
    /// Conditions that several rules share, by name.
    #[serde(default)]
    pub(super) definitions: BTreeMap<String, Value>,
    /// What must be done with a release or a denial, by name.
    #[serde(default)]
    pub(super) obligations: BTreeMap<String, Value>,
    pub(super) rules: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackHead {
    pub(super) name: String,
    pub(super) release: String,
    pub(super) effective_from: Option<Day>,
    pub(super) effective_to: Option<Day>,
    pub(super) licence: String,
    pub(super) source: String,
    /// What must hold for any rule of the pack to apply, such as a jurisdiction.
    #[serde(default)]
    pub(super) applies_when: Option<Value>,
}

impl PackHead {
    pub(super) fn info(&self, system: &str, rows: usize, sha256: String) -> PackInfo {
        PackInfo {
            name: self.name.clone(),
            system: system.to_owned(),
            release: self.release.clone(),
            effective_from: self.effective_from.map(|day| day.0.to_string()),
            effective_to: self.effective_to.map(|day| day.0.to_string()),
            rows: rows as u64,
            licence: self.licence.clone(),
            source: self.source.clone(),
            sha256,
        }
    }
}

/// How sure it is that a rule says what the law says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[non_exhaustive]
pub enum Confidence {
    /// The primary text was read.
    V,
    /// A secondary source was read.
    S,
    /// Recalled; not confirmed.
    R,
}

impl Confidence {
    /// `V`, `S` or `R`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V => "V",
            Self::S => "S",
            Self::R => "R",
        }
    }
}

/// What a rule does where its condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::release) enum Effect {
    /// The segment must be released.
    Require,
    /// The segment may be released.
    Permit,
    /// The segment must not be released.
    Prohibit,
    /// A person must decide before the segment is released.
    Defer,
    /// The segment is outside of what was asked for.
    Limit,
    /// Nothing is decided; the obligations apply.
    Oblige,
    /// What is cited where no rule speaks for a release. Its condition is not looked at.
    Default,
}

/// To which segments the obligations of an `oblige` rule belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::release) enum Occasion {
    /// Segments that are released.
    #[default]
    Release,
    /// Segments that were asked for and are withheld.
    Denial,
    /// The request as such.
    Request,
}

/// A time limit: so many days, working days (Monday to Friday) or months, and by how much it can be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::release) struct Clock {
    pub(in crate::release) days: u16,
    pub(in crate::release) working_days: u16,
    pub(in crate::release) months: u16,
    pub(in crate::release) extension_days: u16,
    pub(in crate::release) extension_months: u16,
}

impl Clock {
    /// The last day of the limit that runs from a day, and that of the extension where there is one.
    pub(in crate::release) fn from(self, day: Day) -> Option<(Date, Option<Date>)> {
        let span = jiff::Span::new().try_months(self.months).ok()?.try_days(self.days).ok()?;
        let mut due = day.0.checked_add(span).ok()?;
        for _ in 0..self.working_days {
            due = due.tomorrow().ok()?;
            while matches!(due.weekday(), Weekday::Saturday | Weekday::Sunday) {
                due = due.tomorrow().ok()?;
            }
        }
        let more =
            jiff::Span::new().try_months(self.extension_months).ok()?.try_days(self.extension_days).ok()?;
        let extended = due.checked_add(more).ok().filter(|later| *later > due);
        Some((due, extended))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) effect: Effect,
    pub(super) when: Option<Value>,
    pub(super) cite: String,
    pub(super) confidence: Confidence,
    pub(super) effective_from: Option<Day>,
    /// The first day on which the rule no longer held, where it was vacated or repealed.
    pub(super) vacated_on: Option<Day>,
    /// Whether a prohibition or deferral stands against a required disclosure too.
    #[serde(default)]
    pub(super) even_if_required: bool,
    #[serde(default)]
    pub(super) occasion: Occasion,
    #[serde(default)]
    pub(super) obligations: Vec<String>,
    /// Whether a disclosure under the rule goes into the accounting of disclosures.
    #[serde(default)]
    pub(super) accounting: bool,
    /// Within what time from the request it must be acted on.
    #[serde(default)]
    pub(super) due: Option<Clock>,
    /// For the reviewer of the pack.
    #[serde(default)]
    #[allow(dead_code)]
    pub(super) note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ElementFile {
    pub(super) fact: String,
    /// The value that the fact must have.
    pub(super) must_be: bool,
    pub(super) cite: String,
    pub(super) confidence: Confidence,
    pub(super) effective_from: Option<Day>,
    pub(super) vacated_on: Option<Day>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ObligationFile {
    pub(super) text: String,
    pub(super) cite: String,
    pub(super) confidence: Confidence,
}
