//! The error that every throwing call throws.

use crate::Span;
use crate::mirror::Mirror;

/// Why a call failed. Never holds text of a record.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ChartkeeperError {
    /// The library refused or could not go on.
    #[error("{message}")]
    Failure {
        /// The class, such as `input` or `ledger`.
        kind: String,
        /// The stable code of the catalogue.
        code: String,
        /// The native path, where there is one.
        path: Option<String>,
        /// The byte span in the source, where there is one.
        span: Option<Span>,
        /// What happened, and where.
        message: String,
    },
}

impl From<chartkeeper::Error> for ChartkeeperError {
    fn from(error: chartkeeper::Error) -> Self {
        Self::Failure {
            kind: error.kind().as_str().to_owned(),
            code: error.code().to_owned(),
            path: error.path().map(str::to_owned),
            span: error.span().map(Mirror::mirror),
            message: error.to_string(),
        }
    }
}

/// What a throwing call returns.
pub(crate) type Result<T> = std::result::Result<T, ChartkeeperError>;
