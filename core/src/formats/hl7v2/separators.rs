//! Where the separators of a message stand: found 64 bytes at a time, without a branch for each byte.

use super::delimiters::{Delimiters, class};

/// How many bytes are looked at together.
const CHUNK: usize = 64;

/// The separators of a source from some byte on.
#[derive(Debug, Clone)]
pub(super) struct Separators {
    marks: [u8; 7],
    classes: [u8; 256],
    /// Where the chunk in hand begins.
    base: usize,
    /// The separators of the chunk that were not told yet: a bit for each byte.
    left: u64,
    /// Whether the chunk was looked at.
    seen: bool,
}

impl Separators {
    pub(super) fn of(delimiters: &Delimiters) -> Self {
        let (marks, classes) = (delimiters.marks(), delimiters.classes());
        Self { marks, classes, base: 0, left: 0, seen: false }
    }

    /// Goes on from a byte; none before it is told any more.
    pub(super) fn seek(&mut self, from: usize) {
        match from.checked_sub(self.base).filter(|step| self.seen && *step < CHUNK) {
            Some(step) => self.left &= u64::MAX << step,
            None => (self.base, self.left, self.seen) = (from, 0, false),
        }
    }

    /// The next separator and what it separates.
    #[inline]
    pub(super) fn next(&mut self, source: &[u8]) -> Option<(usize, u8)> {
        while self.left == 0 {
            if self.seen {
                self.base += CHUNK;
            }
            self.seen = true;
            let rest = source.get(self.base..).filter(|rest| !rest.is_empty())?;
            self.left = match rest.first_chunk::<CHUNK>() {
                Some(chunk) => self.look(chunk),
                None => {
                    let mut chunk = [0; CHUNK];
                    for (to, from) in chunk.iter_mut().zip(rest) {
                        *to = *from;
                    }
                    self.look(&chunk)
                }
            };
        }
        let at = self.base + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        let byte = source.get(at).copied().unwrap_or_default();
        Some((at, self.classes.get(usize::from(byte)).copied().unwrap_or(class::NONE)))
    }

    /// A bit for every byte of a chunk that is a separator.
    fn look(&self, chunk: &[u8; CHUNK]) -> u64 {
        let [a, b, c, d, e, f, g] = self.marks;
        let mut flags = [0u8; CHUNK];
        for (flag, byte) in flags.iter_mut().zip(chunk) {
            let byte = *byte;
            let found = (byte == a)
                | (byte == b)
                | (byte == c)
                | (byte == d)
                | (byte == e)
                | (byte == f)
                | (byte == g);
            *flag = u8::from(found);
        }
        let mut out = 0;
        for (at, eight) in flags.as_chunks::<8>().0.iter().enumerate() {
            // The product gathers the lowest bits of eight bytes in its highest byte.
            let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            out |= gathered << (8 * at);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Whatever stands there: the separators are those that a look at every byte finds, from any byte on.
        #[test]
        fn none_is_missed(source in "[|^~&\\\\\r\n\u{1c}a-é]{0,300}", steps in proptest::collection::vec(0usize..90, 0..6)) {
            let source = format!("MSH|^~\\&|{source}");
            let source = source.as_bytes();
            let delimiters = Delimiters::read(source).unwrap().0;
            let classes = delimiters.classes();
            let mut separators = Separators::of(&delimiters);
            let mut from = 0;
            for step in steps.into_iter().chain([0]) {
                from += step;
                separators.seek(from);
                for _ in 0..step / 9 {
                    let expected = (from..source.len()).find(|at| classes[usize::from(source[*at])] != class::NONE);
                    let found = separators.next(source);
                    proptest::prop_assert_eq!(found, expected.map(|at| (at, classes[usize::from(source[at])])));
                    from = expected.map_or(source.len(), |at| at + 1);
                }
            }
        }
    }
}
