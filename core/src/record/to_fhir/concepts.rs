//! Coded fields of the Chart as FHIR writes them: concepts with their codings, the value of a result.

use std::collections::HashMap;

use super::json::{Json, Object};
use super::parts::Parts;
use super::values::{self, uri};
use crate::formats::Format;
use crate::formats::field::Field;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::{Coding, Entry};

impl Parts<'_> {
    pub(super) fn codings(&self, index: usize, field: Field) -> Vec<Coding> {
        let entry = self.entries.get(index);
        entry.into_iter().flat_map(Entry::codings).filter(|coding| coding.field == field).collect()
    }

    /// The outermost of some nodes that are in source order.
    pub(super) fn outermost(&self, whole: &[NodeId]) -> Vec<NodeId> {
        let mut out: Vec<NodeId> = Vec::with_capacity(whole.len());
        for node in whole {
            if out.last().is_none_or(|outer| !self.record.tree().is_within(*node, *outer)) {
                out.push(*node);
            }
        }
        out
    }

    /// The one of these outermost nodes that holds `node`, else the container of `node`.
    pub(super) fn holder(&self, outermost: &[NodeId], node: NodeId) -> NodeId {
        let tree = self.record.tree();
        let after = outermost.partition_point(|holder| *holder <= node);
        let holder = after.checked_sub(1).and_then(|last| outermost.get(last));
        let holder = holder.copied().filter(|holder| tree.is_within(node, *holder));
        holder.or_else(|| tree.parent(node)).unwrap_or(node)
    }

    /// The concepts of a field.
    pub(super) fn concepts(&mut self, index: usize, field: Field) -> Vec<Json> {
        let whole = self.all(index, field);
        let outermost = self.outermost(&whole);
        let mut groups: Vec<(NodeId, Vec<Json>, Option<Json>)> = Vec::new();
        let mut places: HashMap<NodeId, usize> = HashMap::new();
        for coding in self.codings(index, field) {
            let Some(json) = self.coding(&coding) else { continue };
            let at = self.holder(&outermost, coding.node);
            let place = *places.entry(at).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, codings, _)) => codings.push(json),
                None => groups.push((at, vec![json], None)),
            }
        }
        let text_of = Field::from_name(&format!("{}.text", field.as_str()));
        let texts = text_of.map(|text| self.all(index, text)).unwrap_or_default();
        for node in texts.into_iter().chain(whole.iter().copied()) {
            let at = self.holder(&outermost, node);
            let known = places.get(&at).copied();
            if known.and_then(|known| groups.get(known)).is_some_and(|(_, _, text)| text.is_some()) {
                continue;
            }
            let Some(text) = self.take(node).and_then(|text| values::string(&text)) else { continue };
            match known.and_then(|known| groups.get_mut(known)) {
                Some((_, _, slot)) => *slot = Some(text),
                None => {
                    places.insert(at, groups.len());
                    groups.push((at, Vec::new(), Some(text)));
                }
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
