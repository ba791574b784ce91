//! Edits: nodes are removed or replaced, and the source comes out with those bytes changed and no other.
//!
//! A removal takes the separator that would be left over, and nothing else around it. A container that an edit
//! emptied is itself removed or replaced, as the format says ([`Emptied`]).

use std::borrow::Cow;
use std::ops::Range;

use super::dialect::{Beside, Dialect, Parsed};
use super::tree::{NodeId, Tree};
use crate::error::{Error, Result, codes};
use crate::text::Span;

/// What becomes of a container when every child of it was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emptied {
    /// It goes as well.
    Remove,
    /// It stays, empty.
    Keep,
    /// Its value is replaced by these bytes.
    Replace(Cow<'static, [u8]>),
}

/// One replaced range of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The bytes of the source that go.
    pub span: Span,
    /// What comes in their place, as a range of the replacement text.
    pub(crate) with: Range<usize>,
}

/// What happens to a node; ranges are of [`Edits::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Remove,
    /// A removal of which it is known which bytes go.
    Cut(Span),
    Value(Range<usize>),
    Member(Range<usize>),
}

/// Edits of one record, collected in any order.
pub struct Edits<'r> {
    parsed: Parsed<'r>,
    dialect: &'r dyn Dialect,
    tree: &'r Tree,
    changes: Vec<(NodeId, Change)>,
    text: Vec<u8>,
}

impl std::fmt::Debug for Edits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edits").field("changes", &self.changes.len()).finish_non_exhaustive()
    }
}

/// The fate of a node while edits are put in order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Untouched,
    Changed,
    Emptied,
    /// To be removed; which separator goes with it is not decided yet.
    Removed,
    /// Removed with the separator before it.
    RemovedWithBefore,
    /// Removed with the separator after it.
    RemovedWithAfter,
    /// Removed as the last of a container that stays empty.
    RemovedAlone,
}

impl Fate {
    fn is_removal(self) -> bool {
        !matches!(self, Self::Untouched | Self::Changed | Self::Emptied)
    }
}

impl<'r> Edits<'r> {
    /// No edits yet.
    #[must_use]
    pub fn new(parsed: Parsed<'r>, dialect: &'r dyn Dialect) -> Self {
        let changes = Vec::with_capacity(16);
        Self { parsed, dialect, tree: parsed.tree, changes, text: Vec::new() }
    }

