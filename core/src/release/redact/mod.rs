//! The copy: the source with the withheld segments cut out, and everything that would tell of them.
//!
//! Out go the withheld segments whole, and with them the parts of formatted texts that belong to them; what such a text
//! says apart from the parts of segments that stay; what points to a withheld segment, from inside those that stay (the
//! innermost part that can do without the pointer; where the entry itself must have it, a statement that it is
//! withheld); formatted text that belongs to an entry with such a pointer, or that mentions what must not go; any other
//! text that holds the id of a withheld entry, or the name or code of what it is about while nothing that stays is about
//! the same; copies of a withheld entry inside of others; the numbers by which a container counts what is in it; and
//! whatever else a container holds beside its entries that is no entry. What counts itself is counted anew.

mod frame;
mod mentions;
mod numbering;
mod text;
mod traces;

use std::collections::BTreeSet;

use super::decision::Decision;
use crate::error::{Error, Result, codes};
use crate::formats::edit::{Emptied, Patches};
use crate::formats::field::EntryKind;
use crate::formats::label::Label;
use crate::formats::segment::{Segment, Segments};
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::record::Record;

/// Cuts from a record what a decision on it withholds.
///
/// ```
/// use chartkeeper::Record;
/// use chartkeeper::release::{Law, Request, decide, redact};
/// let source = r#"{"resourceType": "Patient", "id": "p", "birthDate": "1970-05-02",
///   "name": [{"family": "Doe", "given": ["Jo"]}]}"#;
/// let record = Record::parse(source, None)?;
/// let request = Request::parse(
///     r#"{"on": "2026-03-02", "requester": {"role": "individual"}, "identity_verified": true,
///         "scope": {"whole_record": true},
///         "patient": {"family": "Doe", "given": "Jo", "birth_date": "1970-05-02"}}"#,
/// )?;
/// let decision = decide(&request, &record, Law::embedded()?)?;
/// let copy = redact(&record, &decision)?.apply(record.source());
/// assert_eq!(copy, source.as_bytes());
/// # Ok::<(), chartkeeper::Error>(())
/// ```
///
/// # Errors
/// `nothing_to_release` where the decision releases no segment, `decision_of_another_record` where its segments are
/// not those of the record.
pub fn redact(record: &Record, decision: &Decision) -> Result<Patches> {
    let mut cut = Cut::new(record, decision)?;
    if !cut.withheld.is_empty() {
        cut.whole_segments();
        cut.copies();
        cut.pointers();
        cut.ids();
        cut.mentions();
        cut.names();
        cut.containers();
    }
    cut.formatted_texts();
    cut.dangling();
    cut.finish()
}

struct Cut<'r> {
    record: &'r Record,
    tree: &'r Tree,
    parts: Segments,
    /// Segments that stay, by their places.
    kept: Vec<usize>,
    /// Segments that go, by their places.
    withheld: Vec<usize>,
    /// Those among them that a designation of what they say withholds.
    designated: Vec<usize>,
    /// Kept segments whose formatted text mentions what must not go, or that pointed to what goes.
    narratives: BTreeSet<usize>,
    /// What goes, in source order.
    nodes: BTreeSet<NodeId>,
}

impl<'r> Cut<'r> {
    fn new(record: &'r Record, decision: &Decision) -> Result<Self> {
        if decision.released() == 0 {
            return Err(Error::new(&codes::NOTHING_TO_RELEASE));
        }
        let parts = record.segments();
        let same = parts.all().len() == decision.segments.len()
            && parts.all().iter().zip(&decision.segments).all(|(part, segment)| part.node == segment.node);
        if !same {
            return Err(Error::new(&codes::DECISION_OF_ANOTHER_RECORD));
        }
        let mut out = Self {
            record,
            tree: record.tree(),
            kept: Vec::new(),
            withheld: Vec::new(),
            designated: Vec::new(),
            narratives: BTreeSet::new(),
            nodes: BTreeSet::new(),
            parts,
        };
        let released = |at: usize| decision.segments.get(at).is_some_and(|it| it.outcome.is_released());
        let goes_with = |at: usize| out.parts.all().get(at).and_then(|part| part.goes_with);
        for (at, segment) in decision.segments.iter().enumerate() {
            let outer = super::segment::outer(goes_with, at);
            let needed = outer.filter(|outer| !out.parts.all().get(*outer).is_some_and(Segment::is_frame));
            let stays = released(at) && needed.into_iter().all(released);
            if stays {
                out.kept.push(at)
            } else {
                out.withheld.push(at)
            }
            if stays && segment.narrative_cut {
                out.narratives.insert(at);
            }
            if segment.designated && !stays {
                out.designated.push(at);
            }
        }
        if out.kept.is_empty() {
            return Err(Error::new(&codes::NOTHING_TO_RELEASE));
        }
        Ok(out)
    }

    fn stays(&self, part: usize) -> bool {
        self.kept.binary_search(&part).is_ok()
    }

