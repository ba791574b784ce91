//! A patient's record, as a foreign object.

use std::sync::Arc;

use chartkeeper::api;

use crate::document::TableMap;
use crate::error::Result;
use crate::mirror::Mirror;
use crate::records::{ChartEntry, FhirCopy, UnchartedPart};

/// One record. Immutable; safe to use from every thread.
#[derive(uniffi::Object)]
pub struct Record(pub(crate) api::Record);

#[uniffi::export]
impl Record {
    /// Reads a record. `format` names its format; without it the bytes are looked at.
    #[uniffi::constructor(default(format = None))]
    pub fn parse(source: Vec<u8>, format: Option<String>) -> Result<Arc<Self>> {
        let format = format.as_deref().map(str::parse::<api::Format>).transpose()?;
        Ok(Arc::new(Self(api::Record::parse(source, format)?)))
    }

    /// Reads a table with a map of its columns.
    #[uniffi::constructor]
    pub fn parse_table(source: Vec<u8>, table: &TableMap) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(api::Record::parse_table(source, &table.0)?)))
    }

    /// The parts of the source that the chart does not carry, in source order.
    #[must_use]
    pub fn uncharted(&self) -> Vec<UnchartedPart> {
        self.0.uncharted().mirror()
    }

    /// The record, of any format, as a FHIR R4 Bundle, with the place of each resource in the source and what the Bundle
    /// does not carry.
    pub fn to_fhir(&self) -> Result<FhirCopy> {
        Ok(self.0.to_fhir()?.mirror())
    }

    /// The name of the format.
    #[must_use]
    pub fn format(&self) -> String {
        self.0.format().as_str().to_owned()
    }

    /// The bytes of the record, as they were read or as an edit left them.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.source().to_vec()
    }

    /// The entries of the record: what they are, and their fields with text, path and bytes.
    #[must_use]
    pub fn chart(&self) -> Vec<ChartEntry> {
        self.0.chart_entries().mirror()
    }

    /// A copy in which the leaf at a native path has another value; every other byte is as it was.
    pub fn with_replaced(&self, path: &str, value: &str) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(self.0.with_replaced(path, value)?)))
    }
}
