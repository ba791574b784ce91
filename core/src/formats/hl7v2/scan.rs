//! The scanner: segments, fields, repetitions, components and sub-components as labelled nodes in one pass. A container
//! gets a node only where the message writes a separator in it, and what is empty gets none.

use super::delimiters::{BLOCK_END, BLOCK_START, Delimiters, class};
use super::map::{ANY, Element, Map, Role, SegmentDef};
use crate::error::{Error, Result, codes};
use crate::formats::Irregularity;
use crate::formats::dialect::EntryHead;
use crate::formats::fhir::identifier_type;
use crate::formats::field::EntryKind;
use crate::formats::label::{Label, Whose};
use crate::formats::tree::{ElementId, Kind, Node, NodeId, Tree};

/// One message, or one segment of an envelope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message {
    pub(super) node: NodeId,
    pub(super) delimiters: Delimiters,
    /// Whether its text is ISO 8859-1 and not UTF-8.
    pub(super) latin: bool,
}

/// One segment: its node and which of its name it is in its message, counted from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct SegmentAt {
    pub(super) node: NodeId,
    pub(super) ordinal: u32,
}

/// What a scan found.
pub(super) struct Scanned {
    pub(super) tree: Tree,
    pub(super) entries: Vec<EntryHead>,
    pub(super) irregularities: Vec<Irregularity>,
    pub(super) messages: Vec<Message>,
    pub(super) segments: Vec<SegmentAt>,
}

/// Scans a source from byte `from` on.
///
/// # Errors
/// `empty_input`, `too_large`, `not_a_message`, `invalid_utf8`.
pub(super) fn scan(map: &'static Map, source: &[u8], from: usize) -> Result<Scanned> {
    if u32::try_from(source.len()).is_err() {
        return Err(Error::new(&codes::TOO_LARGE).note("limit 4294967295 bytes"));
    }
    let mut scanner = Scanner {
        map,
        source,
        found: Scanned {
            tree: Tree { nodes: Vec::with_capacity(source.len() / 6 + 8) },
            entries: Vec::new(),
            irregularities: Vec::new(),
            messages: Vec::new(),
            segments: Vec::new(),
        },
        events: Vec::new(),
        counts: Vec::new(),
        message: None,
        lead: None,
    };
    scanner.run(from)?;
    let mut found = scanner.found;
    found.tree.nodes.shrink_to_fit();
    encodings(source, &found)?;
    Ok(found)
}

/// A separator and what it separates.
type Event = (u32, u8);

struct Scanner<'s> {
    map: &'static Map,
    source: &'s [u8],
    found: Scanned,
    /// The separators of the segment in hand.
    events: Vec<Event>,
    /// How many segments of each name the message has.
    counts: Vec<([u8; 3], u32)>,
    /// The message in hand.
    message: Option<u32>,
    /// The segment to which those that follow may belong.
    lead: Option<(u32, [u8; 3])>,
}

const NULL: &[u8] = b"\"\"";

impl<'s> Scanner<'s> {
    fn run(&mut self, from: usize) -> Result<()> {
        let mut at = self.skip_gap(from);
        if at >= self.source.len() {
            return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
        }
        self.push(0, at, Kind::Object, Label::Structure as u8);
        let mut current: Option<(Delimiters, [u8; 256])> = None;
        while at < self.source.len() {
            let rest = self.source.get(at..).unwrap_or_default();
            let name = rest.first_chunk::<3>().copied().unwrap_or_default();
            let heads = matches!(&name, b"MSH" | b"FHS" | b"BHS");
            let declared = if heads { Delimiters::read(rest) } else { None };
            if let Some((delimiters, _)) = declared {
                current = Some((delimiters, delimiters.classes()));
            }
            let Some((delimiters, classes)) = current.filter(|_| !heads || declared.is_some()) else {
                return Err(Error::new(&codes::NOT_A_MESSAGE).at_offset(at));
            };
            if heads || matches!(&name, b"BTS" | b"FTS") {
                self.close_message();
            }
            let from = declared.map_or(at, |(_, length)| at + length);
            let end = self.separators(from, &classes);
            self.segment(at, end, name, heads, &delimiters);
            at = self.skip_gap(end);
        }
        self.close_message();
        let end = self.source.len();
        self.close(0, end);
        Ok(())
    }

