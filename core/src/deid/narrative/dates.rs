//! Dates in every form that notes use, and ages over the limit. Years alone and times of day are left.

use super::cue::{Cue, Cues};
use super::found::Found;
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::deid::dates::MONTHS;
use crate::formats::label::Label;

/// Ages from here on are told by nobody (45 CFR 164.514(b)(2)(i)(C)).
const ELDER: u32 = 90;

/// The value of a number token of at most four digits, and its length.
fn number(block: &Block<'_>, at: usize) -> Option<(u32, usize)> {
    let token = block.token(at).filter(|token| token.kind == Kind::Number && token.len() <= 4)?;
    Some((block.str(token).parse().ok()?, token.len()))
}

fn is_year(value: u32, length: usize) -> bool {
    length == 4 && (1890..2100).contains(&value)
}

fn is_day(value: u32, length: usize) -> bool {
    length <= 2 && (1..=31).contains(&value)
}

fn is_month(value: u32, length: usize) -> bool {
    length <= 2 && (1..=12).contains(&value)
}

/// The digits with which a mixed token begins, and the rest: `14th`, `92yo`, `14T10`.
fn leading<'t>(block: &Block<'t>, at: usize) -> Option<(u32, &'t str)> {
    let token = block.token(at).filter(|token| token.kind == Kind::Mixed)?;
    let text = block.str(token);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (head, tail) = text.split_at_checked(digits).filter(|(head, _)| (1..=4).contains(&head.len()))?;
    Some((head.parse().ok()?, tail))
}

/// A day of the month: `14` or `14th`.
fn day(block: &Block<'_>, at: usize) -> bool {
    if let Some((value, length)) = number(block, at) {
        return is_day(value, length);
    }
    leading(block, at).is_some_and(|(value, tail)| {
        (1..=31).contains(&value) && ["st", "nd", "rd", "th"].iter().any(|end| tail.eq_ignore_ascii_case(end))
    })
}

