//! The shape of an ICD-10-CM code: three to seven characters, a dot after the third (guidelines I.A.2).
//!
//! A code begins with a letter. The letter O never stands behind the first place, and the letter I only in the
//! fourth (`Y93.I`), so that a text which has one there is a slip of the pen for a digit: it is `malformed` and is
//! never mended silently. Any other letter may stand anywhere: `C4A`, `QA0` and `U07` are categories.

use super::super::text::CodeText;

/// A code without its dot, upper case, as ASCII bytes from the lowest; unused bytes are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key(u64);

/// The longest code.
pub(crate) const LONGEST: usize = 7;

impl Key {
    /// The key of a code that is known to be upper case and without a dot, as a source writes it.
    pub(crate) fn of(code: &str) -> Option<Self> {
        let plain = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        (plain && (3..=LONGEST).contains(&code.len())).then(|| Self::from_bytes(code.as_bytes()))
    }

    /// The key of up to seven bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.iter().take(LONGEST).rev().fold(0, |key, byte| (key << 8) | u64::from(*byte)))
    }

    /// How many characters.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        8 - (self.0.leading_zeros() / 8) as usize
    }

    /// The character at a place, or 0 beyond the end.
    #[inline]
    pub(crate) const fn at(self, place: usize) -> u8 {
        if place < 8 { (self.0 >> (8 * place)) as u8 } else { 0 }
    }

    /// The last character.
    #[inline]
    pub(crate) const fn last(self) -> u8 {
        self.at(self.len().saturating_sub(1))
    }

    /// The first `length` characters.
    #[inline]
    pub(crate) const fn head(self, length: usize) -> Self {
        if length >= 8 { self } else { Self(self.0 & ((1 << (8 * length)) - 1)) }
    }

    /// With one more character; a full key stays as it is.
    pub(crate) const fn with(self, byte: u8) -> Self {
        let length = self.len();
        if length >= LONGEST { self } else { Self(self.0 | ((byte as u64) << (8 * length))) }
    }

    /// With placeholders X up to a length.
    pub(crate) const fn padded(self, length: usize) -> Self {
        let mut key = self;
        while key.len() < length && key.len() < LONGEST {
            key = key.with(b'X');
        }
        key
    }

    /// Without the placeholders X at its end; a category stays whole.
    #[inline]
    pub(crate) const fn without_placeholders(self) -> Self {
        let length = self.len();
        let top = self.0 << (8 * (8 - length) as u32);
        let run = ((top ^ (ONES * b'X' as u64)).leading_zeros() / 8) as usize;
        let kept = length - run;
        self.head(if kept < 3 { 3 } else { kept })
    }

    /// Whether there is a letter X behind the category.
    #[inline]
    const fn has_placeholder(self) -> bool {
        // A byte that is X becomes zero, and only a zero byte, or one above it, gets its high bit by the subtraction.
        let other = self.0 ^ (ONES * b'X' as u64);
        (other.wrapping_sub(ONES) & !other & HIGH) >> 24 != 0
    }

    /// Without any placeholder X behind the category.
    #[inline]
    pub(super) const fn without_any_placeholder(self) -> Self {
        if !self.has_placeholder() {
            return self;
        }
        let (mut key, mut length, mut place) = (self.0 & 0x00FF_FFFF, 3, 3);
        while place < LONGEST {
            let byte = self.at(place);
            if byte != b'X' {
                key |= (byte as u64) << (8 * length);
                length += 1;
            }
            place += 1;
        }
        Self(key)
    }

    /// Six bits a character: digits and upper case letters differ in their lowest six bits.
    #[inline]
    pub(super) const fn packed(self) -> u64 {
        let six = self.0 & (ONES * 0x3F);
        let twelve = (six & 0x003F_003F_003F_003F) | ((six >> 2) & 0x0FC0_0FC0_0FC0_0FC0);
        let more = (twelve & 0x0000_0FFF_0000_0FFF) | ((twelve >> 4) & 0x00FF_F000_00FF_F000);
        (more & 0x00FF_FFFF) | ((more >> 8) & 0xFFFF_FF00_0000)
    }

    /// Whether the code begins with another.
    #[inline]
    pub(crate) const fn starts_with(self, other: Self) -> bool {
        self.head(other.len()).0 == other.0
    }

    /// As it is printed: with the dot after the third character.
    #[inline]
    pub(crate) const fn dotted(self) -> CodeText {
        if self.len() <= 3 {
            return CodeText::from_word(self.0, self.len());
        }
        let word = (self.0 & 0x00FF_FFFF) | ((b'.' as u64) << 24) | ((self.0 >> 24) << 32);
        CodeText::from_word(word, self.len() + 1)
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// Reads a text of three to eight bytes that is a code as it stands: all of its characters at once. `None` is no
/// verdict; the slower reading decides.
#[inline]
fn quick(text: &[u8]) -> Option<Key> {
    let word = match text.len() {
        // Two halves that overlap: no byte is read twice into the word, and none beyond the text.
        length @ 4..=8 => {
            let low = u64::from(u32::from_le_bytes(*text.first_chunk::<4>()?));
            let high = u64::from(u32::from_le_bytes(*text.last_chunk::<4>()?));
            low | (high << (8 * (length - 4)))
        }
        3 => u64::from(u16::from_le_bytes(*text.first_chunk::<2>()?)) | (u64::from(*text.last()?) << 16),
        _ => return None,
    };
    let upper = word & !((word >> 1) & (0x20 * ONES));
    let dotted = (upper >> 24) as u8 == b'.' && text.len() > 4;
    let key = if dotted { (upper & 0x00FF_FFFF) | ((upper >> 32) << 24) } else { upper };
    let length = text.len() - usize::from(dotted);
    if length > LONGEST || word & HIGH != 0 {
        return None;
    }
    let used = HIGH & ((1u64 << (8 * length)).wrapping_sub(1));
    // The high bit of a byte of `from(n)` says that the byte is at least n; all bytes are below 0x80.
    let from = |least: u8| key + ONES * u64::from(0x80 - least);
    let digit = from(b'0') & !from(b'9' + 1);
    let letter = from(b'A') & !from(b'Z' + 1);
    // The high bit of a byte of `not(n)` says that the byte is not n.
    let not = |byte: u8| (key ^ (ONES * u64::from(byte))) + ONES * 0x7F;
    let placed = not(b'O') & (not(b'I') | 0xFF00_0000) | 0xFF;
    let good = (digit | letter) & HIGH == used && placed & used == used && key as u8 >= b'A';
    good.then_some(Key(key))
}

/// What a text is, before any list is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A code, with its dot in place or without one.
    Code(Key),
    /// The characters of a code, but with the dot at another place.
    MisplacedDot(Key),
    /// No code.
    Malformed,
}

