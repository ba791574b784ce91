//! Where a code stands: titles, what is above it, what is below it.

use super::examine::Edition;
use super::list::Place;
use super::source::RowState;
use crate::codes::verdict::CodeName;

impl Edition<'_> {
    /// The title of a place; of one that only another release has, the title it has there.
    pub(super) fn title(self, place: Place) -> Option<String> {
        let releases = self.list.releases().len() as u8;
        let here = std::iter::once(self.release).chain((0..releases).rev());
        let known = |release: &u8| self.list.state_of(place, *release) != RowState::Absent;
        here.filter(known).find_map(|release| self.list.title(place, release))
    }

    /// The code of a place as it is printed.
    pub(super) fn code(self, place: Place) -> String {
        self.list.key(place).dotted().as_str().to_owned()
    }

    fn name(self, place: Place) -> CodeName {
        CodeName { code: self.code(place), title: self.title(place).unwrap_or_default() }
    }

    /// Chapter, section, category and subcategories, the widest first.
    pub(super) fn parents(self, place: Place) -> Vec<CodeName> {
        let blocks = self.list.blocks().iter().filter(|block| block.run().contains(&(place.row as usize)));
        let mut out: Vec<CodeName> =
            blocks.map(|block| CodeName { code: block.id.clone(), title: block.title.clone() }).collect();
        let own = self.list.key(Place { row: place.row, seventh: 0 });
        let above = (3..own.len()).filter_map(|length| self.list.row(own.head(length)));
        let itself = (place.seventh != 0).then_some(place.row);
        out.extend(above.chain(itself).map(|row| self.name(Place { row, seventh: 0 })));
        out
    }

    /// What stands directly below: rows, or the codes that the row's 7th characters complete.
    pub(super) fn children(self, place: Place) -> Vec<CodeName> {
        if place.seventh != 0 {
            return Vec::new();
        }
        let rows = self.list.children(place.row, self.release).into_iter();
        let rows = rows.map(|row| Place { row, seventh: 0 });
        rows.chain(self.completions(place.row)).map(|place| self.name(place)).collect()
    }

    /// The codes that complete a row, in the order of its 7th characters.
    pub(super) fn completions(self, row: u32) -> impl Iterator<Item = Place> {
        self.list.sevenths(row, self.release).iter().map(move |(seventh, _)| Place { row, seventh: *seventh })
    }

    /// Codes below a row that may be reported, level by level: the codes directly below a category are the ones
    /// that a person looks for first, and `unspecified` is mostly among them. Where several rows need a 7th
    /// character, each stands with the first of its set.
    pub(super) fn billable_below(self, row: u32, limit: usize) -> Vec<Place> {
        let mut out = Vec::new();
        let mut level = vec![row];
        while !level.is_empty() && out.len() < limit {
            let mut next = Vec::new();
            for row in level.iter().flat_map(|row| self.list.children(*row, self.release)) {
                match self.list.state(row, self.release) {
                    RowState::Billable => out.push(Place { row, seventh: 0 }),
                    RowState::NeedsSeventh(_) => out.extend(self.completions(row).next()),
                    RowState::Header => next.push(row),
                    RowState::Absent => {}
                }
            }
            level = next;
        }
        out.truncate(limit);
        out
    }

    /// Every code that may be reported, in tabular order.
    pub(super) fn reportable(self) -> Vec<CodeName> {
        let of_row = |row| {
            let itself = (self.list.state(row, self.release) == RowState::Billable)
                .then_some(Place { row, seventh: 0 });
            itself.into_iter().chain(self.completions(row))
        };
        (0..self.list.rows()).flat_map(of_row).map(|place| self.name(place)).collect()
    }

    /// The titles of a row and of the rows below it that the release has.
    pub(super) fn titles_within(self, row: u32) -> Vec<String> {
        let rows =
            (row..self.list.end(row)).filter(|row| self.list.state(*row, self.release) != RowState::Absent);
        rows.filter_map(|row| self.list.title(Place { row, seventh: 0 }, self.release)).collect()
    }

    /// How many codes below a row may be reported.
    pub(super) fn count_billable_below(self, row: u32) -> usize {
        (row..self.list.end(row))
            .map(|row| match self.list.state(row, self.release) {
                RowState::Billable => 1,
                RowState::NeedsSeventh(_) => self.list.sevenths(row, self.release).len(),
                RowState::Header | RowState::Absent => 0,
            })
            .sum()
    }
}
