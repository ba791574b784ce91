//! The recognisers that are driven by digits and cues, in the order in which they may take a token.

use super::cue::{Cue, Cues};
use super::found::Found;
use super::token::{Block, Kind, Shape};
use super::{address, calendar, contact, dates, numbers, spoken};
use crate::formats::label::Label;

/// Words at which a recogniser may begin.
const WORDS: Cues = Cues::of(&[
    Cue::Month,
    Cue::Weekday,
    Cue::Holiday,
    Cue::HolidayTail,
    Cue::Season,
    Cue::Elder,
    Cue::TopLevel,
    Cue::Street,
    Cue::StreetLead,
    Cue::Login,
    Cue::Spoken,
]);

/// Everything that digits and cues show, and the tokens marked that it takes.
pub(super) fn find(block: &mut Block<'_>, found: &mut Vec<Found>) {
    let first = found.len();
    contact::at_marks(block, found);
    take(block, found.get(first..).unwrap_or_default());
    let mut at = 0;
    while let Some(token) = block.token(at) {
        if token.taken {
            at += 1;
            continue;
        }
        let hit = match token.kind {
            Kind::Number | Kind::Mixed => dates::at_number(block, at)
                .or_else(|| contact::at_number(block, at))
                .or_else(|| address::at_number(block, at))
                .or_else(|| numbers::at_number(block, at)),
            Kind::Word if token.is(Cue::Login) => contact::user_name(block, at),
            Kind::Word if token.is_any(WORDS) => spoken::at_word(block, at)
                .or_else(|| calendar::at_word(block, at))
                .or_else(|| contact::at_word(block, at).map(|found| (found, at)))
                .or_else(|| address::at_word(block, at)),
            Kind::Word if token.len() <= 4 => word(block, at),
            Kind::Word => None,
        };
        match hit {
            Some((hit, last)) => {
                take(block, &[hit]);
                remember_month(block, at, &hit);
                found.push(hit);
                at = at.max(last) + 1;
            }
            None => at += 1,
        }
    }
    join_dates(block, found);
}

/// Keeps the month of a date that is sure, for those whose own form does not decide.
fn remember_month(block: &mut Block<'_>, at: usize, hit: &Found) {
    let sure = hit.why == "full_date" || hit.why == "month_and_day" && hit.score > 0.9;
    if sure
        && let Some((month, _)) =
            dates::number(block, at).filter(|(month, length)| dates::is_month(*month, *length))
    {
        block.months |= 1 << month;
    }
}

/// Short words that begin a box number, a plate or a masked number.
fn word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.len() == 1 {
        return spoken::spelled(block, at)
            .or_else(|| address::at_word(block, at))
            .or_else(|| numbers::at_word(block, at));
    }
    if token.shape == Shape::Upper
        || token.shape == Shape::Initial
        || block.is_word(at, "po")
        || block.is_word(at, "xxx")
        || block.is_word(at, "post")
    {
        return address::at_word(block, at).or_else(|| numbers::at_word(block, at));
    }
    None
}

/// Marks the tokens of the findings.
fn take(block: &mut Block<'_>, found: &[Found]) {
    for hit in found {
        let from = block.tokens.partition_point(|token| (token.end as usize) <= hit.start);
        for token in block.tokens.iter_mut().skip(from) {
            if token.start as usize >= hit.end {
                break;
            }
            token.taken = true;
        }
    }
}

/// `Monday, March 14`: a weekday and a date beside it are one; so are the two ends of a range.
fn join_dates(block: &Block<'_>, found: &mut Vec<Found>) {
    found.sort_unstable_by_key(|hit| (hit.start, hit.end));
    let mut joined: Vec<Found> = Vec::with_capacity(found.len());
    for hit in found.drain(..) {
        if let Some(last) = joined.last_mut()
            && last.label == hit.label
            && hit.label == Label::Date
            && last.end <= hit.start
        {
            let between = block.text.get(last.end..hit.start).unwrap_or_default();
            if matches!(between, " " | ", " | "-" | " - " | "\u{2013}" | " \u{2013} " | ". ") {
                last.end = hit.end;
                last.score = last.score.max(hit.score);
                continue;
            }
        }
        joined.push(hit);
    }
    *found = joined;
}
