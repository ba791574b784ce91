//! What would tell of a withheld segment elsewhere: its id in another text, a copy of it inside of another entry, the
//! name or code of what it is about in words that somebody wrote.

use std::borrow::Cow;
use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

use super::Cut;
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};
use crate::record::Entry;

/// The shortest id that is looked for in texts. A shorter one is a word like any other; pointers are resolved
/// whatever their length.
const SHORTEST_ID: usize = 4;

/// The shortest name of what an entry is about that is looked for in texts.
const SHORTEST_NAME: usize = 5;

const fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '.'
}

/// What an entry is about, in one of its codes or names.
type About = (EntryKind, String);

impl<'r> Cut<'r> {
    /// Whether a node stands in what goes with a withheld segment.
    pub(super) fn withheld_units(&self) -> impl Fn(NodeId) -> bool + use<'_, 'r> {
        let mut units: Vec<NodeId> = Vec::with_capacity(self.withheld.len());
        for unit in self.withheld.iter().filter_map(|part| self.unit(*part)) {
            // Of units that hold others the outermost are enough. A frame holds what stays.
            if unit != NodeId::ROOT && !units.last().is_some_and(|last| self.tree.is_within(unit, *last)) {
                units.push(unit);
            }
        }
        let frame = self.withheld.first().copied().filter(|part| self.unit(*part) == Some(NodeId::ROOT));
        move |node| {
            if frame.is_some_and(|frame| self.parts.of(self.tree, node) == [frame]) {
                return true;
            }
            let after = units.partition_point(|unit| *unit <= node);
            let last = after.checked_sub(1).and_then(|at| units.get(at));
            last.is_some_and(|unit| self.tree.is_within(node, *unit))
        }
    }

