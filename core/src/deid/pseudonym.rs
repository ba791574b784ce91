//! Keyed pseudonyms: the same value has the same one in every format, file and run of a key and domain.
//!
//! One has the form of a UUID of version 8 (RFC 9562, 5.8), so that it is an id in every format. 90 bits follow from
//! the value; the last 32 are a mark that follows from those 90, by which a second run knows its own pseudonyms
//! and leaves them: nothing needs to be kept between runs.

use super::keyed::{Keyed, Use};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The pseudonym of a value.
pub(super) fn of(keyed: &Keyed, value: &str) -> String {
    if is_own(keyed, value) {
        return value.to_owned();
    }
    let full = keyed.bytes(Use::Pseudonym, &[value]);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(full).for_each(|(byte, from)| *byte = from);
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let mut out = text(&bytes);
    out.truncate(28);
    let mark = mark(keyed, &out);
    out.push_str(&mark);
    out
}

/// Whether a text is a pseudonym of this key and domain.
pub(super) fn is_own(keyed: &Keyed, text: &str) -> bool {
    let form = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'8',
        19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    text.len() == 36
        && text.bytes().enumerate().all(form)
        && text.get(..28).is_some_and(|body| text.get(28..) == Some(&mark(keyed, body)))
}

/// Whether the key of a patient is a pseudonym, or ends in one as a reference does.
pub(super) fn is_own_key(keyed: &Keyed, key: &str) -> bool {
    is_own(keyed, key.rsplit(['/', ':']).next().unwrap_or_default())
}

/// Eight hexadecimal digits.
fn mark(keyed: &Keyed, body: &str) -> String {
    let mut out = String::with_capacity(8);
    keyed.bytes(Use::Mark, &[body]).iter().take(4).for_each(|byte| push_hex(&mut out, *byte));
    out
}

fn text(bytes: &[u8; 16]) -> String {
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        push_hex(&mut out, *byte);
    }
    out
}

fn push_hex(out: &mut String, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        out.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_repeats_and_knows_itself() {
        let keyed = Keyed::new(&[1; 32], "d").unwrap();
        let one = of(&keyed, "MRN-7");
        assert_eq!(of(&keyed, "MRN-7"), one);
        assert_eq!(of(&keyed, &one), one);
        assert_ne!(of(&keyed, "MRN-8"), one);
        assert_eq!((one.len(), one.as_bytes()[14]), (36, b'8'));
        let other = Keyed::new(&[1; 32], "e").unwrap();
        assert_ne!(of(&other, "MRN-7"), one);
        assert!(!is_own(&other, &one));
        assert_ne!(of(&other, &one), one);
        let forged = format!("{}00000000", &one[..28]);
        assert_ne!(of(&keyed, &forged), forged);
        assert_ne!(of(&keyed, &one.to_uppercase()), one.to_uppercase());
    }
}
