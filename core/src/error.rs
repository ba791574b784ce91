//! Errors: one public type, a closed set of kinds, and one catalogue of stable codes.
//!
//! An error says *what* (a code of the catalogue), *where* (native path, byte span) and *how to go on* (the
//! catalogue's text, plus a note made of program facts). It never carries text of the input: a record is a patient's.

use std::borrow::Cow;
use std::fmt;

use crate::text::Span;

/// What every fallible call of the library returns.
pub type Result<T> = std::result::Result<T, Error>;

/// The broad class of an [`Error`]: what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bytes of a record are not what their format allows.
    Input,
    /// An argument of the call is missing, unknown or contradicts another.
    Argument,
    /// A knowledge pack cannot be read, is damaged, or needs a licence.
    Pack,
    /// A de-identification policy is unknown, or does not conform to what it calls itself.
    Policy,
    /// A request for a release cannot be understood, so nothing is released.
    Release,
    /// The disclosure ledger cannot be read, written or verified, so nothing is released.
    Ledger,
    /// The operating system refused (file, entropy).
    Io,
    /// A limit that protects the host process was reached.
    Limit,
}

impl ErrorKind {
    /// The stable lower-case name, the same in every language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Argument => "argument",
            Self::Pack => "pack",
            Self::Policy => "policy",
            Self::Release => "release",
            Self::Ledger => "ledger",
            Self::Io => "io",
            Self::Limit => "limit",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One row of the catalogue: a stable code, its kind, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// Stable lower-case code.
    pub code: &'static str,
    /// The class it belongs to.
    pub kind: ErrorKind,
    /// What happened, in lower case, without any text of the input.
    pub text: &'static str,
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $kind:ident, $code:literal, $text:literal;)*) => {
        /// The catalogue: every code that an [`Error`] of this library can carry.
        pub mod codes {
            use super::{ErrorCode, ErrorKind};
            $(
                #[doc = $text]
                $(#[$doc])*
                pub static $name: ErrorCode = ErrorCode { code: $code, kind: ErrorKind::$kind, text: $text };
            )*
            /// All of them, in the order of the catalogue.
            pub static ALL: &[&ErrorCode] = &[$(&$name),*];
        }
    };
}

catalogue! {
    EMPTY_INPUT = Input, "empty_input", "the source holds no record";
    UNKNOWN_FORMAT = Input, "unknown_format", "the source is in no format that is known here";
    INVALID_UTF8 = Input, "invalid_utf8", "the source is not valid UTF-8";
    INVALID_JSON = Input, "invalid_json", "the source is not valid JSON";
    TRUNCATED = Input, "truncated", "the source ends before the record does";
    TRAILING_DATA = Input, "trailing_data", "something follows the end of the record";
    INVALID_XML = Input, "invalid_xml", "the source is not well-formed XML";
    MISMATCHED_TAG = Input, "mismatched_tag", "an end tag is not that of the element that is open";
    DOCTYPE_REFUSED = Input, "doctype_refused", "the source has a document type declaration, which could define or load anything";
    UNSUPPORTED_ENCODING = Input, "unsupported_encoding", "the source is in an encoding that is not read";
    NOT_A_DOCUMENT = Input, "not_a_document", "the source is XML but neither a CDA document nor a part of one";
    NOT_A_RESOURCE = Input, "not_a_resource", "the source is JSON but not a FHIR resource: an object with a resourceType is needed";
    UNKNOWN_RESOURCE_TYPE = Input, "unknown_resource_type", "the resourceType is none of this FHIR release";
    NOT_A_MESSAGE = Input, "not_a_message", "a message of HL7 v2 must begin here: a segment MSH, FHS or BHS that declares its delimiters";
    TOO_DEEP = Limit, "too_deep", "the source nests deeper than the limit";
    TOO_LARGE = Limit, "too_large", "the source is larger than the limit";
    EDIT_CONFLICT = Argument, "edit_conflict", "two edits touch the same bytes";
    EDIT_TARGET = Argument, "edit_target", "the edit names a place that the record does not have, or that cannot take it";
    UNKNOWN_SYSTEM = Argument, "unknown_system", "the code system is not one that is known here";
    NO_TITLES = Argument, "no_titles", "no loaded pack gives this code system titles that can be searched";
    INVALID_DATE = Argument, "invalid_date", "the date is not a calendar date in the form YYYY-MM-DD";
    RELEASE_INCOMPLETE = Release, "release_incomplete", "the disclosure could not be accounted for: something that the ledger must hold is missing";
    INVALID_REQUEST = Argument, "invalid_request", "the request is not the JSON object that this verb takes";
    INVALID_ARGUMENT = Argument, "invalid_argument", "an argument is out of its range";
    UNKNOWN_POLICY = Policy, "unknown_policy", "the de-identification policy is not one that is known here";
    NOTHING_TO_RELEASE = Release, "nothing_to_release", "the decision releases nothing, so there is no copy";
    DECISION_OF_ANOTHER_RECORD = Release, "decision_of_another_record", "the decision was taken on another record";
    POLICY_MALFORMED = Policy, "policy_malformed", "the de-identification policy is not one that can be read";
    KEY_NOT_ALLOWED = Policy, "key_not_allowed", "the policy allows no code that is made with a key: 45 CFR 164.514(c)(1) asks for one that is not derived from information about the individual";
    KEY_NEEDED = Policy, "key_needed", "the policy makes codes or shifts with a key, and none was given";
    KEY_TOO_SHORT = Argument, "key_too_short", "the key is too short to keep what it makes secret";
    POLICY_NONCONFORMING = Policy, "policy_nonconforming", "the policy does not conform to what it calls itself";
    PATIENT_UNKNOWN = Policy, "patient_unknown", "the policy treats values by patient, and the record does not say which patient it is of";
    PACK_MALFORMED = Pack, "pack_malformed", "the pack is not a pack, or not one of this version";
    SOURCE_MALFORMED = Pack, "source_malformed", "the file is not one of its format, or is damaged or cut short";
    UNIT_INVALID = Argument, "unit_invalid", "the text is no unit of UCUM, or one that cannot be converted";
    UNITS_DIFFER = Argument, "units_differ", "the two units do not measure the same thing";
    PACK_DAMAGED = Pack, "pack_damaged", "the pack's content does not match its fingerprint";
    LEDGER_DAMAGED = Ledger, "ledger_damaged", "the ledger holds something that does not agree with its hashes";
    LEDGER_TRUNCATED = Ledger, "ledger_truncated", "the ledger is shorter than its checkpoint says";
    LEDGER_DIVERGED = Ledger, "ledger_diverged", "the ledger did not grow out of the earlier checkpoint";
    LEDGER_LOCKED = Ledger, "ledger_locked", "another writer has the ledger open";
    LEDGER_READ_ONLY = Ledger, "ledger_read_only", "the ledger was opened for reading";
    LEDGER_FAILED = Ledger, "ledger_failed", "an earlier append failed: open the ledger again";
    LEDGER_KEY = Ledger, "ledger_key", "the key is not the one that signed";
    LEDGER_IO = Ledger, "ledger_io", "the operating system refused a file of the ledger";
    CHECKPOINT_INVALID = Ledger, "checkpoint_invalid", "the note is not a checkpoint";
    PROOF_INVALID = Ledger, "proof_invalid", "the proof does not lead to the root";
    ENTROPY_UNAVAILABLE = Io, "entropy_unavailable", "the operating system gave no random bytes";
    FILE_UNREADABLE = Io, "file_unreadable", "a file cannot be read";
    FILE_UNWRITABLE = Io, "file_unwritable", "a file cannot be written";
    VAULT_SEALED = Argument, "vault_sealed", "the vault does not open: the key is another one, or the file was changed";
    TABLE_MALFORMED = Input, "table_malformed", "the table, or a hierarchy of it, cannot be read";
    TABLE_UNSOLVABLE = Argument, "table_unsolvable", "no version of the table meets the demands, not even the coarsest";
    TOKEN_UNKNOWN = Argument, "token_unknown", "the vault did not draw this token, or has forgotten it";
}