/// For every byte: its upper case in the low half, and in the high half one bit for every place it may stand at.
const CHARACTERS: [u16; 256] = characters();

const fn characters() -> [u16; 256] {
    const ANYWHERE: u16 = 0b0111_1111 << 8;
    const NOT_FIRST: u16 = 0b0111_1110 << 8;
    let mut table = [0u16; 256];
    let mut byte = 0;
    while byte < 128 {
        let upper = (byte as u8).to_ascii_uppercase();
        #[allow(clippy::indexing_slicing)]
        {
            table[byte] = match upper {
                b'0'..=b'9' => NOT_FIRST | upper as u16,
                b'O' => (0b0000_0001 << 8) | upper as u16,
                b'I' => (0b0000_1001 << 8) | upper as u16,
                b'A'..=b'Z' => ANYWHERE | upper as u16,
                _ => 0,
            };
        }
        byte += 1;
    }
    table
}

/// Reads a text: spaces around it, its case and its dot do not matter.
#[inline]
pub(super) fn read(text: &str) -> Reading {
    match quick(text.as_bytes()) {
        Some(key) => Reading::Code(key),
        None => read_slowly(text),
    }
}

fn read_slowly(text: &str) -> Reading {
    let mut key = 0u64;
    let mut length = 0usize;
    let mut dot = None;
    for byte in text.as_bytes().trim_ascii() {
        if *byte == b'.' && dot.is_none() {
            dot = Some(length);
            continue;
        }
        let entry = CHARACTERS.get(usize::from(*byte)).copied().unwrap_or(0);
        if length >= LONGEST || (entry >> (8 + length)) & 1 == 0 {
            return trimmed(text);
        }
        key |= u64::from(entry & 0xFF) << (8 * length);
        length += 1;
    }
    if length < 3 {
        return trimmed(text);
    }
    match dot {
        None => Reading::Code(Key(key)),
        Some(3) if length > 3 => Reading::Code(Key(key)),
        Some(_) => Reading::MisplacedDot(Key(key)),
    }
}

