//! Reading a pack: header and sections are borrowed from its bytes, nothing is decompressed or copied.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::PackInfo;
use crate::error::{Error, Result, codes};

pub(super) const MAGIC: &[u8; 8] = b"CHARTPK1";
pub(super) const TRAILER: usize = 32;

#[derive(Deserialize)]
struct Header {
    #[serde(flatten)]
    info: PackInfo,
    sections: Vec<(String, usize)>,
}

/// A pack in memory: who it is, and its sections by name.
#[derive(Clone)]
pub struct Pack {
    bytes: Cow<'static, [u8]>,
    info: PackInfo,
    sections: Vec<(String, Range<usize>)>,
}

impl std::fmt::Debug for Pack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pack")
            .field("name", &self.info.name)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Pack {
    /// Opens a pack that is part of the program. Its fingerprint is read, not computed again: `fingerprints.csv`
    /// is compared when the program is built.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub fn embedded(bytes: &'static [u8]) -> Result<Self> {
        Self::open(Cow::Borrowed(bytes))
    }

    /// Opens a pack that the user brings, and checks its fingerprint.
    ///
    /// # Errors
    /// `pack_malformed`, `pack_damaged`.
    pub fn load(bytes: Vec<u8>) -> Result<Self> {
        let (content, trailer) =
            bytes.split_last_chunk::<TRAILER>().ok_or_else(|| Error::new(&codes::PACK_MALFORMED))?;
        if Sha256::digest(content).as_slice() != trailer {
            return Err(Error::new(&codes::PACK_DAMAGED));
        }
        Self::open(Cow::Owned(bytes))
    }

    fn open(bytes: Cow<'static, [u8]>) -> Result<Self> {
        let malformed = || Error::new(&codes::PACK_MALFORMED);
        let (content, trailer) = bytes.split_last_chunk::<TRAILER>().ok_or_else(malformed)?;
        let rest = content.strip_prefix(MAGIC).ok_or_else(malformed)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(malformed)?;
        let length = u32::from_le_bytes(*length) as usize;
        let header = rest.get(..length).ok_or_else(malformed)?;
        let header: Header = serde_json::from_slice(header).map_err(|_| malformed())?;
        let mut info = header.info;
        info.sha256 = trailer.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut at = MAGIC.len() + 4 + length;
        let mut sections = Vec::with_capacity(header.sections.len());
        for (name, length) in header.sections {
            let end = at.checked_add(length).filter(|end| *end <= content.len()).ok_or_else(malformed)?;
            sections.push((name, at..end));
            at = end;
        }
        Ok(Self { info, sections, bytes })
    }

    /// Whether it is part of the program, and was checked when that was built.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        matches!(self.bytes, Cow::Borrowed(_))
    }

    /// Who the pack is.
    #[must_use]
    pub const fn info(&self) -> &PackInfo {
        &self.info
    }

    /// The bytes of a section.
    ///
    /// # Errors
    /// `pack_malformed` where the pack has no such section.
    pub fn section(&self, name: &'static str) -> Result<&[u8]> {
        self.sections
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, range)| self.bytes.get(range.clone()))
            .ok_or_else(|| Error::new(&codes::PACK_MALFORMED).note(format!("section {name} is missing")))
    }
}

impl Pack {
    /// The bytes of a section of an embedded pack, which live as long as the program.
    ///
    /// # Errors
    /// `pack_malformed` where `bytes` has no such section.
    pub fn section_of(&self, bytes: &'static [u8], name: &'static str) -> Result<&'static [u8]> {
        self.sections
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, range)| bytes.get(range.clone()))
            .ok_or_else(|| Error::new(&codes::PACK_MALFORMED).note(format!("section {name} is missing")))
    }
}
