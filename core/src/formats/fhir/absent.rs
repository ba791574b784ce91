//! What takes the place of something that was removed: nothing where it is optional, else the extension that says
//! it is withheld (<http://hl7.org/fhir/StructureDefinition/data-absent-reason>, code `masked`).

use std::borrow::Cow;

use super::map::DataMap;
use crate::formats::edit::{Edits, Emptied};
use crate::formats::tree::{Kind, NodeId, Tree};

macro_rules! masked {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}"#,
            $after
        )
        .as_bytes()
    };
}

const MASKED: &[u8] = masked!("", "");
const MASKED_LIST: &[u8] = masked!("[", "]");

/// Whether the node is a member, or the list of members, that its container must have.
pub(super) fn is_required(map: &DataMap<'_>, tree: &Tree, id: NodeId) -> bool {
    let in_list = tree.parent(id).is_some_and(|parent| tree.node(parent).kind() == Kind::List);
    let element = map.element(tree.node(id).element());
    !in_list && element.is_some_and(|element| element.is_required())
}

/// What becomes of a container whose content was removed.
pub(super) fn emptied(map: &DataMap<'_>, tree: &Tree, id: NodeId) -> Emptied {
    match (is_required(map, tree, id), tree.node(id).kind()) {
        (true, Kind::Object) => Emptied::Replace(Cow::Borrowed(MASKED)),
        (true, Kind::List) => Emptied::Replace(Cow::Borrowed(MASKED_LIST)),
        _ => Emptied::Remove,
    }
}

/// Removes a node, or replaces it where its container must have one. What the element is by definition says how, not
/// what the source wrote there. A primitive's statement goes into its partner (`_status`); where the source has that
/// already, it stays as it is and the primitive goes. Comes back with whether a statement stands in its place.
pub(super) fn withhold(map: &DataMap<'_>, edits: &mut Edits<'_>, id: NodeId) -> bool {
    let tree = edits.parsed().tree;
    let element = map.element(tree.node(id).element());
    let Some(element) = element.filter(|_| is_required(map, tree, id)) else {
        edits.remove(id);
        return false;
    };
    let statement = if element.is_list() { MASKED_LIST } else { MASKED };
    if element.may_be(Kind::Object) {
        edits.replace_value(id, statement);
        return true;
    }
    let Some(name) = partner(map, tree, id) else {
        edits.remove(id);
        return false;
    };
    edits.replace_member(id, &[b"\"", name.as_bytes(), b"\":", statement].concat());
    true
}

/// Puts the statement in place of an object's value.
pub(super) fn mask(edits: &mut Edits<'_>, id: NodeId) {
    edits.replace_value(id, MASKED);
}

/// Whether the node is the partner of a primitive (`_status`): then the primitive that it belongs to, where the
/// source has it.
pub(super) fn partner_of(map: &DataMap<'_>, tree: &Tree, id: NodeId) -> Option<Option<NodeId>> {
    let element = tree.node(id).element();
    if !map.element(element)?.is_partner() {
        return None;
    }
    let name = map.name(element)?.strip_prefix('_')?;
    let primitive =
        tree.children(tree.parent(id)?).find(|sibling| map.name(tree.node(*sibling).element()) == Some(name));
    Some(primitive)
}

/// The name of a primitive's partner, where it can have one and the source has none.
fn partner(map: &DataMap<'_>, tree: &Tree, id: NodeId) -> Option<String> {
    let name = format!("_{}", map.name(tree.node(id).element())?);
    let siblings = tree.children(tree.parent(id)?);
    let taken = siblings.into_iter().any(|sibling| map.name(tree.node(sibling).element()) == Some(&name));
    (!taken).then_some(name)
}
