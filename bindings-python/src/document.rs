//! Arguments that are documents: plain Python data of a shape that a `TypedDict` describes, read by the core.

use std::marker::PhantomData;

use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::{Borrowed, intern};

use crate::error::Failure;

/// A record of the core that Python gives as a mapping.
pub(crate) trait Shape: Sized {
    /// The type that describes the mapping.
    const TYPE: PyStaticExpr;

    /// Reads it.
    fn read(json: &str) -> chartkeeper::api::Result<Self>;

    /// Writes it.
    fn write(&self) -> chartkeeper::api::Result<String>;
}

/// An argument of that shape.
pub(crate) struct Document<T>(pub(crate) T);

impl<'a, 'py, T: Shape> FromPyObject<'a, 'py> for Document<T> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = T::TYPE;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = given.py();
        let dumps = py.import(intern!(py, "json"))?.getattr(intern!(py, "dumps"))?;
        let json: PyBackedStr = dumps.call1((given,))?.extract()?;
        Ok(Self(T::read(&json).map_err(Failure::from)?))
    }
}

/// Says which `TypedDict` describes a record of `chartkeeper::api`.
macro_rules! shape {
    ($name:ident: $hint:expr) => {
        impl $crate::document::Shape for chartkeeper::api::$name {
            const TYPE: pyo3::inspect::PyStaticExpr = $hint;

            fn read(json: &str) -> chartkeeper::api::Result<Self> {
                chartkeeper::api::document(json)
            }

            fn write(&self) -> chartkeeper::api::Result<String> {
                chartkeeper::api::to_json(self)
            }
        }
    };
}
pub(crate) use shape;

/// A record of the core as the mapping that its `TypedDict` describes.
pub(crate) struct Typed<'py, T>(Bound<'py, PyAny>, PhantomData<T>);

/// Gives a record of the core as plain Python data.
pub(crate) fn give<'py, T: Shape>(py: Python<'py>, record: &T) -> PyResult<Typed<'py, T>> {
    let json = record.write().map_err(Failure::from)?;
    let loads = py.import(intern!(py, "json"))?.getattr(intern!(py, "loads"))?;
    Ok(Typed(loads.call1((json,))?, PhantomData))
}

impl<'py, T: Shape> IntoPyObject<'py> for Typed<'py, T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = T::TYPE;

    fn into_pyobject(self, _: Python<'py>) -> PyResult<Self::Output> {
        Ok(self.0)
    }
}
