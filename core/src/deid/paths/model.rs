//! A record as expressions see it: values with types, whose members are found by name, without the lists that JSON needs.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::formats::tree::{Kind, NodeId, Tree};
use crate::record::Record;

/// The nodes of a record by the types and names that the standard gives them.
pub(super) struct Model<'r> {
    pub(super) record: &'r Record,
    pub(super) tree: &'r Tree,
    /// Where the entries begin, in source order.
    entries: Vec<NodeId>,
}

/// The nodes of one entry, without those of entries inside of it.
pub(super) struct Index<'r> {
    pub(super) by_type: HashMap<Cow<'r, str>, Vec<NodeId>>,
    pub(super) by_name: HashMap<Cow<'r, str>, Vec<NodeId>>,
}

impl<'r> Model<'r> {
    pub(super) fn new(record: &'r Record) -> Self {
        Self { record, tree: record.tree(), entries: record.resources().collect() }
    }

    /// The entries, one before those inside of it.
    pub(super) fn entries(&self) -> &[NodeId] {
        &self.entries
    }

    pub(super) fn is_entry(&self, id: NodeId) -> bool {
        self.entries.binary_search(&id).is_ok()
    }

    /// The type of a value.
    pub(super) fn type_of(&self, id: NodeId) -> Option<Cow<'r, str>> {
        self.record.data_type(id)
    }

    /// Whether a value is of a type; of the types that all entries are, any entry is.
    pub(super) fn is_of(&self, id: NodeId, name: &str) -> bool {
        match name {
            "Resource" | "DomainResource" => self.is_entry(id),
            name => self.type_of(id).is_some_and(|own| own == name),
        }
    }

    /// The name of the member that a value is, or is an item of; of a choice without the type.
    pub(super) fn name_of(&self, id: NodeId) -> Option<Cow<'r, str>> {
        let parent = self.tree.parent(id)?;
        let holder = if self.tree.node(parent).kind() == Kind::List { parent } else { id };
        let name = self.record.name(holder)?;
        match self.type_of(id).and_then(|ty| stem(&name, &ty).map(str::len)) {
            Some(length) => Some(Cow::Owned(name.get(..length)?.to_owned())),
            None => Some(name),
        }
    }

    /// The value itself, or what a list holds.
    pub(super) fn values(&self, id: NodeId) -> Vec<NodeId> {
        let shown = |id: &NodeId| self.tree.node(*id).kind() != Kind::Null;
        match self.tree.node(id).kind() {
            Kind::List => self.tree.children(id).filter(shown).collect(),
            _ => Some(id).filter(shown).into_iter().collect(),
        }
    }

    /// The node that holds what is said about a primitive value apart from it (`_birthDate`), where there is one.
    pub(super) fn partner(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.tree.parent(id)?;
        let in_list = self.tree.node(parent).kind() == Kind::List;
        let member = if in_list { parent } else { id };
        let name = self.record.name(member)?;
        let beside = self.tree.children(self.tree.parent(member)?).find(|other| {
            self.record.name(*other).is_some_and(|other| other.strip_prefix('_') == Some(&*name))
        })?;
        if !in_list {
            return Some(beside);
        }
        let at = self.tree.children(parent).position(|item| item == id)?;
        self.tree.children(beside).nth(at)
    }

    /// The members of a value by their name.
    pub(super) fn members(&self, id: NodeId, name: &str) -> Vec<NodeId> {
        let holder = match self.tree.node(id).kind() {
            Kind::Object => id,
            _ => match self.partner(id) {
                Some(partner) => partner,
                None => return Vec::new(),
            },
        };
        let is_named = |child: &NodeId| {
            self.record.name(*child).is_some_and(|own| {
                own == name
                    || (own.starts_with(name)
                        && self.type_of(*child).is_some_and(|ty| stem(&own, &ty) == Some(name)))
            })
        };
        self.tree.children(holder).filter(is_named).flat_map(|child| self.values(child)).collect()
    }

    /// The values below one, without those of entries inside of it; such an entry itself is among them.
    pub(super) fn below(&self, id: NodeId) -> Vec<NodeId> {
        let mut out = Vec::new();
        let end = self.tree.next(id);
        let mut at = NodeId(id.0.saturating_add(1));
        while at < end {
            let entry = self.is_entry(at);
            if !matches!(self.tree.node(at).kind(), Kind::List | Kind::Null) && !self.is_type_name(at) {
                out.push(at);
            }
            at = if entry { self.tree.next(at) } else { NodeId(at.0 + 1) };
        }
        out
    }

    /// Whether the node says what its entry is: it is a part of the format, not a value.
    pub(super) fn is_type_name(&self, id: NodeId) -> bool {
        self.tree.parent(id).is_some_and(|parent| self.is_entry(parent))
            && self.record.name(id).as_deref() == Some("resourceType")
    }

    /// The nodes of an entry by type and by name.
    pub(super) fn index(&self, entry: NodeId) -> Index<'r> {
        let mut index = Index { by_type: HashMap::new(), by_name: HashMap::new() };
        for id in self.below(entry) {
            if let Some(ty) = self.type_of(id) {
                index.by_type.entry(ty).or_default().push(id);
            }
            if let Some(name) = self.name_of(id) {
                index.by_name.entry(name).or_default().push(id);
            }
        }
        index
    }
}

/// The name of a choice without the type of what was chosen: of `valueQuantity` it is `value`.
fn stem<'n>(name: &'n str, ty: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ty.len()).filter(|at| *at > 0)?;
    let (stem, end) = (name.get(..at)?, name.get(at..)?);
    let capital = end.starts_with(|c: char| c.is_ascii_uppercase());
    (capital && end.eq_ignore_ascii_case(ty)).then_some(stem)
}
