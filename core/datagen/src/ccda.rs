//! The data map of CDA R2 with the templates of C-CDA R2.1: the reviewed rules in `rules/ccda/`, as a pack.
//!
//! The classes, attributes and data types are those of the standard. A type is compiled once for every label and
//! field that the elements of it hand down, so that the library finds both with one look.

use std::collections::BTreeMap;

use chartkeeper::formats::fhir::map::{DataMap, ElementRow, Role, TypeId};
use chartkeeper::formats::field::{EntryKind, Field};
use chartkeeper::formats::label::{Label, Whose};
use chartkeeper::formats::tree::Kind;
use chartkeeper::packs::{PackInfo, PackWriter};
use serde::Deserialize;

use crate::Result;
use crate::fhir::{Type, lay_out, read};
use crate::sources::Sources;

#[derive(Deserialize)]
struct TypeRule {
    #[serde(rename = "type")]
    name: String,
    bases: String,
    role: String,
    kind: String,
}

#[derive(Deserialize, Clone)]
struct MemberRule {
    #[serde(rename = "type")]
    holder: String,
    member: String,
    of: String,
    label: String,
    whose: String,
    field: String,
    flags: String,
}

#[derive(Deserialize, Clone)]
struct ChoiceRule {
    #[serde(rename = "type")]
    holder: String,
    key: String,
    of: String,
}

/// A type with the label and the field that it was handed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Context {
    name: String,
    label: Option<Label>,
    field: Option<Field>,
}

/// What a member does with what its type was handed.
enum Takes {
    Itself,
    HandsOn,
    Nothing,
}

struct Compiler {
    types: BTreeMap<String, TypeRule>,
    members: BTreeMap<String, Vec<MemberRule>>,
    choices: BTreeMap<String, Vec<ChoiceRule>>,
    numbers: BTreeMap<Context, TypeId>,
    queue: Vec<Context>,
}

/// Compiles the pack.
///
/// # Errors
/// A rule that names a type, label or field that is not there, or a type that nothing uses.
pub(crate) fn compile(_: &Sources) -> Result<Vec<u8>> {
    let sections = lay_out(Compiler::reviewed()?.run()?)?;
    let info = PackInfo {
        name: "ccda-r2.1".to_owned(),
        system: "ccda".to_owned(),
        release: "2.1".to_owned(),
        effective_from: Some("2015-08-01".to_owned()),
        effective_to: None,
        rows: sections.rows as u64,
        licence: "MIT OR Apache-2.0".to_owned(),
        source:
            "HL7 CDA R2 (2005) classes and data types, C-CDA R2.1 template roots; core/datagen/rules/ccda"
                .to_owned(),
        sha256: String::new(),
    };
    Ok(PackWriter::new(info)
        .section("elements", sections.elements)
        .section("types", sections.types)
        .section("slots", sections.slots)
        .section("names", sections.names)
        .finish()?)
}

impl Compiler {
    fn reviewed() -> Result<Self> {
        let mut out = Self {
            types: BTreeMap::new(),
            members: BTreeMap::new(),
            choices: BTreeMap::new(),
            numbers: BTreeMap::new(),
            queue: Vec::new(),
        };
        for row in read::<TypeRule>(include_str!("../rules/ccda/types.csv"))? {
            let name = row.name.clone();
            if out.types.insert(name.clone(), row).is_some() {
                return Err(format!("{name} stands twice in types.csv").into());
            }
        }
        for row in read::<MemberRule>(include_str!("../rules/ccda/members.csv"))? {
            out.members.entry(row.holder.clone()).or_default().push(row);
        }
        for row in read::<ChoiceRule>(include_str!("../rules/ccda/choices.csv"))? {
            out.choices.entry(row.holder.clone()).or_default().push(row);
        }
        let holders = out.members.keys().chain(out.choices.keys());
        match holders.into_iter().find(|name| !out.types.contains_key(*name)) {
            Some(name) => Err(format!("{name} is no type").into()),
            None => Ok(out),
        }
    }

