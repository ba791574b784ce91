//! `Chartkeeper`: the verbs, and their `_json` twins.

use std::path::PathBuf;
use std::sync::Arc;

use chartkeeper::{api, wire};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyBytes;

use crate::arrow::Texts;
use crate::claim::ClaimFinding;
use crate::codes::{CodeDiff, CodeHit, CodeInfo, Verdict, Verdicts};
use crate::deid::{Deidentified, FolderProgress, FolderReport, Reidentified, Vault, Verification, Watcher};
use crate::document::Document;
use crate::error::{Failure, Result};
use crate::ledger::Ledger;
use crate::mirror::{Mirror, Sequence, list};
use crate::narrative::{DeidentifiedText, DeidentifiedTexts, FoundIdentifiers, IdentifierSpan};
use crate::packs::PackInfo;
use crate::quality::Finding;
use crate::record::Record;
use crate::release::{Decision, DocumentCheck, LawDiff, Letter, Released};
use crate::risk::{AnonymizedTable, RiskReport};
use crate::suggested::{SuggestedCode, UnitConversion};

/// A function of `chartkeeper::wire`.
type Twin = fn(&api::Chartkeeper, &str) -> api::Result<String>;

/// The library's knowledge, ready for use. Build it once and share it: it never changes and any thread may use it.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Chartkeeper {
    inner: Arc<api::Chartkeeper>,
}

impl Chartkeeper {
    fn twin(&self, py: Python<'_>, twin: Twin, request: &str) -> Result<String> {
        Ok(py.detach(|| twin(&self.inner, request))?)
    }
}

#[pymethods]
impl Chartkeeper {
    /// With the embedded packs, and with `packs` that you bring, each as the bytes of its file.
    ///
    /// Raises `PackError`.
    #[new]
    #[pyo3(signature = (packs=Sequence(Vec::new())))]
    fn new(py: Python<'_>, packs: Sequence<PyBackedBytes>) -> Result<Self> {
        let packs = packs.0.iter().map(|pack| pack.to_vec()).collect();
        Ok(Self { inner: Arc::new(py.detach(|| api::Chartkeeper::with_packs(packs))?) })
    }

    /// Who every loaded pack is.
    fn packs(&self) -> Result<Vec<PackInfo>> {
        Ok(list(self.inner.packs()?))
    }

    /// Whether a code may be used, why not, and what to use instead.
    ///
    /// `on` is the date of service (`YYYY-MM-DD`) and chooses the release; without it the newest release is asked.
    /// `sex` is `female`, `male`, `other` or `unknown`, `age_years` the age in completed years, `principal` whether
    /// it stands as the principal diagnosis. A code that cannot be used is a verdict, not an error. Raises
    /// `ArgumentError`.
    #[pyo3(signature = (system, code, *, on=None, sex=None, age_years=None, principal=false))]
    fn validate_code(
        &self,
        system: &str,
        code: &str,
        on: Option<&str>,
        sex: Option<&str>,
        age_years: Option<u16>,
        principal: bool,
    ) -> Result<Verdict> {
        let context = api::CodeContext::new(on, sex, age_years, principal)?;
        let verdict = self.inner.validate_code(system, code, &context)?;
        Ok(Verdict::new(&self.inner, verdict.judgement()))
    }

    /// The verdicts on many codes of one system on one date, in their order: one call for all of them, and the
    /// statuses, the reasons and what is billable as columns. `codes` may be a column of Apache Arrow, and what comes back
    /// is one.
    #[pyo3(signature = (system, codes, *, on=None))]
    fn validate_codes(
        &self,
        py: Python<'_>,
        system: &str,
        codes: Texts,
        on: Option<&str>,
    ) -> Result<Verdicts> {
        let judgements = py.detach(|| -> api::Result<Vec<api::Judgement>> {
            let context = api::CodeContext::new(on, None, None, false)?;
            let verdicts = self.inner.validate_codes(system, codes.iter(), &context)?;
            Ok(verdicts.iter().map(api::Verdict::judgement).collect())
        })?;
        Ok(Verdicts::new(&self.inner, judgements, codes.known()))
    }

