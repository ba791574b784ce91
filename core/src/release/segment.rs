//! Segments: the entries of a record, each with what makes it sensitive.
//!
//! An entry is a segment together with the entries that it contains. Its labels come from the security labels of the
//! source, from its codes, from its words, and from the setting in which it was made. What cannot be read (a file
//! that is no text, a code without words of a system that the packs do not cover) leaves it unknown whether the
//! entry is sensitive, unless its source states that its confidentiality is no more than normal.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::scope::When;
use super::sensitivity::{Classes, Coding, Confidentiality, Sensitivity};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::record::{Entry, Record};
use crate::text::PartialDate;

/// One segment.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// The node of the entry.
    pub(super) node: NodeId,
    pub(super) kind: EntryKind,
    /// The classes that it belongs to.
    pub(super) classes: Classes,
    /// The classes that only its formatted text mentions.
    pub(super) narrative: Classes,
    /// Whether a part of it cannot be read.
    pub(super) unread: bool,
    /// What its source states; the highest mark of the entry and what it contains.
    pub(super) confidentiality: Option<Confidentiality>,
    /// The classes that its security labels state: those of a setting hold for what is made in it.
    pub(super) labelled: Classes,
}

/// The segments of a record in source order: every entry that is not a container of entries and does not stand
/// inside another segment.
pub(super) fn read<'r>(record: &'r Record, sensitivity: &Sensitivity) -> Vec<(Segment, Entry<'r>)> {
    let tree = record.tree();
    let mut out: Vec<(Segment, Entry<'r>)> = Vec::new();
    for entry in entries(record) {
        let end = tree.next(entry.node());
        let mut segment =
            Reading { record, tree, sensitivity, segment: empty(&entry) }.read(entry.node(), end);
        if segment.confidentiality.is_some_and(|mark| mark <= Confidentiality::N) {
            segment.unread = false;
        }
        out.push((segment, entry));
    }
    settings(record, &mut out);
    out
}

fn empty(entry: &Entry<'_>) -> Segment {
    Segment {
        node: entry.node(),
        kind: entry.kind(),
        classes: Classes::NONE,
        narrative: Classes::NONE,
        unread: entry.kind() == EntryKind::Unrecognised,
        confidentiality: None,
        labelled: Classes::NONE,
    }
}

struct Reading<'r> {
    record: &'r Record,
    tree: &'r Tree,
    sensitivity: &'r Sensitivity,
    segment: Segment,
}

impl Reading<'_> {
    fn read(mut self, from: NodeId, end: NodeId) -> Segment {
        let mut at = from;
        while at < end {
            let node = self.tree.node(at);
            if node.label() == Label::Narrative {
                let after = self.tree.next(at);
                for inner in (at.0..after.0).map(NodeId) {
                    let text = self.text(inner);
                    let found = self.sensitivity.mentions(text.as_bytes());
                    self.segment.narrative = self.segment.narrative.with(found);
                }
                at = after;
                continue;
            }
            if node.kind() == Kind::Text {
                match node.label() {
                    Label::Code => self.code(at),
                    Label::Attachment => self.attachment(at),
                    label if is_prose(label) => self.prose(at),
                    _ => {}
                }
            }
            at = NodeId(at.0 + 1);
        }
        self.segment
    }

    /// The text of a string; borrowed from the source wherever it has no escape.
    fn text(&self, id: NodeId) -> Cow<'_, str> {
        if self.tree.node(id).kind() == Kind::Text {
            self.record.text(id).unwrap_or_default()
        } else {
            Cow::default()
        }
    }

    fn prose(&mut self, id: NodeId) {
        let found = self.sensitivity.mentions(self.text(id).as_bytes());
        self.segment.classes = self.segment.classes.with(found);
    }

    fn code(&mut self, id: NodeId) {
        let holder = self.tree.parent(id);
        let system = self.record.system_of(&self.record.coding_parts(id)).unwrap_or_default();
        let coding: Coding = self.sensitivity.coding(&system, &self.text(id));
        let speechless = coding.needs_words && !holder.is_some_and(|holder| self.has_words(holder));
        let segment = &mut self.segment;
        segment.classes = segment.classes.with(coding.classes);
        segment.confidentiality = segment.confidentiality.max(coding.confidentiality);
        segment.unread |= speechless;
        if coding.is_label {
            segment.labelled = segment.labelled.with(coding.classes);
        }
    }

    /// Whether a coding, or the concept that it is a coding of, has a text.
    fn has_words(&self, coding: NodeId) -> bool {
        let tree = self.tree;
        let worded = |holder: NodeId| {
            tree.children(holder).any(|child| {
                let node = tree.node(child);
                node.kind() == Kind::Text && node.label() == Label::CodeText && node.span().len() > 2
            })
        };
        let concept = tree.parent(coding).filter(|list| tree.node(*list).kind() == Kind::List);
        worded(coding) || concept.and_then(|list| tree.parent(list)).is_some_and(worded)
    }

    fn attachment(&mut self, id: NodeId) {
        let text = self.text(id);
        let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        match BASE64.decode(packed).ok().filter(|content| is_plain_text(content)) {
            Some(content) => {
                let found = self.sensitivity.mentions(&content);
                self.segment.classes = self.segment.classes.with(found);
            }
            None => self.segment.unread = true,
        }
    }
}

