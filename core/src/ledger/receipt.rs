//! Receipts: the proof, good without the ledger, that an entry is in it.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::hash::{Hash, leaf_hash};
use super::proof::verify_inclusion;
use crate::error::{Error, Result, codes};

/// That an entry stands at `index` of the ledger whose checkpoint is in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Place of the entry, counted from 0.
    pub index: u64,
    /// How many entries the tree had.
    pub tree_size: u64,
    /// The root of that tree.
    pub root: Hash,
    /// The hash of the entry's leaf.
    pub leaf_hash: Hash,
    /// The inclusion proof, from the leaf to the root.
    pub proof: Vec<Hash>,
    /// The checkpoint of that tree: a signed note.
    pub checkpoint: String,
    /// The entry as it was logged, in JSON: recipient, date, hashes of request, record, decision and copy, law packs.
    /// An append gives it; a proof made later does not hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receipt")
            .field("index", &self.index)
            .field("tree_size", &self.tree_size)
            .finish_non_exhaustive()
    }
}

impl Receipt {
    /// Checks, without the ledger, that the entry is in the tree whose checkpoint the key signed.
    ///
    /// # Errors
    /// `proof_invalid`, `checkpoint_invalid`, or `ledger_key` where the key did not sign the checkpoint.
    pub fn verify(&self, public_key: &[u8; 32]) -> Result<()> {
        let checkpoint = Checkpoint::parse(&self.checkpoint)?;
        checkpoint.verify(public_key)?;
        let agree = checkpoint.size == self.tree_size
            && checkpoint.root == self.root
            && self.entry.as_ref().is_none_or(|entry| leaf_hash(entry.as_bytes()) == self.leaf_hash);
        if !agree {
            return Err(Error::new(&codes::PROOF_INVALID));
        }
        verify_inclusion(self.index, self.tree_size, &self.leaf_hash, &self.proof, &self.root)
    }
}
