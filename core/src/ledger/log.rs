//! The ledger as its callers see it: one writer, any number of readers, proofs and the accounting.

use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use super::accounting::{Accounting, AccountingEntry, AccountingRequest};
use super::audit::{AuditExport, AuditRequest};
use super::checkpoint::Checkpoint;
use super::entry::{Content, Disclosure, Entry};
use super::files::{Files, damaged, io};
use super::group::{Group, lock};
use super::hash::Hash;
use super::head::{self, Head};
use super::keys::Keys;
use super::merkle::{Frontier, Nodes as _, consistency};
use super::proof::verify_consistency;
use super::receipt::Receipt;
use super::scan::{self, Signatures};
use super::tree::TreeFile;
use super::writer::{Writer, receipt};
use crate::error::{Error, Result, codes};

/// A ledger of disclosures in a folder. `Send` and `Sync`: appends of several threads share their waits for the disk.
///
/// ```
/// use chartkeeper::ledger::{Disclosure, Hash, Ledger, Recipient};
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("disclosures");
/// let key = [7u8; 32]; // 32 secret random bytes that the caller keeps
/// let ledger = Ledger::open(&path, Some(&key))?;
/// let receipt = ledger.append(&Disclosure {
///     patient: "mrn-0042".into(),
///     recipient: Recipient { name: "County Health Department".into(), address: None },
///     date: "2025-03-01".into(),
///     description: "immunizations of 2024".into(),
///     purpose: "public health reporting, 45 CFR 164.512(b)".into(),
///     outcome: "release".into(),
///     accounting_required: true,
///     suspended_until: None,
///     request_sha256: Hash::of(b"the request"),
///     record_sha256: Hash::of(b"the record"),
///     decision_sha256: Hash::of(b"the decision"),
///     output_sha256: None,
///     law_packs: vec![],
/// })?;
/// receipt.verify(&ledger.public_key().unwrap())?;
/// assert_eq!(ledger.accounting("mrn-0042", "2025-06-30")?.len(), 1);
/// # Ok::<(), chartkeeper::Error>(())
/// ```
#[derive(Debug)]
pub struct Ledger {
    files: Files,
    keys: Keys,
    writing: Option<Writing>,
}

/// What only the writer has.
#[derive(Debug)]
struct Writing {
    group: Group,
    writer: Mutex<Writer>,
    /// The head as the last commit left it, for proofs that do not wait for a commit.
    head: Mutex<Head>,
    /// Held, not read: the lock lasts as long as the file is open.
    _lock: File,
}

impl Ledger {
    /// Opens the ledger in the folder `path` for writing, or begins one there. `signing_key` is the 32-byte secret seed
    /// of an Ed25519 key (RFC 8032, section 5.1.5); one key is for one ledger, for all of its life. Without a key the
    /// checkpoints are unsigned and the entries are in the clear: damage is still seen, a deliberate rewriting is not,
    /// and receipts cannot be verified. Use it for trials only.
    ///
    /// What a crash left unacknowledged at the end is dropped, or kept where it is a whole commit. A log of up to
    /// 32 MiB is read whole; of a longer one [`Ledger::verify`] does that.
    ///
    /// # Errors
    /// `ledger_locked` where another writer has it open, `ledger_key` where it is of another key, `ledger_damaged`,
    /// `ledger_truncated`, `ledger_io`.
    pub fn open(path: impl AsRef<Path>, signing_key: Option<&[u8; 32]>) -> Result<Self> {
        let files = Files::new(path.as_ref());
        let keys = Keys::writing(signing_key)?;
        files.create_folder()?;
        let held = files.lock()?;
        let writer = Writer::open(&files, &keys)?;
        let head = Mutex::new(writer.head().clone());
        let writing = Writing { group: Group::default(), writer: Mutex::new(writer), head, _lock: held };
        Ok(Self { files, keys, writing: Some(writing) })
    }

    /// Opens the ledger for reading, also while a writer has it open; it follows what the writer acknowledges. Without
    /// the key the signature is not checked (see [`Checkpoint::verify`]) and no accounting of a signed ledger is possible.
    ///
    /// # Errors
    /// `ledger_key`, `ledger_damaged`, `ledger_truncated`, `ledger_io`.
    pub fn open_reading(path: impl AsRef<Path>, signing_key: Option<&[u8; 32]>) -> Result<Self> {
        let ledger =
            Self { files: Files::new(path.as_ref()), keys: Keys::reading(signing_key)?, writing: None };
        scan::open_at_head(&ledger.files, &ledger.keys, &ledger.head()?)?;
        Ok(ledger)
    }

