//! Releases by date: which of the loaded ones covers a day of service, and which is nearest where none does.

use jiff::civil::Date;

use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// A release that a list holds.
#[derive(Debug, Clone)]
pub(super) struct ReleaseDates {
    pub(super) name: String,
    pub(super) from: Date,
    pub(super) to: Date,
}

impl ReleaseDates {
    /// The releases of a pack, oldest first: its section `releases`.
    ///
    /// # Errors
    /// `pack_malformed`; a pack has from one to 32 releases.
    pub(super) fn of(pack: &Pack) -> Result<Vec<Self>> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let mut cursor = Cursor::new(pack.section("releases")?);
        let releases: Vec<Self> = (0..cursor.short()?)
            .map(|_| {
                let name = cursor.text()?.to_owned();
                let mut date = || cursor.text()?.parse::<Date>().map_err(|_| malformed());
                Ok(Self { name, from: date()?, to: date()? })
            })
            .collect::<Result<_>>()?;
        if releases.is_empty() || releases.len() > 32 { Err(malformed()) } else { Ok(releases) }
    }
}

/// A release of a list, by its place in both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) from: Date,
    pub(super) to: Date,
    /// The first and the last day as numbers.
    days: (i32, i32),
    pub(super) list: u8,
    pub(super) release: u8,
}

/// A day as a number that grows with it.
#[inline]
fn number(day: Date) -> i32 {
    (i32::from(day.year()) << 9) | (i32::from(day.month()) << 5) | i32::from(day.day())
}

/// All releases of a system. Ordered by first day; of two that cover a day, the later one holds.
#[derive(Debug, Default)]
pub(super) struct Terms(Vec<Term>);

impl Terms {
    /// Adds the releases of a list.
    pub(super) fn add(&mut self, list: u8, releases: &[ReleaseDates]) {
        for (release, dates) in (0..).zip(releases) {
            let (from, to) = (dates.from, dates.to);
            let term = Term { from, to, days: (number(from), number(to)), list, release };
            let at = self.0.partition_point(|known| known.from <= term.from);
            self.0.insert(at, term);
        }
    }

    /// The release for a day, and whether it covers it: without a day the newest, and for a day that none covers
    /// the one whose first or last day is nearest.
    #[inline]
    pub(super) fn choose(&self, on: Option<Date>) -> (u8, bool) {
        let newest = self.0.len().saturating_sub(1) as u8;
        let Some(day) = on else { return (newest, true) };
        let wanted = number(day);
        match self.0.iter().rposition(|term| term.days.0 <= wanted && wanted <= term.days.1) {
            Some(term) => (term as u8, true),
            None => (self.nearest(day).unwrap_or(newest), false),
        }
    }

    /// The release whose first or last day is nearest to a day; of equal ones the later.
    #[cold]
    fn nearest(&self, day: Date) -> Option<u8> {
        let distance = |term: &Term| {
            let edge = if day < term.from { term.from } else { term.to };
            edge.duration_since(day).as_secs().unsigned_abs()
        };
        let nearest = self.0.iter().enumerate().rev().min_by_key(|(_, term)| distance(term))?;
        Some(nearest.0 as u8)
    }

    #[inline]
    pub(super) fn get(&self, term: u8) -> Option<&Term> {
        self.0.get(usize::from(term))
    }

    pub(super) fn len(&self) -> u8 {
        self.0.len() as u8
    }

    /// The last day that a release covers.
    pub(super) fn newest_day(&self) -> Option<Date> {
        self.0.iter().map(|term| term.to).max()
    }
}
