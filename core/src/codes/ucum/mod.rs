//! Units of measure (The Unified Code for Units of Measure, case-sensitive codes): validity, canonical form, display
//! name, conversion.
//!
//! The unit table is the published `ucum-essence.xml`; the grammar is the specification's (sections 2 and 3). A unit
//! that is defined by a procedure rather than by a number stays its own dimension, and is converted to nothing else.

mod expression;
mod function;
mod mistakes;
mod source;
mod table;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use serde::Serialize;

use self::expression::{Fault, parse};
pub use self::source::{PrefixRow, UnitRow, UnitSource};
use self::table::{Dimensions, Measure, Table};
use super::context::CodeContext;
use super::system::CodeSystem;
use super::text::CodeText;
use super::verdict::{Judgement, Reason, Status};
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

static UCUM: &[u8] = include_bytes!("../../../data/ucum-2.2.bin");

/// The units, read when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Ucum {
    table: OnceLock<Option<Table>>,
    pack: OnceLock<Option<Pack>>,
}

/// A value in another unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitConversion {
    /// The value in the unit that was asked for, to fifteen significant digits.
    pub value: f64,
    /// The value in base units.
    pub canonical_value: f64,
    /// The base units that both units come to, such as `m.s-2`; `1` where they have no dimension.
    pub canonical_unit: String,
}

/// What a unit is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitEntry {
    /// The expression.
    pub code: String,
    /// Its name in words, such as `(milligram) / (liter)`.
    pub display: String,
    /// The base units that it comes to; `1` where it has no dimension.
    pub canonical_unit: String,
    /// How many of these it is; `None` where the unit is not a multiple of them (a degree Celsius, a pH).
    pub canonical_factor: Option<f64>,
}

impl Ucum {
    fn pack(&self) -> Option<&Pack> {
        self.pack.get_or_init(|| Pack::embedded(UCUM).ok()).as_ref()
    }

    fn table(&self) -> Option<&Table> {
        self.table.get_or_init(|| Table::open(self.pack()?).ok()).as_ref()
    }

    fn measure(&self, unit: &str, name: &'static str) -> Result<Measure> {
        let refuse = |fault: Fault| Error::new(&codes::UNIT_INVALID).in_path(name).note(fault.words());
        let table = self.table().ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?;
        parse(unit, table).map_err(refuse)?.measure(table).map_err(refuse)
    }

    /// A value of one unit in another.
    ///
    /// # Errors
    /// `unit_invalid` with the argument's name; `units_differ` where the units do not measure the same thing.
    pub(crate) fn convert(&self, value: f64, from: &str, to: &str) -> Result<UnitConversion> {
        let (from, to) = (self.measure(from, "from")?, self.measure(to, "to")?);
        if from.dimensions != to.dimensions {
            return Err(Error::new(&codes::UNITS_DIFFER));
        }
        let canonical_value = from.to_base(value);
        Ok(UnitConversion {
            value: rounded(to.of_base(canonical_value)),
            canonical_value: rounded(canonical_value),
            canonical_unit: self.base_units(&from.dimensions),
        })
    }

    /// What a unit is.
    ///
    /// # Errors
    /// `unit_invalid`.
    pub(crate) fn entry(&self, unit: &str) -> Result<UnitEntry> {
        let measure = self.measure(unit, "unit")?;
        Ok(UnitEntry {
            code: unit.to_owned(),
            display: self.display(unit).unwrap_or_default(),
            canonical_unit: self.base_units(&measure.dimensions),
            canonical_factor: measure.is_linear().then(|| measure.to_base(1.0)),
        })
    }

    fn base_units(&self, dimensions: &Dimensions) -> String {
        let mut out = String::new();
        for (unit, power) in dimensions.iter() {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(self.table().and_then(|table| table.code(unit)).unwrap_or_default());
            if power != 1 {
                out.push_str(&power.to_string());
            }
        }
        if out.is_empty() { "1".to_owned() } else { out }
    }

    fn display(&self, unit: &str) -> Option<String> {
        let table = self.table()?;
        Some(parse(unit, table).ok()?.display(table))
    }
}

/// Fifteen significant digits: what a decimal number of the table or the caller may have and a binary one can hold.
fn rounded(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

impl CodeSystem for Ucum {
    fn name(&self) -> &'static str {
        "ucum"
    }

    fn judge(&self, text: &str, _context: &CodeContext) -> Judgement {
        let code = CodeText::collect(text.chars()).unwrap_or(CodeText::EMPTY);
        let Some(table) = self.table() else {
            return Judgement::new(Status::Unknown, Some(Reason::NotCovered), code);
        };
        match parse(text, table) {
            Ok(_) => Judgement::new(Status::Valid, None, code),
            Err(Fault::UnknownUnit) => Judgement::new(Status::Invalid, Some(Reason::NotFound), code),
            Err(_) => Judgement::new(Status::Invalid, Some(Reason::Malformed), code),
        }
    }

    fn title(&self, judgement: &Judgement) -> Option<String> {
        let valid = judgement.status == Status::Valid && !judgement.code.is_empty();
        if valid { self.display(judgement.code.as_str()) } else { None }
    }

    fn release(&self, _judgement: &Judgement) -> Option<&str> {
        self.pack().map(|pack| pack.info().release.as_str())
    }

    fn suggestions(&self, judgement: &Judgement) -> Vec<String> {
        match (judgement.reason, self.table()) {
            (Some(_), Some(table)) => mistakes::meant(judgement.code.as_str(), table),
            _ => Vec::new(),
        }
    }

    fn detail(&self, judgement: &Judgement) -> Option<String> {
        match judgement.reason? {
            Reason::NotFound => Some(Fault::UnknownUnit.words().to_owned()),
            Reason::Malformed => {
                let fault = self.table().and_then(|table| parse(judgement.code.as_str(), table).err());
                Some(fault.unwrap_or(Fault::Syntax).words().to_owned())
            }
            _ => None,
        }
    }

    fn packs(&self) -> Vec<&PackInfo> {
        self.pack().map(Pack::info).into_iter().collect()
    }
}
