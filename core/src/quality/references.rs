//! References: do they lead somewhere, is every entry there once, and is it all about one patient.

use std::collections::HashSet;

use super::case::Case;
use super::checks;
use super::report::Report;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::record::Severity;

pub(super) fn check(case: &Case<'_>, report: &mut Report) {
    let container = Container::of(case);
    dangling(case, &container, report);
    if container != Container::History {
        duplicates(case, report);
    }
    patients(case, &container, report);
}

/// What the record is a container of, if it is one.
#[derive(PartialEq, Eq)]
enum Container {
    /// A single entry: what it points to is kept elsewhere.
    None,
    /// Entries that belong together and are sent whole: a document, a message, a collection.
    Whole,
    /// Several versions of the same entries.
    History,
    /// A search result, or changes for a system that has more.
    Part,
}

impl Container {
    fn of(case: &Case<'_>) -> Self {
        let root =
            case.entries.first().map(|facts| facts.entry).filter(|entry| entry.kind() == EntryKind::Bundle);
        match root.map(|root| root.text(Field::Type)) {
            None => Self::None,
            Some(kind) => match kind.as_deref() {
                Some("document" | "message" | "collection") => Self::Whole,
                Some("history") => Self::History,
                _ => Self::Part,
            },
        }
    }
}

fn dangling(case: &Case<'_>, container: &Container, report: &mut Report) {
    for (id, node) in case.record.tree().iter() {
        if node.label() != Label::Reference {
            continue;
        }
        let Some(text) = case.record.text(id) else { continue };
        let inside = text.starts_with('#');
        let local = text.starts_with("urn:uuid:") || text.starts_with("urn:oid:");
        let relative =
            !text.contains(':') && !text.contains('?') && !text.starts_with('/') && text.contains('/');
        let expected = inside
            || (local && *container != Container::None)
            || (relative && *container == Container::Whole);
        if !expected || case.record.resolve(id).is_some() {
            continue;
        }
        if relative {
            let note = "it may be kept where the record comes from";
            report.add_less_certain(&checks::DANGLING, id, Severity::Warning, note);
        } else {
            report.add(&checks::DANGLING, id);
        }
    }
}

fn duplicates(case: &Case<'_>, report: &mut Report) {
    let mut seen = HashSet::new();
    for facts in &case.entries {
        let entry = facts.entry;
        let Some((id, node)) = entry.id().zip(facts.first(Field::Id)) else { continue };
        // Contained entries are known by their id alone, and only inside of what contains them.
        let scope = if entry.is_contained() {
            let holder =
                case.record.tree().parent(entry.node()).and_then(|list| case.record.tree().parent(list));
            (holder, None)
        } else {
            (None, entry.native_type())
        };
        if !seen.insert((scope, id)) {
            report.add(&checks::DUPLICATE_ID, node);
        }
    }
}

fn patients(case: &Case<'_>, container: &Container, report: &mut Report) {
    let patients = case.entries.iter().filter(|facts| facts.entry.kind() == EntryKind::Person);
    let mut apart = patients.filter(|facts| !facts.entry.is_contained());
    // Messages repeat their patient; entries that state one number and birth date are of one person.
    let first = apart.next();
    let mut others = apart
        .filter(|other| first.is_none_or(|first| !case.record.is_same_person(&first.entry, &other.entry)));
    if *container != Container::History
        && let Some(second) = others.next()
    {
        report.add(&checks::SEVERAL_PATIENTS, second.entry.node());
    }
    for facts in &case.entries {
        let Some(encounter) = case.referred(facts, Field::Encounter, EntryKind::Encounter) else { continue };
        let (Some(own), Some(other)) = (case.patient(facts), case.patient(encounter)) else { continue };
        if own.entry.node() != other.entry.node()
            && let Some(subject) = facts.first(Field::Subject)
        {
            report.add(&checks::OTHER_SUBJECT, subject);
        }
    }
}
