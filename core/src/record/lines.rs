//! On which line a byte stands: the lines before every so many bytes are counted once, the rest at each question.

/// How many bytes share a count.
const BLOCK: usize = 4096;

/// The lines of a source.
#[derive(Debug)]
pub(super) struct Lines {
    /// How many line ends stand before each block.
    before: Vec<usize>,
}

impl Lines {
    pub(super) fn of(source: &[u8]) -> Self {
        let mut before = Vec::with_capacity(source.len() / BLOCK + 1);
        let (mut ends, mut at) = (0, 0);
        while at <= source.len() {
            before.push(ends);
            ends += count(source, at, at + BLOCK);
            at += BLOCK;
        }
        Self { before }
    }

    /// The line, counted from 1, on which byte `offset` stands.
    pub(super) fn at(&self, source: &[u8], offset: usize) -> usize {
        let offset = offset.min(source.len());
        let before = self.before.get(offset / BLOCK).copied().unwrap_or_default();
        1 + before + count(source, offset / BLOCK * BLOCK, offset)
    }
}

/// The line ends among some bytes: a return, and a feed that follows none.
fn count(source: &[u8], from: usize, to: usize) -> usize {
    let part = source.get(from..to.min(source.len())).unwrap_or_default();
    let mut returned = from.checked_sub(1).and_then(|last| source.get(last)) == Some(&b'\r');
    let ends = part.iter().filter(|byte| {
        let after = std::mem::replace(&mut returned, **byte == b'\r');
        **byte == b'\r' || (**byte == b'\n' && !after)
    });
    ends.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn lines_are_those_before(text in "[a\r\n]{0,40}", blocks in 0usize..3, skip in 0usize..5000) {
            let source = format!("{}{text}{}", "x\r\ny\n".repeat(blocks * 700), "z\r".repeat(blocks * 30));
            let lines = Lines::of(source.as_bytes());
            for offset in (skip..source.len() + 2).take(300) {
                let before = source.get(..offset).unwrap_or(&source);
                let pairs = before.matches("\r\n").count();
                let ends = before.matches('\r').count() + before.matches('\n').count() - pairs;
                proptest::prop_assert_eq!(lines.at(source.as_bytes(), offset), 1 + ends);
            }
        }
    }
}
