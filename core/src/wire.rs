//! The `_json` twins: every verb as a function from a JSON request to a JSON answer.
//!
//! The field names are those of the records in [`crate::api`]. A request with a field that the verb does not take
//! is refused. Sources and outputs are strings. Errors are the typed errors of the verbs; [`error_json`] is their
//! JSON form.

use serde::{Deserialize, Serialize};

#[cfg(feature = "load")]
use crate::api::PackRequest;
use crate::api::{AccountingRequest, AuditRequest, SuggestedCodesRequest};
use crate::api::{
    Authority, Chartkeeper, Claim, CodeContext, Decision, DeidentifyOptions, DeidentifyTextOptions, Error,
    FindCodesRequest, Finding, Format, Known, Layout, Ledger, LetterFacts, LetterKind, Manifest, Receipt,
    Record, ReidentifyRequest, Request, Result, Span, TableMap, ValidateCodeRequest, ValidateCodesRequest,
    Vault, suggest_table,
};
use crate::api::{ReadRecordsRequest, read_records};
use crate::error::codes;

/// The policy of a `deidentify` request that names none.
const DEFAULT_POLICY: &str = "hipaa-safe-harbor";

/// Reads a request. What `serde` says of a bad one may quote it, so only the place is kept.
fn read<'a, T: Deserialize<'a>>(request: &'a str) -> Result<T> {
    serde_json::from_str(request).map_err(|error| {
        let reason = match error.classify() {
            serde_json::error::Category::Data => "a field is missing, unknown or of another type",
            _ => "not valid JSON",
        };
        let place = format!("{reason}, at line {} column {}", error.line(), error.column());
        Error::new(&codes::INVALID_REQUEST).note(place)
    })
}

fn write(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|_| Error::new(&codes::INVALID_REQUEST).note("the answer is not text"))
}

/// The output of a verb as text. Outputs are UTF-8 because their sources were.
fn text(output: Vec<u8>) -> Result<String> {
    String::from_utf8(output)
        .map_err(|error| Error::new(&codes::INVALID_UTF8).at_offset(error.utf8_error().valid_up_to()))
}

/// An error as JSON: `{kind, code, message, path, span}`.
#[must_use]
pub fn error_json(error: &Error) -> String {
    #[derive(Serialize)]
    struct Wire<'a> {
        kind: &'a str,
        code: &'a str,
        message: String,
        path: Option<&'a str>,
        span: Option<Span>,
    }
    let wire = Wire {
        kind: error.kind().as_str(),
        code: error.code(),
        message: error.to_string(),
        path: error.path(),
        span: error.span(),
    };
    serde_json::to_string(&wire).unwrap_or_default()
}

/// A record in a request: its text, and the name of its format where the caller knows it, or for a table the map of its
/// columns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
    format: Option<String>,
    table: Option<TableMap>,
}

impl Source {
    fn record(self) -> Result<Record> {
        if let Some(map) = &self.table {
            return Record::parse_table(self.source, map);
        }
        let format = self.format.as_deref().map(str::parse::<Format>).transpose()?;
        Record::parse(self.source, format)
    }
}

/// A policy in a request: a name, or one of the user's own as an object or its text.
#[derive(Deserialize)]
#[serde(untagged)]
enum PolicyChoice {
    Text(String),
    Object(serde_json::Map<String, serde_json::Value>),
}

impl PolicyChoice {
    fn text(choice: Option<Self>) -> String {
        match choice {
            None => DEFAULT_POLICY.to_owned(),
            Some(Self::Text(text)) => text,
            Some(Self::Object(members)) => serde_json::Value::Object(members).to_string(),
        }
    }
}

/// `packs`: `{}` to a list of `PackInfo`.
///
/// # Errors
/// `invalid_request`.
pub fn packs_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {}
    let Request {} = read(request)?;
    write(&keeper.packs()?)
}

/// `parse`: `{source, format?, table?}` to `{format, bytes, nodes, resources}`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn parse_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&Parsed::of(&read::<Source>(request)?.record()?))
}

