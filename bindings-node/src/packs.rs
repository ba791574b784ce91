//! `PackInfo`: what a knowledge pack says of itself.

use napi_derive::napi;

use crate::mirror::mirror;

/// Identity, validity and origin of a knowledge pack.
#[napi(object, object_from_js = false, use_nullable = true)]
pub struct PackInfo {
    /// Stable name, such as `icd10cm-2026`.
    pub name: String,
    /// What it is knowledge of: a code system (`icd10cm`), a format (`fhir`), a policy or a law.
    pub system: String,
    /// The publisher's name for the release, such as `FY2026`.
    pub release: String,
    /// First day on which it holds (`YYYY-MM-DD`), where it has one.
    pub effective_from: Option<String>,
    /// Last day on which it holds, where it has one.
    pub effective_to: Option<String>,
    /// How many rows it has (codes, elements, rules).
    pub rows: i64,
    /// Licence or legal status of the content.
    pub licence: String,
    /// Where the content comes from: publisher, file, version and fingerprint of the source.
    pub source: String,
    /// SHA-256 of the pack, in lower-case hexadecimal.
    pub sha256: String,
}

mirror!(PackInfo { name, system, release, effective_from, effective_to, rows, licence, source, sha256 });