    /// Passes over what can stand between segments.
    fn skip_gap(&self, from: usize) -> usize {
        let gap = |byte: &u8| matches!(byte, b'\r' | b'\n' | &BLOCK_START | &BLOCK_END);
        let rest = self.source.get(from..).unwrap_or_default();
        rest.iter().position(|byte| !gap(byte)).map_or(self.source.len(), |step| from + step)
    }

    /// Collects the separators of the segment up to its end, which comes back.
    fn separators(&mut self, from: usize, classes: &[u8; 256]) -> usize {
        self.events.clear();
        let rest = self.source.get(from..).unwrap_or_default();
        for (step, byte) in rest.iter().enumerate() {
            let what = classes.get(usize::from(*byte)).copied().unwrap_or_default();
            if what == class::NONE {
                continue;
            }
            if what == class::END {
                return from + step;
            }
            self.events.push(((from + step) as u32, what));
        }
        self.source.len()
    }

    fn push(&mut self, parent: u32, start: usize, kind: Kind, tag: u8) -> u32 {
        let index = self.found.tree.nodes.len() as u32;
        let start = start as u32;
        self.found.tree.nodes.push(Node { lead: start, start, parent, kind, tag, ..Node::default() });
        index
    }

    fn close(&mut self, index: u32, end: usize) {
        let next = self.found.tree.nodes.len() as u32;
        if let Some(node) = self.found.tree.nodes.get_mut(index as usize) {
            node.end = end as u32;
            node.next = next;
        }
    }

    fn end_of(&self, index: u32) -> usize {
        self.found.tree.nodes.get(index as usize).map_or(0, |node| node.end as usize)
    }

    /// Ends the leading segment where its last one ended.
    fn close_lead(&mut self) {
        if let Some((lead, _)) = self.lead.take() {
            let end = self.last_end();
            self.close(lead, end);
        }
    }

    /// The end of the last segment that was read.
    fn last_end(&self) -> usize {
        self.found.segments.last().map_or(0, |segment| self.end_of(segment.node.0))
    }

    fn close_message(&mut self) {
        self.close_lead();
        if let Some(message) = self.message.take() {
            let end = self.last_end();
            self.close(message, end);
        }
        self.counts.clear();
    }

    fn segment(&mut self, start: usize, end: usize, name: [u8; 3], heads: bool, delimiters: &Delimiters) {
        let known = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let after = self.source.get(start + 3).filter(|_| start + 3 < end);
        let formed = name.iter().all(known)
            && name.first().is_some_and(u8::is_ascii_uppercase)
            && after.is_none_or(|byte| *byte == delimiters.field);
        let envelope = matches!(&name, b"FHS" | b"BHS" | b"BTS" | b"FTS");
        if &name == b"MSH" || (envelope && self.message.is_none()) {
            let node = if envelope {
                NodeId(self.found.tree.nodes.len() as u32)
            } else {
                let node = self.push(0, start, Kind::Object, Label::Structure as u8);
                self.message = Some(node);
                NodeId(node)
            };
            self.found.messages.push(Message { node, delimiters: *delimiters, latin: false });
        }
        let definition = if formed { self.map.segment(name) } else { None };
        let nested = self.lead.filter(|(_, lead)| {
            let under = definition.and_then(|definition| definition.under);
            under == Some(*lead) || (under == Some(ANY) && !matches!(lead, b"MSH"))
        });
        let parent = match nested {
            Some((lead, _)) => lead,
            None => {
                self.close_lead();
                self.message.unwrap_or_default()
            }
        };
        if !formed {
            let index = self.push(parent, start, Kind::Text, Label::Unrecognised as u8);
            self.close(index, end);
            self.entry(index, EntryKind::Unrecognised, ElementId::NONE);
            self.irregular("malformed_segment", index);
            self.count(index, *b"   ");
            return;
        }
        let whose = definition.map_or(Whose::Patient, |definition| definition.whose);
        let label = if definition.is_some() { Label::Structure } else { Label::Unrecognised };
        let mut tag = Node::default();
        tag.set_tag(label, whose);
        let index = self.push(parent, start, Kind::Object, tag.tag);
        self.place(index, definition.map_or(ElementId::NONE, |definition| definition.element));
        self.count(index, name);
        if nested.is_none() && !envelope {
            let kind = match definition {
                Some(definition) => definition.kind,
                None => Some(EntryKind::Unrecognised),
            };
            if let Some(kind) = kind {
                let ty = definition.map_or(ElementId::NONE, |definition| definition.element);
                self.entry(index, kind, ty);
            }
            self.lead = Some((index, name));
        }
        if definition.is_none() {
            self.irregular("unknown_element", index);
        }
        self.fields(index, end, heads, definition, tag.tag);
        self.close(index, end);
        if &name == b"MSH" {
            self.character_set(index, delimiters);
        }
    }

