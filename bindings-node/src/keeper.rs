//! `Chartkeeper`: the verbs.

use std::sync::Arc;

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, Function};
use napi_derive::napi;

use crate::claim::ClaimFinding;
use crate::codes::{CodeContext, CodeDiff, CodeHit, CodeInfo, Facets, Verdict};
use crate::deid::{
    Deidentified, DeidentifyOptions, FolderProgress, FolderReport, Reidentified, Vault, Verification,
};
use crate::error::{Result, document, failure};
use crate::ledger::Ledger;
use crate::mirror::Mirror;
use crate::narrative::{DeidentifiedText, DeidentifyTextOptions, IdentifierSpan};
use crate::packs::PackInfo;
use crate::quality::Finding;
use crate::record::Record;
use crate::release::{Decision, DocumentCheck, LawCase, LawDiff, Letter, Released};
use crate::risk::{AnonymizedTable, RiskReport};
use crate::suggested::{SuggestedCode, UnitConversion};

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

    /// Codes that the words of `query` mean, in any order and form, the best first: ten, or `limit`; `facets` narrow the
    /// search.
    #[napi]
    pub fn find_codes(
        &self,
        system: String,
        query: String,
        on: Option<String>,
        limit: Option<u32>,
        facets: Option<Facets>,
    ) -> Result<Vec<CodeHit>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false).map_err(failure)?;
        let limit = limit.unwrap_or(10) as usize;
        let Facets { billable_only, chapter } = facets.unwrap_or_default();
        let facets = api::Facets { billable_only: billable_only.unwrap_or_default(), chapter };
        let hits = self.inner.find_codes_within(&system, &query, &context, &facets, limit);
        Ok(hits.map_err(failure)?.mirror())
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
        let (policy, options) = options.given();
        Ok(self.inner.deidentify(&record.inner, policy, &options).map_err(failure)?.mirror())
    }

    /// De-identifies the records of the folder `input` into the folder `output`: `.ndjson` (one a line), `.hl7` (messages),
    /// `.json` and `.xml` (one a file). A run that was broken off goes on where it stopped.
    ///
    /// `threads` work side by side with the same output whatever their number. Where `progress` returns `false` the run
    /// ends. Records that cannot be read or de-identified are left out and reported. Throws a `ChartkeeperError` of kind
    /// `policy`, `argument` or `io`.
    #[napi]
    pub fn deidentify_folder(
        &self,
        input: String,
        output: String,
        options: Option<DeidentifyOptions<'_>>,
        threads: Option<u32>,
        #[napi(ts_arg_type = "(progress: FolderProgress) => boolean | void")] progress: Option<
            Function<'_, FolderProgress, Option<bool>>,
        >,
    ) -> Result<FolderReport> {
        let options = options.unwrap_or_default();
        let (policy, options) = options.given();
        let mut thrown = None;
        let mut tell = |state: api::FolderProgress| {
            let Some(progress) = &progress else { return true };
            match progress.call(state.mirror()) {
                Ok(answer) => answer.unwrap_or(true),
                Err(error) => {
                    thrown = Some(error);
                    false
                }
            }
        };
        let threads = threads.unwrap_or(1) as usize;
        let report = self.inner.deidentify_folder(input, output, policy, &options, threads, &mut tell);
        match thrown {
            Some(error) => Err(napi::Error::new("GenericFailure", error.reason.clone())),
            None => Ok(report.map_err(failure)?.mirror()),
        }
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

    /// The value of a text that a policy encrypted with a key, as it stands in an output (`enc1.…`): it is the token of the
    /// request. The ledger is written before the value is handed out.
    ///
    /// Throws a `ChartkeeperError` of kind `policy`, `argument` or `ledger`; with an error no value is handed out.
    #[napi]
    pub fn decrypt(
        &self,
        policy: String,
        key: Buffer,
        #[napi(ts_arg_type = "ReidentifyRequest")] request: serde_json::Value,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        let request = document(&request)?;
        Ok(self.inner.decrypt(&policy, &key, &request, &ledger.inner).map_err(failure)?.mirror())
    }

    /// What a release says of one code: title, place in the list, 7th characters, and every note that holds for it.
    ///
    /// `null` where the release has no such code. Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn code(&self, system: String, code: String, on: Option<String>) -> Result<Option<CodeInfo>> {
        let context = api::CodeContext::new(on.as_deref(), None, None, false).map_err(failure)?;
        Ok(self.inner.code(&system, &code, &context).map_err(failure)?.mirror())
    }

    /// What changed between two releases of a code system, each by the name that a verdict gives it.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn diff_codes(&self, system: String, release_a: String, release_b: String) -> Result<CodeDiff> {
        Ok(self.inner.diff_codes(&system, &release_a, &release_b).map_err(failure)?.mirror())
    }

    /// Codes that a person or a model proposes for a note: whether each is valid, specific, said by the note (with the
    /// places), contradicted by it, or in conflict with another.
    ///
    /// Throws a `ChartkeeperError` of kind `argument` or `limit`.
    #[napi]
    pub fn check_suggested_codes(
        &self,
        note: String,
        codes: Vec<String>,
        on: Option<String>,
    ) -> Result<Vec<SuggestedCode>> {
        let request = api::SuggestedCodesRequest { note, codes, on };
        Ok(self.inner.check_suggested_codes(&request).map_err(failure)?.mirror())
    }

    /// A value of one unit of measure (UCUM) in another.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn convert_unit(&self, value: f64, from: String, to: String) -> Result<UnitConversion> {
        Ok(self.inner.convert_unit(value, &from, &to).map_err(failure)?.mirror())
    }

    /// The bytes of the pack that an agency's own file makes, for the constructor.
    ///
    /// Throws a `ChartkeeperError` of kind `argument` or `pack`, with the line where the file goes wrong.
    #[napi]
    pub fn compile_pack(
        source: Buffer,
        #[napi(ts_arg_type = "PackRequest")] request: serde_json::Value,
    ) -> Result<Buffer> {
        Ok(api::Chartkeeper::compile_pack(&source, &document(&request)?).map_err(failure)?.into())
    }

    /// What in a text identifies somebody, in the order of the text: names, places, dates, numbers.
    ///
    /// `known` are facts of the people of the text, of the site, and its own patterns. Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn find_identifiers(
        &self,
        text: String,
        #[napi(ts_arg_type = "Known | undefined | null")] known: Option<serde_json::Value>,
    ) -> Result<Vec<IdentifierSpan>> {
        let known = known.as_ref().map(document).transpose()?;
        Ok(self.inner.find_identifiers(&text, known.as_ref()).map_err(failure)?.mirror())
    }

    /// The same of many texts, in one call.
    #[napi]
    pub fn find_identifiers_in(
        &self,
        texts: Vec<String>,
        #[napi(ts_arg_type = "Known | undefined | null")] known: Option<serde_json::Value>,
    ) -> Result<Vec<Vec<IdentifierSpan>>> {
        let known = known.as_ref().map(document).transpose()?;
        let texts = texts.iter().map(String::as_str);
        Ok(self.inner.find_identifiers_in(texts, known.as_ref()).map_err(failure)?.mirror())
    }

    /// A text without what the policy hides, and where each change stands in the old text and in the new one.
    ///
    /// Throws a `ChartkeeperError` of kind `policy` or `argument`.
    #[napi]
    pub fn deidentify_text(
        &self,
        text: String,
        options: Option<DeidentifyTextOptions>,
    ) -> Result<DeidentifiedText> {
        let options = options.unwrap_or_default();
        let known = options.known()?;
        let (policy, given) = options.read(known.as_ref());
        Ok(self.inner.deidentify_text(&text, policy, &given).map_err(failure)?.mirror())
    }

    /// The same of many texts, in one call.
    #[napi]
    pub fn deidentify_texts(
        &self,
        texts: Vec<String>,
        options: Option<DeidentifyTextOptions>,
    ) -> Result<Vec<DeidentifiedText>> {
        let options = options.unwrap_or_default();
        let known = options.known()?;
        let (policy, given) = options.read(known.as_ref());
        let texts = texts.iter().map(String::as_str);
        Ok(self.inner.deidentify_texts(texts, policy, &given).map_err(failure)?.mirror())
    }

    /// How likely rows of a table can be attributed to a person.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn assess_risk(
        &self,
        #[napi(ts_arg_type = "AssessRiskRequest")] request: serde_json::Value,
    ) -> Result<RiskReport> {
        Ok(self.inner.assess_risk(&document(&request)?).map_err(failure)?.mirror())
    }

    /// A table generalised so far that it meets the demands, with the least loss that was found.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn anonymize_table(
        &self,
        #[napi(ts_arg_type = "AnonymizeTableRequest")] request: serde_json::Value,
    ) -> Result<AnonymizedTable> {
        Ok(self.inner.anonymize_table(&document(&request)?).map_err(failure)?.mirror())
    }

    /// What a document that a requester relies on comes to on a day: every element that is not as the law wants it, with its
    /// paragraph.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn check_authorization(
        &self,
        #[napi(ts_arg_type = "Authority")] authorization: serde_json::Value,
        on: String,
        jurisdictions: Option<Vec<String>>,
    ) -> Result<DocumentCheck> {
        let jurisdictions = jurisdictions.unwrap_or_default();
        let authorization = document(&authorization)?;
        Ok(self.inner.check_authorization(&authorization, &on, &jurisdictions).map_err(failure)?.mirror())
    }

    /// The letter of that kind (`denial`, `cover` or `extension`) about a request for a record.
    ///
    /// Throws a `ChartkeeperError` of kind `argument`.
    #[napi]
    pub fn letter(
        &self,
        #[napi(ts_arg_type = "Request")] request: serde_json::Value,
        record: &Record,
        #[napi(ts_arg_type = "LetterKind")] kind: String,
        #[napi(ts_arg_type = "LetterFacts | undefined | null")] facts: Option<serde_json::Value>,
    ) -> Result<Letter> {
        let (request, kind) = (document(&request)?, kind.parse().map_err(failure)?);
        let facts = facts.as_ref().map(document).transpose()?.unwrap_or_default();
        Ok(self.inner.letter(&request, &record.inner, kind, &facts).map_err(failure)?.mirror())
    }

    /// Which of these requests another set of law packs, as texts, would answer differently.
    ///
    /// Throws a `ChartkeeperError` of kind `pack`.
    #[napi]
    pub fn diff_laws(&self, packs: Vec<String>, cases: Vec<LawCase<'_>>) -> Result<Vec<LawDiff>> {
        let packs: Vec<&str> = packs.iter().map(String::as_str).collect();
        let requests = cases.iter().map(|case| document(&case.request)).collect::<Result<Vec<_>>>()?;
        let cases = requests.iter().zip(&cases).map(|(request, case)| (request, &case.record.inner));
        Ok(self.inner.diff_laws(&packs, cases).map_err(failure)?.mirror())
    }
}
