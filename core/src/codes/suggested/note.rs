//! A clinical note as sentences of words, each with its place in the bytes; abbreviations stand for what they mean.

use std::collections::{BTreeMap, BTreeSet};

use super::assertion::{self, Trigger};
use crate::codes::{abbreviations, words};
use crate::text::Span;

/// A word of the note: what it means, and where it stands.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) folded: String,
    pub(super) span: Span,
    /// Whether a comma stands before it.
    pub(super) after_comma: bool,
}

/// A sentence, a line of a list, or the part before a semicolon.
#[derive(Debug)]
pub(super) struct Sentence {
    /// Its words, by number.
    pub(super) first: usize,
    pub(super) end: usize,
    /// The heading that it stands under, folded.
    pub(super) heading: Option<String>,
    /// What it says of its words.
    pub(super) triggers: Vec<Trigger>,
}

/// A note that was read.
#[derive(Debug)]
pub(super) struct NoteText {
    pub(super) words: Vec<Word>,
    sentences: Vec<Sentence>,
    /// By stem, the words that have it, themselves or in an abbreviation; in order.
    places: BTreeMap<String, Vec<usize>>,
}

/// The longest line that is a heading.
const HEADING_BYTES: usize = 60;

impl NoteText {
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self { words: Vec::new(), sentences: Vec::new(), places: BTreeMap::new() };
        let mut heading = None;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            // A heading ends with a colon, alone on its line or before what it heads.
            let (head, skip) = match line.find(':') {
                Some(colon)
                    if colon <= HEADING_BYTES && is_heading(line.get(..colon).unwrap_or_default()) =>
                {
                    (Some(fold(line.get(..colon).unwrap_or_default())), colon + 1)
                }
                _ => (None, 0),
            };
            if line.trim().is_empty() {
                heading = None;
            }
            heading = head.or(heading);
            out.read_line(line.get(skip..).unwrap_or_default(), start + skip, heading.as_deref());
        }
        out
    }

    fn read_line(&mut self, line: &str, start: usize, heading: Option<&str>) {
        let mut first = self.words.len();
        let mut begin: Option<usize> = None;
        let (mut comma, mut comma_next) = (false, false);
        let characters: Vec<(usize, char)> = line.char_indices().chain([(line.len(), '\n')]).collect();
        for (number, (at, c)) in characters.iter().enumerate() {
            let next = characters.get(number + 1).map(|(_, c)| *c);
            // `h/o`, `s/p`, `r/o`, `w/o` and `type-2` are words; a decimal point ends no sentence.
            let joins = *c == '/'
                && begin.is_some_and(|begin| at - begin <= 1)
                && next.is_some_and(char::is_alphabetic);
            if c.is_alphanumeric() || joins || (*c == '\'' && begin.is_some()) {
                if begin.is_none() {
                    (comma, comma_next) = (comma_next, false);
                }
                begin.get_or_insert(*at);
                continue;
            }
            if let Some(begin) = begin.take() {
                self.push(line.get(begin..*at).unwrap_or_default(), start + begin, comma);
            }
            comma_next |= *c == ',';
            let ends =
                matches!(c, ';' | '\n' | '?' | '!') || (*c == '.' && next.is_none_or(char::is_whitespace));
            if ends && self.words.len() > first {
                let heading = heading.map(str::to_owned);
                let triggers = assertion::triggers(self.words.get(first..).unwrap_or_default());
                self.sentences.push(Sentence { first, end: self.words.len(), heading, triggers });
                first = self.words.len();
            }
        }
    }

    fn push(&mut self, text: &str, start: usize, after_comma: bool) {
        let folded = fold(text);
        let number = self.words.len();
        let mut add = |word: &str| self.places.entry(words::stem(word)).or_default().push(number);
        add(&folded);
        words::for_each_word(abbreviations::meaning(&folded).unwrap_or_default(), add);
        let span = Span::new(start, start + text.len());
        self.words.push(Word { folded, span, after_comma });
    }

    /// The sentences that have one of some stems, in order.
    pub(super) fn sentences_with<'s>(
        &self,
        stems: impl Iterator<Item = &'s String>,
    ) -> impl Iterator<Item = &Sentence> {
        let words = stems.filter_map(|stem| self.places.get(stem)).flatten();
        let number = |word: &usize| self.sentences.partition_point(|sentence| sentence.end <= *word);
        let numbers: BTreeSet<usize> = words.map(number).collect();
        numbers.into_iter().filter_map(|number| self.sentences.get(number))
    }

    pub(super) fn of_sentence(&self, sentence: &Sentence) -> &[Word] {
        self.words.get(sentence.first..sentence.end).unwrap_or_default()
    }

    /// Where a sentence has a word, itself or in an abbreviation.
    pub(super) fn place_of(&self, sentence: &Sentence, stem: &str) -> Option<Span> {
        let places = self.places.get(stem)?;
        let word = *places.get(places.partition_point(|word| *word < sentence.first))?;
        (word < sentence.end).then(|| self.words.get(word).map(|word| word.span)).flatten()
    }

    /// The words of a sentence, abbreviations opened.
    pub(super) fn words_of(&self, sentence: &Sentence) -> String {
        let word = |word: &Word| {
            abbreviations::meaning(&word.folded).map_or_else(|| word.folded.clone(), str::to_owned)
        };
        self.of_sentence(sentence).iter().map(word).collect::<Vec<_>>().join(" ")
    }
}

/// Letters, spaces, slashes and a few signs, and no more than six words.
fn is_heading(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.split_whitespace().count() <= 6
        && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '/' | '&' | '(' | ')' | '-'))
}

fn fold(text: &str) -> String {
    let mut out = String::new();
    for part in text.split('/') {
        if !out.is_empty() {
            out.push('/');
        }
        words::for_each_word(part, |word| {
            if !out.is_empty() && !out.ends_with('/') {
                out.push(' ');
            }
            out.push_str(word);
        });
    }
    out
}
