//! Dates as they are written: moved by whole days or made shorter, in the form in which they came.
//!
//! Two forms are read: ISO 8601 with dashes (FHIR) and without (HL7 v2, CDA); and three numbers in any order (tables),
//! where the format says which day they mean. What a form holds after the day, the time and its zone, stays as it is.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::text::{PartialDate, Precision};

/// The months as they are written out, in lower case.
pub(super) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// How the day of a date is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `2020-02-28`
    Dashed,
    /// `20200228`
    Compact,
    /// `2/28/2020`, `28.02.2020`: which number stands where, what stands between them, and whether a day or month below
    /// ten has two digits.
    Parted { order: Order, mark: char, two_digits: bool },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    YearMonthDay,
    MonthDayYear,
    DayMonthYear,
}

/// A date in one of the forms.
#[derive(Clone, Copy)]
pub(super) struct Written<'t> {
    first: Date,
    precision: Precision,
    form: Form,
    /// What stands after the day.
    rest: &'t str,
}

impl<'t> Written<'t> {
    /// Reads it; none where it is no date, or where the calendar has no such day.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        if let Some(date) = PartialDate::parse(text).filter(|_| !is_compact(text)) {
            let rest = text.get(10..).unwrap_or_default();
            return Some(Self {
                first: date.earliest(),
                precision: date.precision(),
                form: Form::Dashed,
                rest,
            });
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
        let part = |from: usize, to: usize| number(from, to).and_then(|n| i8::try_from(n).ok());
        let year = number(0, 4).filter(|year| digits >= 4 && *year > 0)?;
        let (month, day, precision) = match digits {
            4 => (1, 1, Precision::Year),
            6 => (part(4, 6)?, 1, Precision::Month),
            8 => (part(4, 6)?, part(6, 8)?, Precision::Day),
            10 | 12 | 14 => (part(4, 6)?, part(6, 8)?, Precision::Time),
            _ => return None,
        };
        let rest = text.get(8..).unwrap_or_default();
        let after = text.get(digits..).unwrap_or_default();
        let timed = precision == Precision::Time && is_clock(rest.get(..digits - 8)?);
        if !(after.is_empty() || is_zone(after) || (timed && is_fraction(after)))
            || (precision == Precision::Time && !timed)
        {
            return None;
        }
        // A zone behind a month or a year would have nothing to belong to.
        if !after.is_empty() && digits < 8 {
            return None;
        }
        Some(Self { first: Date::new(year, month, day).ok()?, precision, form: Form::Compact, rest })
    }

    /// A date in another form, of which the format says what it is in ISO 8601.
    pub(super) fn of_iso(text: &'t str, iso: &str) -> Option<Self> {
        let date = PartialDate::parse(iso).filter(|date| date.precision() >= Precision::Day)?;
        let first = date.earliest();
        let end =
            text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '/' | '.' | '-')).unwrap_or(text.len());
        let (front, rest) = text.split_at(end);
        let mark = front.chars().find(|c| !c.is_ascii_digit())?;
        let parts: Vec<&str> = front.split(mark).collect();
        let numbers: Vec<i16> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let (year, month, day) = (first.year(), i16::from(first.month()), i16::from(first.day()));
        let order = match numbers.as_slice() {
            [a, b, c] if [*a, *b, *c] == [year, month, day] => Order::YearMonthDay,
            [a, b, c] if [*a, *b, *c] == [month, day, year] => Order::MonthDayYear,
            [a, b, c] if [*a, *b, *c] == [day, month, year] => Order::DayMonthYear,
            _ => return None,
        };
        let short = parts.iter().any(|part| part.len() == 1);
        let form = Form::Parted { order, mark, two_digits: !short };
        Some(Self { first, precision: date.precision(), form, rest })
    }

    /// The year.
    pub(super) fn year(self) -> i16 {
        self.first.year()
    }

    /// Year, month and day, where it has all three.
    pub(super) fn day(self) -> Option<(i16, i8, i8)> {
        let known = self.precision >= Precision::Day;
        known.then(|| (self.first.year(), self.first.month(), self.first.day()))
    }

    /// Moved by whole days. A date without a day or a month moves by its middle, so that on average it moves by as
    /// much as one that has them. None where the calendar ends.
    pub(super) fn shifted(self, days: i32) -> Option<String> {
        let middle = match self.precision {
            Precision::Year => Date::new(self.first.year(), 7, 2).ok()?,
            Precision::Month => Date::new(self.first.year(), self.first.month(), 16).ok()?,
            Precision::Day | Precision::Time => self.first,
        };
        let moved = middle.checked_add(i64::from(days).days()).ok().filter(|date| date.year() > 0)?;
        Some(Self { first: moved, ..self }.written(self.precision))
    }

    /// With no more than this precision, [`Precision::Year`] to [`Precision::Day`].
    pub(super) fn shortened(self, to: Precision) -> String {
        self.written(self.precision.min(to))
    }

    fn written(self, precision: Precision) -> String {
        let (year, month, day) = (self.first.year(), self.first.month(), self.first.day());
        let dash = if self.form == Form::Compact { "" } else { "-" };
        if let Form::Parted { order, mark, two_digits } = self.form
            && precision >= Precision::Day
        {
            let two = |number: i8| if two_digits { format!("{number:02}") } else { number.to_string() };
            let (month, day) = (two(month), two(day));
            let front = match order {
                Order::YearMonthDay => format!("{year:04}{mark}{month}{mark}{day}"),
                Order::MonthDayYear => format!("{month}{mark}{day}{mark}{year:04}"),
                Order::DayMonthYear => format!("{day}{mark}{month}{mark}{year:04}"),
            };
            return if precision == self.precision { front + self.rest } else { front };
        }
        let mut out = String::with_capacity(10 + self.rest.len());
        let century = i8::try_from(year / 100).unwrap_or_default();
        push_two(&mut out, century);
        push_two(&mut out, (year % 100) as i8);
        for (number, from) in [(month, Precision::Month), (day, Precision::Day)] {
            if precision >= from {
                out.push_str(dash);
                push_two(&mut out, number);
            }
        }
        // A date that was made shorter has nothing behind its day.
        if precision == Precision::Time || (precision == Precision::Day && self.precision == Precision::Day) {
            out.push_str(self.rest);
        }
        out
    }
}

