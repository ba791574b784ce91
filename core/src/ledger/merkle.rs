//! The Merkle tree: how it grows, its root, and the proofs read out of its stored nodes (RFC 6962, section 2.1).

use super::hash::{Hash, node_hash};
use crate::error::Result;

/// Where the nodes of a tree are read from. A node of `level` covers 2^level leaves; only complete ones are stored.
pub(super) trait Nodes {
    /// The hash of the complete node that covers leaves `index << level .. (index + 1) << level`.
    fn node(&self, level: u32, index: u64) -> Result<Hash>;
}

/// The right edge of a tree: one complete subtree for every bit of the size, largest first. It is all that an
/// append and the root need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Reads the right edge of a stored tree of `size` leaves.
    pub(super) fn read(nodes: &impl Nodes, size: u64) -> Result<Self> {
        let mut peaks = Vec::new();
        let mut start = 0u64;
        for level in (0..u64::BITS).rev() {
            if size >> level & 1 == 1 {
                peaks.push(nodes.node(level, start >> level)?);
                start += 1 << level;
            }
        }
        Ok(Self { size, peaks })
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// The hash of a complete node, where it is one of the right edge.
    pub(super) fn peak(&self, level: u32, index: u64) -> Option<Hash> {
        let larger = self.size.checked_shr(level)?;
        // The subtree of this level stands behind those of the higher bits, and only where the size has its bit.
        let is_peak = larger & 1 == 1 && index == larger - 1;
        is_peak.then(|| self.peaks.get((larger >> 1).count_ones() as usize).copied()).flatten()
    }

    /// Adds a leaf and hands every node that it completes to `emit`, the leaf first.
    pub(super) fn push(&mut self, leaf: Hash, mut emit: impl FnMut(Hash)) {
        let mut hash = leaf;
        emit(hash);
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            emit(hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root; of an empty tree the hash of nothing.
    pub(super) fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
            None => Hash::of(b""),
        }
    }
}

/// Where a complete node stands when nodes are stored in the order in which appends complete them. Before leaf
/// `i` stand 2i - popcount(i) nodes, and the node of a level comes that many places after its last leaf.
pub(super) const fn position(level: u32, index: u64) -> u64 {
    let last_leaf = ((index + 1) << level) - 1;
    nodes_of(last_leaf) + level as u64
}

/// How many nodes a tree of `size` leaves stores.
pub(super) const fn nodes_of(size: u64) -> u64 {
    2 * size - size.count_ones() as u64
}

/// The largest power of two below `size`, which must be at least 2: where RFC 6962 splits a tree.
const fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The hash of leaves `start..end`, which a split of the tree gave.
fn range_hash(nodes: &impl Nodes, start: u64, end: u64) -> Result<Hash> {
    let size = end - start;
    if size.is_power_of_two() {
        return nodes.node(size.trailing_zeros(), start >> size.trailing_zeros());
    }
    let middle = start + split(size);
    Ok(node_hash(&range_hash(nodes, start, middle)?, &range_hash(nodes, middle, end)?))
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves, from the leaf to the root (`PATH`).
pub(super) fn inclusion(nodes: &impl Nodes, index: u64, size: u64) -> Result<Vec<Hash>> {
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            proof.push(range_hash(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range_hash(nodes, start, middle)?);
            start = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `size` leaves begins with the tree of `old` leaves, 0 < `old` <= `size` (`PROOF`).
pub(super) fn consistency(nodes: &impl Nodes, old: u64, size: u64) -> Result<Vec<Hash>> {
    let (mut start, mut end) = (0, size);
    let mut proof = Vec::new();
    while old < end {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(range_hash(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range_hash(nodes, start, middle)?);
            start = middle;
        }
    }
    if start > 0 {
        proof.push(range_hash(nodes, start, end)?);
    }
    proof.reverse();
    Ok(proof)
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::super::proof::{verify_consistency, verify_inclusion};
    use super::*;

    /// A tree in memory, in the stored order.
    #[derive(Default)]
    struct Memory {
        nodes: Vec<Hash>,
        frontier: Frontier,
    }

    impl Nodes for Memory {
        fn node(&self, level: u32, index: u64) -> Result<Hash> {
            Ok(self.nodes[position(level, index) as usize])
        }
    }

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    fn tree(size: u64) -> Memory {
        let mut tree = Memory::default();
        for index in 0..size {
            tree.frontier.push(leaf(index), |node| tree.nodes.push(node));
        }
        tree
    }

    /// The definition of RFC 6962, section 2.1, word for word.
    fn defined(start: u64, end: u64) -> Hash {
        match end - start {
            0 => Hash::of(b""),
            1 => leaf(start),
            size => {
                let middle = start + split(size);
                node_hash(&defined(start, middle), &defined(middle, end))
            }
        }
    }

    #[test]
    fn roots_are_those_of_the_definition() {
        for size in 0..130 {
            let tree = tree(size);
            assert_eq!(tree.nodes.len() as u64, nodes_of(size));
            assert_eq!(tree.frontier.root(), defined(0, size));
            assert_eq!(Frontier::read(&tree, size).unwrap(), tree.frontier);
            let whole = |level: u32| (0..size >> level).map(move |index| (level, index));
            let nodes = (0..8).flat_map(whole);
            let peaks: Vec<_> = nodes
                .filter_map(|(level, index)| {
                    tree.frontier.peak(level, index).map(|hash| (level, index, hash))
                })
                .collect();
            assert_eq!(peaks.len() as u32, size.count_ones());
            assert!(peaks.iter().all(|(level, index, hash)| tree.node(*level, *index).unwrap() == *hash));
            assert_eq!(tree.frontier.peak(64, 0), None);
        }
    }

    #[test]
    fn every_proof_of_small_trees_verifies_and_none_for_another_place() {
        let whole = tree(70);
        for size in 1..=70 {
            let root = defined(0, size);
            for index in 0..size {
                let proof = inclusion(&whole, index, size).unwrap();
                assert!(verify_inclusion(index, size, &leaf(index), &proof, &root).is_ok());
                assert!(verify_inclusion(index, size, &leaf(index + 1), &proof, &root).is_err());
                for other in (0..size).filter(|other| *other != index) {
                    assert!(verify_inclusion(other, size, &leaf(index), &proof, &root).is_err());
                }
            }
            for old in 1..=size {
                let proof = consistency(&whole, old, size).unwrap();
                assert!(verify_consistency(old, size, &defined(0, old), &proof, &root).is_ok());
                assert!(verify_consistency(old, size, &defined(1, old + 1), &proof, &root).is_err());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn a_changed_proof_is_refused(size in 2u64..400, at in 0u64..400, step in 0usize..12, bit in 0usize..256) {
            let tree = tree(size);
            let root = tree.frontier.root();
            let index = at % size;
            let mut proof = inclusion(&tree, index, size).unwrap();
            let step = step % proof.len();
            proof[step].0[bit / 8] ^= 1 << (bit % 8);
            proptest::prop_assert!(verify_inclusion(index, size, &leaf(index), &proof, &root).is_err());
            let old = 1 + at % (size - 1);
            let mut proof = consistency(&tree, old, size).unwrap();
            proptest::prop_assert!(verify_consistency(old, size, &defined(0, old), &proof, &root).is_ok());
            let step = step % proof.len();
            proof[step].0[bit / 8] ^= 1 << (bit % 8);
            proptest::prop_assert!(verify_consistency(old, size, &defined(0, old), &proof, &root).is_err());
        }
    }
}
