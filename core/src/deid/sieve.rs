//! What makes looking for the record's own words quick: a sieve that says of most words at once that they are not
//! among them.

/// The hash of a word, byte by byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hash(u64);

impl Hash {
    #[inline]
    pub(super) fn add(&mut self, byte: u8) {
        // Every byte counts, the empty word alone is zero. What mixes the bits is left for the end.
        self.0 = self.0.rotate_left(7) ^ u64::from(byte) ^ 0x100;
    }

    /// The hash of a word of ASCII in lower case, however it is written.
    #[inline]
    pub(super) fn of_ascii(word: &[u8]) -> Self {
        let mut hash = Self::default();
        word.iter().for_each(|byte| hash.add(byte.to_ascii_lowercase()));
        hash
    }

    pub(super) fn of(text: &str) -> Self {
        let mut hash = Self::default();
        text.bytes().for_each(|byte| hash.add(byte));
        hash
    }
}

/// A set of words of which it is only known that others are not in it: two bits for each hash.
#[derive(Default)]
pub(super) struct Sieve {
    /// Empty before the first word.
    bits: Vec<u64>,
}

impl Sieve {
    const BITS: u32 = 15;

    #[inline]
    fn places(hash: Hash) -> [(usize, u64); 2] {
        let mixed = hash.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = |bit: u64| ((bit / 64) as usize, 1 << (bit % 64));
        let first = mixed >> (u64::BITS - Self::BITS);
        let second = (mixed >> (u64::BITS - 2 * Self::BITS)) & ((1 << Self::BITS) - 1);
        [place(first), place(second)]
    }

    pub(super) fn add_hash(&mut self, hash: Hash) {
        if self.bits.is_empty() {
            self.bits = vec![0; 1 << (Self::BITS - 6)];
        }
        for (at, bit) in Self::places(hash) {
            if let Some(bits) = self.bits.get_mut(at) {
                *bits |= bit;
            }
        }
    }

    /// Whether a word with that hash may be among them.
    #[inline]
    pub(super) fn may_hold(&self, hash: Hash) -> bool {
        Self::places(hash).iter().all(|(at, bit)| self.bits.get(*at).is_some_and(|bits| bits & bit != 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sieve_holds_what_was_added() {
        let mut sieve = Sieve::default();
        assert!(!sieve.may_hold(Hash::of("anything")));
        let words: Vec<String> = (0..500).map(|n| format!("word{n}")).collect();
        words.iter().for_each(|word| sieve.add_hash(Hash::of(word)));
        assert!(words.iter().all(|word| sieve.may_hold(Hash::of(word))));
        let others = (0..1000).filter(|n| sieve.may_hold(Hash::of(&format!("other{n}")))).count();
        assert!(others < 10, "{others}");
        assert!(sieve.may_hold(Hash::of_ascii(b"WORD7")));
        assert_ne!(Hash::of("\0"), Hash::default());
    }
}
