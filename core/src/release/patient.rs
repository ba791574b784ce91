//! Whose record it is: one patient, and the one that the request names.

use super::derive::same_name;
use super::request::PatientSought;
use super::tri::Tri;
use crate::formats::field::{EntryKind, Field};
use crate::formats::tree::{Kind, NodeId};
use crate::record::{Entry, Record};
use crate::text::{PartialDate, Precision};

/// The patient of a record.
pub(super) struct Patient<'r> {
    record: &'r Record,
    /// The patients' own entries; those that other entries contain count only where there is none else.
    people: Vec<Entry<'r>>,
    /// What the entries say of whom they are about, where no entry of a patient is there: the text of the pointer.
    only_subject: Option<NodeId>,
    subjects_differ: bool,
}

impl<'r> Patient<'r> {
    pub(super) fn of(record: &'r Record) -> Self {
        let chart = record.chart();
        let mut people: Vec<Entry<'r>> =
            chart.of(EntryKind::Person).filter(|entry| !entry.is_contained()).collect();
        if people.is_empty() {
            people = chart.of(EntryKind::Person).collect();
        }
        // Messages repeat their patient; entries that state one number and birth date are of one person.
        if let Some(first) = people.first().copied() {
            people.retain(|other| other.node() == first.node() || !record.is_same_person(&first, other));
        }
        let mut out = Self { record, people, only_subject: None, subjects_differ: false };
        if out.people.is_empty() {
            for node in chart.entries().filter_map(|entry| entry.first(Field::Subject)) {
                match out.only_subject {
                    None => out.only_subject = Some(node),
                    Some(known) => out.subjects_differ |= record.raw(known) != record.raw(node),
                }
            }
        }
        out
    }

    /// Whether the record is that of one patient.
    pub(super) fn is_one(&self) -> Tri {
        match (self.people.len(), self.only_subject) {
            (0, None) => Tri::Unknown,
            (0, Some(_)) => (!self.subjects_differ).into(),
            (number, _) => (number == 1).into(),
        }
    }

    /// Whether an entry is about this patient. An entry that points to nobody is: it stands in their record.
    pub(super) fn is_subject_of(&self, entry: &Entry<'_>, last: &mut Option<(Vec<u8>, Tri)>) -> Tri {
        let subject = entry.member(Field::Subject).or_else(|| entry.first(Field::Subject));
        let Some(subject) = subject else {
            return if entry.kind() == EntryKind::Unrecognised { Tri::Unknown } else { Tri::True };
        };
        let raw = self.record.raw(subject);
        // Most entries of a record point to the same patient in the same words; `#` means another in each entry.
        if let Some((words, known)) = last
            && words == raw
        {
            return *known;
        }
        let found = self.points_to_patient(subject);
        if !raw.contains(&b'#') {
            *last = Some((raw.to_vec(), found));
        }
        found
    }

    fn points_to_patient(&self, subject: NodeId) -> Tri {
        match (self.people.first(), self.record.resolve(subject)) {
            (Some(person), Some(target)) if person.node() == target => Tri::True,
            (_, Some(target)) => {
                let other = self.record.chart().holding(target).map(|entry| entry.kind());
                // A group, a device or a place can stand for the patient; another person cannot.
                if other == Some(EntryKind::Person) { Tri::False } else { Tri::Unknown }
            }
            (Some(_), None) => Tri::Unknown,
            (None, None) => (!self.subjects_differ).into(),
        }
    }

    /// Whether the patient is the one that the request names: by an identifier, or by name and date of birth.
    /// Everything that the request states must agree.
    pub(super) fn is(&self, sought: Option<&PatientSought>) -> Tri {
        let (Some(sought), Some(person)) = (sought, self.people.first()) else { return Tri::Unknown };
        let by_identifier = sought.identifier.as_ref().map(|wanted| self.has_identifier(person, wanted));
        let family = sought.family.as_deref().map(|name| self.has_name(person, Field::NameFamily, name));
        let given = sought.given.as_deref().map(|name| self.has_name(person, Field::NameGiven, name));
        let born = sought.birth_date.map(|day| self.was_born(person, day.0));
        let agree = [by_identifier, family, given, born].into_iter().flatten().fold(Tri::True, Tri::and);
        let enough = by_identifier.is_some() || (family.is_some() && given.is_some() && born.is_some());
        agree.and(if enough { Tri::True } else { Tri::Unknown })
    }

    fn has_identifier(&self, person: &Entry<'_>, wanted: &super::request::PatientIdentifier) -> Tri {
        let tree = self.record.tree();
        let mut any = false;
        for value in person.all(Field::IdentifierValue) {
            let holder = tree.parent(value);
            let system = person.all(Field::IdentifierSystem).find(|node| tree.parent(*node) == holder);
            let system = system.and_then(|node| self.record.text(node));
            let same_system = wanted.system.is_none() || wanted.system.as_deref() == system.as_deref();
            any |= same_system;
            if same_system && self.record.text(value).is_some_and(|text| text.trim() == wanted.value.trim()) {
                return Tri::True;
            }
        }
        // A number of a kind that the record does not have says nothing against it.
        if any { Tri::False } else { Tri::Unknown }
    }

    fn has_name(&self, person: &Entry<'_>, field: Field, wanted: &str) -> Tri {
        let mut any = false;
        for node in person.all(field) {
            any = true;
            if self.record.text(node).is_some_and(|name| same_name(&name, wanted)) {
                return Tri::True;
            }
        }
        if any { Tri::False } else { Tri::Unknown }
    }

    /// Whether the patient is younger than `years` on a day, by the date of birth in the record.
    pub(super) fn is_younger_than(&self, years: i16, on: jiff::civil::Date) -> Tri {
        let Some(born) = self.people.first().and_then(|person| self.birth_date(person)) else {
            return Tri::Unknown;
        };
        let reached = |date: jiff::civil::Date| {
            date.checked_add(jiff::Span::new().years(years)).is_ok_and(|birthday| birthday <= on)
        };
        match (reached(born.earliest()), reached(born.latest())) {
            (false, _) => Tri::True,
            (true, true) => Tri::False,
            (true, false) => Tri::Unknown,
        }
    }

    fn birth_date(&self, person: &Entry<'_>) -> Option<PartialDate> {
        let leaf =
            person.all(Field::BirthDate).find(|node| self.record.tree().node(*node).kind() == Kind::Text)?;
        self.record.date(leaf)
    }

    fn was_born(&self, person: &Entry<'_>, day: jiff::civil::Date) -> Tri {
        let Some(date) = self.birth_date(person) else { return Tri::Unknown };
        let possible = date.earliest() <= day && day <= date.latest();
        match (possible, date.precision()) {
            (false, _) => Tri::False,
            (true, Precision::Day | Precision::Time) => Tri::True,
            (true, _) => Tri::Unknown,
        }
    }
}
