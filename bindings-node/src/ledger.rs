//! `Ledger`: the log of disclosures on disk, with its checkpoints, receipts and accounting.

use chartkeeper::api;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::error::{Result, failure, key};
use crate::mirror::{Mirror, mirror};

/// Size and root of a ledger at one moment, with the signed note that says so.
#[napi(object, object_from_js = false)]
pub struct Checkpoint {
    /// Which ledger: `chartkeeper/ledger/` and the beginning of the hash of its public key, or `unsigned`.
    pub origin: String,
    /// How many entries.
    pub size: i64,
    /// The root of their tree: SHA-256 in lower-case hexadecimal.
    pub root: String,
    /// The note, signature lines included.
    pub note: String,
}

/// The proof that an entry stands at `index` of the ledger whose checkpoint is in it.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct Receipt {
    /// Place of the entry, counted from 0.
    pub index: i64,
    /// How many entries the tree had.
    pub tree_size: i64,
    /// The root of that tree: SHA-256 in lower-case hexadecimal.
    pub root: String,
    /// The hash of the entry's leaf.
    pub leaf_hash: String,
    /// The inclusion proof, from the leaf to the root.
    pub proof: Vec<String>,
    /// The checkpoint of that tree: a signed note.
    pub checkpoint: String,
    /// The entry as it was logged, in JSON. A release gives it; a proof made later does not hold it.
    pub entry: Option<String>,
}

/// One disclosure of an accounting (45 CFR 164.528(b)(2)).
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct AccountingEntry {
    /// Place of the entry in the ledger; of several, of the first.
    pub index: i64,
    /// When it was made; of several, the earliest.
    pub date: String,
    /// Who received it.
    pub recipient: String,
    /// The recipient's address, where it is known.
    pub address: Option<String>,
    /// What was disclosed; of several, by the first.
    pub description: String,
    /// Why.
    pub purpose: String,
    /// How many disclosures it stands for.
    pub disclosures: i64,
    /// The date of the last of several.
    pub last_date: Option<String>,
}

mirror!(Checkpoint { origin, size, root, note });
mirror!(Receipt { index, tree_size, root, leaf_hash, proof, checkpoint, entry });
mirror!(AccountingEntry { index, date, recipient, address, description, purpose, disclosures, last_date });

/// What narrows an accounting of disclosures.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct AccountingOptions {
    /// How many years it has, 1 to 6. Left out, six.
    pub years: Option<u8>,
    /// Whether disclosures to one recipient for one purpose are told as one (164.528(b)(3)).
    pub summarise: Option<bool>,
}

/// What an export of entries holds, and what stands in it that no entry says.
#[napi(object, object_to_js = false)]
pub struct AuditRequest {
    /// The moment of the export, a FHIR instant such as `2025-06-30T12:00:00Z`.
    pub recorded: String,
    /// Who disclosed: the name of the holder or of its system.
    pub source: String,
    /// Only the entries of this patient.
    pub patient: Option<String>,
    /// Only entries from this place on.
    pub first_index: Option<u32>,
    /// At most so many entries.
    pub limit: Option<u32>,
}

/// The log of disclosures in a folder: entries are only ever added, and none can be changed unnoticed.
#[napi]
pub struct Ledger {
    pub(crate) inner: api::Ledger,
}

#[napi]
impl Ledger {
    /// Opens the ledger in the folder `path`, which is made where it is not there. With `signingKey`, the 32 secret
    /// bytes of an Ed25519 key, its checkpoints are signed; a ledger stays with the key that it began with.
    ///
    /// Throws a `ChartkeeperError` of kind `ledger` or `io`.
    #[napi(factory)]
    pub fn open(path: String, signing_key: Option<Buffer>) -> Result<Self> {
        let signing_key = signing_key.map(key).transpose()?;
        Ok(Self { inner: api::Ledger::open(path, signing_key.as_ref()).map_err(failure)? })
    }

    /// Size and root now, in a note that is signed where the ledger has a key.
    #[napi]
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.inner.checkpoint().map_err(failure)?.mirror())
    }

    /// The proof that the entry at `index`, counted from 0, is in the ledger.
    #[napi]
    pub fn prove(&self, index: u32) -> Result<Receipt> {
        Ok(self.inner.prove(u64::from(index)).map_err(failure)?.mirror())
    }

    /// Reads the whole ledger again and checks every entry and checkpoint; returns how many entries there are.
    ///
    /// Throws a `ChartkeeperError` of kind `ledger` where something was changed.
    #[napi]
    pub fn verify(&self) -> Result<i64> {
        Ok(self.inner.verify().and_then(|()| self.inner.len()).map_err(failure)?.mirror())
    }

    /// What was disclosed of a patient in the six years that end with `asOf` (45 CFR 164.528). `patient` is the
    /// medical record number of the record, or else its patient's first identifier or id.
    #[napi]
    pub fn accounting(
        &self,
        patient: String,
        as_of: String,
        options: Option<AccountingOptions>,
    ) -> Result<Vec<AccountingEntry>> {
        let AccountingOptions { years, summarise } = options.unwrap_or_default();
        let summarise = summarise.unwrap_or_default();
        let request = api::AccountingRequest { patient, as_of, years, summarise };
        Ok(self.inner.accounting_of(&request).map_err(failure)?.mirror())
    }

    /// Entries as a FHIR R4 Bundle, JSON text, of AuditEvents in the shapes of the IHE profile Basic Audit Log Patterns,
    /// each with a Provenance of the copy that went out.
    #[napi]
    pub fn export_audit(&self, request: AuditRequest) -> Result<String> {
        let AuditRequest { recorded, source, patient, first_index, limit } = request;
        let (first_index, limit) = (first_index.map(u64::from), limit.map(u64::from));
        let request = api::AuditRequest { recorded, source, patient, first_index, limit };
        self.inner.export_audit(&request).map_err(failure)
    }
}
