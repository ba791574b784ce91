//! The word table: what is known of a word as a name, a place, a clinical term or a cue, found by its hash.
//!
//! The table holds no words. A bucket is 64 bytes, one line of the processor's cache: twelve entries as three columns, the
//! low 16 bits of their fingerprints, the row numbers, the high 8 bits of the fingerprints; then their count and whether
//! the next bucket continues it. A word that is not in the table is taken for one that is about once in a million.

use once_cell::sync::OnceCell;

use super::cue::Cues;
use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// Bytes of a bucket.
pub const BUCKET: usize = 64;
/// Entries of a bucket.
pub const ENTRIES: usize = 12;

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Info {
    bits: u32,
    /// What it says of its neighbours.
    pub cues: Cues,
}

/// A yes-or-no property of a word.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub enum Flag {
    /// A word of disease, anatomy, procedure or of notes in general.
    Clinical = 12,
    /// A drug or another substance.
    Drug = 13,
    /// A person's name that medicine uses for a disease, a sign, a device.
    Eponym = 14,
    /// The name of a state of the USA, or the first word of one.
    State = 15,
    /// The abbreviation of a state of the USA.
    StateAbbreviation = 16,
    /// A country or a people.
    Country = 17,
    /// The first word of a place name of several words.
    OpensPlace = 18,
    /// A county.
    County = 19,
}

impl Info {
    /// A row as the pack holds it.
    #[must_use]
    pub const fn from_parts(bits: u32, cues: u64) -> Self {
        Self { bits, cues: Cues(cues) }
    }

    /// The row's numbers as the pack holds them.
    #[must_use]
    pub const fn parts(self) -> (u32, u64) {
        (self.bits, self.cues.0)
    }

    const fn field(self, at: u32, width: u32) -> u8 {
        (self.bits >> at & ((1 << width) - 1)) as u8
    }

    fn raise(&mut self, at: u32, width: u32, level: u8) {
        let mask = (1_u32 << width) - 1;
        let level = u32::from(level).min(mask).max(self.bits >> at & mask);
        self.bits = self.bits & !(mask << at) | level << at;
    }

    /// How common it is as a given name, 0 (none) to 7.
    #[must_use]
    pub const fn given(self) -> u8 {
        self.field(0, 3)
    }

    /// How common it is as a surname, 0 (none) to 7.
    #[must_use]
    pub const fn surname(self) -> u8 {
        self.field(3, 3)
    }

    /// How common it is as an ordinary English word, 0 (none) to 15.
    #[must_use]
    pub const fn english(self) -> u8 {
        self.field(6, 4)
    }

    /// How large the largest city of that name is, 0 (none) to 3.
    #[must_use]
    pub const fn city(self) -> u8 {
        self.field(10, 2)
    }

    /// Raises the level as a given name.
    pub fn raise_given(&mut self, level: u8) {
        self.raise(0, 3, level);
    }

    /// Raises the level as a surname.
    pub fn raise_surname(&mut self, level: u8) {
        self.raise(3, 3, level);
    }

    /// Raises the level as an ordinary word.
    pub fn raise_english(&mut self, level: u8) {
        self.raise(6, 4, level);
    }

    /// Lowers the level as an ordinary word, to no less than 1 where it is one.
    pub const fn lower_english(&mut self, by: u8) {
        let level = self.english();
        if level > 0 {
            let level = if level > by { level - by } else { 1 };
            self.bits = self.bits & !(15 << 6) | (level as u32) << 6;
        }
    }

    /// Raises the level as a city.
    pub fn raise_city(&mut self, level: u8) {
        self.raise(10, 2, level);
    }

    /// Whether it has the property.
    #[must_use]
    pub const fn is(self, flag: Flag) -> bool {
        self.bits >> flag as u32 & 1 == 1
    }

    /// Gives it the property.
    pub const fn set(&mut self, flag: Flag) {
        self.bits |= 1 << flag as u32;
    }

    /// The larger of the two levels as a name.
    #[must_use]
    pub const fn name(self) -> u8 {
        if self.given() > self.surname() { self.given() } else { self.surname() }
    }

    /// Whether the table knows nothing of the word.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.bits == 0 && self.cues.0 == 0
    }
}

