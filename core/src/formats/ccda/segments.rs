//! The segments of a document: its header, every entry of the header, every section, and every `entry` of a section
//! with the rows of the section's text that it points to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::form::Form;
use super::map::plain;
use super::path::raw_name;
use super::references::References;
use crate::formats::dialect::{Parsed, References as _};
use crate::formats::field::EntryKind;
use crate::formats::label::Label;
use crate::formats::segment::Segment;
use crate::formats::tree::{Kind, NodeId};

/// The segments, in source order.
pub(super) fn of(parsed: Parsed<'_>) -> Vec<Segment> {
    let mut list: Vec<Segment> = Vec::new();
    // The document and the sections that are open here, with their ends.
    let mut open: Vec<(NodeId, usize)> = Vec::new();
    let mut entries = parsed.entries.iter().peekable();
    let mut at = NodeId::ROOT;
    while at.index() < parsed.tree.len() {
        while entries.next_if(|entry| entry.node < at).is_some() {}
        open.retain(|(end, _)| at < *end);
        let head = entries.peek().map(|entry| (entry.node, entry.kind));
        let after = parsed.tree.next(at);
        let (node, kind, holds_others) = match (head.filter(|(node, _)| *node == at), section(parsed, at)) {
            (Some((_, kind)), _) => (at, kind, at == NodeId::ROOT && kind == EntryKind::Document),
            (None, Some(kind)) => (at, kind, true),
            (None, None) if is_named(parsed, at, b"nonXMLBody") => (at, EntryKind::Document, false),
            (None, None) if is_named(parsed, at, b"entry") && in_section(parsed, at) => {
                let (node, kind) = statement(parsed, at, head);
                (node, kind, false)
            }
            (None, None) => {
                at = NodeId(at.0 + 1);
                continue;
            }
        };
        let goes_with = open.last().map(|(_, outer)| *outer);
        let narrative = Vec::new();
        list.push(Segment { node, kind, unit: unit(parsed, at), goes_with, narrative });
        at = if holds_others {
            open.push((after, list.len() - 1));
            NodeId(at.0 + 1)
        } else {
            after
        };
    }
    share_units(&mut list);
    rows(parsed, &mut list);
    list
}

fn name<'a>(parsed: Parsed<'a>, id: NodeId) -> Cow<'a, [u8]> {
    plain(raw_name(parsed, id).unwrap_or_default())
}

/// Whether the node is an element of that name and nothing that the format does not know.
fn is_named(parsed: Parsed<'_>, id: NodeId, wanted: &[u8]) -> bool {
    let node = parsed.tree.node(id);
    node.kind() == Kind::Object && node.label() != Label::Unrecognised && *name(parsed, id) == *wanted
}

fn in_section(parsed: Parsed<'_>, id: NodeId) -> bool {
    parsed.tree.parent(id).is_some_and(|parent| is_named(parsed, parent, b"section"))
}

/// The statement in an `entry` of a section: the entry of the Chart that it is. One that is none has no node of its
/// own.
fn statement(parsed: Parsed<'_>, id: NodeId, next: Option<(NodeId, EntryKind)>) -> (NodeId, EntryKind) {
    let mut inside = parsed.tree.children(id);
    if let Some((node, kind)) = next.filter(|(node, _)| inside.any(|child| child == *node)) {
        return (node, kind);
    }
    let known = parsed.tree.children(id).any(|child| {
        let node = parsed.tree.node(child);
        node.kind() == Kind::Object && node.label() != Label::Unrecognised
    });
    (id, if known { EntryKind::Other } else { EntryKind::Unrecognised })
}

/// What the entries of a section are, where the node is one.
fn section(parsed: Parsed<'_>, id: NodeId) -> Option<EntryKind> {
    if !is_named(parsed, id, b"section") {
        return None;
    }
    let value = |holder: NodeId, attribute: &[u8]| {
        let mut attributes = parsed.tree.children(holder);
        let found = attributes.find(|child| raw_name(parsed, *child) == Some(attribute))?;
        std::str::from_utf8(parsed.raw(found)).ok()
    };
    let named = |wanted: &'static [u8]| {
        parsed.tree.children(id).filter(move |child| *name(parsed, *child) == *wanted)
    };
    let code = named(b"code").find_map(|code| of_code(value(code, b"code")?));
    let kind =
        code.or_else(|| named(b"templateId").find_map(|template| of_template(value(template, b"root")?)));
    Some(kind.unwrap_or(EntryKind::Document))
}

/// What goes with a segment: the part of the document or of the section that holds nothing but it.
fn unit(parsed: Parsed<'_>, segment: NodeId) -> NodeId {
    let mut at = segment;
    while let Some(parent) = parsed.tree.parent(at) {
        if parent == NodeId::ROOT || matches!(&*name(parsed, parent), b"section" | b"structuredBody") {
            break;
        }
        at = parent;
    }
    at
}

