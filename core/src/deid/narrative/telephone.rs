//! Telephones and social security numbers: digits in groups.

use super::cue::Cue;
use super::found::Found;
use super::lead::Lead;
use super::token::{Block, Gap, Kind};
use crate::formats::label::Label;

/// Digits and their groups from a byte on, with the marks of telephone numbers between.
struct Groups {
    lengths: Vec<usize>,
    digits: usize,
    /// Bytes at which the groups begin and end.
    bounds: Vec<(usize, usize)>,
    marks: Vec<u8>,
}

impl Groups {
    fn read(bytes: &[u8], start: usize) -> Self {
        let mut groups = Self { lengths: Vec::new(), digits: 0, bounds: Vec::new(), marks: Vec::new() };
        let mut at = start;
        while groups.digits < 18 && groups.lengths.len() < 7 {
            let length =
                bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
            if length == 0 || length > 18 {
                break;
            }
            // A letter right behind the digits makes them part of something else.
            if bytes
                .get(at + length)
                .is_some_and(|byte| byte.is_ascii_alphabetic() && !matches!(byte, b'x' | b'X' | b'e' | b'E'))
            {
                break;
            }
            groups.lengths.push(length);
            groups.digits += length;
            groups.bounds.push((at, at + length));
            at += length;
            // Hyphens and dashes beyond ASCII count as hyphens.
            if let Some([0xE2, 0x80, 0x90..=0x93]) = bytes.get(at..at + 3) {
                groups.marks.push(b'-');
                at += 3;
                continue;
            }
            let marks = bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| matches!(byte, b'-' | b'.' | b' ' | b'(' | b')' | b'/'))
                .count();
            if marks == 0 || marks > 3 {
                break;
            }
            groups.marks.push(bytes.get(at + marks - 1).copied().unwrap_or(b' '));
            at += marks;
        }
        groups
    }

    /// Where the first `count` groups end.
    fn end(&self, count: usize) -> usize {
        self.bounds.get(count.saturating_sub(1)).map_or(0, |(_, end)| *end)
    }

    fn begins(&self, lengths: &[usize]) -> bool {
        self.lengths.starts_with(lengths)
    }

    fn mark(&self, at: usize) -> u8 {
        self.marks.get(at).copied().unwrap_or(0)
    }
}

/// The last token that ends by a byte.
fn last_before(block: &Block<'_>, from: usize, end: usize) -> usize {
    let mut last = from;
    while block.token(last + 1).is_some_and(|token| (token.end as usize) <= end) {
        last += 1;
    }
    last
}