    /// Codes that the words of `query` mean, in any order and form, the best first; `billable_only` and `chapter` (its
    /// number, such as "4") narrow the search.
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (system, query, *, on=None, limit=10, billable_only=false, chapter=None))]
    fn find_codes(
        &self,
        py: Python<'_>,
        system: &str,
        query: &str,
        on: Option<&str>,
        limit: usize,
        billable_only: bool,
        chapter: Option<String>,
    ) -> Result<Vec<CodeHit>> {
        let context = api::CodeContext::new(on, None, None, false)?;
        let facets = api::Facets { billable_only, chapter };
        Ok(list(py.detach(|| self.inner.find_codes_within(system, query, &context, &facets, limit))?))
    }

    /// Codes of a claim or an encounter that must or must not stand together, first, or in its setting.
    ///
    /// Each finding cites its list and release; a rule whose list is not loaded is said to be not examined. Raises
    /// `ArgumentError`.
    fn check_claim(&self, py: Python<'_>, claim: Document<api::Claim>) -> Result<Vec<ClaimFinding>> {
        Ok(list(py.detach(|| self.inner.check_claim(&claim.0))?))
    }

    /// What is wrong, missing or out of order in a record, in source order.
    ///
    /// `as_of` is the day of the check (`YYYY-MM-DD`): what lies after it is in the future. Raises `ArgumentError`.
    #[pyo3(signature = (record, *, as_of))]
    fn check(&self, py: Python<'_>, record: &Record, as_of: &str) -> Result<Vec<Finding>> {
        Ok(list(py.detach(|| self.inner.check(&record.0, as_of))?))
    }

    /// De-identifies a record under a policy, and accounts for every change.
    ///
    /// `as_of` is the day (`YYYY-MM-DD`) on which the age of the living counts; without it no birth year of a living
    /// person is kept. Records that are given the same `vault` keep pointing at each other; without one every call has
    /// its own. `key`, 32 bytes or more, is for policies that make codes with one; Safe Harbor accepts none. `patient`
    /// names the patient where you know better than the record; `shift_days` moves dates by so many days instead of
    /// the offset that follows from key and patient. `policy` is a name or the JSON text of a policy of your own.
    /// Raises `PolicyError`, `ArgumentError` or `IoError`.
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (
        record, *, policy="hipaa-safe-harbor", key=None, as_of=None, vault=None, patient=None, shift_days=None,
    ))]
    fn deidentify(
        &self,
        py: Python<'_>,
        record: &Record,
        policy: &str,
        key: Option<PyBackedBytes>,
        as_of: Option<&str>,
        vault: Option<&Vault>,
        patient: Option<&str>,
        shift_days: Option<i32>,
    ) -> Result<Deidentified> {
        let done = py.detach(|| {
            let vault = vault.map(|vault| &vault.0);
            let options = api::DeidentifyOptions { as_of, vault, key: key.as_deref(), patient, shift_days };
            self.inner.deidentify(&record.0, policy, &options)
        })?;
        Ok(Deidentified::new(py, done))
    }

    /// De-identifies the records of the folder `input` into the folder `output`: `.ndjson` (one a line), `.hl7` (messages),
    /// `.json` and `.xml` (one a file). A run that was broken off goes on where it stopped.
    ///
    /// `threads` work side by side with the same output whatever their number. `progress` is called with a
    /// `FolderProgress`; where it returns `False` the run ends. Records that cannot be read or de-identified are left out
    /// and reported. The other arguments are those of `deidentify`. Raises `PolicyError`, `ArgumentError` or `IoError`.
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (
        input, output, *, policy="hipaa-safe-harbor", key=None, as_of=None, vault=None, patient=None, shift_days=None,
        threads=1, progress=None,
    ))]
    fn deidentify_folder(
        &self,
        py: Python<'_>,
        input: PathBuf,
        output: PathBuf,
        policy: &str,
        key: Option<PyBackedBytes>,
        as_of: Option<&str>,
        vault: Option<&Vault>,
        patient: Option<&str>,
        shift_days: Option<i32>,
        threads: u16,
        progress: Option<Watcher>,
    ) -> PyResult<FolderReport> {
        let mut raised = None;
        let report = py.detach(|| {
            let vault = vault.map(|vault| &vault.0);
            let options = api::DeidentifyOptions { as_of, vault, key: key.as_deref(), patient, shift_days };
            let mut tell = |state| {
                let Some(Watcher(watcher)) = &progress else { return true };
                Python::attach(|py| {
                    let state: FolderProgress = Mirror::mirror(state);
                    let answer = watcher.call1(py, (state,)).and_then(|answer| {
                        let answer = answer.bind(py);
                        Ok(answer.is_none() || answer.is_truthy()?)
                    });
                    answer.unwrap_or_else(|error| {
                        raised = Some(error);
                        false
                    })
                })
            };
            self.inner.deidentify_folder(input, output, policy, &options, usize::from(threads), &mut tell)
        });
        match raised {
            Some(error) => Err(error),
            None => Ok(report.map_err(Failure::from)?.mirror()),
        }
    }

    /// Decides a request for the record segment by segment, without cutting a copy.
    ///
    /// Raises `ArgumentError` where the request is not of the shape of `chartkeeper.documents.Request`.
    fn decide(&self, py: Python<'_>, request: Document<api::Request>, record: &Record) -> Result<Decision> {
        Ok(py.detach(|| self.inner.decide(&request.0, &record.0))?.mirror())
    }

    /// Decides a request, cuts the copy, writes the ledger, and only then hands the copy out.
    ///
    /// Raises `ArgumentError`, `ReleaseError` or `LedgerError`; with an error no copy is handed out.
    fn release(
        &self,
        py: Python<'_>,
        request: Document<api::Request>,
        record: &Record,
        ledger: &Ledger,
    ) -> PyResult<Released> {
        let released = py.detach(|| self.inner.release(&request.0, &record.0, &ledger.0));
        Released::new(py, released.map_err(Failure::from)?)
    }

    /// Searches an output for what a policy should have hidden of its original, by other means than the ones that hid it.
    /// No findings mean that nothing of it can be read; `statement` is for the file of whoever determines the risk.
    ///
    /// Raises `PolicyError`.
    #[pyo3(signature = (original, output, *, policy="hipaa-safe-harbor"))]
    fn verify_deidentified(
        &self,
        py: Python<'_>,
        original: &Record,
        output: &Record,
        policy: &str,
    ) -> Result<Verification> {
        Ok(py.detach(|| self.inner.verify_deidentified(&original.0, &output.0, policy))?.mirror())
    }

    /// Looks up what a token of a vault stands for, and writes the ledger before the value is handed out.
    ///
    /// Raises `PolicyError`, `ArgumentError` or `LedgerError`; with an error no value is handed out.
    fn reidentify(
        &self,
        py: Python<'_>,
        vault: &Vault,
        request: Document<api::ReidentifyRequest>,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        Ok(py.detach(|| self.inner.reidentify(&vault.0, &request.0, &ledger.0))?.mirror())
    }

    /// The value of a text that a policy encrypted with a key, as it stands in an output (`enc1.…`): it is the token of the
    /// request. The ledger is written before the value is handed out.
    ///
    /// Raises `PolicyError`, `ArgumentError` or `LedgerError`; with an error no value is handed out.
    fn decrypt(
        &self,
        py: Python<'_>,
        policy: &str,
        key: PyBackedBytes,
        request: Document<api::ReidentifyRequest>,
        ledger: &Ledger,
    ) -> Result<Reidentified> {
        Ok(py.detach(|| self.inner.decrypt(policy, &key, &request.0, &ledger.0))?.mirror())
    }

    /// What a release says of one code: title, place in the list, 7th characters, and every note that holds for it.
    ///
    /// `None` where the release has no such code. Raises `ArgumentError`.
    #[pyo3(signature = (system, code, *, on=None))]
    fn code(&self, system: &str, code: &str, on: Option<&str>) -> Result<Option<CodeInfo>> {
        let context = api::CodeContext::new(on, None, None, false)?;
        Ok(self.inner.code(system, code, &context)?.map(Mirror::mirror))
    }

    /// What changed between two releases of a code system, each by the name that a verdict gives it.
    ///
    /// Raises `ArgumentError`.
    fn diff_codes(&self, py: Python<'_>, system: &str, release_a: &str, release_b: &str) -> Result<CodeDiff> {
        Ok(py.detach(|| self.inner.diff_codes(system, release_a, release_b))?.mirror())
    }

    /// Codes that a person or a model proposes for a note: whether each is valid, specific, said by the note (with the
    /// places), contradicted by it, or in conflict with another.
    ///
    /// Raises `ArgumentError` or `LimitError`.
    #[pyo3(signature = (note, codes, *, on=None))]
    fn check_suggested_codes(
        &self,
        py: Python<'_>,
        note: String,
        codes: Sequence<String>,
        on: Option<String>,
    ) -> Result<Vec<SuggestedCode>> {
        let request = api::SuggestedCodesRequest { note, codes: codes.0, on };
        Ok(list(py.detach(|| self.inner.check_suggested_codes(&request))?))
    }

    /// A value of one unit of measure (UCUM) in another.
    ///
    /// Raises `ArgumentError`.
    fn convert_unit(&self, value: f64, from_unit: &str, to_unit: &str) -> Result<UnitConversion> {
        Ok(self.inner.convert_unit(value, from_unit, to_unit)?.mirror())
    }

    /// The bytes of the pack that an agency's own file makes, for the constructor.
    ///
    /// Raises `ArgumentError` or `PackError`, with the line where the file goes wrong.
    #[staticmethod]
    fn compile_pack<'py>(
        py: Python<'py>,
        source: PyBackedBytes,
        request: Document<api::PackRequest>,
    ) -> Result<Bound<'py, PyBytes>> {
        let pack = py.detach(|| api::Chartkeeper::compile_pack(&source, &request.0))?;
        Ok(PyBytes::new(py, &pack))
    }

    /// What in a text identifies somebody, in the order of the text: names, places, dates, numbers.
    ///
    /// `known` are facts of the people of the text, of the site, and its own patterns. Raises `ArgumentError`.
    #[pyo3(signature = (text, *, known=None))]
    fn find_identifiers(
        &self,
        py: Python<'_>,
        text: &str,
        known: Option<Document<api::Known>>,
    ) -> Result<Vec<IdentifierSpan>> {
        Ok(list(py.detach(|| self.inner.find_identifiers(text, known.as_ref().map(|known| &known.0)))?))
    }

    /// The same of many texts, in one call. `texts` may be a column of Apache Arrow, and what comes back is one.
    #[pyo3(signature = (texts, *, known=None))]
    fn find_identifiers_in(
        &self,
        py: Python<'_>,
        texts: Texts,
        known: Option<Document<api::Known>>,
    ) -> Result<FoundIdentifiers> {
        let found =
            py.detach(|| self.inner.find_identifiers_in(texts.iter(), known.as_ref().map(|known| &known.0)))?;
        let rows: Vec<Vec<IdentifierSpan>> = found.into_iter().map(list).collect();
        Ok(FoundIdentifiers::new(rows.mirror(), texts.known()))
    }

    /// A text without what the policy hides, and where each change stands in the old text and in the new one.
    ///
    /// Raises `PolicyError` or `ArgumentError`.
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (text, *, policy="hipaa-safe-harbor", key=None, as_of=None, known=None, patient=None))]
    fn deidentify_text(
        &self,
        py: Python<'_>,
        text: &str,
        policy: &str,
        key: Option<PyBackedBytes>,
        as_of: Option<&str>,
        known: Option<Document<api::Known>>,
        patient: Option<&str>,
    ) -> Result<DeidentifiedText> {
        let done = py.detach(|| {
            let known = known.as_ref().map(|known| &known.0);
            let options = api::DeidentifyTextOptions { as_of, key: key.as_deref(), known, patient };
            self.inner.deidentify_text(text, policy, &options)
        })?;
        Ok(done.mirror())
    }

    /// The same of many texts, in one call.
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    #[pyo3(signature = (texts, *, policy="hipaa-safe-harbor", key=None, as_of=None, known=None, patient=None))]
    fn deidentify_texts(
        &self,
        py: Python<'_>,
        texts: Texts,
        policy: &str,
        key: Option<PyBackedBytes>,
        as_of: Option<&str>,
        known: Option<Document<api::Known>>,
        patient: Option<&str>,
    ) -> Result<DeidentifiedTexts> {
        let done = py.detach(|| {
            let known = known.as_ref().map(|known| &known.0);
            let options = api::DeidentifyTextOptions { as_of, key: key.as_deref(), known, patient };
            self.inner.deidentify_texts(texts.iter(), policy, &options)
        })?;
        Ok(DeidentifiedTexts::new(done.mirror(), texts.known()))
    }

    /// How likely rows of a table can be attributed to a person. Raises `ArgumentError`.
    fn assess_risk(&self, py: Python<'_>, request: Document<api::AssessRiskRequest>) -> Result<RiskReport> {
        Ok(py.detach(|| self.inner.assess_risk(&request.0))?.mirror())
    }

    /// A table generalised so far that it meets the demands, with the least loss that was found. Raises `ArgumentError`.
    fn anonymize_table(
        &self,
        py: Python<'_>,
        request: Document<api::AnonymizeTableRequest>,
    ) -> Result<AnonymizedTable> {
        Ok(py.detach(|| self.inner.anonymize_table(&request.0))?.mirror())
    }

    /// What a document that a requester relies on comes to on a day: every element that is not as the law wants it, with its
    /// paragraph.
    ///
    /// Raises `ArgumentError`.
    #[pyo3(signature = (authorization, *, on, jurisdictions=Sequence(Vec::new())))]
    fn check_authorization(
        &self,
        authorization: Document<api::Authority>,
        on: &str,
        jurisdictions: Sequence<String>,
    ) -> Result<DocumentCheck> {
        Ok(self.inner.check_authorization(&authorization.0, on, &jurisdictions.0)?.mirror())
    }

    /// The letter of that kind (`denial`, `cover` or `extension`) about a request for a record.
    ///
    /// Raises `ArgumentError`.
    #[pyo3(signature = (request, record, *, kind, facts=None))]
    fn letter(
        &self,
        py: Python<'_>,
        request: Document<api::Request>,
        record: &Record,
        kind: &str,
        facts: Option<Document<api::LetterFacts>>,
    ) -> Result<Letter> {
        let kind = kind.parse()?;
        let facts = facts.map(|facts| facts.0).unwrap_or_default();
        Ok(py.detach(|| self.inner.letter(&request.0, &record.0, kind, &facts))?.mirror())
    }

    /// Which of these requests another set of law packs, as texts, would answer differently.
    ///
    /// Raises `PackError`.
    fn diff_laws(
        &self,
        py: Python<'_>,
        packs: Sequence<PyBackedStr>,
        cases: Sequence<(Document<api::Request>, Py<Record>)>,
    ) -> Result<Vec<LawDiff>> {
        let found = py.detach(|| {
            let packs: Vec<&str> = packs.0.iter().map(|pack| &**pack).collect();
            let cases = cases.0.iter().map(|(request, record)| (&request.0, &record.get().0));
            self.inner.diff_laws(&packs, cases)
        })?;
        Ok(list(found))
    }

    /// The JSON twin of `packs`: `{}` to a list of `PackInfo`.
    fn packs_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::packs_json, request)
    }

    /// The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
    fn parse_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::parse_json, request)
    }

    /// The JSON twin of `Record.chart`: `{source, format?}` to a list of `ChartEntry`.
    fn chart_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::chart_json, request)
    }

    /// The JSON twin of `Record.with_replaced`: `{source, format?, path, value}` to `{output}`.
    fn replace_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::replace_json, request)
    }

    /// The JSON twin of `validate_code`: `{system, code, on?, sex?, age_years?, principal?}` to a `Verdict`.
    fn validate_code_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::validate_code_json, request)
    }

    /// The JSON twin of `validate_codes`: `{system, codes, on?}` to a list of `Verdict`.
    fn validate_codes_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::validate_codes_json, request)
    }

    /// The JSON twin of `find_codes`: `{system, query, on?, limit?}` to a list of `CodeHit`.
    fn find_codes_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::find_codes_json, request)
    }

    /// The JSON twin of `check_claim`: a `Claim` to a list of `ClaimFinding`.
    fn check_claim_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::check_claim_json, request)
    }

    /// The JSON twin of `check`: `{source, format?, as_of}` to a list of `Finding`.
    fn check_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::check_json, request)
    }

    /// The JSON twin of `deidentify`: `{source, format?, policy?, as_of?, seed?, key?}` to
    /// `{output, manifest, policy, findings}`. `seed`, 64 hexadecimal digits, makes the tokens repeat.
    fn deidentify_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::deidentify_json, request)
    }

    /// The JSON twin of `decide`: `{source, format?, request}` to a `Decision`.
    fn decide_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::decide_json, request)
    }

    /// The JSON twin of `release`: `{source, format?, request, ledger, signing_key?}` to `{output, decision, receipt}`.
    /// `ledger` is the folder of the ledger, `signing_key` 64 hexadecimal digits.
    fn release_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::release_json, request)
    }

    /// The JSON twin of `Ledger.checkpoint`: `{ledger, signing_key?}` to a `Checkpoint`.
    fn checkpoint_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::checkpoint_json, request)
    }

    /// The JSON twin of `Ledger.prove`: `{ledger, signing_key?, index}` to a `Receipt`.
    fn prove_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::prove_json, request)
    }

    /// The JSON twin of `Ledger.verify`: `{ledger, signing_key?}` to `{entries}`.
    fn verify_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::verify_json, request)
    }

    /// The JSON twin of `Ledger.accounting`: `{ledger, signing_key?, patient, as_of, years?, summarise?}` to a list of
    /// `AccountingEntry`.
    fn accounting_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::accounting_json, request)
    }

    /// The JSON twin of `Ledger.export_audit`: `{ledger, signing_key?, recorded, source, patient?, first_index?,
    /// limit?}` to a FHIR Bundle.
    fn export_audit_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::export_audit_json, request)
    }

    /// The JSON twin of `verify_deidentified`: `{original, output, format?, policy?}` to a `Verification`.
    fn verify_deidentified_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::verify_deidentified_json, request)
    }

    /// The JSON twin of `read_records`: `{source, layout, format?, table?, rows?, record_bytes?}` to
    /// `{records, progress}`; of each record `{format, bytes, nodes, resources}` or `{error}`.
    fn read_records_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::read_records_json, request)
    }

    /// The JSON twin of `deidentify_folder`: `{input, output, policy?, as_of?, vault?, vault_key?, key?, patient?,
    /// shift_days?, threads?}` to a `FolderReport`. `vault` is the file of a vault, written when the run has ended.
    fn deidentify_folder_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::deidentify_folder_json, request)
    }

    /// The JSON twin of `decrypt`: `{policy?, key, ledger, signing_key?, request}` to `{value, receipt}`.
    fn decrypt_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::decrypt_json, request)
    }

    /// The JSON twin of `reidentify`: `{vault, vault_key, ledger, signing_key?, request}` to `{value, receipt}`.
    fn reidentify_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::reidentify_json, request)
    }

    /// The JSON twin of `uncharted`: `{source, format?, table?}` to a list of `UnchartedPart`.
    fn uncharted_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::uncharted_json, request)
    }

    /// The JSON twin of `suggest_table`: `{source, format}` to a `TableMap`.
    fn suggest_table_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::suggest_table_json, request)
    }

    /// The JSON twin of `code`: `{system, code, on?}` to a `CodeInfo` or null.
    fn code_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::code_json, request)
    }

    /// The JSON twin of `diff_codes`: `{system, release_a, release_b}` to a `CodeDiff`.
    fn diff_codes_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::diff_codes_json, request)
    }

    /// The JSON twin of `check_suggested_codes`: `{note, codes, on?}` to a list of `SuggestedCode`.
    fn check_suggested_codes_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::check_suggested_codes_json, request)
    }

    /// The JSON twin of `convert_unit`: `{value, from, to}` to a `UnitConversion`.
    fn convert_unit_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::convert_unit_json, request)
    }

    /// The JSON twin of `compile_pack`: `{source, request}` to `{pack}`, both in base64.
    fn compile_pack_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::compile_pack_json, request)
    }

    /// The JSON twin of `to_fhir`: `{source, format?}` to `{output, origins, losses}`.
    fn to_fhir_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::to_fhir_json, request)
    }

    /// The JSON twin of `find_identifiers`: `{text, known?}` to a list of `IdentifierSpan`.
    fn find_identifiers_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::find_identifiers_json, request)
    }

    /// The JSON twin of `find_identifiers_in`: `{texts, known?}` to a list of lists of `IdentifierSpan`.
    fn find_identifiers_in_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::find_identifiers_in_json, request)
    }

    /// The JSON twin of `deidentify_text`: `{text, policy?, as_of?, key?, known?, patient?}` to a `DeidentifiedText`.
    fn deidentify_text_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::deidentify_text_json, request)
    }

    /// The JSON twin of `deidentify_texts`: `{texts, policy?, as_of?, key?, known?, patient?}` to a list of `DeidentifiedText`.
    fn deidentify_texts_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::deidentify_texts_json, request)
    }

    /// The JSON twin of `assess_risk`: an `AssessRiskRequest` to a `RiskReport`.
    fn assess_risk_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::assess_risk_json, request)
    }

    /// The JSON twin of `anonymize_table`: an `AnonymizeTableRequest` to a `AnonymizedTable`.
    fn anonymize_table_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::anonymize_table_json, request)
    }

    /// The JSON twin of `check_authorization`: `{authorization, on, jurisdictions?}` to a `DocumentCheck`.
    fn check_authorization_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::check_authorization_json, request)
    }

    /// The JSON twin of `letter`: `{source, format?, request, kind, facts?}` to a `Letter`.
    fn letter_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::letter_json, request)
    }

    /// The JSON twin of `diff_laws`: `{packs, cases}` to a list of `LawDiff`.
    fn diff_laws_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::diff_laws_json, request)
    }

    #[expect(clippy::unused_self, reason = "the protocol of `repr`")]
    fn __repr__(&self) -> &'static str {
        "Chartkeeper()"
    }
}
