//! The tokeniser: one pass over the bytes gives words, numbers and what stands between them.

use super::cue::{Cue, Cues};
use super::lexicon::{Flag, Info, Lexicon, fold, hash, hash_within};
use super::word::{DIGIT, HIGH, LETTER, Word, class, cleaned};
use crate::formats::label::Label;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// ASCII digits.
    Number,
    /// Letters and digits.
    Mixed,
}

/// How the letters of a word are cased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    /// All lower case, or digits.
    Lower,
    /// A capital, then lower case.
    Title,
    /// Two capitals or more and nothing else.
    Upper,
    /// One capital.
    Initial,
    /// Capitals inside: `McDonald`, `eGFR`.
    Camel,
    /// A script without case.
    Uncased,
}

/// What stands before a token, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gap(pub(super) u16);

impl Gap {
    pub(super) const SPACE: u16 = 1;
    pub(super) const NEWLINE: u16 = 2;
    pub(super) const PERIOD: u16 = 4;
    pub(super) const COMMA: u16 = 8;
    pub(super) const COLON: u16 = 16;
    pub(super) const HYPHEN: u16 = 32;
    pub(super) const SLASH: u16 = 64;
    pub(super) const OPEN: u16 = 128;
    pub(super) const CLOSE: u16 = 256;
    pub(super) const QUOTE: u16 = 512;
    pub(super) const AT: u16 = 1024;
    /// Two blanks or more, a tab or a bar: the next cell of a table.
    pub(super) const WIDE: u16 = 2048;
    pub(super) const HASH: u16 = 4096;
    pub(super) const OTHER: u16 = 8192;
    pub(super) const PLUS: u16 = 16384;
    /// A possessive `'s` came first.
    pub(super) const OWNS: u16 = 32768;

    pub(super) const fn has(self, bits: u16) -> bool {
        self.0 & bits != 0
    }

    /// Whether there is nothing but these.
    pub(super) const fn only(self, bits: u16) -> bool {
        self.0 & !bits == 0
    }
}

/// A word or number, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The low half of the word's hash: the same for the same word in any case.
    pub(super) hash: u32,
    pub(super) info: Info,
    pub(super) gap: Gap,
    pub(super) kind: Kind,
    pub(super) shape: Shape,
    /// How large the place is whose name of several words this token is part of.
    pub(super) place: u8,
    /// A pattern has it: it is no name.
    pub(super) taken: bool,
    /// What stands in brackets in its place since an earlier cleaning; such a token is `taken` from the first.
    pub(super) cleaned: Option<Label>,
}

impl Token {
    const fn cleaned(start: usize, end: usize, gap: Gap, label: Label) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
            hash: 0,
            info: Info::from_parts(0, 0),
            gap,
            kind: Kind::Word,
            shape: Shape::Title,
            place: 0,
            taken: true,
            cleaned: Some(label),
        }
    }

    pub(super) const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) const fn is(self, cue: Cue) -> bool {
        self.info.cues.has(cue)
    }

    pub(super) const fn is_any(self, cues: Cues) -> bool {
        self.info.cues.has_any(cues)
    }

    pub(super) const fn is_capital(self) -> bool {
        matches!(self.shape, Shape::Title | Shape::Upper | Shape::Camel | Shape::Initial)
    }
}

/// Which case a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Casing {
    /// Capitals where English has them.
    Mixed,
    /// Hardly a capital.
    Lower,
    /// Hardly anything but capitals.
    Upper,
}

/// A block of text as tokens.
pub(super) struct Block<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: Vec<Token>,
    /// Bytes at which an `@` stands.
    pub(super) ats: Vec<u32>,
    /// Bytes at which `://` stands.
    pub(super) links: Vec<u32>,
    pub(super) casing: Casing,
    /// A bit for every month in which a date has been found.
    pub(super) months: u16,
    /// Whether an earlier cleaning has been here.
    pub(super) any_cleaned: bool,
    /// Set where a word has an apostrophe or a letter beyond ASCII and had to be folded.
    folded: Vec<u8>,
}

impl<'t> Block<'t> {
    /// Reads a text of less than 4 GiB.
    pub(super) fn new(text: &'t str, lexicon: &Lexicon) -> Self {
        let mut block = Self::empty(text);
        block.read(Some(lexicon));
        block.find_places(lexicon);
        block
    }

    /// Reads a text whose words are not looked up.
    pub(super) fn bare(text: &'t str) -> Self {
        let mut block = Self::empty(text);
        block.read(None);
        block
    }

    fn empty(text: &'t str) -> Self {
        Self {
            text,
            tokens: Vec::with_capacity(text.len() / 5 + 8),
            ats: Vec::new(),
            links: Vec::new(),
            casing: Casing::Mixed,
            months: 0,
            any_cleaned: false,
            folded: Vec::new(),
        }
    }

