//! What an ICD-10-PCS pack is compiled from: codes with their titles and releases, and the labels of the tables.
//!
//! Section `codes` holds how many there are (u32) and each code as one byte, the number of leading characters that it
//! shares with the one before, and the others. `masks` holds the distinct sets of releases (a count, u32 each) and
//! runs of codes that have the same one (its number, the length of the run). `labels` is of [`super::labels`].

use crate::codes::icd10cm::{Release, release_section};
use crate::codes::titles;
use crate::error::{Error, Result, codes};
use crate::packs::{PackInfo, PackWriter, put_short};

use super::labels;
use super::shape::{Key, LENGTH};

/// A code, in the releases that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PcsCode {
    /// Seven characters.
    pub code: String,
    /// Its title; empty where no source words it.
    pub title: String,
    /// One bit for every release of [`PcsSource::releases`] that has it, the oldest lowest.
    pub releases: u32,
}

/// What a value of an axis means in a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AxisValue {
    /// The characters before it: none for a section, one for a body system, two for an operation, and the three of the
    /// table for all others.
    pub table: String,
    /// Which character of the code it is, from 1.
    pub character: u8,
    /// The value: a digit or letter.
    pub value: char,
    /// What it means.
    pub label: String,
}

/// Everything that goes into a pack of ICD-10-PCS.
#[derive(Debug, Clone, Default)]
pub struct PcsSource {
    /// The releases, oldest first: at most 32.
    pub releases: Vec<Release>,
    /// The codes, in any order.
    pub codes: Vec<PcsCode>,
    /// Labels, in any order; a table that has none is judged all the same.
    pub labels: Vec<AxisValue>,
}

fn refuse(why: &'static str) -> Error {
    Error::new(&codes::PACK_MALFORMED).note(why)
}

impl PcsSource {
    /// Compiles the pack.
    ///
    /// # Errors
    /// `pack_malformed` where a code is none or stands twice, or a count does not fit.
    pub fn compile(mut self, info: PackInfo) -> Result<Vec<u8>> {
        self.codes.sort_by(|a, b| a.code.cmp(&b.code));
        let twice = self.codes.windows(2).any(|pair| matches!(pair, [a, b] if a.code == b.code));
        if self.codes.is_empty() || twice {
            return Err(refuse("no code, or one that stands twice"));
        }
        if self.codes.iter().any(|row| Key::of(&row.code).is_none() || row.code.len() != LENGTH) {
            return Err(refuse("a row is no code of seven characters"));
        }
        if self.releases.is_empty() || self.releases.len() > 32 {
            return Err(refuse("from one to 32 releases"));
        }
        let info = PackInfo { rows: self.codes.len() as u64, ..info };
        let titles: Vec<&str> = self.codes.iter().map(|row| row.title.as_str()).collect();
        let (words, titles) = titles::encode(&titles)?;
        PackWriter::new(info)
            .section("releases", release_section(&self.releases)?)
            .section("codes", self.code_section()?)
            .section("masks", self.mask_section()?)
            .section("words", words)
            .section("titles", titles)
            .section("labels", labels::section(&mut self.labels)?)
            .finish()
    }

    fn code_section(&self) -> Result<Vec<u8>> {
        let count = u32::try_from(self.codes.len()).map_err(|_| refuse("too many codes"))?;
        let mut out = count.to_le_bytes().to_vec();
        let mut before: &[u8] = &[];
        for row in &self.codes {
            let now = row.code.as_bytes();
            let shared = before.iter().zip(now).take_while(|(a, b)| a == b).count();
            out.push(shared as u8);
            out.extend(now.get(shared..).unwrap_or_default());
            before = now;
        }
        Ok(out)
    }

    fn mask_section(&self) -> Result<Vec<u8>> {
        let mut masks: Vec<u32> = self.codes.iter().map(|row| row.releases).collect();
        masks.sort_unstable();
        masks.dedup();
        let mut out = Vec::new();
        put_short(&mut out, masks.len())?;
        out.extend(masks.iter().flat_map(|mask| mask.to_le_bytes()));
        for run in self.codes.chunk_by(|a, b| a.releases == b.releases) {
            let mask = run.first().map_or(0, |row| row.releases);
            for part in run.chunks(0x7FFF) {
                put_short(&mut out, masks.binary_search(&mask).unwrap_or_default())?;
                put_short(&mut out, part.len())?;
            }
        }
        Ok(out)
    }
}
