//! `Ledger`: the log of disclosures on disk, with its checkpoints, receipts and accounting.

use std::path::PathBuf;

use chartkeeper::api;
use pyo3::prelude::*;

use crate::error::Result;
use crate::mirror::{Items, Mirror, list, mirror};

impl Mirror<String> for api::Hash {
    fn mirror(self) -> String {
        self.to_string()
    }
}

mirror! {
    /// Size and root of a ledger at one moment, with the signed note that says so.
    Checkpoint shows (origin, size, root) {
        /// Which ledger: `chartkeeper/ledger/` and the beginning of the hash of its public key, or `unsigned`.
        origin: String,
        /// How many entries.
        size: u64,
        /// The root of their tree: SHA-256 in lower-case hexadecimal.
        root: String,
        /// The note, signature lines included.
        note: String,
    }
}

mirror! {
    /// The proof that an entry stands at `index` of the ledger whose checkpoint is in it.
    Receipt shows (index, tree_size, root) {
        /// Place of the entry, counted from 0.
        index: u64,
        /// How many entries the tree had.
        tree_size: u64,
        /// The root of that tree: SHA-256 in lower-case hexadecimal.
        root: String,
        /// The hash of the entry's leaf.
        leaf_hash: String,
        /// The inclusion proof, from the leaf to the root.
        proof: Items<String>,
        /// The checkpoint of that tree: a signed note.
        checkpoint: String,
        /// The entry as it was logged, in JSON. A release gives it; a proof made later does not hold it.
        entry: Option<String>,
    }
}

mirror! {
    /// One disclosure of an accounting (45 CFR 164.528(b)(2)).
    AccountingEntry shows (index, date) {
        /// Place of the entry in the ledger; of several, of the first.
        index: u64,
        /// When it was made; of several, the earliest.
        date: String,
        /// Who received it.
        recipient: String,
        /// The recipient's address, where it is known.
        address: Option<String>,
        /// What was disclosed; of several, by the first.
        description: String,
        /// Why.
        purpose: String,
        /// How many disclosures it stands for.
        disclosures: u64,
        /// The date of the last of several.
        last_date: Option<String>,
    }
}

/// The log of disclosures in a folder: entries are only ever added, and none can be changed unnoticed. Any thread may
/// use it.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Ledger(pub(crate) api::Ledger);

#[pymethods]
impl Ledger {
    /// Opens the ledger in the folder `path`, which is made where it is not there. With `signing_key`, the 32 secret
    /// bytes of an Ed25519 key, its checkpoints are signed; a ledger stays with the key that it began with.
    ///
    /// Raises `LedgerError` or `IoError`.
    #[staticmethod]
    #[pyo3(signature = (path, signing_key=None))]
    fn open(py: Python<'_>, path: PathBuf, signing_key: Option<[u8; 32]>) -> Result<Self> {
        Ok(Self(py.detach(|| api::Ledger::open(path, signing_key.as_ref()))?))
    }

    /// Size and root now, in a note that is signed where the ledger has a key.
    fn checkpoint(&self, py: Python<'_>) -> Result<Checkpoint> {
        Ok(py.detach(|| self.0.checkpoint())?.mirror())
    }

    /// The proof that the entry at `index`, counted from 0, is in the ledger.
    fn prove(&self, py: Python<'_>, index: u64) -> Result<Receipt> {
        Ok(py.detach(|| self.0.prove(index))?.mirror())
    }

    /// Reads the whole ledger again and checks every entry and checkpoint; returns how many entries there are.
    ///
    /// Raises `LedgerError` where something was changed.
    fn verify(&self, py: Python<'_>) -> Result<u64> {
        Ok(py.detach(|| self.0.verify().and_then(|()| self.0.len()))?)
    }

    /// What was disclosed of a patient in the six years that end with `as_of` (45 CFR 164.528). `patient` is the
    /// medical record number of the record, or else its patient's first identifier or id.
    ///
    /// `years`, 1 to 6, asks for fewer; with `summarise`, disclosures to one recipient for one purpose are told as one
    /// (164.528(b)(3)). Raises `ArgumentError` or `LedgerError`.
    #[pyo3(signature = (patient, *, as_of, years=None, summarise=false))]
    fn accounting(
        &self,
        py: Python<'_>,
        patient: String,
        as_of: String,
        years: Option<u8>,
        summarise: bool,
    ) -> Result<Vec<AccountingEntry>> {
        let request = api::AccountingRequest { patient, as_of, years, summarise };
        Ok(list(py.detach(|| self.0.accounting_of(&request))?))
    }

    /// Entries as a FHIR R4 Bundle, JSON text, of AuditEvents in the shapes of the IHE profile Basic Audit Log Patterns,
    /// each with a Provenance of the copy that went out.
    ///
    /// `recorded` is the moment of the export, a FHIR instant; `source` says who disclosed; `patient` narrows to one,
    /// `first_index` and `limit` to a part of the ledger. Raises `ArgumentError` or `LedgerError`.
    #[pyo3(signature = (*, recorded, source, patient=None, first_index=None, limit=None))]
    fn export_audit(
        &self,
        py: Python<'_>,
        recorded: String,
        source: String,
        patient: Option<String>,
        first_index: Option<u64>,
        limit: Option<u64>,
    ) -> Result<String> {
        let request = api::AuditRequest { recorded, source, patient, first_index, limit };
        Ok(py.detach(|| self.0.export_audit(&request))?)
    }

    #[expect(clippy::unused_self, reason = "the protocol of `repr`")]
    fn __repr__(&self) -> &'static str {
        "Ledger()"
    }
}