    /// Removes from entries that stay the copies of withheld ones that they hold, with what points to those.
    pub(super) fn copies(&mut self) {
        let gone = self.withheld_units();
        let mut withheld: HashSet<About> = HashSet::new();
        let mut kept: HashSet<About> = HashSet::new();
        let mut contained = Vec::new();
        for entry in self.record.chart().entries() {
            let about = || self.about(&entry).map(|name| (entry.kind(), name.to_lowercase()));
            if gone(entry.node()) {
                withheld.extend(about());
            } else if entry.is_contained() {
                contained.push(entry);
            } else {
                kept.extend(about());
            }
        }
        drop(gone);
        for entry in contained {
            let told = |name: Cow<'_, str>| {
                let about = (entry.kind(), name.to_lowercase());
                withheld.contains(&about) && !kept.contains(&about)
            };
            if !self.about(&entry).any(told) {
                continue;
            }
            let copy = entry.node();
            let inside = |target: NodeId| self.tree.is_within(target, copy);
            let pointers: Vec<NodeId> = self
                .texts_of(Label::Reference)
                .into_iter()
                .filter(|pointer| !inside(*pointer) && self.record.resolve(*pointer).is_some_and(inside))
                .collect();
            pointers.into_iter().for_each(|pointer| self.unlink(pointer));
            self.take(copy);
            self.narratives.extend(self.kept_segment(copy));
        }
    }

    /// The codes and names of what an entry is about, that are long enough to tell.
    fn about(&self, entry: &Entry<'r>) -> impl Iterator<Item = Cow<'r, str>> + use<'r> {
        super::super::segment::about(self.record, entry)
            .filter(|name| name.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_NAME)
    }

    /// Removes every text that holds the id of a withheld entry.
    pub(super) fn ids(&mut self) {
        let ids = self.ids_of_withheld();
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
                None if self.is_narrative(text) => self.narratives.extend(self.parts.of(self.tree, text)),
                None => self.remove(text),
            }
        }
    }

    /// The ids of what goes: those of the withheld entries and of the places that hold them, without any that an
    /// entry that stays has too.
    fn ids_of_withheld(&self) -> HashSet<Cow<'r, str>> {
        let mut gone = HashSet::new();
        let own = |part: &usize| self.parts.all().get(*part).map(|part| (part.unit, part.node));
        for (unit, node) in self.withheld.iter().filter_map(own) {
            let beside = self.tree.children(unit).filter(|child| *child != node);
            let outer = beside.chain(self.tree.children(node));
            for id in outer.filter(|id| matches!(self.tree.node(*id).label(), Label::ResourceId | Label::Url))
            {
                let Some(text) = self.record.text(id) else { continue };
                if let Some(id) = text.rsplit(|c: char| !is_id(c)).next().filter(|id| id.len() >= SHORTEST_ID)
                {
                    gone.insert(Cow::Owned(id.to_owned()));
                }
            }
        }
        let is_withheld = self.withheld_units();
        let (mut numbers, mut of_kept) = (Vec::new(), HashSet::new());
        for entry in self.record.chart().entries() {
            let withheld = is_withheld(entry.node());
            for (field, node) in entry.fields() {
                let Some(text) = matches!(field, Field::Id | Field::IdentifierValue)
                    .then(|| self.record.text(node))
                    .flatten()
                else {
                    continue;
                };
                if !withheld {
                    of_kept.insert(text);
                } else if field == Field::IdentifierValue && is_number(&text) {
                    numbers.push(text);
                }
            }
        }
        gone.extend(numbers);
        gone.retain(|id| !of_kept.contains(id));
        gone
    }

    /// Removes every text that somebody wrote, and every formatted one, that names what a withheld entry is about while
    /// nothing that stays is about the same.
    pub(super) fn names(&mut self) {
        let is_withheld = self.withheld_units();
        let (mut gone, mut kept): (HashSet<String>, HashSet<String>) = (HashSet::new(), HashSet::new());
        for entry in self.record.chart().entries() {
            if is_withheld(entry.node()) {
                gone.extend(self.about(&entry).map(|name| name.to_lowercase()));
            }
        }
        for (id, node) in self.tree.iter() {
            let coded = matches!(node.label(), Label::Code | Label::CodeText) && node.kind() == Kind::Text;
            if coded && !is_withheld(id) && !self.is_gone(id) {
                kept.extend(self.record.text(id).map(|name| name.to_lowercase()));
            }
        }
        drop(is_withheld);
        let mut names: Vec<String> = gone.into_iter().filter(|name| !kept.contains(name)).collect();
        names.sort_unstable();
        let Some(finder) = Finder::of(&names) else { return };
        let written: Vec<NodeId> = self
            .tree
            .iter()
            .filter(|(_, node)| {
                node.kind() == Kind::Text && matches!(node.label(), Label::FreeText | Label::Narrative)
            })
            .map(|(id, _)| id)
            .collect();
        for text in written {
            if self.is_gone(text) || !self.record.text(text).is_some_and(|text| finder.finds(&text)) {
                continue;
            }
            if self.is_narrative(text) {
                self.narratives.extend(self.parts.of(self.tree, text));
            } else {
                self.remove(text);
            }
        }
    }
}

/// Whether a text is a number under which a system knows something, and no word.
fn is_number(text: &str) -> bool {
    text.len() >= SHORTEST_ID && text.chars().all(is_id) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether one of the ids stands in the text as a word of its own.
fn holds_id(raw: &[u8], ids: &HashSet<Cow<'_, str>>) -> bool {
    let Ok(text) = std::str::from_utf8(raw) else { return true };
    text.split(|c: char| !is_id(c))
        .any(|word| word.len() >= SHORTEST_ID && ids.contains(word.trim_matches('.')))
}

/// Finds names as whole words, in any case.
struct Finder(AhoCorasick);

impl Finder {
    fn of(names: &[String]) -> Option<Self> {
        if names.is_empty() {
            return None;
        }
        let builder = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(names);
        builder.ok().map(Self)
    }

    fn finds(&self, text: &str) -> bool {
        let edge = |byte: Option<&u8>| !byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        self.0.find_overlapping_iter(text).any(|found| {
            let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
            edge(before) && edge(bytes.get(found.end()))
        })
    }
}
