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

/// Verhoeff's check: the digits turned about the dihedral group of ten come back to where they began.
pub(super) fn verhoeff(digits: &str) -> bool {
    /// What a digit becomes at each of the eight places before the pattern repeats.
    const TURNS: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let sum = digits.bytes().rev().enumerate().try_fold(0u8, |sum, (place, byte)| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        let turned = TURNS.get(place % 8)?.get(usize::from(digit))?;
        Some(product(sum, *turned))
    });
    sum == Some(0)
}

/// The product of two elements of the dihedral group: 0 to 4 are turns, 5 to 9 mirrored ones.
const fn product(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
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
