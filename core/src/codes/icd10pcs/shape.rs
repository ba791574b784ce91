//! The shape of an ICD-10-PCS code: seven letters and digits without a dot, never the letters I and O (guidelines A2).
//!
//! A text that has an I, an O, a dot or a space in it is no code: it is pointed out, with what was meant, and never
//! mended silently.

use unicode_normalization::UnicodeNormalization;

use crate::codes::text::CodeText;

/// The length of a code.
pub(crate) const LENGTH: usize = 7;
/// A text longer than this is no code that someone mistyped.
const ATTEMPT_BYTES: usize = 64;

/// The beginning of a code, or a whole one: upper case, the first character in the highest byte, unused bytes zero. The
/// order of keys is the order of the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(u64);

impl Key {
    /// The key of one to seven characters that are known to be upper case.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let fit = (1..=LENGTH).contains(&text.len()) && text.bytes().all(is_value);
        fit.then(|| Self::from_bytes(text.as_bytes()))
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let places = (0..LENGTH as u32).rev();
        Self(bytes.iter().zip(places).fold(0, |key, (byte, place)| key | (u64::from(*byte) << (8 * place))))
    }

    pub(super) const fn len(self) -> usize {
        if self.0 == 0 { 0 } else { LENGTH - (self.0.trailing_zeros() / 8) as usize }
    }

    /// The character at a place from 0, or 0 beyond the end.
    #[inline]
    pub(super) const fn at(self, place: usize) -> u8 {
        if place < LENGTH { (self.0 >> (8 * (LENGTH - 1 - place))) as u8 } else { 0 }
    }

    /// The first `length` characters.
    pub(super) const fn head(self, length: usize) -> Self {
        if length >= LENGTH { self } else { Self(self.0 & !((1 << (8 * (LENGTH - length))) - 1)) }
    }

    /// With another character at a place, or one more.
    pub(super) const fn with(self, place: usize, byte: u8) -> Self {
        if place >= LENGTH {
            return self;
        }
        let shift = 8 * (LENGTH - 1 - place);
        Self((self.0 & !(0xFF << shift)) | ((byte as u64) << shift))
    }

    /// The first key behind every key that begins as this one does.
    pub(super) const fn end(self) -> Self {
        let unused = LENGTH - self.len();
        if unused >= LENGTH { Self(u64::MAX) } else { Self(self.0 + (1 << (8 * unused))) }
    }

    pub(super) fn text(self) -> CodeText {
        CodeText::collect((0..self.len()).map(|place| char::from(self.at(place)))).unwrap_or(CodeText::EMPTY)
    }
}

/// Whether a byte is one of the 34 values of an axis.
pub(super) const fn is_value(byte: u8) -> bool {
    byte.is_ascii_digit() || (byte.is_ascii_uppercase() && byte != b'I' && byte != b'O')
}

/// What a text is, before any list is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A code, or the beginning of one.
    Code(Key),
    /// No code, and there is one that was surely meant.
    Meant(CodeText),
    /// No code.
    Malformed,
}

/// Reads a text: spaces around it and its case do not matter.
#[inline]
pub(super) fn read(text: &str) -> Reading {
    let trimmed = text.as_bytes().trim_ascii();
    if trimmed.is_empty() || trimmed.len() > LENGTH {
        return mended(text);
    }
    let mut key = 0;
    for byte in trimmed {
        let upper = byte.to_ascii_uppercase();
        if !is_value(upper) {
            return mended(text);
        }
        key = (key << 8) | u64::from(upper);
    }
    Reading::Code(Key(key << (8 * (LENGTH - trimmed.len()))))
}

/// Full-width characters, separators, O for zero and I for one put right.
#[cold]
fn mended(text: &str) -> Reading {
    let text = text.trim();
    if text.len() > ATTEMPT_BYTES || text.chars().any(char::is_control) {
        return Reading::Malformed;
    }
    let put_right = text.nfkc().filter(|c| !matches!(c, '.' | '-' | ',') && !c.is_whitespace()).map(|c| {
        match c.to_ascii_uppercase() {
            'O' => '0',
            'I' => '1',
            other => other,
        }
    });
    match CodeText::collect(put_right) {
        Some(code) if code.as_str().len() == LENGTH && code.as_str().bytes().all(is_value) => {
            Reading::Meant(code)
        }
        _ => Reading::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_read() {
        for (text, code) in [("0DTJ4ZZ", "0DTJ4ZZ"), (" 0dtj4zz\t", "0DTJ4ZZ"), ("0d", "0D"), ("0", "0")] {
            let Reading::Code(key) = read(text) else { panic!("{text}") };
            assert_eq!((key.text().as_str(), key.len()), (code, code.len()));
            assert_eq!(Key::of(code), Some(key));
        }
        for text in ["ODTJ4ZZ", "0DT.J4ZZ", "0DT J4ZZ", "０DTJ4ZZ"] {
            assert_eq!(read(text), Reading::Meant(Key::of("0DTJ4ZZ").unwrap().text()), "{text}");
        }
        for text in ["", " ", "0DTJ4ZZZ", "0DTJ4Z\0", "0DTJ4Zé", "O", "😀", "0DTJ4I"] {
            assert_eq!(read(text), Reading::Malformed, "{text}");
        }
        assert_eq!(read(&"0".repeat(10_000_000)), Reading::Malformed);
    }

    #[test]
    fn keys_stand_in_the_order_of_codes() {
        let key = |code: &str| Key::of(code).unwrap();
        assert!(
            key("0DT") < key("0DTJ0ZZ")
                && key("0DTJ0ZZ") < key("0DT").end()
                && key("0DT").end() <= key("0DU")
        );
        assert_eq!(key("0DTJ4ZZ").head(3), key("0DT"));
        assert_eq!(key("0DTJ").with(4, b'4'), key("0DTJ4"));
        assert_eq!(key("0DTJ4ZZ").with(4, b'0'), key("0DTJ0ZZ"));
        assert_eq!((key("Z").end().len(), Key::of("0DTI"), Key::of("")), (1, None, None));
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_is_idempotent(text in "\\PC{0,12}|[a-zA-Z0-9. ]{0,10}") {
            if let Reading::Code(key) = read(&text) {
                prop_assert_eq!(read(key.text().as_str()), Reading::Code(key));
            }
        }
    }
}
