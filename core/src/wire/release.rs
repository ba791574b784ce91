//! The twins of the verbs of release.

use serde::{Deserialize, Serialize};

use super::{LedgerAt, Source, read, text, write};
use crate::api::{
    Authority, Chartkeeper, Decision, LetterFacts, LetterKind, Receipt, Record, Request, Result,
};

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

/// `decide`: `{source, format?, request}` to a `Decision`.
///
/// # Errors
/// `invalid_request`, and those of [`Record::parse`].
pub fn decide_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    let (request, record) = read::<Case>(request)?.read()?;
    write(&keeper.decide(&request, &record)?)
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
