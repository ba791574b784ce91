//! The ledger of disclosures, as a foreign object.

use std::sync::Arc;

use chartkeeper::api;

use crate::error::Result;
use crate::mirror::Mirror;
use crate::records::{AccountingEntry, Checkpoint, Receipt};

/// The ledger of disclosures in a folder. Safe to use from every thread.
#[derive(uniffi::Object)]
pub struct Ledger(pub(crate) api::Ledger);

#[uniffi::export]
impl Ledger {
    /// Opens the ledger for writing, and creates it where there is none. `signing_key` is 32 secret bytes.
    #[uniffi::constructor(default(signing_key = None))]
    pub fn open(path: &str, signing_key: Option<Vec<u8>>) -> Result<Arc<Self>> {
        let key = signing_key.map(|key| api::key("signing_key", &key)).transpose()?;
        Ok(Arc::new(Self(api::Ledger::open(path, key.as_ref())?)))
    }

    /// The head of the acknowledged tree.
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.0.checkpoint()?.mirror())
    }

    /// The proof that the entry at an index is in the ledger.
    pub fn prove(&self, index: u64) -> Result<Receipt> {
        Ok(self.0.prove(index)?.mirror())
    }

    /// Reads the whole log and checks every entry, checkpoint and signature. How many entries it has.
    pub fn verify(&self) -> Result<u64> {
        self.0.verify()?;
        Ok(self.0.len()?)
    }

    /// The disclosures that an accounting shows to a patient, of the six years that end with `as_of` (`YYYY-MM-DD`).
    pub fn accounting(&self, patient: &str, as_of: &str) -> Result<Vec<AccountingEntry>> {
        Ok(self.0.accounting(patient, as_of)?.mirror())
    }
}