    fn entry(&mut self, node: u32, kind: EntryKind, ty: ElementId) {
        self.found.entries.push(EntryHead { node: NodeId(node), kind, ty });
    }

    #[cold]
    fn irregular(&mut self, code: &'static str, node: u32) {
        self.found.irregularities.push(Irregularity { code, node: NodeId(node) });
    }

    fn count(&mut self, node: u32, name: [u8; 3]) {
        let ordinal = match self.counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((name, 1));
                1
            }
        };
        self.found.segments.push(SegmentAt { node: NodeId(node), ordinal });
    }

    fn place(&mut self, index: u32, element: ElementId) {
        if let Some(node) = self.found.tree.nodes.get_mut(index as usize) {
            node.element = element;
        }
    }

    /// The declared character set of a message: ISO 8859-1 is read as such, anything else must be UTF-8.
    fn character_set(&mut self, header: u32, delimiters: &Delimiters) {
        let span = self.found.tree.node(NodeId(header)).span();
        let header = span.of(self.source).unwrap_or_default();
        // The separator itself is MSH-1, so the eighteenth field is the seventeenth after the name.
        let declared = header.split(|byte| *byte == delimiters.field).nth(17).unwrap_or_default();
        let first = declared.split(|byte| Some(*byte) == delimiters.repetition).next().unwrap_or_default();
        if let Some(message) = self.found.messages.last_mut() {
            message.latin = matches!(first, b"8859/1" | b"8859-1" | b"ISO-8859-1" | b"ISO8859-1");
        }
    }

    /// The fields of a segment, from its separators.
    fn fields(&mut self, segment: u32, end: usize, heads: bool, definition: Option<&SegmentDef>, tag: u8) {
        let events = std::mem::take(&mut self.events);
        let mut number = if heads { 2 } else { 0 };
        let mut at = 0;
        while let Some((position, _)) = events.get(at).filter(|(_, what)| *what == class::FIELD) {
            number += 1;
            let start = *position as usize + 1;
            at += 1;
            let first = at;
            while events.get(at).is_some_and(|(_, what)| *what != class::FIELD) {
                at += 1;
            }
            let stop = events.get(at).map_or(end, |(position, _)| *position as usize);
            if start < stop {
                let inner = events.get(first..at).unwrap_or_default();
                let element = match definition {
                    Some(definition) => definition.fields.get(number).copied().unwrap_or_default(),
                    None => 0,
                };
                let element = match self.map.get(element).role {
                    Role::Observed => self.observed(segment, start),
                    _ => element,
                };
                let before = self.found.tree.nodes.len();
                self.field(segment, start, stop, inner, element, tag);
                if element == 0 && definition.is_some() && self.found.tree.nodes.len() > before {
                    self.irregular("unknown_element", before as u32);
                }
            }
        }
        // Separators of components before the first field are a malformed name; there is none in a formed one.
        self.events = events;
    }

    /// The element of a value whose type the second field says; without one it is text.
    fn observed(&self, segment: u32, value: usize) -> u16 {
        let header =
            self.source.get(self.found.tree.node(NodeId(segment)).start as usize..value).unwrap_or_default();
        let separator = header.get(3).copied().unwrap_or_default();
        let declared = header.split(|byte| *byte == separator).nth(2).unwrap_or_default();
        if declared.is_empty() { self.map.observed(b"ST") } else { self.map.observed(declared) }
    }

    fn field(&mut self, parent: u32, start: usize, end: usize, events: &[Event], element: u16, outer: u8) {
        if !events.iter().any(|(_, what)| *what == class::REPETITION) {
            self.value(parent, start, end, events, element, outer);
            return;
        }
        let tag = container(self.map.get(element), element, outer);
        let list = self.push(parent, start, Kind::List, tag);
        self.place(list, ElementId(element));
        let mut from = (start, 0);
        for (at, (position, what)) in events.iter().enumerate() {
            if *what == class::REPETITION {
                let inner = events.get(from.1..at).unwrap_or_default();
                self.value(list, from.0, *position as usize, inner, element, outer);
                from = (*position as usize + 1, at + 1);
            }
        }
        self.value(list, from.0, end, events.get(from.1..).unwrap_or_default(), element, outer);
        self.close_container(list, end);
    }

    /// One repetition of a field.
    fn value(&mut self, parent: u32, start: usize, end: usize, events: &[Event], element: u16, outer: u8) {
        if start >= end {
            return;
        }
        let known = self.map.get(element);
        if let Some(kind) = known.entry {
            let index = self.found.tree.nodes.len();
            self.entry(index as u32, kind, ElementId(element));
            self.parts(parent, start, end, events, (element, known), outer, class::COMPONENT);
            if self.found.tree.nodes.len() == index {
                self.found.entries.pop();
            }
        } else {
            self.parts(parent, start, end, events, (element, known), outer, class::COMPONENT);
        }
    }

    /// A value with the parts that separators of `level` and below make; a leaf where there are none.
    #[allow(clippy::too_many_arguments)]
    fn parts(
        &mut self,
        parent: u32,
        start: usize,
        end: usize,
        events: &[Event],
        (element, known): (u16, Element),
        outer: u8,
        level: u8,
    ) {
        if start >= end {
            return;
        }
        if events.is_empty() || known.opaque {
            self.leaf(parent, start, end, element, outer);
            return;
        }
        let tag = container(known, element, outer);
        let object = self.push(parent, start, Kind::Object, tag);
        self.place(object, ElementId(element));
        let mut from = (start, 0);
        let cuts = events.iter().enumerate().filter(|(_, (_, what))| *what == level);
        let cuts = cuts.map(|(at, (position, _))| (at, *position as usize));
        let cuts = cuts.chain(std::iter::once((events.len(), end)));
        for (number, (at, position)) in cuts.enumerate() {
            let inner = events.get(from.1..at).unwrap_or_default();
            let part = match known.components {
                0 if number == 0 => element,
                components if number < usize::from(components) => known.first + number as u16,
                _ => 0,
            };
            if level == class::COMPONENT {
                let described = self.map.get(part);
                self.parts(object, from.0, position, inner, (part, described), tag, class::SUB);
            } else if from.0 < position {
                self.leaf(object, from.0, position, part, tag);
            }
            from = (position + 1, at + 1);
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
        if self.found.tree.nodes.len() == index as usize + 1 {
            self.found.tree.nodes.pop();
        } else {
            self.close(index, end);
        }
    }

    fn leaf(&mut self, parent: u32, start: usize, end: usize, element: u16, outer: u8) {
        let (element, known) = self.map.leaf(element);
        let raw = self.source.get(start..end).unwrap_or_default();
        let kind = if raw == NULL {
            Kind::Null
        } else if known.number && is_number(raw) {
            Kind::Number
        } else {
            Kind::Text
        };
        let label = if element == 0 { Label::Unrecognised } else { known.label };
        let index = self.push(parent, start, kind, label as u8 | whose(known, outer));
        self.place(index, ElementId(element));
        self.close(index, end);
    }

    /// The child that is the component of this number.
    fn component(&self, object: u32, known: Element, number: u16) -> Option<NodeId> {
        let (wanted, _) = self.map.leaf(known.first + number - 1);
        self.found
            .tree
            .children(NodeId(object))
            .find(|child| self.found.tree.node(*child).element.0 == wanted)
    }

    fn relabel(&mut self, node: NodeId, label: Label) {
        if let Some(node) = self.found.tree.nodes.get_mut(node.index()) {
            let whose = node.whose();
            node.set_tag(label, whose);
        }
    }

    /// What a number is, its type code says.
    fn identifier(&mut self, object: u32, known: Element) {
        let (Some(number), Some(ty)) = (self.component(object, known, 1), self.component(object, known, 5))
        else {
            return;
        };
        let ty = self.found.tree.node(ty).span().of(self.source).unwrap_or_default();
        if let Some(label) = std::str::from_utf8(ty).ok().and_then(identifier_type) {
            self.relabel(number, label);
        }
    }

    /// What a contact value is, its equipment type says.
    fn telecom(&mut self, object: u32, known: Element) {
        let (Some(value), Some(ty)) = (self.component(object, known, 1), self.component(object, known, 3))
        else {
            return;
        };
        match self.found.tree.node(ty).span().of(self.source) {
            Some(b"FX") => self.relabel(value, Label::Fax),
            Some(b"Internet" | b"X.400" | b"INTERNET") => self.relabel(value, Label::Email),
            _ => {}
        }
    }
}

