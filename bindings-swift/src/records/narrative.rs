//! Records about identifiers in text.

use crate::mirror::{given, mirror};

given! {
    /// Identifiers of a site's own form.
    SitePattern {
        /// What it is: the name of a label, such as `medical_record_number`.
        label: String,
        /// A regular expression without look-around and back-references.
        pattern: String,
    }

    /// Facts of the people of a text. What is known is found wherever it stands, in any case and punctuation.
    Known {
        /// Names of people, whole or in parts.
        #[uniffi(default = [])]
        names: Vec<String>,
        /// Names of employers, clinics and other bodies.
        #[uniffi(default = [])]
        organisations: Vec<String>,
        /// Streets, cities, places.
        #[uniffi(default = [])]
        places: Vec<String>,
        /// Numbers and codes, at least six letters and digits with a digit among them.
        #[uniffi(default = [])]
        numbers: Vec<String>,
        /// Words and phrases of a site that are no identifiers.
        #[uniffi(default = [])]
        allow: Vec<String>,
        /// Identifiers of a site's own form.
        #[uniffi(default = [])]
        patterns: Vec<SitePattern>,
        /// How likely it must be that a word is part of a name for it to be found, from 0 to 1.
        #[uniffi(default = None)]
        threshold: Option<f32>,
        /// Whether `findIdentifiers` also tells of every word and number that stays why it does, under the label `none`.
        #[uniffi(default = false)]
        explain: bool,
    }
}

mirror! {
    /// Something in a text that identifies somebody. It tells where, never what.
    IdentifierSpan = IdentifierSpan {
        /// First character (Unicode scalar value), counted from 0.
        start: u64,
        /// The character after the last.
        end: u64,
        /// First byte of the UTF-8 form.
        byte_start: u64,
        /// The byte after the last.
        byte_end: u64,
        /// First UTF-16 code unit.
        utf16_start: u64,
        /// The code unit after the last.
        utf16_end: u64,
        /// What it is: the name of a label, such as `name`, `date` or `medical_record_number`.
        label: String,
        /// How sure it is, from 0 to 1 in hundredths.
        score: f64,
        /// The evidence that decided, such as `title`, `full_date` or `name_model`.
        why: String,
    }

    /// A de-identified text, and what was done to it.
    DeidentifiedText = DeidentifiedText {
        /// The text with the identifiers replaced; everything else as it was.
        text: String,
        /// The changes, in the order of the text. Between two of them old and new offsets differ by a
        /// constant.
        spans: Vec<TextChange>,
        /// Name of the policy.
        policy: String,
    }

    /// What was done to one identifier of a text.
    TextChange = TextChange {
        /// What it is: the name of a label.
        label: String,
        /// What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym` or `substitute`.
        action: String,
        /// The paragraph that asks for it.
        rule: String,
        /// How sure the finding is, from 0 to 1 in hundredths.
        score: f64,
        /// The evidence that decided.
        why: String,
        /// Where it stood.
        source: TextRange,
        /// Where what replaces it stands.
        output: TextRange,
    }

    /// A stretch of a text in three units: characters (Unicode scalar values), bytes of UTF-8, code units of
    /// UTF-16.
    TextRange = TextRange {
        /// First character.
        start: u64,
        /// The character after the last.
        end: u64,
        /// First byte.
        byte_start: u64,
        /// The byte after the last.
        byte_end: u64,
        /// First code unit.
        utf16_start: u64,
        /// The code unit after the last.
        utf16_end: u64,
    }
}
