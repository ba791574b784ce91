//! The verbs, as methods of a foreign object, each beside its JSON twin.

use std::sync::Arc;

use chartkeeper::{api, wire};

use crate::document::{AnonymizeTableRequest, AssessRiskRequest, Authority, LawCase, LetterFacts, Request};
use crate::error::Result;
use crate::ledger::Ledger;
use crate::mirror::{Give, Mirror};
use crate::record::Record;
use crate::records::{
    AnonymizedTable, Claim, ClaimFinding, CodeDiff, CodeHit, CodeInfo, Decision, Deidentified,
    DeidentifiedText, DocumentCheck, Finding, FolderProgress, FolderReport, IdentifierSpan, Known, LawDiff,
    Letter, PackInfo, PackRequest, Reidentified, ReidentifyRequest, Released, RiskReport, Sex, SuggestedCode,
    UnitConversion, Verdict, Verification,
};
use crate::vault::Vault;

/// Is told how far a run over a folder has come.
#[uniffi::export(callback_interface)]
pub trait FolderWatcher: Send + Sync {
    /// Says whether the run is to go on.
    fn goes_on(&self, progress: FolderProgress) -> bool;
}

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
    #[uniffi::method(default(on = None, limit = 10, billable_only = false, chapter = None))]
    pub fn find_codes(
        &self,
        system: String,
        query: String,
        on: Option<String>,
        limit: u32,
        billable_only: bool,
        chapter: Option<String>,
    ) -> Result<Vec<CodeHit>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false)?;
        let facets = api::Facets { billable_only, chapter };
        let hits = self.0.find_codes_within(&system, &query, &context, &facets, limit as usize)?;
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

    /// De-identifies the records of the folder `input` into the folder `output`: `.ndjson` (one a line), `.hl7` (messages),
    /// `.json` and `.xml` (one a file). A run that was broken off goes on where it stopped; `threads` work side by side
    /// with the same output whatever their number. Records that cannot be read or de-identified are left out and reported.
    #[expect(clippy::too_many_arguments, reason = "arguments with names and defaults")]
    #[uniffi::method(default(
        policy = "hipaa-safe-harbor",
        key = None,
        as_of = None,
        vault = None,
        patient = None,
        shift_days = None,
        threads = 1,
        watcher = None
    ))]
    pub fn deidentify_folder(
        &self,
        input: &str,
        output: &str,
        policy: &str,
        key: Option<Vec<u8>>,
        as_of: Option<String>,
        vault: Option<Arc<Vault>>,
        patient: Option<String>,
        shift_days: Option<i32>,
        threads: u16,
        watcher: Option<Box<dyn FolderWatcher>>,
    ) -> Result<FolderReport> {
        let options = api::DeidentifyOptions {
            as_of: as_of.as_deref(),
            vault: vault.as_ref().map(|vault| &vault.0),
            key: key.as_deref(),
            patient: patient.as_deref(),
            shift_days,
        };
        let mut tell = |state: api::FolderProgress| {
            watcher.as_ref().is_none_or(|watcher| watcher.goes_on(state.mirror()))
        };
        let threads = usize::from(threads);
        Ok(self.0.deidentify_folder(input, output, policy, &options, threads, &mut tell)?.mirror())
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

    /// The value of a text that a policy encrypted with a key, as it stands in an output (`enc1.…`): it is the token of the
    /// request. The ledger is written before the value is handed out.
    pub fn decrypt(
        &self,
        policy: &str,
        key: &[u8],
        request: ReidentifyRequest,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        Ok(self.0.decrypt(policy, key, &request.give(), &ledger.0)?.mirror())
    }

    /// What a release says of one code: title, place in the list, 7th characters, and every note that holds for it.
    #[uniffi::method(default(on = None))]
    pub fn code(&self, system: &str, code: &str, on: Option<String>) -> Result<Option<CodeInfo>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false)?;
        Ok(self.0.code(system, code, &context)?.mirror())
    }

    /// What changed between two releases of a code system, each by the name that a verdict gives it.
    pub fn diff_codes(&self, system: &str, release_a: &str, release_b: &str) -> Result<CodeDiff> {
        Ok(self.0.diff_codes(system, release_a, release_b)?.mirror())
    }

    /// Codes that a person or a model proposes for a note: whether each is valid, specific, said by the note (with the
    /// places), contradicted by it, or in conflict with another.
    #[uniffi::method(default(on = None))]
    pub fn check_suggested_codes(
        &self,
        note: String,
        codes: Vec<String>,
        on: Option<String>,
    ) -> Result<Vec<SuggestedCode>> {
        Ok(self.0.check_suggested_codes(&api::SuggestedCodesRequest { note, codes, on })?.mirror())
    }

    /// A value of one unit of measure (UCUM) in another.
    pub fn convert_unit(&self, value: f64, from: &str, to: &str) -> Result<UnitConversion> {
        Ok(self.0.convert_unit(value, from, to)?.mirror())
    }

    /// What in a text identifies somebody, in the order of the text: names, places, dates, numbers.
    ///
    /// `known` are facts of the people of the text, of the site, and its own patterns.
    #[uniffi::method(default(known = None))]
    pub fn find_identifiers(&self, text: &str, known: Option<Known>) -> Result<Vec<IdentifierSpan>> {
        Ok(self.0.find_identifiers(text, known.give().as_ref())?.mirror())
    }

    /// The same of many texts, in one call.
    #[uniffi::method(default(known = None))]
    pub fn find_identifiers_in(
        &self,
        texts: Vec<String>,
        known: Option<Known>,
    ) -> Result<Vec<Vec<IdentifierSpan>>> {
        let texts = texts.iter().map(String::as_str);
        Ok(self.0.find_identifiers_in(texts, known.give().as_ref())?.mirror())
    }

    /// A text without what the policy hides, and where each change stands in the old text and in the new one.
    #[uniffi::method(default(
        policy = "hipaa-safe-harbor",
        key = None,
        as_of = None,
        known = None,
        patient = None
    ))]
    pub fn deidentify_text(
        &self,
        text: &str,
        policy: &str,
        key: Option<Vec<u8>>,
        as_of: Option<String>,
        known: Option<Known>,
        patient: Option<String>,
    ) -> Result<DeidentifiedText> {
        let known = known.give();
        let (as_of, patient) = (as_of.as_deref(), patient.as_deref());
        let options =
            api::DeidentifyTextOptions { as_of, key: key.as_deref(), known: known.as_ref(), patient };
        Ok(self.0.deidentify_text(text, policy, &options)?.mirror())
    }

    /// The same of many texts, in one call.
    #[uniffi::method(default(
        policy = "hipaa-safe-harbor",
        key = None,
        as_of = None,
        known = None,
        patient = None
    ))]
    pub fn deidentify_texts(
        &self,
        texts: Vec<String>,
        policy: &str,
        key: Option<Vec<u8>>,
        as_of: Option<String>,
        known: Option<Known>,
        patient: Option<String>,
    ) -> Result<Vec<DeidentifiedText>> {
        let known = known.give();
        let (as_of, patient) = (as_of.as_deref(), patient.as_deref());
        let options =
            api::DeidentifyTextOptions { as_of, key: key.as_deref(), known: known.as_ref(), patient };
        let texts = texts.iter().map(String::as_str);
        Ok(self.0.deidentify_texts(texts, policy, &options)?.mirror())
    }

    /// How likely rows of a table can be attributed to a person.
    pub fn assess_risk(&self, request: &AssessRiskRequest) -> Result<RiskReport> {
        Ok(self.0.assess_risk(&request.0)?.mirror())
    }

    /// A table generalised so far that it meets the demands, with the least loss that was found.
    pub fn anonymize_table(&self, request: &AnonymizeTableRequest) -> Result<AnonymizedTable> {
        Ok(self.0.anonymize_table(&request.0)?.mirror())
    }

    /// What a document that a requester relies on comes to on a day: every element that is not as the law wants it, with its
    /// paragraph.
    #[uniffi::method(default(jurisdictions = []))]
    pub fn check_authorization(
        &self,
        authorization: &Authority,
        on: &str,
        jurisdictions: Vec<String>,
    ) -> Result<DocumentCheck> {
        Ok(self.0.check_authorization(&authorization.0, on, &jurisdictions)?.mirror())
    }

    /// The letter of that kind (`denial`, `cover` or `extension`) about a request for a record.
    pub fn letter(
        &self,
        request: &Request,
        record: &Record,
        kind: &str,
        facts: &LetterFacts,
    ) -> Result<Letter> {
        Ok(self.0.letter(&request.0, &record.0, kind.parse()?, &facts.0)?.mirror())
    }

    /// Which of these requests another set of law packs, as texts, would answer differently.
    pub fn diff_laws(&self, packs: Vec<String>, cases: Vec<LawCase>) -> Result<Vec<LawDiff>> {
        let packs: Vec<&str> = packs.iter().map(String::as_str).collect();
        Ok(self.0.diff_laws(&packs, cases.iter().map(|case| (&case.request.0, &case.record.0)))?.mirror())
    }
}

/// The bytes of the pack that an agency's own file makes, for the constructor.
#[uniffi::export]
pub fn compile_pack(source: Vec<u8>, request: PackRequest) -> Result<Vec<u8>> {
    Ok(api::Chartkeeper::compile_pack(&source, &request.give())?)
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
    export_audit_json
    verify_deidentified_json
    reidentify_json
    read_records_json
    deidentify_folder_json
    decrypt_json
    uncharted_json
    suggest_table_json
    code_json
    diff_codes_json
    check_suggested_codes_json
    convert_unit_json
    compile_pack_json
    to_fhir_json
    find_identifiers_json
    find_identifiers_in_json
    deidentify_text_json
    deidentify_texts_json
    assess_risk_json
    anonymize_table_json
    check_authorization_json
    letter_json
    diff_laws_json
}
