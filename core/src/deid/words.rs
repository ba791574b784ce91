//! The record's own words: its names, streets, cities and numbers, looked for in every text that would stay.

use std::borrow::Cow;
use std::cell::OnceCell;

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

/// The first two letters of the shared words, a bit for each pair: most names are told from them by that.
#[allow(clippy::indexing_slicing)] // Worked out when it is compiled.
const SHARED_FRONTS: [u32; 32] = {
    let mut fronts = [0; 32];
    let mut at = 0;
    while at < SHARED.len() {
        if let [first, second, ..] = SHARED[at].as_bytes() {
            fronts[(*first & 31) as usize] |= 1 << (*second & 31);
        }
        at += 1;
    }
    fronts
};

/// What a text was added as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Name,
    Phrase,
    Number,
}

/// Words, phrases and numbers that identify the people of a record.
#[derive(Default)]
pub(super) struct OwnWords<'r> {
    /// What was added, as it is written.
    texts: Vec<(What, Cow<'r, str>)>,
    /// The names, the first words of the phrases, and the numbers: most texts hold none of them, and most are
    /// known to after one look.
    sieve: Sieve,
    /// The hash of each of these, with its text.
    marks: Vec<Mark>,
    /// All of them in order, made where they are many and a text is met that may hold one.
    exact: OnceCell<Exact>,
}

/// So many marks are looked through for a hash; beyond that all is put in order.
const FEW: usize = 1024;

/// A word or number by its hash.
struct Mark {
    hash: Hash,
    what: What,
    /// Its place among the texts.
    text: u32,
}

/// What is looked for, each list in order.
#[derive(Default)]
struct Exact {
    words: Vec<String>,
    /// Phrases with one space between their words.
    phrases: Vec<String>,
    numbers: Vec<String>,
}

impl Exact {
    fn of(texts: &[(What, Cow<'_, str>)]) -> Self {
        let mut exact = Self::default();
        for (what, text) in texts {
            match what {
                What::Name => {
                    let all = joined(text);
                    exact
                        .words
                        .extend(all.split(' ').filter(|word| is_part_of_name(word)).map(str::to_owned));
                }
                What::Phrase => exact.phrases.extend(phrases(text)),
                What::Number => exact.numbers.push(fold_number(text)),
            }
        }
        for list in [&mut exact.words, &mut exact.phrases, &mut exact.numbers] {
            list.sort_unstable();
            list.dedup();
        }
        exact
    }
}

/// Whether a word of a name in lower case tells somebody.
fn is_part_of_name(word: &str) -> bool {
    word.chars().nth(1).is_some() && !is_shared(word)
}

/// What a text that identifies as a whole is looked for as: the text, and a street without its numbers as well.
fn phrases(text: &str) -> Vec<String> {
    let all = joined(text);
    let mut out = Vec::new();
    if all.contains(char::is_numeric) || all.split(' ').any(|word| UNITS.contains(&word)) {
        let words: Vec<&str> = all.split(' ').collect();
        let counts = |word: &&str| word.contains(char::is_numeric) || UNITS.contains(word);
        let named = words.split(counts).filter(|named| named.len() > 1 && named.len() < words.len());
        out.extend(named.map(|named| named.join(" ")));
    }
    out.push(all);
    out.retain(|phrase| phrase.bytes().filter(|byte| *byte != b' ').count() >= 3);
    out
}

/// Tells the words of a text of ASCII, with their hashes in lower case: runs of letters, digits and apostrophes inside of
/// them.
fn each_ascii_word(text: &[u8], mut tell: impl FnMut(&[u8], Hash)) {
    let (mut start, mut hash) = (0, Hash::default());
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            hash.add(byte.to_ascii_lowercase());
        } else if *byte == b'\'' {
            return each_joined_word(text.get(start..).unwrap_or_default(), tell);
        } else {
            if at > start {
                tell(text.get(start..at).unwrap_or_default(), hash);
                hash = Hash::default();
            }
            start = at + 1;
        }
    }
    if start < text.len() {
        tell(text.get(start..).unwrap_or_default(), hash);
    }
}

