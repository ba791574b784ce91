//! `ChartEntry` and `ChartField`: a record as entries with fields, the same for every format.

use crate::mirror::{Items, mirror};

mirror! {
    /// One field of a chart entry. Its text is the patient's, and `repr` does not show it.
    ChartField shows (name, label, path) {
        /// What it is to the entry, such as `birth_date` or `code.system`.
        name: &'static str,
        /// Its text, where it is a leaf.
        text: Option<String>,
        /// What it holds, such as `name` or `code`; de-identification reads this.
        label: &'static str,
        /// Native path.
        path: String,
        /// Bytes of the source: the first, and the one after the last.
        span: (usize, usize),
    }
}

mirror! {
    /// One entry of a chart: a person, an encounter, a condition, a result ...
    ChartEntry shows (kind, path) {
        /// What it is, such as `person` or `medication`.
        kind: &'static str,
        /// The format's name for its type, such as `MedicationRequest`.
        native_type: Option<&'static str>,
        /// The id under which the system that made the record knows it.
        id: Option<String>,
        /// Native path.
        path: String,
        /// Bytes of the source: the first, and the one after the last.
        span: (usize, usize),
        /// Its fields in source order, containers before their parts.
        fields: Items<ChartField>,
    }
}

mirror! {
    /// A part of the source that the Chart does not carry.
    UnchartedPart shows (label, path) {
        /// What it holds, as the format's data map says; `structure` for a container of several.
        label: &'static str,
        /// Native path.
        path: String,
        /// Bytes of the value in the source.
        span: (usize, usize),
    }
}
