//! Pointers of a source: from a clinical statement to the narrative that says the same (`reference value="#id"`),
//! and from a participation to the entry in it.

use std::collections::HashMap;

use super::form::Form;
use super::path::raw_name;
use crate::formats::dialect::{self, Parsed};
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};

/// The elements of a source by their `ID`.
pub(super) struct References {
    by_id: HashMap<String, NodeId>,
}

impl References {
    /// Collects the ids. Where two elements have the same, it means the first.
    pub(super) fn of(parsed: Parsed<'_>) -> Self {
        let mut by_id = HashMap::new();
        for (id, node) in parsed.tree.iter() {
            if node.label() == Label::ResourceId
                && Form::of(parsed.source, &node) == Form::Attribute
                && raw_name(parsed, id) == Some(b"ID")
                && let (Some(text), Some(holder)) =
                    (super::characters::decode(parsed.raw(id)), parsed.tree.parent(id))
            {
                by_id.entry(text.into_owned()).or_insert(holder);
            }
        }
        Self { by_id }
    }
}

impl dialect::References for References {
    fn target(&self, parsed: Parsed<'_>, reference: NodeId) -> Option<NodeId> {
        let node = parsed.tree.node(reference);
        if node.kind() != Kind::Object {
            let text = super::characters::decode(parsed.raw(reference))?;
            return self.by_id.get(text.trim().strip_prefix('#')?).copied();
        }
        if let Some(value) =
            parsed.tree.children(reference).find(|child| parsed.tree.node(*child).label() == Label::Reference)
        {
            return self.target(parsed, value);
        }
        let after = parsed.entries.partition_point(|entry| entry.node <= reference);
        let inside = parsed.entries.get(after)?.node;
        parsed.tree.is_within(inside, reference).then_some(inside)
    }
}
