//! The character sets of tables: UTF-8, and Windows-1252, of which ISO 8859-1 is the part that people write.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The characters of the bytes 0x80 to 0x9F; five of them mean nothing and stand for themselves
/// (WHATWG Encoding Standard, index windows-1252).
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    pub(super) fn decode(self, bytes: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
        match (self, bytes) {
            (Self::Utf8, Cow::Borrowed(bytes)) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            (Self::Utf8, Cow::Owned(bytes)) => String::from_utf8(bytes).ok().map(Cow::Owned),
            (Self::Windows1252, bytes) => {
                let char_of = |byte: &u8| match byte.checked_sub(0x80) {
                    Some(upper) => UPPER.get(usize::from(upper)).copied().unwrap_or(char::from(*byte)),
                    None => char::from(*byte),
                };
                Some(Cow::Owned(bytes.iter().map(char_of).collect()))
            }
        }
    }

    pub(super) fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        if self == Self::Utf8 || text.is_ascii() {
            return Some(Cow::Borrowed(text.as_bytes()));
        }
        let byte_of = |c: char| {
            let upper = UPPER.iter().position(|known| *known == c).map(|at| at as u8 + 0x80);
            upper.or_else(|| u8::try_from(u32::from(c)).ok())
        };
        text.chars().map(byte_of).collect::<Option<Vec<u8>>>().map(Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_reads_and_writes() {
        let text = "Zoë – “1 €”";
        let bytes = Encoding::Windows1252.encode(text).unwrap();
        assert_eq!(bytes.as_ref(), b"Zo\xeb \x96 \x931 \x80\x94");
        assert_eq!(Encoding::Windows1252.decode(bytes).unwrap(), text);
        assert!(Encoding::Windows1252.encode("Мария").is_none());
        assert!(Encoding::Utf8.decode(Cow::Borrowed(b"\xeb")).is_none());
    }
}
