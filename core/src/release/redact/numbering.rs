//! Numbers by which segments of one kind count themselves (the set ids of HL7 v2): they are counted anew, so that no gap
//! tells that something is missing, and where.

use std::collections::HashMap;

use super::Cut;
use crate::formats::label::Label;
use crate::formats::tree::{ElementId, Kind, NodeId};

/// Digits of the longest number that is one.
const DIGITS: usize = 4;

impl Cut<'_> {
    /// The numbers that change, each with what it becomes.
    pub(super) fn numbers(&self) -> Vec<(NodeId, u32)> {
        // By container and element: the last number of the source, and the last of the copy.
        let mut last: HashMap<(Option<NodeId>, ElementId), (u32, u32)> = HashMap::new();
        let mut out = Vec::new();
        if self.withheld.is_empty() {
            return out;
        }
        for (at, part) in self.parts.all().iter().enumerate() {
            let Some((node, number)) = self.own_number(part.node) else { continue };
            let key = (self.tree.parent(part.node), self.tree.node(node).element());
            let (source, copy) = last.entry(key).or_insert((0, 0));
            // The count begins again with every order, visit, insurance.
            if number <= *source || *source == 0 {
                *copy = number.saturating_sub(1);
            }
            *source = number;
            if self.stays(at) && !self.is_gone(node) {
                *copy += 1;
                if *copy != number {
                    out.push((node, *copy));
                }
            }
        }
        out
    }

    /// The number of a segment: its first part, where that is one of the format's own and a number.
    fn own_number(&self, segment: NodeId) -> Option<(NodeId, u32)> {
        let node = self.tree.children(segment).find(|child| self.tree.node(*child).kind() != Kind::Null)?;
        let known = self.tree.node(node);
        if known.label() != Label::Technical || known.kind() != Kind::Text {
            return None;
        }
        let text = self.record.text(node)?;
        (text.len() <= DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().ok().map(|number| (node, number)))
            .flatten()
    }
}