/// The upper bits of a tag: whose an element is inside of `outer`.
fn whose(known: Element, outer: u8) -> u8 {
    known.whose.map_or(outer & 0xc0, |whose| (whose as u8) << 6)
}

/// The tag of a container of parts that have labels of their own.
fn container(known: Element, element: u16, outer: u8) -> u8 {
    let label = if element == 0 { Label::Unrecognised } else { Label::Structure };
    label as u8 | whose(known, outer)
}

/// Whether a text is a number as the data type NM writes one.
fn is_number(raw: &[u8]) -> bool {
    let unsigned = raw.strip_prefix(b"+").or_else(|| raw.strip_prefix(b"-")).unwrap_or(raw);
    let digits = unsigned.iter().filter(|byte| byte.is_ascii_digit()).count();
    let dots = unsigned.iter().filter(|byte| **byte == b'.').count();
    digits > 0 && dots <= 1 && digits + dots == unsigned.len()
}

/// Refuses bytes that are no text in the character set of their message.
fn encodings(source: &[u8], found: &Scanned) -> Result<()> {
    if std::str::from_utf8(source).is_ok() {
        return Ok(());
    }
    let mut checked = 0;
    let latin = found.messages.iter().filter(|message| message.latin);
    let spans = latin.map(|message| found.tree.node(message.node).span());
    for span in spans.chain(std::iter::once(crate::text::Span::new(source.len(), source.len()))) {
        let between = source.get(checked..span.start).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(between) {
            return Err(Error::new(&codes::INVALID_UTF8).at_offset(checked + error.valid_up_to()));
        }
        checked = span.end;
    }
    Ok(())
}

/// Whether the source begins as a message or a batch of them does.
pub(in crate::formats) fn begins_message(source: &[u8]) -> bool {
    let gap = |byte: &u8| matches!(byte, b'\r' | b'\n' | &BLOCK_START);
    let start = source.iter().position(|byte| !gap(byte)).unwrap_or(source.len());
    let rest = source.get(start..).unwrap_or_default();
    matches!(rest.get(..3), Some(b"MSH" | b"FHS" | b"BHS"))
}
