//! The twins of the verbs of the ledger.

use serde::{Deserialize, Serialize};

use super::{LedgerAt, read, write};
use crate::api::{AccountingRequest, AuditRequest, Chartkeeper, Result};

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
