//! Examining a code in one release: which row it is, or what keeps it from being one.

use super::list::{Place, TabularList};
use super::shape::{Key, LONGEST};
use super::source::RowState;
use crate::codes::verdict::{Judgement, Reason};

/// A release and the list that holds it.
#[derive(Clone, Copy)]
pub(super) struct Edition<'a> {
    pub(super) list: &'a TabularList,
    pub(super) release: u8,
}

/// What an edition says of a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Examination {
    pub(super) reason: Option<Reason>,
    /// The row that the reason is about.
    pub(super) place: Option<Place>,
}

impl Examination {
    const fn new(reason: Reason, place: Option<Place>) -> Self {
        Self { reason: Some(reason), place }
    }
}

impl Edition<'_> {
    /// Looks a code up.
    #[inline]
    pub(super) fn examine(self, key: Key) -> Examination {
        let completed = self.list.completed(key, self.release);
        let exact = || self.list.row(key).map(|row| Place { row, seventh: 0 });
        let Some(place) = completed.or_else(exact) else { return self.examine_unlisted(key) };
        match self.list.state_of(place, self.release) {
            RowState::Billable => Examination { reason: None, place: Some(place) },
            RowState::Header => Examination::new(Reason::NotBillable, Some(place)),
            RowState::NeedsSeventh(_) => Examination::new(Reason::MissingSeventh, Some(place)),
            RowState::Absent => self.examine_other_releases(key, place),
        }
    }

    /// A code that no row is written as: placeholders short, or too few before the 7th character, or nothing.
    fn examine_unlisted(self, key: Key) -> Examination {
        let mut base = key;
        while base.last() == b'X' && base.len() > 3 {
            base = base.head(base.len() - 1);
            if let Some(row) = self.list.row(base)
                && matches!(self.list.state(row, self.release), RowState::NeedsSeventh(_))
            {
                return Examination::new(Reason::MissingSeventh, Some(Place { row, seventh: 0 }));
            }
        }
        match self.with_placeholders(key) {
            Some(place) => Examination::new(Reason::PlaceholderRequired, Some(place)),
            None => self.examine_other_releases(key, Place { row: Judgement::NO_ROW, seventh: 0 }),
        }
    }

    /// The code that placeholders X make of this one, put in at one place (guidelines I.A.4).
    fn with_placeholders(self, key: Key) -> Option<Place> {
        let room = LONGEST - key.len();
        for count in [room, 1] {
            for place in 3..key.len() {
                if count == 0 || count > room {
                    continue;
                }
                let filled = key.with_placeholders(place, count);
                let found = self
                    .list
                    .completed(filled, self.release)
                    .or_else(|| self.list.row(filled).map(|row| Place { row, seventh: 0 }))
                    .filter(|place| {
                        matches!(
                            self.list.state_of(*place, self.release),
                            RowState::Billable | RowState::NeedsSeventh(_)
                        )
                    });
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    /// A code that this release has not: perhaps another one has it.
    fn examine_other_releases(self, key: Key, place: Place) -> Examination {
        let has = |release: u8| {
            let place = self.list.completed(key, release).or_else(|| {
                let row = self.list.row(key)?;
                Some(Place { row, seventh: 0 })
            })?;
            (self.list.state_of(place, release) != RowState::Absent).then_some(place)
        };
        let count = self.list.releases().len() as u8;
        if let Some(place) = (0..self.release).rev().find_map(has) {
            return Examination::new(Reason::Retired, Some(place));
        }
        if let Some(place) = (self.release + 1..count).find_map(has) {
            return Examination::new(Reason::NotYetEffective, Some(place));
        }
        Examination::new(Reason::NotFound, (place.row != Judgement::NO_ROW).then_some(place))
    }
}