    /// The source that is edited.
    #[must_use]
    pub const fn parsed(&self) -> Parsed<'r> {
        self.parsed
    }

    /// Removes the node, with its name where it is a member.
    pub fn remove(&mut self, id: NodeId) {
        self.changes.push((id, Change::Remove));
    }

    /// Puts `raw`, which must be a valid value of the format, in place of the node's value.
    pub fn replace_value(&mut self, id: NodeId, raw: &[u8]) {
        let with = self.push_text(raw);
        self.changes.push((id, Change::Value(with)));
    }

    /// Puts `text` in place of the leaf's value, as the format writes it. `false` where the leaf cannot hold it;
    /// then nothing changes.
    #[must_use]
    pub fn replace_text(&mut self, id: NodeId, text: &str) -> bool {
        let start = self.text.len();
        if !self.dialect.encode(self.parsed, id, text, &mut self.text) {
            self.text.truncate(start);
            return false;
        }
        self.changes.push((id, Change::Value(start..self.text.len())));
        true
    }

    /// Puts `raw`, which must be a valid member of the format (name and value), in place of the whole member.
    pub fn replace_member(&mut self, id: NodeId, raw: &[u8]) {
        let with = self.push_text(raw);
        self.changes.push((id, Change::Member(with)));
    }

    fn push_text(&mut self, raw: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(raw);
        start..self.text.len()
    }

    /// How many changes there are, for [`Self::back_to`].
    pub(crate) const fn mark(&self) -> usize {
        self.changes.len()
    }

    /// Drops the changes that were made since the mark.
    pub(crate) fn back_to(&mut self, mark: usize) {
        self.changes.truncate(mark);
    }

    /// Says of the removal that was made last which separator goes with it.
    pub(crate) fn cut_last(&mut self, beside: Beside) {
        if let Some((id, change @ Change::Remove)) = self.changes.last_mut() {
            *change = Change::Cut(self.dialect.cut(self.parsed, *id, beside));
        }
    }

    /// The bytes that change, where whoever made the edits went through the source once from its beginning, said of every
    /// removal what stays beside it ([`Self::cut_last`]), and did with emptied containers what the format asks for. Nothing
    /// is left to be put in order then.
    pub(crate) fn settled(self) -> Patches {
        let patch = |(id, change): (NodeId, Change)| {
            let (span, with) = match change {
                Change::Cut(span) => (span, 0..0),
                Change::Remove => (self.dialect.cut(self.parsed, id, Beside::Nothing), 0..0),
                Change::Value(with) => (self.tree.node(id).span(), with),
                Change::Member(with) => (self.tree.node(id).member_span(), with),
            };
            Patch { span, with }
        };
        Patches { patches: self.changes.into_iter().map(patch).collect(), text: self.text }
    }

    /// Puts the edits in order and works out which bytes change. What lies inside a removed node is dropped.
    ///
    /// # Errors
    /// `edit_conflict` where a node is changed in two ways or inside a replaced one, `edit_target` where a node
    /// is not of this tree or the root would be removed.
    pub fn finish(mut self, emptied: impl Fn(NodeId) -> Emptied) -> Result<Patches> {
        self.changes.sort_by_key(|(id, _)| *id);
        let mut fates = self.fates()?;
        self.cascade(&mut fates, &emptied);
        self.patches(&mut fates, &emptied)
    }

    fn fates(&self) -> Result<Vec<Fate>> {
        let mut fates = vec![Fate::Untouched; self.tree.len()];
        let mut covered = NodeId::ROOT;
        let mut by_removal = true;
        for (id, change) in &self.changes {
            let target = || Error::new(&codes::EDIT_TARGET);
            let fate = fates.get_mut(id.index()).ok_or_else(target)?;
            let removal = matches!(change, Change::Remove | Change::Cut(_));
            let again = *fate != Fate::Untouched && !(fate.is_removal() && removal);
            if again || (*id < covered && !by_removal) {
                return Err(Error::new(&codes::EDIT_CONFLICT).at(self.tree.node(*id).span()));
            }
            if *id < covered {
                continue;
            }
            if removal && *id == NodeId::ROOT {
                return Err(target());
            }
            *fate = if removal { Fate::Removed } else { Fate::Changed };
            covered = self.tree.next(*id);
            by_removal = removal;
        }
        Ok(fates)
    }

    /// Removes or replaces containers whose children are all gone, innermost first.
    fn cascade(&self, fates: &mut [Fate], emptied: &impl Fn(NodeId) -> Emptied) {
        let fate = |fates: &[Fate], id: NodeId| fates.get(id.index()).copied().unwrap_or(Fate::Untouched);
        for (changed, _) in self.changes.iter().rev() {
            let mut id = *changed;
            while fate(fates, id).is_removal()
                && let Some(parent) = self.tree.parent(id)
                && id.0 == parent.0 + 1
                && fate(fates, parent) == Fate::Untouched
                && self.tree.children(parent).all(|child| fate(fates, child).is_removal())
            {
                let next = match emptied(parent) {
                    Emptied::Remove if parent != NodeId::ROOT => Fate::Removed,
                    Emptied::Remove | Emptied::Keep => break,
                    Emptied::Replace(_) => Fate::Emptied,
                };
                if let Some(slot) = fates.get_mut(parent.index()) {
                    *slot = next;
                }
                id = parent;
            }
        }
    }

    fn patches(self, fates: &mut [Fate], emptied: &impl Fn(NodeId) -> Emptied) -> Result<Patches> {
        let mut out = Patches { patches: Vec::with_capacity(self.changes.len()), text: Vec::new() };
        let mut text = self.text;
        let mut changes = self.changes.into_iter().peekable();
        let mut at = NodeId::ROOT;
        while at.index() < fates.len() {
            let mut fate = fates.get(at.index()).copied().unwrap_or(Fate::Untouched);
            if fate == Fate::Removed {
                decide_separators(self.parsed, self.dialect, fates, at);
                fate = fates.get(at.index()).copied().unwrap_or(Fate::Untouched);
            }
            let node = self.tree.node(at);
            let (span, with) = match fate {
                Fate::Untouched => {
                    at = NodeId(at.0 + 1);
                    continue;
                }
                Fate::Changed => {
                    while changes.next_if(|(id, _)| *id < at).is_some() {}
                    match changes.next_if(|(id, _)| *id == at) {
                        Some((_, Change::Value(with))) => (node.span(), with),
                        Some((_, Change::Member(with))) => (node.member_span(), with),
                        _ => return Err(Error::new(&codes::EDIT_CONFLICT).at(node.span())),
                    }
                }
                Fate::Emptied => {
                    let start = text.len();
                    if let Emptied::Replace(raw) = emptied(at) {
                        text.extend_from_slice(&raw);
                    }
                    (node.span(), start..text.len())
                }
                Fate::RemovedWithBefore => (self.dialect.cut(self.parsed, at, Beside::Before), 0..0),
                Fate::RemovedWithAfter => (self.dialect.cut(self.parsed, at, Beside::After), 0..0),
                Fate::Removed | Fate::RemovedAlone => {
                    (self.dialect.cut(self.parsed, at, Beside::Nothing), 0..0)
                }
            };
            out.patches.push(Patch { span, with });
            at = self.tree.next(at);
        }
        out.text = text;
        Ok(out)
    }
}

