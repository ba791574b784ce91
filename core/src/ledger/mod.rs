//! The ledger of disclosures: an append-only Merkle log on disk, signed, crash-safe, provable offline.
//!
//! Nothing is released before its entry is acknowledged, and an entry is acknowledged when the disk has it. The tree is
//! that of RFC 6962; its heads are signed notes (c2sp.org/tlog-checkpoint); its entries are what an accounting of
//! disclosures must show (45 CFR 164.528(b)) with the hashes of what was asked, decided and given.
//!
//! # The folder
//! - `log`: entries and checkpoints in order, each under a hash. It is the ledger; nothing in it ever changes.
//! - `head`: the last checkpoint and how long the log was with it, in two slots written in turn. An entry is
//!   acknowledged when first the log and then the head are on disk.
//! - `tree`: the nodes of the tree. It is made again from the log where it is lost.
//! - `lock`: held by the one writer.
//!
//! # What is detected
//! A torn end that was never acknowledged is dropped when the ledger is opened. A changed byte of an acknowledged entry,
//! a log cut back behind the head, a head that disagrees with the log, and entries written under another key are errors.
//! Where log *and* head were put back together to an earlier state, only someone who kept a later checkpoint or
//! receipt can tell: see [`Ledger::extends`].
//!
//! # What is stored of a patient
//! A hash of the caller's reference, keyed with a secret that is derived from the signing key; hashes of request, record,
//! decision and copy; the law packs by name. Recipient, date, description, purpose, outcome and what the accounting needs
//! besides are sealed (XChaCha20-Poly1305) under another secret that is derived from the signing key. Without a signing
//! key there is nothing to seal with: the entries stand in the clear, and the hash of a reference can be guessed from a
//! list of references. Such a ledger is for trials.

mod accounting;
mod audit;
mod checkpoint;
#[cfg(test)]
mod content_tests;
mod entry;
mod files;
mod frame;
mod group;
mod hash;
mod head;
mod keys;
mod log;
mod merkle;
mod proof;
mod receipt;
mod scan;
mod seal;
#[cfg(test)]
mod tests;
mod tree;
mod writer;

pub use accounting::{AccountingEntry, AccountingRequest};
pub use audit::AuditRequest;
pub use checkpoint::Checkpoint;
pub use entry::{Disclosure, LONGEST_TEXT, LawPack, MOST_LAW_PACKS, Recipient};
pub use hash::{Hash, leaf_hash, node_hash};
pub use log::Ledger;
pub use proof::{verify_consistency, verify_inclusion, verify_subtree_consistency, verify_subtree_inclusion};
pub use receipt::Receipt;

/// The outcome of an entry that tells of a token's look-up, which is no disclosure.
pub(crate) const REIDENTIFIED: &str = "reidentified";
