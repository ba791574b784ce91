//! Text as the other rooms need it: spans, offsets, partial dates.

mod date;
mod span;
mod utf16;

pub use date::{PartialDate, Precision};
pub use span::Span;
pub use utf16::Utf16Offsets;