/// A span over tokens.
fn over(
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
    age(block, at)
        .or_else(|| three(block, at))
        .or_else(|| day_month(block, at))
        .or_else(|| compact(block, at))
        .or_else(|| two(block, at))
        .or_else(|| birth_year(block, at))
        .or_else(|| day_alone(block, at))
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
    if between == "." && c_len == 2 && !led_by_date(block, at) && (a_len < 2 || b_len < 2) {
        return None;
    }
    let start = block.token(at)?.start as usize;
    Some((Found::new(start, end, kind(block, at), 0.99, "full_date"), at + 2))
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

fn year_at(block: &Block<'_>, at: usize) -> bool {
    number(block, at).is_some_and(|(value, length)| is_year(value, length))
}

/// The token of the year after a month or day: `2024`, `'24`, `, 2024`, `of 2024`, `-24`.
fn year_token(block: &Block<'_>, at: usize) -> usize {
    if (block.is_word(at + 1, "of") || block.is_word(at + 1, "de") || block.is_word(at + 1, "del"))
        && year_at(block, at + 2)
    {
        at + 2
    } else {
        at + 1
    }
}

fn year_after(block: &Block<'_>, at: usize) -> bool {
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
fn led_by_date(block: &Block<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| block.token(at)) else { return false };
    let gap = block.token(at).map_or(Gap(0), |token| token.gap);
    let led =
        before.is(Cue::DatePrep) || before.is(Cue::Weekday) || before.is(Cue::Birth) || before.is(Cue::Month);
    let article =
        block.is_word(at - 1, "the") && at > 1 && block.token(at - 2).is_some_and(|t| t.is(Cue::DatePrep));
    (led || article) && gap.only(Gap::SPACE | Gap::COLON | Gap::COMMA | Gap::PERIOD | Gap::OPEN)
}

/// `3/14`, `03/2024`: a date where the words around do not say that it is a measure.
fn two(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let (a, a_len) = number(block, at)?;
    let (b, b_len) = number(block, at + 1)?;
    let gap = block.gap_text(at + 1);
    let slash = gap == "/";
    let before = block.token(at)?.gap;
    let glued = at > 0 && block.gap_text(at).is_empty();
    if !(slash || gap == "-") || block.gap_is(at + 2, "/") || before.has(Gap::SLASH) || glued {
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
    if !plausible || !(slash || a_len == 2 && b_len == 2 && led_by_date(block, at)) {
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
    let grade = a <= b && matches!(b, 2..=6 | 10);
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
        score += 1;
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

/// `born in 1931`, `DOB 1931`.
fn birth_year(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    if !year_at(block, at) {
        return None;
    }
    let led = [-1, -2, -3].iter().any(|by| {
        block.near(at, *by).is_some_and(|token| token.is(Cue::Birth))
            && (*by == -1
                || block.near(at, -1).is_some_and(|token| token.is(Cue::DatePrep) || token.is(Cue::Filler)))
    });
    let start = block.token(at)?;
    led.then(|| {
        (Found::new(start.start as usize, start.end as usize, Label::BirthDate, 0.9, "birth_year"), at)
    })
}

/// Ages over 89: `92-year-old`, `92 yo`, `aged 93`, `92F`, `in her 90s`.
fn age(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.kind == Kind::Mixed {
        let (value, tail) = leading(block, at)?;
        if !(ELDER..=130).contains(&value) {
            return None;
        }
        let unit = ["yo", "y", "yof", "yom", "yrs", "yr", "f", "m", "yow", "ym", "yf"];
        let years = unit.iter().any(|unit| tail.eq_ignore_ascii_case(unit));
        let decade = tail.eq_ignore_ascii_case("s")
            && value.is_multiple_of(10)
            && [-1, -2].iter().any(|by| {
                block.near(at, *by).is_some_and(|token| {
                    let text = block.str(token);
                    ["her", "his", "their", "mid", "late", "early"]
                        .iter()
                        .any(|w| text.eq_ignore_ascii_case(w))
                })
            });
        let (start, end) = (token.start as usize, token.end as usize - tail.len());
        return (years || decade).then(|| (Found::new(start, end, Label::Age, 0.95, "age"), at));
    }
    let (value, length) = number(block, at)?;
    if !(ELDER..=130).contains(&value) || length > 3 {
        return None;
    }
    let after = block.token(at + 1);
    let close = block.gap_after(at).only(Gap::SPACE | Gap::HYPHEN);
    let slashed =
        after.is_some_and(|next| block.str(next).eq_ignore_ascii_case("y")) && block.gap_is(at + 2, "/");
    let followed = close && (slashed || after.is_some_and(|next| age_word(block, next)));
    let months = followed && {
        // `92 years ago` and `a 92 year history` tell no age of a person that is alive now, and are kept as well.
        block.is_word(at + 2, "ago")
    };
    let gap = block.token(at)?.gap;
    let led = block.near(at, -1).is_some_and(|before| {
        let text = block.str(before);
        ["age", "aged", "ages"].iter().any(|word| text.eq_ignore_ascii_case(word))
    }) && !gap.has(Gap::NEWLINE);
    // `Okafor, Ada, 93,`; the age column of a table.
    let named = block.near(at, -1).is_some_and(|before| {
        before.is_capital() && before.info.name() >= 2 && before.info.english() < 5 && before.len() > 2
    }) && gap.only(Gap::SPACE | Gap::COMMA | Gap::WIDE | Gap::QUOTE)
        && gap.has(Gap::COMMA | Gap::WIDE)
        && !gap.has(Gap::NEWLINE)
        && block.gap_after(at).has(Gap::COMMA | Gap::WIDE | Gap::CLOSE | Gap::PERIOD)
        && value <= 110;
    let turned = block.near(at, -1).is_some_and(|before| {
        let text = block.str(before);
        ["turned", "turning", "turns"].iter().any(|word| text.eq_ignore_ascii_case(word))
    });
    ((followed && !months) || led || turned || named).then(|| over(block, at, at, 0.95, "age")).flatten()
}

fn age_word(block: &Block<'_>, token: &Token) -> bool {
    let text = block.str(token);
    token.is(Cue::Age)
        && (!token.is(Cue::Measure)
            || ["yo", "yr", "yrs", "year", "years", "y"].iter().any(|word| text.eq_ignore_ascii_case(word)))
}

/// Days of the month in words, as dictations have them.
const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
];

/// Whether a day of the month in words ends at the token, and where it begins: `third`, `twenty-second`.
fn spoken_day(block: &Block<'_>, at: usize) -> Option<usize> {
    let text = block.str(block.token(at)?);
    if !ORDINALS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return None;
    }
    let tens = at.checked_sub(1).filter(|at| block.is_word(*at, "twenty") || block.is_word(*at, "thirty"));
    Some(tens.unwrap_or(at))
}

/// `the twenty-second of August`, `May third`.
fn spoken(block: &Block<'_>, month: usize) -> Option<(Found, usize)> {
    let before = month.checked_sub(2).filter(|_| block.is_word(month - 1, "of"));
    if let Some(first) = before.and_then(|at| spoken_day(block, at)) {
        let last = if year_after(block, month) { year_token(block, month) } else { month };
        return over(block, first, last, 0.95, "day_and_month");
    }
    let last = (1..=2).map(|by| month + by).find(|at| spoken_day(block, *at).is_some())?;
    let first = spoken_day(block, last)?;
    if first != month + 1 || !block.gap_after(month).only(Gap::SPACE) {
        return None;
    }
    let last = if year_after(block, last) { year_token(block, last) } else { last };
    over(block, month, last, 0.9, "month_and_day")
}

/// `until the 9th`: a day of a month that goes without saying.
fn day_alone(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
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
    (led && ends).then(|| over(block, at, at, 0.7, "day")).flatten()
}

/// What begins at a word: months, weekdays, feasts, seasons, ages in words.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if token.is(Cue::Month) {
        return spoken(block, at).or_else(|| month(block, at)).or_else(|| weekday(block, at));
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
        return elder(block, at);
    }
    None
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
    }) && token.gap.only(Gap::SPACE | Gap::HYPHEN);
    let full = MONTHS.iter().any(|month| text.eq_ignore_ascii_case(month));
    let ambiguous = NAMES.iter().any(|name| text.eq_ignore_ascii_case(name));
    let verb = (text.eq_ignore_ascii_case("march") || text.eq_ignore_ascii_case("may") || text.len() < 4)
        && token.shape == Shape::Lower
        && !(block.casing == Casing::Lower && led && !text.eq_ignore_ascii_case("may") && text.len() > 3)
        && !before.is_some_and(|before| {
            let before = block.str(before);
            ["in", "since", "last", "early", "late", "mid"]
                .iter()
                .any(|word| before.eq_ignore_ascii_case(word))
        });
    if verb || !(full || led && token.is_capital()) || ambiguous && !led {
        return None;
    }
    over(block, at, at, if led { 0.9 } else { 0.75 }, "month")
}

