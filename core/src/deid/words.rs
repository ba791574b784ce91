//! The record's own words: its names, streets, cities and numbers, looked for in every text that would stay.

use std::collections::{HashMap, HashSet};

use super::sieve::{Hash, Sieve};

/// Parts of names that many people share and that tell nobody: titles, degrees, particles.
pub(super) const SHARED: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "rev",
    "md",
    "do",
    "phd",
    "rn",
    "np",
    "pa",
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "the",
    "of",
    "and",
    "van",
    "von",
    "der",
    "den",
    "de",
    "del",
    "della",
    "di",
    "da",
    "dos",
    "du",
    "la",
    "le",
    "el",
    "al",
    "bin",
    "ibn",
    "st",
];

/// What stands before the number of a part of a house: it names no street.
const UNITS: &[&str] =
    &["apt", "apartment", "suite", "ste", "unit", "floor", "fl", "room", "rm", "bldg", "building"];

/// Words, phrases and numbers that identify the people of a record.
#[derive(Default)]
pub(super) struct OwnWords {
    words: HashSet<String>,
    /// Phrases by their first word, each without it.
    phrases: HashMap<String, Vec<Vec<String>>>,
    numbers: HashSet<String>,
    /// The names, the first words of the phrases, and the numbers: most texts hold none of them, and most are
    /// known to after one look.
    sieve: Sieve,
}

impl OwnWords {
    /// Adds each word of a person's name.
    pub(super) fn add_name(&mut self, text: &str) {
        for word in words(text) {
            if word.chars().count() > 1 && !SHARED.contains(&word.as_str()) {
                self.sieve.add(&word);
                self.words.insert(word);
            }
        }
    }

    /// Adds a text that identifies as a whole: a street, a city, the name of a body. A street is added without its
    /// numbers as well.
    pub(super) fn add_phrase(&mut self, text: &str) {
        let all: Vec<String> = words(text).collect();
        let counts = |word: &String| word.contains(char::is_numeric) || UNITS.contains(&word.as_str());
        for named in all.split(counts).filter(|named| named.len() > 1 && named.len() < all.len()) {
            self.add_words(named.to_vec());
        }
        self.add_words(all);
    }

    fn add_words(&mut self, mut phrase: Vec<String>) {
        if phrase.iter().map(String::len).sum::<usize>() < 3 {
            return;
        }
        let first = phrase.remove(0);
        self.sieve.add(&first);
        let rest = self.phrases.entry(first).or_default();
        if !rest.contains(&phrase) {
            rest.push(phrase);
        }
    }

    /// Adds a number or code that identifies: at least six letters and digits, one of them a digit.
    pub(super) fn add_number(&mut self, text: &str) {
        let folded = fold_number(text);
        if folded.len() >= 6 && folded.bytes().any(|byte| byte.is_ascii_digit()) {
            self.sieve.add(&folded);
            self.numbers.insert(folded);
        }
    }

    /// Whether it is one of the numbers, however it is punctuated.
    pub(super) fn has_number(&self, text: &str) -> bool {
        self.may_be_number(text) && self.numbers.contains(&fold_number(text))
    }

    /// Whether a text can be one of the numbers: not unless the sieve holds its letters and digits.
    fn may_be_number(&self, text: &str) -> bool {
        let mut hash = Hash::default();
        for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
            hash.add(byte.to_ascii_lowercase());
        }
        !text.is_ascii() || self.sieve.may_hold(hash)
    }

    /// Whether any of them can occur in a text: not unless the sieve holds one of its words, or the letters and
    /// digits of one of its parts or of all of it.
    fn may_occur_in(&self, text: &str) -> bool {
        let (mut word, mut part, mut all) = (Hash::default(), Hash::default(), Hash::default());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() {
                let lower = byte.to_ascii_lowercase();
                word.add(lower);
                part.add(lower);
                all.add(lower);
                continue;
            }
            // Other letters, and marks that join a name, are for the search itself.
            if byte == b'\'' || !byte.is_ascii() || self.sieve.may_hold(word) {
                return true;
            }
            word = Hash::default();
            if char::from(byte).is_whitespace() {
                if self.sieve.may_hold(part) {
                    return true;
                }
                part = Hash::default();
            }
        }
        [word, part, all].into_iter().any(|hash| self.sieve.may_hold(hash))
    }

    /// Whether a code, or a word of what stands for one, is one of the numbers, or it holds a name. Numbers of fewer than seven letters and digits are
    /// shared by chance: a provider's number and a drug's.
    pub(super) fn occur_in_code(&self, code: &str) -> bool {
        if !self.may_occur_in(code) {
            return false;
        }
        let number = |part: &str| part.len() >= 7 && fold_number(part).len() >= 7 && self.has_number(part);
        number(code) || code.split_whitespace().any(number) || self.name_occurs_in(code)
    }

    /// Whether `text` holds any of them.
    pub(super) fn occur_in(&self, text: &str) -> bool {
        if !self.may_occur_in(text) {
            return false;
        }
        if text.split_whitespace().any(|part| self.has_number(part)) || self.has_number(text) {
            return true;
        }
        words(text).any(|word| self.numbers.contains(&word)) || self.name_occurs_in(text)
    }

    /// Whether a word of a name or a whole phrase stands in the text.
    fn name_occurs_in(&self, text: &str) -> bool {
        let all: Vec<String> = words(text).collect();
        (0..all.len()).any(|at| {
            let (Some(word), rest) = (all.get(at), all.get(at + 1..).unwrap_or_default()) else {
                return false;
            };
            self.words.contains(word)
                || self
                    .phrases
                    .get(word)
                    .is_some_and(|phrases| phrases.iter().any(|phrase| rest.starts_with(phrase)))
        })
    }
}

