//! The file of a vault: its table under a key of the caller's, whole or not at all.
//!
//! XChaCha20-Poly1305 over the entries; the eight bytes that name the format are authenticated with them. The nonce
//! follows from fresh bytes and from the content by the key, so that no two contents share one.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Table, Token, Vault};
use crate::error::{Error, Result, codes};

/// What the file begins with.
const MAGIC: &[u8; 8] = b"CKVAULT1";
const NONCE: usize = 24;

impl Vault {
    /// Writes the vault to a file under a key of 32 bytes. The file is written beside the old one and takes its place
    /// when it is whole; where the system knows rights, only its owner may read it.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub fn save(&self, path: impl AsRef<Path>, key: &[u8; 32]) -> Result<()> {
        let sealed = self.lock().sealed(key)?;
        write(path.as_ref(), &sealed)
            .map_err(|error| Error::new(&codes::FILE_UNWRITABLE).note(error.kind().to_string()))
    }

    /// Opens the file of a vault. New tokens come from the operating system's entropy.
    ///
    /// # Errors
    /// `file_unreadable`; `vault_sealed` where the key is another one or the file was changed; `entropy_unavailable`.
    pub fn open(path: impl AsRef<Path>, key: &[u8; 32]) -> Result<Self> {
        let bytes = fs::read(path)
            .map_err(|error| Error::new(&codes::FILE_UNREADABLE).note(error.kind().to_string()))?;
        let vault = Self::new()?;
        vault.lock().unseal(&bytes, key)?;
        Ok(vault)
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

fn sealed_error() -> Error {
    Error::new(&codes::VAULT_SEALED)
}

impl Table {
    fn sealed(&mut self, key: &[u8; 32]) -> Result<Vec<u8>> {
        let content = Zeroizing::new(self.written());
        let mut fresh = [0; 32];
        self.entropy.fill(&mut fresh);
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| sealed_error())?;
        mac.update(b"chartkeeper vault nonce v1");
        mac.update(&fresh);
        mac.update(&content);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let nonce: [u8; NONCE] = full.first_chunk::<NONCE>().copied().ok_or_else(sealed_error)?;
        let payload = Payload { msg: &content, aad: MAGIC };
        let body = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(|_| sealed_error())?;
        Ok([MAGIC.as_slice(), &nonce, &body].concat())
    }

    fn unseal(&mut self, bytes: &[u8], key: &[u8; 32]) -> Result<()> {
        let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or_else(sealed_error)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or_else(sealed_error)?;
        let payload = Payload { msg: body, aad: MAGIC };
        let content = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_| sealed_error())?;
        let content = Zeroizing::new(content);
        self.read(&content).ok_or_else(sealed_error)
    }

    /// People, then entries in the order of their tokens: the same table has the same bytes.
    fn written(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let number = |out: &mut Vec<u8>, n: usize| out.extend_from_slice(&(n as u64).to_le_bytes());
        let text = |out: &mut Vec<u8>, text: &str| {
            number(out, text.len());
            out.extend_from_slice(text.as_bytes());
        };
        number(&mut out, self.people.len());
        for person in &self.people {
            text(&mut out, person.as_ref().map_or("", |person| &person.0));
        }
        let mut entries: Vec<_> = self.values.iter().collect();
        entries.sort_unstable_by_key(|(token, _)| token.0);
        number(&mut out, entries.len());
        for (token, value) in entries {
            out.extend_from_slice(&token.0);
            let owners = self.tokens.get(value.0.as_str()).map(|entry| entry.owners()).unwrap_or_default();
            number(&mut out, owners.len());
            owners.iter().for_each(|owner| number(&mut out, *owner as usize));
            text(&mut out, &value.0);
        }
        out
    }

    fn read(&mut self, content: &[u8]) -> Option<()> {
        let mut rest = content;
        for _ in 0..number(&mut rest)? {
            let person = text(&mut rest)?;
            self.add_person(&person);
        }
        for _ in 0..number(&mut rest)? {
            let (token, after) = rest.split_first_chunk::<16>()?;
            rest = after;
            let count = number(&mut rest)?;
            let mut owners = Vec::new();
            for _ in 0..count {
                owners.push(u32::try_from(number(&mut rest)?).ok()?);
            }
            let value = text(&mut rest)?;
            self.put(Token(*token), &value, &owners);
        }
        rest.is_empty().then_some(())
    }
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let (bytes, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    usize::try_from(u64::from_le_bytes(*bytes)).ok()
}

fn text(rest: &mut &[u8]) -> Option<Zeroizing<String>> {
    let length = number(rest)?;
    let (bytes, after) = rest.split_at_checked(length)?;
    *rest = after;
    std::str::from_utf8(bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_comes_back_from_its_file_with_its_key_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let vault = Vault::from_seed([1; 32]);
        let token = {
            let mut table = vault.lock();
            table.belongs_to(Some("M-7"));
            table.token("Patient-7").text()
        };
        vault.save(&path, &[9; 32]).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("Patient-7"));
        let again = Vault::open(&path, &[9; 32]).unwrap();
        assert_eq!(again.value(&token).as_deref(), Some("Patient-7"));
        assert_eq!(again.token("Patient-7"), token);
        assert_eq!(again.person(&token).as_deref(), Some("M-7"));
        assert_eq!(Vault::open(&path, &[8; 32]).unwrap_err().code(), "vault_sealed");
        for at in [0, 9, bytes.len() - 1] {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            fs::write(&path, &broken).unwrap();
            assert_eq!(Vault::open(&path, &[9; 32]).unwrap_err().code(), "vault_sealed", "byte {at}");
        }
        fs::write(&path, &bytes[..10]).unwrap();
        assert_eq!(Vault::open(&path, &[9; 32]).unwrap_err().code(), "vault_sealed");
        assert_eq!(Vault::open(folder.path().join("none"), &[9; 32]).unwrap_err().code(), "file_unreadable");
        assert_eq!(
            vault.save(folder.path().join("no/folder"), &[9; 32]).unwrap_err().code(),
            "file_unwritable"
        );
    }

    #[test]
    fn no_two_contents_share_a_nonce() {
        let nonce = |vault: &Vault| vault.lock().sealed(&[9; 32]).unwrap()[8..32].to_vec();
        let (one, two) = (Vault::from_seed([1; 32]), Vault::from_seed([1; 32]));
        let _ = one.token("a");
        let _ = two.token("b");
        assert_ne!(nonce(&one), nonce(&two));
        assert_ne!(nonce(&one), nonce(&one));
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        Vault::from_seed([1; 32]).save(&path, &[9; 32]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