/// [`each_ascii_word`] where apostrophes are in it.
fn each_joined_word(text: &[u8], mut tell: impl FnMut(&[u8], Hash)) {
    for word in text.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'\'') {
        let start = word.iter().position(|byte| *byte != b'\'').unwrap_or(word.len());
        let end = word.iter().rposition(|byte| *byte != b'\'').map_or(start, |last| last + 1);
        let word = word.get(start..end).filter(|word| !word.is_empty());
        if let Some(word) = word {
            tell(word, Hash::of_ascii(word));
        }
    }
}

impl<'r> OwnWords<'r> {
    /// Enters a word or number of the text that is added next.
    fn mark(&mut self, what: What, hash: Hash) {
        self.sieve.add_hash(hash);
        self.marks.push(Mark { hash, what, text: self.texts.len() as u32 });
    }

    /// Adds each word of a person's name.
    pub(super) fn add_name(&mut self, text: Cow<'r, str>) {
        if text.is_ascii() {
            each_ascii_word(text.as_bytes(), |word, hash| {
                if word.len() > 1 && !is_shared_ascii(word) {
                    self.mark(What::Name, hash);
                }
            });
        } else {
            for word in joined(&text).split(' ').filter(|word| is_part_of_name(word)) {
                self.mark(What::Name, Hash::of(word));
            }
        }
        self.texts.push((What::Name, text));
    }

    /// Adds a text that identifies as a whole: a street, a city, the name of a body. A street is added without its
    /// numbers as well.
    pub(super) fn add_phrase(&mut self, text: Cow<'r, str>) {
        if text.is_ascii() {
            // The first word, and the first after each that numbers something.
            let (mut first, mut begins) = (true, true);
            each_ascii_word(text.as_bytes(), |word, hash| {
                let is_unit = |unit: &&str| unit.as_bytes().eq_ignore_ascii_case(word);
                let counts = word.iter().any(u8::is_ascii_digit) || UNITS.iter().any(is_unit);
                if first || (begins && !counts) {
                    self.mark(What::Phrase, hash);
                }
                (first, begins) = (false, counts);
            });
        } else {
            for phrase in phrases(&text) {
                self.mark(What::Phrase, Hash::of(phrase.split(' ').next().unwrap_or_default()));
            }
        }
        self.texts.push((What::Phrase, text));
    }

    /// Adds a number or code that identifies: at least six letters and digits, one of them a digit.
    pub(super) fn add_number(&mut self, text: Cow<'r, str>) {
        let (mut hash, mut length, mut digit) = (Hash::default(), 0, false);
        let mut count = |byte: u8| {
            hash.add(byte);
            length += 1;
            digit |= byte.is_ascii_digit();
        };
        if text.is_ascii() {
            for byte in text.bytes() {
                if byte.is_ascii_alphanumeric() {
                    count(byte.to_ascii_lowercase());
                }
            }
        } else {
            fold_number(&text).bytes().for_each(count);
        }
        if length >= 6 && digit {
            self.mark(What::Number, hash);
            self.texts.push((What::Number, text));
        }
    }

    /// The texts, where they are few, that were added for a word or number of this hash; none where they are many.
    fn marked(&self, hash: Hash) -> Option<impl Iterator<Item = (What, &str)>> {
        let marks = (self.marks.len() <= FEW).then_some(&self.marks)?;
        let found = marks.iter().filter(move |mark| mark.hash == hash);
        Some(found.filter_map(|mark| {
            let (_, text) = self.texts.get(mark.text as usize)?;
            Some((mark.what, &**text))
        }))
    }

    fn exact(&self) -> &Exact {
        self.exact.get_or_init(|| Exact::of(&self.texts))
    }

    fn holds_number(&self, folded: &str) -> bool {
        let hash = Hash::of(folded);
        if !self.sieve.may_hold(hash) {
            return false;
        }
        match self.marked(hash) {
            Some(mut found) => found.any(|(what, text)| what == What::Number && fold_number(text) == folded),
            None => self.exact().numbers.binary_search_by(|number| number.as_str().cmp(folded)).is_ok(),
        }
    }

    /// Whether it is one of the numbers, however it is punctuated.
    pub(super) fn has_number(&self, text: &str) -> bool {
        self.may_be_number(text) && self.holds_number(&fold_number(text))
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
        words(text).any(|word| self.holds_number(&word)) || self.name_occurs_in(text)
    }

    /// Whether a word of a name or a whole phrase stands in the text.
    fn name_occurs_in(&self, text: &str) -> bool {
        let all = joined(text);
        let mut rest = all.as_str();
        while !rest.is_empty() {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            if self.name_begins(word, rest) {
                return true;
            }
            rest = after;
        }
        false
    }

