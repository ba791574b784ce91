//! Which field, repetition, component or sub-component a node is of its container, and the other way round; which
//! segment of its name a segment is. Both without reading a wide segment or a long message anew for every question.

use std::ops::Range;

use super::{Hl7v2, SegmentAt};
use crate::formats::dialect::Parsed;
use crate::formats::places::{Places, WIDE};
use crate::formats::tree::{Kind, Node, NodeId};

/// Names of malformed segments: those have none.
const NAMELESS: [u8; 3] = *b"   ";

/// What separates the children of a container, and the number of one before which no separator stands.
type Numbering = (Option<u8>, usize);

/// What stands between values is mostly shorter than it pays to search for.
const SHORT: usize = 24;

/// Some nodes of a source: a bit for each up to the last of them.
pub(super) struct NodeSet(Vec<u64>);

impl NodeSet {
    pub(super) fn holds(&self, id: NodeId) -> bool {
        self.0.get(id.index() / 64).is_some_and(|bits| bits >> (id.index() % 64) & 1 == 1)
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut all: Vec<u64> = Vec::new();
        for id in nodes {
            let at = id.index() / 64;
            if at >= all.len() {
                all.resize(at + 1, 0);
            }
            if let Some(bits) = all.get_mut(at) {
                *bits |= 1 << (id.index() % 64);
            }
        }
        Self(all)
    }
}

impl Hl7v2 {
    /// The fields that the standard asks for.
    pub(super) fn needed(&self, parsed: Parsed<'_>) -> NodeSet {
        let mut nodes = Vec::new();
        for SegmentAt { node, .. } in &self.segments {
            let Some(definition) = self.definition(parsed, *node) else { continue };
            if definition.needed.is_empty() {
                continue;
            }
            self.for_each_numbered(parsed, *node, |number, child, _| {
                if definition.needed.iter().any(|needed| usize::from(*needed) == number) {
                    nodes.push(child);
                }
            });
        }
        nodes.into_iter().collect()
    }

    /// Tells every child of a container with its number, from one pass over it.
    pub(super) fn for_each_numbered(
        &self,
        parsed: Parsed<'_>,
        container: NodeId,
        mut tell: impl FnMut(usize, NodeId, Node),
    ) {
        let tree = parsed.tree;
        let Some((separator, mut number)) = self.numbering(parsed, container) else { return };
        let mut from = tree.node(container).span().start;
        let segment = self.is_segment(container);
        let end = if segment { self.own(parsed, container).end } else { u32::MAX };
        let (mut child, end) = (NodeId(container.0 + 1), end.min(tree.next(container).0));
        while child.0 < end {
            let node = tree.node(child);
            let start = node.span().start;
            number += count(parsed, from, start, separator);
            from = start;
            tell(number, child, node);
            child = NodeId(node.next.max(child.0 + 1));
        }
    }

    fn numbering(&self, parsed: Parsed<'_>, container: NodeId) -> Option<Numbering> {
        let delimiters = self.delimiters(container)?;
        if self.is_segment(container) {
            // The separator itself is the first field of a segment that declares it.
            let declares = matches!(parsed.raw(container).get(..3), Some(b"MSH" | b"FHS" | b"BHS"));
            return Some((Some(delimiters.field), usize::from(declares)));
        }
        let separator = match parsed.tree.node(container).kind() {
            Kind::List => delimiters.repetition,
            _ if self.is_component(parsed, container) => delimiters.sub,
            _ => Some(delimiters.component),
        };
        Some((separator, 1))
    }

    /// Whether a container is a component, so that its parts are sub-components.
    fn is_component(&self, parsed: Parsed<'_>, container: NodeId) -> bool {
        let Some(outer) = parsed.tree.parent(container) else { return false };
        parsed.tree.node(outer).kind() == Kind::Object && !self.is_segment(outer)
    }

    /// The number of a node in its container, from 1: of a field, repetition, component or sub-component.
    pub(super) fn number(&self, parsed: Parsed<'_>, id: NodeId) -> usize {
        if let Some(number) = self.places(parsed).of(id) {
            return number;
        }
        let Some(parent) = parsed.tree.parent(id) else { return 0 };
        let Some((separator, first)) = self.numbering(parsed, parent) else { return 0 };
        first + separators(parsed, parsed.tree.node(parent).span().start, id, separator)
    }

