//! Whose patient a part of a record is: what makes the same person the same in every format, file and run.
//!
//! The key of a patient is, in this order: what the caller names; else, as the policy says, an identifier of the
//! patient's entry (of the namespaces that the policy lists, the medical record number, the first one) or the id of
//! that entry. Where a record holds several patients, each entry counts by its own subject; what belongs to
//! none of them has no key, and what needs one is removed there.

use std::collections::HashMap;

use super::policy::PatientKey;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::{Label, Whose};
use crate::formats::tree::NodeId;
use crate::record::{Entry, Record};

/// The patients of a record.
pub(super) struct People {
    /// Their keys.
    keys: Vec<String>,
    /// With several patients: the entries with the patient of each, in source order.
    entries: Vec<(NodeId, NodeId, Option<usize>)>,
    /// Several patients: an entry of none has none.
    several: bool,
}

impl People {
    pub(super) fn of(record: &Record, named: Option<&str>, key: &PatientKey) -> Self {
        if let Some(named) = named {
            return Self { keys: vec![named.to_owned()], entries: Vec::new(), several: false };
        }
        let chart = record.chart();
        let mut keys: Vec<String> = Vec::new();
        let mut by_node = HashMap::new();
        let mut unknown = false;
        for person in chart.of(EntryKind::Person).filter(|person| !person.is_contained()) {
            match key_of(record, &person, key) {
                Some(text) => {
                    let at = keys.iter().position(|known| *known == text).unwrap_or_else(|| {
                        keys.push(text);
                        keys.len() - 1
                    });
                    by_node.insert(person.node(), at);
                }
                None => unknown = true,
            }
        }
        if keys.is_empty() && !unknown && !key.by_entry && key.systems.is_empty() {
            // Rows that repeat their patient: nothing points at a patient, so each counts by the number in it.
            let pointed = chart.entries().any(|entry| entry.all(Field::Subject).next().is_some());
            for row in chart.entries().filter(|row| !pointed && !row.is_contained()) {
                match medical_number(record, &row) {
                    Some(text) => {
                        let at = keys.iter().position(|known| *known == text).unwrap_or_else(|| {
                            keys.push(text);
                            keys.len() - 1
                        });
                        by_node.insert(row.node(), at);
                    }
                    None => unknown = true,
                }
            }
            unknown &= !keys.is_empty();
        }
        if keys.is_empty() && !unknown && key.by_entry {
            return Self::by_subject(record);
        }
        if keys.len() <= 1 && !unknown {
            return Self { keys, entries: Vec::new(), several: false };
        }
        let entries = chart.entries().map(|entry| {
            let own = by_node.get(&entry.node()).copied();
            let subject = || {
                let target = entry.all(Field::Subject).find_map(|subject| record.resolve(subject))?;
                by_node.get(&target).copied()
            };
            (entry.node(), record.tree().next(entry.node()), own.or_else(subject))
        });
        Self { keys, entries: entries.collect(), several: true }
    }

    /// A record without its patient, such as a line of a bulk export: each entry counts by the id that its subject
    /// points to.
    fn by_subject(record: &Record) -> Self {
        let mut keys: Vec<String> = Vec::new();
        let mut entries = Vec::new();
        for entry in record.chart().entries() {
            let subject = entry.all(Field::Subject).find_map(|subject| pointed_id(record, subject));
            let at = subject.map(|id| {
                keys.iter().position(|known| *known == id).unwrap_or_else(|| {
                    keys.push(id);
                    keys.len() - 1
                })
            });
            entries.push((entry.node(), record.tree().next(entry.node()), at));
        }
        if keys.len() == 1 {
            Self { keys, entries: Vec::new(), several: false }
        } else {
            Self { keys, entries, several: true }
        }
    }

    /// The keys of a record's patients by the ids of their entries.
    pub(super) fn directory(record: &Record, key: &PatientKey) -> Vec<(String, String)> {
        let people = record.chart().of(EntryKind::Person).filter(|person| !person.is_contained());
        people.filter_map(|person| Some((person.id()?.into_owned(), key_of(record, &person, key)?))).collect()
    }

    /// The id of the one patient of a record: of its own entry, else the one that all subjects point to.
    pub(super) fn subject_of_record(record: &Record) -> Option<String> {
        let chart = record.chart();
        let mut people = chart.of(EntryKind::Person).filter(|person| !person.is_contained());
        if let Some(person) = people.next() {
            return people.next().is_none().then(|| person.id().map(|id| id.into_owned())).flatten();
        }
        let subjects = chart.entries().flat_map(|entry| entry.all(Field::Subject));
        let mut ids = subjects.filter_map(|subject| pointed_id(record, subject));
        let first = ids.next()?;
        ids.all(|id| id == first).then_some(first)
    }

    /// Whether each entry counts by its own subject.
    pub(super) fn are_several(&self) -> bool {
        self.several
    }

