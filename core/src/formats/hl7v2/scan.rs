//! The scanner: messages and segments as labelled nodes; what is in a segment, `values` reads from its separators.

use std::collections::HashMap;

use super::delimiters::{BLOCK_END, BLOCK_START, Delimiters, class};
use super::map::{ANY, Map};
use super::separators::Separators;
use crate::error::{Error, Result, codes};
use crate::formats::Irregularity;
use crate::formats::dialect::EntryHead;
use crate::formats::field::EntryKind;
use crate::formats::label::{Label, Whose};
use crate::formats::packed::Packed;
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
        nodes: Packed::with_capacity(source.len() / 6 + 8),
        // Segments of real messages have a hundred bytes and more.
        entries: Vec::with_capacity(source.len() / 96 + 8),
        irregularities: Vec::new(),
        messages: Vec::with_capacity(1),
        segments: Vec::with_capacity(source.len() / 96 + 8),
        events: vec![Event::default(); 128],
        counts: Counts { few: Vec::with_capacity(16), ..Counts::default() },
        outside: Counts::default(),
        message: None,
        lead: None,
    };
    scanner.run(from)?;
    let Scanner { mut nodes, entries, irregularities, messages, segments, .. } = scanner;
    nodes.shrink_to_fit();
    let found = Scanned { tree: Tree::of_packed(nodes), entries, irregularities, messages, segments };
    encodings(source, &found)?;
    Ok(found)
}

/// How many segments of each name there are. Real messages have few names, which are looked through; beyond that many
/// they are looked up.
#[derive(Default)]
struct Counts {
    few: Vec<([u8; 3], u32)>,
    many: HashMap<[u8; 3], u32>,
}

impl Counts {
    /// Counts one more of a name; gives how many there are now.
    fn next(&mut self, name: [u8; 3]) -> u32 {
        const FEW: usize = 32;
        let full = self.few.len() == FEW;
        let count = match self.few.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => count,
            None if full => self.many.entry(name).or_default(),
            None => {
                self.few.push((name, 1));
                return 1;
            }
        };
        *count += 1;
        *count
    }
}

/// A separator.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Event {
    pub(super) at: u32,
    /// How many separators of fields stand right before this one of a field: those of empty fields, which are no events
    /// of their own.
    pub(super) empty: u16,
    /// What it separates.
    pub(super) what: u8,
}

const _: () = assert!(size_of::<Event>() == 8);

/// The walk in hand, with what it found.
pub(super) struct Scanner<'s> {
    pub(super) map: &'static Map,
    pub(super) source: &'s [u8],
    pub(super) nodes: Packed,
    entries: Vec<EntryHead>,
    irregularities: Vec<Irregularity>,
    messages: Vec<Message>,
    segments: Vec<SegmentAt>,
    /// The separators of the segment in hand, and room for more.
    pub(super) events: Vec<Event>,
    /// How many segments of each name the message has.
    counts: Counts,
    /// How many of each name stand outside of messages.
    outside: Counts,
    /// The message in hand.
    message: Option<u32>,
    /// The segment to which those that follow may belong.
    lead: Option<(u32, [u8; 3])>,
}

