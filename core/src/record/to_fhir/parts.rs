//! What the Chart says of an entry, read as the parts that FHIR builds resources of: identifiers, names, addresses,
//! contact points, concepts, dates, references. Whatever is read is remembered as taken.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::json::{Json, Object};
use super::{resources, values};
use crate::formats::Format;
use crate::formats::dialect::CodingParts;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::{Coding, Entry, Record};

/// The `urn:uuid:` of the entry at `index` of the source with that fingerprint: the same source gives the same.
pub(super) fn uuid(digest: &str, index: usize) -> String {
    let hash = Sha256::digest(format!("{digest}/{index}"));
    let mut bytes: Vec<u8> = hash.iter().copied().take(16).collect();
    // RFC 9562, version 8 (made by the application), variant 1.
    if let Some(byte) = bytes.get_mut(6) {
        *byte = (*byte & 0x0f) | 0x80;
    }
    if let Some(byte) = bytes.get_mut(8) {
        *byte = (*byte & 0x3f) | 0x80;
    }
    let mut out = String::from("urn:uuid:");
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// Fields that point to another entry.
const POINTERS: &[Field] = &[
    Field::Author,
    Field::BasedOn,
    Field::CodeReference,
    Field::Custodian,
    Field::Device,
    Field::DiagnosisReference,
    Field::Encounter,
    Field::Insurance,
    Field::ItemReference,
    Field::Location,
    Field::PartOf,
    Field::Participant,
    Field::Payor,
    Field::Performer,
    Field::ReasonReference,
    Field::Requester,
    Field::Specimen,
    Field::Target,
];

/// The entries of a record and what was taken of them.
pub(super) struct Parts<'r> {
    pub(super) record: &'r Record,
    pub(super) entries: Vec<Entry<'r>>,
    fields: Vec<Vec<(Field, NodeId)>>,
    emitted: Vec<bool>,
    digest: String,
    pub(super) used: HashSet<NodeId>,
    /// Entries that become no resource, and why.
    pub(super) refused: Vec<(NodeId, &'static str)>,
}

impl<'r> Parts<'r> {
    pub(super) fn of(record: &'r Record, digest: &str) -> Self {
        let entries: Vec<Entry<'r>> = record.chart().entries().collect();
        let fields: Vec<Vec<_>> = entries.iter().map(|entry| entry.fields().collect()).collect();
        let (mut emitted, mut refused) = (Vec::new(), Vec::new());
        for (entry, fields) in entries.iter().zip(&fields) {
            let says = |(_, node): &(Field, NodeId)| {
                record.tree().node(*node).label() != Label::Technical
                    && record.text(*node).is_some_and(|text| !text.trim().is_empty())
            };
            let content = fields.iter().any(says);
            let negated = fields.iter().any(|(field, node)| {
                *field == Field::NotDone
                    && record.text(*node).is_some_and(|text| matches!(&*text, "true" | "Y"))
            });
            let why = match (resources::of(entry.kind()), negated) {
                (None, _) if entry.kind() == EntryKind::Bundle => None,
                (None, _) => Some("no_resource"),
                (Some(_), true) if !resources::can_deny(entry.kind()) => Some("negation"),
                _ => None,
            };
            emitted.push(content && why.is_none() && resources::of(entry.kind()).is_some());
            refused.extend(why.filter(|_| content).map(|why| (entry.node(), why)));
        }
        Self { record, entries, fields, emitted, digest: digest.to_owned(), used: HashSet::new(), refused }
    }

    pub(super) fn is_emitted(&self, index: usize) -> bool {
        self.emitted.get(index).copied().unwrap_or_default()
    }

    pub(super) fn url(&self, index: usize) -> Option<String> {
        self.is_emitted(index).then(|| uuid(&self.digest, index))
    }

    /// The nodes of a field of an entry.
    fn all(&self, index: usize, field: Field) -> Vec<NodeId> {
        let fields = self.fields.get(index).map(Vec::as_slice).unwrap_or_default();
        fields.iter().filter(|(known, _)| *known == field).map(|(_, node)| *node).collect()
    }

    /// The text of a leaf, where it has one; it is taken.
    fn take(&mut self, node: NodeId) -> Option<String> {
        let text = self.record.text(node).filter(|text| !text.trim().is_empty())?;
        self.used.insert(node);
        Some(text.into_owned())
    }

    /// The first text of a field.
    pub(super) fn text(&mut self, index: usize, field: Field) -> Option<String> {
        self.all(index, field).into_iter().find_map(|node| self.take(node))
    }

    /// The first text of a field as a string of FHIR.
    pub(super) fn string(&mut self, index: usize, field: Field) -> Option<Json> {
        values::string(&self.text(index, field)?)
    }

    /// The first truth value of a field.
    pub(super) fn flag(&mut self, index: usize, field: Field) -> Option<bool> {
        match self.text(index, field)?.as_str() {
            "true" | "Y" => Some(true),
            "false" | "N" => Some(false),
            _ => None,
        }
    }

    /// The first date of a field; `day` where FHIR wants no time. A time that FHIR could not hold is not taken.
    pub(super) fn date(&mut self, index: usize, field: Field, day: bool) -> Option<String> {
        for node in self.all(index, field) {
            let found = self.record.iso_date(node);
            let read = found.and_then(|iso| if day { values::date(&iso) } else { values::date_time(&iso) });
            if let Some((date, cut)) = read {
                if !cut {
                    self.used.insert(node);
                }
                return Some(date);
            }
        }
        None
    }

    /// `start` and `end`.
    pub(super) fn period(&mut self, index: usize, start: Field, end: Field) -> Option<Json> {
        let mut out = Object::default();
        out.put_some("start", self.date(index, start, false));
        out.put_some("end", self.date(index, end, false));
        out.some()
    }

    /// What the first code of a field that `table` knows is there; of a leaf, its text.
    pub(super) fn mapped(
        &mut self,
        index: usize,
        field: Field,
        table: &'static [(&str, &str)],
    ) -> Option<&'static str> {
        let coded = self.codings(index, field).into_iter().filter_map(|coding| coding.code);
        for node in coded.chain(self.all(index, field)) {
            let known = self.record.text(node).and_then(|text| values::mapped(table, text.trim()));
            if known.is_some() {
                self.used.insert(node);
                return known;
            }
        }
        None
    }

    /// All texts of a field, one a line.
    pub(super) fn texts(&mut self, index: usize, field: Field) -> Option<String> {
        let all: Vec<String> =
            self.all(index, field).into_iter().filter_map(|node| self.take(node)).collect();
        (!all.is_empty()).then(|| all.join("\n"))
    }

    /// The first moment of a field that is told to the second, with its offset.
    pub(super) fn instant(&mut self, index: usize, field: Field) -> Option<String> {
        self.all(index, field).into_iter().find_map(|node| {
            let (moment, cut) = values::date_time(&self.record.iso_date(node)?)?;
            let whole = !cut && moment.contains('T');
            whole.then(|| self.used.insert(node));
            whole.then_some(moment)
        })
    }

    /// The results that stand inside a report, and those that it points to.
    pub(super) fn results_inside(&mut self, index: usize) -> Vec<Json> {
        let tree = self.record.tree();
        let Some(report) = self.entries.get(index).map(Entry::node) else { return Vec::new() };
        let mut out = Vec::new();
        for (at, entry) in self.entries.iter().enumerate().skip(index + 1) {
            if !tree.is_within(entry.node(), report) {
                break;
            }
            if entry.kind() == EntryKind::Result
                && let Some(url) = self.url(at)
            {
                let mut reference = Object::default();
                reference.put("reference", url);
                out.push(reference.into());
            }
        }
        out.extend(self.references(index, Field::ResultReference, &[EntryKind::Result]));
        out
    }

    fn codings(&self, index: usize, field: Field) -> Vec<Coding> {
        let entry = self.entries.get(index);
        entry.into_iter().flat_map(Entry::codings).filter(|coding| coding.field == field).collect()
    }

    /// The outermost node of a field that holds `node`, else the container of `node`.
    fn outermost(&self, whole: &[NodeId], node: NodeId) -> NodeId {
        let tree = self.record.tree();
        let holder = whole.iter().find(|holder| tree.is_within(node, **holder));
        holder.copied().or_else(|| tree.parent(node)).unwrap_or(node)
    }

    /// The concepts of a field.
    pub(super) fn concepts(&mut self, index: usize, field: Field) -> Vec<Json> {
        let whole = self.all(index, field);
        let mut groups: Vec<(NodeId, Vec<Json>, Option<Json>)> = Vec::new();
        for coding in self.codings(index, field) {
            let Some(json) = self.coding(&coding) else { continue };
            let at = self.outermost(&whole, coding.node);
            match groups.iter_mut().find(|(known, ..)| *known == at) {
                Some((_, codings, _)) => codings.push(json),
                None => groups.push((at, vec![json], None)),
            }
        }
        let text_of = Field::from_name(&format!("{}.text", field.as_str()));
        let texts = text_of.map(|text| self.all(index, text)).unwrap_or_default();
        for node in texts.into_iter().chain(whole.iter().copied()) {
            let at = self.outermost(&whole, node);
            let known = groups.iter().position(|(known, ..)| *known == at);
            if known.and_then(|known| groups.get(known)).is_some_and(|(_, _, text)| text.is_some()) {
                continue;
            }
            let Some(text) = self.take(node).and_then(|text| values::string(&text)) else { continue };
            match known.and_then(|known| groups.get_mut(known)) {
                Some((_, _, slot)) => *slot = Some(text),
                None => groups.push((at, Vec::new(), Some(text))),
            }
        }
        groups.sort_by_key(|(at, ..)| *at);
        let concept = |(_, codings, text): (NodeId, Vec<Json>, Option<Json>)| {
            let mut out = Object::default();
            out.put_list("coding", codings);
            out.put_some("text", text);
            out.some()
        };
        groups.into_iter().filter_map(concept).collect()
    }

    /// The first concept of a field.
    pub(super) fn concept(&mut self, index: usize, field: Field) -> Option<Json> {
        self.concepts(index, field).into_iter().next()
    }

    fn coding(&mut self, coding: &Coding) -> Option<Json> {
        let mut out = Object::default();
        let code = coding.code.and_then(|node| self.take(node)).and_then(|text| values::code(&text));
        let parts =
            coding.code.or(coding.system).map(|node| self.record.coding_parts(node)).unwrap_or_default();
        if code.is_some()
            && let Some(system) = self.record.system_of(&parts)
            && let Some(system) = uri(&system)
        {
            out.put("system", system);
            self.used.extend(coding.system);
        }
        if code.is_some() {
            out.put_some("version", coding.version.and_then(|node| self.take(node)));
        }
        out.put_some("code", code);
        out.put_some(
            "display",
            coding.display.and_then(|node| self.take(node)).and_then(|text| values::string(&text)),
        );
        out.some()
    }

    /// The parts of a field, one list for each of its containers.
    fn groups(&self, index: usize, field: Field) -> Vec<Vec<(Field, NodeId)>> {
        let whole: Vec<NodeId> = self.all(index, field);
        let prefix = format!("{}.", field.as_str());
        let mut groups: Vec<(NodeId, Vec<(Field, NodeId)>)> = Vec::new();
        for (part, node) in self.fields.get(index).into_iter().flatten() {
            if *part != field && !part.as_str().starts_with(&prefix) {
                continue;
            }
            let at = self.outermost(&whole, *node);
            match groups.iter_mut().find(|(known, _)| *known == at) {
                Some((_, parts)) => parts.push((*part, *node)),
                None => groups.push((at, vec![(*part, *node)])),
            }
        }
        groups.into_iter().map(|(_, parts)| parts).collect()
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

    /// References of a field to entries of these kinds; to what is no entry, by its name.
    pub(super) fn references(&mut self, index: usize, field: Field, kinds: &[EntryKind]) -> Vec<Json> {
        let mut out = Vec::new();
        for node in self.all(index, field) {
            let target = self.record.resolve(node);
            let found =
                target.and_then(|target| self.entries.iter().position(|entry| entry.node() == target));
            let mut reference = Object::default();
            if let Some(url) = found.and_then(|found| self.url(found)) {
                let kind = found.and_then(|found| self.entries.get(found)).map(Entry::kind);
                if kind.is_some_and(|kind| kinds.contains(&kind)) {
                    reference.put("reference", url);
                    self.used.insert(node);
                }
            } else if target.is_none() {
                reference.put_some("display", self.display(node).as_deref().and_then(values::string));
            }
            out.extend(reference.some());
        }
        out
    }

    /// Pointers from entries that were written to entries that were written, which no resource was given.
    pub(super) fn links_left(&self) -> Vec<NodeId> {
        let mut out = Vec::new();
        for (index, fields) in self.fields.iter().enumerate().filter(|(index, _)| self.is_emitted(*index)) {
            for (field, node) in fields {
                if !POINTERS.contains(field) {
                    continue;
                }
                let pointed = || self.record.resolve(*node).filter(|target| *target != *node);
                if self.used.contains(node) || self.record.tree().node(*node).kind() != Kind::Object {
                    continue;
                }
                let target =
                    pointed().and_then(|at| self.entries.iter().position(|entry| entry.node() == at));
                if target.is_some_and(|target| target != index && self.is_emitted(target)) {
                    out.push(*node);
                }
            }
        }
        out
    }

    /// The names inside of a container that is no entry of its own.
    fn display(&mut self, node: NodeId) -> Option<String> {
        let tree = self.record.tree();
        let named = |id: &NodeId| {
            matches!(
                tree.node(*id).label(),
                Label::Name | Label::OrganisationName | Label::PlaceName | Label::ReferenceText
            )
        };
        let leaves: Vec<NodeId> = std::iter::once(node).chain(tree.descendants(node)).filter(named).collect();
        let texts: Vec<String> = leaves.into_iter().filter_map(|id| self.take(id)).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }

    /// A reference to the person whom an entry is about: the last one before it in the source, else the first.
    pub(super) fn person(&self, index: usize) -> Json {
        let is_person = |at: &usize| {
            self.is_emitted(*at)
                && self.entries.get(*at).is_some_and(|entry| entry.kind() == EntryKind::Person)
        };
        let found = (0..=index).rev().find(is_person).or_else(|| (index..self.entries.len()).find(is_person));
        match found.and_then(|found| self.url(found)) {
            Some(url) => {
                let mut out = Object::default();
                out.put("reference", url);
                out.into()
            }
            None => values::absent("unknown").into(),
        }
    }

    /// The value of a result, under the name that its type has in FHIR.
    pub(super) fn value(&mut self, index: usize) -> Option<(&'static str, Json)> {
        if let Some(text) = self.text(index, Field::ValueNumber) {
            let Some(number) = values::number(&text) else {
                return values::string(&text).map(|text| ("valueString", text));
            };
            let mut out = Object::default();
            out.put("value", number);
            let comparator = self.text(index, Field::ValueComparator);
            let known = comparator.filter(|text| matches!(text.as_str(), "<" | "<=" | ">=" | ">"));
            out.put_some("comparator", known);
            let unit = self.text(index, Field::ValueUnit);
            let coded = self.codings(index, Field::Value).into_iter().find(|coding| coding.code.is_some());
            out.put_some("unit", unit.as_deref().and_then(values::string));
            let code = coded.as_ref().and_then(|coding| coding.code).and_then(|node| self.take(node));
            match (code, coded) {
                (Some(code), Some(coding)) => {
                    let parts = coding.code.map(|node| self.record.coding_parts(node)).unwrap_or_default();
                    if let Some(system) = self.record.system_of(&parts).as_deref().and_then(uri) {
                        self.used.extend(coding.system);
                        out.put("system", system);
                        out.put_some("code", values::code(&code));
                    }
                }
                _ => {
                    if let Some(code) = unit
                        .as_deref()
                        .filter(|_| self.record.format() == Format::Ccda)
                        .and_then(values::code)
                    {
                        out.put("system", "http://unitsofmeasure.org");
                        out.put("code", code);
                    }
                }
            }
            return Some(("valueQuantity", out.into()));
        }
        if !self.codings(index, Field::Value).is_empty() {
            return self.concept(index, Field::Value).map(|concept| ("valueCodeableConcept", concept));
        }
        let nodes = self.all(index, Field::Value).into_iter().chain(self.all(index, Field::ValueText));
        for node in nodes.collect::<Vec<_>>() {
            let (kind, label) = (self.record.tree().node(node).kind(), self.record.tree().node(node).label());
            let Some(text) = self.take(node) else { continue };
            return match kind {
                Kind::Flag => Some(("valueBoolean", Json::Raw(text.into_bytes()))),
                Kind::Number if text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() < 10 => {
                    values::number(&text).map(|number| ("valueInteger", number))
                }
                _ if label == Label::Date => {
                    let iso = self.record.iso_date(node)?;
                    values::date_time(&iso).map(|(date, _)| ("valueDateTime", date.into()))
                }
                _ => values::string(&text).map(|text| ("valueString", text)),
            };
        }
        None
    }
}

/// A `uri` of FHIR holds no white space.
fn uri(text: &str) -> Option<Json> {
    (!text.is_empty() && !text.contains(char::is_whitespace)).then(|| text.into())
}
