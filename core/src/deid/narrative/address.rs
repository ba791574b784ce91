//! Street addresses: number, street, unit; post office boxes. Rooms and beds are left.

use super::cue::{Cue, Cues};
use super::found::Found;
use super::lexicon::Flag;
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Words between a house number and the word for the street, at most.
const LONGEST: usize = 5;

fn street(
    block: &Block<'_>,
    first: usize,
    last: usize,
    score: f32,
    why: &'static str,
) -> Option<(Found, usize)> {
    let last = unit(block, direction_after(block, crossing(block, last)));
    let first = unit_before(block, first);
    let (start, end) = (block.token(first)?.start as usize, block.token(last)?.end as usize);
    Some((Found::new(start, end, Label::Street, score, why), last))
}

/// `Hwy 9 & Pine Ridge Rd`, `5th and Hough Ave`: the street that crosses it.
fn crossing(block: &Block<'_>, last: usize) -> usize {
    let and = block.is_word(last + 1, "and") || block.is_word(last + 1, "at");
    let first = if and {
        last + 2
    } else if matches!(block.gap_text(last + 1), " & " | " @ " | " / " | "/") {
        last + 1
    } else {
        return last;
    };
    for here in first..first + 4 {
        let Some(token) = block.token(here) else { break };
        let close = here == first || token.gap.only(Gap::SPACE | Gap::PERIOD);
        if !close || !(token.is_capital() || token.kind == Kind::Mixed) {
            break;
        }
        if here > first && (token.is(Cue::Street) || token.is(Cue::StreetShort)) {
            return here;
        }
        if numbered_road(block, here) && token.is(Cue::Street) {
            return here + 1;
        }
    }
    last
}

/// `Flat 3, 22 Baker Street`: a unit that stands before.
fn unit_before(block: &Block<'_>, first: usize) -> usize {
    let Some(unit) = first.checked_sub(2) else { return first };
    let named = block.token(unit).is_some_and(|token| token.is(Cue::Unit) && token.is_capital());
    let value = block.token(unit + 1).is_some_and(|token| token.kind != Kind::Word || token.len() == 1);
    let close =
        matches!(block.gap_text(unit + 1), " " | " #") && matches!(block.gap_text(first), ", " | " - " | " ");
    if named && value && close { unit } else { first }
}

/// A point of the compass after the street.
fn direction_after(block: &Block<'_>, last: usize) -> usize {
    let next = block.token(last + 1);
    let directed = next.is_some_and(|next| {
        next.is(Cue::Direction)
            && next.gap.only(Gap::SPACE | Gap::PERIOD)
            && next.gap.has(Gap::SPACE)
            && next.is_capital()
    });
    if directed { last + 1 } else { last }
}

