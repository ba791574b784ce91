//! The copy: the source with the withheld segments cut out, and everything that would tell of them.
//!
//! Out go the withheld entries whole; what points to them, from inside the entries that stay (the innermost part
//! that can do without the pointer; where the entry itself must have it, a statement that it is withheld); formatted
//! text that belongs to an entry with such a pointer, or that mentions what must not go; any other text that holds
//! the id of a withheld entry; the numbers by which a container counts what is in it; and whatever else a container
//! holds beside its entries that is no entry.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use super::decision::Decision;
use crate::error::{Error, Result, codes};
use crate::formats::edit::{Emptied, Patches};
use crate::formats::field::EntryKind;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::record::Record;

/// The shortest id that is looked for in texts. A shorter one is a word like any other; pointers are resolved
/// whatever their length.
const SHORTEST_ID: usize = 4;

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
    cut.whole_segments();
    if !cut.withheld.is_empty() {
        cut.pointers();
        cut.texts();
        cut.containers();
    }
    cut.narratives();
    cut.finish()
}

struct Cut<'r> {
    record: &'r Record,
    tree: &'r Tree,
    /// Segments that stay, in source order.
    kept: Vec<NodeId>,
    /// Kept segments whose formatted text mentions what must not go, or that pointed to what goes.
    narratives: BTreeSet<NodeId>,
    /// Segments that go, in source order.
    withheld: Vec<NodeId>,
    /// What goes, in source order.
    nodes: BTreeSet<NodeId>,
}

impl<'r> Cut<'r> {
    fn new(record: &'r Record, decision: &Decision) -> Result<Self> {
        if decision.released() == 0 {
            return Err(Error::new(&codes::NOTHING_TO_RELEASE));
        }
        let mut known = super::segment::nodes(record);
        if !decision.segments.iter().all(|segment| known.next() == Some(segment.node))
            || known.next().is_some()
        {
            return Err(Error::new(&codes::DECISION_OF_ANOTHER_RECORD));
        }
        let of = |released: bool| {
            let all =
                decision.segments.iter().filter(move |segment| segment.outcome.is_released() == released);
            all.map(|segment| segment.node).collect()
        };
        let narratives = decision.segments.iter().filter(|segment| segment.narrative_cut);
        Ok(Self {
            record,
            tree: record.tree(),
            kept: of(true),
            withheld: of(false),
            narratives: narratives.map(|segment| segment.node).collect(),
            nodes: BTreeSet::new(),
        })
    }

    /// The node that goes with a segment: the element of the list in which its container holds it.
    fn unit(&self, segment: NodeId) -> NodeId {
        let mut at = segment;
        while let Some(parent) = self.tree.parent(at) {
            if self.tree.node(parent).kind() == Kind::List {
                return at;
            }
            at = parent;
        }
        segment
    }

    fn whole_segments(&mut self) {
        let units: Vec<NodeId> = self.withheld.iter().map(|segment| self.unit(*segment)).collect();
        self.nodes.extend(units);
    }

    /// Whether a node goes already.
    fn is_gone(&self, node: NodeId) -> bool {
        // The last node that goes and begins before this one is the only one that can hold it: what goes inside of
        // what goes already is never added.
        let before = self.nodes.range(..=node).next_back();
        before.is_some_and(|gone| self.tree.is_within(node, *gone))
    }

    /// The withheld segment that holds a node.
    fn in_withheld(&self, node: NodeId) -> bool {
        let after = self.withheld.partition_point(|segment| *segment <= node);
        let last = after.checked_sub(1).and_then(|at| self.withheld.get(at));
        last.is_some_and(|segment| self.tree.is_within(node, *segment))
    }

    fn kept_segment(&self, node: NodeId) -> Option<NodeId> {
        let after = self.kept.partition_point(|segment| *segment <= node);
        let last = after.checked_sub(1).and_then(|at| self.kept.get(at)).copied();
        last.filter(|segment| self.tree.is_within(node, *segment))
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
        if self.is_gone(at) {
            return;
        }
        let inside: Vec<NodeId> = self.nodes.range(at..self.tree.next(at)).copied().collect();
        for node in inside {
            self.nodes.remove(&node);
        }
        self.nodes.insert(at);
    }

