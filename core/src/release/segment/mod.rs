//! Segments: the parts of a record that are decided about one by one, each with what makes it sensitive.
//!
//! Which parts those are the format says ([`Record::segments`]): entries, and of a document its sections. The labels of
//! a segment come from the security labels of the source, from its codes, from its words, and from the setting in which
//! it was made. What cannot be read (a file that is no text, a code without words of a system that the packs do not
//! cover) leaves it unknown whether the segment is sensitive, unless its source states that its confidentiality is no
//! more than normal.

mod reading;
mod settings;

use std::borrow::Cow;

use super::scope::When;
use super::sensitivity::{Classes, Confidentiality, Sensitivity};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::NodeId;
use crate::record::{Entry, Record};
use crate::text::PartialDate;
use reading::Reading;

/// One segment.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    /// The node of the entry, or of the part that is none.
    pub(super) node: NodeId,
    pub(super) kind: EntryKind,
    /// The segment without which it must not stand, by its place in the list.
    pub(super) goes_with: Option<usize>,
    /// The classes that it belongs to.
    pub(super) classes: Classes,
    /// The classes that only its formatted text mentions.
    pub(super) narrative: Classes,
    /// Whether a part of it cannot be read.
    pub(super) unread: bool,
    /// What its source states, of it or of what holds it; the highest mark of the segment and what it contains.
    pub(super) confidentiality: Option<Confidentiality>,
    /// Whether it frames the others and can stay without what it says itself.
    pub(super) is_frame: bool,
    /// The classes that its security labels state: those of a setting hold for what is made in it.
    pub(super) labelled: Classes,
}

/// A segment, with its entry of the Chart where it is one.
pub(super) type Part<'r> = (Segment, Option<Entry<'r>>);

/// The segments of a record in source order.
pub(super) fn read<'r>(record: &'r Record, sensitivity: &Sensitivity) -> Vec<Part<'r>> {
    let found = record.segments();
    let parts = found.all();
    let mut rows: Vec<NodeId> = parts.iter().flat_map(|part| part.narrative.iter().copied()).collect();
    rows.sort_unstable();
    let mut reading = Reading::new(record, sensitivity, &rows);
    let mut entries = record.chart().entries().peekable();
    let mut out: Vec<Part<'r>> = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        while entries.next_if(|entry| entry.node() < part.node).is_some() {}
        let entry = entries.peek().copied().filter(|entry| entry.node() == part.node);
        let mut segment = Segment {
            node: part.node,
            kind: part.kind,
            goes_with: part.goes_with,
            classes: Classes::NONE,
            narrative: Classes::NONE,
            unread: part.kind == EntryKind::Unrecognised,
            confidentiality: None,
            labelled: Classes::NONE,
            is_frame: part.is_frame(),
        };
        // Segments inside of this one speak for themselves.
        let inner = parts.get(at + 1..).unwrap_or_default();
        reading.read(part.unit, inner.iter().map(|inner| inner.unit), &mut segment);
        part.narrative.iter().for_each(|row| reading.row(*row, &mut segment));
        let outer = part.goes_with.and_then(|outer| out.get(outer)).map(|(outer, _)| outer.confidentiality);
        segment.confidentiality = segment.confidentiality.or(outer.flatten());
        if segment.confidentiality.is_some_and(|mark| mark <= Confidentiality::N) {
            segment.unread = false;
        }
        out.push((segment, entry));
    }
    settings::carry(record, &mut out);
    out
}

/// The segments without which the one at `at` must not stand, the nearest first.
pub(super) fn outer(goes_with: impl Fn(usize) -> Option<usize>, at: usize) -> impl Iterator<Item = usize> {
    // They nest no deeper than sections do; a circle, which no format makes, would end here too.
    std::iter::successors(goes_with(at), move |outer| goes_with(*outer)).take(DEEPEST)
}

/// How many segments one can go with, one within the other.
const DEEPEST: usize = 64;

/// The codes and names of what an entry is about, that are long enough to tell.
pub(super) fn about<'r>(
    record: &'r Record,
    entry: &Entry<'r>,
) -> impl Iterator<Item = Cow<'r, str>> + use<'r> {
    let named = |field: Field| matches!(field, Field::CodeCode | Field::CodeDisplay | Field::CodeText);
    let own = entry.fields().filter(move |(field, _)| named(*field));
    own.filter_map(move |(_, node)| record.text(node))
        .filter(|name| name.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_CODE)
}

/// What an entry is about, and the medicines that it points to, in lower case.
pub(super) fn tells_of<'r>(record: &'r Record, entry: &Entry<'r>) -> Vec<String> {
    let mut out: Vec<String> = about(record, entry).map(|name| name.to_lowercase()).collect();
    if entry.kind() == EntryKind::Medication {
        let tree = record.tree();
        let pointers = tree.descendants(entry.node()).filter(|id| tree.node(*id).label() == Label::Reference);
        for medicine in pointers.filter_map(|pointer| record.chart().holding(record.resolve(pointer)?)) {
            if medicine.kind() == EntryKind::Medication && medicine.node() != entry.node() {
                out.extend(about(record, &medicine).map(|name| name.to_lowercase()));
            }
        }
    }
    out
}

/// The shortest code that says what an entry is about, such as `I10`.
const SHORTEST_CODE: usize = 3;

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
