//! Records about de-identification.

use chartkeeper::api;

use super::{Finding, Span};
use crate::mirror::{Mirror, mirror};

mirror! {
    /// One change, with its place and its rule; never the value.
    ManifestEntry = ManifestEntry {
        /// What the place holds.
        label: String,
        /// What was done: `remove`, `mask`, `year`, `zip3` or `token`.
        action: String,
        /// Native path in the source.
        path: String,
        /// Bytes of the value in the source.
        span: Span,
        /// The paragraph that asks for it.
        rule: String,
    }

    /// A de-identified record, and what was done to it.
    Deidentified = Deidentified {
        /// The source with the changed bytes; every other byte as it was.
        output: Vec<u8>,
        /// What was changed, where and why.
        manifest: Vec<ManifestEntry>,
        /// Name of the policy.
        policy: String,
        /// What a person should look at.
        findings: Vec<Finding>,
    }
}

impl Mirror<Vec<ManifestEntry>> for api::Manifest {
    fn mirror(self) -> Vec<ManifestEntry> {
        self.entries().map(Mirror::mirror).collect()
    }
}
