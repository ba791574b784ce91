//! The published definitions (StructureDefinition snapshots) as trees of elements.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Result;

/// The release whose definitions are compiled; others that the file carries are left out.
const RELEASE: &str = "4.0.1";

#[derive(Deserialize)]
struct Bundle {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Published,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    resource_type: String,
    id: String,
    kind: Option<String>,
    derivation: Option<String>,
    #[serde(rename = "abstract")]
    is_abstract: Option<bool>,
    fhir_version: Option<String>,
    snapshot: Option<Snapshot>,
}

#[derive(Deserialize)]
struct Snapshot {
    element: Vec<PublishedElement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishedElement {
    path: String,
    min: u32,
    max: String,
    #[serde(rename = "type", default)]
    types: Vec<PublishedType>,
    content_reference: Option<String>,
}

#[derive(Deserialize)]
struct PublishedType {
    code: String,
    #[serde(default)]
    extension: Vec<TypeExtension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeExtension {
    url: String,
    value_url: Option<String>,
}

/// An element of a type, as published; a choice (`value[x]`) is still one.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Its name, with `[x]` where it is a choice.
    pub(crate) name: String,
    /// The types it may have.
    pub(crate) types: Vec<String>,
    /// The path whose members it has: its own where it is a backbone element, another's where it refers to one.
    pub(crate) members: Option<String>,
    pub(crate) required: bool,
    pub(crate) list: bool,
}

/// What a type or resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Resource,
    DataType,
    Primitive,
}

/// Every definition: members by path (`Patient`, `Patient.contact`, `HumanName`), and the sort of each root.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    pub(crate) members: BTreeMap<String, Vec<Element>>,
    pub(crate) sorts: BTreeMap<String, Sort>,
}

impl Definitions {
    /// Adds the definitions of a published bundle.
    pub(crate) fn add(&mut self, json: &[u8]) -> Result<()> {
        let bundle: Bundle = serde_json::from_slice(json)?;
        for Entry { resource } in bundle.entry {
            let sort = match resource.kind.as_deref() {
                Some("resource") => Sort::Resource,
                Some("complex-type") => Sort::DataType,
                Some("primitive-type") => Sort::Primitive,
                _ => continue,
            };
            let profile = resource.derivation.as_deref() == Some("constraint");
            let base = sort == Sort::Resource && resource.is_abstract == Some(true);
            let ours = resource.fhir_version.as_deref() == Some(RELEASE);
            if resource.resource_type != "StructureDefinition" || profile || base || !ours {
                continue;
            }
            let Some(snapshot) = resource.snapshot else { continue };
            self.sorts.insert(resource.id.clone(), sort);
            if sort != Sort::Primitive {
                self.add_elements(snapshot.element)?;
            }
        }
        Ok(())
    }

    fn add_elements(&mut self, elements: Vec<PublishedElement>) -> Result<()> {
        for element in elements {
            let Some((parent, name)) = element.path.rsplit_once('.') else {
                self.members.entry(element.path).or_default();
                continue;
            };
            let types: Vec<String> = element.types.iter().map(PublishedType::name).collect();
            let own = types.iter().any(|name| name == "BackboneElement" || name == "Element");
            let members = match &element.content_reference {
                Some(reference) => Some(reference.trim_start_matches('#').to_owned()),
                None if own => Some(element.path.clone()),
                None => None,
            };
            if types.is_empty() && members.is_none() {
                return Err(format!("{} has no type", element.path).into());
            }
            self.members.entry(parent.to_owned()).or_default().push(Element {
                name: name.to_owned(),
                types,
                members,
                required: element.min > 0,
                list: element.max != "0" && element.max != "1",
            });
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Correction {
    path: String,
    change: String,
    types: String,
    required: String,
    list: String,
}

impl Definitions {
    /// Makes the copy that was read equal to the release as it was published (`rules/fhir/corrections.csv`).
    ///
    /// # Errors
    /// A correction that does not fit, because the copy is another.
    pub(crate) fn correct(&mut self) -> Result<()> {
        for row in super::rules::read::<Correction>(include_str!("../../rules/fhir/corrections.csv"))? {
            let misfit = || format!("corrections.csv: {} does not fit", row.path);
            let (parent, name) = row.path.rsplit_once('.').ok_or_else(misfit)?;
            let members = self.members.get_mut(parent).ok_or_else(misfit)?;
            let before = members.len();
            match row.change.as_str() {
                "drop" => members.retain(|element| element.name != name),
                "add" if members.iter().all(|element| element.name != name) => members.push(Element {
                    name: name.to_owned(),
                    types: row.types.split_whitespace().map(str::to_owned).collect(),
                    members: None,
                    required: row.required == "required",
                    list: row.list == "list",
                }),
                _ => return Err(misfit().into()),
            }
            if members.len() == before {
                return Err(misfit().into());
            }
        }
        Ok(())
    }
}

impl PublishedType {
    /// The FHIR name of the type; ids and URLs are published under the name of a system type.
    fn name(&self) -> String {
        if !self.code.starts_with("http://hl7.org/fhirpath/System.") {
            return self.code.clone();
        }
        self.extension
            .iter()
            .find(|extension| extension.url.ends_with("structuredefinition-fhir-type"))
            .and_then(|extension| extension.value_url.clone())
            .unwrap_or_else(|| "string".to_owned())
    }
}
