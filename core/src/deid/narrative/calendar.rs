//! Dates in words: months, weekdays, feasts, seasons, days of the month as dictations have them.

use super::ages;
use super::cue::Cue;
use super::dates::{self, day, number, over, year_after, year_at, year_token};
use super::found::Found;
use super::token::{Block, Casing, Gap, Kind, Shape};
use crate::deid::dates::MONTHS;

/// Whether a day of the month in words ends at the token, and where it begins: `third`, `twenty-second`.
fn spoken_day(block: &Block<'_>, at: usize) -> Option<usize> {
    if !block.token(at)?.is(Cue::Ordinal) {
        return None;
    }
    let tens = at.checked_sub(1).filter(|at| block.is_word(*at, "twenty") || block.is_word(*at, "thirty"));
    Some(tens.unwrap_or(at))
}

/// `the twenty-second of August`, `May third`.
fn spoken(block: &Block<'_>, month: usize) -> Option<(Found, usize)> {
    let year = |last: usize| {
        if year_after(block, last) {
            year_token(block, last)
        } else {
            spoken_year(block, last).unwrap_or(last)
        }
    };
    let before = month.checked_sub(2).filter(|_| block.is_word(month - 1, "of"));
    if let Some(first) = before.and_then(|at| spoken_day(block, at)) {
        return over(block, first, year(month), 0.95, "day_and_month");
    }
    let from = if block.is_word(month + 1, "the") { month + 2 } else { month + 1 };
    let last = (from..=from + 1).find(|at| spoken_day(block, *at).is_some())?;
    let first = spoken_day(block, last)?;
    if first != from || !block.gap_after(month).only(Gap::SPACE) {
        return None;
    }
    over(block, month, year(last), 0.9, "month_and_day")
}

/// The last token of a year in words after a day: `, nineteen thirty-nine`, `twenty twenty-three`, `two thousand one`.
fn spoken_year(block: &Block<'_>, day: usize) -> Option<usize> {
    let first = day + 1;
    let starts = ["nineteen", "twenty", "two", "eighteen"].iter().any(|word| block.is_word(first, word));
    if !starts || !block.token(first)?.gap.only(Gap::SPACE | Gap::COMMA) {
        return None;
    }
    let mut last = first;
    while last - first < 4
        && block.token(last + 1).is_some_and(|next| {
            (next.is(Cue::Spoken) || block.is_word(last + 1, "and") && next.gap.only(Gap::SPACE))
                && next.gap.only(Gap::SPACE | Gap::HYPHEN)
        })
    {
        last += 1;
    }
    (last > first).then_some(last)
}

/// `until the 9th`: a day of a month that goes without saying.
pub(super) fn day_alone(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.kind != Kind::Mixed || !day(block, at) || !block.is_word(at.checked_sub(1)?, "the") {
        return None;
    }
    let led = ["on", "until", "till", "by", "since", "before", "after", "from"]
        .iter()
        .any(|word| at > 1 && block.is_word(at - 2, word));
    let after = block.gap_after(at);
    let ends = after.has(Gap::PERIOD | Gap::COMMA | Gap::NEWLINE | Gap::CLOSE | Gap::OTHER)
        || ["at", "and", "with", "for", "to", "but", "in", "then", "because", "so", "visiting", "if", "when"]
            .iter()
            .any(|word| block.is_word(at + 1, word));
    // `court the 22nd.`
    let late = dates::leading(block, at).is_some_and(|(value, _)| value > 12)
        && after.has(Gap::PERIOD | Gap::COMMA | Gap::NEWLINE)
        && !block.is_word(at.saturating_sub(2), "in");
    (led && ends || late).then(|| over(block, at, at, 0.7, "day")).flatten()
}
/// What begins at a word: months, weekdays, feasts, seasons, ages in words.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.is(Cue::Month) {
        return spoken(block, at)
            .or_else(|| month(block, at))
            .map(|found| from_part(block, at, found))
            .or_else(|| weekday(block, at));
    }
    if token.is(Cue::Weekday) {
        return weekday(block, at);
    }
    if token.is(Cue::Holiday) {
        return holiday(block, at);
    }
    if token.is(Cue::HolidayTail) {
        return holiday_of_two(block, at);
    }
    if token.is(Cue::Season)
        && (year_at(block, at + 1) || (block.is_word(at + 1, "of") && year_at(block, at + 2)))
    {
        let last = year_token(block, at);
        return block
            .gap_after(at)
            .only(Gap::SPACE | Gap::COMMA)
            .then(|| over(block, at, last, 0.8, "season"))
            .flatten();
    }
    if token.is(Cue::Elder) {
        return ages::in_words(block, at);
    }
    None
}

