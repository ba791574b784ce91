//! Reading the sections of a pack: numbers, texts and counts, each checked against the end of the section.

use crate::error::{Error, Result, codes};

/// A place in a section. Every read is checked: a pack that ends too soon is `pack_malformed`, never a panic.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    rest: &'a [u8],
}

fn malformed() -> Error {
    Error::new(&codes::PACK_MALFORMED)
}

impl<'a> Cursor<'a> {
    /// Starts at the beginning of a section.
    #[must_use]
    pub const fn new(section: &'a [u8]) -> Self {
        Self { rest: section }
    }

    /// Whether everything was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// `pack_malformed` where there are fewer.
    #[inline]
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or_else(malformed)?;
        self.rest = rest;
        Ok(head)
    }

    /// One byte.
    ///
    /// # Errors
    /// `pack_malformed` at the end.
    #[inline]
    pub fn u8(&mut self) -> Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or_else(malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A number of four bytes, little endian.
    ///
    /// # Errors
    /// `pack_malformed` at the end.
    pub fn u32(&mut self) -> Result<u32> {
        let (head, rest) = self.rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*head))
    }

    /// A number below 32,768 in one byte (below 128) or two, high bits first.
    ///
    /// # Errors
    /// `pack_malformed` at the end.
    #[inline]
    pub fn short(&mut self) -> Result<u16> {
        let first = self.u8()?;
        if first < 0x80 {
            return Ok(u16::from(first));
        }
        Ok((u16::from(first & 0x7F) << 8) | u16::from(self.u8()?))
    }

    /// A text with its length before it, as [`Cursor::short`] writes numbers.
    ///
    /// # Errors
    /// `pack_malformed` where it ends too soon or is not UTF-8.
    pub fn text(&mut self) -> Result<&'a str> {
        let length = usize::from(self.short()?);
        std::str::from_utf8(self.bytes(length)?).map_err(|_| malformed())
    }
}

/// Appends a number below 32,768 as [`Cursor::short`] reads it.
///
/// # Errors
/// `pack_malformed` for a larger one.
pub fn put_short(out: &mut Vec<u8>, number: usize) -> Result<()> {
    match u16::try_from(number) {
        Ok(small @ 0..=0x7F) => out.extend(small.to_le_bytes().first()),
        Ok(number @ 0x80..=0x7FFF) => out.extend((number | 0x8000).to_be_bytes()),
        _ => return Err(malformed().note("a number of the pack is too large for its place")),
    }
    Ok(())
}

/// Appends a text as [`Cursor::text`] reads it.
///
/// # Errors
/// `pack_malformed` for a text of 32,768 bytes or more.
pub fn put_text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    put_short(out, text.len())?;
    out.extend(text.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_read() {
        let mut out = Vec::new();
        for number in [0, 1, 127, 128, 255, 256, 32_767] {
            put_short(&mut out, number).unwrap();
        }
        put_text(&mut out, "Ménière").unwrap();
        assert!(put_short(&mut out, 32_768).is_err());
        let mut cursor = Cursor::new(&out);
        for number in [0, 1, 127, 128, 255, 256, 32_767] {
            assert_eq!(cursor.short().unwrap(), number);
        }
        assert_eq!(cursor.text().unwrap(), "Ménière");
        assert!(cursor.is_empty());
        assert_eq!(cursor.u8().unwrap_err().code(), "pack_malformed");
        assert!(Cursor::new(&[0x80]).short().is_err());
        assert!(Cursor::new(&[5, b'a']).text().is_err());
    }
}
