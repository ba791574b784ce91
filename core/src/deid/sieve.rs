//! What makes looking for the record's own words quick: a sieve that says of most words at once that they are not
//! among them, and a memory of texts that were judged before.

use crate::record::Record;

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

/// What was found out about pairs of texts of one record, by their bytes: a record repeats its codes and its texts.
/// Each pair has one slot, which the last one keeps, so that no input can make it slow.
pub(super) struct Memo<'r, V> {
    slots: Vec<Option<Known<'r, V>>>,
}

#[derive(Clone)]
struct Known<'r, V> {
    one: &'r [u8],
    other: &'r [u8],
    value: V,
}

impl<'r, V: Clone> Memo<'r, V> {
    /// For what stands in a record about once in so many bytes. A small record repeats little, and fewer slots are made
    /// sooner. Where equal bytes may be different texts, nothing is remembered.
    pub(super) fn of(record: &Record, bytes: usize) -> Self {
        Self::with_slots(if record.reads_alike() { record.source().len() / bytes } else { 0 })
    }

    fn with_slots(slots: usize) -> Self {
        let slots = if slots == 0 { 0 } else { slots.next_power_of_two().clamp(32, 1024) };
        Self { slots: vec![None; slots] }
    }

    fn slot(&self, one: &[u8], other: &[u8]) -> usize {
        let ends = |text: &[u8]| {
            let word = |bytes: Option<&[u8; 8]>| u64::from_le_bytes(*bytes.unwrap_or(&[0; 8]));
            let short = || text.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            let middle = text.get(text.len() / 2..).and_then(<[u8]>::first_chunk);
            match text.last_chunk() {
                Some(last) => word(Some(last)) ^ word(middle).rotate_left(23) ^ text.len() as u64,
                None => short(),
            }
        };
        let mixed = (ends(one) ^ ends(other).rotate_left(31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (u64::BITS - self.slots.len().trailing_zeros())) as usize
    }

    /// What is known of a pair, where it is remembered.
    pub(super) fn recall(&self, one: &[u8], other: &[u8]) -> Option<V> {
        let known = self.slots.get(self.slot(one, other))?.as_ref()?;
        (known.one == one && known.other == other).then(|| known.value.clone())
    }

    /// Remembers the value of a pair, and gives it back.
    pub(super) fn note(&mut self, one: &'r [u8], other: &'r [u8], value: V) -> V {
        let at = self.slot(one, other);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Some(Known { one, other, value: value.clone() });
        }
        value
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

    #[test]
    fn what_is_known_is_of_the_same_pair() {
        let mut verdicts = Memo::with_slots(1024);
        let texts: Vec<String> = (0..3000).map(|n| format!("a text that is long {n}")).collect();
        for (n, text) in texts.iter().enumerate() {
            verdicts.note(text.as_bytes(), b"x", n % 3 == 0);
        }
        let mut kept = 0;
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(verdicts.recall(b"x", text.as_bytes()), None);
            if let Some(verdict) = verdicts.recall(text.as_bytes(), b"x") {
                assert_eq!(verdict, n % 3 == 0);
                kept += 1;
            }
        }
        assert!(kept > 300, "{kept}");
        let mut none = Memo::with_slots(0);
        assert_eq!((none.note(b"a", b"b", 1), none.recall(b"a", b"b")), (1, None));
    }

    #[test]
    fn nothing_is_remembered_where_equal_bytes_differ() {
        let one = "MSH|^~\\&|A|B|C|D|20200101||ADT^A01|1|P|2.5\rPID|1||7\r";
        let other = "MSH|^~/&|A|B|C|D|20200101||ADT^A01|2|P|2.5\rPID|1||7\r";
        let slots = |source: String| Memo::<()>::of(&Record::parse(source, None).unwrap(), 4).slots.len();
        assert_eq!(slots(format!("{one}{one}")), 32);
        assert_eq!(slots(format!("{one}{other}")), 0);
    }
}
