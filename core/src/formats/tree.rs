//! The span tree: every value of a source as a node of 24 bytes, in source order.

use super::label::{Label, Whose};
use super::packed::Packed;
use crate::text::Span;

/// The place of a node in its tree. Node 0 is the root; a node's subtree is the range up to [`Tree::next`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The root.
    pub const ROOT: Self = Self(0);

    /// As a plain index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
#[non_exhaustive]
pub enum Kind {
    /// Members with names.
    Object,
    /// Elements in order.
    List,
    /// Text.
    Text,
    /// A number, kept as it was written.
    Number,
    /// `true` or `false`.
    Flag,
    /// A stated nothing.
    #[default]
    Null,
}

/// The element of a format's data map that a node is an instance of; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct ElementId(pub(crate) u16);

impl ElementId {
    /// No element: the data map does not know the node.
    pub const NONE: Self = Self(0);

    /// As a plain index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One value of the source.
///
/// `start..end` are the value's own bytes; `lead` is where its member begins (the opening quote of the key), and
/// equals `start` for an element of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    pub(crate) lead: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) next: u32,
    pub(crate) parent: u32,
    pub(crate) element: ElementId,
    pub(crate) kind: Kind,
    /// The label in the lower six bits, whose it is in the upper two.
    pub(crate) tag: u8,
}

const _: () = assert!(size_of::<Node>() == 24);
const _: () = assert!(Label::ALL.len() <= 64 && Whose::ALL.len() <= 4);

impl Default for Node {
    /// A node that nobody has labelled yet is unrecognised.
    fn default() -> Self {
        Self {
            lead: 0,
            start: 0,
            end: 0,
            next: 0,
            parent: 0,
            element: ElementId::NONE,
            kind: Kind::Null,
            tag: Label::Unrecognised as u8,
        }
    }
}

impl Node {
    /// What it is made of.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The element of the data map.
    #[must_use]
    pub const fn element(&self) -> ElementId {
        self.element
    }

    /// What it is.
    #[must_use]
    pub fn label(&self) -> Label {
        label(self.tag)
    }

    /// Whose it is.
    #[must_use]
    pub fn whose(&self) -> Whose {
        Whose::ALL.get(usize::from(self.tag >> 6)).copied().unwrap_or_default()
    }

    /// The bytes of the value.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// The bytes of the member: its name, what stands between, and the value.
    #[must_use]
    pub const fn member_span(&self) -> Span {
        Span::new(self.lead as usize, self.end as usize)
    }

    pub(crate) const fn set_tag(&mut self, label: Label, whose: Whose) {
        self.tag = label as u8 | ((whose as u8) << 6);
    }
}

/// The label in a tag; what holds none is unrecognised.
fn label(tag: u8) -> Label {
    Label::ALL.get(usize::from(tag & 0x3f)).copied().unwrap_or_default()
}

/// The nodes of a source in source order; children follow their parent.
#[derive(Clone, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// In place of the nodes, of a format whose nodes are packed.
    pub(super) packed: Packed,
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").field("nodes", &self.len()).finish()
    }
}

impl Tree {
    /// The tree of these nodes.
    pub(crate) fn of(nodes: Vec<Node>) -> Self {
        Self { nodes, packed: Packed::default() }
    }

    /// The tree of these packed nodes.
    pub(super) const fn of_packed(packed: Packed) -> Self {
        Self { nodes: Vec::new(), packed }
    }

    /// How many nodes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.nodes.len() + self.packed.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory that the tree takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>() + self.packed.memory()
    }

    /// The node; an id of another tree gives an empty one.
    #[must_use]
    #[inline]
    pub fn node(&self, id: NodeId) -> Node {
        match self.nodes.get(id.index()) {
            Some(node) => *node,
            None => self.packed.node(id),
        }
    }

    /// The element of a node, its kind, and its label with whose it is.
    #[inline]
    pub(crate) fn mark(&self, id: NodeId) -> Option<(ElementId, Kind, u8)> {
        match self.nodes.get(id.index()) {
            Some(node) => Some((node.element, node.kind, node.tag)),
            None => self.packed.mark(id),
        }
    }

    /// What a node is made of and what it is, without the rest of it.
    #[inline]
    pub(crate) fn kind_and_label(&self, id: NodeId) -> (Kind, Label) {
        self.mark(id).map_or((Kind::Null, Label::Unrecognised), |(_, kind, tag)| (kind, label(tag)))
    }

    /// Every node in source order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, Node)> {
        (0..self.len() as u32).map(|index| (NodeId(index), self.node(NodeId(index))))
    }

    /// The id after the last node of the subtree of `id`.
    #[must_use]
    pub fn next(&self, id: NodeId) -> NodeId {
        NodeId(self.node(id).next)
    }

    /// The container of the node; none for the root.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        (id != NodeId::ROOT).then(|| NodeId(self.node(id).parent))
    }

    /// The node's children, in order.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, at: NodeId(id.0.saturating_add(1)), end: self.next(id) }
    }

    /// Every node below `id`, in source order, without `id` itself.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0.saturating_add(1)..self.next(id).0).map(NodeId)
    }

    /// Whether `id` is `ancestor` or lies in its subtree.
    #[must_use]
    pub fn is_within(&self, id: NodeId, ancestor: NodeId) -> bool {
        id >= ancestor && id < self.next(ancestor)
    }
}

/// The children of a node, in order.
#[derive(Clone)]
pub struct Children<'t> {
    tree: &'t Tree,
    at: NodeId,
    end: NodeId,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.at >= self.end {
            return None;
        }
        let id = self.at;
        self.at = self.tree.next(id);
        Some(id)
    }
}
