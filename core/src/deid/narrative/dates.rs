//! Dates in figures, in every form that notes use. Years alone and times of day are left.

use super::cue::{Cue, Cues};
use super::found::Found;
use super::token::{Block, Gap, Kind, Shape};
use super::{ages, calendar};
use crate::deid::dates::MONTHS;
use crate::formats::label::Label;

/// The value of a number token of at most four digits, and its length.
pub(super) fn number(block: &Block<'_>, at: usize) -> Option<(u32, usize)> {
    let token = block.token(at).filter(|token| token.kind == Kind::Number && token.len() <= 4)?;
    Some((block.str(token).parse().ok()?, token.len()))
}

pub(super) fn is_year(value: u32, length: usize) -> bool {
    length == 4 && (1890..2100).contains(&value)
}

pub(super) fn is_day(value: u32, length: usize) -> bool {
    length <= 2 && (1..=31).contains(&value)
}

pub(super) fn is_month(value: u32, length: usize) -> bool {
    length <= 2 && (1..=12).contains(&value)
}

/// The digits with which a mixed token begins, and the rest: `14th`, `92yo`, `14T10`.
pub(super) fn leading<'t>(block: &Block<'t>, at: usize) -> Option<(u32, &'t str)> {
    let token = block.token(at).filter(|token| token.kind == Kind::Mixed)?;
    let text = block.str(token);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (head, tail) = text.split_at_checked(digits).filter(|(head, _)| (1..=4).contains(&head.len()))?;
    Some((head.parse().ok()?, tail))
}

/// A day of the month: `14` or `14th`.
pub(super) fn day(block: &Block<'_>, at: usize) -> bool {
    if let Some((value, length)) = number(block, at) {
        return is_day(value, length);
    }
    leading(block, at).is_some_and(|(value, tail)| {
        (1..=31).contains(&value) && ["st", "nd", "rd", "th"].iter().any(|end| tail.eq_ignore_ascii_case(end))
    })
}

/// A span over tokens.
pub(super) fn over(
    block: &Block<'_>,
    first: usize,
    last: usize,
    score: f32,
    why: &'static str,
) -> Option<(Found, usize)> {
    let start = block.token(first)?.start as usize;
    let end = block.token(last)?.end as usize;
    let label = if why == "age" { Label::Age } else { kind(block, first) };
    Some((Found::new(start, end, label, score, why), last))
}

/// Whether the words before a date make it one of birth or death.
fn kind(block: &Block<'_>, first: usize) -> Label {
    for by in 1..=4 {
        let Some(token) = block.near(first, -by) else { break };
        if token.is(Cue::Birth) {
            return Label::BirthDate;
        }
        let text = block.str(token);
        if ["died", "dod", "deceased", "expired", "death"].iter().any(|word| text.eq_ignore_ascii_case(word))
        {
            return Label::DeathDate;
        }
        if block.near(first, 1 - by).is_some_and(|next| next.gap.has(Gap::NEWLINE | Gap::COMMA)) {
            break;
        }
    }
    Label::Date
}

/// What begins at a token of digits: the finding and its last token.
pub(super) fn at_number(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    ages::in_figures(block, at)
        .or_else(|| three(block, at))
        .or_else(|| day_month(block, at))
        .or_else(|| compact(block, at))
        .or_else(|| two(block, at))
        .or_else(|| birth_year(block, at))
        .or_else(|| calendar::day_alone(block, at))
        .or_else(|| misread(block, at))
}

