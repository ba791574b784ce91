//! Names of people, places and bodies: the model tags word by word, and neighbours of one tag become a span.

use super::cue::{Cue, Cues};
use super::evidence;
use super::features::{Features, Scene};
use super::found::Found;
use super::lexicon::Flag;
use super::model::{Model, softmax};
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Tag of a part of a person's name.
pub(super) const NAME: u8 = 1;
/// Tag of a part of a place's name.
pub(super) const PLACE: u8 = 2;
/// Tag of a part of the name of a body.
pub(super) const ORG: u8 = 3;
/// What the next word sees of a word that a pattern took.
const TAKEN: u8 = 4;

/// A word's tag and how sure it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tag {
    pub(super) tag: u8,
    pub(super) score: f32,
    pub(super) why: &'static str,
}

/// Tags every word of a block. `threshold`: how likely it must be that a word identifies, from 0 to 1.
pub(super) fn tag(scene: &Scene<'_, '_>, model: &Model, threshold: f32) -> Vec<Tag> {
    let block = scene.block;
    let mut tags: Vec<Tag> = Vec::with_capacity(block.tokens.len());
    let mut features = Features::new();
    let (mut previous, mut earlier) = (0, 0);
    for (at, token) in block.tokens.iter().enumerate() {
        let mut tag = Tag::default();
        if scene.is_candidate(at, previous) {
            let threshold = if near_cleaned(block, at) { threshold.max(CLEANED) } else { threshold };
            scene.first_features(at, (previous, earlier), &mut features);
            tag = match plainly_none(model, features.rows()) {
                Some(none) => none,
                None => {
                    scene.other_features(at, (previous, earlier), &mut features);
                    decide(model, features.rows(), threshold)
                }
            };
        }
        if tag.tag == 0 && !token.taken && follows_title(block, at, token) {
            tag = Tag { tag: NAME, score: 0.9, why: "title" };
        }
        (earlier, previous) = (previous, seen_as(token).unwrap_or(tag.tag));
        tags.push(tag);
    }
    evidence::weigh(block, &mut tags);
    tags
}

/// How likely a word must be to identify beside what an earlier cleaning took: that cleaning has judged it once, by
/// what really stood there, and only what it could not see is found now.
const CLEANED: f32 = 0.99;

/// Whether one of the words that the model sees beside a word was cleaned before.
fn near_cleaned(block: &Block<'_>, at: usize) -> bool {
    block.any_cleaned
        && (at.saturating_sub(3)..at + 4)
            .any(|at| block.token(at).is_some_and(|token| token.cleaned.is_some()))
}

/// What the words behind see of a token that is not to be decided.
pub(super) fn seen_as(token: &Token) -> Option<u8> {
    match token.cleaned {
        Some(Label::Name) => Some(NAME),
        Some(Label::City | Label::District | Label::Street) => Some(PLACE),
        Some(Label::OrganisationName) => Some(ORG),
        _ => token.taken.then_some(TAKEN),
    }
}

/// By how many logits the first features must speak against every tag for the others not to be asked.
const PLAIN: f32 = 9.0;

/// The tag of a word that its first features show to be no name.
fn plainly_none(model: &Model, rows: &[u32]) -> Option<Tag> {
    let [none, rest @ ..] = model.sums(rows);
    rest.iter().all(|sum| none - sum > PLAIN).then_some(Tag { tag: 0, score: 0.0, why: "name_unlikely" })
}

fn decide(model: &Model, rows: &[u32], threshold: f32) -> Tag {
    let sums = model.sums(rows);
    let [none, rest @ ..] = sums;
    let best = rest.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let (best, top) = best.map_or((0, 0.0), |(at, sum)| (at as u8 + 1, *sum));
    let (why, unlikely) = match best {
        NAME => ("name_model", "name_unlikely"),
        PLACE => ("place_model", "place_unlikely"),
        _ => ("organisation_model", "organisation_unlikely"),
    };
    // The odds are those of three tags at most: what is far below needs no powers.
    if none - top > 8.0 && threshold > 0.01 {
        return Tag { tag: 0, score: 0.0, why: unlikely };
    }
    let [none, ..] = softmax(sums);
    let score = 1.0 - none;
    if score < threshold { Tag { tag: 0, score, why: unlikely } } else { Tag { tag: best, score, why } }
}

/// `Dr. Okafor`: a capitalised word after a title is a name, whatever it looks like.
fn follows_title(block: &Block<'_>, at: usize, token: &Token) -> bool {
    let Some(before) =
        at.checked_sub(1).and_then(|at| block.token(at)).filter(|before| before.is(Cue::Title))
    else {
        return false;
    };
    let is = |list: &[&str]| list.iter().any(|word| block.str(before).eq_ignore_ascii_case(word));
    let civil = is(&["mr", "mrs", "ms", "mx"]);
    token.kind == Kind::Word
        && (civil || is(&["dr", "drs", "prof"]))
        && before.shape == Shape::Title
        && token.gap.only(Gap::SPACE | Gap::PERIOD)
        && matches!(token.shape, Shape::Title | Shape::Camel | Shape::Upper)
        && (civil || token.info.english() < 12 || token.info.surname() >= 4)
        && !token.is(Cue::Role)
}

