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
pub(crate) mod systems;
pub mod table;
pub mod tree;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;
use dialect::Reading;

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Format {
    /// HL7 FHIR R4 (4.0.1) in JSON: one resource or one Bundle.
    #[serde(rename = "fhir-r4-json")]
    FhirR4Json,
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
    pub const ALL: &'static [Self] =
        &[Self::FhirR4Json, Self::Hl7v2, Self::Csv, Self::NdjsonTable, Self::Ccda];

    /// The stable name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FhirR4Json => "fhir-r4-json",
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
            Self::Hl7v2 => hl7v2::read(source, from),
            Self::Csv | Self::NdjsonTable => table::read(source, from, depth, &table::suggest(source, self)?),
            Self::Ccda => ccda::Ccda::new()?.read(source, from, depth),
        }
    }
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
    Ok(vec![ccda::map::ccda_info()?, fhir::map::fhir_r4_info()?])
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
