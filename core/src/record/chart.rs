//! The Chart: a record seen as entries with fields, the same for every format.
//!
//! It is a view. The format's data map says which element is which field; the Chart walks the tree and reads that.
//! Nothing is copied, and every field knows its node, so its bytes and its path.

use std::borrow::Cow;

use super::Record;
use crate::formats::dialect::EntryHead;
use crate::formats::field::{CodingPart, EntryKind, Field};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};

/// The entries of a record.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'r> {
    record: &'r Record,
}

/// One entry of a chart: in FHIR, a resource, contained ones among them.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'r> {
    record: &'r Record,
    resource: EntryHead,
    /// Its place among the resources of the record.
    index: usize,
}

/// A code with its system: the nodes that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding {
    /// What it is the code of, such as [`Field::Code`]. A quantity's unit is a coding of [`Field::Value`].
    pub field: Field,
    /// The node that holds them.
    pub node: NodeId,
    /// The code system.
    pub system: Option<NodeId>,
    /// The release of the code system.
    pub version: Option<NodeId>,
    /// The code.
    pub code: Option<NodeId>,
    /// The text that the source gives for the code.
    pub display: Option<NodeId>,
}

impl<'r> Chart<'r> {
    pub(super) const fn new(record: &'r Record) -> Self {
        Self { record }
    }

    /// Every entry, in source order; an entry comes before those that it contains.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        let record = self.record;
        let resources = record.inner.reading.entries.iter().enumerate();
        resources.map(move |(index, resource)| Entry { record, resource: *resource, index })
    }

    /// The entries of one kind, in source order.
    pub fn of(&self, kind: EntryKind) -> impl Iterator<Item = Entry<'r>> + use<'r> {
        self.entries().filter(move |entry| entry.kind() == kind)
    }

    /// The innermost entry that holds the node.
    #[must_use]
    pub fn holding(&self, node: NodeId) -> Option<Entry<'r>> {
        let resources = &self.record.inner.reading.entries;
        let mut at = node;
        let index = loop {
            match resources.binary_search_by_key(&at, |resource| resource.node) {
                Ok(index) => break index,
                Err(_) => at = self.record.tree().parent(at)?,
            }
        };
        let resource = resources.get(index)?;
        Some(Entry { record: self.record, resource: *resource, index })
    }
}

impl<'r> Entry<'r> {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        self.resource.kind
    }

    /// The node of the whole entry.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.resource.node
    }

    /// The format's name for its type, such as `MedicationRequest`; none where the format does not know it.
    #[must_use]
    pub fn native_type(&self) -> Option<&'static str> {
        self.record.dialect().type_name(self.resource.ty)
    }

    /// Whether it stands inside another entry and has no identity of its own (in FHIR, `contained`).
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.record.dialect().is_contained(self.record.parsed(), self.resource.node)
    }

    /// The id under which the system that made the record knows it.
    #[must_use]
    pub fn id(&self) -> Option<Cow<'r, str>> {
        self.text(Field::Id)
    }

    /// Its fields in source order, containers before their parts; not those of entries that it contains, and
    /// none of what its format does not recognise.
    pub fn fields(&self) -> impl Iterator<Item = (Field, NodeId)> + use<'r> {
        let tree = self.record.tree();
        let known = self.record.dialect().fields();
        let mut inner = self.record.inner.reading.entries.iter().skip(self.index + 1).peekable();
        let end = tree.next(self.resource.node).index();
        let mut at = self.resource.node.index() + 1;
        std::iter::from_fn(move || {
            while at < end {
                let id = NodeId(at as u32);
                if inner.peek().is_some_and(|resource| resource.node == id) {
                    at = tree.next(id).index();
                    while inner.next_if(|resource| resource.node.index() < at).is_some() {}
                    continue;
                }
                at += 1;
                let (element, kind, tag) = tree.mark(id)?;
                let field = known.get(element.index()).copied().flatten();
                if let Some(field) = field
                    && kind != Kind::List
                    && tag & 0x3f != Label::Unrecognised as u8
                {
                    return Some((field, id));
                }
            }
            None
        })
    }

    /// The nodes of a field, in source order.
    pub fn all(&self, field: Field) -> impl Iterator<Item = NodeId> + use<'r> {
        self.fields().filter(move |(found, _)| *found == field).map(|(_, node)| node)
    }

    /// The first node of a field.
    #[must_use]
    pub fn first(&self, field: Field) -> Option<NodeId> {
        self.all(field).next()
    }

    /// The first of its own members that is of a field, wherever else the field stands inside of them.
    pub(crate) fn member(&self, field: Field) -> Option<NodeId> {
        let tree = self.record.tree();
        let known = self.record.dialect().fields();
        let is = |node: &NodeId| {
            tree.mark(*node).is_some_and(|(element, kind, tag)| {
                known.get(element.index()).copied().flatten() == Some(field)
                    && kind != Kind::List
                    && tag & 0x3f != Label::Unrecognised as u8
            })
        };
        tree.children(self.resource.node).find(is)
    }

    /// The text of the first leaf of a field.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<Cow<'r, str>> {
        let record = self.record;
        self.all(field).find_map(|node| record.text(node))
    }

    /// Its codes with their systems, in source order.
    pub fn codings(&self) -> impl Iterator<Item = Coding> + use<'r> {
        let record = self.record;
        let tree = record.tree();
        let mut parts = self
            .fields()
            .filter_map(move |(field, node)| {
                let (whole, part) = field.coding_part()?;
                let group = record.dialect().coding_group(record.parsed(), node);
                Some((whole, part, node, (tree.parent(node)?, group)))
            })
            .peekable();
        std::iter::from_fn(move || {
            let (field, _, _, holder) = *parts.peek()?;
            let mut coding =
                Coding { field, node: holder.0, system: None, version: None, code: None, display: None };
            while let Some((_, part, node, _)) = parts.next_if(|(_, _, _, other)| *other == holder) {
                let slot = match part {
                    CodingPart::System => &mut coding.system,
                    CodingPart::Version => &mut coding.version,
                    CodingPart::Code => &mut coding.code,
                    CodingPart::Display => &mut coding.display,
                };
                slot.get_or_insert(node);
            }
            Some(coding)
        })
    }
}
