//! The labelling pass: one walk over the span tree, in source order, that gives every node its element of the data
//! map, its label and whose it is. What the map does not know keeps the label that the scanner gave it:
//! unrecognised.

use std::borrow::Cow;

use super::map::{DataMap, Element, Role, TypeId};
use super::siblings;
use crate::error::{Error, Result, codes};
use crate::formats::dialect::EntryHead;
use crate::formats::field::EntryKind;
use crate::formats::tree::{ElementId, Kind, Node, NodeId, Tree};
use crate::formats::{Irregularity, json};

/// What labelling found besides the labels.
#[derive(Debug, Clone, Default)]
pub(super) struct Labelled {
    /// The resources of the source in source order: the root, the entries of a Bundle, contained ones.
    pub(super) resources: Vec<EntryHead>,
    /// What the release does not know or allow, in source order.
    pub(super) irregularities: Vec<Irregularity>,
}

/// Labels every node of `tree`.
///
/// # Errors
/// `not_a_resource` where the root is not an object with one `resourceType` that is a string,
/// `unknown_resource_type` where this release has no such type.
pub(super) fn label(map: &DataMap<'static>, source: &[u8], tree: &mut Tree) -> Result<Labelled> {
    let nodes = &mut tree.nodes;
    let mut pass = Pass { map, source, nodes, follows: Follows::new(), found: Labelled::default() };
    pass.root()?;
    Ok(pass.found)
}

/// The walk in hand.
pub(super) struct Pass<'p> {
    pub(super) map: &'p DataMap<'static>,
    source: &'p [u8],
    nodes: &'p mut [Node],
    follows: Follows,
    found: Labelled,
}

impl<'p> Pass<'p> {
    #[inline]
    pub(super) fn node(&self, at: u32) -> Node {
        self.nodes.get(at as usize).copied().unwrap_or_default()
    }

