//! The places of nodes in wide containers, counted once. Where empty values have no node, the place of a value is told
//! by the separators before it: looked for anew at every question, those of a wide row would be read over and over.

use super::tree::NodeId;

/// How many nodes make a row or a segment wide. In a narrower one the separators are counted when a place is asked for.
pub(super) const WIDE: usize = 128;

/// The places of the nodes of wide rows or segments, each counted from 1 in its own container.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The first node of each wide stretch, and where its numbers begin.
    stretches: Vec<(NodeId, usize)>,
    numbers: Vec<u32>,
}

impl Places {
    /// Keeps the places of nodes that follow each other, from `first` on; stretches come in source order.
    pub(super) fn push(&mut self, first: NodeId, numbers: impl IntoIterator<Item = u32>) {
        self.stretches.push((first, self.numbers.len()));
        self.numbers.extend(numbers);
    }

    /// The place of a node; none where it stands in nothing wide.
    pub(super) fn of(&self, id: NodeId) -> Option<usize> {
        let after = self.stretches.partition_point(|(first, _)| *first <= id);
        let (first, from) = self.stretches.get(after.checked_sub(1)?)?;
        let end = self.stretches.get(after).map_or(self.numbers.len(), |(_, from)| *from);
        let at = from + (id.index() - first.index());
        self.numbers.get(at).filter(|_| at < end).map(|number| *number as usize)
    }
}

/// How many bytes were read to tell places: what tests look at in place of a clock.
#[cfg(test)]
pub(super) mod work {
    thread_local! {
        static BYTES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }

    pub(in crate::formats) fn add(bytes: usize) {
        BYTES.with(|sum| sum.set(sum.get() + bytes));
    }

    /// How many since the last call.
    pub(in crate::formats) fn taken() -> usize {
        BYTES.with(|sum| sum.replace(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_their_stretch() {
        let mut places = Places::default();
        assert_eq!(places.of(NodeId(3)), None);
        places.push(NodeId(3), [1, 4, 9]);
        places.push(NodeId(8), [2]);
        let found: Vec<_> = (2..10).map(|id| places.of(NodeId(id))).collect();
        assert_eq!(found, [None, Some(1), Some(4), Some(9), None, None, Some(2), None]);
    }
}
