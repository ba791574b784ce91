//! What may have been meant by a code that cannot be used, and the reason in words.

use unicode_normalization::UnicodeNormalization;

use super::examine::Edition;
use super::list::Place;
use super::shape::{Key, LONGEST};
use super::source::RowState;
use crate::codes::claim;
use crate::codes::text::CodeText;
use crate::codes::verdict::{Judgement, Reason};

/// The most suggestions. The largest set of 7th characters has sixteen, and is always shown whole.
const LIMIT: usize = 16;
/// A text longer than this is no code that someone mistyped.
const ATTEMPT_BYTES: usize = 64;

/// Characters that are taken for one another, by eye or by a scanner.
const LOOK_ALIKES: &[(u8, u8)] =
    &[(b'O', b'0'), (b'I', b'1'), (b'L', b'1'), (b'S', b'5'), (b'Z', b'2'), (b'B', b'8'), (b'G', b'6')];

/// The letters and digits of a malformed text, kept for [`suggestions`].
pub(super) fn attempt(text: &str) -> CodeText {
    let text = text.trim();
    if text.len() > ATTEMPT_BYTES {
        return CodeText::EMPTY;
    }
    if text.is_ascii() {
        let letters = text.bytes().filter(|byte| !matches!(byte, b'.' | b' ' | b'-' | b','));
        return CodeText::collect(letters.map(|byte| char::from(byte.to_ascii_uppercase())))
            .unwrap_or(CodeText::EMPTY);
    }
    let letters = text.nfkc().filter(|c| !matches!(c, '.' | ' ' | '-' | ',')).map(|c| c.to_ascii_uppercase());
    CodeText::collect(letters).unwrap_or(CodeText::EMPTY)
}

/// Codes that may have been meant, the likeliest first.
pub(super) fn suggestions(edition: Edition<'_>, finding: Reason, judgement: &Judgement) -> Vec<String> {
    let place = Place { row: judgement.row, seventh: judgement.seventh };
    let known = judgement.row != Judgement::NO_ROW;
    let places = match finding {
        Reason::NotBillable if known => edition.billable_below(place.row, LIMIT),
        Reason::MissingSeventh if known => edition.completions(place.row).collect(),
        Reason::PlaceholderRequired if known => usable(edition, place),
        Reason::Malformed if known => vec![place],
        Reason::NotFound if known => edition.completions(place.row).collect(),
        Reason::Malformed => mended(edition, judgement),
        Reason::NotFound | Reason::Retired | Reason::NotYetEffective => nearby(edition, judgement),
        _ => Vec::new(),
    };
    places.into_iter().take(LIMIT).map(|place| edition.code(place)).collect()
}

/// The codes of a place that may be reported: itself, its completions, or what is below it.
fn usable(edition: Edition<'_>, place: Place) -> Vec<Place> {
    match edition.list.state_of(place, edition.release) {
        RowState::Billable => vec![place],
        RowState::NeedsSeventh(_) => edition.completions(place.row).collect(),
        RowState::Header => edition.billable_below(place.row, LIMIT),
        RowState::Absent => Vec::new(),
    }
}

fn key_of(judgement: &Judgement) -> Option<Key> {
    let bytes = judgement.code.as_str().bytes().filter(|byte| *byte != b'.');
    let plain: Vec<u8> = bytes.collect();
    Key::of(std::str::from_utf8(&plain).ok()?)
}

/// A malformed text with every look-alike put right: a letter in the first place, digits for O and I after it.
fn mended(edition: Edition<'_>, judgement: &Judgement) -> Vec<Place> {
    let text = judgement.code.as_str();
    if !(3..=LONGEST).contains(&text.len()) {
        return Vec::new();
    }
    let mend = |(at, byte): (usize, u8)| match (at, byte) {
        (0, b'0') => b'O',
        (0, b'1') => b'I',
        (0, b'5') => b'S',
        (0, b'2') => b'Z',
        (0, b'8') => b'B',
        (0, other) => other,
        (_, b'O') => b'0',
        (_, b'I') => b'1',
        (_, other) => other,
    };
    let bytes: Vec<u8> = text.bytes().enumerate().map(mend).collect();
    let Some(key) = std::str::from_utf8(&bytes).ok().and_then(Key::of) else { return Vec::new() };
    let found = edition.examine(key);
    found.place.map(|place| usable(edition, place)).unwrap_or_default()
}

