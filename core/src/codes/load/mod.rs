//! Reading the agencies' own files, as they are downloaded, into packs.
//!
//! One small file a format. A zip archive is opened and the member of the format is taken; a file that is cut short,
//! damaged or of another layout is refused with its line, never read in part.

mod archive;
mod clinical;
mod csv;
mod drugs;
mod edits;
mod generic;
mod hcpcs;
mod payment;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::lists::ListSource;
use crate::error::{Error, Result, codes};
use crate::packs::PackInfo;
use crate::text::PartialDate;

/// What a file is, and what the pack that is made of it says of itself.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PackRequest {
    /// The format of the file: a name of [`FORMATS`].
    pub format: String,
    /// The publisher's name of the release, such as `2026-01`.
    pub release: String,
    /// First day on which it holds (`YYYY-MM-DD`), where it has one.
    #[serde(default)]
    pub effective_from: Option<String>,
    /// Last day on which it holds, where it has one.
    #[serde(default)]
    pub effective_to: Option<String>,
    /// The code system, for the format `csv` alone.
    #[serde(default)]
    pub system: Option<String>,
    /// Licence and terms, where the user's own differ from the publisher's.
    #[serde(default)]
    pub licence: Option<String>,
}

/// A format that can be read.
#[derive(Debug)]
pub struct PackFormat {
    /// Its name in a [`PackRequest`].
    pub name: &'static str,
    /// The system that its pack is knowledge of; for `csv` the request says.
    pub system: &'static str,
    /// Licence or legal status of the content.
    pub licence: &'static str,
    /// The publisher and the file.
    pub publisher: &'static str,
    read: fn(&[u8]) -> Result<ListSource>,
}

const US: &str = "US Government work, public domain";

/// Every format that [`compile`] reads.
pub const FORMATS: &[PackFormat] = &[
    PackFormat {
        name: "hcpcs-anweb",
        system: "hcpcs",
        licence: "US Government work (CMS); codes that begin with D are the American Dental Association's",
        publisher: "CMS, HCPCS Level II, alpha-numeric file (record layout of 320 characters)",
        read: hcpcs::read,
    },
    PackFormat {
        name: "cvx-xml",
        system: "cvx",
        licence: US,
        publisher: "CDC, vaccines administered (CVX), XML",
        read: clinical::cvx,
    },
    PackFormat {
        name: "pos-fhir",
        system: "pos",
        licence: US,
        publisher: "CMS, place of service code set, as a FHIR CodeSystem (XML or JSON)",
        read: payment::place_of_service,
    },
    PackFormat {
        name: "nucc-csv",
        system: "nucc",
        licence: "American Medical Association; no derivatives; see the NUCC's terms",
        publisher: "NUCC, health care provider taxonomy, CSV",
        read: payment::taxonomy,
    },
    PackFormat {
        name: "ms-drg-table5",
        system: "ms-drg",
        licence: US,
        publisher: "CMS, IPPS final rule, table 5, text with tabs",
        read: payment::ms_drg,
    },
    PackFormat {
        name: "loinc-csv",
        system: "loinc",
        licence: "LOINC licence (Regenstrief Institute); the user accepted its terms",
        publisher: "Regenstrief Institute, LoincTable/Loinc.csv",
        read: clinical::loinc,
    },
    PackFormat {
        name: "snomed-rf2",
        system: "snomed",
        licence: "SNOMED CT affiliate licence; the user accepted its terms",
        publisher: "SNOMED International or a member, RF2 snapshot, zip",
        read: clinical::snomed,
    },
    PackFormat {
        name: "rxnorm-rrf",
        system: "rxnorm",
        licence: "UMLS Metathesaurus licence; the user accepted its terms",
        publisher: "National Library of Medicine, RXNCONSO.RRF",
        read: drugs::rxnorm,
    },
    PackFormat {
        name: "ndc-text",
        system: "ndc",
        licence: US,
        publisher: "FDA, National Drug Code directory, product.txt and package.txt, zip",
        read: drugs::ndc,
    },
    PackFormat {
        name: "poa-exempt",
        system: "poa-exempt",
        licence: US,
        publisher: "CMS, codes exempt from present-on-admission reporting, text with tabs",
        read: edits::poa_exempt,
    },
    PackFormat {
        name: "mce-json",
        system: "mce",
        licence: US,
        publisher: "CMS, Definitions of Medicare Code Edits, lists as JSON",
        read: edits::mce_json,
    },
    PackFormat {
        name: "mce-text",
        system: "mce",
        licence: US,
        publisher: "CMS, Definitions of Medicare Code Edits, text",
        read: edits::mce_text,
    },
    PackFormat {
        name: "ncci-ptp",
        system: "ncci-ptp",
        licence: "US Government work (CMS); CPT codes are the American Medical Association's",
        publisher: "CMS, National Correct Coding Initiative, procedure-to-procedure edits, text with tabs",
        read: edits::ncci_pairs,
    },
    PackFormat {
        name: "ncci-mue",
        system: "ncci-mue",
        licence: "US Government work (CMS); CPT codes are the American Medical Association's",
        publisher: "CMS, National Correct Coding Initiative, medically unlikely edits, CSV",
        read: edits::ncci_units,
    },
    PackFormat {
        name: "csv",
        system: "",
        licence: "the user's own",
        publisher: "a list of the user's: CSV with the columns code, title, from, to, and others as attributes",
        read: generic::read,
    },
];

/// The bytes of the pack that a file makes.
///
/// # Errors
/// `unknown_format` where the request's format is none of [`FORMATS`]; `invalid_date`; `unknown_system` for the format
/// `csv` without a system; `source_malformed` with the line where the file is damaged, cut short or of another layout.
pub fn compile(source: &[u8], request: &PackRequest) -> Result<Vec<u8>> {
    let format = FORMATS.iter().find(|format| format.name == request.format).ok_or_else(|| {
        let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        Error::new(&codes::UNKNOWN_FORMAT).note(format!("known are {}", known.join(", ")))
    })?;
    let day = |text: &Option<String>, name: &str| {
        text.as_deref().map(PartialDate::day).transpose().map_err(|error| error.in_path(name))
    };
    day(&request.effective_from, "effective_from")?;
    day(&request.effective_to, "effective_to")?;
    let system = match (format.system, request.system.as_deref()) {
        ("", Some(system)) => system,
        ("", None) => return Err(Error::new(&codes::UNKNOWN_SYSTEM).in_path("system")),
        (system, _) => system,
    };
    let digest = <sha2::Sha256 as sha2::Digest>::digest(source);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let info = PackInfo {
        name: format!("{system}-{}", request.release),
        system: system.to_owned(),
        release: request.release.clone(),
        effective_from: request.effective_from.clone(),
        effective_to: request.effective_to.clone(),
        rows: 0,
        licence: request.licence.clone().unwrap_or_else(|| format.licence.to_owned()),
        source: format!("{}; sha256:{digest}", format.publisher),
        sha256: String::new(),
    };
    (format.read)(source)?.compile(info)
}

/// A file that cannot be read as its format, at a line.
fn refuse(line: usize, why: &'static str) -> Error {
    Error::new(&codes::SOURCE_MALFORMED).in_line(line).note(why)
}

/// A file that cannot be read as its format.
fn refuse_all(why: &'static str) -> Error {
    Error::new(&codes::SOURCE_MALFORMED).note(why)
}
