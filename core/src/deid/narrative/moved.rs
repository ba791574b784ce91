//! Dates of a text moved by whole days, in the form in which they are written.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::deid::dates::{MONTHS, Written};

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The date as it is written, moved; none where the form is not one that can be moved, so that it must go. A day and a
/// month without their year are of `year`.
pub(super) fn moved(text: &str, days: i32, year: i16) -> Option<String> {
    if let Some(written) = Written::parse(text) {
        return written.shifted(days);
    }
    one(text, days, year).or_else(|| range(text, days, year))
}

/// The year of four digits of a date, of a kind that [`moved`] reads.
pub(super) fn year_of(text: &str) -> Option<i16> {
    Reading::of(&parts(text)).and_then(|reading| Some(full_year(reading.year?.1)))
}

/// Two dates with a dash or a word between.
fn range(text: &str, days: i32, year: i16) -> Option<String> {
    for between in [" - ", " \u{2013} ", "\u{2013}", "-", " to ", " through "] {
        for (at, _) in text.match_indices(between) {
            let (first, second) = (text.get(..at)?, text.get(at + between.len()..)?);
            let own = year_of(second).unwrap_or(year);
            if let (Some(first), Some(second)) = (one(first, days, own), one(second, days, own)) {
                return Some(format!("{first}{between}{second}"));
            }
        }
    }
    None
}

/// A run of digits, a run of letters, or what stands between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    Number(&'t str),
    Word(&'t str),
    Between(&'t str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let kind = |c: char| {
        if c.is_ascii_digit() {
            0
        } else if c.is_alphabetic() {
            1
        } else {
            2
        }
    };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| kind(c) != kind(first)).unwrap_or(rest.len());
        let Some((head, tail)) = rest.split_at_checked(end) else { break };
        out.push(match kind(first) {
            0 => Part::Number(head),
            1 => Part::Word(head),
            _ => Part::Between(head),
        });
        rest = tail;
    }
    out
}

/// Which part is the day, which the month and which the year.
#[derive(Default)]
struct Reading {
    /// The part and its value.
    day: Option<(usize, i16)>,
    month: Option<(usize, i8)>,
    year: Option<(usize, i16)>,
    weekday: Option<usize>,
}

fn starts(name: &str, word: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

fn month_of(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|month| starts(month, word));
    let at = at.or_else(|| word.eq_ignore_ascii_case("sept").then_some(8))?;
    i8::try_from(at + 1).ok()
}

fn weekday_of(word: &str) -> Option<usize> {
    WEEKDAYS
        .iter()
        .position(|day| starts(day, word))
        .filter(|_| word.len() != 4 || word.ends_with(['s', 'S']))
}

fn full_year(value: i16) -> i16 {
    match value {
        0..40 => value + 2000,
        40..100 => value + 1900,
        _ => value,
    }
}