/// `, Apt 4B`, `Suite 300`, `#12` after a street.
fn unit(block: &Block<'_>, last: usize) -> usize {
    let Some(next) = block.token(last + 1) else { return last };
    let close = next.gap.only(Gap::SPACE | Gap::COMMA | Gap::PERIOD | Gap::NEWLINE | Gap::WIDE | Gap::OPEN);
    let Some(after) = block.token(last + 2) else {
        return if next.gap.has(Gap::HASH) && next.kind != Kind::Word { last + 1 } else { last };
    };
    // `3RD FLR REAR`, `2nd floor`.
    let ordinal = next.kind == Kind::Mixed
        && next.len() <= 4
        && after.is(Cue::Unit)
        && after.gap.only(Gap::SPACE)
        && (block.is_word(last + 2, "floor")
            || block.is_word(last + 2, "fl")
            || block.is_word(last + 2, "flr"));
    if close && ordinal {
        let rear = ["rear", "front", "left", "right"].iter().any(|word| block.is_word(last + 3, word))
            && block.gap_is(last + 3, " ");
        return if rear { last + 3 } else { last + 2 };
    }
    // `Hwy 491 mile marker 74`, `I-75 NB @ exit 218`.
    let marker = if block.is_word(last + 1, "mile") && block.is_word(last + 2, "marker") {
        last + 3
    } else if ["mm", "milepost", "exit"].iter().any(|word| block.is_word(last + 1, word)) {
        last + 2
    } else {
        0
    };
    if marker > 0
        && block
            .token(last)
            .is_some_and(|road| road.kind == Kind::Number || road.is(Cue::Direction) || road.len() == 2)
        && block.token(marker).is_some_and(|value| value.kind != Kind::Word)
    {
        return marker;
    }
    if close && next.is(Cue::Unit) {
        let value = after.kind != Kind::Word || after.shape == Shape::Initial || after.len() == 1;
        if value && after.gap.only(Gap::SPACE | Gap::HASH | Gap::PERIOD) {
            let more =
                block.gap_is(last + 3, "-") && block.token(last + 3).is_some_and(|token| token.len() <= 4);
            return if more { last + 3 } else { last + 2 };
        }
    }
    let numbered = next.gap.has(Gap::HASH)
        && next.kind != Kind::Word
        && next.gap.only(Gap::SPACE | Gap::COMMA | Gap::HASH);
    if numbered && next.len() <= 5 { last + 1 } else { last }
}

/// Whether a word may stand in the name of a street.
fn names_street(block: &Block<'_>, token: &Token, first: bool) -> bool {
    const NEVER: Cues = Cues::of(&[Cue::Measure, Cue::Age, Cue::NotDate]);
    if token.kind == Kind::Number || token.cleaned.is_some() {
        return false;
    }
    if token.kind == Kind::Mixed {
        let text = block.str(token);
        return ["st", "nd", "rd", "th"]
            .iter()
            .any(|end| text.len() > end.len() && text.to_ascii_lowercase().ends_with(end));
    }
    if token.is(Cue::Direction) || token.is(Cue::Particle) || block.str(token).eq_ignore_ascii_case("old") {
        return true;
    }
    if token.is_any(NEVER) && (!token.is_capital() || (first && token.shape != Shape::Title)) {
        return false;
    }
    token.is_capital()
        || (token.info.name() > 0 || token.info.city() > 0) && token.info.english() < 12
        || (token.info.english() > 0 && token.info.english() < 11 && !token.info.is(Flag::Clinical))
}

/// An address that begins at a number.
pub(super) fn at_number(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let number = block.token(at)?;
    if let Some(found) = ordinal(block, at).or_else(|| mobile_home(block, at)) {
        return Some(found);
    }
    let text = block.str(number);
    let house = text.len() <= 6
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().filter(u8::is_ascii_digit).count() <= 6;
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if !house || letters > 1 || block.gap_is(at, ".") || block.gap_is(at, "/") {
        return None;
    }
    // An age or a measure is no house.
    if block.token(at + 1).is_some_and(|next| {
        next.gap.has(Gap::PERIOD)
            || next.is(Cue::Age) && next.shape != Shape::Title && !block.is_word(at + 1, "old")
            || next.is(Cue::Measure) && !next.is_capital()
    }) {
        return None;
    }
    let mut start = at;
    // `12-14 Elm Street`, `40-32 82nd Street`.
    if block.gap_is(at, "-")
        && at > 0
        && block.token(at - 1).is_some_and(|before| before.kind == Kind::Number)
    {
        start = at - 1;
    }
    if block.token(at + 1).is_some_and(|next| next.is(Cue::StreetLead) && next.is_capital())
        && let Some((found, last)) = street_first(block, at + 1)
    {
        let from = block.token(start)?.start as usize;
        return Some((Found { start: from, ..found }, last));
    }
    if let Some(found) = without_kind(block, start, at) {
        return Some(found);
    }
    // `9 Via Roma`.
    if block.is_word(at + 1, "via")
        && block.token(at + 1).is_some_and(|via| via.shape == Shape::Title)
        && block.token(at + 2).is_some_and(|name| name.shape == Shape::Title && name.gap.only(Gap::SPACE))
    {
        return street(block, start, at + 2, 0.85, "street_form");
    }
    named(block, start, at)
}