fn weekday(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let before = at.checked_sub(1).and_then(|at| block.token(at));
    let recurring = before.is_some_and(|before| {
        let before = block.str(before);
        ["every", "each", "q", "per", "weekly", "alternate"]
            .iter()
            .any(|word| before.eq_ignore_ascii_case(word))
    });
    if recurring {
        return None;
    }
    if token.len() >= 6 && block.str(token).to_ascii_lowercase().ends_with("day") {
        // `Friday the 13th`.
        let day_follows = block.is_word(at + 1, "the")
            && day(block, at + 2)
            && block.token(at + 2).is_some_and(|token| token.kind == Kind::Mixed);
        return over(block, at, if day_follows { at + 2 } else { at }, 0.85, "weekday");
    }
    if !token.is(Cue::Weekday) || token.shape == Shape::Lower || token.shape == Shape::Initial {
        return None;
    }
    let next = block.token(at + 1);
    let dated = next.is_some_and(|next| next.is(Cue::Month) && next.is_capital())
        || (number(block, at + 1).is_some() && block.gap_is(at + 2, "/"));
    let led = before.is_some_and(|before| {
        let before = block.str(before);
        ["on", "last", "next", "this", "by", "until", "since", "before", "after"]
            .iter()
            .any(|word| before.eq_ignore_ascii_case(word))
    }) && token.gap.only(Gap::SPACE);
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
    const PAIRS: &[(&str, &[&str])] = &[
        (
            "day",
            &[
                "labor",
                "labour",
                "memorial",
                "veterans",
                "independence",
                "columbus",
                "presidents",
                "president",
                "mother",
                "mothers",
                "father",
                "fathers",
                "valentine",
                "valentines",
                "king",
                "mlk",
                "boxing",
                "patrick",
                "patricks",
                "groundhog",
                "canada",
                "anzac",
                "bastille",
                "flag",
                "peoples",
            ],
        ),
        ("years", &["new"]),
        ("year", &["new"]),
        ("kippur", &["yom"]),
        ("hashanah", &["rosh"]),
        ("gras", &["mardi"]),
        ("adha", &["al"]),
        ("fitr", &["al"]),
    ];
    let first = at.checked_sub(1)?;
    let token = block.token(at)?;
    let before = block.token(first)?;
    if !token.gap.only(Gap::SPACE | Gap::OWNS | Gap::HYPHEN) {
        return None;
    }
    let (text, previous) = (block.str(token), block.str(before));
    let pair = PAIRS.iter().any(|(tail, heads)| {
        text.eq_ignore_ascii_case(tail) && heads.iter().any(|head| previous.eq_ignore_ascii_case(head))
    });
    if !pair {
        return None;
    }
    let year = text.eq_ignore_ascii_case("year") || text.eq_ignore_ascii_case("years");
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

/// `ninety-two year old`, `a centenarian`.
fn elder(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let text = block.str(block.token(at)?);
    if text.len() > 8 {
        return over(block, at, at, 0.8, "age");
    }
    if text.eq_ignore_ascii_case("hundred") {
        let old = (1..=5).any(|by| block.is_word(at + by, "old"));
        let one = at.checked_sub(1).filter(|one| block.is_word(*one, "one"));
        let first = one.unwrap_or(at);
        return old.then(|| over(block, first, at, 0.7, "age")).flatten();
    }
    for more in 0..=1 {
        let next = block.token(at + more + 1)?;
        if age_word(block, next) && next.gap.only(Gap::SPACE | Gap::HYPHEN) {
            return over(block, at, at + more, 0.9, "age");
        }
    }
    None
}
