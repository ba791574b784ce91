//! The one door for randomness: 32 bytes from the operating system or from the caller, stretched by ChaCha20.
//!
//! Nothing else in the library draws a random number, so whatever is random in an output came through here: with
//! a seed of the caller's the same input gives the same output.

use chacha20::ChaCha20Rng;
use chacha20::rand_core::{Rng, SeedableRng};

use crate::error::{Error, Result, codes};

/// A stream of random bytes. Its state is wiped when it is dropped.
pub struct Entropy {
    stream: ChaCha20Rng,
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entropy").finish_non_exhaustive()
    }
}

impl Entropy {
    /// A stream that begins with the operating system's random bytes.
    ///
    /// # Errors
    /// `entropy_unavailable`.
    pub fn system() -> Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| Error::new(&codes::ENTROPY_UNAVAILABLE))?;
        Ok(Self::from_seed(seed))
    }

    /// The stream of a seed: the same seed gives the same bytes in every release (ChaCha20, RFC 8439, with a
    /// 64-bit counter from 0 and nonce 0). Whoever knows the seed knows the bytes: for tests and repeatable runs.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { stream: ChaCha20Rng::from_seed(seed) }
    }

    /// Fills `bytes` with the next of the stream.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.stream.fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_the_system_does_not() {
        let draw = |mut entropy: Entropy| {
            let mut bytes = [0; 16];
            entropy.fill(&mut bytes);
            bytes
        };
        // The first block of ChaCha20 with key, counter and nonce zero: draft-agl-tls-chacha20poly1305, test 1.
        let zero =
            [0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28];
        assert_eq!(draw(Entropy::from_seed([0; 32])), zero);
        assert_ne!(draw(Entropy::system().unwrap()), draw(Entropy::system().unwrap()));
    }
}
