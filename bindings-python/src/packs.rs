//! `PackInfo`: what a knowledge pack says of itself.

use crate::mirror::mirror;

mirror! {
    /// Identity, validity and origin of a knowledge pack.
    PackInfo shows (name, system, release, rows) {
        /// Stable name, such as `icd10cm-2026`.
        name: String,
        /// What it is knowledge of: a code system (`icd10cm`), a format (`fhir`), a policy or a law.
        system: String,
        /// The publisher's name for the release, such as `FY2026`.
        release: String,
        /// First day on which it holds (`YYYY-MM-DD`), where it has one.
        effective_from: Option<String>,
        /// Last day on which it holds, where it has one.
        effective_to: Option<String>,
        /// How many rows it has (codes, elements, rules).
        rows: u64,
        /// Licence or legal status of the content.
        licence: String,
        /// Where the content comes from: publisher, file, version and fingerprint of the source.
        source: String,
        /// SHA-256 of the pack, in lower-case hexadecimal.
        sha256: String,
    }
}
