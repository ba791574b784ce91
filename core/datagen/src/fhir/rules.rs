//! The reviewed rules: what each resource, element and extension is. They are data in `rules/fhir/`.
//!
//! A rule's path is a primitive type (`string`), a data type or an element of one (`HumanName.family`), an element
//! of a resource (`Patient.contact`), through its data type where need be (`Condition.onsetRange.low.value`), the
//! element of that name at the top of every resource (`*.subject`) or anywhere in one (`**.performer`). A choice is
//! named by one of its forms (`Patient.deceasedDateTime`) or as a whole (`Patient.deceased[x]`).

use std::cell::Cell;
use std::collections::BTreeMap;

use chartkeeper::formats::field::{EntryKind, Field};
use chartkeeper::formats::label::{Label, Whose};
use serde::Deserialize;

use crate::Result;

/// What a rule says of an element; what it leaves open, a broader rule may say.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Says {
    pub(crate) label: Option<Label>,
    pub(crate) whose: Option<Whose>,
    /// `name`: this field. `.part`: that part of the container's field. `=`: the members are parts of the
    /// container's field.
    pub(crate) field: Option<String>,
}

impl Says {
    /// This, and where it says nothing, what `other` says.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            label: self.label.or(other.label),
            whose: self.whose.or(other.whose),
            field: self.field.or(other.field),
        }
    }
}

#[derive(Deserialize)]
struct ElementRule {
    path: String,
    label: String,
    whose: String,
    field: String,
}

#[derive(Deserialize)]
struct ResourceRule {
    resource: String,
    kind: String,
    whose: String,
}

#[derive(Deserialize)]
struct ExtensionRule {
    url: String,
    path: String,
    types: String,
    label: String,
    whose: String,
    field: String,
}

/// What an extension, or a part of one, may hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extension {
    pub(crate) types: Vec<String>,
    pub(crate) says: Says,
    pub(crate) parts: BTreeMap<String, Extension>,
}

/// All rules.
pub(crate) struct Rules {
    elements: BTreeMap<String, (Says, Cell<bool>)>,
    resources: BTreeMap<String, (EntryKind, Whose, Cell<bool>)>,
    pub(crate) extensions: BTreeMap<String, Extension>,
}

impl Rules {
    /// The rules as they stand in the repository.
    pub(crate) fn reviewed() -> Result<Self> {
        let mut rules =
            Self { elements: BTreeMap::new(), resources: BTreeMap::new(), extensions: BTreeMap::new() };
        for row in read::<ElementRule>(include_str!("../../rules/fhir/elements.csv"))? {
            let says = says(&row.path, &row.label, &row.whose, &row.field)?;
            if rules.elements.insert(row.path.clone(), (says, Cell::new(false))).is_some() {
                return Err(format!("{} stands twice in elements.csv", row.path).into());
            }
        }
        for row in read::<ResourceRule>(include_str!("../../rules/fhir/resources.csv"))? {
            let kind = EntryKind::from_name(&row.kind).ok_or_else(|| unknown(&row.resource, &row.kind))?;
            let whose = Whose::from_name(&row.whose).ok_or_else(|| unknown(&row.resource, &row.whose))?;
            rules.resources.insert(row.resource, (kind, whose, Cell::new(false)));
        }
        for row in read::<ExtensionRule>(include_str!("../../rules/fhir/extensions.csv"))? {
            let mut slot = rules.extensions.entry(row.url.clone()).or_default();
            for part in row.path.split('/').filter(|part| !part.is_empty()) {
                slot = slot.parts.entry(part.to_owned()).or_default();
            }
            slot.types = row.types.split_whitespace().map(str::to_owned).collect();
            slot.says = says(&row.url, &row.label, &row.whose, &row.field)?;
        }
        Ok(rules)
    }

    /// What a resource is, and whose an element of it is.
    pub(crate) fn resource(&self, name: &str) -> Option<(EntryKind, Whose)> {
        self.resources.get(name).map(|(kind, whose, used)| {
            used.set(true);
            (*kind, *whose)
        })
    }

    /// What the rule of exactly this path says.
    pub(crate) fn at(&self, path: &str) -> Says {
        self.elements.get(path).map_or_else(Says::default, |(says, used)| {
            used.set(true);
            says.clone()
        })
    }

    /// The rules below a path, by the rest of their paths.
    pub(crate) fn below(&self, path: &str) -> Vec<(String, Says)> {
        let prefix = format!("{path}.");
        self.elements
            .range(prefix.clone()..)
            .take_while(|(path, _)| path.starts_with(&prefix))
            .map(|(path, (says, used))| {
                used.set(true);
                (path.chars().skip(prefix.chars().count()).collect(), says.clone())
            })
            .collect()
    }

    /// The paths of rules that no element of any release asked for, and resources that no release has.
    pub(crate) fn unused(&self) -> Vec<&str> {
        let elements = self.elements.iter().map(|(path, (_, used))| (path, used));
        let resources = self.resources.iter().map(|(name, (_, _, used))| (name, used));
        elements.chain(resources).filter(|(_, used)| !used.get()).map(|(path, _)| path.as_str()).collect()
    }
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(csv: &str) -> Result<Vec<T>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv.as_bytes());
    Ok(reader.deserialize().collect::<std::result::Result<_, _>>()?)
}

fn says(place: &str, label: &str, whose: &str, field: &str) -> Result<Says> {
    let known =
        field.is_empty() || field == "=" || field.starts_with('.') || Field::from_name(field).is_some();
    if !known {
        return Err(unknown(place, field).into());
    }
    Ok(Says {
        label: optional(label, Label::from_name).ok_or_else(|| unknown(place, label))?,
        whose: optional(whose, Whose::from_name).ok_or_else(|| unknown(place, whose))?,
        field: (!field.is_empty()).then(|| field.to_owned()),
    })
}

/// `Some(None)` for an empty text, `None` for one that is not known.
fn optional<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { known(text).map(Some) }
}

fn unknown(place: &str, word: &str) -> String {
    format!("{place}: {word} is not known")
}
