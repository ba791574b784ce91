//! Moments: dates as a record states them, compared only as far as they are known.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::text::PartialDate;

/// A date of a record, and the instant where it states one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) date: PartialDate,
    instant: Option<Timestamp>,
}

impl Moment {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let date = PartialDate::parse(text)?;
        Some(Self { date, instant: text.parse().ok() })
    }

    /// Whether it is certain that this was before `other`.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        match (self.instant, other.instant) {
            (Some(one), Some(two)) => one < two,
            _ => self.date.latest() < other.date.earliest(),
        }
    }

    /// Whether it is certain that this was on a day before that of `other`, as both were written.
    pub(super) fn is_on_day_before(&self, other: &Self) -> bool {
        self.date.latest() < other.date.earliest()
    }

    /// Whether it is certain that this is after the day.
    pub(super) fn is_after_day(&self, day: Date) -> bool {
        self.date.earliest() > day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(one: &str, two: &str) -> bool {
        Moment::parse(one).unwrap().is_before(&Moment::parse(two).unwrap())
    }

    #[test]
    fn only_what_is_certain_counts() {
        assert!(before("2024", "2025-01-01"));
        assert!(!before("2024", "2024-12-31"));
        assert!(!before("2024-05", "2024"));
        assert!(before("2024-05-01T10:00:00Z", "2024-05-01T10:00:01Z"));
        assert!(before("2024-05-02T01:00:00+10:00", "2024-05-01T20:00:00-05:00"));
        assert!(!before("2024-05-01T10:00:00Z", "2024-05-01"));
        assert!(!before("2024-05-01", "2024-05-01"));
    }
}