/// What is told of a record that was read.
#[derive(Serialize)]
struct Parsed {
    format: &'static str,
    bytes: usize,
    nodes: usize,
    resources: usize,
}

impl Parsed {
    fn of(record: &Record) -> Self {
        Self {
            format: record.format().as_str(),
            bytes: record.source().len(),
            nodes: record.tree().len(),
            resources: record.resources().len(),
        }
    }
}

/// `read_records`: `{source, layout, format?, table?, rows?, record_bytes?}` to `{records, progress}`; of each record
/// `{format, bytes, nodes, resources}`, or `{error}` as [`error_json`] writes it.
///
/// # Errors
/// `invalid_request`, and those of [`read_records`].
pub fn read_records_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        layout: Layout,
        format: Option<Format>,
        table: Option<TableMap>,
        rows: Option<usize>,
        record_bytes: Option<usize>,
    }
    let Request { source, layout, format, table, rows, record_bytes } = read(request)?;
    let request = ReadRecordsRequest { layout, format, table, rows, record_bytes };
    let mut all = read_records(std::io::Cursor::new(source.into_bytes()), &request)?;
    let mut records = Vec::new();
    for record in all.by_ref() {
        records.push(match record {
            Ok(record) => serde_json::to_value(Parsed::of(&record)),
            Err(error) => serde_json::from_str(&error_json(&error))
                .map(|error: serde_json::Value| serde_json::json!({ "error": error })),
        });
    }
    let records: serde_json::Result<Vec<_>> = records.into_iter().collect();
    let records = records.map_err(|_| Error::new(&codes::INVALID_REQUEST).note("the answer is not text"))?;
    write(&serde_json::json!({ "records": records, "progress": all.progress() }))
}

/// `replace`: `{source, format?, table?, path, value}` to `{output}`; one leaf gets a new value.
///
/// # Errors
/// `invalid_request`, and those of [`Record::with_replaced`].
pub fn replace_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        table: Option<TableMap>,
        path: String,
        value: String,
    }
    #[derive(Serialize)]
    struct Answer {
        output: String,
    }
    let request: Request = read(request)?;
    let record = Source { source: request.source, format: request.format, table: request.table }.record()?;
    let changed = record.with_replaced(&request.path, &request.value)?;
    write(&Answer { output: text(changed.source().to_vec())? })
}

/// `chart`: `{source, format?, table?}` to a list of `ChartEntry`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn chart_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.chart_entries())
}

/// `uncharted`: `{source, format?, table?}` to a list of `UnchartedPart`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn uncharted_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.uncharted())
}

/// `suggest_table`: `{source, format}` to a `TableMap`.
///
/// # Errors
/// `invalid_request`, `unknown_format`, and those of [`suggest_table`].
pub fn suggest_table_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: String,
    }
    let Request { source, format } = read(request)?;
    write(&suggest_table(source.as_bytes(), format.parse()?)?)
}

/// `to_fhir`: `{source, format?}` to `{output, origins, losses}`: the record as a FHIR R4 Bundle, the place of each
/// resource in the source, and what the Bundle does not carry.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn to_fhir_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<Source>(request)?.record()?.to_fhir()?)
}

/// `validate_code`: `{system, code, on?, sex?, age_years?, principal?}` to a `Verdict`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `unknown_system`.
pub fn validate_code_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let request: ValidateCodeRequest = read(request)?;
    write(&keeper.validate_code(&request.system, &request.code, &request.context()?)?)
}

/// `validate_codes`: `{system, codes, on?}` to a list of `Verdict`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `unknown_system`.
pub fn validate_codes_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let request: ValidateCodesRequest = read(request)?;
    let codes = request.codes.iter().map(String::as_str);
    write(&keeper.validate_codes(&request.system, codes, &request.context()?)?)
}

