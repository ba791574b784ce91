//! The characters of XML: which may stand in a document, how it declares their encoding, references and sections that
//! stand for them, and how they are written.

use std::borrow::Cow;

use memchr::{memchr2, memmem};

use crate::error::{Error, Result, codes};

/// The first byte that no XML document may hold.
pub(super) fn forbidden(text: &[u8]) -> Option<usize> {
    let bad = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    // The chunks are looked at whole, so that the compiler can do many bytes at once.
    let chunk =
        text.chunks(256).position(|chunk| chunk.iter().fold(false, |found, byte| found | bad(byte)))?;
    text.iter().skip(chunk * 256).position(bad).map(|at| chunk * 256 + at)
}

/// Refuses a declared encoding that is not UTF-8, unless the bytes mean the same in both.
pub(super) fn encoding(text: &[u8]) -> Result<()> {
    let Some(rest) = text.strip_prefix(b"<?xml") else { return Ok(()) };
    let declaration = memmem::find(rest, b"?>").and_then(|end| rest.get(..end)).unwrap_or_default();
    let Some(at) = memmem::find(declaration, b"encoding") else { return Ok(()) };
    let value = declaration.get(at + b"encoding".len()..).unwrap_or_default();
    let mut parts = value.split(|byte| matches!(byte, b'"' | b'\''));
    let name = parts.nth(1).unwrap_or_default().to_ascii_lowercase();
    match name.as_slice() {
        b"utf-8" | b"utf8" | b"us-ascii" | b"ascii" => Ok(()),
        _ => match text.iter().position(|byte| *byte >= 0x80) {
            None if !name.starts_with(b"utf-16") && !name.starts_with(b"ucs") => Ok(()),
            other => Err(Error::new(&codes::UNSUPPORTED_ENCODING)
                .at_offset(other.unwrap_or_default())
                .note("known: UTF-8, and any other whose bytes are all ASCII")),
        },
    }
}

/// The character that a reference without its `&` and `;` stands for.
pub(super) fn reference(name: &[u8]) -> Option<char> {
    let digits = match name {
        b"amp" => return Some('&'),
        b"lt" => return Some('<'),
        b"gt" => return Some('>'),
        b"quot" => return Some('"'),
        b"apos" => return Some('\''),
        _ => std::str::from_utf8(name).ok()?.strip_prefix('#')?,
    };
    let number = match digits.strip_prefix('x') {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok()?,
        None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    char::from_u32(number)
        .filter(|c| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')))
}

/// The text of a leaf's bytes: references and CDATA sections read, a comment without its marks; borrowed where
/// nothing had to be read.
pub(super) fn decode(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(comment.strip_suffix("-->")?.trim().into());
    }
    if let Some(instruction) = text.strip_prefix("<?") {
        return Some(instruction.strip_suffix("?>")?.into());
    }
    if memchr2(b'&', b'<', raw).is_none() {
        return Some(text.into());
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(['&', '<']) {
        let (before, mark) = rest.split_at_checked(at)?;
        out.push_str(before);
        if let Some(inner) = mark.strip_prefix("<![CDATA[") {
            let (data, after) = inner.split_once("]]>")?;
            out.push_str(data);
            rest = after;
        } else {
            let (name, after) = mark.strip_prefix('&')?.split_once(';')?;
            out.push(reference(name.as_bytes())?);
            rest = after;
        }
    }
    out.push_str(rest);
    Some(out.into())
}

/// Appends `text` so that it can stand in an element or in quotes of either kind, white space at its ends included.
/// Characters that no XML document may hold become the replacement character.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let mut bytes = [0; 4];
    let inner = text.trim_matches(' ');
    let first = text.len() - text.trim_start_matches(' ').len();
    for (at, c) in text.char_indices() {
        let part: &str = match c {
            ' ' if at < first || at >= first + inner.len() => "&#32;",
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&apos;",
            '\t' => "&#9;",
            '\n' => "&#10;",
            '\r' => "&#13;",
            '\u{fffe}' | '\u{ffff}' => "\u{fffd}",
            c if c < ' ' => "\u{fffd}",
            c => c.encode_utf8(&mut bytes),
        };
        out.extend_from_slice(part.as_bytes());
    }
}