impl Reading {
    fn of(parts: &[Part<'_>]) -> Option<Self> {
        let mut reading = Self::default();
        let mut numbers = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Number(text) if text.len() <= 4 => numbers.push((at, *text, text.parse::<i16>().ok()?)),
                Part::Number(_) => return None,
                Part::Word(word) => {
                    let after_number =
                        matches!(at.checked_sub(1).and_then(|at| parts.get(at)), Some(Part::Number(_)));
                    if after_number
                        && ["st", "nd", "rd", "th"].iter().any(|end| word.eq_ignore_ascii_case(end))
                    {
                        continue;
                    }
                    if let Some(month) = month_of(word) {
                        if reading.month.replace((at, month)).is_some() {
                            return None;
                        }
                    } else if weekday_of(word).is_some() {
                        if reading.weekday.replace(at).is_some() {
                            return None;
                        }
                    } else if !["of", "the", "de", "del"].iter().any(|small| word.eq_ignore_ascii_case(small))
                    {
                        return None;
                    }
                }
                Part::Between(text) => {
                    if !text.chars().all(|c| {
                        matches!(c, ' ' | ',' | '.' | '/' | '-' | '\'' | '\u{2019}' | '\u{2013}' | '\u{2011}')
                    }) {
                        return None;
                    }
                }
            }
        }
        let day = |(at, text, value): (usize, &str, i16)| {
            (text.len() <= 2 && (1..=31).contains(&value)).then_some((at, value))
        };
        let year = |(at, text, value): (usize, &str, i16)| (text.len() != 3).then_some((at, value));
        let month = |(at, text, value): (usize, &str, i16)| {
            (text.len() <= 2 && (1..=12).contains(&value)).then(|| (at, i8::try_from(value).unwrap_or(1)))
        };
        match (reading.month.is_some(), numbers.as_slice()) {
            (true, []) | (false, []) => {}
            (true, [one]) => match day(*one) {
                // `Mar '24`.
                Some(found) if !matches!(one.0.checked_sub(1).and_then(|at| parts.get(at)), Some(Part::Between(text)) if text.ends_with(['\'', '\u{2019}'])) =>
                {
                    reading.day = Some(found);
                }
                _ => reading.year = year(*one),
            },
            (true, [first, second]) => {
                if first.1.len() == 4 {
                    (reading.year, reading.day) = (year(*first), day(*second));
                } else {
                    (reading.day, reading.year) = (day(*first), year(*second));
                }
                reading.day?;
                reading.year?;
            }
            (false, [first, second]) if second.1.len() == 4 => {
                (reading.month, reading.year) = (month(*first), year(*second));
                reading.month?;
            }
            (false, [first, second]) if first.1.len() == 4 => {
                (reading.year, reading.month) = (year(*first), month(*second));
                reading.month?;
            }
            (false, [first, second]) => {
                (reading.month, reading.day) = (month(*first), day(*second));
                if reading.month.is_none() {
                    (reading.day, reading.month) = (day(*first), month(*second));
                }
                reading.month?;
                reading.day?;
            }
            (false, [first, second, third]) => {
                if first.1.len() == 4 {
                    (reading.year, reading.month, reading.day) = (year(*first), month(*second), day(*third));
                } else {
                    let dotted = matches!(parts.get(first.0 + 1), Some(Part::Between(".")));
                    let (m, d) = (month(*first), day(*second));
                    let (m, d) = match m {
                        Some(found) if !dotted => (Some(found), d),
                        _ => (month(*second), day(*first)),
                    };
                    (reading.month, reading.day, reading.year) = (m, d, year(*third));
                }
                reading.month?;
                reading.day?;
                reading.year?;
            }
            _ => return None,
        }
        let told = reading.month.is_some() || reading.weekday.is_some() && reading.day.is_none();
        told.then_some(reading)
    }
}

/// One date.
fn one(text: &str, days: i32, year: i16) -> Option<String> {
    let parts = parts(text);
    let reading = Reading::of(&parts)?;
    let step = i64::from(days).days();
    let Some((month_at, month)) = reading.month else {
        let at = reading.weekday?;
        let shift = usize::try_from(days.rem_euclid(7)).ok()?;
        return Some(written(&parts, |part, word| {
            (part == at)
                .then(|| weekday_of(word))
                .flatten()
                .map(|day| named(WEEKDAYS, (day + shift) % 7, word))
        }));
    };
    let full = reading.year.map_or(year, |(_, value)| full_year(value));
    // Without its day a month moves by its middle.
    let day = reading.day.map_or(16, |(_, value)| value);
    let old = Date::new(full, month, i8::try_from(day).ok()?).ok()?;
    let new = old.checked_add(step).ok().filter(|date| date.year() > 0)?;
    // A day and a month alone cannot say that the year has changed; a year in two digits not the century.
    let padded = parts
        .iter()
        .any(|part| matches!(part, Part::Number(text) if text.len() == 2 && text.starts_with('0')));
    Some(written(&parts, |part, text| {
        let number = |value: i32, length: usize| {
            let width = if length == 2 && (padded || text.starts_with('0')) { 2 } else { 1 };
            Some(format!("{value:0width$}"))
        };
        if part == month_at {
            if text.starts_with(|c: char| c.is_ascii_digit()) {
                return number(i32::from(new.month()), text.len());
            }
            let at = usize::try_from(new.month()).ok()?.checked_sub(1)?;
            return Some(named(MONTHS, at, text));
        }
        if reading.day.is_some_and(|(at, _)| at == part) {
            return number(i32::from(new.day()), text.len());
        }
        if reading.day.is_some_and(|(at, _)| at + 1 == part)
            && !text.is_empty()
            && text.chars().all(char::is_alphabetic)
        {
            return Some(ordinal(new.day(), text));
        }
        if reading.year.is_some_and(|(at, _)| at == part) {
            return if text.len() == 4 {
                Some(format!("{:04}", new.year()))
            } else {
                Some(format!("{:02}", new.year() % 100))
            };
        }
        if reading.weekday == Some(part) {
            let at = match new.weekday() {
                Weekday::Monday => 0,
                Weekday::Tuesday => 1,
                Weekday::Wednesday => 2,
                Weekday::Thursday => 3,
                Weekday::Friday => 4,
                Weekday::Saturday => 5,
                Weekday::Sunday => 6,
            };
            return Some(named(WEEKDAYS, at, text));
        }
        None
    }))
}