/// `one forty two Birchwood Lane`, `One Lincoln Centre, Suite 1400`: a house number in words, up to `last`.
pub(super) fn after_words(block: &Block<'_>, first: usize, last: usize) -> Option<(Found, usize)> {
    if last - first > 5 {
        return None;
    }
    // `four Nurse Station Drive`: nothing that is counted is a house.
    if let Some(found) = named(block, first, last)
        && block.token(found.1).is_some_and(|end| {
            end.is(Cue::Street) || end.is_capital() || block.casing != Casing::Mixed || end.kind != Kind::Word
        })
    {
        return Some(found);
    }
    let stop = (last + 1..last + 4)
        .take_while(|at| {
            block.token(*at).is_some_and(|word| {
                word.shape == Shape::Title
                    && word.gap.only(Gap::SPACE)
                    && !word.is_any(Cues::of(&[Cue::Measure, Cue::Unit]))
            })
        })
        .last()?;
    let capital = block.token(first).is_some_and(|token| token.shape == Shape::Title);
    let end = unit(block, stop);
    (capital && end > stop).then(|| street(block, first, stop, 0.8, "street_with_unit")).flatten()
}

/// The street behind a house number that ends at a token.
fn named(block: &Block<'_>, start: usize, at: usize) -> Option<(Found, usize)> {
    let mut every_capital = true;
    for length in 1..=LONGEST {
        // `500 Medical Park Drive`: the last of several words for a street counts.
        if length > 1
            && block
                .token(at + length)
                .is_some_and(|token| token.is(Cue::StreetShort) || token.is(Cue::Street))
            && block.token(at + length + 1).is_some_and(|next| {
                (next.is(Cue::Street) || next.is(Cue::StreetShort))
                    && next.is_capital()
                    && next.gap.only(Gap::SPACE)
            })
        {
            continue;
        }
        let here = at + length;
        let token = block.token(here)?;
        if !token.gap.only(Gap::SPACE | Gap::PERIOD | Gap::OWNS)
            || token.gap.has(Gap::WIDE)
            || !token.gap.has(Gap::SPACE)
        {
            return None;
        }
        // `Highway 41`, `County Road 12`, `Avenue B` carry their own number.
        if token.is(Cue::Street) && (length > 1 || numbered_road(block, here)) {
            let last = if numbered_road(block, here) { here + 1 } else { here };
            let sure = every_capital || block.casing != Casing::Mixed;
            return street(block, start, last, if sure { 0.96 } else { 0.85 }, "street_form");
        }
        if token.is(Cue::StreetShort) && length > 1 && short_street(block, here, every_capital) {
            return street(block, start, here, 0.9, "street_form");
        }
        // `904 county road 12`, `400 lake shore dr`: ordinary words right before the word for a street.
        let near = |by: usize| {
            block.token(here + by).is_some_and(|next| {
                next.is(Cue::Street)
                    || next.is(Cue::StreetShort)
                        && matches!(block.str(next), "dr" | "st" | "ct" | "pl" | "ave")
            })
        };
        let plain = token.kind == Kind::Word
            && token.len() > 3
            && token.info.english() < 14
            && !token.is_any(Cues::of(&[
                Cue::Measure,
                Cue::Age,
                Cue::PlacePrep,
                Cue::DatePrep,
                Cue::Sign,
                Cue::Person,
            ]));
        if !names_street(block, token, length == 1) && !(plain && (near(1) || near(2))) {
            return None;
        }
        every_capital &= token.is_capital() || token.kind == Kind::Mixed;
    }
    None
}

