//! HL7 v2, versions 2.1 to 2.8.2: messages, batches and files of them, with any delimiters.
//!
//! The tree has the source as its root, in it the messages and the segments of envelopes; a message holds segments, a
//! segment its fields and those segments that belong to it (`PD1` to `PID`, `NTE` to whatever it annotates).

pub(super) mod date;
mod delimiters;
mod map;
mod path;
mod place;
mod scan;
mod segments;
mod separators;
mod stream;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use super::dialect::{Beside, CodingParts, Dialect, Parsed, PathRenderer, Reading};
use super::edit::{Edits, Emptied};
use super::field::{EntryKind, Field};
use super::label::Label;
use super::places::Places;
use super::segment::Segment;
use super::tree::{ElementId, Kind, NodeId};
use crate::error::Result;
use crate::formats::Irregularity;
use crate::text::{PartialDate, Span};
use delimiters::Delimiters;
use map::{Map, SegmentDef};
use place::NodeSet;
use scan::{Message, SegmentAt};

pub(super) use scan::begins_message;
pub(crate) use stream::Messages;

pub(in crate::formats) use date::{is_time, iso_date};

/// One source of HL7 v2: its delimiters and where its segments stand.
pub struct Hl7v2 {
    map: &'static Map,
    /// Messages and segments of envelopes.
    messages: Vec<Message>,
    /// The messages among them.
    heads: Vec<NodeId>,
    segments: Vec<SegmentAt>,
    /// The patients, and the visits, to which the other entries of their message belong.
    owners: [(EntryKind, Vec<NodeId>); 2],
    /// The numbers of what stands in wide segments, counted when the first is asked for.
    places: OnceLock<Places>,
    /// The segments by message and name, put in order when the first is looked for.
    by_name: OnceLock<Vec<u32>>,
    /// The nodes that are segments, and those that the standard asks for, gathered when the first is asked about.
    is_segment: OnceLock<NodeSet>,
    is_needed: OnceLock<NodeSet>,
}

impl std::fmt::Debug for Hl7v2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hl7v2").field("segments", &self.segments.len()).finish_non_exhaustive()
    }
}

/// The explicit null: what stands in place of a value that is withheld or was deleted.
const NULL: &[u8] = b"\"\"";

/// Reads a source from byte `from` on.
///
/// # Errors
/// `empty_input`, `too_large`, `not_a_message`, `invalid_utf8`; each with the byte offset.
pub fn read(source: &[u8], from: usize) -> Result<Reading> {
    let map = Map::embedded()?;
    let scan::Scanned { tree, entries, mut irregularities, messages, segments } =
        scan::scan(map, source, from)?;
    if from > 0 {
        irregularities.push(Irregularity { code: "byte_order_mark", node: NodeId::ROOT });
    }
    let owners = [EntryKind::Person, EntryKind::Encounter].map(|kind| {
        let own = entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.node);
        (kind, own.collect())
    });
    let mut dialect = Hl7v2 {
        map,
        messages,
        heads: Vec::new(),
        segments,
        owners,
        places: OnceLock::new(),
        by_name: OnceLock::new(),
        is_segment: OnceLock::new(),
        is_needed: OnceLock::new(),
    };
    let heads = dialect.messages.iter().map(|message| message.node);
    dialect.heads = heads.filter(|node| !dialect.is_segment(*node)).collect();
    Ok(Reading { tree, entries, irregularities, dialect: Arc::new(dialect) })
}

impl Hl7v2 {
    /// The message, or segment of an envelope, that holds the node.
    fn message_of(&self, id: NodeId) -> Option<&Message> {
        let after = self.messages.partition_point(|message| message.node <= id);
        self.messages.get(after.checked_sub(1)?)
    }

    /// The segment that holds the node, the innermost.
    fn segment_of(&self, id: NodeId) -> Option<SegmentAt> {
        let after = self.segments.partition_point(|segment| segment.node <= id);
        self.segments.get(after.checked_sub(1)?).copied()
    }

    fn is_segment(&self, id: NodeId) -> bool {
        let nodes = || self.segments.iter().map(|segment| segment.node).collect();
        self.is_segment.get_or_init(nodes).holds(id)
    }

    /// The name of a segment where the standard or its rule for own segments gives it; else `?`.
    fn segment_name<'a>(&self, parsed: Parsed<'a>, id: NodeId, raw: &'a [u8]) -> &'a str {
        let known = parsed.tree.node(id).element() != ElementId::NONE;
        let name = raw.get(..3).and_then(|name| std::str::from_utf8(name).ok());
        name.filter(|name| known || (name.starts_with('Z') && parsed.tree.node(id).kind() == Kind::Object))
            .unwrap_or("?")
    }

