//! Rows by code: one array of words, each a code and its row, so that most look-ups touch one line of memory.
//!
//! A slot holds the code in 42 bits (six a character), two bits that say what the code is to the row, and the number
//! of the row. A row stands under its own code. One that takes a 7th character also stands under its *stem*, its code
//! without the placeholders at its end: what is left of a code of seven characters when its last and the X before
//! it are taken off, so that a completed code is found with one look, whatever its row's length. And a row in whose
//! codes there are placeholders stands under its *bare* code, without any of them, so that a code whose X was
//! forgotten is found with one look too.

use super::shape::{Key, LONGEST};

/// A slot has room for this many rows.
pub(super) const ROWS_MAX: usize = 1 << ROW_BITS;
const ROW_BITS: u32 = 20;
const STEM: u64 = 1 << 42;
const BARE: u64 = 1 << 43;
const HINT_BITS: u32 = 17;
const EMPTY: u64 = 0;

/// What is looked up: a packed code, and what it is to its row.
#[derive(Clone, Copy)]
struct Wanted(u64);

impl Wanted {
    #[inline]
    const fn row(key: Key) -> Self {
        Self(key.packed())
    }

    #[inline]
    const fn stem(key: Key) -> Self {
        Self(key.packed() | STEM)
    }

    #[inline]
    const fn bare(key: Key) -> Self {
        Self(key.without_any_placeholder().packed() | BARE)
    }

    /// What a slot holds.
    #[inline]
    const fn slot(self, row: usize) -> u64 {
        (self.0 << ROW_BITS) | (row & (ROWS_MAX - 1)) as u64
    }

    /// A bit of the hint: which word, and which bit of it.
    #[inline]
    const fn hint(self) -> (usize, u64) {
        let mixed = (self.0 ^ (self.0 >> 21)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - HINT_BITS);
        ((mixed >> 6) as usize, 1 << (mixed & 63))
    }

    /// A number below `bound`, each about as likely.
    #[inline]
    const fn place(self, bound: usize) -> usize {
        let mixed = (self.0 ^ (self.0 >> 21)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (((mixed >> 32) * bound as u64) >> 32) as usize
    }
}

/// The rows of a list by their codes.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<u64>,
    /// One bit for every bare code, by its hash: most codes that lack no placeholder are told from it alone.
    hint: Vec<u64>,
    /// The first letters of rows that are seven characters long and take no 7th character.
    long: u64,
}

impl Table {
    /// From the codes in the order of their rows; `takes_seventh` says of a row whether it takes a 7th character in
    /// any release.
    pub(super) fn of(keys: &[Key], takes_seventh: impl Fn(usize) -> bool) -> Self {
        let mut table = Self { slots: Vec::new(), hint: vec![0; 1 << (HINT_BITS - 6)], long: 0 };
        let mut entries: Vec<u64> = Vec::with_capacity(keys.len() * 2);
        for (row, key) in keys.iter().enumerate() {
            let mut enter = |wanted: Wanted| entries.push(wanted.slot(row));
            enter(Wanted::row(*key));
            if key.len() == LONGEST {
                table.long |= 1 << (key.at(0) & 0x3F);
            }
            let takes = takes_seventh(row);
            if takes {
                enter(Wanted::stem(key.without_placeholders()));
            }
            if has_bare(*key, takes) {
                let wanted = Wanted::bare(*key);
                let (word, bit) = wanted.hint();
                if let Some(word) = table.hint.get_mut(word) {
                    *word |= bit;
                }
                enter(wanted);
            }
        }
        table.slots = vec![EMPTY; entries.len() * 2 + 1];
        entries.into_iter().for_each(|entry| table.insert(entry));
        table
    }

    fn insert(&mut self, entry: u64) {
        let bound = self.slots.len();
        let mut at = Wanted(entry >> ROW_BITS).place(bound);
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == EMPTY {
                *slot = entry;
                return;
            }
            at = if at + 1 == bound { 0 } else { at + 1 };
        }
    }

    #[inline]
    fn find(&self, wanted: Wanted) -> Option<u32> {
        let bound = self.slots.len();
        let mut at = wanted.place(bound);
        loop {
            let slot = *self.slots.get(at)?;
            if slot >> ROW_BITS == wanted.0 {
                return Some((slot & (ROWS_MAX as u64 - 1)) as u32);
            }
            if slot == EMPTY {
                return None;
            }
            at = if at + 1 == bound { 0 } else { at + 1 };
        }
    }

    /// The row of exactly this code.
    #[inline]
    pub(super) fn row(&self, key: Key) -> Option<u32> {
        if key.len() == LONGEST && self.long & (1 << (key.at(0) & 0x3F)) == 0 {
            return None;
        }
        self.find(Wanted::row(key))
    }

    /// A row whose code this would be if placeholders were put in: the first one.
    #[inline]
    pub(super) fn bare(&self, key: Key) -> Option<u32> {
        let wanted = Wanted::bare(key);
        let (word, bit) = wanted.hint();
        if self.hint.get(word)? & bit == 0 {
            return None;
        }
        self.find(wanted)
    }

    /// A row that a code of seven characters may complete: the first one known by its stem.
    #[inline]
    pub(super) fn completed(&self, key: Key) -> Option<u32> {
        self.find(Wanted::stem(key.head(LONGEST - 1).without_placeholders()))
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
