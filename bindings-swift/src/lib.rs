//! The Swift binding: the core's verbs and records, mirrored by UniFFI without logic of their own.

mod document;
mod error;
mod keeper;
mod ledger;
mod mirror;
mod ndjson;
mod record;
mod records;
mod vault;

pub use document::{
    AnonymizeTableRequest, AssessRiskRequest, Authority, LawCase, LetterFacts, Request, TableMap,
};
pub use error::ChartkeeperError;
pub use keeper::{Chartkeeper, compile_pack};
pub use ledger::Ledger;
pub use ndjson::{NdJson, read_ndjson};
pub use record::Record;
pub use records::*;
pub use vault::Vault;

uniffi::setup_scaffolding!();
