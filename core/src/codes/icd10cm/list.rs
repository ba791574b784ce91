//! The tabular list in memory: rows in tabular order, found by code, each with what it is in each release.
//!
//! A pack is read once: the codes are spread into one array and a hash table of row numbers (a fraction of a
//! millisecond); titles, chapters and the search index stay packed until someone asks for them.

use std::sync::OnceLock;

use super::find::Finder;
use super::notes::Notes;
use super::shape::{Key, LONGEST};
use super::source::{Block, RowState};
use super::table::{ROWS_MAX, Table};
use crate::codes::search::Index;
use crate::codes::terms::ReleaseDates;
use crate::codes::titles::Titles;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// A code in the list: a row, or a row completed with a 7th character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: u32,
    /// The 7th character, or 0.
    pub(super) seventh: u8,
}

/// One pack of ICD-10-CM, ready to be asked.
#[derive(Debug)]
pub(super) struct TabularList {
    pack: Pack,
    releases: Vec<ReleaseDates>,
    keys: Vec<Key>,
    table: Table,
    forms: Vec<u16>,
    states: Vec<RowState>,
    sevenths: Vec<Vec<(u8, String)>>,
    /// The characters of each set, one bit each by their lowest six bits.
    members: Vec<u64>,
    /// By form: the characters that it takes in any release.
    ever: Vec<u64>,
    titles: Titles,
    /// Row and releases of every title that only some releases give, in the order of `other_titles`.
    others: Vec<(u32, u32)>,
    other_titles: Titles,
    blocks: OnceLock<Vec<Block>>,
    finder: OnceLock<Finder>,
    notes: Notes,
}

fn malformed() -> Error {
    Error::new(&codes::PACK_MALFORMED)
}

