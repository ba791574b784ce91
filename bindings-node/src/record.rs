//! `Record`: a parsed source that is never changed.

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;

use crate::chart::{ChartEntry, FhirCopy, UnchartedPart};
use crate::error::{Result, document, failure, give};
use crate::mirror::Mirror;

/// The bytes of a source.
fn bytes(source: Either<Buffer, String>) -> Vec<u8> {
    match source {
        Either::A(bytes) => bytes.into(),
        Either::B(text) => text.into_bytes(),
    }
}

/// One patient record: the bytes that were read and an index over them. Immutable.
#[napi]
pub struct Record {
    pub(crate) inner: api::Record,
}

#[napi]
impl Record {
    /// Reads a record.
    ///
    /// `source` is the record as bytes or text; `format` names its format (`fhir-r4-json`), and is found by looking
    /// at the source where it is not given. Throws a `ChartkeeperError` of kind `input` or `limit`, with the byte span.
    #[napi(factory)]
    pub fn parse(source: Either<Buffer, String>, format: Option<String>) -> Result<Self> {
        let format = format.as_deref().map(str::parse).transpose().map_err(failure)?;
        Ok(Self { inner: api::Record::parse(bytes(source), format).map_err(failure)? })
    }

    /// Reads a table with a map of its columns. Throws a `ChartkeeperError` of kind `input`, `argument` or `limit`.
    #[napi(factory)]
    pub fn parse_table(
        source: Either<Buffer, String>,
        #[napi(ts_arg_type = "TableMap")] table: serde_json::Value,
    ) -> Result<Self> {
        Ok(Self { inner: api::Record::parse_table(bytes(source), &document(&table)?).map_err(failure)? })
    }

    /// A map of the columns of a table, suggested from their names and values; a person looks it through. `format` is
    /// `csv` or `ndjson-table`. Throws a `ChartkeeperError` of kind `input` or `argument`.
    #[napi(ts_return_type = "TableMap")]
    pub fn suggest_table(source: Either<Buffer, String>, format: String) -> Result<serde_json::Value> {
        let format = format.parse().map_err(failure)?;
        give(&api::suggest_table(&bytes(source), format).map_err(failure)?)
    }

    /// The stable name of the format.
    #[napi(getter)]
    pub fn format(&self) -> &'static str {
        self.inner.format().as_str()
    }

    /// The bytes that were read, unchanged.
    #[napi]
    pub fn to_bytes(&self) -> Buffer {
        self.inner.source().into()
    }

    /// The record as entries with fields, in source order.
    #[napi]
    pub fn chart(&self) -> Vec<ChartEntry> {
        self.inner.chart_entries().mirror()
    }

    /// The parts of the source that the chart does not carry, in source order.
    #[napi]
    pub fn uncharted(&self) -> Vec<UnchartedPart> {
        self.inner.uncharted().mirror()
    }

    /// The record, of any format, as a FHIR R4 Bundle, with the place of each resource in the source and what the Bundle
    /// does not carry.
    #[napi]
    pub fn to_fhir(&self) -> Result<FhirCopy> {
        Ok(self.inner.to_fhir().map_err(failure)?.mirror())
    }

    /// A record in which the leaf at the native `path` (such as `Patient.name[0].family`) has a new text, and every
    /// other byte is the same. Throws a `ChartkeeperError` of kind `argument` where the record has no such leaf.
    #[napi]
    pub fn with_replaced(&self, path: String, value: String) -> Result<Self> {
        Ok(Self { inner: self.inner.with_replaced(&path, &value).map_err(failure)? })
    }
}
