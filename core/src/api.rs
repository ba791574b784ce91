//! The public face: the verbs' object and every record that the bindings mirror.
//!
//! A record here is plain data with public fields and `serde::Serialize`; its field names are the same in Rust,
//! Python, Node, Swift and JSON.

pub use crate::engine::Chartkeeper;
pub use crate::error::{Error, ErrorKind, Result};
pub use crate::formats::Format;
pub use crate::packs::PackInfo;
pub use crate::record::{Finding, Record, Severity};
pub use crate::text::Span;
