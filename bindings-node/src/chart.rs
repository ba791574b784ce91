//! `ChartEntry` and `ChartField`: a record as entries with fields, the same for every format.

use chartkeeper::api;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::mirror::{Mirror, Span, mirror};

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

/// The place that a resource of the Bundle comes from.
#[napi(object, object_from_js = false)]
pub struct Origin {
    /// The resource: its `fullUrl` in the Bundle, else its path there.
    pub resource: String,
    /// Native path of the entry in the source.
    pub path: String,
    /// Bytes of the entry in the source.
    pub span: Span,
}

mirror!(Origin { resource, path, span });

/// A part of the source that the Bundle does not carry.
#[napi(object, object_from_js = false)]
pub struct Loss {
    /// Native path; everything below it is lost as well.
    pub path: String,
    /// Bytes of the source.
    pub span: Span,
    /// Stable code: `unrecognised` (no data map knows it), `not_charted` (the Chart has no field for it),
    /// `narrative` (formatted text that repeats the entries), `not_written` (a field that this resource is
    /// not given), `no_resource` (no resource is written for entries of this kind), `negation` (it says that
    /// something is not so, which the resource cannot say), `link` (that one entry points to another).
    pub why: &'static str,
}

mirror!(Loss { path, span, why });

/// A record as a FHIR R4 Bundle.
#[napi(object, object_from_js = false)]
pub struct FhirCopy {
    /// The Bundle, in UTF-8.
    pub output: Buffer,
    /// Where in the source each resource comes from, in the order of the Bundle.
    pub origins: Vec<Origin>,
    /// What of the source the Bundle does not carry, in source order.
    pub losses: Vec<Loss>,
}

impl Mirror<FhirCopy> for api::FhirCopy {
    fn mirror(self) -> FhirCopy {
        let Self { output, origins, losses } = self;
        FhirCopy { output: output.into(), origins: origins.mirror(), losses: losses.mirror() }
    }
}