/// Why a call failed: kind, stable code, place. Never holds text of the input.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}{}", .code.text, self.place())]
pub struct Error {
    code: &'static ErrorCode,
    path: Option<Box<str>>,
    span: Option<Span>,
    line: Option<usize>,
    note: Option<Cow<'static, str>>,
}

impl Error {
    /// An error of the catalogue, without a place yet.
    #[must_use]
    pub const fn new(code: &'static ErrorCode) -> Self {
        Self { code, path: None, span: None, line: None, note: None }
    }

    /// Adds the byte span in the source.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Adds the byte offset in the source.
    #[must_use]
    pub fn at_offset(self, offset: usize) -> Self {
        self.at(Span::new(offset, offset))
    }

    /// Adds the native path, such as `Patient.name[0].family`. Paths are made of names the format defines;
    /// a name that comes from the source itself is never put in one.
    #[must_use]
    pub fn in_path(mut self, path: impl Into<Box<str>>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds the line, counted from 1, of an input that holds one record a line.
    #[must_use]
    pub fn in_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// Moves the span: the bytes that were read stand `by` bytes into a larger input.
    #[must_use]
    pub fn moved(mut self, by: usize) -> Self {
        self.span = self.span.map(|span| Span::new(span.start + by, span.end + by));
        self
    }

    /// Adds what a person should know to go on, made of program facts only (a limit, a list of allowed
    /// values, an operating system's message), never of text of the input.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The class of the error.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.code.kind
    }

    /// The stable lower-case code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code.code
    }

    /// The native path, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The byte span in the source, where there is one.
    #[must_use]
    pub const fn span(&self) -> Option<Span> {
        self.span
    }

    /// The line, counted from 1, of an input that holds one record a line.
    #[must_use]
    pub const fn line(&self) -> Option<usize> {
        self.line
    }

    fn place(&self) -> String {
        let mut out = String::new();
        if let Some(note) = &self.note {
            out.push_str(": ");
            out.push_str(note);
        }
        if let Some(path) = &self.path {
            out.push_str(", in ");
            out.push_str(path);
        }
        if let Some(line) = self.line {
            out.push_str(&format!(", in line {line}"));
        }
        if let Some(span) = self.span {
            out.push_str(&format!(", at byte {}", span.start));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_stable_names() {
        let mut seen = std::collections::HashSet::new();
        for row in codes::ALL {
            assert!(seen.insert(row.code), "{} stands twice", row.code);
            assert!(row.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            assert!(!row.text.ends_with('.'));
        }
    }

    #[test]
    fn display_names_the_place() {
        let error = Error::new(&codes::TRUNCATED).in_path("Patient.name[0]").at_offset(17);
        assert_eq!(
            error.to_string(),
            "the source ends before the record does, in Patient.name[0], at byte 17"
        );
    }
}
