//! Native paths: `ClinicalDocument/recordTarget[0]/patientRole/patient/name[0]/family`.
//!
//! An element that may repeat has its place among its namesakes, counted from 0, as has any other from the second
//! on. Attributes begin with `@`; `text()`, `comment()` and `processing-instruction()` are leaves without a name. A
//! name that the format does not know appears as `?`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use super::form::{Form, name_len};
use crate::formats::dialect::Parsed;
use crate::formats::fhir::map::{DataMap, Element};
use crate::formats::tree::{ElementId, Node, NodeId};
use crate::formats::walk::Steps;

/// The root's own name is not where its node begins: what precedes the element belongs to the document.
pub(super) fn root_lead(source: &[u8], node: &Node) -> usize {
    let mut at = node.start as usize;
    while let Some(rest) = source.get(at..) {
        let Some(tag) = memchr::memchr(b'<', rest) else { break };
        let markup = rest.get(tag..).unwrap_or_default();
        let end: &[u8] = match markup {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', ..] => b"-->",
            _ => return at + tag,
        };
        at += tag + memchr::memmem::find(markup, end).map_or(markup.len(), |found| found + end.len());
    }
    source.len()
}

/// The name of an element or attribute as it is written; none for other leaves.
pub(super) fn raw_name<'a>(parsed: Parsed<'a>, id: NodeId) -> Option<&'a [u8]> {
    let node = parsed.tree.node(id);
    let from = match Form::of(parsed.source, &node) {
        Form::Element if id == NodeId::ROOT => root_lead(parsed.source, &node) + 1,
        Form::Element | Form::Simple => node.lead as usize + 1,
        Form::Attribute => node.lead as usize,
        Form::Run | Form::Comment | Form::Instruction => return None,
    };
    let rest = parsed.source.get(from..)?;
    rest.get(..name_len(rest))
}

/// The element of the map that a node is in its container.
pub(super) fn member(map: &DataMap<'static>, parsed: Parsed<'_>, id: NodeId) -> Option<Element<'static>> {
    let parent = parsed.tree.parent(id)?;
    let holder = map.element(parsed.tree.node(parent).element())?;
    let name = raw_name(parsed, id)?;
    map.member(holder.ty(), &super::map::plain(name)).map(|(_, element)| element)
}

/// What stands in a path for a node, without its place among namesakes.
fn step(parsed: Parsed<'_>, id: NodeId) -> Cow<'_, str> {
    let node = parsed.tree.node(id);
    let name = |known: bool| {
        let raw = raw_name(parsed, id).unwrap_or_default();
        let plain = super::map::plain(raw);
        let text = if known { std::str::from_utf8(&plain).unwrap_or("?") } else { "?" };
        text.to_owned()
    };
    match Form::of(parsed.source, &node) {
        Form::Element | Form::Simple => name(node.element() != ElementId::NONE).into(),
        Form::Attribute if node.element() != ElementId::NONE => format!("@{}", name(true)).into(),
        Form::Attribute => match raw_name(parsed, id).unwrap_or_default() {
            raw if raw.ends_with(b":type") => "@xsi:type".into(),
            b"xml:lang" => "@xml:lang".into(),
            b"xml:space" => "@xml:space".into(),
            _ => "@?".into(),
        },
        Form::Run => "text()".into(),
        Form::Comment => "comment()".into(),
        Form::Instruction => "processing-instruction()".into(),
    }
}

/// The steps of a source's paths.
pub(super) struct Names<'a> {
    pub(super) map: &'static DataMap<'static>,
    pub(super) parsed: Parsed<'a>,
}

impl Steps for Names<'_> {
    /// The child up to which the children are counted, and how many there are of each name before it.
    type Counted = (NodeId, HashMap<String, usize>);

    fn uncounted(&self, container: NodeId) -> Self::Counted {
        (NodeId(container.0 + 1), HashMap::new())
    }

    fn step(&self, from: Option<(NodeId, &mut Self::Counted)>, to: NodeId, path: &mut String) {
        let parsed = self.parsed;
        let name = step(parsed, to);
        let Some((container, counted)) = from else {
            path.push_str(&name);
            return;
        };
        if counted.0 > to {
            *counted = self.uncounted(container);
        }
        let (at, counts) = counted;
        while *at < to {
            *counts.entry(step(parsed, *at).into_owned()).or_default() += 1;
            *at = parsed.tree.next(*at);
        }
        let place = counts.get(&*name).copied().unwrap_or_default();
        let repeats = !name.starts_with('@') && member(self.map, parsed, to).is_some_and(Element::is_list);
        path.push('/');
        path.push_str(&name);
        if repeats || place > 0 {
            // Writing to a string cannot fail.
            let _ = write!(path, "[{place}]");
        }
    }
}

/// The node at a path.
///
/// # Errors
/// How many steps of the path exist.
pub(super) fn locate(parsed: Parsed<'_>, path: &str) -> Result<NodeId, usize> {
    let mut at = NodeId::ROOT;
    for (number, part) in path.split('/').enumerate() {
        if number == 0 {
            if part != step(parsed, at) {
                return Err(0);
            }
            continue;
        }
        let (name, place) = match part.strip_suffix(']').and_then(|part| part.rsplit_once('[')) {
            Some((name, place)) => (name, place.parse().map_err(|_| number)?),
            None => (part, 0usize),
        };
        let mut named = parsed.tree.children(at).filter(|child| name != "?" && step(parsed, *child) == name);
        at = named.nth(place).ok_or(number)?;
    }
    Ok(at)
}
