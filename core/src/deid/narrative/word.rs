//! One word while it is read: its letters, digits and marks, and where it ends.

use super::token::{Kind, Shape};
use crate::formats::label::Label;

/// What an earlier cleaning wrote at a bracket, `[NAME]` or `[MEDICAL_RECORD_NUMBER]`: where it ends, and its label.
pub(super) fn cleaned(bytes: &[u8], start: usize) -> Option<(usize, Label)> {
    let inner = bytes.get(start + 1..)?;
    let length = inner.iter().take(40).take_while(|byte| byte.is_ascii_uppercase() || **byte == b'_').count();
    if length < 3 || inner.get(length) != Some(&b']') {
        return None;
    }
    let name = std::str::from_utf8(inner.get(..length)?).ok()?.to_ascii_lowercase();
    Some((start + length + 2, Label::from_name(&name)?))
}

/// What an earlier cleaning writes: the mark that [`cleaned`] knows again.
pub(super) fn mark(label: Label) -> String {
    let name = label.as_str();
    let mut mark = String::with_capacity(name.len() + 2);
    mark.push('[');
    mark.extend(name.chars().map(|c| c.to_ascii_uppercase()));
    mark.push(']');
    mark
}

/// What a byte is to the tokeniser.
pub(super) const LETTER: u8 = 1;
pub(super) const DIGIT: u8 = 2;
pub(super) const HIGH: u8 = 3;
const APOSTROPHE: u8 = 4;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0_usize;
    while at < 256 {
        #[allow(clippy::indexing_slicing)]
        {
            table[at] = match at as u8 {
                b'a'..=b'z' | b'A'..=b'Z' => LETTER,
                b'0'..=b'9' => DIGIT,
                b'\'' => APOSTROPHE,
                128.. => HIGH,
                _ => 0,
            };
        }
        at += 1;
    }
    table
};

#[inline]
pub(super) fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// A word while it is read.
pub(super) struct Word {
    pub(super) end: usize,
    pub(super) owns: bool,
    pub(super) owns_end: usize,
    pub(super) uppers: u32,
    lowers: u32,
    digits: u32,
    uncased: u32,
    first_upper: bool,
    marks: bool,
}

impl Word {
    pub(super) fn read(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let mut word = Self {
            end: start,
            owns: false,
            owns_end: start,
            uppers: 0,
            lowers: 0,
            digits: 0,
            uncased: 0,
            first_upper: bytes.get(start).is_some_and(u8::is_ascii_uppercase),
            marks: false,
        };
        while let Some(byte) = bytes.get(word.end) {
            match class(*byte) {
                LETTER => {
                    let rest = bytes.get(word.end..).unwrap_or_default();
                    let (mut length, mut uppers) = (0, 0);
                    for byte in rest.iter().take_while(|byte| class(**byte) == LETTER) {
                        uppers += u32::from(*byte & 0x20 == 0);
                        length += 1;
                    }
                    word.uppers += uppers;
                    word.lowers += length - uppers;
                    word.end += length as usize;
                }
                DIGIT => {
                    word.digits += 1;
                    word.end += 1;
                }
                APOSTROPHE if word.digits == 0 => {
                    if word.apostrophe(text, 1) {
                        break;
                    }
                }
                HIGH => {
                    let Some(c) = text.get(word.end..).and_then(|rest| rest.chars().next()) else { break };
                    if matches!(c, '\u{2019}' | '\u{2BC}') && word.digits == 0 {
                        if word.apostrophe(text, c.len_utf8()) {
                            break;
                        }
                        continue;
                    }
                    if !word.high(c, start) {
                        break;
                    }
                }
                _ => break,
            }
        }
        word
    }

    /// An apostrophe belongs to the word where a letter follows, unless it makes a possessive. Whether it ends.
    fn apostrophe(&mut self, text: &str, width: usize) -> bool {
        let rest = text.get(self.end + width..).unwrap_or_default();
        let mut next = rest.chars();
        let (first, second) = (next.next(), next.next());
        let ends = !second.is_some_and(char::is_alphanumeric);
        match first {
            Some('s' | 'S') if ends => {
                self.owns = true;
                self.owns_end = self.end + width + 1;
                true
            }
            Some(c) if c.is_alphabetic() => {
                self.marks = true;
                self.end += width;
                false
            }
            _ => true,
        }
    }

    /// A character beyond ASCII. Whether it belongs to the word.
    fn high(&mut self, c: char, start: usize) -> bool {
        if c.is_uppercase() {
            self.uppers += 1;
            self.first_upper |= self.end == start;
        } else if c.is_lowercase() {
            self.lowers += 1;
        } else if c.is_alphanumeric() {
            self.uncased += 1;
        } else if !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{300}'..='\u{36F}' | '\u{2060}') {
            return false;
        }
        self.marks = true;
        self.end += c.len_utf8();
        true
    }

    /// Whether a machine may have read letters of this word as others: capitals with a nought, a one or a five among
    /// them, or with a small `l` for an `I`.
    pub(super) fn is_misread(&self, bytes: &[u8], start: usize) -> bool {
        let word = bytes.get(start..self.end).unwrap_or_default();
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        let small = word.iter().filter(|byte| **byte == b'l').count() as u32;
        !self.marks
            && self.digits <= 2
            && self.uppers >= 3
            && self.lowers == small
            && self.digits + small > 0
            && letter(word.first())
            && letter(word.last())
            && word.iter().all(|byte| !byte.is_ascii_digit() || matches!(byte, b'0' | b'1' | b'5'))
            && !word.windows(2).any(|two| two.iter().all(u8::is_ascii_digit))
    }

    pub(super) const fn plain_only(&self) -> bool {
        !self.marks
    }

    pub(super) const fn kind(&self) -> Kind {
        match (self.digits, self.uppers + self.lowers + self.uncased) {
            (0, _) => Kind::Word,
            (_, 0) => Kind::Number,
            _ => Kind::Mixed,
        }
    }

    pub(super) const fn shape(&self) -> Shape {
        match (self.uppers, self.lowers) {
            (0, 0) if self.uncased > 0 => Shape::Uncased,
            (0, _) => Shape::Lower,
            (1, 0) => Shape::Initial,
            (1, _) if self.first_upper => Shape::Title,
            (_, 0) => Shape::Upper,
            _ => Shape::Camel,
        }
    }
}
