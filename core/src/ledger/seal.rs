//! The seal on what an entry tells of a disclosure: readable with the ledger's key, and with nothing else.
//!
//! XChaCha20-Poly1305. The nonce follows by the key from the content and from what it is bound to (the synthetic nonce
//! of RFC 8452, section 9), so that the same entry has the same bytes and no two contents share one; two entries whose
//! seals are equal are equal in everything else too. The content is filled up to whole blocks, so that the length of a
//! seal tells of a name or a purpose no more than how many blocks they take.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::keys::hmac;
use crate::error::{Error, Result, codes};

const CONTENT: &[u8] = b"chartkeeper ledger content v1";
const NONCES: &[u8] = b"chartkeeper ledger nonce v1";
const NONCE: usize = 24;
/// The length of a block, in bytes.
const BLOCK: usize = 128;

/// What seals the entries of one ledger.
pub(super) struct Seal {
    cipher: XChaCha20Poly1305,
    nonces: Zeroizing<[u8; 32]>,
}

impl Seal {
    /// The seal of the ledger that this secret signs.
    pub(super) fn of(secret: &[u8; 32]) -> Result<Self> {
        let key = Zeroizing::new(hmac(secret, &[CONTENT])?.0);
        let nonces = Zeroizing::new(hmac(secret, &[NONCES])?.0);
        Ok(Self { cipher: XChaCha20Poly1305::new((&*key).into()), nonces })
    }

    /// Seals a JSON text, bound to `context`: in base64, the nonce and what it hides.
    pub(super) fn close(&self, mut content: Vec<u8>, context: &[u8]) -> Result<String> {
        // Spaces behind a JSON text mean nothing to who reads it.
        content.resize(content.len().next_multiple_of(BLOCK), b' ');
        let content = Zeroizing::new(content);
        let length = (context.len() as u64).to_le_bytes();
        let nonce = hmac(&self.nonces, &[&length, context, &content])?;
        let nonce = nonce.0.first_chunk::<NONCE>().copied().unwrap_or_default();
        let payload = Payload { msg: &content, aad: context };
        let hidden = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::new(&codes::LEDGER_FAILED))?;
        Ok(BASE64.encode([nonce.as_slice(), &hidden].concat()))
    }

    /// What a seal hides; none where it was not made with this key for this context.
    pub(super) fn open(&self, sealed: &str, context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, hidden) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: hidden, aad: context };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_and_the_context_open_it() {
        let seal = Seal::of(&[1; 32]).unwrap();
        let sealed = seal.close(b"{\"a\":1}".to_vec(), b"entry 1").unwrap();
        assert_eq!(seal.close(b"{\"a\":1}".to_vec(), b"entry 1").unwrap(), sealed);
        assert_ne!(seal.close(b"{\"a\":1}".to_vec(), b"entry 2").unwrap(), sealed);
        assert_eq!(seal.open(&sealed, b"entry 1").unwrap().trim_ascii_end(), b"{\"a\":1}");
        assert!(seal.open(&sealed, b"entry 2").is_none());
        assert!(Seal::of(&[2; 32]).unwrap().open(&sealed, b"entry 1").is_none());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            assert!(seal.open(&String::from_utf8(bad).unwrap(), b"entry 1").is_none(), "character {at}");
        }
        for bad in ["", "AAAA", "not base64!"] {
            assert!(seal.open(bad, b"entry 1").is_none());
        }
    }

    #[test]
    fn lengths_are_those_of_blocks() {
        let seal = Seal::of(&[1; 32]).unwrap();
        let length = |count: usize| seal.close(vec![b'x'; count], b"").unwrap().len();
        assert_eq!(length(1), length(BLOCK));
        assert!(length(BLOCK) < length(BLOCK + 1));
        assert_eq!(length(BLOCK + 1), length(2 * BLOCK));
    }
}