/// `640 N Hickory #12`, `5300 W Sunset`: no word for a street, but a point of the compass or a unit.
fn without_kind(block: &Block<'_>, start: usize, at: usize) -> Option<(Found, usize)> {
    let number =
        block.token(at).filter(|token| token.kind == Kind::Number && (2..=5).contains(&token.len()))?;
    let near = |at: usize| {
        block.token(at).filter(|token| {
            token.gap.only(Gap::SPACE | Gap::PERIOD) && token.gap.has(Gap::SPACE) && !token.gap.has(Gap::WIDE)
        })
    };
    let directed =
        near(at + 1).is_some_and(|token| token.is(Cue::Direction) && token.is_capital() && token.len() <= 2);
    let first = at + 1 + usize::from(directed);
    let name = near(first).filter(|token| {
        token.is_capital()
            && token.kind == Kind::Word
            && token.len() > 2
            && !token.is_any(Cues::of(&[
                Cue::Street,
                Cue::StreetShort,
                Cue::Measure,
                Cue::Month,
                Cue::Age,
                Cue::Unit,
            ]))
            && !token.info.is(Flag::Clinical)
            && !token.info.is(Flag::Drug)
    })?;
    let second = near(first + 1).filter(|token| {
        token.is_capital()
            && token.kind == Kind::Word
            && (token.info.name() > 0 || token.info.city() > 0)
            && !token.is(Cue::Unit)
    });
    let streets =
        |at: usize| near(at).is_some_and(|token| token.is(Cue::Street) || token.is(Cue::StreetShort));
    if streets(first + 1) || streets(first + 2) {
        return None;
    }
    let last = if second.is_some() { first + 1 } else { first };
    let stop = unit(block, last);
    let placed = directed
        && (name.info.name() > 0 || name.info.city() > 0 || name.info.english() > 0)
        && number.len() >= 3;
    if stop > last {
        return street(block, start, last, 0.85, "street_with_unit");
    }
    // `12 N. Main;`: a short number where the clause ends.
    let placed = placed
        || directed
            && name.shape == Shape::Title
            && name.info.english() > 0
            && block.gap_after(first).has(Gap::COMMA | Gap::NEWLINE | Gap::PERIOD | Gap::OTHER);
    if placed {
        return street(block, start, first, 0.75, "street_with_direction");
    }
    // `4404 Guadalupe, El Paso`: a house number and the bare name of a street in an address.
    let year =
        number.len() == 4 && (block.str(number).starts_with("19") || block.str(number).starts_with("20"));
    let after = block.gap_after(first);
    let ends = after.has(Gap::COMMA | Gap::NEWLINE)
        || after.only(Gap::SPACE)
            && block
                .token(first + 1)
                .is_some_and(|next| (next.info.city() > 1 || next.place > 0) && next.is_capital());
    let led = block.token(start).is_some_and(|token| token.gap.has(Gap::COMMA | Gap::COLON))
        || start > 0 && block.token(start - 1).is_some_and(|before| before.is(Cue::PlaceVerb))
        || start > 0 && (block.is_word(start - 1, "at") || block.is_word(start - 1, "address"));
    let rare = (name.info.name() > 1 || name.info.city() > 0) && name.info.english() < 9;
    let plain = block.casing == Casing::Mixed && name.shape == Shape::Title && second.is_none();
    (!year && number.len() >= 3 && ends && led && rare && plain)
        .then(|| street(block, start, first, 0.65, "street_by_place"))
        .flatten()
}

fn numbered_road(block: &Block<'_>, at: usize) -> bool {
    let road = ["highway", "hwy", "road", "rd", "avenue", "ave", "route", "rte", "fm", "cr", "sr"]
        .iter()
        .any(|word| block.is_word(at, word));
    let next = block.token(at + 1);
    road && next.is_some_and(|next| {
        next.gap.only(Gap::SPACE)
            && (next.kind == Kind::Number && next.len() <= 4
                || next.kind == Kind::Mixed
                    && next.len() <= 4
                    && block.str(next).ends_with(['N', 'S', 'E', 'W', 'A', 'B'])
                || next.shape == Shape::Initial && next.len() == 1)
    })
}

