//! The one writer of a ledger: opening, recovering, and committing entries so that what is acknowledged stays.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use super::checkpoint::Checkpoint;
use super::files::{Files, damaged, io, open_for_writing};
use super::frame::{FrameKind, push};
use super::hash::Hash;
use super::head::{self, Head};
use super::keys::Keys;
use super::merkle::{Frontier, Nodes, inclusion};
use super::proof::verify_inclusion;
use super::receipt::Receipt;
use super::scan::{self, Signatures};
use super::tree::TreeFile;
use crate::error::{Error, Result, codes};

/// A log up to this length is read whole when it is opened; of a longer one only the right edge of the tree, the last
/// checkpoint and the tail are checked then.
const READ_WHOLE: u64 = 32 << 20;
/// Nodes that a rebuilt tree file gathers before they are written.
const GATHERED: usize = 1 << 15;

/// The open files, and the state that they agree on.
#[derive(Debug)]
pub(super) struct Writer {
    log: File,
    head_file: File,
    tree: TreeFile,
    frontier: Frontier,
    head: Head,
    /// Set while a commit is under way; it stays set where one failed, since then the disk's state is not known.
    failed: bool,
}

impl Writer {
    /// Opens the log, or begins one; drops what was never acknowledged.
    pub(super) fn open(files: &Files, keys: &Keys) -> Result<Self> {
        let head_file = open_for_writing(&files.head(), "head")?;
        let found = head::read(&head_file)?;
        let Some(head) = found.head else {
            return Self::begin(files, keys, head_file);
        };
        if !files.log().exists() {
            return Err(Error::new(&codes::LEDGER_TRUNCATED));
        }
        let log = scan::open_at_head(files, keys, &head)?;
        if head.log_len <= READ_WHOLE {
            scan::acknowledged(files, keys, &head, Signatures::Trust, |_, _, _| Ok(()))?;
        }
        let (tree, frontier) = open_tree(files, keys, &head)?;
        let tail = scan::tail(log, keys, &head, frontier.clone())?;
        // A slot that is not whole was being written, so the commit that it was for must stand behind the other.
        if found.broken_slot && (tail.commit.is_none() || tail.torn) {
            return Err(damaged("head"));
        }
        let log = open_for_writing(&files.log(), "log")?;
        let mut writer = Self { log, head_file, tree, frontier, head, failed: false };
        if tail.torn {
            let whole = tail.commit.as_ref().map_or(writer.head.log_len, |(log_len, _)| *log_len);
            writer.log.set_len(whole).map_err(io("log"))?;
        }
        // A writer that was killed may have left what it wrote on the way to the disk.
        writer.log.sync_data().map_err(io("log"))?;
        if let Some((log_len, checkpoint)) = tail.commit {
            tail.leaves.iter().for_each(|leaf| writer.tree.push(&mut writer.frontier, *leaf));
            writer.tree.flush()?;
            writer.head = writer.head.then(log_len, checkpoint);
            writer.head.write(&mut writer.head_file)?;
        }
        writer.head_file.sync_data().map_err(io("head"))?;
        Ok(writer)
    }

    /// Begins a log where there is none. A beginning that was interrupted is begun again; anything else that stands
    /// there without a head is damage.
    fn begin(files: &Files, keys: &Keys, mut head_file: File) -> Result<Self> {
        let (bytes, head) = scan::empty(keys);
        let mut log = open_for_writing(&files.log(), "log")?;
        let mut there = Vec::new();
        (&log).take(bytes.len() as u64 + 1).read_to_end(&mut there).map_err(io("log"))?;
        if !bytes.starts_with(&there) {
            return Err(damaged("head"));
        }
        log.seek(SeekFrom::Start(0)).map_err(io("log"))?;
        log.write_all(&bytes).map_err(io("log"))?;
        log.sync_data().map_err(io("log"))?;
        head::blank(&mut head_file)?;
        head.write(&mut head_file)?;
        files.sync_folder()?;
        let tree = TreeFile::new(open_for_writing(&files.tree(), "tree")?, 0);
        Ok(Self { log, head_file, tree, frontier: Frontier::default(), head, failed: false })
    }

    pub(super) const fn head(&self) -> &Head {
        &self.head
    }

    /// Makes the tree file again from the log.
    pub(super) fn rebuild(&mut self, files: &Files, keys: &Keys) -> Result<()> {
        (self.tree, self.frontier) = build_tree(files, keys, &self.head)?;
        Ok(())
    }