/// `3/14/2024`, `2024-03-14`, `14.03.2024`, `2024-03-14T10:30`.
fn three(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let (a, a_len) = number(block, at)?;
    let (b, b_len) = number(block, at + 1)?;
    let between = block.gap_text(at + 1).trim();
    if !matches!(between, "/" | "-" | "." | "\u{2013}" | "\u{2011}")
        || block.gap_text(at + 2).trim() != between
    {
        return None;
    }
    if block.gap_is(at, "/") || block.gap_text(at + 3).starts_with('%') {
        return None;
    }
    let versions = block.near(at, -1).is_some_and(|before| {
        ["version", "v", "ver", "release"].iter().any(|word| block.str(before).eq_ignore_ascii_case(word))
    });
    let spaced = block.gap_text(at + 1).len() != between.len();
    let third = block.token(at + 2)?;
    let (c, c_len, end) = match number(block, at + 2) {
        Some((c, length)) => (c, length, third.end as usize),
        None => {
            let (c, tail) = leading(block, at + 2)?;
            if !tail.starts_with(['T', 't']) {
                return None;
            }
            let length = block.str(third).len() - tail.len();
            (c, length, third.start as usize + length)
        }
    };
    let year_first = is_year(a, a_len) && is_month(b, b_len) && is_day(c, c_len);
    let ordinary = (is_month(a, a_len) && is_day(b, b_len)) || (is_day(a, a_len) && is_month(b, b_len));
    let year_last = ordinary && (is_year(c, c_len) || (c_len == 2 && !spaced));
    if !year_first && !year_last {
        return None;
    }
    // A fourth part makes it a version or another number.
    let more =
        block.token(at + 3).is_some_and(|next| next.kind == Kind::Number && block.gap_is(at + 3, between));
    if more && between != "-" {
        return None;
    }
    let sure = b > 12 && a <= 12 && !versions;
    if between == "." && c_len == 2 && !led_by_date(block, at) && !sure && (a_len < 2 || b_len < 2) {
        return None;
    }
    let start = block.token(at)?.start as usize;
    Some((Found::new(start, end, kind(block, at), 0.99, "full_date"), at + 2))
}

/// `O5/17/l948`: a date whose digits a machine has read as letters.
fn misread(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let value = |at: usize| {
        let token = block.token(at).filter(|token| token.len() <= 4)?;
        let text = block.str(token);
        let mut value = 0_u32;
        for byte in text.bytes() {
            let digit = match byte {
                b'0'..=b'9' => u32::from(byte - b'0'),
                b'O' | b'o' => 0,
                b'l' | b'I' | b'i' => 1,
                b'S' => 5,
                b'B' => 8,
                _ => return None,
            };
            value = value * 10 + digit;
        }
        Some((value, text.len()))
    };
    let between = block.gap_text(at + 1);
    let misread = (at..at + 3).any(|at| block.token(at).is_some_and(|token| token.kind != Kind::Number));
    if !misread || !matches!(between, "/" | "-") || block.gap_text(at + 2) != between {
        return None;
    }
    if block.gap_is(at, "/") || block.gap_text(at + 3).starts_with(['%', '/']) {
        return None;
    }
    let ((a, a_len), (b, b_len), (c, c_len)) = (value(at)?, value(at + 1)?, value(at + 2)?);
    let dated = is_month(a, a_len) && is_day(b, b_len) || is_day(a, a_len) && is_month(b, b_len);
    let slash = between == "/" && (is_year(c, c_len) || c_len == 2);
    (dated && (slash || is_year(c, c_len))).then(|| over(block, at, at + 2, 0.85, "misread_date")).flatten()
}

/// `14 March 2024`, `the 14th of March`, `14-Mar-24`.
fn day_month(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    if !day(block, at) || block.token(at).is_some_and(|token| token.gap.has(Gap::HASH)) {
        return None;
    }
    let next = block.token(at + 1)?;
    let joined = matches!(block.gap_text(at + 1), " " | "-" | "/" | "." | ". " | " - " | "  ");
    let month = if next.is(Cue::Month) && joined {
        at + 1
    } else if (block.is_word(at + 1, "of") || block.is_word(at + 1, "de"))
        && block.token(at + 2).is_some_and(|token| token.is(Cue::Month))
    {
        at + 2
    } else {
        return None;
    };
    if month == at + 1
        && block.is_word(month, "may")
        && !block.token(month)?.is_capital()
        && !year_at(block, month + 1)
    {
        return None;
    }
    let last = if year_after(block, month) { year_token(block, month) } else { month };
    over(block, at, last, 0.98, "day_and_month")
}

pub(super) fn year_at(block: &Block<'_>, at: usize) -> bool {
    number(block, at).is_some_and(|(value, length)| is_year(value, length))
}

/// The token of the year after a month or day: `2024`, `'24`, `, 2024`, `of 2024`, `-24`.
pub(super) fn year_token(block: &Block<'_>, at: usize) -> usize {
    if (block.is_word(at + 1, "of") || block.is_word(at + 1, "de") || block.is_word(at + 1, "del"))
        && (year_at(block, at + 2) || short_year(block, at + 2))
    {
        at + 2
    } else {
        at + 1
    }
}

/// `'22`: a year of two digits with its apostrophe.
fn short_year(block: &Block<'_>, at: usize) -> bool {
    matches!(block.gap_text(at), " '" | " \u{2019}")
        && number(block, at).is_some_and(|(_, length)| length == 2)
}

