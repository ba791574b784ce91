//! The verbs, as methods of a foreign object, each beside its JSON twin.

use std::sync::Arc;

use chartkeeper::{api, wire};

use crate::document::Request;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::mirror::{Give, Mirror};
use crate::record::Record;
use crate::records::{
    Claim, ClaimFinding, CodeHit, Decision, Deidentified, Finding, PackInfo, Reidentified, ReidentifyRequest,
    Released, Sex, Verdict, Verification,
};
use crate::vault::Vault;

/// The library's knowledge, ready for use. Build it once; safe to use from every thread.
#[derive(uniffi::Object)]
pub struct Chartkeeper(api::Chartkeeper);

#[uniffi::export]
impl Chartkeeper {
    /// With the embedded packs, and with packs that the caller brings as bytes.
    #[uniffi::constructor(default(packs = []))]
    pub fn new(packs: Vec<Vec<u8>>) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Chartkeeper::with_packs(packs)?)))
    }

    /// Every loaded pack: name, release, effective dates, rows, licence, source, fingerprint.
    pub fn packs(&self) -> Result<Vec<PackInfo>> {
        Ok(self.0.packs()?.mirror())
    }

    /// Whether a code may be used on a date of service (`YYYY-MM-DD`), why not, and what to use instead.
    #[uniffi::method(default(on = None, sex = None, age_years = None, principal = false))]
    pub fn validate_code(
        &self,
        system: String,
        code: String,
        on: Option<String>,
        sex: Option<Sex>,
        age_years: Option<u16>,
        principal: bool,
    ) -> Result<Verdict> {
        let sex = sex.give();
        let request = api::ValidateCodeRequest { system, code, on, sex, age_years, principal };
        Ok(self.0.validate_code(&request.system, &request.code, &request.context()?)?.record().mirror())
    }

    /// The verdicts on many codes of one system, in their order.
    #[uniffi::method(default(on = None))]
    pub fn validate_codes(
        &self,
        system: String,
        codes: Vec<String>,
        on: Option<String>,
    ) -> Result<Vec<Verdict>> {
        let request = api::ValidateCodesRequest { system, codes, on };
        let codes = request.codes.iter().map(String::as_str);
        let verdicts = self.0.validate_codes(&request.system, codes, &request.context()?)?;
        Ok(verdicts.into_iter().map(|verdict| verdict.record().mirror()).collect())
    }

    /// Codes whose titles hold the words of a query, the best first.
    #[uniffi::method(default(on = None, limit = 10))]
    pub fn find_codes(
        &self,
        system: String,
        query: String,
        on: Option<String>,
        limit: u32,
    ) -> Result<Vec<CodeHit>> {
        let request = api::FindCodesRequest { system, query, on, limit: limit as usize };
        let hits = self.0.find_codes(&request.system, &request.query, &request.context()?, request.limit)?;
        Ok(hits.mirror())
    }

    /// Codes of a claim or an encounter that must or must not stand together, first, or in its setting. Each finding
    /// cites its list and release; a rule whose list is not loaded is said to be not examined.
    pub fn check_claim(&self, claim: Claim) -> Result<Vec<ClaimFinding>> {
        Ok(self.0.check_claim(&claim.give())?.mirror())
    }

    /// What is wrong or missing in a record, as of a day (`YYYY-MM-DD`).
    pub fn check(&self, record: &Record, as_of: &str) -> Result<Vec<Finding>> {
        Ok(self.0.check(&record.0, as_of)?.mirror())
    }

    /// De-identifies a record under a policy, and accounts for every change. `as_of` is the day (`YYYY-MM-DD`) on
    /// which the age of the living counts; without it no birth year of a living person is kept.
    #[expect(clippy::too_many_arguments, reason = "arguments with names in Swift")]
    #[uniffi::method(default(
        policy = "hipaa-safe-harbor",
        key = None,
        as_of = None,
        vault = None,
        patient = None,
        shift_days = None
    ))]
    pub fn deidentify(
        &self,
        record: &Record,
        policy: &str,
        key: Option<Vec<u8>>,
        as_of: Option<String>,
        vault: Option<Arc<Vault>>,
        patient: Option<String>,
        shift_days: Option<i32>,
    ) -> Result<Deidentified> {
        let options = api::DeidentifyOptions {
            as_of: as_of.as_deref(),
            vault: vault.as_ref().map(|vault| &vault.0),
            key: key.as_deref(),
            patient: patient.as_deref(),
            shift_days,
        };
        Ok(self.0.deidentify(&record.0, policy, &options)?.mirror())
    }

    /// Decides a request segment by segment, without cutting a copy.
    pub fn decide(&self, request: &Request, record: &Record) -> Result<Decision> {
        Ok(self.0.decide(&request.0, &record.0)?.mirror())
    }

    /// Decides a request, cuts the copy, writes the ledger, and only then hands the copy out.
    pub fn release(&self, request: &Request, record: &Record, ledger: &Ledger) -> Result<Released> {
        Ok(self.0.release(&request.0, &record.0, &ledger.0)?.mirror())
    }

    /// Searches an output for what a policy should have hidden of its original, by other means than the ones that hid it.
    /// No findings mean that nothing of it can be read; `statement` is for the file of whoever determines the risk.
    #[uniffi::method(default(policy = "hipaa-safe-harbor"))]
    pub fn verify_deidentified(
        &self,
        original: &Record,
        output: &Record,
        policy: &str,
    ) -> Result<Verification> {
        Ok(self.0.verify_deidentified(&original.0, &output.0, policy)?.mirror())
    }

    /// Looks up what a token of a vault stands for, and writes the ledger before the value is handed out.
    pub fn reidentify(
        &self,
        vault: &Vault,
        request: ReidentifyRequest,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        Ok(self.0.reidentify(&vault.0, &request.give(), &ledger.0)?.mirror())
    }
}

/// The twins: `nameJson(request)` takes and gives JSON.
macro_rules! twins {
    ($($name:ident)*) => {
        #[uniffi::export]
        impl Chartkeeper {
            $(
                /// The twin of the verb: a JSON request in, a JSON answer out.
                pub fn $name(&self, request: &str) -> Result<String> {
                    Ok(wire::$name(&self.0, request)?)
                }
            )*
        }
    };
}

twins! {
    packs_json
    parse_json
    chart_json
    replace_json
    validate_code_json
    validate_codes_json
    find_codes_json
    check_claim_json
    check_json
    deidentify_json
    decide_json
    release_json
    checkpoint_json
    prove_json
    verify_json
    accounting_json
    verify_deidentified_json
    reidentify_json
    uncharted_json
    suggest_table_json
}
