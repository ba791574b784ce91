//! De-identified records, their manifest, and the vault of tokens.

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, ClassInstance};
use napi_derive::napi;

use crate::error::{Result, failure, key};
use crate::ledger::Receipt;
use crate::mirror::{Mirror, Span, mirror};
use crate::quality::Finding;

/// What a de-identification depends on besides the record.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct DeidentifyOptions<'v> {
    /// Name of the policy, or the JSON text of one of your own; `hipaa-safe-harbor` where it is left out.
    pub policy: Option<String>,
    /// A secret key, for policies that make codes with one. Safe Harbor accepts none.
    pub key: Option<Buffer>,
    /// The day (`YYYY-MM-DD`) on which the age of the living counts; without it no birth year of a living person is
    /// kept.
    pub as_of: Option<String>,
    /// The table of random tokens; records that are given the same one keep pointing at each other.
    pub vault: Option<ClassInstance<'v, Vault>>,
    /// The patient, where you know better than the record: what is done by patient is the same for every record of the
    /// same name.
    pub patient: Option<String>,
    /// By how many days dates move, in place of the offset that follows from the key and the patient.
    pub shift_days: Option<i32>,
}

impl<'v> DeidentifyOptions<'v> {
    /// The name of the policy, and the options as the core takes them.
    pub(crate) fn given(&self) -> (&str, api::DeidentifyOptions<'_>) {
        let policy = self.policy.as_deref().unwrap_or("hipaa-safe-harbor");
        let options = api::DeidentifyOptions {
            as_of: self.as_of.as_deref(),
            vault: self.vault.as_ref().map(|vault| &vault.inner),
            key: self.key.as_deref(),
            patient: self.patient.as_deref(),
            shift_days: self.shift_days,
        };
        (policy, options)
    }
}

/// How far a run over a folder has come.
#[napi(object, object_from_js = false)]
pub struct FolderProgress {
    /// Files that are done, those that stood there already among them.
    pub files: i64,
    /// Records that were written.
    pub records: i64,
    /// Records that were left out.
    pub refused: i64,
    /// Bytes that were read.
    pub bytes: i64,
}

/// A record of a folder that was left out.
#[napi(object, object_from_js = false)]
pub struct RefusedRecord {
    /// Its file, as its place among the files in the order of their names, from 0.
    pub file: i64,
    /// The line, or the segment of HL7 v2, with which it begins, from 1.
    pub line: i64,
    /// Why: the code of the error.
    pub code: &'static str,
}

/// What a run over a folder has done.
#[napi(object, object_from_js = false)]
pub struct FolderReport {
    /// Files that were written.
    pub files: i64,
    /// Files whose output stood there already, and was not made again.
    pub skipped: i64,
    /// Files of other kinds, which were left where they are.
    pub ignored: i64,
    /// Records that were written.
    pub records: i64,
    /// Bytes that were read.
    pub bytes: i64,
    /// Records that were left out.
    pub refused: Vec<RefusedRecord>,
    /// Whether all files are done: not where `progress` ended the run.
    pub complete: bool,
}

mirror!(FolderProgress { files, records, refused, bytes });
mirror!(RefusedRecord { file, line, code });
mirror!(FolderReport { files, skipped, ignored, records, bytes, refused, complete });

/// What was done to one place of a record and why; never the value.
#[napi(object, object_from_js = false)]
pub struct ManifestEntry {
    /// What the place holds, such as `name` or `postal_code`.
    pub label: &'static str,
    /// What was done: `remove`, `mask`, `year`, `zip3` or `token`.
    pub action: &'static str,
    /// Native path in the source, such as `Patient.name[0]`.
    pub path: String,
    /// Bytes of the value in the source.
    pub span: Span,
    /// The paragraph that asks for it, such as `164.514(b)(2)(i)(A)`.
    pub rule: String,
}

mirror!(ManifestEntry { label, action, path, span, rule });

/// A de-identified record, and what was done to it.
#[napi(object, object_from_js = false)]
pub struct Deidentified {
    /// The source with the changed bytes; every other byte as it was.
    pub output: Buffer,
    /// What was changed, where and why, in source order.
    pub manifest: Vec<ManifestEntry>,
    /// Name of the policy.
    pub policy: String,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}

impl Mirror<Deidentified> for api::Deidentified {
    fn mirror(self) -> Deidentified {
        let Self { output, manifest, policy, findings } = self;
        let manifest = manifest.entries().map(Mirror::mirror).collect();
        Deidentified { output: output.into(), manifest, policy, findings: findings.mirror() }
    }
}

/// The table of random tokens: records that are de-identified with the same vault keep pointing at each other.
///
/// It is as secret as the records, and is wiped from memory when it goes.
#[napi]
pub struct Vault {
    pub(crate) inner: api::Vault,
}

#[napi]
impl Vault {
    /// An empty vault whose tokens come from the operating system's entropy. Throws a `ChartkeeperError` of kind `io`.
    #[napi(constructor)]
    pub fn new() -> Result<Self> {
        Ok(Self { inner: api::Vault::new().map_err(failure)? })
    }

    /// An empty vault whose tokens follow from `seed`, 32 bytes: for tests and for runs that must repeat. Whoever holds
    /// the seed can foretell the tokens.
    #[napi(factory)]
    pub fn from_seed(seed: Buffer) -> Result<Self> {
        Ok(Self { inner: api::Vault::from_seed(key(seed)?) })
    }

    /// Opens the file of a vault with its key, 32 bytes. Throws a `ChartkeeperError`.
    #[napi(factory)]
    pub fn open(path: String, secret: Buffer) -> Result<Self> {
        Ok(Self { inner: api::Vault::open(path, &key(secret)?).map_err(failure)? })
    }

    /// Writes the vault to a file under a key of 32 bytes. Throws a `ChartkeeperError` of kind `io`.
    #[napi]
    pub fn save(&self, path: String, secret: Buffer) -> Result<()> {
        self.inner.save(path, &key(secret)?).map_err(failure)
    }

    /// Deletes what belongs to one person's records alone; how many tokens were deleted. Files that were saved before
    /// still hold them.
    #[napi]
    pub fn forget(&self, person: String) -> i64 {
        self.inner.forget(&person).mirror()
    }

    /// How many tokens it holds.
    #[napi(getter)]
    pub fn size(&self) -> i64 {
        self.inner.len().mirror()
    }
}

/// What a search of an output for what should be gone has found. Never a value.
#[napi(object, object_from_js = false)]
pub struct Verification {
    /// Name of the policy.
    pub policy: String,
    /// Values and forms of values that were looked for.
    pub searched: i64,
    /// Texts of the output that were looked into.
    pub texts: i64,
    /// What was found; empty where nothing that the policy hides can be read.
    pub findings: Vec<Finding>,
    /// What was done and how it was checked, in Markdown, for the file of whoever determines the risk (45 CFR
    /// 164.514(b)(1)(ii)). It holds no value of the record.
    pub statement: String,
}

mirror!(Verification { policy, searched, texts, findings, statement });

/// What a token stands for, and the proof that its look-up was recorded.
#[napi(object, object_from_js = false)]
pub struct Reidentified {
    /// The value that the token stands for.
    pub value: String,
    /// The ledger's receipt for the entry that was written before the value was handed out.
    pub receipt: Receipt,
}

mirror!(Reidentified { value, receipt });
