//! What takes the place of something that was removed: nothing where it is optional, else the statement that it is
//! there but withheld, `nullFlavor="MSK"` (CDA R2, NullFlavor *masked*).

use std::borrow::Cow;

use super::form::Form;
use super::path::{member, raw_name};
use crate::formats::dialect::Parsed;
use crate::formats::edit::{Edits, Emptied};
use crate::formats::fhir::map::DataMap;
use crate::formats::label::Label;
use crate::formats::tree::{Kind, NodeId};

/// Whether the node is an element that its container must have: the only one of its name, or the first.
pub(super) fn is_required(map: &DataMap<'static>, parsed: Parsed<'_>, id: NodeId) -> bool {
    let element = Form::of(parsed.source, &parsed.tree.node(id));
    if !matches!(element, Form::Element | Form::Simple)
        || !member(map, parsed, id).is_some_and(|element| element.is_required())
    {
        return false;
    }
    let name = raw_name(parsed, id);
    let siblings = parsed.tree.parent(id).map(|parent| parsed.tree.children(parent));
    siblings.into_iter().flatten().find(|sibling| raw_name(parsed, *sibling) == name) == Some(id)
}

/// The element of that name with nothing in it but the statement. The narrative of a section has no such statement
/// and stays empty.
fn statement(parsed: Parsed<'_>, id: NodeId, closed: bool) -> Vec<u8> {
    let name = raw_name(parsed, id).unwrap_or_default();
    let says: &[u8] =
        if parsed.tree.node(id).label() == Label::Narrative { b"" } else { b" nullFlavor=\"MSK\"" };
    let end: &[u8] = if closed { b"/>" } else { b">" };
    [b"<", name, says, end].concat()
}

/// What becomes of an element whose content was removed.
pub(super) fn emptied(map: &DataMap<'static>, parsed: Parsed<'_>, id: NodeId) -> Emptied {
    if parsed.tree.node(id).kind() == Kind::Object && is_required(map, parsed, id) {
        Emptied::Replace(Cow::Owned(statement(parsed, id, true)))
    } else {
        Emptied::Remove
    }
}

/// Removes a node, or says in its place that it is withheld where its container must have it: an element itself, an
/// attribute that holds the element's value.
pub(super) fn withhold(map: &DataMap<'static>, edits: &mut Edits<'_>, id: NodeId) -> bool {
    let parsed = edits.parsed();
    match Form::of(parsed.source, &parsed.tree.node(id)) {
        Form::Element if is_required(map, parsed, id) => mask(edits, id),
        // The end tag stays where it is.
        Form::Simple if is_required(map, parsed, id) => {
            edits.replace_member(id, &statement(parsed, id, false));
        }
        Form::Attribute if speaks_for_element(map, parsed, id) => {
            let quote = parsed.source.get(parsed.tree.node(id).span().end).copied().unwrap_or(b'"');
            // The closing quote stays where it is.
            edits.replace_member(id, &[b"nullFlavor=", [quote].as_slice(), b"MSK"].concat());
        }
        _ => {
            edits.remove(id);
            return false;
        }
    }
    true
}

/// Puts the statement in place of an element.
pub(super) fn mask(edits: &mut Edits<'_>, id: NodeId) {
    let with = statement(edits.parsed(), id, true);
    edits.replace_value(id, &with);
}

/// Whether an attribute holds the value of an element that must be there and says nothing else of its absence: the
/// first of those that can, so that the statement stands once.
fn speaks_for_element(map: &DataMap<'static>, parsed: Parsed<'_>, id: NodeId) -> bool {
    let Some(holder) = parsed.tree.parent(id) else { return false };
    let attributes = || {
        let mut children = parsed.tree.children(holder);
        let attribute =
            |child: &NodeId| Form::of(parsed.source, &parsed.tree.node(*child)) == Form::Attribute;
        std::iter::from_fn(move || children.next().filter(attribute))
    };
    let first = |names: &[&[u8]]| {
        attributes().find(|child| raw_name(parsed, *child).is_some_and(|name| names.contains(&name)))
    };
    let speaker = first(&[b"value", b"code", b"extension"]).or_else(|| first(&[b"root"]));
    speaker == Some(id)
        && holder != NodeId::ROOT
        && first(&[b"nullFlavor"]).is_none()
        && is_required(map, parsed, holder)
}
