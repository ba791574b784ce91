//! What a caller's key makes: numbers that look random, follow from the key, and are kept apart by domain and use.
//!
//! Everything here is HMAC-SHA-256 (RFC 2104) over parts that carry their lengths. Whoever has no key can neither
//! compute nor test them; whoever has it can repeat them in any run, file or format.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::{Error, Result, codes};

/// The shortest key, in bytes: as long as the hash (RFC 2104, section 3).
pub(super) const SHORTEST_KEY: usize = 32;

/// What a number is for. Numbers of different uses have nothing to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// How far a patient's dates move.
    Shift,
    /// The body of a pseudonym.
    Pseudonym,
    /// The mark by which a pseudonym is known as one of this key and domain.
    Mark,
    /// Which surrogate stands for a value.
    Surrogate,
    /// How far a number moves.
    Perturb,
    /// The key of the cipher.
    Cipher,
    /// The nonce of the cipher.
    Nonce,
}

impl Use {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Shift => b"date shift v1",
            Self::Pseudonym => b"pseudonym v1",
            Self::Mark => b"pseudonym mark v1",
            Self::Surrogate => b"surrogate v1",
            Self::Perturb => b"perturb v1",
            Self::Cipher => b"cipher v1",
            Self::Nonce => b"nonce v1",
        }
    }
}

/// A key within a domain. Wiped when it goes.
pub(super) struct Keyed {
    /// The hash with the key of the domain in it and nothing else: every number begins with a copy of it.
    begun: Hmac<Sha256>,
}

// The state of the hash is all that it holds.
const _: () = {
    const fn wiped<T: ZeroizeOnDrop>() {}
    wiped::<Sha256>();
};

impl Keyed {
    /// The key of the caller within `domain`.
    ///
    /// # Errors
    /// `key_too_short`.
    pub(super) fn new(key: &[u8], domain: &str) -> Result<Self> {
        if key.len() < SHORTEST_KEY {
            return Err(Error::new(&codes::KEY_TOO_SHORT)
                .in_path("key")
                .note(format!("at least {SHORTEST_KEY} bytes are needed")));
        }
        let mut domain_key = mac(begun(key)?, [&b"chartkeeper domain v1"[..], domain.as_bytes()]);
        let own = begun(&domain_key);
        domain_key.zeroize();
        Ok(Self { begun: own? })
    }

    /// 32 bytes for a use and its parts.
    pub(super) fn bytes(&self, of: Use, parts: &[&str]) -> [u8; 32] {
        let all = std::iter::once(of.name()).chain(parts.iter().map(|part| part.as_bytes()));
        mac(self.begun.clone(), all)
    }

    /// A number for a use and its parts.
    pub(super) fn number(&self, of: Use, parts: &[&str]) -> u64 {
        first_number(&self.bytes(of, parts))
    }
}

/// The first eight bytes as a number.
pub(super) fn first_number(bytes: &[u8; 32]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The hash with a key. HMAC takes one of any length, so it is never refused.
fn begun(key: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key).map_err(|_| Error::new(&codes::KEY_TOO_SHORT).in_path("key"))
}

fn mac<'p>(mut mac: Hmac<Sha256>, parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_uses_and_parts_are_kept_apart() {
        let key = [7; 32];
        let one = Keyed::new(&key, "study-1").unwrap();
        let two = Keyed::new(&key, "study-2").unwrap();
        let base = one.bytes(Use::Shift, &["a", "b"]);
        assert_eq!(Keyed::new(&key, "study-1").unwrap().bytes(Use::Shift, &["a", "b"]), base);
        assert_ne!(two.bytes(Use::Shift, &["a", "b"]), base);
        assert_ne!(one.bytes(Use::Pseudonym, &["a", "b"]), base);
        assert_ne!(one.bytes(Use::Shift, &["ab"]), base);
        assert_ne!(one.bytes(Use::Shift, &["ab", ""]), base);
        assert_ne!(Keyed::new(&[8; 32], "study-1").unwrap().bytes(Use::Shift, &["a", "b"]), base);
    }

    #[test]
    fn a_short_key_is_refused() {
        assert_eq!(Keyed::new(&[0; 31], "d").err().unwrap().code(), "key_too_short");
    }

    #[test]
    fn the_hash_is_the_standard_s() {
        // RFC 4231, test case 2, to show which function it is.
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        assert_eq!(bytes[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }
}