/// Appends a number below a hundred in two digits.
fn push_two(out: &mut String, number: i8) {
    let digit = |number: i8| char::from(b'0' + number.unsigned_abs() % 10);
    out.push(digit(number / 10));
    out.push(digit(number));
}

fn is_compact(text: &str) -> bool {
    text.len() > 4 && text.as_bytes().get(4) != Some(&b'-')
}

/// `hh`, `hhmm` or `hhmmss`.
fn is_clock(digits: &str) -> bool {
    let within = |at: usize, last: u8| {
        digits.get(at..at + 2).is_none_or(|two| two.parse::<u8>().is_ok_and(|number| number <= last))
    };
    within(0, 24) && within(2, 59) && within(4, 60)
}

/// `.f` to `.ffffff...` with an optional zone.
fn is_fraction(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('.') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let zone = rest.get(digits..).unwrap_or_default();
    digits > 0 && (zone.is_empty() || is_zone(zone))
}

/// `Z`, `+hhmm` or `+hh:mm`.
fn is_zone(text: &str) -> bool {
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    text == "Z"
        || text.strip_prefix(['+', '-']).is_some_and(|rest| match rest.split_once(':') {
            Some((hours, minutes)) => two(hours) && two(minutes),
            None => rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit()),
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shift(text: &str, days: i32) -> Option<String> {
        Written::parse(text)?.shifted(days)
    }

    #[test]
    fn a_date_moves_in_its_own_form() {
        for (text, days, expected) in [
            ("2020-02-28", 2, "2020-03-01"),
            ("2020-03-01T10:00:00.5+01:00", -2, "2020-02-28T10:00:00.5+01:00"),
            ("20200228", 2, "20200301"),
            ("20200301101500.1234+0100", -2, "20200228101500.1234+0100"),
            ("202003010800", -1, "202002290800"),
            ("2020", 100, "2020"),
            ("2020", 200, "2021"),
            ("2020-01", -20, "2019-12"),
            ("202001", -20, "201912"),
            ("20200301-0500", 1, "20200302-0500"),
        ] {
            assert_eq!(shift(text, days).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_date_of_a_table_moves_in_its_own_form() {
        for (text, iso, expected) in [
            ("2/28/2020", "2020-02-28", "3/1/2020"),
            ("02/28/2020", "2020-02-28", "03/01/2020"),
            ("28.02.2020 10:15", "2020-02-28T10:15", "01.03.2020 10:15"),
            ("2020-02-28 10:15", "2020-02-28T10:15", "2020-03-01 10:15"),
        ] {
            assert_eq!(Written::of_iso(text, iso).unwrap().shifted(2).unwrap(), expected, "{text}");
        }
        assert_eq!(
            Written::of_iso("2/28/2020", "2020-02-28").unwrap().shortened(Precision::Month),
            "2020-02"
        );
        assert!(Written::of_iso("2/28/2020", "2020-02-27").is_none());
        assert!(Written::of_iso("28 Feb 2020", "2020-02-28").is_none());
    }

    #[test]
    fn what_is_no_date_does_not_move() {
        for text in [
            "",
            "0000-00-00",
            "00000000",
            "2020-02-30",
            "20200230",
            "202013",
            "20201",
            "2020010125",
            "x",
            "20200101x",
            "2020+0100",
            "20200101.5",
            "99999999",
            "２０２０",
            "2020-01-01T25:00",
        ] {
            assert!(shift(text, 1).is_none(), "{text}");
        }
        assert!(shift("9999-12-31", 1).is_none());
        assert!(shift("0001-01-01", -1).is_none());
    }

    #[test]
    fn a_date_is_made_shorter_in_its_own_form() {
        let short = |text: &str, to| Written::parse(text).unwrap().shortened(to);
        assert_eq!(short("2020-02-28T10:00:00Z", Precision::Month), "2020-02");
        assert_eq!(short("2020-02-28T10:00:00Z", Precision::Day), "2020-02-28");
        assert_eq!(short("20200228101500", Precision::Month), "202002");
        assert_eq!(short("20200228101500", Precision::Year), "2020");
        assert_eq!(short("2020", Precision::Month), "2020");
    }

    proptest! {
        /// Intervals stay, whatever the form.
        #[test]
        fn intervals_stay(a in 0i64..40_000, b in 0i64..40_000, days in -4000i32..4000) {
            let day = |n: i64| Date::new(1920, 1, 1).unwrap().checked_add(n.days()).unwrap();
            let iso = |date: Date| shift(&date.to_string(), days).unwrap().parse::<Date>().unwrap();
            let compact = shift(&day(a).strftime("%Y%m%d").to_string(), days).unwrap();
            let (first, second) = (iso(day(a)), iso(day(b)));
            prop_assert_eq!(first.until(second).unwrap().get_days(), day(a).until(day(b)).unwrap().get_days());
            prop_assert_eq!(compact, first.strftime("%Y%m%d").to_string());
        }
    }
}
