//! `Chartkeeper`: the verbs, and their `_json` twins.

use std::sync::Arc;

use chartkeeper::{api, wire};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::error::Result;
use crate::mirror::{Sequence, list};
use crate::packs::PackInfo;

/// A function of `chartkeeper::wire`.
type Twin = fn(&api::Chartkeeper, &str) -> std::result::Result<String, chartkeeper::Error>;

/// The library's knowledge, ready for use. Build it once and share it: it never changes and any thread may use it.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Chartkeeper {
    inner: Arc<api::Chartkeeper>,
}

impl Chartkeeper {
    fn twin(&self, py: Python<'_>, twin: Twin, request: &str) -> Result<String> {
        Ok(py.detach(|| twin(&self.inner, request))?)
    }
}

#[pymethods]
impl Chartkeeper {
    /// With the embedded packs, and with `packs` that you bring, each as the bytes of its file.
    ///
    /// Raises `PackError`.
    #[new]
    #[pyo3(signature = (packs=Sequence(Vec::new())))]
    fn new(py: Python<'_>, packs: Sequence<PyBackedBytes>) -> Result<Self> {
        let packs = packs.0.iter().map(|pack| pack.to_vec()).collect();
        Ok(Self { inner: Arc::new(py.detach(|| api::Chartkeeper::with_packs(packs))?) })
    }

    /// Who every loaded pack is.
    fn packs(&self) -> Vec<PackInfo> {
        list(self.inner.packs())
    }

    /// The JSON twin of `packs`: `{}` to a list of `PackInfo`.
    fn packs_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::packs_json, request)
    }

    /// The JSON twin of `Record.parse`: `{source, format?}` to `{format, bytes, nodes, resources}`.
    fn parse_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::parse_json, request)
    }

    /// The JSON twin of `Record.with_replaced`: `{source, format?, path, value}` to `{output}`.
    fn replace_json(&self, py: Python<'_>, request: &str) -> Result<String> {
        self.twin(py, wire::replace_json, request)
    }

    fn __repr__(&self) -> String {
        format!("Chartkeeper(packs={})", self.inner.packs().len())
    }
}
