//! Ages: whether a person is over the limit on a day, and which years would tell it.
//!
//! 45 CFR 164.514(b)(2)(i)(C): no age over 89 may be told, nor an element of a date, the year included, that
//! indicates one. The day on which a living person's age counts is an argument; the clock is never read.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::text::PartialDate;

/// What is known of a person's age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seniority {
    /// Not over the limit on the day that counts.
    Within,
    /// Over the limit, or perhaps: what the dates leave open counts as over.
    Over,
    /// Born after the day that counts, or dead before born: the dates contradict each other.
    Contradiction,
    /// There is no day that counts, or the birth date cannot be read.
    Unknown,
}

/// Whether someone born on `birth` is over `limit` years old: on the day of death where one is known, else on
/// `as_of`. A partial date means its earliest day for the birth and its latest for the death, so that doubt
/// counts as over.
pub(super) fn seniority(
    birth: Option<PartialDate>,
    death: Option<PartialDate>,
    as_of: Option<Date>,
    limit: u16,
) -> Seniority {
    let (Some(birth), Some(day)) = (birth, death.map(PartialDate::latest).or(as_of)) else {
        return Seniority::Unknown;
    };
    if birth.earliest() > day {
        return Seniority::Contradiction;
    }
    // One is over 89 from the 90th birthday on; who was born on 29 February has it on 28 February at the latest.
    let birthday = birth.earliest().checked_add((i64::from(limit) + 1).years());
    match birthday {
        Ok(birthday) if birthday > day => Seniority::Within,
        _ => Seniority::Over,
    }
}

/// A length of time in years, given as a number with a unit as UCUM or English writes it; none for any other unit.
pub(super) fn years(value: f64, unit: &str) -> Option<f64> {
    per_year(unit).map(|many| value / many)
}

/// How many of a unit of time make a year, as UCUM or English writes the unit; none for any other unit.
pub(super) fn per_year(unit: &str) -> Option<f64> {
    // As long as the longest of them, in lower case.
    let (unit, mut lower) = (unit.trim().as_bytes(), [0; 7]);
    let lower = lower.get_mut(..unit.len())?;
    lower.copy_from_slice(unit);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"a" | b"a_j" | b"a_g" | b"a_t" | b"y" | b"yr" | b"yrs" | b"year" | b"years" | b"jahre" => 1.0,
        b"mo" | b"mo_j" | b"mo_g" | b"mo_s" | b"mon" | b"mos" | b"month" | b"months" => 12.0,
        b"wk" | b"wks" | b"week" | b"weeks" => 365.25 / 7.0,
        b"d" | b"day" | b"days" => 365.25,
        b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => 365.25 * 24.0,
        b"min" | b"mins" | b"minute" | b"minutes" => 365.25 * 24.0 * 60.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(birth: &str, death: Option<&str>, as_of: Option<&str>) -> Seniority {
        let as_of = as_of.map(|day| day.parse().unwrap());
        seniority(PartialDate::parse(birth), death.and_then(PartialDate::parse), as_of, 89)
    }

    #[test]
    fn ninety_begins_on_the_birthday() {
        assert_eq!(on("1935-06-15", None, Some("2025-06-14")), Seniority::Within);
        assert_eq!(on("1935-06-15", None, Some("2025-06-15")), Seniority::Over);
        assert_eq!(on("1936-02-29", None, Some("2026-02-27")), Seniority::Within);
        assert_eq!(on("1936-02-29", None, Some("2026-02-28")), Seniority::Over);
        assert_eq!(on("1840-01-01", None, Some("2026-02-28")), Seniority::Over);
    }

    #[test]
    fn doubt_counts_as_over() {
        assert_eq!(on("1935", None, Some("2025-01-01")), Seniority::Over);
        assert_eq!(on("1935", None, Some("2024-12-31")), Seniority::Within);
        assert_eq!(on("1935-06", None, Some("2025-06-01")), Seniority::Over);
        assert_eq!(on("1930-06-15", Some("2020"), None), Seniority::Over);
        assert_eq!(on("1930-06-15", Some("2020-06-14"), None), Seniority::Within);
    }

    #[test]
    fn death_stops_the_clock() {
        assert_eq!(on("1900-01-01", Some("1950-01-01"), Some("2025-01-01")), Seniority::Within);
        assert_eq!(on("1900-01-01", Some("1995-01-01"), Some("1980-01-01")), Seniority::Over);
    }

    #[test]
    fn what_cannot_be_known() {
        assert_eq!(on("1980-01-01", None, None), Seniority::Unknown);
        assert_eq!(on("0000-00-00", None, Some("2025-01-01")), Seniority::Unknown);
        assert_eq!(on("2025-01-02", None, Some("2025-01-01")), Seniority::Contradiction);
        assert_eq!(on("2025-01-02", Some("2024"), None), Seniority::Contradiction);
    }

    #[test]
    fn units_of_age() {
        assert!(years(89.0, "a").unwrap() <= 89.0);
        assert!(years(1081.0, "mo").unwrap() > 90.0);
        assert!(years(33_000.0, "d").unwrap() > 90.0);
        assert_eq!(years(120.0, "mm[Hg]"), None);
    }
}
