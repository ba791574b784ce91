//! What a pack of units is compiled from.

use super::table::{ARBITRARY, BASE, METRIC};
use crate::error::Result;
use crate::packs::{PackInfo, PackWriter, put_short, put_text};

/// A prefix such as `k`, kilo, `1e3`.
#[derive(Debug, Clone)]
pub struct PrefixRow {
    /// Case-sensitive code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Value as a decimal number.
    pub value: String,
}

/// A unit of the table.
#[derive(Debug, Clone, Default)]
pub struct UnitRow {
    /// Case-sensitive code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether it takes prefixes.
    pub metric: bool,
    /// Whether it is defined by a procedure, and is no multiple of anything.
    pub arbitrary: bool,
    /// Whether it is one of the seven that the others come to.
    pub base: bool,
    /// How many of [`Self::of`] it is.
    pub value: String,
    /// The unit that it is defined by.
    pub of: String,
    /// The function of its scale, where it is no multiple.
    pub function: String,
}

/// The published unit table.
#[derive(Debug, Clone, Default)]
pub struct UnitSource {
    /// Prefixes.
    pub prefixes: Vec<PrefixRow>,
    /// Base units first, then the others.
    pub units: Vec<UnitRow>,
}

impl UnitSource {
    /// Compiles the pack.
    ///
    /// # Errors
    /// `pack_malformed` where a count or a text is too large.
    pub fn compile(&self, info: PackInfo) -> Result<Vec<u8>> {
        let (mut prefixes, mut units) = (Vec::new(), Vec::new());
        put_short(&mut prefixes, self.prefixes.len())?;
        for prefix in &self.prefixes {
            for text in [&prefix.code, &prefix.name, &prefix.value] {
                put_text(&mut prefixes, text)?;
            }
        }
        put_short(&mut units, self.units.len())?;
        for unit in &self.units {
            put_text(&mut units, &unit.code)?;
            put_text(&mut units, &unit.name)?;
            let flag = |set: bool, flag: u8| if set { flag } else { 0 };
            units.push(flag(unit.metric, METRIC) | flag(unit.arbitrary, ARBITRARY) | flag(unit.base, BASE));
            for text in [&unit.value, &unit.of, &unit.function] {
                put_text(&mut units, text)?;
            }
        }
        PackWriter::new(info).section("prefixes", prefixes).section("units", units).finish()
    }
}
