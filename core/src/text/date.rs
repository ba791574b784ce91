//! Partial dates: a year, a month of a year, a day, or a moment, as ISO 8601 and FHIR write them.

use jiff::civil::Date;

use crate::error::{Error, Result, codes};

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `YYYY`
    Year,
    /// `YYYY-MM`
    Month,
    /// `YYYY-MM-DD`
    Day,
    /// `YYYY-MM-DDThh:mm[:ss[.fff]][Z|+hh:mm]`
    Time,
}

/// A date of which the month or the day may be unknown. The calendar is checked: there is no 30 February.
///
/// The day is the one that was written: an offset from UTC does not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    first: Date,
    precision: Precision,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date and time (FHIR R4 `date`, `dateTime`, `instant`).
    /// `None` where it is anything else, or where the calendar has no such day.
    ///
    /// ```
    /// use chartkeeper::text::{PartialDate, Precision};
    /// let date = PartialDate::parse("2024-02-29T08:30:00-05:00").unwrap();
    /// assert_eq!((date.year(), date.precision()), (2024, Precision::Time));
    /// assert!(PartialDate::parse("2023-02-29").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Only a whole day has a time behind it.
        let (day, time) = match text.split_at_checked(10) {
            Some((day, rest)) if !rest.is_empty() => (day, Some(rest.strip_prefix('T')?)),
            _ => (text, None),
        };
        let number = |from: usize, to: usize| -> Option<i16> {
            let digits = day.get(from..to)?;
            if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
        };
        let dash = |at: usize| day.as_bytes().get(at) == Some(&b'-');
        let year = number(0, 4)?;
        if year == 0 {
            return None;
        }
        let part = |from: usize, to: usize| number(from, to).and_then(|n| i8::try_from(n).ok());
        let (month, dom, precision) = match day.len() {
            4 => (1, 1, Precision::Year),
            7 if dash(4) => (part(5, 7)?, 1, Precision::Month),
            10 if dash(4) && dash(7) => (part(5, 7)?, part(8, 10)?, Precision::Day),
            _ => return None,
        };
        let first = Date::new(year, month, dom).ok()?;
        match time {
            None => Some(Self { first, precision }),
            Some(time) if precision == Precision::Day && is_time(time) => {
                Some(Self { first, precision: Precision::Time })
            }
            Some(_) => None,
        }
    }

    /// The date of these numbers, known so far; none where the calendar has no such day.
    pub(crate) fn of(year: i16, month: i8, day: i8, precision: Precision) -> Option<Self> {
        let first = Date::new(year, month, day).ok().filter(|_| year > 0)?;
        Some(Self { first, precision })
    }

    /// Reads an argument that must be one day, `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalid_date`.
    pub fn day(text: &str) -> Result<Date> {
        Self::parse(text)
            .filter(|date| date.precision == Precision::Day)
            .map(Self::earliest)
            .ok_or_else(|| Error::new(&codes::INVALID_DATE))
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.first.year()
    }

    /// How much of it is known.
    #[must_use]
    pub const fn precision(self) -> Precision {
        self.precision
    }

    /// The first day that it can mean.
    #[must_use]
    pub const fn earliest(self) -> Date {
        self.first
    }

    /// The last day that it can mean.
    #[must_use]
    pub fn latest(self) -> Date {
        match self.precision {
            Precision::Year => self.first.last_of_year(),
            Precision::Month => self.first.last_of_month(),
            Precision::Day | Precision::Time => self.first,
        }
    }
}

/// `hh:mm[:ss[.fff]]` with an optional `Z` or `+hh:mm`.
fn is_time(time: &str) -> bool {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let zone_ok = match zone.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', rest @ ..] => is_clock(rest, false),
        _ => false,
    };
    zone_ok && is_clock(clock.as_bytes(), true)
}

fn is_clock(bytes: &[u8], seconds: bool) -> bool {
    let two = |pair: &[u8], max: u8| match pair {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => (a - b'0') * 10 + (b - b'0') <= max,
        _ => false,
    };
    match bytes {
        [h1, h2, b':', m1, m2] => two(&[*h1, *h2], 24) && two(&[*m1, *m2], 59),
        [h1, h2, b':', m1, m2, b':', s1, s2, fraction @ ..] if seconds => {
            two(&[*h1, *h2], 24)
                && two(&[*m1, *m2], 59)
                && two(&[*s1, *s2], 60)
                && match fraction {
                    [] => true,
                    [b'.', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
                    _ => false,
                }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_kept() {
        for (text, precision, last) in [
            ("1970", Precision::Year, "1970-12-31"),
            ("2024-02", Precision::Month, "2024-02-29"),
            ("2024-02-10", Precision::Day, "2024-02-10"),
            ("2024-02-10T23:59:60.125Z", Precision::Time, "2024-02-10"),
            ("2024-02-10T23:59+14:00", Precision::Time, "2024-02-10"),
        ] {
            let date = PartialDate::parse(text).unwrap();
            assert_eq!(date.precision(), precision);
            assert_eq!(date.latest().to_string(), last);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0000",
            "0000-00-00",
            "20240210",
            "2024-13",
            "2024-02-30",
            "2024-2-1",
            "2024-02-10T",
            "2024-02T10:00",
            "2024-02-10T25:00:00Z",
            "2024-02-10T10:00:00+5",
            "２０２４",
            "2024-02-10 10:00",
            "+024-01-01",
        ] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }
}
