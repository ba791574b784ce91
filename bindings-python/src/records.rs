//! `read_records`: the records of an input of any length, from a file's path or from an open binary file.

use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chartkeeper::api;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::{Borrowed, intern, type_hint_identifier, type_hint_subscript, type_hint_union};

use crate::document::{Document, shape};
use crate::error::{Failure, Result};
use crate::mirror::{Mirror, mirror};
use crate::record::Record;

/// The exception that a file raised while it was read.
type Raised = Arc<Mutex<Option<PyErr>>>;

/// Where lines come from.
pub(crate) enum Lines {
    Path(PathBuf),
    File(Py<PyAny>),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Lines {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_identifier!("builtins", "str"),
        type_hint_subscript!(
            type_hint_identifier!("os", "PathLike"),
            type_hint_identifier!("builtins", "str")
        ),
        type_hint_identifier!("typing", "BinaryIO")
    );

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if given.hasattr(intern!(given.py(), "read"))? {
            Ok(Self::File(given.to_owned().unbind()))
        } else {
            given.extract().map(Self::Path)
        }
    }
}

/// A Python file as a reader. What it raises is kept aside, so that the caller sees it and not a copy of it.
struct PythonFile {
    file: Py<PyAny>,
    raised: Raised,
}

impl Read for PythonFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = Python::attach(|py| -> PyResult<usize> {
            let bytes: PyBackedBytes =
                self.file.call_method1(py, intern!(py, "read"), (buffer.len(),))?.extract(py)?;
            (&bytes[..]).read(buffer).map_err(PyErr::from)
        });
        read.map_err(|error| {
            *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            io::Error::from(io::ErrorKind::Other)
        })
    }
}

mirror! {
    /// How much of an input was read.
    Progress shows (bytes, records, rejected) {
        /// Bytes of the input.
        bytes: u64,
        /// Records that were read.
        records: u64,
        /// Records that could not be read.
        rejected: u64,
    }
}

/// The records of an input, read one at a time; memory is bounded by the largest record.
///
/// A part that is no record raises, with its byte span in the whole input; `next` then goes on with what follows.
#[pyclass(frozen, module = "chartkeeper")]
pub(crate) struct Records {
    records: Mutex<api::Records>,
    raised: Raised,
}

#[pymethods]
impl Records {
    /// How much was read until now.
    #[getter]
    fn progress(&self) -> Progress {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).progress().mirror()
    }

    fn __iter__(records: PyRef<'_, Self>) -> PyRef<'_, Self> {
        records
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Record>> {
        let next = py.detach(|| self.records.lock().unwrap_or_else(PoisonError::into_inner).next());
        match next.transpose() {
            Ok(record) => Ok(record.map(Record)),
            Err(error) => {
                let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner).take();
                Err(raised.unwrap_or_else(|| Failure::from(error).into()))
            }
        }
    }

    #[expect(clippy::unused_self, reason = "the protocol of `repr`")]
    fn __repr__(&self) -> &'static str {
        "Records()"
    }
}

/// Reads records one at a time from a path, or from a file that is open for reading bytes. The layout of the request says
/// what it is made of: `ndjson`, `bundle`, `hl7v2` or `table`.
///
/// Raises `IoError` where the file cannot be opened, `ArgumentError` where a table comes without its map.
#[pyfunction]
pub(crate) fn read_records(
    path_or_file: Lines,
    request: Document<api::ReadRecordsRequest>,
) -> Result<Records> {
    let raised = Raised::default();
    let records = match path_or_file {
        Lines::Path(path) => api::open_records(path, &request.0)?,
        Lines::File(file) => {
            let file = PythonFile { file, raised: raised.clone() };
            api::read_records(BufReader::new(file), &request.0)?
        }
    };
    Ok(Records { records: Mutex::new(records), raised })
}

shape!(ReadRecordsRequest: type_hint_identifier!("chartkeeper.documents", "ReadRecordsRequest"));
