//! Identifiers and codes that are judged by form and check digit alone: one table, one small file a system.

mod digits;
mod npi;

use super::context::CodeContext;
use super::system::CodeSystem;
use super::text::CodeText;
use super::verdict::{Judgement, Reason, Status};

/// What a text is, by its form.
enum Form {
    /// Right in form and check digit.
    Good(CodeText),
    /// Right in form, wrong in its check digit.
    BadCheckDigit(CodeText),
    /// Something else.
    Malformed,
}

/// A system that is known by its form.
pub(super) struct Identifier {
    name: &'static str,
    read: fn(&str) -> Form,
    /// The form in words, with who defines it.
    form: &'static str,
}

/// All of them. Their order is their number in a judgement, so new ones are added at the end.
pub(super) static IDENTIFIERS: &[Identifier] = &[npi::NPI];

impl CodeSystem for Identifier {
    fn name(&self) -> &'static str {
        self.name
    }

    fn judge(&self, text: &str, _context: &CodeContext) -> Judgement {
        match (self.read)(text) {
            Form::Good(code) => Judgement::new(Status::Valid, None, code),
            Form::BadCheckDigit(code) => Judgement::new(Status::Invalid, Some(Reason::BadCheckDigit), code),
            Form::Malformed => Judgement::new(Status::Invalid, Some(Reason::Malformed), CodeText::EMPTY),
        }
    }

    fn detail(&self, judgement: &Judgement) -> Option<String> {
        judgement.reason.map(|_| self.form.to_owned())
    }
}