    /// Whether a word of a name or a whole phrase stands at the beginning of words in lower case.
    fn name_begins(&self, word: &str, rest: &str) -> bool {
        let hash = Hash::of(word);
        if !self.sieve.may_hold(hash) {
            return false;
        }
        let stands = |phrase: &String| {
            rest.strip_prefix(phrase.as_str()).is_some_and(|after| after.is_empty() || after.starts_with(' '))
        };
        if let Some(mut found) = self.marked(hash) {
            return found.any(|(what, text)| match what {
                What::Name => is_part_of_name(word) && joined(text).split(' ').any(|own| own == word),
                What::Phrase => phrases(text).iter().any(stands),
                What::Number => false,
            });
        }
        let Exact { words, phrases, .. } = self.exact();
        if words.binary_search_by(|own| own.as_str().cmp(word)).is_ok() {
            return true;
        }
        let from = phrases.partition_point(|phrase| phrase.as_str() < word);
        phrases.iter().skip(from).take_while(|phrase| phrase.starts_with(word)).any(stands)
    }
}

/// Whether many people share a word of a name, such as a title.
pub(super) fn is_shared(word: &str) -> bool {
    SHARED.contains(&word)
}

/// [`is_shared`] of a word of ASCII of two letters and more, however it is written.
fn is_shared_ascii(word: &[u8]) -> bool {
    let fronts = word.first().and_then(|first| SHARED_FRONTS.get(usize::from(first & 31)));
    let front = fronts.zip(word.get(1)).is_some_and(|(fronts, second)| fronts >> (second & 31) & 1 == 1);
    front && SHARED.iter().any(|shared| shared.as_bytes().eq_ignore_ascii_case(word))
}

/// The words of a text in lower case: runs of letters, digits and the marks that join a name.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .map(|word| word.trim_matches(['\'', '\u{2019}']))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The words of a text in lower case, with one space between them.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let apart = |c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}';
    for word in text.split(apart).map(|word| word.trim_matches(['\'', '\u{2019}'])) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let start = out.len();
        if word.is_ascii() {
            out.push_str(word);
            out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
        } else {
            out.push_str(&word.to_lowercase());
        }
    }
    out
}

/// Letters and digits only, in lower case.
pub(super) fn fold_number(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        return kept.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text has the form of a mail or web address, a telephone, social security or other long number, or a
/// full date, whoever it belongs to.
pub(super) fn looks_personal(text: &str) -> bool {
    let (mut colon, mut point, mut digits, mut ascii) = (false, false, 0, true);
    for byte in text.bytes() {
        match byte {
            b'@' => return true,
            b':' => colon = true,
            b'.' => point = true,
            b'0'..=b'9' => digits += 1,
            _ => ascii &= byte.is_ascii(),
        }
    }
    // What most texts have not need not be looked for.
    (colon && text.contains("://"))
        || (point && text.contains("www."))
        || ((digits >= 7 || !ascii) && has_long_number(text))
}

/// Seven digits or more with nothing but the marks of numbers between them. Object identifiers (`2.16.840...`: the
/// numbers of published lists) are not meant.
fn has_long_number(text: &str) -> bool {
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

    fn own() -> OwnWords<'static> {
        let mut own = OwnWords::default();
        own.add_name("Dr. Mary-Ann O'Hara van Dyke III".into());
        own.add_phrase("12 Maple Street Apt 4".into());
        own.add_phrase("New Salem".into());
        own.add_number("MRN-0012345".into());
        own.add_number("160".into());
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
            own.add_name(words[0].as_str().into());
            own.add_phrase(words.join(" ").into());
            own.add_number(number.as_str().into());
            // In order, as where they are many.
            let Exact { words: names, phrases, numbers } = Exact::of(&own.texts);
            let all = joined(&text);
            let padded = format!(" {all} ");
            let named = names.iter().chain(&phrases).any(|own| padded.contains(&format!(" {own} ")));
            proptest::prop_assert_eq!(own.name_occurs_in(&text), named);
            let found = named
                || numbers.contains(&fold_number(&text))
                || text.split_whitespace().any(|part| numbers.contains(&fold_number(part)))
                || super::words(&text).any(|word| numbers.contains(&word));
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
