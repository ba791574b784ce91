//! The text of one code, held in place: a verdict on a valid code allocates nothing.

use std::fmt;

/// More than any unit of the published functional tests of UCUM has (17), annotations aside; all other codes are shorter.
const ROOM: usize = 39;

/// A code of up to 39 ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CodeText {
    bytes: [u8; ROOM],
    length: u8,
}

impl CodeText {
    /// No code.
    pub(crate) const EMPTY: Self = Self { bytes: [0; ROOM], length: 0 };

    /// The lowest `length` bytes of a word, lowest first, all of them ASCII.
    #[inline]
    pub(crate) const fn from_word(word: u64, length: usize) -> Self {
        let [a, b, c, d, e, f, g, h] = word.to_le_bytes();
        let mut bytes = [0; ROOM];
        [bytes[0], bytes[1], bytes[2], bytes[3]] = [a, b, c, d];
        [bytes[4], bytes[5], bytes[6], bytes[7]] = [e, f, g, h];
        Self { bytes, length: if length > 8 { 8 } else { length as u8 } }
    }

    /// With one more character, or `None` where it is full or the character is not ASCII.
    pub(crate) fn with(mut self, character: char) -> Option<Self> {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii)?;
        *self.bytes.get_mut(usize::from(self.length))? = byte;
        self.length += 1;
        Some(self)
    }

    /// The characters, or `None` where they are too many or not ASCII.
    pub(crate) fn collect(characters: impl IntoIterator<Item = char>) -> Option<Self> {
        characters.into_iter().try_fold(Self::EMPTY, Self::with)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The code.
    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        self.bytes
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

/// A code that someone asked for may be a patient's.
impl fmt::Debug for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodeText({} characters)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_fits() {
        assert_eq!(CodeText::collect("123456789012345678".chars()).unwrap().as_str(), "123456789012345678");
        assert_eq!(CodeText::collect("x".repeat(40).chars()), None);
        let unit = "umol/(24.h){creatinine_clearance_total}";
        assert_eq!(CodeText::collect(unit.chars()).unwrap().as_str(), unit);
        assert_eq!(CodeText::collect("é".chars()), None);
        assert_eq!(CodeText::from_word(u64::from_le_bytes(*b"E11.9\0\0\0"), 5).as_str(), "E11.9");
        assert!(CodeText::EMPTY.is_empty());
    }
}