/// `find_codes`: `{system, query, on?, limit?, billable_only?, chapter?}` to a list of `CodeHit`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `unknown_system`, `no_titles`.
pub fn find_codes_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let request: FindCodesRequest = read(request)?;
    let (context, facets) = (request.context()?, request.facets());
    write(&keeper.find_codes_within(&request.system, &request.query, &context, &facets, request.limit)?)
}

/// `check_suggested_codes`: `{note, codes, on?}` to a list of `SuggestedCode`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `too_large`.
pub fn check_suggested_codes_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    write(&keeper.check_suggested_codes(&read::<SuggestedCodesRequest>(request)?)?)
}

/// `convert_unit`: `{value, from, to}` to a `UnitConversion`.
///
/// # Errors
/// `invalid_request`, `unit_invalid`, `units_differ`.
pub fn convert_unit_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        value: f64,
        from: String,
        to: String,
    }
    let Request { value, from, to } = read(request)?;
    write(&keeper.convert_unit(value, &from, &to)?)
}

/// `compile_pack`: `{source, request}` to `{pack}`. `source` is the file and `pack` the pack, both in base64; `request` is
/// `{format, release, effective_from?, effective_to?, system?, licence?}`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::compile_pack`].
#[cfg(feature = "load")]
pub fn compile_pack_json(_: &Chartkeeper, request: &str) -> Result<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        request: PackRequest,
    }
    #[derive(Serialize)]
    struct Answer {
        pack: String,
    }
    let Request { source, request } = read(request)?;
    let source = STANDARD
        .decode(source)
        .map_err(|_| Error::new(&codes::INVALID_REQUEST).in_path("source").note("base64 is needed"))?;
    write(&Answer { pack: STANDARD.encode(Chartkeeper::compile_pack(&source, &request)?) })
}

/// `code`: `{system, code, on?}` to a `CodeInfo`, or null where the release has no such code.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `unknown_system`.
pub fn code_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        system: String,
        code: String,
        on: Option<String>,
    }
    let Request { system, code, on } = read(request)?;
    write(&keeper.code(&system, &code, &CodeContext::new(on.as_deref(), None, None, false)?)?)
}

/// `diff_codes`: `{system, release_a, release_b}` to a `CodeDiff`.
///
/// # Errors
/// `invalid_request`, `unknown_system`, `invalid_argument`.
pub fn diff_codes_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        system: String,
        release_a: String,
        release_b: String,
    }
    let Request { system, release_a, release_b } = read(request)?;
    write(&keeper.diff_codes(&system, &release_a, &release_b)?)
}

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

/// `check_authorization`: `{authorization, on, jurisdictions?}` to a `DocumentCheck`. The document is as in the
/// `authority` of a request, its `kind` with it.
///
/// # Errors
/// `invalid_request`, `invalid_date`.
pub fn check_authorization_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        authorization: Authority,
        on: String,
        #[serde(default)]
        jurisdictions: Vec<String>,
    }
    let Wire { authorization, on, jurisdictions } = read(request)?;
    write(&keeper.check_authorization(&authorization, &on, &jurisdictions)?)
}

/// A request for a record.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    source: String,
    format: Option<String>,
    request: Request,
}

impl Case {
    fn read(self) -> Result<(Request, Record)> {
        let source = Source { source: self.source, format: self.format, table: None };
        Ok((self.request, source.record()?))
    }
}

/// `letter`: `{source, format?, request, kind, facts?}` to a `Letter`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`] and [`Chartkeeper::letter`].
pub fn letter_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        source: String,
        format: Option<String>,
        request: Request,
        kind: String,
        #[serde(default)]
        facts: LetterFacts,
    }
    let Wire { source, format, request, kind, facts } = read(request)?;
    let kind: LetterKind = kind.parse()?;
    let (request, record) = Case { source, format, request }.read()?;
    write(&keeper.letter(&request, &record, kind, &facts)?)
}

