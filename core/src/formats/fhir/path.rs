//! Native paths: where a node stands, in the words of its format (`Bundle.entry[3].resource.name[0].family`).
//!
//! A path is made of names that the format defines. A member that the format does not know appears as `?`: its
//! name is text of the source.

use std::fmt::Write;

use super::map::DataMap;
use crate::formats::dialect::Parsed;
use crate::formats::json;
use crate::formats::tree::{Kind, NodeId, Tree};
use crate::formats::walk::Steps;

/// The steps of a source's paths.
pub(super) struct Names<'r> {
    pub(super) map: &'r DataMap<'static>,
    pub(super) tree: &'r Tree,
}

impl Steps for Names<'_> {
    /// The last element of a list that was counted, and its index.
    type Counted = (NodeId, usize);

    fn uncounted(&self, container: NodeId) -> Self::Counted {
        (NodeId(container.0 + 1), 0)
    }

    fn step(&self, from: Option<(NodeId, &mut Self::Counted)>, to: NodeId, path: &mut String) {
        match from {
            Some((list, counted)) if self.tree.node(list).kind() == Kind::List => {
                let (mut at, mut index) = if counted.0 > to { self.uncounted(list) } else { *counted };
                while at < to {
                    at = self.tree.next(at);
                    index += 1;
                }
                *counted = (at, index);
                // Writing to a string cannot fail.
                let _ = write!(path, "[{index}]");
            }
            _ => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(self.map.name(self.tree.node(to).element()).unwrap_or("?"));
            }
        }
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
