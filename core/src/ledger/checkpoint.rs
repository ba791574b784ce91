//! Checkpoints: the signed head of the tree, as c2sp.org/tlog-checkpoint writes it on a c2sp.org/signed-note.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Serialize;

use super::hash::Hash;
use crate::error::{Error, Result, codes};

/// The signature type of Ed25519 in a signed note.
pub(super) const ED25519: u8 = 0x01;

/// Size and root of a log at one moment, with the note that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    /// Which log: `chartkeeper/ledger/` and the beginning of the hash of its public key, or `unsigned`.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// The note, signature lines included: three lines, an empty one, and a line for each signature.
    pub note: String,
}

impl Checkpoint {
    /// Reads a note: origin, size in decimal, root in base64, an empty line, signature lines. Nothing is verified yet.
    ///
    /// # Errors
    /// `checkpoint_invalid`.
    pub fn parse(note: &str) -> Result<Self> {
        Self::read(note).ok_or_else(|| Error::new(&codes::CHECKPOINT_INVALID))
    }

    fn read(note: &str) -> Option<Self> {
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return None;
        }
        let (body, signatures) = split(note)?;
        let mut lines = body.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let plain = size == "0" || (!size.starts_with('0') && size.bytes().all(|b| b.is_ascii_digit()));
        let known = !origin.is_empty() && plain && lines.next().is_none();
        let signed = signatures.is_empty() || signatures.ends_with('\n');
        if !known || !signed || !signatures.lines().all(|line| signature(line).is_some()) {
            return None;
        }
        Some(Self {
            origin: origin.to_owned(),
            size: size.parse().ok()?,
            root: Hash(STANDARD.decode(root).ok()?.try_into().ok()?),
            note: note.to_owned(),
        })
    }

    /// Checks that the key signed it. Lines of other keys, such as witnesses', are passed over.
    ///
    /// # Errors
    /// `ledger_key` where the note has no signature of this key or a false one.
    pub fn verify(&self, public_key: &[u8; 32]) -> Result<()> {
        let refused = || Error::new(&codes::LEDGER_KEY);
        let key = VerifyingKey::from_bytes(public_key).map_err(|_| refused())?;
        let (body, signatures) = split(&self.note).ok_or_else(refused)?;
        let mut signed = false;
        for (name, id, bytes) in signatures.lines().filter_map(signature) {
            if id == key_id(name, public_key) {
                let bytes = Signature::from_slice(&bytes).map_err(|_| refused())?;
                key.verify_strict(body.as_bytes(), &bytes).map_err(|_| refused())?;
                signed = true;
            }
        }
        if signed { Ok(()) } else { Err(refused()) }
    }

    /// Whether the note bears any signature line.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        split(&self.note).is_some_and(|(_, signatures)| !signatures.is_empty())
    }
}

/// The text that is signed.
pub(super) fn body(origin: &str, size: u64, root: &Hash) -> String {
    format!("{origin}\n{size}\n{}\n", STANDARD.encode(root.0))
}

/// A signature line of a signed note.
pub(super) fn signature_line(name: &str, public_key: &[u8; 32], signature: &[u8]) -> String {
    let mut bytes = key_id(name, public_key).to_vec();
    bytes.extend_from_slice(signature);
    format!("\u{2014} {name} {}\n", STANDARD.encode(bytes))
}

/// The four bytes that name a key: of SHA-256 of the name, a line feed, the signature type and the public key.
pub(super) fn key_id(name: &str, public_key: &[u8; 32]) -> [u8; 4] {
    let mut text = name.as_bytes().to_vec();
    text.extend([b'\n', ED25519]);
    text.extend(public_key);
    let [a, b, c, d, ..] = Hash::of(&text).0;
    [a, b, c, d]
}

/// The signed text with its last line feed, and the signature lines.
fn split(note: &str) -> Option<(&str, &str)> {
    let at = note.rfind("\n\n")?;
    Some((note.get(..=at)?, note.get(at + 2..)?))
}

/// Key name, key id and signature of a signature line.
fn signature(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    (!name.is_empty()).then(|| (name, *id, signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkpoint of the Go module checksum database and its published verifier key: nothing of it was made here.
    const GO: &str = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        \u{2014} sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

    #[test]
    fn a_foreign_checkpoint_verifies() {
        let vkey = STANDARD.decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8").unwrap();
        let key: [u8; 32] = vkey[1..].try_into().unwrap();
        assert_eq!(key_id("sum.golang.org", &key), [0x03, 0x3d, 0xe0, 0xae]);
        let checkpoint = Checkpoint::parse(GO).unwrap();
        assert_eq!(checkpoint.size, 20_852_163);
        checkpoint.verify(&key).unwrap();
    }
}
