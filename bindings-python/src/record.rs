//! `Record`: a parsed source, shared by threads and never changed.

use chartkeeper::api;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::type_hint_identifier;
use pyo3::types::PyBytes;

use crate::chart::{ChartEntry, FhirCopy, UnchartedPart};
use crate::document::{Document, Typed, shape};
use crate::error::{Failure, Result};
use crate::mirror::list;

/// What a source may be in Python.
#[derive(FromPyObject)]
pub(crate) enum Source {
    /// Bytes, as read from a file.
    Bytes(PyBackedBytes),
    /// Text, taken as UTF-8.
    Text(PyBackedStr),
}

impl Source {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }
}

/// One patient record: the bytes that were read and an index over them. Immutable, usable from any thread.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Record(pub(crate) api::Record);

#[pymethods]
impl Record {
    /// Reads a record.
    ///
    /// `source` is the record as bytes or text; `format` names its format ("fhir-r4-json"), and is found by
    /// looking at the source where it is not given. Raises `InputError` or `LimitError`, with the byte span.
    #[staticmethod]
    #[pyo3(signature = (source, format=None))]
    fn parse(py: Python<'_>, source: Source, format: Option<&str>) -> Result<Self> {
        let format = format.map(str::parse).transpose()?;
        Ok(Self(py.detach(|| api::Record::parse(source.bytes(), format))?))
    }

    /// Reads a table with a map of its columns. Raises `InputError`, `ArgumentError` or `LimitError`.
    #[staticmethod]
    fn parse_table(py: Python<'_>, source: Source, table: Document<api::TableMap>) -> Result<Self> {
        Ok(Self(py.detach(|| api::Record::parse_table(source.bytes(), &table.0))?))
    }

    /// A map of the columns of a table, suggested from their names and values; a person looks it through. `format` is
    /// "csv" or "ndjson-table". Raises `InputError` or `ArgumentError`.
    #[staticmethod]
    fn suggest_table<'py>(
        py: Python<'py>,
        source: Source,
        format: &str,
    ) -> PyResult<Typed<'py, api::TableMap>> {
        let format = format.parse().map_err(Failure::from)?;
        let map = py.detach(|| api::suggest_table(source.bytes(), format)).map_err(Failure::from)?;
        crate::document::give(py, &map)
    }

    /// The stable name of the format.
    #[getter]
    fn format(&self) -> &'static str {
        self.0.format().as_str()
    }

    /// The bytes that were read, unchanged.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.source())
    }

    /// The record as entries with fields, in source order.
    fn chart(&self, py: Python<'_>) -> Vec<ChartEntry> {
        list(py.detach(|| self.0.chart_entries()))
    }

    /// The parts of the source that the chart does not carry, in source order.
    fn uncharted(&self, py: Python<'_>) -> Vec<UnchartedPart> {
        list(py.detach(|| self.0.uncharted()))
    }

    /// The record, of any format, as a FHIR R4 Bundle, with the place of each resource in the source and what the Bundle
    /// does not carry.
    fn to_fhir(&self, py: Python<'_>) -> Result<FhirCopy> {
        Ok(FhirCopy::new(py, py.detach(|| self.0.to_fhir())?))
    }

    /// A record in which the leaf at the native `path` (such as `Patient.name[0].family`) has a new text, and every
    /// other byte is the same. Raises `ArgumentError` where the record has no such leaf.
    fn with_replaced(&self, py: Python<'_>, path: &str, value: &str) -> Result<Self> {
        Ok(Self(py.detach(|| self.0.with_replaced(path, value))?))
    }

    fn __repr__(&self) -> String {
        format!("Record(format='{}', bytes={})", self.0.format().as_str(), self.0.source().len())
    }
}

shape!(TableMap: type_hint_identifier!("chartkeeper.documents", "TableMap"));