/// `late December 2022`, `mid-to-late June`, `Feb/March 2023`, `May or June`: what belongs to a month before it.
fn from_part(block: &Block<'_>, at: usize, (mut hit, last): (Found, usize)) -> (Found, usize) {
    const PARTS: &[&str] = &["early", "late", "mid", "end"];
    let part = |at: usize| PARTS.iter().any(|word| block.is_word(at, word));
    let mut first = at;
    while let Some(before) = first.checked_sub(1).filter(|before| {
        at - before <= 5
            && block.token(first).is_some_and(|token| token.gap.only(Gap::SPACE | Gap::HYPHEN | Gap::SLASH))
            && block.token(*before).is_some_and(|token| !token.taken)
    }) {
        if part(before) {
            first = before;
            continue;
        }
        let two_back = before.checked_sub(1);
        let links = ["or", "and", "to"].iter().any(|word| block.is_word(before, word));
        let month = |at: usize| {
            block
                .token(at)
                .is_some_and(|token| token.is(Cue::Month) && token.shape == Shape::Title && !token.taken)
        };
        if links && two_back.is_some_and(|back| part(back) || month(back)) {
            first = before - 1;
        } else if month(before) && matches!(block.gap_text(first), "/" | "-") {
            first = before;
        } else {
            break;
        }
    }
    if let Some(token) = block.token(first).filter(|token| (token.start as usize) < hit.start) {
        hit.start = token.start as usize;
    }
    (hit, last)
}

/// A month with a day or a year, or alone after a word that leads to a date.
fn month(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let close = block.gap_after(at).only(Gap::SPACE | Gap::PERIOD | Gap::HYPHEN | Gap::COMMA | Gap::SLASH);
    let short_gap = block.gap_text(at + 1).len() <= 3;
    if close && short_gap && day(block, at + 1) {
        let unit = block.token(at + 2).is_some_and(|next| next.is(Cue::Measure)) && !token.is_capital();
        if unit {
            return None;
        }
        let mut last = at + 1;
        // A range: `March 14-16`, `March 14 to 16`, `March 14 and 15`.
        let joined =
            matches!(block.gap_text(last + 1), "-" | " - " | "\u{2013}" | " \u{2013} " | "/" | " & ");
        if joined && day(block, last + 1) && !block.gap_is(last + 2, "/") {
            last += 1;
        } else if ["to", "and", "through", "thru", "or"].iter().any(|word| block.is_word(last + 1, word))
            && day(block, last + 2)
            && !block.gap_is(last + 3, "/")
            && !block.token(last + 3).is_some_and(|next| next.is(Cue::Measure))
        {
            last += 2;
        }
        if year_after(block, last) {
            last = year_token(block, last);
        } else if let Some(end) = days_behind(block, last) {
            last = end;
        }
        return over(block, at, last, 0.98, "month_and_day");
    }
    if year_after(block, at) && !(token.len() == 3 && token.shape == Shape::Lower && block.is_word(at, "may"))
    {
        return over(block, at, year_token(block, at), 0.97, "month_and_year");
    }
    let ordinal =
        block.is_word(at + 1, "the") && day(block, at + 2) && block.token(at + 2)?.kind == Kind::Mixed;
    if ordinal {
        let last = if year_after(block, at + 2) { year_token(block, at + 2) } else { at + 2 };
        return over(block, at, last, 0.95, "month_and_day");
    }
    month_alone(block, at)
}

