//! Columns of Apache Arrow, by its C data interface: what `pyarrow`, `polars` and `pandas` give is read where it lies,
//! and what the batch verbs return is given back in the same way.
//!
//! A null of a column is read as an empty text; in the column that comes out it is null again.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, LargeStringBuilder, UInt64Builder};
use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, LargeListArray, LargeStringArray, StructArray, make_array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyCapsule, PyCapsuleMethods};
use pyo3::{Borrowed, intern, type_hint_identifier, type_hint_subscript, type_hint_union};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";

/// Many texts that are given as an argument: a sequence of `str`, or a column of Arrow.
pub(crate) enum Texts {
    Sequence(Vec<PyBackedStr>),
    Column(Vec<ArrayRef>),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Texts {
    type Error = PyErr;

    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        type_hint_subscript!(
            type_hint_identifier!("collections.abc", "Sequence"),
            type_hint_identifier!("builtins", "str")
        ),
        type_hint_identifier!("chartkeeper.columns", "ArrowArray"),
        type_hint_identifier!("chartkeeper.columns", "ArrowStream")
    );

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let py = given.py();
        if given.hasattr(intern!(py, "__arrow_c_array__"))? {
            let capsules: (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>) =
                given.call_method0(intern!(py, "__arrow_c_array__"))?.extract()?;
            return Ok(Self::Column(vec![import(&capsules.0, &capsules.1)?]));
        }
        if given.hasattr(intern!(py, "__arrow_c_stream__"))? {
            let capsule: Bound<'py, PyCapsule> =
                given.call_method0(intern!(py, "__arrow_c_stream__"))?.extract()?;
            return Ok(Self::Column(import_stream(&capsule)?));
        }
        given.extract().map(Self::Sequence)
    }
}

impl Texts {
    /// The texts in their order; a null is an empty one.
    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Sequence(texts) => Box::new(texts.iter().map(|text| &**text)),
            Self::Column(parts) => {
                Box::new(parts.iter().flat_map(|part| strings(part)).map(Option::unwrap_or_default))
            }
        }
    }

    /// Which texts are no nulls, where some are.
    pub(crate) fn known(&self) -> Option<NullBuffer> {
        let Self::Column(parts) = self else { return None };
        if parts.iter().all(|part| part.logical_null_count() == 0) {
            return None;
        }
        Some(
            parts
                .iter()
                .flat_map(|part| strings(part))
                .map(|text| text.is_some())
                .collect::<Vec<bool>>()
                .into(),
        )
    }
}

/// The texts of one array. The kinds are those that [`checked`] lets in.
fn strings(array: &dyn Array) -> Box<dyn Iterator<Item = Option<&str>> + '_> {
    match array.data_type() {
        DataType::Utf8 => Box::new(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Box::new(array.as_string::<i64>().iter()),
        DataType::Utf8View => Box::new(array.as_string_view().iter()),
        DataType::Dictionary(..) => {
            let array = array.as_any_dictionary();
            let values: Vec<Option<&str>> = strings(array.values()).collect();
            let keys = array.normalized_keys();
            let known = array.nulls();
            Box::new(keys.into_iter().enumerate().map(move |(row, key)| {
                let held = known.is_none_or(|known| known.is_valid(row));
                values.get(key).copied().flatten().filter(|_| held)
            }))
        }
        _ => Box::new(std::iter::empty()),
    }
}

/// Lets in arrays of texts whose buffers are what the type says, UTF-8 included: what comes over the interface is taken
/// on nobody's word.
fn checked(array: ArrayRef) -> PyResult<ArrayRef> {
    let is_text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    let texts = match array.data_type() {
        DataType::Dictionary(_, values) => is_text(values),
        kind => is_text(kind),
    };
    if !texts {
        return Err(PyTypeError::new_err("a column of texts is needed: a string type of Arrow"));
    }
    array.to_data().validate_full().map_err(|error| failed(&error))?;
    Ok(array)
}

/// The message of Arrow may hold values of the column.
fn failed(_: &ArrowError) -> PyErr {
    PyValueError::new_err("the Arrow column is malformed")
}

/// Takes an array out of its two capsules.
fn import(schema: &Bound<'_, PyCapsule>, array: &Bound<'_, PyCapsule>) -> PyResult<ArrayRef> {
    let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: a capsule of that name holds a live structure of that kind (Arrow PyCapsule interface); the capsules
    // are borrowed for as long as this reads them. The array is moved out and marked as released in its place; the
    // schema stays the capsule's.
    let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
    checked(make_array(data.map_err(|error| failed(&error))?))
}