impl TabularList {
    /// Reads a pack.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(super) fn open(pack: Pack) -> Result<Self> {
        let releases = ReleaseDates::of(&pack)?;
        let keys = read_codes(&pack)?;
        let (states, forms) = read_forms(&pack, releases.len(), keys.len())?;
        let sevenths = read_sevenths(&pack)?;
        let known_sets = states.iter().all(|state| match state {
            RowState::NeedsSeventh(set) => usize::from(*set) < sevenths.len(),
            _ => true,
        });
        let titles = Titles::open(&pack)?;
        let other_titles = Titles::open_in(&pack, ("other_words", "other_texts"))?;
        let others = read_others(&pack)?;
        if others.len() != other_titles.count() {
            return Err(malformed());
        }
        if !known_sets || titles.count() != keys.len() {
            return Err(malformed());
        }
        let taking = forms_with_sevenths(&states, releases.len());
        let table = Table::of(&keys, |row| {
            forms.get(row).is_some_and(|form| taking.get(usize::from(*form)) == Some(&true))
        });
        let members: Vec<u64> =
            sevenths.iter().map(|set| set.iter().fold(0, |all, (byte, _)| all | bit(*byte))).collect();
        let ever = states.chunks(releases.len()).map(|states| ever_taken(states, &members)).collect();
        let (blocks, finder, notes) = (OnceLock::new(), OnceLock::new(), Notes::open(&pack)?);
        // What is part of the library was read when it was compiled.
        if !pack.is_embedded() {
            read_blocks(&pack)?;
        }
        Ok(Self {
            pack,
            releases,
            keys,
            table,
            forms,
            states,
            sevenths,
            members,
            ever,
            titles,
            others,
            other_titles,
            blocks,
            finder,
            notes,
        })
    }

    pub(super) const fn pack(&self) -> &Pack {
        &self.pack
    }

    pub(super) fn releases(&self) -> &[ReleaseDates] {
        &self.releases
    }

    /// How many rows the list has; completed codes are not counted.
    pub(super) fn rows(&self) -> u32 {
        self.keys.len() as u32
    }

    /// The row of exactly this code.
    #[inline]
    pub(super) fn row(&self, key: Key) -> Option<u32> {
        self.table.row(key)
    }

    /// The place that a code of seven characters has by its stem, in the first row that has it in any release.
    #[inline]
    pub(super) fn first_completed(&self, key: Key) -> Option<Place> {
        if key.len() != LONGEST {
            return None;
        }
        self.table.completed(key).map(|row| Place { row, seventh: key.last() })
    }

    /// Whether a row takes this 7th character in a release.
    #[inline]
    fn completes(&self, row: u32, seventh: u8, release: u8) -> bool {
        let RowState::NeedsSeventh(set) = self.state(row, release) else { return false };
        self.members.get(usize::from(set)).is_some_and(|members| members & bit(seventh) != 0)
    }

    /// The place that a code becomes when the placeholders are put in that it lacks: one that may be reported, or one
    /// that needs a 7th character and was written without it.
    pub(super) fn with_placeholders(&self, key: Key, release: u8) -> Option<Place> {
        if key.len() < LONGEST
            && let Some(row) = self.table.bare(key.head(key.len() - 1))
            && self.completes(row, key.last(), release)
        {
            return Some(Place { row, seventh: key.last() });
        }
        let row = self.table.bare(key)?;
        let state = self.state(row, release);
        matches!(state, RowState::Billable | RowState::NeedsSeventh(_)).then_some(Place { row, seventh: 0 })
    }

    /// What a row is in a release.
    #[inline]
    pub(super) fn state(&self, row: u32, release: u8) -> RowState {
        let form = self.forms.get(row as usize).copied().unwrap_or(0);
        let at = usize::from(form) * self.releases.len() + usize::from(release);
        self.states.get(at).copied().unwrap_or(RowState::Absent)
    }

    /// The 7th characters that a row takes in a release, with what each adds to the title.
    pub(super) fn sevenths(&self, row: u32, release: u8) -> &[(u8, String)] {
        match self.state(row, release) {
            RowState::NeedsSeventh(set) => self.sevenths.get(usize::from(set)).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// The row whose code, filled with placeholders to six characters, this code completes; whether or not the
    /// 7th character is one that the row takes. No row that takes a 7th character is itself seven long.
    #[inline]
    pub(super) fn completed(&self, key: Key, release: u8) -> Option<Place> {
        if key.len() != LONGEST {
            return None;
        }
        self.table.completed(key)?;
        let mut base = key.head(LONGEST - 1);
        loop {
            if let Some(row) = self.row(base)
                && self.takes_seventh(row, release)
            {
                return Some(Place { row, seventh: key.last() });
            }
            if base.last() != b'X' || base.len() <= 3 {
                return None;
            }
            base = base.head(base.len() - 1);
        }
    }

    /// Whether any release may have a code: no, where it is no row and completes none.
    pub(super) fn ever_has(&self, key: Key) -> bool {
        let takes = |row: u32| {
            let form = self.forms.get(row as usize).copied().unwrap_or(0);
            self.ever.get(usize::from(form)).is_some_and(|ever| ever & bit(key.last()) != 0)
        };
        if key.len() < LONGEST {
            return self.row(key).is_some();
        }
        let mut base = key.head(LONGEST - 1);
        loop {
            if self.row(base).is_some_and(takes) {
                return true;
            }
            if base.last() != b'X' || base.len() <= 3 {
                return self.row(key).is_some();
            }
            base = base.head(base.len() - 1);
        }
    }

    fn takes_seventh(&self, row: u32, release: u8) -> bool {
        matches!(self.state(row, release), RowState::NeedsSeventh(_))
    }

    /// What a place is in a release; a completed code is billable or absent.
    #[inline]
    pub(super) fn state_of(&self, place: Place, release: u8) -> RowState {
        if place.seventh == 0 {
            return self.state(place.row, release);
        }
        if self.completes(place.row, place.seventh, release) { RowState::Billable } else { RowState::Absent }
    }

    /// The code of a place.
    pub(super) fn key(&self, place: Place) -> Key {
        let key = self.keys.get(place.row as usize).copied().unwrap_or(Key::from_bytes(b""));
        if place.seventh == 0 { key } else { key.padded(LONGEST - 1).with(place.seventh) }
    }

    fn row_title(&self, row: u32, release: u8) -> Option<String> {
        let start = self.others.partition_point(|(known, _)| *known < row);
        let mut own = self.others.iter().enumerate().skip(start).take_while(|(_, (known, _))| *known == row);
        match own.find(|(_, (_, releases))| releases & (1 << (release & 31)) != 0) {
            Some((text, _)) => self.other_titles.get(&self.pack, text),
            None => self.titles.get(&self.pack, row as usize),
        }
    }

    /// The title of a place. A completed code's title is its row's with the meaning of the 7th character behind a
    /// comma, as the official order file has it.
    pub(super) fn title(&self, place: Place, release: u8) -> Option<String> {
        let mut title = self.row_title(place.row, release).filter(|title| !title.is_empty())?;
        if place.seventh != 0 {
            let set = self.sevenths(place.row, release);
            let (_, meaning) = set.iter().find(|(byte, _)| *byte == place.seventh)?;
            title.push_str(", ");
            title.push_str(meaning);
        }
        Some(title)
    }

    /// The row after the last one below this row.
    pub(super) fn end(&self, row: u32) -> u32 {
        let Some(top) = self.keys.get(row as usize) else { return row };
        let below = self.keys.iter().skip(row as usize + 1).take_while(|key| key.starts_with(*top)).count();
        row + 1 + below as u32
    }

    /// The rows directly below a row, in tabular order, present in the release.
    pub(super) fn children(&self, row: u32, release: u8) -> Vec<u32> {
        let end = self.end(row);
        let mut out = Vec::new();
        let mut at = row + 1;
        while at < end {
            if self.state(at, release) != RowState::Absent {
                out.push(at);
            }
            at = self.end(at);
        }
        out
    }

    /// The nearest row of the release whose code is the beginning of this one, the code itself left out.
    pub(super) fn ancestor(&self, key: Key, release: u8) -> Option<u32> {
        (3..key.len())
            .rev()
            .filter_map(|length| self.row(key.head(length)))
            .find(|row| self.state(*row, release) != RowState::Absent)
    }

    /// Chapters, each followed by its sections; read when they are first asked for.
    pub(super) fn blocks(&self) -> &[Block] {
        self.blocks.get_or_init(|| read_blocks(&self.pack).unwrap_or_default())
    }

    /// The notes.
    pub(super) const fn notes(&self) -> &Notes {
        &self.notes
    }

    /// The sets of 7th characters, by number.
    pub(super) fn seventh_sets(&self) -> &[Vec<(u8, String)>] {
        &self.sevenths
    }

    /// What the list is searched with, made when it is first asked for.
    pub(super) fn finder(&self) -> &Finder {
        self.finder.get_or_init(|| {
            let (numbers, rows) = self.notes.terms(&self.pack, self.blocks().len());
            let terms = Some((self.notes.texts(), numbers.as_slice()));
            Finder::of(self, Index::of_titles(&self.titles, &self.pack, terms), rows)
        })
    }
}

#[inline]
const fn bit(seventh: u8) -> u64 {
    1 << (seventh & 0x3F)
}

/// The characters that a form takes in any release.
fn ever_taken(states: &[RowState], members: &[u64]) -> u64 {
    let taken = |state: &RowState| match state {
        RowState::NeedsSeventh(set) => members.get(usize::from(*set)).copied().unwrap_or(0),
        _ => 0,
    };
    states.iter().map(taken).fold(0, |all, taken| all | taken)
}

/// By form: whether it takes a 7th character in any release.
fn forms_with_sevenths(states: &[RowState], releases: usize) -> Vec<bool> {
    let takes = |states: &[RowState]| states.iter().any(|state| matches!(state, RowState::NeedsSeventh(_)));
    states.chunks(releases.max(1)).map(takes).collect()
}

fn read_codes(pack: &Pack) -> Result<Vec<Key>> {
    let mut cursor = Cursor::new(pack.section("codes")?);
    let count = cursor.u32()? as usize;
    if count >= ROWS_MAX {
        return Err(malformed());
    }
    let mut keys: Vec<Key> = Vec::with_capacity(count);
    let mut before = Key::from_bytes(b"");
    for _ in 0..count {
        let lengths = cursor.u8()?;
        let mut key = before.head(usize::from(lengths >> 4));
        for byte in cursor.bytes(usize::from(lengths & 0xF))? {
            key = key.with(*byte);
        }
        keys.push(key);
        before = key;
    }
    Ok(keys)
}

fn read_forms(pack: &Pack, releases: usize, rows: usize) -> Result<(Vec<RowState>, Vec<u16>)> {
    let mut cursor = Cursor::new(pack.section("forms")?);
    let count = usize::from(cursor.short()?);
    let states = cursor.bytes(count * releases)?.iter().map(|byte| RowState::from_byte(*byte)).collect();
    let forms: Vec<u16> = (0..rows).map(|_| cursor.short()).collect::<Result<_>>()?;
    if forms.iter().any(|form| usize::from(*form) >= count) {
        return Err(malformed());
    }
    Ok((states, forms))
}

fn read_blocks(pack: &Pack) -> Result<Vec<Block>> {
    let mut cursor = Cursor::new(pack.section("blocks")?);
    (0..cursor.short()?)
        .map(|_| {
            let (id, title) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
            Ok(Block { id, title, first: cursor.u32()? as usize, rows: cursor.u32()? as usize })
        })
        .collect()
}

fn read_others(pack: &Pack) -> Result<Vec<(u32, u32)>> {
    let mut cursor = Cursor::new(pack.section("other_titles")?);
    let mut out = Vec::new();
    while !cursor.is_empty() {
        out.push((cursor.u32()?, cursor.u32()?));
    }
    if !out.is_sorted_by_key(|(row, _)| *row) {
        return Err(malformed());
    }
    Ok(out)
}

fn read_sevenths(pack: &Pack) -> Result<Vec<Vec<(u8, String)>>> {
    let mut cursor = Cursor::new(pack.section("sevenths")?);
    (0..cursor.short()?)
        .map(|_| (0..cursor.short()?).map(|_| Ok((cursor.u8()?, cursor.text()?.to_owned()))).collect())
        .collect()
}
