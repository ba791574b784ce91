//! What is in a segment: fields, repetitions, components and sub-components as labelled nodes, from the separators of
//! the segment. A container gets a node only where the message writes a separator in it, and what is empty gets none.

use super::delimiters::class;
use super::map::{Element, Role, SegmentDef, whose};
use super::scan::{Event, Scanner};
use crate::formats::fhir::identifier_type;
use crate::formats::label::Label;
use crate::formats::tree::{ElementId, Kind, NodeId};

const NULL: &[u8] = b"\"\"";

/// A part of the source: where it begins and ends.
type Range = (usize, usize);

/// The parts of a value that say what another part is: which node each of the first five is; 0 where there is none.
type Parts = [u32; 5];

impl Scanner<'_> {
    /// The fields of a segment, from its separators.
    pub(super) fn fields(
        &mut self,
        segment: u32,
        end: usize,
        heads: bool,
        definition: Option<&SegmentDef>,
        (tag, count): (u8, usize),
    ) {
        let events = std::mem::take(&mut self.events);
        let elements = definition.map_or(&[][..], |definition| &definition.fields);
        let mut number = if heads { 2 } else { 0 };
        let mut rest = events.get(..count).unwrap_or_default();
        // Separators of components before the first field are a malformed name; there is none in a formed one.
        while let [Event { at, empty, what: class::FIELD }, after @ ..] = rest {
            number += 1 + usize::from(*empty);
            let start = *at as usize + 1;
            let element = elements.get(number).copied().unwrap_or_default();
            let (stop, what) = after
                .first()
                .map_or((end, class::FIELD), |next| (next.at as usize - usize::from(next.empty), next.what));
            if what == class::FIELD {
                rest = after;
                if start < stop {
                    self.single(segment, (start, stop), element, tag);
                    if element == 0 && definition.is_some() {
                        self.irregular("unknown_element", self.nodes.len() as u32 - 1);
                    }
                }
                continue;
            }
            let mut repeats = false;
            let own = after.iter().take_while(|event| {
                repeats |= event.what == class::REPETITION;
                event.what != class::FIELD
            });
            let (inner, left) = after.split_at(own.count());
            rest = left;
            let stop = left.first().map_or(end, |next| next.at as usize - usize::from(next.empty));
            let element = self.element(segment, start, element);
            let known = self.map.get(element);
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
        self.events = events;
    }

    /// A field that is one value without parts, as most are.
    #[inline]
    fn single(&mut self, segment: u32, (start, end): Range, element: u16, tag: u8) {
        if self.map.leaf(element).plain {
            self.leaf(segment, start, end, element, tag);
        } else {
            let element = self.element(segment, start, element);
            self.value(segment, (start, end), &[], (element, self.map.get(element)), tag);
        }
    }

    /// The element of a field, whose type another field may say.
    fn element(&self, segment: u32, start: usize, element: u16) -> u16 {
        let observed = self.map.get(element).role == Role::Observed;
        if observed { self.observed(segment, start) } else { element }
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
        let list = self.push(parent, (start, end), Kind::List, tag, ElementId(known.0));
        let mut from = (start, 0);
        for (at, event) in events.iter().enumerate() {
            if event.what == class::REPETITION {
                let inner = events.get(from.1..at).unwrap_or_default();
                self.value(list, (from.0, event.at as usize), inner, known, outer);
                from = (event.at as usize + 1, at + 1);
            }
        }
        self.value(list, (from.0, end), events.get(from.1..).unwrap_or_default(), known, outer);
        self.close_container(list);
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
        let object = self.push(parent, (start, end), Kind::Object, tag, ElementId(element));
        let mut parts = Parts::default();
        let (mut from, mut first, mut number) = (start, 0, 0);
        let last = Event { at: end as u32, what: class::COMPONENT, ..Event::default() };
        for (at, event) in events.iter().copied().chain(std::iter::once(last)).enumerate() {
            if event.what != class::COMPONENT {
                continue;
            }
            let position = event.at as usize;
            if from < position {
                let index = self.nodes.len() as u32;
                let element = part(known, element, number);
                if first == at {
                    self.leaf(object, from, position, element, tag);
                } else {
                    let inner = events.get(first..at).unwrap_or_default();
                    self.component(object, (from, position), inner, element, tag);
                }
                if let Some(part) = parts.get_mut(number).filter(|_| self.nodes.len() as u32 > index) {
                    *part = index;
                }
            }
            (from, first, number) = (position + 1, at + 1, number + 1);
        }
        self.close_container(object);
        self.tell(known.role, parts);
    }

    /// A component with its sub-components; a leaf where no separator is in it.
    fn component(&mut self, parent: u32, (start, end): Range, events: &[Event], element: u16, outer: u8) {
        let known = self.map.get(element);
        if known.opaque {
            self.leaf(parent, start, end, element, outer);
            return;
        }
        let tag = container(known, element, outer);
        let object = self.push(parent, (start, end), Kind::Object, tag, ElementId(element));
        let mut parts = Parts::default();
        let mut from = start;
        let cuts = events.iter().map(|event| event.at as usize);
        for (number, position) in cuts.chain(std::iter::once(end)).enumerate() {
            if from < position {
                if let Some(part) = parts.get_mut(number) {
                    *part = self.nodes.len() as u32;
                }
                self.leaf(object, from, position, part(known, element, number), tag);
            }
            from = position + 1;
        }
        self.close_container(object);
        self.tell(known.role, parts);
    }

    /// Ends a container; one in which nothing stands but separators is not there.
    fn close_container(&mut self, index: u32) {
        if self.nodes.len() == index as usize + 1 {
            self.nodes.pop();
        } else {
            self.nodes.finish(index);
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
        let mark = (known.element, kind, known.tag(outer));
        self.nodes.push_leaf((start as u32, end as u32), parent, mark);
    }

    /// What a number or contact value is, another part of it may say: its type code, its equipment type.
    #[inline]
    fn tell(&mut self, role: Role, [value, _, equipment, _, ty]: Parts) {
        match role {
            Role::Identifier => self.identifier(value, ty),
            Role::Telecom => self.telecom(value, equipment),
            Role::Plain | Role::Observed => {}
        }
    }

    fn relabel(&mut self, index: u32, label: Label) {
        let mut node = self.nodes.node(NodeId(index));
        node.set_tag(label, node.whose());
        self.nodes.set_tag(index, node.tag);
    }

    /// What is written in a part; none where there is no such part.
    fn written(&self, part: u32) -> Option<&[u8]> {
        self.nodes.node(NodeId(part)).span().of(self.source).filter(|_| part > 0)
    }

    fn identifier(&mut self, value: u32, ty: u32) {
        let ty = self.written(ty).and_then(|ty| std::str::from_utf8(ty).ok());
        if let Some(label) = ty.and_then(identifier_type).filter(|_| value > 0) {
            self.relabel(value, label);
        }
    }

    fn telecom(&mut self, value: u32, equipment: u32) {
        let label = match self.written(equipment) {
            Some(b"FX") => Label::Fax,
            Some(b"Internet" | b"X.400" | b"INTERNET") => Label::Email,
            _ => return,
        };
        if value > 0 {
            self.relabel(value, label);
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
