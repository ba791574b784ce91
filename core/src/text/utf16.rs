//! Byte offsets to UTF-16 offsets, for hosts whose strings are UTF-16 (JavaScript, Swift's NSString).

/// Converts ascending byte offsets of one text to UTF-16 code unit offsets, in one pass over the text.
///
/// ```
/// let mut offsets = chartkeeper::text::Utf16Offsets::new("aé😀b");
/// assert_eq!(offsets.at(1), 1);
/// assert_eq!(offsets.at(3), 2);
/// assert_eq!(offsets.at(7), 4);
/// ```
#[derive(Clone)]
pub struct Utf16Offsets<'a> {
    text: &'a str,
    byte: usize,
    unit: usize,
}

impl<'a> Utf16Offsets<'a> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, byte: 0, unit: 0 }
    }

    /// The UTF-16 offset of the character that holds byte `offset`. Offsets asked for in ascending order cost
    /// one pass in all; a smaller one starts again from the beginning.
    pub fn at(&mut self, offset: usize) -> usize {
        if offset < self.byte {
            self.byte = 0;
            self.unit = 0;
        }
        for c in self.text.get(self.byte..).unwrap_or_default().chars() {
            if self.byte + c.len_utf8() > offset {
                break;
            }
            self.byte += c.len_utf8();
            self.unit += c.len_utf16();
        }
        self.unit
    }
}

impl std::fmt::Debug for Utf16Offsets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf16Offsets").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}