/// `Jan 3, 5, and 9`: the last of the days of a list that ends with `and`.
fn days_behind(block: &Block<'_>, first: usize) -> Option<usize> {
    let mut last = first;
    loop {
        let and = usize::from(block.is_word(last + 1, "and"));
        let next = last + 1 + and;
        let gap = block.gap_text(last + 1);
        let apart = gap == ", " || and == 1 && gap == " ";
        if !apart
            || !block.gap_after(next - 1).only(Gap::SPACE | Gap::COMMA)
            || !day(block, next)
            || last > first + 12
        {
            return None;
        }
        last = next;
        let ends = !block.gap_is(last + 1, "/")
            && !block.token(last + 1).is_some_and(|token| token.is(Cue::Measure));
        if and == 1 {
            return ends.then_some(last);
        }
    }
}

fn month_alone(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    const NAMES: &[&str] = &["april", "may", "june", "august", "jan", "march", "mar", "sept", "dec", "jun"];
    let token = block.token(at)?;
    let text = block.str(token);
    let before = at.checked_sub(1).and_then(|at| block.token(at));
    let prepositions = [
        "in", "since", "last", "this", "next", "early", "late", "mid", "until", "till", "through", "during",
        "by", "of", "from", "en", "de", "to", "thru", "before", "after", "around", "every", "each", "on",
    ];
    let led = before.is_some_and(|before| {
        let before = block.str(before);
        prepositions.iter().any(|word| before.eq_ignore_ascii_case(word))
            || ["due", "lmp", "exp", "expires", "renew", "renews", "edd", "appt", "fu"]
                .iter()
                .any(|word| before.eq_ignore_ascii_case(word))
    }) && token.gap.only(Gap::SPACE | Gap::HYPHEN | Gap::COLON);
    // The shortest whole names are ambiguous ones; abbreviations are shorter in every language here.
    let full = text.len() > 4 || MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month));
    let ambiguous = NAMES.iter().any(|name| text.eq_ignore_ascii_case(name));
    let verb = (text.eq_ignore_ascii_case("march") || text.eq_ignore_ascii_case("may") || text.len() < 4)
        && token.shape == Shape::Lower
        && !(block.casing == Casing::Lower && led && !text.eq_ignore_ascii_case("may") && text.len() > 3)
        && !before.is_some_and(|before| {
            let before = block.str(before);
            ["in", "since", "last", "early", "late", "mid", "lmp", "due", "exp", "edd"]
                .iter()
                .any(|word| before.eq_ignore_ascii_case(word))
        });
    if verb || !(full || led && token.is_capital()) || ambiguous && !led {
        return None;
    }
    let part = at.checked_sub(1).filter(|before| {
        block.gap_is(at, "-")
            && ["mid", "early", "late", "end"].iter().any(|word| block.is_word(*before, word))
    });
    over(block, part.unwrap_or(at), at, if led { 0.9 } else { 0.75 }, "month")
}