    /// Every type, in the order of its number, which begins with 1.
    fn run(mut self) -> Result<Vec<Type>> {
        if self.number("Roots", None, None)? != DataMap::RESOURCES {
            return Err("the roots must be the first type".into());
        }
        let mut types = Vec::new();
        while let Some(context) = self.queue.get(types.len()).cloned() {
            types.push(self.compile(&context)?);
        }
        let used = |name: &String| self.queue.iter().any(|context| context.name == *name);
        let bases: Vec<&str> = self.types.values().flat_map(|row| row.bases.split_whitespace()).collect();
        let unused: Vec<&str> = self
            .types
            .keys()
            .filter(|name| !used(name) && !bases.contains(&name.as_str()))
            .map(String::as_str)
            .collect();
        if unused.is_empty() { Ok(types) } else { Err(format!("unused: {}", unused.join(", ")).into()) }
    }

    fn number(&mut self, name: &str, label: Option<Label>, field: Option<Field>) -> Result<TypeId> {
        // What the type hands to nothing makes no type of its own.
        let label = label.filter(|_| self.uses(name, Self::takes_label, &mut Vec::new()));
        let field = field.filter(|_| self.uses(name, Self::takes_field, &mut Vec::new()));
        let context = Context { name: name.to_owned(), label, field };
        if let Some(known) = self.numbers.get(&context) {
            return Ok(*known);
        }
        if !self.types.contains_key(name) {
            return Err(format!("{name} is no type").into());
        }
        self.queue.push(context.clone());
        let number = TypeId(u16::try_from(self.queue.len())?);
        self.numbers.insert(context, number);
        Ok(number)
    }

    /// Whether a leaf of a type is the whole of a field that is handed to it; then its element is not that field.
    fn leaf_takes(&self, name: &str, handed: Field) -> bool {
        let mut line = Vec::new();
        self.line(name, &mut line);
        let rules = line.iter().filter_map(|holder| self.members.get(holder)).flatten();
        rules.into_iter().any(|rule| {
            rule.of.is_empty() && field(&rule.field, Some(handed)).is_ok_and(|taken| taken == Some(handed))
        })
    }

    /// Whether a type, or one to which it hands on what it was handed, takes a part of it.
    fn uses(&self, name: &str, takes: fn(&MemberRule) -> Takes, seen: &mut Vec<String>) -> bool {
        if seen.iter().any(|known| known == name) {
            return false;
        }
        seen.push(name.to_owned());
        let mut line = Vec::new();
        self.line(name, &mut line);
        line.iter().any(|holder| {
            let choices = self.choices.get(holder).into_iter().flatten();
            let members = self.members.get(holder).into_iter().flatten();
            choices.into_iter().any(|choice| self.uses(&choice.of, takes, seen))
                || members.into_iter().any(|rule| match takes(rule) {
                    Takes::Itself => true,
                    Takes::HandsOn => !rule.of.is_empty() && self.uses(&rule.of, takes, seen),
                    Takes::Nothing => false,
                })
        })
    }

    fn takes_label(rule: &MemberRule) -> Takes {
        match rule.label.chars().next() {
            Some('$') => Takes::Itself,
            None => Takes::HandsOn,
            Some(_) => Takes::Nothing,
        }
    }

    fn takes_field(rule: &MemberRule) -> Takes {
        if rule.field.contains(['=', '.']) { Takes::Itself } else { Takes::Nothing }
    }

    /// The type and its bases, the farthest first.
    fn line(&self, name: &str, out: &mut Vec<String>) {
        let bases = self.types.get(name).map(|row| row.bases.as_str()).unwrap_or_default();
        for base in bases.split_whitespace() {
            self.line(base, out);
        }
        out.retain(|known| known != name);
        out.push(name.to_owned());
    }

