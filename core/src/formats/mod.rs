//! Formats: how bytes become a span tree with labels, and how edits of the tree become bytes again.
//!
//! `tree`, `label` and `edit` are the same for every format. A format is a room of its own that knows paths:
//! its scanner makes the tree, its data map labels the leaves. No engine reads a path of a format.

pub mod edit;
pub mod fhir;
pub mod field;
pub mod json;
pub mod label;
pub mod tree;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, codes};

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Format {
    /// HL7 FHIR R4 (4.0.1) in JSON: one resource or one Bundle.
    #[serde(rename = "fhir-r4-json")]
    FhirR4Json,
}

impl Format {
    /// The stable name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FhirR4Json => "fhir-r4-json",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = Error;

    /// # Errors
    /// `unknown_format`.
    fn from_str(name: &str) -> Result<Self> {
        match name {
            "fhir-r4-json" => Ok(Self::FhirR4Json),
            _ => Err(Error::new(&codes::UNKNOWN_FORMAT).note("known: fhir-r4-json")),
        }
    }
}

/// Something in the source that its format does not allow, or does not know, and that did not stop the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irregularity {
    /// Stable code: `duplicate_key`, `unknown_element`, `unknown_resource_type`, `unknown_extension`,
    /// `wrong_json_type`, `byte_order_mark`.
    pub code: &'static str,
    /// The node of the tree where it stands.
    pub node: tree::NodeId,
}
