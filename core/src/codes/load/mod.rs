//! Reading the agencies' own files, as they are downloaded, into packs.
//!
//! One small file a format. A zip archive is opened and the member of the format is taken; a file that is cut short,
//! damaged or of another layout is refused with its line, never read in part.

mod archive;
mod clinical;
mod crosswalks;
mod csv;
mod drugs;
mod edits;
mod generic;
mod hcpcs;
mod order;
mod payment;
mod pcs_tables;
#[cfg(test)]
mod release_tests;
mod tabular;
#[cfg(test)]
mod tests;
pub mod xml;

use serde::{Deserialize, Serialize};

pub use self::tabular::tabular;
use super::icd10cm::{Release, TabularSource};
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
    read: Reader,
}

/// How a format becomes a pack.
#[derive(Debug)]
enum Reader {
    /// A list of codes, or a table.
    List(fn(&[u8]) -> Result<ListSource>),
    /// A release of a system that has a layout of its own; its days are needed.
    Release(fn(&[u8], Release, PackInfo) -> Result<Vec<u8>>),
}

const US: &str = "US Government work, public domain";

/// Every format that [`compile`] reads.
pub const FORMATS: &[PackFormat] = &[
    PackFormat {
        name: "hcpcs-anweb",
        system: "hcpcs",
        licence: "US Government work (CMS); codes that begin with D are the American Dental Association's",
        publisher: "CMS, HCPCS Level II, alpha-numeric file (record layout of 320 characters)",
        read: Reader::List(hcpcs::read),
    },
    PackFormat {
        name: "cvx-xml",
        system: "cvx",
        licence: US,
        publisher: "CDC, vaccines administered (CVX), XML",
        read: Reader::List(clinical::cvx),
    },
    PackFormat {
        name: "pos-fhir",
        system: "pos",
        licence: US,
        publisher: "CMS, place of service code set, as a FHIR CodeSystem (XML or JSON)",
        read: Reader::List(payment::place_of_service),
    },
    PackFormat {
        name: "nucc-csv",
        system: "nucc",
        licence: "American Medical Association; no derivatives; see the NUCC's terms",
        publisher: "NUCC, health care provider taxonomy, CSV",
        read: Reader::List(payment::taxonomy),
    },
    PackFormat {
        name: "ms-drg-table5",
        system: "ms-drg",
        licence: US,
        publisher: "CMS, IPPS final rule, table 5, text with tabs",
        read: Reader::List(payment::ms_drg),
    },
    PackFormat {
        name: "loinc-csv",
        system: "loinc",
        licence: "LOINC licence (Regenstrief Institute); the user accepted its terms",
        publisher: "Regenstrief Institute, LoincTable/Loinc.csv",
        read: Reader::List(clinical::loinc),
    },
    PackFormat {
        name: "snomed-rf2",
        system: "snomed",
        licence: "SNOMED CT affiliate licence; the user accepted its terms",
        publisher: "SNOMED International or a member, RF2 snapshot, zip",
        read: Reader::List(clinical::snomed),
    },
    PackFormat {
        name: "rxnorm-rrf",
        system: "rxnorm",
        licence: "UMLS Metathesaurus licence; the user accepted its terms",
        publisher: "National Library of Medicine, RXNCONSO.RRF",
        read: Reader::List(drugs::rxnorm),
    },
    PackFormat {
        name: "ndc-text",
        system: "ndc",
        licence: US,
        publisher: "FDA, National Drug Code directory, product.txt and package.txt, zip",
        read: Reader::List(drugs::ndc),
    },
    PackFormat {
        name: "poa-exempt",
        system: "poa-exempt",
        licence: US,
        publisher: "CMS, codes exempt from present-on-admission reporting, text with tabs",
        read: Reader::List(edits::poa_exempt),
    },
    PackFormat {
        name: "mce-json",
        system: "mce",
        licence: US,
        publisher: "CMS, Definitions of Medicare Code Edits, lists as JSON",
        read: Reader::List(edits::mce_json),
    },
    PackFormat {
        name: "mce-text",
        system: "mce",
        licence: US,
        publisher: "CMS, Definitions of Medicare Code Edits, text",
        read: Reader::List(edits::mce_text),
    },
    PackFormat {
        name: "ncci-ptp",
        system: "ncci-ptp",
        licence: "US Government work (CMS); CPT codes are the American Medical Association's",
        publisher: "CMS, National Correct Coding Initiative, procedure-to-procedure edits, text with tabs",
        read: Reader::List(edits::ncci_pairs),
    },
    PackFormat {
        name: "ncci-mue",
        system: "ncci-mue",
        licence: "US Government work (CMS); CPT codes are the American Medical Association's",
        publisher: "CMS, National Correct Coding Initiative, medically unlikely edits, CSV",
        read: Reader::List(edits::ncci_units),
    },
    PackFormat {
        name: "icd10cm-order",
        system: "icd10cm",
        licence: US,
        publisher: "CMS, ICD-10-CM order file, text or zip",
        read: Reader::Release(|source, release, info| listed(order::diagnoses(source, release)?, info)),
    },
    PackFormat {
        name: "icd10cm-tabular",
        system: "icd10cm",
        licence: US,
        publisher: "CDC/NCHS, ICD-10-CM tabular list, XML or zip",
        read: Reader::Release(|source, release, info| listed(tabular(source, release)?, info)),
    },
    PackFormat {
        name: "icd10pcs-order",
        system: "icd10pcs",
        licence: US,
        publisher: "CMS, ICD-10-PCS order file, text or zip",
        read: Reader::Release(|source, release, info| order::procedures(source, release)?.compile(info)),
    },
    PackFormat {
        name: "icd10pcs-tables",
        system: "icd10pcs",
        licence: US,
        publisher: "CMS, ICD-10-PCS tables, XML or zip",
        read: Reader::Release(|source, release, info| pcs_tables::read(source, release)?.compile(info)),
    },
    PackFormat {
        name: "icd10cm-conversion",
        system: "icd10cm-conversion",
        licence: US,
        publisher: "CDC/NCHS, ICD-10-CM conversion table, workbook or text with tabs",
        read: Reader::List(crosswalks::conversion),
    },
    PackFormat {
        name: "gem-icd10cm",
        system: "gem-icd10cm",
        licence: US,
        publisher: "CMS, general equivalence mapping of ICD-10-CM to ICD-9-CM, text or zip",
        read: Reader::List(crosswalks::gem_icd10cm),
    },
    PackFormat {
        name: "gem-icd9cm",
        system: "gem-icd9cm",
        licence: US,
        publisher: "CMS, general equivalence mapping of ICD-9-CM to ICD-10-CM, text or zip",
        read: Reader::List(crosswalks::gem_icd9cm),
    },
    PackFormat {
        name: "gem-icd10pcs",
        system: "gem-icd10pcs",
        licence: US,
        publisher: "CMS, general equivalence mapping of ICD-10-PCS to ICD-9-CM procedures, text or zip",
        read: Reader::List(crosswalks::gem_icd10pcs),
    },
    PackFormat {
        name: "gem-icd9cm-procedures",
        system: "gem-icd9cm-procedures",
        licence: US,
        publisher: "CMS, general equivalence mapping of ICD-9-CM procedures to ICD-10-PCS, text or zip",
        read: Reader::List(crosswalks::gem_icd9cm_procedures),
    },
    PackFormat {
        name: "ccsr-dx",
        system: "ccsr-dx",
        licence: "US Government work (AHRQ), public domain",
        publisher: "AHRQ, Clinical Classifications Software Refined for ICD-10-CM diagnoses, CSV or zip",
        read: Reader::List(crosswalks::ccsr_diagnoses),
    },
    PackFormat {
        name: "ccsr-pr",
        system: "ccsr-pr",
        licence: "US Government work (AHRQ), public domain",
        publisher: "AHRQ, Clinical Classifications Software Refined for ICD-10-PCS procedures, CSV or zip",
        read: Reader::List(crosswalks::ccsr_procedures),
    },
    PackFormat {
        name: "csv",
        system: "",
        licence: "the user's own",
        publisher: "a list of the user's: CSV with the columns code, title, from, to, and others as attributes",
        read: Reader::List(generic::read),
    },
];

