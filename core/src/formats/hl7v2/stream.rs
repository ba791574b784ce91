//! Messages of a batch, a file or a connection, cut out of it one at a time as they stand.

use std::io::{BufRead, Result};

use memchr::memchr3;

use super::delimiters::{BLOCK_END, BLOCK_START, Ending};
use crate::formats::Piece;

/// The names with which a message or a segment of an envelope begins.
const HEADS: [[u8; 3]; 5] = [*b"MSH", *b"FHS", *b"BHS", *b"BTS", *b"FTS"];

/// The most room that is made for a message before it is read: what the one before it took.
const USUAL: usize = 1 << 16;

/// Cuts messages out of an input. Frames and the segments of envelopes are passed over. What stands before a header
/// and what follows a segment of an envelope without one are pieces of their own, so that their reader refuses them
/// and they are not lost in silence.
#[derive(Debug)]
pub(crate) struct Messages<R> {
    input: R,
    /// The most bytes of a message.
    limit: usize,
    /// How many bytes were read.
    offset: usize,
    /// The header that ended the message before it, with the name that it begins with.
    begun: Option<(Part, Name)>,
    /// Which bytes end a segment, as the last header tells by its own end.
    ending: Ending,
    /// How long the last message was.
    usual: usize,
}

/// The name of a segment, as far as it has one.
#[derive(Debug, Clone, Copy, Default)]
struct Name {
    bytes: [u8; 3],
    length: usize,
}

impl Name {
    fn is_head(self) -> bool {
        self.length == self.bytes.len() && HEADS.contains(&self.bytes)
    }

    fn is_envelope(self) -> bool {
        self.is_head() && self.bytes != *b"MSH"
    }

    fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// A message as far as it was read.
#[derive(Debug, Default)]
struct Part {
    start: usize,
    bytes: Vec<u8>,
    /// Whether bytes over the limit were left out.
    cut: bool,
}

impl Part {
    /// Keeps bytes, as far as the limit allows.
    fn keep(&mut self, bytes: &[u8], limit: usize) {
        let room = limit.saturating_sub(self.bytes.len());
        self.cut |= bytes.len() > room;
        self.bytes.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
}

const fn is_gap(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | BLOCK_START | BLOCK_END)
}

impl<R: BufRead> Messages<R> {
    pub(crate) const fn new(input: R, limit: usize) -> Self {
        Self { input, limit, offset: 0, begun: None, ending: Ending::Both, usual: 0 }
    }

    /// How many bytes were read.
    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    fn consume(&mut self, bytes: usize) {
        self.input.consume(bytes);
        self.offset += bytes;
    }

    /// The next message; none at the end of the input.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>> {
        loop {
            let begun = match self.begun.take() {
                Some(begun) => Some(begun),
                None if self.gap(None)? => Some(self.begin()?),
                None => None,
            };
            let Some((mut message, name)) = begun else { return Ok(None) };
            let mut passed_over = name.is_envelope();
            loop {
                // What stands before a header or the end of the input is no part of the message.
                let (whole, cut) = (message.bytes.len(), message.cut);
                let more = self.gap(Some(&mut message))?;
                let name = if more { self.name()? } else { Name::default() };
                if !more || name.is_head() {
                    message.bytes.truncate(whole);
                    message.cut = cut;
                    if more {
                        self.begun = Some(self.header(name)?);
                    }
                    break;
                }
                passed_over = false;
                message.keep(name.written(), self.limit);
                self.line(false, &mut message)?;
            }
            if !passed_over {
                let Part { start, bytes, cut } = message;
                self.usual = bytes.len();
                return Ok(Some(if cut { Piece::TooLarge { start } } else { Piece::Whole { start, bytes } }));
            }
        }
    }

    /// The first segment of a message.
    fn begin(&mut self) -> Result<(Part, Name)> {
        let name = self.name()?;
        self.header(name)
    }

    /// The first segment of a message, of which the name was read.
    fn header(&mut self, name: Name) -> Result<(Part, Name)> {
        let start = self.offset - name.length;
        let room = (self.usual + self.usual / 8).min(USUAL);
        let mut part = Part { start, bytes: Vec::with_capacity(room), cut: false };
        part.keep(name.written(), self.limit);
        self.line(name.is_head(), &mut part)?;
        Ok((part, name))
    }