const K: u64 = 0x9E37_79B9_7F4A_7C15;
const LOWER: u64 = 0x2020_2020_2020_2020;

/// The hash of a word of letters, digits, hyphens, dots and spaces; ASCII letters of either case hash alike.
#[must_use]
#[inline]
pub fn hash(word: &[u8]) -> u64 {
    let mut hash = (word.len() as u64).wrapping_mul(K);
    let (chunks, tail) = word.as_chunks::<8>();
    for chunk in chunks {
        hash = (hash.rotate_left(23) ^ (u64::from_le_bytes(*chunk) | LOWER)).wrapping_mul(K);
    }
    if !tail.is_empty() {
        let mut last = [0_u8; 8];
        for (to, byte) in last.iter_mut().zip(tail) {
            *to = *byte;
        }
        hash = (hash.rotate_left(23) ^ (u64::from_le_bytes(last) | LOWER)).wrapping_mul(K);
    }
    (hash ^ hash >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// The hash of a word that stands in a text: where eight bytes may be read at once, they are.
#[inline]
pub(super) fn hash_within(text: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    match text.get(start..start + 8).and_then(|eight| eight.first_chunk::<8>()) {
        Some(eight) if length < 8 => {
            let mask = (1_u64 << (length * 8)) - 1;
            let last = u64::from_le_bytes(*eight) & mask | LOWER;
            let hash = ((length as u64).wrapping_mul(K).rotate_left(23) ^ last).wrapping_mul(K);
            (hash ^ hash >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93)
        }
        _ => hash(text.get(start..end).unwrap_or_default()),
    }
}

/// The bucket in which a hash belongs, of `count`.
#[must_use]
#[inline]
pub const fn bucket(hash: u64, count: usize) -> usize {
    ((hash >> 32).wrapping_mul(count as u64) >> 32) as usize
}

/// The fingerprint of a hash.
#[must_use]
#[inline]
pub const fn fingerprint(hash: u64) -> u32 {
    (hash & 0x00FF_FFFF) as u32
}

/// The table, borrowed from the program.
#[derive(Debug)]
pub(crate) struct Lexicon {
    buckets: &'static [[u8; BUCKET]],
    rows: Vec<Info>,
    info: PackInfo,
}

impl Lexicon {
    /// The embedded table, read once.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub(crate) fn embedded() -> Result<&'static Self> {
        static READ: OnceCell<Lexicon> = OnceCell::new();
        READ.get_or_try_init(|| {
            static BYTES: &[u8] = include_bytes!("../../../data/narrative-en.bin");
            let pack = Pack::embedded(BYTES)?;
            let malformed = || Error::new(&codes::PACK_MALFORMED);
            let table = pack.section_of(BYTES, "words")?;
            let (buckets, rest) = table.as_chunks::<BUCKET>();
            if buckets.is_empty() || !rest.is_empty() {
                return Err(malformed());
            }
            let (packed, rest) = pack.section_of(BYTES, "rows")?.as_chunks::<12>();
            if !rest.is_empty() {
                return Err(malformed());
            }
            let rows = packed.iter().map(|row| {
                let [a, b, c, d, cues @ ..] = *row;
                Info::from_parts(u32::from_le_bytes([a, b, c, d]), u64::from_le_bytes(cues))
            });
            Ok(Self { buckets, rows: rows.collect(), info: pack.info().clone() })
        })
    }

    pub(crate) fn info(&self) -> &PackInfo {
        &self.info
    }

    /// What is known of the word with that hash.
    #[inline]
    pub(crate) fn look_up(&self, hash: u64) -> Info {
        let mut at = bucket(hash, self.buckets.len());
        let wanted = fingerprint(hash);
        // A run of full buckets ends: the table is never full. The bound is for a damaged one.
        for _ in 0..64 {
            let Some(bucket) = self.buckets.get(at) else { return Info::default() };
            let (low, rest) = bucket.split_at(ENTRIES * 2);
            let (numbers, rest) = rest.split_at(ENTRIES * 2);
            let (high, tail) = rest.split_at(ENTRIES);
            let count = usize::from(tail.first().copied().unwrap_or(0));
            // All entries at once, a bit for each: a branch that is foretold wrongly costs more than the other entries.
            let mut same = 0_u32;
            for (at, (low, high)) in low.as_chunks::<2>().0.iter().zip(high).enumerate() {
                let own = u32::from(u16::from_le_bytes(*low)) | u32::from(*high) << 16;
                same |= u32::from(own == wanted) << at;
            }
            same &= (1 << count.min(ENTRIES)) - 1;
            if same != 0 {
                let number = numbers.as_chunks::<2>().0.get(same.trailing_zeros() as usize);
                let row = number.map_or(usize::MAX, |number| usize::from(u16::from_le_bytes(*number)));
                return self.rows.get(row).copied().unwrap_or_default();
            }
            if tail.get(1) != Some(&1) {
                return Info::default();
            }
            at = if at + 1 == self.buckets.len() { 0 } else { at + 1 };
        }
        Info::default()
    }

    /// What is known of a word in lower case without accents.
    #[cfg(test)]
    pub(crate) fn word(&self, word: &str) -> Info {
        self.look_up(hash(word.as_bytes()))
    }
}

/// Appends a text as the table knows words: lower case, without accents and apostrophes.
pub fn fold(text: &str, out: &mut Vec<u8>) {
    let mut buffer = [0; 4];
    for c in text.chars() {
        match c {
            '\''
            | '\u{2019}'
            | '\u{2018}'
            | '\u{00AD}'
            | '\u{200B}'..='\u{200D}'
            | '\u{0300}'..='\u{036F}' => {}
            '\0'..='\u{7F}' => out.push(c.to_ascii_lowercase() as u8),
            '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => {
                let plain = plain(c);
                if plain.is_empty() {
                    for lower in c.to_lowercase() {
                        out.extend(lower.encode_utf8(&mut buffer).bytes());
                    }
                } else {
                    out.extend(plain.bytes());
                }
            }
            _ => {
                for lower in c.to_lowercase() {
                    out.extend(lower.encode_utf8(&mut buffer).bytes());
                }
            }
        }
    }
}

