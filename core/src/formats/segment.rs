//! Segments: the parts of a source that can be withheld each by itself. A format defines them; who releases a record
//! decides about them.

use super::dialect::{EntryHead, Parsed};
use super::field::EntryKind;
use super::tree::{Kind, NodeId, Tree};

/// One part of a source that can be withheld by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The node of its entry of the Chart; the section itself, the file in place of sections, or the statement in a
    /// section that is no entry of the Chart.
    pub node: NodeId,
    /// What it is; of a section what the entries of such a section are, `document` where that is not one thing.
    pub kind: EntryKind,
    /// What goes where all of it goes: the node itself, or what its container holds for nothing but it.
    pub unit: NodeId,
    /// The segment without which it must not stand, by its place in the list: its section, the order that a result is
    /// of. Where that one is withheld this one is, too; not the other way round.
    pub goes_with: Option<usize>,
    /// The parts of a formatted text outside of the unit that say the same as it, in source order. Another segment can
    /// have one of them too, or one around it.
    pub narrative: Vec<NodeId>,
}

impl Segment {
    /// Whether it is the frame of the whole source, such as the header of a document: what it says itself can be withheld
    /// while others stay.
    #[must_use]
    pub fn is_frame(&self) -> bool {
        self.unit == NodeId::ROOT && self.goes_with.is_none()
    }
}

/// The segments of a source, in source order of their units.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    list: Vec<Segment>,
    /// The parts of formatted texts that belong to segments, each with its segment, in source order.
    narrative: Vec<(NodeId, usize)>,
}

impl Segments {
    /// Those of a list in source order.
    pub(crate) fn new(list: Vec<Segment>) -> Self {
        let rows = |(at, segment): (usize, &Segment)| {
            segment.narrative.clone().into_iter().map(move |row| (row, at))
        };
        let mut narrative: Vec<_> = list.iter().enumerate().flat_map(rows).collect();
        narrative.sort_unstable();
        Self { list, narrative }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Segment] {
        &self.list
    }

    /// The segments that a node belongs to, by their places: those whose part of a formatted text it stands in; else
    /// the innermost whose unit holds it. None where no segment holds it.
    #[must_use]
    pub fn of(&self, tree: &Tree, node: NodeId) -> Vec<usize> {
        let after = self.narrative.partition_point(|(row, _)| *row <= node);
        let before = self.narrative.get(..after).unwrap_or_default();
        // A text is short: those of its parts that hold the node are near.
        let text = before.iter().filter(|(row, _)| tree.is_within(node, *row)).map(|(_, at)| *at);
        let mut found: Vec<usize> = text.collect();
        found.sort_unstable();
        found.dedup();
        if found.is_empty() {
            let after = self.list.partition_point(|segment| segment.unit <= node);
            let mut at = after.checked_sub(1);
            while let Some(segment) = at.and_then(|at| self.list.get(at)) {
                if tree.is_within(node, segment.unit) {
                    break;
                }
                // Units hold those of what goes with them, or stand beside them.
                at = segment.goes_with;
            }
            found.extend(at);
        }
        found
    }
}

/// The segments of a format without sections: every entry that is not a container of entries and does not stand in
/// another one. With an entry goes the element of the list in which its container holds it.
pub(super) fn of_entries(parsed: Parsed<'_>) -> Vec<Segment> {
    outermost(parsed)
        .map(|entry| Segment {
            node: entry.node,
            kind: entry.kind,
            unit: element(parsed.tree, entry.node),
            goes_with: None,
            narrative: Vec::new(),
        })
        .collect()
}

/// The entries that are no container of entries and do not stand in another.
fn outermost(parsed: Parsed<'_>) -> impl Iterator<Item = EntryHead> {
    let mut end = NodeId::ROOT;
    parsed.entries.iter().copied().filter(move |entry| {
        let own = entry.kind != EntryKind::Bundle && entry.node >= end;
        if own {
            end = parsed.tree.next(entry.node);
        }
        own
    })
}

/// The element of the innermost list around an entry; the entry itself where there is none.
fn element(tree: &Tree, entry: NodeId) -> NodeId {
    let mut at = entry;
    while let Some(parent) = tree.parent(at) {
        if tree.node(parent).kind() == Kind::List {
            return at;
        }
        at = parent;
    }
    entry
}
