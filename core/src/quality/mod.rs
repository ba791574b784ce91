//! Quality: is a record complete, consistent and rightly coded, as a health information technician would ask.
//!
//! The checks are a table ([`CHECKS`]); each has a stable code, a severity and the rule behind it. They read the Chart
//! and labels, so they are the same for every format. A finding names its place and never the value there. What is
//! unknown is not a fault: a date that is known to the year only is compared as far as it goes, and a code whose day no
//! loaded release covers is noted, not judged.

mod case;
mod checks;
mod chronology;
mod coding;
mod demographics;
mod moment;
mod references;
mod report;
mod structure;
#[cfg(test)]
mod tests;

pub use checks::{CHECKS, Check};

use crate::codes::Codes;
use crate::error::{Error, Result, codes as catalogue};
use crate::record::{Finding, Record};
use crate::text::{PartialDate, Precision};

/// Checks a record. `as_of` (`YYYY-MM-DD`) is the day on which it is checked: what has happened lies not after it.
/// Findings come in source order.
///
/// # Errors
/// `invalid_date` where `as_of` is not a day.
pub fn check(record: &Record, codes: &Codes, as_of: &str) -> Result<Vec<Finding>> {
    let as_of = PartialDate::parse(as_of)
        .filter(|date| date.precision() == Precision::Day)
        .ok_or_else(|| Error::new(&catalogue::INVALID_DATE).in_path("as_of"))?
        .earliest();
    let case = case::Case::of(record, codes, as_of);
    let mut report = report::Report::default();
    demographics::check(&case, &mut report);
    chronology::check(&case, &mut report);
    coding::check(&case, &mut report);
    references::check(&case, &mut report);
    structure::check(&case, &mut report);
    Ok(report.finish(record))
}
