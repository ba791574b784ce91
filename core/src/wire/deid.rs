//! The twins of the verbs of de-identification and disclosure risk.

use serde::{Deserialize, Serialize};

use super::{LedgerAt, PolicyChoice, Source, read, secret, text, write};
use crate::api::{
    Chartkeeper, DeidentifyOptions, DeidentifyTextOptions, Error, Finding, Known, Manifest,
    ReidentifyRequest, Result, TableMap, Vault,
};
use crate::error::codes;

/// `assess_risk`: an `AssessRiskRequest` to a `RiskReport`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::assess_risk`].
pub fn assess_risk_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    write(&keeper.assess_risk(&read(request)?)?)
}

/// `anonymize_table`: an `AnonymizeTableRequest` to an `AnonymizedTable`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::anonymize_table`].
pub fn anonymize_table_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    write(&keeper.anonymize_table(&read(request)?)?)
}

/// `deidentify`: `{source, format?, table?, policy?, as_of?, seed?, key?, patient?, shift_days?}` to
/// `{output, manifest, policy, findings}`. `policy` is a name, or a policy of the user's own as an object or its
/// text. `seed`, 64 hexadecimal digits, makes the tokens repeat; without it they come from the operating system.
///
/// # Errors
/// `invalid_request`, `invalid_date`, and those of [`Record::parse`] and [`Chartkeeper::deidentify`].
pub fn deidentify_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        table: Option<TableMap>,
        policy: Option<PolicyChoice>,
        as_of: Option<String>,
        seed: Option<String>,
        key: Option<String>,
        patient: Option<String>,
        shift_days: Option<i32>,
    }
    #[derive(Serialize)]
    struct Answer<'a> {
        output: String,
        manifest: &'a Manifest,
        policy: &'a str,
        findings: &'a [Finding],
    }
    let Request { source, format, table, policy, as_of, seed, key, patient, shift_days } = read(request)?;
    let vault = seed.map(|seed| secret("seed", &seed)).transpose()?.map(Vault::from_seed);
    let options = DeidentifyOptions {
        as_of: as_of.as_deref(),
        vault: vault.as_ref(),
        key: key.as_deref().map(str::as_bytes),
        patient: patient.as_deref(),
        shift_days,
    };
    let record = Source { source, format, table }.record()?;
    let done = keeper.deidentify(&record, &PolicyChoice::text(policy), &options)?;
    let output = text(done.output)?;
    write(&Answer { output, manifest: &done.manifest, policy: &done.policy, findings: &done.findings })
}

/// `deidentify_folder`: `{input, output, policy?, as_of?, vault?, vault_key?, key?, patient?, shift_days?, threads?}` to a
/// `FolderReport`. `input` and `output` are folders; `vault` is the file of a vault, which is written when the run has
/// ended, with its key of 64 hexadecimal digits; one thread works where nothing is said.
///
/// # Errors
/// `invalid_request`, and those of [`Vault::open`], [`Vault::save`] and [`Chartkeeper::deidentify_folder`].
pub fn deidentify_folder_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        input: String,
        output: String,
        policy: Option<PolicyChoice>,
        as_of: Option<String>,
        vault: Option<String>,
        vault_key: Option<String>,
        key: Option<String>,
        patient: Option<String>,
        shift_days: Option<i32>,
        threads: Option<u16>,
    }
    let Request { input, output, policy, as_of, vault, vault_key, key, patient, shift_days, threads } =
        read(request)?;
    let kept = match (vault, vault_key) {
        (Some(path), Some(key)) => {
            let key = secret("vault_key", &key)?;
            let new = !std::path::Path::new(&path).exists();
            Some((if new { Vault::new()? } else { Vault::open(&path, &key)? }, path, key))
        }
        (None, None) => None,
        _ => {
            let note = "a vault and its key belong together";
            return Err(Error::new(&codes::INVALID_REQUEST).in_path("vault_key").note(note));
        }
    };
    let options = DeidentifyOptions {
        as_of: as_of.as_deref(),
        vault: kept.as_ref().map(|(vault, ..)| vault),
        key: key.as_deref().map(str::as_bytes),
        patient: patient.as_deref(),
        shift_days,
    };
    let threads = usize::from(threads.unwrap_or(1));
    let policy = PolicyChoice::text(policy);
    let report = keeper.deidentify_folder(input, output, &policy, &options, threads, &mut |_| true)?;
    if let Some((vault, path, key)) = &kept {
        vault.save(path, key)?;
    }
    write(&report)
}

