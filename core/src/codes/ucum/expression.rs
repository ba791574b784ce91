//! Unit expressions (UCUM, section 2): terms of prefixed units with exponents, numbers, annotations, parentheses.

use super::table::{Measure, Table, UnitNumber};

/// The longest expression that is read, and how deep parentheses may nest.
const LONGEST: usize = 512;
const DEEPEST: usize = 24;
const LARGEST_POWER: i32 = 999;

/// Why a text is no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Syntax,
    NotAscii,
    UnknownUnit,
    TooLong,
    NotLinear,
}

impl Fault {
    /// The fault in words, with the rule behind it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Syntax => {
                "not an expression of units: units, whole numbers and parentheses joined by . and / (UCUM 2)"
            }
            Self::NotAscii => "a unit is written in ASCII characters without spaces (UCUM 1)",
            Self::UnknownUnit => {
                "a unit that the table does not have, or a prefix before one that takes none (UCUM 3)"
            }
            Self::TooLong => "longer or deeper than any unit",
            Self::NotLinear => {
                "a unit on a scale with an offset or a logarithm takes part in no product or power (UCUM 21)"
            }
        }
    }
}

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Term {
    /// Nothing but an annotation, or the number one.
    Unity,
    Number(u64),
    Unit {
        prefix: Option<usize>,
        unit: UnitNumber,
        power: i32,
    },
    Group(Box<Self>),
    Product(Box<Self>, Box<Self>),
    Quotient(Box<Self>, Box<Self>),
}

/// Reads a whole expression.
pub(super) fn parse(text: &str, table: &Table) -> Result<Term, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::TooLong);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(if text.is_empty() { Fault::Syntax } else { Fault::NotAscii });
    }
    let mut reader = Reader { rest: text, table, depth: 0 };
    let term = reader.main_term()?;
    if reader.rest.is_empty() { Ok(term) } else { Err(Fault::Syntax) }
}

struct Reader<'t> {
    rest: &'t str,
    table: &'t Table,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn take(&mut self, character: char) -> bool {
        let rest = self.rest.strip_prefix(character);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn main_term(&mut self) -> Result<Term, Fault> {
        if self.take('/') {
            let divisor = self.component()?;
            return self.term_after(Term::Quotient(Box::new(Term::Unity), Box::new(divisor)));
        }
        self.term()
    }

    fn term(&mut self) -> Result<Term, Fault> {
        let first = self.component()?;
        self.term_after(first)
    }

    fn term_after(&mut self, mut left: Term) -> Result<Term, Fault> {
        loop {
            if self.take('.') {
                left = Term::Product(Box::new(left), Box::new(self.component()?));
            } else if self.take('/') {
                left = Term::Quotient(Box::new(left), Box::new(self.component()?));
            } else {
                return Ok(left);
            }
        }
    }

    fn component(&mut self) -> Result<Term, Fault> {
        if self.take('(') {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err(Fault::TooLong);
            }
            let inner = self.term()?;
            self.depth -= 1;
            if !self.take(')') {
                return Err(Fault::Syntax);
            }
            self.annotation()?;
            return Ok(Term::Group(Box::new(inner)));
        }
        if self.rest.starts_with('{') {
            self.annotation()?;
            return Ok(Term::Unity);
        }
        let symbol = self.symbol()?;
        let term = self.simple(symbol)?;
        self.annotation()?;
        Ok(term)
    }

    /// An annotation in braces says something of the unit and changes nothing of it.
    fn annotation(&mut self) -> Result<(), Fault> {
        let Some(rest) = self.rest.strip_prefix('{') else { return Ok(()) };
        let (inside, rest) = rest.split_once('}').ok_or(Fault::Syntax)?;
        if inside.contains('{') {
            return Err(Fault::Syntax);
        }
        self.rest = rest;
        Ok(())
    }

    /// Everything up to the next operator, parenthesis or brace that is not inside square brackets.
    fn symbol(&mut self) -> Result<&'t str, Fault> {
        let mut inside = false;
        let end = self.rest.find(|c: char| {
            match c {
                '[' => inside = true,
                ']' => inside = false,
                _ => {}
            }
            !inside && matches!(c, '.' | '/' | '(' | ')' | '{' | '}')
        });
        let (symbol, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if symbol.is_empty() { Err(Fault::Syntax) } else { Ok(symbol) }
    }

    fn simple(&self, symbol: &str) -> Result<Term, Fault> {
        if symbol.bytes().all(|byte| byte.is_ascii_digit()) {
            return symbol.parse().map(Term::Number).map_err(|_| Fault::TooLong);
        }
        let digits = symbol.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (mut base, mut power) = symbol.split_at_checked(symbol.len() - digits).ok_or(Fault::Syntax)?;
        if !power.is_empty() && base.ends_with(['+', '-']) {
            (base, power) = symbol.split_at_checked(base.len() - 1).ok_or(Fault::Syntax)?;
        }
        let power = if power.is_empty() { 1 } else { power.parse::<i32>().map_err(|_| Fault::TooLong)? };
        if power.abs() > LARGEST_POWER {
            return Err(Fault::TooLong);
        }
        let (prefix, unit) = self.table.find(base).ok_or(Fault::UnknownUnit)?;
        Ok(Term::Unit { prefix, unit, power })
    }
}

impl Term {
    /// What the expression comes to in base units.
    pub(super) fn measure(&self, table: &Table) -> Result<Measure, Fault> {
        match self {
            Self::Unity => Ok(Measure::number(1.0)),
            Self::Number(number) => Ok(Measure::number(*number as f64)),
            Self::Group(inner) => inner.measure(table),
            Self::Unit { prefix, unit, power } => {
                let measure = table.measure(*prefix, *unit).ok_or(Fault::UnknownUnit)?;
                if *power == 1 { Ok(measure) } else { measure.power(*power).ok_or(Fault::NotLinear) }
            }
            Self::Product(left, right) => {
                left.measure(table)?.times(&right.measure(table)?, 1).ok_or(Fault::NotLinear)
            }
            Self::Quotient(left, right) => {
                left.measure(table)?.times(&right.measure(table)?, -1).ok_or(Fault::NotLinear)
            }
        }
    }

    /// The expression in words.
    pub(super) fn display(&self, table: &Table) -> String {
        let mut out = String::new();
        self.write(table, &mut out);
        out
    }

    fn write(&self, table: &Table, out: &mut String) {
        match self {
            Self::Unity => out.push('1'),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Unit { prefix, unit, power } => {
                let prefix = prefix.and_then(|prefix| table.prefix_name(prefix)).unwrap_or_default();
                let unit = table.name(*unit).unwrap_or_default();
                out.push_str(&format!("({prefix}{unit}"));
                if *power != 1 {
                    out.push_str(&format!(" ^ {power}"));
                }
                out.push(')');
            }
            Self::Group(inner) => {
                out.push('(');
                inner.write(table, out);
                out.push(')');
            }
            Self::Product(left, right) => {
                left.write(table, out);
                out.push_str(" * ");
                right.write(table, out);
            }
            Self::Quotient(left, right) => {
                left.write(table, out);
                out.push_str(" / ");
                right.write(table, out);
            }
        }
    }
}
