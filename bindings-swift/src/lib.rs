//! The Swift binding: the core's verbs and records, mirrored by UniFFI without logic of their own.

mod document;
mod error;
mod keeper;
mod ledger;
mod mirror;
mod reader;
mod record;
mod records;
mod vault;

pub use document::{
    AnonymizeTableRequest, AssessRiskRequest, Authority, LawCase, LetterFacts, ReadRecordsRequest, Request,
    TableMap,
};
pub use error::ChartkeeperError;
pub use keeper::{Chartkeeper, FolderWatcher, compile_pack};
pub use ledger::Ledger;
pub use reader::{RecordReader, read_records};
pub use record::Record;
pub use records::*;
pub use vault::Vault;

uniffi::setup_scaffolding!();
