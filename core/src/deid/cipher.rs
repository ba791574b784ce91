//! Encryption that whoever holds the key can undo: XChaCha20-Poly1305 with the key of a domain.
//!
//! The nonce follows from the value by the key (as SIV does), because the library draws no random numbers: the same
//! value gives the same text, which tells that two values are equal and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::keyed::{Keyed, Use};

/// What stands before a text that is encrypted, so that a second run leaves it.
const MARK: &str = "enc1.";
const NONCE: usize = 24;

fn cipher(keyed: &Keyed) -> Option<XChaCha20Poly1305> {
    XChaCha20Poly1305::new_from_slice(&keyed.bytes(Use::Cipher, &[])).ok()
}

/// `enc1.` and the nonce and cipher text in base64url; none where the cipher refuses. One of this key stays as it is.
pub(super) fn encrypt(keyed: &Keyed, value: &str) -> Option<String> {
    if decrypt(keyed, value).is_some() {
        return Some(value.to_owned());
    }
    let nonce: [u8; NONCE] = keyed.bytes(Use::Nonce, &[value]).first_chunk::<NONCE>().copied()?;
    let payload = Payload { msg: value.as_bytes(), aad: MARK.as_bytes() };
    let sealed = cipher(keyed)?.encrypt(&XNonce::from(nonce), payload).ok()?;
    Some(format!("{MARK}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
}

/// The value of an encrypted text of this key and domain.
pub(super) fn decrypt(keyed: &Keyed, text: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(MARK)?).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
    let payload = Payload { msg: sealed, aad: MARK.as_bytes() };
    String::from_utf8(cipher(keyed)?.decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encrypted_comes_back_with_its_key_only() {
        let keyed = Keyed::new(&[3; 32], "d").unwrap();
        let sealed = encrypt(&keyed, "MRN-0012").unwrap();
        assert!(!sealed.contains("0012"));
        assert_eq!(encrypt(&keyed, "MRN-0012").unwrap(), sealed);
        assert_eq!(encrypt(&keyed, &sealed).unwrap(), sealed);
        assert_ne!(encrypt(&keyed, "MRN-0013").unwrap(), sealed);
        assert_eq!(decrypt(&keyed, &sealed).unwrap(), "MRN-0012");
        assert_eq!(decrypt(&Keyed::new(&[3; 32], "e").unwrap(), &sealed), None);
        let mut broken = sealed.clone();
        broken.pop();
        assert_eq!(decrypt(&keyed, &broken), None);
        assert_eq!(decrypt(&keyed, "enc1."), None);
        assert_eq!(decrypt(&keyed, "MRN-0012"), None);
    }
}
