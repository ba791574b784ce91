//! Text as the other rooms need it: spans, offsets, partial dates; and the one door for randomness.

#[cfg(test)]
mod cases;
mod date;
mod entropy;
mod span;
mod utf16;

#[cfg(test)]
pub(crate) use cases::cases;
pub use date::{PartialDate, Precision};
pub use entropy::Entropy;
pub use span::Span;
pub use utf16::Utf16Offsets;
