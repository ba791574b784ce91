//! `Chartkeeper`: the verbs.

use std::sync::Arc;

use chartkeeper::api;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::claim::ClaimFinding;
use crate::codes::{CodeContext, CodeHit, Verdict};
use crate::deid::{Deidentified, DeidentifyOptions, Reidentified, Vault, Verification};
use crate::error::{Result, document, failure};
use crate::ledger::Ledger;
use crate::mirror::Mirror;
use crate::packs::PackInfo;
use crate::quality::Finding;
use crate::record::Record;
use crate::release::{Decision, Released};

/// The library's knowledge, ready for use. Build it once and share it: it never changes.
#[napi]
pub struct Chartkeeper {
    pub(crate) inner: Arc<api::Chartkeeper>,
}

#[napi]
impl Chartkeeper {
    /// With the embedded packs, and with `packs` that you bring, each as the bytes of its file.
    ///
    /// Throws a `ChartkeeperError` of kind `pack`.
    #[napi(constructor)]
    pub fn new(packs: Option<Vec<Buffer>>) -> Result<Self> {
        let packs = packs.unwrap_or_default().into_iter().map(Into::into).collect();
        Ok(Self { inner: Arc::new(api::Chartkeeper::with_packs(packs).map_err(failure)?) })
    }

    /// Who every loaded pack is.
    #[napi]
    pub fn packs(&self) -> Result<Vec<PackInfo>> {
        Ok(self.inner.packs().map_err(failure)?.mirror())
    }

    /// Whether a code may be used, why not, and what to use instead. A code that cannot be used is a verdict, not an
    /// error.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn validate_code(
        &self,
        system: String,
        code: String,
        context: Option<CodeContext>,
    ) -> Result<Verdict> {
        let context = CodeContext::read(context.as_ref()).map_err(failure)?;
        Ok(self.inner.validate_code(&system, &code, &context).map_err(failure)?.mirror())
    }

    /// The verdicts on many codes of one system on one date (`on`, `YYYY-MM-DD`), in their order: one call for all.
    #[napi]
    pub fn validate_codes(
        &self,
        system: String,
        codes: Vec<String>,
        on: Option<String>,
    ) -> Result<Vec<Verdict>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false).map_err(failure)?;
        let codes = codes.iter().map(String::as_str);
        Ok(self.inner.validate_codes(&system, codes, &context).map_err(failure)?.mirror())
    }

    /// Codes whose titles hold the words of `query`, in any order and form, the best first: ten, or `limit`.
    #[napi]
    pub fn find_codes(
        &self,
        system: String,
        query: String,
        on: Option<String>,
        limit: Option<u32>,
    ) -> Result<Vec<CodeHit>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false).map_err(failure)?;
        let limit = limit.unwrap_or(10) as usize;
        Ok(self.inner.find_codes(&system, &query, &context, limit).map_err(failure)?.mirror())
    }

    /// Codes of a claim or an encounter that must or must not stand together, first, or in its setting. Each finding
    /// cites its list and release; a rule whose list is not loaded is said to be not examined.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn check_claim(
        &self,
        #[napi(ts_arg_type = "Claim")] claim: serde_json::Value,
    ) -> Result<Vec<ClaimFinding>> {
        Ok(self.inner.check_claim(&document(&claim)?).map_err(failure)?.mirror())
    }

    /// What is wrong, missing or out of order in a record, in source order. `asOf` is the day of the check
    /// (`YYYY-MM-DD`): what lies after it is in the future.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn check(&self, record: &Record, as_of: String) -> Result<Vec<Finding>> {
        Ok(self.inner.check(&record.inner, &as_of).map_err(failure)?.mirror())
    }

    /// De-identifies a record under a policy, and accounts for every change.
    ///
    /// Throws a `ChartkeeperError` of kind `policy`, `argument` or `io`.
    #[napi]
    pub fn deidentify(
        &self,
        record: &Record,
        options: Option<DeidentifyOptions<'_>>,
    ) -> Result<Deidentified> {
        let options = options.unwrap_or_default();
        let policy = options.policy.as_deref().unwrap_or("hipaa-safe-harbor");
        let given = api::DeidentifyOptions {
            as_of: options.as_of.as_deref(),
            vault: options.vault.as_ref().map(|vault| &vault.inner),
            key: options.key.as_deref(),
            patient: options.patient.as_deref(),
            shift_days: options.shift_days,
        };
        Ok(self.inner.deidentify(&record.inner, policy, &given).map_err(failure)?.mirror())
    }

    /// Decides a request for the record segment by segment, without cutting a copy.
    ///
    /// Throws a `ChartkeeperError` of kind `argument` where the request has not the shape of `Request`.
    #[napi]
    pub fn decide(
        &self,
        #[napi(ts_arg_type = "Request")] request: serde_json::Value,
        record: &Record,
    ) -> Result<Decision> {
        let request = document(&request)?;
        Ok(self.inner.decide(&request, &record.inner).map_err(failure)?.mirror())
    }

    /// Decides a request, cuts the copy, writes the ledger, and only then hands the copy out.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`, `release` or `ledger`; with an error no copy is handed out.
    #[napi]
    pub fn release(
        &self,
        #[napi(ts_arg_type = "Request")] request: serde_json::Value,
        record: &Record,
        ledger: &Ledger,
    ) -> Result<Released> {
        let request = document(&request)?;
        Ok(self.inner.release(&request, &record.inner, &ledger.inner).map_err(failure)?.mirror())
    }

    /// Searches an output for what a policy should have hidden of its original, by other means than the ones that hid it.
    /// No findings mean that nothing of it can be read; `statement` is for the file of whoever determines the risk.
    ///
    /// Throws a `ChartkeeperError` of kind `policy`.
    #[napi]
    pub fn verify_deidentified(
        &self,
        original: &Record,
        output: &Record,
        policy: Option<String>,
    ) -> Result<Verification> {
        let policy = policy.as_deref().unwrap_or("hipaa-safe-harbor");
        Ok(self.inner.verify_deidentified(&original.inner, &output.inner, policy).map_err(failure)?.mirror())
    }

    /// Looks up what a token of a vault stands for, and writes the ledger before the value is handed out.
    ///
    /// Throws a `ChartkeeperError` of kind `policy`, `argument` or `ledger`; with an error no value is handed out.
    #[napi]
    pub fn reidentify(
        &self,
        vault: &Vault,
        #[napi(ts_arg_type = "ReidentifyRequest")] request: serde_json::Value,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        let request = document(&request)?;
        Ok(self.inner.reidentify(&vault.inner, &request, &ledger.inner).map_err(failure)?.mirror())
    }
}
