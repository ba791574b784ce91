//! What dictations say letter by letter and digit by digit: spelled names, numbers in words, dates in words.

use super::address;
use super::cue::Cue;
use super::found::Found;
use super::lead::{self, Lead};
use super::token::{Block, Gap, Kind};
use crate::formats::label::Label;

/// `T-K-A-C-H`, `G R U B B`: three letters or more, one by one. With blanks between it takes five.
pub(super) fn spelled(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let first = block.token(at)?;
    let letter =
        |at: usize| block.token(at).is_some_and(|token| token.kind == Kind::Word && token.len() == 1);
    let hyphens = block.gap_is(at + 1, "-");
    let open =
        first.gap.has(Gap::OPEN) && at > 0 && block.token(at - 1).is_some_and(|t| t.kind != Kind::Word);
    let stops = block.gap_is(at + 1, ".") && at > 0 && (leads_initials(block, at - 1) || open);
    if !letter(at) || !(hyphens || stops || block.gap_is(at + 1, " ")) || block.gap_is(at, "-") {
        return None;
    }
    let mark = if hyphens {
        "-"
    } else if stops {
        "."
    } else {
        " "
    };
    let mut last = at;
    while letter(last + 1) && block.gap_is(last + 1, mark) && last - at < 30 {
        last += 1;
    }
    // `initials R.T.`, `initials: R-M`.
    let subject = block.token(at).is_some_and(|token| token.gap.has(Gap::OPEN))
        && block.near(at, -1).is_some_and(|before| before.kind != Kind::Word)
        && (2..=5)
            .any(|by| block.near(at, -by).is_some_and(|near| near.is(Cue::Person) || near.is(Cue::IdOther)));
    let initials = subject || at.checked_sub(1).is_some_and(|at| leads_initials(block, at));
    // A longer word that a hyphen joins makes it something else: `A-V-fistula`.
    let ends = !(hyphens && block.gap_is(last + 1, "-"));
    let told = (1..=4).any(|by| {
        ["spelled", "spelling", "spell", "that's", "thats"]
            .iter()
            .any(|word| at.checked_sub(by).is_some_and(|before| block.is_word(before, word)))
    });
    let count = last - at + 1;
    let enough = if initials {
        2
    } else if told {
        3
    } else if hyphens {
        4
    } else {
        6
    };
    let end = block.token(last)?.end as usize;
    (ends && count >= enough)
        .then(|| (Found::new(first.start as usize, end, Label::Name, 0.9, "spelled"), last))
}

fn leads_initials(block: &Block<'_>, at: usize) -> bool {
    block.is_word(at, "initials") || block.is_word(at, "inits")
}

/// A run of numbers in words: with a cue a number of its kind, after a word that leads to a date a date, and of seven
/// digits and more a telephone number.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if !token.is(Cue::Spoken) || at > 0 && block.token(at - 1).is_some_and(|before| before.is(Cue::Spoken)) {
        return None;
    }
    let (mut last, mut digits, mut large) = (at, 0, 0);
    while let Some(next) = block.token(last) {
        let joined =
            last == at || next.gap.only(Gap::SPACE | Gap::COMMA | Gap::HYPHEN) && !next.gap.has(Gap::WIDE);
        if !joined || !(next.is(Cue::Spoken) || block.is_word(last, "double") && last > at) || last - at > 24
        {
            break;
        }
        let small = ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        if small.iter().any(|word| block.is_word(last, word)) {
            digits += 1;
        } else {
            large += 1;
        }
        last += 1;
    }
    let last = last - 1;
    let start = token.start as usize;
    let end = block.token(last)?.end as usize;
    let whole = |label, score, why| Some((Found::new(start, end, label, score, why), last));
    let birth = (1..=4).any(|by| {
        at.checked_sub(by).and_then(|before| block.token(before)).is_some_and(|before| before.is(Cue::Birth))
    });
    if let Some(found) = address::after_words(block, at, last) {
        return Some(found);
    }
    if birth && digits + large >= 3 {
        return whole(Label::BirthDate, 0.9, "date_in_words");
    }
    if digits >= 4
        && let Lead::Label(label, why) | Lead::Maybe(label, why) = lead::lead(block, at)
    {
        return whole(label, 0.9, why);
    }
    (digits >= 7 && large <= 2).then(|| whole(Label::Phone, 0.7, "number_in_words")).flatten()
}
