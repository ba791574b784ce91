//! Fields of the Chart with parts of their own as FHIR writes them: identifiers, names, contact points, addresses.

use std::collections::HashMap;

use super::json::{Json, Object};
use super::parts::Parts;
use super::values::{self, uri};
use crate::formats::dialect::CodingParts;
use crate::formats::field::Field;
use crate::formats::label::Label;
use crate::formats::tree::NodeId;

impl Parts<'_> {
    /// The parts of a field, one list for each of its containers.
    fn groups(&self, index: usize, field: Field) -> Vec<Vec<(Field, NodeId)>> {
        let outermost = self.outermost(&self.all(index, field));
        let prefix = format!("{}.", field.as_str());
        let mut groups: Vec<Vec<(Field, NodeId)>> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        for (part, node) in self.fields.get(index).into_iter().flatten() {
            if *part != field && !part.as_str().starts_with(&prefix) {
                continue;
            }
            let at = self.holder(&outermost, *node);
            let place = *places.entry(at).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(parts) => parts.push((*part, *node)),
                None => groups.push(vec![(*part, *node)]),
            }
        }
        groups
    }

    /// The first text of a part.
    fn part(&mut self, group: &[(Field, NodeId)], field: Field) -> Option<String> {
        group.iter().filter(|(known, _)| *known == field).find_map(|(_, node)| self.take(*node))
    }

    /// All texts of a part.
    fn part_list(&mut self, group: &[(Field, NodeId)], field: Field) -> Vec<Json> {
        let nodes = group.iter().filter(|(known, _)| *known == field);
        nodes.filter_map(|(_, node)| self.take(*node)).filter_map(|text| values::string(&text)).collect()
    }

    fn part_use(
        &mut self,
        group: &[(Field, NodeId)],
        field: Field,
        table: &'static [(&str, &str)],
    ) -> Option<&'static str> {
        let text = self.part(group, field)?;
        text.split_whitespace().find_map(|word| values::mapped(table, word))
    }

    pub(super) fn identifiers(&mut self, index: usize) -> Vec<Json> {
        let groups = self.groups(index, Field::Identifier);
        groups.into_iter().filter_map(|group| self.identifier(&group)).collect()
    }

    fn identifier(&mut self, group: &[(Field, NodeId)]) -> Option<Json> {
        let system_node =
            group.iter().find(|(field, _)| *field == Field::IdentifierSystem).map(|(_, node)| *node);
        let system = system_node.and_then(|node| {
            self.record.system_of(&CodingParts { system: Some(node), ..CodingParts::default() })
        });
        let value = self.part(group, Field::IdentifierValue).or_else(|| self.part(group, Field::Identifier));
        let mut out = Object::default();
        match (value.as_deref().and_then(values::string), system) {
            (Some(value), system) => {
                if let Some(system) = system.as_deref().and_then(uri) {
                    out.put("system", system);
                    self.used.extend(system_node);
                }
                out.put("value", value);
            }
            // A root that stands alone is the identifier, unless it is only said that there is a value.
            (None, Some(system)) if self.names_itself(system_node?) => {
                let name =
                    if system.contains(':') { system.into_owned() } else { format!("urn:uuid:{system}") };
                out.put("system", "urn:ietf:rfc:3986");
                out.put("value", name);
                self.used.extend(system_node);
            }
            (None, _) => return None,
        }
        let mut ty = Object::default();
        if let Some(code) = self.part(group, Field::IdentifierTypeCode) {
            ty.put("system", "http://terminology.hl7.org/CodeSystem/v2-0203");
            ty.put_some("code", values::code(&code));
            let mut concept = Object::default();
            concept.put("coding", vec![Json::Object(ty)]);
            out.put("type", concept);
        }
        out.some()
    }

    fn names_itself(&self, system: NodeId) -> bool {
        !matches!(self.record.tree().node(system).label(), Label::Url | Label::CodeSystem | Label::Technical)
    }

    pub(super) fn names(&mut self, index: usize) -> Vec<Json> {
        let groups = self.groups(index, Field::Name);
        groups
            .into_iter()
            .filter_map(|group| {
                let mut out = Object::default();
                let text = self.part(&group, Field::NameText).or_else(|| self.part(&group, Field::Name));
                out.put_some("text", text.as_deref().and_then(values::string));
                let family = self.part_list(&group, Field::NameFamily);
                let one = family
                    .into_iter()
                    .filter_map(|json| if let Json::Text(text) = json { Some(text) } else { None });
                let family = one.collect::<Vec<_>>().join(" ");
                out.put_some("family", values::string(&family));
                out.put_list("given", self.part_list(&group, Field::NameGiven));
                out.put_list("prefix", self.part_list(&group, Field::NamePrefix));
                out.put_list("suffix", self.part_list(&group, Field::NameSuffix));
                if !out.is_empty() {
                    out.put_some("use", self.part_use(&group, Field::NameUse, values::NAME_USES));
                }
                out.some()
            })
            .collect()
    }

    pub(super) fn telecoms(&mut self, index: usize) -> Vec<Json> {
        let groups = self.groups(index, Field::Telecom);
        groups
            .into_iter()
            .filter_map(|group| {
                let value_node = group
                    .iter()
                    .filter(|(field, _)| matches!(field, Field::TelecomValue | Field::Telecom))
                    .find(|(_, node)| self.record.text(*node).is_some_and(|text| !text.trim().is_empty()))
                    .map(|(_, node)| *node)?;
                let value = self.take(value_node)?;
                let label = match self.record.tree().node(value_node).label() {
                    Label::Phone => Some("phone"),
                    Label::Fax => Some("fax"),
                    Label::Email => Some("email"),
                    Label::Url => Some("url"),
                    _ => None,
                };
                let scheme = value.split_once(':').and_then(|(scheme, rest)| {
                    values::mapped(values::SCHEMES, scheme.trim()).map(|known| (known, rest.trim()))
                });
                let stated = self.part(&group, Field::TelecomSystem);
                let stated = stated.and_then(|text| values::mapped(values::SCHEMES, &text));
                let number = match scheme {
                    Some((known, rest)) if known != "url" => rest,
                    _ => value.as_str(),
                };
                let mut out = Object::default();
                out.put("system", stated.or(scheme.map(|(known, _)| known)).or(label).unwrap_or("other"));
                out.put_some("value", values::string(number));
                out.put_some("use", self.part_use(&group, Field::TelecomUse, values::USES));
                out.has("value").then_some(Json::Object(out))
            })
            .collect()
    }

    pub(super) fn addresses(&mut self, index: usize) -> Vec<Json> {
        let groups = self.groups(index, Field::Address);
        groups
            .into_iter()
            .filter_map(|group| {
                let mut out = Object::default();
                let text =
                    self.part(&group, Field::AddressText).or_else(|| self.part(&group, Field::Address));
                out.put_some("text", text.as_deref().and_then(values::string));
                out.put_list("line", self.part_list(&group, Field::AddressLine));
                for (name, field) in [
                    ("city", Field::AddressCity),
                    ("district", Field::AddressDistrict),
                    ("state", Field::AddressState),
                    ("postalCode", Field::AddressPostalCode),
                    ("country", Field::AddressCountry),
                ] {
                    out.put_some(name, self.part(&group, field).as_deref().and_then(values::string));
                }
                if !out.is_empty() {
                    let kept = self.part_use(&group, Field::AddressUse, values::USES);
                    out.put_some("use", kept.filter(|kept| *kept != "mobile"));
                }
                out.some()
            })
            .collect()
    }
}