/// Decides, for every removed child of the container of `id`, which separator goes with it: the one before where
/// a kept sibling stands before, else the one after; none where the format joins them by nothing.
fn decide_separators(parsed: Parsed<'_>, dialect: &dyn Dialect, fates: &mut [Fate], id: NodeId) {
    let tree = parsed.tree;
    let Some(parent) = tree.parent(id) else { return };
    if !dialect.joins(parsed, parent) {
        if let Some(fate) = fates.get_mut(id.index()) {
            *fate = Fate::RemovedAlone;
        }
        return;
    }
    let end = tree.next(parent);
    let mut kept_before = false;
    for child in tree.children(parent) {
        let Some(fate) = fates.get_mut(child.index()) else { return };
        if !fate.is_removal() {
            kept_before = true;
        } else if kept_before {
            *fate = Fate::RemovedWithBefore;
        } else if tree.next(child) < end {
            *fate = Fate::RemovedWithAfter;
        } else {
            *fate = Fate::RemovedAlone;
        }
    }
}

/// The changed ranges of a source, in order and apart from each other.
#[derive(Clone, Default)]
pub struct Patches {
    patches: Vec<Patch>,
    text: Vec<u8>,
}

impl std::fmt::Debug for Patches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Patches").field("patches", &self.patches.len()).finish_non_exhaustive()
    }
}

impl Patches {
    /// The ranges, in source order.
    #[must_use]
    pub fn ranges(&self) -> &[Patch] {
        &self.patches
    }