fn weekday(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let before = at.checked_sub(1).and_then(|at| block.token(at));
    if before.is_some_and(|before| before.is(Cue::Recurring)) {
        return None;
    }
    // `Tues` and longer mean nothing else; `Sat` and `Sun` do.
    let whole = token.len() >= 4;
    if token.is(Cue::Weekday) && whole {
        // `Friday the 13th`.
        let day_follows = block.is_word(at + 1, "the")
            && day(block, at + 2)
            && block.token(at + 2).is_some_and(|token| token.kind == Kind::Mixed);
        // `Ash Wednesday`, `Good Friday`: a feast.
        // `Saturday, the 4th of May, 2024`.
        if day_follows
            && block.is_word(at + 3, "of")
            && block.token(at + 4).is_some_and(|token| token.is(Cue::Month))
        {
            let last = if year_after(block, at + 4) { year_token(block, at + 4) } else { at + 4 };
            return over(block, at, last, 0.95, "day_and_month");
        }
        let feast = at.checked_sub(1).filter(|_| {
            before.is_some_and(|before| before.is(Cue::HolidayHead) && before.is_capital())
                && token.gap.only(Gap::SPACE)
        });
        return over(block, feast.unwrap_or(at), if day_follows { at + 2 } else { at }, 0.85, "weekday");
    }
    if token.shape == Shape::Lower && token.is(Cue::Weekday) {
        // `seen last wed`, `due fri`: small letters where a day is sure to follow.
        let sure = before.is_some_and(|before| before.is(Cue::DatePrep))
            && token.gap.only(Gap::SPACE)
            && !block.is_word(at, "sat")
            && !block.is_word(at, "sun")
            && !block.token(at + 1).is_some_and(|next| next.kind == Kind::Number);
        return sure.then(|| over(block, at, at, 0.7, "weekday")).flatten();
    }
    if !token.is(Cue::Weekday) || token.shape == Shape::Initial {
        return None;
    }
    let next = block.token(at + 1);
    let dated = next.is_some_and(|next| next.is(Cue::Month) && next.is_capital())
        || (number(block, at + 1).is_some() && block.gap_is(at + 2, "/"))
        || day(block, at + 1) && block.token(at + 2).is_some_and(|token| token.is(Cue::Month));
    let led = before.is_some_and(|before| {
        let before = block.str(before);
        ["on", "last", "next", "this", "by", "until", "since", "before", "after"]
            .iter()
            .any(|word| before.eq_ignore_ascii_case(word))
    }) && token.gap.only(Gap::SPACE);
    // `back Sun am`, `until Sat night`.
    let part = ["am", "pm", "night", "morning", "evening", "afternoon", "noon"]
        .iter()
        .any(|word| block.is_word(at + 1, word))
        && block.gap_is(at + 1, " ");
    if part && token.shape == Shape::Title {
        return over(block, at, at, 0.8, "weekday");
    }
    let percent = block.gap_text(at + 2).starts_with('%');
    let number_follows = next.is_some_and(|next| next.kind == Kind::Number);
    let led = led
        || before.is_some_and(|before| before.is(Cue::DatePrep))
            && token.gap.only(Gap::SPACE)
            && !number_follows;
    if token.shape == Shape::Upper {
        let other = ["sat", "sun", "mon"].iter().any(|word| block.is_word(at, word));
        return ((!other
            || led
            || dated
            || block.casing == Casing::Upper && !number_follows && !block.is_word(at, "sat"))
            && !percent)
            .then(|| over(block, at, at, 0.75, "weekday"))
            .flatten();
    }
    // `Sat` and `Sun` are a saturation and the sun as well.
    let plain = token.shape == Shape::Title
        && !block.is_word(at, "sat")
        && !block.is_word(at, "sun")
        && !block.gap_is(at, "/");
    ((dated || plain || (led && token.shape == Shape::Title)) && !percent)
        .then(|| over(block, at, at, 0.8, "weekday"))
        .flatten()
}

fn holiday(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let next = block.token(at + 1);
    let medical = ["factor", "tree", "seal", "cactus", "egg", "lily"];
    if next.is_some_and(|next| {
        next.is(Cue::MedHead) || medical.iter().any(|word| block.str(next).eq_ignore_ascii_case(word))
    }) {
        return None;
    }
    if token.shape == Shape::Lower && block.casing == Casing::Mixed && token.len() < 5 {
        return None;
    }
    let tail = next.is_some_and(|next| next.is(Cue::HolidayTail) && next.gap.only(Gap::SPACE | Gap::HYPHEN));
    over(block, at, if tail && !block.is_word(at + 1, "years") { at + 1 } else { at }, 0.85, "holiday")
}

fn holiday_of_two(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let first = at.checked_sub(1)?;
    let token = block.token(at)?;
    let before = block.token(first)?;
    if !token.gap.only(Gap::SPACE | Gap::OWNS | Gap::HYPHEN) {
        return None;
    }
    let (text, previous) = (block.str(token), block.str(before));
    let year = text.eq_ignore_ascii_case("year") || text.eq_ignore_ascii_case("years");
    // `New Year` and no `new day`; every other head has the tail that it has.
    if !before.is(Cue::HolidayHead) || year != previous.eq_ignore_ascii_case("new") {
        return None;
    }
    let mut last = at;
    if year {
        let tail = block.is_word(at + 1, "eve") || block.is_word(at + 1, "day");
        if tail {
            last = at + 1;
        } else if !(token.is_capital() && before.is_capital()) {
            // `a new year of treatment`.
            return None;
        }
    } else if block.casing == Casing::Mixed && !before.is_capital() {
        return None;
    }
    let first = if block.near(first, -1).is_some_and(|t| t.is(Cue::Particle))
        && previous.eq_ignore_ascii_case("patrick")
    {
        first - 1
    } else {
        first
    };
    over(block, first, last, 0.85, "holiday")
}
