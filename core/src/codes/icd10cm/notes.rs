//! The notes of the tabular list: which hold for a code, and which codes they name.

use std::ops::Range;
use std::sync::OnceLock;

use super::examine::Edition;
use super::list::{Place, TabularList};
use super::shape::{self, Key, Reading};
use super::source::RowState;
use super::{Icd10Cm, Reason};
use crate::codes::CodeContext;
use crate::codes::relations::{Coverage, Exclusion, ExclusionStatus, Note, NoteKind, Reference, references};
use crate::codes::titles::Titles;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// The notes of a pack. What stands where is read when the first note is asked for.
#[derive(Debug)]
pub(super) struct Notes {
    texts: Titles,
    index: OnceLock<Index>,
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
        Ok(Self { texts, index: OnceLock::new() })
    }

    fn index(&self, pack: &Pack) -> &Index {
        self.index.get_or_init(|| {
            pack.section("notes")
                .and_then(|section| Index::read(section, self.texts.count()))
                .unwrap_or_default()
        })
    }

    /// The numbers of the notes that stand at an owner in a release, with their kinds.
    fn of_owner<'a>(
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
    fn release_for(&self, pack: &Pack, release: u8) -> Option<(u8, u8)> {
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

/// What a reference names in a list: a run of rows, or one code that is no row of its own.
struct Target {
    rows: Range<u32>,
    seventh: Option<u8>,
}

impl TabularList {
    fn target(&self, reference: &Reference) -> Option<Target> {
        let run = |key: Key| match self.row(key) {
            Some(row) => Some((row..self.end(row), None)),
            None => self.first_completed(key).map(|place| (place.row..place.row + 1, Some(place.seventh))),
        };
        let (first, seventh) = run(reference.first)?;
        match reference.last {
            None => Some(Target { rows: first, seventh }),
            Some(last) => {
                let (last, _) = run(last)?;
                (first.start < last.end).then_some(Target { rows: first.start..last.end, seventh: None })
            }
        }
    }

    /// Whether a reference names a place.
    fn names(&self, reference: &Reference, place: Place) -> Coverage {
        let Some(target) = self.target(reference) else { return Coverage::No };
        let inside =
            target.rows.contains(&place.row) && target.seventh.is_none_or(|byte| byte == place.seventh);
        if !inside {
            return Coverage::No;
        }
        match reference.condition.met(self.key(Place { seventh: 0, ..place }), place.seventh) {
            Some(true) => Coverage::Yes,
            Some(false) => Coverage::No,
            None => Coverage::Possible,
        }
    }
}

/// A note on its way out: its number, kind, owner, and whether the owner is a chapter or section.
struct Held {
    number: usize,
    kind: NoteKind,
    owner: u32,
    wide: bool,
}

impl Edition<'_> {
    /// The numbers of everything that a place stands in or below, the widest first, itself last.
    fn owners(self, place: Place) -> Vec<(u32, bool)> {
        let blocks = self.list.blocks().unwrap_or_default();
        let covers = |first: u32, rows: u32| (first..first.saturating_add(rows)).contains(&place.row);
        let count = blocks.len() as u32;
        let wide = (0u32..)
            .zip(&blocks)
            .filter(|(_, block)| covers(block.first, block.rows))
            .map(|(at, _)| (at, true));
        let own = self.list.key(Place { row: place.row, seventh: 0 });
        let rows = (3..=own.len()).filter_map(|length| self.list.row(own.head(length)));
        wide.chain(rows.map(|row| (count + row, false))).collect()
    }

    fn held(self, place: Place, kind: Option<NoteKind>) -> (Vec<Held>, u8) {
        let (notes, pack) = (self.list.notes(), self.list.pack());
        let Some((bit, release)) = notes.release_for(pack, self.release) else {
            return (Vec::new(), self.release);
        };
        let mut out = Vec::new();
        for (owner, wide) in self.owners(place) {
            let of_kind =
                notes.of_owner(pack, owner, bit).filter(|(_, known)| kind.is_none_or(|kind| kind == *known));
            out.extend(of_kind.map(|(number, kind)| Held { number, kind, owner, wide }));
        }
        (out, release)
    }

    fn owner_name(self, owner: u32) -> String {
        let blocks = self.list.blocks().unwrap_or_default();
        match blocks.get(owner as usize) {
            Some(block) => block.id.to_owned(),
            None => self.code(Place { row: owner - blocks.len() as u32, seventh: 0 }),
        }
    }

    fn note_text(self, number: usize) -> String {
        self.list.notes().texts.get(self.list.pack(), number).unwrap_or_default()
    }

    fn note(self, held: &Held, release: u8) -> Note {
        let text = self.note_text(held.number);
        let release = self.list.releases().get(usize::from(release)).map_or("", |dates| &dates.name);
        Note {
            kind: held.kind,
            codes: references(&text).iter().map(ToString::to_string).collect(),
            text,
            at: self.owner_name(held.owner),
            release: release.to_owned(),
        }
    }

    /// The notes that hold for a place.
    pub(super) fn notes(self, place: Place) -> Vec<Note> {
        let (held, release) = self.held(place, None);
        held.iter().map(|held| self.note(held, release)).collect()
    }

    fn coverage(self, text: &str, place: Place) -> Coverage {
        references(text)
            .iter()
            .map(|reference| self.list.names(reference, place))
            .max()
            .unwrap_or(Coverage::No)
    }

    /// Whether a code stands for several conditions: a residual class, or one with more than one inclusion term.
    fn stands_for_several(self, place: Place) -> bool {
        let title = self.title(place).unwrap_or_default();
        let residual =
            title.starts_with("Other ") || title.contains("unspecified") || title.contains("Unspecified");
        let row = Place { seventh: 0, ..place };
        let own = self.owners(row).last().map_or(0, |(owner, _)| *owner);
        let (held, _) = self.held(row, Some(NoteKind::InclusionTerm));
        residual || held.iter().filter(|held| held.owner == own).count() > 1
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

    /// The notes that hold for a code, those that stand widest first.
    pub(crate) fn notes(&self, code: &str, context: &CodeContext) -> Vec<Note> {
        self.listed(code, context).map(|(edition, place)| edition.notes(place)).unwrap_or_default()
    }

    /// Whether the wording of a note names a code.
    pub(crate) fn covers(&self, text: &str, code: &str, context: &CodeContext) -> Coverage {
        self.listed(code, context).map_or(Coverage::No, |(edition, place)| edition.coverage(text, place))
    }

    /// What the Excludes1 notes of one code say of another.
    pub(crate) fn excludes1(&self, code: &str, other: &str, context: &CodeContext) -> Exclusion {
        let clear = Exclusion { status: ExclusionStatus::Clear, code: None, excluded: None, note: None };
        let (Some((edition, place)), Some((_, other))) =
            (self.listed(code, context), self.listed(other, context))
        else {
            return clear;
        };
        if place.row == other.row {
            return clear;
        }
        let (held, release) = edition.held(place, Some(NoteKind::Excludes1));
        let several = edition.stands_for_several(place) || edition.stands_for_several(other);
        let mut best: Option<(ExclusionStatus, &Held)> = None;
        for held in held.iter().rev() {
            let status = match edition.coverage(&edition.note_text(held.number), other) {
                Coverage::No => continue,
                Coverage::Possible => ExclusionStatus::ExceptionPossible,
                Coverage::Yes if held.wide || several => ExclusionStatus::ExceptionPossible,
                Coverage::Yes => ExclusionStatus::Conflict,
            };
            if best.is_none_or(|(known, _)| {
                known != ExclusionStatus::Conflict && status == ExclusionStatus::Conflict
            }) {
                best = Some((status, held));
            }
        }
        best.map_or(clear, |(status, held)| Exclusion {
            status,
            code: Some(edition.code(place)),
            excluded: Some(edition.code(other)),
            note: Some(edition.note(held, release)),
        })
    }

    /// Whether a reference names rows of the release of a context.
    #[cfg(test)]
    pub(crate) fn is_listed(&self, reference: &Reference, context: &CodeContext) -> bool {
        self.edition(self.term(context.on).0).is_some_and(|edition| edition.list.target(reference).is_some())
    }
}
