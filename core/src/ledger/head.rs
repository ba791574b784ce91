//! The head file: how much of the log is acknowledged, in two slots that are written in turn.
//!
//! An append is acknowledged when the log is on disk and after it a slot is. So a slot that is torn proves that the log
//! was whole, and a log that is shorter than a slot says proves that it was cut.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use super::checkpoint::Checkpoint;
use super::files::io;
use super::hash::Hash;
use crate::error::{Error, Result, codes};

/// Bytes of a slot: one sector of any disk, so that its write is whole or not at all.
const SLOT: usize = 512;
/// Length of the log (8), length of the note (2), and the hash of both with the note (32).
const FIXED: usize = 42;

/// The acknowledged state: a checkpoint, and the length of the log that ends with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) log_len: u64,
    pub(super) checkpoint: Checkpoint,
    slot: u8,
}

/// What the head file says.
#[derive(Debug)]
pub(super) struct Found {
    /// The newest whole slot.
    pub(super) head: Option<Head>,
    /// Whether a slot holds something that is not whole.
    pub(super) broken_slot: bool,
}

impl Head {
    /// The first of a log.
    pub(super) const fn first(log_len: u64, checkpoint: Checkpoint) -> Self {
        Self { log_len, checkpoint, slot: 0 }
    }

    /// The one after this.
    pub(super) const fn then(&self, log_len: u64, checkpoint: Checkpoint) -> Self {
        Self { log_len, checkpoint, slot: 1 - self.slot }
    }

    /// Writes its slot and waits until the disk has it.
    pub(super) fn write(&self, file: &mut File) -> Result<()> {
        let note = self.checkpoint.note.as_bytes();
        let mut bytes = Vec::with_capacity(SLOT);
        bytes.extend(self.log_len.to_le_bytes());
        bytes.extend((note.len() as u16).to_le_bytes());
        bytes.extend_from_slice(note);
        bytes.extend(Hash::of(&bytes).0);
        if bytes.len() > SLOT {
            return Err(Error::new(&codes::CHECKPOINT_INVALID).note("the note is longer than a slot"));
        }
        bytes.resize(SLOT, 0);
        file.seek(SeekFrom::Start(u64::from(self.slot) * SLOT as u64)).map_err(io("head"))?;
        file.write_all(&bytes).map_err(io("head"))?;
        file.sync_data().map_err(io("head"))
    }
}

/// Reads both slots.
pub(super) fn read(mut file: &File) -> Result<Found> {
    let mut bytes = Vec::with_capacity(2 * SLOT);
    file.seek(SeekFrom::Start(0)).map_err(io("head"))?;
    file.take(2 * SLOT as u64 + 1).read_to_end(&mut bytes).map_err(io("head"))?;
    let mut found = Found { head: None, broken_slot: bytes.len() != 2 * SLOT };
    for (slot, bytes) in (0u8..).zip(bytes.chunks(SLOT)) {
        if bytes.iter().all(|byte| *byte == 0) {
            continue;
        }
        match read_slot(bytes, slot) {
            Some(head) if found.head.as_ref().is_none_or(|best| head.log_len > best.log_len) => {
                found.head = Some(head);
            }
            Some(_) => {}
            None => found.broken_slot = true,
        }
    }
    Ok(found)
}

/// A new head file with both slots empty.
pub(super) fn blank(file: &mut File) -> Result<()> {
    file.seek(SeekFrom::Start(0)).map_err(io("head"))?;
    file.write_all(&[0; 2 * SLOT]).map_err(io("head"))
}

fn read_slot(bytes: &[u8], slot: u8) -> Option<Head> {
    let (log_len, rest) = bytes.split_first_chunk::<8>()?;
    let (note_len, _) = rest.split_first_chunk::<2>()?;
    let note_len = usize::from(u16::from_le_bytes(*note_len));
    let (said, rest) = bytes.split_at_checked(FIXED - 32 + note_len)?;
    let (hash, padding) = rest.split_first_chunk::<32>()?;
    let whole = Hash::of(said).0 == *hash && padding.iter().all(|byte| *byte == 0);
    let note = std::str::from_utf8(said.get(FIXED - 32..)?).ok().filter(|_| whole)?;
    let checkpoint = Checkpoint::parse(note).ok()?;
    Some(Head { log_len: u64::from_le_bytes(*log_len), checkpoint, slot })
}
