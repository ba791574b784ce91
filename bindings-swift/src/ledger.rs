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

    /// The disclosures that an accounting shows to a patient, of the six years that end with `as_of` (`YYYY-MM-DD`), or of
    /// fewer `years`. With `summarise`, those to one recipient for one purpose are told as one (45 CFR 164.528(b)(3)).
    #[uniffi::method(default(years = None, summarise = false))]
    pub fn accounting(
        &self,
        patient: String,
        as_of: String,
        years: Option<u8>,
        summarise: bool,
    ) -> Result<Vec<AccountingEntry>> {
        let request = api::AccountingRequest { patient, as_of, years, summarise };
        Ok(self.0.accounting_of(&request)?.mirror())
    }

    /// Entries as a FHIR R4 Bundle, JSON text, of AuditEvents in the shapes of the IHE profile Basic Audit Log Patterns.
    /// `recorded` is the moment of the export, a FHIR instant; `source` says who disclosed.
    #[uniffi::method(default(patient = None, first_index = None, limit = None))]
    pub fn export_audit(
        &self,
        recorded: String,
        source: String,
        patient: Option<String>,
        first_index: Option<u64>,
        limit: Option<u64>,
    ) -> Result<String> {
        let request = api::AuditRequest { recorded, source, patient, first_index, limit };
        Ok(self.0.export_audit(&request)?)
    }
}
