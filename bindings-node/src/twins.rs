//! The `_json` twins: each verb from a JSON request to a JSON answer, with the field names of the records.

use chartkeeper::wire;
use napi_derive::napi;

use crate::error::{Result, failure};
use crate::keeper::Chartkeeper;

#[napi]
impl Chartkeeper {
    /// The JSON twin of `packs`: `{}` to a list of `PackInfo`.
    #[napi]
    pub fn packs_json(&self, request: String) -> Result<String> {
        wire::packs_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
    #[napi]
    pub fn parse_json(&self, request: String) -> Result<String> {
        wire::parse_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Record.chart`: `{source, format?}` to a list of `ChartEntry`.
    #[napi]
    pub fn chart_json(&self, request: String) -> Result<String> {
        wire::chart_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Record.withReplaced`: `{source, format?, path, value}` to `{output}`.
    #[napi]
    pub fn replace_json(&self, request: String) -> Result<String> {
        wire::replace_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `validateCode`: `{system, code, on?, sex?, age_years?, principal?}` to a `Verdict`.
    #[napi]
    pub fn validate_code_json(&self, request: String) -> Result<String> {
        wire::validate_code_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `validateCodes`: `{system, codes, on?}` to a list of `Verdict`.
    #[napi]
    pub fn validate_codes_json(&self, request: String) -> Result<String> {
        wire::validate_codes_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `findCodes`: `{system, query, on?, limit?}` to a list of `CodeHit`.
    #[napi]
    pub fn find_codes_json(&self, request: String) -> Result<String> {
        wire::find_codes_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `checkClaim`: a `Claim` to a list of `ClaimFinding`.
    #[napi]
    pub fn check_claim_json(&self, request: String) -> Result<String> {
        wire::check_claim_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `check`: `{source, format?, as_of}` to a list of `Finding`.
    #[napi]
    pub fn check_json(&self, request: String) -> Result<String> {
        wire::check_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `deidentify`: `{source, format?, policy?, as_of?, seed?, key?}` to
    /// `{output, manifest, policy, findings}`. `seed`, 64 hexadecimal digits, makes the tokens repeat.
    #[napi]
    pub fn deidentify_json(&self, request: String) -> Result<String> {
        wire::deidentify_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `decide`: `{source, format?, request}` to a `Decision`.
    #[napi]
    pub fn decide_json(&self, request: String) -> Result<String> {
        wire::decide_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `release`: `{source, format?, request, ledger, signing_key?}` to
    /// `{output, decision, receipt}`. `ledger` is the folder of the ledger, `signing_key` 64 hexadecimal digits.
    #[napi]
    pub fn release_json(&self, request: String) -> Result<String> {
        wire::release_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Ledger.checkpoint`: `{ledger, signing_key?}` to a `Checkpoint`.
    #[napi]
    pub fn checkpoint_json(&self, request: String) -> Result<String> {
        wire::checkpoint_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Ledger.prove`: `{ledger, signing_key?, index}` to a `Receipt`.
    #[napi]
    pub fn prove_json(&self, request: String) -> Result<String> {
        wire::prove_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Ledger.verify`: `{ledger, signing_key?}` to `{entries}`.
    #[napi]
    pub fn verify_json(&self, request: String) -> Result<String> {
        wire::verify_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Ledger.accounting`: `{ledger, signing_key?, patient, as_of, years?, summarise?}` to a list of
    /// `AccountingEntry`.
    #[napi]
    pub fn accounting_json(&self, request: String) -> Result<String> {
        wire::accounting_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `Ledger.exportAudit`: `{ledger, signing_key?, recorded, source, patient?, first_index?, limit?}`
    /// to a FHIR Bundle.
    #[napi]
    pub fn export_audit_json(&self, request: String) -> Result<String> {
        wire::export_audit_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `verifyDeidentified`: `{original, output, format?, policy?}` to a `Verification`.
    #[napi]
    pub fn verify_deidentified_json(&self, request: String) -> Result<String> {
        wire::verify_deidentified_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `readRecords`: `{source, layout, format?, table?, rows?, record_bytes?}` to `{records, progress}`;
    /// of each record `{format, bytes, nodes, resources}` or `{error}`.
    #[napi]
    pub fn read_records_json(&self, request: String) -> Result<String> {
        wire::read_records_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `deidentifyFolder`: `{input, output, policy?, as_of?, vault?, vault_key?, key?, patient?,
    /// shift_days?, threads?}` to a `FolderReport`. `vault` is the file of a vault, written when the run has ended.
    #[napi]
    pub fn deidentify_folder_json(&self, request: String) -> Result<String> {
        wire::deidentify_folder_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `decrypt`: `{policy?, key, ledger, signing_key?, request}` to `{value, receipt}`.
    #[napi]
    pub fn decrypt_json(&self, request: String) -> Result<String> {
        wire::decrypt_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `reidentify`: `{vault, vault_key, ledger, signing_key?, request}` to `{value, receipt}`.
    #[napi]
    pub fn reidentify_json(&self, request: String) -> Result<String> {
        wire::reidentify_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `uncharted`: `{source, format?, table?}` to a list of `UnchartedPart`.
    #[napi]
    pub fn uncharted_json(&self, request: String) -> Result<String> {
        wire::uncharted_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `suggestTable`: `{source, format}` to a `TableMap`.
    #[napi]
    pub fn suggest_table_json(&self, request: String) -> Result<String> {
        wire::suggest_table_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `code`: `{system, code, on?}` to a `CodeInfo` or null.
    #[napi]
    pub fn code_json(&self, request: String) -> Result<String> {
        wire::code_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `diffCodes`: `{system, release_a, release_b}` to a `CodeDiff`.
    #[napi]
    pub fn diff_codes_json(&self, request: String) -> Result<String> {
        wire::diff_codes_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `checkSuggestedCodes`: `{note, codes, on?}` to a list of `SuggestedCode`.
    #[napi]
    pub fn check_suggested_codes_json(&self, request: String) -> Result<String> {
        wire::check_suggested_codes_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `convertUnit`: `{value, from, to}` to a `UnitConversion`.
    #[napi]
    pub fn convert_unit_json(&self, request: String) -> Result<String> {
        wire::convert_unit_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `compilePack`: `{source, request}` to `{pack}`, both in base64.
    #[napi]
    pub fn compile_pack_json(&self, request: String) -> Result<String> {
        wire::compile_pack_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `toFhir`: `{source, format?}` to `{output, origins, losses}`.
    #[napi]
    pub fn to_fhir_json(&self, request: String) -> Result<String> {
        wire::to_fhir_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `findIdentifiers`: `{text, known?}` to a list of `IdentifierSpan`.
    #[napi]
    pub fn find_identifiers_json(&self, request: String) -> Result<String> {
        wire::find_identifiers_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `findIdentifiersIn`: `{texts, known?}` to a list of lists of `IdentifierSpan`.
    #[napi]
    pub fn find_identifiers_in_json(&self, request: String) -> Result<String> {
        wire::find_identifiers_in_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `deidentifyText`: `{text, policy?, as_of?, key?, known?, patient?}` to a `DeidentifiedText`.
    #[napi]
    pub fn deidentify_text_json(&self, request: String) -> Result<String> {
        wire::deidentify_text_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `deidentifyTexts`: `{texts, policy?, as_of?, key?, known?, patient?}` to a list of `DeidentifiedText`.
    #[napi]
    pub fn deidentify_texts_json(&self, request: String) -> Result<String> {
        wire::deidentify_texts_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `assessRisk`: an `AssessRiskRequest` to a `RiskReport`.
    #[napi]
    pub fn assess_risk_json(&self, request: String) -> Result<String> {
        wire::assess_risk_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `anonymizeTable`: an `AnonymizeTableRequest` to a `AnonymizedTable`.
    #[napi]
    pub fn anonymize_table_json(&self, request: String) -> Result<String> {
        wire::anonymize_table_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `checkAuthorization`: `{authorization, on, jurisdictions?}` to a `DocumentCheck`.
    #[napi]
    pub fn check_authorization_json(&self, request: String) -> Result<String> {
        wire::check_authorization_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `letter`: `{source, format?, request, kind, facts?}` to a `Letter`.
    #[napi]
    pub fn letter_json(&self, request: String) -> Result<String> {
        wire::letter_json(&self.inner, &request).map_err(failure)
    }

    /// The JSON twin of `diffLaws`: `{packs, cases}` to a list of `LawDiff`.
    #[napi]
    pub fn diff_laws_json(&self, request: String) -> Result<String> {
        wire::diff_laws_json(&self.inner, &request).map_err(failure)
    }
}
