//! National Drug Code: labeler, product and package, in every form that is in use (21 CFR 207.33, 45 CFR 162.1002).
//!
//! Ten digits are 4-4-2, 5-3-2 or 5-4-1; claims pad the short segment to 5-4-2, which is the normal form here. Ten
//! digits without hyphens can be any of the three. From 2033-03-07 the FDA issues twelve digits, 6-4-2.

use jiff::civil::{Date, date};

use super::{Form, Shape, all_digits};
use crate::codes::context::CodeContext;
use crate::codes::text::CodeText;
use crate::codes::verdict::Reason;

pub(super) const NDC: Shape = Shape {
    name: "ndc",
    read,
    slots: "N",
    form: "ten digits with hyphens (4-4-2, 5-3-2, 5-4-1), eleven digits (5-4-2), or twelve (6-4-2) from 2033-03-07 \
           (21 CFR 207.33; 45 CFR 162.1002)",
    listed: true,
};

pub(super) const AMBIGUOUS: &str = "ten digits without hyphens can be 4-4-2, 5-3-2 or 5-4-1: which segment takes the zero \
                                    cannot be told (21 CFR 207.33)";
pub(super) const TWELVE: &str = "codes of twelve digits, 6-4-2, are issued from 2033-03-07 (21 CFR 207.33)";
const TWELVE_FROM: Date = date(2033, 3, 7);

fn read(text: &str, context: &CodeContext) -> Form {
    if !text.contains('-') {
        let code = CodeText::collect(text.chars()).filter(|_| all_digits(text));
        return match (text.len(), code) {
            (10, Some(code)) => Form::Flawed(Reason::Ambiguous, code),
            (11, Some(_)) => segments(text, &[5, 4, 2]).map_or(Form::Malformed, |code| hyphened(&code)),
            (12, Some(_)) => match segments(text, &[6, 4, 2]) {
                Some(code) => twelve(&code, context),
                None => Form::Malformed,
            },
            _ => Form::Malformed,
        };
    }
    let parts: Vec<&str> = text.split('-').collect();
    if !parts.iter().all(|part| all_digits(part)) {
        return Form::Malformed;
    }
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    match (lengths.as_slice(), parts.as_slice()) {
        ([4, 4, 2] | [5, 3, 2] | [5, 4, 1] | [5, 4, 2], [labeler, product, package]) => {
            hyphened(&format!("{labeler:0>5}-{product:0>4}-{package:0>2}"))
        }
        ([6, 4, 2], _) => twelve(text, context),
        _ => Form::Malformed,
    }
}

fn segments(digits: &str, lengths: &[usize]) -> Option<String> {
    let mut rest = digits;
    let mut out = Vec::new();
    for length in lengths {
        let (head, tail) = rest.split_at_checked(*length)?;
        out.push(head);
        rest = tail;
    }
    Some(out.join("-"))
}

fn hyphened(code: &str) -> Form {
    CodeText::collect(code.chars()).map_or(Form::Malformed, Form::Good)
}

fn twelve(code: &str, context: &CodeContext) -> Form {
    match (hyphened(code), context.on) {
        (Form::Good(code), Some(day)) if day < TWELVE_FROM => Form::Flawed(Reason::NotYetEffective, code),
        (form, _) => form,
    }
}

/// The three codes that ten digits can be.
pub(super) fn readings(digits: &str) -> Vec<String> {
    [[4, 4, 2], [5, 3, 2], [5, 4, 1]]
        .iter()
        .filter_map(|lengths| segments(digits, lengths))
        .filter_map(|hyphens| match read(&hyphens, &CodeContext::default()) {
            Form::Good(code) => Some(code.as_str().to_owned()),
            _ => None,
        })
        .collect()
}