/// Neighbours of one tag as spans.
pub(super) fn spans(block: &Block<'_>, tags: &[Tag], found: &mut Vec<Found>) {
    let mut at = 0;
    while let Some(first) = tags.get(at) {
        if first.tag == 0 {
            at += 1;
            continue;
        }
        let (mut last, mut score, mut why) = (at, first.score, first.why);
        while let Some(next) = tags.get(last + 1) {
            if next.tag != first.tag || !joined(block, at, last, first.tag) {
                break;
            }
            last += 1;
            if next.score > score {
                (score, why) = (next.score, next.why);
            }
        }
        if let Some(span) = span(block, at, last, first.tag, score, why) {
            found.push(span);
        }
        at = last + 1;
    }
}

/// Whether the word after `last` continues the span that begins at `first`.
fn joined(block: &Block<'_>, first: usize, last: usize, tag: u8) -> bool {
    let Some(next) = block.token(last + 1) else { return false };
    let gap = next.gap;
    if gap.only(Gap::SPACE | Gap::PERIOD | Gap::HYPHEN) {
        // A sentence ends where a full stop follows a word of more than one letter.
        let stop = gap.has(Gap::PERIOD)
            && gap.has(Gap::SPACE)
            && block.token(last).is_some_and(|token| token.len() > 2);
        let dash = gap.has(Gap::HYPHEN) && gap.has(Gap::SPACE);
        return !dash
            && (!stop
                || block.token(last).is_some_and(|token| token.is(Cue::Suffix) || token.is(Cue::Particle)));
    }
    if block.gap_is(last + 1, "\n") {
        return next.is_capital();
    }
    if tag == ORG {
        return gap.only(Gap::SPACE | Gap::OWNS | Gap::OTHER | Gap::SLASH)
            && block.gap_text(last + 1).len() <= 3
            || gap.only(Gap::SPACE | Gap::OWNS);
    }
    if tag == NAME && gap.only(Gap::SPACE | Gap::COMMA) && last == first {
        // `Okafor, Chidi`: a surname, then a given name.
        let (Some(surname), Some(given)) = (block.token(last), block.token(last + 1)) else { return false };
        return surname.info.surname() >= surname.info.given() && given.info.given() > 0
            || block.casing == Casing::Upper;
    }
    tag == NAME && gap.only(Gap::SPACE | Gap::QUOTE | Gap::OPEN | Gap::CLOSE) && !gap.has(Gap::OPEN)
}

