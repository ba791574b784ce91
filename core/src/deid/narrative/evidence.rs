//! What stands beside a word and decides where the model does not: letters of a profession, words for a body, hyphens,
//! the signs under a note.

use super::cue::{Cue, Cues};
use super::lexicon::Flag;
use super::names::{NAME, ORG, Tag};
use super::token::{Block, Casing, Gap, Kind, Shape, Token};

/// Tags what the model left and its neighbours tell.
pub(super) fn weigh(block: &Block<'_>, tags: &mut [Tag]) {
    before_credentials(block, tags);
    small_signatures(block, tags);
    before_heads(block, tags);
    behind_hyphens(block, tags);
    letters(block, tags);
    continued(block, tags);
}

/// What goes on behind a name: `Everett Poindexter III`, `Delta Dental of Arizona`, `Hospital for Special Surgery`.
fn continued(block: &Block<'_>, tags: &mut [Tag]) {
    for at in 1..tags.len() {
        let Some(before) = tags.get(at - 1).copied().filter(|before| before.tag != 0) else { continue };
        let Some(token) = block.token(at).filter(|token| !token.taken) else { continue };
        if tags.get(at).is_none_or(|tag| tag.tag == before.tag) {
            continue;
        }
        if token.kind != Kind::Word {
            // `Hy-Vee #1022`: the number of a shop.
            let shop =
                before.tag == ORG && token.kind == Kind::Number && token.len() <= 5 && block.gap_is(at, " #");
            if shop && let Some(tag) = tags.get_mut(at) {
                *tag = before;
            }
            continue;
        }
        if before.tag == NAME && token.is(Cue::Suffix) && token.gap.only(Gap::SPACE | Gap::COMMA) {
            let after = block.gap_after(at);
            // `Smith IV` is a line in a vein as well.
            let sure = matches!(block.str(token), "Jr" | "JR" | "Sr" | "SR" | "II" | "III")
                || block.str(token) == "IV" && after.has(Gap::NEWLINE | Gap::COMMA | Gap::CLOSE);
            if sure && let Some(tag) = tags.get_mut(at) {
                *tag = Tag { why: "suffix", ..before };
            }
            continue;
        }
        let of = before.tag == ORG
            && before.score >= 0.5
            && token.gap.only(Gap::SPACE)
            && ["of", "at"].iter().any(|word| block.is_word(at, word));
        if !of {
            continue;
        }
        let article = usize::from(block.is_word(at + 1, "the"));
        let mut last = at + article;
        while let Some(next) = block.token(last + 1)
            && last < at + 4
            && next.kind == Kind::Word
            && !next.taken
            && next.is_capital()
            && next.gap.only(Gap::SPACE)
            && (next.info.city() > 0
                || next.place > 0
                || next.info.is(Flag::State)
                || next.info.is(Flag::County)
                || next.info.is(Flag::Country)
                || tags.get(last + 1).is_some_and(|tag| tag.tag != 0))
        {
            last += 1;
        }
        if last > at + article {
            for tag in tags.iter_mut().take(last + 1).skip(at) {
                *tag = Tag { why: "organisation_of_place", ..before };
            }
        }
    }
}