/// Reads again where the spaces around a text are not ASCII (a no-break space from a web page).
#[cold]
fn trimmed(text: &str) -> Reading {
    let inner = text.trim();
    if inner.len() < text.as_bytes().trim_ascii().len() { read(inner) } else { Reading::Malformed }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dotted(text: &str) -> String {
        match read(text) {
            Reading::Code(key) => key.dotted().as_str().to_owned(),
            Reading::MisplacedDot(key) => format!("~{}", key.dotted().as_str()),
            Reading::Malformed => String::new(),
        }
    }

    #[test]
    fn case_dot_and_spaces_do_not_matter() {
        for (text, expected) in [
            ("E11.9", "E11.9"),
            ("e119", "E11.9"),
            ("  E119\t", "E11.9"),
            ("\u{a0}e11.9\u{2003}", "E11.9"),
            ("A00", "A00"),
            ("c4a", "C4A"),
            ("qa00101", "QA0.0101"),
            ("t36.0x1a", "T36.0X1A"),
            ("y93i9", "Y93.I9"),
            ("O9A.111", "O9A.111"),
            ("E1.19", "~E11.9"),
            ("E11.", "~E11"),
            (".E119", "~E11.9"),
            ("T360.1A", "~T36.01A"),
        ] {
            assert_eq!(dotted(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_code_is_malformed() {
        for text in [
            "",
            " ",
            "E1",
            "11.9",
            "EO3.9",
            "E0I",
            "01O.1",
            "E11.9.1",
            "E11 .9",
            "E-11",
            "E11.90000",
            "Ｅ11.9",
            "Е11.9",
            "E11\0",
            "E11.9\u{301}",
            "😀",
            "..",
        ] {
            assert_eq!(read(text), Reading::Malformed, "{text}");
        }
        assert_eq!(read(&"E".repeat(10_000_000)), Reading::Malformed);
        assert_eq!(read(&" ".repeat(10_000_000)), Reading::Malformed);
    }

    #[test]
    fn keys_take_placeholders() {
        assert_eq!(Key::of("W000").unwrap().padded(6).with(b'D').dotted().as_str(), "W00.0XXD");
        let key = Key::of("T3601A").unwrap();
        assert!(key.starts_with(Key::of("T36").unwrap()));
        assert_eq!((key.len(), key.last(), key.head(3).len()), (6, b'A', 3));
        assert_eq!(Key::of("E11.9"), None);
    }

    #[test]
    fn placeholders_at_the_end_are_taken_off() {
        for (code, stem) in [
            ("W000XX", "W000"),
            ("T360X1", "T360X1"),
            ("W03XXX", "W03"),
            ("X00", "X00"),
            ("XXX", "XXX"),
            ("T36X1X", "T36X1"),
        ] {
            assert_eq!(Key::of(code).unwrap().without_placeholders(), Key::of(stem).unwrap());
            assert_eq!(
                Key::of(code).unwrap().without_any_placeholder(),
                Key::of(&stem.replace('X', "")).unwrap_or(Key::of(stem).unwrap())
            );
        }
    }

    #[test]
    fn packed_codes_differ() {
        let letters: Vec<u8> = (b'0'..=b'9').chain(b'A'..=b'Z').collect();
        let mut seen = std::collections::HashSet::new();
        for place in 0..LONGEST {
            for letter in &letters {
                let mut code = *b"A00A00A";
                code[place] = *letter;
                seen.insert(Key::from_bytes(&code).packed());
                assert!(Key::from_bytes(&code).packed() < 1 << 42);
            }
        }
        assert_eq!(seen.len(), LONGEST * 35 + 1);
    }

    proptest! {
        #[test]
        fn reading_is_idempotent_and_never_panics(text in "\\PC{0,12}|[a-zA-Z0-9. ]{0,10}") {
            prop_assert_eq!(read(&text), read_slowly(&text));
            if let Reading::Code(key) = read(&text) {
                let once = key.dotted();
                prop_assert_eq!(read(once.as_str()), Reading::Code(key));
            }
        }
    }
}
