//! The frame of a document that is withheld while others stay: its header keeps what the standard's software needs, and
//! the parts that stay.

use super::Cut;
use crate::formats::label::Label;
use crate::formats::tree::NodeId;

impl Cut<'_> {
    /// Marks what the frame says itself to go. What the document must have stays as a statement that it is withheld.
    pub(super) fn frame(&mut self) {
        let mut stay: Vec<NodeId> = self.kept.iter().filter_map(|part| self.unit(*part)).collect();
        stay.sort_unstable();
        self.strip(NodeId::ROOT, &stay);
    }

    fn strip(&mut self, outer: NodeId, stay: &[NodeId]) {
        let children: Vec<NodeId> = self.tree.children(outer).collect();
        for child in children {
            let after = self.tree.next(child);
            let first = stay.partition_point(|unit| *unit < child);
            match stay.get(first) {
                Some(unit) if *unit == child => {}
                Some(unit) if *unit < after => self.strip(child, stay),
                _ if self.is_bare(child) => {}
                _ => self.take(child),
            }
        }
    }

    /// Whether a node holds nothing but what says how the document is written.
    fn is_bare(&self, node: NodeId) -> bool {
        let technical = |id: NodeId| self.tree.node(id).label() == Label::Technical;
        technical(node) || {
            let mut inside = self.tree.descendants(node).peekable();
            inside.peek().is_some() && inside.all(technical)
        }
    }
}
