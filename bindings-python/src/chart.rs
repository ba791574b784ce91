//! `ChartEntry` and `ChartField`: a record as entries with fields, the same for every format.

use chartkeeper::api;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::mirror::{Items, Mirror, mirror};

mirror! {
    /// One field of a chart entry. Its text is the patient's, and `repr` does not show it.
    ChartField shows (name, label, path) {
        /// What it is to the entry, such as `birth_date` or `code.system`.
        name: &'static str,
        /// Its text, where it is a leaf.
        text: Option<String>,
        /// What it holds, such as `name` or `code`; de-identification reads this.
        label: &'static str,
        /// Native path.
        path: String,
        /// Bytes of the source: the first, and the one after the last.
        span: (usize, usize),
    }
}

mirror! {
    /// One entry of a chart: a person, an encounter, a condition, a result ...
    ChartEntry shows (kind, path) {
        /// What it is, such as `person` or `medication`.
        kind: &'static str,
        /// The format's name for its type, such as `MedicationRequest`.
        native_type: Option<&'static str>,
        /// The id under which the system that made the record knows it.
        id: Option<String>,
        /// Native path.
        path: String,
        /// Bytes of the source: the first, and the one after the last.
        span: (usize, usize),
        /// Its fields in source order, containers before their parts.
        fields: Items<ChartField>,
    }
}

mirror! {
    /// A part of the source that the Chart does not carry.
    UnchartedPart shows (label, path) {
        /// What it holds, as the format's data map says; `structure` for a container of several.
        label: &'static str,
        /// Native path.
        path: String,
        /// Bytes of the value in the source.
        span: (usize, usize),
    }
}

mirror! {
    /// The place that a resource of the Bundle comes from.
    Origin shows (resource, path) {
        /// The resource: its `fullUrl` in the Bundle, else its path there.
        resource: String,
        /// Native path of the entry in the source.
        path: String,
        /// Bytes of the entry in the source.
        span: (usize, usize),
    }
}

mirror! {
    /// A part of the source that the Bundle does not carry.
    Loss shows (path, why) {
        /// Native path; everything below it is lost as well.
        path: String,
        /// Bytes of the source.
        span: (usize, usize),
        /// Stable code: `unrecognised` (no data map knows it), `not_charted` (the Chart has no field for it),
        /// `narrative` (formatted text that repeats the entries), `not_written` (a field that this resource
        /// is not given), `no_resource` (no resource is written for entries of this kind), `negation` (it
        /// says that something is not so, which the resource cannot say), `link` (that one entry points to
        /// another).
        why: &'static str,
    }
}

/// A record as a FHIR R4 Bundle.
#[pyclass(frozen, get_all, module = "chartkeeper")]
pub(crate) struct FhirCopy {
    /// The Bundle, in UTF-8.
    output: Py<PyBytes>,
    /// Where in the source each resource comes from, in the order of the Bundle.
    origins: Items<Origin>,
    /// What of the source the Bundle does not carry, in source order.
    losses: Items<Loss>,
}

impl FhirCopy {
    pub(crate) fn new(py: Python<'_>, copy: api::FhirCopy) -> Self {
        let api::FhirCopy { output, origins, losses } = copy;
        let output = PyBytes::new(py, &output).unbind();
        Self { output, origins: origins.mirror(), losses: losses.mirror() }
    }
}

#[pymethods]
impl FhirCopy {
    fn __repr__(&self, py: Python<'_>) -> String {
        format!("FhirCopy(bytes={})", self.output.as_bytes(py).len())
    }
}
