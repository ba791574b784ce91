//! Addresses of the Internet: mail, web, hosts, handles.

use super::cue::Cue;
use super::found::Found;
use super::token::{Block, Gap, Kind};
use crate::formats::label::Label;

fn mail_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-'".contains(&byte) || byte >= 128
}

fn host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-".contains(&byte) || byte >= 128
}

fn link_byte(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"<>\"'`{}|\\^()[]".contains(&byte)
}

/// Everything with an `@` or a `://` in it.
pub(super) fn at_marks(block: &Block<'_>, found: &mut Vec<Found>) {
    let bytes = block.text.as_bytes();
    for at in &block.ats {
        let at = *at as usize;
        let before =
            bytes.get(..at).unwrap_or_default().iter().rev().take(80).take_while(|b| mail_byte(**b)).count();
        let mut after =
            bytes.get(at + 1..).unwrap_or_default().iter().take(255).take_while(|b| host_byte(**b)).count();
        while after > 0 && bytes.get(at + after).is_some_and(|byte| b".-".contains(byte)) {
            after -= 1;
        }
        let host = block.text.get(at + 1..at + 1 + after).unwrap_or_default();
        if before > 0 && host.contains('.') {
            let start = boundary(block.text, at - before);
            found.push(Found::new(start, at + 1 + after, Label::Email, 0.99, "mail_form"));
        } else if before == 0 && after >= 4 && (handle(host) || led_handle(block, at)) {
            found.push(Found::new(at, at + 1 + after, Label::Identifier, 0.8, "handle"));
        }
    }
    for at in &block.links {
        let at = *at as usize;
        let before = bytes
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(12)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let mut end = at
            + bytes.get(at..).unwrap_or_default().iter().take(2_048).take_while(|b| link_byte(**b)).count();
        while end > at && bytes.get(end - 1).is_some_and(|byte| b".,;:!?".contains(byte)) {
            end -= 1;
        }
        let end = boundary(block.text, end);
        if end > at + 3 {
            found.push(Found::new(at - before, end, Label::Url, 0.99, "link_form"));
        }
    }
}

/// The last character boundary up to a byte.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// `@j_smith77`: a name on a network has a digit or an underscore, or is long.
fn handle(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.len() >= 5
}

/// `IG handle @zigzag.owl`: what follows a word for a name on a network.
fn led_handle(block: &Block<'_>, at: usize) -> bool {
    let before = block.tokens.partition_point(|token| (token.end as usize) <= at);
    (1..=3).any(|by| {
        before.checked_sub(by).and_then(|at| block.token(at)).is_some_and(|token| token.is(Cue::Login))
    })
}

/// `username: jsmith`, `portal login kasante15`: what follows is how somebody signs in. An ordinary word is none.
pub(super) fn user_name(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let mut here = at + 1;
    while block.token(here).is_some_and(|token| token.is(Cue::Filler) && token.info.english() > 9)
        && here < at + 3
    {
        here += 1;
    }
    let token = block.token(here)?;
    let sign = (at + 1..=here).any(|at| block.token(at).is_some_and(|token| token.gap.has(Gap::COLON)));
    let close = token.gap.only(Gap::SPACE | Gap::COLON | Gap::QUOTE | Gap::AT);
    let made = match token.kind {
        Kind::Mixed => token.len() >= 4,
        Kind::Word => token.info.english() == 0 && token.len() >= 4 && (sign || here > at + 1),
        Kind::Number => false,
    };
    // Parts that dots and underscores join.
    let mut last = here;
    while matches!(block.gap_text(last + 1), "." | "_" | "-") && last < here + 4 {
        last += 1;
    }
    let end = block.token(last)?.end as usize;
    (close && (made || last > here && sign))
        .then(|| (Found::new(token.start as usize, end, Label::Identifier, 0.8, "user_name"), last))
}

/// A host without a scheme that ends at this word: `portal.example.org/visit`.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<Found> {
    let token = block.token(at)?;
    if !token.is(Cue::TopLevel) || !block.gap_is(at, ".") {
        return None;
    }
    let bytes = block.text.as_bytes();
    let end = token.end as usize;
    let before =
        bytes.get(..end).unwrap_or_default().iter().rev().take(200).take_while(|b| host_byte(**b)).count();
    let start = boundary(block.text, end - before);
    let host = block.text.get(start..end)?;
    let first = host.split('.').next().unwrap_or_default();
    if first.len() < 2
        || host.contains("..")
        || host.bytes().any(|byte| byte.is_ascii_uppercase())
            && !host.starts_with(['w', 'W'])
            && host.matches('.').count() == 1
            && block.str(token) != "com"
    {
        return None;
    }
    let mut stop = end;
    if bytes.get(end) == Some(&b'/') {
        stop = end
            + bytes.get(end..).unwrap_or_default().iter().take(2_048).take_while(|b| link_byte(**b)).count();
        while stop > end && bytes.get(stop - 1).is_some_and(|byte| b".,;:!?".contains(byte)) {
            stop -= 1;
        }
        stop = boundary(block.text, stop);
    }
    Some(Found::new(start, stop, Label::Url, 0.93, "host_form"))
}

/// Four numbers below 256 with dots between, or groups of hexadecimal digits with colons between.
pub(super) fn at_number(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let start = block.token(at)?;
    if block.gap_is(at, ".") {
        return None;
    }
    let octet = |at: usize| {
        block.token(at).is_some_and(|token| {
            token.kind == Kind::Number
                && token.len() <= 3
                && block.str(token).parse::<u16>().is_ok_and(|value| value < 256)
        })
    };
    if octet(at)
        && (1..4).all(|by| octet(at + by) && block.gap_is(at + by, "."))
        && !block.gap_is(at + 4, ".")
    {
        let version =
            block.near(at, -1).is_some_and(|token| block.str(token).eq_ignore_ascii_case("version"));
        let end = block.token(at + 3)?.end as usize;
        return (!version).then(|| {
            (Found::new(start.start as usize, end, Label::IpAddress, 0.93, "address_form"), at + 3)
        });
    }
    // IPv6 and hardware addresses: at least five groups of up to four hexadecimal digits.
    let hex = |at: usize| {
        block.token(at).is_some_and(|token| {
            token.len() <= 4 && block.str(token).bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    if !hex(at) {
        return None;
    }
    let mut last = at;
    while hex(last + 1) && matches!(block.gap_text(last + 1), ":" | "::") {
        last += 1;
    }
    if last - at >= 4 {
        let end = block.token(last)?.end as usize;
        let hardware = (at..=last).all(|at| block.token(at).is_some_and(|token| token.len() == 2));
        let label = if hardware { Label::Device } else { Label::IpAddress };
        return Some((Found::new(start.start as usize, end, label, 0.9, "address_form"), last));
    }
    None
}
