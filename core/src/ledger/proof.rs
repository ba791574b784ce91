//! Checking proofs without the log: inclusion and consistency (RFC 9162, sections 2.1.3.2 and 2.1.4.2), each also
//! for a subtree (draft-ietf-plants-merkle-tree-certs, section 4), of which the whole tree is the case that starts at 0.

use super::hash::{Hash, node_hash};
use crate::error::{Error, Result, codes};

fn invalid() -> Error {
    Error::new(&codes::PROOF_INVALID)
}

fn holds(condition: bool) -> Result<()> {
    if condition { Ok(()) } else { Err(invalid()) }
}

/// Whether leaves `start..end` are a subtree: not empty, and starting at a multiple of the power of two that covers it.
fn is_subtree(start: u64, end: u64) -> bool {
    start < end && (end - start).checked_next_power_of_two().is_some_and(|width| start & (width - 1) == 0)
}

/// Checks that the leaf at `index` of the tree of `size` leaves and root `root` has the hash `leaf`.
///
/// # Errors
/// `proof_invalid`.
pub fn verify_inclusion(index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<()> {
    verify_subtree_inclusion(index, 0, size, leaf, proof, root)
}

/// Checks that the leaf at `index` has the hash `leaf`, in the subtree of leaves `start..end` whose hash is `root`.
///
/// # Errors
/// `proof_invalid`.
pub fn verify_subtree_inclusion(
    index: u64,
    start: u64,
    end: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<()> {
    holds(is_subtree(start, end) && (start..end).contains(&index))?;
    let (mut at, mut last) = (index - start, end - start - 1);
    let mut hash = *leaf;
    for step in proof {
        holds(last != 0)?;
        if at & 1 == 1 || at == last {
            hash = node_hash(step, &hash);
            let levels = at.trailing_zeros();
            at >>= levels;
            last >>= levels;
        } else {
            hash = node_hash(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    holds(last == 0 && hash == *root)
}

/// Checks that the tree of `size` leaves and root `root` begins with the tree of `old_size` leaves, at least one, and
/// root `old_root`.
///
/// # Errors
/// `proof_invalid`, also where `old_size` is 0: of an empty tree nothing can be shown.
pub fn verify_consistency(
    old_size: u64,
    size: u64,
    old_root: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<()> {
    holds(old_size > 0)?;
    verify_subtree_consistency(0, old_size, size, old_root, proof, root)
}

/// Checks that the tree of `size` leaves and root `root` holds, at leaves `start..end`, the subtree whose hash is
/// `subtree`. A subtree without leaves, whose hash is that of nothing, is held by every tree.
///
/// # Errors
/// `proof_invalid`.
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    size: u64,
    subtree: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<()> {
    if start == end && end <= size {
        return holds(proof.is_empty() && *subtree == Hash::of(b""));
    }
    holds(is_subtree(start, end) && end <= size)?;
    let (mut first, mut at, mut last) = (start, end - 1, size - 1);
    let ragged = at == last;
    while first != at && (ragged || at & 1 == 1) {
        first >>= 1;
        at >>= 1;
        last >>= 1;
    }
    let mut steps = proof.iter();
    let mut of_root = if first == at { *subtree } else { *steps.next().ok_or_else(invalid)? };
    let mut of_subtree = of_root;
    for step in steps {
        holds(last != 0)?;
        if at & 1 == 1 || at == last {
            if first < at {
                of_subtree = node_hash(step, &of_subtree);
            }
            of_root = node_hash(step, &of_root);
            let levels = at.trailing_zeros();
            first >>= levels;
            at >>= levels;
            last >>= levels;
        } else {
            of_root = node_hash(&of_root, step);
        }
        first >>= 1;
        at >>= 1;
        last >>= 1;
    }
    holds(last == 0 && of_subtree == *subtree && of_root == *root)
}
