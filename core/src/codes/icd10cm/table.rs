//! Rows by code: arrays of words, each a code and its row, so that most look-ups touch one line of memory.
//!
//! A slot holds the code in 42 bits (six a character) and the number of the row. A row stands among the `rows` under its
//! own code. One that takes a 7th character also stands among the `stems`, under its code without the placeholders at
//! its end: what is left of a code of seven characters when its last and the X before it are taken off, so that a
//! completed code is found with one look, whatever its row's length, in an array that is a third of the other and
//! stays near the processor. And a row in whose codes there are placeholders stands among the `bare`, without any of
//! them, so that a code whose X was forgotten is found with one look too.

use super::shape::{Key, LONGEST};

/// A slot has room for this many rows.
pub(super) const ROWS_MAX: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 20;
const HINT_BITS: u32 = 17;
const EMPTY: u64 = 0;

/// A number in which the bits of a packed code are mixed.
#[inline]
const fn mixed(packed: u64) -> u64 {
    (packed ^ (packed >> 21)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A bit of the hint: which word, and which bit of it.
#[inline]
const fn hint(packed: u64) -> (usize, u64) {
    let mixed = mixed(packed) >> (64 - HINT_BITS);
    ((mixed >> 6) as usize, 1 << (mixed & 63))
}

/// What a slot holds.
const fn entry(packed: u64, row: usize) -> u64 {
    (packed << ROW_BITS) | (row & (ROWS_MAX - 1)) as u64
}

/// An open-addressing table of packed codes and their rows.
#[derive(Debug, Default)]
struct Slots(Vec<u64>);

impl Slots {
    fn of(entries: &[u64]) -> Self {
        let mut slots = Self(vec![EMPTY; entries.len() * 2 + 1]);
        entries.iter().for_each(|entry| slots.insert(*entry));
        slots
    }

    /// A number below the count of slots, each about as likely.
    #[inline]
    const fn place(packed: u64, bound: usize) -> usize {
        (((mixed(packed) >> 32) * bound as u64) >> 32) as usize
    }

    /// The first of two rows of one code is the one that is found.
    fn insert(&mut self, entry: u64) {
        let bound = self.0.len();
        let mut at = Self::place(entry >> ROW_BITS, bound);
        while let Some(slot) = self.0.get_mut(at) {
            if *slot == EMPTY {
                *slot = entry;
                return;
            }
            at = if at + 1 == bound { 0 } else { at + 1 };
        }
    }

    #[inline]
    fn find(&self, packed: u64) -> Option<u32> {
        let bound = self.0.len();
        let mut at = Self::place(packed, bound);
        loop {
            let slot = *self.0.get(at)?;
            if slot >> ROW_BITS == packed {
                return Some((slot & (ROWS_MAX as u64 - 1)) as u32);
            }
            if slot == EMPTY {
                return None;
            }
            at = if at + 1 == bound { 0 } else { at + 1 };
        }
    }
}

/// The rows of a list by their codes.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Slots,
    stems: Slots,
    bare: Slots,
    /// One bit for every bare code, by its hash: most codes that lack no placeholder are told from it alone.
    hint: Vec<u64>,
    /// The first letters of rows that are seven characters long and take no 7th character.
    long: u64,
}

impl Table {
    /// From the codes in the order of their rows; `takes_seventh` says of a row whether it takes a 7th character in
    /// any release.
    pub(super) fn of(keys: &[Key], takes_seventh: impl Fn(usize) -> bool) -> Self {
        let (mut rows, mut stems, mut bare) = (Vec::with_capacity(keys.len()), Vec::new(), Vec::new());
        let (mut hints, mut long) = (vec![0u64; 1 << (HINT_BITS - 6)], 0);
        for (row, key) in keys.iter().enumerate() {
            rows.push(entry(key.packed(), row));
            if key.len() == LONGEST {
                long |= 1 << (key.at(0) & 0x3F);
            }
            let takes = takes_seventh(row);
            if takes {
                stems.push(entry(key.without_placeholders().packed(), row));
            }
            if has_bare(*key, takes) {
                let packed = key.without_any_placeholder().packed();
                let (word, bit) = hint(packed);
                if let Some(word) = hints.get_mut(word) {
                    *word |= bit;
                }
                bare.push(entry(packed, row));
            }
        }
        Self { rows: Slots::of(&rows), stems: Slots::of(&stems), bare: Slots::of(&bare), hint: hints, long }
    }

    /// The row of exactly this code.
    #[inline]
    pub(super) fn row(&self, key: Key) -> Option<u32> {
        if key.len() == LONGEST && self.long & (1 << (key.at(0) & 0x3F)) == 0 {
            return None;
        }
        self.rows.find(key.packed())
    }

    /// A row whose code this would be if placeholders were put in: the first one.
    #[inline]
    pub(super) fn bare(&self, key: Key) -> Option<u32> {
        let packed = key.without_any_placeholder().packed();
        let (word, bit) = hint(packed);
        if self.hint.get(word)? & bit == 0 {
            return None;
        }
        self.bare.find(packed)
    }

    /// A row that a code of seven characters may complete: the first one known by its stem.
    #[inline]
    pub(super) fn completed(&self, key: Key) -> Option<u32> {
        self.stems.find(key.head(LONGEST - 1).without_placeholders().packed())
    }
}

/// Whether there are placeholders in the code of a row, or in the codes that complete it.
fn has_bare(key: Key, takes_seventh: bool) -> bool {
    (takes_seventh && key.len() < LONGEST - 1) || key != key.without_any_placeholder()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_code_and_by_stem() {
        let keys: Vec<Key> = ["W00", "W000", "T36", "T360", "T360X", "T360X1", "S72301", "QA00101"]
            .iter()
            .map(|code| Key::of(code).unwrap())
            .collect();
        let takes = [false, true, false, false, false, true, true, false];
        let table = Table::of(&keys, |row| takes[row]);
        for (row, key) in keys.iter().enumerate() {
            assert_eq!(table.row(*key), Some(row as u32));
        }
        let completed = |code: &str| table.completed(Key::of(code).unwrap());
        assert_eq!(completed("W000XXA"), Some(1));
        assert_eq!(completed("T360X1A"), Some(5));
        assert_eq!(completed("S72301A"), Some(6));
        assert_eq!(completed("T360XXA"), None);
        assert_eq!(completed("QA00101"), None);
        let bare = |code: &str| table.bare(Key::of(code).unwrap());
        assert_eq!(
            (bare("T3601"), bare("T36X01"), bare("W000"), bare("S72301")),
            (Some(5), Some(5), Some(1), None)
        );
        assert_eq!(table.row(Key::of("W001").unwrap()), None);
        assert_eq!(Table::default().row(keys[0]), None);
    }
}
