//! The unit table: prefixes, base units, units by what they are defined with.
//!
//! Sections `prefixes` (code, name, value) and `units` (code, name, flags, value, unit, function), as
//! [`super::source`] writes them. Everything is resolved to base units when the table is read.

use std::collections::HashMap;

use super::expression::{Fault, parse};
use super::function::Function;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// The place of a unit in the table.
pub(super) type UnitNumber = u16;

/// Flags of a unit.
pub(super) const METRIC: u8 = 1;
pub(super) const ARBITRARY: u8 = 2;
pub(super) const BASE: u8 = 4;

/// Powers of base and arbitrary units, in the order of the table, none of them zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dimensions(Vec<(UnitNumber, i32)>);

impl Dimensions {
    pub(super) fn iter(&self) -> impl Iterator<Item = (UnitNumber, i32)> {
        self.0.iter().copied()
    }

    fn add(&mut self, unit: UnitNumber, power: i32) {
        match self.0.binary_search_by_key(&unit, |(known, _)| *known) {
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    *known += power;
                }
                self.0.retain(|(_, power)| *power != 0);
            }
            Err(at) if power != 0 => self.0.insert(at, (unit, power)),
            Err(_) => {}
        }
    }
}

/// A unit in base units: a factor, or a function before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measure {
    factor: f64,
    pub(super) dimensions: Dimensions,
    /// A function, and what a number on the scale is multiplied with before it (a prefix).
    function: Option<(Function, f64)>,
}

impl Measure {
    pub(super) fn number(factor: f64) -> Self {
        Self { factor, dimensions: Dimensions::default(), function: None }
    }

    pub(super) const fn is_linear(&self) -> bool {
        self.function.is_none()
    }

    /// A value of this unit in base units.
    pub(super) fn to_base(&self, value: f64) -> f64 {
        match self.function {
            None => value * self.factor,
            Some((function, prefix)) => function.to_ratio(value * prefix) * self.factor,
        }
    }

    /// A value in base units as one of this unit.
    pub(super) fn of_base(&self, value: f64) -> f64 {
        match self.function {
            None => value / self.factor,
            Some((function, prefix)) => function.of_ratio(value / self.factor) / prefix,
        }
    }

    /// The product with another unit, or the quotient where `sign` is -1.
    pub(super) fn times(mut self, other: &Self, sign: i32) -> Option<Self> {
        let one = |measure: &Self| measure.dimensions.0.is_empty() && measure.factor == 1.0;
        if other.function.is_some() {
            return if sign == 1 && self.function.is_none() && one(&self) {
                Some(other.clone())
            } else {
                None
            };
        }
        if self.function.is_some() && !one(other) {
            return None;
        }
        self.factor = if sign == 1 { self.factor * other.factor } else { self.factor / other.factor };
        for (unit, power) in other.dimensions.iter() {
            self.dimensions.add(unit, power * sign);
        }
        Some(self)
    }

    /// The unit to a power.
    pub(super) fn power(&self, power: i32) -> Option<Self> {
        if self.function.is_some() {
            return None;
        }
        let mut dimensions = Dimensions::default();
        for (unit, own) in self.dimensions.iter() {
            dimensions.add(unit, own.checked_mul(power)?);
        }
        Some(Self { factor: self.factor.powi(power), dimensions, function: None })
    }
}

#[derive(Debug)]
struct Prefix {
    code: String,
    name: String,
    value: f64,
}

#[derive(Debug)]
struct Unit {
    code: String,
    name: String,
    flags: u8,
    value: f64,
    of: String,
    function: Option<Function>,
    measure: Option<Measure>,
}

/// Everything that a unit can be made of.
#[derive(Debug)]
pub(super) struct Table {
    prefixes: Vec<Prefix>,
    units: Vec<Unit>,
    numbers: HashMap<String, UnitNumber>,
}

