//! Words: which classes a text mentions.
//!
//! Nearly every text mentions none, so a text is first looked through for the beginnings of the phrases' first words;
//! only one that has such a beginning is held against the phrases themselves.

use regex::bytes::{Regex, RegexBuilder};

use super::Classes;
use crate::error::{Error, Result, codes};

/// The phrases of all classes.
#[derive(Clone, Default)]
pub(super) struct Words {
    beginnings: Beginnings,
    /// Every phrase.
    any: Option<Regex>,
    of_class: Vec<(Classes, Regex)>,
}

impl Words {
    /// Of the classes with their phrases.
    pub(super) fn of<'p>(rows: impl Iterator<Item = (Classes, Vec<&'p str>)>) -> Result<Self> {
        let rows: Vec<(Classes, Vec<&str>)> = rows.filter(|(_, phrases)| !phrases.is_empty()).collect();
        let all: Vec<&str> = rows.iter().flat_map(|(_, phrases)| phrases.iter().copied()).collect();
        if all.is_empty() {
            return Ok(Self::default());
        }
        // A match begins at the edge of a word.
        if all.iter().any(|phrase| phrase.trim_start().bytes().next().is_none_or(|byte| fold(byte) == OTHER))
        {
            return Err(Error::new(&codes::PACK_MALFORMED).note("a phrase begins with no letter or digit"));
        }
        let mut beginnings = Beginnings::default();
        all.iter().for_each(|phrase| beginnings.add(phrase));
        let of_class = rows.iter().map(|(classes, phrases)| Ok((*classes, pattern(phrases)?)));
        Ok(Self { beginnings, any: Some(pattern(&all)?), of_class: of_class.collect::<Result<_>>()? })
    }

    /// The classes of which a phrase stands in the text.
    pub(super) fn classes_in(&self, text: &[u8]) -> Classes {
        // A match begins where a phrase does, so nothing before the first beginning belongs to one.
        let Some(first) = self.beginnings.first_in(text) else { return Classes::NONE };
        if !self.any.as_ref().is_some_and(|any| any.is_match_at(text, first)) {
            return Classes::NONE;
        }
        let said = self.of_class.iter().filter(|(_, words)| words.is_match_at(text, first));
        said.fold(Classes::NONE, |all, (one, _)| all.with(*one))
    }
}

/// How many letters of a first word the table knows.
const LETTERS: usize = 3;
/// How many letters it tells apart: letters, digits, `_`, and whatever belongs to no word.
const ALPHABET: usize = 38;
/// What belongs to no word.
const OTHER: u8 = 37;

/// Each byte as the table knows it.
static FOLDED: [u8; 256] = {
    let mut table = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        let known = byte as u8;
        if let Some(slot) = table.split_at_mut(byte).1.first_mut() {
            *slot = match known {
                b'a'..=b'z' => known - b'a',
                b'A'..=b'Z' => known - b'A',
                b'0'..=b'9' => known - b'0' + 26,
                b'_' => 36,
                _ => OTHER,
            };
        }
        byte += 1;
    }
    table
};

fn fold(byte: u8) -> u8 {
    FOLDED.get(usize::from(byte)).copied().unwrap_or(OTHER)
}

/// The phrases' first words.
#[derive(Clone, Default)]
struct Beginnings {
    /// A bit for every three letters with which one begins; a shorter one begins with any that it could be followed by.
    table: Vec<u64>,
    /// The words in lower case, in their order.
    words: Vec<Vec<u8>>,
}

fn place(letters: [u8; LETTERS]) -> usize {
    letters.iter().fold(0, |all, letter| all * ALPHABET + usize::from(*letter))
}

impl Beginnings {
    fn add(&mut self, phrase: &str) {
        self.table.resize(ALPHABET.pow(LETTERS as u32).div_ceil(64), 0);
        let word = phrase.split_whitespace().next().unwrap_or_default().to_ascii_lowercase().into_bytes();
        let known = |at: usize| word.get(at).map(|byte| fold(*byte));
        let possible = |at: usize| match known(at) {
            Some(letter) => letter..letter + 1,
            None => 0..ALPHABET as u8,
        };
        for first in possible(0) {
            for second in possible(1) {
                for third in possible(2) {
                    let place = place([first, second, third]);
                    if let Some(bits) = self.table.get_mut(place / 64) {
                        *bits |= 1 << (place % 64);
                    }
                }
            }
        }
        if let Err(at) = self.words.binary_search(&word) {
            self.words.insert(at, word);
        }
    }

