//! References: which resource of the same source a reference points to
//! (<http://hl7.org/fhir/R4/references.html>, <http://hl7.org/fhir/R4/bundle.html#references>).

use std::collections::HashMap;

use super::label::Resource;
use super::map::{self, DataMap};
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId, Tree};

/// The resources of a source by the names that a reference can give them.
#[derive(Default)]
pub struct References {
    /// By `fullUrl` of their entry, and by type and id.
    by_name: HashMap<String, NodeId>,
    /// Contained ones by the resource that contains them and their id.
    contained: HashMap<(NodeId, String), NodeId>,
}

impl std::fmt::Debug for References {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("References").field("names", &self.by_name.len()).finish_non_exhaustive()
    }
}

/// Whether the resource stands in `contained` of another.
#[must_use]
pub fn is_contained(tree: &Tree, resource: NodeId) -> bool {
    map::fhir_r4().is_ok_and(|map| map.name(tree.node(resource).element()) == Some("contained"))
}

impl References {
    /// Collects the names of `resources`. Where two have the same name, it means the first.
    #[must_use]
    pub fn of(source: &[u8], tree: &Tree, resources: &[Resource]) -> Self {
        let mut out = Self::default();
        let Ok(map) = map::fhir_r4() else { return out };
        for resource in resources {
            let id = member(map, tree, resource.node, "id").and_then(|node| text(source, tree, node));
            if is_contained(tree, resource.node) {
                if let (Some(id), Some(holder)) = (id, holder(tree, resources, resource.node)) {
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

    /// The resource that a reference points to, where it is in the source: by `fullUrl`, by `Type/id` (with or
    /// without a version), or by `#id` inside the resource that holds the reference. `reference` is the node of
    /// the Reference or of its `reference`.
    #[must_use]
    pub fn target(
        &self,
        source: &[u8],
        tree: &Tree,
        resources: &[Resource],
        reference: NodeId,
    ) -> Option<NodeId> {
        let map = map::fhir_r4().ok()?;
        let node = match tree.node(reference).kind() {
            Kind::Object => member(map, tree, reference, "reference")?,
            _ => reference,
        };
        let name = text(source, tree, node)?;
        if let Some(id) = name.strip_prefix('#') {
            let holder = holder(tree, resources, node)?;
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
fn holder(tree: &Tree, resources: &[Resource], node: NodeId) -> Option<NodeId> {
    let before = resources.partition_point(|resource| resource.node <= node);
    resources
        .iter()
        .take(before)
        .rev()
        .map(|resource| resource.node)
        .find(|resource| tree.is_within(node, *resource) && !is_contained(tree, *resource))
}

/// The first member that is the element of this name.
fn member(map: &DataMap<'_>, tree: &Tree, object: NodeId, name: &str) -> Option<NodeId> {
    tree.children(object).find(|child| map.name(tree.node(*child).element()) == Some(name))
}

fn text(source: &[u8], tree: &Tree, node: NodeId) -> Option<String> {
    json::decode(tree.node(node).span().of(source)?).map(Into::into)
}
