//! De-identification: what a policy does with every labelled place of a record, and an account of it.
//!
//! Under `hipaa-safe-harbor` the identifiers of 45 CFR 164.514(b)(2)(i), letters A to R, are removed or reduced,
//! of the patient, of relatives, employers and household members, and of providers and organisations as well: who
//! treated a person, and where, is a characteristic that helps to find the person. Whatever the data map of the
//! format does not recognise is removed.

mod age;
mod cipher;
mod coding;
mod dates;
mod folder;
mod keyed;
#[cfg(test)]
mod linked;
mod manifest;
mod methods;
pub mod narrative;
mod paths;
mod people;
mod places;
mod policy;
mod pseudonym;
mod reference;
#[cfg(test)]
mod refusals;
pub mod risk;
mod sieve;
mod structured;
mod surrogate;
mod survey;
mod systems;
#[cfg(test)]
mod tests;
mod texts;
#[cfg(test)]
mod texts_tests;
mod tokens;
mod values;
mod vault;
mod verify;
mod words;

use jiff::civil::Date;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::error::{Error, Result, codes};
use crate::formats::tree::NodeId;
use crate::record::{Finding, Record, Severity};

pub use folder::{FolderProgress, FolderReport, RefusedRecord, deidentify_folder};
pub use manifest::{Action, Manifest, ManifestCount, ManifestEntry};
pub use policy::{Policy, PolicyInfo, PolicyRow};
pub use vault::Vault;
pub use verify::{Verification, verify_deidentified};

/// What a de-identification depends on besides the record and the policy. Nothing is read from a clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The day on which the age of the living counts. Without it no birth year of a living person is kept.
    pub as_of: Option<Date>,
    /// The table of random tokens; records that are given the same one keep pointing at each other. Without it
    /// every call has its own.
    pub vault: Option<&'a Vault>,
    /// A secret key, for policies that make codes with one. Safe Harbor accepts none.
    pub key: Option<&'a [u8]>,
    /// The patient, where the caller knows better than the record: whatever is done by patient (date shifts,
    /// surrogates) is the same for every record of the same name. Without it the record says whose it is.
    pub patient: Option<&'a str>,
    /// By how many days dates move, in place of the offset that follows from the key and the patient.
    pub shift_days: Option<i32>,
}

/// A de-identified record, and what was done to it. Serialised, `output` is text and `manifest` a list of entries.
#[derive(Clone)]
pub struct Deidentified {
    /// The source with the changed bytes; every other byte as it was.
    pub output: Vec<u8>,
    /// What was changed, where and why.
    pub manifest: Manifest,
    /// Name of the policy.
    pub policy: String,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}

impl Serialize for Deidentified {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Deidentified", 4)?;
        // A source that is text is UTF-8, and so is what is left of it.
        record.serialize_field("output", &String::from_utf8_lossy(&self.output))?;
        record.serialize_field("manifest", &self.manifest)?;
        record.serialize_field("policy", &self.policy)?;
        record.serialize_field("findings", &self.findings)?;
        record.end()
    }
}

impl std::fmt::Debug for Deidentified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deidentified")
            .field("output", &self.output.len())
            .field("manifest", &self.manifest)
            .field("policy", &self.policy)
            .field("findings", &self.findings.len())
            .finish()
    }
}

/// De-identifies a record.
///
/// # Errors
/// `key_not_allowed` where the policy accepts no key, `key_needed` and `key_too_short` where it needs one,
/// `patient_unknown` where it moves dates by patient and the record has none, `entropy_unavailable` where a vault is
/// needed and the operating system gives no random bytes.
pub fn deidentify(record: &Record, policy: &Policy, options: &Options<'_>) -> Result<Deidentified> {
    if let Some(rules) = policy.paths() {
        return Ok(finished(record, policy, paths::run(record, policy, rules, options)?));
    }
    let people = people::People::of(record, options.patient, policy.patient());
    let mut methods = methods::Methods::new(record, policy, options.key, people, options.shift_days)?;
    if options.patient.is_some() {
        methods.look_for_moved();
    }
    let own;
    let vault = match options.vault {
        Some(vault) => vault,
        None => {
            own = Vault::new()?;
            &own
        }
    };
    let survey = survey::Survey::of(record, policy, options.as_of);
    let mut table = vault.lock();
    table.belongs_to(methods.only_patient());
    let pass = structured::Pass::new(record, methods, &survey, table);
    let outcome = pass.with_texts(texts::Texts::of(record, policy, options.as_of)?).run()?;
    Ok(finished(record, policy, outcome))
}

/// The value that a text which a policy encrypted stands for.
///
/// # Errors
/// `key_not_allowed`, `key_too_short`; `token_unknown` where the text was not encrypted with this key in the domain of the
/// policy, or was changed.
pub fn decrypt(text: &str, policy: &Policy, key: &[u8]) -> Result<String> {
    policy.accepts_key(Some(key))?;
    // The domain also says whether dates moved by a number of days that the caller named.
    for explicit in [false, true] {
        if let Some(value) = cipher::decrypt(&methods::keyed(policy, key, explicit)?, text.trim()) {
            return Ok(value);
        }
    }
    Err(Error::new(&codes::TOKEN_UNKNOWN).in_path("token"))
}

fn finished(record: &Record, policy: &Policy, outcome: structured::Outcome) -> Deidentified {
    Deidentified {
        output: outcome.patches.apply(record.source()),
        manifest: Manifest::new(record.clone(), policy.clone(), outcome.entries),
        policy: policy.info().name.clone(),
        findings: outcome.contradictions.iter().map(|id| contradiction(record, *id)).collect(),
    }
}

/// A birth date was removed because it lies after the day that counts.
fn contradiction(record: &Record, id: NodeId) -> Finding {
    let span = record.tree().node(id).span();
    Finding {
        code: "birth_date_contradicted",
        severity: Severity::Warning,
        path: record.path(id),
        span,
        line: record.line(span.start),
        message: "the birth date lies after the death date or the day on which ages count; it was removed"
            .into(),
        source: "45 CFR 164.514(b)(2)(i)(C)",
    }
}