    /// The child of this number of a container.
    pub(super) fn numbered(&self, parsed: Parsed<'_>, container: NodeId, wanted: usize) -> Option<NodeId> {
        let tree = parsed.tree;
        let own = self.own(parsed, container);
        if self.places(parsed).of(NodeId(own.start)).is_none() {
            let (separator, mut number) = self.numbering(parsed, container)?;
            let mut from = tree.node(container).span().start;
            return tree.children(container).take_while(|child| child.0 < own.end).find(|child| {
                number += separators(parsed, from, *child, separator);
                from = tree.node(*child).span().start;
                number == wanted
            });
        }
        let Range { mut start, mut end } = own;
        while start < end {
            let mut child = NodeId(start + (end - start) / 2);
            while let Some(parent) = tree.parent(child).filter(|parent| *parent > container) {
                child = parent;
            }
            match self.number(parsed, child).cmp(&wanted) {
                std::cmp::Ordering::Equal => return Some(child),
                std::cmp::Ordering::Less => start = tree.next(child).0,
                std::cmp::Ordering::Greater => end = child.0,
            }
        }
        None
    }

    /// The nodes in a container without those of segments that belong to it, which follow its own.
    fn own(&self, parsed: Parsed<'_>, container: NodeId) -> Range<u32> {
        let after = self.segments.partition_point(|segment| segment.node <= container);
        let next = self.segments.get(after).map_or(u32::MAX, |segment| segment.node.0);
        container.0 + 1..next.min(parsed.tree.next(container).0)
    }

    fn places(&self, parsed: Parsed<'_>) -> &Places {
        self.places.get_or_init(|| self.count_places(parsed))
    }

    /// Counts the places in wide segments: one pass over each for every level of separators.
    fn count_places(&self, parsed: Parsed<'_>) -> Places {
        let tree = parsed.tree;
        let mut places = Places::default();
        for (at, SegmentAt { node, .. }) in self.segments.iter().enumerate() {
            let next = self.segments.get(at + 1).map_or(tree.len(), |after| after.node.index());
            if next - node.index() <= WIDE {
                continue;
            }
            // Of every container around the node in hand: how it counts, where its last child begins, and the number
            // of that child.
            let mut open: Vec<(NodeId, Option<u8>, usize, usize)> = Vec::new();
            let own = self.own(parsed, *node);
            let number = |id: u32| -> Option<u32> {
                let id = NodeId(id);
                let parent = tree.parent(id)?;
                while open.last().is_some_and(|(container, ..)| *container > parent) {
                    open.pop();
                }
                if open.last().is_none_or(|(container, ..)| *container != parent) {
                    let (separator, first) = self.numbering(parsed, parent)?;
                    open.push((parent, separator, tree.node(parent).span().start, first));
                }
                let (_, separator, from, number) = open.last_mut()?;
                *number += separators(parsed, *from, id, *separator);
                *from = tree.node(id).span().start;
                u32::try_from(*number).ok()
            };
            let start = NodeId(own.start);
            let numbers: Vec<u32> = own.map(number).map(Option::unwrap_or_default).collect();
            places.push(start, numbers);
        }
        places
    }

    /// The segment of this name and number in a message, or outside of messages where `within` is the root.
    pub(super) fn segment_at(
        &self,
        parsed: Parsed<'_>,
        within: NodeId,
        name: &str,
        ordinal: usize,
    ) -> Option<NodeId> {
        let key = |at: u32| {
            let node = self.segments.get(at as usize).map_or(NodeId::ROOT, |segment| segment.node);
            let outer = self.message_of(node).map_or(NodeId::ROOT, |message| message.node);
            let outer = if self.is_segment(outer) { NodeId::ROOT } else { outer };
            let formed = parsed.tree.node(node).kind() == Kind::Object;
            let name = parsed.raw(node).first_chunk::<3>().copied().filter(|_| formed);
            (outer, name.unwrap_or(NAMELESS))
        };
        let order = self.by_name.get_or_init(|| {
            let mut order: Vec<u32> = (0..self.segments.len() as u32).collect();
            // Those of one name stay in the order of their numbers.
            order.sort_by_cached_key(|at| key(*at));
            order
        });
        let wanted = (within, *name.as_bytes().first_chunk::<3>().filter(|_| name.len() == 3)?);
        let first = order.partition_point(|at| key(*at) < wanted);
        let at = order.get(first.checked_add(ordinal)?.checked_sub(1)?).copied()?;
        let node = self.segments.get(at as usize)?.node;
        let named = self.segment_name(parsed, node, parsed.raw(node)) == name;
        (ordinal > 0 && named && key(at) == wanted).then_some(node)
    }
}

/// How many separators stand between a byte and where a node begins.
fn separators(parsed: Parsed<'_>, from: usize, id: NodeId, separator: Option<u8>) -> usize {
    count(parsed, from, parsed.tree.node(id).span().start, separator)
}

/// How many separators stand between two bytes.
fn count(parsed: Parsed<'_>, from: usize, to: usize, separator: Option<u8>) -> usize {
    let between = parsed.source.get(from..to).unwrap_or_default();
    #[cfg(test)]
    crate::formats::places::work::add(between.len());
    let Some(separator) = separator else { return 0 };
    if between.len() <= SHORT {
        return between.iter().filter(|byte| **byte == separator).count();
    }
    memchr::memchr_iter(separator, between).count()
}
