//! Writing a pack: used by the pack compiler and by whoever compiles a licensed table of their own.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::PackInfo;
use super::read::MAGIC;
use crate::error::{Error, Result, codes};

#[derive(Serialize)]
struct Header<'a> {
    #[serde(flatten)]
    info: &'a PackInfo,
    sections: Vec<(&'a str, usize)>,
}

/// Collects sections and writes the pack. The same sections give the same bytes.
#[derive(Debug)]
pub struct PackWriter {
    info: PackInfo,
    sections: Vec<(String, Vec<u8>)>,
}

impl PackWriter {
    /// A pack without sections yet.
    #[must_use]
    pub const fn new(info: PackInfo) -> Self {
        Self { info, sections: Vec::new() }
    }

    /// Adds a section.
    #[must_use]
    pub fn section(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.sections.push((name.to_owned(), bytes));
        self
    }

    /// The bytes of the pack.
    ///
    /// # Errors
    /// `pack_malformed` where the header is too large to be one.
    pub fn finish(self) -> Result<Vec<u8>> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let mut info = self.info;
        info.sha256.clear();
        let sections = self.sections.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect();
        let header = serde_json::to_vec(&Header { info: &info, sections }).map_err(|_| malformed())?;
        let mut out = MAGIC.to_vec();
        out.extend(u32::try_from(header.len()).map_err(|_| malformed())?.to_le_bytes());
        out.extend(header);
        for (_, bytes) in &self.sections {
            out.extend(bytes);
        }
        let digest = Sha256::digest(&out);
        out.extend(digest);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs::Pack;

    fn sample() -> Vec<u8> {
        let info = PackInfo {
            name: "sample".into(),
            system: "sample".into(),
            release: "1".into(),
            effective_from: Some("2025-10-01".into()),
            effective_to: None,
            rows: 2,
            licence: "public domain".into(),
            source: "written here".into(),
            sha256: String::new(),
        };
        PackWriter::new(info).section("a", b"one".to_vec()).section("b", b"two!".to_vec()).finish().unwrap()
    }

    #[test]
    fn a_pack_reads_back() {
        let pack = Pack::load(sample()).unwrap();
        assert_eq!(pack.section("a").unwrap(), b"one");
        assert_eq!(pack.section("b").unwrap(), b"two!");
        assert_eq!(pack.section("c").unwrap_err().code(), "pack_malformed");
        assert_eq!(pack.info().sha256.len(), 64);
        assert_eq!(pack.info().rows, 2);
    }

    #[test]
    fn damage_is_seen_at_every_byte() {
        let good = sample();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert_eq!(Pack::load(bad).unwrap_err().code(), "pack_damaged");
            assert!(Pack::load(good[..at].to_vec()).is_err());
        }
    }
}
