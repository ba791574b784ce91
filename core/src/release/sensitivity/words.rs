//! Words: which classes a text mentions.
//!
//! Nearly every word of nearly every text is the first of no phrase. A table of the phrases' first three letters says so
//! at a glance; only where it does not, the word is looked up, and the phrases that begin with it are held against the
//! text.

use super::Classes;
use crate::error::{Error, Result, codes};

/// How many separators may stand between two words of a phrase.
const BETWEEN: usize = 8;

/// The phrases of all classes.
#[derive(Clone, Default)]
pub(super) struct Words {
    /// A bit for every three letters with which a phrase begins; a shorter first word begins with any that it could be
    /// followed by.
    table: Vec<u64>,
    /// The phrases with their classes, in the order of how they begin.
    phrases: Vec<(Phrase, Classes)>,
    /// The length of the longest beginning.
    longest: usize,
}

/// The words of a phrase in lower case.
type Phrase = Vec<Vec<u8>>;

impl Words {
    /// Of the classes with their phrases.
    pub(super) fn of<'p>(rows: impl Iterator<Item = (Classes, Vec<&'p str>)>) -> Result<Self> {
        let table = vec![0; ALPHABET.pow(LETTERS as u32).div_ceil(64)];
        let mut out = Self { table, phrases: Vec::new(), longest: 0 };
        for (classes, phrases) in rows {
            for phrase in phrases {
                let words = phrase.split_whitespace().map(|word| word.to_ascii_lowercase().into_bytes());
                let words: Phrase = words.collect();
                // What stands between words is told from them by their first letters.
                let starts = |word: &Vec<u8>| word.first().is_some_and(u8::is_ascii_alphanumeric);
                let first = words.first().filter(|_| words.iter().all(starts));
                let note = "a word of a phrase begins with no letter or digit";
                out.add(first.ok_or_else(|| Error::new(&codes::PACK_MALFORMED).note(note))?);
                out.phrases.push((words, classes));
            }
        }
        out.phrases.sort_by(|one, other| beginning(&one.0).cmp(beginning(&other.0)));
        out.longest = out.phrases.iter().map(|(phrase, _)| beginning(phrase).len()).max().unwrap_or(0);
        Ok(out)
    }

    fn add(&mut self, word: &[u8]) {
        let possible = |at: usize| match word.get(at).map(|byte| fold(*byte)) {
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
    }

    /// The classes of which a phrase stands in the text: whole words in any case, with anything between the words that
    /// is not a letter or digit, markup and character references included.
    pub(super) fn classes_in(&self, text: &[u8]) -> Classes {
        let mut found = Classes::NONE;
        let mut inside = false;
        for (at, byte) in text.iter().enumerate() {
            let letter = fold(*byte);
            if letter == OTHER {
                inside = false;
            } else if !inside {
                inside = true;
                let after = |by: usize| text.get(at + by).map_or(OTHER, |byte| fold(*byte));
                let place = place([letter, after(1), after(2)]);
                if self.table.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1) {
                    found = found.with(self.beginning(text.get(at..).unwrap_or_default()));
                }
            }
        }
        found
    }

    /// The classes of the phrases that stand at the beginning of a text.
    fn beginning(&self, text: &[u8]) -> Classes {
        // What follows on the letters and digits with which a phrase begins is none, in the phrase as in the text.
        let near = text.get(..=self.longest).unwrap_or(text);
        let word = lettered(near);
        let of = |phrase: &Phrase| {
            let lower = word.iter().map(u8::to_ascii_lowercase);
            beginning(phrase).iter().copied().cmp(lower)
        };
        let from = self.phrases.partition_point(|(phrase, _)| of(phrase).is_lt());
        let same = self.phrases.iter().skip(from).take_while(|(phrase, _)| of(phrase).is_eq());
        same.filter(|(phrase, _)| begins(text, phrase)).fold(Classes::NONE, |all, (_, one)| all.with(*one))
    }
}

/// The letters and digits with which a phrase begins.
fn beginning(phrase: &Phrase) -> &[u8] {
    phrase.first().map_or(&[], |word| lettered(word))
}

/// The letters and digits with which some bytes begin.
fn lettered(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

/// Whether a phrase stands at the beginning of a text, and ends at the edge of a word.
fn begins(text: &[u8], phrase: &[Vec<u8>]) -> bool {
    let mut at = 0;
    let mut last = None;
    for (number, word) in phrase.iter().enumerate() {
        if number > 0 {
            match between(text, at) {
                Some(end) => at = end,
                None => return false,
            }
        }
        if !text.get(at..at + word.len()).is_some_and(|there| there.eq_ignore_ascii_case(word)) {
            return false;
        }
        at += word.len();
        last = word.last();
    }
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| fold(*byte) != OTHER);
    is_word(last) != is_word(text.get(at))
}

