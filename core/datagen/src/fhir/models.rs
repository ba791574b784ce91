//! Definitions out of the classes that the Python package `fhir.resources` carries for each release. They were
//! generated from HL7's own: every element with its type, whether it is a list and whether it is required. The text
//! is read line by line, as it was generated.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::definitions::{Definitions, Element, Sort};
use crate::Result;

/// Types that are written as one JSON value, by the name that the classes give them.
const PRIMITIVES: &[(&str, &str)] = &[
    ("Base64Binary", "base64Binary"),
    ("Boolean", "boolean"),
    ("Canonical", "canonical"),
    ("Code", "code"),
    ("Date", "date"),
    ("DateTime", "dateTime"),
    ("Decimal", "decimal"),
    ("Id", "id"),
    ("Instant", "instant"),
    ("Integer", "integer"),
    ("Integer64", "integer64"),
    ("Markdown", "markdown"),
    ("Oid", "oid"),
    ("PositiveInt", "positiveInt"),
    ("String", "string"),
    ("Time", "time"),
    ("UnsignedInt", "unsignedInt"),
    ("Uri", "uri"),
    ("Url", "url"),
    ("Uuid", "uuid"),
    ("Xhtml", "xhtml"),
];

/// Resources that are only the base of others.
const BASES: &[&str] = &["Resource", "DomainResource", "CanonicalResource", "MetadataResource"];

/// One class: what it adds to its base.
#[derive(Debug, Default)]
struct Class {
    base: String,
    /// The class after which its file is named; others in the file are its parts.
    is_root: bool,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Default)]
struct Field {
    name: String,
    ty: String,
    list: bool,
    required: bool,
    /// The choice that it is a form of.
    choice: Option<String>,
}

/// The definitions of one release, from the folder of the wheel that holds its classes (empty: the top one).
///
/// # Errors
/// A damaged archive; a class that refers to one that is not there.
pub(crate) fn definitions(wheel: &[u8], folder: &str) -> Result<Definitions> {
    let classes = classes(wheel, folder)?;
    let paths = paths(&classes);
    let mut out = Definitions::default();
    out.sorts.extend(PRIMITIVES.iter().map(|(_, name)| ((*name).to_owned(), Sort::Primitive)));
    for (name, class) in &classes {
        let Some(path) = paths.get(name) else { continue };
        if class.is_root {
            let resource = is_a(&classes, name, "Resource");
            if resource && BASES.contains(&name.as_str()) {
                continue;
            }
            out.sorts.insert(path.clone(), if resource { Sort::Resource } else { Sort::DataType });
        }
        out.members.insert(path.clone(), members(&classes, &paths, name)?);
    }
    if out.members.len() < 300 {
        return Err(format!("only {} types were found in {folder}", out.members.len()).into());
    }
    Ok(out)
}

/// Reads every class of a release.
fn classes(wheel: &[u8], folder: &str) -> Result<BTreeMap<String, Class>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(wheel))?;
    let prefix = format!("fhir/resources/{folder}");
    let mut out = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let path = file.name()?.into_owned();
        let Some(module) = path.strip_prefix(&prefix).and_then(|name| name.strip_suffix(".py")) else {
            continue;
        };
        if module.contains('/') || module.starts_with("fhir") || module.starts_with("__") {
            continue;
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        read_module(module, &text, &mut out);
    }
    Ok(out)
}