/// The parts in order, those that `new` gives in place of the old ones.
fn written(parts: &[Part<'_>], new: impl Fn(usize, &str) -> Option<String>) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let (Part::Number(text) | Part::Word(text) | Part::Between(text)) = part;
        match new(at, text) {
            Some(new) => out.push_str(&new),
            None => out.push_str(text),
        }
    }
    out
}

/// A name of a list, as long and in the case of the old one: `Mar` for `Jan`, `MARCH` for `JANUARY`.
fn named<const N: usize>(list: [&str; N], at: usize, like: &str) -> String {
    let name = list.get(at).copied().unwrap_or_default();
    let short = like.len() <= 4 && !list.iter().any(|full| full.eq_ignore_ascii_case(like));
    let name = if short { name.get(..3).unwrap_or(name) } else { name };
    if like.chars().all(char::is_uppercase) {
        return name.to_uppercase();
    }
    if like.starts_with(char::is_lowercase) {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `st`, `nd`, `rd` or `th` in the case of the old one.
fn ordinal(day: i8, like: &str) -> String {
    let end = match day {
        1 | 21 | 31 => "st",
        2 | 22 => "nd",
        3 | 23 => "rd",
        _ => "th",
    };
    if like.chars().all(char::is_uppercase) { end.to_uppercase() } else { end.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_move_in_the_form_in_which_they_are_written() {
        for (text, days, expected) in [
            ("3/14/2024", 20, "4/3/2024"),
            ("03/14/2024", 20, "04/03/2024"),
            ("3/14/24", -20, "2/23/24"),
            ("12/30", 5, "1/4"),
            ("14.03.2024", 1, "15.03.2024"),
            ("25/12/2023", 7, "1/1/2024"),
            ("2024-03-14", 1, "2024-03-15"),
            ("March 14, 2024", 20, "April 3, 2024"),
            ("march 1st", 1, "march 2nd"),
            ("14-Mar-2024", 20, "3-Apr-2024"),
            ("14MAR2024", 20, "3APR2024"),
            ("the 22nd of August", 10, "the 1st of September"),
            ("Thursday, March 14, 2024", 1, "Friday, March 15, 2024"),
            ("Thursday", -1, "Wednesday"),
            ("TUES", 1, "WED"),
            ("March 2024", 30, "April 2024"),
            ("03/2024", 30, "04/2024"),
            ("June", 31, "July"),
            ("Mar '24", 30, "Apr '24"),
            ("3/14/2024 - 3/18/2024", 1, "3/15/2024 - 3/19/2024"),
            ("3/14-3/18/24", 1, "3/15-3/19/24"),
        ] {
            assert_eq!(moved(text, days, 2023).as_deref(), Some(expected), "{text}");
        }
        for text in ["Christmas", "spring 2024", "the 9th", "2024-13-40", "13/32/2024", "x", ""] {
            assert_eq!(moved(text, 3, 2023), None, "{text}");
        }
    }

    #[test]
    fn intervals_stay() {
        for days in [-400, -31, -1, 1, 29, 365] {
            let one = moved("3/1/2024", days, 2023).unwrap();
            assert_eq!(moved(&one, -days, 2023).unwrap(), "3/1/2024");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[0-9A-Za-z/ ,.'-]{0,20}|\\PC{0,12}", days in -800_i32..800) {
            let _ = moved(&text, days, 2023);
        }
    }
}
