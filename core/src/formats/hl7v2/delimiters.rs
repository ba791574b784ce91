//! The delimiters of a message, which its first segment declares, and the escapes that stand for them.

use std::borrow::Cow;

/// What a byte of a segment does.
pub(super) mod class {
    /// It is content.
    pub(in super::super) const NONE: u8 = 0;
    /// It separates sub-components.
    pub(in super::super) const SUB: u8 = 1;
    /// It separates components.
    pub(in super::super) const COMPONENT: u8 = 2;
    /// It separates repetitions.
    pub(in super::super) const REPETITION: u8 = 3;
    /// It separates fields.
    pub(in super::super) const FIELD: u8 = 4;
    /// It ends the segment.
    pub(in super::super) const END: u8 = 5;
}

/// Which bytes end a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Carriage returns; a line feed is content.
    Return,
    /// Line feeds.
    Feed,
    /// Both.
    Both,
}

/// The delimiters of one message or envelope segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Delimiters {
    pub(super) field: u8,
    pub(super) component: u8,
    pub(super) repetition: Option<u8>,
    pub(super) escape: Option<u8>,
    pub(super) sub: Option<u8>,
    pub(super) ending: Ending,
}

/// The end of a block of the minimal lower layer protocol.
pub(super) const BLOCK_END: u8 = 0x1c;
/// Its beginning.
pub(super) const BLOCK_START: u8 = 0x0b;

impl Delimiters {
    /// Reads the delimiters that a `MSH`, `FHS` or `BHS` segment at the beginning of `segment` declares, with the
    /// length of that declaration: up to and without the separator after it.
    pub(super) fn read(segment: &[u8]) -> Option<(Self, usize)> {
        let field = *segment.get(3)?;
        let declared = segment.get(4..)?;
        let ends = |byte: &u8| *byte == field || matches!(byte, b'\r' | b'\n' | &BLOCK_END);
        let length = declared.iter().position(ends).unwrap_or(declared.len());
        let declared = declared.get(..length)?;
        let usable = |byte: &u8| byte.is_ascii_punctuation();
        // Version 2.7 added a fifth character, which marks a truncated value and separates nothing.
        let (component, rest) = declared.split_first()?;
        let all = segment.get(3..4 + length)?;
        let distinct =
            all.iter().enumerate().all(|(at, byte)| !all.iter().skip(at + 1).any(|other| other == byte));
        if length > 5 || !distinct || !all.iter().all(usable) {
            return None;
        }
        let ending = match segment.iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            Some(at) if segment.get(at) == Some(&b'\n') => Ending::Feed,
            Some(at) if segment.get(at + 1) == Some(&b'\n') => Ending::Both,
            _ => Ending::Return,
        };
        let (repetition, escape, sub) = (rest.first(), rest.get(1), rest.get(2));
        let read = Self {
            field,
            component: *component,
            repetition: repetition.copied(),
            escape: escape.copied(),
            sub: sub.copied(),
            ending,
        };
        Some((read, 4 + length))
    }

    /// What every byte does.
    pub(super) fn classes(&self) -> [u8; 256] {
        let mut table = [class::NONE; 256];
        let mut set = |byte: u8, what: u8| {
            if let Some(slot) = table.get_mut(usize::from(byte)) {
                *slot = what;
            }
        };
        set(BLOCK_END, class::END);
        if self.ending != Ending::Feed {
            set(b'\r', class::END);
        }
        if self.ending != Ending::Return {
            set(b'\n', class::END);
        }
        set(self.field, class::FIELD);
        set(self.component, class::COMPONENT);
        for (byte, what) in [(self.repetition, class::REPETITION), (self.sub, class::SUB)] {
            if let Some(byte) = byte {
                set(byte, what);
            }
        }
        table
    }

    /// The bytes that separate or end something, each at least once.
    pub(super) fn marks(&self) -> [u8; 7] {
        let field = self.field;
        let (end, other) = match self.ending {
            Ending::Return => (b'\r', b'\r'),
            Ending::Feed => (b'\n', b'\n'),
            Ending::Both => (b'\r', b'\n'),
        };
        let (repetition, sub) = (self.repetition.unwrap_or(field), self.sub.unwrap_or(field));
        [field, self.component, repetition, sub, end, other, BLOCK_END]
    }

    /// The bytes of a value without its escapes. What an escape does not stand for a character for is passed over
    /// (highlighting) or kept as it is (a sender's own, another character set).
    pub(super) fn decode<'a>(&self, raw: &'a [u8]) -> Cow<'a, [u8]> {
        let Some(escape) = self.escape.filter(|escape| raw.contains(escape)) else {
            return Cow::Borrowed(raw);
        };
        let mut out = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.iter().position(|byte| *byte == escape) {
            let (before, from) = rest.split_at(at);
            out.extend_from_slice(before);
            let inner = from.get(1..).unwrap_or_default();
            let Some(length) = inner.iter().position(|byte| *byte == escape) else {
                rest = from;
                break;
            };
            let sequence = inner.get(..length).unwrap_or_default();
            let whole = from.get(..length + 2).unwrap_or_default();
            if self.unescape(sequence, &mut out) {
                rest = from.get(whole.len()..).unwrap_or_default();
            } else if is_own(sequence) {
                out.extend_from_slice(whole);
                rest = from.get(whole.len()..).unwrap_or_default();
            } else {
                // An escape character that stands alone is content; what follows may begin an escape.
                out.push(escape);
                rest = inner;
            }
        }
        out.extend_from_slice(rest);
        Cow::Owned(out)
    }

    /// Appends what an escape sequence stands for; `false` where it is not one that stands for anything.
    fn unescape(&self, sequence: &[u8], out: &mut Vec<u8>) -> bool {
        match sequence {
            b"F" => out.push(self.field),
            b"S" => out.push(self.component),
            b"T" => out.extend(self.sub),
            b"R" => out.extend(self.repetition),
            b"E" => out.extend(self.escape),
            b"H" | b"N" => {}
            [b'X', digits @ ..] => {
                let Some(bytes) = hexadecimal(digits) else { return false };
                out.extend_from_slice(&bytes);
            }
            [b'.', b'b', b'r'] | [b'.', b's', b'p', ..] | [b'.', b'c', b'e'] => out.push(b'\n'),
            [b'.', b'f' | b'n' | b'i' | b't', ..] if is_own(sequence) => {}
            _ => return false,
        }
        true
    }

    /// Appends `text` with escapes for everything that has a meaning here.
    pub(super) fn encode(&self, text: &[u8], out: &mut Vec<u8>) -> bool {
        // Most hold nothing that has a meaning: all bytes are looked at together.
        let or = |byte: Option<u8>| byte.unwrap_or(self.field);
        let special = [self.field, self.component, or(self.sub), or(self.repetition), or(self.escape)];
        let [a, b, c, d, e] = special;
        let mut found = false;
        for byte in text {
            let byte = *byte;
            found |= (byte < b' ') | (byte == a) | (byte == b) | (byte == c) | (byte == d) | (byte == e);
        }
        if !found {
            out.extend_from_slice(text);
            return true;
        }
        for (at, byte) in text.iter().enumerate() {
            let name: &[u8] = match *byte {
                byte if byte == self.field => b"F",
                byte if byte == self.component => b"S",
                byte if Some(byte) == self.sub => b"T",
                byte if Some(byte) == self.repetition => b"R",
                byte if Some(byte) == self.escape => b"E",
                b'\r' if text.get(at + 1) == Some(&b'\n') => continue,
                b'\r' | b'\n' => b".br",
                byte if byte < b' ' => {
                    let Some(escape) = self.escape else { return false };
                    out.extend_from_slice(&[escape, b'X']);
                    out.extend_from_slice(format!("{byte:02X}").as_bytes());
                    out.push(escape);
                    continue;
                }
                other => {
                    out.push(other);
                    continue;
                }
            };
            let Some(escape) = self.escape else { return false };
            out.push(escape);
            out.extend_from_slice(name);
            out.push(escape);
        }
        true
    }
}

