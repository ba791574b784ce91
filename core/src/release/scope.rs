//! Scopes: whether an entry lies within what a request asks for, or a document speaks of.

use jiff::civil::Date;

use super::request::Scope;
use super::sensitivity::{Classes, Sensitivity};
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
    /// Some kinds, some classes, some entries, some period.
    Part {
        kinds: Option<Vec<EntryKind>>,
        classes: Option<Classes>,
        entries: Option<Vec<String>>,
        from: Option<Date>,
        to: Option<Date>,
    },
}

/// What a scope is held against.
pub(super) struct Subject<'s> {
    pub(super) kind: EntryKind,
    pub(super) classes: Classes,
    pub(super) when: &'s When,
    /// The native path of the entry and its own id.
    pub(super) names: [&'s str; 2],
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
    pub(super) fn of(scope: Option<&Scope>, place: &str, sensitivity: &Sensitivity) -> Result<Self> {
        let Some(scope) = scope else { return Ok(Self::Unstated) };
        let wrong = |what: &str, note: &'static str| {
            Error::new(&codes::INVALID_REQUEST).in_path(format!("{place}{what}")).note(note)
        };
        let part = scope.is_stated() && scope.whole_record != Some(true)
            || scope.kinds.is_some()
            || scope.from.is_some()
            || scope.to.is_some()
            || scope.classes.is_some()
            || scope.entries.is_some();
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
        let classes = match &scope.classes {
            None => None,
            Some(codes) => Some(codes.iter().enumerate().try_fold(Classes::NONE, |all, (at, code)| {
                let class = sensitivity.class(code);
                let class =
                    class.ok_or_else(|| wrong(&format!(".classes[{at}]"), "no class has this code"))?;
                Ok(all.with(class))
            })?),
        };
        let entries = scope.entries.clone();
        let (from, to) = (scope.from.map(|day| day.0), scope.to.map(|day| day.0));
        Ok(Self::Part { kinds, classes, entries, from, to })
    }

    /// Whether it has to know when an entry happened.
    pub(super) fn needs_dates(&self) -> bool {
        matches!(self, Self::Part { from, to, .. } if from.is_some() || to.is_some())
    }

    /// Whether it has to know the names of an entry.
    pub(super) fn needs_names(&self) -> bool {
        matches!(self, Self::Part { entries: Some(_), .. })
    }

    /// Whether an entry lies within what is asked for or permitted. Entries without which the others cannot be read
    /// come with any part.
    pub(super) fn holds(&self, entry: &Subject<'_>) -> Tri {
        match self {
            Self::Part { .. } if SUPPORTING.contains(&entry.kind) => Tri::True,
            _ => self.covers(entry),
        }
    }

    /// Whether an entry lies within a restriction: to the letter.
    pub(super) fn covers(&self, entry: &Subject<'_>) -> Tri {
        match self {
            Self::Nothing => Tri::False,
            Self::Everything => Tri::True,
            Self::Unstated => Tri::Unknown,
            Self::Part { kinds, classes, entries, from, to } => {
                let of_kind = kinds.as_ref().is_none_or(|kinds| kinds.contains(&entry.kind));
                let of_class = classes.is_none_or(|classes| entry.classes.meets(classes));
                let named = |known: &String| entry.names.contains(&known.as_str());
                let by_name = entries.as_ref().is_none_or(|all| all.iter().any(named));
                Tri::from(of_kind && of_class && by_name).and(during(entry.when, *from, *to))
            }
        }
    }
}

/// Whether an entry happened in a period: one of its dates lies in it for certain, or its own period spans it. Not,
/// where every date lies outside for certain. Unknown, where a date is too coarse to tell or there is none.
pub(super) fn during(when: &When, from: Option<Date>, to: Option<Date>) -> Tri {
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

    fn holds(within: &Within, kind: EntryKind, when: &When) -> Tri {
        within.holds(&Subject { kind, classes: Classes::NONE, when, names: ["", "r1"] })
    }

    #[test]
    fn periods() {
        let scope = Scope { from: day("2025-02-01"), to: day("2025-03-31"), ..Scope::default() };
        let within = Within::of(Some(&scope), "scope", Sensitivity::embedded().unwrap()).unwrap();
        let at = |dates: &[&str]| holds(&within, EntryKind::Result, &when(dates));
        assert_eq!(at(&["2025-02-01"]), Tri::True);
        assert_eq!(at(&["2025-03"]), Tri::True);
        assert_eq!(at(&["2025"]), Tri::Unknown);
        assert_eq!(at(&["2025-04-01T00:00:00Z"]), Tri::False);
        assert_eq!(at(&["2024-12-31", "2025-03-31"]), Tri::True);
        assert_eq!(at(&[]), Tri::Unknown);
        assert_eq!(holds(&within, EntryKind::Person, &when(&["1970-01-01"])), Tri::True);
        let stay = When {
            start: PartialDate::parse("2025-01-30"),
            end: PartialDate::parse("2025-06-01"),
            ..when(&["2025-01-30", "2025-06-01"])
        };
        assert_eq!(holds(&within, EntryKind::Encounter, &stay), Tri::True);
        let open = When { start: PartialDate::parse("2024-01-30"), ..when(&["2024-01-30"]) };
        assert_eq!(holds(&within, EntryKind::Coverage, &open), Tri::True);
    }

    #[test]
    fn kinds_and_nonsense() {
        let scope = Scope { kinds: Some(vec!["result".into()]), ..Scope::default() };
        let within = Within::of(Some(&scope), "scope", Sensitivity::embedded().unwrap()).unwrap();
        assert_eq!(holds(&within, EntryKind::Result, &when(&[])), Tri::True);
        assert_eq!(holds(&within, EntryKind::Encounter, &when(&[])), Tri::False);
        assert_eq!(holds(&within, EntryKind::Person, &when(&[])), Tri::True);
        let named = Scope { entries: Some(vec!["r1".into()]), ..Scope::default() };
        let named = Within::of(Some(&named), "scope", Sensitivity::embedded().unwrap()).unwrap();
        assert_eq!(holds(&named, EntryKind::Result, &when(&[])), Tri::True);
        let wrong =
            |scope: Scope| Within::of(Some(&scope), "scope", Sensitivity::embedded().unwrap()).unwrap_err();
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
        assert!(matches!(
            Within::of(Some(&Scope::default()), "scope", Sensitivity::embedded().unwrap()),
            Ok(Within::Unstated)
        ));
    }
}
