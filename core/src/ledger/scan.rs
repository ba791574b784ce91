//! Reading the log: from its beginning up to the acknowledged head, or the tail behind it.

use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};

use super::checkpoint::Checkpoint;
use super::files::{Files, damaged, io};
use super::frame::{FrameKind, Frames, MAGIC, Step, frame_len, push};
use super::hash::Hash;
use super::head::Head;
use super::keys::Keys;
use super::merkle::Frontier;
use crate::error::{Error, Result, codes};

/// Whether a reading of the log also checks the signature of every checkpoint in it. That of the last one, which stands
/// for all entries, is always checked when the ledger is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signatures {
    Trust,
    Check,
}

/// Opens the log and checks that it ends, at the acknowledged length, with the acknowledged checkpoint.
pub(super) fn open_at_head(files: &Files, keys: &Keys, head: &Head) -> Result<File> {
    keys.accept(&head.checkpoint)?;
    let mut log = File::open(files.log()).map_err(io("log"))?;
    if log.metadata().map_err(io("log"))?.len() < head.log_len {
        return Err(Error::new(&codes::LEDGER_TRUNCATED));
    }
    let mut last = Vec::new();
    push(&mut last, FrameKind::Checkpoint, head.checkpoint.note.as_bytes());
    let at = head.log_len.checked_sub(last.len() as u64).ok_or_else(|| damaged("head"))?;
    let mut found = vec![0; last.len()];
    log.seek(SeekFrom::Start(at)).map_err(io("log"))?;
    log.read_exact(&mut found).map_err(io("log"))?;
    if found == last { Ok(log) } else { Err(damaged("log")) }
}

/// Reads the acknowledged log from its beginning, checks every hash and every checkpoint on the way, and shows each
/// entry (index, body, leaf hash) to `visit`.
pub(super) fn acknowledged(
    files: &Files,
    keys: &Keys,
    head: &Head,
    signatures: Signatures,
    mut visit: impl FnMut(u64, &[u8], Hash) -> Result<()>,
) -> Result<()> {
    let mut log = open_at_head(files, keys, head)?;
    let mut magic = [0u8; MAGIC.len()];
    log.seek(SeekFrom::Start(0)).map_err(io("log"))?;
    log.read_exact(&mut magic).map_err(io("log"))?;
    if magic != *MAGIC {
        return Err(damaged("log"));
    }
    let begin = MAGIC.len() as u64;
    let source = BufReader::with_capacity(1 << 18, log).take(head.log_len.saturating_sub(begin));
    let mut frames = Frames::new(source, begin);
    let mut frontier = Frontier::default();
    let mut last = None;
    loop {
        match frames.next()? {
            Step::Frame(FrameKind::Entry, leaf) => {
                visit(frontier.size(), frames.body(), leaf)?;
                frontier.push(leaf, |_| ());
                last = None;
            }
            Step::Frame(FrameKind::Checkpoint, _) => {
                let checkpoint = checkpoint_of(frames.body(), &frontier).ok_or_else(|| damaged("log"))?;
                if signatures == Signatures::Check {
                    keys.accept(&checkpoint)?;
                }
                last = Some(checkpoint);
            }
            Step::End => break,
            Step::Broken => return Err(damaged("log")),
        }
    }
    if last.as_ref() == Some(&head.checkpoint) { Ok(()) } else { Err(damaged("log")) }
}

/// What stands behind the acknowledged log.
pub(super) struct Tail {
    /// The leaves of commits that are whole.
    pub(super) leaves: Vec<Hash>,
    /// The last such commit, if any.
    pub(super) commit: Option<(u64, Checkpoint)>,
    /// Whether something else stands behind it.
    pub(super) torn: bool,
}

/// Reads what stands behind the acknowledged log, whose right edge is `frontier`. A commit counts when its entries are
/// whole and a checkpoint of this key closes them.
pub(super) fn tail(mut log: File, keys: &Keys, head: &Head, mut frontier: Frontier) -> Result<Tail> {
    log.seek(SeekFrom::Start(head.log_len)).map_err(io("log"))?;
    let mut frames = Frames::new(BufReader::new(log), head.log_len);
    let mut tail = Tail { leaves: Vec::new(), commit: None, torn: false };
    let mut open = Vec::new();
    loop {
        match frames.next()? {
            Step::Frame(FrameKind::Entry, leaf) => {
                frontier.push(leaf, |_| ());
                open.push(leaf);
            }
            Step::Frame(FrameKind::Checkpoint, _) => {
                let checkpoint = checkpoint_of(frames.body(), &frontier);
                match checkpoint.filter(|checkpoint| keys.accept(checkpoint).is_ok()) {
                    Some(checkpoint) => {
                        tail.leaves.append(&mut open);
                        tail.commit = Some((frames.at(), checkpoint));
                    }
                    None => break,
                }
            }
            Step::End if open.is_empty() => return Ok(tail),
            Step::End | Step::Broken => break,
        }
    }
    tail.torn = true;
    Ok(tail)
}

/// The checkpoint in a frame, where it is the one of the tree read so far.
fn checkpoint_of(body: &[u8], frontier: &Frontier) -> Option<Checkpoint> {
    let checkpoint = Checkpoint::parse(std::str::from_utf8(body).ok()?).ok()?;
    (checkpoint.size == frontier.size() && checkpoint.root == frontier.root()).then_some(checkpoint)
}

/// The bytes of a log without entries, and its head.
pub(super) fn empty(keys: &Keys) -> (Vec<u8>, Head) {
    let checkpoint = keys.checkpoint(0, Frontier::default().root());
    let length = MAGIC.len() as u64 + frame_len(checkpoint.note.len());
    let mut bytes = MAGIC.to_vec();
    push(&mut bytes, FrameKind::Checkpoint, checkpoint.note.as_bytes());
    (bytes, Head::first(length, checkpoint))
}