    /// Writes what a node is.
    #[inline]
    fn mark(&mut self, at: u32, element: ElementId, tag: u8) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.element = element;
            node.tag = tag;
        }
    }

    /// Says which element stands here, though what stands here is not recognised.
    fn place(&mut self, at: u32, element: ElementId) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.element = element;
        }
    }

    /// Gives a node that is labelled already another label.
    pub(super) fn relabel(&mut self, at: u32, label: crate::formats::label::Label) {
        if let Some(node) = self.nodes.get_mut(at as usize) {
            node.set_tag(label, node.whose());
        }
    }

    #[cold]
    fn irregular(&mut self, code: &'static str, at: u32) {
        self.found.irregularities.push(Irregularity { code, node: NodeId(at) });
    }

    /// The raw name of a member, without its quotes and not unescaped.
    #[inline]
    fn raw_name(&self, node: Node) -> &'p [u8] {
        let lead = self.source.get(node.lead as usize + 1..node.start as usize).unwrap_or_default();
        if let [name @ .., b'"', b':'] = lead {
            return name;
        }
        let end = lead.iter().rposition(|byte| *byte == b'"').unwrap_or_default();
        lead.get(..end).unwrap_or_default()
    }

    /// The unescaped text of a string node; nothing where the node is no string.
    pub(super) fn text(&self, at: u32) -> Cow<'p, str> {
        let node = self.node(at);
        let raw = self.source.get(node.start as usize..node.end as usize).unwrap_or_default();
        if node.kind == Kind::Text { json::decode(raw).unwrap_or_default() } else { Cow::Borrowed("") }
    }

    /// The children of a container whose name is `name`.
    fn named(&self, at: u32, name: &str) -> impl Iterator<Item = u32> {
        let end = self.node(at).next;
        let mut child = at + 1;
        std::iter::from_fn(move || {
            let this = child;
            child = self.node(this).next.max(this + 1);
            (this < end).then_some(this)
        })
        .filter(move |child| {
            let raw = self.raw_name(self.node(*child));
            raw == name.as_bytes()
                || (raw.len() > name.len() && raw.contains(&b'\\') && unescaped(raw).as_deref() == Some(name))
        })
    }

    /// The text of the member that chooses what an object is, where it is the object's first, as it nearly always
    /// is; else [`Self::only_text`]. A second one after the first is found by [`Self::is_chosen_twice`].
    #[inline]
    fn choice(&self, at: u32, name: &str) -> Option<Cow<'p, str>> {
        let first = self.node(at + 1);
        if first.kind == Kind::Text && first.parent == at && self.raw_name(first) == name.as_bytes() {
            return Some(self.text(at + 1));
        }
        self.only_text(at, name)
    }

    /// Whether labelling the members of `at` found a second one of this name; `known` irregularities were found
    /// before that.
    #[inline]
    fn is_chosen_twice(&self, at: u32, name: &str, known: usize) -> bool {
        let new = self.found.irregularities.get(known..).unwrap_or_default();
        new.iter().any(|one| {
            let node = self.node(one.node.0);
            one.code == "duplicate_key" && node.parent == at && self.map.name(node.element) == Some(name)
        })
    }

    /// Takes back what was said of the nodes of a subtree.
    #[cold]
    fn forget(&mut self, at: u32, resources: usize, irregularities: usize) {
        let subtree = at as usize..self.node(at).next as usize;
        for node in self.nodes.get_mut(subtree).into_iter().flatten() {
            let blank = Node::default();
            (node.element, node.tag) = (blank.element, blank.tag);
        }
        self.found.resources.truncate(resources);
        self.found.irregularities.truncate(irregularities);
    }

    /// The only string member of that name; none where there is none, more than one, or it is no string.
    fn only_text(&self, at: u32, name: &str) -> Option<Cow<'p, str>> {
        let mut all = self.named(at, name);
        let first = all.next()?;
        let single = all.next().is_none() && self.node(first).kind == Kind::Text;
        single.then(|| self.text(first))
    }

    fn root(&mut self) -> Result<()> {
        let root = self.node(0);
        let refuse = |code, at: u32| Err(Error::new(code).at_offset(at as usize));
        if root.kind != Kind::Object {
            return refuse(&codes::NOT_A_RESOURCE, root.start);
        }
        let Some(name) = self.only_text(0, "resourceType") else {
            let at = self.named(0, "resourceType").last().unwrap_or_default();
            return refuse(&codes::NOT_A_RESOURCE, self.node(at).start);
        };
        if self.map.resource(name.as_bytes()).is_none() {
            let at = self.named(0, "resourceType").next().unwrap_or_default();
            return refuse(&codes::UNKNOWN_RESOURCE_TYPE, self.node(at).start);
        }
        self.resource(0, ElementId::NONE, 0);
        Ok(())
    }

    /// A resource in the place of `slot`.
    fn resource(&mut self, at: u32, slot: ElementId, outer: u8) {
        let name = self.choice(at, "resourceType");
        let known = name.and_then(|name| self.map.resource(name.as_bytes()));
        let Some((ty, element)) = known else { return self.unknown_resource(at, slot) };
        let kind = self.map.entry_kind(element.ty()).unwrap_or(EntryKind::Other);
        let before = (self.found.resources.len(), self.found.irregularities.len());
        self.found.resources.push(EntryHead { node: NodeId(at), kind, ty });
        let own = if slot == ElementId::NONE { ty } else { slot };
        let tag = element.tag(outer);
        self.mark(at, own, tag);
        self.members(at, element.ty(), tag);
        if self.is_chosen_twice(at, "resourceType", before.1) {
            self.forget(at, before.0, before.1);
            self.unknown_resource(at, slot);
        }
    }

    /// A resource that does not say what it is, or says it twice.
    #[cold]
    fn unknown_resource(&mut self, at: u32, slot: ElementId) {
        let resource = EntryHead { node: NodeId(at), kind: EntryKind::Unrecognised, ty: ElementId::NONE };
        self.found.resources.push(resource);
        self.place(at, slot);
        self.irregular("unknown_resource_type", at);
    }

    /// An extension in the place of `slot`; `known` are the extensions that may stand there.
    fn extension(&mut self, at: u32, slot: ElementId, known: TypeId, tag: u8) {
        let url = self.choice(at, "url");
        let Some((_, element)) = url.and_then(|url| self.map.member(known, url.as_bytes())) else {
            self.place(at, slot);
            self.irregular("unknown_extension", at);
            return;
        };
        let before = (self.found.resources.len(), self.found.irregularities.len());
        self.mark(at, slot, tag);
        self.members(at, element.ty(), tag);
        if self.is_chosen_twice(at, "url", before.1) {
            self.forget(at, before.0, before.1);
            self.place(at, slot);
            self.irregular("unknown_extension", at);
        }
    }

    /// The members of an object.
    fn members(&mut self, at: u32, ty: TypeId, outer: u8) {
        let end = self.node(at).next;
        let mut seen = 0u128;
        let mut child = at + 1;
        let mut place = Place::first(ty);
        while child < end {
            let node = self.node(child);
            let name = self.raw_name(node);
            let guess = self.follows.guess(place);
            let found = match self.map.named(guess, name) {
                Some(element) => Some((guess, element)),
                None => self.search(ty, name, place),
            };
            if let Some((id, element)) = found {
                place = Place::after(id);
                let bit = 1u128.checked_shl(u32::from(element.ordinal())).unwrap_or_default();
                if seen & bit != 0 || (bit == 0 && self.stands_before(at, child, id)) {
                    self.irregular("duplicate_key", child);
                }
                seen |= bit;
                self.value(child, node, id, element, outer);
            } else {
                self.irregular("unknown_element", child);
            }
            child = node.next.max(child + 1);
        }
    }

    /// A member that is not the one that was guessed.
    fn search(&mut self, ty: TypeId, name: &[u8], place: Place) -> Option<(ElementId, Element<'static>)> {
        let (id, element) = self.map.member(ty, name).or_else(|| self.escaped_member(ty, name))?;
        self.follows.note(place, id);
        Some((id, element))
    }

    /// A member whose name the source wrote with escapes.
    #[inline]
    fn escaped_member(&self, ty: TypeId, name: &[u8]) -> Option<(ElementId, Element<'static>)> {
        if !name.contains(&b'\\') {
            return None;
        }
        self.map.member(ty, unescaped(name)?.as_bytes())
    }

    /// Whether a sibling before `child` is the same element: for types with more members than there are bits.
    #[cold]
    fn stands_before(&self, parent: u32, child: u32, id: ElementId) -> bool {
        let mut at = parent + 1;
        while at < child {
            let node = self.node(at);
            if node.element == id {
                return true;
            }
            at = node.next.max(at + 1);
        }
        false
    }

    /// A member's value: one of the element, or a list of them.
    #[inline]
    fn value(&mut self, at: u32, node: Node, id: ElementId, element: Element<'static>, outer: u8) {
        let tag = element.tag(outer);
        if element.is_list() != (node.kind == Kind::List) {
            self.misfit(at, id);
        } else if node.kind == Kind::List {
            self.mark(at, id, tag & 0xc0);
            let mut item = at + 1;
            while item < node.next {
                let one = self.node(item);
                if one.kind == Kind::Null && may_skip(element) {
                    self.mark(item, id, tag);
                } else {
                    self.one(item, one, id, element, tag);
                }
                item = one.next.max(item + 1);
            }
        } else {
            self.one(at, node, id, element, tag);
        }
    }

    /// One value of an element.
    #[inline]
    fn one(&mut self, at: u32, node: Node, id: ElementId, element: Element<'static>, tag: u8) {
        if !element.may_be(node.kind) {
            self.misfit(at, id);
        } else if node.kind != Kind::Object {
            self.mark(at, id, tag);
        } else {
            self.object(at, id, element.ty(), tag);
        }
    }

    fn object(&mut self, at: u32, id: ElementId, ty: TypeId, tag: u8) {
        match self.map.role(ty) {
            Role::Resources => self.resource(at, id, tag),
            Role::Extensions => self.extension(at, id, ty, tag),
            role => {
                self.mark(at, id, tag);
                self.members(at, ty, tag);
                match role {
                    Role::Identifier => siblings::identifier(self, at),
                    Role::ContactPoint => siblings::contact_point(self, at),
                    _ => {}
                }
            }
        }
    }

    /// A value of a JSON kind that the element cannot be.
    #[cold]
    fn misfit(&mut self, at: u32, id: ElementId) {
        self.place(at, id);
        self.irregular("wrong_json_type", at);
    }

    /// The only child of a labelled object that is the element of this name.
    pub(super) fn only_child(&self, at: u32, name: &str) -> Option<u32> {
        let end = self.node(at).next;
        let (mut child, mut found) = (at + 1, None);
        while child < end {
            let node = self.node(child);
            if self.map.name(node.element) == Some(name) {
                if found.is_some() {
                    return None;
                }
                found = Some(child);
            }
            child = node.next.max(child + 1);
        }
        found
    }
}

