//! Records about what a record holds, and what is wrong with it.

use super::Span;
use crate::mirror::mirror;

mirror! {
    /// One entry of a chart: a condition, a result, an encounter.
    ChartEntry = ChartEntry {
        /// What it is, such as `condition`.
        kind: String,
        /// The format's name for its type.
        native_type: Option<String>,
        /// The id under which the system that made the record knows it.
        id: Option<String>,
        /// Native path.
        path: String,
        /// Bytes of the source.
        span: Span,
        /// Its fields in source order, containers before their parts.
        fields: Vec<ChartField>,
    }

    /// One field of a chart's entry.
    ChartField = ChartField {
        /// What it is, such as `code.display`.
        name: String,
        /// Its text, where it is a leaf.
        text: Option<String>,
        /// What it means to privacy, such as `birth_date`.
        label: String,
        /// Native path.
        path: String,
        /// Bytes of the source.
        span: Span,
    }

    /// What a check found, with its place and its rule; never the value.
    Finding = Finding {
        /// Stable code.
        code: String,
        /// `error`, `warning` or `note`.
        severity: String,
        /// Native path of the place.
        path: String,
        /// Bytes of the place in the source.
        span: Span,
        /// Line of the place, counted from 1.
        line: u64,
        /// What is wrong, in words.
        message: String,
        /// The rule that says so.
        source: String,
    }
}

mirror! {
    /// A part of the source that the Chart does not carry.
    UnchartedPart = UnchartedPart {
        /// What it holds, as the format's data map says; `structure` for a container of several.
        label: String,
        /// Native path.
        path: String,
        /// Bytes of the value in the source.
        span: Span,
    }
}
