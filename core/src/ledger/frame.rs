//! Frames: how entries and checkpoints stand in the log file.
//!
//! A frame is one byte of kind, the length of the body (u32, little endian), the body, and a hash of the body: for an
//! entry its leaf hash. Every byte of the file is thereby covered by a hash.

use std::io::{ErrorKind, Read};

use super::hash::{Hash, leaf_hash};
use crate::error::Result;

/// What a log file begins with: its name and version.
pub(super) const MAGIC: &[u8; 16] = b"CHARTLEDGER\0\0\0\0\x01";
/// The longest body, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

const HEAD: usize = 5;
const HASH: usize = 32;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum FrameKind {
    Entry = b'E',
    Checkpoint = b'C',
}

impl FrameKind {
    fn hash(self, body: &[u8]) -> Hash {
        match self {
            Self::Entry => leaf_hash(body),
            Self::Checkpoint => Hash::prefixed(0x02, &[body]),
        }
    }
}

/// Adds a frame to `out` and returns the hash of its body.
pub(super) fn push(out: &mut Vec<u8>, kind: FrameKind, body: &[u8]) -> Hash {
    let hash = kind.hash(body);
    out.push(kind as u8);
    out.extend((body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    out.extend(hash.0);
    hash
}

/// How many bytes a frame with a body of `length` bytes takes.
pub(super) const fn frame_len(length: usize) -> u64 {
    (HEAD + length + HASH) as u64
}

/// What stands next in a log.
#[derive(Debug)]
pub(super) enum Step {
    /// A frame that is whole; its body is in [`Frames::body`].
    Frame(FrameKind, Hash),
    /// The end, right after a frame.
    End,
    /// Something that is not a whole frame: a torn write, or damage.
    Broken,
}

/// Reads frames one after another.
pub(super) struct Frames<R> {
    source: R,
    body: Vec<u8>,
    at: u64,
}

impl<R: Read> Frames<R> {
    /// Reads from `source`, whose first byte stands at `at` in the file.
    pub(super) const fn new(source: R, at: u64) -> Self {
        Self { source, body: Vec::new(), at }
    }

    /// Where the frame after the last whole one begins.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// The body of the last frame.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn next(&mut self) -> Result<Step> {
        let mut head = [0u8; HEAD];
        match fill(&mut self.source, &mut head)? {
            HEAD => {}
            0 => return Ok(Step::End),
            _ => return Ok(Step::Broken),
        }
        let [kind, length @ ..] = head;
        let length = u32::from_le_bytes(length) as usize;
        let kind = match kind {
            b'E' => FrameKind::Entry,
            b'C' => FrameKind::Checkpoint,
            _ => return Ok(Step::Broken),
        };
        if length > LONGEST {
            return Ok(Step::Broken);
        }
        self.body.resize(length, 0);
        let mut hash = [0u8; HASH];
        let whole = fill(&mut self.source, &mut self.body)? == length
            && fill(&mut self.source, &mut hash)? == HASH
            && kind.hash(&self.body).0 == hash;
        if !whole {
            return Ok(Step::Broken);
        }
        self.at += frame_len(length);
        Ok(Step::Frame(kind, Hash(hash)))
    }
}

/// Reads until `buffer` is full or the source ends; returns how much was read.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(super::files::io("log")(error)),
        }
    }
    Ok(filled)
}
