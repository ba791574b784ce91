//! Social Security number: nine digits, written 3-2-4. It has no check digit, but some numbers are never issued.
//!
//! Social Security Administration, "Social Security Number Randomization": no area 000, 666 or 900 to 999, no group
//! 00, no serial 0000. A number that was never issued is still one in form, and whoever protects privacy treats it
//! as one.

use super::{Form, Shape, all_digits};
use crate::codes::context::CodeContext;
use crate::codes::text::CodeText;
use crate::codes::verdict::Reason;

pub(super) const SSN: Shape = Shape {
    name: "ssn",
    read,
    slots: "N",
    form: "nine digits, written 3-2-4 (Social Security Administration)",
    listed: false,
};

pub(super) const NEVER_ISSUED: &str = "a number of this form that is never issued: area 000, 666 or 900 to 999, group \
                                       00, or serial 0000 (Social Security Administration)";

fn read(text: &str, _context: &CodeContext) -> Form {
    let parts: Vec<&str> = match text.len() {
        9 => [0..3, 3..5, 5..9].into_iter().filter_map(|range| text.get(range)).collect(),
        11 => text.split(['-', ' ']).collect(),
        _ => return Form::Malformed,
    };
    let [area, group, serial] = parts.as_slice() else { return Form::Malformed };
    let lengths = (area.len(), group.len(), serial.len()) == (3, 2, 4);
    if !lengths || !parts.iter().all(|part| all_digits(part)) {
        return Form::Malformed;
    }
    let Some(code) = CodeText::collect(parts.join("-").chars()) else { return Form::Malformed };
    let never =
        *area == "000" || *area == "666" || area.starts_with('9') || *group == "00" || *serial == "0000";
    if never { Form::Flawed(Reason::NeverIssued, code) } else { Form::Good(code) }
}