/// Whether a sequence is one of a form that the standard leaves to senders, or that it defines for the look of a text.
fn is_own(sequence: &[u8]) -> bool {
    match sequence {
        [b'Z' | b'C' | b'M' | b'X', rest @ ..] => rest.iter().all(u8::is_ascii_alphanumeric),
        [b'.', rest @ ..] => {
            !rest.is_empty() && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(byte))
        }
        _ => false,
    }
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    digits.chunks_exact(2).map(|pair| Some(digit(pair.first()?)? * 16 + digit(pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Delimiters {
        Delimiters::read(b"MSH|^~\\&|A").unwrap().0
    }

    #[test]
    fn escapes_read_and_write() {
        let of = |raw: &str| String::from_utf8(usual().decode(raw.as_bytes()).into_owned()).unwrap();
        for (raw, text) in [
            (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
            (r"one\.br\two\X0D0A\three", "one\ntwo\r\nthree"),
            (r"\H\loud\N\ \Zown1\ \C2842\ \.in+4\x", r"loud \Zown1\ \C2842\ x"),
            (r"C:\temp\new", r"C:\temp\new"),
            (r"a\", r"a\"),
            (r"\X0\", r"\X0\"),
        ] {
            assert_eq!(of(raw), text, "{raw}");
        }
        let mut out = Vec::new();
        assert!(usual().encode("a|b^c&d~e\\f\r\ng\u{1}é".as_bytes(), &mut out));
        assert_eq!(String::from_utf8(out).unwrap(), r"a\F\b\S\c\T\d\R\e\E\f\.br\g\X01\é");
    }

    #[test]
    fn declarations_are_checked() {
        for bad in ["MSH", "MSH|", "MSH||x", "MSH|^^\\&|", "MSHaBCDEa", "MSH|^~\\&#!|"] {
            assert!(Delimiters::read(bad.as_bytes()).is_none(), "{bad}");
        }
        let (odd, length) = Delimiters::read(b"MSH$%\r\n").unwrap();
        assert_eq!(
            (odd.field, odd.component, odd.escape, odd.ending, length),
            (b'$', b'%', None, Ending::Both, 5)
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back(text in "[ -~é\u{1}\n]{0,40}") {
            let mut out = Vec::new();
            proptest::prop_assert!(usual().encode(text.as_bytes(), &mut out));
            let classes = usual().classes();
            proptest::prop_assert!(out.iter().all(|byte| classes[usize::from(*byte)] == class::NONE));
            proptest::prop_assert_eq!(usual().decode(&out).into_owned(), text.into_bytes());
        }
    }
}
