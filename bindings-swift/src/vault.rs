//! The table of random tokens, as a foreign object.

use std::sync::Arc;

use chartkeeper::api;

use crate::error::Result;

/// The tokens that stand for identifiers. Records that are de-identified with the same vault keep pointing at each
/// other. Safe to use from every thread.
#[derive(uniffi::Object)]
pub struct Vault(pub(crate) api::Vault);

#[uniffi::export]
impl Vault {
    /// With tokens from the operating system's entropy.
    #[uniffi::constructor]
    pub fn new() -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Vault::new()?)))
    }

    /// With tokens that repeat for the same 32 bytes: for tests, never for data that leaves the house.
    #[uniffi::constructor]
    pub fn from_seed(seed: Vec<u8>) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Vault::from_seed(api::key("seed", &seed)?))))
    }

    /// Opens the file of a vault with its key, 32 bytes.
    #[uniffi::constructor]
    pub fn open(path: &str, key: Vec<u8>) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Vault::open(path, &api::key("key", &key)?)?)))
    }

    /// Writes the vault to a file under a key of 32 bytes.
    pub fn save(&self, path: &str, key: Vec<u8>) -> Result<()> {
        Ok(self.0.save(path, &api::key("key", &key)?)?)
    }

    /// Deletes what belongs to one person's records alone; how many tokens were deleted. Files that were saved before
    /// still hold them.
    pub fn forget(&self, person: &str) -> u64 {
        self.0.forget(person) as u64
    }

    /// How many tokens it has given out.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }
}
