//! What is in a segment: fields, repetitions, components and sub-components as labelled nodes, from the separators of
//! the segment. A container gets a node only where the message writes a separator in it, and what is empty gets none.

use super::delimiters::class;
use super::map::{Element, Role, SegmentDef};
use super::scan::{Event, Scanner};
use crate::formats::fhir::identifier_type;
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{ElementId, Kind, Node, NodeId};

const NULL: &[u8] = b"\"\"";

/// A part of the source: where it begins and ends.
type Range = (usize, usize);

impl Scanner<'_> {
    /// The fields of a segment, from its separators.
    pub(super) fn fields(
        &mut self,
        segment: u32,
        end: usize,
        heads: bool,
        definition: Option<&SegmentDef>,
        tag: u8,
    ) {
        let events = std::mem::take(&mut self.events);
        let mut number = if heads { 2 } else { 0 };
        let mut at = 0;
        while let Some((position, _)) = events.get(at).filter(|(_, what)| *what == class::FIELD) {
            number += 1;
            let start = *position as usize + 1;
            at += 1;
            let first = at;
            let mut repeats = false;
            let stop = loop {
                match events.get(at) {
                    Some((position, class::FIELD)) => break *position as usize,
                    Some((_, what)) => repeats |= *what == class::REPETITION,
                    None => break end,
                }
                at += 1;
            };
            if start >= stop {
                continue;
            }
            let inner = events.get(first..at).unwrap_or_default();
            let element = definition.and_then(|definition| definition.fields.get(number)).copied();
            let mut element = element.unwrap_or_default();
            let mut known = self.map.get(element);
            if known.role == Role::Observed {
                element = self.observed(segment, start);
                known = self.map.get(element);
            }
            let before = self.nodes.len();
            if repeats {
                self.repetitions(segment, (start, stop), inner, (element, known), tag);
            } else {
                self.value(segment, (start, stop), inner, (element, known), tag);
            }
            if element == 0 && definition.is_some() && self.nodes.len() > before {
                self.irregular("unknown_element", before as u32);
            }
        }
        // Separators of components before the first field are a malformed name; there is none in a formed one.
        self.events = events;
    }

    /// The element of a value whose type the second field says; without one it is text.
    fn observed(&self, segment: u32, value: usize) -> u16 {
        let start = self.nodes.node(NodeId(segment)).start as usize;
        let header = self.source.get(start..value).unwrap_or_default();
        let separator = header.get(3).copied().unwrap_or_default();
        let declared = header.split(|byte| *byte == separator).nth(2).unwrap_or_default();
        if declared.is_empty() { self.map.observed(b"ST") } else { self.map.observed(declared) }
    }

    /// A field that is written more than once.
    fn repetitions(
        &mut self,
        parent: u32,
        (start, end): Range,
        events: &[Event],
        known: (u16, Element),
        outer: u8,
    ) {
        let tag = container(known.1, known.0, outer);
        let list = self.push_as(parent, start, Kind::List, tag, ElementId(known.0));
        let mut from = (start, 0);
        for (at, (position, what)) in events.iter().enumerate() {
            if *what == class::REPETITION {
                let inner = events.get(from.1..at).unwrap_or_default();
                self.value(list, (from.0, *position as usize), inner, known, outer);
                from = (*position as usize + 1, at + 1);
            }
        }
        self.value(list, (from.0, end), events.get(from.1..).unwrap_or_default(), known, outer);
        self.close_container(list, end);
    }

    /// One repetition of a field.
    fn value(
        &mut self,
        parent: u32,
        (start, end): Range,
        events: &[Event],
        (element, known): (u16, Element),
        outer: u8,
    ) {
        if start >= end {
            return;
        }
        if let Some(kind) = known.entry {
            let index = self.nodes.len();
            self.entry(index as u32, kind, ElementId(element));
            self.components(parent, (start, end), events, (element, known), outer);
            if self.nodes.len() == index {
                self.drop_entry();
            }
        } else {
            self.components(parent, (start, end), events, (element, known), outer);
        }
    }

    /// A value with its components; a leaf where no separator is in it.
    fn components(
        &mut self,
        parent: u32,
        (start, end): Range,
        events: &[Event],
        (element, known): (u16, Element),
        outer: u8,
    ) {
        if events.is_empty() || known.opaque {
            self.leaf(parent, start, end, element, outer);
            return;
        }
        let tag = container(known, element, outer);
        let object = self.push_as(parent, start, Kind::Object, tag, ElementId(element));
        let (mut from, mut first, mut number) = (start, 0, 0);
        for (at, (position, what)) in events.iter().enumerate() {
            if *what != class::COMPONENT {
                continue;
            }
            let inner = events.get(first..at).unwrap_or_default();
            self.component(object, (from, *position as usize), inner, part(known, element, number), tag);
            (from, first, number) = (*position as usize + 1, at + 1, number + 1);
        }
        let inner = events.get(first..).unwrap_or_default();
        self.component(object, (from, end), inner, part(known, element, number), tag);
        self.close_container(object, end);
        match known.role {
            Role::Identifier => self.identifier(object, known),
            Role::Telecom => self.telecom(object, known),
            Role::Plain | Role::Observed => {}
        }
    }

    /// A component with its sub-components; a leaf where no separator is in it.
    fn component(&mut self, parent: u32, (start, end): Range, events: &[Event], element: u16, outer: u8) {
        if start >= end {
            return;
        }
        let known = if events.is_empty() { Element::default() } else { self.map.get(element) };
        if events.is_empty() || known.opaque {
            self.leaf(parent, start, end, element, outer);
            return;
        }
        let tag = container(known, element, outer);
        let object = self.push_as(parent, start, Kind::Object, tag, ElementId(element));
        let mut from = start;
        let cuts = events.iter().map(|(position, _)| *position as usize);
        for (number, position) in cuts.chain(std::iter::once(end)).enumerate() {
            if from < position {
                self.leaf(object, from, position, part(known, element, number), tag);
            }
            from = position + 1;
        }
        self.close_container(object, end);
        match known.role {
            Role::Identifier => self.identifier(object, known),
            Role::Telecom => self.telecom(object, known),
            Role::Plain | Role::Observed => {}
        }
    }

    /// Ends a container; one in which nothing stands but separators is not there.
    fn close_container(&mut self, index: u32, end: usize) {
        if self.nodes.len() == index as usize + 1 {
            self.nodes.pop();
        } else {
            self.nodes.close(index, end);
        }
    }

    #[inline]
    fn leaf(&mut self, parent: u32, start: usize, end: usize, element: u16, outer: u8) {
        let known = self.map.leaf(element);
        let raw = self.source.get(start..end).unwrap_or_default();
        let kind = if raw == NULL {
            Kind::Null
        } else if known.number && is_number(raw) {
            Kind::Number
        } else {
            Kind::Text
        };
        let tag = known.label as u8 | whose(known.whose, outer);
        let (start, end, next) = (start as u32, end as u32, self.nodes.len() as u32 + 1);
        self.nodes.push(&Node { lead: start, start, end, next, parent, element: known.element, kind, tag });
    }

    /// The part of a container that is the component of this number.
    fn part_of(&self, object: u32, known: Element, number: u16) -> Option<NodeId> {
        let wanted = self.map.leaf(known.first + number - 1).element;
        let (end, mut at) = (self.nodes.node(NodeId(object)).next, object + 1);
        while at < end {
            let node = self.nodes.node(NodeId(at));
            if node.element == wanted {
                return Some(NodeId(at));
            }
            at = node.next.max(at + 1);
        }
        None
    }

    fn relabel(&mut self, id: NodeId, label: Label) {
        let mut node = self.nodes.node(id);
        node.set_tag(label, node.whose());
        self.nodes.set(id.0, node);
    }

    /// What a number is, its type code says.
    fn identifier(&mut self, object: u32, known: Element) {
        let (Some(number), Some(ty)) = (self.part_of(object, known, 1), self.part_of(object, known, 5))
        else {
            return;
        };
        let ty = self.nodes.node(ty).span().of(self.source).unwrap_or_default();
        if let Some(label) = std::str::from_utf8(ty).ok().and_then(identifier_type) {
            self.relabel(number, label);
        }
    }

    /// What a contact value is, its equipment type says.
    fn telecom(&mut self, object: u32, known: Element) {
        let (Some(value), Some(ty)) = (self.part_of(object, known, 1), self.part_of(object, known, 3)) else {
            return;
        };
        match self.nodes.node(ty).span().of(self.source) {
            Some(b"FX") => self.relabel(value, Label::Fax),
            Some(b"Internet" | b"X.400" | b"INTERNET") => self.relabel(value, Label::Email),
            _ => {}
        }
    }
}

/// The element of the part of this number, from 0, of a value. One that is no container has but itself.
fn part(known: Element, element: u16, number: usize) -> u16 {
    match known.components {
        0 if number == 0 => element,
        components if number < usize::from(components) => known.first + number as u16,
        _ => 0,
    }
}

/// The upper bits of a tag: whose an element is inside of `outer`.
fn whose(own: Option<Whose>, outer: u8) -> u8 {
    own.map_or(outer & 0xc0, |whose| (whose as u8) << 6)
}

/// The tag of a container of parts that have labels of their own.
fn container(known: Element, element: u16, outer: u8) -> u8 {
    let label = if element == 0 { Label::Unrecognised } else { Label::Structure };
    label as u8 | whose(known.whose, outer)
}

/// Whether a text is a number as the data type NM writes one.
fn is_number(raw: &[u8]) -> bool {
    let unsigned = raw.strip_prefix(b"+").or_else(|| raw.strip_prefix(b"-")).unwrap_or(raw);
    let digits = unsigned.iter().filter(|byte| byte.is_ascii_digit()).count();
    let dots = unsigned.iter().filter(|byte| **byte == b'.').count();
    digits > 0 && dots <= 1 && digits + dots == unsigned.len()
}