impl Scanner<'_> {
    fn run(&mut self, from: usize) -> Result<()> {
        let mut at = self.skip_gap(from);
        if at >= self.source.len() {
            return Err(Error::new(&codes::EMPTY_INPUT).at_offset(from));
        }
        self.push(0, (at, self.source.len()), Kind::Object, Label::Structure as u8, ElementId::NONE);
        let mut current: Option<(Delimiters, Separators)> = None;
        while at < self.source.len() {
            let rest = self.source.get(at..).unwrap_or_default();
            let name = rest.first_chunk::<3>().copied().unwrap_or_default();
            let heads = matches!(&name, b"MSH" | b"FHS" | b"BHS");
            let declared = if heads { Delimiters::read(rest) } else { None };
            if let Some((delimiters, _)) = declared
                && current.as_ref().is_none_or(|(before, _)| *before != delimiters)
            {
                current = Some((delimiters, Separators::of(&delimiters)));
            }
            let Some((delimiters, separators)) = current.as_mut().filter(|_| !heads || declared.is_some())
            else {
                return Err(Error::new(&codes::NOT_A_MESSAGE).at_offset(at));
            };
            if heads || matches!(&name, b"BTS" | b"FTS") {
                self.close_message();
            }
            let from = declared.map_or(at, |(_, length)| at + length);
            let (end, events) = self.separators(from, separators);
            let delimiters = *delimiters;
            self.segment(at, end, name, heads, &delimiters, events);
            at = self.skip_gap(end);
        }
        self.close_message();
        self.nodes.finish(0);
        Ok(())
    }

    /// Passes over what can stand between segments.
    fn skip_gap(&self, from: usize) -> usize {
        let gap = |byte: &u8| matches!(byte, b'\r' | b'\n' | &BLOCK_START | &BLOCK_END);
        let rest = self.source.get(from..).unwrap_or_default();
        rest.iter().position(|byte| !gap(byte)).map_or(self.source.len(), |step| from + step)
    }

    /// Collects the separators of the segment up to its end, which comes back with how many there are.
    fn separators(&mut self, from: usize, separators: &mut Separators) -> (usize, usize) {
        separators.seek(from);
        let (mut last, mut count) = (Event::default(), 0);
        while let Some((at, what)) = separators.next(self.source) {
            if what == class::END {
                return (at, count);
            }
            let at = at as u32;
            // Whether a field is empty cannot be foreseen, so that nothing branches on it: an event is written over the
            // one before, or after it.
            let empty = (what == class::FIELD)
                & (last.what == class::FIELD)
                & (at == last.at + 1)
                & (last.empty < u16::MAX);
            last = Event { at, empty: (last.empty + 1) * u16::from(empty), what };
            count += usize::from(!empty);
            if count > self.events.len() {
                self.events.resize(2 * count, Event::default());
            }
            if let Some(slot) = self.events.get_mut(count - 1) {
                *slot = last;
            }
        }
        (self.source.len(), count)
    }

    /// Appends a container, to be finished after its last node.
    pub(super) fn push(
        &mut self,
        parent: u32,
        (start, end): (usize, usize),
        kind: Kind,
        tag: u8,
        element: ElementId,
    ) -> u32 {
        let next = self.nodes.len() as u32 + 1;
        let (start, end) = (start as u32, end as u32);
        self.nodes.push(&Node { lead: start, start, end, next, parent, element, kind, tag })
    }

    fn end_of(&self, index: u32) -> usize {
        self.nodes.node(NodeId(index)).end as usize
    }

    /// Ends the leading segment where its last one ended.
    fn close_lead(&mut self) {
        if let Some((lead, _)) = self.lead.take() {
            let end = self.last_end();
            self.nodes.close(lead, end);
        }
    }

    /// The end of the last segment that was read.
    fn last_end(&self) -> usize {
        self.segments.last().map_or(0, |segment| self.end_of(segment.node.0))
    }

    fn close_message(&mut self) {
        self.close_lead();
        if let Some(message) = self.message.take() {
            let end = self.last_end();
            self.nodes.close(message, end);
        }
        self.counts.few.clear();
        self.counts.many.clear();
    }

    fn segment(
        &mut self,
        start: usize,
        end: usize,
        name: [u8; 3],
        heads: bool,
        delimiters: &Delimiters,
        events: usize,
    ) {
        let known = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let after = self.source.get(start + 3).filter(|_| start + 3 < end);
        let formed = name.iter().all(known)
            && name.first().is_some_and(u8::is_ascii_uppercase)
            && after.is_none_or(|byte| *byte == delimiters.field);
        let envelope = matches!(&name, b"FHS" | b"BHS" | b"BTS" | b"FTS");
        if &name == b"MSH" || (envelope && self.message.is_none()) {
            let node = if envelope {
                NodeId(self.nodes.len() as u32)
            } else {
                let tag = Label::Structure as u8;
                let node = self.push(0, (start, end), Kind::Object, tag, ElementId::NONE);
                self.message = Some(node);
                NodeId(node)
            };
            self.messages.push(Message { node, delimiters: *delimiters, latin: false });
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
            let tag = Label::Unrecognised as u8;
            let index = self.push(parent, (start, end), Kind::Text, tag, ElementId::NONE);
            self.entry(index, EntryKind::Unrecognised, ElementId::NONE);
            self.irregular("malformed_segment", index);
            self.count(index, *b"   ");
            return;
        }
        let whose = definition.map_or(Whose::Patient, |definition| definition.whose);
        let label = if definition.is_some() { Label::Structure } else { Label::Unrecognised };
        let mut tag = Node::default();
        tag.set_tag(label, whose);
        let element = definition.map_or(ElementId::NONE, |definition| definition.element);
        let index = self.push(parent, (start, end), Kind::Object, tag.tag, element);
        self.count(index, name);
        if nested.is_none() && !envelope {
            let kind = match definition {
                Some(definition) => definition.kind,
                None => Some(EntryKind::Unrecognised),
            };
            if let Some(kind) = kind {
                self.entry(index, kind, element);
            }
            self.lead = Some((index, name));
        }
        if definition.is_none() {
            self.irregular("unknown_element", index);
        }
        self.fields(index, end, heads, definition, (tag.tag, events));
        self.nodes.finish(index);
        if &name == b"MSH" {
            self.character_set(index, delimiters);
        }
    }

    pub(super) fn entry(&mut self, node: u32, kind: EntryKind, ty: ElementId) {
        self.entries.push(EntryHead { node: NodeId(node), kind, ty });
    }

    /// Takes the last entry back: nothing stands in it.
    pub(super) fn drop_entry(&mut self) {
        self.entries.pop();
    }

    #[cold]
    pub(super) fn irregular(&mut self, code: &'static str, node: u32) {
        self.irregularities.push(Irregularity { code, node: NodeId(node) });
    }

    fn count(&mut self, node: u32, name: [u8; 3]) {
        let counts = if self.message.is_some() { &mut self.counts } else { &mut self.outside };
        self.segments.push(SegmentAt { node: NodeId(node), ordinal: counts.next(name) });
    }

    /// The declared character set of a message: ISO 8859-1 is read as such, anything else must be UTF-8.
    fn character_set(&mut self, header: u32, delimiters: &Delimiters) {
        let span = self.nodes.node(NodeId(header)).span();
        let header = span.of(self.source).unwrap_or_default();
        // The separator itself is MSH-1, so the eighteenth field is the seventeenth after the name.
        let declared = header.split(|byte| *byte == delimiters.field).nth(17).unwrap_or_default();
        let first = declared.split(|byte| Some(*byte) == delimiters.repetition).next().unwrap_or_default();
        if let Some(message) = self.messages.last_mut() {
            message.latin = matches!(first, b"8859/1" | b"8859-1" | b"ISO-8859-1" | b"ISO8859-1");
        }
    }
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
