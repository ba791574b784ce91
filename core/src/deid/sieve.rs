//! What makes looking for the record's own words quick: a sieve that says of most words at once that they are not
//! among them.

/// The hash of a word, byte by byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hash(u64);

impl Hash {
    #[inline]
    pub(super) fn add(&mut self, byte: u8) {
        // Every byte counts, the empty word alone is zero.
        self.0 = (self.0.rotate_left(5) ^ u64::from(byte) ^ 0x100).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn of(text: &str) -> Self {
        let mut hash = Self::default();
        text.bytes().for_each(|byte| hash.add(byte));
        hash
    }
}

/// A set of words of which it is only known that others are not in it: a bit for each hash.
#[derive(Default)]
pub(super) struct Sieve {
    /// Empty before the first word.
    bits: Vec<u64>,
}

impl Sieve {
    const BITS: u32 = 15;

    fn place(hash: Hash) -> (usize, u64) {
        let bit = hash.0 >> (u64::BITS - Self::BITS);
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    pub(super) fn add(&mut self, word: &str) {
        self.bits.resize(1 << (Self::BITS - 6), 0);
        let (at, bit) = Self::place(Hash::of(word));
        if let Some(bits) = self.bits.get_mut(at) {
            *bits |= bit;
        }
    }

    /// Whether a word with that hash may be among them.
    #[inline]
    pub(super) fn may_hold(&self, hash: Hash) -> bool {
        let (at, bit) = Self::place(hash);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
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
        words.iter().for_each(|word| sieve.add(word));
        assert!(words.iter().all(|word| sieve.may_hold(Hash::of(word))));
        let others = (0..1000).filter(|n| sieve.may_hold(Hash::of(&format!("other{n}")))).count();
        assert!(others < 100, "{others}");
        assert_ne!(Hash::of("\0"), Hash::default());
    }
}
