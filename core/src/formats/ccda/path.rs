//! Native paths: `ClinicalDocument/recordTarget[0]/patientRole/patient/name[0]/family`.
//!
//! An element that may repeat has its place among its namesakes, counted from 0, as has any other from the second
//! on. Attributes begin with `@`; `text()`, `comment()` and `processing-instruction()` are leaves without a name. A
//! name that the format does not know appears as `?`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use super::scan::{Form, name_len};
use crate::formats::dialect::{Parsed, PathRenderer};
use crate::formats::fhir::map::{DataMap, Element};
use crate::formats::tree::{ElementId, Node, NodeId};

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

/// Renders the paths of one source.
pub(super) struct Paths<'a> {
    map: &'static DataMap<'static>,
    parsed: Parsed<'a>,
    text: String,
    open: Vec<Open>,
}

struct Open {
    node: NodeId,
    end: NodeId,
    /// How long the text is up to and with this container.
    len: usize,
    /// The children before this one are counted.
    counted: NodeId,
    counts: HashMap<String, usize>,
}

impl<'a> Paths<'a> {
    pub(super) fn new(map: &'static DataMap<'static>, parsed: Parsed<'a>) -> Self {
        Self { map, parsed, text: String::new(), open: Vec::new() }
    }

    fn enter(&mut self, id: NodeId) {
        let parsed = self.parsed;
        let tree = parsed.tree;
        let name = step(parsed, id);
        self.text.truncate(self.open.last().map_or(0, |outer| outer.len));
        if let Some(outer) = self.open.last_mut() {
            if outer.counted > id {
                outer.counted = NodeId(outer.node.0 + 1);
                outer.counts.clear();
            }
            while outer.counted < id {
                *outer.counts.entry(step(parsed, outer.counted).into_owned()).or_default() += 1;
                outer.counted = tree.next(outer.counted);
            }
            let place = outer.counts.get(&*name).copied().unwrap_or_default();
            let repeats =
                !name.starts_with('@') && member(self.map, parsed, id).is_some_and(Element::is_list);
            self.text.push('/');
            self.text.push_str(&name);
            if repeats || place > 0 {
                // Writing to a string cannot fail.
                let _ = write!(self.text, "[{place}]");
            }
        } else {
            self.text.push_str(&name);
        }
        self.open.push(Open {
            node: id,
            end: tree.next(id),
            len: self.text.len(),
            counted: NodeId(id.0 + 1),
            counts: HashMap::new(),
        });
    }
}

impl PathRenderer for Paths<'_> {
    fn of(&mut self, id: NodeId) -> &str {
        let tree = self.parsed.tree;
        if self.open.last().is_some_and(|open| id < open.node) {
            self.open.clear();
        }
        while self.open.last().is_some_and(|open| id >= open.end) {
            self.open.pop();
        }
        let top = self.open.last().map(|open| open.node);
        let mut way = Vec::new();
        let mut at = id;
        while Some(at) != top {
            way.push(at);
            match tree.parent(at) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        for step in way.into_iter().rev() {
            self.enter(step);
        }
        let len = self.open.last().map_or(0, |open| open.len);
        self.text.truncate(len);
        &self.text
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