    /// The keys of the patients, each once.
    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The patient whose part of the record a node is, as an index of [`People::keys`].
    pub(super) fn at(&self, node: NodeId) -> Option<usize> {
        if !self.several {
            return (!self.keys.is_empty()).then_some(0);
        }
        let after = self.entries.partition_point(|(start, ..)| *start <= node);
        // The innermost entry that has a patient: what an entry contains is its patient's.
        let around = self.entries.get(..after)?.iter().rev().filter(|(_, end, _)| node < *end);
        around.filter_map(|(.., patient)| *patient).next()
    }
}

/// The key of a patient's entry.
fn key_of(record: &Record, person: &Entry<'_>, key: &PatientKey) -> Option<String> {
    let tree = record.tree();
    let text =
        |node: NodeId| record.text(node).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if key.by_entry {
        return person.id().map(|id| id.into_owned()).filter(|id| !id.is_empty());
    }
    if !key.systems.is_empty() {
        let fields: Vec<(Field, NodeId)> = person.fields().collect();
        return key.systems.iter().find_map(|system| {
            let named = fields.iter().filter(|(field, _)| *field == Field::IdentifierSystem);
            let mut holders = named
                .filter(|(_, node)| record.text(*node).as_deref() == Some(system.as_str()))
                .filter_map(|(_, node)| tree.parent(*node));
            holders.find_map(|holder| {
                let inside = |(field, node): &&(Field, NodeId)| {
                    *field == Field::IdentifierValue && tree.is_within(*node, holder)
                };
                fields.iter().find(inside).and_then(|(_, node)| text(*node))
            })
        });
    }
    let numbers = || person.all(Field::IdentifierValue);
    let medical = numbers().find(|node| tree.node(*node).label() == Label::MedicalRecord);
    medical.or_else(|| numbers().next()).and_then(text).or_else(|| person.id().map(|id| id.into_owned()))
}

/// The patient's medical record number in an entry.
fn medical_number(record: &Record, entry: &Entry<'_>) -> Option<String> {
    let own = entry.all(Field::IdentifierValue).find(|node| {
        let node = record.tree().node(*node);
        node.label() == Label::MedicalRecord && node.whose() == Whose::Patient
    });
    let text = own.and_then(|node| record.text(node))?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The id that a reference ends in.
fn pointed_id(record: &Record, reference: NodeId) -> Option<String> {
    let tree = record.tree();
    let node = std::iter::once(reference)
        .chain(tree.descendants(reference))
        .find(|node| tree.node(*node).label() == Label::Reference && record.text(*node).is_some())?;
    let text = record.text(node)?;
    let path = text.split("/_history/").next().unwrap_or_default();
    let id = path.rsplit(['/', ':']).next().unwrap_or_default();
    (!id.is_empty() && !id.contains(['?', '#'])).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str, key: &PatientKey) -> Vec<String> {
        let record = Record::parse(source, None).unwrap();
        People::of(&record, None, key).keys
    }

    const PERSON: &str = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"http://a.example","value":"A1"},{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"http://b.example","value":" B2 "}]}"#;

    #[test]
    fn the_key_of_a_patient_is_what_the_policy_says() {
        let by = |systems: &[&str]| PatientKey {
            by_entry: false,
            systems: systems.iter().map(|s| (*s).to_owned()).collect(),
        };
        assert_eq!(keys(PERSON, &by(&[])), ["B2"]);
        assert_eq!(keys(PERSON, &by(&["http://a.example"])), ["A1"]);
        assert_eq!(keys(PERSON, &by(&["http://c.example", "http://b.example"])), ["B2"]);
        assert!(keys(PERSON, &by(&["http://c.example"])).is_empty());
        assert_eq!(keys(PERSON, &PatientKey { by_entry: true, systems: Vec::new() }), ["p1"]);
        let line = r#"{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/p1"}}"#;
        assert_eq!(keys(line, &PatientKey { by_entry: true, systems: Vec::new() }), ["p1"]);
        assert!(keys(line, &by(&[])).is_empty());
    }

    #[test]
    fn of_several_patients_each_entry_counts_by_its_own() {
        let source = r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"resource":{"resourceType":"Patient","id":"a"}},
            {"resource":{"resourceType":"Patient","id":"b"}},
            {"resource":{"resourceType":"Observation","subject":{"reference":"Patient/b"},"issued":"2020-01-01T00:00:00Z"}},
            {"resource":{"resourceType":"Organization","id":"c"}}]}"#;
        let record = Record::parse(source, None).unwrap();
        let people = People::of(&record, None, &PatientKey::default());
        assert_eq!(people.keys(), ["a", "b"]);
        let at = |path: &str| people.at(record.locate(path).unwrap());
        assert_eq!(at("Bundle.entry[0].resource.id"), Some(0));
        assert_eq!(at("Bundle.entry[1].resource.id"), Some(1));
        assert_eq!(at("Bundle.entry[2].resource.issued"), Some(1));
        assert_eq!(at("Bundle.entry[3].resource.id"), None);
        assert_eq!(at("Bundle.type"), None);
    }
}
