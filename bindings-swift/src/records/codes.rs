//! Records about codes.

use crate::mirror::{choice, mirror};

choice! {
    /// A patient's sex, as claim edits have it.
    Sex {
        /// Female.
        Female,
        /// Male.
        Male,
        /// Another.
        Other,
        /// Not known.
        Unknown,
    }
}

mirror! {
    /// Whether a code may be used on a day, why not, and what to use instead.
    Verdict = VerdictRecord {
        /// `valid`, `invalid` or `unknown`.
        status: String,
        /// Stable code of the reason; nil when valid.
        reason: Option<String>,
        /// The code system.
        system: String,
        /// The code in its normal form; nil where the text is no code.
        code: Option<String>,
        /// Its title, where a loaded release has one.
        title: Option<String>,
        /// Whether it may be reported as it stands.
        billable: Option<bool>,
        /// The release that was asked.
        release: Option<String>,
        /// Codes that may have been meant.
        suggestions: Vec<String>,
        /// The reason in words.
        detail: Option<String>,
    }

    /// A code that a search found.
    CodeHit = CodeHit {
        /// The code in its normal form.
        code: String,
        /// Its title.
        title: String,
        /// How well it fits, from 0 to 1.
        score: f64,
        /// The words of the query that it holds.
        why: Vec<String>,
        /// Whether it may be reported as it stands.
        billable: bool,
        /// The release that was searched.
        release: String,
    }
}