/// Whether many people share a word of a name, such as a title.
pub(super) fn is_shared(word: &str) -> bool {
    SHARED.contains(&word)
}

/// The words of a text in lower case: runs of letters, digits and the marks that join a name.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .map(|word| word.trim_matches(['\'', '\u{2019}']))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Letters and digits only, in lower case.
pub(super) fn fold_number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text has the form of a mail or web address, a telephone, social security or other long number, or a
/// full date, whoever it belongs to.
pub(super) fn looks_personal(text: &str) -> bool {
    text.contains('@') || text.contains("://") || text.contains("www.") || has_long_number(text)
}

/// Seven digits or more with nothing but the marks of numbers between them. Object identifiers (`2.16.840...`: the
/// numbers of published lists) are not meant.
fn has_long_number(text: &str) -> bool {
    if text.is_ascii() && text.bytes().filter(u8::is_ascii_digit).count() < 7 {
        return false;
    }
    let joins = |c: char| {
        c.is_numeric() || matches!(c, '-' | '/' | '(' | ')' | '+' | ' ' | '.' | '\u{2010}'..='\u{2015}')
    };
    text.split(|c: char| !joins(c)).any(|run| {
        let run = run.trim();
        run.chars().filter(|c| c.is_numeric()).count() >= 7 && !is_object_identifier(run)
    })
}

/// `0` to `2`, and at least three more numbers, all joined by dots.
fn is_object_identifier(text: &str) -> bool {
    let mut parts = text.split('.');
    matches!(parts.next(), Some("0" | "1" | "2"))
        && parts.clone().count() >= 3
        && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> OwnWords {
        let mut own = OwnWords::default();
        own.add_name("Dr. Mary-Ann O'Hara van Dyke III");
        own.add_phrase("12 Maple Street Apt 4");
        own.add_phrase("New Salem");
        own.add_number("MRN-0012345");
        own.add_number("160");
        own
    }

    #[test]
    fn own_words_are_found() {
        let own = own();
        for text in [
            "seen by mary",
            "O'HARA, M",
            "lives at 12 maple street apt 4",
            "the maple-street house",
            "born in NEW  SALEM",
            "no. mrn0012345",
            "no. mrn-001-2345",
        ] {
            assert!(own.occur_in(text), "{text}");
        }
    }

    #[test]
    fn other_words_are_not() {
        let own = own();
        for text in
            ["", "von Willebrand disease", "Salem", "maple syrup urine disease", "street", "160 mg", "III"]
        {
            assert!(!own.occur_in(text), "{text}");
        }
    }

    proptest::proptest! {
        /// What the sieve lets pass unsearched holds none of the words.
        #[test]
        fn the_sieve_loses_nothing(
            words in proptest::collection::vec("[a-cA-C'é]{1,4}", 1..4),
            number in "[A-B0-3-]{6,9}",
            text in "[a-cA-C0-3' \\-é\u{a0}.]{0,24}",
        ) {
            let mut own = OwnWords::default();
            own.add_name(&words[0]);
            own.add_phrase(&words.join(" "));
            own.add_number(&number);
            let found = own.name_occurs_in(&text)
                || own.numbers.contains(&fold_number(&text))
                || text.split_whitespace().any(|part| own.numbers.contains(&fold_number(part)))
                || super::words(&text).any(|word| own.numbers.contains(&word));
            proptest::prop_assert_eq!(own.occur_in(&text), found);
        }
    }

    #[test]
    fn forms_of_numbers_and_addresses() {
        for text in
            ["a@b", "see http://x", "www.x.org", "555-12-3456", "(555) 123-4567", "2019-05-03", "12345678"]
        {
            assert!(looks_personal(text), "{text}");
        }
        for text in
            ["synthea-5-2019", "10 ML Ibuprofen 30 MG/ML", "1.2.840.10065.1.12.1.1", "0-10 verbal", "8302-2"]
        {
            assert!(!looks_personal(text), "{text}");
        }
    }
}
