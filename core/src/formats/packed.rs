//! Nodes in half the memory, for formats whose values are many and short: twelve bytes each, as differences to their
//! neighbours. The few that are too long or too far from their container for that are kept apart, whole.

use std::collections::BTreeMap;

use super::tree::{ElementId, Kind, Node, NodeId};

/// How many nodes share the place from which their own is counted.
const BLOCK: usize = 64;

/// The length of a node that is kept apart.
const APART: u16 = u16::MAX;

/// Packed nodes in source order. A node's member is its value: it has no name in front.
#[derive(Clone, Default)]
pub(crate) struct Packed {
    rows: Vec<Row>,
    /// Of every block, where its first node begins.
    bases: Vec<u32>,
    /// The last of them.
    base: u32,
    apart: BTreeMap<u32, Node>,
}

#[derive(Clone, Copy)]
struct Row {
    /// From the base of its block.
    start: u16,
    len: u16,
    /// How many nodes before it its container stands.
    parent: u16,
    /// How many nodes after it the next one stands that is not in it.
    next: u16,
    element: ElementId,
    kind: Kind,
    tag: u8,
}

const _: () = assert!(size_of::<Row>() == 12);

/// What a node is, without its place: its element, what it is made of, its tag.
pub(crate) type Mark = (ElementId, Kind, u8);

impl Row {
    /// The node as a row; one that is kept apart has the length that says so.
    #[inline]
    fn of(node: &Node, id: u32, base: u32) -> Self {
        let start = node.start.wrapping_sub(base);
        let len = node.end.wrapping_sub(node.start);
        let parent = id.wrapping_sub(node.parent);
        let next = node.next.wrapping_sub(id);
        let fits = (start | len | parent | next) < u32::from(APART) && node.lead == node.start;
        let (start, parent, next) = (start as u16, parent as u16, next as u16);
        let len = if fits { len as u16 } else { APART };
        Self { start, len, parent, next, element: node.element, kind: node.kind, tag: node.tag }
    }
}