/// Where what stands between two words ends: one to eight of markup, character references, and bytes that are no letter
/// or digit.
fn between(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    for number in 0..=BETWEEN {
        let rest = text.get(at..)?;
        match rest.first()? {
            byte if byte.is_ascii_alphanumeric() => return (number > 0).then_some(at),
            b'<' => {
                let end = rest.iter().skip(1).position(|byte| matches!(byte, b'<' | b'>'))? + 1;
                at += (rest.get(end) == Some(&b'>')).then_some(end + 1)?;
            }
            b'&' => {
                let hash = usize::from(rest.get(1) == Some(&b'#'));
                let name = rest.iter().skip(1 + hash).take_while(|byte| byte.is_ascii_alphanumeric()).count();
                at += (name > 0 && rest.get(1 + hash + name) == Some(&b';')).then_some(hash + name + 2)?;
            }
            b'>' => return None,
            _ => at += 1,
        }
    }
    None
}

/// How many letters of a first word the table knows.
const LETTERS: usize = 3;
/// How many letters it tells apart: letters, digits, `_`, and whatever belongs to no word.
const ALPHABET: usize = 38;
/// What belongs to no word, as `\b` sees it without Unicode.
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

fn place(letters: [u8; LETTERS]) -> usize {
    letters.iter().fold(0, |all, letter| all * ALPHABET + usize::from(*letter))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::bytes::{Regex, RegexBuilder};

    use super::*;

    const PHRASES: [&str; 7] =
        ["OUD", "opioid use disorder", "AA meeting", "c difficile", "HIV", "methadone", "HIV-1 infection"];

    fn words() -> Words {
        let rows = [(Classes(1), PHRASES[..3].to_vec()), (Classes(2), PHRASES[3..].to_vec())];
        Words::of(rows.into_iter()).unwrap()
    }

    /// What is a mention, said otherwise.
    fn pattern(phrases: &[&str]) -> Regex {
        let each = phrases.iter().map(|phrase| {
            let words: Vec<String> = phrase.split_whitespace().map(regex::escape).collect();
            words.join(r"(?:<[^<>]*>|&#?[0-9a-zA-Z]+;|[^0-9A-Za-z<>&]){1,8}")
        });
        let all: Vec<String> = each.collect();
        RegexBuilder::new(&format!(r"(?-u:\b)(?:{})(?-u:\b)", all.join("|")))
            .case_insensitive(true)
            .unicode(false)
            .build()
            .unwrap()
    }

    proptest! {
        #[test]
        fn a_mention_is_what_the_pattern_says(
            parts in proptest::collection::vec(
                prop_oneof![
                    "[ a-zA-Z0-9_.,<>&;/é-]{0,6}",
                    "[<>&#; a-z_]{1,5}",
                    proptest::sample::select(vec!["opioid", "use", "disorder", "aa", "Meeting", "c", "difficile", "hiv"])
                        .prop_map(str::to_owned),
                    proptest::sample::select(PHRASES.to_vec()).prop_map(str::to_owned),
                    proptest::sample::select(vec!["Opioid<br>use  DISORDER", "hiv+", "(oud)", "aa&nbsp;Meeting", "c&#160;difficile"])
                        .prop_map(str::to_owned),
                ],
                0..7,
            ),
            gap in proptest::sample::select(vec!["", " ", "\n", "_", "<i>", "&amp;", "  ,  . "]),
        ) {
            let text = parts.join(gap);
            let mut plainly = Classes::NONE;
            for (one, phrases) in [(Classes(1), &PHRASES[..3]), (Classes(2), &PHRASES[3..])] {
                if pattern(phrases).is_match(text.as_bytes()) {
                    plainly = plainly.with(one);
                }
            }
            prop_assert_eq!(words().classes_in(text.as_bytes()), plainly);
        }
    }

    #[test]
    fn mentions() {
        let words = words();
        assert_eq!(words.classes_in(b"c. difficile"), Classes(2));
        assert!(words.classes_in(b"").is_empty() && Words::default().classes_in(b"HIV").is_empty());
        assert!(Words::of([(Classes(1), vec!["use (disorder"])].into_iter()).is_err());
    }
}