    /// Logs a disclosure and returns when the disk has it.
    ///
    /// # Errors
    /// As [`Ledger::append_all`].
    pub fn append(&self, disclosure: &Disclosure) -> Result<Receipt> {
        let receipts = self.append_all(std::slice::from_ref(disclosure))?;
        receipts.into_iter().next().ok_or_else(|| Error::new(&codes::LEDGER_FAILED))
    }

    /// Logs disclosures under one checkpoint: all of them or none. Receipts are in the order of the disclosures.
    ///
    /// # Errors
    /// `invalid_argument` and `invalid_date` name the field; `ledger_read_only`; `ledger_io` where the disk refused, and
    /// `ledger_failed` from then on until the ledger is opened again.
    pub fn append_all(&self, disclosures: &[Disclosure]) -> Result<Vec<Receipt>> {
        let writing = self.writing.as_ref().ok_or_else(|| Error::new(&codes::LEDGER_READ_ONLY))?;
        let bodies = disclosures
            .iter()
            .map(|disclosure| Entry::encode(disclosure, &self.keys))
            .collect::<Result<Vec<_>>>()?;
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        writing.group.commit(bodies, |bodies| {
            let mut writer = lock(&writing.writer);
            let receipts = writer.commit(&self.files, &self.keys, bodies)?;
            *lock(&writing.head) = writer.head().clone();
            Ok(receipts)
        })
    }

    fn head(&self) -> Result<Head> {
        if let Some(writing) = &self.writing {
            return Ok(lock(&writing.head).clone());
        }
        let file = File::open(self.files.head()).map_err(io("head"))?;
        let head = head::read(&file)?.head.ok_or_else(|| damaged("head"))?;
        self.keys.accept(&head.checkpoint)?;
        Ok(head)
    }

    /// How many entries are acknowledged.
    ///
    /// # Errors
    /// Of a reader: `ledger_damaged`, `ledger_key`, `ledger_io`. A writer has none.
    pub fn len(&self) -> Result<u64> {
        Ok(self.head()?.checkpoint.size)
    }

    /// Whether no entry is acknowledged.
    ///
    /// # Errors
    /// As [`Ledger::len`].
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// The root of the tree.
    ///
    /// # Errors
    /// As [`Ledger::len`].
    pub fn root(&self) -> Result<Hash> {
        Ok(self.head()?.checkpoint.root)
    }