pub(super) fn year_after(block: &Block<'_>, at: usize) -> bool {
    let token = year_token(block, at);
    if token == at + 2 {
        return true;
    }
    let gap = block.gap_text(token);
    if year_at(block, token) {
        return gap.len() <= 3 && !gap.contains('\n') && !gap.contains(';') && !gap.contains(')');
    }
    // `14 AUG 23`: a year of two digits after a day and a month.
    let plain = gap == " "
        && at > 0
        && block.token(at).is_some_and(|month| month.is(Cue::Month))
        && number(block, at - 1).is_some_and(|(value, length)| is_day(value, length))
        && block.gap_is(at, " ")
        && !block.gap_is(token + 1, ":")
        && !block.gap_is(token + 1, "/")
        && !block.token(token + 1).is_some_and(|next| next.is(Cue::Measure) && block.gap_is(token + 1, " "));
    (plain || matches!(gap, " '" | "-" | "/" | " \u{2019}" | "'"))
        && number(block, token).is_some_and(|(_, length)| length == 2)
}

/// `14MAR2024`, `20240314`, `202403141030`.
fn compact(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let text = block.str(token);
    if token.kind == Kind::Number && matches!(text.len(), 8 | 12 | 14) {
        let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let joined = block.gap_is(at, "-") || block.gap_is(at + 1, "-");
        if (1900..2100).contains(&year) && is_month(month, 2) && is_day(day, 2) && !joined {
            return over(block, at, at, 0.9, "compact_date");
        }
        return None;
    }
    // `DOS 020624`: six digits after a word for a date.
    if token.kind == Kind::Number && text.len() == 6 {
        let part = |from: usize| text.get(from..from + 2).and_then(|part| part.parse::<u32>().ok());
        let before = at.checked_sub(1).and_then(|at| block.token(at))?;
        let led = before.is(Cue::Birth) || before.is(Cue::DatePrep) && before.len() >= 3;
        let cued = led
            && (before.shape == Shape::Upper || before.is(Cue::Birth) || block.is_word(at - 1, "date"))
            && token.gap.only(Gap::SPACE | Gap::COLON | Gap::HASH | Gap::WIDE);
        let dated =
            is_month(part(0)?, 2) && is_day(part(2)?, 2) || is_day(part(0)?, 2) && is_month(part(2)?, 2);
        return (cued && dated).then(|| over(block, at, at, 0.85, "compact_date")).flatten();
    }
    if token.kind != Kind::Mixed {
        return None;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let letters = text.bytes().skip(digits).take_while(u8::is_ascii_alphabetic).count();
    let (head, rest) = text.split_at_checked(digits)?;
    let (name, year) = rest.split_at_checked(letters)?;
    let month = MONTHS.iter().any(|month| name.len() >= 3 && starts_with_ignoring_case(month, name));
    let years = matches!(year.len(), 0 | 2 | 4) && year.bytes().all(|byte| byte.is_ascii_digit());
    if (1..=2).contains(&digits) && month && years && head.parse::<u32>().is_ok_and(|day| is_day(day, 2)) {
        return over(block, at, at, 0.98, "compact_date");
    }
    // `Mar14`, `MAR2024`.
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (name, tail) = text.split_at_checked(letters)?;
    let month = MONTHS.iter().any(|month| name.len() >= 3 && starts_with_ignoring_case(month, name));
    let digits = matches!(tail.len(), 2 | 4) && tail.bytes().all(|byte| byte.is_ascii_digit());
    (month && digits).then(|| over(block, at, at, 0.9, "compact_date")).flatten()
}

fn starts_with_ignoring_case(long: &str, short: &str) -> bool {
    long.get(..short.len()).is_some_and(|head| head.eq_ignore_ascii_case(short))
}

/// Whether a word that leads to a date stands before.
pub(super) fn led_by_date(block: &Block<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| block.token(at)) else { return false };
    let gap = block.token(at).map_or(Gap(0), |token| token.gap);
    let led =
        before.is(Cue::DatePrep) || before.is(Cue::Weekday) || before.is(Cue::Birth) || before.is(Cue::Month);
    let article =
        block.is_word(at - 1, "the") && at > 1 && block.token(at - 2).is_some_and(|t| t.is(Cue::DatePrep));
    (led || article) && gap.only(Gap::SPACE | Gap::COLON | Gap::COMMA | Gap::PERIOD | Gap::OPEN)
}

