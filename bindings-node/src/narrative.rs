//! Identifiers in clinical text, and texts without them.

use chartkeeper::api;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::error::{Result, document};
use crate::mirror::mirror;

/// What a de-identification of text depends on.
#[napi(object, object_to_js = false)]
#[derive(Default)]
pub struct DeidentifyTextOptions {
    /// Name of the policy, or the JSON text of one of your own; `hipaa-safe-harbor` where it is left out.
    pub policy: Option<String>,
    /// A secret key of 32 bytes or more, for policies that make codes and surrogates with one.
    pub key: Option<Buffer>,
    /// The day (`YYYY-MM-DD`) on which ages count.
    pub as_of: Option<String>,
    /// What is known of the people of the text.
    #[napi(ts_type = "Known")]
    pub known: Option<serde_json::Value>,
    /// The patient, so that surrogates are the same in every text of the patient.
    pub patient: Option<String>,
}

impl DeidentifyTextOptions {
    /// What is known, read.
    pub(crate) fn known(&self) -> Result<Option<api::Known>> {
        self.known.as_ref().map(document).transpose()
    }

    /// The policy, and the options of the core.
    pub(crate) fn read<'a>(
        &'a self,
        known: Option<&'a api::Known>,
    ) -> (&'a str, api::DeidentifyTextOptions<'a>) {
        let policy = self.policy.as_deref().unwrap_or("hipaa-safe-harbor");
        let (as_of, patient) = (self.as_of.as_deref(), self.patient.as_deref());
        (policy, api::DeidentifyTextOptions { as_of, key: self.key.as_deref(), known, patient })
    }
}

/// Something in a text that identifies somebody. It tells where, never what.
#[napi(object, object_from_js = false)]
pub struct IdentifierSpan {
    /// First character (Unicode scalar value), counted from 0.
    pub start: i64,
    /// The character after the last.
    pub end: i64,
    /// First byte of the UTF-8 form.
    pub byte_start: i64,
    /// The byte after the last.
    pub byte_end: i64,
    /// First UTF-16 code unit.
    pub utf16_start: i64,
    /// The code unit after the last.
    pub utf16_end: i64,
    /// What it is: the name of a label, such as `name`, `date` or `medical_record_number`.
    pub label: &'static str,
    /// How sure it is, from 0 to 1 in hundredths.
    pub score: f64,
    /// The evidence that decided, such as `title`, `full_date` or `name_model`.
    pub why: &'static str,
}

mirror!(IdentifierSpan { start, end, byte_start, byte_end, utf16_start, utf16_end, label, score, why });

/// A de-identified text, and what was done to it.
#[napi(object, object_from_js = false)]
pub struct DeidentifiedText {
    /// The text with the identifiers replaced; everything else as it was.
    pub text: String,
    /// The changes, in the order of the text. Between two of them old and new offsets differ by a constant.
    pub spans: Vec<TextChange>,
    /// Name of the policy.
    pub policy: String,
}

mirror!(DeidentifiedText { text, spans, policy });

/// What was done to one identifier of a text.
#[napi(object, object_from_js = false)]
pub struct TextChange {
    /// What it is: the name of a label.
    pub label: &'static str,
    /// What was done: `mask`, `year`, `zip3`, `age`, `keep`, `surrogate`, `pseudonym` or `substitute`.
    pub action: &'static str,
    /// The paragraph that asks for it.
    pub rule: String,
    /// How sure the finding is, from 0 to 1 in hundredths.
    pub score: f64,
    /// The evidence that decided.
    pub why: &'static str,
    /// Where it stood.
    pub source: TextRange,
    /// Where what replaces it stands.
    pub output: TextRange,
}

mirror!(TextChange { label, action, rule, score, why, source, output });

/// A stretch of a text in three units: characters (Unicode scalar values), bytes of UTF-8, code units of
/// UTF-16.
#[napi(object, object_from_js = false)]
pub struct TextRange {
    /// First character.
    pub start: i64,
    /// The character after the last.
    pub end: i64,
    /// First byte.
    pub byte_start: i64,
    /// The byte after the last.
    pub byte_end: i64,
    /// First code unit.
    pub utf16_start: i64,
    /// The code unit after the last.
    pub utf16_end: i64,
}

mirror!(TextRange { start, end, byte_start, byte_end, utf16_start, utf16_end });