/// Whether an abbreviation of a street that means other things as well ends an address here.
fn short_street(block: &Block<'_>, at: usize, every_capital: bool) -> bool {
    let Some(token) = block.token(at) else { return false };
    let (before, after) = (block.near(at, -1), block.token(at + 1));
    let placed = after.is_some_and(|next| {
        next.is(Cue::Unit)
            || next.gap.has(Gap::HASH)
            || (next.gap.only(Gap::SPACE | Gap::COMMA | Gap::PERIOD | Gap::NEWLINE | Gap::WIDE)
                && (next.info.city() > 0 || next.place > 0 || next.info.is(Flag::StateAbbreviation)))
    });
    let named = before.is_some_and(|before| {
        before.kind == Kind::Mixed
            || (before.info.name() > 0
                || before.info.city() > 0
                || before.is(Cue::Direction)
                || before.info.is_unknown() && before.is_capital()
                || before.info.english() > 0)
                && !before.is(Cue::Measure)
                && !before.info.is(Flag::Drug)
    });
    let led = (1..=9).any(|by| {
        block.near(at, -by).is_some_and(|token| {
            token.is(Cue::PlaceVerb)
                || ["address", "addr", "at", "home"]
                    .iter()
                    .any(|word| block.str(token).eq_ignore_ascii_case(word))
        })
    });
    let elevation = after.is_some_and(|next| {
        let text = block.str(next);
        [
            "elevation",
            "elevations",
            "depression",
            "depressions",
            "segment",
            "changes",
            "scan",
            "abdomen",
            "head",
            "chest",
        ]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
    });
    !elevation
        && named
        && (placed
            || led
            || (every_capital && token.is_capital() && block.casing == Casing::Mixed)
            || block.casing == Casing::Upper
                && (token.len() <= 3 || before.is_some_and(|before| before.is(Cue::Direction)))
                && block.gap_after(at).has(Gap::COMMA | Gap::NEWLINE | Gap::PERIOD))
}

/// An address that begins at a word: a post office box, a rural route, a street without a number.
pub(super) fn at_word(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    let is = |at: usize, word: &str| block.is_word(at, word);
    // `P.O. Box 12`, `PO Box 12`, `Post Office Box 12`.
    if token.len() <= 6 {
        let boxed = if is(at, "po") && is(at + 1, "box") {
            Some(at + 2)
        } else if (is(at, "p") && is(at + 1, "o") || is(at, "post") && is(at + 1, "office"))
            && is(at + 2, "box")
        {
            Some(at + 3)
        } else {
            None
        };
        if let Some(last) = boxed
            && block.token(last).is_some_and(|number| number.kind != Kind::Word)
        {
            let (start, end) = (token.start as usize, block.token(last)?.end as usize);
            return Some((Found::new(start, end, Label::Street, 0.97, "post_office_box"), last));
        }
        if (is(at, "rr") || is(at, "hc")) && block.token(at + 1)?.kind == Kind::Number && is(at + 2, "box") {
            return street(block, at, at + 3, 0.95, "rural_route");
        }
    }
    if let Some(found) = interstate(block, at) {
        return Some(found);
    }
    // `calle San Bernardo 1204`, `rue Lepic`: the word for the street comes first.
    if token.is(Cue::StreetLead) {
        return street_first(block, at);
    }
    // `Highway 61`, `Route 9`.
    if ["highway", "hwy", "route"].iter().any(|word| is(at, word))
        && token.is_capital()
        && numbered_road(block, at)
    {
        return street(block, at, at + 1, 0.85, "numbered_road");
    }
    if let Some(found) = small_street(block, at) {
        return Some(found);
    }
    // `on Maple Street`, `at Elm and 5th Avenue`: capitals and a word that means a street only.
    if token.is(Cue::Street) && token.shape == Shape::Title && token.gap.only(Gap::SPACE) {
        let mut first = at;
        while let Some(before) = first.checked_sub(1) {
            let Some(word) = block.token(before) else { break };
            let capital = word.shape == Shape::Title
                || word.shape == Shape::Camel
                || word.kind == Kind::Mixed && names_street(block, word, false);
            let linked = block.token(first).is_some_and(|token| token.gap.only(Gap::SPACE | Gap::PERIOD));
            if !capital
                || !linked
                || at - before > 3
                || word.is_any(Cues::of(&[Cue::Title, Cue::DatePrep, Cue::PlacePrep]))
            {
                break;
            }
            first = before;
        }
        if first < at {
            // `E 93rd and Hough Ave`: the one that crosses it.
            if let Some(and) = first.checked_sub(2).filter(|and| block.is_word(and + 1, "and"))
                && let Some(other) = block.token(and)
                && (other.kind == Kind::Mixed && names_street(block, other, false)
                    || other.shape == Shape::Title && other.info.name() > 0)
            {
                first = and;
                if first > 0
                    && block
                        .token(first - 1)
                        .is_some_and(|token| token.is(Cue::Direction) && token.is_capital())
                {
                    first -= 1;
                }
            }
            // `I-35 & Slaughter Ln`, `Hwy 9 & Pine Rd`.
            if let Some(other) =
                first.checked_sub(1).filter(|_| matches!(block.gap_text(first), " & " | " @ "))
                && block.token(other).is_some_and(|token| token.kind == Kind::Number && token.len() <= 4)
                && let Some(road) = other.checked_sub(1)
                && block
                    .token(road)
                    .is_some_and(|token| token.is_capital() && token.len() <= 7 && !token.taken)
            {
                first = road;
            }
            return street(block, first, at, 0.8, "street_without_number");
        }
    }
    None
}

