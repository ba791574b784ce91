//! LOINC numbers: digits, a hyphen and a check digit (LOINC Users' Guide, "Calculating Mod 10 Check Digits").
//!
//! The check digit is Luhn's. Fourteen deprecated numbers were published with another one; they are codes all the
//! same. Parts, answers, answer lists and groups (LP, LA, LL, LG) have the same form behind two letters.

use super::{Form, Shape, all_digits, digits};
use crate::codes::context::CodeContext;
use crate::codes::text::CodeText;
use crate::codes::verdict::Reason;

pub(super) const LOINC: Shape = Shape {
    name: "loinc",
    read,
    slots: "N",
    form: "one to seven digits, a hyphen and a check digit (LOINC Users' Guide, Mod 10 check digits)",
    listed: true,
};

/// Published with a check digit that does not follow; all deprecated (LOINC 2.75).
pub(super) const EXCEPTIONS: [&str; 14] = [
    "11491-6", "11501-6", "5895-7", "5896-5", "5897-3", "5928-1", "6028-3", "6415-5", "6580-7", "6645-7",
    "6646-5", "6647-3", "6648-1", "6649-9",
];

fn read(text: &str, _context: &CodeContext) -> Form {
    let upper = text.to_ascii_uppercase();
    let collect = |text: &str| CodeText::collect(text.chars());
    if let Some((letters, rest)) = upper.split_at_checked(2)
        && matches!(letters, "LP" | "LA" | "LL" | "LG")
    {
        let formed = rest.split_once('-').is_some_and(|(number, check)| numbers(number, check));
        return collect(&upper).filter(|_| formed).map_or(Form::Malformed, Form::Good);
    }
    let Some((number, check)) = text.split_once('-') else {
        // Without its hyphen a number is certain only where the check digit agrees.
        let Some((number, check)) = text.split_at_checked(text.len().saturating_sub(1)) else {
            return Form::Malformed;
        };
        let whole = format!("{number}-{check}");
        return match collect(&whole) {
            Some(code) if numbers(number, check) && number.len() >= 3 && checks(number, check) => {
                Form::Meant(code)
            }
            _ => Form::Malformed,
        };
    };
    match collect(text) {
        Some(code) if numbers(number, check) => {
            if checks(number, check) || EXCEPTIONS.contains(&text) {
                Form::Good(code)
            } else {
                Form::Flawed(Reason::BadCheckDigit, code)
            }
        }
        _ => Form::Malformed,
    }
}

fn numbers(number: &str, check: &str) -> bool {
    all_digits(number)
        && number.len() <= 7
        && !number.starts_with('0')
        && check.len() == 1
        && all_digits(check)
}

fn checks(number: &str, check: &str) -> bool {
    digits::luhn(
        number
            .bytes()
            .chain(check.bytes())
            .map(|byte| byte.wrapping_sub(b'0'))
            .collect::<Vec<_>>()
            .into_iter(),
    )
}