/// Reads the classes of one file.
fn read_module(module: &str, text: &str, out: &mut BTreeMap<String, Class>) {
    let mut class: Option<&mut Class> = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((name, base)) = line.strip_prefix("class ").and_then(|rest| rest.split_once('(')) {
            let base = base.trim_end_matches("):").rsplit('.').next().unwrap_or_default();
            let is_root = name.eq_ignore_ascii_case(module);
            let new = Class { base: base.to_owned(), is_root, fields: Vec::new() };
            class = Some(out.entry(name.to_owned()).or_insert(new));
            continue;
        }
        let Some(class) = &mut class else { continue };
        let Some((name, start)) = declared(line) else {
            if let Some(field) = class.fields.last_mut() {
                detail(field, line.trim());
            }
            continue;
        };
        // A long type goes over more than one line.
        let mut declaration = start.to_owned();
        while !declaration.contains(" = ") {
            let Some(more) = lines.next() else { break };
            declaration.push_str(more.trim());
        }
        let ty = declaration.split(" = ").next().unwrap_or_default();
        class.fields.push(field(name, ty));
    }
    // What stands apart from the values themselves is the compiler's to add.
    for class in out.values_mut() {
        class.fields.retain(|field| !field.name.contains("__") && field.name != "resource_type");
    }
}

/// The name and the beginning of the type of a field's declaration.
fn declared(line: &str) -> Option<(&str, &str)> {
    let (name, ty) = line.strip_prefix("    ")?.split_once(": ")?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.is_empty();
    let is_type = ["fhirtypes.", "typing.List[", "bool", "typing."].iter().any(|start| ty.starts_with(start));
    (is_name && is_type).then_some((name, ty))
}

fn field(name: &str, ty: &str) -> Field {
    let optional = ty.ends_with("| None");
    let list = ty.starts_with("typing.List[");
    let inner = ty.trim_start_matches("typing.List[").trim_start_matches("fhirtypes.");
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (word, _) = inner.split_at(end);
    let word = if word == "bool" { "Boolean" } else { word.strip_suffix("Type").unwrap_or(word) };
    let primitive = PRIMITIVES.iter().find(|(known, _)| *known == word).map(|(_, name)| *name);
    let ty = primitive.unwrap_or(word).to_owned();
    Field { name: name.to_owned(), ty, list, required: !optional, choice: None }
}

/// What a line after the declaration of a field says of it.
fn detail(field: &mut Field, line: &str) {
    let quoted = |text: &str| text.split('"').nth(1).map(str::to_owned);
    if let Some((_, rest)) = line.split_once("alias=") {
        // A name that Python does not allow has another in the class.
        if let Some(alias) = quoted(rest).filter(|alias| !alias.starts_with('_')) {
            field.name = alias;
        }
    } else if let Some(rest) = line.strip_prefix("\"one_of_many\": ") {
        field.choice = quoted(rest);
    } else if line.starts_with("\"element_required\": True") {
        field.required = true;
    }
}

/// Whether a class has another among its bases.
fn is_a(classes: &BTreeMap<String, Class>, name: &str, base: &str) -> bool {
    name == base
        || classes.get(name).is_some_and(|class| class.base != name && is_a(classes, &class.base, base))
}

/// The published path of every class: of `PatientContact` it is `Patient.contact`.
fn paths(classes: &BTreeMap<String, Class>) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = classes
        .iter()
        .filter(|(_, class)| class.is_root)
        .map(|(name, _)| (name.clone(), name.clone()))
        .collect();
    // A part is named after the class and the field that define it; others only refer to it.
    loop {
        let mut found = Vec::new();
        for (name, class) in classes {
            let Some(path) = out.get(name) else { continue };
            for field in &class.fields {
                let defines = format!("{name}{}", super::compile::capitalised(&field.name)) == field.ty;
                if defines && classes.contains_key(&field.ty) && !out.contains_key(&field.ty) {
                    found.push((field.ty.clone(), format!("{path}.{}", field.name)));
                }
            }
        }
        if found.is_empty() {
            return out;
        }
        out.extend(found);
    }
}

