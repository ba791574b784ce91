//! A memory of what was found out about the texts of a record, which repeats most of them.

use super::Record;

/// What was found out about pairs of texts of one record, by their bytes: a record repeats its codes and its texts.
/// Each pair has one slot, which the last one keeps, so that no input can make it slow.
pub(crate) struct Memo<'r, V> {
    /// How many slots there are: a power of two, or none.
    size: usize,
    /// Made when the first pair is remembered.
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
    pub(crate) fn of(record: &Record, bytes: usize) -> Self {
        Self::with_slots(if record.reads_alike() { record.source().len() / bytes } else { 0 })
    }

    fn with_slots(slots: usize) -> Self {
        let size = if slots == 0 { 0 } else { slots.next_power_of_two().clamp(32, 1024) };
        Self { size, slots: Vec::new() }
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
        (mixed >> (u64::BITS - self.size.trailing_zeros())) as usize
    }

    /// What is known of a pair, where it is remembered.
    pub(crate) fn recall(&self, one: &[u8], other: &[u8]) -> Option<V> {
        if self.slots.is_empty() {
            return None;
        }
        let known = self.slots.get(self.slot(one, other))?.as_ref()?;
        (known.one == one && known.other == other).then(|| known.value.clone())
    }

    /// Remembers the value of a pair, and gives it back.
    pub(crate) fn note(&mut self, one: &'r [u8], other: &'r [u8], value: V) -> V {
        if self.size == 0 {
            return value;
        }
        if self.slots.is_empty() {
            self.slots.resize_with(self.size, || None);
        }
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
        let slots = |source: String| Memo::<()>::of(&Record::parse(source, None).unwrap(), 4).size;
        assert_eq!(slots(format!("{one}{one}")), 32);
        assert_eq!(slots(format!("{one}{other}")), 0);
    }
}
