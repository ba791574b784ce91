//! The published data type of a node: what an expression over types asks for. Inside of what the map does not know, such
//! as an extension of somebody's own, the name of a member tells it (`valueDateTime`).

use std::borrow::Cow;

use super::map::{DATA_TYPES, DataMap};
use crate::formats::dialect::Parsed;
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId};

/// The type of a value, or of the values of a list; of a resource its name. None where nothing tells it.
pub(super) fn of<'a>(map: &DataMap<'_>, parsed: Parsed<'a>, id: NodeId) -> Option<Cow<'a, str>> {
    let node = parsed.tree.node(id);
    // A resource stands where any may stand; its own members say which.
    if node.kind() == Kind::Object
        && let Ok(at) = parsed.entries.binary_search_by_key(&id, |entry| entry.node)
        && let Some(entry) = parsed.entries.get(at)
    {
        return map.name(entry.ty).map(|name| Cow::Owned(name.to_owned()));
    }
    if let Some(name) = map.element(node.element()).and_then(|element| element.data_type()) {
        return Some(Cow::Borrowed(name));
    }
    let parent = parsed.tree.parent(id)?;
    if parsed.tree.node(parent).kind() == Kind::List {
        return of(map, parsed, parent);
    }
    let name = json::name(parsed.source, &node)?;
    if matches!(&*name, "extension" | "modifierExtension") {
        return Some(Cow::Borrowed("Extension"));
    }
    let stem = name.strip_prefix("value")?;
    let fits = |known: &&&str| !known.is_empty() && known.eq_ignore_ascii_case(stem);
    DATA_TYPES.iter().find(fits).map(|known| Cow::Borrowed(*known))
}