    /// Removes what points to a withheld segment.
    fn pointers(&mut self) {
        let all: Vec<NodeId> = self
            .tree
            .iter()
            .filter(|(_, node)| node.label() == Label::Reference && node.kind() == Kind::Text)
            .map(|(id, _)| id)
            .collect();
        for pointer in all {
            if self.is_gone(pointer) {
                continue;
            }
            if self.record.resolve(pointer).is_some_and(|target| self.in_withheld(target)) {
                self.unlink(pointer);
            }
        }
    }

    /// Removes the whole of what holds a pointer's text, and the formatted text of its entry.
    fn unlink(&mut self, pointer: NodeId) {
        self.remove(self.tree.parent(pointer).unwrap_or(pointer));
        if let Some(segment) = self.kept_segment(pointer) {
            self.narratives.insert(segment);
        }
    }

    /// Removes every text that holds the id of a withheld entry.
    fn texts(&mut self) {
        let ids = self.ids();
        if ids.is_empty() {
            return;
        }
        let texts: Vec<NodeId> =
            self.tree.iter().filter(|(_, node)| node.kind() == Kind::Text).map(|(id, _)| id).collect();
        for text in texts {
            if !holds_id(self.record.raw(text), &ids) || self.is_gone(text) {
                continue;
            }
            let holder = self.tree.parent(text);
            let points = |id: NodeId| self.tree.node(id).label() == Label::Reference;
            let in_pointer =
                holder.and_then(|holder| self.tree.children(holder).find(|child| points(*child)));
            match in_pointer {
                Some(pointer) if self.record.resolve(pointer).is_some() && points(text) => {}
                Some(pointer) => self.unlink(pointer),
                None if self.is_narrative(text) => {
                    if let Some(segment) = self.kept_segment(text) {
                        self.narratives.insert(segment);
                    }
                }
                None => self.remove(text),
            }
        }
    }

    fn is_narrative(&self, node: NodeId) -> bool {
        let mut at = Some(node);
        while let Some(id) = at {
            if self.tree.node(id).label() == Label::Narrative {
                return true;
            }
            at = self.tree.parent(id);
        }
        false
    }

    /// The ids of what goes: those of the withheld entries and of the places that hold them, without any that an
    /// entry that stays has too.
    fn ids(&self) -> HashSet<Cow<'r, str>> {
        let mut gone = HashSet::new();
        for segment in &self.withheld {
            let unit = self.unit(*segment);
            let beside = self.tree.children(unit).filter(|child| child != segment);
            let outer = beside.chain(self.tree.children(*segment));
            for node in
                outer.filter(|id| matches!(self.tree.node(*id).label(), Label::ResourceId | Label::Url))
            {
                let Some(text) = self.record.text(node) else { continue };
                if let Some(id) = text.rsplit(|c: char| !is_id(c)).next().filter(|id| id.len() >= SHORTEST_ID)
                {
                    gone.insert(Cow::Owned(id.to_owned()));
                }
            }
        }
        for segment in &self.kept {
            for child in self.tree.children(*segment) {
                if self.tree.node(child).label() == Label::ResourceId
                    && let Some(id) = self.record.text(child)
                {
                    gone.remove(&*id);
                }
            }
        }
        gone
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
            let held = |node: NodeId| {
                self.kept.iter().chain(&self.withheld).any(|segment| self.tree.is_within(*segment, node))
            };
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

    fn narratives(&mut self) {
        for segment in std::mem::take(&mut self.narratives) {
            let texts: Vec<NodeId> = self
                .tree
                .descendants(segment)
                .filter(|node| self.tree.node(*node).label() == Label::Narrative)
                .collect();
            for text in texts {
                if self.is_gone(text) {
                    continue;
                }
                let holder = self
                    .tree
                    .parent(text)
                    .filter(|holder| *holder != segment && self.tree.node(text).kind() == Kind::Text);
                self.remove(holder.unwrap_or(text));
            }
        }
    }

    fn finish(self) -> Result<Patches> {
        let mut edits = self.record.edits();
        for node in &self.nodes {
            self.record.withhold(&mut edits, *node);
        }
        edits.finish(|node| self.record.emptied(node))
    }
}

const fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '.'
}

/// Whether one of the ids stands in the text as a word of its own.
fn holds_id(raw: &[u8], ids: &HashSet<Cow<'_, str>>) -> bool {
    let Ok(text) = std::str::from_utf8(raw) else { return true };
    text.split(|c: char| !is_id(c))
        .any(|word| word.len() >= SHORTEST_ID && ids.contains(word.trim_matches('.')))
}