/// Whether what happened on a day stands before: `signed 6-18`, but not `in 6-18 months`.
fn led_by_event(block: &Block<'_>, at: usize) -> bool {
    let counts = block.token(at + 2).is_some_and(|next| next.is(Cue::Measure) || next.is(Cue::Age));
    let event = at.checked_sub(1).and_then(|at| block.token(at)).is_some_and(|before| {
        before.is(Cue::DatePrep)
            && (before.len() > 3 || before.shape == Shape::Upper || block.is_word(at - 1, "on"))
    });
    event && !counts && !block.gap_text(at + 2).starts_with('%') && led_by_date(block, at)
}

/// `3/14`, `03/2024`: a date where the words around do not say that it is a measure.
fn two(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let (a, a_len) = number(block, at)?;
    let (b, b_len) = number(block, at + 1)?;
    let gap = block.gap_text(at + 1);
    let slash = gap == "/";
    // `5/7.5`: doses.
    if block.gap_is(at + 2, ".") && block.token(at + 2).is_some_and(|next| next.kind == Kind::Number) {
        return None;
    }
    let before = block.token(at)?.gap;
    let glued = at > 0 && block.gap_text(at).is_empty();
    if !(slash || gap == "-") || block.gap_text(at + 2).starts_with('/') || before.has(Gap::SLASH) || glued {
        return None;
    }
    if is_month(a, a_len) && is_year(b, b_len) && (slash || a_len == 2) {
        return over(block, at, at + 1, 0.95, "month_and_year");
    }
    if is_year(a, a_len)
        && is_month(b, b_len)
        && b_len == 2
        && !block.gap_is(at + 2, "-")
        && led_by_date(block, at)
    {
        return over(block, at, at + 1, 0.9, "month_and_year");
    }
    let plausible =
        (is_month(a, a_len) && is_day(b, b_len)) || (is_month(a, a_len) && b_len == 2 && a_len <= 2);
    let hyphens = a_len == 2 && b_len == 2 && led_by_date(block, at)
        || b_len == 2 && b > 12 && is_day(b, b_len) && led_by_event(block, at);
    if !plausible || !(slash || hyphens) {
        return None;
    }
    let score = partial_score(block, at, a, b, (a_len, b_len));
    (score >= 2)
        .then(|| over(block, at, at + 1, if score > 3 { 0.95 } else { 0.7 }, "month_and_day"))
        .flatten()
}

/// Points for and against a date in two numbers with a slash between.
fn partial_score(block: &Block<'_>, at: usize, a: u32, b: u32, lengths: (usize, usize)) -> i32 {
    const MEASURES: Cues = Cues::of(&[Cue::Measure, Cue::NotDate]);
    // Fractions and grades have the larger number last, and few have these: 1/2, 3/4, 4/5, 2/6, 7/10.
    let grade = a <= b && (matches!(b, 2..=6 | 10) || a == b);
    let mut score = if grade { 0 } else { 2 };
    if led_by_date(block, at) {
        score += 3;
    }
    if lengths == (2, 2) && (a < 10 || b < 10) {
        score += 2;
    }
    // A time of day follows: `3/4 0715`.
    if block
        .token(at + 2)
        .is_some_and(|next| next.kind == Kind::Number && next.len() == 4 && block.gap_is(at + 2, " "))
        || (block.gap_is(at + 3, ":") && block.gap_is(at + 2, " "))
    {
        score += 2;
    }
    let gap = block.token(at).map_or(Gap(0), |token| token.gap);
    let after = block.gap_after(at + 1);
    // A line that begins with it, or a parenthesis of its own, is how logs and lists are dated.
    if gap.has(Gap::NEWLINE) || (gap.has(Gap::OPEN) && after.has(Gap::CLOSE)) {
        score += 2;
    }
    if gap.has(Gap::WIDE) {
        score += 1;
    }
    if after.has(Gap::COLON) && !after.has(Gap::NEWLINE) {
        // `stable. 3/3: stable`: a sentence that begins with it.
        score += if gap.has(Gap::PERIOD) && gap.has(Gap::SPACE) { 2 } else { 1 };
    }
    // The month of a date that is sure: `3/2: seen. ... 3/5 late entry`.
    if block.months >> a & 1 == 1 && lengths.0 <= 2 {
        score += 2;
    }
    let ranged = block.gap_is(at + 2, "-") || block.gap_is(at + 2, " - ") || block.gap_is(at + 2, "\u{2013}");
    if ranged && number(block, at + 3).is_some() && block.gap_is(at + 3, "/") {
        score += 3;
    }
    let previous = at.checked_sub(1).and_then(|at| block.token(at));
    if (block.gap_is(at, "-") || block.gap_is(at, "\u{2013}") || block.gap_is(at, " - "))
        && at > 1
        && block.gap_is(at - 1, "/")
        && previous.is_some_and(|token| token.taken)
    {
        score += 3;
    }
    if listed(block, at) {
        score += 3;
    }
    if series(block, at, a, b) {
        score += 4;
    }
    for by in [-1, -2, -3] {
        let Some(token) = block.near(at, by) else { break };
        let between = block.near(at, by + 1).map_or(Gap(0), |next| next.gap);
        if between.has(Gap::NEWLINE)
            || by < -1 && between.has(Gap::COMMA | Gap::PERIOD) && between.has(Gap::SPACE)
        {
            break;
        }
        if token.is(Cue::NotDate) && !(token.is(Cue::DatePrep) && by == -1) {
            score -= 4;
        }
    }
    if let Some(next) = block.token(at + 2) {
        if next.is_any(MEASURES) && !after.has(Gap::NEWLINE | Gap::COLON | Gap::PERIOD | Gap::COMMA) {
            score -= 4;
        }
        let text = block.str(next);
        if [
            "strength",
            "throughout",
            "bilaterally",
            "intact",
            "tab",
            "systolic",
            "holosystolic",
            "murmur",
            "of",
            "bottles",
            "bottle",
            "positive",
            "negative",
            "core",
            "ros",
            "cuffs",
            "quadrants",
        ]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        {
            score -= 4;
        }
    }
    if block.gap_text(at + 2).starts_with('%') {
        score -= 4;
    }
    score
}