    /// Adds entries and waits until the disk has them: first the log, then the head.
    pub(super) fn commit(
        &mut self,
        files: &Files,
        keys: &Keys,
        bodies: Vec<Vec<u8>>,
    ) -> Result<Vec<Receipt>> {
        if self.failed {
            return Err(Error::new(&codes::LEDGER_FAILED));
        }
        self.failed = true;
        let (mut bytes, leaves) = (Vec::new(), bodies.iter());
        let leaves: Vec<Hash> = leaves.map(|body| push(&mut bytes, FrameKind::Entry, body)).collect();
        let (mut frontier, mut checkpoint) = self.grow(keys, &leaves);
        let mut receipts = self.receipts(&leaves, &checkpoint);
        if receipts.is_err() {
            self.rebuild(files, keys)?;
            (frontier, checkpoint) = self.grow(keys, &leaves);
            receipts = self.receipts(&leaves, &checkpoint);
        }
        let mut receipts = receipts?;
        for (receipt, body) in receipts.iter_mut().zip(bodies) {
            receipt.entry = String::from_utf8(body).ok();
        }
        push(&mut bytes, FrameKind::Checkpoint, checkpoint.note.as_bytes());
        self.log.seek(SeekFrom::Start(self.head.log_len)).map_err(io("log"))?;
        self.log.write_all(&bytes).map_err(io("log"))?;
        self.log.sync_data().map_err(io("log"))?;
        self.tree.flush()?;
        let head = self.head.then(self.head.log_len + bytes.len() as u64, checkpoint);
        head.write(&mut self.head_file)?;
        self.head = head;
        self.frontier = frontier;
        self.failed = false;
        Ok(receipts)
    }

    /// The tree with the leaves: its nodes pending in the tree file, its right edge and its checkpoint.
    fn grow(&mut self, keys: &Keys, leaves: &[Hash]) -> (Frontier, Checkpoint) {
        let mut frontier = self.frontier.clone();
        leaves.iter().for_each(|leaf| self.tree.push(&mut frontier, *leaf));
        let checkpoint = keys.checkpoint(frontier.size(), frontier.root());
        (frontier, checkpoint)
    }

    fn receipts(&self, leaves: &[Hash], checkpoint: &Checkpoint) -> Result<Vec<Receipt>> {
        let indices = self.frontier.size()..;
        indices.zip(leaves).map(|(index, leaf)| receipt(self, index, *leaf, checkpoint)).collect()
    }
}

/// The tree with what a commit adds. A proof of a new leaf needs the right edge, which is in memory, and new nodes.
impl Nodes for Writer {
    fn node(&self, level: u32, index: u64) -> Result<Hash> {
        self.frontier.peak(level, index).map_or_else(|| self.tree.node(level, index), Ok)
    }
}

/// The receipt of the leaf at `index`, checked: a false one is not given out.
pub(super) fn receipt(
    nodes: &impl Nodes,
    index: u64,
    leaf: Hash,
    checkpoint: &Checkpoint,
) -> Result<Receipt> {
    let (tree_size, root) = (checkpoint.size, checkpoint.root);
    let proof = inclusion(nodes, index, tree_size)?;
    verify_inclusion(index, tree_size, &leaf, &proof, &root)?;
    let checkpoint = checkpoint.note.clone();
    Ok(Receipt { index, tree_size, root, leaf_hash: leaf, proof, checkpoint, entry: None })
}

/// Opens the tree file; makes it again where its right edge does not give the root of the head.
fn open_tree(files: &Files, keys: &Keys, head: &Head) -> Result<(TreeFile, Frontier)> {
    let size = head.checkpoint.size;
    let tree = TreeFile::new(open_for_writing(&files.tree(), "tree")?, size);
    match Frontier::read(&tree, size) {
        Ok(frontier) if frontier.root() == head.checkpoint.root => Ok((tree, frontier)),
        _ => build_tree(files, keys, head),
    }
}

fn build_tree(files: &Files, keys: &Keys, head: &Head) -> Result<(TreeFile, Frontier)> {
    let mut tree = TreeFile::new(open_for_writing(&files.tree(), "tree")?, 0);
    let mut frontier = Frontier::default();
    scan::acknowledged(files, keys, head, Signatures::Trust, |_, _, leaf| {
        tree.push(&mut frontier, leaf);
        if tree.pending() >= GATHERED { tree.flush() } else { Ok(()) }
    })?;
    tree.flush()?;
    Ok((tree, frontier))
}
