//! A code where it stands in a release: the notes that hold for it, and which of them name another code.

use super::Icd10Cm;
use super::examine::Edition;
use super::list::Place;
use super::shape::{self, Reading};
use super::source::RowState;
use crate::codes::CodeContext;
use crate::codes::relations::{Coverage, Exclusion, ExclusionStatus, Note, NoteKind, references};
use crate::codes::verdict::Reason;

/// A code of a release, with the notes that hold for it, those that stand widest first.
pub(crate) struct Standing<'a> {
    edition: Edition<'a>,
    place: Place,
    held: Vec<Held>,
    /// The release whose notes these are: the code's own, or the nearest that has any.
    release: u8,
}

/// A note that holds for a code.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    number: usize,
    kind: NoteKind,
    owner: u32,
    /// Whether it stands at a chapter or a section.
    wide: bool,
}

impl Edition<'_> {
    /// The numbers of everything that a place stands in or below, the widest first, itself last; with whether it is a
    /// chapter or a section.
    fn owners(self, place: Place) -> impl Iterator<Item = (u32, bool)> {
        let blocks = self.list.blocks();
        let count = blocks.len() as u32;
        let wide = (0u32..).zip(blocks).filter(move |(_, block)| block.run().contains(&(place.row as usize)));
        let own = self.list.key(Place { row: place.row, seventh: 0 });
        let rows = (3..=own.len()).filter_map(move |length| self.list.row(own.head(length)));
        wide.map(|(at, _)| (at, true)).chain(rows.map(move |row| (count + row, false)))
    }

    /// The notes that hold for a place, and the release that they are of.
    fn held(self, place: Place) -> (Vec<Held>, u8) {
        let (notes, pack) = (self.list.notes(), self.list.pack());
        let Some((bit, release)) = notes.release_for(pack, self.release) else {
            return (Vec::new(), self.release);
        };
        let of_owner = |(owner, wide)| {
            notes.of_owner(pack, owner, bit).map(move |(number, kind)| Held { number, kind, owner, wide })
        };
        (self.owners(place).flat_map(of_owner).collect(), release)
    }
}

impl Standing<'_> {
    /// The notes.
    pub(crate) fn notes(&self) -> Vec<Note> {
        self.held.iter().map(|held| self.note(held)).collect()
    }

    /// The notes of a kind at the code itself, its subcategories and its category.
    pub(crate) fn own(&self, kind: NoteKind) -> impl Iterator<Item = &Held> {
        self.held.iter().filter(move |held| held.kind == kind && !held.wide)
    }

    /// Whether a note of this code names another.
    pub(crate) fn covers(&self, held: &Held, other: &Standing<'_>) -> Coverage {
        self.edition.list.note_covers(held.number, other.place)
    }

    /// A note, written out.
    pub(crate) fn note(&self, held: &Held) -> Note {
        let text = self.edition.list.note_text(held.number);
        let release = self.edition.list.releases().get(usize::from(self.release));
        Note {
            kind: held.kind,
            codes: references(&text).iter().map(ToString::to_string).collect(),
            text,
            at: self.owner_name(held.owner),
            release: release.map_or_else(String::new, |dates| dates.name.clone()),
        }
    }

    fn owner_name(&self, owner: u32) -> String {
        let blocks = self.edition.list.blocks();
        match blocks.get(owner as usize) {
            Some(block) => block.id.clone(),
            None => self.edition.code(Place { row: owner - blocks.len() as u32, seventh: 0 }),
        }
    }

    /// Whether the code stands for several conditions: a residual class, or one with more than one inclusion term.
    fn is_several(&self) -> bool {
        let title = self.edition.title(self.place).unwrap_or_default();
        let row = self.edition.list.blocks().len() as u32 + self.place.row;
        title.starts_with("Other ")
            || title.contains("unspecified")
            || title.contains("Unspecified")
            || self.own(NoteKind::InclusionTerm).filter(|held| held.owner == row).count() > 1
    }

    /// What the Excludes1 notes of either code say of the other; the stronger finding.
    pub(crate) fn excludes1(&self, other: &Standing<'_>) -> Exclusion {
        if self.place.row == other.place.row {
            return Exclusion::CLEAR;
        }
        let (forward, back) = (self.excludes(other), other.excludes(self));
        let strength = |found: &Option<(ExclusionStatus, &Held)>| {
            found.map_or(ExclusionStatus::Clear as u8, |(status, _)| status as u8)
        };
        let (from, to, found) =
            if strength(&back) > strength(&forward) { (other, self, back) } else { (self, other, forward) };
        found.map_or(Exclusion::CLEAR, |(status, held)| Exclusion {
            status,
            code: Some(from.edition.code(from.place)),
            excluded: Some(to.edition.code(to.place)),
            note: Some(from.note(held)),
        })
    }

    /// The strongest finding of this code's Excludes1 notes on another, the note nearest to the code first.
    fn excludes(&self, other: &Standing<'_>) -> Option<(ExclusionStatus, &Held)> {
        let excluding = self.held.iter().rev().filter(|held| held.kind == NoteKind::Excludes1);
        let mut possible = None;
        for held in excluding {
            let status = match self.covers(held, other) {
                Coverage::No => continue,
                Coverage::Yes if !held.wide && !self.is_several() && !other.is_several() => {
                    return Some((ExclusionStatus::Conflict, held));
                }
                Coverage::Possible | Coverage::Yes => ExclusionStatus::ExceptionPossible,
            };
            possible = possible.or(Some((status, held)));
        }
        possible
    }
}

impl Icd10Cm {
    /// The edition of a context and the place of a code in it, where the code is one of it.
    pub(super) fn listed(&self, text: &str, context: &CodeContext) -> Option<(Edition<'_>, Place)> {
        let (term, _) = self.term(context.on);
        let (Reading::Code(key), Some(edition)) = (shape::read(text), self.edition(term)) else {
            return None;
        };
        let found = edition.examine(key);
        let known = matches!(found.reason, None | Some(Reason::NotBillable | Reason::MissingSeventh));
        found
            .place
            .filter(|place| known && edition.list.state(place.row, edition.release) != RowState::Absent)
            .map(|place| (edition, place))
    }

    /// A code where it stands in the release of a context, where it is one of it.
    pub(crate) fn standing(&self, code: &str, context: &CodeContext) -> Option<Standing<'_>> {
        let (edition, place) = self.listed(code, context)?;
        let (held, release) = edition.held(place);
        Some(Standing { edition, place, held, release })
    }

    /// Whether the wording of a note names a code.
    pub(crate) fn covers(&self, text: &str, code: &str, context: &CodeContext) -> Coverage {
        self.listed(code, context)
            .map_or(Coverage::No, |(edition, place)| edition.list.text_covers(text, place))
    }

    /// Whether a reference names rows of the release of a context.
    #[cfg(test)]
    pub(crate) fn is_listed(
        &self,
        reference: &crate::codes::relations::Reference,
        context: &CodeContext,
    ) -> bool {
        self.edition(self.term(context.on).0)
            .is_some_and(|edition| edition.list.named(reference.clone()).is_some())
    }
}
