//! Native paths: where a node stands, in the words of its format (`Bundle.entry[3].resource.name[0].family`,
//! `PID-5[1].1`).

use crate::formats::dialect::PathRenderer;
use crate::formats::tree::NodeId;

/// Renders paths of ascending nodes in one pass over the record; an earlier node starts the pass again.
pub struct Paths<'r> {
    renderer: Box<dyn PathRenderer + 'r>,
}

impl std::fmt::Debug for Paths<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Paths").finish_non_exhaustive()
    }
}

impl<'r> Paths<'r> {
    pub(super) fn new(renderer: Box<dyn PathRenderer + 'r>) -> Self {
        Self { renderer }
    }

    /// The path of the node.
    pub fn of(&mut self, id: NodeId) -> &str {
        self.renderer.of(id)
    }
}
