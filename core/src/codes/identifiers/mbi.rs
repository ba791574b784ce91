//! Medicare Beneficiary Identifier: eleven characters that mean nothing and have no check digit.
//!
//! CMS, "Understanding the Medicare Beneficiary Identifier (MBI) Format": position 1 is a digit from 1 to 9,
//! positions 2, 5, 8 and 9 are letters, 3 and 6 either, 4, 7, 10 and 11 digits; letters are never S, L, O, I, B or Z.
//! The card prints it 4-3-4 with hyphens, which are not part of it.

use super::{Form, Shape, fits, good};
use crate::codes::context::CodeContext;

pub(super) const MBI: Shape = Shape {
    name: "mbi",
    read,
    slots: "NAXNAXNAANN",
    form: "eleven characters: a digit from 1 to 9, then letter, letter or digit, digit, letter, letter or digit, \
           digit, two letters, two digits; the letters S, L, O, I, B, Z never stand in it (CMS, MBI format)",
    listed: false,
};

fn read(text: &str, _context: &CodeContext) -> Form {
    let text = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, _, b'-', ..] => text.replacen('-', "", 2),
        _ => text.to_owned(),
    };
    let excluded = |byte: u8| matches!(byte.to_ascii_uppercase(), b'S' | b'L' | b'O' | b'I' | b'B' | b'Z');
    let code = fits(&text, "NAXNAXNAANN");
    good(code.filter(|_| !text.starts_with('0') && !text.bytes().any(excluded)))
}