/// A Latin letter without its marks, in lower case; empty where it has no such form.
fn plain(c: char) -> &'static str {
    use unicode_normalization::UnicodeNormalization;
    match c {
        'ß' => return "ss",
        'æ' | 'Æ' => return "ae",
        'œ' | 'Œ' => return "oe",
        'ø' | 'Ø' => return "o",
        'ł' | 'Ł' => return "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => return "d",
        'þ' | 'Þ' => return "th",
        'ı' => return "i",
        _ => {}
    }
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";
    let base = std::iter::once(c).nfd().next().map_or('\0', |base| base.to_ascii_lowercase());
    LETTERS.find(base).and_then(|at| LETTERS.get(at..=at)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_case() {
        let lexicon = Lexicon::embedded().unwrap();
        assert_eq!(lexicon.word("maria"), lexicon.look_up(hash(b"MARIA")));
        assert!(lexicon.word("maria").given() >= 5);
        assert!(lexicon.word("gonzalez").surname() >= 6);
        assert_eq!(lexicon.word("gonzalez").english(), 0);
        assert!(lexicon.word("patient").english() >= 8);
        assert!(lexicon.word("parkinson").is(Flag::Eponym));
        assert!(lexicon.word("metoprolol").is(Flag::Drug));
        assert!(lexicon.word("qqzzkx").is_unknown());
    }

    #[test]
    fn a_word_in_a_text_hashes_as_it_does_alone() {
        let text = b"Mary saw Montgomery-Ward at ten";
        for start in 0..text.len() {
            for end in start + 1..=text.len() {
                assert_eq!(hash_within(text, start, end), hash(&text[start..end]));
            }
        }
    }

    #[test]
    fn folding_takes_marks_away() {
        let mut out = Vec::new();
        fold("José O\u{2019}Núñez Ångström Łukasz Иван", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "jose onunez angstrom lukasz иван");
    }

    #[test]
    fn levels_only_rise() {
        let mut info = Info::default();
        info.raise_given(5);
        info.raise_given(3);
        info.raise_english(99);
        info.set(Flag::Drug);
        assert_eq!((info.given(), info.surname(), info.english(), info.name()), (5, 0, 15, 5));
        assert!(info.is(Flag::Drug) && !info.is(Flag::Eponym));
        let (bits, cues) = info.parts();
        assert_eq!(Info::from_parts(bits, cues), info);
    }
}