    /// Looks a word up that was not.
    pub(super) fn inform(&mut self, at: usize, lexicon: &Lexicon) {
        let Some(token) = self.tokens.get(at).copied() else { return };
        let text = self.str(&token);
        self.folded.clear();
        fold(text, &mut self.folded);
        let info = lexicon.look_up(hash(&self.folded));
        if let Some(token) = self.tokens.get_mut(at) {
            token.info = info;
        }
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The token `by` places after `at`, or before it.
    pub(super) fn near(&self, at: usize, by: isize) -> Option<&Token> {
        self.tokens.get(at.checked_add_signed(by)?)
    }

    pub(super) fn str(&self, token: &Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// What stands before a token, as text.
    pub(super) fn gap_text(&self, at: usize) -> &'t str {
        let start =
            at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end as usize);
        let end = self.tokens.get(at).map_or(self.text.len(), |token| token.start as usize);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Whether exactly this stands before the token.
    pub(super) fn gap_is(&self, at: usize, text: &str) -> bool {
        self.gap_text(at) == text
    }

    /// Whether the token is this ASCII word, in any case.
    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.token(at).is_some_and(|token| self.str(token).eq_ignore_ascii_case(word))
    }

    /// What stands after the last token as a gap; for others that of the next.
    pub(super) fn gap_after(&self, at: usize) -> Gap {
        match self.token(at + 1) {
            Some(next) => next.gap,
            None => Gap(Gap::NEWLINE),
        }
    }

    fn read(&mut self, lexicon: Option<&Lexicon>) {
        let bytes = self.text.as_bytes();
        let (mut at, mut gap) = (0, Gap(Gap::NEWLINE));
        let (mut uppers, mut whole, mut words) = (0_usize, 0_usize, 0_usize);
        while let Some(byte) = bytes.get(at) {
            match class(*byte) {
                LETTER | DIGIT => {}
                HIGH => {
                    let Some(c) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                    // To Unicode the apostrophe U+02BC is a letter; a word does not begin with it.
                    if !c.is_alphanumeric() || c == '\u{2BC}' {
                        gap.0 |= high_gap(c);
                        at += c.len_utf8();
                        continue;
                    }
                }
                _ => {
                    if *byte == b'['
                        && let Some((end, label)) = cleaned(bytes, at)
                    {
                        self.any_cleaned = true;
                        self.tokens.push(Token::cleaned(at, end, gap, label));
                        (at, gap) = (end, Gap(0));
                        continue;
                    }
                    gap.0 |= self.low_gap(bytes, at, *byte, gap);
                    at += 1;
                    continue;
                }
            }
            let word = Word::read(self.text, at);
            let mut token = Token {
                start: at as u32,
                end: word.end as u32,
                hash: 0,
                info: Info::default(),
                gap,
                kind: word.kind(),
                shape: word.shape(),
                place: 0,
                taken: false,
                cleaned: None,
            };
            if token.kind == Kind::Word && token.len() <= 40 {
                (token.hash, token.info) = self.look_up(lexicon, &word, at);
                if token.len() > 1 && !word.plain_only() {
                    words += 1;
                } else if token.len() > 1 {
                    words += 1;
                    uppers += usize::from(word.uppers > 0);
                    whole += usize::from(token.shape == Shape::Upper);
                }
            }
            if token.kind == Kind::Mixed && word.is_misread(bytes, at) {
                (token.hash, token.info) = self.look_up_misread(lexicon, &word, at);
                token.kind = Kind::Word;
            } else if token.shape == Shape::Camel && token.info.is_unknown() && word.is_misread(bytes, at) {
                (token.hash, token.info) = self.look_up_misread(lexicon, &word, at);
                token.shape = Shape::Upper;
            }
            self.tokens.push(token);
            at = word.end;
            gap = Gap(0);
            if word.owns {
                gap.0 |= Gap::OWNS;
                at = word.owns_end;
            }
        }
        self.casing = match (words, uppers) {
            (0..8, _) => Casing::Mixed,
            _ if uppers * 50 < words => Casing::Lower,
            _ if whole * 10 > words * 8 => Casing::Upper,
            _ => Casing::Mixed,
        };
    }

    fn low_gap(&mut self, bytes: &[u8], at: usize, byte: u8, gap: Gap) -> u16 {
        match byte {
            b' ' if gap.has(Gap::SPACE) => Gap::WIDE,
            b' ' => Gap::SPACE,
            b'\n' | b'\r' => Gap::NEWLINE,
            b'\t' | b'|' => Gap::SPACE | Gap::WIDE,
            b'.' => Gap::PERIOD,
            b',' => Gap::COMMA,
            b':' => {
                if bytes.get(at + 1..at + 3) == Some(b"//") {
                    self.links.push(at as u32);
                }
                Gap::COLON
            }
            b'-' | b'~' => Gap::HYPHEN,
            b'/' | b'\\' => Gap::SLASH,
            b'(' | b'[' | b'{' | b'<' => Gap::OPEN,
            b')' | b']' | b'}' | b'>' => Gap::CLOSE,
            b'"' | b'\'' | b'`' => Gap::QUOTE,
            b'@' => {
                self.ats.push(at as u32);
                Gap::AT
            }
            b'#' => Gap::HASH,
            b'+' => Gap::PLUS,
            _ => Gap::OTHER,
        }
    }

