//! A half-open range of bytes in a source.

use serde::{Deserialize, Serialize};

/// Bytes `start..end` of a source; `end` is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The bytes of `source` that it names, or none where it reaches beyond the end.
    #[must_use]
    pub fn of(self, source: &[u8]) -> Option<&[u8]> {
        source.get(self.start..self.end)
    }
}