/// The elements of a class, those of its bases first.
fn members(
    classes: &BTreeMap<String, Class>,
    paths: &BTreeMap<String, String>,
    name: &str,
) -> Result<Vec<Element>> {
    let mut line = Vec::new();
    let mut at = classes.get(name);
    while let Some(class) = at {
        line.push(class);
        at = classes.get(&class.base).filter(|_| class.base != name);
    }
    let mut out: Vec<Element> = Vec::new();
    for field in line.iter().rev().flat_map(|class| &class.fields) {
        let is_type = classes.get(&field.ty).is_some_and(|class| class.is_root)
            || PRIMITIVES.iter().any(|(_, primitive)| *primitive == field.ty);
        let members = match paths.get(&field.ty) {
            Some(path) if !is_type => Some(path.clone()),
            None if !is_type => {
                return Err(format!("{name}.{}: {} is not defined", field.name, field.ty).into());
            }
            _ => None,
        };
        let element_name = match &field.choice {
            Some(stem) => format!("{stem}[x]"),
            None => field.name.clone(),
        };
        if let Some(known) = out.iter_mut().find(|element| element.name == element_name) {
            if field.choice.is_some() {
                known.types.push(field.ty.clone());
            } else {
                *known = element(element_name, field, members);
            }
            continue;
        }
        out.push(element(element_name, field, members));
    }
    Ok(out)
}

fn element(name: String, field: &Field, members: Option<String>) -> Element {
    let ty = if members.is_some() { "BackboneElement" } else { field.ty.as_str() };
    // Of a choice, no form is required by itself.
    let required = field.required && field.choice.is_none();
    Element { name, types: vec![ty.to_owned()], members, required, list: field.list }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"
class Thing(domainresource.DomainResource):
    """Something: text that says nothing."""

    __resource_type__ = "Thing"

    class_fhir: fhirtypes.CodeableConceptType = Field(
        default=...,
        alias="class",
        json_schema_extra={
            "element_property": True,
        },
    )
    deceasedBoolean: bool | None = Field(
        default=None,
        alias="deceasedBoolean",
        json_schema_extra={
            "one_of_many": "deceased",
        },
    )
    deceasedBoolean__ext: fhirtypes.FHIRPrimitiveExtensionType | None = Field(
        default=None, alias="_deceasedBoolean", title="Extension field."
    )
    deceasedDateTime: fhirtypes.DateTimeType | None = Field(
        alias="deceasedDateTime",
        json_schema_extra={
            "one_of_many": "deceased",
        },
    )
    part: typing.List[
        fhirtypes.ThingPartType
    ] | None = Field(
        default=None,
        alias="part",
    )

class ThingPart(backboneelement.BackboneElement):
    status: fhirtypes.CodeType | None = Field(
        alias="status",
        json_schema_extra={
            "element_required": True,
        },
    )
    inner: typing.List[fhirtypes.ThingPartType | None] | None = Field(
        alias="inner",
    )
"#;

    #[test]
    fn classes_become_elements() {
        let mut classes = BTreeMap::new();
        read_module("thing", MODULE, &mut classes);
        classes.insert("CodeableConcept".to_owned(), Class { is_root: true, ..Class::default() });
        let paths = paths(&classes);
        assert_eq!(paths["ThingPart"], "Thing.part");
        let found = members(&classes, &paths, "Thing").unwrap();
        let row = |element: &Element| {
            (
                element.name.clone(),
                element.types.join(" "),
                element.members.clone(),
                element.required,
                element.list,
            )
        };
        let own = |text: &str| text.to_owned();
        assert_eq!(
            found.iter().map(row).collect::<Vec<_>>(),
            [
                (own("class"), own("CodeableConcept"), None, true, false),
                (own("deceased[x]"), own("boolean dateTime"), None, false, false),
                (own("part"), own("BackboneElement"), Some(own("Thing.part")), false, true),
            ]
        );
        let parts = members(&classes, &paths, "ThingPart").unwrap();
        assert_eq!(
            parts.iter().map(row).collect::<Vec<_>>(),
            [
                (own("status"), own("code"), None, true, false),
                (own("inner"), own("BackboneElement"), Some(own("Thing.part")), false, true),
            ]
        );
    }
}
