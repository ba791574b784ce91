//! Knowledge packs: versioned data with effective dates, source, licence and fingerprint.
//!
//! A pack is one file: the magic `CHARTPK1`, the header's length (u32, little endian), the header (JSON), the
//! sections that the header names, and the SHA-256 of everything before it. Embedded packs are checked by the
//! build that ships them (`fingerprints.csv`); a pack that the user loads is checked when it is read.

mod cursor;
mod info;
mod read;
mod write;

pub use cursor::{Cursor, put_short, put_text};
pub use info::PackInfo;
pub use read::Pack;
pub use write::PackWriter;
