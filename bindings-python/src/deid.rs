//! De-identified records, their manifest, and the vault of tokens.

use std::sync::OnceLock;

use chartkeeper::api;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, type_hint_identifier, type_hint_subscript};

use crate::document::shape;
use crate::error::Result;
use crate::ledger::Receipt;
use crate::mirror::{Items, Mirror, mirror};
use crate::quality::Finding;

mirror! {
    /// What was done to one place of a record and why; never the value.
    ManifestEntry shows (label, action, path, rule) {
        /// What the place holds, such as `name` or `postal_code`.
        label: &'static str,
        /// What was done: `remove`, `mask`, `year`, `zip3` or `token`.
        action: &'static str,
        /// Native path in the source, such as `Patient.name[0]`.
        path: String,
        /// Bytes of the value in the source: the first, and the one after the last.
        span: (usize, usize),
        /// The paragraph that asks for it, such as `164.514(b)(2)(i)(A)`.
        rule: String,
    }
}

/// A de-identified record, and what was done to it.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Deidentified {
    output: Py<PyBytes>,
    manifest: api::Manifest,
    entries: OnceLock<Items<ManifestEntry>>,
    policy: String,
    findings: Items<Finding>,
}

impl Deidentified {
    pub(crate) fn new(py: Python<'_>, done: api::Deidentified) -> Self {
        let api::Deidentified { output, manifest, policy, findings } = done;
        let output = PyBytes::new(py, &output).unbind();
        Self { output, manifest, entries: OnceLock::new(), policy, findings: findings.mirror() }
    }
}

#[pymethods]
impl Deidentified {
    /// The source with the changed bytes; every other byte as it was.
    #[getter]
    fn output(&self, py: Python<'_>) -> Py<PyBytes> {
        self.output.clone_ref(py)
    }

    /// What was changed, where and why, in source order. It is made when it is first read.
    #[getter]
    fn manifest(&self) -> &Items<ManifestEntry> {
        self.entries.get_or_init(|| self.manifest.entries().collect::<Vec<_>>().mirror())
    }

    /// Name of the policy.
    #[getter]
    fn policy(&self) -> &str {
        &self.policy
    }

    /// What a person should look at.
    #[getter]
    fn findings(&self) -> &Items<Finding> {
        &self.findings
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let bytes = self.output.as_bytes(py).len();
        format!("Deidentified(policy={:?}, bytes={bytes}, manifest={})", self.policy, self.manifest.len())
    }
}

mirror! {
    /// How far a run over a folder has come.
    FolderProgress shows (files, records, refused, bytes) {
        /// Files that are done, those that stood there already among them.
        files: usize,
        /// Records that were written.
        records: usize,
        /// Records that were left out.
        refused: usize,
        /// Bytes that were read.
        bytes: u64,
    }
}

mirror! {
    /// A record of a folder that was left out.
    RefusedRecord shows (file, line, code) {
        /// Its file, as its place among the files in the order of their names, from 0.
        file: usize,
        /// The line, or the segment of HL7 v2, with which it begins, from 1.
        line: usize,
        /// Why: the code of the error.
        code: &'static str,
    }
}

mirror! {
    /// What a run over a folder has done.
    FolderReport shows (files, skipped, ignored, records, bytes, complete) {
        /// Files that were written.
        files: usize,
        /// Files whose output stood there already, and was not made again.
        skipped: usize,
        /// Files of other kinds, which were left where they are.
        ignored: usize,
        /// Records that were written.
        records: usize,
        /// Bytes that were read.
        bytes: u64,
        /// Records that were left out.
        refused: Items<RefusedRecord>,
        /// Whether all files are done: not where `progress` ended the run.
        complete: bool,
    }
}

/// A callable that is told how far a run over a folder has come.
pub(crate) struct Watcher(pub(crate) Py<PyAny>);

impl<'a, 'py> FromPyObject<'a, 'py> for Watcher {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Callable"),
        PyStaticExpr::List { elts: &[<FolderProgress as IntoPyObject<'_>>::OUTPUT_TYPE] },
        type_hint_identifier!("builtins", "object")
    );

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(given.to_owned().unbind()))
    }
}

/// The table of random tokens: records that are de-identified with the same vault keep pointing at each other.
///
/// It is as secret as the records. Any thread may use it; it is wiped from memory when it goes.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Vault(pub(crate) api::Vault);

#[pymethods]
impl Vault {
    /// An empty vault whose tokens come from the operating system's entropy. Raises `IoError`.
    #[new]
    fn new() -> Result<Self> {
        Ok(Self(api::Vault::new()?))
    }

    /// An empty vault whose tokens follow from `seed`, 32 bytes: for tests and for runs that must repeat. Whoever
    /// holds the seed can foretell the tokens.
    #[staticmethod]
    fn from_seed(seed: [u8; 32]) -> Self {
        Self(api::Vault::from_seed(seed))
    }

    /// Opens the file of a vault with its key, 32 bytes. Raises `IoError` or `PolicyError`.
    #[staticmethod]
    fn open(path: std::path::PathBuf, key: [u8; 32]) -> Result<Self> {
        Ok(Self(api::Vault::open(path, &key)?))
    }

    /// Writes the vault to a file under a key of 32 bytes. Raises `IoError`.
    fn save(&self, path: std::path::PathBuf, key: [u8; 32]) -> Result<()> {
        Ok(self.0.save(path, &key)?)
    }

    /// Deletes what belongs to one person's records alone; how many tokens were deleted. Files that were saved before
    /// still hold them.
    fn forget(&self, person: &str) -> usize {
        self.0.forget(person)
    }

    /// How many tokens it holds.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __repr__(&self) -> String {
        format!("Vault(tokens={})", self.0.len())
    }
}

mirror! {
    /// What a search of an output for what should be gone has found. Never a value.
    Verification shows (policy, searched, texts) {
        /// Name of the policy.
        policy: String,
        /// Values and forms of values that were looked for.
        searched: usize,
        /// Texts of the output that were looked into.
        texts: usize,
        /// What was found; empty where nothing that the policy hides can be read.
        findings: Items<Finding>,
        /// What was done and how it was checked, in Markdown, for the file of whoever determines the risk (45
        /// CFR 164.514(b)(1)(ii)). It holds no value of the record.
        statement: String,
    }
}

shape!(ReidentifyRequest: type_hint_identifier!("chartkeeper.documents", "ReidentifyRequest"));

mirror! {
    /// What a token stands for, and the proof that its look-up was recorded.
    Reidentified shows () {
        /// The value that the token stands for.
        value: String,
        /// The ledger's receipt for the entry that was written before the value was handed out.
        receipt: Receipt,
    }
}
