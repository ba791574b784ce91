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

mirror! {
    /// The place that a resource of the Bundle comes from.
    Origin = Origin {
        /// The resource: its `fullUrl` in the Bundle, else its path there.
        resource: String,
        /// Native path of the entry in the source.
        path: String,
        /// Bytes of the entry in the source.
        span: Span,
    }

    /// A part of the source that the Bundle does not carry.
    Loss = Loss {
        /// Native path; everything below it is lost as well.
        path: String,
        /// Bytes of the source.
        span: Span,
        /// Stable code: `unrecognised` (no data map knows it), `not_charted` (the Chart has no field for it),
        /// `narrative` (formatted text that repeats the entries), `not_written` (a field that this resource
        /// is not given), `no_resource` (no resource is written for entries of this kind), `negation` (it
        /// says that something is not so, which the resource cannot say), `link` (that one entry points to
        /// another).
        why: String,
    }
}

mirror! {
    /// A record as a FHIR R4 Bundle.
    FhirCopy = FhirCopy {
        /// The Bundle, in UTF-8.
        output: Vec<u8>,
        /// Where in the source each resource comes from, in the order of the Bundle.
        origins: Vec<Origin>,
        /// What of the source the Bundle does not carry, in source order.
        losses: Vec<Loss>,
    }
}
