//! Scopes: whether an entry lies within what a request asks for, or a document speaks of.

use jiff::civil::Date;

use super::request::Scope;
use super::tri::Tri;
use crate::error::{Error, Result, codes};
use crate::formats::field::EntryKind;
use crate::text::PartialDate;

/// Entries without which the others cannot be read: whom they are about, who made them, and where. They come with
/// any period and any kinds.
const SUPPORTING: [EntryKind; 4] =
    [EntryKind::Person, EntryKind::Practitioner, EntryKind::Organisation, EntryKind::Location];

/// A scope, ready to be asked.
#[derive(Debug, Clone)]
pub(super) enum Within {
    /// There is no document that could speak of anything.
    Nothing,
    /// Everything.
    Everything,
    /// It is not known what.
    Unstated,
    /// Some kinds, some period.
    Part { kinds: Option<Vec<EntryKind>>, from: Option<Date>, to: Option<Date> },
}

/// What is known of when an entry happened.
#[derive(Debug, Clone, Default)]
pub(super) struct When {
    /// Every date of the entry.
    pub(super) dates: Vec<PartialDate>,
    /// When the period of the entry began.
    pub(super) start: Option<PartialDate>,
    /// When it ended. A period that began and has no end lasts on.
    pub(super) end: Option<PartialDate>,
}

impl Within {
    /// Reads a scope. `place` is its path in the request, for the error.
    pub(super) fn of(scope: Option<&Scope>, place: &str) -> Result<Self> {
        let Some(scope) = scope else { return Ok(Self::Unstated) };
        let wrong = |what: &str, note: &'static str| {
            Error::new(&codes::INVALID_REQUEST).in_path(format!("{place}{what}")).note(note)
        };
        let part = scope.kinds.is_some() || scope.from.is_some() || scope.to.is_some();
        if scope.whole_record == Some(true) {
            if part {
                return Err(wrong(".whole_record", "the entire record, and a part of it"));
            }
            return Ok(Self::Everything);
        }
        if !part {
            return Ok(Self::Unstated);
        }
        if let (Some(from), Some(to)) = (scope.from, scope.to)
            && to < from
        {
            return Err(wrong(".to", "the period ends before it begins"));
        }
        let kinds = match &scope.kinds {
            None => None,
            Some(names) => {
                let read = |(at, name): (usize, &String)| {
                    EntryKind::from_name(name)
                        .ok_or_else(|| wrong(&format!(".kinds[{at}]"), "no such kind of entry"))
                };
                Some(names.iter().enumerate().map(read).collect::<Result<Vec<_>>>()?)
            }
        };
        Ok(Self::Part { kinds, from: scope.from.map(|day| day.0), to: scope.to.map(|day| day.0) })
    }

    /// Whether it has to know when an entry happened.
    pub(super) fn needs_dates(&self) -> bool {
        matches!(self, Self::Part { from, to, .. } if from.is_some() || to.is_some())
    }

    /// Whether an entry lies within.
    pub(super) fn holds(&self, kind: EntryKind, when: &When) -> Tri {
        match self {
            Self::Nothing => Tri::False,
            Self::Everything => Tri::True,
            Self::Unstated => Tri::Unknown,
            Self::Part { .. } if SUPPORTING.contains(&kind) => Tri::True,
            Self::Part { kinds, from, to } => {
                let of_kind = kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
                Tri::from(of_kind).and(during(when, *from, *to))
            }
        }
    }
}

/// Whether an entry happened in a period: one of its dates lies in it for certain, or its own period spans it. Not,
/// where every date lies outside for certain. Unknown, where a date is too coarse to tell or there is none.
fn during(when: &When, from: Option<Date>, to: Option<Date>) -> Tri {
    if from.is_none() && to.is_none() {
        return Tri::True;
    }
    let begins = from.unwrap_or(Date::MIN);
    let ends = to.unwrap_or(Date::MAX);
    if when.dates.is_empty() {
        return Tri::Unknown;
    }
    if when.dates.iter().any(|date| begins <= date.earliest() && date.latest() <= ends) {
        return Tri::True;
    }
    if let Some(start) = when.start {
        let started = start.latest() <= ends;
        let lasts = when.end.is_none_or(|end| begins <= end.earliest());
        if started && lasts {
            return Tri::True;
        }
    }
    let outside = |date: &PartialDate| date.latest() < begins || ends < date.earliest();
    if when.dates.iter().all(outside) { Tri::False } else { Tri::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::request::Day;

    fn day(text: &str) -> Option<Day> {
        Some(Day::parse(text).unwrap())
    }

    fn when(dates: &[&str]) -> When {
        When {
            dates: dates.iter().map(|text| PartialDate::parse(text).unwrap()).collect(),
            start: None,
            end: None,
        }
    }

    #[test]
    fn periods() {
        let scope = Scope { from: day("2025-02-01"), to: day("2025-03-31"), ..Scope::default() };
        let within = Within::of(Some(&scope), "scope").unwrap();
        let at = |dates: &[&str]| within.holds(EntryKind::Result, &when(dates));
        assert_eq!(at(&["2025-02-01"]), Tri::True);
        assert_eq!(at(&["2025-03"]), Tri::True);
        assert_eq!(at(&["2025"]), Tri::Unknown);
        assert_eq!(at(&["2025-04-01T00:00:00Z"]), Tri::False);
        assert_eq!(at(&["2024-12-31", "2025-03-31"]), Tri::True);
        assert_eq!(at(&[]), Tri::Unknown);
        assert_eq!(within.holds(EntryKind::Person, &when(&["1970-01-01"])), Tri::True);
        let stay = When {
            start: PartialDate::parse("2025-01-30"),
            end: PartialDate::parse("2025-06-01"),
            ..when(&["2025-01-30", "2025-06-01"])
        };
        assert_eq!(within.holds(EntryKind::Encounter, &stay), Tri::True);
        let open = When { start: PartialDate::parse("2024-01-30"), ..when(&["2024-01-30"]) };
        assert_eq!(within.holds(EntryKind::Coverage, &open), Tri::True);
    }

    #[test]
    fn kinds_and_nonsense() {
        let scope = Scope { kinds: Some(vec!["result".into()]), ..Scope::default() };
        let within = Within::of(Some(&scope), "scope").unwrap();
        assert_eq!(within.holds(EntryKind::Result, &when(&[])), Tri::True);
        assert_eq!(within.holds(EntryKind::Encounter, &when(&[])), Tri::False);
        assert_eq!(within.holds(EntryKind::Person, &when(&[])), Tri::True);
        let wrong = |scope: Scope| Within::of(Some(&scope), "scope").unwrap_err();
        let error = wrong(Scope { kinds: Some(vec!["result".into(), "x".into()]), ..Scope::default() });
        assert_eq!((error.code(), error.path()), ("invalid_request", Some("scope.kinds[1]")));
        assert_eq!(
            wrong(Scope { from: day("2025-02-01"), to: day("2025-01-01"), ..Scope::default() }).path(),
            Some("scope.to")
        );
        assert_eq!(
            wrong(Scope { whole_record: Some(true), from: day("2025-02-01"), ..Scope::default() }).path(),
            Some("scope.whole_record")
        );
        assert!(matches!(Within::of(Some(&Scope::default()), "scope"), Ok(Within::Unstated)));
    }
}
