//! How many cases a property is tried on that needs more or fewer than others do.

use proptest::prelude::ProptestConfig;

/// Cases of a property where nobody says how many.
const USUAL: u32 = 256;

/// So many cases, and where `PROPTEST_CASES` asks for more than the usual number, as many times more: a number that a
/// property sets by itself is else its number for ever.
pub(crate) fn cases(number: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = u64::from(number) * u64::from(config.cases.max(USUAL)) / u64::from(USUAL);
    ProptestConfig { cases: u32::try_from(cases).unwrap_or(u32::MAX), ..config }
}
