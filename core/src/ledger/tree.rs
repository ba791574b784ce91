//! The tree file: every complete node of the tree, 32 bytes each, in the order in which appends complete them.
//!
//! It only saves reading the log again. What is read from it is believed when it agrees with a checkpoint.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use super::files::{damaged, io};
use super::hash::Hash;
use super::merkle::{Frontier, Nodes, nodes_of, position};
use crate::error::Result;

const NODE: u64 = 32;

/// A tree file, with the nodes that were added but not written yet.
#[derive(Debug)]
pub(super) struct TreeFile {
    file: File,
    written: u64,
    pending: Vec<Hash>,
}

impl TreeFile {
    /// The stored tree of `size` leaves.
    pub(super) const fn new(file: File, size: u64) -> Self {
        Self { file, written: nodes_of(size), pending: Vec::new() }
    }

    /// Adds a leaf to `frontier` and its nodes to the file's pending ones.
    pub(super) fn push(&mut self, frontier: &mut Frontier, leaf: Hash) {
        frontier.push(leaf, |node| self.pending.push(node));
    }

    /// How many nodes wait to be written.
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Writes the pending nodes.
    pub(super) fn flush(&mut self) -> Result<()> {
        let bytes: Vec<u8> = self.pending.iter().flat_map(|node| node.0).collect();
        self.file.seek(SeekFrom::Start(self.written * NODE)).map_err(io("tree"))?;
        self.file.write_all(&bytes).map_err(io("tree"))?;
        self.written += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }
}

impl Nodes for TreeFile {
    fn node(&self, level: u32, index: u64) -> Result<Hash> {
        let at = position(level, index);
        if let Some(pending) = at.checked_sub(self.written) {
            let place = usize::try_from(pending).ok();
            return place.and_then(|at| self.pending.get(at)).copied().ok_or_else(|| damaged("tree"));
        }
        let mut hash = [0u8; 32];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at * NODE)).map_err(io("tree"))?;
        // A tree file that ends too early is as good as a damaged one: it can be made again.
        file.read_exact(&mut hash).map_err(|_| damaged("tree"))?;
        Ok(Hash(hash))
    }
}