/// Codes one slip away, and what the nearest row above has to offer.
fn nearby(edition: Edition<'_>, judgement: &Judgement) -> Vec<Place> {
    let Some(key) = key_of(judgement) else { return Vec::new() };
    let mut out: Vec<Place> = slips(key)
        .into_iter()
        .map(|slip| edition.examine(slip))
        .filter(|found| found.reason.is_none())
        .filter_map(|found| found.place)
        .collect();
    if let Some(row) = edition.list.ancestor(key, edition.release) {
        out.extend(usable(edition, Place { row, seventh: 0 }));
    }
    let mut seen = Vec::new();
    out.retain(|place| {
        let fresh = !seen.contains(place);
        seen.push(*place);
        fresh
    });
    out
}

/// The code with one look-alike put for another, or with two neighbours exchanged.
fn slips(key: Key) -> Vec<Key> {
    let mut bytes: Vec<u8> = (0..key.len()).map(|place| key.at(place)).collect();
    let mut out = Vec::new();
    for at in 0..bytes.len() {
        let Some(original) = bytes.get(at).copied() else { continue };
        for (letter, digit) in LOOK_ALIKES {
            let other = match original {
                byte if byte == *letter => *digit,
                byte if byte == *digit => *letter,
                _ => continue,
            };
            if let Some(byte) = bytes.get_mut(at) {
                *byte = other;
            }
            out.push(Key::from_bytes(&bytes));
            if let Some(byte) = bytes.get_mut(at) {
                *byte = original;
            }
        }
    }
    for at in 1..bytes.len() {
        bytes.swap(at - 1, at);
        out.push(Key::from_bytes(&bytes));
        bytes.swap(at - 1, at);
    }
    out
}

/// The reason in words.
pub(super) fn detail(edition: Edition<'_>, finding: Reason, judgement: &Judgement) -> Option<String> {
    let place = Place { row: judgement.row, seventh: judgement.seventh };
    let known = judgement.row != Judgement::NO_ROW;
    let release = edition.list.releases().get(usize::from(edition.release))?;
    let first_with = |place: Place| {
        let has = |(number, _): &(usize, _)| {
            edition.list.state_of(place, u8::try_from(*number).unwrap_or(u8::MAX)) != RowState::Absent
        };
        let mut with = edition.list.releases().iter().enumerate().filter(has).map(|(_, release)| release);
        (with.clone().next(), with.next_back())
    };
    let text = match finding {
        Reason::Malformed if known => "the dot stands after the third character".to_owned(),
        Reason::Malformed => {
            "a code is three to seven letters and digits, the first a letter, with a dot after the \
                              third; the letter O stands only first, the letter I only first or fourth \
                              (guidelines I.A.2)"
                .to_owned()
        }
        Reason::NotBillable => format!(
            "a heading with {} codes below it; only a code of the last level may be reported (guidelines I.A.3, I.B.2)",
            edition.count_billable_below(place.row)
        ),
        Reason::MissingSeventh => {
            format!("the code needs a 7th character: {} (guidelines I.A.5)", characters(edition, place.row))
        }
        Reason::PlaceholderRequired => {
            "the placeholder X is missing; without it the code is not valid (guidelines I.A.4, I.A.5)"
                .to_owned()
        }
        Reason::NotFound if known => {
            format!("the 7th character is none of {} (guidelines I.A.5)", characters(edition, place.row))
        }
        Reason::NotFound => {
            let above = key_of(judgement).and_then(|key| edition.list.ancestor(key, edition.release));
            match above {
                Some(row) => format!(
                    "{} has no such code; the nearest above it is {}",
                    release.name,
                    edition.code(Place { row, seventh: 0 })
                ),
                None => format!("{} has no such category", release.name),
            }
        }
        Reason::Retired => {
            let last = first_with(place).1?;
            format!("not in {}; last in {}, until {}", release.name, last.name, last.to)
        }
        Reason::NotYetEffective => {
            let first = first_with(place).0?;
            format!("not in {}; first in {}, from {}", release.name, first.name, first.from)
        }
        other => return claim::edit_in_words(other).map(str::to_owned),
    };
    Some(text)
}

fn characters(edition: Edition<'_>, row: u32) -> String {
    let set = edition.list.sevenths(row, edition.release);
    let named: Vec<String> =
        set.iter().map(|(byte, title)| format!("{} {title}", char::from(*byte))).collect();
    named.join("; ")
}
