//! `Record`: a parsed source that is never changed.

use chartkeeper::api;
use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;

use crate::chart::ChartEntry;
use crate::error::{Result, failure};
use crate::mirror::Mirror;

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
        let source = match source {
            Either::A(bytes) => bytes.into(),
            Either::B(text) => text.into_bytes(),
        };
        Ok(Self { inner: api::Record::parse(source, format).map_err(failure)? })
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

    /// A record in which the leaf at the native `path` (such as `Patient.name[0].family`) has a new text, and every
    /// other byte is the same. Throws a `ChartkeeperError` of kind `argument` where the record has no such leaf.
    #[napi]
    pub fn with_replaced(&self, path: String, value: String) -> Result<Self> {
        Ok(Self { inner: self.inner.with_replaced(&path, &value).map_err(failure)? })
    }
}
