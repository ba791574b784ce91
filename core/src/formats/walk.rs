//! The way to a node from the one that was asked for before it: native paths that grow step by step keep what the two
//! have in common, and go on counting where they stopped.

use super::dialect::PathRenderer;
use super::tree::{NodeId, Tree};

/// The steps of a format's paths.
pub(super) trait Steps {
    /// What was counted among the children of a container.
    type Counted;

    /// Nothing was counted yet in this container.
    fn uncounted(&self, container: NodeId) -> Self::Counted;

    /// Appends the step from a container to its child, or the root where there is no container. The next child that is
    /// asked for can be an earlier one.
    fn step(&self, from: Option<(NodeId, &mut Self::Counted)>, to: NodeId, path: &mut String);
}

/// Renders the paths of one source.
pub(super) struct Walk<'r, S: Steps> {
    steps: S,
    tree: &'r Tree,
    path: String,
    /// The containers that hold the last node asked for and that node, outermost first.
    open: Vec<Open<S::Counted>>,
}

struct Open<C> {
    node: NodeId,
    end: NodeId,
    /// How long the path is up to and with this container.
    len: usize,
    counted: C,
}

impl<'r, S: Steps> Walk<'r, S> {
    pub(super) const fn new(steps: S, tree: &'r Tree) -> Self {
        Self { steps, tree, path: String::new(), open: Vec::new() }
    }
}

impl<S: Steps> PathRenderer for Walk<'_, S> {
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
        for node in way.into_iter().rev() {
            self.path.truncate(self.open.last().map_or(0, |outer| outer.len));
            let from = self.open.last_mut().map(|outer| (outer.node, &mut outer.counted));
            self.steps.step(from, node, &mut self.path);
            let (end, len, counted) = (tree.next(node), self.path.len(), self.steps.uncounted(node));
            self.open.push(Open { node, end, len, counted });
        }
        self.path.truncate(self.open.last().map_or(0, |open| open.len));
        &self.path
    }
}
