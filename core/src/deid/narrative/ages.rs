//! Ages over the limit, in figures and in words.

use super::cue::Cue;
use super::dates::{leading, number, over};
use super::found::Found;
use super::lexicon::Flag;
use super::token::{Block, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Ages from here on are told by nobody (45 CFR 164.514(b)(2)(i)(C)).
const ELDER: u32 = 90;

/// Ages over 89: `92-year-old`, `92 yo`, `aged 93`, `92F`, `in her 90s`.
pub(super) fn in_figures(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
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
    // `90+` is the pool of the ages over the limit, and tells none of them.
    let tail = block.gap_text(at + 1);
    if value == ELDER && tail.starts_with('+') || tail.starts_with('%') || block.gap_is(at, ".") {
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
    let is = |by: isize, list: &[&str]| {
        block.near(at, by).is_some_and(|near| {
            let text = block.str(near);
            list.iter().any(|word| text.eq_ignore_ascii_case(word))
        })
    };
    let turned = is(-1, &["turned", "turning", "turns", "nearly", "almost"])
        || is(-1, &["at"])
            && is(-2, &["alive", "died", "passed", "living", "well", "deceased", "age", "away"]);
    ((followed && !months) || led || turned || named(block, at, value) || sexed(block, at))
        .then(|| over(block, at, at, 0.95, "age"))
        .flatten()
}

/// `Okafor, Ada, 93,`; the age column of a table.
fn named(block: &Block<'_>, at: usize, value: u32) -> bool {
    let (Some(token), Some(before)) = (block.token(at), block.near(at, -1)) else { return false };
    // `Lorna Beaulieu (90)`.
    let enclosed = block.gap_is(at, " (") && block.gap_text(at + 1).starts_with(')');
    let apart = enclosed
        || token.gap.only(Gap::SPACE | Gap::COMMA | Gap::WIDE | Gap::QUOTE)
            && token.gap.has(Gap::COMMA | Gap::WIDE)
            && block.gap_after(at).has(Gap::COMMA | Gap::WIDE | Gap::CLOSE | Gap::PERIOD);
    let name = before.info.name();
    // After `Last, ` a first name may be an ordinary word: `MacLeod, Flora`.
    let second = before.gap.has(Gap::COMMA) && block.near(at, -2).is_some_and(|last| last.is_capital());
    let rare = name >= 2 && (second || before.info.english() < 5)
        || before.info.english() == 0 && before.shape == Shape::Title && !before.info.is(Flag::Clinical);
    apart && before.kind == Kind::Word && before.is_capital() && before.len() > 2 && rare && value <= 110
}

/// `94 F with`, `94/M`: a sex behind it, where no temperature is told.
fn sexed(block: &Block<'_>, at: usize) -> bool {
    let Some(next) = block.token(at + 1).filter(|next| next.shape == Shape::Initial) else { return false };
    let text = block.str(next);
    let gap = block.gap_text(at + 1);
    let ends = block.gap_after(at + 1);
    if !matches!(gap, " " | "/") || ends.has(Gap::PERIOD | Gap::HYPHEN | Gap::SLASH) {
        return false;
    }
    let warm = (1..=3).any(|by| {
        block.near(at, -by).is_some_and(|near| {
            let near = block.str(near);
            ["t", "temp", "temperature", "tmax", "tm", "fever", "febrile", "below", "above", "to"]
                .iter()
                .any(|word| near.eq_ignore_ascii_case(word))
        })
    });
    let told = gap == "/"
        || block.token(at + 2).is_some_and(|after| after.kind == Kind::Word && after.shape == Shape::Lower)
            && ends.only(Gap::SPACE);
    (text == "M" || text == "F" && !warm) && told
}

fn age_word(block: &Block<'_>, token: &Token) -> bool {
    let text = block.str(token);
    token.is(Cue::Age)
        && (!token.is(Cue::Measure)
            || ["yo", "yr", "yrs", "year", "years", "y"].iter().any(|word| text.eq_ignore_ascii_case(word)))
}
/// `ninety-two year old`, `a centenarian`.
pub(super) fn in_words(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let text = block.str(block.token(at)?);
    if text.eq_ignore_ascii_case("nineties") {
        let led = at.checked_sub(1).is_some_and(|before| {
            ["her", "his", "their", "mid", "late", "early", "in"]
                .iter()
                .any(|word| block.is_word(before, word))
        });
        return led.then(|| over(block, at, at, 0.85, "age")).flatten();
    }
    if text.len() > 8 {
        return over(block, at, at, 0.8, "age");
    }
    if text.eq_ignore_ascii_case("hundred") {
        let old = (1..=5).any(|by| block.is_word(at + by, "old"));
        let one = at.checked_sub(1).filter(|one| block.is_word(*one, "one"));
        let first = one.unwrap_or(at);
        return old.then(|| over(block, first, at, 0.7, "age")).flatten();
    }
    // `she is ninety-six and lives alone`: after `is` and the like, with nothing counted behind.
    let tail = block
        .token(at + 1)
        .is_some_and(|next| next.is(Cue::Spoken) && next.gap.only(Gap::HYPHEN | Gap::SPACE));
    let last = if tail { at + 1 } else { at };
    let told = at > 1
        && ["is", "was", "turned", "aged", "age", "now"].iter().any(|word| block.is_word(at - 1, word))
        && ["he", "she", "patient", "pt", "who", "they", "man", "woman", "is", "at", "just"]
            .iter()
            .any(|word| block.is_word(at - 2, word));
    let counted = block.token(last + 1).is_some_and(|next| {
        next.is(Cue::Spoken)
            || next.is(Cue::Measure) && !next.is(Cue::Age)
            || block.is_word(last + 1, "percent")
    });
    if told && !counted {
        return over(block, at, last, 0.8, "age");
    }
    for more in 0..=1 {
        let next = block.token(at + more + 1)?;
        if age_word(block, next) && next.gap.only(Gap::SPACE | Gap::HYPHEN) {
            return over(block, at, at + more, 0.9, "age");
        }
    }
    None
}