/// `diff_laws`: `{packs, cases}` to a list of `LawDiff`; `packs` are texts, a case is `{source, format?, request}`.
///
/// # Errors
/// `invalid_request`, `pack_malformed`, and those of [`Record::parse`].
pub fn diff_laws_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        packs: Vec<String>,
        cases: Vec<Case>,
    }
    let Wire { packs, cases } = read(request)?;
    let cases = cases.into_iter().map(Case::read).collect::<Result<Vec<_>>>()?;
    let packs: Vec<&str> = packs.iter().map(String::as_str).collect();
    write(&keeper.diff_laws(&packs, cases.iter().map(|(request, record)| (request, record)))?)
}

/// `check_claim`: a `Claim` to a list of `ClaimFinding`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `invalid_argument`.
pub fn check_claim_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    write(&keeper.check_claim(&read::<Claim>(request)?)?)
}

/// `check`: `{source, format?, table?, as_of}` to a list of `Finding`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, and those of [`Record::parse`].
pub fn check_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        source: String,
        format: Option<String>,
        table: Option<TableMap>,
        as_of: String,
    }
    let Request { source, format, table, as_of } = read(request)?;
    write(&keeper.check(&Source { source, format, table }.record()?, &as_of)?)
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

/// `deidentify_text`: `{text, policy?, as_of?, key?, known?, patient?}` to a `DeidentifiedText`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::deidentify_text`].
pub fn deidentify_text_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        text: String,
        policy: Option<PolicyChoice>,
        as_of: Option<String>,
        key: Option<String>,
        known: Option<Known>,
        patient: Option<String>,
    }
    let Request { text, policy, as_of, key, known, patient } = read(request)?;
    let options = DeidentifyTextOptions {
        as_of: as_of.as_deref(),
        key: key.as_deref().map(str::as_bytes),
        known: known.as_ref(),
        patient: patient.as_deref(),
    };
    write(&keeper.deidentify_text(&text, &PolicyChoice::text(policy), &options)?)
}

/// `deidentify_texts`: `{texts, policy?, as_of?, key?, known?, patient?}` to a list of `DeidentifiedText`.
///
/// # Errors
/// `invalid_request`, and those of [`Chartkeeper::deidentify_texts`].
pub fn deidentify_texts_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        texts: Vec<String>,
        policy: Option<PolicyChoice>,
        as_of: Option<String>,
        key: Option<String>,
        known: Option<Known>,
        patient: Option<String>,
    }
    let Request { texts, policy, as_of, key, known, patient } = read(request)?;
    let options = DeidentifyTextOptions {
        as_of: as_of.as_deref(),
        key: key.as_deref().map(str::as_bytes),
        known: known.as_ref(),
        patient: patient.as_deref(),
    };
    let texts = texts.iter().map(String::as_str);
    write(&keeper.deidentify_texts(texts, &PolicyChoice::text(policy), &options)?)
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

/// `decide`: `{source, format?, request}` to a `Decision`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn decide_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        source: String,
        format: Option<String>,
        request: Request,
    }
    let Wire { source, format, request } = read(request)?;
    write(&keeper.decide(&request, &Source { source, format, table: None }.record()?)?)
}

/// `release`: `{source, format?, request, ledger, signing_key?}` to `{output, decision, receipt}`. `ledger` is the
/// folder of the ledger, `signing_key` 64 hexadecimal digits.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`] and [`Chartkeeper::release`].
pub fn release_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        source: String,
        format: Option<String>,
        request: Request,
        ledger: String,
        signing_key: Option<String>,
    }
    #[derive(Serialize)]
    struct Answer<'a> {
        output: Option<String>,
        decision: &'a Decision,
        receipt: &'a Option<Receipt>,
    }
    let Wire { source, format, request, ledger, signing_key } = read(request)?;
    let record = Source { source, format, table: None }.record()?;
    let ledger = LedgerAt { ledger, signing_key }.open()?;
    let released = keeper.release(&request, &record, &ledger)?;
    let output = released.output.map(text).transpose()?;
    write(&Answer { output, decision: &released.decision, receipt: &released.receipt })
}

/// A ledger in a request: its folder and, where it is signed, its key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerAt {
    ledger: String,
    signing_key: Option<String>,
}