    /// What goes with a segment.
    fn unit(&self, part: usize) -> Option<NodeId> {
        self.parts.all().get(part).map(|part| part.unit)
    }

    /// The segments that go, and the parts of formatted texts that say the same. What else such a text says may be
    /// about them, so only the parts of segments that stay are left of it.
    fn whole_segments(&mut self) {
        for part in self.withheld.clone() {
            let Some(found) = self.parts.all().get(part) else { continue };
            let (unit, rows, outer) = (found.unit, found.narrative.clone(), found.goes_with);
            if unit == NodeId::ROOT {
                self.frame();
            } else {
                self.take(unit);
            }
            rows.into_iter().for_each(|row| self.take(row));
            if let Some(outer) = outer.filter(|outer| self.stays(*outer)) {
                self.narratives.insert(outer);
            }
        }
    }

    /// Whether a node goes already.
    fn is_gone(&self, node: NodeId) -> bool {
        // The last node that goes and begins before this one is the only one that can hold it: what goes inside of
        // what goes already is never added.
        let before = self.nodes.range(..=node).next_back();
        before.is_some_and(|gone| self.tree.is_within(node, *gone))
    }

    /// The kept segment whose unit holds a node.
    fn kept_segment(&self, node: NodeId) -> Option<usize> {
        self.parts.of(self.tree, node).into_iter().find(|part| self.stays(*part))
    }

    /// Whether a node stands in a segment that goes.
    fn in_withheld(&self, node: NodeId) -> bool {
        let parts = self.parts.of(self.tree, node);
        parts.into_iter().any(|part| !self.stays(part))
    }

    /// Marks a node to go, as it is.
    fn take(&mut self, node: NodeId) {
        if self.is_gone(node) {
            return;
        }
        let inside: Vec<NodeId> = self.nodes.range(node..self.tree.next(node)).copied().collect();
        for node in inside {
            self.nodes.remove(&node);
        }
        self.nodes.insert(node);
    }

    /// Marks a node to go, with the innermost part around it that can do without it.
    fn remove(&mut self, node: NodeId) {
        let mut at = node;
        while matches!(self.record.emptied(at), Emptied::Replace(_)) {
            let Some(mut parent) = self.tree.parent(at) else { break };
            if self.tree.node(parent).kind() == Kind::List {
                let Some(holder) = self.tree.parent(parent) else { break };
                parent = holder;
            }
            // What the entry itself must have stays, and says that it is withheld.
            if parent == NodeId::ROOT || self.record.resources().any(|entry| entry == parent) {
                break;
            }
            at = parent;
        }
        self.take(at);
    }

    /// Removes what points to a withheld segment.
    fn pointers(&mut self) {
        for pointer in self.texts_of(Label::Reference) {
            if self.is_gone(pointer) {
                continue;
            }
            if self.record.resolve(pointer).is_some_and(|target| self.in_withheld(target)) {
                self.unlink(pointer);
            }
        }
    }

    /// Removes what points to a part of a text that went.
    fn dangling(&mut self) {
        for pointer in self.texts_of(Label::Reference) {
            if !self.is_gone(pointer)
                && self.record.resolve(pointer).is_some_and(|target| self.is_gone(target))
            {
                self.remove(self.tree.parent(pointer).unwrap_or(pointer));
            }
        }
    }

    fn texts_of(&self, label: Label) -> Vec<NodeId> {
        let all = self.tree.iter();
        all.filter(|(_, node)| node.label() == label && node.kind() == Kind::Text).map(|(id, _)| id).collect()
    }

    /// Removes the whole of what holds a pointer's text, and the formatted text of its entry.
    fn unlink(&mut self, pointer: NodeId) {
        self.remove(self.tree.parent(pointer).unwrap_or(pointer));
        self.narratives.extend(self.kept_segment(pointer));
    }

    /// Removes what a container says of its entries beside them: how many there are, and what is no entry.
    fn containers(&mut self) {
        let bundles: Vec<NodeId> = self
            .record
            .chart()
            .of(EntryKind::Bundle)
            .map(|entry| entry.node())
            .filter(|node| !self.is_gone(*node))
            .collect();
        for bundle in bundles {
            let held =
                |node: NodeId| self.parts.all().iter().any(|part| self.tree.is_within(part.node, node));
            let mut gone = Vec::new();
            for child in self.tree.children(bundle) {
                match self.tree.node(child).kind() {
                    Kind::Number => gone.push(child),
                    Kind::List if held(child) => {
                        gone.extend(self.tree.children(child).filter(|element| !held(*element)));
                    }
                    _ => {}
                }
            }
            for node in gone {
                self.remove(node);
            }
        }
    }

    fn finish(self) -> Result<Patches> {
        let mut edits = self.record.edits();
        for node in &self.nodes {
            self.record.withhold(&mut edits, *node);
        }
        for (node, number) in self.numbers() {
            if !edits.replace_text(node, &number.to_string()) {
                edits.remove(node);
            }
        }
        edits.finish(|node| self.record.emptied(node))
    }
}