/// `3/4, 3/5 and 3/6`, `6/10 & 6/12`: whether a later day of the same month stands right behind.
fn series(block: &Block<'_>, at: usize, month: u32, day: u32) -> bool {
    let next = if block.is_word(at + 2, "and") { at + 3 } else { at + 2 };
    let beside = next > at + 2 || matches!(block.gap_text(next), ", " | " & " | "," | "; ");
    beside
        && block.gap_is(next + 1, "/")
        && number(block, next).is_some_and(|(value, _)| value == month)
        && number(block, next + 1).is_some_and(|(value, length)| value > day && is_day(value, length))
        && !block.gap_text(next + 2).starts_with('/')
}

/// `1/4, 1/6 and 1/9`: whether a date of the same form stands right before.
fn listed(block: &Block<'_>, at: usize) -> bool {
    let mut before = at;
    if before > 0 && ["and", "to", "or", "thru", "through"].iter().any(|word| block.is_word(before - 1, word))
    {
        before -= 1;
    }
    let gap = block.gap_text(before);
    let beside = before < at && gap == " " || matches!(gap, ", " | "," | " & " | "; " | " / ");
    beside
        && before > 1
        && block.gap_is(before - 1, "/")
        && block.token(before - 1).is_some_and(|token| token.taken)
}

/// `born in 1931`, `DOB 1931`.
fn birth_year(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    if !year_at(block, at) {
        return None;
    }
    // In one line, with nothing between that was cleaned.
    let near = |by: isize| {
        (by..0).all(|by| {
            block.near(at, by + 1).is_some_and(|token| !token.gap.has(Gap::NEWLINE))
                && block.near(at, by).is_some_and(|token| token.cleaned.is_none())
        })
    };
    let led = [-1, -2, -3].iter().any(|by| {
        block.near(at, *by).is_some_and(|token| token.is(Cue::Birth))
            && near(*by)
            && (*by == -1
                || block.near(at, -1).is_some_and(|token| token.is(Cue::DatePrep) || token.is(Cue::Filler)))
    });
    // `Ada Quen, b. 1994`.
    let led = led
        || block.is_word(at.checked_sub(1)?, "b")
            && block.gap_is(at, ". ")
            && block.token(at - 1).is_some_and(|before| {
                before.gap.has(Gap::COMMA | Gap::NEWLINE | Gap::OPEN) && before.shape == Shape::Lower
            });
    let start = block.token(at)?;
    led.then(|| {
        (Found::new(start.start as usize, start.end as usize, Label::BirthDate, 0.9, "birth_year"), at)
    })
}