impl Packed {
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        let bases = Vec::with_capacity(nodes / BLOCK + 1);
        Self { rows: Vec::with_capacity(nodes), bases, base: 0, apart: BTreeMap::new() }
    }

    pub(crate) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes of memory.
    pub(crate) fn memory(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.bases.capacity() * size_of::<u32>()
            + self.apart.len() * (size_of::<u32>() + size_of::<Node>())
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
        self.bases.shrink_to_fit();
    }

    /// Begins a block where the next node is the first of one; gives the number of that node.
    #[inline]
    fn begin(&mut self, start: u32) -> u32 {
        let id = self.rows.len();
        if id.is_multiple_of(BLOCK) {
            self.bases.push(start);
            self.base = start;
        }
        id as u32
    }

    /// Appends a node whose end and next are known, or will be said by [`Self::finish`] or [`Self::close`].
    #[inline]
    pub(crate) fn push(&mut self, node: &Node) -> u32 {
        let id = self.begin(node.start);
        let row = Row::of(node, id, self.base);
        self.rows.push(row);
        if row.len == APART {
            self.apart.insert(id, *node);
        }
        id
    }

    /// Appends a node without children.
    #[inline]
    pub(crate) fn push_leaf(&mut self, (start, end): (u32, u32), parent: u32, (element, kind, tag): Mark) {
        let id = self.begin(start);
        let (from, len, back) = (start.wrapping_sub(self.base), end - start, id - parent);
        if (from | len | back) < u32::from(APART) {
            let (start, len, parent) = (from as u16, len as u16, back as u16);
            self.rows.push(Row { start, len, parent, next: 1, element, kind, tag });
        } else {
            let node = Node { lead: start, start, end, next: id + 1, parent, element, kind, tag };
            self.rows.push(Row::of(&node, id, self.base));
            self.apart.insert(id, node);
        }
    }

    /// Says that the last node there is is the container's last.
    #[inline]
    pub(crate) fn finish(&mut self, id: u32) {
        let next = self.rows.len() as u32;
        match self.rows.get_mut(id as usize) {
            Some(row) if row.len != APART && next - id < u32::from(APART) => row.next = (next - id) as u16,
            _ => self.set(id, Node { next, ..self.node(NodeId(id)) }),
        }
    }

    /// Says where the container ends, whose last node is the last there is.
    pub(crate) fn close(&mut self, id: u32, end: usize) {
        let next = self.rows.len() as u32;
        self.set(id, Node { end: end as u32, next, ..self.node(NodeId(id)) });
    }

    /// Says what a node is.
    pub(crate) fn set_tag(&mut self, id: u32, tag: u8) {
        if let Some(row) = self.rows.get_mut(id as usize) {
            row.tag = tag;
        }
        if let Some(node) = self.apart.get_mut(&id) {
            node.tag = tag;
        }
    }

    pub(crate) fn set(&mut self, id: u32, node: Node) {
        let base = self.bases.get(id as usize / BLOCK).copied().unwrap_or_default();
        let row = Row::of(&node, id, base);
        let Some(slot) = self.rows.get_mut(id as usize) else { return };
        if slot.len == APART && row.len != APART {
            self.apart.remove(&id);
        }
        *slot = row;
        if row.len == APART {
            self.apart.insert(id, node);
        }
    }

    /// Takes the last node away.
    pub(crate) fn pop(&mut self) {
        self.rows.pop();
        self.bases.truncate(self.rows.len().div_ceil(BLOCK));
        self.base = self.bases.last().copied().unwrap_or_default();
        self.apart.remove(&(self.rows.len() as u32));
    }

    /// The node; an empty one where there is none of that number.
    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> Node {
        let Some(row) = self.rows.get(id.index()) else { return Node::default() };
        if row.len == APART {
            return self.apart.get(&id.0).copied().unwrap_or_default();
        }
        let base = self.bases.get(id.index() / BLOCK).copied().unwrap_or_default();
        let start = base + u32::from(row.start);
        Node {
            lead: start,
            start,
            end: start + u32::from(row.len),
            next: id.0 + u32::from(row.next),
            parent: id.0 - u32::from(row.parent),
            element: row.element,
            kind: row.kind,
            tag: row.tag,
        }
    }

    /// What a node is, without its place.
    #[inline]
    pub(crate) fn mark(&self, id: NodeId) -> Option<Mark> {
        self.rows.get(id.index()).map(|row| (row.element, row.kind, row.tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// A packed node is the node, however far from its neighbours.
        #[test]
        fn nodes_come_back(
            steps in proptest::collection::vec((0u32..3, 0u32..100_000, 0u32..100_000, 0u32..200_000), 1..300),
        ) {
            let (mut packed, mut plain) = (Packed::with_capacity(8), Vec::<Node>::new());
            let mut start = 0;
            for (act, step, len, back) in steps {
                let id = plain.len() as u32;
                start += step % 1500;
                let node = Node {
                    lead: start,
                    start,
                    end: start + len % 70_000,
                    next: id + 1 + back % 3,
                    parent: id.saturating_sub(back % 200),
                    element: ElementId(step as u16),
                    kind: Kind::Text,
                    tag: len as u8,
                };
                match act {
                    0 if back % 5 == 0 => {
                        let node = Node { next: id + 1, ..node };
                        packed.push_leaf((node.start, node.end), node.parent, (node.element, node.kind, node.tag));
                        plain.push(node);
                    }
                    0 | 1 => {
                        proptest::prop_assert_eq!(packed.push(&node), id);
                        plain.push(node);
                    }
                    _ if back % 2 == 0 && !plain.is_empty() => {
                        packed.pop();
                        plain.pop();
                    }
                    _ if back % 3 == 1 => if let Some(at) = (step as usize).checked_rem(plain.len()) {
                        packed.finish(at as u32);
                        plain[at].next = plain.len() as u32;
                        packed.set_tag(at as u32, len as u8);
                        plain[at].tag = len as u8;
                    },
                    _ => if let Some(at) = (step as usize).checked_rem(plain.len()) {
                        let end = plain[at].start as usize + len as usize;
                        packed.close(at as u32, end);
                        plain[at].end = end as u32;
                        plain[at].next = plain.len() as u32;
                    },
                }
            }
            proptest::prop_assert_eq!(packed.len(), plain.len());
            for (at, node) in plain.iter().enumerate() {
                proptest::prop_assert_eq!(packed.node(NodeId(at as u32)), *node);
                proptest::prop_assert_eq!(packed.mark(NodeId(at as u32)), Some((node.element, node.kind, node.tag)));
            }
            proptest::prop_assert_eq!(packed.node(NodeId(plain.len() as u32)), Node::default());
        }
    }
}
