//! Messages of a batch, a file or a connection, cut out of it one at a time as they stand.

use std::io::{BufRead, Result};

use memchr::memchr3;

use super::delimiters::{BLOCK_END, BLOCK_START, Ending};
use crate::formats::Piece;

/// The names with which a message or a segment of an envelope begins.
const HEADS: [&[u8]; 5] = [b"MSH", b"FHS", b"BHS", b"BTS", b"FTS"];

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
    /// The header that ended the message before it.
    begun: Option<Segment>,
    /// Which bytes end a segment, as the last header tells by its own end.
    ending: Ending,
}

/// One segment.
#[derive(Debug, Default)]
struct Segment {
    start: usize,
    /// What stands between it and the one before.
    gap: Vec<u8>,
    /// The segment with the line's end.
    bytes: Vec<u8>,
    /// Whether bytes over the limit were left out.
    cut: bool,
}

impl Segment {
    /// Keeps bytes of the segment, as far as the limit allows.
    fn keep(&mut self, bytes: &[u8], limit: usize) {
        let room = limit.saturating_sub(self.bytes.len() + self.gap.len());
        self.cut |= bytes.len() > room;
        self.bytes.extend_from_slice(bytes.get(..room.max(HEADS.len())).unwrap_or(bytes));
    }

    fn is_head(&self) -> bool {
        HEADS.iter().any(|name| self.bytes.starts_with(name))
    }

    fn is_envelope(&self) -> bool {
        self.is_head() && !self.bytes.starts_with(b"MSH")
    }
}

const fn is_gap(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | BLOCK_START | BLOCK_END)
}

impl<R: BufRead> Messages<R> {
    pub(crate) const fn new(input: R, limit: usize) -> Self {
        Self { input, limit, offset: 0, begun: None, ending: Ending::Both }
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
            let first = match self.begun.take() {
                Some(begun) => Some(begun),
                None => self.segment()?,
            };
            let Some(mut message) = first else { return Ok(None) };
            let mut passed_over = message.is_envelope();
            while let Some(segment) = self.segment()? {
                if segment.is_head() {
                    self.begun = Some(segment);
                    break;
                }
                passed_over = false;
                let more = segment.gap.len() + segment.bytes.len();
                message.cut |= segment.cut || message.bytes.len().saturating_add(more) > self.limit;
                if !message.cut {
                    message.bytes.extend_from_slice(&segment.gap);
                    message.bytes.extend_from_slice(&segment.bytes);
                }
            }
            if !passed_over {
                let Segment { start, bytes, cut, .. } = message;
                return Ok(Some(if cut { Piece::TooLarge { start } } else { Piece::Whole { start, bytes } }));
            }
        }
    }

    /// The next segment.
    fn segment(&mut self) -> Result<Option<Segment>> {
        let mut segment = Segment::default();
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let gap = buffer.iter().take_while(|byte| is_gap(**byte)).count();
            let room = self.limit.saturating_sub(segment.gap.len());
            segment.cut |= gap > room;
            segment.gap.extend_from_slice(buffer.get(..gap.min(room)).unwrap_or_default());
            let whole = gap == buffer.len();
            self.consume(gap);
            if !whole {
                break;
            }
        }
        segment.start = self.offset;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let end = memchr3(b'\r', b'\n', BLOCK_END, buffer);
            let length = end.unwrap_or(buffer.len());
            segment.keep(buffer.get(..length).unwrap_or_default(), self.limit);
            let byte = end.and_then(|end| buffer.get(end)).copied();
            self.consume(length);
            let Some(byte) = byte else { continue };
            if byte == BLOCK_END {
                break;
            }
            let head = segment.is_head();
            let content = match self.ending {
                Ending::Return => byte == b'\n',
                Ending::Feed => byte == b'\r',
                Ending::Both => false,
            };
            segment.keep(&[byte], self.limit);
            self.consume(1);
            if content && !head {
                continue;
            }
            let feed = byte == b'\r' && self.input.fill_buf()?.first() == Some(&b'\n');
            if head {
                self.ending = match byte {
                    b'\n' => Ending::Feed,
                    _ if feed => Ending::Both,
                    _ => Ending::Return,
                };
            }
            if feed && self.ending == Ending::Both {
                segment.keep(b"\n", self.limit);
                self.consume(1);
            }
            break;
        }
        Ok(Some(segment))
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
