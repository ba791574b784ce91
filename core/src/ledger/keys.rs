//! The key of a ledger: it signs checkpoints, and from it come the secret under which patients are filed and the one
//! under which entries are sealed.

use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::checkpoint::{Checkpoint, body, signature_line};
use super::hash::Hash;
use super::seal::Seal;
use crate::error::{Error, Result, codes};

const PATIENT: &[u8] = b"chartkeeper ledger patient v1";

/// The signing key of a ledger, or the lack of one.
pub(super) struct Keys {
    signing: Option<SigningKey>,
    /// What seals the entries; none without a key.
    seal: Option<Seal>,
    patient: Zeroizing<[u8; 32]>,
    /// Whether a ledger of another key is refused.
    exact: bool,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("signing", &self.signing.is_some()).finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 of the parts, one behind the other.
pub(super) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Result<Hash> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).map_err(|_| Error::new(&codes::LEDGER_KEY).note("length"))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(Hash(mac.finalize().into_bytes().into()))
}

impl Keys {
    /// The key to write with: none is for an unsigned ledger only.
    pub(super) fn writing(seed: Option<&[u8; 32]>) -> Result<Self> {
        Ok(Self {
            signing: seed.map(SigningKey::from_bytes),
            seal: seed.map(Seal::of).transpose()?,
            patient: Zeroizing::new(hmac(seed.unwrap_or(&[0; 32]), &[PATIENT])?.0),
            exact: true,
        })
    }

    /// The key to read with: without one any ledger may be read, and its signature is not checked.
    pub(super) fn reading(seed: Option<&[u8; 32]>) -> Result<Self> {
        Ok(Self { exact: seed.is_some(), ..Self::writing(seed)? })
    }

    pub(super) fn public(&self) -> Option<[u8; 32]> {
        self.signing.as_ref().map(|key| key.verifying_key().to_bytes())
    }

    /// The name of the log of this key.
    pub(super) fn origin(&self) -> String {
        match self.public() {
            Some(public) => {
                let hash = Hash::of(&public).to_string();
                format!("chartkeeper/ledger/{}", hash.get(..16).unwrap_or_default())
            }
            None => "chartkeeper/ledger/unsigned".to_owned(),
        }
    }

    /// The checkpoint of a tree, signed where there is a key.
    pub(super) fn checkpoint(&self, size: u64, root: Hash) -> Checkpoint {
        let origin = self.origin();
        let mut note = body(&origin, size, &root);
        let signed = self.signing.as_ref().map(|key| (key.sign(note.as_bytes()), key.verifying_key()));
        note.push('\n');
        if let Some((signature, public)) = signed {
            note.push_str(&signature_line(&origin, public.as_bytes(), &signature.to_bytes()));
        }
        Checkpoint { origin, size, root, note }
    }

    /// Refuses a checkpoint that is not of this key, or that is signed where there is no key.
    pub(super) fn accept(&self, checkpoint: &Checkpoint) -> Result<()> {
        if !self.exact {
            return Ok(());
        }
        if checkpoint.origin != self.origin() || checkpoint.is_signed() != self.signing.is_some() {
            return Err(Error::new(&codes::LEDGER_KEY));
        }
        self.public().map_or(Ok(()), |public| checkpoint.verify(&public))
    }

    /// Under what the entries of a patient are filed: HMAC-SHA-256 of the caller's reference.
    pub(super) fn patient(&self, reference: &str) -> Result<Hash> {
        hmac(&self.patient, &[reference.as_bytes()])
    }

    /// What seals and opens entries; none without a key.
    pub(super) const fn seal(&self) -> Option<&Seal> {
        self.seal.as_ref()
    }
}
