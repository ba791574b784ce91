//! Errors of the core as the exception classes that `chartkeeper.errors` defines, one for each kind.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// An error of the core on its way to Python.
pub(crate) struct Failure(chartkeeper::Error);

/// What verbs return.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl From<chartkeeper::Error> for Failure {
    fn from(error: chartkeeper::Error) -> Self {
        Self(error)
    }
}

impl From<Failure> for PyErr {
    fn from(Failure(error): Failure) -> Self {
        Python::attach(|py| exception(py, &error).unwrap_or_else(|failed| failed))
    }
}

/// Builds the exception: Python chooses the class, since a table of kinds and classes is kept there.
fn exception(py: Python<'_>, error: &chartkeeper::Error) -> PyResult<PyErr> {
    static BUILD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let build = BUILD.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
        Ok(py.import(intern!(py, "chartkeeper.errors"))?.getattr(intern!(py, "from_native"))?.unbind())
    })?;
    let span = error.span().map(|span| (span.start, span.end));
    let built =
        build.call1(py, (error.kind().as_str(), error.code(), error.to_string(), error.path(), span))?;
    Ok(PyErr::from_value(built.into_bound(py)))
}