    fn definition(&self, parsed: Parsed<'_>, segment: NodeId) -> Option<&SegmentDef> {
        self.map.segment(parsed.raw(segment).first_chunk::<3>().copied()?)
    }

    fn delimiters(&self, id: NodeId) -> Option<&Delimiters> {
        self.message_of(id).map(|message| &message.delimiters)
    }

    /// Whether the standard asks for the field, or a part of it that stands for the whole.
    fn is_needed(&self, parsed: Parsed<'_>, id: NodeId) -> bool {
        self.is_needed.get_or_init(|| self.needed(parsed)).holds(id)
    }

    /// Which of the codes in its container a component is a part of: the first, the alternate, the second alternate.
    const fn group(number: usize) -> u32 {
        match number {
            1..=3 | 7 | 9 => 1,
            4..=6 | 8 => 2,
            10..=13 => 3,
            _ => 0,
        }
    }
}

impl Dialect for Hl7v2 {
    fn fields(&self) -> &[Option<Field>] {
        self.map.fields()
    }

    fn type_name(&self, ty: ElementId) -> Option<&'static str> {
        self.map.name(ty)
    }

    fn is_contained(&self, _parsed: Parsed<'_>, entry: NodeId) -> bool {
        !self.is_segment(entry)
    }

    fn belonging(&self, parsed: Parsed<'_>, entry: NodeId, kind: EntryKind) -> Option<NodeId> {
        let message = self.message_of(entry)?.node;
        let (_, owners) = self.owners.iter().find(|(owned, _)| *owned == kind)?;
        let first = owners.partition_point(|owner| *owner < message);
        let before = owners.partition_point(|owner| *owner < entry);
        // The last one before the entry; else the first of the message.
        let own = owners.get(before.max(first + 1) - 1).copied();
        own.filter(|owner| *owner != entry && parsed.tree.is_within(*owner, message))
    }

    fn text<'a>(&self, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
        match parsed.tree.node(id).kind() {
            Kind::Text | Kind::Number | Kind::Flag => {}
            Kind::Object | Kind::List | Kind::Null => return None,
        }
        let message = match self.messages.as_slice() {
            [only] => only,
            _ => self.message_of(id)?,
        };
        let raw = parsed.raw(id);
        let (mut all, mut escaped) = (0, false);
        for byte in raw {
            all |= byte;
            escaped |= Some(*byte) == message.delimiters.escape;
        }
        if !escaped && (all < 0x80 || !message.latin) {
            return std::str::from_utf8(raw).ok().map(Cow::Borrowed);
        }
        let bytes = message.delimiters.decode(raw);
        if message.latin && !bytes.is_ascii() {
            return Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into());
        }
        match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            // An escape can stand for bytes that are no text.
            Cow::Owned(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned().into()),
        }
    }

    /// Each message of a batch may have delimiters and a character set of its own.
    fn reads_alike(&self) -> bool {
        let reading = |message: &Message| (message.delimiters, message.latin);
        self.messages.windows(2).all(|pair| matches!(pair, [a, b] if reading(a) == reading(b)))
    }

    fn encode(&self, parsed: Parsed<'_>, id: NodeId, text: &str, out: &mut Vec<u8>) -> bool {
        let node = parsed.tree.node(id);
        let Some(message) = self.message_of(id) else { return false };
        let leaf = !matches!(node.kind(), Kind::Object | Kind::List);
        let number = node.kind() != Kind::Number || text.parse::<f64>().is_ok_and(f64::is_finite);
        if !leaf || !number || text.as_bytes() == NULL {
            return false;
        }
        if message.latin {
            let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            return latin.is_some_and(|latin| message.delimiters.encode(&latin, out));
        }
        message.delimiters.encode(text.as_bytes(), out)
    }

    fn iso_date<'a>(&self, text: Cow<'a, str>) -> Option<Cow<'a, str>> {
        iso_date(text)
    }

    fn date(&self, text: &str) -> Option<PartialDate> {
        date::read(text)
    }

    fn is_time(&self, text: &str) -> bool {
        is_time(text)
    }

    fn coding_parts(&self, parsed: Parsed<'_>, leaf: NodeId) -> CodingParts {
        let tree = parsed.tree;
        let put = |parts: &mut CodingParts, id: NodeId, label: Label| {
            let part = match label {
                Label::Code => &mut parts.code,
                Label::CodeSystem => &mut parts.system,
                Label::CodeText => &mut parts.text,
                _ => return,
            };
            part.get_or_insert(id);
        };
        let holder = tree
            .parent(leaf)
            .filter(|holder| tree.kind_and_label(*holder).0 == Kind::Object && !self.is_segment(*holder));
        // A code that stands alone in its field has no parts beside it.
        let Some(holder) = holder else {
            let mut parts = CodingParts::default();
            put(&mut parts, leaf, tree.kind_and_label(leaf).1);
            return parts;
        };
        let mut groups = [CodingParts::default(); 4];
        let mut own = 0;
        self.for_each_numbered(parsed, holder, |number, id, node| {
            let group = Self::group(number) as usize;
            if id == leaf {
                own = group;
            }
            if let Some(parts) = groups.get_mut(group) {
                put(parts, id, node.label());
            }
        });
        groups.get(own).copied().unwrap_or_default()
    }

    fn coding_group(&self, parsed: Parsed<'_>, leaf: NodeId) -> u32 {
        match parsed.tree.parent(leaf) {
            Some(parent) if self.is_segment(parent) => 1000 + self.number(parsed, leaf) as u32,
            _ => Self::group(self.number(parsed, leaf)),
        }
    }

    fn system<'a>(&self, parsed: Parsed<'a>, parts: &CodingParts) -> Option<Cow<'a, str>> {
        if let Some(system) = parts.system {
            let name = self.text(parsed, system)?;
            return Some(self.map.system(&name).unwrap_or(name));
        }
        let code = parts.code?;
        let table = self.map.get(parsed.tree.node(code).element().0).table;
        if table != 0 {
            return Some(self.map.table(table));
        }
        // Before version 2.4 the second field of a diagnosis or procedure said the system of its code.
        let segment = self.segment_of(code)?.node;
        if !matches!(parsed.raw(segment).get(..3), Some(b"DG1" | b"PR1")) {
            return None;
        }
        let method = parsed.tree.children(segment).find(|field| self.number(parsed, *field) == 2)?;
        self.map.system(&self.text(parsed, method)?)
    }

    fn paths<'a>(&'a self, parsed: Parsed<'a>) -> Box<dyn PathRenderer + 'a> {
        Box::new(path::Paths::new(self, parsed))
    }

    fn locate(&self, parsed: Parsed<'_>, path: &str) -> std::result::Result<NodeId, usize> {
        path::locate(self, parsed, path)
    }

    fn segments(&self, parsed: Parsed<'_>) -> Vec<Segment> {
        segments::of(parsed)
    }

    fn joins(&self, parsed: Parsed<'_>, container: NodeId) -> bool {
        parsed.tree.node(container).kind() == Kind::List
    }

    /// A repetition goes with one separator, a segment with its end; what is known by its place leaves it empty.
    fn cut(&self, parsed: Parsed<'_>, id: NodeId, beside: Beside) -> Span {
        let span = parsed.tree.node(id).span();
        let message = parsed.tree.parent(id) == Some(NodeId::ROOT);
        if self.is_segment(id) || message {
            let after = parsed.source.get(span.end..).unwrap_or_default();
            let ending = match after {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => 0,
            };
            return Span::new(span.start, span.end + ending);
        }
        match beside {
            Beside::Before => Span::new(span.start.saturating_sub(1), span.end),
            Beside::After => Span::new(span.start, span.end + 1),
            Beside::Nothing => span,
        }
    }

    fn emptied(&self, parsed: Parsed<'_>, id: NodeId) -> Emptied {
        if id == NodeId::ROOT || parsed.tree.parent(id) == Some(NodeId::ROOT) {
            return Emptied::Keep;
        }
        if self.is_segment(id) {
            let required = self.definition(parsed, id).is_some_and(|definition| definition.required);
            return if required { Emptied::Keep } else { Emptied::Remove };
        }
        if self.is_needed(parsed, id) { Emptied::Replace(Cow::Borrowed(NULL)) } else { Emptied::Remove }
    }

    fn withhold(&self, edits: &mut Edits<'_>, id: NodeId) -> bool {
        let needed = self.is_needed(edits.parsed(), id);
        if needed {
            edits.replace_value(id, NULL);
        } else {
            edits.remove(id);
        }
        needed
    }

    fn mask(&self, edits: &mut Edits<'_>, id: NodeId) {
        edits.replace_value(id, NULL);
    }

    fn is_required(&self, parsed: Parsed<'_>, id: NodeId) -> bool {
        self.is_needed(parsed, id)
    }
}