/// People told by their letters: `KT, RN`, `RPh gl`, `JPH:klm` under a letter, `brianna w` at its end.
fn letters(block: &Block<'_>, tags: &mut [Tag]) {
    const LEADS: Cues = Cues::of(&[Cue::Role, Cue::Credential]);
    const ENDS: u16 = Gap::NEWLINE | Gap::PERIOD | Gap::COMMA | Gap::CLOSE;
    let mut told = Vec::new();
    for (at, token) in block.tokens.iter().enumerate() {
        if token.len() > 4
            || token.kind != Kind::Word
            || token.taken
            || tags.get(at).is_none_or(|tag| tag.tag != 0)
        {
            continue;
        }
        let (before, after) = (block.near(at, -1), block.token(at + 1));
        let ends = block.gap_after(at).has(ENDS) && !block.gap_after(at).has(Gap::HYPHEN);
        if token.len() == 1 {
            let last = token.shape == Shape::Lower
                && at > 0
                && tags.get(at - 1).is_some_and(|tag| tag.tag == NAME)
                && token.gap.only(Gap::SPACE)
                && block.gap_after(at).has(Gap::NEWLINE | Gap::PERIOD | Gap::COMMA)
                && before.is_some_and(|before| before.shape == Shape::Lower);
            if last {
                told.push(at);
            }
            continue;
        }
        // `JPH:klm`, `DAA/lw` alone in the line: who dictated and who typed.
        let small = token.shape == Shape::Lower && token.len() <= 3;
        let typed = small
            && matches!(block.gap_text(at), ":" | "/")
            && block.gap_after(at).has(Gap::NEWLINE)
            && before.is_some_and(|before| {
                before.shape == Shape::Upper && before.len() <= 4 && before.gap.has(Gap::NEWLINE)
            });
        if typed {
            told.extend([at - 1, at]);
            continue;
        }
        let known = token.info.english() > 0
            || token.info.is(Flag::Clinical)
            || token.info.is(Flag::Drug)
            || token.info.cues.0 != 0
            || token.info.is(Flag::StateAbbreviation) && token.shape == Shape::Upper;
        if known || !matches!(token.shape, Shape::Upper | Shape::Lower) {
            continue;
        }
        let signs = token.gap.has(Gap::NEWLINE | Gap::HYPHEN | Gap::PERIOD)
            && block.gap_after(at).only(Gap::SPACE | Gap::COMMA)
            && after.is_some_and(|after| after.is(Cue::Credential) && after.shape == Shape::Upper)
            && block.gap_after(at + 1).has(ENDS);
        let led = ends
            && token.gap.only(Gap::SPACE)
            && token.len() <= 3
            && before.is_some_and(|before| {
                before.is_any(LEADS) && before.len() > 2
                    || at > 0 && ["by", "initials", "inits"].iter().any(|word| block.is_word(at - 1, word))
            });
        // `Gideon Brannock / mls` under a letter.
        let under = small
            && matches!(block.gap_text(at), "/" | " / ")
            && block.gap_after(at).has(Gap::NEWLINE)
            && at > 0
            && tags.get(at - 1).is_some_and(|tag| tag.tag == NAME);
        let led = led || under;
        if signs || led {
            told.push(at);
        }
    }
    for at in told {
        if let Some(tag) = tags.get_mut(at) {
            *tag = Tag { tag: NAME, score: 0.6, why: "initials" };
        }
    }
}

/// `Sung-min`, `Eun-ji`: a short small word that a hyphen joins to a name.
fn behind_hyphens(block: &Block<'_>, tags: &mut [Tag]) {
    for at in 1..tags.len() {
        let Some(token) = block.token(at).filter(|token| token.gap.only(Gap::HYPHEN) && !token.taken) else {
            continue;
        };
        let named = tags.get(at - 1).copied().filter(|before| before.tag == NAME && before.score >= 0.5);
        let rare = block.token(at - 1).is_some_and(|before| {
            let full = at > 1 && tags.get(at - 2).is_some_and(|tag| tag.tag == NAME);
            before.shape == Shape::Title && before.len() <= 6 && (before.info.english() < 6 || full)
        });
        if let Some(before) = named
            && rare
            && token.kind == Kind::Word
            && token.shape == Shape::Lower
            && token.len() <= 5
            && !block.gap_is(at + 1, "-")
            && let Some(tag) = tags.get_mut(at).filter(|tag| tag.tag == 0)
        {
            *tag = before;
        }
    }
}

/// `Spectrum Health`, `Cedar Ridge Dental`: capitalised words of which one is rare, up to a word for a body.
fn before_heads(block: &Block<'_>, tags: &mut [Tag]) {
    const OTHER: Cues = Cues::of(&[
        Cue::Title,
        Cue::Credential,
        Cue::Role,
        Cue::Kin,
        Cue::Sign,
        Cue::Person,
        Cue::Month,
        Cue::Weekday,
        Cue::MedHead,
        Cue::Unit,
    ]);
    const ENDS: &[&str] =
        &["Health", "Healthcare", "Services", "Partners", "Group", "Physicians", "Specialists", "Practice"];
    if block.casing != Casing::Mixed {
        return;
    }
    for (at, token) in block.tokens.iter().enumerate() {
        let head = token.shape == Shape::Title
            && !token.taken
            && token.gap.only(Gap::SPACE)
            && (token.is(Cue::OrgHead) && token.len() > 3
                || token.is(Cue::OrgMod) && ENDS.contains(&block.str(token)));
        if !head || tags.get(at).is_some_and(|tag| tag.tag != 0) {
            continue;
        }
        let (mut first, mut rare) = (at, None);
        while let Some(before) = first.checked_sub(1) {
            let Some(word) = block.token(before) else { break };
            let linked = block.token(first).is_some_and(|next| next.gap.only(Gap::SPACE | Gap::HYPHEN));
            let capital = matches!(word.shape, Shape::Title | Shape::Camel) && word.kind == Kind::Word;
            if !linked || !capital || word.taken || word.is_any(OTHER) || at - before > 4 {
                break;
            }
            let known = word.info.is(Flag::Clinical) || word.info.is(Flag::Drug) || word.is(Cue::OrgMod);
            let named = word.info.name() >= 3 || word.info.city() > 0 || word.place > 0;
            if !known && (word.info.english() < 8 || named && word.info.english() < 10) {
                rare = Some(before);
            }
            first = before;
        }
        let Some(rare) = rare else { continue };
        for tag in tags.iter_mut().take(at + 1).skip(rare).filter(|tag| tag.tag == 0) {
            *tag = Tag { tag: ORG, score: 0.8, why: "organisation_word" };
        }
    }
}

