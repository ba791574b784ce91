//! Text as the other rooms need it: spans, offsets, partial dates; and the one door for randomness.

mod date;
mod entropy;
mod span;
mod utf16;

pub use date::{PartialDate, Precision};
pub use entropy::Entropy;
pub use span::Span;
pub use utf16::Utf16Offsets;
