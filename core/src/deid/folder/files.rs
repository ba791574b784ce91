//! The files of a folder and the records in them, in batches of bounded size.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::unreadable;
use crate::error::Result;
use crate::record::Record;

/// Records of a batch.
const MOST_RECORDS: usize = 256;
/// Bytes of a batch, unless one record is longer.
const MOST_BYTES: usize = 1 << 20;

/// How records stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One a line.
    Lines,
    /// HL7 v2 messages, one after the other.
    Messages,
    /// The file is one record.
    Whole,
}

impl Layout {
    /// By the ending of a file's name.
    fn of(path: &Path) -> Option<(Self, &'static str)> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "ndjson" => (Self::Lines, "ndjson"),
            "hl7" => (Self::Messages, "hl7"),
            "json" => (Self::Whole, "json"),
            "xml" => (Self::Whole, "xml"),
            _ => return None,
        })
    }
}

/// A file that holds records.
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) layout: Layout,
    ending: &'static str,
}

/// The files of a folder in the order of their names, and how many others there are.
pub(super) fn of_folder(folder: &Path) -> Result<(Vec<Input>, usize)> {
    let (mut files, mut others) = (Vec::new(), 0);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !path.is_file() {
            continue;
        }
        match Layout::of(&path) {
            Some((layout, ending)) => files.push(Input { path, layout, ending }),
            None => others += 1,
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((files, others))
}

impl Input {
    /// The name of its output: its own where that is the name of an entry type of the format of its first record, else
    /// its number, because a name can tell of a person.
    pub(super) fn name_of_output(&self, at: usize) -> Result<String> {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        // No type is named otherwise, and most files need not be opened for that.
        if self.layout == Layout::Lines && stem.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let first = Pieces::open(self)?.batch()?.unwrap_or_default().pieces;
            let first = first.into_iter().find_map(|piece| Record::parse(piece.bytes, None).ok());
            if first.is_some_and(|record| record.is_entry_type(stem)) {
                return Ok(format!("{stem}.{}", self.ending));
            }
        }
        Ok(format!("{:04}.{}", at + 1, self.ending))
    }
}

/// The bytes of one record, and the line on which they begin, from 1.
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) bytes: Vec<u8>,
}

/// Some records, and how many bytes were read for them.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) pieces: Vec<Piece>,
    pub(super) bytes: u64,
}

/// The records of a file, as they are read.
pub(super) struct Pieces {
    input: BufReader<File>,
    layout: Layout,
    /// Lines or segments that were read.
    line: usize,
    /// The beginning of the next message.
    held: Option<Piece>,
}

impl Pieces {
    pub(super) fn open(file: &Input) -> Result<Self> {
        let input = BufReader::with_capacity(1 << 16, File::open(&file.path).map_err(unreadable)?);
        Ok(Self { input, layout: file.layout, line: 0, held: None })
    }

    /// The next records, blank ones left out; none at the end.
    pub(super) fn batch(&mut self) -> Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.pieces.len() < MOST_RECORDS && batch.bytes < MOST_BYTES as u64 {
            let before = batch.bytes;
            let piece = match self.layout {
                Layout::Lines => self.next_line(&mut batch.bytes)?,
                Layout::Messages => self.next_message(&mut batch.bytes)?,
                Layout::Whole => self.whole(&mut batch.bytes)?,
            };
            match piece {
                Some(piece) => batch.pieces.push(piece),
                None if batch.bytes == before => break,
                None => {}
            }
        }
        Ok((batch.bytes > 0 || !batch.pieces.is_empty()).then_some(batch))
    }

    /// The next line without its end; none where it is blank.
    fn next_line(&mut self, read: &mut u64) -> Result<Option<Piece>> {
        let mut line = Vec::new();
        let length = self.input.read_until(b'\n', &mut line).map_err(unreadable)?;
        *read += length as u64;
        self.line += usize::from(length > 0);
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        let blank = line.iter().all(u8::is_ascii_whitespace);
        Ok((!blank).then_some(Piece { line: self.line, bytes: line }))
    }

    fn whole(&mut self, read: &mut u64) -> Result<Option<Piece>> {
        let mut bytes = Vec::new();
        let length = self.input.read_to_end(&mut bytes).map_err(unreadable)?;
        *read += length as u64;
        Ok((length > 0).then_some(Piece { line: 1, bytes }))
    }

    /// The next message: from its `MSH` to the next, or to a segment that belongs to the file around the messages,
    /// which is left out. What stands before the first `MSH` comes as a piece that is no message.
    fn next_message(&mut self, read: &mut u64) -> Result<Option<Piece>> {
        let mut message = self.held.take();
        loop {
            let mut segment = Vec::new();
            let length = self.segment(&mut segment)?;
            if length == 0 {
                return Ok(message.and_then(trimmed));
            }
            *read += length as u64;
            self.line += 1;
            // Frames of the protocol that carried the message.
            let framed = segment.iter().take_while(|byte| matches!(byte, 0x0b | 0x1c)).count();
            segment.drain(..framed);
            let named = |name: &[u8; 3]| {
                segment.starts_with(name) && segment.get(3).is_some_and(|byte| !byte.is_ascii_alphanumeric())
            };
            if [b"FHS", b"BHS", b"BTS", b"FTS"].into_iter().any(named) {
                if message.is_some() {
                    return Ok(message.and_then(trimmed));
                }
                continue;
            }
            match &mut message {
                Some(message) if !named(b"MSH") => message.bytes.extend(segment),
                None => message = Some(Piece { line: self.line, bytes: segment }),
                Some(_) => {
                    self.held = Some(Piece { line: self.line, bytes: segment });
                    return Ok(message.and_then(trimmed));
                }
            }
        }
    }

    /// Appends a segment with its end: a carriage return, a line feed, or both.
    fn segment(&mut self, out: &mut Vec<u8>) -> Result<usize> {
        let before = out.len();
        loop {
            let buffer = self.input.fill_buf().map_err(unreadable)?;
            if buffer.is_empty() {
                return Ok(out.len() - before);
            }
            let end = memchr::memchr2(b'\r', b'\n', buffer);
            let taken = end.map_or(buffer.len(), |at| at + 1);
            let last = end.and_then(|at| buffer.get(at)).copied();
            out.extend_from_slice(buffer.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            let Some(last) = last else { continue };
            if last == b'\r' && self.input.fill_buf().map_err(unreadable)?.first() == Some(&b'\n') {
                out.push(b'\n');
                self.input.consume(1);
            }
            return Ok(out.len() - before);
        }
    }
}

/// A message without the blank lines and frames behind it, but with the end of its last segment; none where nothing is
/// left.
fn trimmed(mut piece: Piece) -> Option<Piece> {
    let end: &[u8] = match memchr::memchr2(b'\r', b'\n', &piece.bytes) {
        Some(at) if piece.bytes.get(at..at + 2) == Some(b"\r\n") => b"\r\n",
        Some(at) if piece.bytes.get(at) == Some(&b'\n') => b"\n",
        _ => b"\r",
    };
    while piece.bytes.last().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == 0x1c) {
        piece.bytes.pop();
    }
    if piece.bytes.is_empty() {
        return None;
    }
    piece.bytes.extend_from_slice(end);
    Some(piece)
}