fn listed(source: TabularSource, info: PackInfo) -> Result<Vec<u8>> {
    let rows = source.rows.len() as u64;
    source.compile(PackInfo { rows, ..info })
}

/// The bytes of the pack that a file makes.
///
/// # Errors
/// `unknown_format` where the request's format is none of [`FORMATS`]; `invalid_date`; `invalid_argument` where a release
/// of ICD-10-CM or ICD-10-PCS has not its days; `unknown_system` for the format `csv` without a system; `source_malformed` with the line where the file is damaged, cut short or of another layout.
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
    match format.read {
        Reader::List(read) => read(source)?.compile(info),
        Reader::Release(read) => {
            let needed = |day: &Option<String>, name: &'static str| {
                day.clone().ok_or_else(|| {
                    Error::new(&codes::INVALID_ARGUMENT)
                        .in_path(name)
                        .note("a release of this format needs its days")
                })
            };
            let release = Release {
                name: request.release.clone(),
                from: needed(&request.effective_from, "effective_from")?,
                to: needed(&request.effective_to, "effective_to")?,
            };
            read(source, release, info)
        }
    }
}

/// A file that cannot be read as its format, at a line.
fn refuse(line: usize, why: &'static str) -> Error {
    Error::new(&codes::SOURCE_MALFORMED).in_line(line).note(why)
}

/// A file that cannot be read as its format.
fn refuse_all(why: &'static str) -> Error {
    Error::new(&codes::SOURCE_MALFORMED).note(why)
}
