//! Formatted texts of the copy: of one that must not stay as it is, the parts that belong to segments that stay.

use super::Cut;
use crate::formats::label::Label;
use crate::formats::tree::NodeId;

impl Cut<'_> {
    /// Whether a node is, or stands in, a formatted text.
    pub(super) fn is_narrative(&self, node: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(id) = at {
            if self.tree.node(id).label() == Label::Narrative {
                return true;
            }
            at = self.tree.parent(id);
        }
        false
    }

    /// Cuts the formatted texts of the segments that were found to have one to cut.
    pub(super) fn formatted_texts(&mut self) {
        let to_cut = std::mem::take(&mut self.narratives);
        let rows = self.rows_that_stay(&to_cut);
        for part in to_cut {
            let Some(found) = self.parts.all().get(part) else { continue };
            let (unit, own) = (found.unit, found.narrative.clone());
            own.into_iter().filter(|row| rows.binary_search(row).is_err()).for_each(|row| self.take(row));
            let end = self.tree.next(unit);
            let mut inner: Vec<NodeId> = self.parts.all().iter().skip(part + 1).map(|it| it.unit).collect();
            inner.retain(|inner| *inner < end);
            let mut at = unit;
            while at < end {
                let other = at != unit && inner.binary_search(&at).is_ok();
                if other || self.is_gone(at) {
                    at = self.tree.next(at);
                } else if self.tree.node(at).label() == Label::Narrative {
                    self.cut_text(unit, at, &rows);
                    at = self.tree.next(at);
                } else {
                    at = NodeId(at.0 + 1);
                }
            }
        }
    }

    /// The parts of formatted texts that belong to segments that stay and whose text is not to be cut, and to no
    /// other; in source order.
    fn rows_that_stay(&self, to_cut: &std::collections::BTreeSet<usize>) -> Vec<NodeId> {
        let clean = |part: &usize| self.stays(*part) && !to_cut.contains(part);
        let rows = |part: &usize| self.parts.all().get(*part).map(|part| part.narrative.as_slice());
        let mut out: Vec<NodeId> =
            self.kept.iter().filter(|part| clean(part)).filter_map(rows).flatten().copied().collect();
        out.sort_unstable();
        out.dedup();
        let spoilt = |row: &NodeId| self.parts.of(self.tree, *row).iter().any(|part| !clean(part));
        out.retain(|row| !spoilt(row) && !self.is_gone(*row));
        out
    }

    /// Cuts a formatted text down to the parts that stay.
    fn cut_text(&mut self, unit: NodeId, text: NodeId, rows: &[NodeId]) {
        let after = self.tree.next(text);
        let from = rows.partition_point(|row| *row < text);
        if rows.get(from).is_none_or(|row| *row >= after) {
            // Where the text has a holder of its own, that goes too.
            let holder =
                self.tree.parent(text).filter(|holder| *holder != unit && self.holds_only_text(*holder));
            self.remove(holder.unwrap_or(text));
        } else if rows.get(from) != Some(&text) {
            let is_text = |child: &NodeId| self.tree.node(*child).label() == Label::Narrative;
            let inner: Vec<NodeId> = self.tree.children(text).filter(is_text).collect();
            inner.into_iter().for_each(|child| self.cut_text(unit, child, rows));
        }
    }

    /// Whether a container holds one formatted text, with what says of it in which state it is, and nothing else.
    fn holds_only_text(&self, holder: NodeId) -> bool {
        let label = |child: NodeId| self.tree.node(child).label();
        let texts = self.tree.children(holder).filter(|child| label(*child) == Label::Narrative).count();
        texts == 1
            && self
                .tree
                .children(holder)
                .all(|child| matches!(label(child), Label::Narrative | Label::Technical))
    }
}