/// Social security numbers and telephones.
pub(super) fn grouped(block: &Block<'_>, at: usize, lead: Lead) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let (bytes, start) = (block.text.as_bytes(), token.start as usize);
    let groups = Groups::read(bytes, start);
    let cued = match lead {
        Lead::Label(label @ (Label::Phone | Label::Fax | Label::SocialSecurity), _)
        | Lead::Maybe(label @ (Label::Phone | Label::Fax | Label::SocialSecurity), _) => Some(label),
        _ => None,
    };
    let glued = block.gap_text(at);
    let decimal = glued == "." || glued == "$" || glued.ends_with('$');
    let found = |count: usize, label: Label, score: f32, why: &'static str| {
        let end = groups.end(count);
        // An opening parenthesis and a plus belong to the number.
        let mut from = start;
        for lead in ["(", "+", "+1 (", "+1(", "1 (", "1-("] {
            if glued.ends_with(lead) && lead.len() == 1 {
                from = start - lead.len();
            }
        }
        let last = last_before(block, at, end);
        let (end, last) = extension(block, last, end);
        Some((Found::new(from, end, label, score, why), last))
    };
    let dashed = groups.mark(0) == b'-' && groups.mark(1) == b'-';
    if groups.begins(&[3, 2, 4]) && (dashed || cued == Some(Label::SocialSecurity)) {
        return found(3, Label::SocialSecurity, 0.97, "social_security_form");
    }
    if cued == Some(Label::SocialSecurity) && matches!(groups.lengths.first(), Some(4 | 9)) {
        return found(1, Label::SocialSecurity, 0.95, "social_security_cue");
    }
    let phone = if cued == Some(Label::Fax) { Label::Fax } else { Label::Phone };
    if decimal {
        return None;
    }
    let plus = glued.ends_with('+') || glued.ends_with("+(");
    if plus && groups.digits >= 8 {
        let mut count = 0;
        let mut digits = 0;
        for length in &groups.lengths {
            if digits + length > 15 {
                break;
            }
            digits += length;
            count += 1;
        }
        return found(count, phone, 0.95, "telephone_form");
    }
    if groups.begins(&[1, 3, 3, 4]) && bytes.get(start) == Some(&b'1') {
        return found(4, phone, 0.97, "telephone_form");
    }
    if groups.begins(&[3, 3, 4]) {
        let spaced = groups.mark(0) == b' ' && groups.mark(1) == b' ' && !glued.ends_with('(');
        let closed = bytes.get(start + 3) == Some(&b')');
        let area = bytes.get(start).is_some_and(|byte| (b'2'..=b'9').contains(byte));
        if !spaced || closed || cued.is_some() || area {
            return found(3, phone, 0.96, "telephone_form");
        }
    }
    // `01 23 45 67 89`.
    if groups.lengths == [2, 2, 2, 2, 2]
        && bytes.get(start) == Some(&b'0')
        && groups.marks.iter().all(|mark| *mark == b' ' || *mark == b'.')
    {
        return found(5, phone, 0.8, "telephone_form");
    }
    let toll_free = groups.begins(&[3, 7]) && (glued.ends_with('(') || cued.is_some());
    if toll_free {
        return found(2, phone, 0.9, "telephone_form");
    }
    let alone = groups.lengths.len() == 2 || groups.mark(1) != b'-';
    if groups.begins(&[3, 4]) && groups.lengths.len() == 2 && groups.mark(0) == b' ' && cued.is_some() {
        return found(2, phone, 0.85, "phone_cue");
    }
    if groups.begins(&[3, 4]) && matches!(groups.mark(0), b'-' | b'.') && alone {
        let measured = block
            .token(at + 2)
            .is_some_and(|next| next.is(Cue::Measure) && block.gap_after(at + 1).has(Gap::SPACE));
        let area = bytes.get(start).is_some_and(|byte| (b'2'..=b'9').contains(byte));
        if cued.is_some() || (area && !measured && groups.mark(0) == b'-' && !block.gap_is(at, "-")) {
            return found(2, phone, if cued.is_some() { 0.96 } else { 0.75 }, "telephone_form");
        }
    }
    if cued.is_some_and(|label| label != Label::SocialSecurity) {
        for lengths in [
            &[10_usize][..],
            &[11],
            &[7],
            &[5, 6],
            &[4, 3, 4],
            &[3, 4, 4],
            &[2, 4, 4],
            &[4, 4],
            &[4, 6],
            &[2, 4],
            &[1, 4],
            &[3, 4, 3],
            &[4, 3, 3],
            &[2, 2, 2, 2, 2],
        ] {
            if groups.begins(lengths) {
                return found(lengths.len(), phone, 0.93, "phone_cue");
            }
        }
        if groups.lengths.first().is_some_and(|length| (3..=6).contains(length)) {
            let text = block.str(token);
            let year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
            let measured = block.token(at + 1).is_some_and(|next| next.is(Cue::Measure));
            let extension = at.checked_sub(1).is_some_and(|before| {
                ["ext", "x", "extension", "pager", "pgr", "beeper", "cell", "phone", "ph", "tel", "fax"]
                    .iter()
                    .any(|word| block.is_word(before, word))
            }) || glued.contains('#');
            if extension && !year && !measured && !glued.contains('.') {
                return found(1, phone, 0.85, "phone_cue");
            }
        }
    }
    // Ten digits in one that begin as telephone numbers do.
    None
}

/// `x123`, `ext. 123` after a telephone number.
fn extension(block: &Block<'_>, last: usize, end: usize) -> (usize, usize) {
    let Some(next) = block.token(last + 1) else { return (end, last) };
    let text = block.str(next);
    let close = next.gap.only(Gap::SPACE | Gap::COMMA | Gap::OPEN);
    if !close {
        return (end, last);
    }
    let digits = text.get(1..).unwrap_or_default();
    if text.starts_with(['x', 'X'])
        && (1..=6).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
    {
        return (next.end as usize, last + 1);
    }
    let word = ["x", "ext", "extension"].iter().any(|word| text.eq_ignore_ascii_case(word));
    match block.token(last + 2) {
        Some(number) if word && number.kind == Kind::Number && number.len() <= 6 => {
            (number.end as usize, last + 2)
        }
        _ => (end, last),
    }
}