/// Which member followed which the last time: most objects of a type have the same members in the same order, and
/// a guess that is right needs no search. Few places share a slot; the last one keeps it.
struct Follows {
    slots: [(Place, ElementId); Self::SLOTS],
}

/// A place between the members of a type: after one of them, or before the first.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place(u32);

impl Place {
    const fn after(id: ElementId) -> Self {
        Self(id.0 as u32)
    }

    const fn first(ty: TypeId) -> Self {
        Self(ty.0 as u32 | 1 << 16)
    }

    const fn slot(self) -> usize {
        (self.0 ^ (self.0 >> 7)) as usize % Follows::SLOTS
    }
}

impl Follows {
    const SLOTS: usize = 1024;

    const fn new() -> Self {
        Self { slots: [(Place::after(ElementId::NONE), ElementId::NONE); Self::SLOTS] }
    }

    /// The element that was there the last time.
    #[inline]
    fn guess(&self, place: Place) -> ElementId {
        match self.slots.get(place.slot()) {
            Some((known, next)) if *known == place => *next,
            _ => ElementId::NONE,
        }
    }

    #[inline]
    fn note(&mut self, place: Place, next: ElementId) {
        if let Some(slot) = self.slots.get_mut(place.slot()) {
            *slot = (place, next);
        }
    }
}

/// Whether an item of the list may be null: primitives whose partner says why, and the partners themselves.
fn may_skip(element: Element<'static>) -> bool {
    !element.may_be(Kind::Object) || element.is_partner()
}

/// A raw name or text without quotes, unescaped.
fn unescaped(raw: &[u8]) -> Option<String> {
    let quoted = [b"\"", raw, b"\""].concat();
    json::decode(&quoted).map(Cow::into_owned)
}