/// Where two segments stand in one such part, each goes alone.
fn share_units(list: &mut [Segment]) {
    for at in 1..list.len() {
        if let Some([one, other]) = list.get_mut(at - 1..=at)
            && one.unit == other.unit
        {
            (one.unit, other.unit) = (one.node, other.node);
        }
    }
}

/// Gives every entry the rows of texts that it points to.
fn rows(parsed: Parsed<'_>, list: &mut [Segment]) {
    let references = References::of(parsed);
    for segment in list {
        if section(parsed, segment.node).is_some() || segment.node == NodeId::ROOT {
            continue;
        }
        let inside = std::iter::once(segment.unit).chain(parsed.tree.descendants(segment.unit));
        let pointers = inside.filter(|id| {
            let node = parsed.tree.node(*id);
            node.label() == Label::Reference && node.kind() == Kind::Text
        });
        let found: BTreeSet<NodeId> = pointers
            .filter_map(|pointer| references.target(parsed, pointer))
            .filter(|target| parsed.tree.node(*target).label() == Label::Narrative)
            .filter(|target| !parsed.tree.is_within(*target, segment.unit))
            .map(|target| row(parsed, target))
            .collect();
        segment.narrative = found.into_iter().collect();
    }
}

/// The row of a table or item of a list around a part of a text; the part itself where it stands in none. A cell
/// speaks of the same as the cells beside it.
fn row(parsed: Parsed<'_>, part: NodeId) -> NodeId {
    let mut at = part;
    loop {
        let is_row = matches!(&*name(parsed, at), b"tr" | b"item")
            && matches!(Form::of(parsed.source, &parsed.tree.node(at)), Form::Element | Form::Simple);
        if is_row {
            return at;
        }
        match parsed.tree.parent(at).filter(|outer| parsed.tree.node(*outer).label() == Label::Narrative) {
            Some(outer) => at = outer,
            None => return part,
        }
    }
}

/// Sections by their LOINC code (C-CDA R2.1, volume 1, section codes).
const CODES: &[(EntryKind, &str)] = &[
    (EntryKind::Condition, "11450-4 11348-0 11535-2 42347-5 46241-6 10219-4 10218-6 59769-0 55109-3"),
    (EntryKind::Allergy, "48765-2"),
    (EntryKind::Medication, "10160-0 29549-3 10183-2 75311-1 42346-7 59774-0"),
    (
        EntryKind::Result,
        "30954-2 8716-3 29762-2 47420-5 10190-7 61144-2 11383-7 11493-4 29545-1 10210-3 8709-8",
    ),
    (EntryKind::Procedure, "47519-4 29554-3 59776-5 59768-2 10223-6"),
    (EntryKind::Immunization, "11369-6"),
    (EntryKind::Encounter, "46240-8"),
    (EntryKind::CarePlan, "18776-5 61146-7 75310-3 62387-6"),
    (EntryKind::Order, "59772-4"),
    (EntryKind::FamilyHistory, "10157-6"),
    (EntryKind::Coverage, "48768-6"),
    (EntryKind::Consent, "42348-3"),
    (EntryKind::Device, "46264-8 59771-6 11537-8"),
    (EntryKind::Specimen, "59773-2"),
    (EntryKind::CareTeam, "85847-2"),
];

/// Sections by the last numbers of their template id, after [`TEMPLATES_OF_SECTIONS`] (C-CDA R2.1, volume 2).
const TEMPLATES: &[(EntryKind, &str)] = &[
    (EntryKind::Condition, "5 5.1 20 24 34 35 36 37 43"),
    (EntryKind::Allergy, "6 6.1"),
    (EntryKind::Medication, "1 1.1 11 11.1 25 38 44"),
    (EntryKind::Result, "3 3.1 4 4.1 14 16 17 56 57 61"),
    (EntryKind::Procedure, "7 7.1 27 28 29"),
    (EntryKind::Immunization, "2 2.1"),
    (EntryKind::Encounter, "22 22.1"),
    (EntryKind::CarePlan, "10 58 60"),
    (EntryKind::Order, "30"),
    (EntryKind::FamilyHistory, "15"),
    (EntryKind::Coverage, "18"),
    (EntryKind::Consent, "21 21.1"),
    (EntryKind::Device, "23 40"),
    (EntryKind::Specimen, "31"),
    (EntryKind::CareTeam, "500"),
];

const TEMPLATES_OF_SECTIONS: &str = "2.16.840.1.113883.10.20.22.2.";

fn find(table: &[(EntryKind, &str)], wanted: &str) -> Option<EntryKind> {
    table.iter().find(|(_, names)| names.split(' ').any(|name| name == wanted)).map(|(kind, _)| *kind)
}

fn of_code(code: &str) -> Option<EntryKind> {
    find(CODES, code)
}

fn of_template(root: &str) -> Option<EntryKind> {
    find(TEMPLATES, root.strip_prefix(TEMPLATES_OF_SECTIONS)?)
}
