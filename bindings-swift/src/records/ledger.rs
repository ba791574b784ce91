//! Records about the ledger of disclosures.

use crate::mirror::mirror;

mirror! {
    /// The signed head of the ledger's tree (c2sp.org/tlog-checkpoint).
    Checkpoint = Checkpoint {
        /// The name of the log.
        origin: String,
        /// How many entries it has.
        size: u64,
        /// The root of the tree, in lower-case hexadecimal.
        root: String,
        /// The checkpoint as a signed note.
        note: String,
    }

    /// The proof, good without the ledger, that an entry is in it.
    Receipt = Receipt {
        /// The entry's place, counted from 0.
        index: u64,
        /// How many entries the tree has that the proof is of.
        tree_size: u64,
        /// The root of that tree, in lower-case hexadecimal.
        root: String,
        /// The hash of the entry.
        leaf_hash: String,
        /// The hashes from the leaf to the root.
        proof: Vec<String>,
        /// The checkpoint as a signed note.
        checkpoint: String,
        /// The entry itself, where the ledger gave it.
        entry: Option<String>,
    }

    /// One disclosure, as an individual's accounting shows it (45 CFR 164.528).
    AccountingEntry = AccountingEntry {
        /// The entry's place in the ledger.
        index: u64,
        /// The day of the disclosure.
        date: String,
        /// Who received it.
        recipient: String,
        /// Their address, where it is known.
        address: Option<String>,
        /// What was disclosed, in brief; of several, by the first.
        description: String,
        /// Why.
        purpose: String,
        /// How many disclosures it stands for.
        disclosures: u64,
        /// The date of the last of several.
        last_date: Option<String>,
    }
}