/// Takes all arrays of a stream out of its capsule.
fn import_stream(capsule: &Bound<'_, PyCapsule>) -> PyResult<Vec<ArrayRef>> {
    let stream = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: as in `import`; the stream is moved out and marked as released in its place.
    let parts = unsafe { ArrayStreamReader::from_raw(stream.as_ptr()) };
    let parts = parts.map_err(|error| failed(&error))?;
    parts.map(|part| checked(part.map_err(|error| failed(&error))?)).collect()
}

/// The capsules that `__arrow_c_array__` returns: schema and array.
pub(crate) type Capsules<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// Gives an array to Python.
pub(crate) fn export<'py>(py: Python<'py>, array: &dyn Array) -> PyResult<Capsules<'py>> {
    let data = array.to_data();
    let field = Field::new("", data.data_type().clone(), true);
    let schema = FFI_ArrowSchema::try_from(&field).map_err(|error| failed(&error))?;
    let schema = PyCapsule::new_with_value(py, schema, SCHEMA)?;
    let array = PyCapsule::new_with_value(py, FFI_ArrowArray::new(&data), ARRAY)?;
    Ok((schema.into_any(), array.into_any()))
}

/// A column of texts.
pub(crate) fn texts<'t>(texts: impl Iterator<Item = &'t str>, known: Option<&NullBuffer>) -> ArrayRef {
    let array = LargeStringArray::from_iter_values(texts);
    let (offsets, values, _) = array.into_parts();
    Arc::new(LargeStringArray::new(offsets, values, known.cloned()))
}

/// What a row of a column of records is made of, by name.
pub(crate) enum Cell {
    Text(Option<&'static str>),
    Flag(Option<bool>),
    Count(usize),
    Score(f64),
}

enum Builder {
    Text(LargeStringBuilder),
    Flag(BooleanBuilder),
    Count(UInt64Builder),
    Score(Float64Builder),
}

impl Builder {
    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Text(_) => Self::Text(LargeStringBuilder::new()),
            Cell::Flag(_) => Self::Flag(BooleanBuilder::new()),
            Cell::Count(_) => Self::Count(UInt64Builder::new()),
            Cell::Score(_) => Self::Score(Float64Builder::new()),
        }
    }

    fn push(&mut self, cell: &Cell) {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => column.append_option(*text),
            (Self::Flag(column), Cell::Flag(flag)) => column.append_option(*flag),
            (Self::Count(column), Cell::Count(count)) => column.append_value(*count as u64),
            (Self::Score(column), Cell::Score(score)) => column.append_value(*score),
            // A field has one kind in all rows.
            _ => {}
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut column) => Arc::new(column.finish()),
            Self::Flag(mut column) => Arc::new(column.finish()),
            Self::Count(mut column) => Arc::new(column.finish()),
            Self::Score(mut column) => Arc::new(column.finish()),
        }
    }
}

/// A column of records: `shape` is a row of each field's kind, `rows` are the fields in that order.
pub(crate) fn records<const FIELDS: usize>(
    shape: &[(&'static str, Cell); FIELDS],
    rows: impl Iterator<Item = [Cell; FIELDS]>,
    known: Option<&NullBuffer>,
) -> PyResult<ArrayRef> {
    let mut columns: Vec<Builder> = shape.iter().map(|(_, cell)| Builder::of(cell)).collect();
    let mut count = 0;
    for row in rows {
        count += 1;
        columns.iter_mut().zip(&row).for_each(|(column, cell)| column.push(cell));
    }
    let columns: Vec<ArrayRef> = columns.into_iter().map(Builder::finish).collect();
    let field = |((name, _), column): (&(&'static str, Cell), &ArrayRef)| {
        Field::new(*name, column.data_type().clone(), true)
    };
    let fields: Vec<Field> = shape.iter().zip(&columns).map(field).collect();
    let array = StructArray::try_new_with_length(fields.into(), columns, known.cloned(), count);
    Ok(Arc::new(array.map_err(|error| failed(&error))?))
}

/// A column of lists, from the records of all of them one after the other and the length of each.
pub(crate) fn lists(
    records: ArrayRef,
    lengths: impl Iterator<Item = usize>,
    known: Option<&NullBuffer>,
) -> PyResult<ArrayRef> {
    let field = Arc::new(Field::new("item", records.data_type().clone(), true));
    let offsets = OffsetBuffer::<i64>::from_lengths(lengths);
    let array = LargeListArray::try_new(field, offsets, records, known.cloned());
    Ok(Arc::new(array.map_err(|error| failed(&error))?))
}
