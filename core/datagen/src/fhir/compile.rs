//! Joins definitions and rules: every type that an object can have, in every context that gives its members
//! another label or field, and the members of each.

use std::collections::BTreeMap;

use chartkeeper::formats::fhir::map::{DATA_TYPES, DataMap, ElementRow, Role, TypeId};
use chartkeeper::formats::field::{EntryKind, Field};
use chartkeeper::formats::label::Label;
use chartkeeper::formats::tree::Kind;

use super::definitions::{Definitions, Element, Sort};
use super::rules::{Extension, Rules, Says};
use crate::Result;

/// One compiled type.
#[derive(Debug, Default)]
pub(crate) struct Type {
    pub(crate) role: Role,
    pub(crate) kind: Option<EntryKind>,
    pub(crate) members: Vec<ElementRow>,
}

/// What decides the members of a type and what they are. Equal contexts are one type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Context {
    /// The resource types.
    Resources,
    /// The extensions that may stand at a place: all known ones, or the parts of one.
    Extensions(Vec<String>),
    /// One extension, by its URL and the names of its parts.
    Extension(Vec<String>),
    /// The members of a published path.
    Members(Place),
}

/// A published path as it is seen from where it is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: String,
    /// The field whose parts the members are.
    field: Option<String>,
    /// The label of a container that speaks for everything in it.
    cover: Option<Label>,
    /// Rules that the place of use makes for members, by relative path.
    rules: Vec<(String, Says)>,
}

