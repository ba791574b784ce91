//! Codes of bills: HCPCS Level II with its modifiers, CPT by its form alone, MS-DRG, revenue, place of service,
//! provider taxonomy.

use super::{Form, Shape, fits, good};
use crate::codes::context::CodeContext;
use crate::codes::text::CodeText;

pub(super) const HCPCS: Shape = Shape {
    name: "hcpcs",
    read: hcpcs,
    slots: "ANNNN",
    form: "a letter from A to V and four digits, or a modifier of two characters, the first a letter (CMS, HCPCS \
           Level II)",
    listed: true,
};

pub(super) const CPT: Shape = Shape {
    name: "cpt",
    read: |text, _: &CodeContext| cpt(text),
    slots: "NNNNX",
    form: "five digits, or four digits and one of A, F, M, T, U; the table is the American Medical Association's, and \
           only a licensed file can say more",
    listed: true,
};

pub(super) const MS_DRG: Shape = Shape {
    name: "ms-drg",
    read: |text, _: &CodeContext| padded(text, 3),
    slots: "N",
    form: "three digits from 001 to 999 (CMS, MS-DRG definitions)",
    listed: true,
};

pub(super) const REVENUE: Shape = Shape {
    name: "revenue",
    read: |text, _: &CodeContext| padded(text, 4),
    slots: "N",
    form: "four digits from 0001 to 9999 (National Uniform Billing Committee)",
    listed: true,
};

pub(super) const POS: Shape = Shape {
    name: "pos",
    read: |text, _: &CodeContext| padded(text, 2),
    slots: "N",
    form: "two digits from 01 to 99 (CMS, place of service)",
    listed: true,
};

pub(super) const NUCC: Shape = Shape {
    name: "nucc",
    read: |text, _: &CodeContext| nucc(text),
    slots: "NNN",
    form: "ten characters: three digits, six letters or digits, and an X (National Uniform Claim Committee)",
    listed: true,
};

fn hcpcs(text: &str, _context: &CodeContext) -> Form {
    let code = match text.len() {
        5 => fits(text, "ANNNN").filter(|code| {
            matches!(code.as_str().as_bytes().first(), Some(b'A'..=b'V'))
                && !code.as_str().starts_with(['I', 'N', 'O'])
        }),
        _ => fits(text, "AX"),
    };
    good(code)
}

fn cpt(text: &str) -> Form {
    let last = text.as_bytes().last().map(u8::to_ascii_uppercase);
    let category = matches!(last, Some(b'A' | b'F' | b'M' | b'T' | b'U'));
    good(fits(text, "NNNNN").or_else(|| fits(text, "NNNNA").filter(|_| category)))
}

/// Digits of one length; where leading zeros were left out, the code that was meant.
fn padded(text: &str, length: usize) -> Form {
    let digits = super::all_digits(text) && text.len() <= length && text.bytes().any(|byte| byte != b'0');
    let Some(code) = CodeText::collect(format!("{text:0>length$}").chars()).filter(|_| digits) else {
        return Form::Malformed;
    };
    if text.len() == length { Form::Good(code) } else { Form::Meant(code) }
}

fn nucc(text: &str) -> Form {
    good(fits(text, "NNNXXXXXXX").filter(|code| code.as_str().ends_with('X')))
}
