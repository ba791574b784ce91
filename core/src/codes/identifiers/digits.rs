//! Check digits, and the cleaning of digits that people write with spaces and hyphens.

/// Whether the last of the digits is the Luhn check digit of those before it (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit);
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, doubled @ 10..) => doubled - 9,
                (_, doubled) => doubled,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_example() {
        assert!(luhn([4, 9, 9, 2, 7, 3, 9, 8, 7, 1, 6].into_iter()));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_seen(digits in prop::collection::vec(0u8..10, 2..20), at in 0usize..20, by in 1u8..10) {
            let last = (0..10).find(|last| luhn(digits.iter().copied().chain([*last]))).unwrap();
            let mut whole: Vec<u8> = digits.iter().copied().chain([last]).collect();
            let at = at % whole.len();
            whole[at] = (whole[at] + by) % 10;
            prop_assert!(!luhn(whole.into_iter()));
        }
    }
}