/// `Jae-won Bae, DO`: capitalised words before letters of a profession are a name.
fn before_credentials(block: &Block<'_>, tags: &mut [Tag]) {
    const SURE: &[&str] = &[
        "MD", "DO", "RN", "LPN", "NP", "PA", "PhD", "PharmD", "LCSW", "CRNA", "CNM", "DDS", "DPT", "FNP",
        "ARNP", "LVN",
    ];
    for (at, token) in block.tokens.iter().enumerate() {
        if !token.is(Cue::Credential) {
            continue;
        }
        let text = block.str(token);
        let close = token.gap.only(Gap::SPACE | Gap::COMMA) && token.gap.has(Gap::SPACE);
        if block.casing == Casing::Upper || !close || !SURE.contains(&text) {
            continue;
        }
        let mut first = at;
        while let Some(before) = first.checked_sub(1) {
            let Some(word) = block.token(before) else { break };
            let linked = first == at
                || block
                    .token(first)
                    .is_some_and(|next| next.gap.only(Gap::SPACE | Gap::PERIOD | Gap::HYPHEN));
            if !linked
                || at - before > 3
                || !may_be_name(word)
                || tags.get(before).is_some_and(|tag| tag.tag == ORG)
            {
                break;
            }
            first = before;
        }
        // One word alone may be anything: `Pulmonary, MD`.
        let known = (first..at)
            .any(|at| block.token(at).is_some_and(|token| token.info.name() > 0 && token.info.english() < 9));
        if first < at && (known || at - first > 1) {
            for tag in tags.iter_mut().take(at).skip(first).filter(|tag| tag.tag == 0) {
                *tag = Tag { tag: NAME, score: 0.85, why: "credential" };
            }
        }
    }
}

/// `b. thistlewood lpn`, `p nowak np`: a letter, a word that is rare and a profession at the end of a line, in small
/// letters.
fn small_signatures(block: &Block<'_>, tags: &mut [Tag]) {
    for at in 2..tags.len() {
        let Some(token) =
            block.token(at).filter(|token| token.is(Cue::Credential) && token.shape == Shape::Lower)
        else {
            continue;
        };
        let ends = block.gap_after(at).has(Gap::NEWLINE | Gap::PERIOD | Gap::COMMA);
        let (Some(word), Some(letter)) = (block.token(at - 1), block.token(at - 2)) else { continue };
        let signed = ends
            && token.gap.only(Gap::SPACE | Gap::COMMA)
            && word.kind == Kind::Word
            && word.gap.only(Gap::SPACE | Gap::PERIOD)
            && word.len() > 2
            && !word.taken
            && (word.info.english() < 9 || word.info.surname() > 3)
            && letter.len() == 1
            && letter.kind == Kind::Word
            && letter.gap.has(Gap::NEWLINE | Gap::PERIOD | Gap::SPACE);
        if signed {
            for tag in tags.iter_mut().take(at).skip(at - 2).filter(|tag| tag.tag == 0) {
                *tag = Tag { tag: NAME, score: 0.8, why: "credential" };
            }
        }
    }
}

/// Whether a capitalised word may be part of a name that a profession follows.
fn may_be_name(word: &Token) -> bool {
    const OTHER: Cues = Cues::of(&[
        Cue::Title,
        Cue::Credential,
        Cue::Role,
        Cue::Sign,
        Cue::Person,
        Cue::OrgHead,
        Cue::OrgMod,
        Cue::OrgName,
        Cue::Month,
        Cue::Weekday,
    ]);
    word.kind == Kind::Word
        && !word.taken
        && matches!(word.shape, Shape::Title | Shape::Camel | Shape::Initial)
        && (word.info.name() > 1 || !word.is_any(OTHER))
        && (!word.info.is(Flag::Clinical) && !word.info.is(Flag::Drug) || word.info.name() > 2)
        && (word.info.english() < 10 || word.info.name() > 3)
}
