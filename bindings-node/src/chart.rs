//! `ChartEntry` and `ChartField`: a record as entries with fields, the same for every format.

use napi_derive::napi;

use crate::mirror::{Span, mirror};

/// One field of a chart entry.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ChartField {
    /// What it is to the entry, such as `birth_date` or `code.system`.
    pub name: &'static str,
    /// Its text, where it is a leaf.
    pub text: Option<String>,
    /// What it holds, such as `name` or `code`; de-identification reads this.
    pub label: &'static str,
    /// Native path.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
}

/// One entry of a chart: a person, an encounter, a condition, a result ...
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct ChartEntry {
    /// What it is, such as `person` or `medication`.
    pub kind: &'static str,
    /// The format's name for its type, such as `MedicationRequest`.
    pub native_type: Option<&'static str>,
    /// The id under which the system that made the record knows it.
    pub id: Option<String>,
    /// Native path.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
    /// Its fields in source order, containers before their parts.
    pub fields: Vec<ChartField>,
}

mirror!(ChartField { name, text, label, path, span });
mirror!(ChartEntry { kind, native_type, id, path, span, fields });

/// A part of the source that the Chart does not carry.
#[napi(object, object_from_js = false)]
pub struct UnchartedPart {
    /// What it holds, as the format's data map says; `structure` for a container of several.
    pub label: &'static str,
    /// Native path.
    pub path: String,
    /// Bytes of the value in the source.
    pub span: Span,
}

mirror!(UnchartedPart { label, path, span });