/// The work in hand.
pub(crate) struct Compiler<'a> {
    definitions: &'a Definitions,
    rules: &'a Rules,
    numbers: BTreeMap<Context, TypeId>,
    queue: Vec<Context>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(definitions: &'a Definitions, rules: &'a Rules) -> Self {
        Self { definitions, rules, numbers: BTreeMap::new(), queue: Vec::new() }
    }

    /// Every type, in the order of its number, which begins with 1.
    pub(crate) fn run(mut self) -> Result<Vec<Type>> {
        if self.number(Context::Resources)? != DataMap::RESOURCES {
            return Err("the resource types must be the first type".into());
        }
        let mut types = Vec::new();
        while let Some(context) = self.queue.get(types.len()).cloned() {
            let compiled = match &context {
                Context::Resources => self.resources()?,
                Context::Extensions(path) => self.extensions(path)?,
                Context::Extension(path) => self.extension(path)?,
                Context::Members(place) => self.members(place)?,
            };
            types.push(compiled);
        }
        Ok(types)
    }

    fn number(&mut self, context: Context) -> Result<TypeId> {
        if let Some(known) = self.numbers.get(&context) {
            return Ok(*known);
        }
        self.queue.push(context.clone());
        let number = TypeId(u16::try_from(self.queue.len())?);
        self.numbers.insert(context, number);
        Ok(number)
    }

    fn resources(&mut self) -> Result<Type> {
        let mut members = Vec::new();
        for (name, sort) in &self.definitions.sorts {
            if *sort != Sort::Resource {
                continue;
            }
            let (_, whose) =
                self.rules.resource(name).ok_or_else(|| format!("resources.csv lacks {name}"))?;
            let place = Place { path: name.clone(), ..Place::default() };
            members.push(ElementRow {
                name: name.clone(),
                ty: self.number(Context::Members(place))?,
                label: Label::Structure,
                whose: Some(whose),
                kinds: ElementRow::kind_bit(Kind::Object),
                ..ElementRow::default()
            });
        }
        Ok(Type { role: Role::Resources, kind: None, members })
    }

    fn members(&mut self, place: &Place) -> Result<Type> {
        let root = place.path.split('.').next().unwrap_or_default();
        let resource = self.definitions.sorts.get(root) == Some(&Sort::Resource);
        let at_root = root == place.path;
        let mut out = Type::default();
        if resource && at_root {
            out.kind = self.rules.resource(root).map(|(kind, _)| kind);
            out.members.push(ElementRow {
                name: "resourceType".to_owned(),
                label: Label::Technical,
                kinds: ElementRow::kind_bit(Kind::Text),
                required: true,
                ..ElementRow::default()
            });
        }
        if place.cover.is_none() {
            out.role = match place.path.as_str() {
                "Identifier" => Role::Identifier,
                "ContactPoint" => Role::ContactPoint,
                _ => Role::Plain,
            };
        }
        let elements = self
            .definitions
            .members
            .get(&place.path)
            .ok_or_else(|| format!("{} is not defined", place.path))?;
        for element in elements {
            let choice = element.name.strip_suffix("[x]");
            let names = element.types.iter().map(|ty| match choice {
                Some(stem) => stem.to_owned() + &capitalised(ty),
                None => element.name.clone(),
            });
            // A reference to another element's members has no type of its own.
            let mut forms: Vec<(String, &str)> =
                names.zip(element.types.iter().map(String::as_str)).collect();
            if forms.is_empty() {
                forms.push((element.name.clone(), "BackboneElement"));
            }
            for (name, ty) in forms {
                let says = self.says(place, element, &name, ty, resource, at_root);
                self.push(&mut out.members, place, element, name, ty, says)?;
            }
        }
        Ok(out)
    }

    /// What the rules say of an element, the nearest rule first.
    fn says(
        &self,
        place: &Place,
        element: &Element,
        name: &str,
        ty: &str,
        resource: bool,
        top: bool,
    ) -> Says {
        let relative = place.rules.iter().find(|(path, _)| path == name);
        let mut says = relative.map(|(_, says)| says.clone()).unwrap_or_default();
        says = says.or(self.rules.at(&format!("{}.{name}", place.path)));
        if element.name != name {
            says = says.or(self.rules.at(&format!("{}.{}", place.path, element.name)));
        }
        if resource {
            for (stars, applies) in [("*", top), ("**", true)] {
                if applies {
                    says = says.or(self.rules.at(&format!("{stars}.{name}")));
                    says = says.or(self.rules.at(&format!("{stars}.{}", element.name)));
                }
            }
        }
        says.or(self.rules.at(ty))
    }

    /// Adds an element's row, and that of its partner for extensions where it is primitive.
    fn push(
        &mut self,
        rows: &mut Vec<ElementRow>,
        place: &Place,
        element: &Element,
        name: String,
        ty: &str,
        says: Says,
    ) -> Result<()> {
        let (own, parts) = field_of(&says, place.field.as_deref());
        let primitive = self.definitions.sorts.get(ty) == Some(&Sort::Primitive);
        let mut row = ElementRow {
            name: name.clone(),
            label: place.cover.or(says.label).unwrap_or(Label::Structure),
            whose: says.whose,
            field: own,
            list: element.list,
            required: element.required,
            kinds: ElementRow::kind_bit(Kind::Object),
            data_type: data_type(ty)?,
            ..ElementRow::default()
        };
        if primitive {
            let label = place.cover.or(says.label);
            row.label = label.ok_or_else(|| format!("no rule labels {}.{name} ({ty})", place.path))?;
            row.kinds = ElementRow::kind_bit(json_kind(ty));
            let partner = Place { path: "Element".to_owned(), cover: place.cover, ..Place::default() };
            let partner = ElementRow {
                name: format!("_{name}"),
                label: place.cover.unwrap_or(Label::Structure),
                kinds: ElementRow::kind_bit(Kind::Object),
                ty: self.number(Context::Members(partner))?,
                whose: row.whose,
                list: row.list,
                partner: true,
                data_type: data_type("Element")?,
                ..ElementRow::default()
            };
            rows.extend([row, partner]);
            return Ok(());
        }
        row.ty = match (ty, &element.members) {
            ("Extension", _) => self.number(Context::Extensions(Vec::new()))?,
            ("Resource", _) => DataMap::RESOURCES,
            (_, members) => {
                let full = format!("{}.{name}", place.path);
                let prefix = format!("{name}.");
                let mut rules: Vec<(String, Says)> = place
                    .rules
                    .iter()
                    .filter_map(|(path, says)| Some((path.strip_prefix(&prefix)?.to_owned(), says.clone())))
                    .collect();
                if members.is_none() {
                    rules.extend(self.rules.below(&full));
                }
                let cover = Some(row.label).filter(|label| *label != Label::Structure);
                let path = members.clone().unwrap_or_else(|| ty.to_owned());
                self.number(Context::Members(Place { path, field: parts, cover, rules }))?
            }
        };
        rows.push(row);
        Ok(())
    }

    fn rule(&self, path: &[String]) -> Option<&'a Extension> {
        let (url, parts) = path.split_first()?;
        parts.iter().try_fold(self.rules.extensions.get(url)?, |rule, part| rule.parts.get(part))
    }

    fn extensions(&mut self, path: &[String]) -> Result<Type> {
        let names: Vec<String> = match self.rule(path) {
            Some(rule) => rule.parts.keys().cloned().collect(),
            None => self.rules.extensions.keys().cloned().collect(),
        };
        let mut members = Vec::new();
        for name in names {
            let deeper = [path, std::slice::from_ref(&name)].concat();
            members.push(ElementRow {
                name,
                ty: self.number(Context::Extension(deeper))?,
                label: Label::Structure,
                kinds: ElementRow::kind_bit(Kind::Object),
                ..ElementRow::default()
            });
        }
        Ok(Type { role: Role::Extensions, kind: None, members })
    }

    fn extension(&mut self, path: &[String]) -> Result<Type> {
        let rule = self.rule(path).ok_or("an extension without a rule")?;
        let published = self.definitions.members.get("Extension").ok_or("Extension is not defined")?.clone();
        let place = Place { path: "Extension".to_owned(), ..Place::default() };
        let mut members = Vec::new();
        for element in &published {
            match element.name.as_str() {
                "extension" => {
                    let parts = self.number(Context::Extensions(path.to_vec()))?;
                    members.push(ElementRow {
                        name: element.name.clone(),
                        ty: parts,
                        label: Label::Structure,
                        list: true,
                        kinds: ElementRow::kind_bit(Kind::Object),
                        data_type: data_type("Extension")?,
                        ..ElementRow::default()
                    });
                }
                "value[x]" => {
                    for ty in &rule.types {
                        if !element.types.contains(ty) {
                            return Err(format!("{}: an extension cannot hold {ty}", path.join(" ")).into());
                        }
                        let name = format!("value{}", capitalised(ty));
                        let says = rule.says.clone().or(self.rules.at(ty));
                        self.push(&mut members, &place, element, name, ty, says)?;
                    }
                }
                name => {
                    let ty = element.types.first().map(String::as_str).unwrap_or_default();
                    let says = self.says(&place, element, name, ty, false, true);
                    self.push(&mut members, &place, element, name.to_owned(), ty, says)?;
                }
            }
        }
        Ok(Type { role: Role::Plain, kind: None, members })
    }
}

/// The number of a published type. One that is the name of a resource is stored as that of any.
fn data_type(name: &str) -> Result<u8> {
    let at = DATA_TYPES
        .iter()
        .position(|known| *known == name)
        .ok_or_else(|| format!("{name} is no data type"))?;
    Ok(u8::try_from(at)?)
}

/// The field of an element, and the field whose parts its members are.
fn field_of(says: &Says, outer: Option<&str>) -> (Option<Field>, Option<String>) {
    let name = match says.field.as_deref() {
        None => return (None, None),
        Some("=") => return (None, outer.map(str::to_owned)),
        Some(part) if part.starts_with('.') => match outer {
            Some(outer) => format!("{outer}{part}"),
            None => return (None, None),
        },
        Some(name) => name.to_owned(),
    };
    match Field::from_name(&name) {
        Some(field) => (Some(field), Some(name)),
        None => (None, None),
    }
}

/// The kind of JSON value that a primitive type is written as.
fn json_kind(ty: &str) -> Kind {
    match ty {
        "boolean" => Kind::Flag,
        "decimal" | "integer" | "positiveInt" | "unsignedInt" => Kind::Number,
        _ => Kind::Text,
    }
}

pub(crate) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