/// `on E 14th St`, `off 5th Ave`: a street that is numbered, without a house.
fn ordinal(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at).filter(|token| token.kind == Kind::Mixed)?;
    let next = block.token(at + 1)?;
    let street_word = next.is(Cue::Street) || next.is(Cue::StreetShort);
    let directed = at > 0
        && block.token(at - 1).is_some_and(|before| before.is(Cue::Direction) && before.is_capital())
        && token.gap.only(Gap::SPACE | Gap::PERIOD);
    // `at N 14th and Vine`.
    let first = if directed { at - 1 } else { at };
    let led =
        first > 0 && ["at", "on", "near", "of", "off"].iter().any(|word| block.is_word(first - 1, word));
    let cross = if block.is_word(at + 1, "and") { at + 2 } else { at + 1 };
    if led
        && names_street(block, token, false)
        && (cross > at + 1 || block.gap_is(cross, " & "))
        && block.token(cross).is_some_and(|word| word.shape == Shape::Title && word.gap.has(Gap::SPACE))
    {
        return street(block, first, cross, 0.8, "street_without_number");
    }
    if !names_street(block, token, false)
        || !street_word
        || !next.is_capital()
        || !next.gap.only(Gap::SPACE)
        || next.gap.has(Gap::WIDE)
        || next.len() > 9
        || ["dr", "court", "place", "run", "pass", "field", "view", "point"]
            .iter()
            .any(|word| block.is_word(at + 1, word))
    {
        return None;
    }
    street(block, if directed { at - 1 } else { at }, at + 1, 0.85, "street_without_number")
}