    fn compile(&mut self, context: &Context) -> Result<Type> {
        let row = self.types.get(&context.name).ok_or("a type is missing")?;
        let role = match row.role.as_str() {
            "" => Role::Plain,
            "identifier" => Role::Identifier,
            "contact_point" => Role::ContactPoint,
            "choice" => Role::Choice,
            "statement" => Role::Templates,
            other => return Err(format!("{other} is no role").into()),
        };
        let kind = match row.kind.as_str() {
            "" => None,
            name => Some(EntryKind::from_name(name).ok_or_else(|| format!("{name} is no kind"))?),
        };
        let mut line = Vec::new();
        self.line(&context.name, &mut line);
        let mut choices = BTreeMap::new();
        let mut members: Vec<MemberRule> = Vec::new();
        for holder in &line {
            for choice in self.choices.get(holder).into_iter().flatten() {
                choices.insert(choice.key.clone(), choice.of.clone());
            }
            for rule in self.members.get(holder).into_iter().flatten() {
                match members.iter_mut().find(|known| known.member == rule.member) {
                    Some(known) => *known = rule.clone(),
                    None => members.push(rule.clone()),
                }
            }
        }
        let mut out = Type { role, kind, members: Vec::new() };
        for (key, of) in choices {
            let ty = self.number(&of, context.label, context.field)?;
            let kinds = ElementRow::kind_bit(Kind::Object);
            out.members.push(ElementRow {
                name: key,
                ty,
                label: Label::Structure,
                field: context.field.filter(|field| !self.leaf_takes(&of, *field)),
                kinds,
                ..ElementRow::default()
            });
        }
        for rule in members {
            let member = self
                .member(context, &rule)
                .map_err(|error| format!("{} of {}: {error}", rule.member, context.name))?;
            if out.members.iter().any(|known| known.name == member.name) {
                return Err(
                    format!("{} of {} is an attribute and an element", rule.member, context.name).into()
                );
            }
            out.members.push(member);
        }
        Ok(out)
    }

    fn member(&mut self, context: &Context, rule: &MemberRule) -> Result<ElementRow> {
        let label = match rule.label.strip_prefix('$') {
            Some(default) => match context.label {
                Some(handed) => Some(handed),
                None => Some(Label::from_name(default).ok_or("no such label")?),
            },
            None if rule.label.is_empty() => None,
            None => Some(Label::from_name(&rule.label).ok_or("no such label")?),
        };
        let whose = match rule.whose.as_str() {
            "" => None,
            name => Some(Whose::from_name(name).ok_or("no such owner")?),
        };
        let field = field(&rule.field, context.field)?;
        let flag = |flag: char| rule.flags.contains(flag);
        let mut row = ElementRow {
            name: rule.member.trim_start_matches('@').to_owned(),
            whose,
            field,
            list: flag('*'),
            required: flag('!'),
            ..ElementRow::default()
        };
        if rule.of.is_empty() {
            row.label = label.ok_or("a leaf without a label")?;
            row.kinds = ElementRow::kind_bit(Kind::Text)
                | if flag('n') { ElementRow::kind_bit(Kind::Number) } else { 0 }
                | if flag('b') { ElementRow::kind_bit(Kind::Flag) } else { 0 };
        } else {
            row.label = if flag('w') { label.ok_or("a whole without a label")? } else { Label::Structure };
            row.ty = self.number(&rule.of, label.or(context.label), field)?;
            row.field = field.filter(|field| !self.leaf_takes(&rule.of, *field));
            row.kinds = ElementRow::kind_bit(Kind::Object);
        }
        Ok(row)
    }
}

/// The field that a rule means, in a type that was handed `outer`.
fn field(rule: &str, outer: Option<Field>) -> Result<Option<Field>> {
    for one in rule.split('|') {
        let found = match one.strip_prefix('.') {
            _ if one == "=" => outer,
            Some(part) => outer.and_then(|outer| Field::from_name(&format!("{}.{part}", outer.as_str()))),
            None if one.is_empty() => None,
            None => Some(Field::from_name(one).ok_or_else(|| format!("{one} is no field"))?),
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
