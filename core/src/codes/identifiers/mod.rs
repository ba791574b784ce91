//! Identifiers and codes by their form: length, characters, check digit. One table, one small file a system.
//!
//! A form says whether a text can be a code at all. Where being well formed is all that can be known (NPI, MBI, DEA,
//! SSN), a good form is a valid verdict; where a publisher keeps a list, [`super::lists`] asks the loaded one.

mod clinical;
mod dea;
mod digits;
mod loinc;
mod mbi;
mod mend;
mod ndc;
mod npi;
mod payment;
mod snomed;
mod ssn;
#[cfg(test)]
mod tests;

use super::context::CodeContext;
use super::text::CodeText;
use super::verdict::Reason;

/// The longest text that is looked at; no code of any of these systems is near it.
const LONGEST: usize = 96;

/// What a text is, by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Right in form and check digit.
    Good(CodeText),
    /// Right in form, and yet it cannot be used.
    Flawed(Reason, CodeText),
    /// Not right in form, and there is one code that was surely meant.
    Meant(CodeText),
    /// Something else.
    Malformed,
}

/// A system that is known by its form.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) name: &'static str,
    read: fn(&str, &CodeContext) -> Form,
    /// Where letters and digits stand, for look-alikes: `N` a digit, `A` a letter, `X` either; the last one repeats.
    slots: &'static str,
    /// The form in words, with who defines it.
    pub(super) form: &'static str,
    /// Whether a publisher keeps a list of the codes, so that a good form alone is not a valid code.
    pub(super) listed: bool,
}

/// All of them. Their order is their number in a judgement, so new ones are added at the end.
pub(super) static SHAPES: &[Shape] = &[
    npi::NPI,
    mbi::MBI,
    dea::DEA,
    ssn::SSN,
    loinc::LOINC,
    snomed::SNOMED,
    clinical::RXNORM,
    ndc::NDC,
    clinical::CVX,
    payment::HCPCS,
    payment::CPT,
    payment::MS_DRG,
    payment::REVENUE,
    payment::POS,
    payment::NUCC,
    clinical::ICD10,
    clinical::ICD9CM,
    clinical::ICD9CM_PROCEDURES,
];

impl Shape {
    /// Reads a text; what is not a code is tried again with look-alikes put right, which is never a good form but
    /// at best [`Form::Meant`].
    pub(super) fn read(&self, text: &str, context: &CodeContext) -> Form {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Form::Malformed;
        }
        let form = (self.read)(text, context);
        if form != Form::Malformed {
            return form;
        }
        let found = mend::candidates(text, self.slots).into_iter().find_map(|candidate| {
            match (self.read)(&candidate, context) {
                Form::Good(code) | Form::Meant(code) => Some(code),
                _ => None,
            }
        });
        found.map_or(Form::Malformed, Form::Meant)
    }

    /// A reason in words, with the rule behind it.
    pub(super) fn explain(&self, reason: Reason) -> String {
        match reason {
            Reason::NeverIssued => ssn::NEVER_ISSUED.to_owned(),
            Reason::Ambiguous => ndc::AMBIGUOUS.to_owned(),
            Reason::NotYetEffective if self.name == "ndc" => ndc::TWELVE.to_owned(),
            _ => self.form.to_owned(),
        }
    }

    /// The codes that one well-formed text may stand for.
    pub(super) fn readings(&self, reason: Reason, code: &str) -> Vec<String> {
        match reason {
            Reason::Malformed if !code.is_empty() => vec![code.to_owned()],
            Reason::Ambiguous => ndc::readings(code),
            _ => Vec::new(),
        }
    }
}

/// The code in capitals where its characters fit the pattern: `N` a digit, `A` a letter, `X` either, anything else
/// itself.
fn fits(text: &str, pattern: &str) -> Option<CodeText> {
    let same = text.len() == pattern.len();
    let fit = text.bytes().zip(pattern.bytes()).all(|(byte, class)| match class {
        b'N' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_alphabetic(),
        b'X' => byte.is_ascii_alphanumeric(),
        other => byte == other,
    });
    (same && fit).then(|| CodeText::collect(text.chars().map(|c| c.to_ascii_uppercase())))?
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn good(code: Option<CodeText>) -> Form {
    code.map_or(Form::Malformed, Form::Good)
}
