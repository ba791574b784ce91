//! Where a JSON string ends: eight bytes at a time, with every escape checked.

use super::Flaw;

/// How many bytes are looked at together.
const BLOCK: usize = 8;

/// The place after the closing quote of the string whose content begins at `at`.
#[inline]
pub(super) fn end(source: &[u8], mut at: usize) -> Result<usize, Flaw> {
    loop {
        at = stop(source, at);
        match source.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = escape(source, at)?,
            // A control character must be escaped.
            Some(_) => return Err(Flaw::Invalid(at)),
            None => return Err(Flaw::Truncated),
        }
    }
}

/// Whether the content of a string stands for itself: nothing in it is escaped, or would have to be.
pub(super) fn is_plain(content: &[u8]) -> bool {
    stop(content, 0) == content.len()
}

/// The first quote, backslash or control character from `at` on, or the end of the source.
#[inline]
fn stop(source: &[u8], mut at: usize) -> usize {
    while let Some(block) = source.get(at..).and_then(<[u8]>::first_chunk) {
        let found = stops(*block);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += BLOCK;
    }
    let rest = source.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| is_stop(*byte)).unwrap_or(rest.len())
}

fn is_stop(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..=0x1f)
}

/// Which bytes of a block are stops: their upper bits. A byte above a stop may be marked wrongly, so only the lowest
/// mark counts.
#[inline]
fn stops(block: [u8; BLOCK]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; BLOCK]);
    let bytes = u64::from_le_bytes(block);
    let (quotes, slashes) = (bytes ^ (ONES * u64::from(b'"')), bytes ^ (ONES * u64::from(b'\\')));
    // A byte minus a limit borrows into its upper bit where it is below the limit, unless it had that bit itself.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    (below(quotes, 1) | below(slashes, 1) | below(bytes, 0x20)) & (ONES << 7)
}

/// The place after the escape whose backslash is at `at`.
#[cold]
fn escape(source: &[u8], at: usize) -> Result<usize, Flaw> {
    match source.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match unit(source, at + 2)? {
            0xd800..=0xdbff => {
                let second = match (source.get(at + 6), source.get(at + 7)) {
                    (Some(b'\\'), Some(b'u')) => unit(source, at + 8)?,
                    (None, _) | (Some(b'\\'), None) => return Err(Flaw::Truncated),
                    _ => return Err(Flaw::Invalid(at)),
                };
                // Half a character is none.
                if (0xdc00..=0xdfff).contains(&second) { Ok(at + 12) } else { Err(Flaw::Invalid(at)) }
            }
            0xdc00..=0xdfff => Err(Flaw::Invalid(at)),
            _ => Ok(at + 6),
        },
        Some(_) => Err(Flaw::Invalid(at + 1)),
        None => Err(Flaw::Truncated),
    }
}

/// The four hexadecimal digits at `at`.
fn unit(source: &[u8], at: usize) -> Result<u32, Flaw> {
    let mut value = 0;
    for at in at..at + 4 {
        let byte = source.get(at).ok_or(Flaw::Truncated)?;
        value = value << 4 | char::from(*byte).to_digit(16).ok_or(Flaw::Invalid(at))?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_is_found_at_every_place() {
        for byte in 0..=255u8 {
            for place in 0..40 {
                let mut text = [b'x'; 40];
                text[place] = byte;
                let expected = if is_stop(byte) { place } else { 40 };
                assert_eq!(stop(&text, 0), expected, "{byte} at {place}");
            }
        }
    }

    proptest::proptest! {
        /// A block gives what its bytes give one by one.
        #[test]
        fn blocks_and_bytes_agree(mut block: [u8; BLOCK], plain in 0..=BLOCK) {
            block[..plain].iter_mut().filter(|byte| is_stop(**byte)).for_each(|byte| *byte = 0x80);
            let expected = block.iter().position(|byte| is_stop(*byte)).unwrap_or(BLOCK);
            proptest::prop_assert_eq!(stops(block).trailing_zeros() as usize / 8, expected);
        }
    }

    #[test]
    fn escapes_are_checked() {
        for (text, expected) in [
            (r#"a""#, Ok(2)),
            (r#"\\\"\/\b\f\n\r\t\u00e9""#, Ok(23)),
            (r#"\ud83d\ude00""#, Ok(13)),
            (r#"\ud83d""#, Err(Flaw::Invalid(0))),
            (r#"\ud83d\n""#, Err(Flaw::Invalid(0))),
            (r#"\ud83d\u0041""#, Err(Flaw::Invalid(0))),
            (r#"x\ude00""#, Err(Flaw::Invalid(1))),
            (r#"\x""#, Err(Flaw::Invalid(1))),
            (r#"\u12g4""#, Err(Flaw::Invalid(4))),
            (r"\u12", Err(Flaw::Truncated)),
            (r"\ud83d\", Err(Flaw::Truncated)),
            (r"\", Err(Flaw::Truncated)),
            ("abc", Err(Flaw::Truncated)),
        ] {
            assert_eq!(end(text.as_bytes(), 0), expected, "{text}");
        }
    }
}
