//! DEA registration number (21 CFR 1301): two letters, six digits and a check digit.
//!
//! The check digit is the last digit of the sum of the first, third and fifth digit and twice the sum of the second,
//! fourth and sixth. The second character is the first letter of the registrant's name, or 9 for a business.

use super::{Form, Shape, fits};
use crate::codes::context::CodeContext;
use crate::codes::verdict::Reason;

pub(super) const DEA: Shape = Shape {
    name: "dea",
    read,
    slots: "AXN",
    form: "a letter, a letter or 9, and seven digits, the last a check digit: the first, third and fifth digit and \
           twice the second, fourth and sixth, modulo 10 (21 CFR 1301)",
    listed: false,
};

fn read(text: &str, _context: &CodeContext) -> Form {
    let second = text.as_bytes().get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'9');
    let Some(code) = fits(text, "AXNNNNNNN").filter(|_| second) else { return Form::Malformed };
    let digits: Vec<u32> = text.chars().skip(2).filter_map(|c| c.to_digit(10)).collect();
    let sum = |first: usize| digits.iter().take(6).skip(first).step_by(2).sum::<u32>();
    if digits.last() == Some(&((sum(0) + 2 * sum(1)) % 10)) {
        Form::Good(code)
    } else {
        Form::Flawed(Reason::BadCheckDigit, code)
    }
}
