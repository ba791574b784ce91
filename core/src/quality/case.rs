//! What the checks look at: every entry with its fields, and the people and encounters that entries belong to.

use std::collections::HashMap;

use jiff::civil::Date;

use super::moment::Moment;
use crate::codes::Codes;
use crate::formats::field::{EntryKind, Field};
use crate::formats::tree::NodeId;
use crate::record::{Entry, Record};

/// A record under examination.
pub(super) struct Case<'r> {
    pub(super) record: &'r Record,
    pub(super) codes: &'r Codes,
    pub(super) as_of: Date,
    /// Every entry, in source order.
    pub(super) entries: Vec<Facts<'r>>,
    by_node: HashMap<NodeId, usize>,
}

/// An entry and its fields in source order.
pub(super) struct Facts<'r> {
    pub(super) entry: Entry<'r>,
    pub(super) record: &'r Record,
    fields: Vec<(Field, NodeId)>,
    /// Birth and death of a person, start and end of an encounter: looked up once, because many entries ask.
    pub(super) bounds: (Option<Moment>, Option<Moment>),
}

impl<'r> Case<'r> {
    pub(super) fn of(record: &'r Record, codes: &'r Codes, as_of: Date) -> Self {
        let entries: Vec<Facts<'r>> =
            record.chart().entries().map(|entry| Facts::of(record, entry)).collect();
        let by_node = entries.iter().enumerate().map(|(at, facts)| (facts.entry.node(), at)).collect();
        Self { record, codes, as_of, entries, by_node }
    }

    /// The entry that the first reference of `field` points to, where it is here and of that kind.
    pub(super) fn referred(&self, facts: &Facts<'_>, field: Field, kind: EntryKind) -> Option<&Facts<'r>> {
        let target = match facts.first(field) {
            Some(pointer) => self.record.resolve(pointer)?,
            None => self.record.belonging(facts.entry.node(), kind)?,
        };
        self.entries.get(*self.by_node.get(&target)?).filter(|facts| facts.entry.kind() == kind)
    }

    /// The patient that an entry is about.
    pub(super) fn patient(&self, facts: &Facts<'_>) -> Option<&Facts<'r>> {
        self.referred(facts, Field::Subject, EntryKind::Person)
    }
}

impl<'r> Facts<'r> {
    fn of(record: &'r Record, entry: Entry<'r>) -> Self {
        let mut facts = Self { entry, record, fields: entry.fields().collect(), bounds: (None, None) };
        facts.bounds = match entry.kind() {
            EntryKind::Person => (facts.moment(&[Field::BirthDate]), facts.moment(&[Field::DeathDate])),
            EntryKind::Encounter => (facts.moment(&[Field::Start]), facts.moment(&[Field::End])),
            _ => (None, None),
        };
        facts
    }

    /// The moment that a leaf states.
    pub(super) fn moment_at(&self, node: NodeId) -> Option<Moment> {
        Moment::parse(&self.record.iso_date(node)?)
    }

    /// The moment of the first of the fields that states one.
    pub(super) fn moment(&self, fields: &[Field]) -> Option<Moment> {
        fields.iter().find_map(|field| self.all(*field).find_map(|node| self.moment_at(node)))
    }

    /// The nodes of a field, in source order.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = NodeId> {
        self.fields.iter().filter(move |(found, _)| *found == field).map(|(_, node)| *node)
    }

    pub(super) fn first(&self, field: Field) -> Option<NodeId> {
        self.all(field).next()
    }

    /// The nodes of any of the fields, in source order.
    pub(super) fn any_of(&self, fields: &'static [Field]) -> impl Iterator<Item = NodeId> {
        self.fields.iter().filter(|(field, _)| fields.contains(field)).map(|(_, node)| *node)
    }

    /// The nodes of any of the fields by the container that they stand in; the last of each.
    pub(super) fn by_container(&self, fields: &'static [Field]) -> HashMap<Option<NodeId>, NodeId> {
        self.any_of(fields).map(|node| (self.record.tree().parent(node), node)).collect()
    }

    /// Whether the entry says of itself that it is withdrawn, so that what it states is no statement.
    pub(super) fn is_withdrawn(&self) -> bool {
        const STATES: &[Field] = &[Field::Status, Field::StatusCode, Field::VerificationCode];
        self.says(STATES, &["entered-in-error", "cancelled"])
    }

    /// Whether the entry speaks of something that was not done, or not yet.
    pub(super) fn is_not_done(&self) -> bool {
        const NOT_YET: &[&str] =
            &["planned", "proposed", "draft", "preparation", "booked", "pending", "not-done", "not-taken"];
        self.says(&[Field::Status], NOT_YET)
    }

    fn says(&self, fields: &'static [Field], words: &[&str]) -> bool {
        self.any_of(fields).any(|node| self.record.text(node).is_some_and(|text| words.contains(&&*text)))
    }
}
