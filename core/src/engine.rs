//! Chartkeeper: the rooms joined into one object that is built once and shared by every thread.

use crate::error::Result;
use crate::packs::{Pack, PackInfo};

/// The library's knowledge, ready for use. `Send + Sync`, without global state; build it once and share it.
#[derive(Debug, Default)]
pub struct Chartkeeper {
    packs: Vec<Pack>,
}

impl Chartkeeper {
    /// With the embedded packs.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub fn new() -> Result<Self> {
        Self::with_packs(Vec::new())
    }

    /// With the embedded packs, and with packs that the user brings as bytes.
    ///
    /// # Errors
    /// `pack_malformed`, `pack_damaged`.
    pub fn with_packs(packs: Vec<Vec<u8>>) -> Result<Self> {
        let packs = packs.into_iter().map(Pack::load).collect::<Result<_>>()?;
        Ok(Self { packs })
    }

    /// Who every loaded pack is: name, release, effective dates, rows, licence, source, fingerprint.
    #[must_use]
    pub fn packs(&self) -> Vec<PackInfo> {
        self.packs.iter().map(|pack| pack.info().clone()).collect()
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Chartkeeper>();
};
