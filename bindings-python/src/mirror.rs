//! How a record of the core becomes a native class: field by field, so that a new field in the core does not
//! compile here until Python has it too.

use chartkeeper::api;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::inspect::{PyStaticConstant, PyStaticExpr};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;
use pyo3::{Borrowed, PyClass, type_hint_identifier, type_hint_subscript};

/// A value of the core as the value that Python sees.
pub(crate) trait Mirror<T> {
    fn mirror(self) -> T;
}

impl<T> Mirror<T> for T {
    fn mirror(self) -> T {
        self
    }
}

/// Bytes of a span: the first, and the one after the last.
impl Mirror<(usize, usize)> for api::Span {
    fn mirror(self) -> (usize, usize) {
        (self.start, self.end)
    }
}

impl<Core: Mirror<Native>, Native> Mirror<Items<Native>> for Vec<Core> {
    fn mirror(self) -> Items<Native> {
        Items { rows: self.into_iter().map(Mirror::mirror).collect(), tuple: PyOnceLock::new() }
    }
}

/// A sequence inside a record. Its Python objects are made when it is first read, and are the same ones afterwards.
pub(crate) struct Items<T> {
    rows: Vec<T>,
    tuple: PyOnceLock<Py<PyTuple>>,
}

impl<T: PartialEq> PartialEq for Items<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<'py, T> IntoPyObject<'py> for &Items<T>
where
    T: Clone + IntoPyObject<'py>,
{
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "tuple"),
        T::OUTPUT_TYPE,
        PyStaticExpr::Constant { value: PyStaticConstant::Ellipsis }
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let tuple = self
            .tuple
            .get_or_try_init(py, || PyTuple::new(py, self.rows.iter().cloned()).map(Bound::unbind))?;
        Ok(tuple.bind(py).clone())
    }
}

/// A sequence that is given as an argument.
pub(crate) struct Sequence<T>(pub(crate) Vec<T>);

impl<'a, 'py, T: FromPyObjectOwned<'py>> FromPyObject<'a, 'py> for Sequence<T> {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Sequence"), T::INPUT_TYPE);

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        given.extract().map(Self)
    }
}

/// A list of the core as a list of native records.
pub(crate) fn list<Core: Mirror<Native>, Native: PyClass>(rows: Vec<Core>) -> Vec<Native> {
    rows.into_iter().map(Mirror::mirror).collect()
}

/// Declares the native class of a record of `chartkeeper::api`, and how the one becomes the other. `shown` are the
/// fields that `repr` prints: never one that can hold text of a record.
macro_rules! mirror {
    (
        $(#[$about:meta])*
        $name:ident shows ($($shown:ident),*) {
            $($(#[$doc:meta])* $field:ident: $kind:ty,)*
        }
    ) => {
        $(#[$about])*
        #[pyo3::pyclass(frozen, get_all, eq, module = "chartkeeper")]
        #[derive(Clone, PartialEq)]
        pub(crate) struct $name {
            $($(#[$doc])* $field: $kind,)*
        }

        impl $crate::mirror::Mirror<$name> for chartkeeper::api::$name {
            fn mirror(self) -> $name {
                let Self { $($field),* } = self;
                $name { $($field: $crate::mirror::Mirror::mirror($field)),* }
            }
        }

        #[pyo3::pymethods]
        impl $name {
            fn __repr__(&self) -> String {
                let mut out = String::from(concat!(stringify!($name), "("));
                $(out.push_str(&format!(concat!(stringify!($shown), "={:?}, "), self.$shown));)*
                out.truncate(out.trim_end_matches([',', ' ']).len());
                out.push(')');
                out
            }
        }
    };
}
pub(crate) use mirror;