impl Table {
    /// Reads a pack.
    ///
    /// # Errors
    /// `pack_malformed`, also where a unit is defined by one that the table does not have, or by itself.
    pub(super) fn open(pack: &Pack) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let number = |text: &str| text.parse::<f64>().map_err(|_| malformed());
        let mut cursor = Cursor::new(pack.section("prefixes")?);
        let prefixes = (0..cursor.short()?)
            .map(|_| {
                let (code, name) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
                Ok(Prefix { code, name, value: number(cursor.text()?)? })
            })
            .collect::<Result<Vec<_>>>()?;
        let mut cursor = Cursor::new(pack.section("units")?);
        let units = (0..cursor.short()?)
            .map(|_| {
                let (code, name) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
                let (flags, value) = (cursor.u8()?, number(cursor.text()?)?);
                let (of, function) = (cursor.text()?.to_owned(), cursor.text()?);
                let known = function.is_empty() || Function::named(function).is_some();
                let function = Function::named(function);
                if known {
                    Ok(Unit { code, name, flags, value, of, function, measure: None })
                } else {
                    Err(malformed())
                }
            })
            .collect::<Result<Vec<_>>>()?;
        let numbers = (0..).zip(&units).map(|(number, unit)| (unit.code.clone(), number)).collect();
        let mut table = Self { prefixes, units, numbers };
        table.resolve().ok_or_else(malformed)?;
        Ok(table)
    }

    /// Resolves what is made of resolved units, again and again until nothing is left.
    fn resolve(&mut self) -> Option<()> {
        let mut left = self.units.len();
        while left > 0 {
            let mut next = Vec::new();
            for (number, unit) in (0..).zip(&self.units).filter(|(_, unit)| unit.measure.is_none()) {
                match self.defined(number, unit) {
                    Ok(measure) => next.push((number, measure)),
                    Err(Fault::UnknownUnit) => {}
                    Err(_) => return None,
                }
            }
            if next.is_empty() {
                return None;
            }
            left -= next.len();
            for (number, measure) in next {
                self.units.get_mut(usize::from(number))?.measure = Some(measure);
            }
        }
        Some(())
    }

    fn defined(&self, number: UnitNumber, unit: &Unit) -> std::result::Result<Measure, Fault> {
        if unit.flags & (BASE | ARBITRARY) != 0 {
            let mut measure = Measure::number(1.0);
            measure.dimensions.add(number, 1);
            return Ok(measure);
        }
        let mut measure = parse(&unit.of, self)?.measure(self)?;
        measure.factor *= unit.value;
        measure.function = unit.function.map(|function| (function, 1.0));
        Ok(measure)
    }

    /// The unit of a symbol, and the prefix before it where the unit takes one.
    pub(super) fn find(&self, symbol: &str) -> Option<(Option<usize>, UnitNumber)> {
        if let Some(number) = self.numbers.get(symbol) {
            return Some((None, *number));
        }
        self.prefixes.iter().enumerate().find_map(|(at, prefix)| {
            let number = *self.numbers.get(symbol.strip_prefix(prefix.code.as_str())?)?;
            let metric = self.units.get(usize::from(number))?.flags & METRIC != 0;
            metric.then_some((Some(at), number))
        })
    }

    pub(super) fn measure(&self, prefix: Option<usize>, unit: UnitNumber) -> Option<Measure> {
        let mut measure = self.units.get(usize::from(unit))?.measure.clone()?;
        if let Some(prefix) = prefix {
            let value = self.prefixes.get(prefix)?.value;
            match &mut measure.function {
                Some((_, before)) => *before *= value,
                None => measure.factor *= value,
            }
        }
        Some(measure)
    }

    pub(super) fn code(&self, unit: UnitNumber) -> Option<&str> {
        self.units.get(usize::from(unit)).map(|unit| unit.code.as_str())
    }

    pub(super) fn name(&self, unit: UnitNumber) -> Option<&str> {
        self.units.get(usize::from(unit)).map(|unit| unit.name.as_str())
    }

    pub(super) fn prefix_name(&self, prefix: usize) -> Option<&str> {
        self.prefixes.get(prefix).map(|prefix| prefix.name.as_str())
    }

    /// The codes of the units.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.units.iter().map(|unit| unit.code.as_str())
    }
}