    /// Where in a text the first word stands that is the first of a phrase, or begins so.
    fn first_in(&self, text: &[u8]) -> Option<usize> {
        let mut inside = false;
        for (at, byte) in text.iter().enumerate() {
            let letter = fold(*byte);
            if letter == OTHER {
                inside = false;
            } else if !inside {
                inside = true;
                let after = |by: usize| text.get(at + by).map_or(OTHER, |byte| fold(*byte));
                let place = place([letter, after(1), after(2)]);
                let may_begin = self.table.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1);
                if may_begin && self.begins(text.get(at..).unwrap_or_default()) {
                    return Some(at);
                }
            }
        }
        None
    }

    /// Whether a first word of a phrase stands at the beginning of the text.
    fn begins(&self, text: &[u8]) -> bool {
        let first = text.first().map(u8::to_ascii_lowercase);
        let from = self.words.partition_point(|word| word.first().copied() < first);
        let same = self.words.iter().skip(from).take_while(|word| word.first().copied() == first);
        same.into_iter()
            .any(|word| text.get(..word.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(word)))
    }
}

/// The phrases as one pattern: whole words in any case, with anything between the words that is not a letter or
/// digit, markup and character references included.
fn pattern(phrases: &[&str]) -> Result<Regex> {
    let each = phrases.iter().map(|phrase| {
        let words: Vec<String> = phrase.split_whitespace().map(regex::escape).collect();
        words.join(r"(?:<[^<>]*>|&#?[0-9a-zA-Z]+;|[^0-9A-Za-z<>&]){1,8}")
    });
    let all: Vec<String> = each.collect();
    RegexBuilder::new(&format!(r"(?-u:\b)(?:{})(?-u:\b)", all.join("|")))
        .case_insensitive(true)
        .unicode(false)
        .size_limit(1 << 24)
        .build()
        .map_err(|_| Error::new(&codes::PACK_MALFORMED).note("the words do not make a pattern"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PHRASES: [&str; 6] =
        ["OUD", "opioid use disorder", "AA meeting", "c difficile", "HIV", "methadone"];

    fn words() -> Words {
        Words::of([(Classes(1), PHRASES[..3].to_vec()), (Classes(2), PHRASES[3..].to_vec())].into_iter())
            .unwrap()
    }

    proptest! {
        /// What is passed over at a glance mentions nothing.
        #[test]
        fn a_glance_misses_no_mention(
            parts in proptest::collection::vec(
                prop_oneof![
                    "[ a-zA-Z0-9_.,<>&;/é-]{0,6}",
                    proptest::sample::select(PHRASES.to_vec()).prop_map(str::to_owned),
                    proptest::sample::select(vec!["Opioid<br>use  DISORDER", "hiv+", "(oud)", "aa&nbsp;Meeting"])
                        .prop_map(str::to_owned),
                ],
                0..6,
            ),
            gap in proptest::sample::select(vec!["", " ", "\n", "_"]),
        ) {
            let words = words();
            let text = parts.join(gap);
            let plainly = words.of_class.iter().filter(|(_, pattern)| pattern.is_match(text.as_bytes()));
            let plainly = plainly.fold(Classes::NONE, |all, (one, _)| all.with(*one));
            prop_assert_eq!(words.classes_in(text.as_bytes()), plainly);
        }
    }

    #[test]
    fn most_texts_are_passed_over() {
        let words = words();
        assert!(words.beginnings.first_in(b"Hemoglobin A1c, final").is_none());
        assert_eq!(words.beginnings.first_in(b"on methadone"), Some(3));
        assert_eq!(words.classes_in(b"c. difficile").among(Classes(2)), Classes(2));
        assert!(words.classes_in(b"").is_empty() && Words::default().classes_in(b"HIV").is_empty());
    }
}