    fn look_up(&mut self, lexicon: Option<&Lexicon>, word: &Word, start: usize) -> (u32, Info) {
        let hash = if word.plain_only() {
            hash_within(self.text.as_bytes(), start, word.end)
        } else {
            let text = self.text.get(start..word.end).unwrap_or_default();
            self.folded.clear();
            fold(text, &mut self.folded);
            hash(&self.folded)
        };
        (hash as u32, lexicon.map_or_else(Info::default, |lexicon| lexicon.look_up(hash)))
    }

    /// Looks a word up in which a machine has read letters as digits: `K1MBALL`, `PATlENT`.
    fn look_up_misread(&mut self, lexicon: Option<&Lexicon>, word: &Word, start: usize) -> (u32, Info) {
        let text = self.text.get(start..word.end).unwrap_or_default();
        let mut first = (0, Info::default());
        for one in *b"il" {
            self.folded.clear();
            self.folded.extend(text.bytes().map(|byte| match byte {
                b'0' => b'o',
                b'1' | b'l' => one,
                b'5' => b's',
                _ => byte.to_ascii_lowercase(),
            }));
            let hash = hash(&self.folded);
            let info = lexicon.map_or_else(Info::default, |lexicon| lexicon.look_up(hash));
            if !info.is_unknown() {
                return (hash as u32, info);
            }
            if one == b'i' {
                first = (hash as u32, info);
            }
        }
        first
    }

    /// Marks the words of place names of two and three words.
    fn find_places(&mut self, lexicon: &Lexicon) {
        for at in 0..self.tokens.len() {
            let Some(first) = self.tokens.get(at).copied() else { break };
            // `the`, `new` in small letters open no place where capitals do.
            let plain =
                first.shape == Shape::Lower && first.info.english() > 11 && self.casing == Casing::Mixed;
            if !first.info.is(Flag::OpensPlace) || first.place > 0 || plain {
                continue;
            }
            let mut found = (0, 0);
            for more in 1..3 {
                let Some(last) = self.tokens.get(at + more) else { break };
                if !last.gap.only(Gap::SPACE | Gap::PERIOD) || last.kind != Kind::Word {
                    break;
                }
                self.folded.clear();
                let text = self.text.get(first.start as usize..last.end as usize).unwrap_or_default();
                fold(text, &mut self.folded);
                self.folded.retain(|byte| *byte != b'.');
                let info = lexicon.look_up(hash(&self.folded));
                let level = if info.is(Flag::State) {
                    4
                } else if info.city() > 0 {
                    info.city()
                } else {
                    u8::from(info.is(Flag::County)) * 5
                };
                if level > 0 {
                    found = (more, level);
                } else if !info.is(Flag::OpensPlace) {
                    break;
                }
            }
            if found.0 > 0 {
                for token in self.tokens.iter_mut().skip(at).take(found.0 + 1) {
                    token.place = found.1;
                }
            }
        }
    }
}

/// What a character beyond ASCII that is no letter makes of a gap.
fn high_gap(c: char) -> u16 {
    match c {
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => Gap::SPACE,
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => 0,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Gap::HYPHEN,
        '\u{2018}'..='\u{201F}' | '\u{2BC}' | '\u{AB}' | '\u{BB}' => Gap::QUOTE,
        '\u{2028}' | '\u{2029}' | '\u{85}' => Gap::NEWLINE,
        '\u{2502}' | '\u{2503}' => Gap::SPACE | Gap::WIDE,
        _ => Gap::OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, Shape)> {
        let block = Block::new(text, Lexicon::embedded().unwrap());
        block.tokens.iter().map(|token| (block.str(token).to_owned(), token.shape)).collect()
    }

    #[test]
    fn words_numbers_and_apostrophes() {
        let found = words("Mary O'Brien's MRN-00123 McDonald's x ÅSA \u{5b8b} don't");
        let texts: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(texts, ["Mary", "O'Brien", "MRN", "00123", "McDonald", "x", "ÅSA", "\u{5b8b}", "don't"]);
        assert_eq!(found[0].1, Shape::Title);
        assert_eq!(found[1].1, Shape::Camel);
        assert_eq!(found[2].1, Shape::Upper);
        assert_eq!(found[6].1, Shape::Upper);
        assert_eq!(found[7].1, Shape::Uncased);
    }

    #[test]
    fn misread_words_are_words() {
        let block =
            Block::new("HAR0LD K1MBALL PATlENT LAS1X E7741208 IL10RA B12", Lexicon::embedded().unwrap());
        let kinds: Vec<Kind> = block.tokens.iter().map(|token| token.kind).collect();
        assert_eq!(kinds[..4], [Kind::Word; 4]);
        assert_eq!(kinds[4..], [Kind::Mixed; 3]);
        assert!(block.tokens[0].info.given() > 3 && block.tokens[2].is(Cue::Person));
    }

    #[test]
    fn places_of_several_words_are_marked() {
        let block = Block::new("moved from San Francisco to St. Louis", Lexicon::embedded().unwrap());
        let marked: Vec<&str> =
            block.tokens.iter().filter(|token| token.place > 0).map(|token| block.str(token)).collect();
        assert_eq!(marked, ["San", "Francisco", "St", "Louis"]);
    }
}
