//! Examining a code in one release: which row it is, or what keeps it from being one.

use super::list::{Place, TabularList};
use super::shape::Key;
use super::source::RowState;
use crate::codes::verdict::Reason;

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
        if let Some(place) = self.list.first_completed(key) {
            return match self.list.state_of(place, self.release) {
                RowState::Billable => Examination { reason: None, place: Some(place) },
                _ => self.examine_seventh(key, place),
            };
        }
        let Some(row) = self.list.row(key) else { return self.examine_unlisted(key) };
        self.examine_row(key, Place { row, seventh: 0 })
    }

    fn examine_row(self, key: Key, place: Place) -> Examination {
        match self.list.state_of(place, self.release) {
            RowState::Billable => Examination { reason: None, place: Some(place) },
            RowState::Header => Examination::new(Reason::NotBillable, Some(place)),
            RowState::NeedsSeventh(_) => Examination::new(Reason::MissingSeventh, Some(place)),
            RowState::Absent => self.examine_other_releases(key, place),
        }
    }

    /// A code of seven characters whose stem is a row's, but that may not be reported in this release.
    fn examine_seventh(self, key: Key, first: Place) -> Examination {
        match self.list.completed(key, self.release) {
            Some(place) => self.examine_row(key, place),
            None => match self.list.row(key) {
                Some(row) => self.examine_row(key, Place { row, seventh: 0 }),
                None => self.examine_other_releases(key, first),
            },
        }
    }

    /// A code that no row of any release is written as: placeholders short, or nothing.
    fn examine_unlisted(self, key: Key) -> Examination {
        let Some(place) = self.list.with_placeholders(key, self.release) else {
            return Examination { reason: Some(Reason::NotFound), place: None };
        };
        // Placeholders up to the 7th character are as good as none.
        let only_more =
            key.without_placeholders() == self.list.key(Place { seventh: 0, ..place }).without_placeholders();
        let reason = if only_more { Reason::MissingSeventh } else { Reason::PlaceholderRequired };
        Examination::new(reason, Some(place))
    }

    /// A code that this release has not: perhaps another one has it.
    fn examine_other_releases(self, key: Key, place: Place) -> Examination {
        let row_is_here = matches!(self.list.state(place.row, self.release), RowState::NeedsSeventh(_));
        let nowhere = Examination::new(Reason::NotFound, row_is_here.then_some(place));
        if !self.list.ever_has(key) {
            return nowhere;
        }
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
        nowhere
    }
}