/// `find_identifiers`: `{text, known?}` to a list of `IdentifierSpan`; `known` is a `Known`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::find_identifiers`].
pub fn find_identifiers_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        text: String,
        known: Option<Known>,
    }
    let Request { text, known } = read(request)?;
    write(&keeper.find_identifiers(&text, known.as_ref())?)
}

/// `find_identifiers_in`: `{texts, known?}` to a list of lists of `IdentifierSpan`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::find_identifiers`].
pub fn find_identifiers_in_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        texts: Vec<String>,
        known: Option<Known>,
    }
    let Request { texts, known } = read(request)?;
    write(&keeper.find_identifiers_in(texts.iter().map(String::as_str), known.as_ref())?)
}

/// What `deidentify_text` and `deidentify_texts` take: one text or several, and the same options.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextRequest {
    text: Option<String>,
    texts: Option<Vec<String>>,
    policy: Option<PolicyChoice>,
    as_of: Option<String>,
    key: Option<String>,
    known: Option<Known>,
    patient: Option<String>,
}

impl TextRequest {
    fn options(&self) -> DeidentifyTextOptions<'_> {
        DeidentifyTextOptions {
            as_of: self.as_of.as_deref(),
            key: self.key.as_deref().map(str::as_bytes),
            known: self.known.as_ref(),
            patient: self.patient.as_deref(),
        }
    }

    /// The request has not the field that this verb takes, or that of the other one.
    fn refused(field: &str) -> Error {
        Error::new(&codes::INVALID_REQUEST).note(format!("{field} alone is needed"))
    }
}

/// `deidentify_text`: `{text, policy?, as_of?, key?, known?, patient?}` to a `DeidentifiedText`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::deidentify_text`].
pub fn deidentify_text_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let mut request: TextRequest = read(request)?;
    let policy = PolicyChoice::text(request.policy.take());
    match (&request.text, &request.texts) {
        (Some(text), None) => write(&keeper.deidentify_text(text, &policy, &request.options())?),
        _ => Err(TextRequest::refused("text")),
    }
}

/// `deidentify_texts`: `{texts, policy?, as_of?, key?, known?, patient?}` to a list of `DeidentifiedText`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::deidentify_texts`].
pub fn deidentify_texts_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let mut request: TextRequest = read(request)?;
    let policy = PolicyChoice::text(request.policy.take());
    match (&request.text, &request.texts) {
        (None, Some(texts)) => {
            let texts = texts.iter().map(String::as_str);
            write(&keeper.deidentify_texts(texts, &policy, &request.options())?)
        }
        _ => Err(TextRequest::refused("texts")),
    }
}

/// `verify_deidentified`: `{original, output, format?, policy?}` to a `Verification`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`] and [`Chartkeeper::verify_deidentified`].
pub fn verify_deidentified_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        original: String,
        output: String,
        format: Option<String>,
        policy: Option<PolicyChoice>,
    }
    let Request { original, output, format, policy } = read(request)?;
    let original = Source { source: original, format: format.clone(), table: None }.record()?;
    let output = Source { source: output, format, table: None }.record()?;
    write(&keeper.verify_deidentified(&original, &output, &PolicyChoice::text(policy))?)
}

/// `reidentify`: `{vault, vault_key, ledger, signing_key?, request}` to `{value, receipt}`. `vault` is its file, the
/// keys are 64 hexadecimal digits, `request` is a `ReidentifyRequest`.
///
/// # Errors
/// `invalid_request`, and those of [`Vault::open`], [`Ledger::open`] and [`Chartkeeper::reidentify`].
pub fn reidentify_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        vault: String,
        vault_key: String,
        ledger: String,
        signing_key: Option<String>,
        request: ReidentifyRequest,
    }
    let Wire { vault, vault_key, ledger, signing_key, request } = read(request)?;
    let vault = Vault::open(vault, &secret("vault_key", &vault_key)?)?;
    let ledger = LedgerAt { ledger, signing_key }.open()?;
    write(&keeper.reidentify(&vault, &request, &ledger)?)
}

/// `decrypt`: `{policy?, key, ledger, signing_key?, request}` to `{value, receipt}`. `request` is a `ReidentifyRequest`
/// whose token is the encrypted text.
///
/// # Errors
/// `invalid_request`, and those of [`Ledger::open`] and [`Chartkeeper::decrypt`].
pub fn decrypt_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        policy: Option<PolicyChoice>,
        key: String,
        ledger: String,
        signing_key: Option<String>,
        request: ReidentifyRequest,
    }
    let Wire { policy, key, ledger, signing_key, request } = read(request)?;
    let ledger = LedgerAt { ledger, signing_key }.open()?;
    write(&keeper.decrypt(&PolicyChoice::text(policy), key.as_bytes(), &request, &ledger)?)
}
