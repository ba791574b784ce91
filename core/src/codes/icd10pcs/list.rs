//! The codes of an ICD-10-PCS pack in memory: in order, each with the releases that have it.
//!
//! The tables are the codes: a value is permitted at a place where a code of the release begins so. A pack keeps no
//! tables beside its codes, so that the two can never disagree.

use std::ops::Range;
use std::sync::OnceLock;

use super::labels::Labels;
use super::shape::{Key, LENGTH};
use crate::codes::search::Index;
use crate::codes::terms::ReleaseDates;
use crate::codes::titles::Titles;
use crate::error::{Error, Result, codes};
use crate::packs::{Cursor, Pack};

/// One pack of ICD-10-PCS.
#[derive(Debug)]
pub(super) struct PcsList {
    pack: Pack,
    releases: Vec<ReleaseDates>,
    /// Spread when they are first asked for.
    rows: OnceLock<Rows>,
    labels: OnceLock<Labels>,
    titles: Titles,
    index: OnceLock<Index>,
}

/// The codes, and one bit for every release that has each.
#[derive(Debug, Default)]
struct Rows {
    keys: Vec<Key>,
    masks: Vec<u32>,
    /// Where the codes of every first two characters begin, by [`bucket`]; one more than there are.
    starts: Vec<u32>,
}

const VALUES: usize = 43;

/// A number for the first two characters, in the order of codes.
#[inline]
const fn bucket(key: Key) -> usize {
    key.at(0).saturating_sub(b'0') as usize * VALUES + key.at(1).saturating_sub(b'0') as usize
}

impl Rows {
    fn read(pack: &Pack) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let mut cursor = Cursor::new(pack.section("codes")?);
        let count = cursor.u32()? as usize;
        let mut keys: Vec<Key> = Vec::with_capacity(count.min(1 << 20));
        let mut before = Key::from_bytes(b"0000000");
        for _ in 0..count {
            let shared = usize::from(cursor.u8()?);
            let mut key = before;
            for (place, byte) in (shared..LENGTH).zip(cursor.bytes(LENGTH.saturating_sub(shared))?) {
                key = key.with(place, *byte);
            }
            keys.push(key);
            before = key;
        }
        let mut cursor = Cursor::new(pack.section("masks")?);
        let distinct: Vec<u32> = (0..cursor.short()?).map(|_| cursor.u32()).collect::<Result<_>>()?;
        let mut masks = Vec::with_capacity(keys.len());
        while !cursor.is_empty() {
            let mask = *distinct.get(usize::from(cursor.short()?)).ok_or_else(malformed)?;
            let run = usize::from(cursor.short()?);
            if run > keys.len() - masks.len() {
                return Err(malformed());
            }
            masks.extend(std::iter::repeat_n(mask, run));
        }
        if masks.len() != keys.len() || !keys.is_sorted() {
            return Err(malformed());
        }
        let mut starts = vec![0; VALUES * VALUES + 1];
        for key in &keys {
            *starts.get_mut(bucket(*key) + 1).ok_or_else(malformed)? += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Ok(Self { keys, masks, starts })
    }

    #[inline]
    fn find(&self, key: Key) -> Option<usize> {
        let at = bucket(key);
        let (from, to) = (*self.starts.get(at)? as usize, *self.starts.get(at + 1)? as usize);
        self.keys.get(from..to)?.binary_search(&key).ok().map(|row| from + row)
    }
}

impl PcsList {
    /// Reads a pack.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(super) fn open(pack: Pack) -> Result<Self> {
        let releases = ReleaseDates::of(&pack)?;
        let titles = Titles::open(&pack)?;
        let count = Cursor::new(pack.section("codes")?).u32()? as usize;
        pack.section("labels")?;
        if titles.count() != count {
            return Err(Error::new(&codes::PACK_MALFORMED));
        }
        let (rows, labels, index) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Self { pack, releases, rows, labels, titles, index })
    }

    /// Reads what is otherwise read when it is first asked for.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(super) fn verify(&self) -> Result<()> {
        let _ = self.rows.set(Rows::read(&self.pack)?);
        let _ = self.labels.set(Labels::read(self.pack.section("labels")?)?);
        Ok(())
    }

    pub(super) const fn pack(&self) -> &Pack {
        &self.pack
    }

    pub(super) fn releases(&self) -> &[ReleaseDates] {
        &self.releases
    }

    fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::read(&self.pack).unwrap_or_default())
    }

    /// The number of a code in any release.
    #[inline]
    pub(super) fn row(&self, key: Key) -> Option<u32> {
        self.rows().find(key).map(|row| row as u32)
    }

    /// Whether a release has a code.
    #[inline]
    pub(super) fn has(&self, row: u32, release: u8) -> bool {
        self.rows().masks.get(row as usize).is_some_and(|mask| mask & (1 << (release & 31)) != 0)
    }

    pub(super) fn key(&self, row: u32) -> Option<Key> {
        self.rows().keys.get(row as usize).copied()
    }

    /// The title of a code, where a source words it.
    pub(super) fn title(&self, row: u32) -> Option<String> {
        self.titles.get(&self.pack, row as usize).filter(|title| !title.is_empty())
    }

    /// What the last character of the beginning of a code means.
    pub(super) fn label(&self, beginning: Key) -> Option<&str> {
        let read = || self.pack.section("labels").and_then(Labels::read).unwrap_or_default();
        self.labels.get_or_init(read).of(beginning)
    }

    /// The codes of any release that begin so.
    fn range(&self, beginning: Key) -> Range<usize> {
        let keys = &self.rows().keys;
        if beginning.len() == 0 {
            return 0..keys.len();
        }
        let end = beginning.end();
        keys.partition_point(|key| *key < beginning)..keys.partition_point(|key| *key < end)
    }

    /// The codes of a release that begin so, in order.
    pub(super) fn beginning(&self, beginning: Key, release: u8) -> impl Iterator<Item = u32> {
        self.range(beginning).map(|row| row as u32).filter(move |row| self.has(*row, release))
    }

    /// The values that the tables of a release permit behind the beginning of a code, in order.
    pub(super) fn permitted(&self, beginning: Key, release: u8) -> Vec<u8> {
        let place = beginning.len();
        let mut out: Vec<u8> = self
            .beginning(beginning, release)
            .filter_map(|row| self.key(row))
            .map(|key| key.at(place))
            .collect();
        out.dedup();
        out
    }

    /// How much of a code the tables of a release permit: the longest beginning that a code of it has.
    pub(super) fn permitted_part(&self, key: Key, release: u8) -> Key {
        (1..=key.len())
            .rev()
            .map(|length| key.head(length))
            .find(|head| self.beginning(*head, release).next().is_some())
            .unwrap_or_else(|| Key::from_bytes(&[]))
    }

    /// What the list is searched with, made when it is first asked for.
    pub(super) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of_titles(&self.titles, &self.pack, None))
    }
}
