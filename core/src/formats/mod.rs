//! Formats: how bytes become a span tree with labels, and how edits of the tree become bytes again.
//!
//! `tree`, `label` and `edit` are the same for every format. A format is a room of its own that knows paths: its
//! scanner makes the tree, its data map labels the leaves, and its [`dialect::Dialect`] answers what engines ask. No
//! engine reads a path of a format.

pub mod ccda;
pub mod dialect;
pub mod edit;
pub mod fhir;
pub mod field;
pub mod hl7v2;
pub mod json;
pub mod label;
mod packed;
mod places;
pub mod segment;
pub(crate) mod systems;
pub mod table;
pub mod tree;
mod walk;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;
use dialect::Reading;
use fhir::Release;

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Format {
    /// HL7 FHIR R4 (4.0.1) in JSON: one resource or one Bundle.
    #[serde(rename = "fhir-r4-json")]
    FhirR4Json,
    /// HL7 FHIR R4B (4.3.0) in JSON.
    #[serde(rename = "fhir-r4b-json")]
    FhirR4bJson,
    /// HL7 FHIR R5 (5.0.0) in JSON.
    #[serde(rename = "fhir-r5-json")]
    FhirR5Json,
    /// HL7 FHIR STU3 (3.0.2) in JSON.
    #[serde(rename = "fhir-stu3-json")]
    FhirStu3Json,
    /// HL7 v2, versions 2.1 to 2.8.2, with separators: messages, batches and files of them.
    #[serde(rename = "hl7v2")]
    Hl7v2,
    /// A table of comma-separated values; see [`table::TableMap`].
    #[serde(rename = "csv")]
    Csv,
    /// A table of JSON objects, one a line; see [`table::TableMap`].
    #[serde(rename = "ndjson-table")]
    NdjsonTable,
    /// HL7 CDA R2 in XML, with the templates of C-CDA R2.1: one document, or a part of one such as a section.
    #[serde(rename = "ccda")]
    Ccda,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::FhirR4Json,
        Self::FhirR4bJson,
        Self::FhirR5Json,
        Self::FhirStu3Json,
        Self::Hl7v2,
        Self::Csv,
        Self::NdjsonTable,
        Self::Ccda,
    ];

    /// The stable name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FhirR4Json => "fhir-r4-json",
            Self::FhirR4bJson => "fhir-r4b-json",
            Self::FhirR5Json => "fhir-r5-json",
            Self::FhirStu3Json => "fhir-stu3-json",
            Self::Hl7v2 => "hl7v2",
            Self::Csv => "csv",
            Self::NdjsonTable => "ndjson-table",
            Self::Ccda => "ccda",
        }
    }

    /// Reads a source of this format from byte `from` on; before it stands a byte order mark.
    ///
    /// # Errors
    /// Those of the format; each with the byte offset.
    pub(crate) fn read(self, source: &[u8], from: usize, depth: usize) -> Result<Reading> {
        match self {
            Self::FhirR4Json => fhir::Fhir::r4()?.read(source, from, depth),
            Self::FhirR4bJson => fhir::Fhir::of(Release::R4b)?.read(source, from, depth),
            Self::FhirR5Json => fhir::Fhir::of(Release::R5)?.read(source, from, depth),
            Self::FhirStu3Json => fhir::Fhir::of(Release::Stu3)?.read(source, from, depth),
            Self::Hl7v2 => hl7v2::read(source, from),
            Self::Csv | Self::NdjsonTable => table::read(source, from, depth, &table::suggest(source, self)?),
            Self::Ccda => ccda::Ccda::new()?.read(source, from, depth),
        }
    }
}

impl From<Release> for Format {
    fn from(release: Release) -> Self {
        match release {
            Release::R4 => Self::FhirR4Json,
            Release::R4b => Self::FhirR4bJson,
            Release::R5 => Self::FhirR5Json,
            Release::Stu3 => Self::FhirStu3Json,
        }
    }
}

/// Reads a source whose format nobody has named: the first bytes tell it, and of FHIR what is in it
/// ([`fhir::read_any`]).
///
/// # Errors
/// `empty_input`, `unknown_format`, and those of the format.
pub(crate) fn read_unnamed(source: &[u8], from: usize, depth: usize) -> Result<(Format, Reading)> {
    match sniff(source.get(from..).unwrap_or_default())? {
        Format::FhirR4Json => read_fhir(source, from, depth),
        format => Ok((format, format.read(source, from, depth)?)),
    }
}

/// Reads FHIR of a release that nobody has named.
///
/// # Errors
/// Those of [`fhir::read_any`].
pub(crate) fn read_fhir(source: &[u8], from: usize, depth: usize) -> Result<(Format, Reading)> {
    fhir::read_any(source, from, depth).map(|(release, reading)| (release.into(), reading))
}

/// The format that the first bytes of a source tell.
///
/// # Errors
/// `empty_input`, `unknown_format`.
pub(crate) fn sniff(source: &[u8]) -> Result<Format> {
    match source.trim_ascii_start().first() {
        Some(b'{' | b'[') => Ok(Format::FhirR4Json),
        Some(_) if hl7v2::begins_message(source) => Ok(Format::Hl7v2),
        Some(b'<') => Ok(Format::Ccda),
        Some(_) => Err(Error::new(&codes::UNKNOWN_FORMAT).at_offset(0)),
        None => Err(Error::new(&codes::EMPTY_INPUT).at_offset(0)),
    }
}

/// What the embedded data maps of the formats say of themselves.
///
/// # Errors
/// `pack_malformed`, where the program was built with a pack that is none.
pub fn packs() -> Result<Vec<&'static PackInfo>> {
    Ok(vec![ccda::map::ccda_info()?, fhir::map::info()?])
}

impl std::str::FromStr for Format {
    type Err = Error;

    /// # Errors
    /// `unknown_format`.
    fn from_str(name: &str) -> Result<Self> {
        let known = Self::ALL.iter().find(|format| format.as_str() == name).copied();
        known.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
            Error::new(&codes::UNKNOWN_FORMAT).note(format!("known: {}", names.join(", ")))
        })
    }
}

/// A part of a longer input that is read as a record of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Its bytes, and where they stand in the input.
    Whole { start: usize, bytes: Vec<u8> },
    /// One over the limit, whose bytes were passed over.
    TooLarge { start: usize },
}

/// Something in the source that its format does not allow, or does not know, and that did not stop the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irregularity {
    /// Stable code: `duplicate_key`, `unknown_element`, `unknown_resource_type`, `unknown_extension`,
    /// `wrong_json_type`, `byte_order_mark`, `malformed_segment`, `malformed_cell`, `ragged_row`,
    /// `unknown_attribute`, `unknown_type`, `unexpected_text`, `foreign_namespace`, `missing_namespace`,
    /// `undeclared_prefix`.
    pub code: &'static str,
    /// The node of the tree where it stands.
    pub node: tree::NodeId,
}
