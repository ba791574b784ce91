//! The code or name of what a designation withholds, where an entry that stays mentions it: as the reason of a visit, as
//! a diagnosis of a claim.

use std::collections::HashSet;

use super::super::decide::is_lasting;
use super::super::segment::tells_of;
use super::Cut;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};

impl Cut<'_> {
    /// Removes the mentions from entries that stay, but of what an entry that stays is itself about.
    pub(super) fn mentions(&mut self) {
        if self.designated.is_empty() {
            return;
        }
        let is_withheld = self.withheld_units();
        // A frame is about nothing that its parts are not.
        let units = self.designated.iter().filter_map(|part| self.unit(*part));
        let units: Vec<NodeId> = units.filter(|unit| *unit != NodeId::ROOT).collect();
        let designated = |node: NodeId| units.iter().any(|unit| self.tree.is_within(node, *unit));
        let (mut told, mut kept): (HashSet<String>, HashSet<String>) = (HashSet::new(), HashSet::new());
        for entry in self.record.chart().entries() {
            if designated(entry.node()) {
                told.extend(tells_of(self.record, &entry).into_iter().filter(|_| is_lasting(entry.kind())));
            } else if !is_withheld(entry.node()) {
                kept.extend(tells_of(self.record, &entry));
            }
        }
        told.retain(|name| !kept.contains(name));
        let mentioned =
            |id: NodeId| self.record.text(id).is_some_and(|text| told.contains(&text.trim().to_lowercase()));
        let coded = self.tree.iter().filter(|(_, node)| {
            node.kind() == Kind::Text && matches!(node.label(), Label::Code | Label::CodeText)
        });
        let found: Vec<NodeId> =
            coded.map(|(id, _)| id).filter(|id| !is_withheld(*id) && mentioned(*id)).collect();
        drop(is_withheld);
        for mention in found {
            if !self.is_gone(mention) {
                self.narratives.extend(self.kept_segment(mention));
                self.remove(self.concept(mention));
            }
        }
    }

    /// The whole of what a code or name says: the coding, and where that stands in a concept with others that say the
    /// same in other words, the concept.
    fn concept(&self, leaf: NodeId) -> NodeId {
        let tree = self.tree;
        let label = |node: NodeId| tree.node(node).label();
        let coding = tree.parent(leaf).unwrap_or(leaf);
        let has_code = tree.children(coding).any(|child| label(child) == Label::Code);
        let list = tree.parent(coding).filter(|list| has_code && tree.node(*list).kind() == Kind::List);
        let concept = list.and_then(|list| tree.parent(list)).filter(|concept| {
            let says_same = |child: NodeId| Some(child) == list || label(child) == Label::CodeText;
            tree.children(*concept).all(says_same)
        });
        concept.unwrap_or(coding)
    }
}
