//! National Provider Identifier (45 CFR 162.406): ten digits, the last a check digit.
//!
//! The check digit is Luhn's over the number with 80840 before it: 80 for health applications, 840 for the United
//! States (ISO/IEC 7812; CMS, "Requirements for National Provider Identifier and NPI Check Digit"). A valid verdict
//! says that the number is well formed, not that it was issued to anyone.

use super::{Form, Shape, digits, fits};
use crate::codes::context::CodeContext;
use crate::codes::verdict::Reason;

pub(super) const NPI: Shape = Shape {
    name: "npi",
    read,
    slots: "N",
    form: "ten digits, the first 1 or 2, the last a check digit over 80840 and the number (45 CFR 162.406)",
    listed: false,
};

const PREFIX: [u8; 5] = [8, 0, 8, 4, 0];

fn read(text: &str, _context: &CodeContext) -> Form {
    let formed = matches!(text.as_bytes().first(), Some(b'1' | b'2'));
    let Some(code) = fits(text, "NNNNNNNNNN").filter(|_| formed) else { return Form::Malformed };
    if digits::luhn(PREFIX.into_iter().chain(text.bytes().map(|byte| byte - b'0'))) {
        Form::Good(code)
    } else {
        Form::Flawed(Reason::BadCheckDigit, code)
    }
}