    /// The source with the patches; every byte outside of them as it was.
    #[must_use]
    pub fn apply(&self, source: &[u8]) -> Vec<u8> {
        let removed: usize = self.patches.iter().map(|patch| patch.span.len()).sum();
        let mut out = Vec::with_capacity((source.len() + self.text.len()).saturating_sub(removed));
        let mut at = 0;
        for patch in &self.patches {
            out.extend_from_slice(source.get(at..patch.span.start).unwrap_or_default());
            out.extend_from_slice(self.text.get(patch.with.clone()).unwrap_or_default());
            at = patch.span.end;
        }
        out.extend_from_slice(source.get(at..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::fhir::Fhir;
    use crate::formats::json;

    fn edit(source: &str, act: impl Fn(&mut Edits<'_>), emptied: Emptied) -> Result<String> {
        let tree = json::scan(source.as_bytes(), 0, 128).unwrap();
        let dialect = Fhir::r4().unwrap();
        let parsed = Parsed { source: source.as_bytes(), tree: &tree, entries: &[] };
        let mut edits = Edits::new(parsed, dialect.as_ref());
        act(&mut edits);
        let patches = edits.finish(|_| emptied.clone())?;
        Ok(String::from_utf8(patches.apply(source.as_bytes())).unwrap())
    }

    fn without(source: &str, ids: &[u32]) -> String {
        edit(source, |edits| ids.iter().for_each(|id| edits.remove(NodeId(*id))), Emptied::Remove).unwrap()
    }

    #[test]
    fn removals_take_one_separator() {
        let source = r#"{ "a": 1, "b" : [ 2 , 3 ], "c": "x,y" }"#;
        assert_eq!(without(source, &[1]), r#"{ "b" : [ 2 , 3 ], "c": "x,y" }"#);
        assert_eq!(without(source, &[2]), r#"{ "a": 1, "c": "x,y" }"#);
        assert_eq!(without(source, &[5]), r#"{ "a": 1, "b" : [ 2 , 3 ] }"#);
        assert_eq!(without(source, &[3]), r#"{ "a": 1, "b" : [ 3 ], "c": "x,y" }"#);
        assert_eq!(without(source, &[4]), r#"{ "a": 1, "b" : [ 2 ], "c": "x,y" }"#);
        assert_eq!(without(source, &[1, 2]), r#"{ "c": "x,y" }"#);
        assert_eq!(without(source, &[2, 5]), r#"{ "a": 1 }"#);
        assert_eq!(without(source, &[1, 5]), r#"{ "b" : [ 2 , 3 ] }"#);
    }

    #[test]
    fn an_emptied_container_goes_too() {
        let source = r#"{"a":[{"b":1}],"c":2}"#;
        assert_eq!(without(source, &[3]), r#"{"c":2}"#);
        assert_eq!(without(source, &[3, 4]), "{}");
        let kept =
            edit(source, |edits| edits.remove(NodeId(3)), Emptied::Replace(Cow::Borrowed(b"null"))).unwrap();
        assert_eq!(kept, r#"{"a":[null],"c":2}"#);
        let kept = edit(source, |edits| edits.remove(NodeId(3)), Emptied::Keep).unwrap();
        assert_eq!(kept, r#"{"a":[{}],"c":2}"#);
    }

    #[test]
    fn replacements_change_what_they_name() {
        let source = r#"{"a": 1.50, "b":["x"]}"#;
        let out = edit(
            source,
            |edits| {
                assert!(edits.replace_text(NodeId(3), "é\""));
                assert!(!edits.replace_text(NodeId(2), "a list holds no text"));
                edits.replace_member(NodeId(1), br#""_a":{}"#);
            },
            Emptied::Remove,
        );
        assert_eq!(out.unwrap(), r#"{"_a":{}, "b":["é\""]}"#);
    }

    #[test]
    fn conflicts_are_errors() {
        let source = r#"{"a":{"b":1}}"#;
        let both = |first: u32, second: u32| {
            edit(
                source,
                |edits| {
                    edits.replace_value(NodeId(first), b"0");
                    edits.replace_value(NodeId(second), b"1");
                },
                Emptied::Remove,
            )
        };
        assert_eq!(both(1, 1).unwrap_err().code(), "edit_conflict");
        assert_eq!(both(1, 2).unwrap_err().code(), "edit_conflict");
        assert_eq!(both(1, 9).unwrap_err().code(), "edit_target");
        let root = edit(source, |edits| edits.remove(NodeId::ROOT), Emptied::Remove);
        assert_eq!(root.unwrap_err().code(), "edit_target");
        assert_eq!(without(source, &[1, 1, 2]), "{}");
    }

    proptest::proptest! {
        /// LAW 1: whatever is removed, the rest parses, and keeps its bytes and order.
        #[test]
        fn removals_leave_valid_json(seed in proptest::collection::vec(0u32..60, 0..30), spaces in 0usize..3) {
            let gap = " ".repeat(spaces);
            let source = format!(
                r#"{{{gap}"a"{gap}:{gap}[1,{gap}[2{gap},3],{{"x":[{{"y":1,{gap}"z":"}},]"}}],"w":null}},[[]],{{}}]{gap},"b":{{"c":[],"d":{{"e":-1.0e9}}}},"f":["g",{gap}"h","i"]}}"#
            );
            let tree = json::scan(source.as_bytes(), 0, 128).unwrap();
            for emptied in [Emptied::Remove, Emptied::Keep, Emptied::Replace(Cow::Borrowed(b"0"))] {
                let dialect = Fhir::r4().unwrap();
                let parsed = Parsed { source: source.as_bytes(), tree: &tree, entries: &[] };
                let mut edits = Edits::new(parsed, dialect.as_ref());
                let ids: Vec<NodeId> =
                    seed.iter().map(|n| NodeId(1 + n % (tree.len() as u32 - 1))).collect();
                ids.iter().for_each(|id| edits.remove(*id));
                let patches = edits.finish(|_| emptied.clone()).unwrap();
                let out = patches.apply(source.as_bytes());
                let left = json::scan(&out, 0, 128).unwrap();
                proptest::prop_assert!(left.len() <= tree.len());
                let mut end = 0;
                for patch in patches.ranges() {
                    proptest::prop_assert!(patch.span.start >= end);
                    end = patch.span.end;
                }
                if emptied == Emptied::Keep {
                    let gone = tree.iter().filter(|(id, _)| ids.iter().any(|cut| tree.is_within(*id, *cut))).count();
                    proptest::prop_assert_eq!(left.len(), tree.len() - gone);
                }
            }
        }
    }
}