/// Whether a file is text whose words stand in it as they are read: no control characters, no format that could
/// break or escape them.
fn is_plain_text(content: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(content) else { return false };
    let opaque = text.starts_with("%PDF") || text.starts_with("{\\rtf") || text.contains("\\u");
    !opaque && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// Whether a leaf of that label can hold words about care. What no data map knows can.
const fn is_prose(label: Label) -> bool {
    matches!(
        label,
        Label::FreeText
            | Label::CodeText
            | Label::ReferenceText
            | Label::OrganisationName
            | Label::PlaceName
            | Label::AddressText
            | Label::Value
            | Label::Unrecognised
    )
}

/// Carries labels from a setting to what is made in it: from an organisation or a place to the places, people and
/// encounters that it stands for, from an encounter to its entries, from a medicine to its prescriptions.
///
/// An encounter hands on its security labels and those of its place, not what its diagnoses say: an ordinary visit
/// of someone with an alcohol use disorder is not treatment of it.
fn settings(record: &Record, segments: &mut [(Segment, Entry<'_>)]) {
    use EntryKind::{CareTeam, Encounter, Episode, Location, Medication, Organisation, Practitioner};
    let mut hands_on: Vec<Classes> = segments
        .iter()
        .map(|(segment, _)| match segment.kind {
            Organisation | Location | Medication => segment.classes,
            Encounter | Episode => segment.labelled,
            _ => Classes::NONE,
        })
        .collect();
    let passes: [(&[EntryKind], &[EntryKind]); 4] = [
        (&[Organisation], &[Location, Practitioner]),
        (&[Organisation, Location], &[Encounter, Episode]),
        (&[Medication], &[Medication]),
        (&[Encounter, Episode], &[]),
    ];
    for (from, to) in passes {
        let sources = segments.iter().zip(&hands_on);
        if !sources
            .into_iter()
            .any(|((segment, _), classes)| from.contains(&segment.kind) && !classes.is_empty())
        {
            continue;
        }
        for at in 0..segments.len() {
            let Some((segment, entry)) = segments.get(at) else { continue };
            let takes = if to.is_empty() {
                !matches!(
                    segment.kind,
                    Organisation | Location | Practitioner | Encounter | Episode | CareTeam
                )
            } else {
                to.contains(&segment.kind)
            };
            if !takes {
                continue;
            }
            let found = handed_on(record, segments, &hands_on, entry, from, to.is_empty());
            if let (Some((segment, _)), Some(own)) = (segments.get_mut(at), hands_on.get_mut(at)) {
                segment.classes = segment.classes.with(found);
                *own = own.with(found);
            }
        }
    }
}

/// The classes that an entry takes from the entries of kinds `from` that it points to; with `as_encounter`, only
/// from those that it names as its encounter.
fn handed_on(
    record: &Record,
    segments: &[(Segment, Entry<'_>)],
    hands_on: &[Classes],
    entry: &Entry<'_>,
    from: &[EntryKind],
    as_encounter: bool,
) -> Classes {
    let tree = record.tree();
    let mut found = Classes::NONE;
    let mut take = |reference: NodeId| {
        let Some(target) = record.resolve(reference) else { return };
        let Ok(at) = segments.binary_search_by_key(&target, |(segment, _)| segment.node) else { return };
        if segments.get(at).is_some_and(|(segment, _)| from.contains(&segment.kind)) {
            found = found.with(hands_on.get(at).copied().unwrap_or_default());
        }
    };
    if as_encounter {
        entry
            .all(Field::Encounter)
            .filter(|node| tree.node(*node).kind() == Kind::Object)
            .for_each(&mut take);
    } else {
        let inside = tree.descendants(entry.node());
        inside.filter(|node| tree.node(*node).label() == Label::Reference).for_each(&mut take);
    }
    found
}

/// The entry's own id.
pub(super) fn id(record: &Record, node: NodeId) -> Option<String> {
    let tree = record.tree();
    let id = tree.children(node).find(|child| tree.node(*child).label() == Label::ResourceId)?;
    record.text(id).map(Cow::into_owned)
}

/// When an entry happened, from its dates.
pub(super) fn when(record: &Record, entry: &Entry<'_>) -> When {
    let mut out = When::default();
    for (field, node) in entry.fields() {
        let clinical = matches!(
            field,
            Field::Start
                | Field::End
                | Field::Onset
                | Field::OnsetStart
                | Field::OnsetEnd
                | Field::Abatement
                | Field::AbatementStart
                | Field::AbatementEnd
                | Field::Performed
                | Field::PerformedStart
                | Field::PerformedEnd
                | Field::Recorded
                | Field::Authored
                | Field::Issued
                | Field::Created
                | Field::ItemDate
                | Field::BilledProcedureDate
        );
        if !clinical {
            continue;
        }
        let Some(date) = record.date(node) else { continue };
        match field {
            Field::Start => out.start = Some(out.start.map_or(date, |known| earlier(known, date))),
            Field::End => out.end = Some(out.end.map_or(date, |known| later(known, date))),
            _ => {}
        }
        out.dates.push(date);
    }
    out
}

fn earlier(one: PartialDate, other: PartialDate) -> PartialDate {
    if other.earliest() < one.earliest() { other } else { one }
}

fn later(one: PartialDate, other: PartialDate) -> PartialDate {
    if other.latest() > one.latest() { other } else { one }
}

/// The entries that are segments.
fn entries(record: &Record) -> impl Iterator<Item = Entry<'_>> {
    let tree = record.tree();
    let mut end = NodeId::ROOT;
    record.chart().entries().filter(move |entry| {
        let own = entry.kind() != EntryKind::Bundle && entry.node() >= end;
        if own {
            end = tree.next(entry.node());
        }
        own
    })
}

/// The nodes of the segments of a record, in source order.
pub(super) fn nodes(record: &Record) -> impl Iterator<Item = NodeId> {
    entries(record).map(|entry| entry.node())
}
