//! Identifiers in clinical text, and texts without them.

use arrow_buffer::NullBuffer;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;

use crate::arrow::{self, Capsules, Cell};
use crate::document::shape;
use crate::mirror::{Items, Walk, mirror, place};

shape!(Known: type_hint_identifier!("chartkeeper.documents", "Known"));

mirror! {
    /// Something in a text that identifies somebody. It tells where, never what.
    IdentifierSpan shows (start, end, label, score) {
        /// First character (Unicode scalar value), counted from 0.
        start: usize,
        /// The character after the last.
        end: usize,
        /// First byte of the UTF-8 form.
        byte_start: usize,
        /// The byte after the last.
        byte_end: usize,
        /// First UTF-16 code unit.
        utf16_start: usize,
        /// The code unit after the last.
        utf16_end: usize,
        /// What it is: the name of a label, such as `name`, `date` or `medical_record_number`; `none` for what stays, where
        /// `explain` asks for it.
        label: &'static str,
        /// How sure it is, from 0 to 1 in hundredths.
        score: f64,
        /// The evidence that decided, such as `title`, `full_date` or `name_model`.
        why: &'static str,
    }
}

mirror! {
    /// A de-identified text, and what was done to it.
    DeidentifiedText shows (policy) {
        /// The text with the identifiers replaced; everything else as it was.
        text: String,
        /// The changes, in the order of the text. Between two of them old and new offsets differ by a
        /// constant.
        spans: Items<TextChange>,
        /// Name of the policy.
        policy: String,
    }
}

mirror! {
    /// What was done to one identifier of a text.
    TextChange shows (label, action) {
        /// What it is: the name of a label.
        label: &'static str,
        /// What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym` or `substitute`.
        action: &'static str,
        /// The paragraph that asks for it.
        rule: String,
        /// How sure the finding is, from 0 to 1 in hundredths.
        score: f64,
        /// The evidence that decided.
        why: &'static str,
        /// Where it stood.
        source: TextRange,
        /// Where what replaces it stands.
        output: TextRange,
    }
}

mirror! {
    /// A stretch of a text in three units: characters (Unicode scalar values), bytes of UTF-8, code units of
    /// UTF-16.
    TextRange shows (start, end) {
        /// First character.
        start: usize,
        /// The character after the last.
        end: usize,
        /// First byte.
        byte_start: usize,
        /// The byte after the last.
        byte_end: usize,
        /// First code unit.
        utf16_start: usize,
        /// The code unit after the last.
        utf16_end: usize,
    }
}

/// Declares what a batch of texts gives: a sequence in the order of the texts that is a column of Apache Arrow besides.
macro_rules! batch {
    ($(#[$about:meta])* $name:ident of $row:ty, |$self:ident| $column:expr) => {
        $(#[$about])*
        #[pyclass(frozen, sequence, module = "chartkeeper")]
        pub(crate) struct $name {
            rows: Items<$row>,
            known: Option<NullBuffer>,
        }

        impl $name {
            /// `known` says which texts were no nulls, where some were.
            pub(crate) const fn new(rows: Items<$row>, known: Option<NullBuffer>) -> Self {
                Self { rows, known }
            }
        }

        #[pymethods]
        impl $name {
            fn __len__(&self) -> usize {
                self.rows.rows().len()
            }

            fn __getitem__(&self, index: isize) -> PyResult<$row> {
                let rows = self.rows.rows();
                let row = place(index, rows.len()).and_then(|place| rows.get(place));
                row.cloned().ok_or_else(|| PyIndexError::new_err("no text at that place"))
            }

            fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Walk<'py, $row>> {
                Walk::over(py, &self.rows)
            }

            fn __repr__(&self) -> String {
                format!(concat!(stringify!($name), "({} texts)"), self.rows.rows().len())
            }

            /// The column of Apache Arrow. A text that was null is null here.
            #[pyo3(signature = (requested_schema=None))]
            fn __arrow_c_array__<'py>(
                &$self,
                py: Python<'py>,
                requested_schema: Option<Bound<'py, PyAny>>,
            ) -> PyResult<Capsules<'py>> {
                // A wish that a producer need not heed.
                drop(requested_schema);
                arrow::export(py, &$column)
            }
        }
    };
}

batch! {
    /// De-identified texts, in the order of the texts that were given. As a column of Apache Arrow (`pyarrow.array(...)`,
    /// `polars.Series(...)`) it is their `text`.
    DeidentifiedTexts of DeidentifiedText,
    |self| arrow::texts(self.rows.rows().iter().map(|row| row.text.as_str()), self.known.as_ref())
}

batch! {
    /// What identifies somebody in many texts, in their order: a list for each. As a column of Apache Arrow it holds lists of
    /// records with the fields of `IdentifierSpan`.
    FoundIdentifiers of Vec<IdentifierSpan>,
    |self| {
        let rows = self.rows.rows();
        let shape = [
            ("start", Cell::Count(0)),
            ("end", Cell::Count(0)),
            ("byte_start", Cell::Count(0)),
            ("byte_end", Cell::Count(0)),
            ("utf16_start", Cell::Count(0)),
            ("utf16_end", Cell::Count(0)),
            ("label", Cell::Text(None)),
            ("score", Cell::Score(0.0)),
            ("why", Cell::Text(None)),
        ];
        let record = |span: &IdentifierSpan| {
            [
                Cell::Count(span.start),
                Cell::Count(span.end),
                Cell::Count(span.byte_start),
                Cell::Count(span.byte_end),
                Cell::Count(span.utf16_start),
                Cell::Count(span.utf16_end),
                Cell::Text(Some(span.label)),
                Cell::Score(span.score),
                Cell::Text(Some(span.why)),
            ]
        };
        let records = arrow::records(&shape, rows.iter().flatten().map(record), None)?;
        arrow::lists(records, rows.iter().map(Vec::len), self.known.as_ref())?
    }
}