    /// Passes over what stands between segments, and keeps it where it is a part of a message; whether anything follows.
    fn gap(&mut self, mut message: Option<&mut Part>) -> Result<bool> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let gap = buffer.iter().take_while(|byte| is_gap(**byte)).count();
            if let Some(message) = &mut message {
                message.keep(buffer.get(..gap).unwrap_or_default(), self.limit);
            }
            let whole = gap == buffer.len();
            self.consume(gap);
            if !whole {
                return Ok(true);
            }
        }
    }

    /// Reads the name of a segment: its first three bytes, fewer where it has fewer.
    fn name(&mut self) -> Result<Name> {
        let mut name = Name::default();
        while name.length < name.bytes.len() {
            let buffer = self.input.fill_buf()?;
            let ends = |byte: &u8| matches!(*byte, b'\r' | b'\n' | BLOCK_END);
            let rest = name.bytes.len() - name.length;
            let own = buffer.iter().take(rest).take_while(|byte| !ends(byte)).count();
            let ended = own < rest && buffer.len() > own;
            let to = name.bytes.get_mut(name.length..name.length + own);
            to.into_iter().flatten().zip(buffer).for_each(|(to, from)| *to = *from);
            name.length += own;
            self.consume(own);
            if ended || own == 0 {
                break;
            }
        }
        Ok(name)
    }

    /// Reads the rest of a segment with the line's end.
    fn line(&mut self, head: bool, message: &mut Part) -> Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = memchr3(b'\r', b'\n', BLOCK_END, buffer);
            let length = end.unwrap_or(buffer.len());
            let byte = end.and_then(|end| buffer.get(end)).copied();
            let kept = match byte {
                Some(b'\r' | b'\n') => length + 1,
                _ => length,
            };
            message.keep(buffer.get(..kept).unwrap_or_default(), self.limit);
            let next = buffer.get(kept).copied();
            self.consume(kept);
            match byte {
                None => continue,
                Some(BLOCK_END) => return Ok(()),
                Some(b'\n') if self.ending == Ending::Return && !head => continue,
                Some(b'\r') if self.ending == Ending::Feed && !head => continue,
                Some(_) => {}
            }
            let next = if next.is_none() { self.input.fill_buf()?.first().copied() } else { next };
            let feed = byte == Some(b'\r') && next == Some(b'\n');
            if head {
                self.ending = match byte {
                    Some(b'\n') => Ending::Feed,
                    _ if feed => Ending::Both,
                    _ => Ending::Return,
                };
            }
            if feed && self.ending == Ending::Both {
                message.keep(b"\n", self.limit);
                self.consume(1);
            }
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn cut(source: &str, buffer: usize, limit: usize) -> Vec<(usize, Option<String>)> {
        let mut messages = Messages::new(BufReader::with_capacity(buffer, source.as_bytes()), limit);
        let mut out = Vec::new();
        while let Some(piece) = messages.next().unwrap() {
            out.push(match piece {
                Piece::Whole { start, bytes } => (start, Some(String::from_utf8(bytes).unwrap())),
                Piece::TooLarge { start } => (start, None),
            });
        }
        assert_eq!(messages.offset(), source.len());
        out
    }

    #[test]
    fn messages_come_as_they_stand() {
        let one = "MSH|^~\\&|A\rPID|1\nx\r\rPV1|1\r";
        let two = "MSH|^~\\&|B\r\nPID|2\r\n";
        let three = "MSH|^~\\&|C\nPID|3\rx\n";
        let source = format!("FHS|^~\\&|F\r\rBHS|^~\\&|F\r{one}\x0b{two}\x1c\r{three}BTS|3\nFTS|1\n");
        for buffer in [1, 2, 3, 7, 8192] {
            let found = cut(&source, buffer, 1000);
            let expected: Vec<_> = [one, two, three]
                .iter()
                .map(|text| (source.find(text).unwrap(), Some((*text).to_owned())))
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_no_message_is_a_piece() {
        for buffer in [1, 8192] {
            let found = cut("PID|1\rMSH|^~\\&|A\rBTS|1\rPID|2\r", buffer, 1000);
            let texts: Vec<_> = found.into_iter().map(|(_, text)| text.unwrap()).collect();
            assert_eq!(texts, ["PID|1\r", "MSH|^~\\&|A\r", "BTS|1\rPID|2\r"]);
        }
        assert!(cut("", 8, 10).is_empty() && cut("\x0b\r\n\x1c", 8, 10).is_empty());
    }

    #[test]
    fn a_message_over_the_limit_is_passed_over() {
        let source = format!("MSH|^~\\&|A\rOBX|{}\rPID|1\rMSH|^~\\&|B\r", "x".repeat(100));
        for buffer in [1, 8192] {
            let found = cut(&source, buffer, 40);
            assert_eq!(found, [(0, None), (source.len() - 11, Some("MSH|^~\\&|B\r".to_owned()))]);
        }
        // A name is known of a segment of any length.
        assert_eq!(cut("MSH|^~\\&|A\rMSH|^~\\&|B\r", 8192, 5), [(0, None), (11, None)]);
    }
}
