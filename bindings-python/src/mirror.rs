//! How a record of the core becomes a native class: field by field, so that a new field in the core does not
//! compile here until Python has it too.

use std::marker::PhantomData;

use chartkeeper::api;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::inspect::{PyStaticConstant, PyStaticExpr};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyIterator, PyTuple};
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

impl<T> Items<T> {
    /// The rows themselves.
    pub(crate) fn rows(&self) -> &[T] {
        &self.rows
    }
}

/// The place that an index of Python means in a sequence: a negative one counts from the end.
pub(crate) fn place(index: isize, length: usize) -> Option<usize> {
    let index = if index < 0 { index.checked_add_unsigned(length)? } else { index };
    usize::try_from(index).ok().filter(|index| *index < length)
}

/// Goes through a sequence, one row after the other.
pub(crate) struct Walk<'py, T>(Bound<'py, PyIterator>, PhantomData<T>);

impl<'py, T: Clone + IntoPyObject<'py>> Walk<'py, T> {
    pub(crate) fn over(py: Python<'py>, items: &Items<T>) -> PyResult<Self> {
        Ok(Self(items.into_pyobject(py)?.try_iter()?, PhantomData))
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Walk<'py, T> {
    type Target = PyIterator;
    type Output = Bound<'py, PyIterator>;
    type Error = std::convert::Infallible;

    const OUTPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("collections.abc", "Iterator"), T::OUTPUT_TYPE);

    fn into_pyobject(self, _: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(self.0)
    }
}

/// A copy is given its own objects, so that it needs no interpreter to be made.
impl<T: Clone> Clone for Items<T> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), tuple: PyOnceLock::new() }
    }
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

impl<'py, T> IntoPyObject<'py> for Items<T>
where
    T: Clone + IntoPyObject<'py>,
{
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    const OUTPUT_TYPE: PyStaticExpr = <&Self>::OUTPUT_TYPE;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        (&self).into_pyobject(py)
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

/// Gives the names that a growing set of the core has on the wire.
macro_rules! named {
    ($($kind:ident),*) => {
        $(impl Mirror<&'static str> for api::$kind {
            fn mirror(self) -> &'static str {
                self.as_str()
            }
        })*
    };
}
named!(Confidence, NoteKind, LetterKind, Outcome, SegmentOutcome, Severity);

impl Mirror<Option<&'static str>> for Option<api::Confidentiality> {
    fn mirror(self) -> Option<&'static str> {
        self.map(api::Confidentiality::as_str)
    }
}

/// Declares the native class of a record of `chartkeeper::api`, and how the one becomes the other. The fields in
/// `shows` are what `repr` prints: never one that can hold text of a record. With `partly` the record of the core has
/// fields of its own that stay there.
macro_rules! mirror {
    (
        $(#[$about:meta])*
        $name:ident shows ($($shown:ident),*) {
            $($(#[$doc:meta])* $field:ident: $kind:ty,)*
        }
    ) => {
        mirror!(@class [$(#[$about])*] $name ($($shown),*) { $([$(#[$doc])*] $field: $kind,)* });

        impl $crate::mirror::Mirror<$name> for chartkeeper::api::$name {
            fn mirror(self) -> $name {
                let Self { $($field),* } = self;
                $name { $($field: $crate::mirror::Mirror::mirror($field)),* }
            }
        }
    };
    (
        $(#[$about:meta])*
        $name:ident partly shows ($($shown:ident),*) {
            $($(#[$doc:meta])* $field:ident: $kind:ty,)*
        }
    ) => {
        mirror!(@class [$(#[$about])*] $name ($($shown),*) { $([$(#[$doc])*] $field: $kind,)* });

        impl $crate::mirror::Mirror<$name> for chartkeeper::api::$name {
            fn mirror(self) -> $name {
                $name { $($field: $crate::mirror::Mirror::mirror(self.$field)),* }
            }
        }
    };
    (
        @class [$(#[$about:meta])*] $name:ident ($($shown:ident),*) {
            $([$(#[$doc:meta])*] $field:ident: $kind:ty,)*
        }
    ) => {
        $(#[$about])*
        #[pyo3::pyclass(frozen, get_all, eq, module = "chartkeeper")]
        #[derive(Clone, PartialEq)]
        pub(crate) struct $name {
            $($(#[$doc])* $field: $kind,)*
        }

        #[pyo3::pymethods]
        impl $name {
            fn __repr__(&self) -> String {
                let shown: &[String] = &[$(format!(concat!(stringify!($shown), "={:?}"), self.$shown)),*];
                format!(concat!(stringify!($name), "({})"), shown.join(", "))
            }
        }
    };
}
pub(crate) use mirror;
