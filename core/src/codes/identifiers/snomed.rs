//! SNOMED CT identifiers: 6 to 18 digits, a partition before the check digit, Verhoeff's check digit.
//!
//! SNOMED International, "SCTID Constraints", "Partition Identifier", "Check-digit". A number above 2^53 must never
//! pass through a floating-point number, so an identifier stays text here.

use super::{Form, Shape, all_digits, digits};
use crate::codes::context::CodeContext;
use crate::codes::text::CodeText;
use crate::codes::verdict::Reason;

pub(super) const SNOMED: Shape = Shape {
    name: "snomed",
    read,
    slots: "N",
    form: "6 to 18 digits without a leading zero: an item identifier, a partition (00, 01, 02, 10, 11 or 12) and a \
           Verhoeff check digit (SNOMED International, SCTID)",
    listed: true,
};

fn read(text: &str, _context: &CodeContext) -> Form {
    let formed = (6..=18).contains(&text.len()) && all_digits(text) && !text.starts_with('0');
    let partition = text.len().checked_sub(3).and_then(|at| text.get(at..at + 2));
    let known = matches!(partition, Some("00" | "01" | "02" | "10" | "11" | "12"));
    match CodeText::collect(text.chars()) {
        Some(code) if formed && digits::verhoeff(text) => {
            if known {
                Form::Good(code)
            } else {
                Form::Malformed
            }
        }
        Some(code) if formed && known => Form::Flawed(Reason::BadCheckDigit, code),
        _ => Form::Malformed,
    }
}
