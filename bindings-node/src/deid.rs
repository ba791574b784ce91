//! De-identified records, their manifest, and the vault of tokens.

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, ClassInstance};
use napi_derive::napi;

use crate::error::{Result, failure, key};
use crate::mirror::{Mirror, Span, mirror};
use crate::quality::Finding;

/// What a de-identification depends on besides the record.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct DeidentifyOptions<'v> {
    /// Name of the policy; `hipaa-safe-harbor` where it is left out.
    pub policy: Option<String>,
    /// A secret key, for policies that make codes with one. Safe Harbor accepts none.
    pub key: Option<Buffer>,
    /// The day (`YYYY-MM-DD`) on which the age of the living counts; without it no birth year of a living person is
    /// kept.
    pub as_of: Option<String>,
    /// The table of random tokens; records that are given the same one keep pointing at each other.
    pub vault: Option<ClassInstance<'v, Vault>>,
}

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

    /// How many tokens it holds.
    #[napi(getter)]
    pub fn size(&self) -> i64 {
        self.inner.len().mirror()
    }
}