    /// The last checkpoint. Keep a copy elsewhere: [`Ledger::extends`] shows by it that nothing before was lost.
    ///
    /// # Errors
    /// As [`Ledger::len`].
    pub fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(self.head()?.checkpoint)
    }

    /// The Ed25519 public key that verifies checkpoints and receipts; none without a signing key.
    #[must_use]
    pub fn public_key(&self) -> Option<[u8; 32]> {
        self.keys.public()
    }

    /// The inclusion proof of the entry at `index` in the acknowledged tree.
    ///
    /// # Errors
    /// `invalid_argument` where there is no such entry, `ledger_damaged`, `ledger_io`.
    pub fn prove(&self, index: u64) -> Result<Receipt> {
        let head = self.head()?;
        if index >= head.checkpoint.size {
            return Err(Error::new(&codes::INVALID_ARGUMENT)
                .in_path("index")
                .note("the ledger has no entry of this index"));
        }
        self.with_tree(&head, |tree| receipt(tree, index, tree.node(0, index)?, &head.checkpoint))
    }

    /// The proof that the acknowledged tree begins with that of `old_size` entries, at least one.
    ///
    /// # Errors
    /// `invalid_argument` where the ledger never had that size, `ledger_damaged`, `ledger_io`.
    pub fn prove_consistency(&self, old_size: u64) -> Result<Vec<Hash>> {
        let head = self.head()?;
        if old_size == 0 || old_size > head.checkpoint.size {
            return Err(Error::new(&codes::INVALID_ARGUMENT)
                .in_path("old_size")
                .note("it must be at least 1 and at most the number of entries"));
        }
        self.with_tree(&head, |tree| {
            let old_root = Frontier::read(tree, old_size)?.root();
            let proof = consistency(tree, old_size, head.checkpoint.size)?;
            verify_consistency(old_size, head.checkpoint.size, &old_root, &proof, &head.checkpoint.root)?;
            Ok(proof)
        })
    }

    /// Checks that this ledger is what `earlier`, a checkpoint of it that was kept elsewhere, became by appends alone.
    /// That is how a ledger is found out that was cut back or written anew with everything in its folder.
    ///
    /// # Errors
    /// `ledger_truncated` where it is shorter now, `ledger_diverged` where its beginning is another, `ledger_key`.
    pub fn extends(&self, earlier: &Checkpoint) -> Result<()> {
        self.keys.accept(earlier)?;
        let head = self.head()?.checkpoint;
        match earlier.size {
            0 => Ok(()),
            size if size > head.size => Err(Error::new(&codes::LEDGER_TRUNCATED)),
            size => {
                let proof = self.prove_consistency(size)?;
                verify_consistency(size, head.size, &earlier.root, &proof, &head.root)
                    .map_err(|_| Error::new(&codes::LEDGER_DIVERGED))
            }
        }
    }

    /// Reads the whole log and checks every entry, every checkpoint and every signature; with the key, every seal.
    ///
    /// # Errors
    /// `ledger_damaged`, `ledger_truncated`, `ledger_key`, `ledger_io`.
    pub fn verify(&self) -> Result<()> {
        let check = |_, body: &[u8], _| {
            let entry = Entry::decode(body).ok_or_else(|| damaged("log"))?;
            if entry.is_sealed() && self.keys.seal().is_none() {
                return Ok(());
            }
            entry.content(&self.keys).map(drop)
        };
        scan::acknowledged(&self.files, &self.keys, &self.head()?, Signatures::Check, check)
    }

    /// The disclosures that an accounting shows to `patient`, in the order in which they were logged: those of the six
    /// years that end with the day `as_of` (`YYYY-MM-DD`), without those marked as excluded (45 CFR 164.528). The whole
    /// log is read and checked, so an accounting is never given out of a damaged one.
    ///
    /// # Errors
    /// `invalid_date`, `ledger_damaged`, `ledger_truncated`, `ledger_key`, `ledger_io`.
    pub fn accounting(&self, patient: &str, as_of: &str) -> Result<Vec<AccountingEntry>> {
        let (patient, as_of) = (patient.to_owned(), as_of.to_owned());
        self.accounting_of(&AccountingRequest { patient, as_of, ..AccountingRequest::default() })
    }

    /// As [`Ledger::accounting`], of fewer years or with disclosures to one recipient for one purpose told as one.
    ///
    /// # Errors
    /// As [`Ledger::accounting`]; `invalid_argument` where `years` is not one of 1 to 6.
    pub fn accounting_of(&self, request: &AccountingRequest) -> Result<Vec<AccountingEntry>> {
        let mut accounting = Accounting::new(request)?;
        self.each_entry(Some(&request.patient), |index, _, _, content| {
            accounting.add(index, content);
            Ok(())
        })?;
        Ok(accounting.finish())
    }

    /// Entries as a FHIR R4 Bundle (JSON text) of AuditEvents, each with a Provenance of the copy that went out, in the
    /// shapes of the IHE profile Basic Audit Log Patterns.
    ///
    /// # Errors
    /// `invalid_date` and `invalid_argument` name the member of the request; those of [`Ledger::accounting`].
    pub fn export_audit(&self, request: &AuditRequest) -> Result<String> {
        let mut export = AuditExport::new(request)?;
        self.each_entry(request.patient.as_deref(), |index, leaf, entry, content| {
            export.add(index, leaf, &entry, &content);
            Ok(())
        })?;
        export.finish()
    }

    /// Reads and checks the whole log, and shows each entry (of the patient, where one is given) with what it tells.
    fn each_entry(
        &self,
        patient: Option<&str>,
        mut visit: impl FnMut(u64, Hash, Entry, Content) -> Result<()>,
    ) -> Result<()> {
        let head = self.head()?;
        if head.checkpoint.is_signed() && self.keys.public().is_none() {
            return Err(Error::new(&codes::LEDGER_KEY).note("the entries are sealed under the signing key"));
        }
        let wanted = patient.map(|reference| self.keys.patient(reference)).transpose()?;
        let digits = wanted.map(|hash| hash.to_string());
        scan::acknowledged(&self.files, &self.keys, &head, Signatures::Trust, |index, body, leaf| {
            if digits.as_ref().is_some_and(|digits| !Entry::may_be_of(body, digits.as_bytes())) {
                return Ok(());
            }
            let entry = Entry::decode(body).ok_or_else(|| damaged("log"))?;
            if wanted.is_some_and(|wanted| wanted != entry.patient) {
                return Ok(());
            }
            let (entry, content) = entry.content(&self.keys)?;
            visit(index, leaf, entry, content)
        })
    }

    /// Reads from the tree file. Where that does not agree with the checkpoint the writer makes it again, once.
    fn with_tree<T>(&self, head: &Head, read: impl Fn(&TreeFile) -> Result<T>) -> Result<T> {
        let open = || -> Result<T> {
            let file = File::open(self.files.tree()).map_err(io("tree"))?;
            read(&TreeFile::new(file, head.checkpoint.size)).map_err(|_| damaged("tree"))
        };
        match (open(), &self.writing) {
            (Err(_), Some(writing)) => {
                lock(&writing.writer).rebuild(&self.files, &self.keys)?;
                open()
            }
            (result, _) => result,
        }
    }
}
