//! Consistency: a name that is sure in one place of a document is a name in every place.

use std::collections::HashMap;

use super::cue::Cue;
use super::found::Found;
use super::names::{NAME, Tag};
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Names of a document at most: more are no document of one patient.
const LIMIT: usize = 4096;

/// How sure a name must be to count everywhere.
const SURE: f32 = 0.8;

/// The sure names of a document, by the hashes of their words.
#[derive(Default)]
pub(super) struct Repeats {
    words: HashMap<u32, ()>,
}

impl Repeats {
    /// Takes the sure names of a block.
    pub(super) fn learn(&mut self, block: &Block<'_>, tags: &[Tag]) {
        for (token, tag) in block.tokens.iter().zip(tags) {
            if tag.tag == NAME && tag.score >= SURE && self.words.len() < LIMIT && may_repeat(token) {
                self.words.insert(token.hash, ());
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Tags the names wherever they stand.
    pub(super) fn apply(&self, block: &Block<'_>, tags: &mut [Tag]) {
        for (at, (token, tag)) in block.tokens.iter().zip(tags.iter_mut()).enumerate() {
            if tag.tag == 0 && self.holds(block, at, token) {
                *tag = Tag { tag: NAME, score: 0.85, why: "repeated" };
            }
        }
    }

    /// The names of a block that was not tagged.
    pub(super) fn find(&self, block: &Block<'_>, found: &mut Vec<Found>) {
        for (at, token) in block.tokens.iter().enumerate() {
            if self.holds(block, at, token) {
                found.push(Found::new(
                    token.start as usize,
                    token.end as usize,
                    Label::Name,
                    0.85,
                    "repeated",
                ));
            }
        }
    }

    fn holds(&self, block: &Block<'_>, at: usize, token: &Token) -> bool {
        if token.kind != Kind::Word || token.taken || token.len() < 2 || !self.words.contains_key(&token.hash)
        {
            return false;
        }
        let english = token.info.english();
        let capital = token.is_capital() && block.casing != Casing::Upper;
        let starts = token.gap.has(Gap::NEWLINE) || token.gap.has(Gap::PERIOD) && token.gap.has(Gap::SPACE);
        let term = block
            .token(at + 1)
            .is_some_and(|next| next.is(Cue::MedHead) && next.gap.only(Gap::SPACE | Gap::OWNS));
        let cased = english < 3 && token.len() > 3 || capital && (!starts || english < 8);
        cased && !term
    }
}

/// Whether a part of a name may be looked for elsewhere: no initial, no particle, no word of every sentence.
fn may_repeat(token: &Token) -> bool {
    token.len() >= 2
        && token.shape != Shape::Initial
        && token.info.english() < 13
        && !token.is(Cue::Particle)
        && !token.is(Cue::Suffix)
        && !token.is(Cue::Title)
        && !token.is(Cue::Credential)
        && !token.is(Cue::Kin)
}