fn span(
    block: &Block<'_>,
    first: usize,
    last: usize,
    tag: u8,
    score: f32,
    why: &'static str,
) -> Option<Found> {
    let (mut first, mut last) = (first, last);
    // `31 yo F Marisela Cano`, `Cousin Beto`, `RN` behind a name: words around a name that are none of it.
    while first < last && tag == NAME && block.token(first).is_some_and(|token| at_edge(block, first, token))
    {
        first += 1;
    }
    while first < last
        && block.token(last).is_some_and(|token| token.is(Cue::Credential) && token.shape == Shape::Upper)
    {
        last -= 1;
    }
    // `Has VA benefits`: the ordinary word that begins a sentence is no part of the name of a body.
    while first < last
        && tag == ORG
        && block.token(first).is_some_and(|token| {
            token.gap.has(Gap::PERIOD | Gap::NEWLINE)
                && token.info.english() >= 10
                && token.info.name() < 3
                && !token.is_any(Cues::of(&[Cue::OrgMod, Cue::OrgHead, Cue::OrgName, Cue::Particle]))
        })
    {
        first += 1;
    }
    let (first, last) = trimmed(block, first, last, tag)?;
    let (one, end) = (block.token(first)?, block.token(last)?);
    let label = match tag {
        NAME => Label::Name,
        ORG => Label::OrganisationName,
        _ => {
            let county = ["county", "parish", "borough"]
                .iter()
                .any(|word| block.is_word(last, word) || block.is_word(last + 1, word));
            if county { Label::District } else { Label::City }
        }
    };
    // `D.O.B.`, `C.N.A.`: letters with full stops between are an abbreviation.
    if tag == NAME
        && last >= first + 2
        && (first..=last).all(|at| block.token(at).is_some_and(|token| token.len() == 1))
        && (first + 1..=last).all(|at| block.gap_is(at, "."))
    {
        return None;
    }
    if first == last {
        let generic = one.is(Cue::OrgHead) || one.is(Cue::OrgMod);
        let letter = one.len() == 1 && one.shape == Shape::Initial && score < 0.9;
        let small = one.is(Cue::Particle) && one.shape == Shape::Lower;
        if tag == ORG && generic && one.info.english() > 6 && (score < 0.9 || one.shape == Shape::Lower)
            || letter
            || small
        {
            return None;
        }
    }
    // `St. Juliana's`, `Children's`: the possessive is part of the name of a body.
    let mut stop = end.end as usize;
    let behind = block.text.get(stop..).unwrap_or_default();
    if tag == ORG
        && let Some(mark) = ["'s", "\u{2019}s"].into_iter().find(|mark| behind.starts_with(mark))
        && !behind.get(mark.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    {
        stop += mark.len();
    }
    Some(Found::new(one.start as usize, stop, label, score, why))
}

/// Whether the first word of a name is a sex, a relative, a role or a title.
fn at_edge(block: &Block<'_>, at: usize, token: &Token) -> bool {
    let sex = ["f", "m"].iter().any(|letter| block.str(token).eq_ignore_ascii_case(letter))
        && block.near(at, -1).is_some_and(|before| before.is(Cue::Age) || before.kind != Kind::Word)
        && !block.gap_after(at).has(Gap::PERIOD);
    let word =
        (token.is(Cue::Kin) || token.is(Cue::Role)) && token.info.english() >= 6 && token.info.surname() < 6
            || token.is(Cue::Title) && token.len() <= 4 && token.info.name() < 4;
    (sex || word) && block.gap_after(at).only(Gap::SPACE | Gap::PERIOD)
}

/// A span without the words at its ends that only lead to it or follow it: `Judge Okafor`, `thx Okafor`, `Okafor en`.
fn trimmed(block: &Block<'_>, mut first: usize, mut last: usize, tag: u8) -> Option<(usize, usize)> {
    const LEADS: Cues = Cues::of(&[Cue::Title, Cue::Role, Cue::Kin, Cue::Sign, Cue::Person, Cue::Credential]);
    let rare = |token: &Token| token.info.name() >= 4 && token.info.english() < 8;
    if tag == NAME {
        while first < last {
            let word = block.token(first)?;
            let next = block.token(first + 1)?;
            let leads = word.is_any(LEADS)
                && word.len() > 1
                && !rare(word)
                && next.gap.only(Gap::SPACE | Gap::PERIOD | Gap::COLON);
            if !leads {
                break;
            }
            first += 1;
        }
    }
    while first < last && block.casing == Casing::Mixed {
        let word = block.token(last)?;
        let small = word.shape == Shape::Lower && word.len() > 1 && !word.is(Cue::Suffix);
        // No name ends with a particle: `Núñez llegó el`.
        let joins = word.is(Cue::Particle);
        let capital = block.token(last - 1).is_some_and(|before| before.is_capital());
        let ordinary = word.info.english() >= 7
            || word.info.is(Flag::Clinical)
            || word.is_any(LEADS)
            || tag == NAME && joins;
        let head = tag == ORG && (word.is(Cue::OrgHead) || word.is(Cue::OrgMod));
        if !(small && (capital || joins) && ordinary) || head {
            break;
        }
        last -= 1;
    }
    Some((first, last))
}

/// States that stand with a city, a street or a postal code: a part of an address.
pub(super) fn states(block: &Block<'_>, found: &mut Vec<Found>) {
    let places: Vec<(usize, usize)> = found
        .iter()
        .filter(|hit| matches!(hit.label, Label::City | Label::Street | Label::PostalCode | Label::District))
        .map(|hit| (hit.start, hit.end))
        .collect();
    for (start, end) in places {
        let after = block.tokens.partition_point(|token| (token.start as usize) < end);
        state(block, after, true, found);
        let before = block.tokens.partition_point(|token| (token.end as usize) <= start);
        if let Some(before) = before.checked_sub(1)
            && block.tokens.get(before + 1).is_some_and(|next| next.kind == Kind::Number)
        {
            state(block, before, false, found);
        }
    }
}

fn state(block: &Block<'_>, at: usize, follows: bool, found: &mut Vec<Found>) {
    let Some(token) = block.token(at).filter(|token| !token.taken) else { return };
    let gap = if follows { token.gap } else { block.gap_after(at) };
    let near = gap.only(Gap::SPACE | Gap::COMMA | Gap::NEWLINE | Gap::PERIOD) && !gap.has(Gap::WIDE);
    let two = token.place == 4;
    let short = token.info.is(Flag::StateAbbreviation)
        && token.len() == 2
        && (token.shape == Shape::Upper || gap.has(Gap::COMMA));
    let known = short && !gap.has(Gap::NEWLINE) || token.info.is(Flag::State) && token.is_capital() || two;
    if !near || !known {
        return;
    }
    let (mut first, mut last) = (at, at);
    if two {
        if follows && block.token(at + 1).is_some_and(|next| next.place == 4) {
            last += 1;
        } else if let Some(before) =
            at.checked_sub(1).filter(|before| !follows && block.token(*before).is_some_and(|t| t.place == 4))
        {
            first = before;
        }
    }
    if let (Some(one), Some(end)) = (block.token(first), block.token(last)) {
        found.push(Found::new(one.start as usize, end.end as usize, Label::State, 0.8, "state_of_address"));
    }
}
