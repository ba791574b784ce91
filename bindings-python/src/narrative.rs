//! Identifiers in clinical text, and texts without them.

use pyo3::type_hint_identifier;

use crate::document::shape;
use crate::mirror::{Items, mirror};

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
        /// What it is: the name of a label, such as `name`, `date` or `medical_record_number`.
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