impl LedgerAt {
    fn key(&self) -> Result<Option<[u8; 32]>> {
        self.signing_key.as_deref().map(|key| secret("signing_key", key)).transpose()
    }

    fn open(&self) -> Result<Ledger> {
        Ledger::open(&self.ledger, self.key()?.as_ref())
    }

    fn open_reading(&self) -> Result<Ledger> {
        Ledger::open_reading(&self.ledger, self.key()?.as_ref())
    }
}

/// `checkpoint`: `{ledger, signing_key?}` to a `Checkpoint`.
///
/// # Errors
/// `invalid_request`, and those of [`Ledger::open_reading`].
pub fn checkpoint_json(_: &Chartkeeper, request: &str) -> Result<String> {
    write(&read::<LedgerAt>(request)?.open_reading()?.checkpoint()?)
}

/// `prove`: `{ledger, signing_key?, index}` to a `Receipt`.
///
/// # Errors
/// `invalid_request`, and those of [`Ledger::open_reading`] and [`Ledger::prove`].
pub fn prove_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Request {
        ledger: String,
        signing_key: Option<String>,
        index: u64,
    }
    let Request { ledger, signing_key, index } = read(request)?;
    write(&LedgerAt { ledger, signing_key }.open_reading()?.prove(index)?)
}

/// `verify`: `{ledger, signing_key?}` to `{entries}` where every entry and checkpoint of the ledger is whole.
///
/// # Errors
/// `invalid_request`, and those of [`Ledger::open_reading`] and [`Ledger::verify`].
pub fn verify_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Serialize)]
    struct Answer {
        entries: u64,
    }
    let ledger = read::<LedgerAt>(request)?.open_reading()?;
    ledger.verify()?;
    write(&Answer { entries: ledger.len()? })
}

/// `accounting`: `{ledger, signing_key?, patient, as_of, years?, summarise?}` to a list of `AccountingEntry`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `invalid_argument`, and those of [`Ledger::open_reading`].
pub fn accounting_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        ledger: String,
        signing_key: Option<String>,
        patient: String,
        as_of: String,
        years: Option<u8>,
        #[serde(default)]
        summarise: bool,
    }
    let Wire { ledger, signing_key, patient, as_of, years, summarise } = read(request)?;
    let ledger = LedgerAt { ledger, signing_key }.open_reading()?;
    write(&ledger.accounting_of(&AccountingRequest { patient, as_of, years, summarise })?)
}

/// `export_audit`: `{ledger, signing_key?, recorded, source, patient?, first_index?, limit?}` to a FHIR R4 Bundle.
///
/// # Errors
/// `invalid_request`, and those of [`Ledger::open_reading`] and [`Ledger::export_audit`].
pub fn export_audit_json(_: &Chartkeeper, request: &str) -> Result<String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wire {
        ledger: String,
        signing_key: Option<String>,
        recorded: String,
        source: String,
        patient: Option<String>,
        first_index: Option<u64>,
        limit: Option<u64>,
    }
    let Wire { ledger, signing_key, recorded, source, patient, first_index, limit } = read(request)?;
    let ledger = LedgerAt { ledger, signing_key }.open_reading()?;
    ledger.export_audit(&AuditRequest { recorded, source, patient, first_index, limit })
}

/// 32 secret bytes from 64 hexadecimal digits.
fn secret(name: &'static str, digits: &str) -> Result<[u8; 32]> {
    let refuse =
        || Error::new(&codes::INVALID_ARGUMENT).in_path(name).note("64 hexadecimal digits are needed");
    let mut key = [0; 32];
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.len() != key.len() || !rest.is_empty() {
        return Err(refuse());
    }
    for (byte, pair) in key.iter_mut().zip(pairs) {
        let digit = |digit: u8| char::from(digit).to_digit(16).ok_or_else(refuse);
        let [high, low] = *pair;
        *byte = (digit(high)? << 4 | digit(low)?) as u8;
    }
    Ok(key)
}
