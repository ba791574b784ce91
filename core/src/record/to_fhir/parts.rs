//! What the Chart says of an entry, read as the parts that FHIR builds resources of: texts, dates, references.
//! Whatever is read is remembered as taken.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::json::{Json, Object};
use super::{resources, values};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::{Entry, Record};

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
    pub(super) fields: Vec<Vec<(Field, NodeId)>>,
    emitted: Vec<bool>,
    /// Where the people are among the entries that are written.
    people: Vec<usize>,
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
        let written = entries.iter().zip(&emitted).enumerate().filter(|(_, (_, emitted))| **emitted);
        let people = written.filter(|(_, (entry, _))| entry.kind() == EntryKind::Person).map(|(at, _)| at);
        let (people, digest, used) = (people.collect(), digest.to_owned(), HashSet::new());
        Self { record, entries, fields, emitted, people, digest, used, refused }
    }

    /// The place of an entry among the entries.
    fn place_of(&self, node: NodeId) -> Option<usize> {
        self.entries.binary_search_by_key(&node, Entry::node).ok()
    }

    pub(super) fn is_emitted(&self, index: usize) -> bool {
        self.emitted.get(index).copied().unwrap_or_default()
    }

    pub(super) fn url(&self, index: usize) -> Option<String> {
        self.is_emitted(index).then(|| uuid(&self.digest, index))
    }

    /// The nodes of a field of an entry.
    pub(super) fn all(&self, index: usize, field: Field) -> Vec<NodeId> {
        let fields = self.fields.get(index).map(Vec::as_slice).unwrap_or_default();
        fields.iter().filter(|(known, _)| *known == field).map(|(_, node)| *node).collect()
    }

    /// The text of a leaf, where it has one; it is taken.
    pub(super) fn take(&mut self, node: NodeId) -> Option<String> {
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

    /// References of a field to entries of these kinds; to what is no entry, by its name.
    pub(super) fn references(&mut self, index: usize, field: Field, kinds: &[EntryKind]) -> Vec<Json> {
        let mut out = Vec::new();
        for node in self.all(index, field) {
            let target = self.record.resolve(node);
            let found = target.and_then(|target| self.place_of(target));
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
                let target = pointed().and_then(|at| self.place_of(at));
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
        let after = self.people.partition_point(|person| *person <= index);
        let found =
            after.checked_sub(1).and_then(|last| self.people.get(last)).or_else(|| self.people.first());
        match found.and_then(|found| self.url(*found)) {
            Some(url) => {
                let mut out = Object::default();
                out.put("reference", url);
                out.into()
            }
            None => values::absent("unknown").into(),
        }
    }
}