/// `Lot 14, Shady Acres Mobile Home Park`, `Space 22, Desert Palms MHP`.
fn mobile_home(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let place = at.checked_sub(1)?;
    let lot = ["lot", "space", "spc", "sp", "unit", "trailer", "site"]
        .iter()
        .any(|word| block.is_word(place, word));
    if !lot || !matches!(block.gap_text(at), " " | " #") {
        return None;
    }
    let ends = ["park", "mhp", "mhc", "estates", "village", "court"];
    let last = (at + 1..at + 8)
        .take_while(|here| {
            let first = *here == at + 1;
            block.token(*here).is_some_and(|word| {
                word.is_capital()
                    && (word.gap.only(Gap::SPACE) || first && word.gap.only(Gap::SPACE | Gap::COMMA))
            })
        })
        .filter(|here| ends.iter().any(|word| block.is_word(*here, word)))
        .last()?;
    let (start, end) = (block.token(place)?.start as usize, block.token(last)?.end as usize);
    (last > at + 1).then(|| (Found::new(start, end, Label::Street, 0.85, "mobile_home"), last))
}

/// `on dogwood lane` in a note without capitals.
fn small_street(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let token = block.token(at)?;
    if !token.is(Cue::Street) || token.shape != Shape::Lower || block.casing != Casing::Lower {
        return None;
    }
    let first = (1..=3).map_while(|by| at.checked_sub(by)).find(|before| {
        before.checked_sub(1).is_some_and(|lead| {
            ["on", "at", "off", "near", "from", "by"].iter().any(|word| block.is_word(lead, word))
        })
    })?;
    let named = (first..at).all(|at| {
        block.token(at).is_some_and(|word| {
            word.kind == Kind::Word
                && !word.taken
                && word.gap.only(Gap::SPACE)
                && (word.info.english() < 11 || word.info.name() > 3)
                && !word.info.is(Flag::Clinical)
                && !word.is_any(Cues::of(&[Cue::Measure, Cue::Particle]))
        })
    });
    (named && token.gap.only(Gap::SPACE)).then(|| street(block, first, at, 0.7, "street_without_number"))?
}

/// `I-75 NB @ exit 218`, `US-23 at mile marker 7`; `I-131` alone is iodine.
fn interstate(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let road = ["i", "us", "sr", "cr"].iter().any(|word| block.is_word(at, word))
        && block.token(at)?.is_capital()
        && matches!(block.gap_text(at + 1), "-" | " ");
    let number = block.token(at + 1)?;
    if !road || number.kind != Kind::Number || number.len() > 3 {
        return None;
    }
    let heading = [
        "nb",
        "sb",
        "eb",
        "wb",
        "north",
        "south",
        "east",
        "west",
        "northbound",
        "southbound",
        "eastbound",
        "westbound",
    ]
    .iter()
    .any(|word| block.is_word(at + 2, word));
    let last = if heading { at + 2 } else { at + 1 };
    let stop = unit(block, last);
    let here =
        ["on", "off", "along", "highway", "near"].iter().any(|word| at > 0 && block.is_word(at - 1, word));
    let iodine = block.is_word(at, "i") && matches!(block.str(number), "123" | "124" | "125" | "131");
    (heading || stop > last || here && !iodine).then(|| {
        let (start, end) = (block.token(at)?.start as usize, block.token(stop)?.end as usize);
        Some((Found::new(start, end, Label::Street, 0.85, "numbered_road"), stop))
    })?
}

/// A street whose kind stands before its name, with its number behind: at least one capitalised word.
fn street_first(block: &Block<'_>, at: usize) -> Option<(Found, usize)> {
    let (mut last, mut named) = (at, false);
    for here in at + 1..at + 6 {
        let Some(token) = block.token(here).filter(|token| token.gap.only(Gap::SPACE | Gap::PERIOD)) else {
            break;
        };
        let small = token.is(Cue::Particle) && token.shape == Shape::Lower;
        if token.kind != Kind::Word || !(token.is_capital() || small) {
            break;
        }
        named |= token.is_capital() && token.len() > 1;
        if token.is_capital() {
            last = here;
        }
    }
    if !named {
        return None;
    }
    let number = block.token(last + 1).is_some_and(|token| {
        token.kind != Kind::Word && token.len() <= 5 && token.gap.only(Gap::SPACE | Gap::COMMA | Gap::HASH)
    });
    street(block, at, if number { last + 1 } else { last }, 0.85, "street_form")
}
