//! The notes of the tabular list as a pack has them, and the rows that their references name.

use std::ops::Range;
use std::sync::OnceLock;

use super::list::{Place, TabularList};
use super::shape::Key;
use crate::codes::relations::{Condition, Coverage, NoteKind, Reference, references};
use crate::codes::titles::Titles;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// What a note names, read when the note is first looked at.
type References = OnceLock<Box<[Named]>>;

/// The notes of a pack. What stands where is read when the first note is asked for, and what a note names when it is
/// first looked at.
#[derive(Debug)]
pub(super) struct Notes {
    texts: Titles,
    index: OnceLock<Index>,
    /// By number of the note.
    named: OnceLock<Vec<References>>,
}

/// A note: what it stands at (blocks first, then rows), what it asks for, and the releases that have it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    owner: u32,
    kind: NoteKind,
    releases: u8,
}

#[derive(Debug, Default)]
struct Index {
    /// The releases whose notes were read, by their number in the list.
    releases: Vec<u8>,
    /// In the order of the texts, which is that of their owners.
    entries: Vec<Entry>,
}

impl Notes {
    pub(super) fn open(pack: &Pack) -> Result<Self> {
        let texts = Titles::open_in(pack, ("note_words", "note_texts"))?;
        // What cannot be read is refused now, and what can is read again when it is wanted. What is part of the library was
        // read when it was compiled.
        if !pack.is_embedded() {
            Index::read(pack.section("notes")?, texts.count())?;
        }
        Ok(Self { texts, index: OnceLock::new(), named: OnceLock::new() })
    }

    fn index(&self, pack: &Pack) -> &Index {
        self.index.get_or_init(|| {
            pack.section("notes")
                .and_then(|section| Index::read(section, self.texts.count()))
                .unwrap_or_default()
        })
    }

    /// The numbers of the notes that stand at an owner in a release, with their kinds.
    pub(super) fn of_owner<'a>(
        &'a self,
        pack: &Pack,
        owner: u32,
        bit: u8,
    ) -> impl Iterator<Item = (usize, NoteKind)> + 'a {
        let entries = &self.index(pack).entries;
        let start = entries.partition_point(|entry| entry.owner < owner);
        let own = entries.iter().enumerate().skip(start).take_while(move |(_, entry)| entry.owner == owner);
        own.filter(move |(_, entry)| entry.releases & bit != 0).map(|(number, entry)| (number, entry.kind))
    }

    /// What rows include, as the number of the text and the row: conditions for which a code is used under another name.
    pub(super) fn terms(&self, pack: &Pack, blocks: usize) -> (Vec<usize>, Vec<u32>) {
        let term = |entry: &Entry| matches!(entry.kind, NoteKind::InclusionTerm | NoteKind::Includes);
        let entries = self.index(pack).entries.iter().enumerate().filter(|(_, entry)| term(entry));
        entries.filter_map(|(number, entry)| Some((number, entry.owner.checked_sub(blocks as u32)?))).unzip()
    }

    /// The texts of the notes.
    pub(super) const fn texts(&self) -> &Titles {
        &self.texts
    }

    /// The release whose notes are asked for a release: its own, or else the nearest, the later of two.
    pub(super) fn release_for(&self, pack: &Pack, release: u8) -> Option<(u8, u8)> {
        let releases = self.index(pack).releases.iter().enumerate();
        let nearest = releases.min_by_key(|(_, known)| (known.abs_diff(release), u8::MAX - **known))?;
        Some((1 << nearest.0, *nearest.1))
    }
}

impl Index {
    fn read(section: &[u8], texts: usize) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let mut cursor = Cursor::new(section);
        let releases: Vec<u8> = (0..cursor.short()?)
            .map(|_| u8::try_from(cursor.short()?).map_err(|_| malformed()))
            .collect::<Result<_>>()?;
        let forms: Vec<(NoteKind, u8)> = (0..cursor.short()?)
            .map(|_| {
                let kind = NoteKind::ALL.get(usize::from(cursor.u8()?)).copied().ok_or_else(malformed)?;
                Ok((kind, cursor.u8()?))
            })
            .collect::<Result<_>>()?;
        let count = cursor.u32()? as usize;
        if count != texts || releases.len() > 8 {
            return Err(malformed());
        }
        let mut entries = Vec::with_capacity(count);
        let mut owner = 0u32;
        for _ in 0..count {
            owner += u32::from(cursor.short()?);
            let (kind, releases) = forms.get(usize::from(cursor.u8()?)).copied().ok_or_else(malformed)?;
            entries.push(Entry { owner, kind, releases });
        }
        Ok(Self { releases, entries })
    }
}

/// What a reference names in a list: a run of rows, or one code that is no row of its own, under a condition.
#[derive(Debug)]
pub(super) struct Named {
    rows: Range<u32>,
    seventh: Option<u8>,
    condition: Condition,
}

impl Named {
    /// Whether a place is among what is named.
    fn covers(&self, list: &TabularList, place: Place) -> Coverage {
        if !self.rows.contains(&place.row) || self.seventh.is_some_and(|byte| byte != place.seventh) {
            return Coverage::No;
        }
        match self.condition.met(list.key(Place { seventh: 0, ..place }), place.seventh) {
            Some(true) => Coverage::Yes,
            Some(false) => Coverage::No,
            None => Coverage::Possible,
        }
    }
}

impl TabularList {
    /// What a reference names; `None` where the list has no such code or the range runs backwards.
    pub(super) fn named(&self, reference: Reference) -> Option<Named> {
        let run = |key: Key| match self.row(key) {
            Some(row) => Some((row..self.end(row), None)),
            None => self.first_completed(key).map(|place| (place.row..place.row + 1, Some(place.seventh))),
        };
        let (first, seventh) = run(reference.first)?;
        let condition = reference.condition;
        match reference.last {
            None => Some(Named { rows: first, seventh, condition }),
            Some(last) => {
                let rows = first.start..run(last)?.0.end;
                (!rows.is_empty()).then_some(Named { rows, seventh: None, condition })
            }
        }
    }

    /// What the references of a text name.
    fn named_in(&self, text: &str) -> Box<[Named]> {
        references(text).into_iter().filter_map(|reference| self.named(reference)).collect()
    }

    /// Whether a text names a place.
    pub(super) fn text_covers(&self, text: &str, place: Place) -> Coverage {
        self.most(&self.named_in(text), place)
    }

    /// Whether a note of this list names a place.
    pub(super) fn note_covers(&self, number: usize, place: Place) -> Coverage {
        let notes = self.notes();
        let all = notes.named.get_or_init(|| (0..notes.texts.count()).map(|_| OnceLock::new()).collect());
        let Some(named) = all.get(number) else { return Coverage::No };
        self.most(named.get_or_init(|| self.named_in(&self.note_text(number))), place)
    }

    fn most(&self, named: &[Named], place: Place) -> Coverage {
        named.iter().map(|named| named.covers(self, place)).max().unwrap_or(Coverage::No)
    }

    /// The wording of a note.
    pub(super) fn note_text(&self, number: usize) -> String {
        self.notes().texts.get(self.pack(), number).unwrap_or_default()
    }
}
