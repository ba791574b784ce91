//! The twins of the verbs on codes and claims.

use serde::Deserialize;

use super::{read, write};
use crate::api::{
    Chartkeeper, Claim, CodeContext, FindCodesRequest, Result, SuggestedCodesRequest, ValidateCodeRequest,
    ValidateCodesRequest,
};

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

/// `check_claim`: a `Claim` to a list of `ClaimFinding`.
///
/// # Errors
/// `invalid_request`, `invalid_date`, `invalid_argument`.
pub fn check_claim_json(keeper: &Chartkeeper, request: &str) -> Result<String> {
    write(&keeper.check_claim(&read::<Claim>(request)?)?)
}
