//! Documents that verbs take, as foreign objects: each is read from JSON, with an error that says where it goes wrong.

use std::sync::Arc;

use chartkeeper::api;

use crate::error::Result;
use crate::record::Record;

macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(uniffi::Object)]
        pub struct $name(pub(crate) api::$name);

        #[uniffi::export]
        impl $name {
            /// Reads it from JSON.
            #[uniffi::constructor]
            pub fn parse(json: &str) -> Result<Arc<Self>> {
                Ok(Arc::new(Self(api::document(json)?)))
            }
        }
    )*};
}

documents! {
    /// A request for a patient's record. What it leaves out is unknown, and never taken for a no.
    Request
    /// What the columns of a table are.
    TableMap
    /// How an input of many records is read.
    ReadRecordsRequest
    /// A document that a requester relies on.
    Authority
    /// What a letter needs besides the decision.
    LetterFacts
    /// A table whose risk is asked for.
    AssessRiskRequest
    /// A table, and the demands that it shall meet.
    AnonymizeTableRequest
}

#[uniffi::export]
impl TableMap {
    /// A map of the columns of a table, suggested from their names and values; a person looks it through. `format` is
    /// `csv` or `ndjson-table`.
    #[uniffi::constructor]
    pub fn suggest(source: Vec<u8>, format: &str) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::suggest_table(&source, format.parse()?)?)))
    }

    /// The map as JSON.
    pub fn json(&self) -> Result<String> {
        Ok(api::to_json(&self.0)?)
    }
}

/// A request for a record, as a case of a comparison.
#[derive(uniffi::Record)]
pub struct LawCase {
    /// The request.
    pub request: Arc<Request>,
    /// The record.
    pub record: Arc<Record>,
}
