//! Native paths: where a node stands, in the words of its format (`Bundle.entry[3].resource.name[0].family`).
//!
//! A path is made of names that the format defines. A member that the format does not know appears as `?`: its
//! name is text of the source.

use std::fmt::Write;

use super::map::DataMap;
use crate::formats::dialect::{Parsed, PathRenderer};
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId, Tree};

pub(super) struct Paths<'r> {
    map: &'r DataMap<'static>,
    tree: &'r Tree,
    text: String,
    /// The containers that hold the last node asked for, outermost first.
    open: Vec<Open>,
}

struct Open {
    node: NodeId,
    end: NodeId,
    /// How long the text is up to and with this container.
    len: usize,
    /// The last child of a list that was counted, and its index.
    counted: (NodeId, usize),
}

impl<'r> Paths<'r> {
    pub(super) const fn new(map: &'r DataMap<'static>, tree: &'r Tree) -> Self {
        Self { map, tree, text: String::new(), open: Vec::new() }
    }

    /// Adds the segment of a child of the innermost open container, and opens it.
    fn enter(&mut self, tree: &Tree, id: NodeId) {
        let node = tree.node(id);
        match self.open.last_mut() {
            Some(list) if tree.node(list.node).kind() == Kind::List => {
                self.text.truncate(list.len);
                let (mut at, mut index) = list.counted;
                if at > id {
                    (at, index) = (NodeId(list.node.0 + 1), 0);
                }
                while at < id {
                    at = tree.next(at);
                    index += 1;
                }
                list.counted = (at, index);
                // Writing to a string cannot fail.
                let _ = write!(self.text, "[{index}]");
            }
            outer => {
                self.text.truncate(outer.map_or(0, |outer| outer.len));
                if !self.text.is_empty() {
                    self.text.push('.');
                }
                let name = self.map.name(node.element());
                self.text.push_str(name.unwrap_or("?"));
            }
        }
        self.open.push(Open {
            node: id,
            end: tree.next(id),
            len: self.text.len(),
            counted: (NodeId(id.0 + 1), 0),
        });
    }
}

impl PathRenderer for Paths<'_> {
    fn of(&mut self, id: NodeId) -> &str {
        let tree = self.tree;
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
            self.enter(tree, step);
        }
        &self.text
    }
}

/// The node at a path. The first name is the root's own and is not looked up.
pub(super) fn locate(parsed: Parsed<'_>, path: &str) -> Result<NodeId, usize> {
    let tree = parsed.tree;
    let mut at = NodeId::ROOT;
    for (step, part) in path.split('.').enumerate() {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => {
                let digits = index.strip_suffix(']').and_then(|digits| digits.parse().ok());
                (name, Some(digits.ok_or(step)?))
            }
            None => (part, None),
        };
        if step > 0 {
            let named = |child: &NodeId| {
                json::name(parsed.source, &tree.node(*child)).is_some_and(|known| known == name)
            };
            at = tree.children(at).find(named).ok_or(step)?;
        }
        if let Some(index) = index {
            let list = tree.node(at).kind() == Kind::List;
            at = tree.children(at).nth(index).filter(|_| list).ok_or(step)?;
        }
    }
    Ok(at)
}
