//! References: which resource of the same source a reference points to
//! (<http://hl7.org/fhir/R4/references.html>, <http://hl7.org/fhir/R4/bundle.html#references>).

use std::collections::HashMap;

use super::map::DataMap;
use crate::formats::dialect::{self, EntryHead, Parsed};
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId, Tree};

/// The resources of a source by the names that a reference can give them.
pub(super) struct References {
    map: DataMap<'static>,
    /// By `fullUrl` of their entry, and by type and id.
    by_name: HashMap<String, NodeId>,
    /// Contained ones by the resource that contains them and their id.
    contained: HashMap<(NodeId, String), NodeId>,
}

/// Whether the resource stands in `contained` of another.
pub(super) fn is_contained(map: &DataMap<'_>, tree: &Tree, resource: NodeId) -> bool {
    map.name(tree.node(resource).element()) == Some("contained")
}

impl References {
    /// Collects the names of `resources`. Where two have the same name, it means the first.
    pub(super) fn of(map: DataMap<'static>, parsed: Parsed<'_>) -> Self {
        let mut out = Self { map, by_name: HashMap::new(), contained: HashMap::new() };
        let map = &map;
        let Parsed { source, tree, entries } = parsed;
        for resource in entries {
            let id = member(map, tree, resource.node, "id").and_then(|node| text(source, tree, node));
            if is_contained(map, tree, resource.node) {
                if let (Some(id), Some(holder)) = (id, holder(map, tree, entries, resource.node)) {
                    out.contained.entry((holder, id)).or_insert(resource.node);
                }
                continue;
            }
            if let (Some(id), Some(ty)) = (id, map.name(resource.ty)) {
                out.by_name.entry(format!("{ty}/{id}")).or_insert(resource.node);
            }
            let entry = tree.parent(resource.node);
            let url = entry.and_then(|entry| member(map, tree, entry, "fullUrl"));
            if let Some(url) = url.and_then(|node| text(source, tree, node)) {
                out.by_name.entry(url).or_insert(resource.node);
            }
        }
        out
    }
}

impl dialect::References for References {
    /// By `fullUrl`, by `Type/id` (with or without a version), or by `#id` inside the resource that holds the
    /// reference.
    fn target(&self, parsed: Parsed<'_>, reference: NodeId) -> Option<NodeId> {
        let Self { map, .. } = self;
        let Parsed { source, tree, entries } = parsed;
        let node = match tree.node(reference).kind() {
            Kind::Object => member(map, tree, reference, "reference")?,
            _ => reference,
        };
        let name = text(source, tree, node)?;
        if let Some(id) = name.strip_prefix('#') {
            let holder = holder(map, tree, entries, node)?;
            return if id.is_empty() {
                Some(holder)
            } else {
                self.contained.get(&(holder, id.to_owned())).copied()
            };
        }
        let unversioned = name.split("/_history/").next().unwrap_or_default();
        self.by_name.get(name.as_str()).or_else(|| self.by_name.get(unversioned)).copied()
    }
}

/// The innermost resource that holds the node and is not itself contained.
fn holder(map: &DataMap<'_>, tree: &Tree, resources: &[EntryHead], node: NodeId) -> Option<NodeId> {
    let before = resources.partition_point(|resource| resource.node <= node);
    resources
        .iter()
        .take(before)
        .rev()
        .map(|resource| resource.node)
        .find(|resource| tree.is_within(node, *resource) && !is_contained(map, tree, *resource))
}

/// The first member that is the element of this name.
fn member(map: &DataMap<'_>, tree: &Tree, object: NodeId, name: &str) -> Option<NodeId> {
    tree.children(object).find(|child| map.name(tree.node(*child).element()) == Some(name))
}

fn text(source: &[u8], tree: &Tree, node: NodeId) -> Option<String> {
    json::decode(tree.node(node).span().of(source)?).map(Into::into)
}
